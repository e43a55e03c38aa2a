//! A tree of questions that leads to entries, as later stages see it.

use std::ops::Range;

use super::expand::Expanded;
use super::front_matter::{FrontMatter, PageType};
use super::outline::Outline;
use crate::diagnostics::{Diagnostic, Sink, Span, rule};

/// A tree of questions.
#[derive(Debug)]
pub struct Diagnosis {
    /// Its questions, each before those that its answers lead to. The first begins.
    pub questions: Vec<Question>,
}

/// A question of a tree. It is no entry: its answers lead to those.
#[derive(Debug)]
pub struct Question {
    /// Anchor, unique on its page.
    pub id: String,
    /// The question in words.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// Its answers, in order.
    pub answers: Vec<Answer>,
}

/// An answer to a question of a tree.
#[derive(Debug)]
pub struct Answer {
    /// Anchor, unique on its page.
    pub id: String,
    /// The answer in words.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// The question below it.
    pub question: Option<usize>,
    /// What it advises, in words; may be empty.
    pub advice: String,
    /// The links in that, as numbers of [`super::Page::links`].
    pub links: Range<usize>,
    /// The link hints in that, as numbers of [`super::Page::hints`].
    pub hints: Vec<usize>,
}

/// Reports pages and sections that say of themselves that they hold a tree, and hold none.
pub fn missing(matter: &FrontMatter, outline: &Outline, expanded: &Expanded<'_>, sink: &mut Sink) {
    let help = "ask in a list, and put the answers in a list below each question: `- **Yes**: …`";
    let page = matter.places.get("type").filter(|_| matter.page_type == Some(PageType::Diagnosis));
    if let Some(place) = page.filter(|_| outline.trees.is_empty()) {
        let message = "the page has no list of questions with answers";
        sink.push(Diagnostic::at(&rule::EMPTY_DIAGNOSIS, *place, message).help(help));
    }
    for &heading in &outline.without_tree {
        let source = &outline.headings[heading].source;
        let line = expanded.text[source.clone()].lines().next().unwrap_or_default().trim_end().len();
        let place = expanded.span(&(source.start..source.start + line));
        let message = format!("below “{}” is no list of questions with answers", outline.headings[heading].text);
        sink.push(Diagnostic::at(&rule::EMPTY_DIAGNOSIS, place, message).help(help));
    }
}
