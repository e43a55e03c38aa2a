//! The words of all units, as numbers.
//!
//! In steps: each thread takes a run of units and makes words of each chunk of text ([`super::vocabulary`]); then the words of
//! all threads are put in order, each is given its term, and the terms are put in order and numbered.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use rayon::prelude::*;

use super::index::{in_order, order};
use super::text::{Tokenizer, chunks, fold};
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

/// All units as words.
pub struct Counted<'a> {
    /// The terms, in [`order`].
    pub terms: Vec<Arc<str>>,
    /// Which of them are stop words.
    pub stops: Vec<bool>,
    /// Words of letters without digits, in [`order`]: surface, lower case, and the number of the term.
    pub words: Vec<(Arc<str>, Arc<str>, u32)>,
    /// The texts of the segments of each unit whose words have places.
    pub texts: Vec<Vec<(Field, &'a str)>>,
}

/// Where the words of all units stand.
pub struct Occurrences {
    /// The lengths of the fields of each unit, in words.
    pub lengths: Vec<[u32; FIELDS.len()]>,
    /// The words, a list for each run of units.
    runs: Vec<Vec<(u32, Spot)>>,
}

impl Occurrences {
    /// All words.
    pub fn all(&self) -> impl Iterator<Item = &(u32, Spot)> {
        self.runs.iter().flatten()
    }

    /// The words of each unit in order: the number of the term, and where in the unit it stands.
    pub fn units(&self) -> impl Iterator<Item = &[(u32, Spot)]> {
        let mut runs = self.runs.iter();
        let mut words: &[(u32, Spot)] = &[];
        self.lengths.iter().map(move |lengths| {
            let length = lengths.iter().sum::<u32>() as usize;
            if words.len() < length {
                words = runs.next().map_or(&[], Vec::as_slice);
            }
            let (own, others) = words.split_at(length);
            words = others;
            own
        })
    }
}

/// Makes words of all units.
pub fn count<'a>(units: &[Unit<'a>], language: &str) -> (Counted<'a>, Occurrences) {
    let size = units.len().div_ceil(rayon::current_num_threads()).max(1);
    let mut slices: Vec<Slice<'a>> = units.par_chunks(size).map(|units| Slice::of(units, language)).collect();
    let Numbered { terms, stops, words, numbers } = Numbered::of(&slices, &Tokenizer::new(language));
    // From here on a word is its term.
    slices.par_iter_mut().zip(&numbers).for_each(|(slice, numbers)| {
        slice.words.iter_mut().for_each(|(word, _)| *word = numbers[*word as usize]);
    });
    let mut counted = Counted { terms, stops, words, texts: Vec::with_capacity(units.len()) };
    let mut occurrences = Occurrences { lengths: Vec::with_capacity(units.len()), runs: Vec::new() };
    for slice in slices {
        counted.texts.extend(slice.texts);
        occurrences.lengths.extend(slice.lengths);
        occurrences.runs.push(slice.words);
    }
    (counted, occurrences)
}

/// The words of all slices with their terms, as [`Counted`] holds them.
struct Numbered {
    terms: Vec<Arc<str>>,
    stops: Vec<bool>,
    words: Vec<(Arc<str>, Arc<str>, u32)>,
    numbers: Vec<Vec<u32>>,
}

impl Numbered {
    fn of(slices: &[Slice], tokenizer: &Tokenizer) -> Numbered {
        let mut all: Vec<Met> = Vec::new();
        for (slice, Slice { vocabulary, .. }) in slices.iter().enumerate() {
            let met = |(lower, word, is_stop)| Met { surface: fold(lower), lower, slice, word, is_stop };
            all.extend(vocabulary.all().map(met));
        }
        let sorted = in_order(&all, |met| &met.surface, |a, b| order(a.lower, b.lower));
        let words: Vec<&[u32]> = sorted.chunk_by(|a, b| all[*a as usize].lower == all[*b as usize].lower).collect();
        let met = |word: &[u32]| &all[word[0] as usize];
        // Every different word has its stem looked for only once.
        let forms: Vec<Cow<str>> = words.par_iter().map(|word| tokenizer.term(met(word).lower)).collect();
        let (mut terms, mut stops) = (Vec::new(), Vec::new());
        let mut numbers: Vec<Vec<u32>> = slices.iter().map(|slice| vec![0; slice.vocabulary.size()]).collect();
        let sorted = in_order(&forms, |form| form, |_, _| Ordering::Equal);
        for same in sorted.chunk_by(|a, b| forms[*a as usize] == forms[*b as usize]) {
            // A term that is a stop word somewhere is one.
            let mut is_stop = false;
            for met in same.iter().flat_map(|form| words[*form as usize]).map(|met| &all[*met as usize]) {
                numbers[met.slice][met.word as usize] = terms.len() as u32;
                is_stop |= met.is_stop;
            }
            stops.push(is_stop);
            terms.push(Arc::from(&*forms[same[0] as usize]));
        }
        let known = words.iter().map(|word| met(word));
        let is_of_letters =
            |met: &&Met| met.lower.contains(char::is_alphabetic) && !met.surface.contains(char::is_numeric);
        let known = known.filter(|met| met.lower.len() <= LONGEST_KNOWN).filter(is_of_letters);
        let number = |met: &Met| numbers[met.slice][met.word as usize];
        let words = known.map(|met| {
            let lower: Arc<str> = Arc::from(met.lower);
            let surface = if met.surface == met.lower { Arc::clone(&lower) } else { Arc::from(&*met.surface) };
            (surface, lower, number(met))
        });
        let words = words.collect();
        Numbered { terms, stops, words, numbers }
    }
}

/// A word of a slice.
struct Met<'s> {
    surface: Cow<'s, str>,
    lower: &'s str,
    slice: usize,
    /// Its number in the slice.
    word: u32,
    /// Does it stand somewhere as a stop word?
    is_stop: bool,
}

/// A run of units as words.
struct Slice<'a> {
    vocabulary: Vocabulary<'a>,
    /// All words in order, by their numbers.
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
            for chunk in chunks(text) {
                let from = chunk.range.start;
                match self.vocabulary.chunk(text, chunk) {
                    Chunk::Word(known) => {
                        segment.put(known, position, from);
                        position += 1;
                    }
                    Chunk::Words(list) => {
                        let (words, positions) = self.vocabulary.list(list);
                        for (known, offset) in words {
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
        let number = if self.field == Field::Section { usize::MAX } else { self.texts.len() };
        let placed = |most| if number < most { number as u8 } else { NO_SEGMENT };
        self.numbers = [placed(PLACED), placed(STOPS_PLACED)];
    }

    /// Adds the word at a position of the text, which is made of bytes from `from` on.
    #[inline]
    fn put(&mut self, Known { word, is_stop }: Known, position: u32, from: usize) {
        if position >= self.first + SEGMENT {
            self.end(from);
            (self.begins, self.first) = (from, position);
            self.number();
        }
        let segment = self.numbers[usize::from(is_stop)];
        self.words.push((word, Spot { segment, position: (position - self.first) as u8, field: self.field }));
    }

    /// Ends it before a byte of the text.
    fn end(&mut self, before: usize) {
        if self.field != Field::Section {
            self.texts.push((self.field, self.text[self.begins..before].trim()));
        }
    }
}
