//! Diagnostics for the overlay: where they are, in words and as an address that opens the writer's editor there.

use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use crate::Site;
use crate::diagnostics::{Diagnostic, Place, Severity};
use crate::report::Positions;
use crate::source::Sources;

/// One diagnostic, as the overlay shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// Name of the rule.
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Where it is: `content/a.md:3:5`.
    pub place: String,
    /// Opens the editor there; `None` where there is no file to open.
    pub editor: Option<String>,
}

impl Finding {
    /// A failure of the machine, of which the disk knows no place.
    pub fn failure(message: String) -> Finding {
        let place = String::new();
        Finding { severity: "error", rule: "", message, help: None, place, editor: None }
    }
}

/// Turns diagnostics into findings.
pub struct Findings<'a> {
    sources: &'a Sources,
    positions: Positions<'a>,
}

impl<'a> Findings<'a> {
    /// Findings in the files of `sources`.
    pub fn new(sources: &'a Sources) -> Findings<'a> {
        Findings { sources, positions: Positions::new(sources) }
    }

    /// The finding of a diagnostic.
    pub fn of(&mut self, diagnostic: &Diagnostic) -> Finding {
        let start = self.positions.of(&diagnostic.place).start.map(|start| (start.line, start.column));
        let file = match &diagnostic.place {
            Place::Span(span) => Some(self.sources.path(span.file)),
            Place::Path(path) => Some(path.as_str()),
            Place::Elsewhere(_) => None,
        };
        let place = match (&diagnostic.place, file, start) {
            (_, Some(path), Some((line, column))) => format!("{path}:{line}:{column}"),
            (_, Some(path), None) => path.to_owned(),
            (Place::Elsewhere(words), ..) => words.clone(),
            _ => String::new(),
        };
        let root = std::path::absolute(&self.sources.root).unwrap_or_else(|_| self.sources.root.clone());
        let (line, column) = start.unwrap_or((1, 1));
        let editor = file.map(|path| address(&self.sources.config.editor, &root.join(path), line, column));
        Finding {
            severity: diagnostic.severity.word(),
            rule: diagnostic.rule.name,
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
            place,
            editor,
        }
    }

    /// The findings of those `diagnostics` that writers are shown.
    pub fn shown<'d>(&mut self, diagnostics: impl IntoIterator<Item = &'d Diagnostic>) -> Vec<Finding> {
        let shown = diagnostics.into_iter().filter(|diagnostic| is_shown(diagnostic));
        shown.map(|diagnostic| self.of(diagnostic)).collect()
    }
}

/// Notes are for those who ask for them.
pub fn is_shown(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity <= Severity::Warning
}

/// Is the diagnostic about the page `number`, or about a text that it includes?
pub fn concerns(site: &Site, number: usize, diagnostic: &Diagnostic) -> bool {
    let page = &site.parsed.pages[number];
    match &diagnostic.place {
        Place::Span(span) => span.file == page.file || page.includes.contains(&Some(span.file)),
        Place::Path(path) => path == site.sources.path(page.file),
        Place::Elsewhere(_) => false,
    }
}

/// What stands in a path as it is.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b':').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// `editor` of the configuration, filled in.
fn address(editor: &str, file: &Path, line: usize, column: usize) -> String {
    let path = file.to_string_lossy();
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.into_owned() };
    let path = utf8_percent_encode(&path, PATH).to_string();
    // `vscode://file/{path}` has the slash of an absolute path already.
    editor
        .replace("/{path}", &format!("/{}", path.trim_start_matches('/')))
        .replace("{path}", &path)
        .replace("{line}", &line.to_string())
        .replace("{column}", &column.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editors_are_addressed_in_their_own_ways() {
        let file = Path::new("/kb/content/a b.md");
        for (editor, expected) in [
            ("vscode://file/{path}:{line}:{column}", "vscode://file/kb/content/a%20b.md:3:5"),
            ("idea://open?file={path}&line={line}", "idea://open?file=/kb/content/a%20b.md&line=3"),
        ] {
            assert_eq!(address(editor, file, 3, 5), expected);
        }
    }
}
