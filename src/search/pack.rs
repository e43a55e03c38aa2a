//! An index as files that a browser loads one by one, over `file://` too.
//!
//! Each file is a classic script that hands over one string: `unstick.take("NAME","…")`. In steps: what is shown of the units,
//! in blocks; the terms in shards by their first letters, each with the units that speak of much the same, since every file
//! takes its time; the boot file, which names all of these, so that no file is loaded only to learn the name of another. Every
//! name but that of the boot file holds the hash of what is in the file, so that what belongs together is loaded together.
//!
//! A string is a row of numbers and texts. A number is one character from `#` to `~` without the backslash (91 digits) when it
//! is below 76; else the digits 76 to 89 begin a number of two digits, and 90 one of five. A text is its length in UTF-16 code
//! units and its characters. In sorted lists a text begins with the number of code units that it shares with the one before.

use std::collections::BTreeMap;
use std::io::Write;

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use super::index::{Index, Related, Term, order};
use super::rank::POSITIONS;
use super::stopwords;
use super::synonyms::Synonyms;
use super::text::{primary, stemmer};
use super::units::{Field, Unit};
use crate::link::State;

/// The version of the format; a script of another one refuses to read it.
pub const VERSION: u32 = 2;
/// The folder of the files, below the root of the site.
pub const FOLDER: &str = "unstick/search/";
/// The name of the boot file without its ending.
pub const BOOT: &str = "boot";

/// About how many characters a file has.
struct Size {
    /// On a small site.
    least: usize,
    /// On a large one.
    most: usize,
    /// How many files there may be before they become larger.
    files: usize,
}

impl Size {
    /// When there are so many characters in all.
    fn of(&self, all: usize) -> usize {
        (all / self.files).clamp(self.least, self.most)
    }
}

/// Shards of terms.
const TERMS_SIZE: Size = Size { least: 6_000, most: 8_000, files: 300 };
/// Blocks of what is shown.
const TEXTS_SIZE: Size = Size { least: 5_000, most: 24_000, files: 300 };

/// A file of the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// Its name, without folder and ending.
    pub name: String,
    /// The script, in UTF-8.
    pub script: Vec<u8>,
}

impl Packed {
    /// Its path below the root of the site.
    pub fn path(&self) -> String {
        format!("{FOLDER}{}.js", self.name)
    }

    /// A file that is named after its kind and what is in it.
    fn new(kind: char, writer: &Writer) -> Packed {
        Packed::named(format!("{kind}-{:012x}", xxh3_64(&writer.text) >> 16), writer)
    }

    fn named(name: String, writer: &Writer) -> Packed {
        let script = [b"unstick.take(\"", name.as_bytes(), b"\",\"", &writer.text, b"\");\n"].concat();
        Packed { name, script }
    }
}

/// Packs an index with the units that it was built of, and the texts of their segments.
pub fn pack(index: &Index, synonyms: &Synonyms, units: &[Unit], texts: &[Vec<(Field, &str)>]) -> Vec<Packed> {
    let blocks = blocks(units, texts);
    let rows = rows(index);
    let sizes: Vec<usize> = rows.iter().map(|row| row.size(index)).collect();
    let shards = shards(&rows, TERMS_SIZE.of(sizes.iter().sum()), sizes.into_iter(), 'w', |writer, before, row| {
        writer.shared(before.map_or("", |before| before.text), row.text);
        row.write(writer, index);
    });
    let mut boot = Writer::default();
    boot.number(VERSION as usize);
    boot.text(&index.language);
    boot.text(stemmer(&index.language).unwrap_or_default());
    let stops = stopwords::of(&primary(&index.language));
    boot.number(stops.len());
    stops.iter().for_each(|word| boot.text(word));
    boot.number(index.units);
    boot.words(index.lexicon.iter().map(|known| &*known.lower));
    index.lexicon.iter().for_each(|known| boot.number(usize::from(known.commonness)));
    boot.number(shards.len());
    let mut first = 0;
    for (packed, number) in &shards {
        boot.text(rows[first].text);
        boot.name(&packed.name);
        first += number;
    }
    boot.number(blocks.len());
    for (packed, number) in &blocks {
        boot.number(*number);
        boot.name(&packed.name);
    }
    write_facets(&mut boot, units);
    boot.number(synonyms.rules.len());
    for (from, to) in &synonyms.rules {
        boot.texts(from);
        boot.number(to.len());
        to.iter().for_each(|phrase| boot.texts(phrase));
    }
    let mut files: Vec<Packed> = shards.into_iter().chain(blocks).map(|(packed, _)| packed).collect();
    files.push(Packed::named(BOOT.to_owned(), &boot));
    files.sort_by(|a, b| a.name.cmp(&b.name));
    // Two blocks of the same content are one file.
    files.dedup_by(|a, b| a.name == b.name);
    files
}

