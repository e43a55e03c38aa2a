//! What a site shows of itself as a whole: what is linked most, what changed last, how old an answer is.

use std::cmp::Reverse;

use jiff::civil::Date;

use crate::Site;
use crate::link::State;

use super::around::{Seen, link};
use super::messages::Messages;
use super::views::{ChangeView, LinkView};

/// So many links of a kind are a handful.
const HANDFUL: usize = 6;
/// An entry that fewer places link to is not linked much.
const LEAST: usize = 2;

/// Answered entries by the number of places that link to them, as seen from the home page.
pub fn linked_most<'a>(site: &'a Site, seen: Seen<'_>) -> Vec<LinkView<'a>> {
    let mut entries: Vec<(usize, usize, usize)> = Vec::new();
    for number in site.linked.pages() {
        for (index, (around, state)) in
            site.linked.around[number].entries.iter().zip(&site.linked.states[number]).enumerate()
        {
            let answers = state.as_ref().is_some_and(|state| matches!(state.state, State::Answered | State::Outdated));
            if answers && around.linked_from.len() >= LEAST {
                entries.push((around.linked_from.len(), number, index));
            }
        }
    }
    // A stable sort: those that are linked as much keep the order of the tree.
    entries.sort_by_key(|(links, _, _)| Reverse(*links));
    entries.truncate(HANDFUL);
    entries.into_iter().filter_map(|(_, number, index)| link(site, seen, number, Some(index))).collect()
}

/// What changed last, as the feed tells it and the home page shows it.
pub fn changes<'a>(site: &'a Site, seen: Seen<'_>, messages: &Messages) -> Vec<ChangeView<'a>> {
    let changes = site.linked.changes.iter().take(HANDFUL).filter_map(|change| {
        let LinkView { title, url, language } = link(site, seen, change.page, change.entry)?;
        Some(ChangeView { title, url, language, day: change.day.to_string(), day_on: messages.day(change.day) })
    });
    changes.collect()
}

/// How long ago entry `index` of page `number` was reviewed, or its page changed; `None` when no day is known.
pub fn age(site: &Site, number: usize, index: usize, messages: &Messages) -> Option<String> {
    let page = &site.parsed.pages[number];
    let seen = page.entries[index].reviewed.max(page.matter.lastmod).max(page.matter.date)?;
    let (word, count) = since(seen, site.linked.today);
    messages.counted(word, count)
}

/// The time from `day` to `today`, in the largest unit that it fills; none when `day` is yet to come.
fn since(day: Date, today: Date) -> (&'static str, u64) {
    let months = (i64::from(today.year()) - i64::from(day.year())) * 12 + i64::from(today.month())
        - i64::from(day.month())
        - i64::from(today.day() < day.day());
    match u64::try_from(months).unwrap_or_default() {
        0 => {
            let days = day.until(today).map(|span| i64::from(span.get_days())).unwrap_or_default();
            ("age_days", u64::try_from(days).unwrap_or_default())
        }
        months @ 1..12 => ("age_months", months),
        months => ("age_years", months / 12),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn ages_are_told_in_the_largest_unit() {
        let today = date(2026, 3, 12);
        assert_eq!(since(date(2026, 3, 12), today), ("age_days", 0));
        assert_eq!(since(date(2026, 2, 13), today), ("age_days", 27));
        assert_eq!(since(date(2026, 2, 12), today), ("age_months", 1));
        assert_eq!(since(date(2025, 3, 13), today), ("age_months", 11));
        assert_eq!(since(date(2025, 3, 12), today), ("age_years", 1));
        assert_eq!(since(date(2024, 1, 1), today), ("age_years", 2));
        assert_eq!(since(date(2026, 5, 1), today), ("age_days", 0));
    }
}
