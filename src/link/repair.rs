//! Repairs that are certain: what the author meant is known, and the text at the place is what it seems to be.
//!
//! A repair is given only where the bytes at the place are the address as it was read, with nothing escaped, so that what
//! is put there means what it says.

use super::encode_fragment;
use crate::diagnostics::{Edit, Fix, Span};
use crate::parse::{Entry, Hint, HintForm, Link, LinkKind};
use crate::source::Sources;

fn one(title: String, span: Span, text: String) -> Box<Fix> {
    Box::new(Fix { title, edits: vec![Edit { span, text }] })
}

/// Writes `now` in the place of the address of `link`.
pub fn address(sources: &Sources, link: &Link, now: &str) -> Option<Box<Fix>> {
    let is_plain = |c: char| !c.is_whitespace() && !matches!(c, '(' | ')' | '<' | '>' | '"' | '\'' | '\\');
    let written = sources.text(link.span.file).get(link.span.range())?;
    let by_address = matches!(link.kind, LinkKind::Address | LinkKind::Image | LinkKind::RawMedia | LinkKind::Relref);
    let certain = by_address && written == link.address && now.chars().all(is_plain);
    certain.then(|| one(format!("write `{now}`"), link.span, now.to_owned()))
}

/// Writes the address `now` on another site in the place of that of `link`, which names its site in full.
pub fn outside_address(sources: &Sources, link: &Link, now: &str) -> Option<Box<Fix>> {
    let written = sources.text(link.span.file).get(link.span.range())?;
    let in_full = ["http://", "https://"].iter().any(|scheme| link.address.starts_with(scheme));
    if link.kind == LinkKind::Autolink {
        // The place of an automatic link holds its brackets.
        let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>');
        let certain = in_full && written == format!("<{}>", link.address) && now.chars().all(is_plain);
        return certain.then(|| one(format!("write `<{now}>`"), link.span, format!("<{now}>")));
    }
    address(sources, link, now).filter(|_| in_full)
}

/// Writes the fragment `now` in the place of that of `link`.
pub fn fragment(sources: &Sources, link: &Link, now: &str) -> Option<Box<Fix>> {
    let (path, _) = link.address.split_once('#')?;
    address(sources, link, &format!("{path}#{}", encode_fragment(now)))
}

/// Writes the path of `link` as `actual`, which differs from it in case only, is spelled.
pub fn case(sources: &Sources, link: &Link, actual: &str) -> Option<Box<Fix>> {
    let end = link.address.find(['?', '#']).unwrap_or(link.address.len());
    let (path, rest) = link.address.split_at(end);
    let trimmed = path.trim_end_matches('/');
    let actual = actual.trim_end_matches('/');
    // What a link may leave out.
    let endings = ["", ".md", "/_index.md", "/index.md"];
    let spelled = endings.iter().filter_map(|ending| actual.strip_suffix(ending)).find_map(|actual| {
        let written: Vec<&str> = trimmed.split('/').collect();
        let right: Vec<&str> = actual.split('/').collect();
        let pairs = written.iter().rev().zip(right.iter().rev());
        let same = pairs.take_while(|(a, b)| a.to_lowercase() == b.to_lowercase()).count();
        // All that is left of the path as written leads up or stands for here.
        let (up, names) = written.split_at(written.len() - same);
        let leads = up.iter().all(|part| matches!(*part, "" | "." | ".." | "@" | "~"));
        (leads && !names.is_empty()).then(|| [up, &right[right.len() - same..]].concat().join("/"))
    })?;
    let now = format!("{spelled}{}{rest}", &path[trimmed.len()..]);
    (now != link.address).then(|| address(sources, link, &now)).flatten()
}

/// Writes a link to the address `to` in the place of `hint`.
pub fn hint(hint: &Hint, to: &str, title: &str) -> Option<Box<Fix>> {
    if to.contains(['(', ')', '<', '>', ' ']) {
        return None;
    }
    let title: String = title
        .chars()
        .flat_map(|c| matches!(c, '[' | ']' | '\\' | '`' | '*' | '_' | '<').then_some('\\').into_iter().chain([c]))
        .collect();
    let link = match hint.form {
        HintForm::Comment => format!("(see [{title}]({to}))"),
        HintForm::CommentBlock => format!("See [{title}]({to})."),
        HintForm::Parenthesis | HintForm::Sentence => format!("[{title}]({to})"),
    };
    Some(one("write the link".into(), hint.span, link))
}

/// Writes the id of `entry` behind its question.
pub fn id(sources: &Sources, entry: &Entry) -> Option<Box<Fix>> {
    let text = sources.text(entry.span.file);
    let question = text.get(entry.span.range())?;
    // Of a question on several lines only the last could take it, and of one with attributes the braces.
    if question.trim_end().contains(['\n', '\r']) || question.trim_end().ends_with('}') {
        return None;
    }
    let words = if question.starts_with('#') { question.trim_end().trim_end_matches('#') } else { question };
    let at = entry.span.start as usize + words.trim_end().len();
    let span = Span::new(entry.span.file, at..at);
    Some(one("write the id behind the question".into(), span, format!(" {{#{}}}", entry.id)))
}
