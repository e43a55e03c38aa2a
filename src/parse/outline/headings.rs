//! The headings of a page: their words, their levels, and which one is its title.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::Heading;
use crate::parse::attributes::at_end;
use crate::parse::events::Events;
use crate::parse::expand::without_inserts;
use crate::parse::parts::PartNames;
use crate::parse::slug::single_spaced;

pub(super) fn headings(text: &str, events: &Events<'_>, parts: &PartNames) -> Vec<Heading> {
    let mut headings = Vec::new();
    let mut depth = 0usize;
    let mut index = 0;
    while index < events.len() {
        match &events[index].0 {
            Event::Start(Tag::Heading { level, .. }) => {
                let start = index;
                while !matches!(events[index].0, Event::End(TagEnd::Heading(_))) {
                    index += 1;
                }
                let source = events[start].1.clone();
                let line_end = text[source.clone()].trim_end().len() + source.start;
                // A setext heading's underline is no place for attributes.
                let content_end =
                    events[start + 1..index].iter().map(|(_, range)| range.end).max().unwrap_or(source.start);
                let attributes =
                    at_end(text, source.start..content_end.max(attribute_end(text, content_end, line_end)));
                let words = plain(&events[start + 1..index], attributes.as_ref().map(|(_, range)| range));
                headings.push(Heading {
                    events: start..index + 1,
                    level: level_of(*level),
                    nested: depth > 0,
                    part: parts.find(&words),
                    text: words,
                    attributes,
                    source,
                });
            }
            Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::FootnoteDefinition(_) | Tag::DefinitionList) => {
                depth += 1
            }
            Event::End(
                TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::FootnoteDefinition | TagEnd::DefinitionList,
            ) => depth -= 1,
            _ => {}
        }
        index += 1;
    }
    headings
}

/// Trailing white space and closing number signs belong to the heading's line.
fn attribute_end(text: &str, content_end: usize, line_end: usize) -> usize {
    let line_end = line_end.max(content_end);
    let rest = text[content_end..line_end].lines().next().unwrap_or_default();
    content_end + rest.len()
}

fn level_of(level: HeadingLevel) -> u8 {
    level as u8
}

/// The words of inline events, leaving out the bytes of `without`.
pub(super) fn plain(events: &[(Event<'_>, Range<usize>)], without: Option<&Range<usize>>) -> String {
    let mut text = String::new();
    for (event, range) in events {
        match event {
            Event::Text(words) => match without {
                Some(cut) if range.start >= cut.start => {}
                Some(cut) if range.end > cut.start => {
                    text.push_str(words.get(..cut.start - range.start).unwrap_or(words))
                }
                _ => text.push_str(words),
            },
            Event::Code(words) | Event::InlineMath(words) | Event::DisplayMath(words)
                if without.is_none_or(|cut| range.start < cut.start) =>
            {
                text.push_str(words)
            }
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    single_spaced(&without_inserts(&text))
}

/// The first heading when it is of the first level and nothing precedes it.
pub(super) fn title_heading(events: &Events<'_>, headings: &[Heading]) -> Option<usize> {
    let first = headings.first().filter(|heading| heading.level == 1 && !heading.nested)?;
    let before = &events[..first.events.start];
    before
        .iter()
        .all(|(event, _)| {
            matches!(event, Event::Html(_) | Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock))
        })
        .then_some(0)
}

/// Levels as a page needs them: the title alone is the first, and none is skipped, so that the outline that a screen
/// reader gives has no holes.
pub(super) fn close_gaps(headings: &mut [Heading], title: Option<usize>) {
    let mut above: Vec<(u8, u8)> = Vec::new();
    for (index, heading) in headings.iter_mut().enumerate() {
        if Some(index) == title {
            heading.level = 1;
            continue;
        }
        while above.last().is_some_and(|(written, _)| *written >= heading.level) {
            above.pop();
        }
        let level = above.last().map_or(2, |(_, level)| (level + 1).min(6));
        above.push((heading.level, level));
        heading.level = level;
    }
}
