//! Hands the words of each paragraph and bullet to the search for link hints.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::Renderer;
use super::text::Hole;
use crate::diagnostics::{Diagnostic, rule};
use crate::parse::hints::{self, Certainty, Openings, Run};
use crate::parse::page::{Hint, HintForm};

impl Renderer<'_, '_> {
    /// Looks through the paragraphs and bullets for link hints.
    pub(super) fn find_hints(&mut self) {
        // Few pages hold any word that a hint begins with.
        if self.document.openings.may_begin_in(&self.document.expanded.text) {
            self.look_for_hints();
        }
        self.holes.sort_by_key(|hole| hole.range.start);
    }

    fn look_for_hints(&mut self) {
        let mut runs: Vec<Run<'_>> = Vec::new();
        let mut quiet = 0usize;
        let mut in_link = 0usize;
        let mut found = Vec::new();
        let openings = self.document.openings;
        for (event, range) in self.document.events {
            match event {
                Event::Start(Tag::CodeBlock(_) | Tag::Heading { .. } | Tag::Table(_) | Tag::HtmlBlock) => quiet += 1,
                Event::End(TagEnd::CodeBlock | TagEnd::Heading(_) | TagEnd::Table | TagEnd::HtmlBlock) => quiet -= 1,
                Event::Start(Tag::Link { .. } | Tag::Image { .. }) => {
                    in_link += 1;
                    runs.push(Run { text: hints::OBJECT, range: range.start..range.start });
                }
                Event::End(TagEnd::Link | TagEnd::Image) => in_link -= 1,
                Event::Text(text) if quiet == 0 && in_link == 0 => runs.push(Run { text, range: range.clone() }),
                Event::SoftBreak if quiet == 0 => runs.push(Run { text: " ", range: range.start..range.start + 1 }),
                Event::HardBreak if quiet == 0 => runs.push(Run { text: "\n", range: range.start..range.start + 1 }),
                Event::Code(_) | Event::InlineHtml(_) | Event::InlineMath(_) | Event::DisplayMath(_) if quiet == 0 => {
                    runs.push(Run { text: hints::OBJECT, range: range.start..range.start });
                }
                Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough) => {}
                Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough) => {
                    runs.push(Run { text: hints::OBJECT, range: range.end..range.end });
                }
                Event::Start(_) | Event::End(_) => {
                    collect(&mut runs, openings, &mut found);
                }
                _ => {}
            }
        }
        collect(&mut runs, openings, &mut found);
        for hint in found {
            let span = self.document.expanded.span(&hint.range);
            match hint.certainty {
                Certainty::Doubtful => {
                    let message = format!("“{}” may ask for a link", &self.document.expanded.text[hint.range]);
                    let diagnostic = Diagnostic::at(&rule::DOUBTFUL_LINK_HINT, span, message);
                    self.sink.push(diagnostic.help("if it does, write the link; if not, nothing need be done"));
                }
                Certainty::Certain => {
                    let text = self.document.expanded.text[hint.whole.clone()].to_owned();
                    let form = if text.starts_with('(') { HintForm::Parenthesis } else { HintForm::Sentence };
                    let number = self.done.hints.len();
                    let entry = self.document.outline.entries.iter().position(|e| {
                        self.document
                            .events
                            .get(e.events.start)
                            .is_some_and(|(_, first)| first.start <= hint.whole.start)
                            && self.document.events[e.events.start..e.events.end]
                                .iter()
                                .any(|(_, r)| r.start <= hint.whole.start && hint.whole.end <= r.end)
                    });
                    self.done.hints.push(Hint { phrase: hint.phrase, text, span, form, entry });
                    self.holes.push(Hole { range: hint.whole, hint: Some(number) });
                }
            }
        }
    }
}

/// Finds the hints of one paragraph and starts the next.
fn collect(runs: &mut Vec<Run<'_>>, openings: &Openings, found: &mut Vec<hints::Found>) {
    if runs.iter().any(|run| openings.may_begin_in(run.text)) {
        found.extend(hints::find(runs, openings));
    }
    runs.clear();
}
