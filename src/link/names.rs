//! What pages, headings and questions are called, for links that go by name.
//!
//! Names are compared after [`normal`]: case, quotes, white space and punctuation at the ends do not matter. Hints are
//! compared after [`hint_key`], which also forgets articles, `related`, the word for a document, and plurals.

use ahash::AHashMap;

use crate::diagnostics::Span;
use crate::parse::slug::single_spaced;
use crate::parse::{Page, Parsed};

/// Something with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named<'a> {
    /// The node of its page.
    pub node: usize,
    /// Its anchor, when it is not the page itself.
    pub fragment: Option<&'a str>,
    /// Its name as written.
    pub title: &'a str,
    /// Where it stands.
    pub span: Span,
}

/// What a name leads to.
#[derive(Debug, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// Nothing has that name.
    None,
    /// One thing has it.
    One(Named<'a>),
    /// Several have it.
    Many(&'a [Named<'a>]),
}

/// Names on two rungs: those of pages, then those of headings and questions.
#[derive(Debug, Default)]
pub struct Names<'a> {
    pages: AHashMap<String, Vec<Named<'a>>>,
    places: AHashMap<String, Vec<Named<'a>>>,
}

impl<'a> Names<'a> {
    /// The names of pages only.
    pub fn of_pages(parsed: &'a Parsed, node_of_page: &[Option<usize>]) -> Names<'a> {
        let mut names = Names::default();
        for (number, page) in parsed.pages.iter().enumerate() {
            if let Some(node) = node_of_page[number] {
                names.add_page(page, node, normal);
            }
        }
        names
    }

    /// All names, compared by `key`.
    pub fn of_everything(parsed: &'a Parsed, node_of_page: &[Option<usize>], key: fn(&str) -> String) -> Names<'a> {
        let mut names = Names::default();
        for (number, page) in parsed.pages.iter().enumerate() {
            let Some(node) = node_of_page[number] else {
                continue;
            };
            names.add_page(page, node, key);
            for line in page.toc.iter().filter(|line| line.entry.is_none()) {
                let named = Named { node, fragment: Some(&line.id), title: &line.text, span: page.title_span };
                insert(&mut names.places, key(&line.text), named);
            }
            for entry in page.entries.iter().filter(|entry| !entry.spelling.is_page()) {
                let named = Named { node, fragment: Some(&entry.id), title: &entry.question, span: entry.span };
                for name in entry.link_names.iter().chain(&entry.aka) {
                    insert(&mut names.pages, key(name), named);
                }
                insert(&mut names.places, key(&entry.question), named);
            }
        }
        names
    }

    fn add_page(&mut self, page: &'a Page, node: usize, key: fn(&str) -> String) {
        let named = Named { node, fragment: None, title: &page.title, span: page.title_span };
        let matter = &page.matter;
        let titles = [Some(&page.title), matter.link_title.as_ref(), page.heading.as_ref(), matter.question.as_ref()];
        for name in titles.into_iter().flatten().chain(&matter.link_names).chain(&matter.aka) {
            insert(&mut self.pages, key(name), named);
        }
    }

    /// Looks `key` up: among pages first, then among headings and questions.
    pub fn find(&self, key: &str) -> Lookup<'_> {
        match self.find_page(key) {
            Lookup::None => lookup(&self.places, key),
            found => found,
        }
    }

    /// Looks `key` up among pages.
    pub fn find_page(&self, key: &str) -> Lookup<'_> {
        lookup(&self.pages, key)
    }

    /// The node of the only page called `name`.
    pub fn single_page(&self, name: &str) -> Option<usize> {
        match self.find_page(&normal(name)) {
            Lookup::One(named) => Some(named.node),
            _ => None,
        }
    }
}

fn insert<'a>(table: &mut AHashMap<String, Vec<Named<'a>>>, key: String, named: Named<'a>) {
    if key.is_empty() {
        return;
    }
    let all = table.entry(key).or_default();
    // Names come page by page, and every article has a "Cause": only this page's may be there already.
    let mut of_page = all.iter().rev().take_while(|other| other.node == named.node);
    if !of_page.any(|other| other.fragment == named.fragment) {
        all.push(named);
    }
}

fn lookup<'a>(table: &'a AHashMap<String, Vec<Named<'a>>>, key: &str) -> Lookup<'a> {
    match table.get(key).map(Vec::as_slice) {
        None | Some([]) => Lookup::None,
        Some([one]) => Lookup::One(*one),
        Some(many) => Lookup::Many(many),
    }
}

/// A name for comparing.
pub fn normal(name: &str) -> String {
    let straight = |c: char| match c {
        '‘' | '’' | '‚' | '′' => '\'',
        '“' | '”' | '„' => '"',
        c => c,
    };
    let is_dress = |c| matches!(c, '.' | ',' | ';' | ':' | '!' | '"' | '\'' | '`');
    if name.is_ascii() {
        // Most names, and every heading of a site is one.
        let mut name = single_spaced(name);
        name.make_ascii_lowercase();
        name.truncate(name.trim_end_matches(is_dress).len());
        name.drain(..name.len() - name.trim_start_matches(is_dress).len());
        return name;
    }
    let straight: String = name.chars().map(straight).collect();
    single_spaced(&straight).to_lowercase().trim_matches(is_dress).to_owned()
}

/// The phrase of a hint for comparing, its articles gone.
pub fn without_article(phrase: &str) -> String {
    let phrase = normal(phrase);
    let rest = ["the ", "a ", "an ", "our ", "this "].iter().find_map(|article| phrase.strip_prefix(article));
    rest.map_or_else(|| phrase.clone(), str::to_owned)
}

/// The phrase of a hint, or a name that a hint may mean, for comparing.
pub fn hint_key(phrase: &str) -> String {
    const BEFORE: &[&str] = &[
        "a",
        "an",
        "the",
        "our",
        "this",
        "that",
        "these",
        "related",
        "relevant",
        "corresponding",
        "respective",
        "other",
        "on",
        "about",
        "for",
    ];
    const AFTER: &[&str] = &[
        "doc",
        "documentation",
        "document",
        "page",
        "resource",
        "guide",
        "article",
        "section",
        "reference",
        "manual",
        "topic",
    ];
    let lower = phrase.to_lowercase();
    let all: Vec<String> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(singular).collect();
    let mut words = all.as_slice();
    while let Some((first, rest)) =
        words.split_first().filter(|(first, rest)| BEFORE.contains(&first.as_str()) && !rest.is_empty())
    {
        let _ = first;
        words = rest;
    }
    while let Some((_, rest)) =
        words.split_last().filter(|(last, rest)| AFTER.contains(&last.as_str()) && !rest.is_empty())
    {
        words = rest;
    }
    words.join(" ")
}

fn singular(word: &str) -> String {
    let plural = word.len() > 3
        && word.ends_with('s')
        && !word.ends_with("ss")
        && !word.ends_with("us")
        && !word.ends_with("is");
    if plural { word[..word.len() - 1].to_owned() } else { word.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_their_dress() {
        assert_eq!(normal(" What’s  “New”? "), "what's \"new\"?");
        assert_eq!(normal("  The\t \"Wide\n Sync\".  "), "the \"wide sync");
        assert_eq!(normal("\u{B}a\u{B}b"), "a b");
        assert_eq!(normal(" ... "), "");
        assert_eq!(hint_key("the related pattern docs"), "pattern");
        assert_eq!(hint_key("Patterns"), "pattern");
        assert_eq!(hint_key("the docs"), "doc");
        assert_eq!(hint_key("OTA resources"), "ota");
        assert_eq!(hint_key("the sync status pages"), "sync status");
    }
}
