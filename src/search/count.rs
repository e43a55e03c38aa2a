//! The words of all units, as numbers.
//!
//! In steps: each thread takes a run of units and makes words of each chunk of text, of every different one only once, and
//! looks for the stem of every different word only once; then the terms of all threads are put in order and numbered.

use std::ops::Range;

use ahash::AHashMap;
use rayon::prelude::*;

use super::index::order;
use super::text::{Kind, Tokenizer, chunks, cut, fold};
use super::units::{FIELDS, Field, Unit};

/// The most words that a segment has; a longer one is several.
const SEGMENT: u32 = 32;
/// The segments of a unit whose words have places; those behind them count all the same.
const PLACED: usize = 64;
/// The segments of a unit whose stop words have places.
const STOPS_PLACED: usize = 8;
/// The number of a segment that has no places.
pub const NO_SEGMENT: u8 = u8::MAX;
/// The longest word that an unfinished or mistyped one may be, in bytes.
const LONGEST_KNOWN: usize = 24;

/// Where a word stands in a unit.
#[derive(Debug, Clone, Copy)]
pub struct Spot {
    /// Its segment, counted in the unit; [`NO_SEGMENT`] far down.
    pub segment: u8,
    /// Its place in the segment.
    pub position: u8,
    /// Its field.
    pub field: Field,
}

/// Where a term stands.
#[derive(Debug, Clone, Copy)]
pub struct Occurrence {
    /// The unit.
    pub unit: u32,
    /// The place in it.
    pub spot: Spot,
}

/// All units as words.
pub struct Counted<'a> {
    /// The terms, in [`order`].
    pub terms: Vec<String>,
    /// Which of them are stop words.
    pub stops: Vec<bool>,
    /// Words with letters, in no order: surface, lower case, and the number of the term.
    pub words: Vec<(String, String, u32)>,
    /// The texts of the segments of each unit whose words have places.
    pub texts: Vec<Vec<(Field, &'a str)>>,
    slices: Vec<Slice<'a>>,
    /// For each slice, the number of each of its terms.
    numbers: Vec<Vec<u32>>,
    /// The first segment of each unit, counted over all.
    firsts: Vec<usize>,
}

impl Counted<'_> {
    /// Where each term stands, by unit, segment and position: the occurrences of all terms one after the other, and where
    /// those of each term begin.
    pub fn by_term(&self) -> (Vec<Occurrence>, Vec<usize>) {
        let mut starts = vec![0; self.terms.len() + 1];
        for (slice, numbers) in self.slices.iter().zip(&self.numbers) {
            slice.words.iter().for_each(|(term, _)| starts[numbers[*term as usize] as usize + 1] += 1);
        }
        for term in 1..starts.len() {
            starts[term] += starts[term - 1];
        }
        let nowhere = Occurrence { unit: 0, spot: Spot { segment: NO_SEGMENT, position: 0, field: Field::Body } };
        let mut sorted = vec![nowhere; starts[self.terms.len()]];
        let mut next = starts.clone();
        let mut unit = 0;
        for (slice, numbers) in self.slices.iter().zip(&self.numbers) {
            let mut words = slice.words.iter();
            for lengths in &slice.lengths {
                for (term, spot) in words.by_ref().take(lengths.iter().sum::<u32>() as usize) {
                    let next = &mut next[numbers[*term as usize] as usize];
                    sorted[*next] = Occurrence { unit, spot: *spot };
                    *next += 1;
                }
                unit += 1;
            }
        }
        (sorted, starts)
    }

    /// The lengths of the fields of each unit, in words.
    pub fn lengths(&self) -> impl Iterator<Item = &[u32; FIELDS.len()]> {
        self.slices.iter().flat_map(|slice| &slice.lengths)
    }

    /// Number of segments that have places.
    pub fn segments(&self) -> usize {
        self.firsts.last().copied().unwrap_or_default()
    }

    /// The number over all of the first segment of a unit.
    pub fn first_segment(&self, unit: u32) -> usize {
        self.firsts[unit as usize]
    }
}

