//! The words by which entries are compared with each other, as small as they can be: a hash and a weight each.
//!
//! Words of the question weigh most, then other wordings, messages and tags, then the beginning of the answer. Endings of
//! plurals go; words that say nothing of a topic (`how`, `is`, `my`) go, too.

use std::sync::LazyLock;

use ahash::AHashSet;
use xxhash_rust::xxh3::xxh3_64;

use super::page::Entry;

/// A word with its weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// Hash of the word.
    pub word: u32,
    /// How much it says of the entry.
    pub weight: u8,
}

/// What of an answer is compared: words from its beginning.
const FROM_ANSWER: usize = 32;

/// Words of English questions that no topic is made of.
const EMPTY: &[&str] = &[
    "a", "about", "after", "am", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "cannot", "could",
    "did", "do", "does", "for", "from", "get", "had", "has", "have", "how", "i", "if", "in", "into", "is", "it", "its",
    "me", "my", "of", "or", "our", "should", "so", "that", "the", "their", "them", "then", "there", "these", "they",
    "this", "to", "was", "we", "were", "what", "when", "where", "which", "while", "who", "why", "will", "with",
    "would", "you", "your",
];

/// The hashes of [`EMPTY`].
static EMPTY_HASHES: LazyLock<AHashSet<u32>> = LazyLock::new(|| EMPTY.iter().map(|word| hash(word)).collect());

/// Hands the first `most` words of `text` to `each`, in lower case without the end of a plural.
fn words(text: &str, most: usize, mut each: impl FnMut(u32)) {
    let mut lower = String::new();
    let mut count = 0;
    let mut chars = text.chars();
    loop {
        lower.clear();
        for c in chars.by_ref().take_while(|c| c.is_alphanumeric()) {
            if c.is_ascii() {
                lower.push(c.to_ascii_lowercase());
            } else {
                lower.extend(c.to_lowercase());
            }
        }
        if lower.is_empty() {
            match chars.as_str() {
                "" => return,
                _ => continue,
            }
        }
        let whole = hash(&lower);
        if EMPTY_HASHES.contains(&whole) || (lower.len() == 1 && !lower.as_bytes()[0].is_ascii_digit()) {
            continue;
        }
        let stem = lower.strip_suffix('s').filter(|stem| stem.len() > 2 && !stem.ends_with(['s', 'u', 'i']));
        each(stem.map_or(whole, hash));
        count += 1;
        if count == most {
            return;
        }
    }
}

fn hash(word: &str) -> u32 {
    // The lower half of a good hash is a good hash.
    (xxh3_64(word.as_bytes()) & u64::from(u32::MAX)) as u32
}

/// The words of `entry`, each once, in the order of their hashes.
pub fn terms(entry: &Entry, tags: &[String], text: &str) -> Vec<Term> {
    let mut terms: Vec<Term> = Vec::with_capacity(2 * FROM_ANSWER);
    let mut add = |weight: u8, text: &str, most: usize| {
        words(text, most, |word| terms.push(Term { word, weight }));
    };
    add(4, &entry.question, usize::MAX);
    entry.aka.iter().for_each(|wording| add(2, wording, usize::MAX));
    for message in &entry.messages {
        message.code.iter().for_each(|code| add(3, code, usize::MAX));
        add(1, &message.text, FROM_ANSWER);
    }
    if let Some((first, last)) = entry.parts.first().zip(entry.parts.last()) {
        let answer = text.get(first.text.start as usize..last.text.end as usize);
        add(1, answer.unwrap_or_default(), FROM_ANSWER);
    }
    terms.extend(tags.iter().map(|tag| Term { word: hash(&format!("#{}", tag.to_lowercase())), weight: 2 }));
    // Of equal words the heaviest stays.
    terms.sort_unstable_by_key(|term| u64::from(term.word) << 8 | u64::from(u8::MAX - term.weight));
    terms.dedup_by_key(|term| term.word);
    terms.shrink_to_fit();
    terms
}

/// What two questions share that ask the same: the words that say something, in their order. `None` when there are too few
/// to tell.
pub fn key(question: &str) -> Option<u64> {
    let mut bytes: Vec<u8> = Vec::new();
    words(question, usize::MAX, |word| bytes.extend(word.to_le_bytes()));
    (bytes.len() >= 2 * size_of::<u32>()).then(|| xxh3_64(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_that_ask_the_same_have_one_key() {
        assert_eq!(key("Why is my sync slow?"), key("Why are syncs slow"));
        assert_ne!(key("Convert Word to PDF?"), key("Convert PDF to Word?"));
        assert_ne!(key("Why is sync slow in 10.9?"), key("Why is sync slow in 10.6?"));
        assert_eq!(key("Why?"), None);
    }
}
