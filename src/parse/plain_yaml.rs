//! Front matter that needs no parser of YAML: keys with words, and lists of words.
//!
//! Nearly every page has no other, and the parser takes many times as long to say the same. In steps: each line is a
//! `key: value`, a `- value` below a key, or nothing; the first line that could mean anything else leaves the whole text
//! to the parser. So this file knows no mistakes and reports none: `yaml` does.

use ahash::AHashMap;
use serde_json::{Map, Value};

use super::characters::any;
use super::yaml::{Document, Field};

/// What `text` says; `None` when that is for the parser to say.
pub(super) fn document(text: &str) -> Option<Document> {
    // Tabs, other line breaks, invisible characters: YAML has an opinion on each.
    if any(text, |byte| (byte != b'\n') & !(b' '..=b'~').contains(&byte)) {
        return None;
    }
    let (mut values, mut fields) = (Map::new(), AHashMap::new());
    let mut open: Option<List<'_>> = None;
    let mut next = 0;
    for whole in text.split('\n') {
        let start = next;
        next += whole.len() + 1;
        let line = whole.trim_end();
        if line.is_empty() {
            continue;
        }
        if let Some(item) = line.trim_start().strip_prefix("- ") {
            open.as_mut()?.push(line.len() - line.trim_start().len(), scalar(item.trim_start())?)?;
            continue;
        }
        if let Some(list) = open.take() {
            values.insert(list.key.to_owned(), list.value());
        }
        let colon = memchr::memchr(b':', line.as_bytes())?;
        let (key, value) = (&line[..colon], line[colon + 1..].trim_start());
        let is_name = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'));
        // A colon without a space behind it is part of a word.
        if !is_name
            || !key.starts_with(|c: char| c.is_ascii_alphabetic())
            || line[colon + 1..].starts_with(|c| c != ' ')
        {
            return None;
        }
        let end = start + if value.is_empty() { whole.len() } else { line.len() };
        let field = Field { key: start..start + colon, value: end - value.len()..end };
        if fields.insert(key.to_owned(), field).is_some() {
            return None;
        }
        if value.is_empty() {
            open = Some(List { key, indent: 0, items: Vec::new() });
        } else {
            values.insert(key.to_owned(), scalar(value)?);
        }
    }
    if let Some(list) = open {
        values.insert(list.key.to_owned(), list.value());
    }
    Some(Document { values, fields, repeated: Vec::new() })
}

/// The list below a key.
struct List<'a> {
    key: &'a str,
    /// Spaces before each dash.
    indent: usize,
    items: Vec<Value>,
}

impl List<'_> {
    /// Adds an item; `None` when its dash does not stand below the others.
    fn push(&mut self, indent: usize, item: Value) -> Option<()> {
        if self.items.is_empty() {
            self.indent = indent;
        }
        (indent == self.indent).then(|| self.items.push(item))
    }

    /// A key with nothing below it has no value.
    fn value(self) -> Value {
        if self.items.is_empty() { Value::Null } else { Value::Array(self.items) }
    }
}

/// What `text` says on its own: words, bare or in quotes, true or false, or a number of up to 18 digits.
fn scalar(text: &str) -> Option<Value> {
    let first = text.bytes().next()?;
    match first {
        b'"' | b'\'' => {
            let words =
                text.get(1..text.len() - 1).filter(|_| text.len() > 1 && text.as_bytes()[text.len() - 1] == first)?;
            let is_plain = !words.bytes().any(|byte| byte == first || byte == b'\\' && first == b'"');
            is_plain.then(|| Value::from(words))
        }
        _ if text.ends_with(':') || holds_mark(text.as_bytes()) => None,
        b'a'..=b'z' | b'A'..=b'Z' => match text {
            "true" => Some(Value::Bool(true)),
            "false" => Some(Value::Bool(false)),
            _ if ["null", "true", "false"].iter().any(|word| text.eq_ignore_ascii_case(word)) => None,
            _ => Some(Value::from(text)),
        },
        b'1'..=b'9' if text.len() <= 18 && text.bytes().all(|byte| byte.is_ascii_digit()) => {
            text.parse::<u64>().ok().map(Value::from)
        }
        // A day such as 10/30/2026, which no number can be.
        b'0'..=b'9' if text.contains('/') => Some(Value::from(text)),
        _ => None,
    }
}

