//! Diagnostics with the lines they are about, as compilers print them; the only file that knows `annotate-snippets`.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use super::{Colours, Positions, Screen, printable, short};
use crate::diagnostics::{Diagnostic, FileId, Place, Severity};

/// How many diagnostics of a rule are printed with their lines. Who has more of a kind wants a list.
const IN_FULL: usize = 20;
/// Lines of a span that are shown.
const MAX_LINES: usize = 4;
/// Longer lines are not shown. Bytes.
const MAX_LINE: usize = 2000;

pub(super) fn print(
    positions: &mut Positions<'_>,
    diagnostics: &[&Diagnostic],
    screen: Screen,
    out: &mut dyn Write,
) -> io::Result<()> {
    let renderer = match screen.colours {
        Colours::Shown => Renderer::styled(),
        Colours::LeftOut => Renderer::plain(),
    };
    let renderer = renderer.term_width(screen.width);
    let mut printed: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in diagnostics {
        let count = printed.entry(diagnostic.rule.name).or_default();
        *count += 1;
        if *count > IN_FULL {
            short::line(positions, diagnostic, out)?;
        } else {
            writeln!(out, "{}\n", renderer.render(&groups(positions, diagnostic)))?;
        }
    }
    Ok(())
}

fn groups(positions: &mut Positions<'_>, diagnostic: &Diagnostic) -> Vec<Group<'static>> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(diagnostic.message.clone()).id(diagnostic.rule.name);
    let mut first = title.element(place(positions, &diagnostic.place, AnnotationKind::Primary));
    if let Some(help) = &diagnostic.help {
        first = first.element(Level::HELP.message(printable(help).into_owned()));
    }
    let related = diagnostic.related.iter().map(|related| {
        let title = Level::NOTE.secondary_title(printable(&related.message).into_owned());
        title.element(place(positions, &related.place, AnnotationKind::Context))
    });
    std::iter::once(first).chain(related).collect()
}

/// The lines of a place, or where it is when they cannot be shown.
fn place(positions: &mut Positions<'_>, place: &Place, kind: AnnotationKind) -> Element<'static> {
    let position = positions.of(place);
    let (Place::Span(span), Some(start)) = (place, position.start) else {
        return Origin::path(position.path).into();
    };
    match lines(positions, span.file, span.range(), start.line) {
        Some((text, marked)) => {
            let snippet = Snippet::source(text).line_start(start.line).path(position.path);
            snippet.annotation(kind.span(marked)).into()
        }
        None => Origin::path(position.path).line(start.line).char_column(start.column).into(),
    }
}

/// The lines that `span` stands in, of which `line` is the first, and the span within them.
fn lines(
    positions: &mut Positions<'_>,
    file: FileId,
    span: Range<usize>,
    line: usize,
) -> Option<(String, Range<usize>)> {
    let (text, starts) = positions.lines(file);
    let begin = *starts.get(line - 1)?;
    let end = starts.get(line - 1 + MAX_LINES).copied().unwrap_or(text.len());
    let from = text.floor_char_boundary(span.start.max(begin));
    let to = text.floor_char_boundary(span.end.clamp(from, end));
    // Only the lines that the span reaches.
    let last = starts.partition_point(|start| *start < to.max(begin + 1));
    let end = starts.get(last).copied().unwrap_or(text.len()).min(end);
    let shown = text.get(begin..end)?;
    // A lone `\r` ends a line in Markdown and none on a terminal.
    if shown.len() > MAX_LINE || shown.replace("\r\n", "").contains('\r') {
        return None;
    }
    // Marks go to the end of the words, not around the end of the line.
    let words = text.get(from..to)?.trim_end().len();
    Some((shown.trim_end().to_owned(), from - begin..from - begin + words))
}
