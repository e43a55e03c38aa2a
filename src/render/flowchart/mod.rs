//! Flowcharts as SVG: boxes with wrapped text, lines with labels, frames around boxes, all looks in classes.
//!
//! In steps: break the texts into lines and measure them (`text`, `shapes`); lay out (`layout`); write the elements (`pen`).
//! The picture has no ids, so that any number of charts fit on a page, and it is hidden from assistive technology, since the
//! same words and links stand beside it. It asks nothing of the site: whoever draws says what boxes lead to.

pub mod layout;
pub mod pen;
mod shapes;
pub mod text;

use std::fmt::Write;

use crate::parse::diagram::{Head, Shape, Stroke};
use crate::parse::html::attribute;
use layout::{At, Flow, Frames, Layout, Line, Size, backward, layout};
use pen::{FONT, Toward, behind, round, size, stroke, write_head, write_rect, write_text};

/// Between the edge of a box and its text.
const PADDING: f64 = 10.0;
/// How wide the text of a box may be, in ems.
const BOX_EMS: f64 = 16.0;
/// How wide it may be where the outline takes more room than the text, in ems.
const NARROW_EMS: f64 = 11.0;
/// How wide a label may be, in ems.
const LABEL_EMS: f64 = 13.0;
/// Between the edge of a label and its text.
const LABEL_PADDING: f64 = 4.0;
/// Around the whole, for what is drawn on the edge.
const MARGIN: f64 = 4.0;
/// How far a line from a box to itself goes from it.
const LOOP: f64 = 24.0;

/// A chart.
#[derive(Debug, Default)]
pub struct Drawing {
    /// Its boxes.
    pub boxes: Vec<Node>,
    /// Its lines.
    pub arrows: Vec<Arrow>,
    /// Its frames, those outside before those inside.
    pub frames: Vec<Frame>,
}

/// A box of a chart.
#[derive(Debug, Default)]
pub struct Node {
    /// What it says.
    pub text: String,
    /// Its class, which says what it looks like: `fc-question`, `fc-end`.
    pub class: &'static str,
    /// Its outline.
    pub shape: Shape,
    /// The address it leads to.
    pub url: Option<String>,
    /// What scripts know it by; may be empty.
    pub id: String,
    /// The innermost frame it stands in.
    pub frame: Option<usize>,
}

/// A line of a chart.
#[derive(Debug)]
pub struct Arrow {
    /// The box it begins at.
    pub from: usize,
    /// The box it ends at.
    pub to: usize,
    /// What it says; may be empty.
    pub text: String,
    /// What scripts know it by; may be empty.
    pub id: String,
    /// What it looks like.
    pub stroke: Stroke,
    /// What it begins with, and what it ends with.
    pub heads: [Head; 2],
}

/// A frame around boxes.
#[derive(Debug)]
pub struct Frame {
    /// What it is called; may be empty.
    pub title: String,
    /// The frame it stands in.
    pub within: Option<usize>,
}

/// A box, measured.
struct Measured {
    lines: Vec<String>,
    size: Size,
    /// The room it is given, which may hold a line from it to itself.
    room: Size,
}

