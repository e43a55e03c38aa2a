//! The front matter of a page: cut off, read, checked field by field.
//!
//! In steps: [`cut`] finds the block by its fences; [`read`] turns it into a [`FrontMatter`], pushing every mistake at its
//! place and keeping every field that is right. A page with bad front matter is still a page.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use ahash::AHashMap;
use jiff::civil::Date;
use serde_json::Value;

use super::yaml::{self, Document, Notation};
use super::{Message, date};
use crate::config::is_language;
use crate::diagnostics::{Diagnostic, FileId, Sink, Span, nearest, rule};

/// A front-matter block as found in the text of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cut {
    /// The file begins with its body, at this byte (behind a byte order mark).
    None(usize),
    /// The block and where the body begins.
    Block(Notation, Range<usize>, usize),
    /// The opening fence, which is never closed.
    Unclosed(Range<usize>),
}

/// Finds the front matter of `text`: between `---` lines (YAML, or TOML that begins with `key = `) or `+++` lines (TOML).
pub fn cut(text: &str) -> Cut {
    let start = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
    let fence = match text.get(start..start + 3) {
        Some(fence @ ("---" | "+++")) => fence,
        _ => return Cut::None(start),
    };
    let line_end =
        |from: usize| memchr::memchr2(b'\n', b'\r', &text.as_bytes()[from..]).map_or(text.len(), |n| from + n);
    let next_line = |end: usize| match text.get(end..end + 2) {
        Some("\r\n") => end + 2,
        _ => (end + 1).min(text.len()),
    };
    let first_end = line_end(start);
    if !text[start + 3..first_end].trim().is_empty() || first_end == text.len() {
        return Cut::None(start);
    }
    let block = next_line(first_end);
    let mut at = block;
    while at < text.len() {
        let end = line_end(at);
        let line = text[at..end].trim_end();
        if line == fence || (fence == "---" && line == "...") {
            let inside = &text[block..at];
            let toml = fence == "+++" || looks_like_toml(inside);
            return Cut::Block(if toml { Notation::Toml } else { Notation::Yaml }, block..at, next_line(end));
        }
        at = next_line(end);
    }
    // A rule at the top of a page without front matter is a rule, not a fence.
    let first = text[block..].lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    if first.contains(':') || (fence == "+++" && first.contains('=')) {
        Cut::Unclosed(start..start + 3)
    } else {
        Cut::None(start)
    }
}

fn looks_like_toml(block: &str) -> bool {
    let mut lines = block.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.next().and_then(|line| line.split_once('=')).is_some_and(|(key, _)| {
        let key = key.trim();
        !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
    })
}

/// The state that an author gives an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeclaredState {
    /// `state: draft`
    Draft,
    /// `state: answered`
    Answered,
    /// `state: outdated`
    Outdated,
}

/// What a page is meant to be, as its `type` says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageType {
    /// Headings of one level are the questions.
    Faq,
    /// The page is one entry.
    Article,
    /// Lists are trees of questions that lead to entries.
    Diagnosis,
}

/// Front matter that was understood. Absent fields are `None` or empty.
#[derive(Debug, Clone, Default)]
pub struct FrontMatter {
    /// `title`
    pub title: Option<String>,
    /// `linkTitle`: a shorter title for lists.
    pub link_title: Option<String>,
    /// `description` or `summary`
    pub description: Option<String>,
    /// `url`: the address of the page from the root of the site.
    pub url: Option<String>,
    /// `parent`: a site address, a source path or a name.
    pub parent: Option<String>,
    /// `weight`: place among its siblings, lowest first.
    pub weight: Option<i64>,
    /// `tags`
    pub tags: Vec<String>,
    /// `keywords`
    pub keywords: Vec<String>,
    /// `aliases`: former addresses.
    pub aliases: Vec<String>,
    /// `link_names`: names under which links find the page.
    pub link_names: Vec<String>,
    /// `draft`: leave the page out.
    pub draft: bool,
    /// `type`, where it says something to unstick.
    pub page_type: Option<PageType>,
    /// `question`: the page is the answer to it.
    pub question: Option<String>,
    /// `aka`: other wordings of the question.
    pub aka: Vec<String>,
    /// `errors`: messages that the page is about.
    pub errors: Vec<Message>,
    /// `applies_to`
    pub applies_to: Vec<String>,
    /// `state`
    pub state: Option<DeclaredState>,
    /// `owner`
    pub owner: Option<String>,
    /// `reviewed`
    pub reviewed: Option<Date>,
    /// `review_every`
    pub review_every: Option<jiff::Span>,
    /// `related`: addresses, ids or names of related entries.
    pub related: Vec<String>,
    /// `date`
    pub date: Option<Date>,
    /// `lastmod`
    pub lastmod: Option<Date>,
    /// `language`: what the page is written in, where that is not the language of the site.
    pub language: Option<String>,
    /// `math`: whether dollar signs mean formulas on this page.
    pub math: Option<bool>,
    /// Every other key.
    pub extra: BTreeMap<String, Value>,
    /// Where the values stand in the file.
    pub places: BTreeMap<&'static str, Span>,
}

