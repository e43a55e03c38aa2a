//! The words of all units, as numbers.
//!
//! In steps: each thread takes a run of units and makes words of each chunk of text, of every different one only once; then
//! the terms of all threads are put in order and numbered.

use ahash::AHashMap;
use rayon::prelude::*;

use super::index::order;
use super::text::{Kind, Tokenizer, Word, chunks};
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

/// A word of a unit.
#[derive(Debug, Clone, Copy)]
pub struct Token {
    /// Its term.
    pub term: u32,
    /// Its unit.
    pub unit: u32,
    /// Its segment, counted in the unit; [`NO_SEGMENT`] far down.
    pub segment: u8,
    /// Its place in the segment.
    pub position: u8,
    /// Its field.
    pub field: Field,
}

impl Default for Token {
    fn default() -> Token {
        Token { term: 0, unit: 0, segment: NO_SEGMENT, position: 0, field: Field::Body }
    }
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
    /// All words, by unit, segment and position.
    pub fn tokens(&self) -> impl Iterator<Item = Token> {
        self.slices.iter().zip(&self.numbers).flat_map(|(slice, numbers)| {
            slice.tokens.iter().map(|token| Token { term: numbers[token.term as usize], ..*token })
        })
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
    let mut slices: Vec<Slice<'a>> = units
        .par_chunks(size)
        .enumerate()
        .map(|(number, units)| {
            let mut slice = Slice::new(language);
            for (at, unit) in units.iter().enumerate() {
                slice.add((number * size + at) as u32, unit);
            }
            slice
        })
        .collect();
    let (terms, stops, numbers) = numbered(&slices);
    let words = slices.iter_mut().zip(&numbers).flat_map(|(slice, numbers)| {
        let words = std::mem::take(&mut slice.words).into_iter();
        words.map(|(surface, lower, term)| (surface, lower, numbers[term as usize]))
    });
    let words = words.collect();
    let texts: Vec<Vec<(Field, &str)>> = slices.iter_mut().flat_map(|slice| std::mem::take(&mut slice.texts)).collect();
    let mut firsts = vec![0];
    for texts in &texts {
        firsts.push(firsts[firsts.len() - 1] + texts.len());
    }
    Counted { terms, stops, words, texts, slices, numbers, firsts }
}

/// The terms of all slices in order, which of them are stop words, and for each slice the number of each of its terms.
fn numbered(slices: &[Slice]) -> (Vec<String>, Vec<bool>, Vec<Vec<u32>>) {
    let of_slice = |(number, slice): (usize, &'_ Slice<'_>)| -> Vec<(usize, usize)> {
        (0..slice.terms.len()).map(|term| (number, term)).collect()
    };
    let mut all: Vec<(usize, usize)> = slices.iter().enumerate().flat_map(of_slice).collect();
    let text = |(slice, term): (usize, usize)| slices[slice].terms[term].as_str();
    all.par_sort_unstable_by(|a, b| order(text(*a), text(*b)));
    let (mut terms, mut stops): (Vec<String>, Vec<bool>) = (Vec::new(), Vec::new());
    let mut numbers: Vec<Vec<u32>> = slices.iter().map(|slice| vec![0; slice.terms.len()]).collect();
    for same in all.chunk_by(|a, b| text(*a) == text(*b)) {
        for (slice, term) in same {
            numbers[*slice][*term] = terms.len() as u32;
        }
        // A term that is a stop word in one slice is one.
        stops.push(same.iter().any(|(slice, term)| slices[*slice].stops[*term]));
        terms.push(text(same[0]).to_owned());
    }
    (terms, stops, numbers)
}

/// The most bytes of a chunk that are its own key.
const SHORT: usize = 16;

/// The bytes of a short chunk, which holds no null character.
fn short(chunk: &str) -> Option<u128> {
    let mut bytes = [0; SHORT];
    bytes.get_mut(..chunk.len())?.copy_from_slice(chunk.as_bytes());
    Some(u128::from_le_bytes(bytes))
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

/// A run of units as words.
struct Slice<'a> {
    tokenizer: Tokenizer,
    terms: Vec<String>,
    stops: Vec<bool>,
    /// Surface, lower case and term of words with letters, each once.
    words: Vec<(String, String, u32)>,
    by_text: AHashMap<String, u32>,
    /// Terms by the lower case of their words.
    by_lower: AHashMap<String, u32>,
    /// Chunks of at most [`SHORT`] bytes, by these.
    short: AHashMap<u128, Chunk>,
    chunks: AHashMap<&'a str, Chunk>,
    /// Term, position in the chunk, and whether it is a stop word.
    chunk_words: Vec<(u32, u32, bool)>,
    tokens: Vec<Token>,
    lengths: Vec<[u32; FIELDS.len()]>,
    texts: Vec<Vec<(Field, &'a str)>>,
}

impl<'a> Slice<'a> {
    fn new(language: &str) -> Slice<'a> {
        Slice {
            tokenizer: Tokenizer::new(language),
            terms: Vec::new(),
            stops: Vec::new(),
            words: Vec::new(),
            by_text: AHashMap::new(),
            by_lower: AHashMap::new(),
            short: AHashMap::new(),
            chunks: AHashMap::new(),
            chunk_words: Vec::new(),
            tokens: Vec::new(),
            lengths: Vec::new(),
            texts: Vec::new(),
        }
    }

    fn add(&mut self, number: u32, unit: &Unit<'a>) {
        let mut lengths = [0; FIELDS.len()];
        let mut texts: Vec<(Field, &'a str)> = Vec::new();
        for (field, text) in &unit.segments {
            // Byte and position at which the segment begins.
            let (mut begins, mut first, mut position) = (0, 0, 0);
            let placed = *field != Field::Section;
            for range in chunks(text) {
                let chunk = self.chunk(&text[range.clone()]);
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
                    self.tokens.push(Token {
                        term,
                        unit: number,
                        segment,
                        position: (place - first) as u8,
                        field: *field,
                    });
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

    fn chunk(&mut self, chunk: &'a str) -> Chunk {
        let short = short(chunk);
        let known = short.map_or_else(|| self.chunks.get(chunk), |short| self.short.get(&short));
        if let Some(known) = known {
            return *known;
        }
        let mut words = Vec::new();
        let positions = self.tokenizer.chunk(chunk, 0, 0, &mut words);
        let start = self.chunk_words.len() as u32;
        for word in words {
            let (position, stop) = (word.position, word.kind == Kind::Stop);
            let term = self.term(word);
            self.stops[term as usize] |= stop;
            self.chunk_words.push((term, position, stop));
        }
        let made = Chunk { start, end: self.chunk_words.len() as u32, positions };
        match short {
            Some(short) => self.short.insert(short, made),
            None => self.chunks.insert(chunk, made),
        };
        made
    }

    fn term(&mut self, word: Word) -> u32 {
        if let Some(term) = self.by_lower.get(&word.lower) {
            return *term;
        }
        let term = self.by_text.get(&word.term).copied().unwrap_or_else(|| {
            let number = self.terms.len() as u32;
            self.terms.push(word.term.clone());
            self.stops.push(false);
            self.by_text.insert(word.term, number);
            number
        });
        if word.lower.len() <= LONGEST_KNOWN && word.lower.contains(char::is_alphabetic) {
            self.words.push((word.surface, word.lower.clone(), term));
        }
        self.by_lower.insert(word.lower, term);
        term
    }
}
