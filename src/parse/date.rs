//! Days and spans of days, as front matter writes them.

use jiff::civil::Date;

/// The day at the start of `text`: `2026-10-01`, also with a time of day behind it (`2026-10-01T08:00:00Z`).
pub fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    let head = text.get(..10)?;
    let rest = &text[10..];
    if !(rest.is_empty() || rest.starts_with(['T', 't', ' '])) {
        return None;
    }
    head.parse().ok()
}

/// A review interval: a number with `d`, `w`, `m` (months) or `y`, as in `90d` and `6m`; words (`6 months`) too.
pub fn interval(text: &str) -> Option<jiff::Span> {
    let text = text.trim().to_lowercase();
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number: i64 = text[..digits].parse().ok().filter(|n| (1..=1000).contains(n))?;
    let span = jiff::Span::new();
    match text[digits..].trim() {
        "d" | "day" | "days" => Some(span.days(number)),
        "w" | "week" | "weeks" => Some(span.weeks(number)),
        "m" | "month" | "months" => Some(span.months(number)),
        "y" | "year" | "years" => Some(span.years(number)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_with_and_without_a_time() {
        assert_eq!(day("2026-10-01").map(|d| d.to_string()).as_deref(), Some("2026-10-01"));
        assert_eq!(day("2026-10-01T08:00:00+02:00").map(|d| d.to_string()).as_deref(), Some("2026-10-01"));
        for wrong in ["2026-02-30", "01/10/2026", "99999-01-01", "2026-10-01x", "soon", ""] {
            assert_eq!(day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn intervals_have_a_unit() {
        assert_eq!(interval("6m").map(|s| s.get_months()), Some(6));
        assert_eq!(interval("2 years").map(|s| i64::from(s.get_years())), Some(2));
        for wrong in ["", "6", "m", "-1d", "0d", "1e3d"] {
            assert!(interval(wrong).is_none(), "{wrong}");
        }
    }
}
