//! The state of an entry, computed from what stands there.

use jiff::civil::Date;

use super::HintTarget;
use crate::parse::Page;
use crate::parse::front_matter::DeclaredState;

/// Does an entry answer?
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It does.
    Answered,
    /// It is past its review date.
    Outdated,
    /// Its answer is unfinished.
    Draft,
    /// It has no answer.
    Unanswered,
}

impl State {
    /// The name in classes and in `unstick.json`.
    pub fn name(self) -> &'static str {
        match self {
            State::Answered => "answered",
            State::Outdated => "outdated",
            State::Draft => "draft",
            State::Unanswered => "unanswered",
        }
    }
}

/// The state of an entry and why it is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryState {
    /// The state.
    pub state: State,
    /// Why it is a draft or outdated, in lower case without a full stop; empty otherwise.
    pub reason: String,
}

/// The state of entry `index` of `page` on the day `today`.
pub fn state(page: &Page, index: usize, hints: &[HintTarget], today: Date) -> EntryState {
    let entry = &page.entries[index];
    let of = |state: State, reason: &str| EntryState { state, reason: reason.to_owned() };
    if !entry.has_answer {
        return of(State::Unanswered, "");
    }
    let open = page
        .hints
        .iter()
        .zip(hints)
        .filter(|(hint, target)| hint.entry == Some(index) && **target == HintTarget::Pending)
        .count();
    if open > 0 {
        return of(State::Draft, if open == 1 { "a link is still to come" } else { "links are still to come" });
    }
    if entry.todo.is_some() {
        return of(State::Draft, "a note says that something is still to do");
    }
    match entry.state {
        Some(DeclaredState::Draft) => return of(State::Draft, "marked as a draft"),
        Some(DeclaredState::Outdated) => return of(State::Outdated, "marked as outdated"),
        _ => {}
    }
    let due = entry.reviewed.zip(entry.review_every).and_then(|(reviewed, every)| reviewed.checked_add(every).ok());
    match due {
        Some(due) if due < today => of(State::Outdated, &format!("its review was due on {due}")),
        _ => of(State::Answered, ""),
    }
}
