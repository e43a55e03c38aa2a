//! What can be found: an entry each, and a page each for pages without entries.
//!
//! In steps: go through the pages in the order of the tree; give each entry its fields, in segments that are read together:
//! the question, each other wording, each message, each sentence of the answer.

use crate::link::{Linked, State, encode_fragment, encode_path};
use crate::parse::{Page, Parsed};

/// Where the words of a segment stand in a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The question, or the title.
    Title,
    /// Other wordings, messages, codes, tags and keywords.
    Alias,
    /// The answer.
    Body,
    /// What it is a part of: the titles of its page and of the pages above.
    Section,
}

/// All fields, in the order of their numbers. Those whose words have places come first.
pub const FIELDS: [Field; 4] = [Field::Title, Field::Alias, Field::Body, Field::Section];

/// Something that can be found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit<'a> {
    /// Its page, as a number of [`Parsed::pages`].
    pub page: usize,
    /// Its entry on that page.
    pub entry: Option<usize>,
    /// Its address below the root of the site.
    pub url: String,
    /// The question, or the title.
    pub title: &'a str,
    /// The state of its answer.
    pub state: Option<State>,
    /// Titles of the pages that it is a part of, outermost first, without the home page.
    pub section: Vec<&'a str>,
    /// Tags of its page.
    pub tags: &'a [String],
    /// What it applies to.
    pub applies_to: &'a [String],
    /// Its words in segments that belong together, by the order of the fields.
    pub segments: Vec<(Field, &'a str)>,
}

/// Lists the units of the published pages.
pub fn units<'a>(parsed: &'a Parsed, linked: &'a Linked) -> Vec<Unit<'a>> {
    let mut units = Vec::new();
    // Each unit gets as much room as its segments take.
    let mut segments = Vec::new();
    for number in linked.pages() {
        let page = &parsed.pages[number];
        let above = titles_above(linked, number);
        let output = encode_path(linked.output(number).unwrap_or_default());
        let before = units.len();
        for (index, entry) in page.entries.iter().enumerate() {
            let Some(state) = &linked.states[number][index] else { continue };
            let mut unit = Unit {
                page: number,
                entry: Some(index),
                url: output.clone().into_owned(),
                title: &entry.question,
                state: Some(state.state),
                section: above.clone(),
                tags: &page.matter.tags,
                applies_to: if entry.applies_to.is_empty() { &page.matter.applies_to } else { &entry.applies_to },
                segments: Vec::new(),
            };
            segments.clear();
            segments.push((Field::Title, entry.question.as_str()));
            segments.extend(entry.aka.iter().map(|text| (Field::Alias, text.as_str())));
            for message in &entry.messages {
                let texts = message.code.iter().chain(Some(&message.text).filter(|text| !text.is_empty()));
                segments.extend(texts.map(|text| (Field::Alias, text.as_str())));
            }
            if entry.spelling.is_page() {
                page_words(page, &entry.question, &mut segments);
            } else {
                unit.section.push(&page.title);
                unit.url.push('#');
                unit.url.push_str(&encode_fragment(&entry.id));
            }
            for part in &entry.parts {
                sentences(&page.text[part.text.start as usize..part.text.end as usize], &mut segments);
            }
            segments.extend(unit.section.iter().map(|title| (Field::Section, *title)));
            unit.segments = segments.clone();
            units.push(unit);
        }
        // A page with entries has words of its own too: its title, and what stands before, between and behind them.
        let has_own = page.entries.iter().all(|entry| !entry.spelling.is_page());
        if has_own || units.len() == before {
            segments.clear();
            segments.push((Field::Title, page.title.as_str()));
            page_words(page, &page.title, &mut segments);
            outside(page, &mut segments);
            segments.extend(above.iter().map(|title| (Field::Section, *title)));
            units.push(Unit {
                page: number,
                entry: None,
                url: output.into_owned(),
                title: &page.title,
                state: None,
                section: above,
                tags: &page.matter.tags,
                applies_to: &page.matter.applies_to,
                segments: segments.clone(),
            });
        }
    }
    units
}

/// Adds the sentences of a page that belong to none of its entries.
fn outside<'a>(page: &'a Page, segments: &mut Vec<(Field, &'a str)>) {
    let mut parts: Vec<_> = page.entries.iter().flat_map(|entry| &entry.parts).map(|part| part.text.clone()).collect();
    parts.sort_by_key(|part| part.start);
    let before = segments.len();
    let mut at = 0;
    for part in parts {
        if part.start > at {
            sentences(&page.text[at as usize..part.start as usize], segments);
        }
        at = at.max(part.end);
    }
    sentences(&page.text[at as usize..], segments);
    let questions: Vec<&str> = page.entries.iter().map(|entry| entry.question.as_str()).collect();
    let mut number = 0;
    segments.retain(|(_, text)| {
        number += 1;
        number <= before || !questions.contains(text)
    });
}

/// What the front matter says of a whole page.
fn page_words<'a>(page: &'a Page, title: &str, segments: &mut Vec<(Field, &'a str)>) {
    let names = [Some(&page.title), page.heading.as_ref()];
    let names = names.into_iter().flatten().filter(|name| *name != title);
    let alias = names.chain(&page.matter.tags).chain(&page.matter.keywords);
    segments.extend(alias.map(|text| (Field::Alias, text.as_str())));
    segments.extend(page.matter.description.iter().map(|text| (Field::Body, text.as_str())));
}

/// Titles of the pages above, without the home page.
fn titles_above(linked: &Linked, number: usize) -> Vec<&str> {
    let tree = &linked.tree;
    let mut titles = Vec::new();
    let mut at = tree.node_of_page[number].and_then(|node| tree.nodes[node].parent);
    while let Some(node) = at {
        let node = &tree.nodes[node];
        if node.parent.is_some() {
            titles.push(node.title.as_str());
        }
        at = node.parent;
    }
    titles.reverse();
    titles
}

/// Adds the sentences of `text`: they end with a line, or with a full stop, `!` or `?` and a space.
fn sentences<'a>(text: &'a str, segments: &mut Vec<(Field, &'a str)>) {
    let bytes = text.as_bytes();
    let mut stops = memchr::memchr3_iter(b'.', b'!', b'?', bytes).peekable();
    let mut start = 0;
    for line in memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]) {
        while let Some(stop) = stops.next_if(|stop| *stop < line) {
            if bytes.get(stop + 1) == Some(&b' ') {
                add(&text[start..=stop], segments);
                start = stop + 1;
            }
        }
        add(&text[start..line], segments);
        start = line;
    }
}

fn add<'a>(sentence: &'a str, segments: &mut Vec<(Field, &'a str)>) {
    let sentence = sentence.trim();
    if !sentence.is_empty() {
        segments.push((Field::Body, sentence));
    }
}
