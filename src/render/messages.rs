//! The words that the theme says, by language: message files that are part of the program, with the site's own in front.
//!
//! In steps: begin with English, put over it the messages of the language (`de`, then `de-ch`), of each first the program's
//! and then the site's own file. So a language without messages speaks English, and a site changes single words.
//!
//! A message is a text, or a text for each plural form; what `{…}` stands for is filled in by whoever says it.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::plurals::{Form, Rule};
use crate::default_theme::TEMPLATES;
use crate::diagnostics::{Diagnostic, FileId, Sink, Span, nearest, rule};
use crate::parse::html::escape;
use crate::parse::yaml::{self, Notation};
use crate::source::Sources;

/// Folder of message files below `templates/`.
pub const FOLDER: &str = "messages/";
/// The language of the file that has every message.
const FIRST: &str = "en";
/// Messages for `search.js` begin so; it gets them without it.
const FIND: &str = "find_";
/// Messages for `theme.js` begin so.
const THEME: &str = "theme_";
/// Messages for `feedback.js` begin so.
const NOTE: &str = "note_";
/// Messages that `search.js` shares with the templates.
const SHARED: &[&str] =
    &["all_questions", "answered", "applies_to", "draft", "outdated", "placeholder", "search", "unanswered"];
/// Scripts that run from right to left.
const RIGHT_TO_LEFT_SCRIPTS: &[&str] = &["adlm", "arab", "aran", "hebr", "mand", "nkoo", "rohg", "syrc", "thaa"];
/// Languages that are written in such a script unless they say otherwise.
const RIGHT_TO_LEFT: &[&str] = &["ar", "ckb", "dv", "fa", "he", "ks", "nqo", "ps", "sd", "syr", "ug", "ur", "yi"];

/// `rtl` or `ltr`: how text of the language `tag` runs.
pub fn direction(tag: &str) -> &'static str {
    let tag = tag.to_lowercase();
    let mut subtags = tag.split('-');
    let language = subtags.next().unwrap_or_default();
    let is_rtl = match subtags.find(|subtag| subtag.len() == 4 && subtag.bytes().all(|byte| byte.is_ascii_alphabetic()))
    {
        Some(script) => RIGHT_TO_LEFT_SCRIPTS.contains(&script),
        None => RIGHT_TO_LEFT.contains(&language),
    };
    if is_rtl { "rtl" } else { "ltr" }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Message {
    Text(String),
    Counted(Rule, BTreeMap<Form, String>),
}

/// All messages in one language.
#[derive(Debug, Clone)]
pub struct Messages {
    messages: BTreeMap<String, Message>,
}

impl Messages {
    /// The messages of a site in the language `tag`.
    pub fn of(sources: &Sources, tag: &str) -> Messages {
        let mut messages = BTreeMap::new();
        let mut add = |language: &str| {
            let rule = Rule::of(language);
            let path = format!("{FOLDER}{language}.yaml");
            if let Some((_, bytes)) = TEMPLATES.iter().find(|(name, _)| *name == path) {
                messages.extend(read(&String::from_utf8_lossy(bytes), rule));
            }
            for (path, file) in own(sources) {
                if language_of(path) == language {
                    messages.extend(read(sources.text(file), rule));
                }
            }
        };
        let tag = tag.to_lowercase();
        let ends = tag.match_indices('-').map(|(at, _)| at).chain([tag.len()]);
        let tags: Vec<&str> = ends.map(|end| &tag[..end]).collect();
        if tags[0] != FIRST {
            add(FIRST);
        }
        for tag in tags {
            add(tag);
        }
        Messages { messages }
    }

    /// The message `key`.
    pub fn text<'a>(&'a self, key: &'a str) -> &'a str {
        match self.messages.get(key) {
            Some(Message::Text(text)) => text,
            Some(Message::Counted(_, forms)) => forms.get(&Form::Other).map_or(key, String::as_str),
            // A test holds the keys that are asked for against the files.
            None => key,
        }
    }

    /// The message `key` in HTML, with `html` in the place of `{name}`.
    pub fn html(&self, key: &str, name: &str, html: &str) -> String {
        escape(self.text(key)).replace(&format!("{{{name}}}"), html)
    }

    /// The message `key` with `text` in the place of `{name}`.
    pub fn with(&self, key: &str, name: &str, text: &str) -> String {
        self.text(key).replace(&format!("{{{name}}}"), text)
    }

