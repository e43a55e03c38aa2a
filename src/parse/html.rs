//! HTML text: escaping what we write, reading and cleaning what authors write.
//!
//! The only file that knows `ammonia`. Raw HTML is read tag by tag to find its links, images and ids with their places;
//! tags that HTML does not have (`<ServerName>`) are shown as text; what is left is cleaned as a whole page, so that an
//! element that is never closed cannot swallow the rest of the site.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::LazyLock;

use pulldown_cmark::{Event, Parser};

/// `text` for the content of an element.
pub fn escape(text: &str) -> Cow<'_, str> {
    if first(text.as_bytes(), is_special).is_none() {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    escape_into(&mut escaped, text);
    Cow::Owned(escaped)
}

/// `text` for an attribute value in double quotes.
pub fn attribute(text: &str) -> Cow<'_, str> {
    escape(text)
}

fn is_special(byte: u8) -> bool {
    (byte == b'&') | (byte == b'<') | (byte == b'>') | (byte == b'"')
}

/// Where in `bytes` the first stands of which `is_wanted` is true, which had better have no branches: then eight bytes are
/// looked at with a few instructions.
fn first(bytes: &[u8], is_wanted: impl Fn(u8) -> bool) -> Option<usize> {
    let (blocks, _) = bytes.as_chunks::<8>();
    let others = blocks.iter().take_while(|block| !block.iter().fold(false, |any, byte| any | is_wanted(*byte)));
    let begin = others.count() * 8;
    bytes[begin..].iter().position(|byte| is_wanted(*byte)).map(|at| begin + at)
}