/// Keys that are understood, in the spelling of the manual.
const KNOWN: &[&str] = &[
    "title",
    "linkTitle",
    "description",
    "summary",
    "url",
    "parent",
    "weight",
    "tags",
    "keywords",
    "aliases",
    "link_names",
    "draft",
    "type",
    "question",
    "aka",
    "errors",
    "applies_to",
    "state",
    "owner",
    "reviewed",
    "review_every",
    "related",
    "date",
    "lastmod",
    "language",
    "math",
];

/// Reads the block at `range` of `text`.
pub fn read(file: FileId, text: &str, notation: Notation, range: Range<usize>, sink: &mut Sink) -> FrontMatter {
    let block = &text[range.clone()];
    let document = match yaml::read(block, notation) {
        Ok(document) => document,
        Err(malformed) => {
            let at = Span::new(file, range.start + malformed.range.start..range.start + malformed.range.end);
            let mut diagnostic = Diagnostic::at(&rule::INVALID_FRONT_MATTER, at, malformed.message);
            diagnostic.help = malformed.help;
            sink.push(diagnostic);
            return FrontMatter::default();
        }
    };
    let mut reader = Reader { file, block, offset: range.start, document, sink };
    reader.repeated();
    reader.fields()
}

struct Reader<'a> {
    file: FileId,
    block: &'a str,
    offset: usize,
    document: Document,
    sink: &'a mut Sink,
}

