//! HTML that authors write, read tag by tag for its links, its images and its ids.

use std::ops::Range;

use pulldown_cmark::{CowStr, Event, TagEnd};

use super::marks::mark;
use super::{RawHtml, Renderer};
use crate::parse::characters::without_noncharacters;
use crate::parse::expand::{INSERT, Piece, split_inserts, without_inserts};
use crate::parse::hints::in_comment;
use crate::parse::html::{self, Token, escape_into, is_element, is_harmless};
use crate::parse::page::{Hint, HintForm, LinkKind};

impl Renderer<'_, '_> {
    pub(super) fn html_block(&mut self, index: usize) -> usize {
        let mut pieces = Vec::new();
        let mut at = index + 1;
        while let Some((event, range)) = self.document.events.get(at) {
            match event {
                // The indentation of the first line is a text of its own.
                Event::Html(html) | Event::Text(html) => pieces.push((html, range.clone())),
                Event::End(TagEnd::HtmlBlock) => break,
                _ => {}
            }
            at += 1;
        }
        // What stands for an insert is indented for Markdown alone.
        if pieces.iter().any(|(html, _)| html.contains(INSERT)) {
            pieces.retain(|(html, _)| !html.trim().is_empty());
        }
        self.newline();
        self.raw(&pieces, HintForm::CommentBlock);
        at + 1
    }

