//! Markdown events to the body of a page: HTML with marks where only the whole site knows what belongs there.
//!
//! The HTML is finished but for its marks (`marks`): a link's address, an entry's state, highlighted code. Beside it
//! links, images, code, hints, headings and the plain words are collected. Nothing is resolved or highlighted here.
//!
//! In steps: find the link hints; lay out what the outline puts around the events (`layout`); render event by event; add
//! the footnotes; clean the whole when it holds raw HTML that is not tidy.

mod blocks;
mod diagnosis;
mod footnotes;
mod formulas;
mod layout;
mod link_hints;
mod links;
mod marks;
mod quotes;
mod raw_html;
mod text;

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::diagnosis::Diagnosis;
use super::events::{Dollars, Events};
use super::expand::{Expanded, without_inserts};
use super::formula::Display;
use super::hints::Openings;
use super::html::{self, attribute, escape_into};
use super::outline::Outline;
use super::page::{CodeBlock, Entry, Hint, HintForm, Link, TocLine};
use super::slug::{Ids, is_safe_id};
use super::tidy::is_tidy;
use crate::diagnostics::{Sink, Span};
use blocks::Table;
use layout::{What, cuts};
use links::Written;
pub use marks::{END, MARK, Mark, WORDS, marks, word};
use text::{Hole, holes, may_have_to_dos};

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
    /// Every formula, as MathML.
    pub formulas: Vec<String>,
    /// Ids that raw HTML sets, beside those of headings and entries.
    pub raw_ids: Vec<String>,
    /// Headings and questions outside lists and quotations, in order.
    pub toc: Vec<TocLine>,
    /// Offsets in `text` at the events asked for.
    pub cuts: BTreeMap<usize, usize>,
    /// Places of `TODO` and the like.
    pub todos: Vec<(usize, Span)>,
    /// Comments, with their marks and places.
    pub comments: Vec<(String, Span)>,
    /// Trees of questions, in the order of the outline.
    pub diagnoses: Vec<Diagnosis>,
}

/// A page before it is rendered: its text, and what is known of it.
#[derive(Clone, Copy)]
pub struct Document<'a, 'e> {
    /// Its Markdown, with the way back to the sources.
    pub expanded: &'a Expanded<'a>,
    /// The events of that.
    pub events: &'a Events<'e>,
    /// Which events are what.
    pub outline: &'a Outline,
    /// Ids of the headings, in the order of the outline.
    pub heading_ids: &'a [String],
    /// Ids of the questions of each tree, in the order of the outline.
    pub tree_ids: &'a [Vec<String>],
    /// Former ids by the id that they have become.
    pub former_ids: &'a BTreeMap<String, Vec<String>>,
    /// Its entries, with ids, in the order of the outline.
    pub entries: &'a [Entry],
    /// What becomes of raw HTML.
    pub raw_html: RawHtml,
    /// What link hints begin with.
    pub openings: &'a Openings,
    /// What dollar signs mean.
    pub dollars: Dollars,
}

/// Renders `document`. `ids` holds the ids that are taken; those of raw HTML are added.
pub fn render(document: Document<'_, '_>, ids: &mut Ids, sink: &mut Sink) -> Rendered {
    let mut renderer = Renderer {
        document,
        ids,
        sink,
        done: Rendered {
            html: String::with_capacity(document.expanded.text.len() * 3 / 2),
            text: String::with_capacity(document.expanded.text.len()),
            toc: Vec::with_capacity(document.outline.headings.len()),
            ..Rendered::default()
        },
        cuts: cuts(document.outline),
        holes: holes(document.outline),
        entry: None,
        has_to_dos: may_have_to_dos(&document.expanded.text),
        needs_cleaning: false,
        open_links: Vec::new(),
        tables: Vec::new(),
        quotes: Vec::new(),
        footnotes: Vec::new(),
        footnote_numbers: HashMap::new(),
        footnote_html: BTreeMap::new(),
        footnote_open: Vec::new(),
        in_heading: false,
        link_text: Vec::new(),
        definitions: OnceCell::new(),
    };
    renderer.find_hints();
    if let Some(title) = document.outline.title {
        renderer.done.html += &document.former_ids(&document.heading_ids[title]);
    }
    renderer.run();
    renderer.finish()
}

impl Document<'_, '_> {
    /// Places for the links that still name what `id` was called before.
    fn former_ids(&self, id: &str) -> String {
        let former = self.former_ids.get(id).into_iter().flatten();
        former.map(|old| format!("<span id=\"{}\"></span>", attribute(old))).collect()
    }
}

