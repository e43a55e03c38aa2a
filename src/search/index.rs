//! Where the words of a site stand, and how much they say.
//!
//! In steps: make words of every segment of every unit; count them by field; weigh each term in each unit (BM25F, by
//! Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009, section 3.5) and each term by its rarity. Weights
//! are kept in a byte each.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::related::{self, Vector};
use super::text::{Kind, Tokenizer, Word};
use super::units::{FIELDS, Field, Unit};

/// How often a term must occur until more of it says little.
pub const SATURATION: f64 = 3.0;
/// A weight of a term in a unit of 1 is this number.
pub const IMPACT_SCALE: f64 = 63.0;
/// A rarity of 1 is this number.
pub const RARITY_SCALE: f64 = 16.0;
/// What a stop word counts of what another word of its rarity counts.
pub const STOP: f64 = 0.2;
/// The most words that a segment has; a longer one is several.
const SEGMENT: u32 = 32;
/// How much the length of a segment matters, from 0 to 1.
const SEGMENT_LENGTH: f64 = 0.35;
/// The norm of a segment of average length is this number.
pub const NORM_SCALE: f64 = 64.0;

/// How many times a word counts that stands in this field.
pub fn field_weight(field: Field) -> f64 {
    match field {
        Field::Title => 4.0,
        Field::Alias => 2.0,
        Field::Section => 0.6,
        Field::Body => 1.0,
    }
}

/// How much the length of a field matters, from 0 to 1.
fn field_length(field: Field) -> f64 {
    match field {
        Field::Title => 0.7,
        Field::Alias => 0.3,
        Field::Section | Field::Body => 0.4,
    }
}

/// Where a term stands in a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The segment, counted in the whole index.
    pub segment: u32,
    /// The word in the segment.
    pub position: u8,
}

/// A term in a unit.
#[derive(Debug, Clone)]
pub struct Posting {
    /// The unit.
    pub unit: u32,
    /// How much it says there.
    pub impact: u8,
    /// Its places, of [`Index::places`].
    pub places: std::ops::Range<u32>,
}

/// A term.
#[derive(Debug, Clone)]
pub struct Term {
    /// Its letters.
    pub text: String,
    /// How much it says wherever it stands.
    pub rarity: u8,
    /// Does it say little by itself?
    pub stop: bool,
    /// Where it stands, of [`Index::postings`].
    pub postings: std::ops::Range<u32>,
}

/// A segment.
#[derive(Debug, Clone, Copy)]
pub struct Segment {
    /// Its unit.
    pub unit: u32,
    /// Its field.
    pub field: Field,
    /// The less, the longer it is.
    pub norm: u8,
}

/// The index of a site.
#[derive(Debug)]
pub struct Index {
    /// Number of units.
    pub units: usize,
    /// Makes the words of queries as those of the index were made.
    pub tokenizer: Tokenizer,
    /// Every word as written, folded, in order, with its term.
    pub lexicon: Vec<(String, u32)>,
    /// The terms, in the order of their letters.
    pub terms: Vec<Term>,
    /// Terms by their letters.
    pub by_text: HashMap<String, u32>,
    /// Where terms stand, by term and unit.
    pub postings: Vec<Posting>,
    /// Places, by term, unit and segment.
    pub places: Vec<Place>,
    /// Segments, by unit.
    pub segments: Vec<Segment>,
    /// What each unit is about, where words of it are known.
    pub vectors: Vec<Option<Vector>>,
    /// The terms whose meaning is known, with it.
    pub known: Vec<(u32, Vector)>,
}

/// Natural logarithm for `x` of at least 1, by steps that every engine takes alike, to within 0.0001.
pub fn ln(x: f64) -> f64 {
    let mut mantissa = x;
    let mut halvings = 0.0;
    while mantissa >= 2.0 {
        mantissa /= 2.0;
        halvings += 1.0;
    }
    // atanh series; mantissa is in [1, 2), so the ratio is below 1/3.
    let ratio = (mantissa - 1.0) / (mantissa + 1.0);
    let square = ratio * ratio;
    let series = ratio * (2.0 + square * (2.0 / 3.0 + square * (0.4 + square * (2.0 / 7.0))));
    halvings * std::f64::consts::LN_2 + series
}

