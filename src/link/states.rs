//! The state of an entry, computed from what stands there.

use std::fmt;

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
    /// Why it is a draft or outdated.
    pub reason: Option<Reason>,
}

/// Why an entry is a draft or outdated. Printed in English, in lower case without a full stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// So many link hints lead nowhere.
    Links(usize),
    /// Its answer says that something is to do.
    Todo,
    /// Its author says that it is a draft.
    Draft,
    /// Its author says that it is outdated.
    Outdated,
    /// Its review was due.
    Due(Date),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Links(1) => f.write_str("a link is still to come"),
            Reason::Links(_) => f.write_str("links are still to come"),
            Reason::Todo => f.write_str("a note says that something is still to do"),
            Reason::Draft => f.write_str("marked as a draft"),
            Reason::Outdated => f.write_str("marked as outdated"),
            Reason::Due(day) => write!(f, "its review was due on {day}"),
        }
    }
}

/// The state of entry `index` of `page` on the day `today`.
pub fn state(page: &Page, index: usize, hints: &[HintTarget], today: Date) -> EntryState {
    let entry = &page.entries[index];
    let of = |state: State, reason: Option<Reason>| EntryState { state, reason };
    if !entry.has_answer {
        return of(State::Unanswered, None);
    }
    let open = page
        .hints
        .iter()
        .zip(hints)
        .filter(|(hint, target)| hint.entry == Some(index) && **target == HintTarget::Pending)
        .count();
    if open > 0 {
        return of(State::Draft, Some(Reason::Links(open)));
    }
    if entry.todo.is_some() {
        return of(State::Draft, Some(Reason::Todo));
    }
    match entry.state {
        Some(DeclaredState::Draft) => return of(State::Draft, Some(Reason::Draft)),
        Some(DeclaredState::Outdated) => return of(State::Outdated, Some(Reason::Outdated)),
        _ => {}
    }
    let due = entry.reviewed.zip(entry.review_every).and_then(|(reviewed, every)| reviewed.checked_add(every).ok());
    match due {
        Some(due) if due < today => of(State::Outdated, Some(Reason::Due(due))),
        _ => of(State::Answered, None),
    }
}
