//! Findings that an author allows, with the reason: `<!-- unstick-allow broken-link: moved next week -->`.
//!
//! In front matter the same stands behind a `#`. A comment between words covers its line; one that has its lines to itself
//! covers the block below it, up to the next empty line; in front matter, the line below it. A comment that names no rule
//! or gives no reason is reported and allows nothing.

use std::ops::Range;

use super::page::Allow;
use crate::diagnostics::{self, Diagnostic, Effect, FileId, Sink, Span, nearest, rule};
use crate::source::line_starts;

/// What a comment begins with.
const ALLOW: &str = "unstick-allow";

/// Reads `comment`, whose words stand between its marks and which is at `span` of a file with this `text`.
pub fn comment(comment: &str, span: Span, text: &str, allowed: &mut Vec<Allow>, sink: &mut Sink) {
    if !comment.contains(ALLOW) {
        return;
    }
    let words = comment.trim_start_matches("<!--").trim_end_matches("-->");
    if let Some(order) = order(words) {
        read(order, span, block(text, span), allowed, sink);
    }
}

/// Reads the comments of front matter, which is `range` of the `text` of `file`.
pub fn front_matter(file: FileId, text: &str, range: Range<usize>, allowed: &mut Vec<Allow>, sink: &mut Sink) {
    if !text[range.clone()].contains(ALLOW) {
        return;
    }
    let mut at = range.start;
    for line in text[range].split_inclusive('\n') {
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        if let Some(order) = line.trim().strip_prefix('#').and_then(order) {
            let end = text[at..].find('\n').map_or(text.len(), |end| at + end);
            read(order, Span::new(file, start..start + line.trim().len()), at..end, allowed, sink);
        }
    }
}

/// What follows `unstick-allow`.
fn order(words: &str) -> Option<&str> {
    let rest = words.trim().strip_prefix(ALLOW)?;
    rest.is_empty().then_some(rest).or_else(|| rest.starts_with([' ', '\t', '\n', '\r', ':']).then(|| rest.trim()))
}

/// The bytes that a comment covers.
fn block(text: &str, span: Span) -> Range<usize> {
    let starts = line_starts(text);
    let line_of = |at: usize| starts.partition_point(|start| *start <= at).max(1) - 1;
    let line = |number: usize| starts[number]..starts.get(number + 1).copied().unwrap_or(text.len());
    let (start, end) = (span.start as usize, (span.end as usize).min(text.len()));
    let (first, last) = (line_of(start), line_of(end.saturating_sub(1).max(start)));
    let alone = text[line(first).start..start].trim().is_empty() && text[end..line(last).end].trim().is_empty();
    if !alone {
        return line(first).start..line(last).end;
    }
    let is_empty = |number: &usize| text[line(*number)].trim().is_empty();
    let below = (last + 1..starts.len()).find(|number| !is_empty(number)).unwrap_or(starts.len());
    let behind = (below..starts.len()).find(is_empty).unwrap_or(starts.len());
    if below == starts.len() { end..end } else { line(below).start..line(behind - 1).end }
}

fn read(order: &str, span: Span, covers: Range<usize>, allowed: &mut Vec<Allow>, sink: &mut Sink) {
    let mut wrong = |message: String, help: Option<String>| {
        let mut diagnostic = Diagnostic::at(&rule::INVALID_ALLOW, span, message);
        diagnostic.help = help.or_else(|| Some("write `unstick-allow RULE: reason`".to_owned()));
        sink.push(diagnostic);
    };
    let (names, reason) = order.split_once(':').unwrap_or((order, ""));
    let reason = reason.split_whitespace().collect::<Vec<_>>().join(" ");
    let names: Vec<&str> = names.split([',', ' ', '\n', '\r', '\t']).filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return wrong("this comment does not say what it allows".into(), None);
    }
    if reason.is_empty() {
        return wrong("this comment does not say why".into(), None);
    }
    for name in names {
        let Some(rule) = diagnostics::ALL.iter().find(|rule| rule.name == name) else {
            let near = nearest(name, diagnostics::ALL.iter().map(|rule| rule.name));
            let help = near.map_or_else(
                || "`unstick explain` lists all rules".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            wrong(format!("no rule is called `{name}`"), Some(help));
            continue;
        };
        if rule.effect == Effect::NothingWritten {
            wrong(format!("`{name}` cannot be allowed: without it no site could be written"), Some("mend it".into()));
            continue;
        }
        let covers = Span::new(span.file, covers.clone());
        allowed.push(Allow { rule, reason: reason.clone(), span, covers });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(text: &str) -> &str {
        let start = text.find("<!--").unwrap_or(0);
        let end = text.find("-->").map_or(text.len(), |end| end + 3);
        &text[block(text, Span::new(FileId(0), start..end))]
    }

    #[test]
    fn a_comment_covers_its_line_or_the_block_below() {
        assert_eq!(covered("a\nb <!-- x -->\nc"), "b <!-- x -->\n");
        assert_eq!(covered("a\n<!-- x -->\n\nb\nc\n\nd"), "b\nc\n");
        assert_eq!(covered("a\n  <!-- x\ny -->\nb\r\nc"), "b\r\nc");
        assert_eq!(covered("a\n<!-- x -->\n"), "");
        assert_eq!(covered("<!-- x --> a"), "<!-- x --> a");
    }
}
