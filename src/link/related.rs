//! What readers may want to see next: entries on much the same, and what links here.
//!
//! In steps: resolve what authors name as related; weigh the words of every entry by how rare they are, the targets of its
//! links with them; for each entry add up what it shares with others (the cosine of the two); keep the few that share much.
//! Backlinks are the links of the site, turned round. Questions that ask the same are reported.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::tree::Tree;
use super::{EntryState, Resolved, Target};
use crate::diagnostics::{Diagnostic, Place, Sink, rule};
use crate::parse::Parsed;

/// An entry of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryRef {
    /// Its page, as an index into [`Parsed::pages`].
    pub page: usize,
    /// Its number on that page.
    pub entry: usize,
}

/// Where a link comes from: a page, and the entry it stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Source {
    /// The page.
    pub page: usize,
    /// The entry, unless the link stands outside all, or the entry is the page.
    pub entry: Option<usize>,
}

/// What leads on from a page and from its entries.
#[derive(Debug, Default, Clone)]
pub struct Around {
    /// What the author names as related to the page.
    pub named: Vec<Target>,
    /// Links to the page as a whole, or to a place in it that is in no entry.
    pub linked_from: Vec<Source>,
    /// By entry.
    pub entries: Vec<AroundEntry>,
}

/// What leads on from an entry.
#[derive(Debug, Default, Clone)]
pub struct AroundEntry {
    /// What its author names as related.
    pub named: Vec<Target>,
    /// Entries of other pages on much the same, the most alike first.
    pub alike: Vec<EntryRef>,
    /// Links to it.
    pub linked_from: Vec<Source>,
}

/// More than so many related entries help nobody.
pub const HANDFUL: usize = 4;
/// The least cosine of entries that are called related.
const LEAST: f32 = 0.16;
/// A word of more entries than one in so many says nothing of what is alike.
const COMMON: usize = 12;
/// Nor does one of more than so many, which also keeps the work in step with the number of entries.
const MOST: usize = 100;
/// Only so many words of an entry are looked at, those that say most of it.
const TELLING: usize = 16;
/// The weight of a link's target among the words.
const LINK: u8 = 2;

/// What leads on, by page. `states` tells which entries are entries.
pub fn around(
    parsed: &Parsed,
    tree: &Tree,
    resolved: &[Arc<Resolved>],
    states: &[Vec<Option<EntryState>>],
    named: &mut dyn FnMut(usize) -> Around,
) -> Vec<Around> {
    let mut all: Vec<Around> = (0..parsed.pages.len())
        .map(|page| {
            let mut around = named(page);
            around.entries.resize_with(parsed.pages[page].entries.len(), AroundEntry::default);
            around
        })
        .collect();
    backlinks(parsed, tree, resolved, &mut all);
    let published = tree.order.iter().filter_map(|node| tree.nodes[*node].page);
    let entries: Vec<EntryRef> = published
        .flat_map(|page| (0..states[page].len()).map(move |entry| EntryRef { page, entry }))
        .filter(|at| states[at.page][at.entry].is_some())
        .collect();
    for (at, alike) in entries.iter().zip(alike(parsed, resolved, &entries)) {
        let around = &mut all[at.page].entries[at.entry];
        let room = HANDFUL.saturating_sub(around.named.len());
        let is_named = |other: &EntryRef| {
            let node = tree.node_of_page[other.page];
            let entry = &parsed.pages[other.page].entries[other.entry];
            let id = (!entry.spelling.is_page()).then_some(&entry.id);
            around.named.iter().any(|target| {
                matches!(target, Target::Page { node: named, fragment } if Some(*named) == node && fragment.as_ref() == id)
            })
        };
        around.alike = alike.into_iter().filter(|other| !is_named(other)).take(room).collect();
    }
    all
}

/// Turns links round.
fn backlinks(parsed: &Parsed, tree: &Tree, resolved: &[Arc<Resolved>], all: &mut [Around]) {
    // Which entry an anchor of a page belongs to, for the pages that links with fragments lead to.
    let mut anchors: HashMap<usize, HashMap<&str, usize>> = HashMap::new();
    for from in tree.order.iter().filter_map(|node| tree.nodes[*node].page) {
        let page = &parsed.pages[from];
        // A section names what is below it, and its pages name it.
        if page.is_index {
            continue;
        }
        for (link, target) in page.links.iter().zip(&resolved[from].targets) {
            let Target::Page { node, fragment } = target else {
                continue;
            };
            let Some(to) = tree.nodes[*node].page.filter(|to| *to != from) else {
                continue;
            };
            let entry = link.entry.filter(|entry| !page.entries[*entry].spelling.is_page());
            let source = Source { page: from, entry };
            let target = &parsed.pages[to];
            let in_entry = fragment.as_deref().and_then(|fragment| {
                let anchors = anchors.entry(to).or_insert_with(|| {
                    let entries = target.entries.iter().enumerate().filter(|(_, entry)| !entry.spelling.is_page());
                    entries
                        .flat_map(|(number, entry)| {
                            let parts = entry.parts.iter().filter_map(|part| part.id.as_deref());
                            parts.chain([entry.id.as_str()]).map(move |id| (id, number))
                        })
                        .collect()
                });
                anchors.get(fragment).copied()
            });
            let whole = target.entries.iter().position(|entry| entry.spelling.is_page());
            let list = match in_entry.or(whole) {
                Some(entry) => &mut all[to].entries[entry].linked_from,
                None => &mut all[to].linked_from,
            };
            // Links come page by page, so that only the last can be of this one.
            if !list.iter().rev().take_while(|other| other.page == from).any(|other| *other == source) {
                list.push(source);
            }
        }
    }
}

