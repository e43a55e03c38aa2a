//! What pictures are made of: rectangles, lines of text, ends of lines, all looks in classes.

use std::fmt::Write;

use super::layout::{At, Size};
use super::text;
use crate::parse::diagram::{Head, Stroke};
use crate::parse::html::escape;

/// Size of the font in pixels, as in `unstick/diagnosis.css`.
pub const FONT: f64 = 13.0;
/// From one line of text to the next.
pub const LINE: f64 = 17.0;

/// The room that lines of text take.
pub fn size(lines: &[String], padding: f64) -> Size {
    if lines.iter().all(String::is_empty) {
        return Size { width: 0.0, height: 0.0 };
    }
    let ems = lines.iter().map(|line| text::ems(line)).fold(0.0, f64::max);
    Size { width: (ems * FONT).ceil() + 2.0 * padding, height: lines.len() as f64 * LINE + 2.0 * padding.min(8.0) }
}

/// What is to be behind a label, so that no line runs through it: no more than its text takes in most fonts.
pub fn behind(label: &[String]) -> Size {
    let Size { width, height } = size(label, 0.0);
    Size { width: width * 0.9, height }
}

/// A rectangle around a middle, with round corners; nothing where there is no text.
pub fn write_rect(out: &mut String, middle: At, size: Size, corner: f64) {
    let Size { width, height } = size;
    if width > 0.0 {
        let (x, y) = (round(middle.x - width / 2.0), round(middle.y - height / 2.0));
        let (width, height, corner) = (round(width), round(height), round(corner));
        let _ = write!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{corner}\"/>");
    }
}

/// Lines of text around a middle.
pub fn write_text(out: &mut String, lines: &[String], middle: At) {
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

/// What a line looks like, as the rest of its class.
pub fn stroke(stroke: Stroke) -> &'static str {
    match stroke {
        Stroke::Solid | Stroke::Hidden => "",
        Stroke::Dotted => " fc-dotted",
        Stroke::Thick => " fc-thick",
    }
}

/// The way a line comes to its end, which is along one of the sides of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Toward {
    /// Right.
    Right,
    /// Left.
    Left,
    /// Down.
    Down,
    /// Up.
    Up,
}

/// The end of a line that comes `toward` it.
pub fn write_head(out: &mut String, head: Head, end: At, toward: Toward) {
    let (x, y) = (round(end.x), round(end.y));
    let back = if matches!(toward, Toward::Right | Toward::Down) { -1.0 } else { 1.0 };
    let is_sideways = matches!(toward, Toward::Right | Toward::Left);
    let _ = match head {
        Head::None => Ok(()),
        Head::Arrow if is_sideways => write!(out, "<path class=\"fc-head\" d=\"M{x} {y}l{} -4v8Z\"/>", 8.0 * back),
        Head::Arrow => write!(out, "<path class=\"fc-head\" d=\"M{x} {y}l-4 {}h8Z\"/>", 8.0 * back),
        Head::Open => {
            let (x, end) = (round(end.x + 8.0 * back), x);
            write!(out, "<path class=\"fc-open\" d=\"M{x} {}L{end} {y}L{x} {}\"/>", round(y - 5.0), round(y + 5.0))
        }
        Head::Circle => {
            let (x, y) = if is_sideways { (round(x + 4.0 * back), y) } else { (x, round(y + 4.0 * back)) };
            write!(out, "<circle class=\"fc-ball\" cx=\"{x}\" cy=\"{y}\" r=\"4\"/>")
        }
        Head::Cross => {
            let (x, y) = if is_sideways { (round(x + 6.0 * back), y) } else { (x, round(y + 6.0 * back)) };
            let (left, top) = (round(x - 4.0), round(y - 4.0));
            write!(out, "<path class=\"fc-open\" d=\"M{left} {top}l8 8m-8 0l8 -8\"/>")
        }
    };
}

/// A number with at most one digit behind the point.
pub fn round(number: f64) -> f64 {
    // Adding nothing turns -0 into 0.
    (number * 10.0).round() / 10.0 + 0.0
}
