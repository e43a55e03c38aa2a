//! Files for programs: `unstick.json` and `sitemap.xml`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};

use super::fill::absolute;
use super::json_writer::JsonWriter;
use super::page::Shared;
use crate::Site;
use crate::link::address::{encode_fragment, encode_path};
use crate::link::diagnoses::{jumps, leads};
use crate::link::{EntryState, HintTarget, Target};
use crate::parse::diagnosis::Diagnosis;
use crate::parse::html::escape;

/// The version of the shape of `unstick.json`; it grows with every change that could break a reader.
pub const SCHEMA: u32 = 1;

/// Writes `unstick.json`, page by page, so that no more than a few are held.
///
/// # Errors
/// When `out` cannot be written to.
pub fn json(shared: &Shared<'_>, out: &mut dyn Write) -> io::Result<()> {
    let view = &shared.site_view;
    let mut json = JsonWriter::default();
    json.begin();
    json.number("schema", SCHEMA.into());
    json.text("generator", &view.generator);
    json.text("title", &view.title);
    json.text("language", &view.language);
    json.some_text("base_url", shared.site.sources.config.base_url.as_deref());
    json.begin_list("pages");
    for number in shared.site.linked.pages() {
        page(&mut json, shared, number);
        json.write_much(out)?;
    }
    json.end_list();
    json.end();
    json.write(out)?;
    out.write_all(b"\n")
}

fn page(json: &mut JsonWriter, shared: &Shared<'_>, number: usize) {
    let site = shared.site;
    let page = &site.parsed.pages[number];
    let tree = &site.linked.tree;
    json.begin();
    json.text("url", &encode_path(site.linked.output(number).unwrap_or_default()));
    json.text("title", &page.title);
    json.some_text("heading", page.heading.as_deref());
    json.text("source", site.sources.path(page.file));
    json.some_text("description", page.matter.description.as_deref());
    json.some_texts("tags", &page.matter.tags);
    json.some_texts("keywords", &page.matter.keywords);
    let parent = tree.node_of_page[number].and_then(|node| tree.nodes[node].parent);
    let mut above: Vec<usize> = std::iter::successors(parent, |node| tree.nodes[*node].parent).collect();
    above.reverse();
    // From the home page down.
    json.texts("above", above.iter().map(|node| encode_path(&tree.nodes[*node].output)));
    let mut links = links(site, number);
    json.begin_list("entries");
    for (index, state) in site.linked.states[number].iter().enumerate() {
        if let Some(state) = state {
            entry(json, shared, (number, index), state, &links.remove(&index).unwrap_or_default());
        }
    }
    json.end_list();
    if !page.diagnoses.is_empty() {
        json.objects("diagnoses", &page.diagnoses, |json, diagnosis| write_diagnosis(json, site, number, diagnosis));
    }
    json.end();
}

/// A tree of questions, each named by its id. The first begins.
fn write_diagnosis(json: &mut JsonWriter, site: &Site, number: usize, diagnosis: &Diagnosis) {
    let page = &site.parsed.pages[number];
    let targets = &site.linked.resolved[number].targets;
    let output = encode_path(site.linked.output(number).unwrap_or_default());
    json.objects("questions", &diagnosis.questions, |json, question| {
        json.text("id", &question.id);
        json.text("url", &format!("{output}#{}", encode_fragment(&question.id)));
        json.text("question", &question.text);
        json.number("line", site.sources.line(question.span) as u64);
        json.objects("answers", &question.answers, |json, answer| {
            json.text("id", &answer.id);
            json.text("answer", &answer.text);
            let jumps = || jumps(&site.linked, number, diagnosis, answer).first().map(|jump| jump.0);
            let below = answer.question.or_else(jumps);
            json.some_text("question", below.map(|question| diagnosis.questions[question].id.as_str()));
            json.some_text("advice", Some(&answer.advice));
            let links = leads(page, targets, answer);
            let links = links.map(|link| (page.links[link].text.as_str(), address(site, &targets[link])));
            let hints = answer.hints.iter().map(|&hint| hint_link(site, number, hint));
            let links: Vec<Link<'_>> = links.chain(hints).collect();
            if !links.is_empty() {
                write_links(json, &links);
            }
        });
    });
}