    /// Raw HTML: inserts are put in, comments dropped, links and ids noted, names that HTML does not have shown as text.
    /// A comment that asks for a link is a hint of this `form`.
    pub(super) fn raw(&mut self, pieces: &[(&CowStr<'_>, Range<usize>)], form: HintForm) {
        let mut joined = String::new();
        let mut places = Vec::new();
        for (piece, range) in pieces {
            places.push((joined.len(), range.start));
            joined.push_str(piece);
        }
        // The sanitiser reads references, and these would come out as marks.
        let joined = without_noncharacters(&joined);
        let source = |at: usize| {
            let (start, from) = places[places.partition_point(|(start, _)| *start <= at) - 1];
            from + (at - start)
        };
        if self.document.raw_html == RawHtml::AsWritten && !joined.contains(INSERT) {
            for token in html::tokens(&joined) {
                match &token {
                    Token::Tag(tag) => self.raw_tag_ids(tag, &joined),
                    Token::Comment(comment, start) => self.comment(comment, source(*start), None),
                    Token::Text(_) => {}
                }
            }
            self.done.html.push_str(&joined);
            return;
        }
        for token in html::tokens(&joined) {
            match token {
                Token::Comment(comment, start) => match comment.split(INSERT).nth(1) {
                    Some(number) => {
                        if let Some(insert) =
                            number.parse().ok().and_then(|n: usize| self.document.expanded.inserts.get(n))
                        {
                            self.insert(insert);
                        }
                    }
                    None => self.comment(comment, source(start), Some(form)),
                },
                Token::Text(text) => {
                    for piece in split_inserts(text) {
                        match piece {
                            // What begins like a tag and is none would be one together with what follows it.
                            Piece::Text(html) if self.document.raw_html == RawHtml::Sanitised => {
                                self.done.html.push_str(&html.replace('<', "&lt;"));
                                self.done.text.push_str(html.trim());
                            }
                            Piece::Text(html) => {
                                self.done.html.push_str(html);
                                self.done.text.push_str(html.trim());
                            }
                            Piece::Insert(number) => {
                                if let Some(insert) = self.document.expanded.inserts.get(number) {
                                    self.insert(insert);
                                }
                            }
                        }
                    }
                }
                Token::Tag(tag) => {
                    if !is_element(&tag.name) && self.document.raw_html == RawHtml::Sanitised {
                        escape_into(&mut self.done.html, tag.text);
                        self.done.text.push_str(tag.text);
                        continue;
                    }
                    // `</br>` is what browsers read as `<br>`.
                    if tag.text.starts_with("</br") || is_harmless(&tag) {
                        self.done.html.push_str(if tag.name == "hr" { "<hr>" } else { "<br>" });
                        continue;
                    }
                    if tag.name == "img" && self.document.raw_html == RawHtml::Sanitised {
                        self.raw_image(&tag, &joined, &source);
                        continue;
                    }
                    self.needs_cleaning = true;
                    self.raw_tag_ids(&tag, &joined);
                    self.raw_tag(&tag, &joined, &source);
                }
            }
        }
    }

    /// What authors tell each other and unstick, and never readers, unless it asks for a link. `start` is its place in the
    /// expanded text, `form` how a hint in it would be written, where one may stand.
    fn comment(&mut self, comment: &str, start: usize, form: Option<HintForm>) {
        let span = self.document.expanded.span(&(start..start + comment.len()));
        self.done.comments.push((comment.to_owned(), span));
        let phrase = form.and_then(|form| Some((form, in_comment(comment, self.document.openings)?)));
        if let Some((form, phrase)) = phrase {
            mark(&mut self.done.html, 'H', self.done.hints.len());
            self.done.hints.push(Hint { phrase, text: String::new(), span, form, entry: self.entry });
        } else if let (true, Some(entry)) = (comment.contains("TODO") || comment.contains("FIXME"), self.entry) {
            self.done.todos.push((entry, span));
        }
    }

    fn raw_tag_ids(&mut self, tag: &html::RawTag<'_>, joined: &str) {
        for (key, value) in &tag.attributes {
            if key == "id" || (key == "name" && tag.name == "a") {
                self.done.raw_ids.push(joined[value.clone()].to_owned());
            }
        }
    }

    /// An image is an image, however it is written: checked, copied, and never loaded from elsewhere.
    fn raw_image(&mut self, tag: &html::RawTag<'_>, joined: &str, source: &impl Fn(usize) -> usize) {
        let range = |name: &str| tag.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        let value = |name: &str| range(name).map(|range| html::unescape(&joined[range]).into_owned());
        let place = range("src").unwrap_or(tag.start..tag.start + tag.text.len());
        let place = source(place.start)..source(place.start) + place.len();
        let number = self.add_link(LinkKind::Image, value("src").unwrap_or_default(), &place);
        let link = &mut self.done.links[number];
        link.title = value("title").unwrap_or_default();
        link.text = value("alt").unwrap_or_default();
        link.size = ["width", "height"].map(|name| value(name)?.trim().trim_end_matches("px").parse().ok());
        let alt = link.text.clone();
        self.done.text.push_str(&alt);
        mark(&mut self.done.html, 'I', number);
    }

    /// Writes a tag as we write them, so that what is tidy but for its quotes need not be cleaned.
    fn raw_tag(&mut self, tag: &html::RawTag<'_>, joined: &str, source: &impl Fn(usize) -> usize) {
        let begin = if tag.text.starts_with("</") { "</" } else { "<" };
        self.done.html.extend([begin, &tag.name]);
        for (key, value) in &tag.attributes {
            let kind = match (tag.name.as_str(), key.as_str()) {
                ("a", "href") => Some(LinkKind::Address),
                ("img" | "source" | "video" | "audio", "src") => Some(LinkKind::RawMedia),
                _ => None,
            };
            // An anchor of old: the sanitiser knows it as an id.
            let is_old =
                (tag.name.as_str(), key.as_str()) == ("a", "name") && tag.attributes.iter().all(|(key, _)| key != "id");
            self.done.html.extend([" ", if is_old { "id" } else { key }, "=\""]);
            let written = &joined[value.clone()];
            match kind {
                Some(kind) => {
                    let range = source(value.start)..source(value.start) + value.len();
                    let link = self.add_link(kind, html::unescape(written).into_owned(), &range);
                    mark(&mut self.done.html, 'U', link);
                }
                None => self.done.html.push_str(&without_inserts(written).replace('"', "&quot;")),
            }
            self.done.html.push('"');
        }
        // A slash closes an element of SVG; in HTML, which is all that is cleaned, it says nothing.
        let is_closed = self.document.raw_html == RawHtml::AsWritten && tag.text.ends_with("/>");
        self.done.html.push_str(if is_closed { "/>" } else { ">" });
    }
}
