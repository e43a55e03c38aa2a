//! YAML and TOML text to values, and where each key stands.
//!
//! The only file that knows `serde_yaml` and `toml`. In steps: unless all is plain to see (`plain_yaml`), bound the text
//! (size, depth), scan its lines for the places of keys and for keys that stand twice, then let the library make the values. The scan never decides what a value *is*; it only says where it is and how it is spelled, which the
//! libraries forget.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use ahash::AHashMap;
use serde_json::{Map, Value};

use super::plain_yaml;

/// Largest front matter or configuration that is read, in bytes.
pub const MAX_BYTES: usize = 64 * 1024;
/// Deepest nesting that is read.
const MAX_DEPTH: usize = 32;

/// The two notations of front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// `key: value`
    Yaml,
    /// `key = value`
    Toml,
}

/// A place of a top-level key, in bytes of the scanned text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The key as written, without quotes.
    pub key: Range<usize>,
    /// The value on the key's own line; empty when the value stands on the lines below.
    pub value: Range<usize>,
}

/// A text that was understood, wholly or in part.
#[derive(Debug, Default)]
pub struct Document {
    /// Top-level keys with their values.
    pub values: Map<String, Value>,
    /// Where the top-level keys stand.
    pub fields: AHashMap<String, Field>,
    /// Places of keys that stand a second time in their mapping, with the place of the first.
    pub repeated: Vec<(Range<usize>, Range<usize>)>,
}

/// Why a text was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Malformed {
    /// The bytes to point at.
    pub range: Range<usize>,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// Reads `text`.
///
/// # Errors
/// The first place where the text is not in its notation, is too large or too deep.
pub fn read(text: &str, notation: Notation) -> Result<Document, Malformed> {
    if notation == Notation::Yaml
        && text.len() <= MAX_BYTES
        && let Some(document) = plain_yaml::document(text)
    {
        return Ok(document);
    }
    bound(text)?;
    let scan = Scan::of(text, notation);
    // The libraries refuse a text whose keys repeat; the first of each is what counts, the others are reported.
    let once = without(text, scan.repeated.iter().map(|(second, _)| second));
    let values = match notation {
        Notation::Yaml => yaml_values(&once)?,
        Notation::Toml => toml_values(&once)?,
    };
    Ok(Document { values, fields: scan.fields, repeated: scan.repeated })
}

/// `text` with the given keys and their values as white space, so that every other place stays what it was.
fn without<'a, 't>(text: &'t str, keys: impl Iterator<Item = &'a Range<usize>>) -> Cow<'t, str> {
    let mut keys = keys.peekable();
    if keys.peek().is_none() {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for key in keys {
        let line_start = text[..key.start].rfind('\n').map_or(0, |at| at + 1);
        let column = key.start - line_start;
        let line_end = text[key.end..].find('\n').map_or(text.len(), |at| key.end + at + 1);
        // The value goes on over lines that are indented deeper, or list items that are not less.
        let deeper = |line: &str| {
            let indent = line.len() - line.trim_start_matches(' ').len();
            line.trim().is_empty() || indent > column || (indent == column && line[indent..].starts_with("- "))
        };
        let more: usize = text[line_end..].split_inclusive('\n').take_while(|line| deeper(line)).map(str::len).sum();
        for byte in &mut bytes[key.start..line_end + more] {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn bound(text: &str) -> Result<(), Malformed> {
    let too = |at: usize, message: String| {
        Err(Malformed { range: at..at + 1, message, help: Some("keep long texts in the body of the page".into()) })
    };
    if text.len() > MAX_BYTES {
        return too(0, format!("{} bytes are too many, {MAX_BYTES} is the limit", text.len()));
    }
    let mut depth = 0usize;
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'[' | b'{') => depth += 1,
            (None, b']' | b'}') => depth = depth.saturating_sub(1),
            (None, b'"' | b'\'') if at == 0 || b" \t[{,:=\n".contains(&text.as_bytes()[at - 1]) => quote = Some(byte),
            (Some(open), close) if open == close => quote = None,
            (_, b'\n') if depth == 0 => quote = None,
            _ => {}
        }
        if depth > MAX_DEPTH {
            return too(at, format!("brackets nest more than {MAX_DEPTH} deep"));
        }
    }
    for (start, line) in lines(text) {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let dashes = line.split_whitespace().take_while(|word| matches!(*word, "-" | "?")).count();
        if indent > 4 * MAX_DEPTH || dashes > MAX_DEPTH {
            return too(start, format!("lists or mappings nest more than {MAX_DEPTH} deep"));
        }
    }
    Ok(())
}

