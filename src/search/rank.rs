//! Which units answer a query, best first.
//!
//! In steps: what each word says in each unit, by the best of its terms; for the units in which all of them together say most,
//! the segment that is most like the query (the coefficient of Dice, by weight), and words that stand side by side as in the
//! query; then the sum of the three.

use super::index::{Index, MASSES, MOST_IMPACT, Place, Related, SATURATION, field_weight, rarity};
use super::query::{self, Asked};
use super::synonyms::Synonyms;
use super::text::{Kind, Tokenizer};
use super::units::Field;

/// How many units are compared closely.
const COMPARED: usize = 200;
/// What it counts of the best score that a segment is like the query.
const LIKENESS: f64 = 1.14;
/// What it counts of the best score that other wordings are like the query, each by the square of its likeness.
const WORDINGS: f64 = 0.158;
/// What standing side by side counts.
const PAIR: f64 = 1.085;
/// What standing side by side counts when one of the two is a stop word or a piece.
const SMALL_PAIR: f64 = 1.19;
/// How much it takes to stand side by side until more of it says little.
const PAIR_SATURATION: f64 = 2.78;
/// What an unknown word weighs of what the rarest word would.
const UNKNOWN: f64 = 0.54;
/// What related words count.
pub const RELATED: f64 = 1.16;
/// Positions are known up to multiples of this.
pub const POSITIONS: u8 = 16;
/// How strong the best score must be: its fifth power, in parts of the third power of what the query weighs times the square of
/// what an unknown word would weigh.
const FIT: f64 = 0.46;
/// What a word of the language weighs there of which the site does not speak, of what the rarest word would.
const LACKING: f64 = 1.4;
/// What any other word weighs there that is nowhere: it may be a slip.
const NOWHERE: f64 = 0.75;
/// What a page counts that has no question of its own.
const PAGE: f64 = 0.6;
/// Units with less of the best score are not found.
const LEAST: f64 = 0.2;

/// What a segment of an alias counts of what another one counts.
fn field_likeness(field: Field) -> f64 {
    if field == Field::Alias { 0.85 } else { 1.0 }
}

/// A unit that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The unit.
    pub unit: u32,
    /// The higher, the better; comparable within one query only.
    pub score: f64,
    /// The segment that is most like the query.
    pub segment: u8,
}

/// What a query found.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The units, best first.
    pub hits: Vec<Hit>,
    /// Does the first of them answer the query, as far as can be told? If not, they are only the nearest.
    pub fits: bool,
}

/// What is needed to search.
#[derive(Debug)]
pub struct Searcher<'a> {
    index: &'a Index,
    synonyms: &'a Synonyms,
    tokenizer: Tokenizer,
}

/// Sums by unit.
struct Sums {
    /// What the words say.
    words: Vec<f64>,
    /// The best of the word that is being added.
    best: Vec<f64>,
    /// Units with anything.
    found: Vec<u32>,
}

impl Sums {
    fn of(units: usize) -> Sums {
        Sums { words: vec![0.0; units], best: vec![0.0; units], found: Vec::new() }
    }

    fn offer(&mut self, touched: &mut Vec<u32>, unit: u32, says: f64) {
        let best = &mut self.best[unit as usize];
        if says > *best {
            if *best == 0.0 {
                touched.push(unit);
            }
            *best = says;
        }
    }

    fn add(&mut self, touched: &[u32]) {
        for unit in touched {
            let number = *unit as usize;
            if self.words[number] == 0.0 {
                self.found.push(*unit);
            }
            self.words[number] += std::mem::take(&mut self.best[number]);
        }
    }
}

/// A unit that is compared closely.
#[derive(Clone, Copy)]
struct Compared {
    unit: u32,
    pairs: f64,
    likeness: f64,
    wordings: f64,
    segment: u8,
}

/// Segments of units: sums, and the best of the word that is being added.
const SEGMENTS: usize = 64;

