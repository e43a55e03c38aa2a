//! Trees of questions: lists in a page of `type: diagnosis`, or below a heading with `{.diagnose}`, that lead to entries.
//!
//! In steps: find the lists that are meant; take each of their items as a question and the items below it as its answers;
//! cut each answer into its words and what follows (at the end of bold words, or at the first arrow, colon, dash or line
//! break); see whether what follows asks again or advises. Only ranges are made here, as everywhere in the outline.
//!
//! What is wrong with a tree is found when links are resolved, in `link::diagnoses`.

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::bullets::{items, list_end};
use super::headings::plain;
use super::{Outline, asks, trimmed};
use crate::parse::attributes::{Attributes, at_end};
use crate::parse::events::{Events, is_inline};

/// Classes of a heading whose lists are trees: the one of the manual, and what is easily written for it.
const CLASSES: &[&str] = &["diagnose", "diagnosis"];

/// Lists nested deeper than so many questions are advice: nobody answers so many, and the walk stays bounded.
const DEEPEST: usize = 24;

/// Characters that may stand between an answer and what follows it, white space aside.
const SEPARATORS: &[char] = &['→', '⇒', '➜', '➔', '➡', '⟶', '←', '⇐', ':', '：', '–', '—', '-', '=', '>'];

/// Arrows that stand for "then" wherever they are.
const ARROWS: &[&str] = &["→", "⇒", "➜", "➔", "➡", "⟶", "←", "⇐", "->", "=>"];

/// Inline events, of which texts are cut to these bytes of the Markdown.
#[derive(Debug, Clone)]
pub struct Words {
    /// The events.
    pub events: Range<usize>,
    /// The bytes.
    pub source: Range<usize>,
}

/// A list that is a tree of questions.
#[derive(Debug)]
pub struct TreeSketch {
    /// Its events, start and end included.
    pub events: Range<usize>,
    /// Are its items numbered?
    pub is_ordered: bool,
    /// Its questions, each before those that its answers lead to.
    pub questions: Vec<QuestionSketch>,
    /// The questions that are items of the list itself. The first begins.
    pub top: Vec<usize>,
}

/// A question of a tree.
#[derive(Debug)]
pub struct QuestionSketch {
    /// Its words.
    pub words: Words,
    /// Its words as text.
    pub text: String,
    /// What the braces behind it say, and the bytes they stand on.
    pub attributes: Option<(Attributes, Range<usize>)>,
    /// Its bytes in the Markdown.
    pub source: Range<usize>,
    /// What stands on further lines of its paragraph.
    pub rest: Option<Words>,
    /// Events of the blocks below it that are no answers.
    pub blocks: Vec<Range<usize>>,
    /// Its answers.
    pub answers: Vec<AnswerSketch>,
}

/// An answer to a question of a tree.
#[derive(Debug)]
pub struct AnswerSketch {
    /// Its words.
    pub words: Words,
    /// Its words as text.
    pub text: String,
    /// Its bytes in the Markdown.
    pub source: Range<usize>,
    /// What follows on its line, unless that asks.
    pub advice: Option<Words>,
    /// Events of the blocks below it that do not ask.
    pub blocks: Vec<Range<usize>>,
    /// Items of a list below it that do not ask, where others do.
    pub items: Vec<Range<usize>>,
    /// The questions below it. It leads to the first.
    pub questions: Vec<usize>,
}

impl Outline {
    /// The trees of the page, all of whose lists are meant when `whole`.
    pub(super) fn trees(&mut self, text: &str, events: &Events<'_>, whole: bool) {
        if whole {
            self.trees_between(text, events, 0..events.len());
            return;
        }
        let is_meant = |classes: &[String]| classes.iter().any(|class| CLASSES.contains(&class.as_str()));
        let meant = self.headings.iter().enumerate().filter(|(_, heading)| {
            !heading.nested && heading.attributes.as_ref().is_some_and(|(attributes, _)| is_meant(&attributes.classes))
        });
        for index in meant.map(|(index, _)| index).collect::<Vec<_>>() {
            let section = self.headings[index].events.end..self.section_end(events, index);
            // A section inside one that is meant is read with it.
            if self.trees.last().is_some_and(|tree: &TreeSketch| tree.events.start >= section.start) {
                continue;
            }
            let before = self.trees.len();
            self.trees_between(text, events, section);
            if self.trees.len() == before {
                self.without_tree.push(index);
            }
        }
    }

