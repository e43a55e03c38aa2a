//! Flowcharts as SVG: boxes with wrapped text, lines with labels, all looks in classes.
//!
//! In steps: break the texts into lines and measure them (`text`); lay out (`layout`); write the elements. The picture has no
//! ids, so that any number of charts fit on a page, and it is hidden from assistive technology, since the same words and links
//! stand beside it. It asks nothing of the site: whoever draws says what boxes lead to.

pub mod layout;
mod text;

use std::fmt::Write;

use crate::parse::html::{attribute, escape};
use layout::{At, Flow, Layout, Line, Size, layout};

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
    /// What scripts know it by.
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
    /// What scripts know it by.
    pub id: String,
}

/// Draws a chart; `None` for one that is too large or runs in circles.
pub fn svg(boxes: &[Node], arrows: &[Arrow], flow: Flow) -> Option<String> {
    let texts: Vec<Vec<String>> = boxes.iter().map(|one| text::lines(&one.text, BOX_EMS, 5)).collect();
    let labels: Vec<Vec<String>> = arrows.iter().map(|arrow| text::lines(&arrow.text, LABEL_EMS, 3)).collect();
    let sizes: Vec<Size> = texts.iter().map(|lines| size(lines, PADDING)).collect();
    let lines = arrows.iter().zip(&labels);
    let asked: Vec<Line> = lines
        .map(|(Arrow { from, to, .. }, label)| Line { from: *from, to: *to, label: size(label, LABEL_PADDING) })
        .collect();
    let Layout { size: whole, boxes: middles, lines: points, labels: places } = layout(&sizes, &asked, flow)?;
    let (width, height) = (whole.width + 2.0 * MARGIN, whole.height + 2.0 * MARGIN);
    let (wide, high) = (width.ceil(), height.ceil());
    let mut out = format!(
        "<svg class=\"fc\" width=\"{wide}\" height=\"{high}\" viewBox=\"-{MARGIN} -{MARGIN} {wide} {high}\" aria-hidden=\"true\" focusable=\"false\">\n"
    );
    let lines = asked.iter().zip(points.iter().zip(&places));
    let lines =
        lines.map(|(line, (points, label))| between(line, (points.as_slice(), *label), (&middles, &sizes), flow));
    for ((arrow, points), (label, place)) in arrows.iter().zip(lines).zip(labels.iter().zip(&places)) {
        let _ = write!(out, "<g class=\"fc-line\" data-of=\"{}\">", attribute(&arrow.id));
        let _ = write!(out, "<path d=\"{}\"/><path class=\"fc-head\" d=\"{}\"/>", curve(&points), head(&points));
        write_rect(&mut out, *place, behind(label));
        write_text(&mut out, label, *place);
        out.push_str("</g>\n");
    }
    for ((one, lines), (size, middle)) in boxes.iter().zip(&texts).zip(sizes.iter().zip(&middles)) {
        let _ = write!(out, "<g class=\"fc-box {}\" data-of=\"{}\">", one.class, attribute(&one.id));
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
    let side = if flow == Flow::Right { 0.5 } else { -0.5 };
    let edge = |middle: At, size: Size, side: f64| At { x: middle.x + size.width * side, y: middle.y };
    let mut through = vec![edge(middles[line.from], sizes[line.from], side)];
    // The library ends lines where they cut the edge of a box, at any angle.
    for &point in points.get(1..points.len().saturating_sub(1)).unwrap_or_default() {
        if (point.x - label.x).abs() < 1.0 {
            through.extend([edge(point, line.label, -side), edge(point, line.label, side)]);
        } else {
            through.push(point);
        }
    }
    through.push(edge(middles[line.to], sizes[line.to], -side));
    through
}

/// A curve through points that leaves and reaches each of them level, so that it rises only between the ranks.
fn curve(points: &[At]) -> String {
    let Some(first) = points.first() else { return String::new() };
    let mut path = format!("M{} {}", round(first.x), round(first.y));
    for pair in points.windows(2) {
        let (at, next) = (pair[0], pair[1]);
        let (x, y) = (round(next.x), round(next.y));
        if round(at.y) == y {
            let _ = write!(path, "H{x}");
        } else {
            let half = round((at.x + next.x) / 2.0);
            let _ = write!(path, "C{half} {} {half} {y} {x} {y}", round(at.y));
        }
    }
    path
}

/// The head of an arrow at the end of a line, which it reaches level.
fn head(points: &[At]) -> String {
    let [.., before, end] = points else { return String::new() };
    let (x, y, back) = (round(end.x), round(end.y), if end.x < before.x { 8 } else { -8 });
    format!("M{x} {y}l{back} -4v8Z")
}

/// A number with at most one digit behind the point.
fn round(number: f64) -> f64 {
    // Adding nothing turns -0 into 0.
    (number * 10.0).round() / 10.0 + 0.0
}
