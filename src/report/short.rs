//! One line a diagnostic, for editors, `grep` and long lists.

use std::io::{self, Write};

use super::{Positions, printable};
use crate::diagnostics::Diagnostic;

pub(super) fn print(positions: &mut Positions<'_>, diagnostics: &[&Diagnostic], out: &mut dyn Write) -> io::Result<()> {
    diagnostics.iter().try_for_each(|diagnostic| line(positions, diagnostic, out))
}

pub(super) fn line(positions: &mut Positions<'_>, diagnostic: &Diagnostic, out: &mut dyn Write) -> io::Result<()> {
    let position = positions.start(&diagnostic.place);
    let (severity, rule) = (diagnostic.severity.word(), diagnostic.rule.name);
    writeln!(out, "{}: {severity}[{rule}] {}", printable(&position), printable(&diagnostic.message))
}
