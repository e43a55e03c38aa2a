//! What the chunks of texts are made of, found out once for every different one.
//!
//! In steps: a chunk that was seen before is looked up; any other is cut into words, and a word that was seen before is looked
//! up in turn, so that every different word has its stem looked for only once. Terms are numbered as they are met.

use std::ops::Range;

use ahash::AHashMap;

use super::short_keys::{Short, ShortKeys};
use super::text::{Kind, Tokenizer, cut};

/// A word wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Known {
    /// The number of its term.
    pub term: u32,
    /// Does it say little by itself?
    pub is_stop: bool,
}

/// What a chunk of text is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chunk {
    /// One word, as nearly every chunk is.
    Word(Known),
    /// Any number of words.
    Words {
        /// The first of them, of [`Vocabulary::words`].
        start: u32,
        /// Behind the last.
        end: u32,
        /// How many positions they take.
        positions: u32,
    },
}

/// Chunks, words and terms of texts.
pub struct Vocabulary<'a> {
    tokenizer: Tokenizer,
    /// Terms by their letters.
    terms: AHashMap<String, u32>,
    /// Which terms are stop words.
    stops: Vec<bool>,
    /// Words by their lower case; `None` for what is no word.
    known: AHashMap<String, Option<Known>>,
    /// Chunks that are their own keys.
    short: ShortKeys<Chunk>,
    /// Chunks that are too long for that.
    long: AHashMap<&'a str, Chunk>,
    /// The words of chunks, each with its position in the chunk.
    words: Vec<(Known, u32)>,
}

impl<'a> Vocabulary<'a> {
    /// An empty one for texts in the language of a BCP 47 tag.
    pub fn new(language: &str) -> Vocabulary<'a> {
        Vocabulary {
            tokenizer: Tokenizer::new(language),
            terms: AHashMap::new(),
            stops: Vec::new(),
            known: AHashMap::new(),
            short: ShortKeys::new(Chunk::Word(Known::default())),
            long: AHashMap::new(),
            words: Vec::new(),
        }
    }

    /// What the chunk of `text` at `range` is made of.
    #[inline]
    pub fn chunk(&mut self, text: &'a str, range: Range<usize>) -> Chunk {
        let short = Short::of(text, range.clone());
        let known = match short {
            Some(short) => self.short.get(short),
            None => self.long.get(&text[range.clone()]),
        };
        match known {
            Some(known) => *known,
            None => self.learn(&text[range], short),
        }
    }

    /// Words with their positions in the chunk.
    pub fn words(&self, start: u32, end: u32) -> &[(Known, u32)] {
        &self.words[start as usize..end as usize]
    }

    /// The terms and their numbers, and which of them are stop words.
    pub fn terms(&self) -> (&AHashMap<String, u32>, &[bool]) {
        (&self.terms, &self.stops)
    }

    /// Takes the words out, each in lower case and with the number of its term.
    pub fn take_known(&mut self) -> impl Iterator<Item = (String, u32)> + use<> {
        let known = std::mem::take(&mut self.known);
        known.into_iter().filter_map(|(lower, known)| Some((lower, known?.term)))
    }

    fn learn(&mut self, chunk: &'a str, short: Option<Short>) -> Chunk {
        let start = self.words.len();
        let positions = cut(chunk, |cut| {
            if let Some(Known { term, is_stop }) = self.word(cut.lower) {
                let is_stop = is_stop && cut.kind == Kind::Plain;
                self.stops[term as usize] |= is_stop;
                self.words.push((Known { term, is_stop }, cut.position));
            }
        });
        let made = match self.words[start..] {
            [(known, 0)] if positions == 1 => Chunk::Word(known),
            _ => Chunk::Words { start: start as u32, end: self.words.len() as u32, positions },
        };
        match short {
            Some(short) => self.short.insert(short, made),
            None => drop(self.long.insert(chunk, made)),
        }
        made
    }

    fn word(&mut self, lower: &str) -> Option<Known> {
        if let Some(known) = self.known.get(lower) {
            return *known;
        }
        let known = self.tokenizer.form(lower).map(|form| {
            let next = self.stops.len() as u32;
            let term = *self.terms.entry(form.term).or_insert(next);
            if term == next {
                self.stops.push(false);
            }
            Known { term, is_stop: form.is_stop }
        });
        self.known.insert(lower.to_owned(), known);
        known
    }
}
