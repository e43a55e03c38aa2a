//! Which words mean much the same: a table for English.
//!
//! `words/table.bin` holds the stems of some fourteen thousand words, each with those that are nearest to it in meaning, made
//! once by `words/make.py` from a small sentence model; `words/NOTICE` says which. It also holds a vector of each, by which
//! [`super::meaning`] tells what whole texts speak of.

use std::sync::LazyLock;

use super::text::primary;

static TABLE: &[u8] = include_bytes!("words/table.bin");

/// How many numbers a vector has.
pub const DIMENSIONS: usize = 128;
/// How many bytes one takes: two numbers a byte.
const BYTES: usize = DIMENSIONS / 2;

/// A table of related stems.
#[derive(Debug)]
pub struct Table {
    /// The stems, in order.
    pub stems: Vec<&'static str>,
    /// Where the row of each stem begins in the table.
    rows: Vec<usize>,
    /// Where the vectors begin, in the order of the stems.
    vectors: usize,
}

static ENGLISH: LazyLock<Table> = LazyLock::new(|| {
    let length = u32::from_le_bytes([TABLE[0], TABLE[1], TABLE[2], TABLE[3]]) as usize;
    let stems: Vec<&str> =
        std::str::from_utf8(&TABLE[4..4 + length]).expect("the table is checked by a test").lines().collect();
    let vectors = TABLE.len() - BYTES * stems.len();
    let mut rows = Vec::with_capacity(stems.len());
    let mut at = 4 + length;
    while at < vectors {
        rows.push(at);
        at += 1 + 3 * usize::from(TABLE[at]);
    }
    Table { stems, rows, vectors }
});

/// The table of a language, a BCP 47 tag, if there is one.
pub fn table(language: &str) -> Option<&'static Table> {
    (primary(language) == "en").then(|| &*ENGLISH)
}

impl Table {
    /// The stems nearest to a stem, by number, the nearest first, each with the cosine of the angle between them, in parts of 255.
    pub fn near(&self, stem: usize) -> impl Iterator<Item = (usize, u8)> {
        let at = self.rows[stem];
        let row = &TABLE[at + 1..at + 1 + 3 * usize::from(TABLE[at])];
        row.chunks_exact(3).map(|row| (usize::from(u16::from_le_bytes([row[0], row[1]])), row[2]))
    }

    /// The vector of a stem, by number, of numbers from -7 to 7. That of a stem that says little in sentences is short.
    pub fn vector(&self, stem: usize) -> [i16; DIMENSIONS] {
        let bytes = &TABLE[self.vectors + BYTES * stem..][..BYTES];
        let mut vector = [0; DIMENSIONS];
        for (numbers, byte) in vector.as_chunks_mut().0.iter_mut().zip(bytes) {
            *numbers = [i16::from(byte & 15) - 8, i16::from(byte >> 4) - 8];
        }
        vector
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        let table = table("en-GB").unwrap();
        // Of ASCII, bytes are in the order of terms.
        assert!(table.stems.is_sorted_by(|a, b| a < b) && table.stems.iter().all(|stem| stem.is_ascii()));
        assert_eq!(table.stems.len(), table.rows.len());
        let rows: usize = (0..table.stems.len()).map(|stem| 1 + 3 * table.near(stem).count()).sum();
        assert_eq!(table.rows[0] + rows, table.vectors);
        for stem in 0..table.stems.len() {
            assert!(table.near(stem).all(|(other, cosine)| other < table.stems.len() && other != stem && cosine > 87));
            assert!(table.near(stem).is_sorted_by(|(_, a), (_, b)| a >= b));
        }
    }

    #[test]
    fn related_words_are_near() {
        let table = table("en").unwrap();
        let slow = table.stems.binary_search(&"slow").unwrap();
        assert!(table.near(slow).any(|(other, _)| table.stems[other] == "fast"));
        assert!(super::table("de").is_none());
    }

    #[test]
    fn what_says_little_has_a_short_vector() {
        let table = table("en").unwrap();
        let length = |stem: &str| -> i32 {
            let vector = table.vector(table.stems.binary_search(&stem).unwrap());
            assert!(vector.iter().all(|number| (-7..=7).contains(number)));
            vector.iter().map(|number| i32::from(number * number)).sum()
        };
        assert!(length("actual") * 2 < length("refriger"), "{} {}", length("actual"), length("refriger"));
    }
}
