//! `unstick.yaml`: what a site says about itself.
//!
//! Parsed from text like front matter, key by key; a key that is unknown or of the wrong kind is an error with its place,
//! and all of them are reported at once. This file never reads the disk.

pub mod look;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostics::{self, Diagnostic, FileId, Severity, Sink, Span, nearest, rule};
use crate::parse::parts::PartKind;
use crate::parse::yaml::{self, Notation};

/// The configuration, with defaults for what is not said.
#[derive(Debug, Clone)]
pub struct Config {
    /// `title` of the site.
    pub title: Option<String>,
    /// `description` of the site.
    pub description: String,
    /// `language`, a BCP 47 tag.
    pub language: String,
    /// `base_url`: where the site will be, with `/` at its end; switches on canonical links and the site map.
    pub base_url: Option<String>,
    /// `content`: folder of the pages, relative to the root.
    pub content: String,
    /// `output`: folder of the site, relative to the root.
    pub output: String,
    /// `links`: phrase to address.
    pub links: BTreeMap<String, String>,
    /// Keys of `links` such as `/guide/`, and where the addresses that begin so are, with `/` at the end.
    pub outside: BTreeMap<String, String>,
    /// `hints`: phrases that link hints begin with, beside those of the language.
    pub hints: Vec<String>,
    /// Where the `links` stand.
    pub links_span: Option<Span>,
    /// `parts`: names of part headings beside the built-in ones.
    pub parts: Vec<(PartKind, String)>,
    /// `unsafe_html`: let raw HTML through as it stands.
    pub unsafe_html: bool,
    /// `math`: dollar signs mean formulas.
    pub math: bool,
    /// `highlight`: colour code.
    pub highlight: bool,
    /// `related_words`: a search finds words that mean much the same too, where there is a table of the language.
    pub related_words: bool,
    /// `search`: pages can be searched.
    pub search: bool,
    /// `ask`: where readers ask what nothing answers, with [`QUERY`] in the place of their words.
    pub ask: Option<String>,
    /// `feedback`: what becomes of *did this help?*
    pub feedback: Feedback,
    /// `escalation`: what readers who are still stuck should do, in Markdown.
    pub escalation: Option<String>,
    /// Where the `escalation` stands.
    pub escalation_span: Option<Span>,
    /// `external`, `ignore`: addresses on other sites that are not asked for, with `*` for any characters.
    pub external_ignore: Vec<String>,
    /// `image`: the picture that stands for the site where it is shared, a path below `static/` or an address.
    pub image: Option<String>,
    /// Where the `image` stands.
    pub image_span: Option<Span>,
    /// `redirects`: files that tell servers where former addresses lead.
    pub redirects: Vec<RedirectFile>,
    /// `edit`: where readers change a page, with `{path}` for its file.
    pub edit: Option<String>,
    /// `editor`: opens a file in the writer's editor, with `{path}`, `{line}` and `{column}`.
    pub editor: String,
    /// `rules`: severity by rule; `None` switches a rule off.
    pub rules: BTreeMap<&'static str, Option<Severity>>,
    /// `theme`: what the site looks like.
    pub look: look::Look,
    /// `extra`: for templates.
    pub extra: Value,
}

/// What becomes of *did this help?*
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Feedback {
    /// Readers keep notes on their device, and save them as a file.
    Notes,
    /// They write to this address, in which [`FEEDBACK`] are filled in.
    Address(String),
    /// Nobody asks.
    Off,
}

/// A file that tells a server where former addresses lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedirectFile {
    /// `_redirects`, a rule a line.
    Rules,
    /// `redirects.map`, for the `map` of nginx.
    Nginx,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            title: None,
            description: String::new(),
            language: "en".into(),
            base_url: None,
            content: "content".into(),
            output: "site".into(),
            links: BTreeMap::new(),
            outside: BTreeMap::new(),
            hints: Vec::new(),
            links_span: None,
            parts: Vec::new(),
            unsafe_html: false,
            math: false,
            highlight: true,
            related_words: true,
            search: true,
            ask: None,
            feedback: Feedback::Notes,
            escalation: None,
            escalation_span: None,
            external_ignore: Vec::new(),
            image: None,
            image_span: None,
            redirects: Vec::new(),
            edit: None,
            editor: "vscode://file/{path}:{line}:{column}".into(),
            rules: BTreeMap::new(),
            look: look::Look::default(),
            extra: Value::Object(serde_json::Map::new()),
        }
    }
}