/// Cuts a list, of which each item takes so many characters, into files of about `most`, each with the number of items that it
/// holds.
fn shards<T: Sync>(
    items: &[T],
    most: usize,
    sizes: impl Iterator<Item = usize>,
    kind: char,
    write: impl Fn(&mut Writer, Option<&T>, &T) + Sync,
) -> Vec<(Packed, usize)> {
    let mut cuts = Vec::new();
    let (mut start, mut sum) = (0, 0);
    for (at, size) in sizes.enumerate() {
        if sum > 0 && sum + size > most {
            cuts.push(start..at);
            (start, sum) = (at, 0);
        }
        sum += size;
    }
    if start < items.len() {
        cuts.push(start..items.len());
    }
    cuts.into_par_iter()
        .map_init(Writer::default, |writer, cut| {
            writer.text.clear();
            writer.number(cut.len());
            let items = &items[cut];
            for (at, item) in items.iter().enumerate() {
                write(writer, at.checked_sub(1).map(|before| &items[before]), item);
            }
            (Packed::new(kind, writer), items.len())
        })
        .collect()
}

/// What is said of a term: where it stands, and what speaks of much the same.
#[derive(Clone, Copy)]
struct Row<'a> {
    text: &'a str,
    term: Option<&'a Term>,
    related: Option<&'a Related>,
}

/// The terms of the index and the words of the table of related words, in their common order.
fn rows(index: &Index) -> Vec<Row<'_>> {
    let mut rows = Vec::with_capacity(index.terms.len() + index.related.len());
    let mut related = index.related.iter().peekable();
    fn alone(related: &Related) -> Row<'_> {
        Row { text: related.term, term: None, related: Some(related) }
    }
    for term in &index.terms {
        rows.extend(std::iter::from_fn(|| related.next_if(|row| order(row.term, &term.text).is_lt())).map(alone));
        let related = related.next_if(|row| *row.term == *term.text);
        rows.push(Row { text: &term.text, term: Some(term), related });
    }
    rows.extend(related.map(alone));
    rows
}

impl Row<'_> {
    /// About how many characters it takes.
    fn size(&self, index: &Index) -> usize {
        let postings = self.term.map_or(&[][..], |term| index.postings_of(term));
        let places = index.places_of(postings).len();
        let related = self.related.map_or(0, |related| related.units.len());
        6 + 3 * postings.len() + 3 * places + 2 * related
    }

    fn write(&self, writer: &mut Writer, index: &Index) {
        let postings = self.term.map_or(&[][..], |term| index.postings_of(term));
        writer.number(postings.len());
        if let Some(term) = self.term {
            writer.number(usize::from(term.rarity));
        }
        writer.rising(postings.iter().map(|posting| posting.unit));
        writer.text.extend(postings.iter().map(|posting| digit(posting.impact)));
        postings.iter().for_each(|posting| writer.number(usize::from(posting.places)));
        for posting in postings {
            // The first place says its segment, each further one how many segments it is on; 0 leaves out what is the same.
            let mut last = None;
            for place in index.places(posting) {
                // All of these have one digit.
                let on = place.segment - last.unwrap_or(0);
                let position = place.position % POSITIONS;
                if last.is_none() || on > 0 {
                    writer.text.extend_from_slice(&[
                        digit(on),
                        digit(place.field as u8),
                        digit(place.mass),
                        digit(position),
                    ]);
                } else {
                    writer.text.extend_from_slice(&[digit(on), digit(position)]);
                }
                last = Some(place.segment);
            }
        }
        // 0 for a word that the table does not have.
        let Some(Related { units, .. }) = self.related else { return writer.number(0) };
        writer.number(units.len() + 1);
        writer.rising(units.iter().map(|(unit, _)| *unit));
        units.iter().for_each(|(_, says)| writer.number(usize::from(*says)));
    }
}

