//! Links and images: what they name, and where in the Markdown that stands.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use super::Renderer;
use super::marks::mark;
use crate::diagnostics::{Diagnostic, Span, rule};
use crate::parse::events::markdown_options;
use crate::parse::expand::{INSERT, without_inserts};
use crate::parse::page::{Link, LinkKind};
use crate::parse::shortcode::Insert;

/// A link or an image as Markdown gives it.
pub(super) struct Written<'t> {
    /// How it is spelled.
    pub(super) link_type: LinkType,
    /// The address; empty when only a name is known.
    pub(super) dest: &'t str,
    /// The title behind the address.
    pub(super) title: &'t str,
    /// The label of a reference.
    pub(super) id: &'t str,
    /// All its bytes.
    pub(super) range: Range<usize>,
}

impl Renderer<'_, '_> {
    pub(super) fn add_link(&mut self, kind: LinkKind, address: String, range: &Range<usize>) -> usize {
        let span = self.span(range);
        let base = self.document.expanded.file(range.start);
        let address = without_inserts(&address).into_owned();
        let (entry, title, text) = (self.entry, String::new(), String::new());
        self.done.links.push(Link { kind, address, span, base, title, text, size: [None; 2], entry });
        self.done.links.len() - 1
    }

    /// The place and the meaning of a link's address.
    fn address(&self, written: &Written<'_>) -> (LinkKind, String, Range<usize>) {
        let Written { dest, id, range, .. } = written;
        let source = &self.document.expanded.text[range.clone()];
        let within = |needle: &str| {
            // Nearly every address stands right before the end.
            let last = source.strip_suffix(')').filter(|inner| inner.ends_with(needle) && !needle.ends_with(')'));
            let at = match last {
                _ if needle.is_empty() => None,
                Some(inner) => Some(inner.len() - needle.len()),
                // A title behind it may say the same.
                None => after_text(source, needle).or_else(|| source.rfind(needle)),
            };
            at.map_or(range.clone(), |at| range.start + at..range.start + at + needle.len())
        };
        match written.link_type {
            LinkType::WikiLink { .. } => (LinkKind::Name, (*dest).to_owned(), within(dest)),
            LinkType::ReferenceUnknown => (LinkKind::Reference, label(id), within(id)),
            LinkType::CollapsedUnknown => (LinkKind::Collapsed, label(id), within(id)),
            LinkType::ShortcutUnknown => (LinkKind::Shortcut, label(id), within(id)),
            LinkType::Email => (LinkKind::Address, format!("mailto:{dest}"), range.clone()),
            LinkType::Autolink => (LinkKind::Autolink, (*dest).to_owned(), range.clone()),
            _ => {
                if let Some((address, rest, _)) = self.inserted(dest) {
                    return (LinkKind::Relref, format!("{address}{rest}"), range.clone());
                }
                let by_label =
                    matches!(written.link_type, LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut);
                let defined = by_label.then(|| self.definition(id, dest)).flatten();
                (LinkKind::Address, (*dest).to_owned(), defined.unwrap_or_else(|| within(dest)))
            }
        }
    }