/// Keys of the configuration.
const KEYS: &[&str] = &[
    "title",
    "description",
    "language",
    "base_url",
    "content",
    "output",
    "links",
    "hints",
    "parts",
    "unsafe_html",
    "math",
    "highlight",
    "related_words",
    "search",
    "ask",
    "feedback",
    "escalation",
    "external",
    "image",
    "redirects",
    "edit",
    "editor",
    "rules",
    "theme",
    "extra",
];

/// Reads the configuration in `text`, which is `file`.
pub fn parse(file: FileId, text: &str, sink: &mut Sink) -> Config {
    let mut config = Config::default();
    let bom = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
    let text = &text[bom..];
    let span = |range: &std::ops::Range<usize>| Span::new(file, bom + range.start..bom + range.end);
    let document = match yaml::read(text, Notation::Yaml) {
        Ok(document) => document,
        Err(malformed) => {
            let mut diagnostic = Diagnostic::at(&rule::INVALID_CONFIG, span(&malformed.range), malformed.message);
            diagnostic.help = malformed.help;
            sink.push(diagnostic);
            return config;
        }
    };
    for (second, first) in &document.repeated {
        let diagnostic =
            Diagnostic::at(&rule::INVALID_CONFIG, span(second), format!("`{}` stands twice", &text[second.clone()]));
        sink.push(diagnostic.related(diagnostics::Place::Span(span(first)), "first given here"));
    }
    for (key, value) in document.values {
        let place = document.fields.get(&key).map_or_else(
            || Span::new(file, bom..bom),
            |field| span(if field.value.is_empty() { &field.key } else { &field.value }),
        );
        let mut wrong = |wants: &str| {
            sink.push(Diagnostic::at(&rule::INVALID_CONFIG, place, format!("`{key}` takes {wants}")));
        };
        match (key.as_str(), value) {
            (_, Value::Null) => {}
            ("title", Value::String(text)) => config.title = Some(text),
            ("description", Value::String(text)) => config.description = text,
            ("language", Value::String(tag)) if is_language(&tag) => config.language = tag,
            ("base_url", Value::String(url)) if is_base_url(&url) => config.base_url = Some(with_slash(&url)),
            ("content", Value::String(path)) if is_inside(&path) => config.content = path,
            ("output", Value::String(path)) if !path.trim().is_empty() => config.output = path,
            ("unsafe_html", Value::Bool(on)) => config.unsafe_html = on,
            ("math", Value::Bool(on)) => config.math = on,
            ("highlight", Value::Bool(on)) => config.highlight = on,
            ("related_words", Value::Bool(on)) => config.related_words = on,
            ("search", Value::Bool(on)) => config.search = on,
            ("ask", Value::String(address)) if is_ask(&address) => config.ask = Some(address),
            ("feedback", Value::Bool(on)) => config.feedback = if on { Feedback::Notes } else { Feedback::Off },
            ("feedback", Value::String(address)) if is_feedback(&address) => {
                config.feedback = Feedback::Address(address);
            }
            ("escalation", Value::String(text)) if !text.trim().is_empty() => {
                config.escalation = Some(text);
                config.escalation_span = Some(place);
            }
            ("image", Value::String(image)) if is_base_url(&image) || (is_inside(&image) && !image.contains(':')) => {
                config.image = Some(image);
                config.image_span = Some(place);
            }
            ("hints", Value::Array(phrases)) => {
                for phrase in phrases {
                    match phrase {
                        Value::String(phrase) if !phrase.trim().is_empty() => config.hints.push(phrase),
                        _ => wrong("a list of phrases such as `link to`"),
                    }
                }
            }
            ("external", Value::Object(keys)) => {
                for (key, value) in keys {
                    match (key.as_str(), value) {
                        ("ignore", Value::Array(patterns)) => {
                            for pattern in patterns {
                                match pattern {
                                    Value::String(pattern) if is_outside_pattern(&pattern) => {
                                        config.external_ignore.push(pattern);
                                    }
                                    other => wrong(&format!("{IGNORE}; {other} is none")),
                                }
                            }
                        }
                        ("ignore", _) => wrong(IGNORE),
                        (key, _) => wrong(&format!("the key `ignore`; `{key}` is none of its keys")),
                    }
                }
            }
            ("redirects", Value::Array(names)) => {
                for name in names {
                    match name.as_str() {
                        Some("_redirects" | "netlify" | "cloudflare") => config.redirects.push(RedirectFile::Rules),
                        Some("nginx") => config.redirects.push(RedirectFile::Nginx),
                        _ => wrong("a list of `_redirects` and `nginx`"),
                    }
                }
            }
            ("edit", Value::String(address)) if is_edit(&address) => config.edit = Some(address),
            ("editor", Value::String(address)) if is_editor(&address) => config.editor = address,
            ("extra", value @ Value::Object(_)) => config.extra = value,
            ("theme", Value::Object(keys)) => config.look = look::read(file, text, bom, keys, sink),
            ("links", Value::Object(links)) => {
                config.links_span = document.fields.get("links").map(|field| span(&field.key));
                for (phrase, target) in links {
                    match target {
                        Value::String(base) if phrase.len() > 2 && phrase.starts_with('/') && phrase.ends_with('/') => {
                            if is_base_url(&base) {
                                config.outside.insert(phrase, with_slash(&base));
                            } else {
                                wrong(&format!("an address that begins with https:// or http:// for `{phrase}`"));
                            }
                        }
                        Value::String(target) => drop(config.links.insert(phrase, target)),
                        _ => wrong("an address for each phrase"),
                    }
                }
            }
            ("parts", Value::Object(parts)) => {
                for (kind, names) in parts {
                    let names: Option<Vec<String>> = match names {
                        Value::String(name) => Some(vec![name]),
                        Value::Array(names) => names.into_iter().map(|name| name.as_str().map(str::to_owned)).collect(),
                        _ => None,
                    };
                    match (PartKind::from_name(&kind), names) {
                        (Some(kind), Some(names)) => config.parts.extend(names.into_iter().map(|name| (kind, name))),
                        (None, _) => wrong(
                            "kinds of parts: symptom, cause, resolution, workaround, verification, impact, diagnosis, environment, escalation, information",
                        ),
                        (_, None) => wrong("a list of headings for each kind"),
                    }
                }
            }
            ("rules", Value::Object(rules)) => {
                for (name, level) in rules {
                    let rule = diagnostics::ALL.iter().find(|rule| rule.name == name);
                    let level = match level.as_str() {
                        Some("error") => Some(Some(Severity::Error)),
                        Some("warning" | "warn") => Some(Some(Severity::Warning)),
                        Some("note" | "info") => Some(Some(Severity::Note)),
                        Some("off") => Some(None),
                        _ if level == Value::Bool(false) => Some(None),
                        _ => None,
                    };
                    match (rule, level) {
                        (None, _) => wrong(&format!("names of rules; `{name}` is none")),
                        (_, None) => wrong("error, warning, note or off for each rule"),
                        (Some(rule), _) if rule.effect == diagnostics::Effect::NothingWritten => {
                            wrong(&format!("rules that can be weighed; without `{name}` no site could be written"));
                        }
                        (Some(rule), Some(level)) => drop(config.rules.insert(rule.name, level)),
                    }
                }
            }
            (key, _) if !KEYS.contains(&key) => {
                let place = document.fields.get(key).map_or(place, |field| span(&field.key));
                let diagnostic =
                    Diagnostic::at(&rule::INVALID_CONFIG, place, format!("`{key}` is not a key of the configuration"));
                sink.push(match (look::belongs_below(key), nearest(key, KEYS.iter().copied())) {
                    (Some(own), _) => diagnostic.help(format!("it is `{own}` below `theme:`")),
                    (None, Some(near)) => diagnostic.help(format!("did you mean `{near}`?")),
                    (None, None) => diagnostic.help("keys of your own go under `extra:`"),
                });
            }
            ("language", _) => wrong("a language tag such as `en` or `de-CH`"),
            ("base_url", _) => wrong("an address that begins with https:// or http://"),
            ("content", _) => wrong("a folder inside the root"),
            ("unsafe_html" | "math" | "highlight" | "related_words" | "search", _) => wrong("true or false"),
            ("ask", _) => wrong("an https://, http:// or mailto: address with {query} behind its host or recipient"),
            ("feedback", _) => wrong(
                "true, false, or an https://, http:// or mailto: address, with {title}, {url}, {path} and {id} only behind its host or recipient",
            ),
            ("image", _) => wrong("a path below `static/`, or an address that begins with https:// or http://"),
            ("hints", _) => wrong("a list of phrases such as `link to`"),
            ("redirects", _) => wrong("a list of `_redirects` and `nginx`"),
            ("edit", _) => wrong("an https://, http:// or mailto: address with {path} behind its host or recipient"),
            ("editor", _) => {
                wrong("an address that opens an editor, with {path}, such as vscode://file/{path}:{line}:{column}")
            }
            ("links" | "parts" | "rules" | "theme" | "extra" | "external", _) => wrong("a mapping"),
            _ => wrong("text"),
        }
    }
    config
}

