//! JSON-LD: what a page says of itself to search engines and agents, in the words of schema.org.
//!
//! A page is a `WebPage`. One whose questions have answers is a `FAQPage` of those; one that is an article, a record or prose
//! has a `TechArticle` as its main entity. Answers are plain text, from the words that were kept when the page was parsed: a
//! body is not rendered again. Addresses are there only with a `base_url`, and so is the `BreadcrumbList`.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use super::fill::absolute;
use super::page::{Shared, summary};
use crate::link::State;
use crate::link::address::encode_fragment;
use crate::parse::front_matter::DeclaredState;
use crate::parse::{Entry, Page};

#[derive(Serialize)]
struct WebPage<'a> {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    #[serde(rename = "inLanguage")]
    language: &'a str,
    #[serde(rename = "datePublished", skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    #[serde(rename = "dateModified", skip_serializing_if = "Option::is_none")]
    modified: Option<String>,
    #[serde(rename = "lastReviewed", skip_serializing_if = "Option::is_none")]
    reviewed: Option<String>,
    #[serde(rename = "isPartOf")]
    part_of: WebSite<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    breadcrumb: Option<Breadcrumbs<'a>>,
    #[serde(rename = "mainEntity", skip_serializing_if = "Option::is_none")]
    main: Option<Main<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
struct WebSite<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(tag = "@type", rename = "BreadcrumbList")]
struct Breadcrumbs<'a> {
    #[serde(rename = "itemListElement")]
    items: Vec<ListItem<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
struct ListItem<'a> {
    position: usize,
    name: &'a str,
    item: String,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Main<'a> {
    Article(Box<TechArticle<'a>>),
    Questions(Vec<Question<'a>>),
}

#[derive(Serialize)]
#[serde(tag = "@type")]
struct TechArticle<'a> {
    headline: &'a str,
    /// The question, where the page is titled otherwise.
    #[serde(rename = "alternativeHeadline", skip_serializing_if = "Option::is_none")]
    question: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(rename = "inLanguage")]
    language: &'a str,
    #[serde(rename = "datePublished", skip_serializing_if = "Option::is_none")]
    published: Option<String>,
    #[serde(rename = "dateModified", skip_serializing_if = "Option::is_none")]
    modified: Option<String>,
    #[serde(rename = "creativeWorkStatus", skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    keywords: &'a [String],
}

#[derive(Serialize)]
#[serde(tag = "@type")]
struct Question<'a> {
    #[serde(rename = "@id", skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    name: &'a str,
    #[serde(rename = "alternateName", skip_serializing_if = "<[String]>::is_empty")]
    aka: &'a [String],
    #[serde(rename = "acceptedAnswer")]
    answer: Answer,
}

#[derive(Serialize)]
#[serde(tag = "@type")]
struct Answer {
    text: String,
}