/// How much it says that a word stands somewhere, when it stands in `some` of `all` units.
pub fn rarity(all: usize, some: usize) -> f64 {
    let (all, some) = (all as f64, some as f64);
    ln(1.0 + (all - some + 0.5) / (some + 0.5))
}

/// A unit as words.
struct Counted {
    /// Words of each segment, cut to at most [`SEGMENT`].
    segments: Vec<(Field, Vec<Word>)>,
}

impl Index {
    /// Builds the index of `units`, which are in the language of a BCP 47 tag.
    pub fn build(units: &[Unit], language: &str) -> Index {
        let counted: Vec<Counted> =
            units.par_iter().map_init(|| Tokenizer::new(language), |tokenizer, unit| count(tokenizer, unit)).collect();
        let lengths = Lengths::of(&counted);
        let mut lexicon: BTreeMap<&str, &Word> = BTreeMap::new();
        let mut numbers: BTreeMap<&str, bool> = BTreeMap::new();
        for word in counted.iter().flat_map(|unit| unit.segments.iter().flat_map(|(_, words)| words)) {
            lexicon.entry(&word.surface).or_insert(word);
            *numbers.entry(&word.term).or_default() |= word.kind == Kind::Stop;
        }
        let mut terms: Vec<Term> = numbers
            .iter()
            .map(|(text, stop)| Term { text: (*text).to_owned(), rarity: 0, stop: *stop, postings: 0..0 })
            .collect();
        let by_text: HashMap<String, u32> =
            terms.iter().enumerate().map(|(number, term)| (term.text.clone(), number as u32)).collect();
        let lexicon: Vec<(String, u32)> =
            lexicon.iter().map(|(surface, word)| ((*surface).to_owned(), by_text[&word.term])).collect();

        let mut segments = Vec::new();
        let mut found: Vec<Vec<(u32, u8, Vec<Place>)>> = vec![Vec::new(); terms.len()];
        for (unit, words) in counted.iter().enumerate() {
            let mut places: BTreeMap<u32, (Vec<Place>, [f64; FIELDS.len()])> = BTreeMap::new();
            for (field, words) in &words.segments {
                let segment = segments.len() as u32;
                let first = words.first().map_or(0, |word| word.position);
                for word in words {
                    let (places, counts) = places.entry(by_text[&word.term]).or_default();
                    places.push(Place { segment, position: (word.position - first) as u8 });
                    counts[*field as usize] += 1.0;
                }
                segments.push(Segment { unit: unit as u32, field: *field, norm: lengths.norm(words.len()) });
            }
            for (term, (places, counts)) in places {
                found[term as usize].push((unit as u32, lengths.impact(unit, &counts), places));
            }
        }
        let (mut postings, mut places) = (Vec::new(), Vec::new());
        for (term, found) in terms.iter_mut().zip(found) {
            term.rarity = byte(rarity(units.len(), found.len()) * RARITY_SCALE);
            let first = postings.len() as u32;
            for (unit, impact, standing) in found {
                let start = places.len() as u32;
                places.extend(standing);
                postings.push(Posting { unit, impact, places: start..places.len() as u32 });
            }
            term.postings = first..postings.len() as u32;
        }
        let known: Vec<(u32, Vector)> = terms
            .iter()
            .enumerate()
            .filter(|(_, term)| !term.stop)
            .filter_map(|(number, term)| related::vector(language, &term.text).map(|vector| (number as u32, vector)))
            .collect();
        let mut index = Index {
            units: units.len(),
            tokenizer: Tokenizer::new(language),
            lexicon,
            terms,
            by_text,
            postings,
            places,
            segments,
            vectors: Vec::new(),
            known,
        };
        index.vectors = index.unit_vectors(language);
        index
    }