/// What a link says, and where it leads: relative to the root of the site, or absolute; absent when it leads nowhere.
type Link<'a> = (&'a str, Option<Cow<'a, str>>);

/// The links and then the hints of a page, by entry.
fn links(site: &Site, number: usize) -> BTreeMap<usize, Vec<Link<'_>>> {
    let page = &site.parsed.pages[number];
    let mut by_entry: BTreeMap<usize, Vec<Link<'_>>> = BTreeMap::new();
    for (link, target) in page.links.iter().zip(&site.linked.resolved[number].targets) {
        if let Some(entry) = link.entry {
            let text = match target {
                Target::Object { inventory, object } if link.text.is_empty() => {
                    site.linked.inventories.title(*inventory, *object)
                }
                _ => &link.text,
            };
            by_entry.entry(entry).or_default().push((text, address(site, target)));
        }
    }
    for (index, hint) in page.hints.iter().enumerate() {
        if let Some(entry) = hint.entry {
            by_entry.entry(entry).or_default().push(hint_link(site, number, index));
        }
    }
    by_entry
}

fn hint_link(site: &Site, number: usize, hint: usize) -> Link<'_> {
    match &site.linked.resolved[number].hints[hint] {
        HintTarget::Found(target, title) => (title, address(site, target)),
        HintTarget::Pending => (&site.parsed.pages[number].hints[hint].phrase, None),
    }
}

fn write_links(json: &mut JsonWriter, links: &[Link<'_>]) {
    json.objects("links", links, |json, (text, url)| {
        json.text("text", text);
        json.some_text("url", url.as_deref());
    });
}

fn entry(
    json: &mut JsonWriter,
    shared: &Shared<'_>,
    (number, index): (usize, usize),
    state: &EntryState,
    links: &[Link<'_>],
) {
    let site = shared.site;
    let page = &site.parsed.pages[number];
    let entry = &page.entries[index];
    let path = encode_path(site.linked.output(number).unwrap_or_default());
    json.begin();
    json.text("id", &entry.id);
    if entry.spelling.is_page() {
        json.text("url", &path);
    } else {
        json.text("url", &format!("{path}#{}", encode_fragment(&entry.id)));
    }
    json.text("question", &entry.question);
    json.text("spelling", entry.spelling.name());
    json.text("state", state.state.name());
    json.some_text("reason", state.reason.map(|reason| reason.to_string()).as_deref());
    json.number("line", shared.line(number, index) as u64);
    json.some_texts("aka", &entry.aka);
    json.some_texts("applies_to", &entry.applies_to);
    json.some_text("owner", entry.owner.as_deref());
    json.some_text("reviewed", entry.reviewed.map(|day| day.to_string()).as_deref());
    json.objects("parts", &entry.parts, |json, part| {
        json.text("kind", part.kind.name());
        if let Some(number) = part.number {
            json.number("number", number.into());
        }
        json.some_text("title", Some(&part.title));
        json.some_text("id", part.id.as_deref());
        json.text("text", page.text[part.text.start as usize..part.text.end as usize].trim());
    });
    json.objects("messages", &entry.messages, |json, message| {
        json.some_text("code", message.code.as_deref());
        json.text("text", &message.text);
    });
    write_links(json, links);
    json.end();
}

/// The address of a target from the root of the site.
fn address<'a>(site: &'a Site, target: &'a Target) -> Option<Cow<'a, str>> {
    super::fill::href(&site.linked, "", target)
}

/// `sitemap.xml`, when the site says where it will be.
pub fn site_map(site: &Site) -> Vec<u8> {
    let base_url = site.sources.config.base_url.as_deref().unwrap_or_default();
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for node in &site.linked.tree.order {
        let node = &site.linked.tree.nodes[*node];
        let day = node
            .page
            .and_then(|number| site.parsed.pages[number].matter.lastmod.or(site.parsed.pages[number].matter.date));
        let day = day.map_or(String::new(), |day| format!("<lastmod>{day}</lastmod>"));
        xml += &format!("<url><loc>{}</loc>{day}</url>\n", escape(&absolute(base_url, &node.output)));
    }
    xml += "</urlset>\n";
    xml.into_bytes()
}
