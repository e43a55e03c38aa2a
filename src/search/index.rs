//! Where the words of a site stand, and how much they say.
//!
//! In steps: make words of every segment of every unit ([`super::count`]); number the terms of all units; list where each
//! stands; weigh each term by its rarity, each term in a unit by its fields (BM25F, by Robertson and Zaragoza, "The
//! Probabilistic Relevance Framework", 2009, section 3.5), and each segment by what its words weigh together; find for each
//! word of the table of related words the units that speak of much the same.
//!
//! All weights are small whole numbers, since that is how they travel to the reader: an index that was packed and unpacked is
//! the same index.

use std::cmp::{Ordering, Reverse};
use std::sync::Arc;

use rayon::prelude::*;

use super::count::{self, Counted, NO_SEGMENT, Occurrences, Spot};
use super::meaning::Meanings;
use super::rank::RELATED;
use super::related::Table;
use super::synonyms::Synonyms;
use super::text::Tokenizer;
use super::units::{FIELDS, Field, Unit};

/// How much of a field's words it takes until more of them say little.
pub const SATURATION: f64 = 2.56;
/// The greatest weight of a term in a unit.
pub const MOST_IMPACT: u8 = 16;
/// A rarity of 1 is this number.
pub const RARITY_SCALE: f64 = 16.0;
/// What a stop word counts of what another word of its rarity counts in the mass of a segment.
pub const STOP_MASS: f64 = 0.07;
/// The mass of a segment of each level: a level is the square root of 2.
pub const MASSES: [f64; 14] = [
    1.0,
    std::f64::consts::SQRT_2,
    2.0,
    2.0 * std::f64::consts::SQRT_2,
    4.0,
    4.0 * std::f64::consts::SQRT_2,
    8.0,
    8.0 * std::f64::consts::SQRT_2,
    16.0,
    16.0 * std::f64::consts::SQRT_2,
    32.0,
    32.0 * std::f64::consts::SQRT_2,
    64.0,
    64.0 * std::f64::consts::SQRT_2,
];
/// The similarity from which on words are related, below which the table has none, and that from which on one says as much as the
/// other.
const RELATED_FROM: f64 = 0.344;
const RELATED_WHOLLY: f64 = 0.853;
/// The most places of a term that are known: of commoner ones, those far down in units are not, as many segments as it takes.
const MOST_PLACES: u32 = 10_000;
/// The most units that speak of much the same as a word, and from how many of each related word they are chosen.
const RELATED_UNITS: usize = 24;
/// On a site of fewer units than these, what units speak of as a whole counts too: the less, the more they are, since more words
/// are found then by themselves.
const FEW_UNITS: usize = 300;
/// What that counts.
const MEANING: f64 = 0.65;
/// The least that is worth to be said.
const LEAST_SAID: f64 = 1.5;

/// How many times a word counts that stands in this field.
pub const fn field_weight(field: Field) -> f64 {
    match field {
        Field::Title => 4.3,
        Field::Alias => 1.1,
        Field::Body => 1.0,
        Field::Section => 0.6,
    }
}

/// How much the length of a field matters, from 0 to 1.
const fn field_length(field: Field) -> f64 {
    match field {
        Field::Title => 0.48,
        Field::Alias => 0.23,
        Field::Section | Field::Body => 0.25,
    }
}

/// Where a term stands in a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The segment, counted in the unit.
    pub segment: u8,
    /// The field of the segment.
    pub field: Field,
    /// The level of the segment's mass, of [`MASSES`].
    pub mass: u8,
    /// The word in the segment.
    pub position: u8,
}

/// A term in a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// The unit.
    pub unit: u32,
    /// How much it says there, from 1 to [`MOST_IMPACT`].
    pub impact: u8,
    /// The first of its places, of [`Index::places`].
    pub first: u32,
    /// The number of its places; not those far down.
    pub places: u16,
}

impl Posting {
    fn places(&self) -> std::ops::Range<usize> {
        self.first as usize..self.first as usize + usize::from(self.places)
    }
}

/// A term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Its letters.
    pub text: Arc<str>,
    /// How much it says wherever it stands, in parts of [`RARITY_SCALE`].
    pub rarity: u8,
    /// Where it stands, of [`Index::postings`].
    pub postings: std::ops::Range<u32>,
}

