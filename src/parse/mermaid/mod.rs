//! Diagrams in the language of Mermaid, as far as they can be drawn here: flowcharts and sequence diagrams.
//!
//! In steps: pass over what stands before a diagram; see of which kind it is; have it read (`flowchart`, `sequence`). Colours
//! are left to the theme. What a reader of a diagram does not know is said with its place, and never passed over.
//!
//! No crate for this fits: those that read Mermaid also draw it, and pass over lines that they do not know.
//!
//! This file never draws, and never fails on any text.
//!
//! The language: <https://mermaid.js.org/intro/syntax-reference.html>.

mod flowchart;
mod sequence;

use std::ops::Range;

use super::characters::is_noncharacter;
use super::diagram::{Caption, Diagram, Trouble};

/// Reads a diagram.
///
/// # Errors
/// Why it cannot be drawn.
pub fn read(code: &str) -> Result<Diagram, Trouble> {
    let mut caption = Caption::default();
    let mut start = passed_over(code, 0);
    if code[start..].starts_with("---") {
        let mut lines = lines(code, start).skip(1);
        start = code.len();
        for (at, line) in lines.by_ref() {
            if line == "---" {
                start = at + line.len();
                break;
            }
            if let Some(title) = line.strip_prefix("title:") {
                caption.title = label(title);
            }
        }
        start = passed_over(code, start);
    }
    let (at, line) = lines(code, start).next().ok_or("is empty")?;
    let word = line.split(|c: char| c.is_whitespace() || c == ';').next().unwrap_or(line);
    let from = at + word.len();
    match word {
        "flowchart" | "graph" => flowchart::read(code, from, caption).map(Diagram::Chart),
        "sequenceDiagram" => sequence::read(code, from, caption).map(Diagram::Sequence),
        word => Err(trouble(at..at + word.len(), format!("is a `{word}`"))),
    }
}

/// Where, from byte `at`, the first line begins that is no comment and no directive, which says how a diagram looks.
fn passed_over(code: &str, mut at: usize) -> usize {
    loop {
        let rest = code[at..].trim_start();
        at = code.len() - rest.len();
        let length = match rest.strip_prefix("%%") {
            Some(inside) if inside.starts_with('{') => inside.find("}%%").map(|end| end + 5),
            Some(_) => rest.find('\n'),
            None => return at,
        };
        at += length.unwrap_or(rest.len());
    }
}

fn trouble(at: Range<usize>, why: impl Into<String>) -> Trouble {
    Trouble { at: Some(at), why: why.into() }
}

/// The lines of `code` from byte `from`, without the spaces around them, with their places.
fn lines(code: &str, from: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut at = from;
    code[from..].split_inclusive('\n').map(move |line| {
        let start = at + (line.len() - line.trim_start().len());
        at += line.len();
        (start, line.trim())
    })
}

/// Is a line empty or a comment?
fn is_passed_over(line: &str) -> bool {
    line.is_empty() || line.starts_with("%%")
}

/// What `line` says of the whole diagram: its title or description.
fn captioned(line: &str, caption: &mut Caption) -> bool {
    let is = |key: &str| line.strip_prefix(key).and_then(|rest| rest.trim_start().strip_prefix(':'));
    if let Some(title) = is("accTitle").or_else(|| is("title")) {
        caption.title = label(title);
    } else if let Some(title) = line.strip_prefix("title ") {
        caption.title = label(title);
    } else if let Some(description) = is("accDescr") {
        caption.description = label(description);
    } else {
        return false;
    }
    true
}

