//! What a finding is known by from one run to the next, wherever its lines have moved.
//!
//! A fingerprint is made of the rule, the file, the words of the message (which name what is wrong and hold no line), the
//! text that is pointed at, and how many findings of the file are alike before it.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_64;

use crate::diagnostics::{Diagnostic, Place};
use crate::source::Sources;

/// The fingerprint of each of `diagnostics`, in their order: 16 hexadecimal digits, a colon, and a number from 1.
///
/// The same finding has the same fingerprint in every run over the same site, from whatever folder it is started.
pub fn fingerprints(sources: &Sources, diagnostics: &[&Diagnostic]) -> Vec<String> {
    let mut alike: HashMap<u64, usize> = HashMap::new();
    let one = |diagnostic: &&Diagnostic| {
        let (path, text) = match &diagnostic.place {
            Place::Span(span) => {
                let text = sources.text(span.file).get(span.range()).unwrap_or_default();
                (sources.path(span.file), text)
            }
            Place::Path(path) | Place::Elsewhere(path) => (path.as_str(), ""),
        };
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let hash = xxh3_64([diagnostic.rule.name, path, &diagnostic.message, &words].join("\0").as_bytes());
        let number = alike.entry(hash).or_default();
        *number += 1;
        format!("{hash:016x}:{number}")
    };
    diagnostics.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{FileId, Span, rule};
    use crate::source::SourceFile;

    fn of(text: &str, word: &str) -> Vec<String> {
        let mut sources = Sources::default();
        sources.files.push(SourceFile { path: "a.md".into(), text: text.into() });
        let spans = text.match_indices(word).map(|(at, word)| Span::new(FileId(0), at..at + word.len()));
        let all: Vec<_> = spans.map(|span| Diagnostic::at(&rule::BROKEN_LINK, span, "nothing there")).collect();
        fingerprints(&sources, &all.iter().collect::<Vec<_>>())
    }

    #[test]
    fn a_finding_is_known_where_it_moves() {
        assert_eq!(of("[x](y z)", "y z"), of("\n\nMore.\n\n[x](y\n  z)", "y\n  z"));
        assert_ne!(of("[x](y)", "y"), of("[x](w)", "w"));
    }

    #[test]
    fn findings_that_are_alike_are_numbered() {
        let both = of("[x](y) [x](y)", "y");
        assert_ne!(both[0], both[1]);
        assert_eq!(both[0], of("[x](y)", "y")[0]);
    }
}
