//! Words that mean the same on a site, from its file `synonyms.txt`.
//!
//! The format is that of Mozilla's Kitsune: a rule a line, `#` begins a comment. In `wifi, wlan, wireless network` each phrase
//! stands for the others; in `ipad, iphone => ios device, apple` those before the arrow stand for those behind it too.

use std::collections::BTreeMap;

use super::text::{Kind, Tokenizer};

/// A phrase as terms.
pub type Phrase = Vec<String>;

/// What phrases stand for.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Synonyms {
    /// By phrase, the phrases that mean the same, both as terms.
    pub rules: BTreeMap<Phrase, Vec<Phrase>>,
    /// The words of the rules: surface, and lower case.
    pub words: Vec<(String, String)>,
}

/// A line that is no rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Bytes of the line.
    pub span: std::ops::Range<usize>,
    /// What is wrong with it.
    pub message: &'static str,
}

impl Synonyms {
    /// Reads rules; what is wrong with others is told.
    pub fn parse(text: &str, tokenizer: &Tokenizer) -> (Synonyms, Vec<Mistake>) {
        let (mut synonyms, mut mistakes) = (Synonyms::default(), Vec::new());
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let start = at;
            at += line.len();
            let rule = line.split('#').next().unwrap_or_default().trim();
            if rule.is_empty() {
                continue;
            }
            let mut sides = rule.split("=>").map(|side| synonyms.phrases_of(side, tokenizer));
            let (from, to) = (sides.next().unwrap_or_default(), sides.next());
            let message = if sides.next().is_some() {
                "a rule has one arrow at most"
            } else if from.is_empty() || to.as_ref().is_some_and(Vec::is_empty) {
                "there are no words on one side of the arrow"
            } else if to.is_none() && from.len() < 2 {
                "a phrase alone is no rule; two phrases or more stand for each other, with commas between them"
            } else {
                synonyms.add(&from, to.as_ref().unwrap_or(&from));
                continue;
            };
            drop(sides);
            mistakes.push(Mistake { span: start..start + line.trim_end().len(), message });
        }
        synonyms.words.sort_unstable();
        synonyms.words.dedup();
        (synonyms, mistakes)
    }

    fn phrases_of(&mut self, side: &str, tokenizer: &Tokenizer) -> Vec<Phrase> {
        let mut phrases = Vec::new();
        for phrase in side.split(',') {
            let mut words = tokenizer.words(phrase);
            words.retain(|word| word.kind != Kind::Piece);
            if !words.is_empty() {
                phrases.push(words.iter().map(|word| word.term.clone()).collect());
            }
            self.words.extend(words.into_iter().map(|word| (word.surface, word.lower)));
        }
        phrases
    }

    fn add(&mut self, from: &[Phrase], to: &[Phrase]) {
        for phrase in from {
            let same = self.rules.entry(phrase.clone()).or_default();
            for other in to {
                if other != phrase && !same.contains(other) {
                    same.push(other.clone());
                }
            }
        }
    }

    /// Is there a rule for a word by itself?
    pub fn has(&self, term: &str) -> bool {
        !self.rules.is_empty() && self.rules.contains_key(&[term.to_owned()][..])
    }

    /// The single words that mean the same as one of `names`, with what that counts.
    pub fn words(&self, names: &[(String, f64)]) -> Vec<(String, f64)> {
        let mut same = Vec::new();
        if self.rules.is_empty() {
            return same;
        }
        for (name, weight) in names {
            for phrase in self.rules.get(&[name.clone()][..]).into_iter().flatten() {
                if let [word] = phrase.as_slice() {
                    same.push((word.clone(), *weight));
                }
            }
        }
        same
    }

    /// The phrases that stand among `terms`, each with one that it stands for; a word for a word is none.
    pub fn phrases(&self, terms: &[String]) -> Vec<(&Phrase, &Phrase)> {
        let mut found = Vec::new();
        for (from, to) in &self.rules {
            if terms.windows(from.len()).any(|window| window == from) {
                let phrases = to.iter().filter(|phrase| from.len() > 1 || phrase.len() > 1);
                found.extend(phrases.map(|phrase| (from, phrase)));
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Synonyms, Vec<Mistake>) {
        Synonyms::parse(text, &Tokenizer::new("en"))
    }

    #[test]
    fn phrases_stand_for_each_other_and_arrows_point_one_way() {
        let (synonyms, mistakes) = parse("# rules\nwifi, wireless network\nipad => tablet, ios device # one way\n");
        assert!(mistakes.is_empty());
        let phrases = |words: [&str; 2]| synonyms.phrases(&words.map(str::to_owned)).len();
        assert_eq!(
            (phrases(["my", "wifi"]), phrases(["wireless", "network"]), phrases(["wireless", "ipad"])),
            (1, 1, 1)
        );
        assert_eq!(synonyms.words(&[("ipad".into(), 0.5)]), [("tablet".to_owned(), 0.5)]);
        assert!(synonyms.has("ipad") && !synonyms.has("tablet"));
    }

    #[test]
    fn lines_that_are_no_rules_are_told() {
        let (_, mistakes) = parse("a, b\nalone\n => c\na => b => c\n");
        assert_eq!(mistakes.iter().map(|mistake| mistake.span.clone()).collect::<Vec<_>>(), [5..10, 11..16, 17..28]);
    }
}