/// A word of letters as it stands in the index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Without diacritics.
    pub surface: Arc<str>,
    /// In lower case, as written.
    pub lower: Arc<str>,
    /// Its term.
    pub term: Arc<str>,
    /// How many units its term stands in, as the number of binary digits.
    pub commonness: u8,
}

/// Units that speak of much the same as a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The term of the word.
    pub term: &'static str,
    /// Units by number, each with how much it says there; the unit of weight is that of an impact times a rarity.
    pub units: Vec<(u32, u8)>,
}

/// The index of a site.
#[derive(Debug, PartialEq, Eq)]
pub struct Index {
    /// The language, a BCP 47 tag.
    pub language: String,
    /// Number of units.
    pub units: usize,
    /// Which units are pages without a question of their own.
    pub pages: Vec<bool>,
    /// Words of letters, in order. Those with digits are terms as they are spelled, and so many that few readers should load them.
    pub lexicon: Vec<Known>,
    /// The terms, in [`order`].
    pub terms: Vec<Term>,
    /// Where terms stand, by term and unit.
    pub postings: Vec<Posting>,
    /// Places, by term, unit, segment and position.
    pub places: Vec<Place>,
    /// The words of the table of related words, in [`order`] of their terms: those of the language, as far as they are known.
    pub related: Vec<Related>,
}

/// The order of terms: by UTF-16 code units, as browsers compare.
pub fn order(one: &str, other: &str) -> Ordering {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    one.get(same).map(ordered).cmp(&other.get(same).map(ordered))
}

/// The numbers of `items` in the [`order`] of their texts, those of the same text in the order that `then` says.
pub fn in_order<T: Sync>(
    items: &[T],
    text: impl Fn(&T) -> &str + Sync,
    then: impl Fn(&T, &T) -> Ordering + Sync,
) -> Vec<u32> {
    // What is moved and compared is small: nearly all texts differ in their beginnings.
    let mut sorted: Vec<(u128, u32)> = items.iter().map(|item| beginning(text(item))).zip(0..).collect();
    sorted.par_sort_unstable_by(|(x, a), (y, b)| {
        x.cmp(y).then_with(|| {
            let (a, b) = (&items[*a as usize], &items[*b as usize]);
            order(text(a), text(b)).then_with(|| then(a, b))
        })
    });
    sorted.into_iter().map(|(_, number)| number).collect()
}

/// A number that is less when a text comes before another in [`order`]. Texts that begin with the same sixteen bytes have the
/// same.
fn beginning(text: &str) -> u128 {
    let mut first = [0; 16];
    first.iter_mut().zip(text.as_bytes()).for_each(|(to, from)| *to = ordered(from));
    u128::from_be_bytes(first)
}

/// A byte of UTF-8 as it is compared. The order of bytes differs from that of UTF-16 code units only where characters above
/// U+FFFF come before those from U+E000 on.
fn ordered(byte: &u8) -> u8 {
    if *byte == 0xEE || *byte == 0xEF { byte + 0x10 } else { *byte }
}

/// Natural logarithm for `x` of at least 1, by steps that every engine takes alike, to within 0.0001.
pub fn ln(x: f64) -> f64 {
    let mut mantissa = x;
    let mut halvings = 0.0;
    while mantissa >= 2.0 {
        mantissa /= 2.0;
        halvings += 1.0;
    }
    // atanh series; mantissa is in [1, 2), so the ratio is below 1/3.
    let ratio = (mantissa - 1.0) / (mantissa + 1.0);
    let square = ratio * ratio;
    let series = ratio * (2.0 + square * (2.0 / 3.0 + square * (0.4 + square * (2.0 / 7.0))));
    halvings * std::f64::consts::LN_2 + series
}

/// How much it says that a word stands somewhere, when it stands in `some` of `all` units.
pub fn rarity(all: usize, some: usize) -> f64 {
    let (all, some) = (all as f64, some as f64);
    ln(1.0 + (all - some + 0.5) / (some + 0.5))
}

