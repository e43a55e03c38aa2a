//! What a query may mean: for each of its words, the terms of the index that it stands for.
//!
//! In steps, for each word: the term itself; when the word may be unfinished, the terms of words that begin with it; when
//! there is none of these and it is no compound, the terms of words within a few slips, or else those of two words that it is
//! made of, or else, unless it is a word of the language, those of words within one slip more or of the one that it begins with;
//! those of a word that it makes with a neighbour; then the synonyms of all these.

use super::index::{Index, Known, Term, order, rarity};
use super::synonyms::Synonyms;
use super::text::{Kind, Tokenizer, Word};
use super::typos;

/// What a stop word counts of what another word of its rarity counts.
const STOP: f64 = 0.35;
/// What a piece of a compound counts.
const PIECE: f64 = 0.466;
/// What a stop word counts where words stand together.
const STOP_TOGETHER: f64 = 0.2;
/// What a piece of a compound counts there.
const PIECE_TOGETHER: f64 = 0.14;
/// What a word that begins as typed counts.
const UNFINISHED: f64 = 1.0;
/// The same, when the word as typed is a word by itself.
const LONGER: f64 = 0.3;
/// The fewest letters of an unfinished word.
const BEGINNING: usize = 2;
/// The most words that an unfinished one may become.
const COMPLETIONS: usize = 24;
/// From how many they are chosen when it has digits.
const CODES: usize = 64;
/// The fewest letters of a word that may be mistyped.
const SHORTEST_SLIP: usize = 4;
/// The fewest letters of a stem that is compared as one.
const SHORTEST_STEM: usize = 4;
/// What a word counts that is one slip away, and two.
const SLIPS: [f64; 2] = [1.0, 0.9];
/// What another word counts that is as few slips away but less common.
const LESS_LIKELY: f64 = 0.7;
/// What a word counts that is more slips away than are usual, or the beginning of what was typed.
const AT_LAST: f64 = 0.63;
/// The fewest letters of a word that is such a beginning, and the most that may follow: an ending that the stemmer cannot read.
const SHORTEST_BEGINNING: usize = 4;
const LONGEST_ENDING: usize = 4;
/// What words count that are a few slips away from one that is a word by itself: of the table of related words, not of this site.
const RATHER_OTHER: f64 = 0.6;
/// The most words that a mistyped one may be.
const CORRECTIONS: usize = 8;
/// The same, of words that are more slips away than are usual.
const CORRECTIONS_AT_LAST: usize = 2;
/// What the halves of a compound count.
const HALVES: f64 = 0.8;
/// What a synonym counts.
const SYNONYM: f64 = 0.9;
/// The most words of a query that count.
const WORDS: usize = 64;

/// A word of a query.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Its term, or the term that it is most likely a slip for.
    pub term: String,
    /// The number of that term, if the index has it.
    pub own: Option<u32>,
    /// What it may mean, with weights of at most 1, by term.
    pub terms: Vec<(u32, f64)>,
    /// What kind of word it is.
    pub kind: Kind,
    /// What it counts of what another word of its rarity counts.
    pub weight: f64,
    /// The same, where words stand together.
    pub together: f64,
    /// Its place in the query; none for a synonym of several words.
    pub position: Option<u32>,
    /// How much it would say, for a word with terms.
    pub rarity: f64,
    /// Does a synonym stand for it, if the index has none of its terms?
    pub replaced: bool,
}

/// Reads a query; every term is asked for once, where it first stands.
pub fn read(index: &Index, tokenizer: &Tokenizer, synonyms: &Synonyms, text: &str) -> Vec<Asked> {
    let mut words = tokenizer.words(text);
    words.truncate(WORDS);
    let reader = Reader { index, tokenizer, synonyms, end: text.len() };
    let mut asked: Vec<Asked> = Vec::new();
    // The terms of whole words, as they are most likely meant.
    let mut meant: Vec<String> = Vec::new();
    for (number, word) in words.iter().enumerate() {
        let mut term = word.term.clone();
        if !asked.iter().any(|known| known.term == term) {
            let word = reader.ask(&words, number);
            term.clone_from(&word.term);
            asked.push(word);
        }
        if word.kind != Kind::Piece {
            meant.push(term);
        }
    }
    reader.add_phrases(&meant, &mut asked);
    asked
}

