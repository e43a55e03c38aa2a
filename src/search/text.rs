//! Texts become words, for the index and for queries alike.
//!
//! In steps: cut the text into chunks of letters and digits that `_`, `-`, `.` or an apostrophe may join; a chunk of
//! Chinese, Japanese or Thai becomes pairs of characters; any other becomes its runs of letters and digits, these in pieces
//! where the case changes or digits begin, and, when there are several runs or pieces, the whole without its joints:
//! `Full-sync` gives `fullsync`, `full`, `sync`, and `LNK1104` gives `lnk1104`, `lnk`, `1104`. Letters are lower case
//! and without diacritics; a word of letters alone has a stem.

use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::stopwords;

/// The longest word that is kept, in characters; of a longer one, such as a key or a hash, this beginning is.
pub const LONGEST: usize = 40;

/// What kind of word it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An ordinary word.
    Plain,
    /// A word that says little by itself, such as `the`.
    Stop,
    /// Letters with digits, or several runs without their joints: an identifier, a code, a compound.
    Whole,
    /// A run or piece of a [`Kind::Whole`].
    Piece,
}

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// In lower case, without diacritics and apostrophes.
    pub surface: String,
    /// In lower case, without apostrophes.
    pub lower: String,
    /// What it is counted as: its stem, without diacritics; the surface where it has none.
    pub term: String,
    /// What kind of word it is.
    pub kind: Kind,
    /// Its number in the text. A whole stands where its first piece stands.
    pub position: u32,
    /// Bytes of the text that it is made of.
    pub range: Range<usize>,
}

/// What a word is wherever it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    /// [`Word::surface`].
    pub surface: String,
    /// [`Word::term`].
    pub term: String,
    /// Does it say little by itself, unless it is a part of a [`Kind::Whole`]?
    pub is_stop: bool,
}

/// A word as it is cut out of a chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut<'c> {
    /// In lower case, without apostrophes.
    pub lower: &'c str,
    /// What kind of word it is in any language: never [`Kind::Stop`].
    pub kind: Kind,
    /// Its number in the chunk.
    pub position: u32,
    /// Bytes of the chunk that it is made of.
    pub range: Range<usize>,
}

/// Makes words in one language.
pub struct Tokenizer {
    stemmer: Option<Stemmer>,
    stop: &'static [&'static str],
}

impl std::fmt::Debug for Tokenizer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tokenizer").field("stems", &self.stemmer.is_some()).finish_non_exhaustive()
    }
}

/// The primary language of a BCP 47 tag.
pub fn primary(language: &str) -> String {
    language.split(['-', '_']).next().unwrap_or_default().to_lowercase()
}

/// The languages whose words have stems, each with a script `stem-….js` that finds the same ones, and its algorithm.
const STEMMERS: &[(&str, Algorithm)] = &[
    ("ar", Algorithm::Arabic),
    ("da", Algorithm::Danish),
    ("de", Algorithm::German),
    ("en", Algorithm::English),
    ("es", Algorithm::Spanish),
    ("fi", Algorithm::Finnish),
    ("fr", Algorithm::French),
    ("hu", Algorithm::Hungarian),
    ("it", Algorithm::Italian),
    ("nl", Algorithm::Dutch),
    ("no", Algorithm::Norwegian),
    ("pt", Algorithm::Portuguese),
    ("ro", Algorithm::Romanian),
    ("ru", Algorithm::Russian),
    ("sv", Algorithm::Swedish),
];

/// The name of the stemmer of a language, a BCP 47 tag: `stem-{name}.js`.
pub fn stemmer(language: &str) -> Option<&'static str> {
    let primary = primary(language);
    // Both written forms of Norwegian share a stemmer.
    let name = if matches!(primary.as_str(), "nb" | "nn") { "no" } else { &primary };
    STEMMERS.iter().find(|(known, _)| *known == name).map(|(known, _)| *known)
}

impl Tokenizer {
    /// For a BCP 47 tag, of which the primary language counts. A language without a stemmer has no stems.
    pub fn new(language: &str) -> Tokenizer {
        let name = stemmer(language);
        let algorithm = STEMMERS.iter().find(|(known, _)| Some(*known) == name).map(|(_, algorithm)| *algorithm);
        Tokenizer { stemmer: algorithm.map(Stemmer::create), stop: stopwords::of(&primary(language)) }
    }

