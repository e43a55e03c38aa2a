//! Trouble that an author can mend, as values.
//!
//! A stage that meets a mistake makes a [`Diagnostic`] and goes on. A diagnostic names its [`Rule`], the bytes it is
//! about, other places that matter, and what to do. Lines and columns exist only in the printers.
//!
//! This module never prints, never reads, and knows nothing of exit codes.

mod rules;

use std::ops::Range;

pub use rules::{ALL, Effect, Rule};
/// Every rule by its constant name.
pub mod rule {
    pub use super::rules::names::*;
}

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Fails the build.
    Error,
    /// Fails the build only under `--strict`.
    Warning,
    /// Worth knowing; never fails anything and is printed only when asked for.
    Note,
}

impl Severity {
    /// The word that printers use.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// A file of the site, as an index into [`crate::source::Sources::files`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// Bytes of a file: `start..end`, counted from the start of the file with its byte order mark, if any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// A span of `range` in `file`. Files are bounded far below 4 GiB when they are read.
    pub fn new(file: FileId, range: Range<usize>) -> Span {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span { file, start: clamp(range.start), end: clamp(range.end) }
    }

    /// The bytes as a range.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// Where a diagnostic points.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Bytes of a file that was read.
    Span(Span),
    /// A path (relative to the root, with `/`) whose text is not at hand.
    Path(String),
    /// Something that is no file of the site, in words.
    Elsewhere(String),
}

/// Another place that matters to a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where it is.
    pub place: Place,
    /// What is there, without a full stop.
    pub message: String,
}

/// Bytes of a file and what is to stand in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The bytes; none where text is put in.
    pub span: Span,
    /// The new text.
    pub text: String,
}

/// A repair that is certain to be what the author meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order without a full stop: `write the link`.
    pub title: String,
    /// The changes, which never overlap.
    pub edits: Vec<Edit>,
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// How much it weighs here.
    pub severity: Severity,
    /// Where it is.
    pub place: Place,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Other places that matter.
    pub related: Vec<Related>,
    /// How it can be mended without asking, if it can.
    pub fix: Option<Box<Fix>>,
}

impl Diagnostic {
    /// A diagnostic of `rule` at `place`, with the rule's own severity.
    pub fn new(rule: &'static Rule, place: Place, message: impl Into<String>) -> Diagnostic {
        let message = message.into();
        Diagnostic { rule, severity: rule.severity, place, message, help: None, related: Vec::new(), fix: None }
    }

    /// A diagnostic of `rule` at bytes of a file.
    pub fn at(rule: &'static Rule, span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(rule, Place::Span(span), message)
    }

    /// The same with advice.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// The same with another place.
    pub fn related(mut self, place: Place, message: impl Into<String>) -> Diagnostic {
        self.related.push(Related { place, message: message.into() });
        self
    }
}

/// Collects diagnostics while work goes on.
pub type Sink = Vec<Diagnostic>;

/// How many diagnostics of each weight there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
    /// Errors after which no right site can be written.
    pub stops: usize,
}

impl Tally {
    /// Counts `diagnostics`.
    pub fn of<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>) -> Tally {
        let mut tally = Tally::default();
        for diagnostic in diagnostics {
            match diagnostic.severity {
                Severity::Error => tally.errors += 1,
                Severity::Warning => tally.warnings += 1,
                Severity::Note => tally.notes += 1,
            }
            if diagnostic.rule.effect == Effect::NothingWritten {
                tally.stops += 1;
            }
        }
        tally
    }
}

/// Sorts by place, weight and text, and drops what is said twice, so that reports are the same on every run.
pub fn sort<'p>(diagnostics: &mut Vec<Diagnostic>, path_of: impl Fn(FileId) -> &'p str) {
    fn key<'d>(
        d: &'d Diagnostic,
        path_of: impl FnOnce(FileId) -> &'d str,
    ) -> (&'d str, u32, Severity, &'d str, &'d str) {
        let (path, start) = match &d.place {
            Place::Span(span) => (path_of(span.file), span.start),
            Place::Path(path) | Place::Elsewhere(path) => (path.as_str(), 0),
        };
        (path, start, d.severity, d.rule.name, d.message.as_str())
    }
    diagnostics.sort_by(|a, b| key(a, |file| path_of(file)).cmp(&key(b, |file| path_of(file))));
    diagnostics.dedup();
}

/// The candidate nearest to `word`, when it is near enough to be what was meant: one edit for short words, two from six
/// letters, a third of the length for long ones.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    let bound = if length < 6 { 1 } else { (length / 3).clamp(2, 6) };
    let lower = word.to_lowercase();
    candidates
        .into_iter()
        .filter(|c| c.chars().count().abs_diff(length) <= bound)
        .map(|c| (strsim::osa_distance(&lower, &c.to_lowercase()), c))
        .filter(|(distance, _)| *distance <= bound)
        .min_by(|a, b| a.cmp(b))
        .map(|(_, c)| c)
}