    /// The message `key` in the form that `count` takes, which stands in the place of `{n}`; `None` when there is none.
    pub fn counted(&self, key: &str, count: u64) -> Option<String> {
        let Some(Message::Counted(rule, forms)) = self.messages.get(key) else {
            return None;
        };
        let text = forms.get(&rule.form(count)).or_else(|| forms.get(&Form::Other))?;
        Some(text.replace("{n}", &count.to_string()))
    }

    /// `day` as the language writes it: `12 March 2026`.
    pub fn day(&self, day: Date) -> String {
        let month = self.text("months").split_whitespace().nth(day.month() as usize - 1).unwrap_or_default();
        // In some languages the first of a month is not a plain number.
        let pattern = self.text(if day.day() == 1 { "date_first" } else { "date" });
        let mut text = String::with_capacity(pattern.len() + month.len());
        let mut pieces = pattern.split('{');
        text.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            // Writing to a string cannot fail.
            let _ = match piece.split_once('}') {
                Some(("day", rest)) => write!(text, "{}{rest}", day.day()),
                Some(("month", rest)) => write!(text, "{month}{rest}"),
                Some(("year", rest)) => write!(text, "{}{rest}", day.year()),
                _ => write!(text, "{{{piece}"),
            };
        }
        text
    }

    /// Messages without forms, by key.
    pub fn texts(&self) -> BTreeMap<String, String> {
        let texts = self.messages.iter().filter_map(|(key, message)| match message {
            Message::Text(text) => Some((key.clone(), text.clone())),
            Message::Counted(..) => None,
        });
        texts.collect()
    }

    /// What `search.js` says: a `key=text` a line, and `key.form=text` where a count is said.
    pub fn for_search(&self) -> String {
        self.lines(|key| key.strip_prefix(FIND).or_else(|| SHARED.contains(&key).then_some(key)))
    }

    /// What `feedback.js` says, likewise.
    pub fn for_feedback(&self) -> String {
        self.lines(|key| key.strip_prefix(NOTE))
    }

    /// What `theme.js` says, likewise.
    pub fn for_theme(&self) -> String {
        self.lines(|key| key.strip_prefix(THEME))
    }

    fn lines<'a>(&'a self, name: impl Fn(&'a str) -> Option<&'a str>) -> String {
        let mut lines = Vec::new();
        // A text is one line, or the next line would be another message.
        let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        for (key, message) in &self.messages {
            match (name(key), message) {
                (None, _) => {}
                (Some(name), Message::Text(text)) => lines.push(format!("{name}={}", one_line(text))),
                (Some(name), Message::Counted(_, forms)) => {
                    lines.extend(forms.iter().map(|(form, text)| format!("{name}.{}={}", form.name(), one_line(text))));
                }
            }
        }
        lines.join("\n")
    }
}

/// Reports what is wrong in the site's own message files.
pub fn check(sources: &Sources, sink: &mut Sink) {
    if own(sources).next().is_none() {
        return;
    }
    let first = Messages::of_program(FIRST);
    for (_, file) in own(sources) {
        let text = sources.text(file);
        let document = match yaml::read(text, Notation::Yaml) {
            Ok(document) => document,
            Err(malformed) => {
                let mut diagnostic = at(file, malformed.range, malformed.message);
                diagnostic.help = malformed.help;
                sink.push(diagnostic);
                continue;
            }
        };
        for (second, first) in &document.repeated {
            let message = format!("`{}` stands twice", &text[second.clone()]);
            let first = crate::diagnostics::Place::Span(Span::new(file, first.clone()));
            sink.push(at(file, second.clone(), message).related(first, "first given here"));
        }
        for (key, value) in &document.values {
            let place = document.fields.get(key).map_or(0..0, |field| field.key.clone());
            let known = first.messages.get(key);
            match (known, message(value, Rule::of(FIRST))) {
                (_, None) => sink.push(at(
                    file,
                    place,
                    format!("`{key}` takes a text, or texts for zero, one, two, few, many and other"),
                )),
                (Some(Message::Text(_)), Some(Message::Counted(..))) => {
                    sink.push(at(file, place, format!("`{key}` takes one text: no count is said in it")));
                }
                (None, Some(_)) => {
                    if let Some(near) = nearest(key, first.messages.keys().map(String::as_str)) {
                        let diagnostic = at(file, place, format!("`{key}` is no message of the theme"));
                        sink.push(diagnostic.help(format!("did you mean `{near}`?")));
                    }
                }
                (Some(_), Some(_)) => {}
            }
        }
    }
}