/// What is shown of units: titles, addresses and texts, in blocks, each with its number of units.
fn blocks(units: &[Unit], texts: &[Vec<(Field, &str)>]) -> Vec<(Packed, usize)> {
    // The first segment is the title.
    let shown: Vec<_> =
        units.iter().zip(texts).map(|(unit, texts)| (unit, texts.get(1..).unwrap_or_default())).collect();
    let size = |(unit, texts): &(&Unit, &[(Field, &str)])| {
        unit.title.len() + unit.url.len() / 2 + 8 + texts.iter().map(|(_, text)| text.len() + 2).sum::<usize>()
    };
    let sizes: Vec<usize> = shown.par_iter().map(size).collect();
    shards(&shown, TEXTS_SIZE.of(sizes.iter().sum()), sizes.into_iter(), 't', |writer, before, (unit, texts)| {
        let before = before.map(|(before, _)| *before);
        writer.text(unit.title);
        writer.shared(before.map_or("", |before| &before.url), &unit.url);
        if before.is_some_and(|before| before.section == unit.section) {
            writer.number(0);
        } else {
            writer.number(unit.section.len() + 1);
            unit.section.iter().for_each(|title| writer.text(title));
        }
        writer.number(texts.len());
        for (field, text) in *texts {
            writer.number(*field as usize);
            writer.text(text);
        }
    })
}

/// What results can be narrowed by: a list of names each for sections, states, tags and what units apply to, and for each
/// unit, in runs of equal ones, which of them it has.
fn write_facets(writer: &mut Writer, units: &[Unit]) {
    let facets: [fn(&Unit) -> Vec<String>; 4] = [
        |unit| vec![unit.section.first().copied().unwrap_or(unit.title).to_owned()],
        |unit| unit.state.map(State::name).map(str::to_owned).into_iter().collect(),
        |unit| unit.tags.to_vec(),
        |unit| unit.applies_to.to_vec(),
    ];
    for facet in facets {
        let sets: Vec<Vec<String>> = units.iter().map(facet).collect();
        let mut names: BTreeMap<&str, usize> = sets.iter().flatten().map(|name| (name.as_str(), 0)).collect();
        names.values_mut().enumerate().for_each(|(number, value)| *value = number);
        writer.number(names.len());
        names.keys().for_each(|name| writer.text(name));
        let runs: Vec<&[Vec<String>]> = sets.chunk_by(|a, b| a == b).collect();
        writer.number(runs.len());
        for run in runs {
            writer.number(run.len());
            writer.number(run[0].len());
            run[0].iter().for_each(|name| writer.number(names[name.as_str()]));
        }
    }
}

/// Writes numbers and texts into the string of a script.
#[derive(Debug, Default)]
struct Writer {
    /// The string up to here, in UTF-8.
    text: Vec<u8>,
}

/// So many words have a text.
const WORDS: usize = 128;
/// Numbers below this have one digit.
const ONE_DIGIT: usize = 76;
/// Numbers below this have two.
const TWO_DIGITS: usize = ONE_DIGIT + 14 * 91;

/// The character of a number below 91.
#[inline]
fn digit(number: u8) -> u8 {
    let code = b'#' + number;
    if code >= b'\\' { code + 1 } else { code }
}

impl Writer {
    #[inline]
    fn number(&mut self, number: usize) {
        if number < ONE_DIGIT { self.text.push(digit(number as u8)) } else { self.large_number(number) }
    }

    fn large_number(&mut self, number: usize) {
        if number < TWO_DIGITS {
            let rest = number - ONE_DIGIT;
            self.text.extend_from_slice(&[digit((ONE_DIGIT + rest / 91) as u8), digit((rest % 91) as u8)]);
        } else {
            self.text.push(digit(90));
            for power in [91 * 91 * 91, 91 * 91, 91, 1] {
                self.text.push(digit((number / power % 91) as u8));
            }
        }
    }

    /// Numbers that rise: each as its distance to the one before.
    fn rising(&mut self, numbers: impl Iterator<Item = u32>) {
        let mut before = 0;
        for number in numbers {
            self.number((number - before) as usize);
            before = number;
        }
    }

