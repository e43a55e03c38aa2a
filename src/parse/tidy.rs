//! HTML that is clean as it stands: the sanitiser would give it back as it is.
//!
//! To clean a page takes as long as to parse many, and most raw HTML is a `<details>` or a `<b>` that ends where it should.
//! So this knows a part of HTML in which a parser repairs nothing: elements that end in the order in which they begin, each
//! where it may stand, with attributes that name things and lead nowhere. It only ever says yes to that; whatever it does not
//! know is left to the sanitiser. A test holds the two together.

use super::body::MARK;

/// So many elements are open at once at the most, since every one of them is looked at where another begins.
const DEEPEST: usize = 64;

/// Attributes that any element may have, beside those that begin with `data-`.
const ATTRIBUTES: &[&str] =
    &["aria-label", "aria-labelledby", "class", "dir", "id", "lang", "role", "tabindex", "title"];

/// Would the sanitiser leave `html` as it is?
pub fn is_tidy(html: &str) -> bool {
    let mut open: Vec<&str> = Vec::new();
    let mut pieces = html.split('<');
    let holds_text = |open: &[&str], text: &str| !open.last().is_some_and(is_of_table) || text.trim_ascii().is_empty();
    if pieces.next().is_some_and(|text| !holds_text(&open, text)) {
        return false;
    }
    for piece in pieces {
        let Some((tag, text)) = piece.split_once('>') else {
            return false;
        };
        match tag.strip_prefix('/') {
            Some(name) if open.pop() == Some(name) => {}
            Some(_) => return false,
            None => {
                let (name, attributes) = tag.split_at(tag.find(' ').unwrap_or(tag.len()));
                if open.len() == DEEPEST || !may_stand(name, &open) || !are_harmless(name, attributes) {
                    return false;
                }
                if !is_empty(name) {
                    open.push(name);
                }
            }
        }
        if !holds_text(&open, text) {
            return false;
        }
    }
    open.is_empty()
}

/// Has the element neither content nor end?
fn is_empty(name: &str) -> bool {
    matches!(name, "br" | "hr" | "wbr")
}

/// Does the element hold nothing but the parts of a table?
fn is_of_table(name: &&str) -> bool {
    matches!(*name, "table" | "thead" | "tbody" | "tr")
}

/// Does the element `name` stay where it is, within the elements `open`?
fn may_stand(name: &str, open: &[&str]) -> bool {
    let parent = open.last().copied().unwrap_or_default();
    match name {
        "thead" | "tbody" => parent == "table",
        "tr" => matches!(parent, "thead" | "tbody"),
        "th" | "td" => parent == "tr",
        _ if is_of_table(&parent) => false,
        "li" => matches!(parent, "ul" | "ol"),
        "dt" | "dd" => parent == "dl",
        "br" | "wbr" => true,
        "a" | "b" | "code" | "del" | "em" | "i" | "ins" | "kbd" | "mark" | "q" | "s" | "samp" | "small" | "span"
        | "strong" | "sub" | "sup" | "u" | "var" => !open.contains(&name),
        // A paragraph ends where one of these begins.
        "blockquote" | "details" | "div" | "dl" | "figcaption" | "figure" | "hr" | "ol" | "p" | "section"
        | "summary" | "table" | "ul" => !open.contains(&"p"),
        "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
            !open.iter().any(|name| matches!(*name, "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6"))
        }
        _ => false,
    }
}

/// Are `attributes`, as they stand in the tag behind `name`, written as we write them, and may the element have them?
fn are_harmless(name: &str, attributes: &str) -> bool {
    let mut rest = attributes;
    let mut seen: Vec<&str> = Vec::new();
    while !rest.is_empty() {
        let attribute = rest.strip_prefix(' ').and_then(|rest| rest.split_once("=\""));
        let Some((key, (value, behind))) = attribute.and_then(|(key, rest)| Some((key, rest.split_once('"')?))) else {
            return false;
        };
        let is_known = match (name, key) {
            ("a", "href") => value.starts_with(['#', MARK]),
            ("details", "name") | ("ol", "start") | ("td" | "th", "colspan" | "rowspan") | ("th", "scope") => true,
            _ => ATTRIBUTES.contains(&key) || key.strip_prefix("data-").is_some_and(is_plain),
        };
        if !is_known || seen.contains(&key) {
            return false;
        }
        seen.push(key);
        rest = behind;
    }
    true
}