impl Index {
    /// Builds the index of `units`, which are in the language of a BCP 47 tag; and the texts of the segments of each unit
    /// whose words have places. The words of synonyms are known like those of the units; words of the table find units that
    /// speak of much the same.
    pub fn build<'a>(
        units: &[Unit<'a>],
        synonyms: &Synonyms,
        table: Option<&Table>,
        language: &str,
    ) -> (Index, Vec<Vec<(Field, &'a str)>>) {
        let tokenizer = Tokenizer::new(language);
        let (mut counted, occurrences) = count::count(units, language);
        let lists = Lists::of(&counted, occurrences);
        let mut index = Index {
            language: language.to_owned(),
            units: units.len(),
            pages: units.iter().map(|unit| unit.entry.is_none()).collect(),
            lexicon: lexicon(&mut counted, &lists, synonyms, &tokenizer),
            terms: Vec::new(),
            postings: lists.postings,
            places: lists.places,
            related: Vec::new(),
        };
        let terms = counted.terms.into_iter().zip(lists.terms);
        index.terms = terms.map(|(text, (rarity, postings))| Term { text, rarity, postings }).collect();
        index.related = table.map_or_else(Vec::new, |table| index.related_units(table));
        (index, counted.texts)
    }

    /// The number of a term.
    pub fn term(&self, text: &str) -> Option<u32> {
        self.terms.binary_search_by(|term| order(&term.text, text)).ok().map(|number| number as u32)
    }

    /// The postings of a term.
    pub fn postings(&self, term: u32) -> &[Posting] {
        self.postings_of(&self.terms[term as usize])
    }

    /// The postings of one of the terms.
    pub fn postings_of(&self, term: &Term) -> &[Posting] {
        &self.postings[term.postings.start as usize..term.postings.end as usize]
    }

    /// The places of a posting.
    pub fn places(&self, posting: &Posting) -> &[Place] {
        &self.places[posting.places()]
    }

    /// The places of postings that follow each other.
    pub fn places_of(&self, postings: &[Posting]) -> &[Place] {
        let (Some(first), Some(last)) = (postings.first(), postings.last()) else { return &[] };
        &self.places[first.places().start..last.places().end]
    }

    /// The units that speak of much the same as a word of the table of related words; there may be none.
    pub fn related(&self, term: &str) -> Option<&Related> {
        self.related.binary_search_by(|row| order(row.term, term)).ok().map(|row| &self.related[row])
    }

    /// How much a term says wherever it stands.
    pub fn rarity(&self, term: u32) -> f64 {
        f64::from(self.terms[term as usize].rarity) / RARITY_SCALE
    }

    /// The numbers of the stems of a table, which are in [`order`] as the terms are.
    fn numbers(&self, stems: &[&str]) -> Vec<Option<u32>> {
        let mut terms = (0_u32..).zip(&self.terms).peekable();
        let number = |stem: &&str| {
            while terms.next_if(|(_, term)| order(&term.text, stem).is_lt()).is_some() {}
            terms.peek().filter(|(_, term)| *term.text == **stem).map(|(number, _)| *number)
        };
        stems.iter().map(number).collect()
    }

    /// The units that speak of much the same as each word of the table. A word of which the site does not speak is kept too, as
    /// one that is no slip.
    fn related_units(&self, table: &Table) -> Vec<Related> {
        let own = self.numbers(&table.stems);
        // Of a common word, the units in which it says most are enough.
        let said: Vec<Option<Said>> = own
            .par_iter()
            .map_init(Vec::new, |all, term| {
                let term = (*term)?;
                let units = strongest(all, self.postings(term).iter().map(|at| (at.unit, at.impact)));
                Some(Said { rarity: self.rarity(term), units })
            })
            .collect();
        let likeness: [f64; 256] = std::array::from_fn(|cosine| {
            f64::clamp((cosine as f64 / 255.0 - RELATED_FROM) / (RELATED_WHOLLY - RELATED_FROM), 0.0, 1.0)
        });
        let meanings = (self.units < FEW_UNITS).then(|| Meanings::of(self, table, &own));
        let nothing = || (vec![false; self.units], Vec::new(), Vec::new(), Vec::new());
        (0..table.stems.len())
            .into_par_iter()
            .map_init(nothing, |(is_taken, alike, units, says), stem| {
                // Units in which as much is said. An unknown word says no more than the word that is nearest to it.
                alike.clear();
                let mut most = said[stem].as_ref().map(|said| said.rarity);
                for (other, cosine) in table.near(stem) {
                    let Some(Said { rarity, units }) = &said[other] else { continue };
                    let weight = likeness[usize::from(cosine)] * f64::min(*rarity, *most.get_or_insert(*rarity));
                    let units = units.chunk_by(|(_, a), (_, b)| a == b);
                    alike.extend(units.map(|units| (byte(weight * f64::from(units[0].1)).max(1), units)));
                }
                alike.sort_unstable_by_key(|(says, _)| Reverse(*says));
                units.clear();
                for alike in alike.chunk_by(|(a, _), (b, _)| a == b) {
                    let before = units.len();
                    for (says, more) in alike {
                        for (unit, _) in *more {
                            if !std::mem::replace(&mut is_taken[*unit as usize], true) {
                                units.push((*unit, *says));
                            }
                        }
                    }
                    if units.len() >= RELATED_UNITS {
                        units[before..].sort_unstable();
                        break;
                    }
                }
                units.iter().for_each(|(unit, _)| is_taken[*unit as usize] = false);
                units.truncate(RELATED_UNITS);
                if let Some(meanings) = &meanings {
                    let share = MEANING * (1.0 - self.units as f64 / FEW_UNITS as f64);
                    meanings.say(&table.vector(stem), share, says);
                    self.add_meaning(own[stem], says, units);
                }
                units.sort_unstable();
                Related { term: table.stems[stem], units: units.clone() }
            })
            .collect()
    }

    /// Adds to what related words say in units what each of them `says` as a whole, also where the word itself stands.
    fn add_meaning(&self, own: Option<u32>, says: &mut [f64], units: &mut Vec<(u32, u8)>) {
        let itself = |unit: u32| {
            let Some(term) = own else { return 0.0 };
            let postings = self.postings(term);
            let found = postings.binary_search_by_key(&unit, |posting| posting.unit);
            found.map_or(0.0, |at| f64::from(postings[at].impact) * self.rarity(term) / RELATED)
        };
        for (unit, related) in units.drain(..) {
            says[unit as usize] += f64::max(f64::from(related) - itself(unit), 0.0);
        }
        let said = (0_u32..).zip(says).filter(|(_, says)| **says >= LEAST_SAID);
        units.extend(said.map(|(unit, says)| (unit, byte(itself(unit) + *says))));
        if units.len() > RELATED_UNITS {
            units.select_nth_unstable_by_key(RELATED_UNITS, |(unit, says)| (Reverse(*says), *unit));
            units.truncate(RELATED_UNITS);
        }
    }
}

/// What a word of the table says.
struct Said {
    /// Wherever it stands.
    rarity: f64,
    /// The units in which it says most, each with its impact, best first.
    units: Vec<(u32, u8)>,
}

/// The [`RELATED_UNITS`] in which a word says most, best first. `all` has room for all of them.
fn strongest(all: &mut Vec<u64>, units: impl Iterator<Item = (u32, u8)>) -> Vec<(u32, u8)> {
    // As numbers that are the less the more is said, and then the lower the unit.
    all.clear();
    all.extend(units.map(|(unit, says)| u64::from(u8::MAX - says) << 32 | u64::from(unit)));
    if all.len() > RELATED_UNITS {
        all.select_nth_unstable(RELATED_UNITS);
        all.truncate(RELATED_UNITS);
    }
    all.sort_unstable();
    all.iter().map(|number| (*number as u32, u8::MAX - (*number >> 32) as u8)).collect()
}

/// The nearest whole number, away from 0 where two are as near.
fn byte(x: f64) -> u8 {
    let whole = x as u8;
    if x - f64::from(whole) >= 0.5 { whole.saturating_add(1) } else { whole }
}

/// The words of letters, with how common their terms are.
fn lexicon(counted: &mut Counted, lists: &Lists, synonyms: &Synonyms, tokenizer: &Tokenizer) -> Vec<Known> {
    let words = std::mem::take(&mut counted.words);
    let commonness = |term: usize| (32 - (lists.terms[term].1.len() as u32).leading_zeros()) as u8;
    let own = words.into_par_iter().map(|(surface, lower, term)| Known {
        surface,
        lower,
        term: Arc::clone(&counted.terms[term as usize]),
        commonness: commonness(term as usize),
    });
    let others = synonyms.words.par_iter().filter(|(surface, _)| !surface.contains(char::is_numeric));
    let others = others.map(|(surface, lower)| {
        let term = tokenizer.term(lower);
        let found = counted.terms.binary_search_by(|known| order(known, &term));
        Known {
            surface: surface.as_str().into(),
            lower: lower.as_str().into(),
            term: found.map_or_else(|_| term.into(), |term| Arc::clone(&counted.terms[term])),
            commonness: found.map_or(0, commonness),
        }
    });
    let mut known: Vec<Known> = own.chain(others).collect();
    // Those of the units are in order.
    known.sort_by(|a, b| order(&a.surface, &b.surface).then_with(|| order(&a.lower, &b.lower)));
    known.dedup();
    known
}

/// Where terms stand.
struct Lists {
    /// Rarity and postings of each term.
    terms: Vec<(u8, std::ops::Range<u32>)>,
    postings: Vec<Posting>,
    places: Vec<Place>,
}

/// A term while the lists are filled, unit by unit.
#[derive(Clone, Copy)]
struct Open {
    /// What it counts in the mass of a segment.
    mass: f64,
    /// The first segment of a unit in which its places are not known.
    placed: u8,
    /// Where its next posting goes.
    posting: u32,
    /// Where its next place goes.
    place: u32,
    /// How often it stands in each field of the unit.
    counts: [u32; FIELDS.len()],
    /// How many places it has in the unit.
    places: u16,
    /// The last segment of the unit in which it has one.
    segment: u8,
}

impl Lists {
    fn of(counted: &Counted, occurrences: Occurrences) -> Lists {
        let (mut postings, mut places) = (0, 0);
        let mut terms = Vec::with_capacity(counted.terms.len());
        let mut open = Vec::with_capacity(counted.terms.len());
        for (size, is_stop) in sizes(counted.terms.len(), &occurrences).into_iter().zip(&counted.stops) {
            let rarity = byte(rarity(counted.texts.len(), size.postings as usize) * RARITY_SCALE);
            let mass = f64::from(rarity) / RARITY_SCALE * if *is_stop { STOP_MASS } else { 1.0 };
            open.push(Open {
                mass,
                placed: size.placed,
                posting: postings,
                place: places,
                counts: [0; FIELDS.len()],
                places: 0,
                segment: NO_SEGMENT,
            });
            terms.push((rarity, postings..postings + size.postings));
            (postings, places) = (postings + size.postings, places + size.places);
        }
        let mut lists = Lists {
            terms,
            postings: vec![Posting { unit: 0, impact: 0, first: 0, places: 0 }; postings as usize],
            places: vec![Place { segment: 0, field: Field::Body, mass: 0, position: 0 }; places as usize],
        };
        let lengths = Lengths::of(&occurrences.lengths);
        let (mut met, mut masses, mut levels) = (Vec::new(), Vec::new(), Vec::new());
        for (unit, words) in (0..).zip(occurrences.units()) {
            masses.clear();
            masses.resize(counted.texts[unit as usize].len(), 0.0);
            for (term, Spot { segment, field, position }) in words {
                let open = &mut open[*term as usize];
                if open.counts == [0; FIELDS.len()] {
                    met.push(*term);
                }
                open.counts[*field as usize] += 1;
                if *segment < open.placed {
                    let place = Place { segment: *segment, field: *field, mass: 0, position: *position };
                    lists.places[open.place as usize] = place;
                    open.place += 1;
                    open.places += 1;
                    if *segment != open.segment {
                        masses[usize::from(*segment)] += open.mass;
                        open.segment = *segment;
                    }
                }
            }
            levels.clear();
            levels.extend(masses.iter().map(|mass| level(*mass)));
            for term in met.drain(..) {
                let open = &mut open[term as usize];
                let posting = Posting {
                    unit,
                    impact: lengths.impact(unit, &open.counts),
                    first: open.place - u32::from(open.places),
                    places: open.places,
                };
                for place in &mut lists.places[posting.places()] {
                    place.mass = levels[usize::from(place.segment)];
                }
                lists.postings[open.posting as usize] = posting;
                open.posting += 1;
                (open.counts, open.places, open.segment) = ([0; FIELDS.len()], 0, NO_SEGMENT);
            }
        }
        lists
    }
}

/// How much is listed of a term.
#[derive(Clone, Copy)]
struct Size {
    postings: u32,
    /// The last unit that was counted.
    unit: u32,
    places: u32,
    /// The first segment of a unit in which its places are not known.
    placed: u8,
}

/// How much there will be of each of so many terms.
fn sizes(terms: usize, occurrences: &Occurrences) -> Vec<Size> {
    let mut sizes = vec![Size { postings: 0, unit: u32::MAX, places: 0, placed: NO_SEGMENT }; terms];
    for (unit, words) in (0..).zip(occurrences.units()) {
        for (term, spot) in words {
            let size = &mut sizes[*term as usize];
            size.places += u32::from(spot.segment < NO_SEGMENT);
            size.postings += u32::from(std::mem::replace(&mut size.unit, unit) != unit);
        }
    }
    let too_many = (0_u32..).zip(&sizes).filter(|(_, size)| size.places > MOST_PLACES);
    let common: Vec<u32> = too_many.map(|(term, _)| term).collect();
    if common.is_empty() {
        return sizes;
    }
    // How many places each of these has in each segment, counted over all units.
    let mut counts = vec![[0; NO_SEGMENT as usize]; common.len()];
    let mut numbers = vec![u32::MAX; terms];
    (0..).zip(&common).for_each(|(number, term)| numbers[*term as usize] = number);
    occurrences.all().for_each(|(term, spot)| {
        if let Some(counts) = counts.get_mut(numbers[*term as usize] as usize)
            && spot.segment < NO_SEGMENT
        {
            counts[usize::from(spot.segment)] += 1;
        }
    });
    for (term, counts) in common.into_iter().zip(counts) {
        let size = &mut sizes[term as usize];
        (size.placed, size.places) = (0, 0);
        for count in counts {
            if size.places + count > MOST_PLACES {
                break;
            }
            size.places += count;
            size.placed += 1;
        }
    }
    sizes
}

/// The level of [`MASSES`] that is nearest to a mass.
fn level(mass: f64) -> u8 {
    // The borders are halfway between the logarithms, a fourth root of 2 above each level.
    const BORDER: f64 = 1.189_207_115_002_721;
    MASSES[1..].iter().take_while(|next| mass * BORDER >= **next).count() as u8
}

/// Lengths of fields, in parts of their means, as far as they matter.
struct Lengths {
    units: Vec<[f64; FIELDS.len()]>,
}

impl Lengths {
    fn of(all: &[[u32; FIELDS.len()]]) -> Lengths {
        // Means over the units that have the field.
        let means: [f64; FIELDS.len()] = std::array::from_fn(|field| {
            let (sum, number) = all
                .iter()
                .map(|unit| f64::from(unit[field]))
                .filter(|length| *length > 0.0)
                .fold((0.0, 0.0), |(sum, number), length| (sum + length, number + 1.0));
            if number > 0.0 { sum / number } else { 1.0 }
        });
        let unit = |unit: &[u32; FIELDS.len()]| {
            FIELDS.map(|field| {
                let share = field_length(field);
                1.0 - share + share * f64::from(unit[field as usize]) / means[field as usize]
            })
        };
        Lengths { units: all.iter().map(unit).collect() }
    }

