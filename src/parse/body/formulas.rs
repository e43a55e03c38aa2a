//! Formulas: MathML where it can be made, else the TeX as code, with its mistake reported.

use std::ops::Range;

use super::Renderer;
use super::marks::mark;
use crate::diagnostics::{Diagnostic, rule};
use crate::parse::expand::without_inserts;
use crate::parse::formula::{Display, mathml};
use crate::parse::html::escape_into;

impl Renderer<'_, '_> {
    pub(super) fn formula(&mut self, tex: &str, display: Display, range: &Range<usize>) {
        if self.in_hole(range) {
            return;
        }
        let tex = without_inserts(tex);
        self.done.text.push_str(&tex);
        match mathml(&tex, display) {
            Ok(html) => {
                // The sanitiser lets no MathML of authors through; this is ours.
                mark(&mut self.done.html, 'F', self.done.formulas.len());
                self.done.formulas.push(html);
            }
            Err(wrong) => {
                let written = &self.document.expanded.text[range.clone()];
                let start = range.start + written.find(&*tex).unwrap_or(0);
                let verbatim = self.document.expanded.text.get(start..start + tex.len()) == Some(&*tex);
                let place = if verbatim { start + wrong.range.start..start + wrong.range.end } else { range.clone() };
                let diagnostic = Diagnostic::at(&rule::INVALID_FORMULA, self.span(&place), wrong.message);
                let help = "it is shown as code; `\\$` is a dollar sign that begins no formula";
                self.sink.push(diagnostic.help(help));
                self.done.html.push_str("<code>");
                escape_into(&mut self.done.html, &tex);
                self.done.html.push_str("</code>");
            }
        }
    }
}
