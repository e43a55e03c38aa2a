//! Texts become words, for the index and for queries alike.
//!
//! In steps: cut the text into chunks of letters and digits that `_`, `-`, `.` or an apostrophe may join; a chunk of
//! Chinese, Japanese or Thai becomes pairs of characters; any other becomes its runs of letters and digits, these in pieces
//! where the case changes or digits begin, and, when there are several runs or pieces, the whole without its joints:
//! `Full-sync` gives `fullsync`, `full`, `sync`, and `LNK1104` gives `lnk1104`, `lnk`, `1104`. Letters are lower case
//! and without diacritics; a word of letters alone has a stem.

use std::borrow::Cow;
use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::short::Short;
use super::short_keys::ShortKeys;
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
    stop: ShortKeys<()>,
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
        let mut stop = ShortKeys::new();
        for word in stopwords::of(&primary(language)).iter().filter_map(|word| Short::of(word, 0..word.len())) {
            stop.insert(word, ());
        }
        Tokenizer { stemmer: algorithm.map(Stemmer::create), stop }
    }

    /// The words of `text` in order.
    pub fn words(&self, text: &str) -> Vec<Word> {
        let mut words = Vec::new();
        let mut position = 0;
        for Part { range, .. } in chunks(text) {
            position += cut(&text[range.clone()], |cut| {
                let surface = fold(cut.lower).into_owned();
                if surface.is_empty() {
                    return;
                }
                let kind = if cut.kind == Kind::Plain && self.is_stop(&surface) { Kind::Stop } else { cut.kind };
                let (lower, term) = (cut.lower.to_owned(), self.term(cut.lower).into_owned());
                let position = position + cut.position;
                let range = range.start + cut.range.start..range.start + cut.range.end;
                words.push(Word { surface, lower, term, kind, position, range });
            });
        }
        words
    }

    /// Does a word, in lower case without diacritics and apostrophes, say little by itself, unless it is a part of a
    /// [`Kind::Whole`]?
    pub fn is_stop(&self, surface: &str) -> bool {
        Short::of(surface, 0..surface.len()).is_some_and(|surface| self.stop.get(surface).is_some())
    }

    /// What a word in lower case without apostrophes is counted as: its stem, or its surface.
    pub fn term<'l>(&self, lower: &'l str) -> Cow<'l, str> {
        match &self.stemmer {
            Some(stemmer) if is_alphabetic(lower) => match stemmer.stem(lower) {
                stem if stem.is_ascii() => stem,
                stem => Cow::Owned(fold(&stem).into_owned()),
            },
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
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
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
    Cow::Owned(folded.nfc().collect())
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

/// What a byte is in a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Byte {
    /// An ASCII letter or digit.
    Word,
    /// An ASCII character that may join words.
    Joint,
    /// Another ASCII character.
    Gap,
    /// A part of another character.
    Other,
}

static BYTES: [Byte; 256] = {
    let mut bytes = [Byte::Gap; 256];
    let mut byte = 0;
    while byte < 256 {
        bytes[byte] = match byte as u8 {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => Byte::Word,
            b'\'' | b'_' | b'-' | b'.' => Byte::Joint,
            0x80.. => Byte::Other,
            _ => Byte::Gap,
        };
        byte += 1;
    }
    bytes
};

/// What stands at a byte of a text; a gap behind its end.
#[inline(always)]
fn byte(text: &str, at: usize) -> Byte {
    text.as_bytes().get(at).map_or(Byte::Gap, |byte| BYTES[usize::from(*byte)])
}

/// The character that begins at a byte of a text that is not behind its end.
fn character(text: &str, at: usize) -> char {
    text[at..].chars().next().unwrap_or_default()
}

/// The parts of `text` that belong together, by their bytes: characters of a script that writes without spaces, or runs of
/// letters and digits that joints hold together.
pub fn chunks(text: &str) -> Chunks<'_> {
    Chunks { text, at: 0 }
}

/// What [`chunks`] gives.
#[derive(Debug, Clone)]
pub struct Chunks<'t> {
    text: &'t str,
    /// The byte behind the last one.
    at: usize,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its bytes.
    pub range: Range<usize>,
    /// What they are, if it is short.
    pub short: Option<Short>,
}

impl Iterator for Chunks<'_> {
    type Item = Part;

    // Every byte of a site comes by here.
    #[inline(always)]
    fn next(&mut self) -> Option<Part> {
        let start = begin(self.text, self.at)?;
        // Nearly every chunk is a few letters with a gap behind, or with a full stop and a gap.
        if let Some((short, length)) = Short::letters(self.text, start) {
            let end = start + length;
            let behind = byte(self.text, end);
            if behind == Byte::Gap || (behind == Byte::Joint && byte(self.text, end + 1) == Byte::Gap) {
                self.at = end + 1;
                return Some(Part { range: start..end, short: Some(short) });
            }
        }
        self.at = end(self.text, start);
        let range = start..self.at;
        Some(Part { short: Short::of(self.text, range.clone()), range })
    }
}

/// The byte behind the chunk that begins at `start`.
fn end(text: &str, start: usize) -> usize {
    let mut at = run(text, start);
    if at == start {
        // No run, but characters that are written without spaces.
        return at + text[at..].find(|c| !is_unspaced(c)).unwrap_or(text.len() - at);
    }
    while let Some(joined) = joined(text, at) {
        at = joined;
    }
    at
}

/// The byte behind the run that a joint at `at` holds to the run before it.
fn joined(text: &str, at: usize) -> Option<usize> {
    let length = match byte(text, at) {
        Byte::Gap | Byte::Word => return None,
        Byte::Joint => 1,
        Byte::Other => Some(character(text, at)).filter(|c| is_joint(*c))?.len_utf8(),
    };
    Some(run(text, at + length)).filter(|end| *end > at + length)
}

