//! The entries of a page, from its outline, its front matter and the braces behind its questions.

use super::body::Rendered;
use super::date;
use super::expand::Expanded;
use super::front_matter::{self, FrontMatter};
use super::identity::{FORMER, Given};
use super::likeness;
use super::outline::Outline;
use super::page::{Entry, Message, Part};
use crate::diagnostics::{Diagnostic, FileId, Sink, Span, nearest, rule};

/// What is known of a page before its entries are put together.
pub struct Known<'a> {
    /// Which events are what.
    pub outline: &'a Outline,
    /// The ids of the outline.
    pub ids: &'a Given,
    /// What the front matter says.
    pub matter: &'a FrontMatter,
    /// The title.
    pub title: &'a str,
    /// Where the title stands.
    pub title_span: Span,
    /// The way back to the sources.
    pub expanded: &'a Expanded<'a>,
}

/// The entries of a page, without what only rendering tells.
pub fn entries(known: &Known<'_>, sink: &mut Sink) -> Vec<Entry> {
    let Known { outline, ids, matter, title, title_span, expanded } = known;
    let mut entries = Vec::with_capacity(ids.entries.len());
    for (sketch, id) in outline.entries.iter().zip(&ids.entries) {
        let whole = sketch.spelling.is_page();
        let span = match (whole, matter.places.get("question")) {
            (true, Some(place)) => *place,
            (true, None) => *title_span,
            (false, _) => expanded.span(&sketch.source),
        };
        let parts = sketch
            .parts
            .iter()
            .map(|part| Part {
                kind: part.kind,
                number: part.number,
                title: part.heading.map_or_else(String::new, |heading| outline.headings[heading].text.clone()),
                id: part.heading.map(|heading| ids.headings[heading].clone()),
                text: 0..0,
            })
            .collect();
        let mut entry = Entry {
            id: id.clone(),
            question: if sketch.question.is_empty() { (*title).to_owned() } else { sketch.question.clone() },
            spelling: sketch.spelling,
            span,
            has_own_id: false,
            has_answer: sketch.answered,
            parts,
            messages: if whole { matter.errors.clone() } else { Vec::new() },
            todo: None,
            state: matter.state,
            owner: matter.owner.clone(),
            reviewed: matter.reviewed,
            review_every: matter.review_every,
            applies_to: matter.applies_to.clone(),
            aka: if whole { matter.aka.clone() } else { Vec::new() },
            link_names: Vec::new(),
            related: Vec::new(),
            terms: Vec::new(),
            key: likeness::key(if sketch.question.is_empty() { title } else { &sketch.question }),
        };
        if let Some((attributes, _)) = &sketch.attributes {
            entry.has_own_id = attributes.id.as_ref().is_some_and(|(given, _)| given == id);
            for (key, value, range) in &attributes.pairs {
                attribute(&mut entry, key, value, expanded.span(range), sink);
            }
        }
        entries.push(entry);
    }
    entries
}

/// Takes one `key=value` of a question's braces.
fn attribute(entry: &mut Entry, key: &str, value: &str, span: Span, sink: &mut Sink) {
    let list = || value.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty());
    let mut wrong = |wants: &str| {
        sink.push(Diagnostic::at(&rule::WRONG_TYPE, span, format!("`{key}` takes {wants}, not `{value}`")));
    };
    match key {
        "owner" => entry.owner = Some(value.to_owned()),
        "applies" | "applies_to" => entry.applies_to = list().collect(),
        "aka" => entry.aka.extend(list()),
        "related" => entry.related.extend(list().map(|item| (item, span))),
        "link_names" => entry.link_names.extend(list()),
        "reviewed" => match date::day(value) {
            Some(day) => entry.reviewed = Some(day),
            None => wrong("a day such as 2026-10-01"),
        },
        "review_every" => match date::interval(value) {
            Some(interval) => entry.review_every = Some(interval),
            None => wrong("a number with d, w, m or y, such as 6m"),
        },
        "state" => match front_matter::declared_state(value) {
            Some(state) => entry.state = Some(state),
            None => wrong("draft, answered or outdated"),
        },
        // Read with the ids.
        FORMER => {}
        _ => {
            let known =
                ["owner", "applies", "aka", "link_names", "reviewed", "review_every", "state", "related", FORMER];
            if let Some(near) = nearest(key, known) {
                let diagnostic =
                    Diagnostic::at(&rule::UNKNOWN_FIELD, span, format!("`{key}` is not an attribute of a question"));
                sink.push(diagnostic.help(format!("did you mean `{near}`?")));
            }
        }
    }
}

/// Adds to the entries what only rendering tells: the words of their parts, their messages, their first `TODO`.
pub fn complete(entries: &mut [Entry], outline: &Outline, tags: &[String], rendered: &Rendered) {
    let offset = |event: usize| rendered.cuts.get(&event).copied().unwrap_or(rendered.text.len());
    for (entry, sketch) in entries.iter_mut().zip(&outline.entries) {
        for (part, sketch) in entry.parts.iter_mut().zip(&sketch.parts) {
            let range = offset(sketch.events.start)..offset(sketch.events.end);
            part.text = Span::new(FileId(0), range).start..Span::new(FileId(0), offset(sketch.events.end)..0).start;
        }
    }
    for code in rendered.code.iter().filter(|code| code.language == "error") {
        if let Some(entry) = code.entry.and_then(|number| entries.get_mut(number)) {
            entry.messages.push(Message { code: None, text: code.code.trim_end().to_owned() });
        }
    }
    for (number, span) in &rendered.todos {
        if let Some(entry) = entries.get_mut(*number) {
            entry.todo.get_or_insert(*span);
        }
    }
    for entry in entries {
        entry.terms = likeness::terms(entry, tags, &rendered.text);
    }
}
