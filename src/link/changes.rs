//! What has changed last, for those who follow a site.
//!
//! In steps: date every page by what its front matter says; date an entry by itself where it was reviewed after its page;
//! sort, the newest first, and keep the first few. What answers nothing yet is left out.

use std::cmp::Reverse;

use jiff::civil::Date;

use super::{Linked, State};
use crate::parse::Parsed;

/// More changes than so many are left out.
const KEPT: usize = 30;

/// A page or an entry with the day of its last change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The page, as an index into [`Parsed::pages`].
    pub page: usize,
    /// The entry of that page; `None` for the page as a whole.
    pub entry: Option<usize>,
    /// The day.
    pub day: Date,
}

/// The last changes of a site, the newest first; those of one day in the order of the tree.
pub fn changes(parsed: &Parsed, linked: &Linked) -> Vec<Change> {
    let mut changes = Vec::new();
    for number in linked.pages() {
        let page = &parsed.pages[number];
        let states = &linked.states[number];
        let answers = |index: usize| {
            let state = states[index].as_ref().map(|state| state.state);
            matches!(state, Some(State::Answered | State::Outdated))
        };
        let matter = &page.matter;
        let day = matter.lastmod.max(matter.date).max(matter.reviewed);
        let is_prose = states.iter().all(Option::is_none);
        if let Some(day) = day
            && (is_prose || (0..states.len()).any(answers))
        {
            changes.push(Change { page: number, entry: None, day });
        }
        for (index, entry) in page.entries.iter().enumerate() {
            if let Some(reviewed) = entry.reviewed
                && Some(reviewed) > day
                && answers(index)
            {
                changes.push(Change { page: number, entry: Some(index), day: reviewed });
            }
        }
    }
    changes.sort_by_key(|change| Reverse(change.day));
    changes.truncate(KEPT);
    changes
}
