//! Link hints: the table first, then this site, then other sites.

use super::{Resolved, Resolver, to};
use crate::diagnostics::{Diagnostic, Place, rule};
use crate::link::address::relative;
use crate::link::inventories::Fits;
use crate::link::names::{Lookup, Near, hint_key, without_article};
use crate::link::{HintTarget, Target, repair};
use crate::parse::Hint;

impl Resolver<'_> {
    pub(super) fn hint(&self, number: usize, hint: &Hint, out: &mut Resolved) -> HintTarget {
        let target = self.hint_target(number, hint, out);
        if let HintTarget::Found(to, title) = &target {
            let message = format!("this note is a link to “{title}” now");
            let mut resolved = Diagnostic::at(&rule::RESOLVED_LINK_HINT, hint.span, message);
            resolved.fix = self.written(number, to).and_then(|to| repair::hint(hint, &to, title));
            out.diagnostics.push(resolved.help("`unstick fix` writes the link in its place"));
        }
        target
    }

    /// How a link to `target` is written on page `number`.
    fn written(&self, number: usize, target: &Target) -> Option<String> {
        match target {
            Target::External(address) => Some(address.clone()),
            Target::Page { node, fragment } => {
                let node = &self.tree.nodes[*node];
                Some(match node.page.map(|number| &self.parsed.pages[number].path) {
                    Some(path) => relative(&self.parsed.pages[number].path, path, fragment.as_deref()),
                    None => node.url.clone(),
                })
            }
            Target::Object { inventory, object: Some(object) } => Some(self.inventories.written(*inventory, *object)),
            Target::Object { .. } | Target::Asset { .. } | Target::Text | Target::Broken(_) => None,
        }
    }

    fn hint_target(&self, number: usize, hint: &Hint, out: &mut Resolved) -> HintTarget {
        match self.table(&hint.phrase) {
            Some(Target::Broken(_)) => return HintTarget::Pending,
            Some(target) => {
                let title = self.title(&target).unwrap_or_else(|| hint.phrase.clone());
                return HintTarget::Found(target, title);
            }
            None => {}
        }
        let exact = self.names().find(&without_article(&hint.phrase));
        let found = match exact {
            Lookup::None => self.hint_names().find(&hint_key(&hint.phrase)),
            found => found,
        };
        let own = self.tree.node_of_page[number];
        match found {
            // A hint never means the page it stands on.
            Lookup::One(named) if Some(named.node) != own || named.fragment.is_some() => {
                HintTarget::Found(to(named), named.title.to_owned())
            }
            Lookup::Many(all) => {
                let message = format!("“{}” fits {} places", hint.phrase, all.len());
                let mut diagnostic = Diagnostic::at(&rule::AMBIGUOUS_LINK_HINT, hint.span, message);
                for named in all.iter().take(8) {
                    diagnostic = diagnostic.related(Place::Span(named.span), format!("“{}”", named.title));
                }
                out.diagnostics.push(diagnostic.help(format!(
                    "write the link, or add `{}: …` under `links:` in unstick.yaml",
                    without_article(&hint.phrase)
                )));
                HintTarget::Pending
            }
            _ => self.foreign_hint(hint, own, out),
        }
    }

    /// The last step for a hint, which stands on the page `own`: what other sites have.
    fn foreign_hint(&self, hint: &Hint, own: Option<usize>, out: &mut Resolved) -> HintTarget {
        match self.inventories.hinted(&hint.phrase) {
            Fits::Unreadable => HintTarget::Pending,
            Fits::One(target) => {
                let title = self.title(&target).unwrap_or_else(|| hint.phrase.clone());
                HintTarget::Found(target, title)
            }
            Fits::Many(all) => {
                let message = format!("“{}” fits {} objects of other sites", hint.phrase, all.len());
                let diagnostic = Diagnostic::at(&rule::AMBIGUOUS_LINK_HINT, hint.span, message).help(format!(
                    "write the link, or add `{}: …` under `links:` in unstick.yaml",
                    without_article(&hint.phrase)
                ));
                out.diagnostics.push(self.inventories.candidates(diagnostic, &all));
                HintTarget::Pending
            }
            Fits::None => {
                let message = format!("nothing on this site is called “{}”", hint.phrase);
                let help = format!(
                    "write the link, or add `{}: …` under `links:` in unstick.yaml",
                    without_article(&hint.phrase)
                );
                let mut diagnostic = Diagnostic::at(&rule::UNRESOLVED_LINK_HINT, hint.span, message).help(help);
                let near = self.near.get_or_init(|| Near::of(self.hint_names()));
                for named in near.nearest(&hint.phrase, own) {
                    let message = format!("“{}” comes near", named.title);
                    diagnostic = diagnostic.related(Place::Span(named.span), message);
                }
                out.diagnostics.push(diagnostic);
                HintTarget::Pending
            }
        }
    }
}
