//! Diagrams in the language of Graphviz, as far as they can be drawn here: a `digraph` of boxes and arrows with labels.
//!
//! In steps: cut the text into tokens; read statement by statement; say in words what cannot be drawn. Shapes, colours and
//! places are left to the theme. No crate for this fits: those that read the whole language take its author's word that it
//! ends, or come under a licence that this program cannot take.
//!
//! This file never draws, and never fails on any text: it is one pass, without recursion.
//!
//! The language: <https://graphviz.org/doc/info/lang.html>.

use std::collections::BTreeMap;

use super::diagram::{Chart, ChartArrow, ChartBox, Head, Stroke, Trouble, Way};

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// A name or number, or text in quotes.
    Id(String),
    /// `->`
    Arrow,
    /// Any other mark.
    Mark(char),
}

/// Reads a diagram.
///
/// # Errors
/// Why it cannot be drawn.
pub fn read(text: &str) -> Result<Chart, Trouble> {
    let tokens = tokens(text)?;
    let mut reader = Reader { tokens: &tokens, at: 0, chart: Chart::default(), numbers: BTreeMap::new() };
    reader.graph()?;
    if reader.chart.boxes.is_empty() {
        return Err("has no box".into());
    }
    Ok(reader.chart)
}

/// Cuts a text into tokens, without comments.
fn tokens(text: &str) -> Result<Vec<Token>, &'static str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let is_line_start = rest.len() == text.len() || text[..text.len() - rest.len()].ends_with('\n');
        if c.is_whitespace() {
            rest = &rest[c.len_utf8()..];
        } else if rest.starts_with("//") || (c == '#' && is_line_start) {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if rest.starts_with("/*") {
            rest = rest.find("*/").map(|end| &rest[end + 2..]).ok_or("has a comment that is not closed")?;
        } else if rest.starts_with("->") {
            tokens.push(Token::Arrow);
            rest = &rest[2..];
        } else if rest.starts_with("--") {
            return Err("has lines without a direction");
        } else if c == '"' {
            let (words, length) = quoted(rest).ok_or("has a text that is not closed")?;
            tokens.push(Token::Id(words));
            rest = &rest[length..];
        } else if is_name(c) || matches!(c, '-' | '.') {
            let length = rest.find(|c| !is_name(c) && !matches!(c, '.')).unwrap_or(rest.len());
            // A number may begin with a sign.
            let length = if length == 0 { c.len_utf8() } else { length };
            tokens.push(Token::Id(rest[..length].to_owned()));
            rest = &rest[length..];
        } else if c == '<' {
            return Err("has a label in HTML");
        } else {
            tokens.push(Token::Mark(c));
            rest = &rest[c.len_utf8()..];
        }
    }
    Ok(tokens)
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || (!c.is_ascii() && !c.is_whitespace())
}

/// The words of a text in quotes, and its length with them. `\n` and the like are line breaks, which become spaces.
fn quoted(text: &str) -> Option<(String, usize)> {
    let mut words = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((words, at + 1)),
            '\\' => match chars.next()?.1 {
                'n' | 'l' | 'r' | '\n' => words.push(' '),
                other => words.push(other),
            },
            c => words.push(c),
        }
    }
    None
}