    fn trees_between(&mut self, text: &str, events: &Events<'_>, range: Range<usize>) {
        let mut index = range.start;
        let mut depth = 0usize;
        while index < range.end {
            match &events[index].0 {
                Event::Start(Tag::List(first)) if depth == 0 => {
                    let list = index..list_end(events, index);
                    index = list.end;
                    self.trees.extend(tree(text, events, list, first.is_some()));
                    continue;
                }
                Event::Start(Tag::BlockQuote(_) | Tag::FootnoteDefinition(_) | Tag::DefinitionList) => depth += 1,
                Event::End(TagEnd::BlockQuote(_) | TagEnd::FootnoteDefinition | TagEnd::DefinitionList) => {
                    depth = depth.saturating_sub(1);
                }
                _ => {}
            }
            index += 1;
        }
    }

    /// Is the event part of a tree?
    pub(super) fn in_tree(&self, event: usize) -> bool {
        self.trees.iter().any(|tree| tree.events.contains(&event))
    }
}

/// The tree that `list` is, unless it neither asks nor branches.
fn tree(text: &str, events: &Events<'_>, list: Range<usize>, is_ordered: bool) -> Option<TreeSketch> {
    let members = items(events, &list);
    if !members.iter().any(|item| may_ask(events, item)) {
        return None;
    }
    let mut reader = Reader { text, events, questions: Vec::new() };
    let top = members.iter().map(|item| reader.item(item)).collect();
    Some(TreeSketch { events: list, is_ordered, questions: reader.questions, top })
}

/// Does an item ask, or has it items of its own?
fn may_ask(events: &Events<'_>, item: &Range<usize>) -> bool {
    let (head, blocks) = head(events, item);
    asks(&question_text(events, &head)) || blocks.iter().any(|block| is_list(events, block))
}

/// The words of a line without the braces at its end.
fn question_text(events: &Events<'_>, head: &Range<usize>) -> String {
    let words = plain(&events[head.clone()], None);
    match words.rfind('{') {
        Some(at) if words.ends_with('}') => words[..at].trim_end().to_owned(),
        _ => words,
    }
}

fn is_list(events: &Events<'_>, block: &Range<usize>) -> bool {
    matches!(events[block.start].0, Event::Start(Tag::List(_)))
}

/// The inline events that an item begins with, and its blocks.
fn head(events: &Events<'_>, item: &Range<usize>) -> (Range<usize>, Vec<Range<usize>>) {
    let last = item.end - 1;
    let mut start = item.start + 1;
    let is_paragraph = matches!(events[start].0, Event::Start(Tag::Paragraph));
    start += usize::from(is_paragraph);
    start += usize::from(matches!(events[start].0, Event::TaskListMarker(_)));
    let mut end = start;
    let mut depth = 0usize;
    while end < last {
        match &events[end].0 {
            Event::Start(tag) if is_inline(tag) => depth += 1,
            Event::End(_) if depth > 0 => depth -= 1,
            Event::Start(_) | Event::End(_) | Event::Html(_) | Event::Rule => break,
            _ => {}
        }
        end += 1;
    }
    let after = if is_paragraph && end < last { end + 1 } else { end };
    (start..end, blocks(events, after..last))
}

/// The blocks in `range`.
fn blocks(events: &Events<'_>, range: Range<usize>) -> Vec<Range<usize>> {
    let mut blocks = Vec::new();
    let mut depth = 0usize;
    let mut start = range.start;
    for index in range {
        match &events[index].0 {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            blocks.push(start..index + 1);
            start = index + 1;
        }
    }
    blocks
}

struct Reader<'a, 'e> {
    text: &'a str,
    events: &'a Events<'e>,
    questions: Vec<QuestionSketch>,
}

impl Reader<'_, '_> {
    /// The question that an item of the list is.
    fn item(&mut self, item: &Range<usize>) -> usize {
        let (head, blocks) = head(self.events, item);
        let words = self.words(head, item);
        self.question(words, blocks, 0)
    }