/// The first byte from `at` on that begins a chunk.
#[inline(always)]
fn begin(text: &str, mut at: usize) -> Option<usize> {
    while at < text.len() {
        match byte(text, at) {
            Byte::Word => return Some(at),
            Byte::Joint | Byte::Gap => at += 1,
            Byte::Other => match character(text, at) {
                c if is_word(c) || is_unspaced(c) => return Some(at),
                c => at += c.len_utf8(),
            },
        }
    }
    None
}

/// The byte behind the run of letters and digits that begins at `at`.
fn run(text: &str, mut at: usize) -> usize {
    loop {
        match byte(text, at) {
            Byte::Word => at += 1,
            Byte::Joint | Byte::Gap => return at,
            Byte::Other => match character(text, at) {
                c if is_word(c) && !is_unspaced(c) => at += c.len_utf8(),
                _ => return at,
            },
        }
    }
}

/// Cuts one of the [`chunks`] of a text into words, and gives the number of positions that it takes.
pub fn cut(chunk: &str, mut each: impl FnMut(Cut<'_>)) -> u32 {
    let lower = chunk.to_ascii_lowercase();
    let mut other = String::new();
    let mut push = |range: Range<usize>, kind: Kind, position: u32| {
        let mut lower = &lower[range.clone()];
        if !lower.is_ascii() {
            let text = chunk[range.clone()].chars().filter(|c| !ENDS.contains(c)).nfc();
            other.clear();
            other.extend(text.flat_map(char::to_lowercase).filter(|c| !is_apostrophe(*c)).take(LONGEST));
            lower = &other;
        } else {
            if lower.bytes().any(|byte| BYTES[usize::from(byte)] == Byte::Joint) {
                other.clear();
                other.extend(lower.split(is_joint));
                lower = &other;
            }
            lower = &lower[..lower.len().min(LONGEST)];
        }
        each(Cut { lower, kind, position, range });
    };
    // Nearly every chunk is a word as it stands: letters, of which only the first may be a capital.
    if chunk.starts_with(|c: char| c.is_ascii_alphabetic()) && chunk.bytes().skip(1).all(|c| c.is_ascii_lowercase()) {
        push(0..chunk.len(), Kind::Plain, 0);
        return 1;
    }
    if chunk.chars().next().is_some_and(is_unspaced) {
        let ends: Vec<usize> = chunk.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
        let mut number = 0;
        let mut from = 0;
        for end in ends.get(1..).filter(|ends| !ends.is_empty()).unwrap_or(&ends) {
            push(from..*end, Kind::Plain, number);
            from = ends[number as usize];
            number += 1;
        }
        return number;
    }
    let all = pieces(chunk);
    if let [(_, only)] = all.as_slice() {
        push(only.clone(), Kind::Plain, 0);
        return 1;
    }
    push(0..chunk.len(), Kind::Whole, 0);
    let mut number = 0;
    for run in all.chunk_by(|(a, _), (b, _)| a == b) {
        // `System.SyncError` is found by `SyncError` too.
        if let [(_, first), .., (_, last)] = run
            && run.len() < all.len()
        {
            push(first.start..last.end, Kind::Piece, number);
        }
        for (_, piece) in run {
            push(piece.clone(), Kind::Piece, number);
            number += 1;
        }
    }
    number
}

/// The joints that end a run; an apostrophe does not.
const ENDS: [char; 3] = ['_', '-', '.'];

/// The pieces of a chunk, each with the number of its run. A run is cut where lower case turns to upper, where the last of
/// several capitals begins a word, and between letters and digits.
fn pieces(chunk: &str) -> Vec<(usize, Range<usize>)> {
    let mut pieces = Vec::with_capacity(8);
    let (mut run, mut start) = (0, 0);
    let mut before = None;
    let mut characters = chunk.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        if ENDS.contains(&c) {
            pieces.push((run, start..at));
            (run, start, before) = (run + 1, at + 1, None);
            continue;
        }
        let mut next = || characters.peek().map(|(_, c)| *c);
        let cuts = before.is_some_and(|before: char| {
            (before.is_lowercase() && c.is_uppercase())
                || (before.is_uppercase() && c.is_uppercase() && next().is_some_and(char::is_lowercase))
                || (before.is_numeric() != c.is_numeric()
                    && !is_combining_mark(c)
                    && !is_apostrophe(c)
                    && !is_apostrophe(before))
        });
        if cuts {
            pieces.push((run, start..at));
            start = at;
        }
        before = Some(c);
    }
    pieces.push((run, start..chunk.len()));
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
    fn chunks_end_where_nothing_joins_them() {
        let seen = |text: &'static str| chunks(text).map(|chunk| &text[chunk.range]).collect::<Vec<_>>();
        assert_eq!(
            seen("It syncs. Does it? (v2.1) don't, it’s"),
            ["It", "syncs", "Does", "it", "v2.1", "don't", "it’s"]
        );
        assert_eq!(
            seen("end.\u{e9}t\u{e9} end.. a_ -b end\u{301} end同期"),
            ["end.été", "end", "a", "b", "end\u{301}", "end", "同期"]
        );
        assert_eq!(seen("synchronisations internationalisation"), ["synchronisations", "internationalisation"]);
        assert_eq!(seen("last."), ["last"]);
        for Part { range, short } in chunks("A short one, two-part, v2.1: internationalisation.") {
            assert_eq!(short, Short::of("A short one, two-part, v2.1: internationalisation.", range));
        }
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
