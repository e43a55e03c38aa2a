//! Does a reader find what the site's author wants found? Runs the tests in the site's `search-tests.yaml`.
//!
//! In steps: cut the file into its items, each a mapping with `query`, `expect` and `top`; find the units that each expects;
//! ask; report what is not found where it should be, at the item's own line.

use std::ops::Range;

use rayon::prelude::*;
use serde_json::Value;

use super::catalogue::Catalogue;
use super::rank::{Found, Searcher};
use crate::diagnostics::{Diagnostic, FileId, Sink, Span, rule};
use crate::parse::Parsed;
use crate::parse::yaml::{self, Document, Notation};
use crate::source::Sources;

/// Among how many of the first results an expected one must be, where a test does not say.
const TOP: usize = 3;
/// What a test expects that is to find nothing that fits.
const NOTHING: &str = "nothing";

/// A test that can be run.
struct Test {
    query: String,
    /// Numbers of units; one of them must be found. None when nothing is to fit.
    expect: Vec<usize>,
    top: usize,
    span: Span,
}

/// Runs the tests of a site; mistakes in them and those that fail are reported.
pub fn check(sources: &Sources, parsed: &Parsed, catalogue: &Catalogue) -> Sink {
    let Some(file) = sources.search_tests else { return Sink::new() };
    let text = sources.text(file);
    let mut sink = Sink::new();
    let mut tests = Vec::new();
    for item in items(text) {
        match item {
            Ok(item) => tests.extend(item.test(file, sources, parsed, catalogue, &mut sink)),
            Err(range) => sink.push(
                Diagnostic::at(&rule::INVALID_SEARCH_TESTS, Span::new(file, range), "this line belongs to no test")
                    .help("a test begins with `- query: …` at the start of a line"),
            ),
        }
    }
    let searcher = catalogue.searcher();
    sink.par_extend(tests.into_par_iter().filter_map(|test| test.fails(&searcher, catalogue)));
    sink
}

/// An item of the list.
#[derive(Debug, Default, PartialEq, Eq)]
struct Item {
    /// Its lines without the two columns of the dash.
    text: String,
    /// Where each line begins, in this text and in the file.
    lines: Vec<(usize, usize)>,
}

/// The items of the list, and the lines before the first that are none.
fn items(text: &str) -> Vec<Result<Item, Range<usize>>> {
    let mut items: Vec<Result<Item, Range<usize>>> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let shown = line.trim_start_matches('\u{FEFF}');
        let start = at + line.len() - shown.len();
        at += line.len();
        let rest = shown.strip_prefix("- ").or_else(|| shown.strip_prefix("  ")).unwrap_or(shown);
        if shown.starts_with("- ") {
            items.push(Ok(Item::default()));
        }
        if let Some(Ok(item)) = items.last_mut() {
            item.lines.push((item.text.len(), start + shown.len() - rest.len()));
            item.text.push_str(rest);
        } else if !shown.trim().is_empty() && !shown.starts_with('#') && shown.trim() != "---" {
            items.push(Err(start..start + shown.trim_end().len()));
        }
    }
    items
}

impl Item {
    /// Where bytes of the item are in the file.
    fn span(&self, file: FileId, range: &Range<usize>) -> Span {
        let place = |at: usize| {
            let line = self.lines.partition_point(|(start, _)| *start <= at).saturating_sub(1);
            let (start, in_file) = self.lines[line];
            in_file + at - start
        };
        Span::new(file, place(range.start)..place(range.end))
    }