/// What `external: ignore:` takes.
const IGNORE: &str =
    "under `ignore` a list of addresses such as `https://intranet.example.com/*`, with `*` for any characters";

/// Can an address on another site be like `pattern`?
fn is_outside_pattern(pattern: &str) -> bool {
    let fits = |c: char| !c.is_whitespace() && !c.is_control();
    pattern.chars().all(fits) && ["http://", "https://", "*"].iter().any(|start| pattern.starts_with(start))
}

/// Is `tag` shaped like a BCP 47 language tag?
pub fn is_language(tag: &str) -> bool {
    let mut subtags = tag.split('-');
    subtags.next().is_some_and(|first| (2..=8).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic()))
        && subtags.all(|subtag| (1..=8).contains(&subtag.len()) && subtag.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Can `url` be the address of a site?
pub fn is_base_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && !rest.starts_with('/')
            && !rest.contains(|c: char| c.is_whitespace() || "\"'<>?#".contains(c))
    })
}

/// `url` with exactly one slash at its end.
pub fn with_slash(url: &str) -> String {
    format!("{}/", url.trim_end_matches('/'))
}

/// Stands in `ask` for the words of the reader.
pub const QUERY: &str = "{query}";

/// Stands in `edit` for the path of a page's file, from the root of the site.
pub const PATH: &str = "{path}";

