//! Blocks of code that are diagrams, drawn.

use super::flowchart::layout::{Flow, fits};
use super::flowchart::{Arrow, Drawing, Frame, Node, svg};
use super::messages::Messages;
use super::{diagnosis, sequence};
use crate::diagnostics::{Diagnostic, Sink, rule};
use crate::link::Linked;
use crate::parse::diagram::{Caption, Chart, ChartArrow, Diagram, Head, Sequence, Step, Stroke, Way};
use crate::parse::html::{attribute, escape};
use crate::parse::{CodeBlock, Parsed, Undrawn};

/// The picture of a block with its words beside it, for those who do not see it; `None` when it is none or cannot be drawn.
pub fn figure(block: &CodeBlock, messages: &Messages) -> Option<String> {
    let diagram = block.diagram.as_ref()?.as_ref().as_ref().ok()?;
    let (caption, picture, words, name) = match diagram {
        Diagram::Chart(chart) => (&chart.caption, draw(chart)?, chart_in_words(chart), messages.text("flowchart")),
        Diagram::Sequence(told) => {
            (&told.caption, sequence::svg(told), sequence_in_words(told), messages.text("sequence_diagram"))
        }
    };
    let Caption { title, description } = caption;
    let label = attribute(if title.is_empty() { name } else { title }).into_owned();
    let shown = if title.is_empty() { String::new() } else { format!("<figcaption>{}</figcaption>\n", escape(title)) };
    let description = if description.is_empty() {
        String::new()
    } else {
        format!("<p class=\"visually-hidden\">{}</p>\n", escape(description))
    };
    Some(format!(
        "<figure class=\"flowchart\">\n{shown}<div class=\"flowchart-scroll\" role=\"group\" aria-label=\"{label}\" tabindex=\"0\">\n{picture}\
         {description}{words}</div>\n</figure>"
    ))
}

/// Diagrams of published pages that cannot be drawn.
pub fn undrawn(parsed: &Parsed, linked: &Linked) -> Sink {
    let mut sink = Sink::new();
    for number in linked.pages() {
        let page = &parsed.pages[number];
        let read = page.code.iter().filter_map(|block| Some((block, block.diagram.as_deref()?)));
        for (block, diagram) in read {
            let (span, why) = match diagram {
                Ok(Diagram::Chart(chart)) if !is_drawn(chart) => (block.span, "is too large"),
                Ok(_) => continue,
                Err(Undrawn { span, why }) => (*span, why.as_str()),
            };
            let message = format!("the diagram {why}, and cannot be drawn");
            let help = "it is shown as code; `text` in the place of the language says that it is meant to be";
            sink.push(Diagnostic::at(&rule::UNDRAWN_DIAGRAM, span, message).help(help));
        }
        let trees = page.diagnoses.iter().filter(|tree| !diagnosis::is_drawn(linked, number, tree));
        for first in trees.filter_map(|tree| tree.questions.first()) {
            let message = "the flowchart of this diagnosis is too large, and is left out";
            let help =
                "its questions are shown all the same; a diagnosis of fewer questions and answers has a flowchart, too";
            sink.push(Diagnostic::at(&rule::UNDRAWN_DIAGRAM, first.span, message).help(help));
        }
    }
    sink
}

fn is_drawn(chart: &Chart) -> bool {
    let ends: Vec<(usize, usize)> = chart.arrows.iter().map(|arrow| (arrow.from, arrow.to)).collect();
    fits(chart.boxes.len(), &ends)
}

fn draw(chart: &Chart) -> Option<String> {
    let boxes = chart.boxes.iter().map(|one| Node {
        text: one.text.clone(),
        class: "fc-question",
        shape: one.shape,
        frame: one.group,
        ..Node::default()
    });
    let arrow = |arrow: &ChartArrow| Arrow {
        from: arrow.from,
        to: arrow.to,
        text: arrow.text.clone(),
        id: String::new(),
        stroke: arrow.stroke,
        heads: arrow.heads,
    };
    let frames = chart.groups.iter().map(|group| Frame { title: group.title.clone(), within: group.within });
    let flow = match chart.way {
        Way::Down => Flow::Down,
        Way::Up => Flow::Up,
        Way::Right => Flow::Right,
        Way::Left => Flow::Left,
    };
    let arrows = chart.arrows.iter().map(arrow).collect();
    svg(&Drawing { boxes: boxes.collect(), arrows, frames: frames.collect() }, flow)
}

/// What a chart shows, as a list: what stands in each group, what leads where, and boxes without arrows.
fn chart_in_words(chart: &Chart) -> String {
    let mut words = String::from("<ul class=\"visually-hidden\">\n");
    for (number, group) in chart.groups.iter().enumerate() {
        let boxes = chart.boxes.iter().filter(|one| one.group == Some(number)).map(|one| &one.text);
        let inner = chart.groups.iter().filter(|one| one.within == Some(number)).map(|one| &one.title);
        let inside: Vec<String> = boxes.chain(inner).map(|text| escape(text).into_owned()).collect();
        let title = if group.title.is_empty() { String::new() } else { format!("{}: ", escape(&group.title)) };
        words.push_str(&format!("<li>{title}{}</li>\n", inside.join(", ")));
    }
    let is_seen = |arrow: &&ChartArrow| arrow.stroke != Stroke::Hidden;
    for arrow in chart.arrows.iter().filter(is_seen) {
        let (from, to) = (escape(&chart.boxes[arrow.from].text), escape(&chart.boxes[arrow.to].text));
        words.push_str(&format!("<li>{from} {} {to}{}</li>\n", way(arrow.heads), said(&arrow.text)));
    }
    let is_alone =
        |number: usize| chart.arrows.iter().filter(is_seen).all(|one| one.from != number && one.to != number);
    let alone = chart.boxes.iter().enumerate().filter(|(number, one)| one.group.is_none() && is_alone(*number));
    for (_, alone) in alone {
        words.push_str(&format!("<li>{}</li>\n", escape(&alone.text)));
    }
    words + "</ul>\n"
}

/// What happens, as a list, in which each part of a frame is a list.
fn sequence_in_words(sequence: &Sequence) -> String {
    let mut words = String::from("<ol class=\"visually-hidden\">\n");
    let name = |one: usize| escape(&sequence.people[one]).into_owned();
    for step in &sequence.steps {
        match step {
            Step::Message { from, to, text, heads, .. } => {
                words.push_str(&format!("<li>{} {} {}{}</li>\n", name(*from), way(*heads), name(*to), said(text)));
            }
            Step::Note { of: (first, last), text, .. } => {
                let of = if first == last { name(*first) } else { format!("{}, {}", name(*first), name(*last)) };
                words.push_str(&format!("<li>{of}{}</li>\n", said(text)));
            }
            Step::Activate(_) | Step::Deactivate(_) => {}
            Step::Open(word, text) => words.push_str(&format!("<li>{word}{}<ol>\n", said(text))),
            Step::Else(word, text) => words.push_str(&format!("</ol></li>\n<li>{word}{}<ol>\n", said(text))),
            Step::Close => words.push_str("</ol></li>\n"),
        }
    }
    if sequence.steps.is_empty() {
        for one in 0..sequence.people.len() {
            words.push_str(&format!("<li>{}</li>\n", name(one)));
        }
    }
    words + "</ol>\n"
}

fn way(heads: [Head; 2]) -> &'static str {
    match heads.map(|head| head != Head::None) {
        [false, true] => "→",
        [true, false] => "←",
        [true, true] => "↔",
        [false, false] => "—",
    }
}

fn said(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!(": {}", escape(text)) }
}