    fn text(&mut self, text: &str) {
        if is_plain(text.as_bytes()) {
            self.number(text.len());
            return self.text.extend_from_slice(text.as_bytes());
        }
        self.number(utf16(text));
        let mut from = 0;
        while let Some(length) = text.as_bytes()[from..].iter().position(|byte| !stands(byte)) {
            let at = from + length;
            self.text.extend_from_slice(&text.as_bytes()[from..at]);
            let c = text[at..].chars().next().unwrap_or_default();
            from = at + c.len_utf8();
            match c {
                '"' => self.text.extend_from_slice(b"\\\""),
                '\\' => self.text.extend_from_slice(b"\\\\"),
                '\n' => self.text.extend_from_slice(b"\\n"),
                c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                    write!(self.text, "\\u{:04x}", u32::from(c)).expect("memory takes everything");
                }
                _ => self.text.extend_from_slice(&text.as_bytes()[at..from]),
            }
        }
        self.text.extend_from_slice(&text.as_bytes()[from..]);
    }

    fn texts(&mut self, texts: &[String]) {
        self.number(texts.len());
        texts.iter().for_each(|text| self.text(text));
    }

    /// The part of a file's name behind its kind, which is always of one length.
    fn name(&mut self, name: &str) {
        self.text.extend_from_slice(&name.as_bytes()[2..]);
    }

    /// A text of a list, without what it shares with the one before.
    fn shared(&mut self, before: &str, text: &str) {
        let common = common(before, text);
        self.number(utf16(&text[..common]));
        self.text(&text[common..]);
    }

    /// A sorted list of words in lower case: their number and, in texts of so many words that a reader can begin with any of
    /// them, each word without what it shares with the one before, behind a capital that says how much that is.
    fn words<'w>(&mut self, words: impl ExactSizeIterator<Item = &'w str>) {
        self.number(words.len());
        let mut all = String::new();
        let mut before = "";
        for (at, word) in words.enumerate() {
            if at > 0 && at % WORDS == 0 {
                self.text(&all);
                all.clear();
                before = "";
            }
            let mut common = common(before, word);
            while utf16(&word[..common]) > usize::from(b'Z' - b'A') {
                common = word.floor_char_boundary(common - 1);
            }
            all.push(char::from(b'A' + utf16(&word[..common]) as u8));
            all.push_str(&word[common..]);
            before = word;
        }
        if !all.is_empty() {
            self.text(&all);
        }
    }
}

/// Does each byte stand for itself in a string of a script?
fn is_plain(text: &[u8]) -> bool {
    // Sixteen at once, which the compiler makes a few instructions of. The last ones are looked at twice.
    let all = |block: &[u8; 16]| block.iter().fold(true, |all, byte| all & stands(byte));
    match text.last_chunk() {
        Some(last) => text.as_chunks().0.iter().all(all) && all(last),
        None => text.iter().all(stands),
    }
}

/// Is the byte an ASCII character that stands for itself in a string of a script?
fn stands(byte: &u8) -> bool {
    (b' '..=b'~').contains(byte) & (*byte != b'"') & (*byte != b'\\')
}

/// The bytes that two texts begin with, in whole characters.
fn common(one: &str, other: &str) -> usize {
    let same = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    one.floor_char_boundary(same)
}

fn utf16(text: &str) -> usize {
    // A character is as many code units as it has first bytes, and one more when there are four bytes.
    let begins = |byte: u8| usize::from(byte & 0xC0 != 0x80) + usize::from(byte >= 0xF0);
    if text.is_ascii() { text.len() } else { text.bytes().map(begins).sum() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl Fn(&mut Writer)) -> String {
        let mut writer = Writer::default();
        write(&mut writer);
        String::from_utf8(writer.text).expect("it is put together of texts")
    }

    #[test]
    fn numbers_have_as_few_digits_as_they_need() {
        assert_eq!(written(|writer| writer.number(0)), "#");
        assert_eq!(written(|writer| writer.number(57)), "]");
        assert_eq!(written(|writer| writer.number(75)), "o");
        assert_eq!(written(|writer| writer.number(76)), "p#");
        assert_eq!(written(|writer| writer.number(TWO_DIGITS - 1)), "}~");
        assert_eq!(written(|writer| writer.number(TWO_DIGITS)).len(), 5);
    }

    #[test]
    fn texts_are_what_a_script_reads() {
        assert_eq!(written(|writer| writer.text("a\"b\\c\n\u{2028}")), "*a\\\"b\\\\c\\n\\u2028");
        assert_eq!(written(|writer| writer.shared("sync", "synchron")), "''hron");
        assert_eq!(written(|writer| writer.text("😀")), "%😀");
    }
}
