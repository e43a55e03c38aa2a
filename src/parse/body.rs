//! Markdown events to the body of a page: HTML with marks where only the whole site knows what belongs there.
//!
//! The HTML is finished but for its marks: a link's address, an entry's state, highlighted code. A mark is
//! [`MARK`], a letter, a number, [`END`]; [`marks`] splits a body at them. Both are noncharacters, which no source text
//! holds once it is read, so a mark survives every escaping and the sanitiser.
//!
//! Beside the HTML this file collects links, images, code, hints, headings and the plain words. It resolves nothing and
//! highlights nothing.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use pulldown_cmark::{Alignment, BlockQuoteKind, CodeBlockKind, CowStr, Event, LinkType, Tag, TagEnd};

use super::events::Events;
use super::expand::{Expanded, INSERT, Piece, split_inserts, without_inserts};
use super::hints::{self, Certainty, Run};
use super::html::{self, Token, attribute, escape_into, is_element, is_harmless};
use super::outline::{Outline, is_inline};
use super::shortcode::{Insert, alert_start};
use super::slug::{Ids, is_safe_id};
use super::{CodeBlock, Entry, Hint, Link, LinkKind, TocLine};
use crate::diagnostics::{Diagnostic, Sink, Span, rule};

/// Begins a mark.
pub const MARK: char = '\u{FDD0}';
/// Ends a mark.
pub const END: char = '\u{FDD1}';

/// What a mark in a body stands for. Numbers index the tables of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// `<a …>` or what stands for it when the link leads nowhere.
    LinkStart(usize),
    /// Its end.
    LinkEnd(usize),
    /// A whole image.
    Image(usize),
    /// Only the address, inside an attribute of raw HTML.
    Address(usize),
    /// A link hint.
    Hint(usize),
    /// A block of code.
    Code(usize),
    /// The line that says an entry's state, if it needs one.
    State(usize),
    /// The name of an entry's state, inside an attribute.
    StateName(usize),
}

fn mark(out: &mut String, letter: char, number: usize) {
    use std::fmt::Write;
    // Writing to a string cannot fail.
    let _ = write!(out, "{MARK}{letter}{number}{END}");
}

/// Splits a body into finished HTML and marks.
pub fn marks(body: &str) -> impl Iterator<Item = (&str, Option<Mark>)> {
    let mut rest = Some(body);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(start) = text.find(MARK) else {
            rest = None;
            return Some((text, None));
        };
        let inside = &text[start + MARK.len_utf8()..];
        let Some(end) = inside.find(END) else {
            rest = None;
            return Some((&text[..start], None));
        };
        rest = Some(&inside[end + END.len_utf8()..]);
        Some((&text[..start], parse_mark(&inside[..end])))
    })
}

fn parse_mark(text: &str) -> Option<Mark> {
    let number = text.get(1..)?.parse().ok()?;
    Some(match text.as_bytes()[0] {
        b'L' => Mark::LinkStart(number),
        b'l' => Mark::LinkEnd(number),
        b'I' => Mark::Image(number),
        b'U' => Mark::Address(number),
        b'H' => Mark::Hint(number),
        b'C' => Mark::Code(number),
        b'S' => Mark::State(number),
        b'D' => Mark::StateName(number),
        _ => return None,
    })
}

/// Is raw HTML cleaned or let through?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RawHtml {
    /// Cleaned.
    Sanitised,
    /// Written as it stands (`unsafe_html: true`).
    AsWritten,
}

/// What rendering a body gives.
#[derive(Debug, Default)]
pub struct Rendered {
    /// HTML with marks.
    pub html: String,
    /// The words, a line break between blocks.
    pub text: String,
    /// Every link and image.
    pub links: Vec<Link>,
    /// Every link hint.
    pub hints: Vec<Hint>,
    /// Every block of code.
    pub code: Vec<CodeBlock>,
    /// Ids that raw HTML sets, beside those of headings and entries.
    pub raw_ids: Vec<String>,
    /// Footnotes' and other ids are not link targets of authors.
    pub toc: Vec<TocLine>,
    /// Offsets in `text` at the events asked for.
    pub cuts: HashMap<usize, usize>,
    /// Places of `TODO` and the like.
    pub todos: Vec<(usize, Span)>,
}

/// What to put where while rendering.
struct Action {
    at: usize,
    order: u8,
    what: What,
}

enum What {
    Emit(String),
    Skip,
    Enter(usize),
    Leave,
}

/// Renders `events` by their `outline`. `entries` are the page's entries, with ids, in the order of the outline.
#[allow(clippy::too_many_arguments)]
pub fn render(
    expanded: &Expanded<'_>,
    events: &Events<'_>,
    outline: &Outline,
    heading_ids: &[String],
    entries: &[Entry],
    raw_html: RawHtml,
    ids: &mut Ids,
    sink: &mut Sink,
) -> Rendered {
    let mut renderer = Renderer {
        expanded,
        events,
        outline,
        heading_ids,
        entries,
        raw_html,
        ids,
        sink,
        done: Rendered { html: String::with_capacity(expanded.text.len() * 3 / 2), ..Rendered::default() },
        cuts: cuts(outline),
        holes: holes(outline),
        entry: None,
        needs_cleaning: false,
        open_links: Vec::new(),
        tables: Vec::new(),
        quotes: Vec::new(),
        footnotes: Vec::new(),
        footnote_html: BTreeMap::new(),
        footnote_open: Vec::new(),
        in_heading: false,
        link_text: Vec::new(),
    };
    renderer.find_hints();
    renderer.run();
    renderer.finish()
}

