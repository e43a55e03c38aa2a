//! Shortcodes, `:::` blocks and includes, before Markdown sees the text.
//!
//! In steps: if a page holds none of their openings, its text passes as it is. Otherwise code is found first, so that an
//! example of a shortcode stays an example; each shortcode outside code becomes an [`Insert`], for which a numbered
//! comment stands in the text (or, where it is part of a line, a numbered mark); each include becomes the text of its file.
//! A table of segments leads from every byte of the new text back to the file and byte it came from.
//!
//! This file never makes a link and never reads the disk: included texts are handed in.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::characters::printable;
use super::events::{Dollars, markdown_options};
use super::front_matter::{Cut, cut};
use super::shortcode::{self, Insert, Tagged, What, argument};
use crate::diagnostics::{Diagnostic, FileId, Place, Sink, Span, rule};
use crate::source::Includes;

/// Stands before and behind the number of an insert. A noncharacter: real text cannot hold it once it is read.
pub const INSERT: char = '\u{FDD2}';

/// How deep files may include one another.
const MAX_DEPTH: usize = 8;

/// Text that is ready for Markdown, with the way back to the sources.
#[derive(Debug)]
pub struct Expanded<'s> {
    /// The text.
    pub text: Cow<'s, str>,
    /// What the marks in the text stand for.
    pub inserts: Vec<Insert>,
    /// The files that were asked for; `None` for one that is not there.
    pub includes: Vec<Option<FileId>>,
    segments: Vec<Segment>,
}

/// A run of text from one file; ends where the next begins.
#[derive(Debug, Clone, Copy)]
struct Segment {
    at: usize,
    file: FileId,
    source: usize,
    /// Bytes of the source that the run stands for: as many as it has when it is verbatim.
    length: usize,
}

impl<'s> Expanded<'s> {
    /// `body` as it is, beginning at byte `start` of `file`.
    pub fn verbatim(file: FileId, body: &'s str, start: usize) -> Expanded<'s> {
        let segments = vec![Segment { at: 0, file, source: start, length: body.len() }];
        Expanded { text: Cow::Borrowed(body), inserts: Vec::new(), includes: Vec::new(), segments }
    }

    /// The place in the sources of bytes of the text.
    pub fn span(&self, range: &Range<usize>) -> Span {
        let (first, start) = self.locate(range.start);
        let (last, end) = self.locate(range.end.max(range.start + 1) - 1);
        let end = if last.file == first.file { (end + 1).max(start) } else { first.source + first.length };
        let empty = range.is_empty();
        Span::new(first.file, start..if empty { start } else { end })
    }

    /// The file that byte `at` of the text comes from.
    pub fn file(&self, at: usize) -> FileId {
        self.locate(at).0.file
    }

    fn locate(&self, at: usize) -> (&Segment, usize) {
        let index = self.segments.partition_point(|segment| segment.at <= at).saturating_sub(1);
        let segment = &self.segments[index];
        (segment, segment.source + (at - segment.at).min(segment.length))
    }
}

/// Expands the body of a page, which begins at byte `start` of `file`.
pub fn expand<'s>(file: FileId, text: &'s str, start: usize, includes: &Includes<'_>, sink: &mut Sink) -> Expanded<'s> {
    let body = &text[start..];
    if shortcode::next_opening(body, 0).is_none() {
        return Expanded::verbatim(file, body, start);
    }
    let mut expander = Expander {
        files: includes,
        sink,
        text: String::with_capacity(body.len() + 256),
        inserts: Vec::new(),
        includes: Vec::new(),
        segments: Vec::new(),
        open: vec![file],
    };
    expander.run(file, body, start, "");
    let Expander { text, inserts, includes, segments, .. } = expander;
    Expanded { text: Cow::Owned(text), inserts, includes, segments }
}

struct Expander<'a, 'i> {
    files: &'a Includes<'i>,
    sink: &'a mut Sink,
    text: String,
    inserts: Vec<Insert>,
    includes: Vec<Option<FileId>>,
    segments: Vec<Segment>,
    /// Files that are being expanded, outermost first.
    open: Vec<FileId>,
}

impl Expander<'_, '_> {
    /// Expands `body`, putting `indent` before every line but the first.
    fn run(&mut self, file: FileId, body: &str, start: usize, indent: &str) {
        let code = code_ranges(body);
        let mut tags = shortcode::scan(body, &code);
        self.pair(file, &mut tags, start);
        let mut done = 0;
        for tag in tags {
            if tag.range.start < done {
                continue;
            }
            self.verbatim(file, &body[done..tag.range.start], start + done, indent);
            done = tag.range.end;
            let line_start = body[..tag.range.start].rfind('\n').map_or(0, |n| n + 1);
            let before = &body[line_start..tag.range.start];
            let after = body[tag.range.end..].lines().next().unwrap_or_default();
            let source = Segment { at: 0, file, source: start + tag.range.start, length: tag.range.len() };
            match tag.what {
                What::Include { ref path } => {
                    let place = argument(body, tag.range.clone(), path);
                    let span = Span::new(file, start + place.start..start + place.end);
                    self.include(file, path, (source, span), before);
                }
                What::Text(ref text) => self.push(text, source),
                What::Nothing => self.push("", source),
                What::Address(ref address) => {
                    // In an attribute of raw HTML an address is an address like any other.
                    if before.ends_with(['"', '\'', '=']) {
                        self.push(address, source);
                    } else {
                        let mark = format!("{INSERT}{}{INSERT}", self.inserts.len());
                        let place = argument(body, tag.range.clone(), address);
                        let span = Span::new(file, start + place.start..start + place.end);
                        self.inserts.push(Insert::Address(address.clone(), span));
                        self.push(&mark, source);
                    }
                }
                What::Block(ref insert) => {
                    let line = line_prefix(before);
                    let mut text = String::new();
                    if !before.trim_start_matches([' ', '\t', '>']).is_empty() {
                        text += &format!("\n\n{indent}{line}");
                    }
                    text += &format!("<!--{INSERT}{}{INSERT}-->", self.inserts.len());
                    if !after.trim().is_empty() {
                        text += &format!("\n\n{indent}{line}");
                    }
                    self.inserts.push(insert.place(file, body, start));
                    self.push(&text, source);
                }
                What::Inline(ref insert) => {
                    // Not a comment: at the start of a line that would begin a block and swallow the line's Markdown.
                    let mark = format!("{INSERT}{}{INSERT}", self.inserts.len());
                    self.inserts.push(insert.place(file, body, start));
                    self.push(&mark, source);
                }
            }
        }
        self.verbatim(file, &body[done..], start + done, indent);
    }

