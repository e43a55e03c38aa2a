//! A line or two of Markdown that the configuration gives, in pieces: links are resolved by whoever knows the site.
//!
//! Only what stands inside a paragraph is kept: emphasis, code, links and line breaks. Raw HTML is shown as text.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::html::escape;

/// A piece of a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// HTML that is finished.
    Html(String),
    /// Begins a link to this address, as written.
    LinkStart(String),
    /// Ends it.
    LinkEnd,
}

/// The pieces of `text`.
pub fn phrase(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut html = String::new();
    for event in Parser::new_ext(text.trim(), Options::ENABLE_STRIKETHROUGH) {
        let link = match event {
            Event::Start(Tag::Link { dest_url, .. }) => Piece::LinkStart(dest_url.into_string()),
            Event::End(TagEnd::Link) => Piece::LinkEnd,
            Event::Start(Tag::Paragraph | Tag::Item) if !html.is_empty() || !pieces.is_empty() => {
                html.push_str("<br>\n");
                continue;
            }
            event => {
                html.push_str(&inline(&event));
                continue;
            }
        };
        if !html.is_empty() {
            pieces.push(Piece::Html(std::mem::take(&mut html)));
        }
        pieces.push(link);
    }
    if !html.is_empty() {
        pieces.push(Piece::Html(html));
    }
    pieces
}

/// The HTML of what stands inside a paragraph; of anything else only the words.
fn inline(event: &Event<'_>) -> String {
    match event {
        Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => escape(text).into_owned(),
        Event::Code(code) => format!("<code>{}</code>", escape(code)),
        Event::Start(Tag::Emphasis) => "<em>".into(),
        Event::End(TagEnd::Emphasis) => "</em>".into(),
        Event::Start(Tag::Strong) => "<strong>".into(),
        Event::End(TagEnd::Strong) => "</strong>".into(),
        Event::Start(Tag::Strikethrough) => "<del>".into(),
        Event::End(TagEnd::Strikethrough) => "</del>".into(),
        Event::SoftBreak => "\n".into(),
        Event::HardBreak => "<br>\n".into(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_text_with_links() {
        let pieces = phrase("Call **555** or [ask](mailto:a@example.org) <b onclick=x>.\n\nNext `a<b`.");
        assert_eq!(
            pieces,
            [
                Piece::Html("Call <strong>555</strong> or ".into()),
                Piece::LinkStart("mailto:a@example.org".into()),
                Piece::Html("ask".into()),
                Piece::LinkEnd,
                Piece::Html(" &lt;b onclick=x&gt;.<br>\nNext <code>a&lt;b</code>.".into()),
            ]
        );
    }
}