impl<'a> Searcher<'a> {
    /// A searcher of an index with synonyms.
    pub fn new(index: &'a Index, synonyms: &'a Synonyms) -> Searcher<'a> {
        Searcher { index, synonyms, tokenizer: Tokenizer::new(&index.language) }
    }

    /// Finds units for a query.
    pub fn search(&self, text: &str) -> Found {
        let asked = query::read(self.index, &self.tokenizer, self.synonyms, text);
        let mut sums = Sums::of(self.index.units);
        for word in &asked {
            self.add_word(word, &mut sums);
        }
        let mut compared = strongest(&sums);
        let mut numbers = vec![u32::MAX; self.index.units];
        for (number, compared) in compared.iter().enumerate() {
            numbers[compared.unit as usize] = number as u32;
        }
        self.add_likeness(&asked, &numbers, &mut compared);
        for pair in asked.windows(2) {
            self.add_pair(&pair[0], &pair[1], &numbers, &mut compared);
        }
        let scale = (1.0 + SATURATION) / f64::from(MOST_IMPACT);
        let score = |compared: &Compared| sums.words[compared.unit as usize] * scale + PAIR * compared.pairs;
        let best = compared.iter().map(score).fold(0.0, f64::max);
        let mut hits: Vec<Hit> = compared
            .iter()
            .map(|compared| {
                let score = score(compared) + best * (LIKENESS * compared.likeness + WORDINGS * compared.wordings);
                let share = if self.index.pages[compared.unit as usize] { PAGE } else { 1.0 };
                Hit { unit: compared.unit, score: score * share, segment: compared.segment }
            })
            .collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.unit.cmp(&b.unit)));
        let least = hits.first().map_or(0.0, |hit| hit.score * LEAST);
        hits.retain(|hit| hit.score >= least);
        let fits = self.fits(&asked, &hits);
        Found { hits, fits }
    }

    /// Adds the best that a word says in each unit.
    fn add_word(&self, word: &Asked, sums: &mut Sums) {
        let mut touched = Vec::new();
        for (term, weight) in &word.terms {
            let weight = word.weight * weight * self.weighs(word, *term);
            for posting in self.index.postings(*term) {
                sums.offer(&mut touched, posting.unit, weight * f64::from(posting.impact));
            }
        }
        for (unit, says) in self.related(word).map_or(&[][..], |related| &related.units) {
            sums.offer(&mut touched, *unit, word.weight * RELATED * f64::from(*says));
        }
        sums.add(&touched);
    }

    /// How much a term says that stands for a word: never more than the word itself.
    fn weighs(&self, word: &Asked, term: u32) -> f64 {
        let own = self.index.rarity(term);
        if word.own == Some(term) || own < word.rarity { own } else { word.rarity }
    }

    /// Finds for each unit the segment that is most like the query.
    fn add_likeness(&self, asked: &[Asked], numbers: &[u32], compared: &mut [Compared]) {
        let mut query = 0.0;
        for word in asked {
            query += word.together * if word.terms.is_empty() { self.unknown(word) } else { word.rarity };
        }
        let size = compared.len() * SEGMENTS;
        let (mut sums, mut best, mut seen) = (vec![0.0; size], vec![0.0; size], vec![None; size]);
        for word in asked {
            let mut touched = Vec::new();
            for (term, weight) in &word.terms {
                let weight = word.together * weight * self.weighs(word, *term);
                for posting in self.index.postings(*term) {
                    let number = numbers[posting.unit as usize];
                    if number == u32::MAX {
                        continue;
                    }
                    for place in self.index.places(posting) {
                        let at = number as usize * SEGMENTS + usize::from(place.segment);
                        if weight > best[at] {
                            if best[at] == 0.0 {
                                touched.push(at);
                            }
                            best[at] = weight;
                            seen[at] = Some((place.field, place.mass));
                        }
                    }
                }
            }
            for at in touched {
                sums[at] += std::mem::take(&mut best[at]);
            }
        }
        for (number, compared) in compared.iter_mut().enumerate() {
            for segment in 0..SEGMENTS {
                let at = number * SEGMENTS + segment;
                let Some((field, mass)) = seen[at] else { continue };
                let likeness = field_likeness(field) * 2.0 * sums[at] / (query + MASSES[usize::from(mass)]);
                if field == Field::Alias {
                    compared.wordings += likeness * likeness;
                }
                if likeness > compared.likeness {
                    compared.likeness = likeness;
                    compared.segment = segment as u8;
                }
            }
        }
    }

    /// What an unknown word weighs.
    fn unknown(&self, word: &Asked) -> f64 {
        if word.replaced { 0.0 } else { UNKNOWN * rarity(self.index.units, 0) }
    }

    /// Adds what it says that two words stand side by side.
    fn add_pair(&self, first: &Asked, second: &Asked, numbers: &[u32], compared: &mut [Compared]) {
        let (Some(one), Some(other)) = (first.own, second.own) else { return };
        let (Some(position), Some(next)) = (first.position, second.position) else { return };
        if next != position + 1 || (first.together < 1.0 && second.together < 1.0) {
            return;
        }
        let (one, other) = (self.index.postings(one), self.index.postings(other));
        let mut counts: Vec<(usize, f64)> = Vec::new();
        let mut at = 0;
        for posting in one {
            let number = numbers[posting.unit as usize];
            if number == u32::MAX {
                continue;
            }
            while at < other.len() && other[at].unit < posting.unit {
                at += 1;
            }
            let Some(beside) = other.get(at).filter(|other| other.unit == posting.unit) else { continue };
            let beside = self.index.places(beside);
            let mut count = 0.0;
            for place in self.index.places(posting) {
                if beside.iter().any(|other| stands_before(place, other)) {
                    count += field_weight(place.field);
                }
            }
            if count > 0.0 {
                counts.push((number as usize, count));
            }
        }
        let small = if first.together < 1.0 || second.together < 1.0 { SMALL_PAIR } else { 1.0 };
        let says = small * rarity(self.index.units, counts.len());
        for (number, count) in counts {
            compared[number].pairs += says * count / (count + PAIR_SATURATION);
        }
    }

    /// Is the best of the units an answer at all? A good answer to a short query is found by few words, so that its score is
    /// held against the weight of the query and against what one rare word weighs, in parts of three to two.
    fn fits(&self, asked: &[Asked], hits: &[Hit]) -> bool {
        let Some(best) = hits.first() else { return false };
        let score = if self.index.pages[best.unit as usize] { best.score / PAGE } else { best.score };
        let unknown = rarity(self.index.units, 0);
        let mut total = 0.0;
        for (number, word) in asked.iter().enumerate() {
            // Of a compound, the whole or its pieces are enough. A number that is nowhere is one of somebody's own.
            let has_pieces =
                asked.get(number + 1).is_some_and(|next| next.kind == Kind::Piece && !next.terms.is_empty());
            let without =
                word.kind == Kind::Piece || word.replaced || has_pieces || word.term.contains(char::is_numeric);
            total += word.weight
                * match (word.terms.is_empty(), without) {
                    (false, _) => word.rarity,
                    (true, true) => 0.0,
                    (true, false) if self.related(word).is_some() => unknown * LACKING,
                    (true, false) => unknown * NOWHERE,
                };
        }
        let squared = score * score;
        squared * squared * score > FIT * unknown * unknown * total * total * total
    }

    /// The units that speak of much the same as a word; `None` when it is a stop word, or no word of the language as far as that
    /// is known.
    fn related(&self, word: &Asked) -> Option<&Related> {
        if word.together == 1.0 { self.index.related(&word.term) } else { None }
    }
}

/// Does a word stand right before another?
fn stands_before(place: &Place, other: &Place) -> bool {
    other.segment == place.segment && (place.position + 1) % POSITIONS == other.position % POSITIONS
}

/// The units in which all words together say most, in the order of their numbers.
fn strongest(sums: &Sums) -> Vec<Compared> {
    let mut units = sums.found.clone();
    units.sort_by(|a, b| sums.words[*b as usize].total_cmp(&sums.words[*a as usize]).then(a.cmp(b)));
    units.truncate(COMPARED);
    units.sort_unstable();
    units.into_iter().map(|unit| Compared { unit, pairs: 0.0, likeness: 0.0, wordings: 0.0, segment: 0 }).collect()
}