/// Is it a word of small letters?
fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;
    use crate::parse::html::{ELEMENTS, clean};

    const ATTRIBUTES: &[&str] = &[
        " id=\"x\"",
        " class=\"a b\"",
        " data-state=\"\u{FDD0}N1\u{FDD1}\"",
        " title=\"&lt;b&gt; &amp; &quot;\"",
        " href=\"#x\"",
        " href=\"\u{FDD0}U1\u{FDD1}\"",
        " href=\"javascript:x\"",
        " href=\" javascript:x\"",
        " href=#x",
        " style=\"x\"",
        " onclick=\"x\"",
        " data-=\"x\"",
        " data-X=\"x\"",
        " start=\"3\"",
        " colspan=\"2\"",
        " name=\"x\"",
        " open",
        "  id=\"x\"",
        " id='x'",
        "/",
        " title=\"<script>\"",
        " title=\"a > b\"",
        " id=\"x",
    ];

    /// What looks like HTML, mostly with ends in the right order. Elements follow those in which they may stand.
    fn soup(chance: &mut Chance) -> String {
        let inside = |name: &str| match name {
            "ul" | "ol" => "li",
            "dl" => "dt",
            "table" => "tbody",
            "thead" | "tbody" => "tr",
            "tr" => "td",
            _ => "b",
        };
        let mut html = String::new();
        let mut open: Vec<&str> = Vec::new();
        for _ in 0..1 + chance.below(12) {
            match chance.below(24) {
                0..9 => {
                    let any = ELEMENTS[chance.below(ELEMENTS.len())];
                    let name = match open.last() {
                        Some(parent) if chance.below(6) > 0 => inside(parent),
                        _ => any,
                    };
                    html += &format!("<{name}");
                    if chance.below(3) == 0 {
                        html += ATTRIBUTES[chance.below(ATTRIBUTES.len())];
                    }
                    if chance.below(9) == 0 {
                        html += ATTRIBUTES[chance.below(ATTRIBUTES.len())];
                    }
                    html.push('>');
                    if !["br", "hr", "wbr", "img", "input"].contains(&name) {
                        open.push(name);
                    }
                }
                9..17 => html.extend(open.pop().map(|name| format!("</{name}>"))),
                17..22 => html += ["\n", "x", "&amp;", "\u{FDD0}L1\u{FDD1}"][chance.below(4)],
                22 => html += &format!("</{}>", ELEMENTS[chance.below(ELEMENTS.len())]),
                _ => {
                    html +=
                        ["<", "<!-- x -->", "</", "<B>", "<b >", "</b >", "<!doctype html>", "<b\n>"][chance.below(8)]
                }
            }
        }
        if chance.below(9) > 0 {
            html.extend(open.iter().rev().map(|name| format!("</{name}>")));
        }
        html
    }

    #[test]
    fn the_sanitiser_changes_nothing_of_what_is_tidy() {
        let mut chance = Chance(7);
        let mut tidy = 0;
        for _ in 0..200_000 {
            let html = soup(&mut chance);
            if is_tidy(&html) {
                tidy += 1;
                assert_eq!(clean(&html), html);
            }
        }
        assert!(tidy > 10_000, "only {tidy}");
    }

    #[test]
    fn what_pages_are_made_of_is_tidy() {
        for html in [
            "<details>\n<summary><b>Why?</b></summary>\n<p>So.</p>\n</details>\n",
            "<ul>\n<li><a id=\"x\"></a>x<br>y</li>\n</ul>\n<div class=\"table\" tabindex=\"0\">\n<table>\n<thead>\n<tr><th>a</th>\
             </tr>\n</thead>\n<tbody>\n<tr><td><ul><li>b</li></ul></td></tr>\n</tbody>\n</table>\n</div>\n",
            "<section class=\"entry\" data-state=\"\u{FDD0}N0\u{FDD1}\">\n<h2 id=\"a\">a</h2>\n</section>\n",
            "<p><a href=\"\u{FDD0}U0\u{FDD1}\">a</a> &amp; <a href=\"#b\">b</a></p>",
            "<details name=\"a\"><summary>x</summary></details><ol start=\"2\"><li>x</li></ol>",
            "<table><tbody><tr><th colspan=\"2\" rowspan=\"2\" scope=\"row\">x</th><td colspan=\"2\" rowspan=\"2\">y</td></tr></tbody></table>",
        ] {
            assert!(is_tidy(html), "{html}");
            assert_eq!(clean(html), html);
        }
        for key in super::ATTRIBUTES {
            let html = format!("<p {key}=\"ltr\">x</p>");
            assert!(is_tidy(&html), "{html}");
            assert_eq!(clean(&html), html);
        }
    }

    #[test]
    fn what_could_do_harm_is_not_tidy() {
        for html in [
            "<script>alert(1)</script>",
            "<b onclick=\"x\">x</b>",
            "<p style=\"x\">x</p>",
            "<a href=\"javascript:x\">x</a>",
            "<a href=\"https://example.org/\">x</a>",
            "<a href=#\u{FDD0}U0\u{FDD1}>x</a>",
            "<details><summary>x</summary>",
            "</div><div>",
            "<b><i>x</b></i>",
            "<p>x<div>y</div></p>",
            "<table>x</table>",
            "<b title=\"x>y\">z</b>",
            "<!-- x -->",
            "a < b",
        ] {
            assert!(!is_tidy(html), "{html}");
        }
        let deep = |depth: usize| "<div>".repeat(depth) + &"</div>".repeat(depth);
        assert!(is_tidy(&deep(DEEPEST)) && !is_tidy(&deep(DEEPEST + 1)));
    }
}
