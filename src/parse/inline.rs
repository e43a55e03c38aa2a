//! A few words of Markdown in the configuration: emphasis, code and links, without blocks.
//!
//! Gives HTML in pieces, between them the links, whose addresses are for the caller to resolve.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::html::escape;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Finished HTML.
    Html(String),
    /// A link begins, to this address.
    Link(String),
    /// The link ends.
    LinkEnd,
}

/// Reads `text`, a paragraph or several.
///
/// # Errors
/// What stands in it that is no inline Markdown, with its article.
pub fn read(text: &str) -> Result<Vec<Piece>, &'static str> {
    let mut pieces = Vec::new();
    let mut html = String::new();
    for event in Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::Paragraph) => html.push_str("<p>"),
            Event::End(TagEnd::Paragraph) => html.push_str("</p>\n"),
            Event::Start(Tag::Emphasis) => html.push_str("<em>"),
            Event::End(TagEnd::Emphasis) => html.push_str("</em>"),
            Event::Start(Tag::Strong) => html.push_str("<strong>"),
            Event::End(TagEnd::Strong) => html.push_str("</strong>"),
            Event::Start(Tag::Strikethrough) => html.push_str("<del>"),
            Event::End(TagEnd::Strikethrough) => html.push_str("</del>"),
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                pieces.push(Piece::Html(std::mem::take(&mut html)));
                let scheme = if link_type == LinkType::Email { "mailto:" } else { "" };
                pieces.push(Piece::Link(format!("{scheme}{dest_url}")));
            }
            Event::End(TagEnd::Link) => {
                pieces.push(Piece::Html(std::mem::take(&mut html)));
                pieces.push(Piece::LinkEnd);
            }
            Event::Text(text) => html.push_str(&escape(&text)),
            Event::Code(code) => {
                html.push_str("<code>");
                html.push_str(&escape(&code));
                html.push_str("</code>");
            }
            Event::SoftBreak => html.push('\n'),
            Event::HardBreak => html.push_str("<br>\n"),
            Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::HtmlBlock) => return Err("HTML"),
            Event::Start(Tag::Image { .. }) => return Err("an image"),
            Event::Start(Tag::Heading { .. }) => return Err("a heading"),
            Event::Start(Tag::List(_)) => return Err("a list"),
            Event::Start(Tag::CodeBlock(_)) => return Err("a block of code"),
            _ => return Err("a block"),
        }
    }
    pieces.push(Piece::Html(html));
    pieces.retain(|piece| *piece != Piece::Html(String::new()));
    Ok(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_stand_between_finished_pieces() {
        let pieces = read("© *A* <b@c.de>\n\n[`x` & y](/z/ \"t\")").expect("it is inline");
        let html = |text: &str| Piece::Html(text.into());
        assert_eq!(
            pieces,
            [
                html("<p>© <em>A</em> "),
                Piece::Link("mailto:b@c.de".into()),
                html("b@c.de"),
                Piece::LinkEnd,
                html("</p>\n<p>"),
                Piece::Link("/z/".into()),
                html("<code>x</code> &amp; y"),
                Piece::LinkEnd,
                html("</p>\n"),
            ]
        );
    }

    #[test]
    fn blocks_are_refused() {
        for text in ["# x", "- x", "<b>x</b>", "<div>", "![x](y)", "> x", "    x", "---"] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