impl Messages {
    /// The messages of the program's own file for `language`; none where there is no such file.
    fn of_program(language: &str) -> Messages {
        let path = format!("{FOLDER}{language}.yaml");
        let file = TEMPLATES.iter().find(|(name, _)| *name == path);
        let messages = file.map(|(_, bytes)| read(&String::from_utf8_lossy(bytes), Rule::of(language)));
        Messages { messages: messages.unwrap_or_default() }
    }
}

fn at(file: FileId, range: std::ops::Range<usize>, message: String) -> Diagnostic {
    Diagnostic::at(&rule::INVALID_MESSAGES, Span::new(file, range), message)
}

/// The site's own message files.
fn own(sources: &Sources) -> impl Iterator<Item = (&str, FileId)> {
    let files = sources.templates.iter().map(|(path, file)| (path.as_str(), *file));
    files.filter(|(path, _)| is_message_file(path))
}

/// Is the template at `path` a file of messages?
pub fn is_message_file(path: &str) -> bool {
    path.starts_with(FOLDER) && path.ends_with(".yaml")
}

fn language_of(path: &str) -> String {
    path.trim_start_matches(FOLDER).trim_end_matches(".yaml").to_lowercase()
}

/// The messages of a file. What cannot be understood is left out, and reported by [`check`].
fn read(text: &str, rule: Rule) -> BTreeMap<String, Message> {
    let values: Map<String, Value> =
        yaml::read(text, Notation::Yaml).map(|document| document.values).unwrap_or_default();
    values.into_iter().filter_map(|(key, value)| Some((key, message(&value, rule)?))).collect()
}

