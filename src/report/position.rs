//! Lines and columns of places.

use std::path::Path;

use crate::diagnostics::{FileId, Place};
use crate::source::{Sources, line_ends, line_starts, slashes};

/// A place as people say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The file, as the reader of the message would open it.
    pub path: String,
    /// Line and column; `None` when the place is a file whose text is not at hand.
    pub start: Option<LineColumn>,
    /// Line and column behind the last character; there when `start` is, and the same for a place without characters.
    pub end: Option<LineColumn>,
    /// Is it a file at all?
    pub is_file: bool,
}

/// A line and a column, both counted from 1. Columns count Unicode code points; a byte order mark is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineColumn {
    /// Counted from 1; lines end at `\n`, `\r\n` or a lone `\r`, as in CommonMark.
    pub line: usize,
    /// Counted from 1.
    pub column: usize,
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.start {
            Some(start) => write!(f, "{}:{}:{}", self.path, start.line, start.column),
            None => f.write_str(&self.path),
        }
    }
}

/// Finds positions. Each is looked for behind the one before, so that sorted diagnostics cost one pass over each file; once one
/// stands before it, all lines of the file are listed.
pub struct Positions<'a> {
    sources: &'a Sources,
    /// What leads from the current folder to the root of the site, with `/` at its end.
    prefix: String,
    /// The line that was found last: its file, its number and the byte at which it begins.
    last: Option<(FileId, usize, usize)>,
    /// Where the lines of a file begin.
    starts: Option<(FileId, Vec<usize>)>,
}

impl<'a> Positions<'a> {
    /// Positions in the files of `sources`.
    pub fn new(sources: &'a Sources) -> Positions<'a> {
        let root = slashes(&sources.root);
        let prefix = match root.trim_start_matches("./").trim_end_matches('/') {
            "" if sources.root.is_absolute() => "/".to_owned(),
            "" | "." => String::new(),
            root => format!("{root}/"),
        };
        Positions { sources, prefix, last: None, starts: None }
    }

    /// The position of `place`.
    pub fn of(&mut self, place: &Place) -> Position {
        match place {
            Place::Span(span) => {
                let start = self.line_column(span.file, span.start as usize);
                let end = self.line_column(span.file, span.end.max(span.start) as usize);
                let path = self.path(self.sources.path(span.file));
                Position { path, start: Some(start), end: Some(end), is_file: true }
            }
            Place::Path(path) => Position { path: self.path(path), start: None, end: None, is_file: true },
            Place::Elsewhere(words) => Position { path: words.clone(), start: None, end: None, is_file: false },
        }
    }

    /// Where `place` begins, as [`Position`] shows it.
    pub fn start(&mut self, place: &Place) -> String {
        match place {
            Place::Span(span) => {
                let LineColumn { line, column } = self.line_column(span.file, span.start as usize);
                format!("{}:{line}:{column}", self.path(self.sources.path(span.file)))
            }
            Place::Path(_) | Place::Elsewhere(_) => self.of(place).to_string(),
        }
    }

    /// The text of a file and the bytes at which its lines begin.
    pub fn lines(&mut self, file: FileId) -> (&'a str, &[usize]) {
        let text = self.sources.text(file);
        if !self.are_listed(file) {
            self.starts = Some((file, line_starts(text)));
        }
        (text, self.starts.as_ref().map_or(&[], |(_, starts)| starts))
    }

    fn are_listed(&self, file: FileId) -> bool {
        self.starts.as_ref().is_some_and(|(known, _)| *known == file)
    }

    fn line_column(&mut self, file: FileId, at: usize) -> LineColumn {
        let text = self.sources.text(file);
        let at = text.floor_char_boundary(at);
        let (line, start) = match self.last {
            Some((known, line, start)) if known == file && start <= at && !self.are_listed(file) => {
                behind(text, line, start, at)
            }
            Some((known, ..)) if known == file => {
                let (_, starts) = self.lines(file);
                let line = starts.partition_point(|start| *start <= at).max(1);
                (line, starts[line - 1])
            }
            _ => behind(text, 1, if text.starts_with('\u{FEFF}') { 3 } else { 0 }, at),
        };
        self.last = Some((file, line, start));
        // A span may point at the byte order mark itself.
        let column = text.get(start..at).map_or(0, |before| before.chars().count()) + 1;
        LineColumn { line, column }
    }

    fn path(&self, path: &str) -> String {
        if Path::new(path).is_absolute() { path.to_owned() } else { format!("{}{path}", self.prefix) }
    }
}

/// The line that the byte `at` stands in and where it begins, looked for from the line `line` on, which begins at `start`.
fn behind(text: &str, line: usize, start: usize, at: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    // `\r\n` ends a line behind both.
    let is_between = at > 0 && bytes[at - 1] == b'\r' && bytes.get(at) == Some(&b'\n');
    let passed = bytes.get(start..at - usize::from(is_between)).unwrap_or_default();
    let start = memchr::memrchr2(b'\n', b'\r', passed).map_or(start, |end| start + end + 1);
    (line + line_ends(passed), start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Span;
    use crate::source::SourceFile;

    fn at(text: &str, start: u32) -> String {
        let mut sources = Sources { root: "kb".into(), ..Sources::default() };
        sources.files.push(SourceFile { path: "a.md".into(), text: text.into() });
        let place = Place::Span(Span { file: FileId(0), start, end: start });
        Positions::new(&sources).of(&place).to_string()
    }

    #[test]
    fn columns_count_code_points_and_no_byte_order_mark() {
        assert_eq!(at("\u{FEFF}ab", 3), "kb/a.md:1:1");
        assert_eq!(at("\u{FEFF}ab", 0), "kb/a.md:1:1");
        assert_eq!(at("äöü", 4), "kb/a.md:1:3");
        assert_eq!(at("äöü", 5), "kb/a.md:1:3", "inside a character");
    }

    #[test]
    fn lines_end_in_three_ways() {
        assert_eq!(at("a\nb\r\nc\rd", 7), "kb/a.md:4:1");
        assert_eq!(at("a\n", 2), "kb/a.md:2:1");
        assert_eq!(at("", 99), "kb/a.md:1:1");
    }

    #[test]
    fn places_may_be_asked_for_in_any_order() {
        let text = "\u{FEFF}ä\r\n\r\nb\u{FEFF}c\rd\n";
        let mut sources = Sources::default();
        sources.files.push(SourceFile { path: "a.md".into(), text: text.into() });
        let starts = line_starts(text);
        let mut positions = Positions::new(&sources);
        for first in 0..=text.len() {
            for second in 0..=text.len() {
                positions.line_column(FileId(0), first);
                let LineColumn { line, column } = positions.line_column(FileId(0), second);
                let at = text.floor_char_boundary(second);
                assert_eq!(line, starts.partition_point(|start| *start <= at).max(1), "{first}, {second}");
                let before = text.get(starts[line - 1]..at).unwrap_or_default();
                assert_eq!(column, before.chars().count() + 1, "{first}, {second}");
            }
        }
    }
}
