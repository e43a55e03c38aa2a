//! Flowcharts as SVG: boxes with wrapped text, lines with labels, all looks in classes.
//!
//! In steps: break the texts into lines and measure them (`text`); lay out (`layout`); write the elements. The picture has no
//! ids, so that any number of charts fit on a page, and it is hidden from assistive technology, since the same words and links
//! stand beside it. It asks nothing of the site: whoever draws says what boxes lead to.

pub mod layout;
mod text;

use std::fmt::Write;

use crate::parse::html::{attribute, escape};
use layout::{At, Flow, Layout, Line, Size, backward, layout};

/// Size of the font in pixels, as in `unstick/diagnosis.css`.
const FONT: f64 = 13.0;
/// From one line of text to the next.
const LINE: f64 = 17.0;
/// Between the edge of a box and its text.
const PADDING: f64 = 10.0;
/// How wide the text of a box may be, in ems.
const BOX_EMS: f64 = 16.0;
/// How wide a label may be, in ems.
const LABEL_EMS: f64 = 13.0;
/// Between the edge of a label and its text.
const LABEL_PADDING: f64 = 4.0;
/// Around the whole, for what is drawn on the edge.
const MARGIN: f64 = 4.0;

/// A box of a chart.
#[derive(Debug)]
pub struct Node {
    /// What it says.
    pub text: String,
    /// Its class, which says what it looks like: `fc-question`, `fc-end`.
    pub class: &'static str,
    /// The address it leads to.
    pub url: Option<String>,
    /// What scripts know it by; may be empty.
    pub id: String,
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
}

/// Draws a chart; `None` for one that is too large. Lines that close a circle run against the others.
pub fn svg(boxes: &[Node], arrows: &[Arrow], flow: Flow) -> Option<String> {
    let texts: Vec<Vec<String>> = boxes.iter().map(|one| text::lines(&one.text, BOX_EMS, 5)).collect();
    let labels: Vec<Vec<String>> = arrows.iter().map(|arrow| text::lines(&arrow.text, LABEL_EMS, 3)).collect();
    let sizes: Vec<Size> = texts.iter().map(|lines| size(lines, PADDING)).collect();
    let ends: Vec<(usize, usize)> = arrows.iter().map(|arrow| (arrow.from, arrow.to)).collect();
    let is_back = backward(boxes.len(), &ends);
    let turned = ends.iter().zip(&is_back).map(|(&(from, to), &back)| if back { (to, from) } else { (from, to) });
    let asked: Vec<Line> =
        turned.zip(&labels).map(|((from, to), label)| Line { from, to, label: size(label, LABEL_PADDING) }).collect();
    let Layout { size: whole, boxes: middles, lines: points, labels: places } = layout(&sizes, &asked, flow)?;
    let (width, height) = (whole.width + 2.0 * MARGIN, whole.height + 2.0 * MARGIN);
    let (wide, high) = (width.ceil(), height.ceil());
    let mut out = format!(
        "<svg class=\"fc\" width=\"{wide}\" height=\"{high}\" viewBox=\"-{MARGIN} -{MARGIN} {wide} {high}\" aria-hidden=\"true\" focusable=\"false\">\n"
    );
    let lines = asked.iter().zip(&is_back).zip(points.iter().zip(&places)).map(|((line, back), (points, label))| {
        let mut points = between(line, (points.as_slice(), *label), (&middles, &sizes), flow);
        if *back {
            points.reverse();
        }
        points
    });
    for ((arrow, points), (label, place)) in arrows.iter().zip(lines).zip(labels.iter().zip(&places)) {
        let _ = write!(out, "<g class=\"fc-line\"{}>", known_by(&arrow.id));
        let _ = write!(
            out,
            "<path d=\"{}\"/><path class=\"fc-head\" d=\"{}\"/>",
            curve(&points, flow),
            head(&points, flow)
        );
        write_rect(&mut out, *place, behind(label));
        write_text(&mut out, label, *place);
        out.push_str("</g>\n");
    }
    for ((one, lines), (size, middle)) in boxes.iter().zip(&texts).zip(sizes.iter().zip(&middles)) {
        let _ = write!(out, "<g class=\"fc-box {}\"{}>", one.class, known_by(&one.id));
        if let Some(url) = &one.url {
            let _ = write!(out, "<a href=\"{}\" tabindex=\"-1\">", attribute(url));
        }
        write_rect(&mut out, *middle, *size);
        write_text(&mut out, lines, *middle);
        out.push_str(if one.url.is_some() { "</a></g>\n" } else { "</g>\n" });
    }
    out.push_str("</svg>\n");
    Some(out)
}

