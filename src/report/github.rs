//! Workflow commands of GitHub Actions, which show a finding beside its line.
//!
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>; what is escaped follows
//! `actions/toolkit`, `packages/core/src/command.ts`.

use std::io::{self, Write};

use super::Positions;
use crate::diagnostics::{Diagnostic, Severity};

pub(super) fn print(positions: &mut Positions<'_>, diagnostics: &[&Diagnostic], out: &mut dyn Write) -> io::Result<()> {
    for diagnostic in diagnostics {
        let command = match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "notice",
        };
        let position = positions.of(&diagnostic.place);
        write!(out, "::{command} ")?;
        if position.is_file {
            write!(out, "file={},", property(&position.path))?;
        }
        if let (Some(start), Some(end)) = (position.start, position.end) {
            write!(out, "line={},endLine={},", start.line, end.line)?;
            // Columns are taken only within one line; theirs name the last character.
            if start.line == end.line {
                let last = (end.column - 1).max(start.column);
                write!(out, "col={},endColumn={last},", start.column)?;
            }
        }
        let words = match &diagnostic.help {
            Some(help) => format!("{}\n{help}", diagnostic.message),
            None => diagnostic.message.clone(),
        };
        let words = if position.is_file { words } else { format!("{}: {words}", position.path) };
        writeln!(out, "title={}::{}", diagnostic.rule.name, data(&words))?;
    }
    Ok(())
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_command_is_escaped() {
        assert_eq!(property("a,b:c%\n"), "a%2Cb%3Ac%25%0A");
        assert_eq!(data("a,b:c%\r\n"), "a,b:c%25%0D%0A");
    }
}
