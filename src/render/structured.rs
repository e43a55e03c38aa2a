//! JSON-LD: what a page says of itself to search engines and agents, in the words of schema.org.
//!
//! A page is a `WebPage`. One whose questions have answers is a `FAQPage` of those; one that is an article, a record or prose
//! has a `TechArticle` as its main entity. Answers are plain text, from the words that were kept when the page was parsed: a
//! body is not rendered again. Addresses are there only with a `base_url`, and so is the `BreadcrumbList`.

use super::fill::absolute;
use super::json_writer::JsonWriter;
use super::page::{Shared, summary};
use crate::link::State;
use crate::link::address::encode_fragment;
use crate::parse::front_matter::DeclaredState;
use crate::parse::{Entry, Page};

/// What a page is mainly about.
enum Main<'a> {
    /// The page itself.
    Article {
        /// Its question, where the page is titled otherwise.
        question: Option<&'a str>,
        status: Option<&'static str>,
        keywords: &'a [String],
    },
    /// Questions, with the words of their answers.
    Questions(Vec<(&'a Entry, String)>),
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
                main = Some(Main::Article {
                    question: Some(entry.question.as_str()).filter(|question| *question != title),
                    status: match (state(0), entry.state) {
                        (Some(State::Draft), _) => Some("Draft"),
                        // A review that is due makes nothing wrong.
                        (_, Some(DeclaredState::Outdated)) => Some("Obsolete"),
                        _ => None,
                    },
                    keywords: &page.matter.tags,
                });
            }
        }
        Some((page, entries)) => {
            let answered = entries.iter().enumerate().filter(|(index, _)| state(*index) == Some(State::Answered));
            let answered: Vec<&Entry> = answered.map(|(_, entry)| entry).collect();
            // A page was last reviewed when the answer was that has waited longest.
            if !answered.is_empty() {
                reviewed = answered.iter().map(|entry| entry.reviewed).min().flatten();
            }
            let questions = answered.into_iter().map(|entry| (entry, text(page, entry)));
            // An answer may be a picture.
            let questions: Vec<(&Entry, String)> = questions.filter(|(_, text)| !text.is_empty()).collect();
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
    let reviewed = reviewed.map(|day| day.to_string());
    let mut json = JsonWriter::default();
    json.begin();
    json.text("@context", "https://schema.org");
    json.text("@type", kind);
    json.some_text("@id", url);
    json.some_text("url", url);
    json.text("name", title);
    json.some_text("description", Some(&description));
    json.text("inLanguage", language);
    json.some_text("datePublished", published.as_deref());
    json.some_text("dateModified", modified.as_deref());
    json.some_text("lastReviewed", reviewed.as_deref());
    json.object("isPartOf", |json| {
        json.text("@type", "WebSite");
        json.text("name", &shared.site_view.title);
        json.some_text("url", base_url);
    });
    if let Some(base_url) = base_url {
        breadcrumbs(&mut json, shared, base_url, node);
    }
    match main {
        Some(Main::Article { question, status, keywords }) => json.object("mainEntity", |json| {
            json.text("@type", "TechArticle");
            json.text("headline", title);
            json.some_text("alternativeHeadline", question);
            json.some_text("description", Some(&description));
            json.some_text("url", url);
            json.text("inLanguage", language);
            json.some_text("datePublished", published.as_deref());
            json.some_text("dateModified", modified.as_deref());
            json.some_text("creativeWorkStatus", status);
            json.some_texts("keywords", keywords);
        }),
        Some(Main::Questions(questions)) => json.objects("mainEntity", questions, |json, (entry, text)| {
            json.text("@type", "Question");
            if let Some(url) = url {
                json.text("@id", &format!("{url}#{}", encode_fragment(&entry.id)));
            }
            json.text("name", &entry.question);
            json.some_texts("alternateName", &entry.aka);
            json.object("acceptedAnswer", |json| {
                json.text("@type", "Answer");
                json.text("text", &text);
            });
        }),
        None => {}
    }
    json.end();
    let json = String::from_utf8(json.take()).expect("JSON of strings is a string");
    // It must not end the element it stands in.
    if json.contains('<') { json.replace('<', "\\u003c") } else { json }
}

/// The way from the home page, unless the page is that.
fn breadcrumbs(json: &mut JsonWriter, shared: &Shared<'_>, base_url: &str, node: usize) {
    let nodes = &shared.site.linked.tree.nodes;
    if nodes[node].parent.is_none() {
        return;
    }
    let mut way: Vec<usize> = std::iter::successors(Some(node), |node| nodes[*node].parent).collect();
    way.reverse();
    json.object("breadcrumb", |json| {
        json.text("@type", "BreadcrumbList");
        json.objects("itemListElement", (1..).zip(way), |json, (position, node)| {
            json.text("@type", "ListItem");
            json.number("position", position);
            json.text("name", if node == 0 { &shared.site_view.title } else { &nodes[node].link_title });
            json.text("item", &absolute(base_url, &nodes[node].output));
        });
    });
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
