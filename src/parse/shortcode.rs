//! The shortcodes and blocks that are known, and how they are spelled.
//!
//! Three spellings: Hugo's `{{% name args %}}` and `{{< name args >}}`, the `:::name args:::` of Docs-Authoring with
//! `:::name-end:::`, and the containers `:::name title` … `:::` of Docusaurus and VitePress. And `[!INCLUDE [x](path)]`.
//! This file says what each becomes; it never writes into the text.

use std::collections::HashSet;
use std::ops::Range;

use super::body::word;
use super::code_info::CodeInfo;
use super::html::{attribute, escape};
use crate::diagnostics::{FileId, Span};

/// What stands in the text for a shortcode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Insert {
    /// Finished markup: the start or the end of a block.
    Markup(String),
    /// An image, with its caption if it is a figure.
    Image(Picture, Span),
    /// An address inside a link.
    Address(String, Span),
}

/// Where a shortcode at `range` of `body` has the argument `value`; all of it when that cannot be told.
pub(super) fn argument(body: &str, range: Range<usize>, value: &str) -> Range<usize> {
    let tag = &body[range.clone()];
    let behind_name = tag.find([' ', '\t', '(']).unwrap_or(0);
    match tag[behind_name..].find(value) {
        Some(at) if !value.is_empty() => {
            let start = range.start + behind_name + at;
            start..start + value.len()
        }
        _ => range,
    }
}

/// An image that a shortcode asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picture {
    /// Its address.
    pub src: String,
    /// Text for those who do not see it.
    pub alt: String,
    /// Caption below it.
    pub caption: String,
    /// Does it stand in a block of its own?
    pub block: bool,
}

impl Insert {
    /// The same with its span on its address, and moved from `body` into the file, where the body begins at `start`.
    pub(super) fn place(&self, file: FileId, body: &str, start: usize) -> Insert {
        match self {
            Insert::Image(picture, span) => {
                let range = argument(body, span.range(), &picture.src);
                Insert::Image(picture.clone(), Span::new(file, range.start + start..range.end + start))
            }
            other => other.clone(),
        }
    }
}

/// A shortcode, block or include found in the text.
#[derive(Debug)]
pub struct Tagged {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// Its name as written.
    pub name: String,
    /// Is it an ending?
    pub closes: bool,
    /// Does it open something that may be closed?
    pub pairs: bool,
    /// Is it a mistake to leave it open?
    pub must_close: bool,
    /// Was its ending found?
    pub closed: bool,
    /// Is its name known?
    pub known: bool,
    /// What it becomes.
    pub what: What,
    /// Markup that ends it.
    end: String,
    colons: bool,
}

/// What a shortcode becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The text of a file.
    Include {
        /// Its path as written.
        path: String,
    },
    /// A block that interrupts a paragraph.
    Block(Insert),
    /// Something inside a line.
    Inline(Insert),
    /// An address for a link around it.
    Address(String),
    /// Markdown text.
    Text(String),
    /// Nothing.
    Nothing,
}

/// What ends `opening`.
pub fn ending_of(opening: &Tagged) -> What {
    match (&opening.what, opening.end.as_str()) {
        (_, "") => What::Nothing,
        (What::Text(_), end) => What::Text(end.to_owned()),
        (_, end) => What::Block(Insert::Markup(end.to_owned())),
    }
}

/// How the end of `opening` is written.
pub fn spelling_of_end(opening: &Tagged) -> String {
    match (opening.colons, opening.name.as_str()) {
        (true, "row" | "column" | "zone" | "moniker" | "image") => {
            format!(":::{}-end:::", opening.name)
        }
        (true, _) => ":::".into(),
        (false, name) => format!("{{{{% /{name} %}}}}"),
    }
}

/// Finds everything in `body` outside the `code` ranges, in order.
pub fn scan(body: &str, code: &[Range<usize>]) -> Vec<Tagged> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(found) = next_opening(body, at) {
        let next = code.partition_point(|range| range.end <= found);
        if let Some(range) = code.get(next).filter(|range| range.contains(&found)) {
            at = range.end;
            continue;
        }
        let rest = &body[found..];
        let tag = if rest.starts_with("{{") {
            hugo(body, found)
        } else if rest.starts_with(":::") {
            colons(body, found)
        } else {
            include(body, found)
        };
        match tag {
            Some(tag) => {
                at = tag.range.end.max(found + 1);
                tags.push(tag);
            }
            None => at = found + rest.chars().next().map_or(1, char::len_utf8),
        }
    }
    settle_pairs(&mut tags);
    tags
}

