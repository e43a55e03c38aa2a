//! Where the entries of a page are: its structure, read off the Markdown events before anything is rendered.
//!
//! In steps: collect the headings and the top-level bullet lists; decide what the page is (a record, an article, questions,
//! or prose); lay out the entries with their questions, answers and parts as ranges of events. Ranges are all this file
//! makes: ids, texts and HTML come later.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};

use super::Spelling;
use super::attributes::{Attributes, at_end};
use super::events::Events;
use super::expand::without_inserts;
use super::front_matter::PageType;
use super::parts::{PartHeading, PartKind, PartNames};

/// A heading of the page.
#[derive(Debug)]
pub struct Heading {
    /// Its events, start and end included.
    pub events: Range<usize>,
    /// 2 to 6, as written in the output: the title of the page is the only first level.
    pub level: u8,
    /// Does it stand in a list or a quotation?
    pub nested: bool,
    /// Its words, without attributes.
    pub text: String,
    /// What the braces at its end say, and the bytes they stand on.
    pub attributes: Option<(Attributes, Range<usize>)>,
    /// Its bytes in the Markdown.
    pub source: Range<usize>,
}

/// A part of an answer.
#[derive(Debug, Clone)]
pub struct PartSketch {
    /// What it says.
    pub kind: PartKind,
    /// Its number among parts of its kind, if its heading has one.
    pub number: Option<u32>,
    /// Its heading, as an index into the headings.
    pub heading: Option<usize>,
    /// Its events, heading left out.
    pub events: Range<usize>,
}

/// An entry of the page.
#[derive(Debug)]
pub struct EntrySketch {
    /// How it is written.
    pub spelling: Spelling,
    /// The question in words.
    pub question: String,
    /// Attributes behind the question, and the bytes they stand on.
    pub attributes: Option<(Attributes, Range<usize>)>,
    /// The question's bytes in the Markdown.
    pub source: Range<usize>,
    /// Its heading, as an index into the headings.
    pub heading: Option<usize>,
    /// Level of the question in the output.
    pub level: u8,
    /// Events of a bullet's question.
    pub words: Range<usize>,
    /// Events of the whole entry.
    pub events: Range<usize>,
    /// Events of the answer.
    pub answer: Range<usize>,
    /// Parts of the answer, in order; never empty when there is an answer.
    pub parts: Vec<PartSketch>,
    /// Does the answer say anything?
    pub answered: bool,
}

/// A list at the top level of the page that is (in part) a list of questions.
#[derive(Debug)]
pub struct QuestionList {
    /// Its events, start and end included.
    pub events: Range<usize>,
    /// Its items: events, and the entry that the item is.
    pub items: Vec<(Range<usize>, Option<usize>)>,
}

/// The structure of a page.
#[derive(Debug, Default)]
pub struct Outline {
    /// The heading that repeats the title, as an index into `headings`.
    pub title: Option<usize>,
    /// All headings.
    pub headings: Vec<Heading>,
    /// The entries, in order.
    pub entries: Vec<EntrySketch>,
    /// The lists of questions.
    pub lists: Vec<QuestionList>,
}

/// What the front matter says that matters here.
#[derive(Debug, Clone, Copy)]
pub struct Declared<'a> {
    /// `question`
    pub question: Option<&'a str>,
    /// `type`
    pub page_type: Option<PageType>,
    /// `title`
    pub title: Option<&'a str>,
    /// Does the page stand for a folder?
    pub is_index: bool,
}

/// Reads the structure of a page from its events over `text`.
pub fn outline(text: &str, events: &Events<'_>, declared: Declared<'_>, parts: &PartNames) -> Outline {
    let mut headings = headings(text, events);
    let title = title_heading(events, &headings);
    close_gaps(&mut headings, title);
    let mut outline = Outline { title, headings, ..Outline::default() };
    let kind = classify(text, events, &outline, declared, parts);
    match kind {
        Kind::Whole(spelling) => outline.whole(text, events, spelling, declared, parts),
        Kind::Questions { level } => {
            outline.heading_entries(text, events, level, parts);
            outline.bullet_entries(text, events, declared.page_type == Some(PageType::Faq));
            outline.entries.sort_by_key(|entry| entry.events.start);
            outline.link_lists();
        }
    }
    if outline.entries.is_empty() && !declared.is_index {
        outline.whole(text, events, Spelling::Prose, declared, parts);
    }
    outline
}