/// Stand in `feedback` for what an entry is called, its absolute address, its address on the site, and its id.
pub const FEEDBACK: [&str; 4] = ["{title}", "{url}", "{path}", "{id}"];

/// Can `address` be where readers ask? The reader's words never choose the host.
fn is_ask(address: &str) -> bool {
    behind_host(address).is_some_and(|rest| rest.contains(QUERY))
}

/// Can `address` be where readers change a page?
fn is_edit(address: &str) -> bool {
    behind_host(address).is_some_and(|rest| rest.contains(PATH) && !rest.replace(PATH, "").contains(['{', '}']))
}

/// Can `address` be where readers say whether an entry helped?
fn is_feedback(address: &str) -> bool {
    let known = |rest: &str| FEEDBACK.iter().fold(rest.to_owned(), |rest, name| rest.replace(name, ""));
    behind_host(address).is_some_and(|rest| !known(rest).contains(['{', '}']))
}

/// What follows the host or the recipient of an address that a reader is led to; `None` when it could run code, leads
/// nowhere, or has braces before that.
fn behind_host(address: &str) -> Option<&str> {
    let fits = |c: char| !c.is_whitespace() && !c.is_control() && !"\"<>`\\".contains(c);
    let (scheme, rest) = address.split_once(':').filter(|_| address.chars().all(fits))?;
    let (host, from) = match scheme {
        "https" | "http" => (rest.strip_prefix("//")?, ['/', '?', '#'].as_slice()),
        "mailto" => (rest, ['?'].as_slice()),
        _ => return None,
    };
    let (host, rest) = host.split_at(host.find(from).unwrap_or(host.len()));
    (!host.is_empty() && !host.contains(['{', '}'])).then_some(rest)
}