    /// The postings of a term.
    pub fn postings(&self, term: u32) -> &[Posting] {
        let range = &self.terms[term as usize].postings;
        &self.postings[range.start as usize..range.end as usize]
    }

    /// The places of a posting.
    pub fn places(&self, posting: &Posting) -> &[Place] {
        &self.places[posting.places.start as usize..posting.places.end as usize]
    }

    /// How much a term says wherever it stands.
    pub fn rarity(&self, term: u32) -> f64 {
        f64::from(self.terms[term as usize].rarity) / RARITY_SCALE
    }

    /// The mean of what the words of each unit mean, by how much they say.
    fn unit_vectors(&self, language: &str) -> Vec<Option<Vector>> {
        let mut sums = vec![related::Sum::default(); self.units];
        for (number, term) in self.terms.iter().enumerate() {
            let Some(vector) = related::vector(language, &term.text) else { continue };
            let weight = self.rarity(number as u32) * if term.stop { STOP } else { 1.0 };
            for posting in self.postings(number as u32) {
                let times = posting.places.len().min(3) as f64;
                sums[posting.unit as usize].add(&vector, weight * times);
            }
        }
        sums.into_iter().map(|sum| sum.vector()).collect()
    }
}

fn byte(x: f64) -> u8 {
    x.round().clamp(0.0, 255.0) as u8
}

fn count(tokenizer: &Tokenizer, unit: &Unit) -> Counted {
    let mut segments = Vec::with_capacity(unit.segments.len());
    for (field, text) in &unit.segments {
        let mut words = tokenizer.words(text).into_iter().peekable();
        while let Some(first) = words.next() {
            let end = first.position + SEGMENT;
            let mut segment = vec![first];
            while let Some(word) = words.next_if(|word| word.position < end) {
                segment.push(word);
            }
            segments.push((*field, segment));
        }
    }
    Counted { segments }
}

/// Lengths in words.
struct Lengths {
    /// Of each field of each unit.
    units: Vec<[f64; FIELDS.len()]>,
    /// Means over the units that have the field.
    means: [f64; FIELDS.len()],
    /// Mean over the segments.
    segment: f64,
}

impl Lengths {
    fn of(counted: &[Counted]) -> Lengths {
        let mut units = vec![[0.0; FIELDS.len()]; counted.len()];
        let (mut words, mut segments) = (0, 0);
        for (unit, lengths) in counted.iter().zip(&mut units) {
            for (field, segment) in &unit.segments {
                lengths[*field as usize] += segment.len() as f64;
                words += segment.len();
                segments += 1;
            }
        }
        let means = std::array::from_fn(|field| {
            let (sum, number) = units
                .iter()
                .map(|unit: &[f64; FIELDS.len()]| unit[field])
                .filter(|length| *length > 0.0)
                .fold((0.0, 0.0), |(sum, number), length| (sum + length, number + 1.0));
            if number > 0.0 { sum / number } else { 1.0 }
        });
        Lengths { units, means, segment: words as f64 / f64::from(segments.max(1)) }
    }

    fn norm(&self, words: usize) -> u8 {
        byte(NORM_SCALE / (1.0 - SEGMENT_LENGTH + SEGMENT_LENGTH * words as f64 / self.segment))
    }

    fn impact(&self, unit: usize, counts: &[f64; FIELDS.len()]) -> u8 {
        let mut sum = 0.0;
        for (number, field) in FIELDS.into_iter().enumerate() {
            let share = field_length(field);
            let length = 1.0 - share + share * self.units[unit][number] / self.means[number];
            sum += field_weight(field) * counts[number] / length;
        }
        byte(IMPACT_SCALE * sum * (SATURATION + 1.0) / (SATURATION + sum))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logarithm_is_one() {
        for x in [1.0, 1.5, 1.999, 2.0, 3.0, 10.0, 12_345.0, 1e9] {
            let error: f64 = ln(x) - f64::ln(x);
            assert!(error.abs() < 1e-4, "ln({x}) is off by {error}");
        }
    }
}