    /// The words of a range of events; of an empty one at the place where `item` begins.
    fn words(&self, events: Range<usize>, item: &Range<usize>) -> Words {
        let ranges = || self.events[events.clone()].iter().map(|(_, range)| range);
        let begin = self.events[item.start].1.start;
        let start = ranges().map(|range| range.start).min().unwrap_or(begin);
        let end = ranges().map(|range| range.end).max().unwrap_or(begin + 1);
        Words { events, source: start..end }
    }

    /// The question of `words`, whose answers are the items of the lists among `blocks`.
    fn question(&mut self, words: Words, blocks: Vec<Range<usize>>, depth: usize) -> usize {
        let number = self.questions.len();
        let (words, rest) = self.first_line(words);
        let attributes = at_end(self.text, words.source.clone());
        let cut = attributes.as_ref().map_or(words.source.end, |(_, range)| range.start);
        let words = Words { source: words.source.start..cut, ..words };
        let source = trimmed(self.text, &words.source);
        let text = self.plain(&words);
        let (lists, blocks): (Vec<_>, Vec<_>) = blocks.into_iter().partition(|block| is_list(self.events, block));
        self.questions.push(QuestionSketch { words, text, attributes, source, rest, blocks, answers: Vec::new() });
        let items: Vec<Range<usize>> = lists.iter().flat_map(|list| items(self.events, list)).collect();
        let answers = items.iter().map(|item| self.answer(item, depth + 1)).collect();
        self.questions[number].answers = answers;
        number
    }

    /// The words up to the first line break behind a question mark, and those behind it.
    fn first_line(&self, words: Words) -> (Words, Option<Words>) {
        let breaks = words.events.clone().filter(|index| {
            matches!(self.events[*index].0, Event::SoftBreak | Event::HardBreak)
                && self.events[*index].1.start >= words.source.start
        });
        for index in breaks {
            let first =
                Words { events: words.events.start..index, source: words.source.start..self.events[index].1.start };
            let attributes = at_end(self.text, first.source.clone());
            let cut = attributes.map_or(first.source.end, |(_, range)| range.start);
            if asks(&self.plain(&Words { source: first.source.start..cut, ..first.clone() })) {
                let behind = self.events[index].1.end;
                let rest = Words { events: index + 1..words.events.end, source: behind..words.source.end };
                return (first, Some(rest));
            }
        }
        (words, None)
    }

    fn answer(&mut self, item: &Range<usize>, depth: usize) -> AnswerSketch {
        let (head, blocks) = head(self.events, item);
        let all = self.words(head, item);
        let (words, rest) = self.cut(&all);
        let text = self.plain(&words).trim_end_matches(['.', ' ']).to_owned();
        let source = trimmed(self.text, &words.source);
        let mut answer = AnswerSketch {
            words,
            text,
            source,
            advice: None,
            blocks: Vec::new(),
            items: Vec::new(),
            questions: Vec::new(),
        };
        let lists = || blocks.iter().filter(|block| is_list(self.events, block) && depth < DEEPEST);
        if let Some(rest) = rest.filter(|rest| !rest.events.is_empty()) {
            let first = self.first_line(rest.clone()).0;
            let attributes = at_end(self.text, first.source.clone());
            let cut = attributes.as_ref().map_or(first.source.end, |(_, range)| range.start);
            let is_asking = asks(&self.plain(&Words { source: first.source.start..cut, ..first }));
            let branches = lists().next().is_some();
            let is_question = match is_asking {
                true => branches || !self.has_link(&rest),
                false => lists().any(|list| self.looks_like_answers(list)),
            };
            if is_question && (branches || depth < DEEPEST) {
                answer.questions.push(self.question(rest, blocks, depth));
                return answer;
            }
            answer.advice = Some(rest);
        }
        let asking: Vec<Range<usize>> =
            lists().filter(|list| items(self.events, list).iter().any(|item| self.item_asks(item))).cloned().collect();
        for block in blocks {
            if !asking.contains(&block) {
                answer.blocks.push(block);
                continue;
            }
            for item in items(self.events, &block) {
                if self.item_asks(&item) {
                    let (head, blocks) = self::head(self.events, &item);
                    let words = self.words(head, &item);
                    let question = self.question(words, blocks, depth);
                    answer.questions.push(question);
                } else {
                    answer.items.push(item);
                }
            }
        }
        answer
    }

