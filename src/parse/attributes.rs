//! Attributes in braces at the end of a heading or a question: `{#id .class key=value key="two words"}`.

use std::ops::Range;

/// What the braces say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes {
    /// `#id`, with the bytes of the id.
    pub id: Option<(String, Range<usize>)>,
    /// `.class`
    pub classes: Vec<String>,
    /// `key=value`, with the bytes of the value.
    pub pairs: Vec<(String, String, Range<usize>)>,
}

/// Attributes at the end of `text[range]` (a heading's or a question's source), and the bytes they stand on with the white
/// space before them.
pub fn at_end(text: &str, range: Range<usize>) -> Option<(Attributes, Range<usize>)> {
    let trimmed = text[range.clone()].trim_end();
    // A closing sequence of number signs may follow in a heading.
    let inner = trimmed.trim_end_matches('#');
    let trimmed = if inner.ends_with([' ', '\t']) && trimmed.starts_with('#') { inner.trim_end() } else { trimmed };
    if !trimmed.ends_with('}') {
        return None;
    }
    let open = trimmed.rfind('{')?;
    if trimmed[..open].ends_with(['\\', '{']) {
        return None;
    }
    let start = range.start + open;
    let end = range.start + trimmed.len();
    let attributes = parse(text, start + 1..end - 1)?;
    let before = text[range.start..start].trim_end().len();
    Some((attributes, range.start + before..end))
}

fn parse(text: &str, range: Range<usize>) -> Option<Attributes> {
    let mut attributes = Attributes::default();
    let mut at = range.start;
    let mut any = false;
    while at < range.end {
        let rest = &text[at..range.end];
        let skipped = rest.len() - rest.trim_start().len();
        if skipped > 0 {
            at += skipped;
            continue;
        }
        let length = word_length(rest);
        let word = &rest[..length];
        if let Some(id) = word.strip_prefix('#') {
            attributes.id = Some((id.to_owned(), at + 1..at + length));
        } else if let Some(class) = word.strip_prefix('.') {
            attributes.classes.push(class.to_owned());
        } else if let (None, Some((id, id_range))) = (word.find('='), &mut attributes.id) {
            // No word of its own: an id of two words, which is told to be none.
            id_range.end = at + length;
            *id = text[id_range.clone()].to_owned();
        } else {
            let (key, value) = word.split_once('=')?;
            if key.is_empty() || !key.chars().all(|c| c.is_alphanumeric() || "_-".contains(c)) {
                return None;
            }
            let quoted = value.len() > 1 && value.starts_with(['"', '\u{201C}']) && value.ends_with(['"', '\u{201D}']);
            let value_start = at + key.len() + 1;
            let (inner, inner_range) = if quoted {
                let inner = value.trim_matches(['"', '\u{201C}', '\u{201D}']);
                let from = value_start + value.find(inner).unwrap_or(0);
                (inner, from..from + inner.len())
            } else {
                (value, value_start..value_start + value.len())
            };
            attributes.pairs.push((key.to_owned(), inner.to_owned(), inner_range));
        }
        any = true;
        at += length;
    }
    any.then_some(attributes)
}

/// The length of the word at the start of `rest`; white space inside quotes belongs to it.
fn word_length(rest: &str) -> usize {
    let mut quoted = false;
    for (at, c) in rest.char_indices() {
        match c {
            '"' | '\u{201C}' | '\u{201D}' => quoted = !quoted,
            c if c.is_whitespace() && !quoted => return at,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_at_the_end_are_read() {
        let text = "## Why? {#sync-slow .x reviewed=2026-10-01 applies=\"10.9 and up\"} ##";
        let (attributes, range) = at_end(text, 0..text.len()).expect("they are there");
        assert_eq!(attributes.id.map(|(id, range)| (id, &text[range])), Some(("sync-slow".into(), "sync-slow")));
        assert_eq!(attributes.classes, ["x"]);
        let pairs: Vec<(&str, &str)> = attributes.pairs.iter().map(|(k, v, _)| (k.as_str(), v.as_str())).collect();
        assert_eq!(pairs, [("reviewed", "2026-10-01"), ("applies", "10.9 and up")]);
        assert_eq!(&text[..range.start], "## Why?");
    }

    #[test]
    fn other_braces_are_text() {
        let text = "## Why? {#two words owner=me}";
        let (attributes, _) = at_end(text, 0..text.len()).expect("they are there");
        assert_eq!(attributes.id.map(|(id, _)| id).as_deref(), Some("two words"));
        for text in ["What does {x} mean?", "Set {a, b}", "The set {}", "Use \\{#id}", "{{ x }}", "ends {not closed"] {
            assert_eq!(at_end(text, 0..text.len()), None, "{text}");
        }
    }
}
