//! What readers may want to see next: entries on much the same, and what links here.
//!
//! In steps: resolve what authors name as related; weigh the words of every entry by how rare they are, the targets of its
//! links with them; for each entry add up what it shares with others (the cosine of the two); keep the few that share much.
//! Backlinks are the links of the site, turned round. Questions that ask the same are reported.

use std::collections::HashMap;
use std::sync::Arc;

use ahash::AHashMap;
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
    let terms = Terms::of(parsed, resolved, entries);
    let telling = terms.telling(entries.len());
    let postings = telling.turned_round(terms.counts.len());
    // What two share is the same for both, so each pair is looked at once, from the earlier one.
    let pairs: Vec<Vec<(u32, f32)>> = (0..entries.len())
        .into_par_iter()
        .map_init(
            || vec![0.0_f32; entries.len()],
            |scores, number| {
                let mut touched: Vec<u32> = Vec::new();
                for (term, weight) in telling.list(number) {
                    let later = postings.list(*term as usize).iter().rev();
                    for (other, theirs) in later.take_while(|(other, _)| *other as usize > number) {
                        let score = &mut scores[*other as usize];
                        if *score == 0.0 {
                            touched.push(*other);
                        }
                        *score += weight * theirs;
                    }
                }
                let alike = touched.into_iter().filter_map(|other| {
                    let score = std::mem::take(&mut scores[other as usize]);
                    let is_elsewhere = entries[other as usize].page != entries[number].page;
                    (score >= LEAST && is_elsewhere).then_some((other, score))
                });
                alike.collect()
            },
        )
        .collect();
    let mut found: Vec<Vec<(u32, f32)>> = vec![Vec::new(); entries.len()];
    for (number, pairs) in pairs.iter().enumerate() {
        for (other, score) in pairs {
            found[number].push((*other, *score));
            found[*other as usize].push((number as u32, *score));
        }
    }
    let best = |mut found: Vec<(u32, f32)>| {
        found.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        found.into_iter().take(HANDFUL).map(|(other, _)| entries[other as usize]).collect()
    };
    found.into_iter().map(best).collect()
}

/// Lists one behind the other.
struct Lists<T> {
    items: Vec<T>,
    /// Where each list ends.
    ends: Vec<usize>,
}

impl<T> Lists<T> {
    fn list(&self, number: usize) -> &[T] {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.items[start..self.ends[number]]
    }
}

impl Lists<(u32, f32)> {
    /// For each of `count` numbers that the items have: the lists with it, in order, and the weight that it has there.
    fn turned_round(&self, count: usize) -> Lists<(u32, f32)> {
        let mut starts = vec![0; count + 1];
        for (number, _) in &self.items {
            starts[*number as usize + 1] += 1;
        }
        for number in 0..count {
            starts[number + 1] += starts[number];
        }
        let mut items = vec![(0, 0.0); self.items.len()];
        for list in 0..self.ends.len() {
            for (number, weight) in self.list(list) {
                let at = &mut starts[*number as usize];
                items[*at] = (list as u32, *weight);
                *at += 1;
            }
        }
        // Each start has moved to its end.
        starts.truncate(count);
        Lists { items, ends: starts }
    }
}

/// The words of all entries and the targets of their links, each by a number.
struct Terms {
    /// Numbers with weights, entry by entry.
    entries: Lists<(u32, u8)>,
    /// What each number stands for.
    keys: Vec<u64>,
    /// How many entries have it.
    counts: Vec<u32>,
}

impl Terms {
    fn of(parsed: &Parsed, resolved: &[Arc<Resolved>], entries: &[EntryRef]) -> Terms {
        let mut terms =
            Terms { entries: Lists { items: Vec::new(), ends: Vec::new() }, keys: Vec::new(), counts: Vec::new() };
        let mut numbers: AHashMap<u64, u32> = AHashMap::new();
        let mut links: Vec<u64> = Vec::new();
        for at in entries {
            let page = &parsed.pages[at.page];
            links.clear();
            let own = page.links.iter().zip(&resolved[at.page].targets);
            links.extend(own.filter(|(link, _)| link.entry == Some(at.entry)).filter_map(|(_, target)| match target {
                // Behind all words.
                Target::Page { node, .. } => Some((1 << 32) + *node as u64),
                _ => None,
            }));
            links.sort_unstable();
            links.dedup();
            let words = page.entries[at.entry].terms.iter().map(|term| (u64::from(term.word), term.weight));
            for (key, weight) in words.chain(links.iter().map(|link| (*link, LINK))) {
                let number = *numbers.entry(key).or_insert_with(|| {
                    terms.keys.push(key);
                    terms.counts.push(0);
                    (terms.keys.len() - 1) as u32
                });
                terms.counts[number as usize] += 1;
                terms.entries.items.push((number, weight));
            }
            terms.entries.ends.push(terms.entries.items.len());
        }
        terms
    }

    /// Of each of `entries` entries the terms that say most of it, among those that others have too, with their share of it.
    fn telling(&self, entries: usize) -> Lists<(u32, f32)> {
        let most = (entries / COMMON).clamp(3, MOST) as u32;
        let rarity: Vec<f32> = self.counts.iter().map(|count| (entries as f32 / *count as f32).ln()).collect();
        let mut lists = Lists { items: Vec::with_capacity(entries * TELLING), ends: Vec::with_capacity(entries) };
        let mut telling: Vec<(u32, f32)> = Vec::new();
        for entry in 0..entries {
            let mut square = 0.0_f32;
            telling.clear();
            for (number, weight) in self.entries.list(entry) {
                let weight = f32::from(*weight) * rarity[*number as usize];
                square += weight * weight;
                let is_shared = (2..=most).contains(&self.counts[*number as usize]);
                telling.extend(is_shared.then_some((*number, weight)));
            }
            let key = |number: u32| self.keys[number as usize];
            telling.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then_with(|| key(a.0).cmp(&key(b.0))));
            let length = square.sqrt().max(f32::MIN_POSITIVE);
            lists.items.extend(telling.iter().take(TELLING).map(|(number, weight)| (*number, weight / length)));
            lists.ends.push(lists.items.len());
        }
        lists
    }
}

/// Questions that ask the same as one before. What more than three pages ask is what each asks of its own topic.
pub fn similar_questions(parsed: &Parsed, tree: &Tree, states: &[Vec<Option<EntryState>>]) -> Sink {
    const MOST: usize = 3;
    let mut asked: Vec<(u64, EntryRef)> = Vec::new();
    for page in tree.order.iter().filter_map(|node| tree.nodes[*node].page) {
        for (number, entry) in parsed.pages[page].entries.iter().enumerate() {
            let key = entry.key.filter(|_| states[page][number].is_some());
            asked.extend(key.map(|key| (key, EntryRef { page, entry: number })));
        }
    }
    // Those that ask the same stay in the order of the tree.
    asked.sort_by_key(|(key, _)| *key);
    let mut sink = Sink::new();
    for same in asked.chunk_by(|one, next| one.0 == next.0).filter(|same| same.len() <= MOST) {
        let mut entries = same.iter().map(|(_, at)| &parsed.pages[at.page].entries[at.entry]);
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
