//! Blocks of code that are diagrams, drawn.

use super::flowchart::layout::Flow;
use super::flowchart::{Arrow, Node, svg};
use super::messages::Messages;
use crate::diagnostics::{Diagnostic, Sink, rule};
use crate::link::Linked;
use crate::parse::dot::{Diagram, is_diagram, read};
use crate::parse::html::{attribute, escape};
use crate::parse::{CodeBlock, Parsed};

/// The picture of a block with its words beside it, for those who do not see it; `None` when it is none or cannot be drawn.
pub fn figure(block: &CodeBlock, messages: &Messages) -> Option<String> {
    if !is_diagram(&block.language) {
        return None;
    }
    let diagram = read(&block.code).ok()?;
    let chart = draw(&diagram)?;
    let mut words = String::new();
    for (from, to, label) in &diagram.arrows {
        let label = if label.is_empty() { String::new() } else { format!(": {}", escape(label)) };
        let (from, to) = (escape(&diagram.boxes[*from]), escape(&diagram.boxes[*to]));
        words.push_str(&format!("<li>{from} → {to}{label}</li>\n"));
    }
    for (_, alone) in diagram.boxes.iter().enumerate().filter(|(number, _)| is_alone(&diagram, *number)) {
        words.push_str(&format!("<li>{}</li>\n", escape(alone)));
    }
    let label = attribute(messages.text("flowchart")).into_owned();
    Some(format!(
        "<figure class=\"flowchart\">\n<div class=\"flowchart-scroll\" role=\"group\" aria-label=\"{label}\" tabindex=\"0\">\n{chart}\
         <ul class=\"visually-hidden\">\n{words}</ul>\n</div>\n</figure>"
    ))
}

/// Blocks of published pages that are diagrams and cannot be drawn.
pub fn undrawn(parsed: &Parsed, linked: &Linked) -> Sink {
    let mut sink = Sink::new();
    let blocks = linked.pages().flat_map(|number| &parsed.pages[number].code);
    for block in blocks.filter(|block| is_diagram(&block.language)) {
        let why = match read(&block.code) {
            Ok(diagram) if draw(&diagram).is_some() => continue,
            Ok(_) => "is too large",
            Err(why) => why,
        };
        let message = format!("the diagram {why}, and cannot be drawn");
        let help = "it is shown as code; `text` in the place of the language says that it is meant to be";
        sink.push(Diagnostic::at(&rule::UNDRAWN_DIAGRAM, block.span, message).help(help));
    }
    sink
}

fn draw(diagram: &Diagram) -> Option<String> {
    let node = |text: &String| Node { text: text.clone(), class: "fc-question", url: None, id: String::new() };
    let arrow = |(from, to, text): &(usize, usize, String)| Arrow {
        from: *from,
        to: *to,
        text: text.clone(),
        id: String::new(),
    };
    let boxes: Vec<Node> = diagram.boxes.iter().map(node).collect();
    let arrows: Vec<Arrow> = diagram.arrows.iter().map(arrow).collect();
    svg(&boxes, &arrows, if diagram.is_sideways { Flow::Right } else { Flow::Down })
}

/// Does no arrow begin or end at a box?
fn is_alone(diagram: &Diagram, number: usize) -> bool {
    diagram.arrows.iter().all(|(from, to, _)| *from != number && *to != number)
}