fn message(value: &Value, rule: Rule) -> Option<Message> {
    match value {
        Value::String(text) => Some(Message::Text(text.clone())),
        Value::Object(forms) => {
            let forms = forms.iter().map(|(form, text)| Some((Form::from_name(form)?, text.as_str()?.to_owned())));
            let forms: BTreeMap<Form, String> = forms.collect::<Option<_>>()?;
            forms.contains_key(&Form::Other).then_some(Message::Counted(rule, forms))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Languages that the program speaks.
    fn languages() -> impl Iterator<Item = &'static str> {
        TEMPLATES.iter().filter_map(|(name, _)| name.strip_prefix(FOLDER)?.strip_suffix(".yaml"))
    }

    /// Words in `{…}`.
    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
    }

    #[test]
    fn every_language_says_what_english_says() {
        let first = Messages::of_program(FIRST);
        for language in languages() {
            let path = format!("{FOLDER}{language}.yaml");
            let text =
                TEMPLATES.iter().find(|(name, _)| *name == path).map(|(_, bytes)| String::from_utf8_lossy(bytes));
            let document = text.and_then(|text| yaml::read(&text, Notation::Yaml).ok()).expect("the file is YAML");
            assert_eq!(document.repeated, [], "{language}");
            let messages = Messages::of_program(language);
            let keys = |messages: &Messages| messages.messages.keys().cloned().collect::<BTreeSet<_>>();
            assert_eq!(keys(&messages), document.values.keys().cloned().collect(), "{language}: all are understood");
            assert_eq!(keys(&messages), keys(&first), "{language}");
            for (key, message) in &messages.messages {
                match (message, &first.messages[key]) {
                    (Message::Text(text), Message::Text(english)) => {
                        assert_eq!(places(text), places(english), "{language}: {key}");
                        assert!(!text.trim().is_empty(), "{language}: {key}");
                    }
                    (Message::Counted(rule, forms), Message::Counted(_, english)) => {
                        // What a count can be gives every form that the language has, and no other.
                        let wanted: BTreeSet<Form> = (0..=1_000).chain([1_000_000]).map(|n| rule.form(n)).collect();
                        let wanted = wanted.into_iter().chain([Form::Other]).collect::<BTreeSet<_>>();
                        assert_eq!(forms.keys().copied().collect::<BTreeSet<_>>(), wanted, "{language}: {key}");
                        let known = places(&english[&Form::Other]);
                        assert_eq!(places(&forms[&Form::Other]), known, "{language}: {key}");
                        assert!(forms.values().all(|text| places(text).is_subset(&known)), "{language}: {key}");
                    }
                    _ => panic!("{language}: {key} is of another kind than in English"),
                }
            }
        }
    }

    /// What stands in `text` between `before` and the first character that no key has.
    fn after<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
        let key = |rest: &'a str| rest.split(|c: char| !c.is_ascii_lowercase() && c != '_').next().unwrap_or_default();
        text.split(before).skip(1).map(key).collect()
    }

    #[test]
    fn every_message_that_is_said_exists_and_every_message_is_said() {
        let first = Messages::of_program(FIRST);
        let texts = first.texts();
        let mut said: BTreeSet<String> = BTreeSet::new();
        for (name, bytes) in TEMPLATES.iter().filter(|(name, _)| !is_message_file(name)) {
            let template = String::from_utf8_lossy(bytes);
            for key in ["{{ t.", "=t.", "{{ here.", "=here."].iter().flat_map(|before| after(&template, before)) {
                assert!(texts.contains_key(key), "{name}: {key}");
                said.insert(key.to_owned());
            }
            for key in after(&template, "count(word=\"") {
                assert!(first.counted(key, 1).is_some(), "{name}: {key}");
                said.insert(key.to_owned());
            }
        }
        let files: &[(&str, &[&str])] = &[
            (include_str!("page.rs"), &["word(\"", "messages.text(\""]),
            (
                include_str!("fill.rs"),
                &["messages.text(\"", "messages.with(\"", "messages.html(\"", "because(\"", "counted(\""],
            ),
            (include_str!("diagnosis.rs"), &["messages.text(\""]),
            (include_str!("diagram.rs"), &["messages.text(\""]),
            (include_str!("around.rs"), &["line(\"", "counted(\""]),
            (include_str!("foot.rs"), &["text(\""]),
            (include_str!("messages.rs"), &["self.text(\""]),
            (include_str!("overview.rs"), &["(\""]),
        ];
        for (code, calls) in files {
            for key in calls.iter().flat_map(|call| after(code, call)) {
                assert!(first.messages.contains_key(key), "{key}");
                said.insert(key.to_owned());
            }
        }
        for key in crate::parse::body::WORDS {
            assert!(texts.contains_key(*key), "{key}");
            said.insert((*key).to_owned());
        }
        let for_scripts = [
            (include_str!("../../static/unstick/search.js"), first.for_search(), FIND),
            (include_str!("../../static/unstick/theme.js"), first.for_theme(), THEME),
            (include_str!("../../static/unstick/feedback.js"), first.for_feedback(), NOTE),
        ];
        for (script, words, prefix) in for_scripts {
            let names: BTreeSet<&str> = words.lines().filter_map(|line| line.split(['=', '.']).next()).collect();
            for key in after(script, "WORDS.").into_iter().chain(after(script, "sayCount('")) {
                assert!(names.contains(key), "{key}");
                said.insert(key.to_owned());
                said.insert(format!("{prefix}{key}"));
            }
        }
        // Chosen by a state, or by a theme.
        let chosen = ["find_page", "theme_auto", "theme_light", "theme_dark", "date", "date_first"].map(str::to_owned);
        said.extend(chosen);
        let unsaid: Vec<&String> = first.messages.keys().filter(|key| !said.contains(*key)).collect();
        assert_eq!(unsaid, Vec::<&String>::new(), "nobody says them");
    }

    #[test]
    fn days_are_written_as_in_their_language() {
        let day = |language: &str, day: Date| Messages::of_program(language).day(day);
        let (first, other) = (jiff::civil::date(2026, 8, 1), jiff::civil::date(2026, 12, 31));
        assert_eq!(day("en", other), "31 December 2026");
        assert_eq!(day("de", first), "1. August 2026");
        assert_eq!(day("fr", first), "1er août 2026");
        assert_eq!(day("fr", other), "31 décembre 2026");
        assert_eq!(day("es", other), "31 de diciembre de 2026");
        assert_eq!(day("ja", other), "2026年12月31日");
        for language in languages() {
            assert_eq!(Messages::of_program(language).text("months").split_whitespace().count(), 12, "{language}");
        }
    }

    #[test]
    fn scripts_decide_which_way_a_language_runs() {
        for tag in ["ar", "ar-EG", "he", "fa", "ur-PK", "az-Arab", "AR"] {
            assert_eq!(direction(tag), "rtl", "{tag}");
        }
        for tag in ["en", "de-CH", "ja", "ar-Latn", "sr-Cyrl", "arn"] {
            assert_eq!(direction(tag), "ltr", "{tag}");
        }
    }
}