/// The JSON-LD of a node of the tree, fit for a `script` element. `title` and `url` are those of its page.
pub fn structured(shared: &Shared<'_>, node: usize, title: &str, url: Option<&str>) -> String {
    let site = shared.site;
    let base_url = site.sources.config.base_url.as_deref();
    let number = site.linked.tree.nodes[node].page;
    let page = number.map(|number| (&site.parsed.pages[number], &site.linked.states[number]));
    let state = |index: usize| page.and_then(|(_, states)| states[index].as_ref()).map(|state| state.state);
    let language = &site.sources.config.language;
    let matter = page.map(|(page, _)| &page.matter);
    let published = matter.and_then(|matter| matter.date).map(|day| day.to_string());
    let modified = matter.and_then(|matter| matter.lastmod).map(|day| day.to_string());
    let mut reviewed = matter.and_then(|matter| matter.reviewed);
    let mut description = matter.and_then(|matter| matter.description.clone()).unwrap_or_default();
    let mut main = None;
    let mut kind = "WebPage";
    match page.map(|(page, _)| (page, page.entries.as_slice())) {
        Some((page, [entry, ..])) if entry.spelling.is_page() => {
            if description.is_empty() {
                description = summary(page, 0);
            }
            // A section that is no entry introduces what is below it.
            let introduces = state(0).is_none() && (node == 0 || !site.linked.tree.nodes[node].children.is_empty());
            if entry.has_answer && !introduces {
                main = Some(Main::Article(Box::new(TechArticle {
                    headline: title,
                    question: Some(entry.question.as_str()).filter(|question| *question != title),
                    description: "",
                    url,
                    language,
                    published: published.clone(),
                    modified: modified.clone(),
                    status: match (state(0), entry.state) {
                        (Some(State::Draft), _) => Some("Draft"),
                        // A review that is due makes nothing wrong.
                        (_, Some(DeclaredState::Outdated)) => Some("Obsolete"),
                        _ => None,
                    },
                    keywords: &page.matter.tags,
                })));
            }
        }
        Some((page, entries)) => {
            let answered = entries.iter().enumerate().filter(|(index, _)| state(*index) == Some(State::Answered));
            let answered: Vec<&Entry> = answered.map(|(_, entry)| entry).collect();
            // A page was last reviewed when the answer was that has waited longest.
            if !answered.is_empty() {
                reviewed = answered.iter().map(|entry| entry.reviewed).min().flatten();
            }
            let questions: Vec<Question<'_>> = answered
                .into_iter()
                .filter_map(|entry| {
                    let text = text(page, entry);
                    let id = url.map(|url| format!("{url}#{}", encode_fragment(&entry.id)));
                    let question = Question { id, name: &entry.question, aka: &entry.aka, answer: Answer { text } };
                    // An answer may be a picture.
                    (!question.answer.text.is_empty()).then_some(question)
                })
                .collect();
            if !questions.is_empty() {
                kind = "FAQPage";
                main = Some(Main::Questions(questions));
            }
        }
        None => {}
    }
    if description.is_empty() && node == 0 {
        description.clone_from(&shared.site_view.description);
    }
    if let Some(Main::Article(article)) = &mut main {
        article.description = &description;
    }
    let page = WebPage {
        context: "https://schema.org",
        kind,
        id: url,
        url,
        name: title,
        description: &description,
        language,
        published,
        modified,
        reviewed: reviewed.map(|day| day.to_string()),
        part_of: WebSite { name: &shared.site_view.title, url: base_url },
        breadcrumb: base_url.and_then(|base_url| breadcrumbs(shared, base_url, node)),
        main,
    };
    let mut json = Vec::with_capacity(1024);
    let written = page.serialize(&mut Serializer::with_formatter(&mut json, InScript));
    written.expect("memory takes all that is written, and all keys are strings");
    String::from_utf8(json).expect("JSON of strings is a string")
}

/// The way from the home page; `None` for the home page, which is no way.
fn breadcrumbs<'a>(shared: &'a Shared<'a>, base_url: &str, node: usize) -> Option<Breadcrumbs<'a>> {
    let nodes = &shared.site.linked.tree.nodes;
    nodes[node].parent?;
    let mut way: Vec<usize> = std::iter::successors(Some(node), |node| nodes[*node].parent).collect();
    way.reverse();
    let items = way.into_iter().enumerate().map(|(at, node)| ListItem {
        position: at + 1,
        name: if node == 0 { &shared.site_view.title } else { &nodes[node].link_title },
        item: absolute(base_url, &nodes[node].output),
    });
    Some(Breadcrumbs { items: items.collect() })
}

/// The words of an answer, part by part, each below its heading.
fn text(page: &Page, entry: &Entry) -> String {
    let mut text = String::new();
    for part in &entry.parts {
        let words = page.text[part.text.start as usize..part.text.end as usize].trim();
        for piece in [part.title.as_str(), words] {
            if !piece.is_empty() && !words.is_empty() {
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(piece);
            }
        }
    }
    text
}

/// JSON that cannot end the element it stands in: `<` is `\u003c`.
struct InScript;

impl Formatter for InScript {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment.as_bytes();
        while let Some(at) = memchr::memchr(b'<', rest) {
            writer.write_all(&rest[..at])?;
            writer.write_all(b"\\u003c")?;
            rest = &rest[at + 1..];
        }
        writer.write_all(rest)
    }
}