    /// The words of `text` in order.
    pub fn words(&self, text: &str) -> Vec<Word> {
        let mut words = Vec::new();
        let mut position = 0;
        for range in chunks(text) {
            position += cut(&text[range.clone()], |cut| {
                let Some(Form { surface, term, is_stop }) = self.form(cut.lower) else { return };
                let kind = if is_stop && cut.kind == Kind::Plain { Kind::Stop } else { cut.kind };
                let (lower, position) = (cut.lower.to_owned(), position + cut.position);
                let range = range.start + cut.range.start..range.start + cut.range.end;
                words.push(Word { surface, lower, term, kind, position, range });
            });
        }
        words
    }

    /// What a word in lower case without apostrophes is, wherever it stands; `None` when nothing is left of it.
    pub fn form(&self, lower: &str) -> Option<Form> {
        let surface = fold(lower);
        if surface.is_empty() {
            return None;
        }
        let is_stop = self.is_stop(&surface);
        Some(Form { surface, term: self.term(lower), is_stop })
    }

    /// Does a word, in lower case without diacritics and apostrophes, say little by itself?
    pub fn is_stop(&self, surface: &str) -> bool {
        self.stop.binary_search(&surface).is_ok()
    }

    /// What a word in lower case without apostrophes is counted as: its stem, or its surface.
    pub fn term(&self, lower: &str) -> String {
        match &self.stemmer {
            Some(stemmer) if is_alphabetic(lower) => fold(&stemmer.stem(lower)),
            _ => fold(lower),
        }
    }
}

/// Is it of letters alone? Only such a word has a stem.
pub fn is_alphabetic(word: &str) -> bool {
    word.chars().all(char::is_alphabetic)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{2BC}')
}

/// Without diacritics: compatibility forms are decomposed and the marks of Latin, Greek and Cyrillic left out.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !(is_combining_mark(*c) && ('\u{300}'..='\u{36F}').contains(c))) {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'đ' => folded.push('d'),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            c => folded.push(c),
        }
    }
    // Korean syllables come apart in the decomposition and are put together again.
    folded.nfc().collect()
}

/// Does the script of `c` write words without spaces between them?
fn is_unspaced(c: char) -> bool {
    c >= '\u{E00}'
        && matches!(c,
        '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9D}' | '\u{20000}'..='\u{323AF}')
}

fn is_word(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() || is_combining_mark(c) }
}

fn is_joint(c: char) -> bool {
    is_apostrophe(c) || matches!(c, '_' | '-' | '.')
}

/// The parts of `text` that belong together, by their bytes: characters of a script that writes without spaces, or runs of
/// letters and digits that joints hold together.
pub fn chunks(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let bytes = text.as_bytes();
        let mut start = None;
        // The place of a joint behind a run.
        let mut joint = None;
        loop {
            let Some(&byte) = bytes.get(at) else {
                let from = start.take()?;
                return Some(from..joint.unwrap_or(at));
            };
            let (c, length) = if byte.is_ascii() {
                (char::from(byte), 1)
            } else {
                let c = text[at..].chars().next()?;
                (c, c.len_utf8())
            };
            if is_unspaced(c) {
                if let Some(from) = start {
                    return Some(from..joint.unwrap_or(at));
                }
                let run = text[at..].find(|c| !is_unspaced(c)).unwrap_or(text.len() - at);
                at += run;
                return Some(at - run..at);
            }
            if is_word(c) {
                start.get_or_insert(at);
                joint = None;
                // What follows are mostly letters of the same word.
                at += bytes[at + length..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
            } else if let Some(from) = start {
                if joint.is_some() || !is_joint(c) {
                    return Some(from..joint.unwrap_or(at));
                }
                joint = Some(at);
            }
            at += length;
        }
    })
}