    fn test(
        &self,
        file: FileId,
        sources: &Sources,
        parsed: &Parsed,
        catalogue: &Catalogue,
        sink: &mut Sink,
    ) -> Option<Test> {
        let before = sink.len();
        let document = match yaml::read(&self.text, Notation::Yaml) {
            Ok(document) => document,
            Err(malformed) => {
                let place = self.span(file, &malformed.range);
                let mut diagnostic = Diagnostic::at(&rule::INVALID_SEARCH_TESTS, place, malformed.message);
                diagnostic.help = malformed.help;
                sink.push(diagnostic);
                return None;
            }
        };
        let mut wrong = |place: Span, message: String| {
            sink.push(Diagnostic::at(&rule::INVALID_SEARCH_TESTS, place, message));
        };
        for (second, _) in &document.repeated {
            wrong(self.span(file, second), format!("`{}` stands twice", &self.text[second.clone()]));
        }
        for key in document.values.keys().filter(|key| !["query", "expect", "top"].contains(&key.as_str())) {
            wrong(
                self.place(file, &document, key),
                format!("`{key}` is not a key of a test: it has `query`, `expect` and `top`"),
            );
        }
        let query = match document.values.get("query") {
            Some(Value::String(query)) if !query.trim().is_empty() => query.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => {
                wrong(self.place(file, &document, "query"), "a test needs a `query`, the words of a reader".into());
                String::new()
            }
        };
        let top = match document.values.get("top") {
            None => TOP,
            Some(top) => {
                top.as_u64().filter(|top| *top > 0).and_then(|top| usize::try_from(top).ok()).unwrap_or_else(|| {
                    wrong(self.place(file, &document, "top"), "`top` takes a number of results, 1 or more".into());
                    TOP
                })
            }
        };
        let place = self.place(file, &document, "expect");
        let addresses: Vec<&str> = match document.values.get("expect") {
            Some(Value::String(address)) => vec![address],
            Some(Value::Array(addresses)) => addresses.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        if addresses.is_empty() {
            wrong(place, format!("a test needs `expect`, the address of an entry, a list of them, or `{NOTHING}`"));
        }
        let mut expect = Vec::new();
        for address in addresses.into_iter().filter(|address| *address != NOTHING) {
            let found = named(address, sources, parsed, catalogue);
            if found.is_empty() {
                wrong(place, format!("no page or entry answers to `{address}`"));
            }
            expect.extend(found);
        }
        (sink.len() == before).then(|| Test { query, expect, top, span: self.place(file, &document, "query") })
    }

    /// Where the value of a key stands, or else the item.
    fn place(&self, file: FileId, document: &Document, key: &str) -> Span {
        match document.fields.get(key) {
            Some(field) if field.value.is_empty() => self.span(file, &field.key),
            Some(field) => self.span(file, &field.value),
            None => self.span(file, &(0..self.text.lines().next().unwrap_or_default().trim_end().len())),
        }
    }
}

/// The units that an address names: an entry, or all entries of a page. It is an address of the site or a source path.
fn named(address: &str, sources: &Sources, parsed: &Parsed, catalogue: &Catalogue) -> Vec<usize> {
    let bare = |path: &str| path.trim_end_matches("index.html").trim_matches('/').to_owned();
    let (path, fragment) = address.split_once('#').unwrap_or((address, ""));
    let wanted = bare(path);
    let units = catalogue.units.iter().enumerate().filter(|(_, unit)| {
        let page = &parsed.pages[unit.page];
        let output = unit.url.split('#').next().unwrap_or_default();
        let source = sources.content_path(page.file).unwrap_or_default();
        let id = unit.entry.map_or("", |entry| page.entries[entry].id.as_str());
        (bare(output) == wanted || source == wanted) && (fragment.is_empty() || fragment == id)
    });
    units.map(|(number, _)| number).collect()
}

impl Test {
    /// Why the test fails, if it does.
    fn fails(&self, searcher: &Searcher, catalogue: &Catalogue) -> Option<Diagnostic> {
        let Found { hits, fits } = searcher.search(&self.query);
        let first = hits
            .first()
            .map_or_else(|| "nothing".to_owned(), |hit| format!("“{}”", catalogue.units[hit.unit as usize].title));
        let rank = hits.iter().position(|hit| self.expect.contains(&(hit.unit as usize)));
        let message = match (rank, fits) {
            (_, true) if self.expect.is_empty() => format!("nothing should fit, and {first} is found"),
            (None, false) if self.expect.is_empty() => return None,
            (Some(rank), true) if rank < self.top => return None,
            (Some(rank), true) => format!("{first} is found first, the expected entry is number {}", rank + 1),
            (None, true) => format!("{first} is found first, the expected entry not at all"),
            (_, false) => format!("nothing that fits is found, the nearest is {first}"),
        };
        let help = "give the entry the reader's words, as `aka:` or `keywords:`, or in `synonyms.txt`";
        Some(Diagnostic::at(&rule::SEARCH_TEST_FAILED, self.span, message).help(help))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_cut_into_its_items() {
        let text = "# ours\nstray\n- query: a\n  expect: /b/\n\n- query: c\n";
        let items = items(text);
        assert_eq!(items[0], Err(7..12));
        let Ok(item) = &items[1] else { panic!("an item") };
        assert_eq!(item.text, "query: a\nexpect: /b/\n\n");
        assert_eq!(item.span(FileId(0), &(9..15)).range(), 26..32);
        assert_eq!(items.len(), 3);
    }
}
