//! Links by name: `[[Name]]`, and references that no page defines.

use super::{INVENTORY, Resolved, Resolver, split, to};
use crate::diagnostics::{Diagnostic, Place, rule};
use crate::link::Target;
use crate::link::address::scheme;
use crate::link::inventories::{Fits, UNREADABLE};
use crate::link::names::{Lookup, Named, normal};
use crate::parse::{Link, LinkKind};

impl Resolver<'_> {
    /// What a name that nothing on this site has means in the inventories; `None` for nothing.
    pub(super) fn foreign(&self, name: &str, link: &Link, out: &mut Resolved) -> Option<Target> {
        if scheme(name).is_some_and(|scheme| scheme == INVENTORY) {
            return Some(self.inventory(name, link, out));
        }
        match self.inventories.named(name) {
            Fits::None => None,
            Fits::Unreadable => Some(Target::Broken(UNREADABLE.into())),
            Fits::One(target) => Some(target),
            Fits::Many(all) => {
                let message = format!("“{name}” fits {} objects of other sites", all.len());
                let diagnostic = Diagnostic::at(&rule::AMBIGUOUS_NAME, link.span, message);
                out.diagnostics.push(self.inventories.candidates(diagnostic.help("link the one that is meant"), &all));
                Some(Target::Broken("the name fits several places".into()))
            }
        }
    }

    pub(super) fn name(&self, number: usize, link: &Link, out: &mut Resolved) -> Target {
        if scheme(&link.address).is_some_and(|scheme| scheme == INVENTORY) {
            return self.inventory(&link.address, link, out);
        }
        let (name, fragment) = link
            .address
            .split_once('#')
            .map_or((link.address.as_str(), None), |(name, fragment)| (name, Some(fragment)));
        if let Some(target) = self.table(name) {
            return target;
        }
        match self.names().find(&normal(name)) {
            Lookup::One(named) => match fragment {
                Some(fragment) => self.anchor(named.node, Some(crate::parse::slug::slug(fragment)), link, out),
                None => to(named),
            },
            Lookup::Many(all) => self.ambiguous(link, all, out),
            Lookup::None => {
                // Obsidian also writes paths in double brackets.
                let parts = split(&link.address);
                if let Some(target) = self.find(number, link, &parts, out) {
                    return target;
                }
                if let Some(target) = self.foreign(&link.address, link, out) {
                    return target;
                }
                let diagnostic = Diagnostic::at(
                    &rule::BROKEN_LINK,
                    link.span,
                    format!("no page, heading or question is called “{name}”"),
                );
                out.diagnostics.push(diagnostic.help("a page takes more names by `link_names:` in its front matter"));
                Target::Broken("nothing on this site has that name".into())
            }
        }
    }

    fn ambiguous(&self, link: &Link, all: &[Named<'_>], out: &mut Resolved) -> Target {
        let message = format!("“{}” fits {} places", link.address, all.len());
        let mut diagnostic =
            Diagnostic::at(&rule::AMBIGUOUS_NAME, link.span, message).help("link one of them by its path");
        for named in all.iter().take(8) {
            diagnostic = diagnostic.related(Place::Span(named.span), format!("“{}”", named.title));
        }
        out.diagnostics.push(diagnostic);
        Target::Broken("the name fits several places".into())
    }

    pub(super) fn reference(&self, link: &Link, out: &mut Resolved) -> Target {
        if let Some(target) = self.table(&link.address) {
            return target;
        }
        match self.names().find(&normal(&link.address)) {
            Lookup::One(named) => to(named),
            Lookup::Many(all) => self.ambiguous(link, all, out),
            Lookup::None => {
                if let Some(target) = self.foreign(&link.address, link, out) {
                    return target;
                }
                let message =
                    format!("`[{}]` is not defined on this page and names nothing on this site", link.address);
                let help = format!("define it with a line `[{}]: address`", link.address);
                out.diagnostics.push(Diagnostic::at(&rule::UNDEFINED_REFERENCE, link.span, message).help(help));
                Target::Text
            }
        }
    }

    /// `[words]` is a link only when it is the name of something; words in brackets are common.
    pub(super) fn shortcut(&self, link: &Link, out: &mut Resolved) -> Target {
        if let Some(target) = self.table(&link.address) {
            return target;
        }
        match self.names().find(&normal(&link.address)) {
            Lookup::One(named) => to(named),
            Lookup::Many(all) if matches!(self.names().find_page(&normal(&link.address)), Lookup::Many(_)) => {
                self.ambiguous(link, all, out)
            }
            // With the second pair of brackets it was meant as a link, and may be one to another site.
            Lookup::None if link.kind == LinkKind::Collapsed => {
                self.foreign(&link.address, link, out).unwrap_or(Target::Text)
            }
            Lookup::Many(_) | Lookup::None => Target::Text,
        }
    }
}
