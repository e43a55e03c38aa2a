//! Former addresses of pages: where each leads now, and which cannot be kept.
//!
//! A redirect leads straight to the page that claims the address, so none can lead in a circle. An address that is a page's
//! own, or that two pages claim, is reported with both places.

use std::collections::BTreeMap;

use super::place_of_item;
use super::tree::{Tree, checked_url, output_of};
use crate::diagnostics::{Diagnostic, Place, Sink, Span, rule};
use crate::parse::Parsed;
use crate::source::Sources;

/// A former address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// The address from the root of the site: `/old/`, `/old.html`.
    pub url: String,
    /// The file that answers there.
    pub output: String,
    /// The node that it leads to.
    pub node: usize,
    /// Where it is claimed.
    pub span: Span,
}

/// Every former address that can be kept, in the order of the files that answer.
pub fn redirects(sources: &Sources, parsed: &Parsed, tree: &Tree, sink: &mut Sink) -> Vec<Redirect> {
    // Disks that do not tell upper from lower case hold one file of two such names.
    let taken: BTreeMap<String, usize> =
        tree.order.iter().map(|node| (tree.nodes[*node].output.to_lowercase(), *node)).collect();
    let mut redirects: BTreeMap<String, Redirect> = BTreeMap::new();
    for (number, page) in parsed.pages.iter().enumerate() {
        let Some(node) = tree.node_of_page[number] else {
            continue;
        };
        for alias in &page.matter.aliases {
            let span = place_of_item(sources, page, "aliases", alias);
            let url = match checked_url(alias) {
                Ok(url) => url,
                Err(why) => {
                    let message = format!("`aliases` cannot hold `{alias}`: {why}");
                    sink.push(Diagnostic::at(&rule::WRONG_TYPE, span, message));
                    continue;
                }
            };
            let output = output_of(&url);
            let key = output.to_lowercase();
            let conflict = |message: String| Diagnostic::at(&rule::ALIAS_CONFLICT, span, message);
            if let Some(&other) = taken.get(&key) {
                let diagnostic = if other == node && tree.nodes[node].output == output {
                    conflict(format!("`{alias}` is the address of this page itself")).help("delete the alias")
                } else if tree.nodes[other].output == output {
                    conflict(format!("`{alias}` is the address of another page"))
                        .related(tree.place(other, parsed), "the page that has it now")
                        .help("delete the alias, or give that page another `url:`")
                } else {
                    conflict(format!("`{alias}` differs from `{}` in upper and lower case only", tree.nodes[other].url))
                        .related(tree.place(other, parsed), "the page that has it now")
                        .help("delete the alias: many disks cannot hold both files")
                };
                sink.push(diagnostic);
            } else if let Some(first) = redirects.get(&key) {
                let same = if first.node == node { "twice by this page" } else { "by two pages" };
                let diagnostic = conflict(format!("`{alias}` is claimed {same}"));
                sink.push(
                    diagnostic.related(Place::Span(first.span), "first claimed here").help("delete one of the two"),
                );
            } else {
                redirects.insert(key, Redirect { url, output, node, span });
            }
        }
    }
    redirects.into_values().collect()
}