/// Terms by name, with what they count.
type Names = Vec<(String, f64)>;

struct Reader<'a> {
    index: &'a Index,
    tokenizer: &'a Tokenizer,
    synonyms: &'a Synonyms,
    /// The length of the query.
    end: usize,
}

impl Reader<'_> {
    fn ask(&self, words: &[Word], number: usize) -> Asked {
        let word = &words[number];
        let mut kind = word.kind;
        let mut term = word.term.clone();
        let mut own = self.index.term(&term);
        let is_known = own.is_some() || self.synonyms.has(&word.term);
        let mut names: Names = if is_known { vec![(word.term.clone(), 1.0)] } else { self.spelled(&word.surface) };
        let mut completed = None;
        if word.range.end == self.end && word.surface.chars().count() >= BEGINNING {
            let longer = self.completions(&word.surface, &names);
            // Words that begin alike count as one word: what stands in many units says little.
            if names.is_empty() && !longer.is_empty() {
                let units: usize =
                    longer.iter().filter_map(|term| self.index.term(term)).map(|term| self.units(term)).sum();
                completed = Some(rarity(self.index.units, units.min(self.index.units)));
            }
            let weight = if names.is_empty() { UNFINISHED } else { LONGER };
            names.extend(longer.into_iter().map(|term| (term, weight)));
        }
        // The pieces of a compound are asked for too, and each may be a slip of its own.
        if names.is_empty() && matches!(kind, Kind::Plain | Kind::Piece) {
            let mut near = self.nearest(word, typos::allowed);
            names = corrections(&near, SLIPS);
            if kind == Kind::Plain && self.index.related(&term).is_some() {
                names.iter_mut().for_each(|(_, weight)| *weight *= RATHER_OTHER);
            } else {
                if near.is_empty() {
                    names = self.halves(&word.surface).into_iter().map(|term| (term, HALVES)).collect();
                }
                if names.is_empty() && kind == Kind::Plain {
                    near = self.nearest(word, typos::allowed_at_last);
                    near.truncate(CORRECTIONS_AT_LAST);
                    if near.is_empty() {
                        near.extend(self.begun(&word.surface).map(|known| (1, known)));
                    }
                    names = corrections(&near, [AT_LAST; 2]);
                }
                if let Some((_, likeliest)) = near.first() {
                    term = likeliest.term.to_string();
                    own = self.index.term(&term);
                    if kind == Kind::Plain && self.tokenizer.is_stop(&likeliest.surface) {
                        kind = Kind::Stop;
                    }
                }
            }
        }
        if own.is_none() {
            names.extend(self.joined(words, number).map(|term| (term, 1.0)));
        }
        let same = self.synonyms.words(&names);
        names.extend(same.into_iter().map(|(term, weight)| (term, SYNONYM * weight)));
        let terms = self.numbered(&names);
        let rarity = match (own, completed) {
            (Some(term), _) => self.index.rarity(term),
            (None, Some(rarity)) => rarity,
            (None, None) => self.rarity_of_strongest(&terms),
        };
        let (weight, together) = match kind {
            Kind::Stop => (STOP, STOP_TOGETHER),
            Kind::Piece => (PIECE, PIECE_TOGETHER),
            Kind::Plain | Kind::Whole => (1.0, 1.0),
        };
        let replaced = self.synonyms.has(&term);
        Asked { term, own, terms, kind, weight, together, position: Some(word.position), rarity, replaced }
    }

    /// The terms that the index has, each once with the most that it counts, by number.
    fn numbered(&self, names: &[(String, f64)]) -> Vec<(u32, f64)> {
        let mut terms: Vec<(u32, f64)> =
            names.iter().filter_map(|(name, weight)| Some((self.index.term(name)?, *weight))).collect();
        terms.sort_by(|(a, x), (b, y)| a.cmp(b).then(y.total_cmp(x)));
        terms.dedup_by_key(|(term, _)| *term);
        terms
    }

    fn units(&self, term: u32) -> usize {
        self.index.postings(term).len()
    }

    fn rarity_of_strongest(&self, terms: &[(u32, f64)]) -> f64 {
        let strongest = terms.iter().map(|(_, weight)| *weight).fold(0.0, f64::max);
        let best = terms.iter().filter(|(_, weight)| *weight == strongest);
        best.map(|(term, _)| self.index.rarity(*term)).fold(0.0, f64::max)
    }

    /// The terms of the words that are spelled like this but for diacritics.
    fn spelled(&self, surface: &str) -> Names {
        if surface.contains(char::is_numeric) {
            return self.index.term(surface).map(|_| (surface.to_owned(), 1.0)).into_iter().collect();
        }
        let first = self.index.lexicon.partition_point(|known| order(&known.surface, surface).is_lt());
        let words = self.index.lexicon[first..].iter().take_while(|known| *known.surface == *surface);
        terms(words).into_iter().map(|term| (term, 1.0)).collect()
    }

    /// The terms that `start` may become, other than `except`.
    fn completions(&self, start: &str, except: &[(String, f64)]) -> Vec<String> {
        let mut terms = if start.contains(char::is_numeric) { self.codes(start) } else { self.longer_words(start) };
        terms.retain(|term| !except.iter().any(|(name, _)| name == term));
        terms
    }

    /// The commonest of the first terms that begin with letters and digits. Numbers are not made longer.
    fn codes(&self, start: &str) -> Vec<String> {
        if !start.contains(char::is_alphabetic) {
            return Vec::new();
        }
        let first = self.index.terms.partition_point(|term| order(&term.text, start).is_lt());
        let codes = self.index.terms[first..].iter().take(CODES).take_while(|term| term.text.starts_with(start));
        let mut codes: Vec<&Term> = codes.collect();
        // The order of terms that are as common stays.
        codes.sort_by_key(|term| std::cmp::Reverse(term.postings.len()));
        codes.into_iter().take(COMPLETIONS).map(|term| term.text.to_string()).collect()
    }

    /// The terms of the commonest words that begin so.
    fn longer_words(&self, start: &str) -> Vec<String> {
        let first = self.index.lexicon.partition_point(|known| order(&known.surface, start).is_lt());
        let mut words: Vec<&Known> =
            self.index.lexicon[first..].iter().take_while(|known| known.surface.starts_with(start)).collect();
        // The order of words that are as common stays.
        words.sort_by_key(|known| std::cmp::Reverse(known.commonness));
        words.truncate(COMPLETIONS);
        terms(words.into_iter())
    }

    /// The words that are the fewest slips away, no more than are `allowed` by the letters of both, the commonest first, with
    /// these slips.
    fn nearest(&self, word: &Word, allowed: fn(usize, usize) -> usize) -> Vec<(usize, &Known)> {
        let letters: Vec<char> = word.surface.chars().collect();
        if letters.len() < SHORTEST_SLIP || letters.iter().any(|c| c.is_numeric()) {
            return Vec::new();
        }
        let stem: Vec<char> = word.term.chars().collect();
        let has_stem = stem.len() >= SHORTEST_STEM && stem != letters;
        let mut near: Vec<(usize, &Known)> = Vec::new();
        let mut least = SLIPS.len();
        let mut other: Vec<char> = Vec::new();
        for known in &self.index.lexicon {
            // `pilow` is meant to be found where the site has only `pillows`.
            let mut apart = |spelling: &str| {
                other.clear();
                other.extend(spelling.chars());
                typos::distance(&letters, &other, allowed(letters.len(), other.len()).min(least))
            };
            let mut distance = apart(&known.surface).into_iter().chain(apart(&known.term)).min();
            if has_stem {
                // `outlts` where it has only `outlet`: `other` has the letters of the term. Stems are short: two slips make
                // others of them.
                let most = allowed(letters.len(), letters.len()).min(least).min(1);
                distance = distance.into_iter().chain(typos::distance(&stem, &other, most)).min();
            }
            if let Some(distance) = distance {
                least = distance;
                near.push((distance, known));
            }
        }
        near.retain(|(distance, _)| *distance == least);
        near.sort_by_key(|(_, known)| std::cmp::Reverse(known.commonness));
        near.truncate(CORRECTIONS);
        near
    }

    /// The longest word of the index that `surface` begins with.
    fn begun(&self, surface: &str) -> Option<&Known> {
        let cuts: Vec<usize> = surface.char_indices().map(|(at, _)| at).skip(SHORTEST_BEGINNING).collect();
        cuts.iter().rev().take(LONGEST_ENDING).find_map(|cut| self.word(&surface[..*cut]))
    }

    /// The first word that is spelled like this but for diacritics.
    fn word(&self, surface: &str) -> Option<&Known> {
        let first = self.index.lexicon.partition_point(|known| order(&known.surface, surface).is_lt());
        self.index.lexicon.get(first).filter(|known| *known.surface == *surface)
    }

    /// The terms of two words that `surface` is made of, each of at least three letters, the first the longest possible.
    fn halves(&self, surface: &str) -> Vec<String> {
        let cuts: Vec<usize> = surface.char_indices().map(|(at, _)| at).skip(3).collect();
        let cuts = &cuts[..cuts.len().saturating_sub(2)];
        let halves = cuts.iter().rev().find_map(|cut| {
            let (first, second) = surface.split_at(*cut);
            Some([self.word(first)?, self.word(second)?])
        });
        terms(halves.into_iter().flatten())
    }

    /// The term of a word of the index that this word and a neighbour make together.
    fn joined(&self, words: &[Word], number: usize) -> Option<String> {
        let word = &words[number];
        let next = words[number + 1..].iter().find(|next| next.position == word.position + 1);
        let before = words[..number].iter().rfind(|before| before.position + 1 == word.position);
        let with_next = next.and_then(|next| self.spelled(&(word.surface.clone() + &next.surface)).into_iter().next());
        let with_before =
            || before.and_then(|before| self.spelled(&(before.surface.clone() + &word.surface)).into_iter().next());
        with_next.or_else(with_before).map(|(term, _)| term)
    }

    /// Adds the synonyms of several words, or for several words.
    fn add_phrases(&self, meant: &[String], asked: &mut Vec<Asked>) {
        for (from, phrase) in self.synonyms.phrases(meant) {
            for asked in asked.iter_mut().filter(|asked| from.contains(&asked.term)) {
                asked.replaced = true;
            }
            let weight = SYNONYM / phrase.len() as f64;
            for term in phrase {
                if asked.iter().any(|known| known.term == *term) {
                    continue;
                }
                let Some(own) = self.index.term(term) else { continue };
                asked.push(Asked {
                    term: term.clone(),
                    own: Some(own),
                    terms: vec![(own, 1.0)],
                    kind: Kind::Plain,
                    weight,
                    together: weight,
                    position: None,
                    rarity: self.index.rarity(own),
                    replaced: false,
                });
            }
        }
    }
}

/// The terms of words that are some slips away, with what each counts by what one and two slips do.
fn corrections(near: &[(usize, &Known)], weights: [f64; 2]) -> Names {
    let Some((slips, _)) = near.first() else { return Vec::new() };
    let weight = weights[slips.saturating_sub(1)];
    let terms = terms(near.iter().map(|(_, known)| *known)).into_iter().enumerate();
    terms.map(|(at, term)| (term, if at == 0 { weight } else { weight * LESS_LIKELY })).collect()
}

/// The terms of words of the index, each once.
fn terms<'k>(words: impl Iterator<Item = &'k Known>) -> Vec<String> {
    let mut terms: Vec<String> = Vec::new();
    for known in words {
        if !terms.iter().any(|term| **term == *known.term) {
            terms.push(known.term.to_string());
        }
    }
    terms
}
