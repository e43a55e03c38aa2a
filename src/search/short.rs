//! Short texts, each held as one number.
//!
//! Most words of a site are short: a number holds them, so that they are compared at once, and eight letters are found to be
//! letters together.

use std::num::NonZero;
use std::ops::Range;

/// The most bytes of a short text.
const LONGEST: usize = 16;

/// For each length, the bits that the bytes of a text have.
static MASKS: [u128; LONGEST + 1] = {
    let mut masks = [0; LONGEST + 1];
    let mut length = 0;
    while length < LONGEST {
        masks[length + 1] = masks[length] << 8 | 0xFF;
        length += 1;
    }
    masks
};

/// A text of at most sixteen bytes that is not empty and holds no null character. The first byte is the lowest of the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Short(NonZero<u128>);

impl Short {
    /// The part of `text` at `range`, if it is short, is not empty and holds no null character.
    pub fn of(text: &str, range: Range<usize>) -> Option<Short> {
        let mask = MASKS.get(range.len())?;
        NonZero::new(window(text, range.start) & mask).map(Short)
    }

    /// The ASCII letters that stand in `text` from a byte on, and how many they are, if they are less than sixteen.
    #[inline(always)]
    pub fn letters(text: &str, at: usize) -> Option<(Short, usize)> {
        let window = window(text, at);
        let bits = match others(window as u64) {
            0 => 64 + others((window >> 64) as u64).trailing_zeros(),
            others => others.trailing_zeros(),
        };
        let length = bits as usize / 8;
        // None of them are no short text.
        let number = NonZero::new(window & MASKS[length]).filter(|_| length < LONGEST)?;
        Some((Short(number), length))
    }

    /// A number of 64 bits that depends on every byte.
    #[inline]
    pub fn hash(self) -> u64 {
        // The fractions of the golden ratio and of the square root of two, as odd numbers.
        const FIRST: u64 = 0x9E37_79B9_7F4A_7C15;
        const SECOND: u64 = 0x6A09_E667_F3BC_C909;
        let (low, high) = (self.0.get() as u64, (self.0.get() >> 64) as u64);
        let product = u128::from(low ^ FIRST) * u128::from(high ^ SECOND);
        product as u64 ^ (product >> 64) as u64
    }
}

/// The bytes of a text from one on, which is not behind its end; behind the end they are zero.
#[inline(always)]
fn window(text: &str, at: usize) -> u128 {
    let from = &text.as_bytes()[at..];
    if let Some(bytes) = from.first_chunk() {
        return u128::from_le_bytes(*bytes);
    }
    if let Some(bytes) = text.as_bytes().last_chunk() {
        return u128::from_le_bytes(*bytes).unbounded_shr(8 * (LONGEST - from.len()) as u32);
    }
    let mut bytes = [0; LONGEST];
    bytes[..from.len()].copy_from_slice(from);
    u128::from_le_bytes(bytes)
}

/// The highest bits of those of eight bytes that are no ASCII letters.
#[inline(always)]
fn others(bytes: u64) -> u64 {
    const fn each(byte: u8) -> u64 {
        u64::from_le_bytes([byte; 8])
    }
    let lower = bytes & each(0x7F) | each(0x20);
    // Their highest bits tell whether a byte is at least this one.
    let from_a = lower + each(0x80 - b'a');
    let behind_z = lower + each(0x80 - b'z' - 1);
    (!from_a | behind_z | bytes) & each(0x80)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn short(text: &str) -> Short {
        Short::of(text, 0..text.len()).unwrap()
    }

    #[test]
    fn it_is_the_text_alone() {
        assert_eq!(Short::of("the sync is slow", 4..8), Some(short("sync")));
        assert_eq!(Short::of("a sync", 2..6), Some(short("sync")));
        assert_eq!(Short::of("why is every sync", 13..17), Some(short("sync")));
        assert_ne!(short("syn"), short("sync"));
        assert!(Short::of("internationalises", 0..16).is_some());
        assert_eq!(Short::of("internationalises", 0..17), None);
        assert_eq!(Short::of("sync", 2..2), None);
    }

    #[test]
    fn letters_end_before_anything_else() {
        for end in (0..=u8::MAX).map(char::from).filter(|c| !c.is_ascii_alphabetic()) {
            for letters in ["a", "Z", "synchro", "SYNCHRON", "synchroni", "synchronisation"] {
                let found = Some((short(letters), letters.len()));
                assert_eq!(Short::letters(&format!("> {letters}{end}"), 2), found, "{end}");
                assert_eq!(Short::letters(&format!("{letters}{end}and some more text"), 0), found, "{end}");
            }
            assert_eq!(Short::letters(&format!("{end}sync"), 0), None);
        }
        assert_eq!(Short::letters("sync", 1), Some((short("ync"), 3)));
        assert_eq!(Short::letters("sync", 4), None);
        assert_eq!(Short::letters("synchronisations", 0), None);
        assert_eq!(Short::letters("synchronisations", 1).map(|(_, length)| length), Some(15));
    }
}
