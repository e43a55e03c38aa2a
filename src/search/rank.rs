//! Which units answer a query, best first.
//!
//! In steps: for each word, what its best term says in each unit; the best segment of each unit, in which many words of the
//! query stand together; words that stand side by side as in the query; and for the best of these, how near the meaning of
//! the whole unit is to that of the whole query.

use std::collections::BTreeMap;

use super::index::{IMPACT_SCALE, Index, NORM_SCALE, SATURATION, STOP, field_weight, rarity};
use super::query::{self, Asked};
use super::related::{self, Sum};
use super::units::Field;

/// What standing together in a segment counts.
const SEGMENT: f64 = 0.3;
/// What a segment of an answer counts of what another one counts.
const BODY_SEGMENT: f64 = 0.8;
/// What standing side by side counts.
const PAIR: f64 = 0.7;
/// What the nearness of meaning counts, of the score of the best unit.
const MEANING: f64 = 1.0;
/// How many of the best are compared by their meaning.
const COMPARED: usize = 100;

/// A unit that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The unit.
    pub unit: u32,
    /// The higher, the better; comparable within one query only.
    pub score: f64,
}

/// What a query found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The units, best first.
    pub hits: Vec<Hit>,
    /// Do the first of them answer the query, as far as can be told? When they do not, they are only the nearest.
    pub fits: bool,
}

/// Weights that are summed by unit.
#[derive(Clone, Copy, Default)]
struct Weights {
    /// By words.
    words: f64,
    /// By the best segment.
    segment: f64,
    /// By pairs.
    pairs: f64,
    /// How much of the query stands in it.
    covered: f64,
}

/// Finds units for a query in the language of the index, a BCP 47 tag.
pub fn search(index: &Index, text: &str, language: &str) -> Found {
    let asked = query::read(index, text, language);
    let mut units: BTreeMap<u32, Weights> = BTreeMap::new();
    let mut segments: BTreeMap<u32, f64> = BTreeMap::new();
    for word in &asked {
        add_word(index, word, &mut units, &mut segments);
    }
    for (segment, weight) in segments {
        let segment = &index.segments[segment as usize];
        let part = if segment.field == Field::Body { BODY_SEGMENT } else { 1.0 };
        let weight = weight * part * f64::from(segment.norm) / NORM_SCALE;
        let unit = units.entry(segment.unit).or_default();
        if weight > unit.segment {
            unit.segment = weight;
        }
    }
    for pair in asked.windows(2) {
        if let [Asked { exact: Some(_), .. }, Asked { exact: Some(_), .. }] = pair {
            add_pair(index, &pair[0], &pair[1], &mut units);
        }
    }
    let mut hits: Vec<Hit> = units
        .iter()
        .map(|(unit, weights)| Hit {
            unit: *unit,
            score: weights.words + SEGMENT * weights.segment + PAIR * weights.pairs,
        })
        .collect();
    sort(&mut hits);
    let nearness = add_meaning(index, &asked, &mut hits);
    let fits = fits(index, &asked, &units, &hits, nearness);
    Found { hits, fits }
}

fn sort(hits: &mut [Hit]) {
    hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.unit.cmp(&b.unit)));
}

/// Adds the best that a word says in each unit and each segment.
fn add_word(index: &Index, word: &Asked, units: &mut BTreeMap<u32, Weights>, segments: &mut BTreeMap<u32, f64>) {
    let mut best_units: BTreeMap<u32, (f64, f64)> = BTreeMap::new();
    let mut best_segments: BTreeMap<u32, f64> = BTreeMap::new();
    for (term, weight) in &word.terms {
        let own = index.rarity(*term);
        let rarity = if word.exact == Some(*term) || own < word.rarity { own } else { word.rarity };
        let weight = word.weight * weight * rarity;
        for posting in index.postings(*term) {
            let says = weight * f64::from(posting.impact) / IMPACT_SCALE;
            let best = best_units.entry(posting.unit).or_default();
            if says > best.0 {
                *best = (says, weight);
            }
            for place in index.places(posting) {
                let best = best_segments.entry(place.segment).or_default();
                if weight > *best {
                    *best = weight;
                }
            }
        }
    }
    for (unit, (says, weight)) in best_units {
        let unit = units.entry(unit).or_default();
        unit.words += says;
        unit.covered += weight;
    }
    for (segment, weight) in best_segments {
        *segments.entry(segment).or_default() += weight;
    }
}

/// Adds what it says that two words stand side by side.
fn add_pair(index: &Index, first: &Asked, second: &Asked, units: &mut BTreeMap<u32, Weights>) {
    if second.position != first.position + 1 || (first.weight < 1.0 && second.weight < 1.0) {
        return;
    }
    let (Some(one), Some(other)) = (first.exact, second.exact) else { return };
    let (one, other) = (index.postings(one), index.postings(other));
    let mut counts: Vec<(u32, f64)> = Vec::new();
    let mut at = 0;
    for posting in one {
        while at < other.len() && other[at].unit < posting.unit {
            at += 1;
        }
        let Some(beside) = other.get(at).filter(|other| other.unit == posting.unit) else { continue };
        let beside = index.places(beside);
        let mut count = 0.0;
        for place in index.places(posting) {
            let next = (place.segment, place.position + 1);
            if beside.binary_search_by_key(&next, |place| (place.segment, place.position)).is_ok() {
                count += field_weight(index.segments[place.segment as usize].field);
            }
        }
        if count > 0.0 {
            counts.push((posting.unit, count));
        }
    }
    let stop = if first.weight < 1.0 || second.weight < 1.0 { STOP.sqrt() } else { 1.0 };
    let says = stop * rarity(index.units, counts.len());
    for (unit, count) in counts {
        units.entry(unit).or_default().pairs += says * count / (count + SATURATION);
    }
}

/// Adds to the best how near they are in meaning; gives the greatest nearness.
fn add_meaning(index: &Index, asked: &[Asked], hits: &mut [Hit]) -> f64 {
    let mut sum = Sum::default();
    for word in asked {
        if let Some(vector) = &word.vector {
            let rarity = if word.exact.is_some() { word.rarity } else { 1.0 };
            sum.add(vector, word.weight * rarity);
        }
    }
    let Some(meaning) = sum.vector() else { return 0.0 };
    let Some(best) = hits.first().map(|hit| hit.score) else { return 0.0 };
    let mut greatest = 0.0;
    let compared = hits.len().min(COMPARED);
    for hit in &mut hits[..compared] {
        let Some(vector) = &index.vectors[hit.unit as usize] else { continue };
        let nearness = related::similarity(&meaning, vector);
        if nearness > 0.0 {
            hit.score += best * MEANING * nearness;
        }
        if nearness > greatest {
            greatest = nearness;
        }
    }
    sort(hits);
    greatest
}

/// Is the best of the units an answer at all?
fn fits(index: &Index, asked: &[Asked], units: &BTreeMap<u32, Weights>, hits: &[Hit], nearness: f64) -> bool {
    let Some(best) = hits.first() else { return false };
    let unknown = rarity(index.units, 0);
    let mut total = 0.0;
    for word in asked {
        total += word.weight * if word.terms.is_empty() { unknown } else { word.rarity };
    }
    let covered = units.get(&best.unit).map_or(0.0, |weights| weights.covered);
    if std::env::var("UNSTICK_LAB").is_ok() {
        eprintln!("{}\t{}\t{}\t{}\t{}", covered, total, nearness, best.score, unknown);
    }
    covered > 0.0 && total > 0.0
}
