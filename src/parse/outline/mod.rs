//! Where the entries of a page are: its structure, read off the Markdown events before anything is rendered.
//!
//! In steps: collect the headings and the top-level bullet lists; decide what the page is (a record, an article, questions,
//! or prose); lay out the entries with their questions, answers and parts as ranges of events. Ranges are all this file
//! makes: ids, texts and HTML come later.

mod bullets;
pub mod diagnosis;
mod headings;
mod sections;

use std::ops::Range;

use pulldown_cmark::{Event, Tag, TagEnd};

use super::attributes::Attributes;
use super::events::Events;
use super::front_matter::PageType;
use super::page::Spelling;
use super::parts::{PartHeading, PartKind, PartNames};
use diagnosis::TreeSketch;
use headings::{close_gaps, headings, title_heading};

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
    /// The part of an answer that they name.
    pub part: Option<PartHeading>,
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
    /// The lists that are trees of questions, none of which is an entry.
    pub trees: Vec<TreeSketch>,
    /// Headings that say so of lists which are not there, as indexes into `headings`.
    pub without_tree: Vec<usize>,
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
    let mut headings = headings(text, events, parts);
    let title = title_heading(events, &headings);
    close_gaps(&mut headings, title);
    let mut outline = Outline { title, headings, ..Outline::default() };
    let is_diagnosis = declared.page_type == Some(PageType::Diagnosis);
    outline.trees(text, events, is_diagnosis);
    let kind = classify(text, events, &outline, declared);
    match kind {
        Kind::Whole(spelling) => outline.whole(text, events, spelling, declared),
        Kind::Questions { level } => {
            outline.heading_entries(text, events, level);
            outline.bullet_entries(text, events, declared.page_type == Some(PageType::Faq));
            outline.entries.sort_by_key(|entry| entry.events.start);
            outline.link_lists();
        }
    }
    if outline.entries.is_empty() && !declared.is_index && !is_diagnosis {
        outline.whole(text, events, Spelling::Prose, declared);
    }
    outline
}

enum Kind {
    /// The page is one entry.
    Whole(Spelling),
    /// The page holds questions; on a page of `type: faq` every heading of this level is one.
    Questions { level: Option<u8> },
}

fn classify(text: &str, events: &Events<'_>, outline: &Outline, declared: Declared<'_>) -> Kind {
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
    let asking = top().filter(|heading| asks(&heading.text) && heading.part.is_none()).count();
    if declared.page_type == Some(PageType::Diagnosis) {
        return Kind::Questions { level: None };
    }
    if declared.page_type == Some(PageType::Faq) {
        return Kind::Questions { level: entry_level(outline) };
    }
    // The parts of a question are no parts of the page.
    let mut question = u8::MAX;
    let mut strong = 0;
    for heading in top() {
        if heading.level <= question {
            question = if heading.part.is_none() && asks(&heading.text) { heading.level } else { u8::MAX };
            strong += usize::from(heading.part.is_some_and(|part| part.kind.is_strong()));
        }
    }
    let article = declared.page_type == Some(PageType::Article);
    if (strong > 0 && !(asking >= 2 && asking > strong))
        || (article && asking < 2 && !has_questions(text, events, outline))
    {
        return if declared.is_index && !article {
            Kind::Questions { level: None }
        } else {
            Kind::Whole(Spelling::Article)
        };
    }
    Kind::Questions { level: None }
}

fn has_questions(text: &str, events: &Events<'_>, outline: &Outline) -> bool {
    let mut probe = Outline::default();
    probe.bullet_entries(text, events, false);
    probe.entries.iter().filter(|entry| !outline.in_tree(entry.events.start)).count() >= 2
}

/// The level whose headings are the questions of a page of `type: faq`: that of the headings that ask, or else the deeper
/// of the two upper levels.
fn entry_level(outline: &Outline) -> Option<u8> {
    let levels = || {
        let headings = outline.headings.iter().enumerate();
        headings.filter(|(index, h)| !h.nested && Some(*index) != outline.title).map(|(_, h)| h)
    };
    let asking = levels().filter(|h| asks(&h.text) && h.part.is_none()).map(|h| h.level).min();
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

/// Is there anything in the events that a reader would see?
pub fn says_something(events: &[(Event<'_>, Range<usize>)]) -> bool {
    let mut heading = false;
    let mut comment = false;
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
            // A comment may run over several lines, each an event of its own.
            let mut html = html.trim();
            if html.contains(super::expand::INSERT) {
                return true;
            }
            loop {
                if comment {
                    let Some(end) = html.find("-->") else { return false };
                    (html, comment) = (html[end + 3..].trim(), false);
                }
                let Some(start) = html.find("<!--") else { return !html.is_empty() };
                if !html[..start].trim().is_empty() {
                    return true;
                }
                (html, comment) = (&html[start + 4..], true);
            }
        }
        Event::End(TagEnd::HtmlBlock) => {
            comment = false;
            false
        }
        _ => false,
    })
}

fn trimmed(text: &str, range: &Range<usize>) -> Range<usize> {
    range.start..range.start + text[range.clone()].trim_end().len()
}
