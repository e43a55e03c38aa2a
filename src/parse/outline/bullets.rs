//! Entries that bullets are: the items of a list at the top level that ask.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::headings::plain;
use super::{EntrySketch, Outline, PartSketch, QuestionList, asks, says_something, trimmed};
use crate::parse::attributes::at_end;
use crate::parse::events::{Events, is_inline};
use crate::parse::page::Spelling;
use crate::parse::parts::PartKind;

impl Outline {
    /// Bullets at the top level that ask, in lists in which at least half of the bullets do (in any list when `all`).
    pub(super) fn bullet_entries(&mut self, text: &str, events: &Events<'_>, all: bool) {
        let mut index = 0;
        let mut depth = 0usize;
        while index < events.len() {
            match &events[index].0 {
                Event::Start(Tag::List(None)) if depth == 0 && !self.in_entry(index) && !self.in_tree(index) => {
                    let end = list_end(events, index);
                    self.question_list(text, events, index..end, all);
                    index = end;
                    continue;
                }
                Event::Start(Tag::List(_) | Tag::BlockQuote(_) | Tag::FootnoteDefinition(_)) => depth += 1,
                Event::End(TagEnd::List(_) | TagEnd::BlockQuote(_) | TagEnd::FootnoteDefinition) => depth -= 1,
                _ => {}
            }
            index += 1;
        }
    }

    fn in_entry(&self, event: usize) -> bool {
        self.entries.iter().any(|entry| entry.spelling == Spelling::Heading && entry.answer.contains(&event))
    }

    fn question_list(&mut self, text: &str, events: &Events<'_>, list: Range<usize>, all: bool) {
        let items = items(events, &list);
        let sketches: Vec<Option<EntrySketch>> = items.iter().map(|item| self.bullet(text, events, item)).collect();
        let asking = sketches.iter().flatten().count();
        if asking == 0 || (!all && asking * 2 < items.len()) {
            return;
        }
        let mut members = Vec::new();
        for (item, sketch) in items.into_iter().zip(sketches) {
            members.push((item, sketch.as_ref().map(|_| 0)));
            self.entries.extend(sketch);
        }
        self.lists.push(QuestionList { events: list, items: members });
    }

    /// Numbers the items of the lists by their entries, once these are in order.
    pub(super) fn link_lists(&mut self) {
        for list in &mut self.lists {
            for (item, entry) in &mut list.items {
                if entry.is_some() {
                    *entry = self.entries.iter().position(|entry| entry.events == *item);
                }
            }
        }
    }

    /// The entry that a bullet is, when it asks.
    fn bullet(&self, text: &str, events: &Events<'_>, item: &Range<usize>) -> Option<EntrySketch> {
        let mut start = item.start + 1;
        if matches!(events.get(start)?.0, Event::TaskListMarker(_)) {
            start += 1;
        }
        let paragraph = matches!(events[start].0, Event::Start(Tag::Paragraph));
        let first = if paragraph { start + 1 } else { start };
        if paragraph && matches!(events[first].0, Event::TaskListMarker(_)) {
            return None;
        }
        let mut depth = 0usize;
        let mut end = first;
        while end < item.end - 1 {
            match &events[end].0 {
                Event::Start(tag) if is_inline(tag) => depth += 1,
                Event::End(_) if depth > 0 => depth -= 1,
                Event::Start(_) | Event::End(_) | Event::Html(_) | Event::Rule => break,
                // What follows the question on lines of its own is the answer.
                Event::SoftBreak | Event::HardBreak if depth == 0 && asks(&plain(&events[first..end], None)) => {
                    break;
                }
                _ => {}
            }
            end += 1;
        }
        let source = events.get(first)?.1.start..events[first..end].iter().map(|(_, range)| range.end).max()?;
        let attributes = at_end(text, source.clone());
        let question = plain(&events[first..end], attributes.as_ref().map(|(_, range)| range));
        if !asks(&question) {
            return None;
        }
        let answer = end..item.end - 1;
        let answered = says_something(&events[answer.clone()]);
        let parts = if answered {
            vec![PartSketch { kind: PartKind::Answer, number: None, heading: None, events: answer.clone() }]
        } else {
            Vec::new()
        };
        let above =
            self.headings.iter().rev().find(|h| !h.nested && h.events.start < item.start).map_or(1, |h| h.level);
        Some(EntrySketch {
            spelling: Spelling::Outline,
            question,
            attributes,
            source: trimmed(text, &source),
            heading: None,
            level: (above + 1).min(6),
            words: first..end,
            events: item.clone(),
            answer,
            parts,
            answered,
        })
    }
}

/// The index after the end of the list that begins at `start`.
pub(super) fn list_end(events: &Events<'_>, start: usize) -> usize {
    let mut depth = 0usize;
    for (index, (event, _)) in events.iter().enumerate().skip(start) {
        match event {
            Event::Start(Tag::List(_)) => depth += 1,
            Event::End(TagEnd::List(_)) => {
                depth -= 1;
                if depth == 0 {
                    return index + 1;
                }
            }
            _ => {}
        }
    }
    events.len()
}

/// The items of a list, each with its start and end event.
pub(super) fn items(events: &Events<'_>, list: &Range<usize>) -> Vec<Range<usize>> {
    let mut items = Vec::new();
    let mut depth = 0usize;
    let mut start = 0;
    for (index, (event, _)) in events.iter().enumerate().take(list.end - 1).skip(list.start + 1) {
        match event {
            Event::Start(Tag::Item) => {
                if depth == 0 {
                    start = index;
                }
                depth += 1;
            }
            Event::End(TagEnd::Item) => {
                depth -= 1;
                if depth == 0 {
                    items.push(start..index + 1);
                }
            }
            _ => {}
        }
    }
    items
}
