//! A table whose keys are short texts.
//!
//! Most words of a site are short and were seen before, so that looking them up is most of the work of building an index. The
//! words that are met often are met early: their entries stand close together, where the processor has them at hand.

use super::short::Short;

/// Values by short texts.
#[derive(Debug)]
pub struct ShortKeys<V> {
    /// In the order in which they were added.
    entries: Vec<(Short, V)>,
    /// The numbers of the entries, each at the first place that is free from where its hash points to. How many there are is a
    /// power of two, and at most half of them are taken.
    places: Vec<u32>,
}

/// No entry.
const FREE: u32 = u32::MAX;

impl<V> ShortKeys<V> {
    /// An empty table.
    pub fn new() -> ShortKeys<V> {
        ShortKeys { entries: Vec::new(), places: vec![FREE; 2048] }
    }

    /// The value of a key.
    #[inline(always)]
    pub fn get(&self, key: Short) -> Option<&V> {
        let last = self.places.len() - 1;
        let mut place = key.hash() as usize & last;
        loop {
            match self.entries.get(self.places[place] as usize)? {
                (found, value) if *found == key => return Some(value),
                _ => place = (place + 1) & last,
            }
        }
    }

    /// Adds a key that is not there yet.
    pub fn insert(&mut self, key: Short, value: V) {
        self.entries.push((key, value));
        if 2 * self.entries.len() > self.places.len() {
            self.places = vec![FREE; 4 * self.places.len()];
            (0..self.entries.len()).for_each(|entry| self.put(entry));
        } else {
            self.put(self.entries.len() - 1);
        }
    }

    /// Finds an entry its place.
    fn put(&mut self, entry: usize) {
        let last = self.places.len() - 1;
        let mut place = self.entries[entry].0.hash() as usize & last;
        while self.places[place] != FREE {
            place = (place + 1) & last;
        }
        self.places[place] = entry as u32;
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
        let mut table = ShortKeys::new();
        for number in 0..20_000 {
            assert_eq!(table.get(key(&number.to_string())), None);
            table.insert(key(&number.to_string()), number);
        }
        assert!((0..20_000).all(|number| table.get(key(&number.to_string())) == Some(&number)));
    }
}