pub(super) fn yaml_values(text: &str) -> Result<Map<String, Value>, Malformed> {
    let malformed = |message: String, location: Option<serde_yaml::Location>| {
        let at = location.map_or(0, |l| l.index()).min(text.len());
        let mut at = at;
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let message = message.split(" at line ").next().unwrap_or_default().to_owned();
        let help = yaml_help(text, at, &message);
        Malformed { range: at..(at + 1).min(text.len()).max(at), message, help }
    };
    if text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Map::new());
    }
    // The usual case needs no detour: keys are text, and nothing has a tag.
    if let Ok(map) = serde_yaml::from_str(text) {
        return Ok(map);
    }
    let value: serde_yaml::Value = serde_yaml::from_str(text).map_err(|e| malformed(e.to_string(), e.location()))?;
    match json(value) {
        Some(Value::Object(map)) => Ok(map),
        Some(Value::Null) => Ok(Map::new()),
        Some(_) => Err(malformed("front matter is a list of `key: value` lines".into(), None)),
        None => Err(malformed("a tag (`!name`) or a key that is not text".into(), None)),
    }
}

fn yaml_help(text: &str, at: usize, message: &str) -> Option<String> {
    let start = text[..at].rfind('\n').map_or(0, |n| n + 1);
    let line = text[start..].lines().next().unwrap_or_default();
    if message.contains("mapping values are not allowed") {
        Some("put the value in quotes: it holds a colon followed by a space".into())
    } else if line.starts_with('\t') || line.trim_start_matches(' ').starts_with('\t') {
        Some("indent with spaces: YAML forbids tabs".into())
    } else if message.contains("quoted scalar") {
        Some("close the quote".into())
    } else if line.contains(" = ") && !line.contains(": ") {
        Some("this looks like TOML: fence it with `+++` lines".into())
    } else {
        None
    }
}

/// A YAML value as JSON; `None` for tags and for keys that are not scalars. Numbers keep their value here; fields that
/// take text go back to the spelling in the source.
fn json(value: serde_yaml::Value) -> Option<Value> {
    use serde_yaml::Value as Y;
    Some(match value {
        Y::Null => Value::Null,
        Y::Bool(b) => Value::Bool(b),
        Y::Number(n) => match (n.as_i64(), n.as_u64(), n.as_f64()) {
            (Some(i), _, _) => Value::from(i),
            (_, Some(u), _) => Value::from(u),
            (_, _, f) => Value::from(f.filter(|f| f.is_finite())),
        },
        Y::String(s) => Value::String(s),
        Y::Sequence(items) => Value::Array(items.into_iter().map(json).collect::<Option<_>>()?),
        Y::Mapping(map) => {
            let mut object = Map::new();
            for (key, value) in map {
                let key = match key {
                    Y::String(s) => s,
                    Y::Number(n) => n.to_string(),
                    Y::Bool(b) => b.to_string(),
                    _ => return None,
                };
                object.insert(key, json(value)?);
            }
            Value::Object(object)
        }
        Y::Tagged(_) => return None,
    })
}

fn toml_values(text: &str) -> Result<Map<String, Value>, Malformed> {
    let table: toml::Table = toml::from_str(text).map_err(|e| Malformed {
        range: e.span().unwrap_or(0..0),
        message: e.message().trim().to_owned(),
        help: None,
    })?;
    Ok(table.into_iter().map(|(key, value)| (key, toml_json(value))).collect())
}

fn toml_json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(s) => Value::String(s),
        toml::Value::Integer(i) => Value::from(i),
        toml::Value::Float(f) => Value::from(f),
        toml::Value::Boolean(b) => Value::Bool(b),
        toml::Value::Datetime(d) => Value::String(d.to_string()),
        toml::Value::Array(items) => Value::Array(items.into_iter().map(toml_json).collect()),
        toml::Value::Table(table) => Value::Object(table.into_iter().map(|(k, v)| (k, toml_json(v))).collect()),
    }
}

