//! What the configuration and the front matter name: the `links:` table, the links of every page's frame, and what is related.

use std::collections::BTreeSet;

use super::{INVENTORY, Resolver, plain_url, split, to};
use crate::config::look::Located;
use crate::diagnostics::{Diagnostic, Place, Rule, Sink, Span, rule};
use crate::link::address::{external, is_unsafe, scheme};
use crate::link::inventories::{Fits, UNREADABLE};
use crate::link::names::{Lookup, hint_key, normal, without_article};
use crate::link::related::{Around, AroundEntry};
use crate::link::{Advice, Target};
use crate::parse::phrase::{Piece, phrase};
use crate::source::join;

impl Resolver<'_> {
    /// The target that the `links:` table gives for a phrase. One that leads nowhere is reported by
    /// [`Resolver::configuration`] and not again here.
    pub(super) fn table(&self, phrase: &str) -> Option<Target> {
        let table = &self.sources.config.links;
        if table.is_empty() {
            return None;
        }
        let exact = without_article(phrase);
        let key = hint_key(phrase);
        let value = table
            .iter()
            .find(|(name, _)| without_article(name) == exact)
            .or_else(|| table.iter().find(|(name, _)| hint_key(name) == key))
            .map(|(_, value)| value.trim())?;
        let nowhere = |_| Target::Broken("what the configuration says of it leads nowhere".into());
        let place = self.sources.config.links_span?;
        Some(self.configured(value, place).unwrap_or_else(nowhere))
    }

    /// What an address of the configuration leads to: an address, a source path, an entry's id, a name, or one of the
    /// inventories. Otherwise what is wrong with it, at `place`.
    pub(super) fn configured(&self, value: &str, place: Span) -> Result<Target, Box<Diagnostic>> {
        let wrong = |rule: &'static Rule, message: String| {
            let diagnostic = Diagnostic::at(rule, place, message);
            Err(Box::new(diagnostic.help("give a path, an address, an entry's id, a name or `inv:NAME#OBJECT`")))
        };
        if let Some(scheme) = scheme(value) {
            return if scheme == INVENTORY {
                self.inventories.resolve(value, Place::Span(place))
            } else if is_unsafe(&scheme) {
                wrong(&rule::UNSAFE_ADDRESS, format!("addresses that begin with `{scheme}:` can run code"))
            } else {
                Ok(Target::External(external(value)))
            };
        }
        let parts = split(value);
        if !parts.path.is_empty() {
            let by_path = self.by_path.get(parts.path.trim_start_matches('/'));
            let node = self.tree.find_url(&parts.path).or_else(|| self.alias(&parts.path));
            if let Some(node) = node.or_else(|| by_path.and_then(|number| self.tree.node_of_page[*number])) {
                let page = self.tree.nodes[node].page.map(|number| &self.parsed.pages[number]);
                return match &parts.fragment {
                    Some(fragment) if !page.is_some_and(|page| page.anchors.contains(fragment)) => {
                        let title = &self.tree.nodes[node].title;
                        wrong(&rule::BROKEN_ANCHOR, format!("“{title}” has no heading or entry `#{fragment}`"))
                    }
                    _ => Ok(Target::Page { node, fragment: parts.fragment }),
                };
            }
            if let Some(number) = by_path.or_else(|| self.drafts.get(&plain_url(&parts.path))) {
                let path = &self.parsed.pages[*number].path;
                return wrong(&rule::LINK_TO_DRAFT, format!("`{path}` is a draft and not part of the site"));
            }
        }
        let id = value.trim_start_matches('#');
        let mut entries = self.parsed.pages.iter().enumerate().filter_map(|(number, page)| {
            let node = self.tree.node_of_page[number]?;
            page.entries.iter().any(|entry| entry.id == id).then_some(node)
        });
        if let (Some(node), None) = (entries.next(), entries.next()) {
            return Ok(Target::Page { node, fragment: Some(id.to_owned()) });
        }
        match self.names().find(&normal(value)) {
            Lookup::One(named) => Ok(to(named)),
            Lookup::Many(all) => wrong(&rule::AMBIGUOUS_NAME, format!("“{value}” fits {} places", all.len())),
            Lookup::None => {
                if let Some(inventory) = self.inventories.find_name(value) {
                    return Ok(Target::Object { inventory, object: None });
                }
                match self.inventories.named(value) {
                    Fits::One(target) => Ok(target),
                    Fits::Unreadable => Ok(Target::Broken(UNREADABLE.into())),
                    Fits::Many(all) => {
                        let message = format!("“{value}” fits {} objects of other sites", all.len());
                        let diagnostic = Diagnostic::at(&rule::AMBIGUOUS_NAME, place, message);
                        Err(Box::new(self.inventories.candidates(diagnostic.help("give the one that is meant"), &all)))
                    }
                    Fits::None => {
                        wrong(&rule::BROKEN_LINK, format!("no page, entry or name of this site is `{value}`"))
                    }
                }
            }
        }
    }

    /// What the links of the header or of the footer lead to; what leads nowhere is reported.
    pub fn of_the_frame<'l>(
        &self,
        links: impl Iterator<Item = &'l Located>,
        assets: &mut BTreeSet<String>,
        sink: &mut Sink,
    ) -> Vec<Target> {
        let resolve = |link: &Located| match self.file_or_list(&link.text, assets) {
            Some(target) => target,
            None => self.configured(&link.text, link.span).unwrap_or_else(|mistake| {
                sink.push(*mistake);
                Target::Broken("this link leads nowhere".into())
            }),
        };
        links.map(resolve).collect()
    }

    /// A file that is copied, or a list that is made of all pages.
    fn file_or_list(&self, address: &str, assets: &mut BTreeSet<String>) -> Option<Target> {
        if scheme(address).is_some() {
            return None;
        }
        let parts = split(address);
        let path = join("", &parts.path).filter(|path| !path.is_empty())?;
        let output = match self.list(&path) {
            Some(list) => list.to_owned(),
            None if self.sources.assets.contains_key(&path) => {
                assets.insert(path.clone());
                path
            }
            None => Some(path).filter(|path| self.sources.statics.contains_key(path))?,
        };
        Some(Target::Asset { output, suffix: parts.suffix.to_owned() })
    }

    /// What the authors of page `number` and of its entries name as related; what leads nowhere is reported.
    pub fn related(&self, number: usize, sink: &mut Sink) -> Around {
        let page = &self.parsed.pages[number];
        let own = self.tree.node_of_page[number];
        // A path is counted from the page, as in a link.
        let from_page = |item: &str, span: Span| {
            let parts = split(item);
            let file = join(&page.path, &parts.path).filter(|file| self.by_path.contains_key(file.as_str()))?;
            Some(self.configured(&format!("{file}{}", parts.suffix), span))
        };
        let find = |item: &str, span: Span| from_page(item, span).unwrap_or_else(|| self.configured(item, span));
        let mut resolve = |item: &str, span: Span| match find(item.trim(), span) {
            // No page relates to itself.
            Ok(Target::Page { node, fragment: None }) if Some(node) == own => None,
            Ok(target) => Some(target),
            Err(diagnostic) => {
                sink.push(*diagnostic);
                None
            }
        };
        let matter = page.matter.related.iter();
        let of_page: Vec<Target> = matter
            .filter_map(|item| resolve(item, crate::link::place_of_item(self.sources, page, "related", item)))
            .collect();
        let mut around = Around { entries: Vec::with_capacity(page.entries.len()), ..Around::default() };
        for entry in &page.entries {
            let mut named = if entry.spelling.is_page() { of_page.clone() } else { Vec::new() };
            named.extend(entry.related.iter().filter_map(|(item, span)| resolve(item, *span)));
            around.entries.push(AroundEntry { named, ..AroundEntry::default() });
        }
        if page.entries.iter().all(|entry| !entry.spelling.is_page()) {
            around.named = of_page;
        }
        around
    }

    /// What the site tells readers who are still stuck, its links resolved. One that leads nowhere is reported, and only its
    /// words are shown.
    pub fn escalation(&self, sink: &mut Sink) -> Vec<Advice> {
        let config = &self.sources.config;
        let Some((text, place)) = config.escalation.as_ref().zip(config.escalation_span) else {
            return Vec::new();
        };
        let pieces = phrase(text).into_iter().map(|piece| match piece {
            Piece::Html(html) => Advice::Html(html),
            Piece::LinkEnd => Advice::LinkEnd,
            Piece::LinkStart(address) => match self.configured(address.trim(), place) {
                Ok(target) => Advice::LinkStart(target),
                Err(mistake) => {
                    sink.push(*mistake);
                    Advice::LinkStart(Target::Broken("this link leads nowhere".into()))
                }
            },
        });
        pieces.collect()
    }

    /// What is wrong with the `links:` table, each line at its place.
    pub fn configuration(&self) -> Sink {
        let config = &self.sources.config;
        let Some(table) = config.links_span else {
            return Sink::new();
        };
        let wrong = config.links.iter().filter_map(|(phrase, value)| {
            let mut mistake = *self.configured(value.trim(), table).err()?;
            mistake.place = Place::Span(self.place_in_table(table, phrase, value.trim()));
            Some(mistake)
        });
        wrong.collect()
    }

    /// Where `value` stands in the `links:` table, or as near to it as can be told.
    fn place_in_table(&self, table: Span, phrase: &str, value: &str) -> Span {
        const QUOTES: [char; 2] = ['"', '\''];
        let text = self.sources.text(table.file);
        let mut at = table.end as usize;
        for line in text[at..].split_inclusive('\n') {
            let key = line.trim_start().trim_start_matches(QUOTES);
            let rest = key.strip_prefix(phrase).map(|rest| rest.trim_start_matches(QUOTES).trim_start());
            if let Some(rest) = rest.filter(|rest| rest.starts_with(':')) {
                let start = match rest.find(value) {
                    Some(found) if !value.is_empty() => at + (line.len() - rest.len()) + found,
                    _ => return Span::new(table.file, at + (line.len() - key.len())..at + line.trim_end().len()),
                };
                return Span::new(table.file, start..start + value.len());
            }
            at += line.len();
        }
        table
    }
}
