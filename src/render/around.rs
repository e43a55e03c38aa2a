//! What leads on from a page or an entry, as links.

use crate::Site;
use crate::link::address::relative;
use crate::link::related::{AroundEntry, EntryRef, Source};
use crate::link::{Linked, Target};
use crate::parse::html::{attribute, escape};

use super::fill::{href, title};
use super::messages::Messages;
use super::views::LinkView;

/// More backlinks than so many are counted only.
const SHOWN: usize = 6;

/// Links to what authors name and to what is alike, seen from the output file `from`.
pub fn related<'a>(site: &'a Site, from: &str, named: &'a [Target], alike: &[EntryRef]) -> Vec<LinkView<'a>> {
    let named = named.iter().filter_map(|target| {
        let url = href(&site.linked, from, target)?.into_owned();
        let title = match target {
            Target::External(address) => Some(address.as_str()),
            target => title(site, target),
        };
        Some(LinkView { title: title?, url })
    });
    let alike = alike.iter().filter_map(|at| link(site, from, at.page, Some(at.entry)));
    named.chain(alike).collect()
}

/// Links back to where links come from.
pub fn linked_from<'a>(site: &'a Site, from: &str, sources: &[Source]) -> Vec<LinkView<'a>> {
    sources.iter().take(SHOWN).filter_map(|source| link(site, from, source.page, source.entry)).collect()
}

/// A link to a page, or to an entry of it.
pub(super) fn link<'a>(site: &'a Site, from: &str, page: usize, entry: Option<usize>) -> Option<LinkView<'a>> {
    let Linked { tree, .. } = &site.linked;
    let node = &tree.nodes[tree.node_of_page[page]?];
    let entry = entry.map(|entry| &site.parsed.pages[page].entries[entry]);
    let fragment = entry.filter(|entry| !entry.spelling.is_page()).map(|entry| entry.id.as_str());
    let title = entry.map_or(node.title.as_str(), |entry| &entry.question);
    Some(LinkView { title, url: relative(from, &node.output, fragment) })
}

/// The lines that lead on from an entry inside a body, where there are any.
pub fn lines(site: &Site, messages: &Messages, from: &str, around: &AroundEntry) -> String {
    let mut html = String::new();
    let mut line = |word: &str, links: Vec<LinkView<'_>>, more: usize| {
        if links.is_empty() {
            return;
        }
        if html.is_empty() {
            html.push_str("<div class=\"around\">\n");
        }
        let links: Vec<String> = links
            .iter()
            .map(|LinkView { title, url }| format!("<li><a href=\"{}\">{}</a></li>", attribute(url), escape(title)))
            .collect();
        let more = Some(more).filter(|more| *more > 0).and_then(|more| messages.counted("more", more as u64));
        let more = more.map(|more| format!("<li>{}</li>", escape(&more))).unwrap_or_default();
        let word = escape(messages.text(word));
        html.push_str(&format!("<p>{word}</p>\n<ul>{}{more}</ul>\n", links.join("")));
    };
    line("related", related(site, from, &around.named, &around.alike), 0);
    let more = around.linked_from.len().saturating_sub(SHOWN);
    line("linked_from", linked_from(site, from, &around.linked_from), more);
    if !html.is_empty() {
        html.push_str("</div>\n");
    }
    html
}
