//! What pages, headings and questions are called, for links that go by name.
//!
//! Names are compared after [`normal`]: case, quotes, white space and punctuation at the ends do not matter. Hints are
//! compared after [`hint_key`], which also forgets articles, `related`, the word for a document, and plurals.

use std::collections::BTreeMap;

use crate::diagnostics::{Span, nearest};
use crate::parse::slug::single_spaced;
use crate::parse::{Page, Parsed};
use ahash::AHashMap;

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

/// Things whose names share words with a phrase.
#[derive(Debug)]
pub struct Near<'a> {
    /// Everything with a name, in the order of the pages, with the words of the name.
    all: Vec<(Named<'a>, Vec<String>)>,
    /// Where each word occurs.
    by_word: AHashMap<String, Vec<usize>>,
}

impl<'a> Near<'a> {
    /// All that `names` has, whose keys are made by [`hint_key`].
    pub fn of(names: &Names<'a>) -> Near<'a> {
        let tables = [&names.pages, &names.places];
        let mut all: Vec<(Named<'a>, Vec<String>)> = tables
            .into_iter()
            .flatten()
            .flat_map(|(key, named)| {
                named.iter().map(move |named| (*named, key.split(' ').map(str::to_owned).collect()))
            })
            .collect();
        all.sort_by(|(a, x), (b, y)| (a.span, a.title, x).cmp(&(b.span, b.title, y)));
        let mut by_word: AHashMap<String, Vec<usize>> = AHashMap::new();
        for (number, (_, words)) in all.iter().enumerate() {
            for word in words {
                by_word.entry(word.clone()).or_default().push(number);
            }
        }
        Near { all, by_word }
    }

    /// The most alike, best first, by how much rare words they share with `phrase`; at most three, none that shares little,
    /// and not the page `own`.
    pub fn nearest(&self, phrase: &str, own: Option<usize>) -> Vec<Named<'a>> {
        /// The least likeness (coefficient of Dice, words weighed by rarity) that helps anybody.
        const LEAST: f64 = 0.3;
        let key = hint_key(phrase);
        let known = |word: &'_ str| -> String {
            if self.by_word.contains_key(word) {
                return word.to_owned();
            }
            let mut words: Vec<&str> = self.by_word.keys().map(String::as_str).collect();
            words.sort_unstable();
            nearest(word, words).unwrap_or(word).to_owned()
        };
        let words: Vec<String> = key.split(' ').map(known).collect();
        let weight = |word: &String| 1.0 / (1.0 + self.by_word.get(word).map_or(0, Vec::len) as f64).ln_1p();
        let sum = |words: &[String]| words.iter().map(weight).sum::<f64>();
        let mut shared: BTreeMap<usize, f64> = BTreeMap::new();
        for word in &words {
            for number in self.by_word.get(word).into_iter().flatten() {
                *shared.entry(*number).or_default() += weight(word);
            }
        }
        let whole = sum(&words);
        let mut found: Vec<(f64, usize)> = shared
            .into_iter()
            .map(|(number, shared)| (2.0 * shared / (whole + sum(&self.all[number].1)), number))
            .filter(|(likeness, _)| *likeness >= LEAST)
            .collect();
        found.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut nearest: Vec<Named<'a>> = Vec::new();
        for (_, number) in found {
            let named = self.all[number].0;
            let is_own = Some(named.node) == own && named.fragment.is_none();
            if !is_own && nearest.iter().all(|other| (other.node, other.fragment) != (named.node, named.fragment)) {
                nearest.push(named);
            }
            if nearest.len() == 3 {
                break;
            }
        }
        nearest
    }
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
                let named = Named { node, fragment: Some(&line.id), title: &line.text, span: line.span };
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
    // Most names are those of one thing.
    let all = table.entry(key).or_insert_with(|| Vec::with_capacity(1));
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