impl Reader<'_> {
    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.file, self.offset + range.start..self.offset + range.end)
    }

    /// The value of `key`, or the key itself when the value stands on other lines.
    fn place(&self, key: &str) -> Span {
        match self.document.fields.get(key) {
            Some(field) if !field.value.is_empty() => self.span(&field.value),
            Some(field) => self.span(&field.key),
            None => self.span(&(0..self.block.len().min(1))),
        }
    }

    fn repeated(&mut self) {
        for (second, first) in std::mem::take(&mut self.document.repeated) {
            let key = &self.block[second.clone()];
            let diagnostic =
                Diagnostic::at(&rule::DUPLICATE_FIELD, self.span(&second), format!("`{key}` stands twice"))
                    .help("the first one is used; merge the two or delete one")
                    .related(crate::diagnostics::Place::Span(self.span(&first)), "first given here");
            self.sink.push(diagnostic);
        }
    }

    fn fields(&mut self) -> FrontMatter {
        let mut matter = FrontMatter::default();
        let values = std::mem::take(&mut self.document.values);
        for (key, value) in values {
            self.field(&mut matter, &key, value);
        }
        matter
    }

    fn field(&mut self, matter: &mut FrontMatter, key: &str, value: Value) {
        macro_rules! text {
            ($field:ident, $name:literal) => {{
                matter.places.insert($name, self.place(key));
                matter.$field = self.text(key, value);
            }};
        }
        macro_rules! texts {
            ($field:ident, $name:literal) => {{
                matter.places.insert($name, self.place(key));
                matter.$field = self.texts(key, value);
            }};
        }
        macro_rules! parsed {
            ($field:ident, $name:literal, $parse:expr, $wants:literal) => {{
                matter.places.insert($name, self.place(key));
                matter.$field = self.parsed(key, value, $parse, $wants);
            }};
        }
        match key {
            "title" => text!(title, "title"),
            "linkTitle" => text!(link_title, "linkTitle"),
            "description" => text!(description, "description"),
            "summary" if matter.description.is_none() => text!(description, "description"),
            "summary" => {}
            "url" => text!(url, "url"),
            "parent" => text!(parent, "parent"),
            "question" => text!(question, "question"),
            "owner" => text!(owner, "owner"),
            "tags" => texts!(tags, "tags"),
            "keywords" => texts!(keywords, "keywords"),
            "aliases" => texts!(aliases, "aliases"),
            "link_names" => texts!(link_names, "link_names"),
            "aka" => texts!(aka, "aka"),
            "applies_to" | "appliesto" => texts!(applies_to, "applies_to"),
            "related" => texts!(related, "related"),
            "date" => parsed!(date, "date", date::day, "a day such as 2026-10-01"),
            "lastmod" => parsed!(lastmod, "lastmod", date::day, "a day such as 2026-10-01"),
            "reviewed" => parsed!(reviewed, "reviewed", date::day, "a day such as 2026-10-01"),
            "review_every" => {
                parsed!(review_every, "review_every", date::interval, "a number with d, w, m or y, such as 6m")
            }
            "language" | "lang" => {
                parsed!(language, "language", language, "a language tag such as `en` or `de-CH`")
            }
            "state" => parsed!(state, "state", declared_state, "draft, answered or outdated"),
            "weight" => match value.as_i64() {
                Some(weight) => matter.weight = Some(weight),
                None => self.wrong_type(key, &value, "a whole number"),
            },
            "math" => match value {
                Value::Bool(math) => matter.math = Some(math),
                other => self.wrong_type(key, &other, "true or false"),
            },
            "draft" => match value {
                Value::Bool(draft) => matter.draft = draft,
                other => self.wrong_type(key, &other, "true or false"),
            },
            "errors" => {
                matter.places.insert("errors", self.place(key));
                matter.errors = self.messages(key, value);
            }
            // Hugo and others use the key for their own layouts: only the values that say something here are taken.
            "type" | "ms.topic" => {
                let kind = value.as_str().map(str::to_lowercase).unwrap_or_default();
                if key == "type" {
                    matter.places.insert("type", self.place(key));
                }
                matter.page_type = match kind.as_str() {
                    "faq" | "questions" => Some(PageType::Faq),
                    "article" | "troubleshooting" | "runbook" if key == "type" => Some(PageType::Article),
                    "troubleshooting" => Some(PageType::Article),
                    "diagnosis" | "diagnose" if key == "type" => Some(PageType::Diagnosis),
                    _ => matter.page_type,
                };
                if key == "ms.topic" || matter.page_type.is_none() {
                    matter.extra.insert(key.to_owned(), value);
                }
            }
            _ => {
                self.report_near_miss(key);
                matter.extra.insert(key.to_owned(), value);
            }
        }
    }

    fn report_near_miss(&mut self, key: &str) {
        // The pages of a site have the same keys: each is looked at once a thread.
        thread_local! {
            static SEEN: RefCell<AHashMap<String, Option<&'static str>>> = RefCell::default();
        }
        let near = SEEN.with_borrow_mut(|seen| match seen.get(key) {
            Some(near) => *near,
            None => {
                let near = near_miss(key);
                seen.insert(key.to_owned(), near);
                near
            }
        });
        if let (Some(near), Some(field)) = (near, self.document.fields.get(key)) {
            let diagnostic =
                Diagnostic::at(&rule::UNKNOWN_FIELD, self.span(&field.key), format!("`{key}` is not a key of unstick"))
                    .help(format!("did you mean `{near}`? A key of your own is fine under any less similar name"));
            self.sink.push(diagnostic);
        }
    }

    fn wrong_type(&mut self, key: &str, value: &Value, wants: &str) {
        if value.is_null() {
            return;
        }
        let message = format!("`{key}` takes {wants}, not {}", kind_of(value));
        self.sink.push(Diagnostic::at(&rule::WRONG_TYPE, self.place(key), message));
    }

    /// A scalar as it is spelled in the source: `0777`, `no` and `2026-10-01` are titles like any other.
    fn spelled(&self, key: &str, value: &Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Bool(_) | Value::Number(_) => {
                let raw = self.document.fields.get(key).map(|field| &self.block[field.value.clone()]);
                Some(raw.filter(|raw| !raw.is_empty()).map_or_else(|| value.to_string(), str::to_owned))
            }
            _ => None,
        }
    }

    fn text(&mut self, key: &str, value: Value) -> Option<String> {
        match self.spelled(key, &value) {
            Some(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            None => {
                self.wrong_type(key, &value, "text");
                None
            }
        }
    }

    /// A list of texts; a single text is a list of one, and a text with commas is split for tags and keywords.
    fn texts(&mut self, key: &str, value: Value) -> Vec<String> {
        let mut texts = Vec::new();
        match value {
            Value::Null => {}
            Value::Array(items) => {
                for item in items {
                    match item {
                        Value::String(text) => texts.push(text),
                        Value::Bool(_) | Value::Number(_) => texts.push(item.to_string()),
                        Value::Null => {}
                        other => self.wrong_type(key, &other, "a list of texts"),
                    }
                }
            }
            other => match self.spelled(key, &other) {
                Some(text) if matches!(key, "tags" | "keywords") => texts.extend(text.split(',').map(str::to_owned)),
                Some(text) => texts.push(text),
                None => self.wrong_type(key, &other, "a list of texts"),
            },
        }
        let mut seen = std::collections::BTreeSet::new();
        let trimmed = texts.iter().map(|text| text.trim().to_owned());
        trimmed.filter(|text| !text.is_empty() && seen.insert(text.clone())).collect()
    }

    fn parsed<T>(&mut self, key: &str, value: Value, parse: impl Fn(&str) -> Option<T>, wants: &str) -> Option<T> {
        if value.is_null() {
            return None;
        }
        let text = self.spelled(key, &value);
        match text.as_deref().map(|text| (text, parse(text))) {
            Some((_, Some(parsed))) => Some(parsed),
            Some((text, None)) => {
                let message = format!("`{key}` takes {wants}, not `{text}`");
                self.sink.push(Diagnostic::at(&rule::WRONG_TYPE, self.place(key), message));
                None
            }
            None => {
                self.wrong_type(key, &value, wants);
                None
            }
        }
    }

    fn messages(&mut self, key: &str, value: Value) -> Vec<Message> {
        let wants = "a list of messages, each a text or `code:` and `message:`";
        let items = match value {
            Value::Array(items) => items,
            Value::Null => return Vec::new(),
            text @ Value::String(_) => vec![text],
            other => {
                self.wrong_type(key, &other, wants);
                return Vec::new();
            }
        };
        let mut messages = Vec::new();
        for item in items {
            match item {
                Value::String(text) => messages.push(Message { code: None, text }),
                Value::Number(code) => messages.push(Message { code: Some(code.to_string()), text: String::new() }),
                Value::Object(mut fields) => {
                    let mut take = |name: &str| match fields.remove(name) {
                        Some(Value::String(text)) => Some(text),
                        Some(Value::Number(number)) => Some(number.to_string()),
                        _ => None,
                    };
                    let (code, text) = (take("code"), take("message").unwrap_or_default());
                    if let Some(other) = fields.keys().next() {
                        let message = format!("`{other}` is not a key of a message");
                        let diagnostic = Diagnostic::at(&rule::WRONG_TYPE, self.place(key), message);
                        self.sink.push(diagnostic.help("a message has `code:` and `message:`"));
                    }
                    if code.is_none() && text.is_empty() {
                        self.wrong_type(key, &Value::Object(fields), wants);
                    } else {
                        messages.push(Message { code, text });
                    }
                }
                other => self.wrong_type(key, &other, wants),
            }
        }
        messages
    }
}