/// Can `address` open an editor? Its scheme is one of no browser, or that of a server on this machine.
fn is_editor(address: &str) -> bool {
    let Some((scheme, rest)) = address.split_once(':') else {
        return false;
    };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    let runs = ["javascript", "data", "vbscript", "blob", "file", "about", "view-source"];
    is_scheme
        && !runs.contains(&scheme.to_ascii_lowercase().as_str())
        && rest.contains("{path}")
        && !address.contains(|c: char| c.is_whitespace() || c.is_control() || "\"<>`\\".contains(c))
}

fn is_inside(path: &str) -> bool {
    let path = std::path::Path::new(path);
    path.components().all(|part| matches!(part, std::path::Component::Normal(_) | std::path::Component::CurDir))
        && path.components().next().is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn editors_are_opened_and_nothing_runs() {
        for address in [
            "vscode://file/{path}:{line}:{column}",
            "idea://open?file={path}&line={line}",
            "x-mine+1.0:{path}",
            "http://localhost:63342/api/file{path}:{line}",
        ] {
            assert!(is_editor(address), "{address}");
        }
        for address in [
            "code",
            "vscode://file/",
            "javascript:x({path})",
            "JavaScript:{path}",
            ":{path}",
            "a b:{path}",
            "file://{path}",
        ] {
            assert!(!is_editor(address), "{address}");
        }
    }

    #[test]
    fn readers_ask_where_nothing_can_run() {
        for address in [
            "https://help.example.com/new?title={query}",
            "http://localhost:8080/{query}",
            "https://help.example.com?q={query}&again={query}#top",
            "mailto:help@example.org?subject={query}",
        ] {
            assert!(is_ask(address), "{address}");
        }
        for address in [
            "javascript:alert({query})",
            "data:text/html,{query}",
            "https://{query}.example.com/?q={query}",
            "https://{query}@example.com/",
            "https:///{query}",
            "https://help.example.com/new",
            "mailto:{query}",
            "mailto:{query}@example.org?subject={query}",
            "mailto:?subject={query}",
            "/ask/?q={query}",
            "https://help.example.com/a b?q={query}",
            "https://help.example.com/?q={query}\"",
        ] {
            assert!(!is_ask(address), "{address}");
        }
    }

    #[test]
    fn readers_say_what_helped_where_nothing_can_run() {
        for address in [
            "mailto:help@example.org",
            "mailto:help@example.org?subject={title}&body={url}",
            "https://github.com/example/help/issues/new?title={title}&body={path}%20{id}",
            "https://help.example.com",
        ] {
            assert!(is_feedback(address), "{address}");
        }
        for address in [
            "javascript:alert({title})",
            "data:text/html,{title}",
            "vbscript:{id}",
            "file:///{path}",
            "/feedback?{title}",
            "https://{id}.example.com/",
            "https:///new",
            "mailto:",
            "mailto:{id}@example.org",
            "https://help.example.com/new?title={question}",
            "https://help.example.com/a b",
        ] {
            assert!(!is_feedback(address), "{address}");
        }
    }
}
