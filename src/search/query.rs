//! What a query may mean: for each of its words, the terms of the index that it stands for.
//!
//! In steps, for each word: the term itself; when the word is the last and may be unfinished, the terms of the words that
//! begin with it; when there is none of these, the terms of words within a few slips, and those of two words that it is
//! made of; then the related terms.

use super::index::{Index, STOP};
use super::related::{self, Vector};
use super::text::{Kind, Word};
use super::typos;

/// What a word that begins as typed counts.
const UNFINISHED: f64 = 0.8;
/// The same, when the word as typed is a word by itself.
const LONGER: f64 = 0.2;
/// The most words that an unfinished one may become.
const COMPLETIONS: usize = 40;
/// What a word counts that is one slip away, and two.
const SLIPS: [f64; 2] = [0.8, 0.6];
/// The most words that a mistyped one may be.
const CORRECTIONS: usize = 8;
/// What the halves of a compound count.
const HALVES: f64 = 0.8;
/// The least similarity of related terms.
const RELATED_FROM: f64 = 0.57;
/// What a related term of the same meaning would count.
const RELATED: f64 = 0.7;
/// The most related terms of a word.
const RELATED_TERMS: usize = 8;

/// A word of a query.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The term as it stands, if the index has it.
    pub exact: Option<u32>,
    /// What it may mean, with weights of at most 1, by term.
    pub terms: Vec<(u32, f64)>,
    /// What it counts of what another word of its rarity counts.
    pub weight: f64,
    /// What it means, where that is known.
    pub vector: Option<Vector>,
    /// Its place in the query.
    pub position: u32,
    /// How much it would say, for a word with terms.
    pub rarity: f64,
}

/// Reads a query; every term is asked for once, where it first stands.
pub fn read(index: &Index, text: &str, language: &str) -> Vec<Asked> {
    let words = index.tokenizer.words(text);
    let unfinished = text.chars().next_back().is_some_and(char::is_alphanumeric).then(|| words.len().wrapping_sub(1));
    let mut seen: Vec<&str> = Vec::new();
    let mut asked = Vec::new();
    for (number, word) in words.iter().enumerate() {
        if seen.contains(&word.term.as_str()) {
            continue;
        }
        seen.push(&word.term);
        asked.push(ask(index, &words, number, unfinished == Some(number), language));
    }
    asked
}

fn ask(index: &Index, words: &[Word], number: usize, unfinished: bool, language: &str) -> Asked {
    let word = &words[number];
    let exact = term(index, word);
    let mut terms: Vec<(u32, f64)> = exact.map(|term| (term, 1.0)).into_iter().collect();
    let mut rarity = exact.map(|term| index.rarity(term));
    if unfinished {
        let weight = if exact.is_some() { LONGER } else { UNFINISHED };
        let longer = completions(index, &word.surface, exact);
        // Words that begin alike count as one word: what stands in many units says little.
        let units: usize = longer.iter().map(|term| index.postings(*term).len()).sum();
        if !longer.is_empty() && exact.is_none() {
            rarity = Some(super::index::rarity(index.units, units.min(index.units)));
        }
        terms.extend(longer.into_iter().map(|term| (term, weight)));
    }
    if terms.is_empty() {
        terms = corrections(index, &word.surface);
        terms.extend(halves(index, &word.surface).map(|term| (term, HALVES)));
    }
    if exact.is_none() {
        terms.extend(joined(index, words, number).map(|term| (term, 1.0)));
    }
    let vector = related::vector(language, &word.term);
    if let Some(vector) = vector.filter(|_| word.kind != Kind::Stop) {
        terms.extend(related_terms(index, &vector, exact));
    }
    terms.sort_by(|(a, x), (b, y)| a.cmp(b).then(y.total_cmp(x)));
    terms.dedup_by_key(|(term, _)| *term);
    let rarity = rarity.unwrap_or_else(|| {
        let strongest = terms.iter().map(|(_, weight)| *weight).fold(0.0, f64::max);
        let best = terms.iter().filter(|(_, weight)| *weight == strongest);
        best.map(|(term, _)| index.rarity(*term)).fold(0.0, f64::max)
    });
    let weight = if word.kind == Kind::Stop { STOP } else { 1.0 };
    Asked { exact, terms, weight, vector, position: word.position, rarity }
}