/// Makes words of all units.
pub fn count<'a>(units: &[Unit<'a>], language: &str) -> Counted<'a> {
    let size = units.len().div_ceil(rayon::current_num_threads()).max(1);
    let mut slices: Vec<Slice<'a>> = units.par_chunks(size).map(|units| Slice::of(units, language)).collect();
    let (terms, stops, numbers) = numbered(&slices);
    let mut words = Vec::with_capacity(slices.iter().map(|slice| slice.by_lower.len()).sum());
    for (slice, numbers) in slices.iter_mut().zip(&numbers) {
        let by_lower = std::mem::take(&mut slice.by_lower).into_iter();
        let known = by_lower.filter_map(|(lower, known)| Some((lower, known?.term)));
        let known = known.filter(|(lower, _)| lower.len() <= LONGEST_KNOWN && lower.contains(char::is_alphabetic));
        words.extend(known.map(|(lower, term)| (fold(&lower), lower, numbers[term as usize])));
    }
    let texts: Vec<Vec<(Field, &str)>> = slices.iter_mut().flat_map(|slice| std::mem::take(&mut slice.texts)).collect();
    let mut firsts = vec![0];
    for texts in &texts {
        firsts.push(firsts[firsts.len() - 1] + texts.len());
    }
    Counted { terms, stops, words, texts, slices, numbers, firsts }
}

/// The terms of all slices in order, which of them are stop words, and for each slice the number of each of its terms.
fn numbered(slices: &[Slice]) -> (Vec<String>, Vec<bool>, Vec<Vec<u32>>) {
    let mut all: Vec<(&str, usize, u32)> = Vec::new();
    for (number, slice) in slices.iter().enumerate() {
        all.extend(slice.by_text.iter().map(|(text, term)| (text.as_str(), number, *term)));
    }
    all.par_sort_unstable_by(|(a, ..), (b, ..)| order(a, b));
    let (mut terms, mut stops): (Vec<String>, Vec<bool>) = (Vec::new(), Vec::new());
    let mut numbers: Vec<Vec<u32>> = slices.iter().map(|slice| vec![0; slice.by_text.len()]).collect();
    for same in all.chunk_by(|(a, ..), (b, ..)| a == b) {
        for (_, slice, term) in same {
            numbers[*slice][*term as usize] = terms.len() as u32;
        }
        // A term that is a stop word in one slice is one.
        stops.push(same.iter().any(|(_, slice, term)| slices[*slice].stops[*term as usize]));
        terms.push(same[0].0.to_owned());
    }
    (terms, stops, numbers)
}

/// The most bytes of a chunk that are its own key.
const SHORT: usize = 16;

/// The bytes of the chunk that stands at `range`, if it is short: it holds no null character.
fn short(text: &str, range: Range<usize>) -> Option<u128> {
    let unused = 8 * SHORT.checked_sub(range.len())?;
    let from = &text.as_bytes()[range.start..];
    let bytes = from.first_chunk().copied().unwrap_or_else(|| {
        // The text ends before.
        let mut bytes = [0; SHORT];
        bytes[..from.len()].copy_from_slice(from);
        bytes
    });
    Some(u128::from_le_bytes(bytes) << unused)
}

/// What a chunk of text is made of.
#[derive(Clone, Copy)]
struct Chunk {
    /// Its first word, of [`Slice::chunk_words`].
    start: u32,
    /// Behind its last word.
    end: u32,
    /// How many positions it takes.
    positions: u32,
}

/// A word that was seen before.
#[derive(Clone, Copy)]
struct Known {
    term: u32,
    is_stop: bool,
}