/// Lines with the offset of their start, without their line ending.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some((start, line.trim_end_matches(['\n', '\r'])))
    })
}

#[derive(Default)]
pub(super) struct Scan {
    pub(super) fields: AHashMap<String, Field>,
    pub(super) repeated: Vec<(Range<usize>, Range<usize>)>,
}

/// A block mapping that is open at some indentation.
struct Level<'t> {
    indent: usize,
    keys: BTreeMap<&'t str, Range<usize>>,
}

impl Scan {
    pub(super) fn of(text: &str, notation: Notation) -> Scan {
        let mut scan = Scan::default();
        let mut levels: Vec<Level<'_>> = Vec::new();
        // Lines deeper than this belong to a block scalar.
        let mut scalar: Option<usize> = None;
        let mut quote: Option<char> = None;
        let mut brackets = 0i32;
        let mut table = String::new();
        for (start, line) in lines(text) {
            if let Some(open) = quote {
                quote = unclosed_after(line, Some(open)).0;
                continue;
            }
            let trimmed = line.trim_start_matches(' ');
            if trimmed.is_empty() || trimmed.starts_with('#') {
                continue;
            }
            let mut indent = line.len() - trimmed.len();
            if scalar.is_some_and(|below| indent > below) {
                continue;
            }
            scalar = None;
            if brackets > 0 {
                brackets += balance(line);
                continue;
            }
            if notation == Notation::Toml && trimmed.starts_with('[') {
                table = trimmed.to_owned();
                levels.clear();
                continue;
            }
            let mut rest = trimmed;
            // The dashes of a list open mappings of their own.
            while let Some(after) = rest.strip_prefix("- ") {
                let inner = after.trim_start_matches(' ');
                indent += rest.len() - inner.len();
                rest = inner;
                levels.retain(|level| level.indent < indent);
            }
            let Some((key, separator)) = key_of(rest, notation) else {
                let (open, _) = unclosed_after(rest, None);
                quote = open;
                continue;
            };
            let at = start + indent;
            let key_range = at..at + separator;
            let after = &rest[separator..];
            let after = &after[after.find([':', '=']).map_or(0, |n| n + 1)..];
            let value_start = start + line.len() - after.trim_start().len();
            let value = strip_comment(after.trim_start());
            levels.retain(|level| level.indent <= indent);
            if levels.last().is_none_or(|level| level.indent < indent) {
                levels.push(Level { indent, keys: BTreeMap::new() });
            }
            if let Some(level) = levels.last_mut() {
                match level.keys.get(key) {
                    Some(first) => scan.repeated.push((key_range.clone(), first.clone())),
                    None => {
                        level.keys.insert(key, key_range.clone());
                    }
                }
            }
            if indent == 0 && table.is_empty() {
                let field = Field { key: key_range, value: value_start..value_start + value.len() };
                scan.fields.entry(key.to_owned()).or_insert(field);
            }
            if notation == Notation::Yaml && value.starts_with(['|', '>']) {
                scalar = Some(indent);
            } else {
                let (open, _) = unclosed_after(value, None);
                quote = open.filter(|_| notation == Notation::Yaml);
                brackets = if value.starts_with(['[', '{']) { balance(value).max(0) } else { 0 };
            }
        }
        scan
    }
}

/// The key at the start of `rest` and the length of its spelling.
pub(super) fn key_of(rest: &str, notation: Notation) -> Option<(&str, usize)> {
    let separator = match notation {
        Notation::Yaml => ':',
        Notation::Toml => '=',
    };
    let quoted = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
    let (key, length) = match quoted {
        Some(quote) => {
            let end = rest[1..].find(quote)? + 1;
            (&rest[1..end], end + 1)
        }
        None => {
            let end = rest.char_indices().find(|&(at, c)| {
                c == separator
                    && (notation == Notation::Toml || rest[at + 1..].chars().next().is_none_or(char::is_whitespace))
            })?;
            let key = rest[..end.0].trim_end();
            (key, key.len())
        }
    };
    let next = rest[length..].trim_start().chars().next();
    if key.is_empty() || next != Some(separator) || (quoted.is_none() && key.starts_with(['[', '{', '&', '*', '!'])) {
        return None;
    }
    Some((key, length))
}

