//! `unstick.json` of another site, as an inventory: its pages, entries, parts and messages.
//!
//! Only what can be linked to is read; texts are passed over.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::names;
use super::{Inventory, MAX_OBJECTS, Object};

/// What an inventory of this form says about itself.
pub const FORM: &str = "unstick.json";
/// The version of `unstick.json` that is read.
const SCHEMA: u64 = 1;

#[derive(Deserialize)]
struct Document {
    schema: u64,
    #[serde(default)]
    title: String,
    base_url: Option<String>,
    pages: Vec<Page>,
}

#[derive(Deserialize)]
struct Page {
    url: String,
    title: String,
    #[serde(default)]
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    id: String,
    url: String,
    question: String,
    #[serde(default)]
    parts: Vec<Part>,
    #[serde(default)]
    messages: Vec<Message>,
}

#[derive(Deserialize)]
struct Part {
    #[serde(default)]
    title: String,
    id: Option<String>,
}

#[derive(Deserialize)]
struct Message {
    code: Option<String>,
    #[serde(default)]
    text: String,
}

/// Reads an `unstick.json`.
///
/// # Errors
/// Why it cannot be understood, in words without a full stop.
pub fn read(bytes: &[u8]) -> Result<Inventory, String> {
    let document: Document =
        serde_json::from_slice(bytes).map_err(|error| format!("it is no unstick.json: {error}"))?;
    if document.schema != SCHEMA {
        return Err(format!("its schema is {}; this program reads {SCHEMA}", document.schema));
    }
    let mut objects = Objects::default();
    for page in &document.pages {
        let name = objects.page(&page.url, &page.title);
        for entry in &page.entries {
            objects.entry(&name, &entry.id, &entry.url, &entry.question);
            for part in &entry.parts {
                if let Some(id) = &part.id {
                    objects.heading(&name, id, &page.url, &part.title);
                }
            }
            for message in &entry.messages {
                objects.message(&name, &entry.id, &entry.url, message.code.as_deref(), &message.text);
            }
        }
        if objects.len() > MAX_OBJECTS {
            return Err(format!("it has more than {MAX_OBJECTS} objects"));
        }
    }
    Ok(Inventory {
        form: FORM,
        project: document.title,
        version: String::new(),
        base_url: document.base_url,
        objects: objects.finish(),
        skipped: 0,
    })
}

/// Puts the objects of an unstick site together, for what is written and for what is read.
#[derive(Debug, Default)]
pub struct Objects {
    objects: Vec<Object>,
    pages: BTreeSet<String>,
    /// Messages by name: the entries that have them, each with its address and what the message is called.
    messages: BTreeMap<String, Vec<(String, String, String)>>,
}

impl Objects {
    fn push(&mut self, kind: (&'static str, &'static str), name: String, uri: String, title: &str) {
        // Sphinx itself hides documents and labels from its search, which finds them as pages.
        let priority = if kind.0 == "std" { -1 } else { 1 };
        // Sphinx writes `-` for a title that is the name.
        let title = if matches!(title.trim(), "" | "-") { name.clone() } else { title.to_owned() };
        self.objects.push(Object { domain: kind.0.into(), role: kind.1.into(), name, priority, uri, title });
    }

    fn len(&self) -> usize {
        self.objects.len() + self.messages.len()
    }

    /// Adds a page with this address and gives its name.
    pub fn page(&mut self, uri: &str, title: &str) -> String {
        let mut name = names::page(uri);
        // `a.html` beside `a/index.html`.
        if !self.pages.insert(name.clone()) {
            name = uri.to_owned();
            self.pages.insert(name.clone());
        }
        self.push(("std", "doc"), name.clone(), uri.to_owned(), title);
        name
    }

    /// Adds an entry of a page.
    pub fn entry(&mut self, page: &str, id: &str, uri: &str, question: &str) {
        self.push(("std", "label"), names::place(page, id), uri.to_owned(), question);
        self.push(("kb", "question"), names::entry(page, id), uri.to_owned(), question);
    }

    /// Adds a heading of the page with the address `page_uri`.
    pub fn heading(&mut self, page: &str, id: &str, page_uri: &str, title: &str) {
        let uri = format!("{page_uri}#{}", crate::parse::slug::encode_fragment(id));
        self.push(("std", "label"), names::place(page, id), uri, title);
    }

    /// Adds a message of an entry.
    pub fn message(&mut self, page: &str, id: &str, uri: &str, code: Option<&str>, text: &str) {
        if let Some(name) = names::message(code, text) {
            let all = self.messages.entry(name).or_default();
            let place = names::place(page, id);
            // An entry may show a message twice.
            if !all.iter().any(|(other, ..)| *other == place) {
                all.push((place, uri.to_owned(), names::message_title(code, text)));
            }
        }
    }

    /// The objects. A message of several entries has a name for each: `printing:jam:E52`.
    pub fn finish(mut self) -> Vec<Object> {
        for (name, all) in std::mem::take(&mut self.messages) {
            let alone = all.len() == 1;
            for (place, uri, title) in all {
                let name = if alone { name.clone() } else { format!("{place}:{name}") };
                self.push(("kb", "error"), name, uri, &title);
            }
        }
        self.objects.sort_by(|a, b| (&a.domain, &a.role, &a.name).cmp(&(&b.domain, &b.role, &b.name)));
        self.objects
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_files_are_told_apart() {
        let why = |text: &str| read(text.as_bytes()).expect_err("it is broken");
        let good = r#"{"schema":1,"title":"T","pages":[{"url":"a.html","title":"A","more":[{"x":1}],"entries":[]}]}"#;
        assert_eq!(read(good.as_bytes()).expect("good").objects.len(), 1);
        for end in 1..good.len() {
            assert!(why(&good[..end]).starts_with("it is no unstick.json: "), "{}", &good[..end]);
        }
        assert!(why(&good.replace("1,\"title", "7,\"title")).contains("its schema is 7"));
        assert!(why(&good.replace("\"a.html\"", "7")).contains("expected a string"));
        let deep = format!("{{\"schema\":1,\"x\":{}", "[".repeat(100_000));
        assert!(why(&deep).starts_with("it is no unstick.json: "));
        let page = r#"{"url":"a.html","title":"A"},"#.repeat(MAX_OBJECTS + 1);
        assert!(why(&format!("{{\"schema\":1,\"pages\":[{}]}}", page.trim_end_matches(','))).contains("more than"));
    }
}
