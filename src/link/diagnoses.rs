//! What is wrong with trees of questions, once it is known where their links lead.
//!
//! In steps: count the answers of each question; look whether each answer asks on or has a link; walk from the first question,
//! and from those that links elsewhere name, through answers and through links to questions of the same tree. What is not
//! come to is reported, and so is a link that leads back to a question on the way to it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Linked, Target};
use crate::diagnostics::{Diagnostic, Place, Sink, rule};
use crate::parse::diagnosis::{Answer, Diagnosis};
use crate::parse::{LinkKind, Page, Parsed};

/// Checks every tree of every published page.
pub fn check(parsed: &Parsed, linked: &Linked) -> Sink {
    let mut sink = Sink::new();
    for number in linked.pages() {
        for diagnosis in &parsed.pages[number].diagnoses {
            let tree = Tree::of(parsed, linked, number, diagnosis);
            tree.answers(&mut sink);
            tree.reach(&mut sink);
            tree.circles(&mut sink);
        }
    }
    sink
}

/// The questions of the same tree to which links of an answer lead, with the numbers of these links.
pub fn jumps(linked: &Linked, number: usize, diagnosis: &Diagnosis, answer: &Answer) -> Vec<(usize, usize)> {
    let own = linked.tree.node_of_page[number];
    let asked = |link: usize| match &linked.resolved[number].targets[link] {
        Target::Page { node, fragment: Some(id) } if Some(*node) == own => {
            diagnosis.questions.iter().position(|question| question.id == *id)
        }
        _ => None,
    };
    answer.links.clone().filter_map(|link| Some((asked(link)?, link))).collect()
}

/// The links of an answer that lead somewhere or ought to: no pictures, and no words in brackets.
pub fn leads<'a>(page: &'a Page, targets: &'a [Target], answer: &'a Answer) -> impl Iterator<Item = usize> + 'a {
    let is_picture = |link: usize| matches!(page.links[link].kind, LinkKind::Image | LinkKind::RawMedia);
    answer.links.clone().filter(move |link| targets[*link] != Target::Text && !is_picture(*link))
}

struct Tree<'a> {
    parsed: &'a Parsed,
    linked: &'a Linked,
    number: usize,
    diagnosis: &'a Diagnosis,
    /// Where the answers of each question lead: a question below, or one that a link names.
    next: Vec<Vec<(usize, Option<usize>)>>,
}

impl<'a> Tree<'a> {
    fn of(parsed: &'a Parsed, linked: &'a Linked, number: usize, diagnosis: &'a Diagnosis) -> Tree<'a> {
        let by_id: BTreeMap<&str, usize> =
            diagnosis.questions.iter().enumerate().map(|(n, question)| (question.id.as_str(), n)).collect();
        let own = linked.tree.node_of_page[number];
        let named = |link: usize| match &linked.resolved[number].targets[link] {
            Target::Page { node, fragment: Some(id) } if Some(*node) == own => {
                Some((*by_id.get(id.as_str())?, Some(link)))
            }
            _ => None,
        };
        let onward = |answer: &'a Answer| {
            let below = answer.question.map(|question| (question, None));
            below.into_iter().chain(answer.links.clone().filter_map(named))
        };
        let next = diagnosis.questions.iter().map(|question| question.answers.iter().flat_map(onward).collect());
        Tree { parsed, linked, number, diagnosis, next: next.collect() }
    }

    fn page(&self) -> &Page {
        &self.parsed.pages[self.number]
    }

    fn answers(&self, sink: &mut Sink) {
        for question in &self.diagnosis.questions {
            let message = match question.answers.len() {
                0 => "the question has no answer to choose",
                1 => "the question has one answer only",
                _ => continue,
            };
            let diagnostic = Diagnostic::at(&rule::TOO_FEW_ANSWERS, question.span, message);
            sink.push(diagnostic.help("put each answer in a list below it: `- **Yes**: …`, `- **No**: …`"));
        }
        let targets = &self.linked.resolved[self.number].targets;
        for answer in self.diagnosis.questions.iter().flat_map(|question| &question.answers) {
            let leads = leads(self.page(), targets, answer).next().is_some() || !answer.hints.is_empty();
            if answer.question.is_none() && !leads {
                let diagnostic =
                    Diagnostic::at(&rule::DEAD_END, answer.span, format!("“{}” leads nowhere", answer.text));
                sink.push(diagnostic.help("link the entry that helps, or ask on in a list below it"));
            }
        }
    }