/// For each of `entries` those of other pages that are most alike.
fn alike(parsed: &Parsed, resolved: &[Arc<Resolved>], entries: &[EntryRef]) -> Vec<Vec<EntryRef>> {
    /// A word as its number in the postings, with its weight.
    type Weighed = Vec<(u32, f32)>;
    let raw: Vec<Vec<(u64, u8)>> = entries
        .par_iter()
        .map(|at| {
            let page = &parsed.pages[at.page];
            let mut terms: Vec<(u64, u8)> =
                page.entries[at.entry].terms.iter().map(|term| (u64::from(term.word), term.weight)).collect();
            let links =
                page.links.iter().zip(&resolved[at.page].targets).filter(|(link, _)| link.entry == Some(at.entry));
            // Behind all words, which are in order.
            let words = terms.len();
            terms.extend(links.filter_map(|(_, target)| match target {
                Target::Page { node, .. } => Some(((1 << 32) + *node as u64, LINK)),
                _ => None,
            }));
            terms[words..].sort_unstable();
            terms.dedup_by_key(|(term, _)| *term);
            terms
        })
        .collect();
    let mut counts: HashMap<u64, u32, ahash::RandomState> = HashMap::default();
    for (term, _) in raw.iter().flatten() {
        *counts.entry(*term).or_default() += 1;
    }
    let most = (entries.len() / COMMON).clamp(3, MOST) as u32;
    let rarity = |count: u32| (entries.len() as f32 / count as f32).ln();
    let mut numbers: HashMap<u64, u32, ahash::RandomState> = HashMap::default();
    let mut postings: Vec<Vec<(u32, f32)>> = Vec::new();
    let mut weighed: Vec<Weighed> = Vec::with_capacity(raw.len());
    for (number, terms) in raw.iter().enumerate() {
        let weights = terms.iter().map(|(term, weight)| {
            let count = counts[term];
            (*term, f32::from(*weight) * rarity(count), (2..=most).contains(&count))
        });
        let mut square = 0.0_f32;
        let mut telling: Vec<(u64, f32)> = Vec::with_capacity(terms.len());
        for (term, weight, is_shared) in weights {
            square += weight * weight;
            telling.extend(is_shared.then_some((term, weight)));
        }
        let length = square.sqrt().max(f32::MIN_POSITIVE);
        telling.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        telling.truncate(TELLING);
        let mut own = Weighed::with_capacity(telling.len());
        for (term, weight) in &telling {
            let place = *numbers.entry(*term).or_insert_with(|| {
                postings.push(Vec::new());
                (postings.len() - 1) as u32
            });
            postings[place as usize].push((number as u32, weight / length));
            own.push((place, weight / length));
        }
        weighed.push(own);
    }
    weighed
        .par_iter()
        .enumerate()
        .map_init(
            || vec![0.0_f32; entries.len()],
            |scores, (number, own)| {
                let mut touched: Vec<u32> = Vec::new();
                for (place, weight) in own {
                    for (other, theirs) in &postings[*place as usize] {
                        let score = &mut scores[*other as usize];
                        if *score == 0.0 {
                            touched.push(*other);
                        }
                        *score += weight * theirs;
                    }
                }
                let mut found: Vec<(f32, u32)> = Vec::new();
                for other in touched {
                    let score = std::mem::take(&mut scores[other as usize]);
                    if score >= LEAST && entries[other as usize].page != entries[number].page {
                        found.push((score, other));
                    }
                }
                found.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
                found.into_iter().take(HANDFUL).map(|(_, other)| entries[other as usize]).collect()
            },
        )
        .collect()
}

/// Questions that ask the same as one before. What more than three pages ask is what each asks of its own topic.
pub fn similar_questions(parsed: &Parsed, tree: &Tree, states: &[Vec<Option<EntryState>>]) -> Sink {
    const MOST: usize = 3;
    let mut asked: BTreeMap<u64, Vec<EntryRef>> = BTreeMap::new();
    for page in tree.order.iter().filter_map(|node| tree.nodes[*node].page) {
        for (number, entry) in parsed.pages[page].entries.iter().enumerate() {
            if let Some(key) = entry.key.filter(|_| states[page][number].is_some()) {
                asked.entry(key).or_default().push(EntryRef { page, entry: number });
            }
        }
    }
    let mut sink = Sink::new();
    for same in asked.values().filter(|same| same.len() <= MOST) {
        let mut entries = same.iter().map(|at| &parsed.pages[at.page].entries[at.entry]);
        let Some(first) = entries.next() else {
            continue;
        };
        for entry in entries {
            let message = format!("“{}” is asked twice", entry.question);
            let diagnostic = Diagnostic::at(&rule::SIMILAR_QUESTION, entry.span, message);
            let help =
                "put the answers together, and the other wording under `aka`; or say in each question what is its own";
            sink.push(diagnostic.related(Place::Span(first.span), format!("“{}”", first.question)).help(help));
        }
    }
    sink
}