/// Levels as a page needs them: the title alone is the first, and none is skipped, so that the outline that a screen
/// reader gives has no holes.
fn close_gaps(headings: &mut [Heading], title: Option<usize>) {
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

enum Kind {
    /// The page is one entry.
    Whole(Spelling),
    /// The page holds questions; on a page of `type: faq` every heading of this level is one.
    Questions { level: Option<u8> },
}

fn classify(text: &str, events: &Events<'_>, outline: &Outline, declared: Declared<'_>, parts: &PartNames) -> Kind {
    if declared.question.is_some() {
        return Kind::Whole(Spelling::Record);
    }
    let top = || {
        outline
            .headings
            .iter()
            .enumerate()
            .filter(|(index, h)| !h.nested && Some(*index) != outline.title)
            .map(|(_, h)| h)
    };
    let asking = top().filter(|heading| asks(&heading.text) && parts.find(&heading.text).is_none()).count();
    if declared.page_type == Some(PageType::Faq) {
        return Kind::Questions { level: entry_level(outline, parts) };
    }
    // The parts of a question are no parts of the page.
    let mut question = u8::MAX;
    let mut strong = 0;
    for heading in top() {
        let part = parts.find(&heading.text);
        if heading.level <= question {
            question = if part.is_none() && asks(&heading.text) { heading.level } else { u8::MAX };
            strong += usize::from(part.is_some_and(|part| part.kind.is_strong()));
        }
    }
    let article = declared.page_type == Some(PageType::Article);
    if (strong > 0 && !(asking >= 2 && asking > strong)) || (article && asking < 2 && !has_questions(text, events)) {
        return if declared.is_index && !article {
            Kind::Questions { level: None }
        } else {
            Kind::Whole(Spelling::Article)
        };
    }
    Kind::Questions { level: None }
}

fn has_questions(text: &str, events: &Events<'_>) -> bool {
    let mut probe = Outline::default();
    probe.bullet_entries(text, events, false);
    probe.entries.len() >= 2
}

/// The level whose headings are the questions of a page of `type: faq`: that of the headings that ask, or else the deeper
/// of the two upper levels.
fn entry_level(outline: &Outline, parts: &PartNames) -> Option<u8> {
    let levels = || {
        let headings = outline.headings.iter().enumerate();
        headings.filter(|(index, h)| !h.nested && Some(*index) != outline.title).map(|(_, h)| h)
    };
    let asking = levels().filter(|h| asks(&h.text) && parts.find(&h.text).is_none()).map(|h| h.level).min();
    asking.or_else(|| {
        let first = levels().map(|h| h.level).min()?;
        levels().map(|h| h.level).filter(|level| *level == first + 1).min().or(Some(first))
    })
}

/// Does `text` end in a question mark of any script, quotes and brackets aside?
pub fn asks(text: &str) -> bool {
    text.trim_end_matches(|c: char| c.is_whitespace() || "\"'”’»“)]*_".contains(c))
        .ends_with(['?', '\u{FF1F}', '\u{61F}', '\u{37E}', '\u{55E}'])
}

fn headings(text: &str, events: &Events<'_>) -> Vec<Heading> {
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
fn plain(events: &[(Event<'_>, Range<usize>)], without: Option<&Range<usize>>) -> String {
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
            Event::Code(words) if without.is_none_or(|cut| range.start < cut.start) => text.push_str(words),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            _ => {}
        }
    }
    without_inserts(&text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first heading when it is of the first level and nothing precedes it.
fn title_heading(events: &Events<'_>, headings: &[Heading]) -> Option<usize> {
    let first = headings.first().filter(|heading| heading.level == 1 && !heading.nested)?;
    let before = &events[..first.events.start];
    before
        .iter()
        .all(|(event, _)| {
            matches!(event, Event::Html(_) | Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock))
        })
        .then_some(0)
}

impl Outline {
    /// The index after the last event of the section that heading `index` opens.
    fn section_end(&self, events: &Events<'_>, index: usize) -> usize {
        let heading = &self.headings[index];
        let next = self.headings[index + 1..].iter().find(|next| !next.nested && next.level <= heading.level);
        next.map_or(events.len(), |next| next.events.start)
    }

    fn whole(
        &mut self,
        text: &str,
        events: &Events<'_>,
        spelling: Spelling,
        declared: Declared<'_>,
        names: &PartNames,
    ) {
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
            .filter_map(|(index, heading)| Some((index, names.find(&heading.text)?, heading.level)))
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
                let named = names.find(&heading.text).unwrap_or(PartHeading { kind: PartKind::Other, number: None });
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

    fn heading_entries(&mut self, text: &str, events: &Events<'_>, level: Option<u8>, names: &PartNames) {
        let is_question = |heading: &Heading| {
            (asks(&heading.text) && names.find(&heading.text).is_none())
                || level.is_some_and(|level| heading.level == level)
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
            let part_level =
                self.headings.iter().filter(|h| inside(h) && names.find(&h.text).is_some()).map(|h| h.level).min();
            let mut intro_end = end;
            for (part_index, part) in
                self.headings.iter().enumerate().filter(|(_, h)| inside(h) && Some(h.level) == part_level)
            {
                intro_end = intro_end.min(part.events.start);
                let named = names.find(&part.text).unwrap_or(PartHeading { kind: PartKind::Other, number: None });
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

    /// Bullets at the top level that ask, in lists in which at least half of the bullets do (in any list when `all`).
    fn bullet_entries(&mut self, text: &str, events: &Events<'_>, all: bool) {
        let mut index = 0;
        let mut depth = 0usize;
        while index < events.len() {
            match &events[index].0 {
                Event::Start(Tag::List(None)) if depth == 0 && !self.in_entry(index) => {
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
    fn link_lists(&mut self) {
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

fn trimmed(text: &str, range: &Range<usize>) -> Range<usize> {
    range.start..range.start + text[range.clone()].trim_end().len()
}

/// Is the tag part of a line?
pub fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. }
    )
}

/// The index after the end of the list that begins at `start`.
fn list_end(events: &Events<'_>, start: usize) -> usize {
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
fn items(events: &Events<'_>, list: &Range<usize>) -> Vec<Range<usize>> {
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

/// Is there anything in the events that a reader would see?
pub fn says_something(events: &[(Event<'_>, Range<usize>)]) -> bool {
    let mut heading = false;
    events.iter().any(|(event, _)| match event {
        Event::Start(Tag::Heading { .. }) => {
            heading = true;
            false
        }
        Event::End(TagEnd::Heading(_)) => {
            heading = false;
            false
        }
        Event::Text(text) => !heading && !text.trim().is_empty(),
        Event::Code(_)
        | Event::Start(Tag::Image { .. } | Tag::CodeBlock(_))
        | Event::InlineMath(_)
        | Event::DisplayMath(_) => !heading,
        Event::Html(html) | Event::InlineHtml(html) => {
            let html = html.trim();
            !html.is_empty() && (!html.starts_with("<!--") || html.contains(super::expand::INSERT))
        }
        _ => false,
    })
}