/// An unknown shortcode is a pair exactly when its ending follows.
fn settle_pairs(tags: &mut [Tagged]) {
    let mut endings: HashSet<String> = HashSet::new();
    for tag in tags.iter_mut().rev() {
        if tag.closes {
            endings.insert(tag.name.clone());
        } else if !tag.known && !tag.pairs {
            tag.pairs = endings.contains(&tag.name);
        }
    }
}

/// Where the next shortcode, block or include may begin.
pub fn next_opening(body: &str, from: usize) -> Option<usize> {
    let bytes = &body.as_bytes()[from..];
    memchr::memchr3_iter(b'{', b':', b'[', bytes).find(|at| opens(&bytes[*at..])).map(|at| from + at)
}

/// Where the last shortcode, block or include may begin.
pub fn last_opening(body: &str) -> Option<usize> {
    let bytes = body.as_bytes();
    memchr::memrchr3_iter(b'{', b':', b'[', bytes).find(|at| opens(&bytes[*at..]))
}

fn opens(bytes: &[u8]) -> bool {
    match bytes {
        [b'{', b'{', b'<' | b'%', ..] | [b':', b':', b':', ..] => true,
        [b'[', b'!', rest @ ..] => rest.starts_with(b"INCLUDE") || rest.starts_with(b"include"),
        _ => false,
    }
}

fn hugo(body: &str, at: usize) -> Option<Tagged> {
    let rest = &body[at..];
    let closing = if rest.starts_with("{{%") { "%}}" } else { ">}}" };
    // `{{</* name */>}}` shows a shortcode.
    if rest[3..].starts_with("/*") {
        let end = rest.find(&format!("*/{closing}"))?;
        let shown = format!("`{}{}{}`", &rest[..3], &rest[5..end], closing);
        return Some(tag(at..at + end + 5, "/*", What::Text(shown)));
    }
    let mut quote = None;
    let end = rest[3..].char_indices().find_map(|(n, c)| {
        let here = &rest[3 + n..];
        match (quote, c) {
            (None, '"' | '`') => quote = Some(c),
            (Some(q), c) if q == c => quote = None,
            // One does not begin in another: this one has no end.
            (None, '{') if here.starts_with("{{<") || here.starts_with("{{%") => return Some(None),
            (None, _) if here.starts_with(closing) => return Some(Some(3 + n)),
            _ => {}
        }
        None
    })??;
    let inside = rest[3..end].trim();
    let range = at..at + end + 3;
    let (closes, inside) = inside.strip_prefix('/').map_or((false, inside), |inside| (true, inside.trim()));
    let (self_closed, inside) = inside.strip_suffix('/').map_or((false, inside), |inside| (true, inside.trim_end()));
    let name_end = inside.find(|c: char| c.is_whitespace()).unwrap_or(inside.len());
    let (name, arguments) = inside.split_at(name_end);
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || "_-./".contains(c)) {
        return None;
    }
    let arguments = Arguments::parse(arguments);
    let mut tag = known_shortcode(range, name, &arguments);
    tag.closes = closes;
    tag.pairs &= !self_closed;
    if name == "highlight" && !closes {
        without_empty_lines(&mut tag, &rest[end + 3..]);
    }
    Some(tag)
}

/// The ending of code is looked for within so many bytes, so that tags that never end cost no more.
const LONGEST_CODE: usize = 64 * 1024;

/// Code in a shortcode begins on the line behind its tag, and ends on the line before its ending: `behind` is what follows the
/// tag.
fn without_empty_lines(tag: &mut Tagged, behind: &str) {
    if let (What::Text(fence), true) = (&mut tag.what, behind.starts_with(['\n', '\r'])) {
        fence.pop();
    }
    let near = &behind[..behind.floor_char_boundary(LONGEST_CODE)];
    let ending = near.match_indices("/highlight").find_map(|(at, _)| {
        let before = near[..at].trim_end_matches(' ');
        before.strip_suffix("{{<").or_else(|| before.strip_suffix("{{%"))
    });
    if ending.is_some_and(|code| code.ends_with('\n')) {
        tag.end = tag.end.trim_start().to_owned();
    }
}

