//! What can be found: an entry each, and a page each for pages without entries.
//!
//! In steps: go through the pages in the order of the tree; give each entry its fields, in segments that are read together:
//! the question, each other wording, each message, each sentence of the answer.

use crate::Site;
use crate::link::State;
use crate::parse::Page;

/// Where the words of a segment stand in a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The question, or the title.
    Title,
    /// Other wordings, messages, codes, tags and keywords.
    Alias,
    /// What it is a part of: the titles of its page and of the pages above.
    Section,
    /// The answer.
    Body,
}

/// All fields, in the order of their numbers.
pub const FIELDS: [Field; 4] = [Field::Title, Field::Alias, Field::Section, Field::Body];

/// Something that can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its page, as a number of [`crate::parse::Parsed::pages`].
    pub page: usize,
    /// Its entry on that page.
    pub entry: Option<usize>,
    /// The question, or the title.
    pub title: String,
    /// The state of its answer.
    pub state: Option<State>,
    /// Its words, in segments that belong together.
    pub segments: Vec<(Field, String)>,
}

/// Lists the units of the published pages.
pub fn units(site: &Site) -> Vec<Unit> {
    let mut units = Vec::new();
    for number in site.linked.pages() {
        let page = &site.parsed.pages[number];
        let above = titles_above(site, number);
        let before = units.len();
        for (index, entry) in page.entries.iter().enumerate() {
            let Some(state) = &site.linked.states[number][index] else { continue };
            let mut segments = vec![(Field::Title, entry.question.clone())];
            segments.extend(entry.aka.iter().map(|text| (Field::Alias, text.clone())));
            for message in &entry.messages {
                let texts = message.code.iter().chain(Some(&message.text).filter(|text| !text.is_empty()));
                segments.extend(texts.map(|text| (Field::Alias, text.clone())));
            }
            let mut section = above.clone();
            if entry.spelling.is_page() {
                segments.extend(page_words(page, &entry.question));
            } else {
                section.push(page.title.clone());
            }
            segments.extend(section.into_iter().map(|title| (Field::Section, title)));
            for part in &entry.parts {
                sentences(&page.text[part.text.start as usize..part.text.end as usize], &mut segments);
            }
            units.push(Unit {
                page: number,
                entry: Some(index),
                title: entry.question.clone(),
                state: Some(state.state),
                segments,
            });
        }
        if units.len() == before {
            let mut segments = vec![(Field::Title, page.title.clone())];
            segments.extend(page_words(page, &page.title));
            segments.extend(above.into_iter().map(|title| (Field::Section, title)));
            sentences(&page.text, &mut segments);
            units.push(Unit { page: number, entry: None, title: page.title.clone(), state: None, segments });
        }
    }
    units
}

/// What the front matter says of a whole page.
fn page_words(page: &Page, title: &str) -> Vec<(Field, String)> {
    let names = [Some(&page.title), page.heading.as_ref()];
    let names = names.into_iter().flatten().filter(|name| *name != title);
    let alias = names.chain(&page.matter.tags).chain(&page.matter.keywords).map(|text| (Field::Alias, text.clone()));
    alias.chain(page.matter.description.iter().map(|text| (Field::Body, text.clone()))).collect()
}

/// Titles of the pages above, without the home page.
fn titles_above(site: &Site, number: usize) -> Vec<String> {
    let tree = &site.linked.tree;
    let mut titles = Vec::new();
    let mut at = tree.node_of_page[number].and_then(|node| tree.nodes[node].parent);
    while let Some(node) = at {
        let node = &tree.nodes[node];
        if node.parent.is_some() {
            titles.push(node.title.clone());
        }
        at = node.parent;
    }
    titles.reverse();
    titles
}

/// Adds the sentences of `text`: they end with a line, or with a full stop, `!` or `?` and a space.
fn sentences(text: &str, segments: &mut Vec<(Field, String)>) {
    for line in text.lines() {
        let mut start = 0;
        let bytes = line.as_bytes();
        for at in memchr::memchr3_iter(b'.', b'!', b'?', bytes) {
            if bytes.get(at + 1) == Some(&b' ') {
                add(&line[start..=at], segments);
                start = at + 1;
            }
        }
        add(&line[start..], segments);
    }
}

fn add(sentence: &str, segments: &mut Vec<(Field, String)>) {
    let sentence = sentence.trim();
    if !sentence.is_empty() {
        segments.push((Field::Body, sentence.to_owned()));
    }
}
