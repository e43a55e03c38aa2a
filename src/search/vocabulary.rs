//! What the chunks of texts are made of, found out once for every different one.
//!
//! In steps: a chunk that was seen before is looked up; any other is cut into words, which are numbered as they are met. What a
//! word is counted as is not asked here: other threads meet the same words.

use ahash::AHashMap;

use super::short::Short;
use super::short_keys::ShortKeys;
use super::text::{Kind, Part, Tokenizer, cut, fold};

/// A word where it stands in a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Its number.
    pub word: u32,
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

/// Chunks and words of texts.
pub struct Vocabulary<'a> {
    tokenizer: Tokenizer,
    /// Words by their lower case, each with its number and whether it is a stop word; `None` for what is no word.
    known: AHashMap<String, Option<Known>>,
    /// Which words stand somewhere as stop words.
    stops: Vec<bool>,
    /// Chunks that are short.
    short: ShortKeys<Chunk>,
    /// Chunks that are not.
    long: AHashMap<&'a str, Chunk>,
    /// The words of chunks, each with its position in the chunk.
    words: Vec<(Known, u32)>,
}

impl<'a> Vocabulary<'a> {
    /// An empty one for texts in the language of a BCP 47 tag.
    pub fn new(language: &str) -> Vocabulary<'a> {
        Vocabulary {
            tokenizer: Tokenizer::new(language),
            known: AHashMap::new(),
            stops: Vec::new(),
            short: ShortKeys::new(),
            long: AHashMap::new(),
            words: Vec::new(),
        }
    }

    /// What one of the chunks of `text` is made of.
    #[inline(always)]
    pub fn chunk(&mut self, text: &'a str, Part { range, short }: Part) -> Chunk {
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

    /// How many different words there are.
    pub fn size(&self) -> usize {
        self.stops.len()
    }

    /// All words in no order, each in lower case, with its number and whether it stands somewhere as a stop word.
    pub fn all(&self) -> impl Iterator<Item = (&str, u32, bool)> {
        let known = self.known.iter().filter_map(|(lower, known)| Some((lower.as_str(), known.as_ref()?.word)));
        known.map(|(lower, word)| (lower, word, self.stops[word as usize]))
    }

    fn learn(&mut self, chunk: &'a str, short: Option<Short>) -> Chunk {
        let start = self.words.len();
        let positions = cut(chunk, |cut| {
            if let Some(Known { word, is_stop }) = self.word(cut.lower) {
                let is_stop = is_stop && cut.kind == Kind::Plain;
                self.stops[word as usize] |= is_stop;
                self.words.push((Known { word, is_stop }, cut.position));
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
        let surface = fold(lower);
        let known = (!surface.is_empty()).then(|| {
            self.stops.push(false);
            Known { word: self.stops.len() as u32 - 1, is_stop: self.tokenizer.is_stop(&surface) }
        });
        self.known.insert(lower.to_owned(), known);
        known
    }
}