    /// Matches openings with endings and settles what the lonely ones become.
    fn pair(&mut self, file: FileId, tags: &mut [Tagged], start: usize) {
        let mut open: Vec<usize> = Vec::new();
        for index in 0..tags.len() {
            if tags[index].closes {
                let found = open.iter().rposition(|&o| tags[o].name == tags[index].name || tags[index].name == ":::");
                match found {
                    Some(position) => {
                        let opening = open[position];
                        open.truncate(position);
                        let end = shortcode::ending_of(&tags[opening]);
                        tags[index].what = end;
                        tags[opening].closed = true;
                    }
                    None => {
                        let span = Span::new(file, start + tags[index].range.start..start + tags[index].range.end);
                        let message = format!("`{}` is closed here but was not opened", tags[index].name);
                        self.sink.push(Diagnostic::at(&rule::UNCLOSED_SHORTCODE, span, message));
                        tags[index].what = What::Nothing;
                    }
                }
            } else if tags[index].pairs {
                open.push(index);
            }
        }
        for tag in tags.iter_mut().filter(|tag| !tag.closes) {
            let span = Span::new(file, start + tag.range.start..start + tag.range.end);
            if !tag.known {
                let diagnostic = Diagnostic::at(
                    &rule::UNKNOWN_SHORTCODE,
                    span,
                    format!("no shortcode or block is called `{}`", tag.name),
                );
                self.sink.push(
                    diagnostic.help("its text is kept; say the same in Markdown, or use a shortcode of the manual"),
                );
            } else if tag.pairs && !tag.closed && tag.must_close {
                let diagnostic =
                    Diagnostic::at(&rule::UNCLOSED_SHORTCODE, span, format!("`{}` is never closed", tag.name));
                self.sink.push(diagnostic.help(format!("add its end: `{}`", shortcode::spelling_of_end(tag))));
            }
            if tag.pairs && !tag.closed {
                tag.what = What::Nothing;
            }
        }
    }

    fn verbatim(&mut self, file: FileId, text: &str, source: usize, indent: &str) {
        if indent.is_empty() {
            self.push(text, Segment { at: 0, file, source, length: text.len() });
            return;
        }
        let mut at = source;
        for line in text.split_inclusive('\n') {
            self.push(line, Segment { at: 0, file, source: at, length: line.len() });
            at += line.len();
            if line.ends_with('\n') {
                self.push(indent, Segment { at: 0, file, source: at, length: 0 });
            }
        }
    }

