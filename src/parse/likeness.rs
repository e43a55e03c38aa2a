//! The words by which entries are compared with each other, as small as they can be: a hash and a weight each.
//!
//! Words of the question weigh most, then other wordings, messages and tags, then the beginning of the answer. Endings of
//! plurals go; words that say nothing of a topic (`how`, `is`, `my`) go, too.

use super::page::Entry;
use super::slug::single_spaced;
use xxhash_rust::xxh3::xxh3_64;

/// A word with its weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// Hash of the word.
    pub word: u32,
    /// How much it says of the entry.
    pub weight: u8,
}

/// What of an answer is compared: words from its beginning.
const FROM_ANSWER: usize = 40;

/// Words of English questions that no topic is made of.
const EMPTY: &[&str] = &[
    "a", "about", "after", "am", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "cannot", "could",
    "did", "do", "does", "for", "from", "get", "had", "has", "have", "how", "i", "if", "in", "into", "is", "it", "its",
    "me", "my", "of", "or", "our", "should", "so", "that", "the", "their", "them", "then", "there", "these", "they",
    "this", "to", "was", "we", "were", "what", "when", "where", "which", "while", "who", "why", "will", "with",
    "would", "you", "your",
];

/// The words of `text` in lower case without the end of a plural.
fn words(text: &str) -> impl Iterator<Item = u32> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).filter_map(|word| {
        let lower = word.to_lowercase();
        if EMPTY.binary_search(&lower.as_str()).is_ok() || (lower.len() == 1 && !lower.as_bytes()[0].is_ascii_digit()) {
            return None;
        }
        let stem = match lower.strip_suffix('s') {
            Some(stem) if stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']) => stem,
            _ => &lower,
        };
        Some(hash(stem))
    })
}

fn hash(word: &str) -> u32 {
    // The lower half of a good hash is a good hash.
    (xxh3_64(word.as_bytes()) & u64::from(u32::MAX)) as u32
}

/// The words of `entry`, each once, in the order of their hashes.
pub fn terms(entry: &Entry, tags: &[String], text: &str) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::new();
    let mut add = |weight: u8, words: &mut dyn Iterator<Item = u32>| {
        terms.extend(words.map(|word| Term { word, weight }));
    };
    add(4, &mut words(&entry.question));
    add(2, &mut entry.aka.iter().flat_map(|text| words(text)));
    add(2, &mut tags.iter().map(|tag| hash(&format!("#{}", tag.to_lowercase()))));
    for message in &entry.messages {
        add(3, &mut message.code.iter().flat_map(|code| words(code)));
        add(1, &mut words(&message.text).take(FROM_ANSWER));
    }
    let answer = entry.parts.iter().filter_map(|part| text.get(part.text.start as usize..part.text.end as usize));
    add(1, &mut answer.flat_map(words).take(FROM_ANSWER));
    // Of equal words the heaviest stays.
    terms.sort_unstable_by_key(|term| (term.word, std::cmp::Reverse(term.weight)));
    terms.dedup_by_key(|term| term.word);
    terms.shrink_to_fit();
    terms
}

/// What two questions share that ask the same: the words that say something, in their order. `None` when there are too few
/// to tell.
pub fn key(question: &str) -> Option<u64> {
    let words: Vec<u32> = words(&single_spaced(question)).collect();
    let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    (words.len() >= 2).then(|| xxh3_64(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_words_are_found_by_their_order() {
        assert!(EMPTY.is_sorted());
    }

    #[test]
    fn questions_that_ask_the_same_have_one_key() {
        assert_eq!(key("Why is my sync slow?"), key("Why are syncs slow"));
        assert_ne!(key("Convert Word to PDF?"), key("Convert PDF to Word?"));
        assert_ne!(key("Why is sync slow in 10.9?"), key("Why is sync slow in 10.6?"));
        assert_eq!(key("Why?"), None);
    }
}
