//! Words: escaped, with what stands for shortcodes and hints put in, and with attributes in braces left out.

use std::ops::Range;

use super::Renderer;
use super::marks::mark;
use crate::parse::expand::{INSERT, Piece, split_inserts};
use crate::parse::html::escape_into;
use crate::parse::outline::Outline;
use crate::parse::page::{Link, LinkKind};
use crate::parse::shortcode::Insert;

/// Bytes of the Markdown that are not shown as they stand.
pub(super) struct Hole {
    pub(super) range: Range<usize>,
    /// The hint to show instead.
    pub(super) hint: Option<usize>,
}

pub(super) fn holes(outline: &Outline) -> Vec<Hole> {
    let headings = outline.headings.iter().filter_map(|heading| heading.attributes.as_ref());
    let bullets =
        outline.entries.iter().filter(|entry| entry.heading.is_none()).filter_map(|entry| entry.attributes.as_ref());
    let questions = outline.trees.iter().flat_map(|tree| &tree.questions).filter_map(|asked| asked.attributes.as_ref());
    headings.chain(bullets).chain(questions).map(|(_, range)| Hole { range: range.clone(), hint: None }).collect()
}

impl Renderer<'_, '_> {
    pub(super) fn in_hole(&self, range: &Range<usize>) -> bool {
        self.holes.iter().any(|hole| hole.range.start <= range.start && range.end <= hole.range.end)
    }

    pub(super) fn text(&mut self, text: &str, range: &Range<usize>) {
        if let Some(entry) = self.entry
            && self.has_to_dos
            && let Some(word) = find_to_do(text)
        {
            let (start, end) = (range.start + word.start, range.start + word.end);
            self.done.todos.push((entry, self.document.expanded.span(&(start.min(range.end)..end.min(range.end)))));
        }
        if self.holes.is_empty() {
            return self.words(text);
        }
        let mut shown = range.start;
        // The holes of a text are few and in order.
        let holes: Vec<(Range<usize>, Option<usize>)> = self
            .holes
            .iter()
            .filter(|hole| hole.range.start < range.end && range.start < hole.range.end)
            .map(|hole| (hole.range.clone(), hole.hint))
            .collect();
        if holes.is_empty() {
            return self.words(text);
        }
        let verbatim = text.len() == range.len();
        for (hole, hint) in holes {
            if hole.start >= range.start {
                if verbatim && hole.start > shown {
                    self.words(&text[shown - range.start..hole.start - range.start]);
                }
                if let Some(hint) = hint {
                    mark(&mut self.done.html, 'H', hint);
                    let words = self.done.hints[hint].text.clone();
                    self.done.text.push_str(&words);
                }
            }
            shown = hole.end.min(range.end);
        }
        if verbatim && shown < range.end {
            self.words(&text[shown - range.start..]);
        }
    }

    fn words(&mut self, text: &str) {
        // `INSERT` begins with EF, and most texts have neither.
        let has_none = self.document.expanded.inserts.is_empty() || memchr::memchr(0xEF, text.as_bytes()).is_none();
        if has_none || !text.contains(INSERT) {
            escape_into(&mut self.done.html, text);
            self.done.text.push_str(text);
            return;
        }
        let expanded = self.document.expanded;
        for piece in split_inserts(text) {
            match piece {
                Piece::Text(words) => {
                    escape_into(&mut self.done.html, words);
                    self.done.text.push_str(words);
                }
                Piece::Insert(number) => {
                    if let Some(insert) = expanded.inserts.get(number) {
                        self.insert(insert);
                    }
                }
            }
        }
    }

    pub(super) fn insert(&mut self, insert: &Insert) {
        match insert {
            Insert::Markup(html) => {
                self.newline();
                self.done.html.push_str(html);
            }
            Insert::Image(picture, span) => {
                let number = self.done.links.len();
                self.done.links.push(Link {
                    kind: LinkKind::Image,
                    address: picture.src.clone(),
                    span: *span,
                    base: span.file,
                    title: String::new(),
                    text: picture.alt.clone(),
                    size: [None; 2],
                    entry: self.entry,
                });
                if picture.block {
                    self.done.html.push_str("<figure>\n");
                }
                mark(&mut self.done.html, 'I', number);
                if !picture.caption.is_empty() {
                    self.done.html.push_str("\n<figcaption>");
                    escape_into(&mut self.done.html, &picture.caption);
                    self.done.html.push_str("</figcaption>");
                }
                if picture.block {
                    self.done.html.push_str("\n</figure>\n");
                }
                self.done.text.push_str(&picture.alt);
            }
            // A reference outside a link becomes one, with the title of its target for words.
            Insert::Address(address, span) => {
                mark(&mut self.done.html, 'T', self.done.links.len());
                self.done.links.push(Link {
                    kind: LinkKind::Relref,
                    address: address.clone(),
                    span: *span,
                    base: span.file,
                    title: String::new(),
                    text: address.clone(),
                    size: [None; 2],
                    entry: self.entry,
                });
                self.done.text.push_str(address);
            }
        }
    }
}

const TO_DO: [&str; 3] = ["TODO", "TBD", "FIXME"];

/// May the text say somewhere that something is still to be done? Most pages do not, and need not be asked word for word.
pub(super) fn may_have_to_dos(text: &str) -> bool {
    to_dos(text).next().is_some()
}

/// Where the text says that something is still to be done.
fn find_to_do(text: &str) -> Option<Range<usize>> {
    let boundary = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
    let is_alone = |word: &Range<usize>| {
        boundary(text[..word.start].chars().next_back()) && boundary(text[word.end..].chars().next())
    };
    to_dos(text).find(is_alone)
}

/// Where the words stand, or words that they are a part of. The third letter of each is the one that is rare.
fn to_dos(text: &str) -> impl Iterator<Item = Range<usize>> {
    memchr::memchr2_iter(b'D', b'X', text.as_bytes()).filter_map(|third| {
        let start = third.checked_sub(2)?;
        let word = TO_DO.iter().find(|word| text.as_bytes()[start..].starts_with(word.as_bytes()))?;
        Some(start..start + word.len())
    })
}
