//! What the outline puts around the events: the sections of entries and parts, and lists that are questions in part.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::marks::mark;
use super::{Renderer, attribute};
use crate::parse::events::is_inline;
use crate::parse::outline::{EntrySketch, Outline};

/// What to put where while rendering.
pub(super) struct Action {
    pub(super) at: usize,
    pub(super) order: u8,
    pub(super) what: What,
}

pub(super) enum What {
    Emit(String),
    Skip,
    Enter(usize),
    Leave,
}

/// Events at which the length of the text so far is wanted.
pub(super) fn cuts(outline: &Outline) -> Vec<usize> {
    let mut cuts: Vec<usize> = outline
        .entries
        .iter()
        .flat_map(|entry| {
            entry
                .parts
                .iter()
                .flat_map(|part| [part.events.start, part.events.end])
                .chain([entry.answer.start, entry.answer.end])
        })
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

impl Renderer<'_, '_> {
    pub(super) fn actions(&self) -> Vec<Action> {
        let mut actions = Vec::new();
        let mut push = |at: usize, order: u8, what: What| actions.push(Action { at, order, what });
        for (number, entry) in self.document.outline.entries.iter().enumerate() {
            let whole = entry.heading.is_none() && entry.words.is_empty();
            for part in &entry.parts {
                let Some(heading) = part.heading else {
                    continue;
                };
                let start = self.document.outline.headings[heading].events.start;
                push(start, 4, What::Emit(format!("<section class=\"part part-{}\">\n", part.kind.name())));
                push(part.events.end, 0, What::Emit("</section>\n".into()));
            }
            push(entry.events.start, 3, What::Enter(number));
            push(entry.events.end, 2, What::Leave);
            if whole {
                continue;
            }
            let mut open = String::from("<section class=\"entry\" data-state=\"");
            mark(&mut open, 'D', number);
            open.push_str("\">\n");
            if entry.heading.is_none() {
                let id = &self.document.entries[number].id;
                open += &format!("<h{} class=\"question\" id=\"{}\">", entry.level, attribute(id));
                open += &self.document.former_ids(id);
                let close = self.question_end(number, entry.level);
                push(entry.words.end, 1, What::Emit(close));
                for event in (entry.events.start..entry.words.start).chain([entry.events.end - 1]) {
                    push(event, 5, What::Skip);
                }
                self.bullet_answer(entry, &mut push);
            }
            push(entry.events.start, 3, What::Emit(open));
            let mut close = String::from(if entry.answered { "</div>\n" } else { "" });
            mark(&mut close, 'A', number);
            close.push_str("</section>\n");
            let end = if entry.heading.is_none() { entry.events.end - 1 } else { entry.events.end };
            push(end, 2, What::Emit(close));
        }
        for list in &self.document.outline.lists {
            push(list.events.start, 5, What::Skip);
            push(list.events.end - 1, 5, What::Skip);
            let mut plain = false;
            for (item, entry) in &list.items {
                if entry.is_none() != plain {
                    plain = entry.is_none();
                    push(item.start, 1, What::Emit(if plain { "<ul>\n".into() } else { "</ul>\n".into() }));
                }
            }
            if plain {
                push(list.events.end - 1, 1, What::Emit("</ul>\n".into()));
            }
        }
        // A stable sort keeps what is pushed together in order.
        actions.sort_by_key(|action| (action.at, action.order));
        actions
    }

    /// The paragraph around a bullet's question goes; what follows the question on further lines becomes one.
    fn bullet_answer(&self, entry: &EntrySketch, push: &mut impl FnMut(usize, u8, What)) {
        let end = entry.words.end;
        let loose = matches!(self.document.events[entry.words.start - 1].0, Event::Start(Tag::Paragraph));
        match &self.document.events[end].0 {
            Event::End(TagEnd::Paragraph) if loose => push(end, 5, What::Skip),
            Event::SoftBreak | Event::HardBreak => {
                push(end, 5, What::Skip);
                push(end, 2, What::Emit("<p>".into()));
                if !loose {
                    let mut depth = 0usize;
                    let rest = self.document.events[end..entry.events.end].iter().position(|(event, _)| match event {
                        Event::Start(tag) if is_inline(tag) => {
                            depth += 1;
                            false
                        }
                        Event::End(_) if depth > 0 => {
                            depth -= 1;
                            false
                        }
                        Event::Start(_) | Event::End(_) => true,
                        _ => false,
                    });
                    let stop = rest.map_or(entry.events.end - 1, |rest| end + rest);
                    push(stop, 1, What::Emit("</p>\n".into()));
                }
            }
            _ => {}
        }
    }
}