/// The state that `text` names.
pub fn declared_state(text: &str) -> Option<DeclaredState> {
    match text.trim().to_lowercase().as_str() {
        "draft" => Some(DeclaredState::Draft),
        "answered" => Some(DeclaredState::Answered),
        "outdated" => Some(DeclaredState::Outdated),
        _ => None,
    }
}

/// A language tag.
fn language(text: &str) -> Option<String> {
    Some(text.trim()).filter(|tag| is_language(tag)).map(str::to_owned)
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

/// The key that `key` was probably meant to be.
fn near_miss(key: &str) -> Option<&'static str> {
    if key.len() < 3 || key.contains('.') || key.contains('/') {
        return None;
    }
    let lower = key.to_lowercase().replace('-', "_");
    if let Some(same) = KNOWN.iter().find(|known| known.to_lowercase() == lower) {
        return Some(same);
    }
    // Words of other generators that happen to be near one of ours.
    let foreign = [
        "status", "topic", "topics", "layout", "owners", "author", "update", "updated", "tile", "table", "urls", "page",
    ];
    // A word before or behind one of ours makes another key of it: `f1_keywords`.
    let longer = |near: &str| {
        let near = near.to_lowercase();
        lower.strip_suffix(&near).is_some_and(|word| word.ends_with('_'))
            || lower.strip_prefix(&near).is_some_and(|word| word.starts_with('_'))
    };
    nearest(key, KNOWN.iter().copied()).filter(|near| !foreign.contains(&lower.as_str()) && !longer(near))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_cut_off_whatever_the_line_ending() {
        let block = |text: &str| match cut(text) {
            Cut::Block(notation, range, body) => (notation, text[range].to_owned(), text[body..].to_owned()),
            other => panic!("{text:?}: {other:?}"),
        };
        assert_eq!(block("---\na: 1\n---\nb"), (Notation::Yaml, "a: 1\n".into(), "b".into()));
        assert_eq!(block("\u{FEFF}---\r\na: 1\r\n---\r\nb"), (Notation::Yaml, "a: 1\r\n".into(), "b".into()));
        assert_eq!(block("---\ra: 1\r---\rb"), (Notation::Yaml, "a: 1\r".into(), "b".into()));
        assert_eq!(block("+++\na = 1\n+++\n"), (Notation::Toml, "a = 1\n".into(), String::new()));
        assert_eq!(block("---\na = 1\n---\n"), (Notation::Toml, "a = 1\n".into(), String::new()));
        assert_eq!(block("---\n---\n"), (Notation::Yaml, String::new(), String::new()));
        assert_eq!(cut("# Title\n\n---\na: 1\n---\n"), Cut::None(0));
        assert_eq!(cut("---\n\nA rule, then prose.\n"), Cut::None(0));
        assert_eq!(cut("---\ntitle: x\n\nbody"), Cut::Unclosed(0..3));
        assert_eq!(cut(""), Cut::None(0));
        assert_eq!(cut("---"), Cut::None(0));
    }
}
