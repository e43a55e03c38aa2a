//! Lines of code that their writer points out.

use std::borrow::Cow;
use std::ops::RangeInclusive;

/// Begins a line that is pointed out.
const OPEN: &str = "<span class=\"hl-line\">";
const CLOSE: &str = "</span>";

/// The HTML of a block of code, with an element around each of `lines`, which count from 1. Elements of the code end with
/// their line and begin anew in the next.
pub fn pointed_out<'a>(html: &'a str, lines: &[RangeInclusive<u32>]) -> Cow<'a, str> {
    if lines.is_empty() {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len() + 64);
    // Start tags that are open at the end of a line.
    let mut open: Vec<&str> = Vec::new();
    for (number, mut line) in (1u32..).zip(html.split_inclusive('\n')) {
        // What ends with the line before is not begun again.
        while let Some(rest) = line.strip_prefix(CLOSE).filter(|_| !open.is_empty()) {
            open.pop();
            line = rest;
        }
        if line.is_empty() {
            break;
        }
        let is_pointed_out = lines.iter().any(|range| range.contains(&number));
        if is_pointed_out {
            out.push_str(OPEN);
        }
        out.extend(open.iter().copied());
        out.push_str(line);
        let mut rest = line;
        while let Some(start) = rest.find('<') {
            let end = rest[start..].find('>').map_or(rest.len(), |end| start + end + 1);
            match rest[start..end].starts_with("</") {
                true => drop(open.pop()),
                false => open.push(&rest[start..end]),
            }
            rest = &rest[end..];
        }
        out.extend(open.iter().map(|_| CLOSE));
        if is_pointed_out {
            out.push_str(CLOSE);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_pointed_out_whatever_spans_them() {
        assert_eq!(pointed_out("a\nb\n", &[]), "a\nb\n");
        assert_eq!(
            pointed_out("a\nb\nc", &[2..=9]),
            "a\n<span class=\"hl-line\">b\n</span><span class=\"hl-line\">c</span>"
        );
        let comment = "<span class=\"hl-c\">/* a\nb */\n</span>c\n";
        assert_eq!(
            pointed_out(comment, &[2..=2]),
            "<span class=\"hl-c\">/* a\n</span><span class=\"hl-line\"><span class=\"hl-c\">b */\n</span></span>\
             c\n"
        );
        assert_eq!(
            pointed_out("<span class=\"hl-n\">1\n</span>", &[1..=2]),
            "<span class=\"hl-line\"><span class=\"hl-n\">1\n</span></span>"
        );
    }
}