/// Does a value or a comment begin in `text`?
fn holds_mark(text: &[u8]) -> bool {
    memchr::memchr2_iter(b':', b'#', text).any(|at| match text[at] {
        b':' => text.get(at + 1) == Some(&b' '),
        _ => at > 0 && text[at - 1] == b' ',
    })
}

#[cfg(test)]
mod tests {
    use super::super::yaml::{Notation, Scan};
    use super::*;

    /// What the parser says of `text`.
    fn parsed(text: &str) -> Option<Map<String, Value>> {
        super::super::yaml::yaml_values(text).ok()
    }

    #[test]
    fn usual_front_matter_needs_no_parser() {
        let text = "title: Can't open it\nms.date: 10/30/2026\nempty:\nweight: 10\n\ndraft: true\ntags:\n  - a b\n  - \"c: d\"\n\
                    ms.custom: \nsearch.appverid:\n- MET150\nlast: 'x # y'\n";
        let document = document(text).expect("it is usual");
        assert_eq!(document.values.len(), 9);
        assert_eq!(Some(document.values), parsed(text));
    }

    #[test]
    fn nothing_is_read_as_the_parser_would_not() {
        // Every line beside every other, so that each stands behind and before what could change its meaning.
        let lines = [
            "",
            " ",
            "a: b",
            "b: c d",
            " c: d",
            "c:",
            "d: ",
            "d : e",
            "e:f",
            "f: g: h",
            "g: h:",
            "h: i # j",
            "i: j #k",
            "j: k#l",
            "- a",
            "  - b",
            "   - c d",
            "- ",
            "-",
            "- - a",
            "- a: b",
            "-a",
            "  - - b",
            "  more",
            "more",
            "# note",
            "  # note",
            "k: null",
            "l: Null",
            "m: nulls",
            "n: True",
            "o: true",
            "p: FALSE",
            "q: yes",
            "r: ~",
            "s: 12",
            "t: 012",
            "u: 1e3",
            "v: 0x1F",
            "w: 1/2",
            "x: 1.5",
            "y: -3",
            "z: .inf",
            "aa: inf",
            "ab: 123456789012345678",
            "ac: 12345678901234567890",
            "ad: 0",
            "ba: \"x\"",
            "bb: \"x",
            "bc: \"x\\n\"",
            "bd: 'it''s'",
            "be: 'x'",
            "bf: ''",
            "bg: \"\"",
            "bh: \"a\" b",
            "bi: 'a: b'",
            "ca: [x]",
            "cb: {x: y}",
            "cc: |",
            "cd: >",
            "ce: &x y",
            "cf: *x",
            "cg: !x y",
            "ch: @x",
            "ci: %x",
            "cj: `x`",
            "ck: ? x",
            "? x",
            "cl: a, b]",
            "cm: a \"b\"",
            "cn: a  b  ",
            "\"co\": x",
            "true: x",
            "12: x",
            "null: x",
            "<<: x",
            "---",
            "...",
            "%YAML 1.2",
            "a.b: c",
            "a-b: c",
            "é: x",
            "da: é",
            "db: a\tb",
            "\tdc: x",
            "dd: a\u{85}b",
            "de: a\rb",
            "df: \u{1}",
            "dg: https://x.y/z",
            "dh: C:\\x",
            "di: 2026-10-01",
            "dj: 2026-10-01 08:00:00",
            "dk: 1 2",
            "dl: 1_000",
            "dm: '",
            "dn: \"",
        ];
        let mut plain = 0;
        for first in lines {
            for second in lines {
                for third in ["", "- a", "  - b", "z1: x", "  more"] {
                    let text = format!("{first}\n{second}\n{third}\n");
                    if let Some(document) = document(&text) {
                        plain += 1;
                        assert_eq!(Some(document.values), parsed(&text), "{text:?}");
                        let scan = Scan::of(&text, Notation::Yaml);
                        assert_eq!((document.fields, document.repeated), (scan.fields, scan.repeated), "{text:?}");
                    }
                }
            }
        }
        assert!(plain > 1000, "{plain}");
    }
}
