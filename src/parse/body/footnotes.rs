//! Footnotes: numbered by their first reference, listed at the end of the page.

use super::Renderer;

impl Renderer<'_, '_> {
    pub(super) fn footnote_reference(&mut self, label: &str) {
        let known = self.footnotes.iter().position(|known| known == label);
        let first = known.is_none();
        let number = known.unwrap_or(self.footnotes.len()) + 1;
        if first {
            self.footnotes.push(label.to_owned());
        }
        let id = if first { format!(" id=\"fnref-{number}\"") } else { String::new() };
        self.done
            .html
            .push_str(&format!("<sup class=\"footnote-ref\"><a{id} href=\"#fn-{number}\">{number}</a></sup>"));
    }

    /// What follows belongs to the footnote `label`, until its end.
    pub(super) fn footnote_start(&mut self, label: &str) {
        let html = std::mem::take(&mut self.done.html);
        self.footnote_open.push((label.to_owned(), html));
    }

    pub(super) fn footnote_end(&mut self) {
        if let Some((label, html)) = self.footnote_open.pop() {
            let note = std::mem::replace(&mut self.done.html, html);
            self.footnote_html.entry(label).or_insert(note);
        }
        self.break_text();
    }

    /// The list of all footnotes, those that nothing refers to at its end.
    pub(super) fn footnote_list(&mut self) {
        for label in self.footnote_html.keys() {
            if !self.footnotes.contains(label) {
                self.footnotes.push(label.clone());
            }
        }
        if self.footnotes.is_empty() {
            return;
        }
        self.newline();
        self.done.html.push_str("<section class=\"footnotes\">\n<h2 class=\"visually-hidden\">Footnotes</h2>\n<ol>\n");
        for (index, label) in self.footnotes.iter().enumerate() {
            let number = index + 1;
            let note = self.footnote_html.get(label).map_or("", |html| html.trim_end());
            let back =
                format!(" <a class=\"footnote-back\" href=\"#fnref-{number}\" aria-label=\"Back to the text\">↩</a>");
            let note = match note.strip_suffix("</p>") {
                Some(start) => format!("{start}{back}</p>"),
                None => format!("{note}{back}"),
            };
            self.done.html.push_str(&format!("<li id=\"fn-{number}\">\n{note}\n</li>\n"));
        }
        self.done.html.push_str("</ol>\n</section>\n");
    }
}
