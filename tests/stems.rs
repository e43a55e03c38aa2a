//! The stemmers of the browser, `static/unstick/search/stem-*.js`, agree with the crate `rust-stemmers`.
//!
//! What the index calls a word and what a query calls it must be the same. `tests/search/stems.txt` lists words and their
//! stems for both homes: here the crate answers for them, in `tests/search/stem.test.mjs` the scripts do. Beyond these,
//! words are made from pieces of the listed ones, and, where Node is installed, both are asked about all of them.
//! `UNSTICK_REWRITE=1` writes the stems anew, to which words can be added without any.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use rust_stemmers::{Algorithm, Stemmer};
use unstick::default_theme::STATIC;
use unstick::render::lean::lean;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Made words for each language.
const MADE: usize = 100_000;

/// The longest made word, in characters, as in the index.
const LONGEST: usize = 40;

fn stemmer(language: &str) -> Stemmer {
    Stemmer::create(match language {
        "ar" => Algorithm::Arabic,
        "da" => Algorithm::Danish,
        "de" => Algorithm::German,
        "en" => Algorithm::English,
        "es" => Algorithm::Spanish,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "hu" => Algorithm::Hungarian,
        "it" => Algorithm::Italian,
        "nl" => Algorithm::Dutch,
        "no" => Algorithm::Norwegian,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "sv" => Algorithm::Swedish,
        other => panic!("no stemmer for `{other}`"),
    })
}

/// The listed words by language.
fn listed(text: &str) -> BTreeMap<&str, Vec<&str>> {
    let mut languages: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut language = "";
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(code) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            language = code;
        } else {
            languages.entry(language).or_default().extend(line.split(' ').next());
        }
    }
    languages
}

#[test]
fn listed_words_have_the_stems_of_the_crate() {
    let path = Path::new(ROOT).join("tests/search/stems.txt");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut expected = String::new();
    let mut stems = None;
    for line in text.lines() {
        if let Some(code) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            stems = Some(stemmer(code));
        }
        match (&stems, line.split(' ').next()) {
            (Some(stems), Some(word)) if word.chars().next().is_some_and(char::is_alphabetic) => {
                writeln!(expected, "{word} {}", stems.stem(word)).unwrap();
            }
            _ => writeln!(expected, "{line}").unwrap(),
        }
    }
    if std::env::var_os("UNSTICK_REWRITE").is_some() {
        std::fs::write(&path, &expected).unwrap();
    } else {
        let wrong: Vec<_> = text.lines().zip(expected.lines()).filter(|(listed, right)| listed != right).collect();
        assert!(wrong.is_empty(), "as listed, and as the crate stems them: {wrong:#?}");
    }
}

/// A seeded generator, SplitMix64.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % limit as u64) as usize
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// The beginning of one word, the ends of one or two others, and now and then a letter of another language.
fn made(words: &[Vec<char>], letters: &[char], random: &mut Random) -> String {
    let first = random.of(words);
    let mut word = first[..random.below(first.len() + 1)].to_vec();
    for _ in 0..=random.below(2) {
        let other = random.of(words);
        word.extend(&other[random.below(other.len())..]);
    }
    if random.below(8) == 0 {
        let at = random.below(word.len());
        word[at] = *random.of(letters);
    }
    word.into_iter().take(LONGEST).collect()
}

#[test]
fn the_browser_stems_as_the_crate_does() {
    let text = std::fs::read_to_string(Path::new(ROOT).join("tests/search/stems.txt")).unwrap();
    // As they are written into sites.
    let scripts = tempfile::tempdir().unwrap();
    for (path, bytes) in STATIC.iter().filter(|(path, _)| path.starts_with("unstick/search/")) {
        std::fs::write(scripts.path().join(&path["unstick/search/".len()..]), lean(path, bytes)).unwrap();
    }
    let node = Command::new("node")
        .arg(Path::new(ROOT).join("tests/search/stems.mjs"))
        .env("UNSTICK_SCRIPTS", scripts.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let mut node = match node {
        Ok(node) => node,
        Err(error) => {
            println!("skipped, because Node cannot be run: {error}");
            return;
        }
    };
    let languages = listed(&text);
    let mut letters: Vec<char> = languages.values().flatten().flat_map(|word| word.chars()).collect();
    letters.sort_unstable();
    letters.dedup();
    letters.extend(['\u{10428}', '\u{1E922}', '語', 'ж', 'ß']);

    let mut random = Random(20);
    let mut lines = String::new();
    for (language, words) in &languages {
        let words: Vec<Vec<char>> = words.iter().map(|word| word.chars().collect()).collect();
        for _ in 0..MADE {
            writeln!(lines, "{language} {}", made(&words, &letters, &mut random)).unwrap();
        }
    }
    let mut input = node.stdin.take().unwrap();
    let (output, expected) = std::thread::scope(|scope| {
        scope.spawn(|| {
            input.write_all(lines.as_bytes()).unwrap();
            drop(input);
        });
        let output = scope.spawn(|| node.wait_with_output().unwrap());
        let stemmers: BTreeMap<_, _> = languages.keys().map(|language| (*language, stemmer(language))).collect();
        let stem = |(language, word): (&str, &str)| stemmers[language].stem(word).into_owned();
        let expected: Vec<String> = lines.lines().map(|line| stem(line.split_once(' ').unwrap())).collect();
        (output.join().unwrap(), expected)
    });
    assert!(output.status.success());
    let output = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.lines().count(), expected.len());
    let mut wrong = lines.lines().zip(output.lines()).zip(&expected).filter(|((_, browser), krate)| browser != krate);
    let first: Vec<_> = wrong.by_ref().take(20).collect();
    assert!(first.is_empty(), "and {} more: word, stem in the browser, stem of the crate: {first:#?}", wrong.count());
}