/// The quote that `text` leaves open.
fn unclosed_after(text: &str, open: Option<char>) -> (Option<char>, usize) {
    let mut quote = open;
    if open.is_none() {
        match text.chars().next() {
            Some(c @ ('"' | '\'')) => quote = Some(c),
            _ => return (None, 0),
        }
    }
    let skip = usize::from(open.is_none());
    let mut chars = text.char_indices().skip(skip).peekable();
    while let Some((at, c)) = chars.next() {
        match (quote, c) {
            (Some('"'), '\\') => {
                chars.next();
            }
            (Some('\''), '\'') if chars.peek().is_some_and(|(_, next)| *next == '\'') => {
                chars.next();
            }
            (Some(q), c) if q == c => return (None, at + 1),
            _ => {}
        }
    }
    (quote, text.len())
}

fn balance(text: &str) -> i32 {
    text.bytes().map(|b| i32::from(b"[{".contains(&b)) - i32::from(b"]}".contains(&b))).sum()
}

/// `value` without the comment and the white space behind it.
pub(super) fn strip_comment(value: &str) -> &str {
    let from = match value.chars().next() {
        Some('"' | '\'') => unclosed_after(value, None).1,
        _ => 0,
    };
    let end = value[from..].find(" #").map_or(value.len(), |n| from + n);
    value[..end].trim_end()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repeated(text: &str) -> Vec<&str> {
        let scan = Scan::of(text, Notation::Yaml);
        scan.repeated.into_iter().map(|(second, _)| &text[second]).collect()
    }

    #[test]
    fn keys_that_stand_twice_are_found_at_any_depth() {
        assert_eq!(repeated("a: 1\nb: 2\na: 3\n"), ["a"]);
        assert_eq!(repeated("errors:\n  - code: 1\n    code: 2\n  - code: 3\n"), ["code"]);
        assert_eq!(repeated("x:\n  y: 1\nz:\n  y: 1\n"), [""; 0]);
        assert_eq!(repeated("t: |\n  a: 1\n  a: 2\nu: \"x\n  a: 1\n  a: 2\"\n"), [""; 0]);
        assert_eq!(repeated("a: [\n  b: 1,\n  b: 2 ]\n'c': 1\nc: 2\n"), ["c"]);
    }

    #[test]
    fn the_first_of_equal_keys_counts() {
        let text =
            "title: ü\ntags:\n- a\ntags:\n- b\n- c\ntitle: [x,\n  y]\nerrors:\n  - code: 1\n    code: 2\nweight: 3\n";
        let document = read(text, Notation::Yaml).expect("it is YAML but for its repetitions");
        let values = serde_json::to_string(&document.values).expect("it is JSON");
        assert_eq!(values, r#"{"errors":[{"code":1}],"tags":["a"],"title":"ü","weight":3}"#);
        assert_eq!(document.repeated.len(), 3);
        let document = read("a = 1\na = 2\n", Notation::Toml).expect("it is TOML but for its repetition");
        assert_eq!(document.values["a"], 1);
    }

    #[test]
    fn values_are_found_as_they_are_spelled() {
        let text = "title: 0777 # octal\nurl: \"/a#b\"\nlist:\n  - x\n";
        let document = read(text, Notation::Yaml).expect("it is YAML");
        assert_eq!(&text[document.fields["title"].value.clone()], "0777");
        assert_eq!(&text[document.fields["url"].value.clone()], "\"/a#b\"");
        assert_eq!(&text[document.fields["list"].value.clone()], "");
    }

    #[test]
    fn hostile_texts_end_at_once() {
        for text in ["[".repeat(100_000), "{".repeat(20_000), "- ".repeat(20_000), "a: ".to_owned() + &"[".repeat(5000)]
        {
            assert!(read(&text, Notation::Yaml).is_err());
        }
        let mut bomb = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for n in 1..12 {
            bomb += &format!("a{n}: &a{n} [*a{0},*a{0},*a{0},*a{0},*a{0},*a{0},*a{0},*a{0},*a{0}]\n", n - 1);
        }
        assert!(read(&bomb, Notation::Yaml).is_err());
    }
}
