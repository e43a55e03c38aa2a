//! Which words mean much the same: a table for English.
//!
//! `words/table.bin` holds the stems of some fourteen thousand words, each with those that are nearest to it in meaning, made
//! once by `words/make.py` from a small sentence model; `words/NOTICE` says which.

use std::sync::LazyLock;

use super::text::primary;

static TABLE: &[u8] = include_bytes!("words/table.bin");

/// A table of related stems.
#[derive(Debug)]
pub struct Table {
    /// The stems, in order.
    pub stems: Vec<&'static str>,
    /// Where the row of each stem begins in the table.
    rows: Vec<usize>,
}

static ENGLISH: LazyLock<Table> = LazyLock::new(|| {
    let length = u32::from_le_bytes([TABLE[0], TABLE[1], TABLE[2], TABLE[3]]) as usize;
    let stems = std::str::from_utf8(&TABLE[4..4 + length]).expect("the table is checked by a test").lines().collect();
    let mut rows = Vec::new();
    let mut at = 4 + length;
    while at < TABLE.len() {
        rows.push(at);
        at += 1 + 3 * usize::from(TABLE[at]);
    }
    Table { stems, rows }
});

/// The table of a language, a BCP 47 tag, if there is one.
pub fn table(language: &str) -> Option<&'static Table> {
    (primary(language) == "en").then(|| &*ENGLISH)
}

impl Table {
    /// The stems nearest to a stem, by number, the nearest first, each with the cosine of the angle between them, from 0 to 1.
    pub fn near(&self, stem: usize) -> impl Iterator<Item = (usize, f64)> {
        let at = self.rows[stem];
        let row = &TABLE[at + 1..at + 1 + 3 * usize::from(TABLE[at])];
        row.chunks_exact(3).map(|row| (usize::from(u16::from_le_bytes([row[0], row[1]])), f64::from(row[2]) / 255.0))
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
        assert_eq!(table.rows[0] + rows, TABLE.len());
        for stem in 0..table.stems.len() {
            assert!(table.near(stem).all(|(other, cosine)| other < table.stems.len() && other != stem && cosine > 0.4));
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
}
