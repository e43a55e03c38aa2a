//! `unstick.json` of another site, as an inventory: its pages, entries, parts and messages.
//!
//! Only what can be linked to is read; texts are passed over.

use std::collections::{BTreeMap, HashSet};

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

impl Page {
    /// At most so many objects does it come to.
    fn objects(&self) -> usize {
        1 + self.entries.iter().map(|entry| 2 + entry.parts.len() + entry.messages.len()).sum::<usize>()
    }
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
    if document.pages.iter().map(Page::objects).sum::<usize>() > MAX_OBJECTS {
        return Err(format!("it has more than {MAX_OBJECTS} objects"));
    }
    let mut all = Vec::new();
    let mut objects = Objects::new(|named| all.push(object(named)));
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
    }
    objects.finish();
    Ok(Inventory {
        form: FORM,
        project: document.title,
        version: String::new(),
        base_url: document.base_url,
        objects: all,
        skipped: 0,
    })
}

fn object((kind, name, uri, title): Named<'_>) -> Object {
    let (domain, role) = kind.names();
    // As in an `objects.inv`, where `-` stands for a title that is the name.
    let title = if matches!(title.trim(), "" | "-") { name } else { title };
    Object {
        domain: domain.into(),
        role: role.into(),
        name: name.to_owned(),
        priority: kind.priority(),
        uri: uri.to_owned(),
        title: title.to_owned(),
    }
}

/// Names the objects of an unstick site, for what is written and for what is read, and hands each on.
pub struct Objects<T> {
    to: T,
    pages: HashSet<String>,
    /// Messages by name: the entries that have them, each with its address and what the message is called.
    messages: BTreeMap<String, Vec<(String, String, String)>>,
}

/// What an object of an unstick site is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A page.
    Page,
    /// A heading or an entry, as a place on its page.
    Place,
    /// An entry.
    Entry,
    /// A message of an entry.
    Message,
}

impl Kind {
    /// Its domain and role, as Sphinx says.
    pub fn names(self) -> (&'static str, &'static str) {
        match self {
            Kind::Page => ("std", "doc"),
            Kind::Place => ("std", "label"),
            Kind::Entry => ("kb", "question"),
            Kind::Message => ("kb", "error"),
        }
    }

    /// How much it says in a search. Sphinx itself hides documents and labels from its search, which finds them as pages.
    pub fn priority(self) -> i32 {
        match self {
            Kind::Page | Kind::Place => -1,
            Kind::Entry | Kind::Message => 1,
        }
    }
}

/// An object of an unstick site: what it is, its name, its address and its title.
pub type Named<'n> = (Kind, &'n str, &'n str, &'n str);

impl<T: FnMut(Named<'_>)> Objects<T> {
    /// Hands each object to `to`.
    pub fn new(to: T) -> Objects<T> {
        Objects { to, pages: HashSet::new(), messages: BTreeMap::new() }
    }

    /// Adds a page with this address and gives its name.
    pub fn page(&mut self, uri: &str, title: &str) -> String {
        let mut name = names::page(uri);
        // `a.html` beside `a/index.html`.
        if !self.pages.insert(name.clone()) {
            name = uri.to_owned();
            self.pages.insert(name.clone());
        }
        (self.to)((Kind::Page, &name, uri, title));
        name
    }

    /// Adds an entry of a page.
    pub fn entry(&mut self, page: &str, id: &str, uri: &str, question: &str) {
        (self.to)((Kind::Place, &names::place(page, id), uri, question));
        (self.to)((Kind::Entry, &names::entry(page, id), uri, question));
    }

    /// Adds a heading of the page with the address `page_uri`.
    pub fn heading(&mut self, page: &str, id: &str, page_uri: &str, title: &str) {
        let uri = [page_uri, "#", &crate::parse::slug::encode_fragment(id)].concat();
        (self.to)((Kind::Place, &names::place(page, id), &uri, title));
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

    /// Hands on the messages, which can only be named when all are there: one of several entries has a name for each,
    /// `printing:jam:E52`.
    pub fn finish(mut self) {
        for (name, all) in &self.messages {
            for (place, uri, title) in all {
                let long;
                let name = if all.len() == 1 {
                    name
                } else {
                    long = format!("{place}:{name}");
                    &long
                };
                (self.to)((Kind::Message, name, uri, title));
            }
        }
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