struct Reader<'t> {
    tokens: &'t [Token],
    at: usize,
    chart: Chart,
    /// Boxes by name.
    numbers: BTreeMap<&'t str, usize>,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.at)
    }

    fn takes(&mut self, token: &Token) -> bool {
        let is_next = self.peek() == Some(token);
        self.at += usize::from(is_next);
        is_next
    }

    fn id(&mut self) -> Option<&'t str> {
        let Some(Token::Id(id)) = self.peek() else { return None };
        self.at += 1;
        Some(id)
    }

    fn graph(&mut self) -> Result<(), &'static str> {
        let mut word = self.id().map(str::to_lowercase);
        if word.as_deref() == Some("strict") {
            word = self.id().map(str::to_lowercase);
        }
        match word.as_deref() {
            Some("digraph") => {}
            Some("graph") => return Err("has lines without a direction"),
            _ => return Err("does not begin with `digraph`"),
        }
        self.id();
        if !self.takes(&Token::Mark('{')) {
            return Err("has no `{` behind `digraph`");
        }
        while !self.takes(&Token::Mark('}')) {
            if !self.takes(&Token::Mark(';')) && !self.takes(&Token::Mark(',')) {
                self.statement()?;
            }
        }
        if self.peek().is_some() { Err("goes on behind its last `}`") } else { Ok(()) }
    }

    fn statement(&mut self) -> Result<(), &'static str> {
        if self.peek() == Some(&Token::Mark('{')) {
            return Err("has groups of boxes");
        }
        let first = self.id().ok_or("is not closed, or has a mark where a box is expected")?;
        match first.to_lowercase().as_str() {
            "subgraph" => return Err("has groups of boxes"),
            "graph" => {
                let attributes = self.attributes()?;
                self.direct(attributes.get("rankdir").copied());
                return Ok(());
            }
            // How all boxes and arrows look is left to the theme.
            "node" | "edge" => return self.attributes().map(drop),
            _ => {}
        }
        if self.takes(&Token::Mark('=')) {
            let value = self.id().ok_or("has a `=` without a value")?;
            self.direct((first == "rankdir").then_some(value));
            return Ok(());
        }
        let mut way = vec![self.number(first)?];
        while self.takes(&Token::Arrow) {
            if self.peek() == Some(&Token::Mark('{')) || self.peek() == Some(&Token::Id("subgraph".into())) {
                return Err("has groups of boxes");
            }
            let next = self.id().ok_or("has an arrow to nothing")?;
            let number = self.number(next)?;
            way.push(number);
        }
        let label = self.attributes()?.get("label").copied();
        match (way.as_slice(), label) {
            ([one], Some(label)) => self.chart.boxes[*one].text = label.to_owned(),
            ([_], None) => {}
            (way, label) => {
                let text = label.unwrap_or_default();
                self.chart.arrows.extend(way.windows(2).map(|pair| arrow(pair[0], pair[1], text)));
            }
        }
        Ok(())
    }

    /// The number of the box `name`.
    fn number(&mut self, name: &'t str) -> Result<usize, &'static str> {
        if self.peek() == Some(&Token::Mark(':')) {
            return Err("has arrows to parts of boxes");
        }
        let boxes = &mut self.chart.boxes;
        Ok(*self.numbers.entry(name).or_insert_with(|| {
            boxes.push(ChartBox::new(name));
            boxes.len() - 1
        }))
    }

    fn direct(&mut self, direction: Option<&str>) {
        if let Some(direction) = direction {
            self.chart.way = match direction {
                "LR" => Way::Right,
                "RL" => Way::Left,
                "BT" => Way::Up,
                _ => Way::Down,
            };
        }
    }

    /// Lists of attributes: `[label="…", color=red] [shape=box]`.
    fn attributes(&mut self) -> Result<BTreeMap<&'t str, &'t str>, &'static str> {
        let mut attributes = BTreeMap::new();
        while self.takes(&Token::Mark('[')) {
            while !self.takes(&Token::Mark(']')) {
                if self.takes(&Token::Mark(',')) || self.takes(&Token::Mark(';')) {
                    continue;
                }
                let key = self.id().ok_or("has attributes that are not closed")?;
                let value =
                    if self.takes(&Token::Mark('=')) { self.id().ok_or("has a `=` without a value")? } else { "" };
                attributes.insert(key, value);
            }
        }
        Ok(attributes)
    }
}

fn arrow(from: usize, to: usize, text: &str) -> ChartArrow {
    ChartArrow { from, to, text: text.to_owned(), stroke: Stroke::Solid, heads: [Head::None, Head::Arrow] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    #[test]
    fn boxes_and_arrows_are_read() {
        let text = "strict digraph \"G\" { // a comment\n rankdir=LR; node [shape=box];\n a -> b -> c [label=\"on\\nward\", color=red];\n \
                    a [label=\"The \\\"first\\\"\"] /* b */ ; d; é -> 2.5 -> 2.5 \n}";
        let chart = read(text).expect("it can be drawn");
        let texts: Vec<&str> = chart.boxes.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(texts, ["The \"first\"", "b", "c", "d", "é", "2.5"]);
        assert_eq!(chart.arrows, [arrow(0, 1, "on ward"), arrow(1, 2, "on ward"), arrow(4, 5, ""), arrow(5, 5, "")]);
        assert_eq!(chart.way, Way::Right);
    }

    #[test]
    fn what_cannot_be_drawn_is_said() {
        for (text, why) in [
            ("", "does not begin with `digraph`"),
            ("graph { a -- b }", "has lines without a direction"),
            ("digraph { a -> b", "is not closed, or has a mark where a box is expected"),
            ("digraph { a -> }", "has an arrow to nothing"),
            ("digraph { subgraph x { a } }", "has groups of boxes"),
            ("digraph { a -> { b c } }", "has groups of boxes"),
            ("digraph { a [label=<b>] }", "has a label in HTML"),
            ("digraph { a:x -> b }", "has arrows to parts of boxes"),
            ("digraph { a [label=\"x }", "has a text that is not closed"),
            ("digraph { a [label }", "has attributes that are not closed"),
            ("digraph { a } b", "goes on behind its last `}`"),
            ("digraph { rankdir=LR }", "has no box"),
        ] {
            assert_eq!(read(text), Err(why.into()), "{text}");
        }
    }

    #[test]
    fn no_text_is_too_strange() {
        let pieces = [
            "digraph", "{", "}", "a", "b", "->", "--", "[", "]", "label", "=", "\"x\"", "\"", "\\", ";", ",", ":", "<",
            "é", "-", ".", "/*", "*/", "//", "#", "\n", " ",
        ];
        let mut chance = Chance(0x2545_F491_4F6C_DD1D);
        let mut drawn = 0;
        for _ in 0..20_000 {
            let count = chance.below(14);
            let inner: Vec<&str> = (0..count).map(|_| pieces[chance.below(pieces.len())]).collect();
            let text = if chance.below(2) == 0 { format!("digraph {{ {} }}", inner.join(" ")) } else { inner.concat() };
            drawn += usize::from(read(&text).is_ok());
        }
        assert!(drawn > 200, "{drawn}");
    }
}
