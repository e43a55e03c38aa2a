//! Files for programs: `unstick.json` and `sitemap.xml`.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};

use serde::{Serialize, Serializer};

use super::fill::absolute;
use super::page::Shared;
use crate::Site;
use crate::link::address::{encode_fragment, encode_path};
use crate::link::diagnoses::{jumps, leads};
use crate::link::{HintTarget, Target};
use crate::parse::diagnosis::{Answer, Diagnosis};
use crate::parse::html::escape;

/// The version of the shape of `unstick.json`; it grows with every change that could break a reader.
pub const SCHEMA: u32 = 1;

/// Bytes that are written at once.
const BUFFER: usize = 64 * 1024;

#[derive(Serialize)]
struct Document<'a> {
    schema: u32,
    generator: &'a str,
    title: &'a str,
    language: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    base_url: Option<&'a str>,
    pages: Pages<'a>,
}

/// The pages, each put together when its turn comes, so that no more than one is held.
struct Pages<'a>(&'a Shared<'a>);

impl Serialize for Pages<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.site.linked.pages().map(|number| page(self.0, number)))
    }
}

#[derive(Serialize)]
struct PageJson<'a> {
    url: String,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    heading: Option<&'a str>,
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    tags: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    keywords: &'a [String],
    /// Addresses of the pages above, from the home page down.
    above: Vec<String>,
    entries: Vec<EntryJson<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    diagnoses: Vec<DiagnosisJson<'a>>,
}

/// A tree of questions, each named by its id. The first begins.
#[derive(Serialize)]
struct DiagnosisJson<'a> {
    questions: Vec<QuestionJson<'a>>,
}

#[derive(Serialize)]
struct QuestionJson<'a> {
    id: &'a str,
    url: String,
    question: &'a str,
    line: usize,
    answers: Vec<AnswerJson<'a>>,
}

#[derive(Serialize)]
struct AnswerJson<'a> {
    id: &'a str,
    answer: &'a str,
    /// The id of the question that it leads to.
    #[serde(skip_serializing_if = "Option::is_none")]
    question: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    advice: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<LinkJson<'a>>,
}

#[derive(Serialize)]
struct EntryJson<'a> {
    id: &'a str,
    url: String,
    question: &'a str,
    spelling: &'static str,
    state: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: String,
    line: usize,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    aka: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    applies_to: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reviewed: Option<String>,
    parts: Vec<PartJson<'a>>,
    messages: Vec<MessageJson<'a>>,
    links: Vec<LinkJson<'a>>,
}

#[derive(Serialize)]
struct PartJson<'a> {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u32>,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    text: &'a str,
}

#[derive(Serialize)]
struct MessageJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    text: &'a str,
}

#[derive(Serialize)]
struct LinkJson<'a> {
    text: &'a str,
    /// Relative to the root of the site, or absolute; absent when the link leads nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// Writes `unstick.json`.
///
/// # Errors
/// When `out` cannot be written to.
pub fn json(shared: &Shared<'_>, out: &mut dyn Write) -> io::Result<()> {
    let view = &shared.site_view;
    let document = Document {
        schema: SCHEMA,
        generator: &view.generator,
        title: &view.title,
        language: &view.language,
        base_url: shared.site.sources.config.base_url.as_deref(),
        pages: Pages(shared),
    };
    let mut out = BufWriter::with_capacity(BUFFER, out);
    serde_json::to_writer(&mut out, &document)?;
    out.write_all(b"\n")?;
    out.flush()
}

fn page<'a>(shared: &Shared<'a>, number: usize) -> PageJson<'a> {
    let site = shared.site;
    let page = &site.parsed.pages[number];
    let tree = &site.linked.tree;
    let output = site.linked.output(number).unwrap_or_default();
    let mut above = Vec::new();
    let mut at = tree.node_of_page[number].and_then(|node| tree.nodes[node].parent);
    while let Some(node) = at {
        above.push(encode_path(&tree.nodes[node].output).into_owned());
        at = tree.nodes[node].parent;
    }
    above.reverse();
    let mut links = links(site, number);
    let entries = (0..page.entries.len())
        .filter_map(|index| entry(shared, number, index, links.remove(&index).unwrap_or_default()))
        .collect();
    PageJson {
        url: encode_path(output).into_owned(),
        title: &page.title,
        heading: page.heading.as_deref(),
        source: site.sources.path(page.file),
        description: page.matter.description.as_deref(),
        tags: &page.matter.tags,
        keywords: &page.matter.keywords,
        above,
        entries,
        diagnoses: page.diagnoses.iter().map(|diagnosis| self::diagnosis(site, number, diagnosis)).collect(),
    }
}