/// Appends `text`, escaped.
pub fn escape_into(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = first(rest.as_bytes(), is_special) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// The longest name of an entity, `&CounterClockwiseContourIntegral;`, in bytes.
const LONGEST_ENTITY: usize = 33;

/// An attribute value of raw HTML with its entities read.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(LONGEST_ENTITY).position(|byte| byte == b';');
        match end.and_then(|end| Some((entity(&rest[..=end])?, end + 1))) {
            Some((decoded, length)) => {
                out.push_str(&decoded);
                rest = &rest[length..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// What `&name;` or `&#1234;` stands for. The Markdown parser knows the names, so the table of 2,000 is not here again.
fn entity(written: &str) -> Option<String> {
    let name = written.strip_prefix('&')?.strip_suffix(';')?;
    if !name.trim_start_matches('#').bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    match Parser::new(written).nth(1)? {
        Event::Text(text) if *text != *written => Some(text.into_string()),
        _ => None,
    }
}

/// A piece of raw HTML.
#[derive(Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// Text and anything that is not a tag.
    Text(&'a str),
    /// A comment, with its marks, and where it begins.
    Comment(&'a str, usize),
    /// A start or end tag.
    Tag(RawTag<'a>),
}

/// A tag of raw HTML. Ranges are bytes of the scanned text.
#[derive(Debug, PartialEq, Eq)]
pub struct RawTag<'a> {
    /// The tag as written.
    pub text: &'a str,
    /// Where it begins.
    pub start: usize,
    /// Its name in lower case.
    pub name: String,
    /// Name in lower case and the bytes of the value, without quotes.
    pub attributes: Vec<(String, Range<usize>)>,
}

/// Splits raw HTML into tags, comments and text.
pub fn tokens(html: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let (mut at, mut text) = (0, 0);
    while let Some(found) = html[at..].find('<').map(|n| at + n) {
        let rest = &html[found..];
        let end =
            if rest.starts_with("<!--") { Some(rest.find("-->").map_or(html.len(), |n| found + n + 3)) } else { None };
        let token = match end {
            Some(end) => Some((Token::Comment(&html[found..end], found), end)),
            None => raw_tag(html, found).map(|(tag, end)| (Token::Tag(tag), end)),
        };
        match token {
            Some((token, end)) => {
                if text < found {
                    tokens.push(Token::Text(&html[text..found]));
                }
                tokens.push(token);
                at = end;
                text = end;
            }
            None => at = found + 1,
        }
    }
    if text < html.len() {
        tokens.push(Token::Text(&html[text..]));
    }
    tokens
}

fn raw_tag(html: &str, start: usize) -> Option<(RawTag<'_>, usize)> {
    let bytes = html.as_bytes();
    let mut at = start + 1;
    if bytes.get(at) == Some(&b'/') {
        at += 1;
    }
    let name_start = at;
    if !bytes.get(at)?.is_ascii_alphabetic() {
        return None;
    }
    while bytes.get(at).is_some_and(|b| b.is_ascii_alphanumeric() || b"-_.:".contains(b)) {
        at += 1;
    }
    let name = html[name_start..at].to_ascii_lowercase();
    let mut attributes = Vec::new();
    loop {
        while bytes.get(at).is_some_and(|b| b.is_ascii_whitespace() || *b == b'/') {
            at += 1;
        }
        match bytes.get(at)? {
            b'>' => {
                let tag = RawTag { text: &html[start..=at], start, name, attributes };
                return Some((tag, at + 1));
            }
            b'<' => return None,
            _ => {}
        }
        let key_start = at;
        while bytes.get(at).is_some_and(|b| !b.is_ascii_whitespace() && !b"=>/".contains(b)) {
            at += 1;
        }
        let key = html[key_start..at].to_ascii_lowercase();
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        if bytes.get(at) != Some(&b'=') {
            if at == key_start {
                at += 1;
            }
            attributes.push((key, at..at));
            continue;
        }
        at += 1;
        while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
            at += 1;
        }
        let value = match bytes.get(at)? {
            quote @ (b'"' | b'\'') => {
                let from = at + 1;
                let end = from + html[from..].find(char::from(*quote))?;
                at = end + 1;
                from..end
            }
            _ => {
                let from = at;
                while bytes.get(at).is_some_and(|b| !b.is_ascii_whitespace() && *b != b'>') {
                    at += 1;
                }
                from..at
            }
        };
        attributes.push((key, value));
    }
}

/// The elements of HTML, SVG's root and MathML's root, in order.
pub const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "acronym",
    "address",
    "applet",
    "area",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "bdi",
    "bdo",
    "big",
    "blink",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "data",
    "datalist",
    "dd",
    "del",
    "details",
    "dfn",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figcaption",
    "figure",
    "font",
    "footer",
    "form",
    "frame",
    "frameset",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hgroup",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "ins",
    "kbd",
    "label",
    "legend",
    "li",
    "link",
    "main",
    "map",
    "mark",
    "marquee",
    "math",
    "menu",
    "meta",
    "meter",
    "nav",
    "nobr",
    "noframes",
    "noscript",
    "object",
    "ol",
    "optgroup",
    "option",
    "output",
    "p",
    "param",
    "picture",
    "plaintext",
    "pre",
    "progress",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "script",
    "search",
    "section",
    "select",
    "slot",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "time",
    "title",
    "tr",
    "track",
    "tt",
    "u",
    "ul",
    "var",
    "video",
    "wbr",
    "xmp",
];

/// Is `name` an element?
pub fn is_element(name: &str) -> bool {
    ELEMENTS.binary_search(&name).is_ok()
}

/// Can the tag `name` stand in a page without cleaning, whatever its place: does it have no content, attributes aside?
pub fn is_harmless(tag: &RawTag<'_>) -> bool {
    tag.attributes.is_empty() && matches!(tag.name.as_str(), "br" | "hr" | "wbr") && !tag.text.starts_with("</")
}

static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = ammonia::Builder::default();
    cleaner
        .add_tags(["section", "input", "figure", "figcaption", "details", "summary", "picture", "u", "dl", "dt", "dd"])
        .rm_tags(["area", "map", "header", "footer", "nav", "article", "aside", "hgroup"])
        .add_generic_attributes([
            "id",
            "class",
            "role",
            "dir",
            "lang",
            "title",
            "aria-label",
            "aria-labelledby",
            "tabindex",
        ])
        .add_generic_attribute_prefixes(["data-"])
        .add_tag_attributes("details", ["open", "name"])
        .add_tag_attributes("input", ["type", "checked", "disabled"])
        .add_tag_attributes("a", ["name", "rel"])
        .add_tag_attributes("img", ["width", "height", "loading", "decoding"])
        .add_tag_attributes("td", ["colspan", "rowspan"])
        .add_tag_attributes("th", ["colspan", "rowspan", "scope"])
        .add_tag_attributes("ol", ["start", "type", "reversed"])
        .link_rel(None)
        .url_schemes(HashSet::from(["http", "https", "mailto", "tel", "ftp"]));
    // Presentation belongs to the style sheet, and the policy of the pages forbids style attributes anyway.
    cleaner.rm_generic_attributes(["style"]);
    let obsolete: HashMap<&str, &[&str]> = HashMap::from([
        ("table", &["align", "char", "charoff", "summary", "border"][..]),
        ("td", &["align", "char", "charoff", "axis"][..]),
        ("th", &["align", "char", "charoff", "axis"][..]),
        ("tr", &["align", "char", "charoff"][..]),
        ("tbody", &["align", "char", "charoff"][..]),
        ("thead", &["align", "char", "charoff"][..]),
        ("tfoot", &["align", "char", "charoff"][..]),
        ("col", &["align", "char", "charoff"][..]),
        ("colgroup", &["align", "char", "charoff"][..]),
        ("hr", &["align", "size", "width"][..]),
        ("img", &["align"][..]),
        ("a", &["hreflang", "name"][..]),
    ]);
    for (tag, attributes) in obsolete {
        cleaner.rm_tag_attributes(tag, attributes);
    }
    cleaner.rm_tags(["center", "strike", "tt", "acronym", "big"]);
    cleaner
});

/// Cleans the HTML of a whole page: scripts, event handlers, styles, frames and unsafe addresses go, the rest is balanced.
pub fn clean(html: &str) -> String {
    CLEANER.clean(html).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities_of_attributes_are_read() {
        for (written, read) in [
            ("a&amp;b&ouml;&#x3a;&#58;&colon;", "a&bö:::"),
            ("&&nbsp;&nothing;&;&#;&amp", "&\u{A0}&nothing;&;&#;&amp"),
            ("&aaaaaaaaaaé;&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaé", "&aaaaaaaaaaé;&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaé"),
        ] {
            assert_eq!(unescape(written), read);
        }
    }

    #[test]
    fn elements_are_sorted_for_the_search() {
        assert!(is_element("a") && is_element("details") && is_element("xmp") && !is_element("servername"));
    }

    #[test]
    fn tags_are_read_with_the_places_of_their_values() {
        let html = "x <a href='p.md' ID=top data-x>y</a><!-- c --> a < b <img src=\"i.png\"/>";
        let found: Vec<(String, Vec<(String, &str)>)> = tokens(html)
            .into_iter()
            .filter_map(|token| match token {
                Token::Tag(tag) => Some((tag.name, tag.attributes.into_iter().map(|(k, v)| (k, &html[v])).collect())),
                _ => None,
            })
            .collect();
        let attributes =
            |pairs: &[(&str, &'static str)]| pairs.iter().map(|(k, v)| ((*k).to_owned(), *v)).collect::<Vec<_>>();
        assert_eq!(found[0], ("a".into(), attributes(&[("href", "p.md"), ("id", "top"), ("data-x", "")])));
        assert_eq!(found[1], ("a".into(), vec![]));
        assert_eq!(found[2], ("img".into(), attributes(&[("src", "i.png")])));
    }

    #[test]
    fn dangerous_html_is_made_inert() {
        for (html, forbidden) in [
            ("<script>alert(1)</script>", "alert"),
            ("<img src=x onerror=alert(1)>", "onerror"),
            ("<svg onload=alert(1)></svg>", "onload"),
            ("<iframe src=https://example.org></iframe>", "iframe"),
            ("<p style=\"position:fixed\">x</p>", "style"),
            ("<a href=\"JaVa\tScript:alert(1)\">x</a>", "cript:"),
            ("<form action=/x><button>y</button></form>", "form"),
        ] {
            let cleaned = clean(html);
            assert!(!cleaned.contains(forbidden), "{html} -> {cleaned}");
        }
        assert_eq!(
            clean("<details><summary>s</summary><kbd>k</kbd>"),
            "<details><summary>s</summary><kbd>k</kbd></details>"
        );
    }
}