    fn reach(&self, sink: &mut Sink) {
        let mut reached = vec![false; self.next.len()];
        self.walk(0, &mut reached);
        if reached.iter().all(|reached| *reached) {
            return;
        }
        for named in self.named_elsewhere() {
            self.walk(named, &mut reached);
        }
        let led_to: BTreeSet<usize> = self.next.iter().flatten().map(|(next, _)| *next).collect();
        // What only an unreachable question leads to is unreachable for the same reason, so its beginnings come first.
        let (inner, beginnings): (Vec<usize>, Vec<usize>) =
            (0..reached.len()).partition(|number| led_to.contains(number));
        for number in beginnings.into_iter().chain(inner) {
            if reached[number] {
                continue;
            }
            self.walk(number, &mut reached);
            let question = &self.diagnosis.questions[number];
            let message = "no answer leads to this question";
            let help = format!("link it from an answer, `[{}](#{})`, or put it below one", question.text, question.id);
            let first = self.diagnosis.questions[0].span;
            let diagnostic = Diagnostic::at(&rule::UNREACHABLE_QUESTION, question.span, message).help(help);
            sink.push(diagnostic.related(Place::Span(first), "the diagnosis begins here"));
        }
    }

    fn walk(&self, from: usize, reached: &mut [bool]) {
        let mut ahead = vec![from];
        while let Some(at) = ahead.pop() {
            if !std::mem::replace(&mut reached[at], true) {
                ahead.extend(self.next[at].iter().map(|(next, _)| *next));
            }
        }
    }

    /// The questions to which links lead from outside the tree.
    fn named_elsewhere(&self) -> Vec<usize> {
        let own = self.linked.tree.node_of_page[self.number];
        let answers = self.diagnosis.questions.iter().flat_map(|question| &question.answers);
        let inside: BTreeSet<usize> = answers.flat_map(|answer| answer.links.clone()).collect();
        let mut named = BTreeSet::new();
        for page in self.linked.pages() {
            for (link, target) in self.linked.resolved[page].targets.iter().enumerate() {
                if let Target::Page { node, fragment: Some(id) } = target
                    && Some(*node) == own
                    && !(page == self.number && inside.contains(&link))
                {
                    named.insert(id.as_str());
                }
            }
        }
        let questions = self.diagnosis.questions.iter().enumerate();
        questions.filter(|(_, question)| named.contains(question.id.as_str())).map(|(number, _)| number).collect()
    }

    /// Reports the links that lead back. Only links can: what is below a question is never above it.
    fn circles(&self, sink: &mut Sink) {
        #[derive(Clone, Copy, PartialEq)]
        enum Seen {
            Never,
            OnTheWay,
            Done,
        }
        let mut seen = vec![Seen::Never; self.next.len()];
        for start in 0..self.next.len() {
            let mut way = vec![(start, 0)];
            while let Some((at, step)) = way.pop() {
                if step == 0 {
                    if seen[at] != Seen::Never {
                        continue;
                    }
                    seen[at] = Seen::OnTheWay;
                }
                let Some(&(next, link)) = self.next[at].get(step) else {
                    seen[at] = Seen::Done;
                    continue;
                };
                way.push((at, step + 1));
                match (seen[next], link) {
                    (Seen::Never, _) => way.push((next, 0)),
                    (Seen::OnTheWay, Some(link)) => {
                        let question = &self.diagnosis.questions[next];
                        let message = format!("this leads back to “{}”, which was answered on the way", question.text);
                        let span = self.page().links[link].span;
                        let diagnostic = Diagnostic::at(&rule::CIRCULAR_DIAGNOSIS, span, message);
                        let diagnostic = diagnostic.related(Place::Span(question.span), "asked here");
                        sink.push(diagnostic.help("lead to an entry, or to a question that tells more"));
                    }
                    _ => {}
                }
            }
        }
    }
}