    fn push(&mut self, text: &str, segment: Segment) {
        if !text.is_empty() {
            self.segments.push(Segment { at: self.text.len(), ..segment });
            self.text.push_str(text);
        }
    }

    fn include(&mut self, file: FileId, path: &str, (source, span): (Segment, Span), before: &str) {
        let found = self.files.find(file, path);
        self.includes.push(found.map(|(included, _)| included));
        let Some((included, text)) = found else {
            let message = format!("the included file `{path}` does not exist");
            self.sink.push(Diagnostic::at(&rule::MISSING_INCLUDE, span, message));
            self.push(&format!("**`{path}`**"), source);
            return;
        };
        if self.open.contains(&included) || self.open.len() >= MAX_DEPTH {
            let message = format!("`{path}` includes itself, directly or through others");
            let diagnostic = Diagnostic::at(&rule::MISSING_INCLUDE, span, message)
                .related(Place::Span(Span::new(included, 0..1)), "the file that is included again");
            self.sink.push(diagnostic);
            return;
        }
        let text = &*printable(text);
        let begin = match cut(text) {
            Cut::Block(_, _, body) | Cut::None(body) => body,
            Cut::Unclosed(range) => range.end,
        };
        let begin = begin + (text[begin..].len() - text[begin..].trim_start_matches(['\n', '\r']).len());
        let body = text[begin..].trim_end();
        self.open.push(included);
        self.run(included, body, begin, &line_prefix(before));
        self.open.pop();
    }
}

/// A piece of text in which marks stand for inserts.
pub enum Piece<'t> {
    /// Words.
    Text(&'t str),
    /// The number of an insert.
    Insert(usize),
}

/// Splits `text` at the marks that stand for inserts.
pub fn split_inserts(text: &str) -> impl Iterator<Item = Piece<'_>> {
    text.split(INSERT).enumerate().map(|(part, piece)| match piece.parse() {
        Ok(number) if part % 2 == 1 => Piece::Insert(number),
        _ => Piece::Text(piece),
    })
}

/// `text` without the marks that stand for inserts.
pub fn without_inserts(text: &str) -> Cow<'_, str> {
    if !text.contains(INSERT) {
        return Cow::Borrowed(text);
    }
    let words = split_inserts(text).filter_map(|piece| match piece {
        Piece::Text(words) => Some(words),
        Piece::Insert(_) => None,
    });
    Cow::Owned(words.collect())
}

/// White space that continues the line on which `before` stands: its indentation and block quote marks kept, list markers
/// as spaces.
fn line_prefix(before: &str) -> String {
    if before.chars().all(|c| c.is_ascii_digit() || " \t>-*+.)".contains(c)) {
        before.chars().map(|c| if matches!(c, '>' | '\t') { c } else { ' ' }).collect()
    } else {
        before.chars().take_while(|c| matches!(c, ' ' | '\t' | '>')).collect()
    }
}

/// Could an opening of a shortcode stand in code? Behind a fence, in a paragraph with a backtick, or on a line with the
/// indentation that makes code.
fn may_hold_code(body: &str) -> bool {
    let (mut fenced, mut ticked, mut opened) = (false, false, false);
    body.lines().any(|line| {
        if line.trim_matches([' ', '\t']).is_empty() {
            (ticked, opened) = (false, false);
            return false;
        }
        let opens = shortcode::next_opening(line, 0).is_some();
        let holds = |byte| memchr::memchr(byte, line.as_bytes()).is_some();
        let ticks = holds(b'`');
        fenced |= (ticks && line.contains("```")) || (holds(b'~') && line.contains("~~~"));
        ticked |= ticks;
        opened |= opens;
        (opens && (fenced || line.contains("    ") || line.contains('\t'))) || (opened && ticked)
    })
}

/// Where the first line without words begins, or else the end of `text`.
fn blank_line(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if line.trim_ascii().is_empty() {
            return at;
        }
        at += line.len();
    }
    at
}

/// Code blocks and code spans of `body`, in order, as far as there are shortcodes.
fn code_ranges(body: &str) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let Some(last) = shortcode::last_opening(body) else {
        return ranges;
    };
    // Whether it is code is decided when its paragraph ends.
    let body = &body[..last + blank_line(&body[last..])];
    if !may_hold_code(body) {
        return ranges;
    }
    let mut start = None;
    for (event, range) in Parser::new_ext(body, markdown_options(Dollars::Text)).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => start = Some(range.start),
            Event::End(TagEnd::CodeBlock) => ranges.extend(start.take().map(|s| s..range.end)),
            Event::Code(_) => ranges.push(range),
            _ => {}
        }
    }
    ranges
}