/// Draws a chart; `None` for one that is too large. Lines that close a circle run against the others.
pub fn svg(drawing: &Drawing, flow: Flow) -> Option<String> {
    let Drawing { boxes, arrows, frames } = drawing;
    let labels: Vec<Vec<String>> = arrows.iter().map(|arrow| text::lines(&arrow.text, LABEL_EMS, 3)).collect();
    let measured = measured(drawing, &labels, flow);
    let rooms: Vec<Size> = measured.iter().map(|one| one.room).collect();
    let (loops, ways): (Vec<usize>, Vec<usize>) = (0..arrows.len()).partition(|&at| arrows[at].from == arrows[at].to);
    let ends: Vec<(usize, usize)> = ways.iter().map(|&way| (arrows[way].from, arrows[way].to)).collect();
    let is_back = backward(boxes.len(), &ends);
    let turned = ends.iter().zip(&is_back).map(|(&(from, to), &back)| if back { (to, from) } else { (from, to) });
    let label_of = |way: &usize| size(&labels[*way], LABEL_PADDING);
    let asked: Vec<Line> = turned.zip(&ways).map(|((from, to), way)| Line { from, to, label: label_of(way) }).collect();
    let asked_frames = Frames {
        of_box: if frames.is_empty() { Vec::new() } else { boxes.iter().map(|one| one.frame).collect() },
        within: frames.iter().map(|frame| frame.within).collect(),
        titles: frames.iter().map(|frame| text::ems(&title(frame)) * FONT).collect(),
    };
    let laid_out = layout(&rooms, &asked, &asked_frames, flow)?;
    let Layout { size: whole, boxes: middles, lines: points, labels: places, frames: around } = laid_out;
    let (width, height) = (whole.width + 2.0 * MARGIN, whole.height + 2.0 * MARGIN);
    let (wide, high) = (width.ceil(), height.ceil());
    let mut out = format!(
        "<svg class=\"fc\" width=\"{wide}\" height=\"{high}\" viewBox=\"-{MARGIN} -{MARGIN} {wide} {high}\" aria-hidden=\"true\" focusable=\"false\">\n"
    );
    for (middle, size) in &around {
        out.push_str("<g class=\"fc-frame\">");
        write_rect(&mut out, *middle, *size, 10.0);
        out.push_str("</g>\n");
    }
    let edges: Vec<Edges> = boxes
        .iter()
        .zip(middles.iter().zip(&measured))
        .map(|(one, (middle, Measured { size, .. }))| Edges { middle: *middle, size: *size, shape: one.shape })
        .collect();
    for (((way, line), back), (points, place)) in ways.iter().zip(&asked).zip(&is_back).zip(points.iter().zip(&places))
    {
        let arrow = &arrows[*way];
        let mut points = between(line, (points, *place), &edges, flow);
        if *back {
            points.reverse();
        }
        if arrow.stroke != Stroke::Hidden {
            write_arrow(&mut out, arrow, (&points, &labels[*way], *place), flow);
        }
    }
    for at in loops.into_iter().filter(|at| arrows[*at].stroke != Stroke::Hidden) {
        write_loop(&mut out, &arrows[at], &labels[at], &edges[arrows[at].from], flow);
    }
    // Above the lines that come in, which mostly come in the middle.
    for (frame, (middle, size)) in frames.iter().zip(&around) {
        out.push_str("<g class=\"fc-frame\">");
        let corner = At { x: middle.x - size.width / 2.0, y: middle.y - size.height / 2.0 };
        write_text(&mut out, &[title(frame)], At { x: corner.x + 10.0, y: corner.y + 13.0 });
        out.push_str("</g>\n");
    }
    for ((one, Measured { lines, size, .. }), middle) in boxes.iter().zip(&measured).zip(&middles) {
        let _ = write!(out, "<g class=\"fc-box {}\"{}>", one.class, known_by(&one.id));
        if let Some(url) = &one.url {
            let _ = write!(out, "<a href=\"{}\" tabindex=\"-1\">", attribute(url));
        }
        shapes::write(&mut out, one.shape, *middle, *size);
        write_text(&mut out, lines, *middle);
        out.push_str(if one.url.is_some() { "</a></g>\n" } else { "</g>\n" });
    }
    out.push_str("</svg>\n");
    Some(out)
}

/// What a frame is called, in one line.
fn title(frame: &Frame) -> String {
    text::lines(&frame.title, 2.0 * BOX_EMS, 1).concat()
}

/// How large boxes are.
fn measured(drawing: &Drawing, labels: &[Vec<String>], flow: Flow) -> Vec<Measured> {
    let mut measured: Vec<Measured> = drawing
        .boxes
        .iter()
        .map(|one| {
            let is_narrow = matches!(one.shape, Shape::Diamond | Shape::Circle | Shape::DoubleCircle);
            let lines = text::lines(&one.text, if is_narrow { NARROW_EMS } else { BOX_EMS }, 5);
            let size = shapes::around(one.shape, size(&lines, PADDING));
            Measured { lines, size, room: size }
        })
        .collect();
    for (arrow, label) in drawing.arrows.iter().zip(labels).filter(|(arrow, _)| arrow.from == arrow.to) {
        let Size { width, height } = size(label, LABEL_PADDING);
        let Measured { size, room, .. } = &mut measured[arrow.from];
        // Boxes stand in the middle of their room.
        if flow.is_sideways() {
            room.height = room.height.max(size.height + 2.0 * (LOOP + height));
            room.width = room.width.max(width);
        } else {
            room.width = room.width.max(size.width + 2.0 * (LOOP + width));
        }
    }
    measured
}

/// What scripts know a part by, as an attribute.
fn known_by(id: &str) -> String {
    if id.is_empty() { String::new() } else { format!(" data-of=\"{}\"", attribute(id)) }
}

fn write_arrow(out: &mut String, arrow: &Arrow, (points, label, place): (&[At], &[String], At), flow: Flow) {
    let _ = write!(out, "<g class=\"fc-line{}\"{}>", stroke(arrow.stroke), known_by(&arrow.id));
    let _ = write!(out, "<path d=\"{}\"/>", curve(points, flow));
    if let [first, second, ..] = points {
        write_head(out, arrow.heads[0], *first, toward(*second, *first, flow));
    }
    if let [.., before, end] = points {
        write_head(out, arrow.heads[1], *end, toward(*before, *end, flow));
    }
    write_rect(out, place, behind(label), 7.0);
    write_text(out, label, place);
    out.push_str("</g>\n");
}