/// What scripts know a part by, as an attribute.
fn known_by(id: &str) -> String {
    if id.is_empty() { String::new() } else { format!(" data-of=\"{}\"", attribute(id)) }
}

/// The room that lines of text take.
fn size(lines: &[String], padding: f64) -> Size {
    if lines.iter().all(String::is_empty) {
        return Size { width: 0.0, height: 0.0 };
    }
    let ems = lines.iter().map(|line| text::ems(line)).fold(0.0, f64::max);
    Size { width: (ems * FONT).ceil() + 2.0 * padding, height: lines.len() as f64 * LINE + 2.0 * padding.min(8.0) }
}

/// What is to be behind a label, so that no line runs through it: no more than its text takes in most fonts.
fn behind(label: &[String]) -> Size {
    let Size { width, height } = size(label, 0.0);
    Size { width: width * 0.9, height }
}

/// A rectangle around a middle; nothing where there is no text.
fn write_rect(out: &mut String, middle: At, size: Size) {
    let Size { width, height } = size;
    if width > 0.0 {
        let (x, y) = (round(middle.x - width / 2.0), round(middle.y - height / 2.0));
        let (width, height) = (round(width), round(height));
        let _ = write!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"7\"/>");
    }
}

/// Lines of text around a middle.
fn write_text(out: &mut String, lines: &[String], middle: At) {
    if lines.iter().all(String::is_empty) {
        return;
    }
    let x = round(middle.x);
    out.push_str("<text>");
    for (number, line) in lines.iter().enumerate() {
        // Letters stand on their line; a third of their height is below the middle.
        let y = middle.y + (number as f64 - (lines.len() as f64 - 1.0) / 2.0) * LINE + FONT * 0.34;
        let space = if number + 1 < lines.len() { " " } else { "" };
        let _ = write!(out, "<tspan x=\"{x}\" y=\"{}\">{}{space}</tspan>", round(y), escape(line));
    }
    out.push_str("</text>");
}

/// The points of a line from side to side of its boxes, and straight through its label.
fn between(line: &Line, (points, label): (&[At], At), boxes: (&[At], &[Size]), flow: Flow) -> Vec<At> {
    let (middles, sizes) = boxes;
    let (x, y) = match flow {
        Flow::Right => (0.5, 0.0),
        Flow::Left => (-0.5, 0.0),
        Flow::Down => (0.0, 0.5),
    };
    let before = |middle: At, size: Size| At { x: middle.x - size.width * x, y: middle.y - size.height * y };
    let behind = |middle: At, size: Size| At { x: middle.x + size.width * x, y: middle.y + size.height * y };
    let mut through = vec![behind(middles[line.from], sizes[line.from])];
    // The library ends lines where they cut the edge of a box, at any angle.
    for &point in points.get(1..points.len().saturating_sub(1)).unwrap_or_default() {
        if (point.x - label.x).abs() < 1.0 && (point.y - label.y).abs() < 1.0 {
            through.extend([before(point, line.label), behind(point, line.label)]);
        } else {
            through.push(point);
        }
    }
    through.push(before(middles[line.to], sizes[line.to]));
    through
}

/// A curve through points that leaves and reaches each of them straight on, so that it turns only between the ranks.
fn curve(points: &[At], flow: Flow) -> String {
    let Some(first) = points.first() else { return String::new() };
    let mut path = format!("M{} {}", round(first.x), round(first.y));
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let (x, y) = (round(to.x), round(to.y));
        let _ = match flow {
            Flow::Down if round(from.x) == x => write!(path, "V{y}"),
            Flow::Down => {
                let half = round((from.y + to.y) / 2.0);
                write!(path, "C{} {half} {x} {half} {x} {y}", round(from.x))
            }
            Flow::Right | Flow::Left if round(from.y) == y => write!(path, "H{x}"),
            Flow::Right | Flow::Left => {
                let half = round((from.x + to.x) / 2.0);
                write!(path, "C{half} {} {half} {y} {x} {y}", round(from.y))
            }
        };
    }
    path
}

/// The head of an arrow at the end of a line, which it reaches straight on.
fn head(points: &[At], flow: Flow) -> String {
    let [.., before, end] = points else { return String::new() };
    let (x, y) = (round(end.x), round(end.y));
    let is_ahead = if flow == Flow::Down { end.y >= before.y } else { end.x >= before.x };
    let back = if is_ahead { -8 } else { 8 };
    match flow {
        Flow::Down => format!("M{x} {y}l-4 {back}h8Z"),
        Flow::Right | Flow::Left => format!("M{x} {y}l{back} -4v8Z"),
    }
}

/// A number with at most one digit behind the point.
fn round(number: f64) -> f64 {
    // Adding nothing turns -0 into 0.
    (number * 10.0).round() / 10.0 + 0.0
}