/// The words of a label: without quotes, tags that say how words look, and icons; entities are what they stand for.
fn label(written: &str) -> String {
    let text = written.trim();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let text = text.strip_prefix('`').and_then(|text| text.strip_suffix('`')).unwrap_or(text);
    let mut words = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c == '<'
            && let Some((tag, length)) = tag(rest)
        {
            if tag == "br" {
                words.push(' ');
            }
            rest = &rest[length..];
        } else if c == '#'
            && let Some((c, length)) = entity(rest)
        {
            words.push(c);
            rest = &rest[length..];
        } else {
            words.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    let is_icon = |word: &&str| ["fa:fa-", "fab:fa-", "fas:fa-", "far:fa-"].iter().any(|icon| word.starts_with(icon));
    words.split_whitespace().filter(|word| !is_icon(word)).collect::<Vec<_>>().join(" ")
}

/// `< / strong / >` and `#1114111;` in bytes.
const LONGEST_TAG: usize = 12;
const LONGEST_ENTITY: usize = 9;

/// Where the first `byte` stands among the first `most` bytes: a text of many beginnings is not searched to its end for each.
fn position(text: &str, byte: u8, most: usize) -> Option<usize> {
    text.bytes().take(most).position(|found| found == byte)
}

/// The tag that `text` begins with, and its length, if it says only how words look.
fn tag(text: &str) -> Option<(&'static str, usize)> {
    let end = position(text, b'>', LONGEST_TAG)?;
    let name = text[1..end].trim_start_matches('/').trim_end_matches(['/', ' ']);
    let known = ["br", "b", "i", "u", "em", "strong", "small", "code", "sub", "sup"];
    known.into_iter().find(|known| known.eq_ignore_ascii_case(name)).map(|known| (known, end + 1))
}

/// The character that `text` begins with the name or number of (`#35;`, `#quot;`), and the length of that.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = position(text, b';', LONGEST_ENTITY)?;
    let name = &text[1..end];
    let c = match name {
        "quot" => '"',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "apos" => '\'',
        "nbsp" => ' ',
        _ => char::from_u32(name.parse().ok()?).filter(|c| !c.is_control() && !is_noncharacter(*c))?,
    };
    Some((c, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    #[test]
    fn labels_are_words() {
        for (written, words) in [
            ("\"Is it <b>on</b>?<br/>Look\"", "Is it on? Look"),
            ("a #quot;b#quot; #35;1; 1 < 2", "a \"b\" #1; 1 < 2"),
            ("\"`in **Markdown**`\"", "in **Markdown**"),
            ("fa:fa-print Printer", "Printer"),
            ("# one; #no; #9999999; #64976;", "# one; #no; #9999999; #64976;"),
            ("A<BR/>b <B>c</B>", "A b c"),
        ] {
            assert_eq!(label(written), words);
        }
    }

    #[test]
    fn what_stands_before_a_diagram_is_passed_over() {
        let code = "%%{init: {\n}}%%\n---\ntitle: The tray\nconfig: {}\n---\n\n%% a comment\nflowchart LR\n a --> b\n";
        let Ok(Diagram::Chart(chart)) = read(code) else { panic!("{:?}", read(code)) };
        assert_eq!((chart.caption.title.as_str(), chart.boxes.len()), ("The tray", 2));
        assert_eq!(read(""), Err("is empty".into()));
        assert_eq!(read("---\ntitle: a\n---"), Err("is empty".into()));
        assert_eq!(read(" gantt\n"), Err(trouble(1..6, "is a `gantt`")));
    }

    #[test]
    fn no_text_is_too_strange() {
        let pieces = [
            "a",
            "b",
            "-->",
            "---",
            "--",
            "-.->",
            "-.",
            "==>",
            "==",
            "~~~",
            "|",
            "[",
            "]",
            "(",
            ")",
            "{",
            "}",
            ">",
            "[/",
            "/]",
            "((",
            "))",
            "\"",
            "&",
            ";",
            "\n",
            "\n",
            " ",
            "subgraph",
            "end",
            "direction",
            "classDef",
            "class",
            "click",
            ":::",
            "@{",
            "<",
            "o",
            "x",
            "%%",
            "é",
            "#",
            "accDescr",
            ":",
            "->>",
            "-->>",
            "-x",
            "-)",
            "+",
            "-",
            "participant",
            "actor",
            "as",
            "Note",
            "over",
            "left of",
            ",",
            "loop",
            "alt",
            "else",
            "par",
            "and",
            "rect",
            "activate",
            "deactivate",
            "autonumber",
            "title",
            "<<->>",
            "---",
        ];
        let mut chance = Chance(0x2545_F491_4F6C_DD1D);
        let mut drawn = [0, 0];
        for round in 0..40_000 {
            let count = chance.below(14);
            let inner: Vec<&str> = (0..count).map(|_| pieces[chance.below(pieces.len())]).collect();
            let separator = if chance.below(2) == 0 { " " } else { "" };
            let kind = ["flowchart TD", "sequenceDiagram"][round % 2];
            let code = format!("{kind}\na{}b{}", ["-->", "->>"][round % 2], separator) + &inner.join(separator);
            match read(&code) {
                Ok(_) => drawn[round % 2] += 1,
                Err(Trouble { at, .. }) => {
                    let at = at.unwrap_or_default();
                    assert!(code.get(at.clone()).is_some(), "{at:?} of {code:?}");
                }
            }
        }
        assert!(drawn.iter().all(|drawn| *drawn > 200), "{drawn:?}");
    }
}