fn known_shortcode(range: Range<usize>, name: &str, arguments: &Arguments) -> Tagged {
    let title = arguments.get("title").or_else(|| arguments.get("header"));
    match name {
        "alert" | "callout" | "admonition" | "notice" | "hint" | "pageinfo" => {
            let kind =
                ["color", "type", "kind", "icon"].iter().find_map(|key| arguments.get(key)).or_else(|| arguments.at(0));
            alert(range, name, kind.unwrap_or("info"), title)
        }
        "note" | "tip" | "info" | "warning" | "danger" | "caution" | "important" => {
            alert(range, name, name, title.or_else(|| arguments.at(0)))
        }
        "details" | "expand" | "collapse" => {
            let summary = title.or_else(|| arguments.get("summary")).or_else(|| arguments.at(0));
            let summary = summary.map_or_else(|| word("details"), |summary| escape(summary).into_owned());
            let open = if arguments.get("open") == Some("true") { " open" } else { "" };
            let start = format!("<details{open}>\n<summary>{summary}</summary>\n");
            pair(range, name, start, "</details>\n".into())
        }
        "figure" | "img" | "image" | "imgproc" => {
            let src = arguments.get("src").or_else(|| arguments.at(0)).unwrap_or_default();
            let caption = arguments.get("caption").or_else(|| arguments.get("title")).unwrap_or_default();
            let alt = arguments.get("alt").unwrap_or(caption);
            let picture = Picture { src: src.into(), alt: alt.into(), caption: caption.into(), block: true };
            let span = Span::new(FileId(0), range.clone());
            tag(range, name, What::Block(Insert::Image(picture, span)))
        }
        "ref" | "relref" => {
            let address = arguments.get("path").or_else(|| arguments.at(0)).unwrap_or_default();
            tag(range, name, What::Address(address.to_owned()))
        }
        "highlight" => {
            let language = arguments.get("lang").or_else(|| arguments.at(0)).unwrap_or_default();
            let mut tag = pair(range, name, String::new(), "\n```\n".into());
            // `hl_lines` stands among the options, or for itself.
            let named = arguments.get("hl_lines").map(|lines| format!("hl_lines=\"{lines}\""));
            let options = named.as_deref().or_else(|| arguments.at(1)).unwrap_or_default();
            let lines = CodeInfo::of(&format!("text {options}")).lines;
            let lines: Vec<String> = lines.iter().map(|range| format!("{}-{}", range.start(), range.end())).collect();
            let lines = if lines.is_empty() { String::new() } else { format!(" {{{}}}", lines.join(",")) };
            tag.what = What::Text(format!("\n```{language}{lines}\n"));
            tag
        }
        "tabs" | "tabpane" | "columns" | "cards" | "steps" => {
            pair(range, name, "<div class=\"columns\">\n".into(), "</div>\n".into())
        }
        "tab" | "column" | "card" | "step" => {
            let label = title.or_else(|| arguments.get("name")).or_else(|| arguments.at(0));
            let label =
                label.map_or(String::new(), |label| format!("<p class=\"column-title\">{}</p>\n", escape(label)));
            pair(range, name, format!("<div class=\"column\">\n{label}"), "</div>\n".into())
        }
        _ => {
            let start = format!("<div class=\"shortcode\" data-name=\"{}\">\n", attribute(name));
            let mut tag = pair(range, name, start, "</div>\n".into());
            tag.known = false;
            tag.pairs = false;
            tag.must_close = false;
            if tag.closes {
                tag.what = What::Nothing;
            }
            tag.closed = false;
            // Without an ending it stands for a value that only its own site knows.
            Tagged { what: What::Nothing, end: String::new(), ..tag }
        }
    }
}

