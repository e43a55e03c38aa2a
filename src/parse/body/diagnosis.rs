//! Trees of questions: a group for each question, and in it each answer as an element that opens on what it leads to.
//!
//! Answers of one question share a name, so that opening one closes the others, and every question and answer has an anchor.
//! So a tree works without scripts, one question at a time; a script only keeps the address in step.

use super::marks::{mark, word};
use super::{Renderer, attribute};
use crate::parse::diagnosis::{Answer, Diagnosis, Question};
use crate::parse::outline::Outline;
use crate::parse::outline::diagnosis::{AnswerSketch, QuestionSketch, TreeSketch, Words, clip};
use crate::parse::page::LinkKind;
use pulldown_cmark::{Event, Tag, TagEnd};

impl<'a> Renderer<'a, '_> {
    /// The number of the tree that begins at an event.
    pub(super) fn tree_at(&self, index: usize) -> Option<usize> {
        self.document.outline.trees.iter().position(|tree| tree.events.start == index)
    }

    /// Renders a tree, and says where to go on.
    pub(super) fn tree(&mut self, number: usize) -> usize {
        let outline: &'a Outline = self.document.outline;
        let tree = &outline.trees[number];
        let ids: &'a [String] = &self.document.tree_ids[number];
        let mut done: Vec<Option<Question>> = tree.questions.iter().map(|_| None).collect();
        self.newline();
        mark(&mut self.done.html, 'Q', number);
        self.done.html.push_str("<div class=\"diagnosis\">\n");
        let (open, close) = match (tree.top.len(), tree.is_ordered) {
            (..2, _) => ("", ""),
            (_, true) => ("<ol class=\"steps\">\n", "</ol>\n"),
            (_, false) => ("<ul class=\"steps\">\n", "</ul>\n"),
        };
        self.done.html.push_str(open);
        for &question in &tree.top {
            self.done.html.push_str(if open.is_empty() { "" } else { "<li>\n" });
            self.tree_question(tree, ids, question, &mut done);
            self.done.html.push_str(if open.is_empty() { "" } else { "</li>\n" });
        }
        self.done.html.push_str(close);
        self.done.html.push_str("</div>\n");
        mark(&mut self.done.html, 'q', number);
        self.done.html.push('\n');
        self.break_text();
        self.done.diagnoses.push(Diagnosis { questions: done.into_iter().flatten().collect() });
        tree.events.end
    }

    fn tree_question(&mut self, tree: &TreeSketch, ids: &[String], number: usize, done: &mut [Option<Question>]) {
        let QuestionSketch { words, text, source, rest, blocks, answers, .. } = &tree.questions[number];
        let id = &ids[number];
        let written = attribute(id);
        self.done.html.push_str(&format!("<div class=\"ask\" role=\"group\" aria-labelledby=\"{written}\">\n"));
        self.done.html += &self.document.former_ids(id);
        self.done.html.push_str(&format!("<p class=\"asks\" id=\"{written}\">"));
        self.inline(words, Links::Kept);
        super::blocks::permalink(&mut self.done.html, id);
        self.close("</p>\n");
        if let Some(rest) = rest {
            self.done.html.push_str("<p>");
            self.inline(rest, Links::Kept);
            self.close("</p>\n");
        }
        for block in blocks {
            self.block(block.start, block.end);
        }
        let mut leads = Vec::with_capacity(answers.len());
        for answer in answers {
            let answer = self.tree_answer(tree, ids, (number, answer), done);
            leads.push(answer);
        }
        self.done.html.push_str("</div>\n");
        let span = self.span(source);
        done[number] = Some(Question { id: id.clone(), text: text.clone(), span, answers: leads });
    }

    fn tree_answer(
        &mut self,
        tree: &TreeSketch,
        ids: &[String],
        (asked, answer): (usize, &AnswerSketch),
        done: &mut [Option<Question>],
    ) -> Answer {
        let AnswerSketch { words, text, source, advice, blocks, items, questions } = answer;
        let question = &ids[asked];
        let id = self.ids.make(&format!("{question} {text}"));
        self.done.html.push_str(&format!(
            "<details class=\"choice\" name=\"{}\" id=\"{}\">\n<summary><span>",
            attribute(question),
            attribute(&id)
        ));
        self.inline(words, Links::Dropped);
        self.done.html.push_str(&format!("</span> <span class=\"change\">{}</span></summary>\n", word("change")));
        self.break_text();
        let (from, links) = (self.done.text.len(), self.done.links.len());
        let advises = advice.is_some() || !blocks.is_empty() || !items.is_empty();
        if advises {
            self.done.html.push_str("<div class=\"outcome\">\n");
        }
        if let Some(advice) = advice {
            let before = self.done.html.len();
            self.done.html.push_str("<p>");
            self.inline(advice, Links::Kept);
            self.close("</p>\n");
            if advice.source == words.source {
                // The words of the answer hold the links, and are not said twice.
                self.done.html.truncate(before);
                for link in links..self.done.links.len() {
                    if matches!(self.done.links[link].kind, LinkKind::Image | LinkKind::RawMedia) {
                        continue;
                    }
                    self.done.html.push_str("<p>");
                    mark(&mut self.done.html, 'T', link);
                    self.done.html.push_str("</p>\n");
                }
            }
        }
        for block in blocks {
            self.block(block.start, block.end);
        }
        if !items.is_empty() {
            self.open("<ul>\n");
            for item in items {
                self.block(item.start, item.end);
            }
            self.close("</ul>\n");
        }
        let links = links..self.done.links.len();
        let advised = self.done.text[from..].trim().to_owned();
        // Where there is a link and no word of advice, the answer itself begins here.
        if let [link] = &self.done.links[links.clone()]
            && link.text == advised
        {
            mark(&mut self.done.html, 'M', links.start);
        }
        if advises {
            self.done.html.push_str("</div>\n");
        }
        for &question in questions {
            self.tree_question(tree, ids, question, done);
        }
        self.done.html.push_str("</details>\n");
        let (span, place) = (self.span(source), self.span(&self.advised(answer)));
        let inside =
            |hint: &super::Hint| hint.span.file == place.file && (place.start..place.end).contains(&hint.span.start);
        let hints = self.done.hints.iter().enumerate().filter(|(_, hint)| advises && inside(hint));
        let hints = hints.map(|(number, _)| number).collect();
        Answer { id, text: text.clone(), span, question: questions.first().copied(), advice: advised, links, hints }
    }

    /// The bytes from the words of an answer to the end of what it advises.
    fn advised(&self, answer: &AnswerSketch) -> std::ops::Range<usize> {
        let of = |event: usize| self.document.events[event].1.end;
        let blocks = answer.blocks.iter().chain(&answer.items).map(|block| of(block.start));
        let line = answer.advice.iter().map(|advice| advice.source.end);
        answer.source.start..blocks.chain(line).max().unwrap_or(answer.source.end)
    }

    /// Renders the events from `start` to `end`, which are whole blocks.
    fn block(&mut self, start: usize, end: usize) {
        let mut at = start;
        while at < end {
            at = self.event(at);
        }
    }

    /// Renders words, cut to their bytes.
    fn inline(&mut self, words: &Words, links: Links) {
        let mut at = words.events.start;
        while at < words.events.end {
            let (event, range) = &self.document.events[at];
            match event {
                Event::Text(text) => {
                    if let Some((cut, range)) = clip(text, range, &words.source) {
                        self.text(cut, &range);
                    }
                    at += 1;
                }
                Event::Start(Tag::Link { .. }) | Event::End(TagEnd::Link) if links == Links::Dropped => at += 1,
                _ if range.end <= words.source.start || words.source.end <= range.start => at += 1,
                _ => at = self.event(at),
            }
        }
    }
}

/// What becomes of links in words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Links {
    /// They are links.
    Kept,
    /// Only their words are shown: what is pressed cannot hold a link.
    Dropped,
}
