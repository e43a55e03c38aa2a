//! The words of all units, as numbers.
//!
//! In steps: each thread takes a run of units and makes words of each chunk of text ([`super::vocabulary`]); then the terms of
//! all threads are put in order and numbered.

use rayon::prelude::*;

use super::index::{beginning, order};
use super::text::{chunks, fold};
use super::units::{FIELDS, Field, Unit};
use super::vocabulary::{Chunk, Known, Vocabulary};

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

/// Where a word stands in a unit. It is aligned so that it is copied as one number.
#[derive(Debug, Clone, Copy)]
#[repr(align(4))]
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
            let counts = slice.counts(numbers.len());
            numbers.iter().zip(counts).for_each(|(number, count)| starts[*number as usize + 1] += count);
        }
        for term in 1..starts.len() {
            starts[term] += starts[term - 1];
        }
        let nowhere = Occurrence { unit: 0, spot: Spot { segment: NO_SEGMENT, position: 0, field: Field::Body } };
        let mut sorted = vec![nowhere; starts[self.terms.len()]];
        let mut ends = starts.clone();
        let mut unit = 0;
        for (slice, numbers) in self.slices.iter().zip(&self.numbers) {
            // Where the next one of each term of the slice goes.
            let mut next: Vec<usize> = numbers.iter().map(|number| ends[*number as usize]).collect();
            let mut words = slice.words.as_slice();
            for lengths in &slice.lengths {
                let (own, others) = words.split_at(lengths.iter().sum::<u32>() as usize);
                for (term, spot) in own {
                    let next = &mut next[*term as usize];
                    sorted[*next] = Occurrence { unit, spot: *spot };
                    *next += 1;
                }
                words = others;
                unit += 1;
            }
            numbers.iter().zip(next).for_each(|(number, next)| ends[*number as usize] = next);
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
    let mut words = Vec::new();
    for (slice, numbers) in slices.iter_mut().zip(&numbers) {
        let known = slice
            .vocabulary
            .take_known()
            .filter(|(lower, _)| lower.len() <= LONGEST_KNOWN && lower.contains(char::is_alphabetic));
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
    let mut all: Vec<(u128, &str, usize, u32)> = Vec::new();
    for (number, slice) in slices.iter().enumerate() {
        let (terms, _) = slice.vocabulary.terms();
        all.extend(terms.iter().map(|(text, term)| (beginning(text), text.as_str(), number, *term)));
    }
    all.par_sort_unstable_by(|(x, a, ..), (y, b, ..)| x.cmp(y).then_with(|| order(a, b)));
    let (mut terms, mut stops): (Vec<String>, Vec<bool>) = (Vec::new(), Vec::new());
    let mut numbers: Vec<Vec<u32>> = slices.iter().map(|slice| vec![0; slice.vocabulary.terms().0.len()]).collect();
    for same in all.chunk_by(|(x, a, ..), (y, b, ..)| x == y && a == b) {
        for (_, _, slice, term) in same {
            numbers[*slice][*term as usize] = terms.len() as u32;
        }
        // A term that is a stop word in one slice is one.
        stops.push(same.iter().any(|(_, _, slice, term)| slices[*slice].vocabulary.terms().1[*term as usize]));
        terms.push(same[0].1.to_owned());
    }
    (terms, stops, numbers)
}

/// A run of units as words.
struct Slice<'a> {
    vocabulary: Vocabulary<'a>,
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
            vocabulary: Vocabulary::new(language),
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
        let mut texts: Vec<(Field, &'a str)> = Vec::with_capacity(unit.segments.len());
        for (field, text) in &unit.segments {
            let before = self.words.len();
            let mut segment = Segment::new(*field, text, &mut texts, &mut self.words);
            let mut position = 0;
            for range in chunks(text) {
                let from = range.start;
                match self.vocabulary.chunk(text, range) {
                    Chunk::Word(known) => {
                        segment.put(known, position, from);
                        position += 1;
                    }
                    Chunk::Words { start, end, positions } => {
                        for (known, offset) in self.vocabulary.words(start, end) {
                            segment.put(*known, position + offset, from);
                        }
                        position += positions;
                    }
                }
            }
            segment.end(text.len());
            lengths[*field as usize] += (self.words.len() - before) as u32;
        }
        texts.truncate(PLACED);
        self.lengths.push(lengths);
        self.texts.push(texts);
    }

    /// How often each of its terms stands in it.
    fn counts(&self, terms: usize) -> Vec<usize> {
        let mut counts = vec![0; terms];
        self.words.iter().for_each(|(term, _)| counts[*term as usize] += 1);
        counts
    }
}

/// A segment of a unit while its words are listed.
struct Segment<'s, 'a> {
    field: Field,
    text: &'a str,
    /// The byte at which it begins.
    begins: usize,
    /// The position at which it begins.
    first: u32,
    /// Its number for its words, and for its stop words.
    numbers: [u8; 2],
    texts: &'s mut Vec<(Field, &'a str)>,
    words: &'s mut Vec<(u32, Spot)>,
}

impl<'s, 'a> Segment<'s, 'a> {
    /// The first segment of a text, behind the segments `texts` of its unit.
    fn new(
        field: Field,
        text: &'a str,
        texts: &'s mut Vec<(Field, &'a str)>,
        words: &'s mut Vec<(u32, Spot)>,
    ) -> Segment<'s, 'a> {
        let mut segment = Segment { field, text, begins: 0, first: 0, numbers: [NO_SEGMENT; 2], texts, words };
        segment.number();
        segment
    }

    fn number(&mut self) {
        let placed = self.field != Field::Section;
        self.numbers = [PLACED, STOPS_PLACED]
            .map(|most| if placed && self.texts.len() < most { self.texts.len() as u8 } else { NO_SEGMENT });
    }

    /// Adds the word at a position of the text, which is made of bytes from `from` on.
    #[inline]
    fn put(&mut self, Known { term, is_stop }: Known, position: u32, from: usize) {
        if position >= self.first + SEGMENT {
            self.end(from);
            (self.begins, self.first) = (from, position);
            self.number();
        }
        let segment = self.numbers[usize::from(is_stop)];
        self.words.push((term, Spot { segment, position: (position - self.first) as u8, field: self.field }));
    }

    /// Ends it before a byte of the text.
    fn end(&mut self, before: usize) {
        if self.field != Field::Section {
            self.texts.push((self.field, self.text[self.begins..before].trim()));
        }
    }
}