fn colons(body: &str, at: usize) -> Option<Tagged> {
    let rest = &body[at..];
    let line = rest.lines().next().unwrap_or_default();
    let marks = line.len() - line.trim_start_matches(':').len();
    let line_start = body[..at].rfind('\n').map_or(0, |n| n + 1);
    let at_line_start = body[line_start..at].chars().all(|c| c.is_whitespace() || c == '>');
    let inside = &line[marks..];
    let name_text = inside.trim_start();
    let name_end = name_text.find(|c: char| !(c.is_alphanumeric() || c == '-')).unwrap_or(name_text.len());
    let name = &name_text[..name_end];
    let after = &name_text[name_end..];
    // `:::name attributes:::` on one line, or over several for images.
    let closed_form = |text: &str| text.find(":::").map(|n| n + 3);
    let offset = rest.len() - rest[marks..].trim_start().len() + name_end;
    if matches!(name, "image" | "no-loc" | "code" | "video") {
        let end = offset + closed_form(&rest[offset..])?;
        let arguments = Arguments::parse(&rest[offset..end - 3]);
        let range = at..at + end;
        return Some(match name {
            "no-loc" => tag(range, name, What::Text(arguments.get("text").unwrap_or_default().to_owned())),
            "image" => {
                let alone = at_line_start && rest[end..].lines().next().unwrap_or_default().trim().is_empty();
                let block = alone && arguments.get("type") != Some("icon");
                let picture = Picture {
                    src: arguments.get("source").unwrap_or_default().into(),
                    alt: arguments.get("alt-text").unwrap_or_default().into(),
                    caption: String::new(),
                    block,
                };
                let insert = Insert::Image(picture, Span::new(FileId(0), range.clone()));
                tag(range, name, if block { What::Block(insert) } else { What::Inline(insert) })
            }
            _ => {
                let mut tag = tag(range, name, What::Nothing);
                tag.known = false;
                tag
            }
        });
    }
    if !at_line_start {
        return None;
    }
    let line_range = at..at + line.trim_end().len();
    let stripped = match after.trim_end().strip_suffix(":::") {
        // These are also written without the colons behind them.
        None if matches!(name, "zone" | "moniker" | "zone-end" | "moniker-end") => Some(after.trim()),
        stripped => stripped.map(str::trim),
    };
    if name.is_empty() {
        return line[marks..].trim().is_empty().then(|| {
            let mut tag = tag(line_range, ":::", What::Nothing);
            tag.closes = true;
            tag.colons = true;
            tag
        });
    }
    let mut tag = match (name, stripped) {
        ("row", Some(_)) => pair(line_range, name, "<div class=\"columns\">\n".into(), "</div>\n".into()),
        ("column", Some(_)) => pair(line_range, name, "<div class=\"column\">\n".into(), "</div>\n".into()),
        ("zone" | "moniker", Some(arguments)) => {
            let arguments = Arguments::parse(arguments);
            let label = arguments.get("pivot").or_else(|| arguments.get("range")).unwrap_or_default();
            let label = format!("<p class=\"column-title\">{}</p>\n", escape(label));
            pair(line_range, name, format!("<div class=\"moniker\">\n{label}"), "</div>\n".into())
        }
        (_, Some(_)) if name.ends_with("-end") => {
            let mut tag = tag(line_range, name.trim_end_matches("-end"), What::Nothing);
            tag.closes = true;
            // The picture itself closed its markup; only its long description ends here.
            if tag.name == "image" {
                tag.closes = false;
            }
            tag
        }
        (_, Some(_)) => unknown_block(line_range, name),
        ("note" | "tip" | "info" | "warning" | "danger" | "caution" | "important", None) => {
            let title = after.trim().trim_start_matches('[').trim_end_matches(']');
            alert(line_range, name, name, Some(title).filter(|title| !title.is_empty() && !title.starts_with('{')))
        }
        ("details", None) => {
            let after = after.trim();
            let summary = if after.is_empty() { word("details") } else { escape(after).into_owned() };
            let start = format!("<details>\n<summary>{summary}</summary>\n");
            pair(line_range, name, start, "</details>\n".into())
        }
        (_, None) => {
            let mut tag = unknown_block(line_range, name);
            tag.pairs = true;
            tag
        }
    };
    tag.colons = true;
    Some(tag)
}

fn unknown_block(range: Range<usize>, name: &str) -> Tagged {
    let mut tag = tag(range, name, What::Nothing);
    tag.known = false;
    tag
}

fn include(body: &str, at: usize) -> Option<Tagged> {
    let rest = &body[at..];
    let open = "[!INCLUDE".len() + rest["[!INCLUDE".len()..].find('[')?;
    if open > "[!INCLUDE".len() + 2 {
        return None;
    }
    let middle = open + rest[open..].find("](")?;
    let end = middle + rest[middle..].find(')')?;
    let close = end + rest[end..].find(']')? + 1;
    if rest[..close].contains('\n') {
        return None;
    }
    Some(tag(at..at + close, "INCLUDE", What::Include { path: rest[middle + 2..end].trim().to_owned() }))
}

