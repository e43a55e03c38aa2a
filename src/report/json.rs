//! Diagnostics as one JSON document, whose fields the manual names.

use std::io::{self, Write};

use serde::Serialize;

use super::{LineColumn, Position, Positions, fingerprints};
use crate::diagnostics::{Diagnostic, Place, Tally};
use crate::source::Sources;

/// Version of the document; grows when a field changes its meaning or goes.
pub(super) const VERSION: u64 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u64,
    diagnostics: Vec<Finding<'a>>,
    summary: Summary,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    notes: usize,
}

#[derive(Serialize)]
struct Finding<'a> {
    rule: &'a str,
    severity: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(flatten)]
    at: At,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Other<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Repair<'a>>,
    fingerprint: String,
}

/// Where something is: a file, a range in a file, or words.
#[derive(Serialize)]
struct At {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<Point>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<Point>,
}

#[derive(Serialize)]
struct Point {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct Other<'a> {
    message: &'a str,
    #[serde(flatten)]
    at: At,
}

#[derive(Serialize)]
struct Repair<'a> {
    title: &'a str,
    edits: Vec<Change<'a>>,
}

#[derive(Serialize)]
struct Change<'a> {
    #[serde(flatten)]
    at: At,
    text: &'a str,
}

impl At {
    fn of(position: Position) -> At {
        let point = |at: LineColumn| Point { line: at.line, column: at.column };
        let Position { path, start, end, is_file } = position;
        let (file, place) = if is_file { (Some(path), None) } else { (None, Some(path)) };
        At { file, place, start: start.map(point), end: end.map(point) }
    }
}

pub(super) fn print(
    positions: &mut Positions<'_>,
    sources: &Sources,
    diagnostics: &[&Diagnostic],
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut findings = Vec::with_capacity(diagnostics.len());
    for (diagnostic, fingerprint) in diagnostics.iter().zip(fingerprints(sources, diagnostics)) {
        let at = At::of(positions.of(&diagnostic.place));
        let mut related = Vec::new();
        for other in &diagnostic.related {
            related.push(Other { message: &other.message, at: At::of(positions.of(&other.place)) });
        }
        let fix = diagnostic.fix.as_ref().map(|fix| {
            let edits = fix.edits.iter();
            let change = |edit: &'_ crate::diagnostics::Edit| At::of(positions.of(&Place::Span(edit.span)));
            let ats: Vec<At> = edits.clone().map(change).collect();
            let edits = edits.zip(ats).map(|(edit, at)| Change { at, text: &edit.text }).collect();
            Repair { title: &fix.title, edits }
        });
        findings.push(Finding {
            rule: diagnostic.rule.name,
            severity: diagnostic.severity.word(),
            message: &diagnostic.message,
            help: diagnostic.help.as_deref(),
            at,
            related,
            fix,
            fingerprint,
        });
    }
    let Tally { errors, warnings, notes, .. } = Tally::of(diagnostics.iter().copied());
    let summary = Summary { errors, warnings, notes };
    serde_json::to_writer_pretty(&mut *out, &Document { version: VERSION, diagnostics: findings, summary })?;
    writeln!(out)
}
