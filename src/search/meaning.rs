//! What units speak of, and how much each speaks of what a word means.
//!
//! A stem of the table of related words has a vector, made so that the sum of the vectors of a sentence is near to what a model
//! of whole sentences makes of it (`words/make.py`). The meaning of a unit is the mean of those of its segments. Its product
//! with the vector of a word says how much the unit speaks of what the word means, though none of its words may be related to it
//! by itself. Products are of whole numbers, which may be added in any order.

use super::index::Index;
use super::related::{DIMENSIONS, Table};

/// The length of the meaning of a unit.
const LENGTH: f64 = 2048.0;
/// How much of what the units of a site say on average says nothing of each.
const COMMON: f64 = 0.7;

/// The meanings of the units of a site.
#[derive(Debug)]
pub struct Meanings {
    units: Vec<[i16; DIMENSIONS]>,
}

impl Meanings {
    /// Of the units of an index; `own` are the terms of the stems of the table.
    pub fn of(index: &Index, table: &Table, own: &[Option<u32>]) -> Meanings {
        // The stems of each unit, each with its segment.
        let mut stems: Vec<Vec<(u8, usize)>> = vec![Vec::new(); index.units];
        for (stem, term) in own.iter().enumerate() {
            for posting in term.map_or(&[][..], |term| index.postings(term)) {
                let segments = index.places(posting).iter().map(|place| (place.segment, stem));
                stems[posting.unit as usize].extend(segments);
            }
        }
        let units = stems.into_iter().map(|mut stems| {
            stems.sort_unstable();
            let mut unit = [0.0; DIMENSIONS];
            for segment in stems.chunk_by(|(a, _), (b, _)| a == b) {
                let mut sum = [0; DIMENSIONS];
                for (_, stem) in segment {
                    sum.iter_mut().zip(table.vector(*stem)).for_each(|(sum, x)| *sum += i32::from(x));
                }
                add(&mut unit, &sum.map(f64::from));
            }
            let mut whole = [0.0; DIMENSIONS];
            add(&mut whole, &unit);
            whole.map(|x| (x * LENGTH) as i16)
        });
        Meanings { units: units.collect() }
    }

    /// How much each unit speaks of what a vector means, more than most do, `share` times; less than nothing is nothing.
    pub fn say(&self, vector: &[i16; DIMENSIONS], share: f64, says: &mut Vec<f64>) {
        says.clear();
        says.extend(self.units.iter().map(|unit| f64::from(product(unit, vector))));
        let least = COMMON * says.iter().sum::<f64>() / says.len() as f64;
        says.iter_mut().for_each(|says| *says = share / LENGTH * f64::max(*says - least, 0.0));
    }
}

/// The product of two vectors: eight sums side by side, which the compiler makes a few instructions of.
fn product(one: &[i16; DIMENSIONS], other: &[i16; DIMENSIONS]) -> i32 {
    let mut sums = [0; 8];
    for (one, other) in one.as_chunks::<8>().0.iter().zip(other.as_chunks::<8>().0) {
        for ((sum, x), y) in sums.iter_mut().zip(one).zip(other) {
            *sum += i32::from(*x) * i32::from(*y);
        }
    }
    sums.iter().sum()
}

/// Adds what points where `other` does and is 1 long.
fn add(sum: &mut [f64; DIMENSIONS], other: &[f64; DIMENSIONS]) {
    let length = other.iter().map(|x| x * x).sum::<f64>().sqrt();
    if length > 0.0 {
        sum.iter_mut().zip(other).for_each(|(sum, x)| *sum += x / length);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::related;
    use super::super::synonyms::Synonyms;
    use super::super::units::{Field, Unit};
    use super::*;

    fn index(questions: &[&str]) -> Index {
        let unit = |question| Unit {
            page: 0,
            entry: Some(0),
            url: String::new(),
            title: question,
            state: None,
            section: Vec::new(),
            tags: &[],
            applies_to: &[],
            segments: vec![(Field::Title, question)],
        };
        let units: Vec<Unit> = questions.iter().map(|question| unit(question)).collect();
        Index::build(&units, &Synonyms::default(), related::table("en"), "en").0
    }

    #[test]
    fn a_unit_of_a_small_site_is_found_by_what_none_of_its_words_is_related_to() {
        let mut questions = vec![
            "When does the train leave the station?",
            "May I bake the bread in the oven?",
            "Who painted the wall?",
        ];
        let small = index(&questions);
        questions.resize(300, "So it is.");
        let large = index(&questions);
        let table = related::table("en").unwrap();
        for (stem, unit) in
            [("airport", 0), ("baggag", 0), ("almond", 1), ("barley", 1), ("aesthet", 2), ("architect", 2)]
        {
            let number = table.stems.binary_search(&stem).unwrap();
            assert!(table.near(number).all(|(other, _)| small.term(table.stems[other]).is_none()), "{stem}");
            let found = |index: &Index| -> Vec<u32> {
                index.related(stem).unwrap().units.iter().map(|(unit, _)| *unit).collect()
            };
            assert_eq!((found(&small), found(&large)), (vec![unit], vec![]), "{stem}");
        }
    }
}
