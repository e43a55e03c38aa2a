//! Quotations, and the alerts that are written as quotations.

use std::ops::Range;

use pulldown_cmark::BlockQuoteKind;

use super::Renderer;
use super::marks::mark;
use super::text::Hole;
use crate::parse::html::escape_into;
use crate::parse::page::LinkKind;
use crate::parse::shortcode::alert_start;

impl Renderer<'_, '_> {
    pub(super) fn quote_start(&mut self, kind: Option<BlockQuoteKind>, range: &Range<usize>) {
        self.newline();
        let class = match kind {
            Some(BlockQuoteKind::Note) => "note",
            Some(BlockQuoteKind::Tip) => "tip",
            Some(BlockQuoteKind::Important) => "important",
            Some(BlockQuoteKind::Warning) => "warning",
            Some(BlockQuoteKind::Caution) => "caution",
            None => return self.marked_quote(range),
        };
        self.done.html.push_str(&alert_start(class, None));
        self.quotes.push("</div>\n");
    }

    /// A quotation that begins with `[!div class="…"]`, `[!VIDEO address]` or an alert's mark with words behind it.
    fn marked_quote(&mut self, range: &Range<usize>) {
        let source = &self.document.expanded.text[range.clone()];
        let inner = source.trim_start_matches(['>', ' ', '\t']);
        let at = range.start + (source.len() - inner.len());
        let end = inner.lines().next().and_then(|line| line.find(']'));
        let (Some(words), Some(end)) = (inner.strip_prefix("[!"), end) else {
            self.done.html.push_str("<blockquote>\n");
            self.quotes.push("</blockquote>\n");
            return;
        };
        let words = &words[..end - 2];
        let name = words.split_whitespace().next().unwrap_or_default().to_lowercase();
        let (start, close) = match name.as_str() {
            "div" => ("<div class=\"next-step\">\n".to_owned(), "</div>\n"),
            "note" => (alert_start("note", None), "</div>\n"),
            "tip" => (alert_start("tip", None), "</div>\n"),
            "important" => (alert_start("important", None), "</div>\n"),
            "warning" => (alert_start("warning", None), "</div>\n"),
            "caution" => (alert_start("caution", None), "</div>\n"),
            "video" => ("<div class=\"next-step\">\n".to_owned(), "</div>\n"),
            _ => ("<blockquote>\n".to_owned(), "</blockquote>\n"),
        };
        self.done.html.push_str(&start);
        self.quotes.push(close);
        if close == "</div>\n" {
            self.holes.push(Hole { range: at..at + end + 1, hint: None });
        }
        if name == "video" {
            let address = words.split_whitespace().nth(1).unwrap_or_default().to_owned();
            let link = self.add_link(LinkKind::Address, address.clone(), &(at..at + end + 1));
            self.done.html.push_str("<p>");
            mark(&mut self.done.html, 'L', link);
            escape_into(&mut self.done.html, &address);
            mark(&mut self.done.html, 'l', link);
            self.done.html.push_str("</p>\n");
        }
    }
}