/// A run of units as words.
struct Slice<'a> {
    tokenizer: Tokenizer,
    /// Terms by their letters.
    by_text: AHashMap<String, u32>,
    /// Which terms are stop words.
    stops: Vec<bool>,
    /// Words by their lower case; `None` for what is no word.
    by_lower: AHashMap<String, Option<Known>>,
    /// Chunks of at most [`SHORT`] bytes, by these.
    short: AHashMap<u128, Chunk>,
    chunks: AHashMap<&'a str, Chunk>,
    /// Term, position in the chunk, and whether it is a stop word.
    chunk_words: Vec<(u32, u32, bool)>,
    /// All words in order, by their terms.
    words: Vec<(u32, Spot)>,
    /// How many words each field of each unit has.
    lengths: Vec<[u32; FIELDS.len()]>,
    texts: Vec<Vec<(Field, &'a str)>>,
}

impl<'a> Slice<'a> {
    fn of(units: &[Unit<'a>], language: &str) -> Slice<'a> {
        let texts = units.iter().flat_map(|unit| &unit.segments);
        let mut slice = Slice {
            tokenizer: Tokenizer::new(language),
            by_text: AHashMap::new(),
            stops: Vec::new(),
            by_lower: AHashMap::new(),
            short: AHashMap::new(),
            chunks: AHashMap::new(),
            chunk_words: Vec::new(),
            // More than there will be; memory that is never touched costs nothing, and a list that grows is copied.
            words: Vec::with_capacity(texts.map(|(_, text)| text.len() / 4 + 1).sum()),
            lengths: Vec::with_capacity(units.len()),
            texts: Vec::with_capacity(units.len()),
        };
        units.iter().for_each(|unit| slice.add(unit));
        slice
    }

    fn add(&mut self, unit: &Unit<'a>) {
        let mut lengths = [0; FIELDS.len()];
        let mut texts: Vec<(Field, &'a str)> = Vec::new();
        for (field, text) in &unit.segments {
            // Byte and position at which the segment begins.
            let (mut begins, mut first, mut position) = (0, 0, 0);
            let placed = *field != Field::Section;
            for range in chunks(text) {
                let chunk = self.chunk(text, range.clone());
                for at in chunk.start..chunk.end {
                    let (term, offset, stop) = self.chunk_words[at as usize];
                    let place = position + offset;
                    if place >= first + SEGMENT {
                        if placed {
                            texts.push((*field, text[begins..range.start].trim()));
                        }
                        (begins, first) = (range.start, place);
                    }
                    let most = if stop { STOPS_PLACED } else { PLACED };
                    let segment = if placed && texts.len() < most { texts.len() as u8 } else { NO_SEGMENT };
                    self.words.push((term, Spot { segment, position: (place - first) as u8, field: *field }));
                    lengths[*field as usize] += 1;
                }
                position += chunk.positions;
            }
            if placed {
                texts.push((*field, text[begins..].trim()));
            }
        }
        texts.truncate(PLACED);
        self.lengths.push(lengths);
        self.texts.push(texts);
    }

    fn chunk(&mut self, text: &'a str, range: Range<usize>) -> Chunk {
        let short = short(text, range.clone());
        let chunk = &text[range];
        let known = short.map_or_else(|| self.chunks.get(chunk), |short| self.short.get(&short));
        if let Some(known) = known {
            return *known;
        }
        let start = self.chunk_words.len() as u32;
        let positions = cut(chunk, |cut| {
            if let Some(Known { term, is_stop }) = self.word(cut.lower) {
                let is_stop = is_stop && cut.kind == Kind::Plain;
                self.stops[term as usize] |= is_stop;
                self.chunk_words.push((term, cut.position, is_stop));
            }
        });
        let made = Chunk { start, end: self.chunk_words.len() as u32, positions };
        match short {
            Some(short) => self.short.insert(short, made),
            None => self.chunks.insert(chunk, made),
        };
        made
    }

    fn word(&mut self, lower: &str) -> Option<Known> {
        if let Some(known) = self.by_lower.get(lower) {
            return *known;
        }
        let known = self.tokenizer.form(lower).map(|form| {
            let next = self.stops.len() as u32;
            let term = *self.by_text.entry(form.term).or_insert(next);
            if term == next {
                self.stops.push(false);
            }
            Known { term, is_stop: form.is_stop }
        });
        self.by_lower.insert(lower.to_owned(), known);
        known
    }
}