    /// The address that a shortcode gives to a link, what follows it, and where the shortcode has it.
    fn inserted<'d>(&self, dest: &'d str) -> Option<(&str, &'d str, Span)> {
        let (number, rest) = dest.strip_prefix(INSERT)?.split_once(INSERT)?;
        match self.document.expanded.inserts.get(number.parse::<usize>().ok()?)? {
            Insert::Address(address, span) => Some((address, rest, *span)),
            _ => None,
        }
    }

    /// Adds a link with its place, which for an address from a shortcode is there.
    fn add_written(&mut self, written: &Written<'_>, kind: LinkKind, address: String, place: &Range<usize>) -> usize {
        let span = self.inserted(written.dest).map(|(.., span)| span);
        let number = self.add_link(kind, address, place);
        if let Some(span) = span {
            self.done.links[number].span = span;
        }
        number
    }

    /// Where the definition of `label` has its address: a mistake in it is one, however often it is used.
    fn definition(&self, label: &str, dest: &str) -> Option<Range<usize>> {
        let text: &str = &self.document.expanded.text;
        // Few pages have definitions, and only the parser knows where.
        let parser = self.definitions.get_or_init(|| Parser::new_ext(text, markdown_options(self.document.dollars)));
        let span = parser.reference_definitions().get(label)?.span.clone();
        let behind = text[span.clone()].find("]:")? + 2;
        let at = span.start + behind + text[span.start + behind..span.end].find(dest).filter(|_| !dest.is_empty())?;
        Some(at..at + dest.len())
    }

    /// Begins a link, and says where to go on.
    pub(super) fn link_start(&mut self, index: usize, written: &Written<'_>) -> usize {
        // Docs-Authoring writes the headings of tabs as links.
        if self.in_heading && written.dest.starts_with("#tab/") {
            self.open_links.push(None);
            return index + 1;
        }
        let (mut kind, address, place) = self.address(written);
        let of_inventory = address.starts_with("inv:");
        if of_inventory && kind == LinkKind::Autolink {
            kind = LinkKind::Address;
        }
        let number = self.add_written(written, kind, address, &place);
        let end = self.document.events[index..].iter().position(|(event, _)| matches!(event, Event::End(TagEnd::Link)));
        let end = end.unwrap_or(1);
        let inner = &self.document.events[index + 1..index + end];
        let empty = inner.iter().all(|(event, _)| {
            matches!(event, Event::Text(text) if text.trim().is_empty()) || matches!(event, Event::SoftBreak)
        });
        let link = &mut self.done.links[number];
        link.title = without_inserts(written.title).into_owned();
        // `[](inv:python#list)`, `<inv:python#list>` and `[[inv:python#list]]` show what the object is called.
        let without_words = matches!(written.link_type, LinkType::Autolink | LinkType::WikiLink { has_pothole: false });
        if of_inventory && (empty || without_words) {
            mark(&mut self.done.html, 'T', number);
            return index + end + 1;
        }
        if kind == LinkKind::Address && (empty || link.address.trim().is_empty()) {
            let what = if empty { "the link has no text" } else { "the link has no address" };
            let span = self.document.expanded.span(&written.range);
            self.sink.push(Diagnostic::at(&rule::EMPTY_LINK, span, what).help("write `[text](address)`"));
        }
        mark(&mut self.done.html, 'L', number);
        self.open_links.push(Some(number));
        self.link_text.push(self.done.text.len());
        index + 1
    }

    pub(super) fn link_end(&mut self) {
        if let Some(Some(number)) = self.open_links.pop() {
            mark(&mut self.done.html, 'l', number);
            let from = self.link_text.pop().unwrap_or(self.done.text.len());
            self.done.links[number].text = self.done.text[from..].trim().to_owned();
        }
    }

    pub(super) fn image(&mut self, index: usize, written: &Written<'_>) -> usize {
        let mut alt = String::new();
        let mut depth = 0usize;
        let mut at = index;
        while let Some((event, inner)) = self.document.events.get(at) {
            match event {
                Event::Start(Tag::Image { .. }) => depth += 1,
                Event::End(TagEnd::Image) => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text)
                    if !self.in_hole(inner) =>
                {
                    alt.push_str(&without_inserts(text));
                }
                Event::SoftBreak | Event::HardBreak => alt.push(' '),
                _ => {}
            }
            at += 1;
        }
        let (kind, address, place) = self.address(written);
        let number = self.add_written(written, kind, address, &place);
        self.done.text.push_str(&alt);
        let link = &mut self.done.links[number];
        link.title = without_inserts(written.title).into_owned();
        link.text = alt;
        link.kind = LinkKind::Image;
        mark(&mut self.done.html, 'I', number);
        at + 1
    }
}

/// Where `address` begins in the link `source`, behind the text.
fn after_text(source: &str, address: &str) -> Option<usize> {
    source.rmatch_indices("](").find_map(|(at, _)| {
        let behind = &source[at + 2..];
        let start = behind.trim_start().trim_start_matches('<');
        start.starts_with(address).then(|| at + 2 + (behind.len() - start.len()))
    })
}

/// A reference's label in words: without the backslashes that keep its punctuation from being Markdown.
fn label(written: &str) -> String {
    let mut words = String::with_capacity(written.len());
    let mut chars = written.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' || !chars.peek().is_some_and(char::is_ascii_punctuation) {
            words.push(c);
        } else {
            words.extend(chars.next());
        }
    }
    words
}
