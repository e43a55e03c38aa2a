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
    /// Any number of words: the number of the list of [`Vocabulary::list`] that they are.
    Words(u32),
}

/// Where the words of a chunk stand in the list of all.
struct List {
    /// The first.
    start: u32,
    /// Behind the last.
    end: u32,
    /// How many positions they take.
    positions: u32,
}

/// Chunks and words of texts.
pub struct Vocabulary<'a> {
    tokenizer: Tokenizer,
    /// The words that are short, by their lower case; `None` for what is no word.
    short_words: ShortKeys<Option<Known>>,
    /// The words that are not.
    long_words: AHashMap<String, Option<Known>>,
    /// The lower case of all words, one behind the other.
    lower: String,
    /// Where in it each word ends, and whether it stands somewhere as a stop word.
    ends: Vec<(u32, bool)>,
    /// Chunks that are short.
    short: ShortKeys<Chunk>,
    /// Chunks that are not.
    long: AHashMap<&'a str, Chunk>,
    /// The words of the chunks that are not one word.
    lists: Vec<List>,
    /// The words of chunks, each with its position in the chunk.
    words: Vec<(Known, u32)>,
}

impl<'a> Vocabulary<'a> {
    /// An empty one for texts in the language of a BCP 47 tag.
    pub fn new(language: &str) -> Vocabulary<'a> {
        Vocabulary {
            tokenizer: Tokenizer::new(language),
            short_words: ShortKeys::new(),
            long_words: AHashMap::new(),
            lower: String::new(),
            ends: Vec::new(),
            short: ShortKeys::new(),
            long: AHashMap::new(),
            lists: Vec::new(),
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

    /// The words of a chunk with their positions in it, and how many positions they take.
    pub fn list(&self, number: u32) -> (&[(Known, u32)], u32) {
        let List { start, end, positions } = &self.lists[number as usize];
        (&self.words[*start as usize..*end as usize], *positions)
    }

    /// How many different words there are.
    pub fn size(&self) -> usize {
        self.ends.len()
    }

    /// All words by their numbers, each in lower case, with its number and whether it stands somewhere as a stop word.
    pub fn all(&self) -> impl Iterator<Item = (&str, u32, bool)> {
        let mut start = 0;
        self.ends.iter().enumerate().map(move |(word, (end, is_stop))| {
            let lower = &self.lower[start..*end as usize];
            start = *end as usize;
            (lower, word as u32, *is_stop)
        })
    }

    fn learn(&mut self, chunk: &'a str, short: Option<Short>) -> Chunk {
        let start = self.words.len();
        let positions = cut(chunk, |cut| {
            if let Some(Known { word, is_stop }) = self.word(cut.lower) {
                let is_stop = is_stop && cut.kind == Kind::Plain;
                self.ends[word as usize].1 |= is_stop;
                self.words.push((Known { word, is_stop }, cut.position));
            }
        });
        let made = match self.words[start..] {
            [(known, 0)] if positions == 1 => Chunk::Word(known),
            _ => {
                self.lists.push(List { start: start as u32, end: self.words.len() as u32, positions });
                Chunk::Words(self.lists.len() as u32 - 1)
            }
        };
        match short {
            Some(short) => self.short.insert(short, made),
            None => drop(self.long.insert(chunk, made)),
        }
        made
    }

    /// The word with this lower case.
    fn word(&mut self, lower: &str) -> Option<Known> {
        let short = Short::of(lower, 0..lower.len());
        let known = match short {
            Some(short) => self.short_words.get(short),
            None => self.long_words.get(lower),
        };
        if let Some(known) = known {
            return *known;
        }
        let surface = fold(lower);
        let known = (!surface.is_empty()).then(|| {
            self.lower.push_str(lower);
            self.ends.push((self.lower.len() as u32, false));
            Known { word: self.ends.len() as u32 - 1, is_stop: self.tokenizer.is_stop(&surface) }
        });
        match short {
            Some(short) => self.short_words.insert(short, known),
            None => drop(self.long_words.insert(lower.to_owned(), known)),
        }
        known
    }
}