/// The term of a word, by the word as it stands or by its stem.
fn term(index: &Index, word: &Word) -> Option<u32> {
    lookup(index, &word.surface).or_else(|| index.by_text.get(&word.term).copied())
}

fn lookup(index: &Index, surface: &str) -> Option<u32> {
    let found = index.lexicon.binary_search_by(|(word, _)| word.as_str().cmp(surface)).ok()?;
    Some(index.lexicon[found].1)
}

/// The terms of the words that begin with `start`, other than `except`.
fn completions(index: &Index, start: &str, except: Option<u32>) -> Vec<u32> {
    let first = index.lexicon.partition_point(|(word, _)| word.as_str() < start);
    let words = index.lexicon[first..].iter().take_while(|(word, _)| word.starts_with(start));
    let mut terms: Vec<u32> = words.map(|(_, term)| *term).filter(|term| Some(*term) != except).collect();
    terms.sort_unstable();
    terms.dedup();
    // The commonest are the likeliest.
    terms.sort_by_key(|term| std::cmp::Reverse(index.postings(*term).len()));
    terms.truncate(COMPLETIONS);
    terms
}

/// The terms of the words that are the fewest slips away.
fn corrections(index: &Index, surface: &str) -> Vec<(u32, f64)> {
    let letters: Vec<char> = surface.chars().collect();
    let most = typos::allowed(letters.len());
    if most == 0 || letters.iter().any(|c| c.is_numeric()) {
        return Vec::new();
    }
    let mut near: Vec<(usize, u32)> = Vec::new();
    for (word, term) in &index.lexicon {
        if word.len().abs_diff(surface.len()) > 4 * most {
            continue;
        }
        let other: Vec<char> = word.chars().collect();
        if let Some(distance) = typos::distance(&letters, &other, most) {
            near.push((distance, *term));
        }
    }
    near.sort_by_key(|(distance, term)| (*distance, std::cmp::Reverse(index.postings(*term).len()), *term));
    let least = near.first().map_or(0, |(distance, _)| *distance);
    let mut seen = Vec::new();
    near.retain(|(distance, term)| {
        let keep = *distance == least && !seen.contains(term);
        seen.push(*term);
        keep
    });
    near.truncate(CORRECTIONS);
    near.into_iter().map(|(distance, term)| (term, SLIPS[distance.saturating_sub(1)])).collect()
}

/// The terms of two words that `surface` is made of, each of at least three letters, the first the longest possible.
fn halves(index: &Index, surface: &str) -> impl Iterator<Item = u32> {
    let cuts: Vec<usize> = surface.char_indices().map(|(at, _)| at).skip(3).collect();
    let cuts = &cuts[..cuts.len().saturating_sub(2)];
    let found = cuts.iter().rev().find_map(|cut| {
        let (first, second) = surface.split_at(*cut);
        Some([lookup(index, first)?, lookup(index, second)?])
    });
    found.into_iter().flatten()
}

/// The term of a word of the index that this word and a neighbour make together.
fn joined(index: &Index, words: &[Word], number: usize) -> Option<u32> {
    let word = &words[number];
    let next = words[number + 1..].iter().find(|next| next.position == word.position + 1);
    let before = words[..number].iter().rfind(|before| before.position + 1 == word.position);
    let with_next = next.and_then(|next| lookup(index, &(word.surface.clone() + &next.surface)));
    with_next.or_else(|| before.and_then(|before| lookup(index, &(before.surface.clone() + &word.surface))))
}

/// The terms nearest in meaning.
fn related_terms(index: &Index, vector: &Vector, except: Option<u32>) -> Vec<(u32, f64)> {
    let mut near: Vec<(u32, f64)> = index
        .known
        .iter()
        .filter(|(term, _)| Some(*term) != except)
        .map(|(term, other)| (*term, related::similarity(vector, other)))
        .filter(|(_, similarity)| *similarity > RELATED_FROM)
        .collect();
    near.sort_by(|(a, x), (b, y)| y.total_cmp(x).then(a.cmp(b)));
    near.truncate(RELATED_TERMS);
    near.into_iter().map(|(term, x)| (term, RELATED * (x - RELATED_FROM) / (1.0 - RELATED_FROM))).collect()
}