    fn item_asks(&self, item: &Range<usize>) -> bool {
        let (head, _) = head(self.events, item);
        let (first, _) = self.first_line(self.words(head, item));
        asks(&question_text(self.events, &first.events))
    }

    /// Does every item of a list begin with an answer, so that what stands above it asks without a question mark?
    fn looks_like_answers(&self, list: &Range<usize>) -> bool {
        let items = items(self.events, list);
        items.len() > 1
            && items.iter().all(|item| {
                let (head, blocks) = head(self.events, item);
                let words = self.words(head, item);
                let (_, rest) = self.cut(&words);
                let leads = rest.is_some_and(|rest| self.has_link(&rest) || asks(&self.plain(&rest)));
                leads || blocks.iter().any(|block| is_list(self.events, block))
            })
    }

    fn has_link(&self, words: &Words) -> bool {
        self.events[words.events.clone()].iter().any(|(event, _)| matches!(event, Event::Start(Tag::Link { .. })))
    }

    /// Cuts the line of an answer into its words and what follows.
    fn cut(&self, all: &Words) -> (Words, Option<Words>) {
        let links = |words: &Words| self.has_link(words);
        let (answer, rest) = match self.bold(all).or_else(|| self.separated(all)) {
            Some((end, start)) => (self.part(all, all.source.start..end), self.part(all, start..all.source.end)),
            None => match self.link_start(all) {
                Some(at) => (self.part(all, all.source.start..at), self.part(all, at..all.source.end)),
                None => (self.part(all, all.source.clone()), None),
            },
        };
        match answer {
            // What is pressed holds no link: the words stand in it, and the link follows.
            Some(answer) if links(&answer) => (answer, Some(all.clone())),
            Some(answer) => (answer, rest),
            None => (all.clone(), Some(all.clone())),
        }
    }

    /// The words in these bytes; `None` when there is nothing to read in them.
    fn part(&self, all: &Words, source: Range<usize>) -> Option<Words> {
        let written = &self.text[source.clone()];
        let start = source.end - written.trim_start().len();
        let source = start..start + written.trim().len();
        let touches = |range: &Range<usize>| range.start < source.end && source.start < range.end;
        let mut inside = all.events.clone().filter(|index| touches(&self.events[*index].1));
        let start = inside.next()?;
        let end = inside.next_back().unwrap_or(start) + 1;
        let words = Words { events: start..end, source };
        let shows = |event: &Event<'_>| {
            matches!(event, Event::Code(_) | Event::Start(Tag::Image { .. }) | Event::InlineHtml(_))
        };
        let is_empty =
            self.plain(&words).is_empty() && !self.events[words.events.clone()].iter().any(|(event, _)| shows(event));
        (!is_empty).then_some(words)
    }

    /// Where bold or stressed words at the beginning end, and where what follows begins.
    fn bold(&self, all: &Words) -> Option<(usize, usize)> {
        let (Event::Start(Tag::Strong | Tag::Emphasis), range) = self.events.get(all.events.start)? else {
            return None;
        };
        let end = all.events.clone().find(|index| self.events[*index].1.start >= range.end);
        let closed = self.events[all.events.start..].iter().position(|(event, inner)| {
            matches!(event, Event::End(TagEnd::Strong | TagEnd::Emphasis)) && inner == range
        })?;
        let inner = &self.text[range.clone()];
        let stars = inner.len() - inner.trim_end_matches(['*', '_']).len();
        let words = inner[..inner.len() - stars].trim_end();
        let bare = words.trim_end_matches(|c: char| c.is_whitespace() || SEPARATORS.contains(&c) || c == '.');
        let has_own = bare.len() < words.len() && bare.len() > stars;
        let stop = if has_own { range.start + bare.len() } else { range.end };
        let Some(next) = end.filter(|next| *next > all.events.start + closed) else {
            return Some((stop, all.source.end));
        };
        match &self.events[next] {
            (Event::Text(text), behind) if text.len() == behind.len() => {
                let from = behind.start.max(range.end);
                let after = skip_separators(&self.text[from..behind.end]);
                let is_separated = has_own || after > 0 && !self.text[from..from + after].trim().is_empty();
                if is_separated || self.separated(all).is_none() {
                    return Some((stop, from + after));
                }
                // `**Yes**, when it is cold: …`
                None
            }
            (Event::Text(text), behind) if ARROWS.contains(&text.as_ref()) => Some((stop, behind.end)),
            (_, behind) => Some((stop, behind.start.max(range.end))),
        }
    }

    /// Where the first separator outside emphasis and before any link begins and ends.
    fn separated(&self, all: &Words) -> Option<(usize, usize)> {
        let mut depth = 0usize;
        let mut short = None;
        for index in all.events.clone() {
            let (event, range) = &self.events[index];
            match event {
                Event::Start(Tag::Link { .. }) => break,
                Event::Start(_) => depth += 1,
                Event::End(_) => depth = depth.saturating_sub(1),
                Event::SoftBreak | Event::HardBreak if depth == 0 => return short.or(Some((range.start, range.end))),
                Event::Text(text) if depth == 0 && ARROWS.contains(&text.as_ref()) => {
                    return Some((range.start, range.end));
                }
                Event::Text(text) if depth == 0 && text.len() == range.len() => {
                    if let Some(at) = separator(text) {
                        let after = at + skip_separators(&text[at..]);
                        return Some((range.start + at, range.start + after));
                    }
                    let before = self.text.get(all.source.start..range.start).unwrap_or_default();
                    short = short.or_else(|| {
                        let at = text.find([',', ';', '.', '،', '、']).filter(|at| is_short(before, &text[..*at]))?;
                        let mark = text[at..].chars().next().map_or(1, char::len_utf8);
                        Some((range.start + at, range.start + at + mark))
                    });
                }
                _ => {}
            }
        }
        let behind = |(_, start): &(usize, usize)| !self.text[*start..all.source.end].trim().is_empty();
        short.filter(behind)
    }

    fn link_start(&self, all: &Words) -> Option<usize> {
        let events = self.events[all.events.clone()].iter();
        let links = events.filter(|(event, _)| matches!(event, Event::Start(Tag::Link { .. })));
        links.map(|(_, range)| range.start).next()
    }

    /// The text of words.
    fn plain(&self, words: &Words) -> String {
        let cut: Vec<(Event<'_>, Range<usize>)> = self.events[words.events.clone()]
            .iter()
            .filter_map(|(event, range)| match event {
                Event::Text(text) => {
                    clip(text, range, &words.source).map(|(text, range)| (Event::Text(text.into()), range))
                }
                event => (range.start < words.source.end && words.source.start < range.end)
                    .then(|| (event.clone(), range.clone())),
            })
            .collect();
        plain(&cut, None)
    }
}

