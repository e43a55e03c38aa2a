//! Which words mean much the same: a table of word vectors, for English.
//!
//! `words/table.bin` holds the stems of some fourteen thousand words with 64 numbers each, made once by `words/make.py` from
//! a small sentence model; `words/NOTICE` says which. Two words are the more related, the smaller the angle of their vectors.

use std::sync::LazyLock;

/// Numbers in a vector.
pub const DIMENSIONS: usize = 64;
/// The length of a vector, before rounding.
const LENGTH: f64 = 254.0;

/// What a word means, as a direction.
pub type Vector = [i8; DIMENSIONS];

static TABLE: &[u8] = include_bytes!("words/table.bin");

/// The stems of the table, in order; their vectors follow them in the same order.
static STEMS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let length = u32::from_le_bytes([TABLE[0], TABLE[1], TABLE[2], TABLE[3]]) as usize;
    std::str::from_utf8(&TABLE[4..4 + length]).expect("the table is checked by a test").lines().collect()
});

/// The vector of a stem, in the language of a BCP 47 tag.
pub fn vector(language: &str, stem: &str) -> Option<Vector> {
    if language.split(['-', '_']).next() != Some("en") {
        return None;
    }
    let number = STEMS.binary_search(&stem).ok()?;
    let start = TABLE.len() - (STEMS.len() - number) * DIMENSIONS;
    Some(std::array::from_fn(|at| i8::from_le_bytes([TABLE[start + at]])))
}

/// The cosine of the angle between two vectors of the table, or of means of such.
pub fn similarity(one: &Vector, other: &Vector) -> f64 {
    let product: i32 = one.iter().zip(other).map(|(x, y)| i32::from(*x) * i32::from(*y)).sum();
    f64::from(product) / (LENGTH * LENGTH)
}

/// A sum of vectors with weights.
#[derive(Debug, Clone)]
pub struct Sum([f64; DIMENSIONS]);

impl Default for Sum {
    fn default() -> Sum {
        Sum([0.0; DIMENSIONS])
    }
}

impl Sum {
    /// Adds a vector `weight` times.
    pub fn add(&mut self, vector: &Vector, weight: f64) {
        for (sum, x) in self.0.iter_mut().zip(vector) {
            *sum += weight * f64::from(*x);
        }
    }

    /// The direction of the sum, if it has one.
    pub fn vector(&self) -> Option<Vector> {
        let square: f64 = self.0.iter().map(|x| x * x).sum();
        let factor = LENGTH / square.sqrt();
        factor.is_finite().then(|| std::array::from_fn(|at| (self.0[at] * factor).round().clamp(-127.0, 127.0) as i8))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole() {
        assert!(STEMS.is_sorted_by(|a, b| a < b));
        let words: usize = STEMS.iter().map(|stem| stem.len() + 1).sum();
        assert_eq!(TABLE.len(), 4 + words + STEMS.len() * DIMENSIONS);
    }

    #[test]
    fn related_words_are_near() {
        let of = |stem| vector("en-GB", stem).unwrap();
        assert!(similarity(&of("slow"), &of("fast")) > similarity(&of("slow"), &of("card")));
        assert!((similarity(&of("crash"), &of("crash")) - 1.0).abs() < 0.02);
        assert_eq!(vector("de", "slow"), None);
    }
}