    fn impact(&self, unit: u32, counts: &[u32; FIELDS.len()]) -> u8 {
        let mut sum = 0.0;
        let lengths = &self.units[unit as usize];
        for field in FIELDS {
            // Most terms of a unit stand in one of its fields.
            if counts[field as usize] > 0 {
                sum += field_weight(field) * f64::from(counts[field as usize]) / lengths[field as usize];
            }
        }
        byte(f64::from(MOST_IMPACT) * sum / (SATURATION + sum)).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logarithm_is_one() {
        for x in [1.0, 1.5, 1.999, 2.0, 3.0, 10.0, 12_345.0, 1e9] {
            let error: f64 = ln(x) - f64::ln(x);
            assert!(error.abs() < 1e-4, "ln({x}) is off by {error}");
        }
    }

    #[test]
    fn a_mass_has_the_nearest_level() {
        assert_eq!([0.0, 1.1, 1.2, 1.41, 2.0, 2.4, 90.0, 1e9].map(level), [0, 0, 1, 1, 2, 3, 13, 13]);
    }

    #[test]
    fn terms_are_ordered_as_browsers_order_them() {
        assert_eq!(order("z", "é"), Ordering::Less);
        assert_eq!(order("\u{20000}", "\u{FF66}"), Ordering::Less);
    }
}
