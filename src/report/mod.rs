//! Diagnostics as text for people: the only place where bytes become lines and columns.
//!
//! In steps: turn the span of a diagnostic into a [`Position`]; print it in one of the [`Format`]s. A printer takes
//! diagnostics as they are: it neither sorts, counts nor judges them.

mod fingerprint;
mod github;
mod human;
mod json;
mod position;
mod sarif;
mod short;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::diagnostics::Diagnostic;
use crate::source::Sources;
pub use fingerprint::fingerprints;
pub use position::{LineColumn, Position, Positions};

/// How diagnostics are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum Format {
    /// With the lines they are about, and advice
    #[default]
    Human,
    /// One line each: `path:line:column: error[name] message`
    Short,
    /// One JSON document
    Json,
    /// One SARIF 2.1.0 log, for code scanning
    Sarif,
    /// Workflow commands that GitHub shows beside the lines
    Github,
}

impl Format {
    /// Is what is printed one document, so that no other line may stand beside it?
    pub fn is_document(self) -> bool {
        matches!(self, Format::Json | Format::Sarif)
    }
}

/// Where people read a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Columns, where lines can be cut.
    pub width: usize,
    /// Does it show colours?
    pub colours: Colours,
}

/// What becomes of the colours of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colours {
    /// They are written as the control sequences of terminals.
    Shown,
    /// There are none.
    LeftOut,
}

/// Prints `diagnostics` to `out`, as fits `screen`.
///
/// # Errors
/// When `out` cannot be written to.
pub fn print(
    format: Format,
    sources: &Sources,
    diagnostics: &[&Diagnostic],
    screen: Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut positions = Positions::new(sources);
    match format {
        Format::Human => human::print(&mut positions, diagnostics, screen, out),
        Format::Short => short::print(&mut positions, diagnostics, out),
        Format::Json => json::print(&mut positions, sources, diagnostics, out),
        Format::Sarif => sarif::print(&mut positions, sources, diagnostics, out),
        Format::Github => github::print(&mut positions, diagnostics, out),
    }
}

/// Prints how many of `diagnostics` there are of each rule, most first.
///
/// # Errors
/// When `out` cannot be written to.
pub fn by_rule(diagnostics: &[&Diagnostic], out: &mut dyn Write) -> io::Result<()> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        *counts.entry(diagnostic.rule.name).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    for (name, count) in counts {
        writeln!(out, "{count:6} {name}")?;
    }
    Ok(())
}

/// `text` without characters that could move the cursor or hide what follows.
fn printable(text: &str) -> Cow<'_, str> {
    if text.bytes().fold(true, |all, byte| all & matches!(byte, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(annotate_snippets::normalize_untrusted_str(text))
}
