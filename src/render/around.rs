//! What leads on from a page or an entry, as links.

use crate::Site;
use crate::link::address::relative;
use crate::link::related::{AroundEntry, EntryRef, Source};
use crate::link::{Linked, Target};
use crate::parse::html::{attribute, escape};

use super::fill::{href, title};
use super::messages::Messages;
use super::views::LinkView;

/// From where links are seen: the output file that holds them, and the language around them.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The output file.
    pub from: &'a str,
    /// The language.
    pub language: &'a str,
}

impl Seen<'_> {
    /// The language of page `number`, when it is another than that around.
    pub fn other<'s>(&self, site: &'s Site, number: usize) -> Option<&'s str> {
        let language = site.parsed.pages[number].matter.language.as_deref();
        Some(language.unwrap_or(&site.sources.config.language)).filter(|language| *language != self.language)
    }

    /// The language of the page that `target` leads to, when it is another than that around.
    pub fn other_of<'s>(&self, site: &'s Site, target: &Target) -> Option<&'s str> {
        let Target::Page { node, .. } = target else { return None };
        self.other(site, site.linked.tree.nodes[*node].page?)
    }
}

/// What says of a link, whose text is the title of what it leads to, in which language both are.
pub fn tongue(language: Option<&str>) -> String {
    language.map_or_else(String::new, |language| {
        let language = attribute(language);
        format!(" lang=\"{language}\" hreflang=\"{language}\"")
    })
}

/// More backlinks than so many are counted only.
const SHOWN: usize = 6;

/// Links to what authors name and to what is alike.
pub fn related<'a>(site: &'a Site, seen: Seen<'_>, named: &'a [Target], alike: &[EntryRef]) -> Vec<LinkView<'a>> {
    let named = named.iter().filter_map(|target| {
        let url = href(&site.linked, seen.from, target)?.into_owned();
        let title = match target {
            Target::External(address) => Some(address.as_str()),
            target => title(site, target),
        };
        Some(LinkView { title: title?, url, language: seen.other_of(site, target) })
    });
    let alike = alike.iter().filter_map(|at| link(site, seen, at.page, Some(at.entry)));
    named.chain(alike).collect()
}

/// Links back to where links come from.
pub fn linked_from<'a>(site: &'a Site, seen: Seen<'_>, sources: &[Source]) -> Vec<LinkView<'a>> {
    sources.iter().take(SHOWN).filter_map(|source| link(site, seen, source.page, source.entry)).collect()
}

/// A link to a page, or to an entry of it.
pub(super) fn link<'a>(site: &'a Site, seen: Seen<'_>, page: usize, entry: Option<usize>) -> Option<LinkView<'a>> {
    let Linked { tree, .. } = &site.linked;
    let node = &tree.nodes[tree.node_of_page[page]?];
    let entry = entry.map(|entry| &site.parsed.pages[page].entries[entry]);
    let fragment = entry.filter(|entry| !entry.spelling.is_page()).map(|entry| entry.id.as_str());
    let title = entry.map_or(node.title.as_str(), |entry| &entry.question);
    Some(LinkView { title, url: relative(seen.from, &node.output, fragment), language: seen.other(site, page) })
}

/// The lines that lead on from an entry inside a body, where there are any.
pub fn lines(site: &Site, messages: &Messages, seen: Seen<'_>, around: &AroundEntry) -> String {
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
            .map(|LinkView { title, url, language }| {
                format!("<li><a href=\"{}\"{}>{}</a></li>", attribute(url), tongue(*language), escape(title))
            })
            .collect();
        let more = Some(more).filter(|more| *more > 0).and_then(|more| messages.counted("more", more as u64));
        let more = more.map(|more| format!("<li>{}</li>", escape(&more))).unwrap_or_default();
        let word = escape(messages.text(word));
        html.push_str(&format!("<p>{word}</p>\n<ul>{}{more}</ul>\n", links.join("")));
    };
    line("related", related(site, seen, &around.named, &around.alike), 0);
    let more = around.linked_from.len().saturating_sub(SHOWN);
    line("linked_from", linked_from(site, seen, &around.linked_from), more);
    if !html.is_empty() {
        html.push_str("</div>\n");
    }
    html
}
