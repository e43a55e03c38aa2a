//! What stands around a tree of questions: its style, the way back to the start, the flowchart, its script.

use super::fill::{href, title, to_output};
use super::flowchart::layout::{Flow, fits};
use super::flowchart::{Arrow, Drawing, Node, svg};
use super::messages::{Messages, direction};
use crate::Site;
use crate::default_theme::DIAGNOSIS;
use crate::link::diagnoses::{jumps, leads};
use crate::link::{HintTarget, Linked, Target, encode_fragment};
use crate::parse::diagnosis::{Answer, Diagnosis};
use crate::parse::diagram::{Head, Stroke};
use crate::parse::html::{attribute, escape};
use crate::parse::{Entry, Page};

/// The style of trees and flowcharts, which only pages with one load.
pub fn style(from: &str) -> String {
    format!("<link rel=\"stylesheet\" href=\"{}\">\n", to_output(from, &format!("{DIAGNOSIS}.css")))
}

/// What stands behind tree `tree` of page `number`: the way back to its start and its flowchart. The last brings the script.
pub fn after(site: &Site, messages: &Messages, number: usize, tree: usize, from: &str) -> String {
    let page = &site.parsed.pages[number];
    let Some(diagnosis) = page.diagnoses.get(tree) else { return String::new() };
    // An address without a fragment is loaded anew, so that all is closed again without a script, too.
    let mut html = format!(
        "<p class=\"diagnosis-again\"><a href=\"{}\">{}</a></p>\n",
        attribute(&to_output(from, from)),
        escape(messages.text("start_again"))
    );
    let language = page.matter.language.as_deref().unwrap_or(&site.sources.config.language);
    let flow = if direction(language) == "rtl" { Flow::Left } else { Flow::Right };
    if let Some(chart) = chart(site, number, diagnosis, from, flow) {
        let label = attribute(messages.text("flowchart")).into_owned();
        html.push_str(&format!(
            "<figure class=\"flowchart\">\n<figcaption>{label}</figcaption>\n\
             <div class=\"flowchart-scroll\" role=\"group\" aria-label=\"{label}\" tabindex=\"0\">\n{chart}</div>\n</figure>\n"
        ));
    }
    if tree + 1 == page.diagnoses.len() {
        html.push_str(&format!("<script defer src=\"{}\"></script>\n", to_output(from, &format!("{DIAGNOSIS}.js"))));
    }
    html
}

/// The first sentence of the entry that link `link` of page `number` leads to, or what its page says of itself.
pub fn summary(site: &Site, number: usize, link: usize) -> String {
    let Target::Page { node, fragment } = &site.linked.resolved[number].targets[link] else { return String::new() };
    let Some(target) = site.linked.tree.nodes[*node].page.filter(|target| *target != number) else {
        return String::new();
    };
    let page = &site.parsed.pages[target];
    let is_meant = |entry: &Entry| match fragment {
        Some(fragment) => entry.id == *fragment,
        None => entry.spelling.is_page(),
    };
    let text = match (page.entries.iter().position(is_meant), fragment) {
        (Some(entry), _) => super::page::summary(page, entry),
        (None, None) => page.matter.description.clone().unwrap_or_default(),
        (None, Some(_)) => String::new(),
    };
    if text.is_empty() { text } else { format!("<p class=\"summary\">{}</p>\n", escape(&text)) }
}

/// The flowchart of a tree: a box for each question, and for each answer that does not ask on.
fn chart(site: &Site, number: usize, diagnosis: &Diagnosis, from: &str, flow: Flow) -> Option<String> {
    let page = &site.parsed.pages[number];
    let place = |id: &str| Some(format!("#{}", encode_fragment(id)));
    let mut boxes: Vec<Node> = diagnosis
        .questions
        .iter()
        .map(|question| Node {
            text: question.text.clone(),
            class: "fc-question",
            url: place(&question.id),
            id: question.id.clone(),
            ..Node::default()
        })
        .collect();
    let (ends, ways) = ways(&site.linked, number, diagnosis);
    boxes.extend(ends.into_iter().map(|answer| {
        let (text, url) = end(site, number, page, answer, from);
        Node { text, class: "fc-end", url: url.or_else(|| place(&answer.id)), id: answer.id.clone(), ..Node::default() }
    }));
    let arrows = ways.into_iter().map(|(from, to, answer)| {
        let (text, id) = (answer.text.clone(), answer.id.clone());
        Arrow { from, to, text, id, stroke: Stroke::Solid, heads: [Head::None, Head::Arrow] }
    });
    svg(&Drawing { boxes, arrows: arrows.collect(), frames: Vec::new() }, flow)
}

/// Has a tree a flowchart? One that is too large has none.
pub fn is_drawn(linked: &Linked, number: usize, diagnosis: &Diagnosis) -> bool {
    let (ends, ways) = ways(linked, number, diagnosis);
    let ways: Vec<(usize, usize)> = ways.iter().map(|(from, to, _)| (*from, *to)).collect();
    fits(diagnosis.questions.len() + ends.len(), &ways)
}

/// A way in a flowchart: from box to box, and the answer that leads there.
type Way<'a> = (usize, usize, &'a Answer);

/// The answers that end a way, whose boxes come behind those of the questions, and the ways.
fn ways<'a>(linked: &Linked, number: usize, diagnosis: &'a Diagnosis) -> (Vec<&'a Answer>, Vec<Way<'a>>) {
    let (mut ends, mut ways) = (Vec::new(), Vec::new());
    for (asked, question) in diagnosis.questions.iter().enumerate() {
        for answer in &question.answers {
            // A link back would be a circle: it is drawn as an end that leads there.
            let mut onward = jumps(linked, number, diagnosis, answer).into_iter().map(|(to, _)| to);
            let to = answer.question.or_else(|| onward.find(|to| *to > asked)).unwrap_or_else(|| {
                ends.push(answer);
                diagnosis.questions.len() + ends.len() - 1
            });
            ways.push((asked, to, answer));
        }
    }
    (ends, ways)
}

/// What an answer that asks nothing says, and where it leads.
fn end(site: &Site, number: usize, page: &Page, answer: &Answer, from: &str) -> (String, Option<String>) {
    let targets = &site.linked.resolved[number].targets;
    let first = leads(page, targets, answer).next();
    let link =
        first.map(|link| (href(&site.linked, from, &targets[link]), title(site, &targets[link]), &page.links[link]));
    let hint = answer.hints.iter().find_map(|hint| match &site.linked.resolved[number].hints[*hint] {
        HintTarget::Found(target, title) => Some((title.as_str(), href(&site.linked, from, target)?.into_owned())),
        HintTarget::Pending => None,
    });
    let advice = answer.advice.lines().next().unwrap_or_default().trim();
    match (link, hint) {
        (Some((url, title, written)), _) => {
            // What stands at the arrow already is not said twice.
            let is_new = |words: &&str| *words != answer.text;
            let own = Some(written.text.trim()).filter(is_new).unwrap_or_default();
            let short = Some(advice).filter(is_new).filter(|advice| advice.len() <= SHORT).unwrap_or_default();
            let words = [short, own, title.unwrap_or_default(), advice];
            let words = words.into_iter().find(|words| !words.is_empty()).unwrap_or("…");
            (words.to_owned(), url.map(|url| url.into_owned()))
        }
        (None, Some((title, url))) => (title.to_owned(), Some(url)),
        (None, None) => (if advice.is_empty() { "…" } else { advice }.to_owned(), None),
    }
}

/// Advice that is no longer than so many bytes is shown whole in a box.
const SHORT: usize = 90;
