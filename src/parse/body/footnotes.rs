//! Footnotes: numbered by their first reference, listed at the end of the page.

use super::Renderer;
use super::marks::word;

/// A footnote that has its number: its place in the list.
pub(super) struct Footnote {
    label: String,
    /// Anchor of the note.
    id: String,
    /// Anchor of the first reference.
    back: String,
}

impl Renderer<'_, '_> {
    pub(super) fn footnote_reference(&mut self, label: &str) {
        let known = self.footnote_numbers.get(label).copied();
        let index = known.unwrap_or_else(|| self.number_footnote(label));
        let Footnote { id, back, .. } = &self.footnotes[index];
        let own = if known.is_none() { format!(" id=\"{back}\"") } else { String::new() };
        let number = index + 1;
        self.done.html.push_str(&format!("<sup class=\"footnote-ref\"><a{own} href=\"#{id}\">{number}</a></sup>"));
    }

    /// Gives a footnote the next number, and anchors that no heading has.
    fn number_footnote(&mut self, label: &str) -> usize {
        let index = self.footnotes.len();
        let id = self.ids.make(&format!("fn-{}", index + 1));
        let back = self.ids.make(&format!("fnref-{}", index + 1));
        self.footnotes.push(Footnote { label: label.to_owned(), id, back });
        self.footnote_numbers.insert(label.to_owned(), index);
        index
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
        let labels: Vec<String> = self.footnote_html.keys().cloned().collect();
        for label in labels {
            if !self.footnote_numbers.contains_key(&label) {
                self.number_footnote(&label);
            }
        }
        if self.footnotes.is_empty() {
            return;
        }
        self.newline();
        let heading = word("footnotes");
        self.done
            .html
            .push_str(&format!("<section class=\"footnotes\">\n<h2 class=\"visually-hidden\">{heading}</h2>\n<ol>\n"));
        let back_to_text = word("footnote_back");
        for Footnote { label, id, back } in &self.footnotes {
            let note = self.footnote_html.get(label).map_or("", |html| html.trim_end());
            let back = format!(" <a class=\"footnote-back\" href=\"#{back}\" aria-label=\"{back_to_text}\">↩</a>");
            let note = match note.strip_suffix("</p>") {
                Some(start) => format!("{start}{back}</p>"),
                None => format!("{note}{back}"),
            };
            self.done.html.push_str(&format!("<li id=\"{id}\">\n{note}\n</li>\n"));
        }
        self.done.html.push_str("</ol>\n</section>\n");
    }
}
