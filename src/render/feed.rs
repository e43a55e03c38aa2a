//! `feed.xml`: the answers that changed last, as an Atom feed (RFC 4287).

use std::borrow::Cow;

use super::fill::absolute;
use super::page::{Shared, summary};
use crate::link::address::encode_fragment;
use crate::link::changes::Change;
use crate::parse::html::escape_into;
use crate::plan::FEED;

/// `feed.xml`, for a site that says where it will be and has changes.
pub fn feed(shared: &Shared<'_>) -> Vec<u8> {
    let site = shared.site;
    let view = &shared.site_view;
    let base_url = site.sources.config.base_url.as_deref().unwrap_or_default();
    let mut xml =
        String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"");
    xml += &format!(" xml:lang=\"{}\">\n", view.language);
    element(&mut xml, "title", &view.title);
    if !view.description.is_empty() {
        element(&mut xml, "subtitle", &view.description);
    }
    element(&mut xml, "id", base_url);
    link(&mut xml, "self", "application/atom+xml", &format!("{base_url}{FEED}"));
    link(&mut xml, "alternate", "text/html", base_url);
    if let Some(newest) = site.linked.changes.first() {
        element(&mut xml, "updated", &instant(newest.day));
    }
    xml.push_str("<author>");
    element(&mut xml, "name", &view.title);
    xml.push_str("</author>\n");
    element(&mut xml, "generator", &view.generator);
    for change in &site.linked.changes {
        entry(&mut xml, shared, base_url, change);
    }
    xml.push_str("</feed>\n");
    xml.into_bytes()
}

fn entry(xml: &mut String, shared: &Shared<'_>, base_url: &str, change: &Change) {
    let site = shared.site;
    let page = &site.parsed.pages[change.page];
    let mut address = absolute(base_url, site.linked.output(change.page).unwrap_or_default());
    let entry = change.entry.map(|index| &page.entries[index]);
    if let Some(entry) = entry.filter(|entry| !entry.spelling.is_page()) {
        address = format!("{address}#{}", encode_fragment(&entry.id));
    }
    xml.push_str("<entry>\n");
    element(xml, "title", entry.map_or(page.title.as_str(), |entry| &entry.question));
    element(xml, "id", &address);
    link(xml, "alternate", "text/html", &address);
    element(xml, "updated", &instant(change.day));
    if let (None, Some(day)) = (entry, page.matter.date) {
        element(xml, "published", &instant(day));
    }
    for tag in &page.matter.tags {
        xml.push_str("<category term=\"");
        escape_into(xml, &allowed(tag));
        xml.push_str("\"/>\n");
    }
    let summary = match (change.entry, &page.matter.description) {
        (Some(index), _) => summary(page, index),
        (None, Some(description)) => description.clone(),
        (None, None) => {
            page.entries.first().filter(|entry| entry.spelling.is_page()).map(|_| summary(page, 0)).unwrap_or_default()
        }
    };
    if !summary.is_empty() {
        element(xml, "summary", &summary);
    }
    xml.push_str("</entry>\n");
}

/// The beginning of a day: sources know no time of day.
fn instant(day: jiff::civil::Date) -> String {
    format!("{day}T00:00:00Z")
}

fn element(xml: &mut String, name: &str, text: &str) {
    xml.push_str(&format!("<{name}>"));
    escape_into(xml, &allowed(text));
    xml.push_str(&format!("</{name}>\n"));
}

/// `text` without what XML 1.0 cannot hold, which front matter can write as `"\u0007"`.
fn allowed(text: &str) -> Cow<'_, str> {
    let is_forbidden =
        |c: char| (c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{FFFE}' | '\u{FFFF}');
    if text.contains(is_forbidden) { text.replace(is_forbidden, " ").into() } else { text.into() }
}

fn link(xml: &mut String, rel: &str, media_type: &str, address: &str) {
    xml.push_str(&format!("<link rel=\"{rel}\" type=\"{media_type}\" href=\""));
    escape_into(xml, address);
    xml.push_str("\"/>\n");
}