/// Cuts one of the [`chunks`] of a text into words, and gives the number of positions that it takes.
pub fn cut(chunk: &str, mut each: impl FnMut(Cut<'_>)) -> u32 {
    let mut lower = String::new();
    let mut push = |text: &str, range: Range<usize>, kind: Kind, position: u32| {
        lower.clear();
        if text.is_ascii() {
            let letters = text.bytes().filter(|c| *c != b'\'').take(LONGEST);
            lower.extend(letters.map(|c| char::from(c.to_ascii_lowercase())));
        } else {
            lower.extend(text.nfc().flat_map(char::to_lowercase).filter(|c| !is_apostrophe(*c)).take(LONGEST));
        }
        each(Cut { lower: &lower, kind, position, range });
    };
    // Nearly every chunk is a word as it stands: letters, of which only the first may be a capital.
    if chunk.starts_with(|c: char| c.is_ascii_alphabetic()) && chunk.bytes().skip(1).all(|c| c.is_ascii_lowercase()) {
        push(chunk, 0..chunk.len(), Kind::Plain, 0);
        return 1;
    }
    if chunk.chars().next().is_some_and(is_unspaced) {
        let ends: Vec<usize> = chunk.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
        let mut number = 0;
        let mut from = 0;
        for end in ends.get(1..).filter(|ends| !ends.is_empty()).unwrap_or(&ends) {
            push(&chunk[from..*end], from..*end, Kind::Plain, number);
            from = ends[number as usize];
            number += 1;
        }
        return number;
    }
    let runs: Vec<Vec<Range<usize>>> = runs(chunk).map(|run| pieces(chunk, run)).collect();
    if let [run] = runs.as_slice()
        && let [only] = run.as_slice()
    {
        push(&chunk[only.clone()], only.clone(), Kind::Plain, 0);
        return 1;
    }
    let whole: String = chunk.chars().filter(|c| is_word(*c) || is_apostrophe(*c)).collect();
    push(&whole, 0..chunk.len(), Kind::Whole, 0);
    let mut number = 0;
    for run in &runs {
        let mut push = |piece: Range<usize>, number: u32| push(&chunk[piece.clone()], piece, Kind::Piece, number);
        // `System.SyncError` is found by `SyncError` too.
        if let ([first, .., last], true) = (run.as_slice(), runs.len() > 1) {
            push(first.start..last.end, number);
        }
        for piece in run {
            push(piece.clone(), number);
            number += 1;
        }
    }
    number
}

/// The runs of letters and digits of a chunk, which an apostrophe does not end.
fn runs(chunk: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    chunk.split(['_', '-', '.']).map(move |run| {
        let start = at;
        at += run.len() + 1;
        start..start + run.len()
    })
}

/// Cuts a run where lower case turns to upper, where the last of several capitals begins a word, and between letters and
/// digits.
fn pieces(text: &str, run: Range<usize>) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let mut start = run.start;
    let characters: Vec<(usize, char)> = text[run.clone()].char_indices().collect();
    for (number, pair) in characters.windows(2).enumerate() {
        let (before, (at, c)) = (pair[0].1, pair[1]);
        let next = characters.get(number + 2).map(|(_, c)| *c);
        let cuts = (before.is_lowercase() && c.is_uppercase())
            || (before.is_uppercase() && c.is_uppercase() && next.is_some_and(char::is_lowercase))
            || (before.is_numeric() != c.is_numeric()
                && !is_combining_mark(c)
                && !is_apostrophe(c)
                && !is_apostrophe(before));
        if cuts {
            pieces.push(start..run.start + at);
            start = run.start + at;
        }
    }
    pieces.push(start..run.end);
    pieces
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn surfaces(text: &str) -> Vec<String> {
        Tokenizer::new("en").words(text).into_iter().map(|word| word.surface).collect()
    }

    #[test]
    fn compounds_and_codes_are_kept_whole_and_in_pieces() {
        assert_eq!(surfaces("Full-sync"), ["fullsync", "full", "sync"]);
        assert_eq!(surfaces("LNK1104:"), ["lnk1104", "lnk", "1104"]);
        assert_eq!(surfaces("ERR_CONNECTION_REFUSED"), ["errconnectionrefused", "err", "connection", "refused"]);
        assert_eq!(surfaces("getHTTPResponse2"), ["gethttpresponse2", "get", "http", "response", "2"]);
        assert_eq!(surfaces("node.js. Wi-Fi"), ["nodejs", "node", "js", "wifi", "wi", "fi"]);
    }

    #[test]
    fn diacritics_and_apostrophes_do_not_matter() {
        assert_eq!(surfaces("Can’t can't cant"), ["cant", "cant", "cant"]);
        assert_eq!(surfaces("café Straße naïve"), ["cafe", "strasse", "naive"]);
    }

    #[test]
    fn scripts_without_spaces_become_pairs() {
        assert_eq!(surfaces("同期が遅い app"), ["同期", "期が", "が遅", "遅い", "app"]);
        assert_eq!(surfaces("字"), ["字"]);
        assert_eq!(surfaces("한국어 문서"), ["한국어", "문서"]);
    }

    #[test]
    fn words_have_stems_and_places() {
        let words = Tokenizer::new("en").words("Synchronizing the objects");
        let seen: Vec<_> = words.iter().map(|word| (word.term.as_str(), word.kind, word.position)).collect();
        assert_eq!(seen, [("synchron", Kind::Plain, 0), ("the", Kind::Stop, 1), ("object", Kind::Plain, 2)]);
        assert_eq!(words[2].range, 18..25);
    }
}