/// A line from a box to itself: at its right side, or below it where the chart runs sideways.
fn write_loop(out: &mut String, arrow: &Arrow, label: &[String], edges: &Edges, flow: Flow) {
    let Edges { middle, size: Size { width, height }, shape } = *edges;
    let _ = write!(out, "<g class=\"fc-line{}\"{}>", stroke(arrow.stroke), known_by(&arrow.id));
    let Size { width: label_width, height: label_height } = size(label, LABEL_PADDING);
    // Pointed sides leave and reach one place.
    let apart =
        if matches!(shape, Shape::Rectangle | Shape::Round | Shape::Subroutine | Shape::Cylinder) { 8.0 } else { 0.0 };
    let place = if flow.is_sideways() {
        let (x, y) = (middle.x, round(middle.y + height / 2.0));
        let (left, right, low) = (round(x - apart), round(x + apart), round(y + LOOP + 6.0));
        let _ = write!(out, "<path d=\"M{right} {y}C{} {low} {} {low} {left} {y}\"/>", right + 16.0, left - 16.0);
        write_head(out, arrow.heads[0], At { x: right, y }, Toward::Up);
        write_head(out, arrow.heads[1], At { x: left, y }, Toward::Up);
        At { x, y: y + LOOP + label_height / 2.0 - 2.0 }
    } else {
        let (x, y) = (round(middle.x + width / 2.0 - shapes::inset(shape)[1]), middle.y);
        let (top, bottom, far) = (round(y - apart), round(y + apart), round(x + LOOP + 6.0));
        let _ = write!(out, "<path d=\"M{x} {top}C{far} {} {far} {} {x} {bottom}\"/>", top - 14.0, bottom + 14.0);
        write_head(out, arrow.heads[0], At { x, y: top }, Toward::Left);
        write_head(out, arrow.heads[1], At { x, y: bottom }, Toward::Left);
        At { x: x + LOOP + label_width / 2.0, y }
    };
    write_text(out, label, place);
    out.push_str("</g>\n");
}

/// Where lines can meet a box.
struct Edges {
    middle: At,
    size: Size,
    shape: Shape,
}

impl Edges {
    /// The middle of the side that lines leave from, or that they come to.
    fn side(&self, toward: Toward) -> At {
        let Edges { middle, size, shape } = self;
        let [left, right] = shapes::inset(*shape);
        match toward {
            Toward::Right => At { x: middle.x + size.width / 2.0 - right, y: middle.y },
            Toward::Left => At { x: middle.x - size.width / 2.0 + left, y: middle.y },
            Toward::Down => At { x: middle.x, y: middle.y + size.height / 2.0 },
            Toward::Up => At { x: middle.x, y: middle.y - size.height / 2.0 },
        }
    }
}

/// The points of a line from side to side of its boxes, and straight through its label.
fn between(line: &Line, (points, label): (&[At], At), edges: &[Edges], flow: Flow) -> Vec<At> {
    let (ahead, back) = match flow {
        Flow::Right => (Toward::Right, Toward::Left),
        Flow::Left => (Toward::Left, Toward::Right),
        Flow::Down => (Toward::Down, Toward::Up),
        Flow::Up => (Toward::Up, Toward::Down),
    };
    let mut through = vec![edges[line.from].side(ahead)];
    // The library ends lines where they cut the edge of a box, at any angle.
    for &point in points.get(1..points.len().saturating_sub(1)).unwrap_or_default() {
        if (point.x - label.x).abs() < 1.0 && (point.y - label.y).abs() < 1.0 {
            let around = Edges { middle: point, size: line.label, shape: Shape::Rectangle };
            through.extend([around.side(back), around.side(ahead)]);
        } else {
            through.push(point);
        }
    }
    through.push(edges[line.to].side(back));
    through
}

/// A curve through points that leaves and reaches each of them straight on, so that it turns only between the ranks.
fn curve(points: &[At], flow: Flow) -> String {
    let Some(first) = points.first() else { return String::new() };
    let mut path = format!("M{} {}", round(first.x), round(first.y));
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let (x, y) = (round(to.x), round(to.y));
        let _ = match flow.is_sideways() {
            false if round(from.x) == x => write!(path, "V{y}"),
            false => {
                let half = round((from.y + to.y) / 2.0);
                write!(path, "C{} {half} {x} {half} {x} {y}", round(from.x))
            }
            true if round(from.y) == y => write!(path, "H{x}"),
            true => {
                let half = round((from.x + to.x) / 2.0);
                write!(path, "C{half} {} {half} {y} {x} {y}", round(from.y))
            }
        };
    }
    path
}

/// The way a line comes to its end.
fn toward(before: At, end: At, flow: Flow) -> Toward {
    match flow.is_sideways() {
        true if end.x >= before.x => Toward::Right,
        true => Toward::Left,
        false if end.y >= before.y => Toward::Down,
        false => Toward::Up,
    }
}
