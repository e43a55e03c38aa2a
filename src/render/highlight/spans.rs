//! HTML of coloured code, with as few elements as can be.

use crate::parse::html::escape_into;

/// Collects HTML, merging neighbours of one class.
#[derive(Default)]
pub(super) struct Spans {
    html: String,
    open: &'static str,
}

impl Spans {
    /// Room for so many bytes of HTML.
    pub(super) fn with_capacity(bytes: usize) -> Spans {
        Spans { html: String::with_capacity(bytes), open: "" }
    }

    /// Adds `text` in a class; in none when that is empty.
    pub(super) fn push(&mut self, class: &'static str, text: &str) {
        // White space has no colour: it joins what is open.
        let class = if text.trim().is_empty() { self.open } else { class };
        if class != self.open {
            self.close();
            if !class.is_empty() {
                self.html.push_str("<span class=\"hl-");
                self.html.push_str(class);
                self.html.push_str("\">");
            }
            self.open = class;
        }
        escape_into(&mut self.html, text);
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            self.html.push_str("</span>");
            self.open = "";
        }
    }

    /// The HTML.
    pub(super) fn finish(mut self) -> String {
        self.close();
        self.html
    }
}
