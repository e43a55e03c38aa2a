//! Texts become words, for the index and for queries alike.
//!
//! In steps: cut the text into chunks of letters and digits that `_`, `-`, `.` or an apostrophe may join; a chunk of
//! Chinese, Japanese or Thai becomes pairs of characters; any other becomes its runs of letters and digits, these in pieces
//! where the case changes or digits begin, and, when there are several runs or pieces, the whole without its joints:
//! `Full-sync` gives `fullsync`, `full`, `sync`, and `LNK1104` gives `lnk1104`, `lnk`, `1104`. Letters are lower case
//! and without diacritics; a word of letters alone has a stem.

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
    /// What it is counted as: its stem, without diacritics; the surface where it has none.
    pub term: String,
    /// What kind of word it is.
    pub kind: Kind,
    /// Its number in the text. A whole stands where its first piece stands.
    pub position: u32,
    /// Bytes of the text that it is made of.
    pub range: std::ops::Range<usize>,
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

impl Tokenizer {
    /// For a BCP 47 tag, of which the primary language counts. A language without a stemmer has no stems.
    pub fn new(language: &str) -> Tokenizer {
        let primary = language.split(['-', '_']).next().unwrap_or_default().to_lowercase();
        let algorithm = match primary.as_str() {
            "ar" => Some(Algorithm::Arabic),
            "da" => Some(Algorithm::Danish),
            "de" => Some(Algorithm::German),
            "el" => Some(Algorithm::Greek),
            "en" => Some(Algorithm::English),
            "es" => Some(Algorithm::Spanish),
            "fi" => Some(Algorithm::Finnish),
            "fr" => Some(Algorithm::French),
            "hu" => Some(Algorithm::Hungarian),
            "it" => Some(Algorithm::Italian),
            "nl" => Some(Algorithm::Dutch),
            "nb" | "nn" | "no" => Some(Algorithm::Norwegian),
            "pt" => Some(Algorithm::Portuguese),
            "ro" => Some(Algorithm::Romanian),
            "ru" => Some(Algorithm::Russian),
            "sv" => Some(Algorithm::Swedish),
            "ta" => Some(Algorithm::Tamil),
            "tr" => Some(Algorithm::Turkish),
            _ => None,
        };
        Tokenizer { stemmer: algorithm.map(Stemmer::create), stop: stopwords::of(&primary) }
    }

    /// The words of `text` in order.
    pub fn words(&self, text: &str) -> Vec<Word> {
        let mut words = Vec::new();
        let mut position = 0;
        for chunk in chunks(text) {
            match chunk {
                Chunk::Pairs(characters) => {
                    let pairs = characters.windows(2.min(characters.len()));
                    for pair in pairs {
                        let start = pair[0].0;
                        let end = pair.last().map_or(start, |(at, c)| at + c.len_utf8());
                        self.push(&mut words, &text[start..end], start..end, Kind::Plain, position);
                        position += 1;
                    }
                }
                Chunk::Joined(runs) => self.joined(&mut words, text, &runs, &mut position),
            }
        }
        words
    }

    fn joined(&self, words: &mut Vec<Word>, text: &str, runs: &[std::ops::Range<usize>], position: &mut u32) {
        let pieces: Vec<_> = runs.iter().flat_map(|run| pieces(text, run.clone())).collect();
        let (Some(first), Some(last)) = (runs.first(), runs.last()) else { return };
        if let [only] = pieces.as_slice() {
            self.push(words, &text[only.clone()], only.clone(), Kind::Plain, *position);
            *position += 1;
            return;
        }
        let whole: String = runs.iter().map(|run| &text[run.clone()]).collect();
        self.push(words, &whole, first.start..last.end, Kind::Whole, *position);
        for piece in pieces {
            self.push(words, &text[piece.clone()], piece, Kind::Piece, *position);
            *position += 1;
        }
    }

    fn push(&self, words: &mut Vec<Word>, text: &str, range: std::ops::Range<usize>, kind: Kind, position: u32) {
        let lower: String =
            text.nfc().flat_map(char::to_lowercase).filter(|c| !is_apostrophe(*c)).take(LONGEST).collect();
        let surface = fold(&lower);
        if surface.is_empty() {
            return;
        }
        let kind = match kind {
            Kind::Plain if self.stop.binary_search(&surface.as_str()).is_ok() => Kind::Stop,
            kind => kind,
        };
        let term = match &self.stemmer {
            Some(stemmer) if lower.chars().all(char::is_alphabetic) => fold(&stemmer.stem(&lower)),
            _ => surface.clone(),
        };
        words.push(Word { surface, term, kind, position, range });
    }
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

/// A part of a text that belongs together.
enum Chunk {
    /// Characters of a script that writes without spaces, with their bytes.
    Pairs(Vec<(usize, char)>),
    /// Runs of letters and digits, by their bytes, that joints held together.
    Joined(Vec<std::ops::Range<usize>>),
}

/// Does the script of `c` write words without spaces between them?
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FF66}'..='\u{FF9D}' | '\u{20000}'..='\u{323AF}')
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

fn chunks(text: &str) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if is_unspaced(c) {
            let mut run = vec![(at, c)];
            while let Some(next) = characters.next_if(|(_, c)| is_unspaced(*c)) {
                run.push(next);
            }
            chunks.push(Chunk::Pairs(run));
        } else if is_word(c) {
            let mut runs = Vec::new();
            let mut start = at;
            let mut end = at + c.len_utf8();
            loop {
                while let Some((at, c)) = characters.next_if(|(_, c)| is_word(*c) && !is_unspaced(*c)) {
                    end = at + c.len_utf8();
                }
                let mut ahead = characters.clone();
                let joint = ahead.next().map(|(_, c)| c);
                let follows = ahead.next().filter(|(_, c)| is_word(*c) && !is_unspaced(*c));
                match (joint, follows) {
                    (Some(joint), Some((at, _))) if is_apostrophe(joint) || matches!(joint, '_' | '-' | '.') => {
                        if !is_apostrophe(joint) {
                            runs.push(start..end);
                            start = at;
                        }
                        characters.next();
                    }
                    _ => break,
                }
            }
            runs.push(start..end);
            chunks.push(Chunk::Joined(runs));
        }
    }
    chunks
}

/// Cuts a run where lower case turns to upper, where the last of several capitals begins a word, and between letters and
/// digits.
fn pieces(text: &str, run: std::ops::Range<usize>) -> Vec<std::ops::Range<usize>> {
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
