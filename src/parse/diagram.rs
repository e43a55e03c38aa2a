//! Blocks of code that are pictures: in which languages, and what a picture consists of.
//!
//! This file never draws. Those who read a language stand beside it (`dot`, `mermaid`); `render` draws what they give.

use std::ops::Range;

use super::{dot, mermaid};

/// What a block of code shows.
#[derive(Debug, PartialEq, Eq)]
pub enum Diagram {
    /// Boxes and arrows.
    Chart(Chart),
    /// Who says what to whom, in which order.
    Sequence(Sequence),
}

/// What a picture is called, and what is said of it; both may be empty.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Caption {
    /// Its name.
    pub title: String,
    /// What it shows, for those who do not see it.
    pub description: String,
}

/// Boxes and arrows.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Chart {
    /// Its name.
    pub caption: Caption,
    /// The boxes, in the order in which they are first named.
    pub boxes: Vec<ChartBox>,
    /// What leads from box to box.
    pub arrows: Vec<ChartArrow>,
    /// Frames around boxes, those outside before those inside.
    pub groups: Vec<Group>,
    /// Which way it runs.
    pub way: Way,
}

/// A box.
#[derive(Debug, PartialEq, Eq)]
pub struct ChartBox {
    /// What it says.
    pub text: String,
    /// Its outline.
    pub shape: Shape,
    /// The innermost group it stands in.
    pub group: Option<usize>,
}

impl ChartBox {
    /// A box that says `text`.
    pub fn new(text: &str) -> ChartBox {
        ChartBox { text: text.to_owned(), shape: Shape::Rectangle, group: None }
    }
}

/// What leads from box to box.
#[derive(Debug, PartialEq, Eq)]
pub struct ChartArrow {
    /// The box it begins at.
    pub from: usize,
    /// The box it ends at.
    pub to: usize,
    /// What it says; may be empty.
    pub text: String,
    /// Its line.
    pub stroke: Stroke,
    /// What it begins with, and what it ends with.
    pub heads: [Head; 2],
}

/// A frame around boxes.
#[derive(Debug, PartialEq, Eq)]
pub struct Group {
    /// What it is called.
    pub title: String,
    /// The group it stands in.
    pub within: Option<usize>,
}

/// Which way a chart runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Way {
    /// From top to bottom.
    #[default]
    Down,
    /// From bottom to top.
    Up,
    /// From left to right.
    Right,
    /// From right to left.
    Left,
}

/// The outline of a box.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Shape {
    /// A rectangle.
    #[default]
    Rectangle,
    /// A rectangle with round corners.
    Round,
    /// A rectangle whose short sides are half circles.
    Stadium,
    /// A rectangle with a second line at its sides.
    Subroutine,
    /// A store of data.
    Cylinder,
    /// A circle.
    Circle,
    /// Two circles, one in the other.
    DoubleCircle,
    /// A rectangle with a notch where it begins.
    Flag,
    /// A question.
    Diamond,
    /// Six corners.
    Hexagon,
    /// Leans to the right: what goes in.
    LeanRight,
    /// Leans to the left: what comes out.
    LeanLeft,
    /// Narrow above.
    Trapezoid,
    /// Narrow below.
    TrapezoidDown,
}

/// A line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stroke {
    /// As usual.
    #[default]
    Solid,
    /// In pieces.
    Dotted,
    /// Wide.
    Thick,
    /// Not seen; it only keeps its boxes in their order.
    Hidden,
}

/// The end of a line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Head {
    /// Nothing.
    #[default]
    None,
    /// The head of an arrow.
    Arrow,
    /// The head of an arrow that is not filled: nobody waits for an answer.
    Open,
    /// A circle.
    Circle,
    /// A cross.
    Cross,
}

/// Who says what to whom.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sequence {
    /// Its name.
    pub caption: Caption,
    /// What those are called that take part, from left to right.
    pub people: Vec<String>,
    /// What happens, from top to bottom.
    pub steps: Vec<Step>,
}

/// One thing that happens.
#[derive(Debug, PartialEq, Eq)]
pub enum Step {
    /// One says something to another, or to itself.
    Message {
        /// Who says it.
        from: usize,
        /// Who hears it.
        to: usize,
        /// What is said; may be empty.
        text: String,
        /// Its number, where messages have one.
        number: Option<u32>,
        /// Its line.
        stroke: Stroke,
        /// What its line begins with, and what it ends with.
        heads: [Head; 2],
    },
    /// Words for the reader.
    Note {
        /// Of whom: the first and the last.
        of: (usize, usize),
        /// Where it stands.
        side: Side,
        /// What it says.
        text: String,
    },
    /// Somebody begins to work.
    Activate(usize),
    /// Somebody has done.
    Deactivate(usize),
    /// A frame begins, with its kind and what it says.
    Open(&'static str, String),
    /// Another part of a frame begins.
    Else(&'static str, String),
    /// A frame ends.
    Close,
}

/// Where a note stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// To the left of its lifeline.
    Left,
    /// To the right of it.
    Right,
    /// Over it.
    Over,
}

/// Why a diagram cannot be drawn.
#[derive(Debug, PartialEq, Eq)]
pub struct Trouble {
    /// Where in the code; `None` for the whole.
    pub at: Option<Range<usize>>,
    /// Words that go on after “the diagram …”.
    pub why: String,
}

impl From<&str> for Trouble {
    fn from(why: &str) -> Trouble {
        Trouble { at: None, why: why.to_owned() }
    }
}

/// Is a block of code in this language a diagram?
pub fn is_diagram(language: &str) -> bool {
    ["mermaid", "dot", "graphviz"].iter().any(|name| language.eq_ignore_ascii_case(name))
}

/// Reads a block of code in a language that [`is_diagram`].
///
/// # Errors
/// Why it cannot be drawn.
pub fn read(language: &str, code: &str) -> Result<Diagram, Trouble> {
    if language.eq_ignore_ascii_case("mermaid") { mermaid::read(code) } else { dot::read(code).map(Diagram::Chart) }
}
