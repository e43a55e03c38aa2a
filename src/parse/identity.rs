//! Ids of headings and entries: those that authors give first, then those that are made from the words.

use std::collections::BTreeMap;

use super::expand::Expanded;
use super::outline::Outline;
use super::slug::{Ids, is_safe_id};
use crate::diagnostics::{Diagnostic, Place, Sink, Span, rule};

/// Ids in the order of the outline.
pub struct Given {
    /// Those of its headings.
    pub headings: Vec<String>,
    /// Those of its entries.
    pub entries: Vec<String>,
    /// Those of the questions of its trees.
    pub trees: Vec<Vec<String>>,
    /// Former ids by the id that they have become.
    pub former: BTreeMap<String, Vec<String>>,
}

/// Takes the ids that authors give, keyed by the place of what carries them.
pub fn claim(expanded: &Expanded<'_>, outline: &Outline, ids: &mut Ids, sink: &mut Sink) -> BTreeMap<usize, String> {
    let headings = outline.headings.iter().map(|heading| (heading.source.start, &heading.attributes));
    let bullets = outline.entries.iter().filter(|e| e.heading.is_none()).map(|e| (e.source.start, &e.attributes));
    let asked = outline.trees.iter().flat_map(|tree| &tree.questions).map(|q| (q.source.start, &q.attributes));
    let mut explicit = BTreeMap::new();
    let mut first: BTreeMap<String, Span> = BTreeMap::new();
    let mut all: Vec<_> = headings.chain(bullets).chain(asked).collect();
    all.sort_by_key(|(at, _)| *at);
    for (at, attributes) in all {
        let Some((id, range)) = attributes.as_ref().and_then(|(attributes, _)| attributes.id.as_ref()) else {
            continue;
        };
        let span = expanded.span(range);
        if !is_safe_id(id) {
            let diagnostic = Diagnostic::at(&rule::INVALID_ID, span, format!("`{id}` cannot be an id"));
            sink.push(
                diagnostic.help("use letters, digits, `-`, `_` and `.`; until then the id is made from the words"),
            );
        } else if ids.claim(id) {
            first.insert(id.clone(), span);
            explicit.insert(at, id.clone());
        } else {
            let mut diagnostic =
                Diagnostic::at(&rule::DUPLICATE_ID, span, format!("the id `{id}` stands twice on this page"));
            if let Some(place) = first.get(id) {
                diagnostic = diagnostic.related(Place::Span(*place), "first given here");
            }
            sink.push(diagnostic.help("give one of them another id; links reach the first"));
        }
    }
    explicit
}

/// Takes the former ids that authors give as `aliases="old older"`, keyed by the place of what carries them.
pub fn claim_former(
    expanded: &Expanded<'_>,
    outline: &Outline,
    ids: &mut Ids,
    sink: &mut Sink,
) -> BTreeMap<usize, Vec<String>> {
    let headings = outline.headings.iter().map(|heading| (heading.source.start, &heading.attributes));
    let bullets = outline.entries.iter().filter(|e| e.heading.is_none()).map(|e| (e.source.start, &e.attributes));
    let asked = outline.trees.iter().flat_map(|tree| &tree.questions).map(|q| (q.source.start, &q.attributes));
    let mut former: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (at, attributes) in headings.chain(bullets).chain(asked) {
        let pairs = attributes.iter().flat_map(|(attributes, _)| &attributes.pairs);
        for (_, value, range) in pairs.filter(|(key, ..)| key == FORMER) {
            for id in value.split([',', ' ']).map(|id| id.trim_start_matches('#')).filter(|id| !id.is_empty()) {
                let span = expanded.span(range);
                if !is_safe_id(id) {
                    sink.push(Diagnostic::at(&rule::INVALID_ID, span, format!("`{id}` cannot be an id")));
                } else if ids.claim(id) {
                    former.entry(at).or_default().push(id.to_owned());
                } else {
                    let message = format!("the former id `{id}` is an id of this page already");
                    let help = "delete it from the `aliases`: links reach what has the id now";
                    sink.push(Diagnostic::at(&rule::DUPLICATE_ID, span, message).help(help));
                }
            }
        }
    }
    former
}

/// The attribute with former ids.
pub const FORMER: &str = "aliases";

/// Ids for headings and entries, in the order of the page.
pub fn give(
    outline: &Outline,
    explicit: &BTreeMap<usize, String>,
    mut old: BTreeMap<usize, Vec<String>>,
    anchor: &str,
    ids: &mut Ids,
) -> Given {
    enum Carrier {
        Heading(usize),
        Entry(usize),
        Asked(usize, usize),
    }
    let mut carriers: Vec<(usize, Carrier)> = Vec::new();
    carriers
        .extend(outline.headings.iter().enumerate().map(|(n, heading)| (heading.source.start, Carrier::Heading(n))));
    let bullets =
        outline.entries.iter().enumerate().filter(|(_, entry)| entry.heading.is_none() && !entry.spelling.is_page());
    carriers.extend(bullets.map(|(n, entry)| (entry.source.start, Carrier::Entry(n))));
    for (tree, sketch) in outline.trees.iter().enumerate() {
        let asked = sketch.questions.iter().enumerate();
        carriers.extend(asked.map(|(n, question)| (question.source.start, Carrier::Asked(tree, n))));
    }
    carriers.sort_by_key(|(at, _)| *at);
    let mut trees: Vec<Vec<String>> =
        outline.trees.iter().map(|tree| vec![String::new(); tree.questions.len()]).collect();
    let mut headings = vec![String::new(); outline.headings.len()];
    let mut entries: Vec<String> = outline.entries.iter().map(|_| anchor.to_owned()).collect();
    let mut former = BTreeMap::new();
    for (at, carrier) in carriers {
        let given = explicit.get(&at).cloned();
        let id = match carrier {
            Carrier::Heading(n) if outline.title == Some(n) => anchor.to_owned(),
            Carrier::Heading(n) => given.unwrap_or_else(|| ids.make(&outline.headings[n].text)),
            Carrier::Entry(n) => given.unwrap_or_else(|| ids.make(&outline.entries[n].question)),
            Carrier::Asked(tree, n) => given.unwrap_or_else(|| ids.make(&outline.trees[tree].questions[n].text)),
        };
        if let Some(old) = old.remove(&at) {
            former.insert(id.clone(), old);
        }
        match carrier {
            Carrier::Heading(n) => headings[n] = id,
            Carrier::Entry(n) => entries[n] = id,
            Carrier::Asked(tree, n) => trees[tree][n] = id,
        }
    }
    for (n, entry) in outline.entries.iter().enumerate() {
        if let Some(heading) = entry.heading {
            entries[n].clone_from(&headings[heading]);
        }
    }
    Given { headings, entries, trees, former }
}
