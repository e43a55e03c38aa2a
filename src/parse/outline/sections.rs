//! Entries that headings open: the whole page, or the section of a heading that asks.

use super::{Declared, EntrySketch, Heading, Outline, PartSketch, asks, says_something, trimmed};
use crate::parse::events::Events;
use crate::parse::page::Spelling;
use crate::parse::parts::{PartHeading, PartKind};

/// What a heading opens that names no part.
const OTHER: PartHeading = PartHeading { kind: PartKind::Other, number: None };

impl Outline {
    /// The index after the last event of the section that heading `index` opens.
    pub(super) fn section_end(&self, events: &Events<'_>, index: usize) -> usize {
        let heading = &self.headings[index];
        let next = self.headings[index + 1..].iter().find(|next| !next.nested && next.level <= heading.level);
        next.map_or(events.len(), |next| next.events.start)
    }

    pub(super) fn whole(&mut self, text: &str, events: &Events<'_>, spelling: Spelling, declared: Declared<'_>) {
        let heading = self.title.map(|title| &self.headings[title]);
        let question = match (declared.question, declared.title, heading) {
            (Some(question), _, _) => question.to_owned(),
            (None, Some(title), _) => title.to_owned(),
            (None, None, Some(heading)) => heading.text.clone(),
            (None, None, None) => String::new(),
        };
        let start = heading.map_or(0, |heading| heading.events.end);
        let source = heading.map_or(0..text.lines().next().map_or(0, str::len), |heading| heading.source.clone());
        let answer = start..events.len();
        let candidates: Vec<(usize, PartHeading, u8)> = self
            .headings
            .iter()
            .enumerate()
            .filter(|(index, heading)| !heading.nested && Some(*index) != self.title)
            .filter_map(|(index, heading)| Some((index, heading.part?, heading.level)))
            .collect();
        let strong = candidates.iter().filter(|(_, part, _)| part.kind.is_strong()).map(|(_, _, level)| *level).min();
        let level = strong.or_else(|| candidates.iter().map(|(_, _, level)| *level).min());
        let mut parts = Vec::new();
        let mut intro_end = events.len();
        if let Some(level) = level {
            for index in 0..self.headings.len() {
                let heading = &self.headings[index];
                if heading.nested || heading.level > level || Some(index) == self.title {
                    continue;
                }
                intro_end = intro_end.min(heading.events.start);
                let named = heading.part.unwrap_or(OTHER);
                // A section above the level of the parts ends where they begin.
                let next = self.headings[index + 1..].iter().find(|next| !next.nested && next.level <= level);
                let end = next.map_or(events.len(), |next| next.events.start);
                parts.push(PartSketch {
                    kind: named.kind,
                    number: named.number,
                    heading: Some(index),
                    events: heading.events.end..end,
                });
            }
        }
        if says_something(&events[start..intro_end]) {
            parts.insert(
                0,
                PartSketch { kind: PartKind::Answer, number: None, heading: None, events: start..intro_end },
            );
        }
        self.entries.push(EntrySketch {
            spelling,
            question,
            attributes: None,
            source,
            heading: None,
            level: 1,
            words: start..start,
            events: answer.clone(),
            answered: parts.iter().any(|part| says_something(&events[part.events.clone()])),
            answer,
            parts,
        });
    }

    pub(super) fn heading_entries(&mut self, text: &str, events: &Events<'_>, level: Option<u8>) {
        let is_question = |heading: &Heading| {
            (asks(&heading.text) && heading.part.is_none()) || level.is_some_and(|level| heading.level == level)
        };
        let found: Vec<usize> = (0..self.headings.len())
            .filter(|&index| {
                let heading = &self.headings[index];
                !heading.nested && Some(index) != self.title && is_question(heading)
            })
            .collect();
        for (position, &index) in found.iter().enumerate() {
            let end = self.section_end(events, index);
            let next = found.get(position + 1).map(|&next| self.headings[next].events.start);
            let inner = next.filter(|next| *next < end);
            let end = inner.unwrap_or(end);
            let heading = &self.headings[index];
            let answer = heading.events.end..end;
            let answered = says_something(&events[answer.clone()]);
            // A heading that asks and holds only questions is the name of a group.
            if inner.is_some() && !answered {
                continue;
            }
            let mut parts = Vec::new();
            let inside = |h: &Heading| !h.nested && h.events.start >= answer.start && h.events.start < end;
            let part_level = self.headings.iter().filter(|h| inside(h) && h.part.is_some()).map(|h| h.level).min();
            let mut intro_end = end;
            for (part_index, part) in
                self.headings.iter().enumerate().filter(|(_, h)| inside(h) && Some(h.level) == part_level)
            {
                intro_end = intro_end.min(part.events.start);
                let named = part.part.unwrap_or(OTHER);
                let part_end = self.section_end(events, part_index).min(end);
                parts.push(PartSketch {
                    kind: named.kind,
                    number: named.number,
                    heading: Some(part_index),
                    events: part.events.end..part_end,
                });
            }
            if says_something(&events[answer.start..intro_end]) {
                parts.insert(
                    0,
                    PartSketch { kind: PartKind::Answer, number: None, heading: None, events: answer.start..intro_end },
                );
            }
            self.entries.push(EntrySketch {
                spelling: Spelling::Heading,
                question: heading.text.clone(),
                attributes: heading.attributes.clone(),
                source: trimmed(text, &heading.source),
                heading: Some(index),
                level: heading.level,
                words: heading.events.clone(),
                events: heading.events.start..end,
                answer,
                parts,
                answered,
            });
        }
    }
}