/// What of a text lies in the bytes `source` of the Markdown.
pub fn clip<'t>(text: &'t str, range: &Range<usize>, source: &Range<usize>) -> Option<(&'t str, Range<usize>)> {
    let inside = range.start.max(source.start)..range.end.min(source.end);
    if inside.is_empty() {
        return None;
    }
    // A text that is not as it stands in the Markdown (an entity) is never cut.
    match text.get(inside.start - range.start..inside.end - range.start).filter(|_| text.len() == range.len()) {
        Some(cut) => Some((cut, inside)),
        None => Some((text, range.clone())),
    }
}

/// Where the first separator of `text` begins, with the white space before it.
fn separator(text: &str) -> Option<usize> {
    for (at, c) in text.char_indices() {
        let rest = &text[at..];
        let after = rest[c.len_utf8()..].chars().next();
        let is_apart =
            text[..at].chars().next_back().is_none_or(char::is_whitespace) && after.is_none_or(char::is_whitespace);
        let is_one = match c {
            ':' | '：' => c == '：' || after.is_none_or(char::is_whitespace),
            '–' | '—' | '-' if is_apart => true,
            _ => ARROWS.iter().any(|arrow| rest.starts_with(arrow)),
        };
        if is_one {
            // `-->` and `==>` begin before their arrow.
            let before = text[..at].trim_end_matches(['-', '=']);
            return Some(before.trim_end().len());
        }
    }
    None
}

/// How many bytes of separators and white space `text` begins with.
fn skip_separators(text: &str) -> usize {
    text.len() - text.trim_start_matches(|c: char| c.is_whitespace() || SEPARATORS.contains(&c)).len()
}

/// Are these so few words that a comma or full stop behind them ends an answer?
fn is_short(before: &str, text: &str) -> bool {
    let words = before.split_whitespace().chain(text.split_whitespace()).count();
    (1..=3).contains(&words)
}
