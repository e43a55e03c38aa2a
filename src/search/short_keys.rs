//! A table whose keys are short texts, each held as one number.
//!
//! Most words of a site are short and were seen before, so that looking them up is most of the work of building an index.
//! A number is compared at once, and its place in the table takes two multiplications.

use std::num::NonZero;
use std::ops::Range;

/// The most bytes of a text that is its own key.
const LONGEST: usize = 16;

/// A text of at most sixteen bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Short(NonZero<u128>);

impl Short {
    /// The part of `text` at `range`, if it is short, is not empty and holds no null character.
    #[inline]
    pub fn of(text: &str, range: Range<usize>) -> Option<Short> {
        let unused = 8 * LONGEST.checked_sub(range.len())?;
        let from = &text.as_bytes()[range.start..];
        let bytes = from.first_chunk().copied().unwrap_or_else(|| {
            // The text ends before.
            let mut bytes = [0; LONGEST];
            bytes[..from.len()].copy_from_slice(from);
            bytes
        });
        NonZero::new(u128::from_le_bytes(bytes).checked_shl(unused as u32)?).map(Short)
    }

    /// A number of 64 bits, of which the high ones depend on every byte.
    fn mixed(self) -> u64 {
        // The fraction of the golden ratio, and an odd number without pattern from the hash of Fowler, Noll and Vo.
        const FIRST: u64 = 0x9E37_79B9_7F4A_7C15;
        const SECOND: u64 = 0xCBF2_9CE4_8422_2325;
        let (low, high) = (self.0.get() as u64, (self.0.get() >> 64) as u64);
        let mixed = low.wrapping_mul(SECOND) ^ high;
        (mixed ^ mixed >> 32).wrapping_mul(FIRST)
    }
}

/// Values by short texts.
#[derive(Debug)]
pub struct ShortKeys<V> {
    /// Pairs with the keys as numbers, of which 0 is none. Their number is a power of two, and at most half of them are taken.
    slots: Vec<(u128, V)>,
    taken: usize,
    unused: V,
}

impl<V: Copy> ShortKeys<V> {
    /// An empty table; `unused` is never given to anybody.
    pub fn new(unused: V) -> ShortKeys<V> {
        ShortKeys { slots: vec![(0, unused); 2048], taken: 0, unused }
    }

    /// The value of a key.
    #[inline]
    pub fn get(&self, key: Short) -> Option<&V> {
        let (last, mut slot) = self.home(key);
        loop {
            let (found, value) = &self.slots[slot];
            if *found == key.0.get() {
                return Some(value);
            }
            if *found == 0 {
                return None;
            }
            slot = (slot + 1) & last;
        }
    }

    /// Adds a key that is not there yet.
    pub fn insert(&mut self, key: Short, value: V) {
        if 2 * self.taken >= self.slots.len() {
            let larger = vec![(0, self.unused); 4 * self.slots.len()];
            for (key, value) in std::mem::replace(&mut self.slots, larger) {
                if let Some(known) = NonZero::new(key) {
                    self.put(Short(known), value);
                }
            }
        }
        self.put(key, value);
        self.taken += 1;
    }

    fn put(&mut self, key: Short, value: V) {
        let (last, mut slot) = self.home(key);
        while self.slots[slot].0 != 0 {
            slot = (slot + 1) & last;
        }
        self.slots[slot] = (key.0.get(), value);
    }

    /// The last slot, and the first one where a key may be; it is there, or in one of those that follow up to one that is free.
    #[inline]
    fn home(&self, key: Short) -> (usize, usize) {
        let last = self.slots.len() - 1;
        (last, (key.mixed() >> 32) as usize & last)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn key(text: &str) -> Short {
        Short::of(text, 0..text.len()).unwrap()
    }

    #[test]
    fn what_was_added_is_found() {
        let mut table = ShortKeys::new(usize::MAX);
        for number in 0..20_000 {
            assert_eq!(table.get(key(&number.to_string())), None);
            table.insert(key(&number.to_string()), number);
        }
        assert!((0..20_000).all(|number| table.get(key(&number.to_string())) == Some(&number)));
    }

    #[test]
    fn a_key_is_the_text_alone() {
        assert_eq!(Short::of("the sync is slow", 4..8), Some(key("sync")));
        assert_eq!(Short::of("a sync", 2..6), Some(key("sync")));
        assert_ne!(key("syn"), key("sync"));
        assert!(Short::of("internationalises", 0..16).is_some());
        assert_eq!(Short::of("internationalises", 0..17), None);
        assert_eq!(Short::of("sync", 2..2), None);
    }
}