fn diagnosis<'a>(site: &'a Site, number: usize, diagnosis: &'a Diagnosis) -> DiagnosisJson<'a> {
    let page = &site.parsed.pages[number];
    let targets = &site.linked.targets[number];
    let output = encode_path(site.linked.output(number).unwrap_or_default());
    let answer = |answer: &'a Answer| {
        let below =
            answer.question.or_else(|| jumps(&site.linked, number, diagnosis, answer).first().map(|jump| jump.0));
        let links = leads(page, targets, answer);
        let links = links.map(|link| LinkJson { text: &page.links[link].text, url: address(site, &targets[link]) });
        let hints = answer.hints.iter().map(|&hint| hint_link(site, number, hint));
        AnswerJson {
            id: &answer.id,
            answer: &answer.text,
            question: below.map(|question| diagnosis.questions[question].id.as_str()),
            advice: &answer.advice,
            links: links.chain(hints).collect(),
        }
    };
    let questions = diagnosis.questions.iter().map(|question| QuestionJson {
        id: &question.id,
        url: format!("{output}#{}", encode_fragment(&question.id)),
        question: &question.text,
        line: site.sources.line(question.span),
        answers: question.answers.iter().map(answer).collect(),
    });
    DiagnosisJson { questions: questions.collect() }
}

fn hint_link(site: &Site, number: usize, hint: usize) -> LinkJson<'_> {
    match &site.linked.hints[number][hint] {
        HintTarget::Found(target, title) => LinkJson { text: title, url: address(site, target) },
        HintTarget::Pending => LinkJson { text: &site.parsed.pages[number].hints[hint].phrase, url: None },
    }
}

/// The links and then the hints of a page, by entry.
fn links(site: &Site, number: usize) -> BTreeMap<usize, Vec<LinkJson<'_>>> {
    let page = &site.parsed.pages[number];
    let mut by_entry: BTreeMap<usize, Vec<LinkJson<'_>>> = BTreeMap::new();
    for (link, target) in page.links.iter().zip(&site.linked.targets[number]) {
        if let Some(entry) = link.entry {
            let text = match target {
                Target::Object { inventory, object } if link.text.is_empty() => {
                    site.linked.inventories.title(*inventory, *object)
                }
                _ => &link.text,
            };
            by_entry.entry(entry).or_default().push(LinkJson { text, url: address(site, target) });
        }
    }
    for (index, hint) in page.hints.iter().enumerate() {
        if let Some(entry) = hint.entry {
            by_entry.entry(entry).or_default().push(hint_link(site, number, index));
        }
    }
    by_entry
}

fn entry<'a>(shared: &Shared<'a>, number: usize, index: usize, links: Vec<LinkJson<'a>>) -> Option<EntryJson<'a>> {
    let site = shared.site;
    let page = &site.parsed.pages[number];
    let entry = &page.entries[index];
    let state = site.linked.states[number][index].as_ref()?;
    let path = encode_path(site.linked.output(number).unwrap_or_default());
    Some(EntryJson {
        id: &entry.id,
        url: if entry.spelling.is_page() {
            path.into_owned()
        } else {
            format!("{path}#{}", encode_fragment(&entry.id))
        },
        question: &entry.question,
        spelling: entry.spelling.name(),
        state: state.state.name(),
        reason: state.reason.map(|reason| reason.to_string()).unwrap_or_default(),
        line: shared.line(number, index),
        aka: &entry.aka,
        applies_to: &entry.applies_to,
        owner: entry.owner.as_deref(),
        reviewed: entry.reviewed.map(|day| day.to_string()),
        parts: entry
            .parts
            .iter()
            .map(|part| PartJson {
                kind: part.kind.name(),
                number: part.number,
                title: &part.title,
                id: part.id.as_deref(),
                text: page.text[part.text.start as usize..part.text.end as usize].trim(),
            })
            .collect(),
        messages: entry
            .messages
            .iter()
            .map(|message| MessageJson { code: message.code.as_deref(), text: &message.text })
            .collect(),
        links,
    })
}

/// The address of a target from the root of the site.
fn address(site: &Site, target: &Target) -> Option<String> {
    super::fill::href(&site.linked, "", target).map(std::borrow::Cow::into_owned)
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
