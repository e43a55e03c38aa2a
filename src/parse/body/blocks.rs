//! Headings, questions, blocks of code and the cells of tables.

use pulldown_cmark::{Alignment, CodeBlockKind, Event, TagEnd};

use super::marks::{mark, word};
use super::{Renderer, attribute};
use crate::parse::characters::is_noncharacter;
use crate::parse::code_info::CodeInfo;
use crate::parse::diagram::{self, Trouble, is_diagram};
use crate::parse::expand::without_inserts;
use crate::parse::page::{CodeBlock, TocLine, Undrawn};
use crate::parse::slug::encode_fragment;

pub(super) struct Table {
    pub(super) alignments: Vec<Alignment>,
    pub(super) cell: usize,
    pub(super) head: bool,
}

impl Renderer<'_, '_> {
    /// Renders a heading with its content, and says where to go on.
    pub(super) fn heading(&mut self, index: usize) -> usize {
        self.newline();
        let outline = self.document.outline;
        let number = outline.headings.partition_point(|heading| heading.events.start < index);
        let heading = &outline.headings[number];
        let entry = outline.entries.iter().position(|entry| entry.heading == Some(number));
        let id = self.document.heading_ids[number].clone();
        self.done.html.push_str("<h");
        self.done.html.push(digit(heading.level));
        self.done.html.push_str(if entry.is_some() { " class=\"question\" id=\"" } else { " id=\"" });
        self.done.html.push_str(&attribute(&id));
        self.done.html.push_str("\">");
        self.done.html += &self.document.former_ids(&id);
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
                self.done.html.push_str("</h");
                self.done.html.push(digit(heading.level));
                self.done.html.push_str(">\n");
            }
        }
        self.break_text();
        if !heading.nested {
            let span = self.span(&heading.source);
            self.done.toc.push(TocLine { level: heading.level, text: heading.text.clone(), id, span, entry });
        }
        heading.events.end
    }

    /// What stands between a question and its answer.
    pub(super) fn question_end(&self, number: usize, level: u8) -> String {
        let entry = &self.document.outline.entries[number];
        let mut html = String::new();
        permalink(&mut html, &self.document.entries[number].id);
        html += &format!("</h{level}>\n");
        mark(&mut html, 'S', number);
        if entry.answered {
            html += "<div class=\"answer\">\n";
        }
        html
    }

    pub(super) fn code_block(&mut self, index: usize, kind: &CodeBlockKind<'_>) -> usize {
        let info = match kind {
            CodeBlockKind::Fenced(info) => info.as_ref(),
            CodeBlockKind::Indented => "",
        };
        let CodeInfo { language, lines } = CodeInfo::of(info);
        let language = language.replace(is_noncharacter, "\u{FFFD}");
        let is_picture = is_diagram(&language);
        let mut code = String::new();
        // Where in the code each piece of it begins, and where in the text: in quotations and lists, lines are indented.
        let mut pieces = Vec::new();
        let mut at = index + 1;
        while let Some((event, range)) = self.document.events.get(at) {
            match event {
                Event::Text(text) => {
                    if is_picture {
                        pieces.push((code.len(), range.start));
                    }
                    code.push_str(&without_inserts(text));
                }
                Event::End(TagEnd::CodeBlock) => break,
                _ => {}
            }
            at += 1;
        }
        self.newline();
        self.done.text.push_str(&code);
        self.break_text();
        mark(&mut self.done.html, 'C', self.done.code.len());
        self.done.html.push('\n');
        let range = &self.document.events[index].1;
        let place = if language.is_empty() {
            range.clone()
        } else {
            let line = &self.document.expanded.text[range.clone()];
            let from = range.start + line.find(language.as_str()).unwrap_or(0);
            from..from + language.len()
        };
        let span = self.span(&place);
        let diagram = is_picture.then(|| {
            let read = diagram::read(&language, &code);
            Box::new(read.map_err(|Trouble { at, why }| {
                let place = at.and_then(|at| Some((in_text(&pieces, at.start)?, at.len())));
                let span = place.map_or(span, |(at, length)| self.span(&(at..at + length)));
                Undrawn { span, why }
            }))
        });
        self.done.code.push(CodeBlock { language, lines, code, entry: self.entry, span, diagram });
        at + 1
    }

    pub(super) fn cell_start(&mut self) {
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
        for part in ["<", tag, class, ">"] {
            self.done.html.push_str(part);
        }
    }

    pub(super) fn cell_end(&mut self) {
        let Some(table) = self.tables.last_mut() else {
            return;
        };
        table.cell += 1;
        self.done.html.push_str(if table.head { "</th>" } else { "</td>" });
        self.done.text.push('\t');
    }
}

/// The level of a heading, which is 1 to 6.
fn digit(level: u8) -> char {
    char::from(b'0' + level)
}

/// A link to the heading it stands in.
pub(super) fn permalink(out: &mut String, id: &str) {
    // A space that does not break: a mark alone on a line belongs to nothing.
    out.push_str("\u{A0}<a class=\"permalink\" href=\"#");
    out.push_str(&encode_fragment(id));
    out.push_str("\" aria-label=\"");
    out.push_str(&word("permalink"));
    out.push_str("\">#</a>");
}

/// Where in the text byte `at` of a block of code stands, of which `pieces` says where each piece begins in both.
fn in_text(pieces: &[(usize, usize)], at: usize) -> Option<usize> {
    let number = pieces.partition_point(|(start, _)| *start <= at).checked_sub(1)?;
    let (start, place) = pieces[number];
    Some(place + (at - start))
}