fn tag(range: Range<usize>, name: &str, what: What) -> Tagged {
    Tagged {
        range,
        name: name.to_owned(),
        closes: false,
        pairs: false,
        must_close: false,
        closed: false,
        known: true,
        what,
        end: String::new(),
        colons: false,
    }
}

fn pair(range: Range<usize>, name: &str, start: String, end: String) -> Tagged {
    let mut tag = tag(range, name, What::Block(Insert::Markup(start)));
    tag.pairs = true;
    tag.must_close = true;
    tag.end = end;
    tag
}

fn alert(range: Range<usize>, name: &str, kind: &str, title: Option<&str>) -> Tagged {
    let class = match kind.to_lowercase().as_str() {
        "tip" | "success" | "hint" => "tip",
        "important" | "primary" | "secondary" => "important",
        "warning" | "warn" => "warning",
        "danger" | "caution" | "error" => "caution",
        _ => "note",
    };
    pair(range, name, alert_start(class, title), "</div>\n".into())
}

/// The start of an alert box, whose class is its title's word where it has no title of its own; `</div>` ends it.
pub fn alert_start(class: &str, title: Option<&str>) -> String {
    let title = title.map_or_else(|| word(class), |title| escape(title).into_owned());
    format!("<div class=\"alert alert-{class}\" role=\"note\">\n<p class=\"alert-title\">{title}</p>\n")
}

/// Arguments of a shortcode: `key="value"`, `key=value`, or values by position.
#[derive(Debug, Default)]
struct Arguments {
    named: Vec<(String, String)>,
    positional: Vec<String>,
}

impl Arguments {
    fn parse(text: &str) -> Arguments {
        let mut arguments = Arguments::default();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let name_end =
                rest.find(|c: char| c.is_whitespace() || c == '=' || c == '"' || c == '`').unwrap_or(rest.len());
            let name = &rest[..name_end];
            if !name.is_empty() && rest[name_end..].starts_with('=') {
                let (value, after) = value_of(&rest[name_end + 1..]);
                arguments.named.push((name.to_lowercase(), value));
                rest = after.trim_start();
            } else {
                let (value, after) = value_of(rest);
                arguments.positional.push(value);
                rest = after.trim_start();
            }
        }
        arguments
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.named.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    fn at(&self, index: usize) -> Option<&str> {
        self.positional.get(index).map(String::as_str)
    }
}

/// The value at the start of `text`, and what follows it.
fn value_of(text: &str) -> (String, &str) {
    match text.chars().next() {
        Some(quote @ ('"' | '`' | '\'' | '\u{201C}')) => {
            let close = if quote == '\u{201C}' { '\u{201D}' } else { quote };
            let inside = &text[quote.len_utf8()..];
            match inside.find(close) {
                Some(end) => (inside[..end].to_owned(), &inside[end + close.len_utf8()..]),
                None => (inside.to_owned(), ""),
            }
        }
        Some('=') => (String::new(), &text[1..]),
        _ => {
            let end = text.find(char::is_whitespace).unwrap_or(text.len());
            (text[..end].to_owned(), &text[end..])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_come_by_name_and_by_position() {
        let arguments = Arguments::parse(r#" src="a b.png" alt='x' warning `raw` width=30 "#);
        assert_eq!(arguments.get("src"), Some("a b.png"));
        assert_eq!(arguments.get("alt"), Some("x"));
        assert_eq!(arguments.get("width"), Some("30"));
        assert_eq!((arguments.at(0), arguments.at(1)), (Some("warning"), Some("raw")));
    }

    #[test]
    fn every_spelling_is_found() {
        let body = "{{% alert %}}a{{% /alert %}}\n:::row:::\n:::row-end:::\n:::note\nx\n:::\n[!INCLUDE [n](a.md)]\n{{ not }} a:::b\n";
        let names: Vec<String> =
            scan(body, &[]).into_iter().map(|t| format!("{}{}", if t.closes { "/" } else { "" }, t.name)).collect();
        assert_eq!(names, ["alert", "/alert", "row", "/row", "note", "/:::", "INCLUDE"]);
    }
}