struct Renderer<'a, 'e> {
    document: Document<'a, 'e>,
    ids: &'a mut Ids,
    sink: &'a mut Sink,
    done: Rendered,
    cuts: Vec<usize>,
    holes: Vec<Hole>,
    entry: Option<usize>,
    has_to_dos: bool,
    needs_cleaning: bool,
    /// Links that are open; `None` for a link of which only the text is shown.
    open_links: Vec<Option<usize>>,
    tables: Vec<Table>,
    quotes: Vec<&'static str>,
    /// Labels in the order of their first reference.
    footnotes: Vec<footnotes::Footnote>,
    footnote_numbers: HashMap<String, usize>,
    footnote_html: BTreeMap<String, String>,
    footnote_open: Vec<(String, String)>,
    in_heading: bool,
    /// Where the text of each open link begins in the HTML.
    link_text: Vec<usize>,
    /// The page parsed for the places of its definitions, when one was asked for.
    definitions: OnceCell<Parser<'a>>,
}

impl Renderer<'_, '_> {
    fn run(&mut self) {
        let actions = self.actions();
        let title = self.document.outline.title.map(|title| &self.document.outline.headings[title].events);
        let mut next_action = 0;
        let mut next_cut = 0;
        let mut index = 0;
        while index <= self.document.events.len() {
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
            if index == self.document.events.len() {
                break;
            }
            if title.is_some_and(|title| title.contains(&index)) {
                index += 1;
                continue;
            }
            index = match self.tree_at(index) {
                Some(tree) => self.tree(tree),
                None if skip => self.skipped(index),
                None => self.event(index),
            };
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
        let (event, range) = &self.document.events[index];
        match event {
            Event::Start(tag) => return self.start(index, tag, range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(text, range),
            Event::Code(code) => {
                if !self.in_hole(range) {
                    let code = without_inserts(code);
                    self.done.html.push_str("<code>");
                    escape_into(&mut self.done.html, &code);
                    self.done.html.push_str("</code>");
                    self.done.text.push_str(&code);
                }
            }
            Event::Html(html) => self.raw(&[(html, range.clone())], HintForm::CommentBlock),
            Event::InlineHtml(html) => self.raw(&[(html, range.clone())], HintForm::Comment),
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
                let (checked, key) = if *checked { (" checked", "task_done") } else { ("", "task_open") };
                let label = word(key);
                self.done
                    .html
                    .push_str(&format!("<input type=\"checkbox\" disabled{checked} aria-label=\"{label}\"> "));
            }
            Event::InlineMath(tex) => self.formula(tex, Display::Inline, range),
            Event::DisplayMath(tex) => self.formula(tex, Display::Block, range),
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
                let task = matches!(self.document.events[index + 1].0, Event::TaskListMarker(_))
                    || (matches!(self.document.events[index + 1].0, Event::Start(Tag::Paragraph))
                        && matches!(self.document.events[index + 2].0, Event::TaskListMarker(_)));
                self.done.html.push_str(if task { "<li class=\"task\">" } else { "<li>" });
            }
            Tag::FootnoteDefinition(label) => self.footnote_start(label),
            Tag::DefinitionList => self.open("<dl>\n"),
            Tag::DefinitionListTitle => self.open("<dt>"),
            Tag::DefinitionListDefinition => self.open("<dd>"),
            Tag::Table(alignments) => {
                let label = word("table");
                // Reached by the keyboard, so that it scrolls; no landmark, since a page may have many.
                self.open(&format!(
                    "<div class=\"table\" role=\"group\" aria-label=\"{label}\" tabindex=\"0\">\n<table>\n"
                ));
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
            Tag::Link { link_type, dest_url: dest, title, id } => {
                let written = Written { link_type: *link_type, dest, title, id, range: range.clone() };
                return self.link_start(index, &written);
            }
            Tag::Image { link_type, dest_url: dest, title, id } => {
                return self.image(index, &Written { link_type: *link_type, dest, title, id, range: range.clone() });
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
            TagEnd::FootnoteDefinition => self.footnote_end(),
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
        self.document.expanded.span(range)
    }

    fn finish(mut self) -> Rendered {
        self.footnote_list();
        let is_trusted = !self.needs_cleaning || self.document.raw_html == RawHtml::AsWritten;
        if !is_trusted && !is_tidy(&self.done.html) {
            self.done.html = html::clean(&self.done.html);
        }
        for id in std::mem::take(&mut self.done.raw_ids) {
            if is_safe_id(&id) && (self.ids.claim(&id) || self.document.raw_html == RawHtml::AsWritten) {
                self.done.raw_ids.push(id);
            }
        }
        // Both are kept until the site is made; an allocator that shrinks a text leaves half of it where it is.
        self.done.html = self.done.html.as_str().into();
        self.done.text = self.done.text.as_str().into();
        self.done
    }
}
