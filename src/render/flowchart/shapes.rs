//! The outlines of boxes: how large each has to be for its text, what is drawn, and where lines meet it.

use std::fmt::Write;

use super::layout::{At, Size};
use super::pen::{round, write_rect};
use crate::parse::diagram::Shape;

/// How far sides lean, and how deep a notch is.
const SLANT: f64 = 12.0;
/// How far the line inside a box is from its outline.
const INNER: f64 = 6.0;
/// How high the lid of a store is.
const LID: f64 = 8.0;

/// The size of a box of this shape around text that takes `text` with the space around it.
pub fn around(shape: Shape, text: Size) -> Size {
    let Size { width, height } = text;
    let (width, height) = match shape {
        Shape::Rectangle | Shape::Round => (width, height),
        Shape::Stadium => (width + height * 0.4, height),
        Shape::Subroutine => (width + 2.0 * INNER, height),
        Shape::Cylinder => (width, height + 2.0 * LID),
        Shape::Circle => {
            let across = circle(text);
            (across, across)
        }
        Shape::DoubleCircle => {
            let across = circle(text) + 2.0 * INNER;
            (across, across)
        }
        Shape::Flag => (width + SLANT, height),
        // Its middle line is the longest of most texts.
        Shape::Diamond => (width * 1.45, height * 2.0),
        Shape::Hexagon => (width + 2.0 * SLANT, height),
        Shape::LeanRight | Shape::LeanLeft | Shape::Trapezoid | Shape::TrapezoidDown => (width + 2.0 * SLANT, height),
    };
    Size { width: width.ceil(), height: height.ceil() }
}

/// The circle around text, whose corners hold no letters.
fn circle(text: Size) -> f64 {
    text.width.hypot(text.height) * 0.95
}

/// How far inside the sides of a box its line stands at half its height: on the left and on the right.
pub fn inset(shape: Shape) -> [f64; 2] {
    match shape {
        Shape::LeanRight | Shape::LeanLeft | Shape::Trapezoid | Shape::TrapezoidDown => [SLANT / 2.0; 2],
        Shape::Flag => [SLANT, 0.0],
        _ => [0.0; 2],
    }
}

/// Draws the outline of a box.
pub fn write(out: &mut String, shape: Shape, middle: At, size: Size) {
    let Size { width, height } = size;
    let (left, right) = (middle.x - width / 2.0, middle.x + width / 2.0);
    let (top, bottom) = (middle.y - height / 2.0, middle.y + height / 2.0);
    let corners = |out: &mut String, corners: &[(f64, f64)]| {
        out.push_str("<path class=\"fc-outline\" d=\"");
        for (number, (x, y)) in corners.iter().enumerate() {
            let _ = write!(out, "{}{} {}", if number == 0 { 'M' } else { 'L' }, round(*x), round(*y));
        }
        out.push_str("Z\"/>");
    };
    match shape {
        Shape::Rectangle => write_rect(out, middle, size, 7.0),
        Shape::Round => write_rect(out, middle, size, 14.0),
        Shape::Stadium => write_rect(out, middle, size, height / 2.0),
        Shape::Subroutine => {
            write_rect(out, middle, size, 0.0);
            let (y, height) = (round(top), round(height));
            for x in [left + INNER, right - INNER] {
                let _ = write!(out, "<path class=\"fc-outline\" d=\"M{} {y}v{height}\"/>", round(x));
            }
        }
        Shape::Cylinder => {
            let (x, y, across) = (round(left), round(top + LID), round(width / 2.0));
            let (down, back) = (round(height - 2.0 * LID), round(-width));
            let _ = write!(
                out,
                "<path class=\"fc-outline\" d=\"M{x} {y}a{across} {LID} 0 0 1 {width} 0v{down}a{across} {LID} 0 0 1 {back} 0Z\
                 M{x} {y}a{across} {LID} 0 0 0 {width} 0\"/>"
            );
        }
        Shape::Circle => circle_at(out, middle, width / 2.0),
        Shape::DoubleCircle => {
            circle_at(out, middle, width / 2.0);
            circle_at(out, middle, width / 2.0 - INNER);
        }
        Shape::Flag => {
            corners(out, &[(left, top), (right, top), (right, bottom), (left, bottom), (left + SLANT, middle.y)])
        }
        Shape::Diamond => corners(out, &[(middle.x, top), (right, middle.y), (middle.x, bottom), (left, middle.y)]),
        Shape::Hexagon => corners(
            out,
            &[
                (left + SLANT, top),
                (right - SLANT, top),
                (right, middle.y),
                (right - SLANT, bottom),
                (left + SLANT, bottom),
                (left, middle.y),
            ],
        ),
        Shape::LeanRight => {
            corners(out, &[(left + SLANT, top), (right, top), (right - SLANT, bottom), (left, bottom)]);
        }
        Shape::LeanLeft => {
            corners(out, &[(left, top), (right - SLANT, top), (right, bottom), (left + SLANT, bottom)]);
        }
        Shape::Trapezoid => {
            corners(out, &[(left + SLANT, top), (right - SLANT, top), (right, bottom), (left, bottom)]);
        }
        Shape::TrapezoidDown => {
            corners(out, &[(left, top), (right, top), (right - SLANT, bottom), (left + SLANT, bottom)]);
        }
    }
}

fn circle_at(out: &mut String, middle: At, radius: f64) {
    let (x, y, radius) = (round(middle.x), round(middle.y), round(radius));
    let _ = write!(out, "<circle class=\"fc-outline\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>");
}