/// Events at which the length of the text so far is wanted.
fn cuts(outline: &Outline) -> Vec<usize> {
    let mut cuts: Vec<usize> = outline
        .entries
        .iter()
        .flat_map(|entry| {
            entry
                .parts
                .iter()
                .flat_map(|part| [part.events.start, part.events.end])
                .chain([entry.answer.start, entry.answer.end])
        })
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// Bytes of the Markdown that are not shown as they stand.
struct Hole {
    range: Range<usize>,
    /// The hint to show instead.
    hint: Option<usize>,
}

fn holes(outline: &Outline) -> Vec<Hole> {
    let headings = outline.headings.iter().filter_map(|heading| heading.attributes.as_ref());
    let bullets =
        outline.entries.iter().filter(|entry| entry.heading.is_none()).filter_map(|entry| entry.attributes.as_ref());
    headings.chain(bullets).map(|(_, range)| Hole { range: range.clone(), hint: None }).collect()
}

struct Renderer<'a, 'e> {
    expanded: &'a Expanded<'a>,
    events: &'a Events<'e>,
    outline: &'a Outline,
    heading_ids: &'a [String],
    entries: &'a [Entry],
    raw_html: RawHtml,
    ids: &'a mut Ids,
    sink: &'a mut Sink,
    done: Rendered,
    cuts: Vec<usize>,
    holes: Vec<Hole>,
    entry: Option<usize>,
    needs_cleaning: bool,
    /// Links that are open; `None` for a link of which only the text is shown.
    open_links: Vec<Option<usize>>,
    tables: Vec<Table>,
    quotes: Vec<&'static str>,
    /// Labels in the order of their first reference.
    footnotes: Vec<String>,
    footnote_html: BTreeMap<String, String>,
    footnote_open: Vec<(String, String)>,
    in_heading: bool,
    /// Where the text of each open link begins in the HTML.
    link_text: Vec<usize>,
}

struct Table {
    alignments: Vec<Alignment>,
    cell: usize,
    head: bool,
}

impl Renderer<'_, '_> {
    fn actions(&self) -> Vec<Action> {
        let mut actions = Vec::new();
        let mut push = |at: usize, order: u8, what: What| actions.push(Action { at, order, what });
        for (number, entry) in self.outline.entries.iter().enumerate() {
            let whole = entry.heading.is_none() && entry.words.is_empty();
            for part in &entry.parts {
                let Some(heading) = part.heading else {
                    continue;
                };
                let start = self.outline.headings[heading].events.start;
                push(start, 4, What::Emit(format!("<section class=\"part part-{}\">\n", part.kind.name())));
                push(part.events.end, 0, What::Emit("</section>\n".into()));
            }
            push(entry.events.start, 3, What::Enter(number));
            push(entry.events.end, 2, What::Leave);
            if whole {
                continue;
            }
            let mut open = String::from("<section class=\"entry\" data-state=\"");
            mark(&mut open, 'D', number);
            open.push_str("\">\n");
            if entry.heading.is_none() {
                let id = &self.entries[number].id;
                open += &format!("<h{} class=\"question\" id=\"{}\">", entry.level, attribute(id));
                let close = self.question_end(number, entry.level);
                push(entry.words.end, 1, What::Emit(close));
                for event in (entry.events.start..entry.words.start).chain([entry.events.end - 1]) {
                    push(event, 5, What::Skip);
                }
                self.bullet_answer(entry, &mut push);
            }
            push(entry.events.start, 3, What::Emit(open));
            let close = if entry.answered { "</div>\n</section>\n" } else { "</section>\n" };
            let end = if entry.heading.is_none() { entry.events.end - 1 } else { entry.events.end };
            push(end, 2, What::Emit(close.into()));
        }
        for list in &self.outline.lists {
            push(list.events.start, 5, What::Skip);
            push(list.events.end - 1, 5, What::Skip);
            let mut plain = false;
            for (item, entry) in &list.items {
                if entry.is_none() != plain {
                    plain = entry.is_none();
                    push(item.start, 1, What::Emit(if plain { "<ul>\n".into() } else { "</ul>\n".into() }));
                }
            }
            if plain {
                push(list.events.end - 1, 1, What::Emit("</ul>\n".into()));
            }
        }
        // A stable sort keeps what is pushed together in order.
        actions.sort_by_key(|action| (action.at, action.order));
        actions
    }

    /// The paragraph around a bullet's question goes; what follows the question on further lines becomes one.
    fn bullet_answer(&self, entry: &super::outline::EntrySketch, push: &mut impl FnMut(usize, u8, What)) {
        let end = entry.words.end;
        let loose = matches!(self.events[entry.words.start - 1].0, Event::Start(Tag::Paragraph));
        match &self.events[end].0 {
            Event::End(TagEnd::Paragraph) if loose => push(end, 5, What::Skip),
            Event::SoftBreak | Event::HardBreak => {
                push(end, 5, What::Skip);
                push(end, 2, What::Emit("<p>".into()));
                if !loose {
                    let mut depth = 0usize;
                    let rest = self.events[end..entry.events.end].iter().position(|(event, _)| match event {
                        Event::Start(tag) if is_inline(tag) => {
                            depth += 1;
                            false
                        }
                        Event::End(_) if depth > 0 => {
                            depth -= 1;
                            false
                        }
                        Event::Start(_) | Event::End(_) => true,
                        _ => false,
                    });
                    let stop = rest.map_or(entry.events.end - 1, |rest| end + rest);
                    push(stop, 1, What::Emit("</p>\n".into()));
                }
            }
            _ => {}
        }
    }

    /// What stands between a question and its answer.
    fn question_end(&self, number: usize, level: u8) -> String {
        let entry = &self.outline.entries[number];
        let mut html = String::new();
        permalink(&mut html, &self.entries[number].id);
        html += &format!("</h{level}>\n");
        mark(&mut html, 'S', number);
        if entry.answered {
            html += "<div class=\"answer\">\n";
        }
        html
    }

    fn run(&mut self) {
        let actions = self.actions();
        let mut next_action = 0;
        let mut next_cut = 0;
        let mut index = 0;
        while index <= self.events.len() {
            while self.cuts.get(next_cut).is_some_and(|cut| *cut <= index) {
                self.done.cuts.insert(self.cuts[next_cut], self.done.text.len());
                next_cut += 1;
            }
            let mut skip = false;
            while let Some(action) = actions.get(next_action).filter(|action| action.at <= index) {
                match &action.what {
                    What::Emit(html) => self.block_html(html),
                    What::Skip => skip = action.at == index,
                    What::Enter(number) => self.entry = Some(*number),
                    What::Leave => self.entry = None,
                }
                next_action += 1;
            }
            if index == self.events.len() {
                break;
            }
            let title = self.outline.title.map(|title| self.outline.headings[title].events.clone());
            if title.as_ref().is_some_and(|title| title.contains(&index)) {
                index += 1;
                continue;
            }
            index = if skip { self.skipped(index) } else { self.event(index) };
        }
    }

    fn skipped(&mut self, index: usize) -> usize {
        self.break_text();
        index + 1
    }

    fn block_html(&mut self, html: &str) {
        if html.starts_with("<section") || html.starts_with("<ul") {
            self.newline();
        }
        self.done.html.push_str(html);
        self.break_text();
    }

    /// Renders one event, or an image or code block with its content, and says where to go on.
    fn event(&mut self, index: usize) -> usize {
        let (event, range) = &self.events[index];
        match event {
            Event::Start(tag) => return self.start(index, tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(text, range),
            Event::Code(code) => {
                if !self.in_hole(range) {
                    self.done.html.push_str("<code>");
                    escape_into(&mut self.done.html, code);
                    self.done.html.push_str("</code>");
                    self.done.text.push_str(code);
                }
            }
            Event::Html(html) => self.raw(&[(html, range.clone())]),
            Event::InlineHtml(html) => self.raw(&[(html, range.clone())]),
            Event::FootnoteReference(label) => self.footnote_reference(label),
            Event::SoftBreak => {
                self.done.html.push('\n');
                self.done.text.push(' ');
            }
            Event::HardBreak => {
                self.done.html.push_str("<br>\n");
                self.done.text.push('\n');
            }
            Event::Rule => {
                self.newline();
                self.done.html.push_str("<hr>\n");
            }
            Event::TaskListMarker(checked) => {
                let checked = if *checked { " checked" } else { "" };
                self.done.html.push_str(&format!("<input type=\"checkbox\" disabled{checked}> "));
            }
            Event::InlineMath(math) | Event::DisplayMath(math) => self.text(math, range),
        }
        index + 1
    }

    fn start(&mut self, index: usize, tag: &Tag<'_>, range: &Range<usize>) -> usize {
        match tag {
            Tag::Paragraph => {
                self.newline();
                self.done.html.push_str("<p>");
            }
            Tag::Heading { .. } => return self.heading(index),
            Tag::BlockQuote(kind) => self.quote_start(*kind, range),
            Tag::CodeBlock(kind) => return self.code_block(index, kind),
            Tag::HtmlBlock => return self.html_block(index),
            Tag::List(first) => {
                self.newline();
                match first {
                    None => self.done.html.push_str("<ul>\n"),
                    Some(1) => self.done.html.push_str("<ol>\n"),
                    Some(first) => self.done.html.push_str(&format!("<ol start=\"{first}\">\n")),
                }
            }
            Tag::Item => {
                self.newline();
                let task = matches!(self.events[index + 1].0, Event::TaskListMarker(_))
                    || (matches!(self.events[index + 1].0, Event::Start(Tag::Paragraph))
                        && matches!(self.events[index + 2].0, Event::TaskListMarker(_)));
                self.done.html.push_str(if task { "<li class=\"task\">" } else { "<li>" });
            }
            Tag::FootnoteDefinition(label) => {
                let html = std::mem::take(&mut self.done.html);
                self.footnote_open.push((label.to_string(), html));
            }
            Tag::DefinitionList => self.open("<dl>\n"),
            Tag::DefinitionListTitle => self.open("<dt>"),
            Tag::DefinitionListDefinition => self.open("<dd>"),
            Tag::Table(alignments) => {
                self.open("<div class=\"table\" role=\"region\" aria-label=\"Table\" tabindex=\"0\">\n<table>\n");
                self.tables.push(Table { alignments: alignments.clone(), cell: 0, head: false });
            }
            Tag::TableHead => {
                if let Some(table) = self.tables.last_mut() {
                    table.head = true;
                    table.cell = 0;
                }
                self.done.html.push_str("<thead>\n<tr>");
            }
            Tag::TableRow => {
                if let Some(table) = self.tables.last_mut() {
                    table.cell = 0;
                }
                self.done.html.push_str("<tr>");
            }
            Tag::TableCell => self.cell_start(),
            Tag::Emphasis => self.done.html.push_str("<em>"),
            Tag::Strong => self.done.html.push_str("<strong>"),
            Tag::Strikethrough => self.done.html.push_str("<del>"),
            Tag::Superscript => self.done.html.push_str("<sup>"),
            Tag::Subscript => self.done.html.push_str("<sub>"),
            Tag::Link { link_type, dest_url, title, id } => {
                self.link_start(index, *link_type, dest_url, title, id, range)
            }
            Tag::Image { link_type, dest_url, title, id } => {
                return self.image(index, *link_type, dest_url, title, id, range);
            }
            Tag::MetadataBlock(_) => {}
        }
        index + 1
    }

    fn end(&mut self, tag: &TagEnd) {
        match tag {
            TagEnd::Paragraph => self.close("</p>\n"),
            TagEnd::Heading(_) => {}
            TagEnd::BlockQuote(_) => {
                self.newline();
                let end = self.quotes.pop().unwrap_or("</blockquote>\n");
                self.close(end);
            }
            TagEnd::List(ordered) => self.close(if *ordered { "</ol>\n" } else { "</ul>\n" }),
            TagEnd::Item => self.close("</li>\n"),
            TagEnd::FootnoteDefinition => {
                if let Some((label, html)) = self.footnote_open.pop() {
                    let note = std::mem::replace(&mut self.done.html, html);
                    self.footnote_html.entry(label).or_insert(note);
                }
                self.break_text();
            }
            TagEnd::DefinitionList => self.close("</dl>\n"),
            TagEnd::DefinitionListTitle => self.close("</dt>\n"),
            TagEnd::DefinitionListDefinition => self.close("</dd>\n"),
            TagEnd::Table => {
                self.tables.pop();
                self.close("</tbody>\n</table>\n</div>\n");
            }
            TagEnd::TableHead => {
                if let Some(table) = self.tables.last_mut() {
                    table.head = false;
                }
                self.close("</tr>\n</thead>\n<tbody>\n");
            }
            TagEnd::TableRow => self.close("</tr>\n"),
            TagEnd::TableCell => self.cell_end(),
            TagEnd::Emphasis => self.done.html.push_str("</em>"),
            TagEnd::Strong => self.done.html.push_str("</strong>"),
            TagEnd::Strikethrough => self.done.html.push_str("</del>"),
            TagEnd::Superscript => self.done.html.push_str("</sup>"),
            TagEnd::Subscript => self.done.html.push_str("</sub>"),
            TagEnd::Link => self.link_end(),
            TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::Image | TagEnd::MetadataBlock(_) => {}
        }
    }

    fn open(&mut self, html: &str) {
        self.newline();
        self.done.html.push_str(html);
    }

    fn close(&mut self, html: &str) {
        self.done.html.push_str(html);
        self.break_text();
    }

    fn newline(&mut self) {
        if !self.done.html.is_empty() && !self.done.html.ends_with('\n') {
            self.done.html.push('\n');
        }
        self.break_text();
    }

    fn break_text(&mut self) {
        if !self.done.text.is_empty() && !self.done.text.ends_with('\n') {
            self.done.text.push('\n');
        }
    }

    fn span(&self, range: &Range<usize>) -> Span {
        self.expanded.span(range)
    }

    fn in_hole(&self, range: &Range<usize>) -> bool {
        self.holes.iter().any(|hole| hole.range.start <= range.start && range.end <= hole.range.end)
    }

    fn text(&mut self, text: &CowStr<'_>, range: &Range<usize>) {
        for word in ["TODO", "TBD", "FIXME"] {
            if let (Some(at), Some(entry)) = (find_word(text, word), self.entry) {
                let at = (range.start + at).min(range.end);
                self.done.todos.push((entry, self.expanded.span(&(at..at + word.len()))));
            }
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
        if !text.contains(INSERT) {
            escape_into(&mut self.done.html, text);
            self.done.text.push_str(text);
            return;
        }
        let expanded = self.expanded;
        for piece in split_inserts(text) {
            match piece {
                Piece::Text(words) => {
                    escape_into(&mut self.done.html, words);
                    self.done.text.push_str(words);
                }
                Piece::Insert(number) => match expanded.inserts.get(number) {
                    // An address that was to stand in a link is shown as it is.
                    Some(Insert::Address(address, _)) => {
                        escape_into(&mut self.done.html, address);
                        self.done.text.push_str(address);
                    }
                    Some(insert) => self.insert(insert),
                    None => {}
                },
            }
        }
    }

    /// Renders a heading with its content, and says where to go on.
    fn heading(&mut self, index: usize) -> usize {
        self.newline();
        let outline = self.outline;
        let number = outline.headings.partition_point(|heading| heading.events.start < index);
        let heading = &outline.headings[number];
        let entry = outline.entries.iter().position(|entry| entry.heading == Some(number));
        let id = self.heading_ids[number].clone();
        let class = if entry.is_some() { " class=\"question\"" } else { "" };
        self.done.html.push_str(&format!("<h{}{class} id=\"{}\">", heading.level, attribute(&id)));
        self.in_heading = true;
        let mut inner = heading.events.start + 1;
        while inner < heading.events.end - 1 {
            inner = self.event(inner);
        }
        self.in_heading = false;
        match entry {
            Some(entry) => {
                let end = self.question_end(entry, heading.level);
                self.done.html.push_str(&end);
            }
            None => {
                permalink(&mut self.done.html, &id);
                self.done.html.push_str(&format!("</h{}>\n", heading.level));
            }
        }
        self.break_text();
        if !heading.nested {
            self.done.toc.push(TocLine { level: heading.level, text: heading.text.clone(), id, entry });
        }
        heading.events.end
    }

    fn quote_start(&mut self, kind: Option<BlockQuoteKind>, range: &Range<usize>) {
        self.newline();
        let (class, word) = match kind {
            Some(BlockQuoteKind::Note) => ("note", "Note"),
            Some(BlockQuoteKind::Tip) => ("tip", "Tip"),
            Some(BlockQuoteKind::Important) => ("important", "Important"),
            Some(BlockQuoteKind::Warning) => ("warning", "Warning"),
            Some(BlockQuoteKind::Caution) => ("caution", "Caution"),
            None => return self.marked_quote(range),
        };
        self.done.html.push_str(&alert_start(class, word));
        self.quotes.push("</div>\n");
    }

    /// A quotation that begins with `[!div class="…"]`, `[!VIDEO address]` or an alert's mark with words behind it.
    fn marked_quote(&mut self, range: &Range<usize>) {
        let source = &self.expanded.text[range.clone()];
        let inner = source.trim_start_matches(['>', ' ', '\t']);
        let at = range.start + (source.len() - inner.len());
        let end = inner.lines().next().and_then(|line| line.find(']'));
        let (Some(words), Some(end)) = (inner.strip_prefix("[!"), end) else {
            self.done.html.push_str("<blockquote>\n");
            self.quotes.push("</blockquote>\n");
            return;
        };
        let words = &words[..end - 2];
        let name = words.split_whitespace().next().unwrap_or_default().to_lowercase();
        let (start, close) = match name.as_str() {
            "div" => ("<div class=\"next-step\">\n".to_owned(), "</div>\n"),
            "note" => (alert_start("note", "Note"), "</div>\n"),
            "tip" => (alert_start("tip", "Tip"), "</div>\n"),
            "important" => (alert_start("important", "Important"), "</div>\n"),
            "warning" => (alert_start("warning", "Warning"), "</div>\n"),
            "caution" => (alert_start("caution", "Caution"), "</div>\n"),
            "video" => ("<div class=\"next-step\">\n".to_owned(), "</div>\n"),
            _ => ("<blockquote>\n".to_owned(), "</blockquote>\n"),
        };
        self.done.html.push_str(&start);
        self.quotes.push(close);
        if close == "</div>\n" {
            self.holes.push(Hole { range: at..at + end + 1, hint: None });
        }
        if name == "video" {
            let address = words.split_whitespace().nth(1).unwrap_or_default().to_owned();
            let link = self.add_link(LinkKind::Address, address.clone(), &(at..at + end + 1));
            self.done.html.push_str("<p>");
            mark(&mut self.done.html, 'L', link);
            escape_into(&mut self.done.html, &address);
            mark(&mut self.done.html, 'l', link);
            self.done.html.push_str("</p>\n");
        }
    }

    fn code_block(&mut self, index: usize, kind: &CodeBlockKind<'_>) -> usize {
        let mut code = String::new();
        let mut at = index + 1;
        while let Some((event, _)) = self.events.get(at) {
            match event {
                Event::Text(text) => code.push_str(text),
                Event::End(TagEnd::CodeBlock) => break,
                _ => {}
            }
            at += 1;
        }
        self.newline();
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.as_ref(),
            CodeBlockKind::Indented => "",
        };
        let language = info.split([' ', '\t', ',', '{']).next().unwrap_or_default().trim_matches(['.', ':']).to_owned();
        self.done.text.push_str(&code);
        self.break_text();
        mark(&mut self.done.html, 'C', self.done.code.len());
        self.done.html.push('\n');
        let range = &self.events[index].1;
        let place = if language.is_empty() {
            range.clone()
        } else {
            let line = &self.expanded.text[range.clone()];
            let from = range.start + line.find(language.as_str()).unwrap_or(0);
            from..from + language.len()
        };
        let span = self.span(&place);
        self.done.code.push(CodeBlock { language, code, entry: self.entry, span });
        at + 1
    }

    fn html_block(&mut self, index: usize) -> usize {
        let mut pieces = Vec::new();
        let mut at = index + 1;
        while let Some((event, range)) = self.events.get(at) {
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
        self.raw(&pieces);
        at + 1
    }

    /// Raw HTML: inserts are put in, comments dropped, links and ids noted, names that HTML does not have shown as text.
    fn raw(&mut self, pieces: &[(&CowStr<'_>, Range<usize>)]) {
        let mut joined = String::new();
        let mut places = Vec::new();
        for (piece, range) in pieces {
            places.push((joined.len(), range.start));
            joined.push_str(piece);
        }
        let source = |at: usize| {
            let (start, from) = places[places.partition_point(|(start, _)| *start <= at) - 1];
            from + (at - start)
        };
        if self.raw_html == RawHtml::AsWritten && !joined.contains(INSERT) {
            for token in html::tokens(&joined) {
                if let Token::Tag(tag) = &token {
                    self.raw_tag_ids(tag, &joined);
                }
            }
            self.done.html.push_str(&joined);
            return;
        }
        for token in html::tokens(&joined) {
            match token {
                Token::Comment(comment) => match comment.split(INSERT).nth(1) {
                    Some(number) => {
                        let number = number.trim_end_matches("-->").parse().ok();
                        if let Some(insert) = number.and_then(|n: usize| self.expanded.inserts.get(n)) {
                            self.insert(insert);
                        }
                    }
                    None => {
                        if let (true, Some(entry)) = (comment.contains("TODO") || comment.contains("FIXME"), self.entry)
                        {
                            let start = pieces[0].1.start;
                            self.done.todos.push((entry, self.expanded.span(&(start..pieces[pieces.len() - 1].1.end))));
                        }
                    }
                },
                Token::Text(text) => {
                    for piece in split_inserts(text) {
                        match piece {
                            Piece::Text(html) => {
                                self.done.html.push_str(html);
                                self.done.text.push_str(html.trim());
                            }
                            Piece::Insert(number) => {
                                if let Some(insert) = self.expanded.inserts.get(number) {
                                    self.insert(insert);
                                }
                            }
                        }
                    }
                }
                Token::Tag(tag) => {
                    if !is_element(&tag.name) && self.raw_html == RawHtml::Sanitised {
                        escape_into(&mut self.done.html, tag.text);
                        self.done.text.push_str(tag.text);
                        continue;
                    }
                    // `</br>` is what browsers read as `<br>`.
                    if tag.text.starts_with("</br") || is_harmless(&tag) {
                        self.done.html.push_str(if tag.name == "hr" { "<hr>" } else { "<br>" });
                        continue;
                    }
                    self.needs_cleaning = true;
                    self.raw_tag_ids(&tag, &joined);
                    self.raw_tag(&tag, &joined, &source);
                }
            }
        }
    }

    fn raw_tag_ids(&mut self, tag: &html::RawTag<'_>, joined: &str) {
        for (key, value) in &tag.attributes {
            if key == "id" || (key == "name" && tag.name == "a") {
                self.done.raw_ids.push(joined[value.clone()].to_owned());
            }
        }
    }

    fn raw_tag(&mut self, tag: &html::RawTag<'_>, joined: &str, source: &impl Fn(usize) -> usize) {
        let mut done = tag.start;
        for (key, value) in &tag.attributes {
            let kind = match (tag.name.as_str(), key.as_str()) {
                ("a", "href") => LinkKind::Address,
                ("img" | "source" | "video" | "audio", "src") => LinkKind::RawImage,
                // An anchor of old: the sanitiser knows it as an id.
                ("a", "name") if !tag.attributes.iter().any(|(key, _)| key == "id") => {
                    let name_at = joined[done..value.start].rfind("name").map_or(value.start, |n| done + n);
                    self.done.html.push_str(&joined[done..name_at]);
                    self.done.html.push_str("id");
                    done = name_at + 4;
                    continue;
                }
                _ => continue,
            };
            let address = html::unescape(&joined[value.clone()]).into_owned();
            self.done.html.push_str(&joined[done..value.start]);
            let range = source(value.start)..source(value.start) + value.len();
            let link = self.add_link(kind, address, &range);
            mark(&mut self.done.html, 'U', link);
            done = value.end;
        }
        self.done.html.push_str(&joined[done..tag.start + tag.text.len()]);
    }

    fn insert(&mut self, insert: &Insert) {
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
            Insert::Address(..) => {}
        }
    }

    fn add_link(&mut self, kind: LinkKind, address: String, range: &Range<usize>) -> usize {
        let span = self.span(range);
        let base = self.expanded.file(range.start);
        let (entry, title, text) = (self.entry, String::new(), String::new());
        self.done.links.push(Link { kind, address, span, base, title, text, entry });
        self.done.links.len() - 1
    }

    /// The place and the meaning of a link's address.
    fn address(
        &self,
        link_type: LinkType,
        dest: &str,
        id: &str,
        range: &Range<usize>,
    ) -> (LinkKind, String, Range<usize>) {
        let source = &self.expanded.text[range.clone()];
        let within = |needle: &str| {
            let at = if needle.is_empty() { None } else { source.rfind(needle) };
            at.map_or(range.clone(), |at| range.start + at..range.start + at + needle.len())
        };
        match link_type {
            LinkType::WikiLink { .. } => (LinkKind::Name, dest.to_owned(), within(dest)),
            LinkType::ReferenceUnknown => (LinkKind::Reference, label(id), within(id)),
            LinkType::CollapsedUnknown => (LinkKind::Collapsed, label(id), within(id)),
            LinkType::ShortcutUnknown => (LinkKind::Shortcut, label(id), within(id)),
            LinkType::Email => (LinkKind::Address, format!("mailto:{dest}"), range.clone()),
            LinkType::Autolink => (LinkKind::Autolink, dest.to_owned(), range.clone()),
            _ => {
                if let Some((number, rest)) = dest.strip_prefix(INSERT).and_then(|inner| inner.split_once(INSERT)) {
                    let insert = number.parse().ok().and_then(|n: usize| self.expanded.inserts.get(n));
                    if let Some(Insert::Address(address, _)) = insert {
                        return (
                            LinkKind::Relref,
                            format!("{address}{rest}"),
                            within(&format!("{INSERT}{number}{INSERT}")),
                        );
                    }
                }
                (LinkKind::Address, dest.to_owned(), within(dest))
            }
        }
    }

    fn link_start(
        &mut self,
        index: usize,
        link_type: LinkType,
        dest: &CowStr<'_>,
        title: &CowStr<'_>,
        id: &CowStr<'_>,
        range: &Range<usize>,
    ) {
        // Docs-Authoring writes the headings of tabs as links.
        if self.in_heading && dest.starts_with("#tab/") {
            self.open_links.push(None);
            return;
        }
        let (kind, address, place) = self.address(link_type, dest, id, range);
        let number = self.add_link(kind, address, &place);
        let end = self.events[index..].iter().position(|(event, _)| matches!(event, Event::End(TagEnd::Link)));
        let inner = &self.events[index + 1..index + end.unwrap_or(1)];
        let empty = inner.iter().all(|(event, _)| {
            matches!(event, Event::Text(text) if text.trim().is_empty()) || matches!(event, Event::SoftBreak)
        });
        let link = &mut self.done.links[number];
        link.title = title.to_string();
        if kind == LinkKind::Address && (empty || link.address.trim().is_empty()) {
            let what = if empty { "the link has no text" } else { "the link has no address" };
            let span = self.expanded.span(range);
            self.sink.push(Diagnostic::at(&rule::EMPTY_LINK, span, what).help("write `[text](address)`"));
        }
        mark(&mut self.done.html, 'L', number);
        self.open_links.push(Some(number));
        self.link_text.push(self.done.text.len());
    }

    fn link_end(&mut self) {
        if let Some(Some(number)) = self.open_links.pop() {
            mark(&mut self.done.html, 'l', number);
            let from = self.link_text.pop().unwrap_or(self.done.text.len());
            self.done.links[number].text = self.done.text[from..].trim().to_owned();
        }
    }

    fn image(
        &mut self,
        index: usize,
        link_type: LinkType,
        dest: &CowStr<'_>,
        title: &CowStr<'_>,
        id: &CowStr<'_>,
        range: &Range<usize>,
    ) -> usize {
        let mut alt = String::new();
        let mut depth = 0usize;
        let mut at = index;
        while let Some((event, inner)) = self.events.get(at) {
            match event {
                Event::Start(Tag::Image { .. }) => depth += 1,
                Event::End(TagEnd::Image) => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                Event::Text(text) | Event::Code(text) if !self.in_hole(inner) => {
                    alt.push_str(&without_inserts(text));
                }
                Event::SoftBreak | Event::HardBreak => alt.push(' '),
                _ => {}
            }
            at += 1;
        }
        let (kind, address, place) = self.address(link_type, dest, id, range);
        let number = self.add_link(kind, address, &place);
        self.done.text.push_str(&alt);
        let link = &mut self.done.links[number];
        link.title = title.to_string();
        link.text = alt;
        link.kind = LinkKind::Image;
        mark(&mut self.done.html, 'I', number);
        at + 1
    }

    fn cell_start(&mut self) {
        let Some(table) = self.tables.last() else {
            return;
        };
        let tag = if table.head { "th" } else { "td" };
        let class = match table.alignments.get(table.cell) {
            Some(Alignment::Left) => " class=\"align-left\"",
            Some(Alignment::Center) => " class=\"align-center\"",
            Some(Alignment::Right) => " class=\"align-right\"",
            Some(Alignment::None) | None => "",
        };
        self.done.html.push_str(&format!("<{tag}{class}>"));
    }

    fn cell_end(&mut self) {
        let Some(table) = self.tables.last_mut() else {
            return;
        };
        table.cell += 1;
        self.done.html.push_str(if table.head { "</th>" } else { "</td>" });
        self.done.text.push('\t');
    }

    fn footnote_reference(&mut self, label: &str) {
        let number = self.footnotes.iter().position(|known| known == label).unwrap_or_else(|| {
            self.footnotes.push(label.to_owned());
            self.footnotes.len() - 1
        }) + 1;
        let first = !self.done.html.contains(&format!("id=\"fnref-{number}\""));
        let id = if first { format!(" id=\"fnref-{number}\"") } else { String::new() };
        self.done
            .html
            .push_str(&format!("<sup class=\"footnote-ref\"><a{id} href=\"#fn-{number}\">{number}</a></sup>"));
    }

    /// Looks through the paragraphs and bullets for link hints.
    fn find_hints(&mut self) {
        let mut runs: Vec<Run> = Vec::new();
        let mut quiet = 0usize;
        let mut in_link = 0usize;
        let mut found = Vec::new();
        for (event, range) in self.events {
            match event {
                Event::Start(Tag::CodeBlock(_) | Tag::Heading { .. } | Tag::Table(_) | Tag::HtmlBlock) => quiet += 1,
                Event::End(TagEnd::CodeBlock | TagEnd::Heading(_) | TagEnd::Table | TagEnd::HtmlBlock) => quiet -= 1,
                Event::Start(Tag::Link { .. } | Tag::Image { .. }) => {
                    in_link += 1;
                    runs.push(Run { text: hints::OBJECT.to_string(), range: range.start..range.start });
                }
                Event::End(TagEnd::Link | TagEnd::Image) => in_link -= 1,
                Event::Text(text) if quiet == 0 && in_link == 0 => {
                    runs.push(Run { text: text.to_string(), range: range.clone() })
                }
                Event::SoftBreak if quiet == 0 => {
                    runs.push(Run { text: " ".into(), range: range.start..range.start + 1 })
                }
                Event::HardBreak if quiet == 0 => {
                    runs.push(Run { text: "\n".into(), range: range.start..range.start + 1 })
                }
                Event::Code(_) | Event::InlineHtml(_) if quiet == 0 => {
                    runs.push(Run { text: hints::OBJECT.to_string(), range: range.start..range.start });
                }
                Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough) => {}
                Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough) => {
                    runs.push(Run { text: hints::OBJECT.to_string(), range: range.end..range.end });
                }
                Event::Start(_) | Event::End(_) => {
                    collect(&mut runs, &mut found);
                }
                _ => {}
            }
        }
        collect(&mut runs, &mut found);
        for hint in found {
            let span = self.expanded.span(&hint.range);
            match hint.certainty {
                Certainty::Doubtful => {
                    let message = format!("“{}” may ask for a link", &self.expanded.text[hint.range]);
                    let diagnostic = Diagnostic::at(&rule::DOUBTFUL_LINK_HINT, span, message);
                    self.sink.push(diagnostic.help("if it does, write the link; if not, nothing need be done"));
                }
                Certainty::Certain => {
                    let text = self.expanded.text[hint.whole.clone()].to_owned();
                    let number = self.done.hints.len();
                    let entry = self.outline.entries.iter().position(|e| {
                        self.events.get(e.events.start).is_some_and(|(_, first)| first.start <= hint.whole.start)
                            && self.events[e.events.start..e.events.end]
                                .iter()
                                .any(|(_, r)| r.start <= hint.whole.start && hint.whole.end <= r.end)
                    });
                    self.done.hints.push(Hint { phrase: hint.phrase, text, span, entry });
                    self.holes.push(Hole { range: hint.whole, hint: Some(number) });
                }
            }
        }
        self.holes.sort_by_key(|hole| hole.range.start);
    }

    fn finish(mut self) -> Rendered {
        for label in self.footnote_html.keys() {
            if !self.footnotes.contains(label) {
                self.footnotes.push(label.clone());
            }
        }
        if !self.footnotes.is_empty() {
            self.newline();
            self.done
                .html
                .push_str("<section class=\"footnotes\">\n<h2 class=\"visually-hidden\">Footnotes</h2>\n<ol>\n");
            for (index, label) in self.footnotes.iter().enumerate() {
                let number = index + 1;
                let note = self.footnote_html.get(label).map_or("", |html| html.trim_end());
                let back = format!(
                    " <a class=\"footnote-back\" href=\"#fnref-{number}\" aria-label=\"Back to the text\">↩</a>"
                );
                let note = match note.strip_suffix("</p>") {
                    Some(start) => format!("{start}{back}</p>"),
                    None => format!("{note}{back}"),
                };
                self.done.html.push_str(&format!("<li id=\"fn-{number}\">\n{note}\n</li>\n"));
            }
            self.done.html.push_str("</ol>\n</section>\n");
        }
        if self.needs_cleaning && self.raw_html == RawHtml::Sanitised {
            self.done.html = html::clean(&self.done.html);
        }
        for id in std::mem::take(&mut self.done.raw_ids) {
            if is_safe_id(&id) && (self.ids.claim(&id) || self.raw_html == RawHtml::AsWritten) {
                self.done.raw_ids.push(id);
            }
        }
        self.done.html.shrink_to_fit();
        self.done.text.shrink_to_fit();
        self.done
    }
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

/// A link to the heading it stands in.
fn permalink(out: &mut String, id: &str) {
    out.push_str(" <a class=\"permalink\" href=\"#");
    out.push_str(&crate::link::address::encode_fragment(id));
    out.push_str("\" aria-label=\"Permalink\">#</a>");
}

/// Where `word` stands in `text` as a word of its own.
fn find_word(text: &str, word: &str) -> Option<usize> {
    text.match_indices(word).map(|(at, _)| at).find(|&at| {
        let boundary = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '_');
        boundary(text[..at].chars().next_back()) && boundary(text[at + word.len()..].chars().next())
    })
}

/// Finds the hints of one paragraph and starts the next.
fn collect(runs: &mut Vec<Run>, found: &mut Vec<hints::Found>) {
    if runs.iter().any(|run| run.text.contains("ink")) {
        found.extend(hints::find(runs));
    }
    runs.clear();
}
