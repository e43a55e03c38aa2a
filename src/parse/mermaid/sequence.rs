//! Sequence diagrams of Mermaid: who says what to whom, with notes and frames.
//!
//! In steps, line by line: a word of the language, or a message. Frames stay a flat list of beginnings and ends, so that no
//! depth of them is too deep for a stack.
//!
//! The language: <https://mermaid.js.org/syntax/sequenceDiagram.html>.

use std::collections::BTreeMap;

use super::super::diagram::{Caption, Head, Sequence, Side, Step, Stroke, Trouble};
use super::{captioned, is_passed_over, label, lines, trouble};

/// Who takes part, at most.
const MOST_PEOPLE: usize = 20;
/// What happens, at most.
const MOST_STEPS: usize = 300;
/// Frames in frames, at most.
const MOST_DEPTH: usize = 6;

/// What a message looks like, and how its line begins and ends. Those that others begin with come later.
const ARROWS: [(&str, Stroke, [Head; 2]); 10] = [
    ("<<-->>", Stroke::Dotted, [Head::Arrow, Head::Arrow]),
    ("<<->>", Stroke::Solid, [Head::Arrow, Head::Arrow]),
    ("-->>", Stroke::Dotted, [Head::None, Head::Arrow]),
    ("->>", Stroke::Solid, [Head::None, Head::Arrow]),
    ("-->", Stroke::Dotted, [Head::None, Head::None]),
    ("->", Stroke::Solid, [Head::None, Head::None]),
    ("--)", Stroke::Dotted, [Head::None, Head::Open]),
    ("-)", Stroke::Solid, [Head::None, Head::Open]),
    ("--x", Stroke::Dotted, [Head::None, Head::Cross]),
    ("-x", Stroke::Solid, [Head::None, Head::Cross]),
];

/// What begins a frame, and what begins another part of it.
const FRAMES: [(&str, &str); 7] = [
    ("loop", ""),
    ("alt", "else"),
    ("opt", ""),
    ("par", "and"),
    ("critical", "option"),
    ("break", ""),
    // A colour, which is left to the theme.
    ("rect", ""),
];

/// Reads a sequence diagram, from behind its first word.
pub fn read(code: &str, from: usize, caption: Caption) -> Result<Sequence, Trouble> {
    let sequence = Sequence { caption, ..Sequence::default() };
    let mut reader = Reader { sequence, numbers: BTreeMap::new(), open: Vec::new(), counts: None };
    let mut lines = lines(code, from);
    while let Some((at, line)) = lines.next() {
        let line = line.trim_end_matches(';').trim_end();
        if is_passed_over(line) {
            continue;
        }
        let here = at..at + line.len();
        // A description of more than one line.
        if let Some(first) = line.strip_prefix("accDescr").and_then(|rest| rest.trim_start().strip_prefix('{')) {
            let mut words = first.to_owned();
            let mut is_closed = words.contains('}');
            while !is_closed {
                let Some((_, more)) = lines.next() else {
                    return Err(trouble(here, "has a description that is not closed"));
                };
                words.push(' ');
                words.push_str(more);
                is_closed = more.contains('}');
            }
            reader.sequence.caption.description = label(words.split('}').next().unwrap_or(&words));
        } else {
            reader.line(at, line).map_err(|why| trouble(here, why))?;
        }
    }
    if let Some((_, at, length)) = reader.open.last() {
        return Err(trouble(*at..at + length, "has a frame that is not closed"));
    }
    if reader.sequence.people.is_empty() { Err("has nobody who takes part".into()) } else { Ok(reader.sequence) }
}

struct Reader<'t> {
    sequence: Sequence,
    /// Who takes part, by name.
    numbers: BTreeMap<&'t str, usize>,
    /// The frames that are open: the number of their kind, and where they begin.
    open: Vec<(usize, usize, usize)>,
    /// The number of the next message, and what is added to it.
    counts: Option<(u32, u32)>,
}

impl<'t> Reader<'t> {
    fn line(&mut self, at: usize, line: &'t str) -> Result<(), String> {
        if captioned(line, &mut self.sequence.caption) {
            return Ok(());
        }
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        let frame = FRAMES.iter().position(|(open, _)| *open == word);
        match word {
            // Somebody who has the name of a word of the language says something.
            _ if find(before_text(line)).is_some_and(|(at, ..)| line[..at].trim() == word) => self.message(line)?,
            "participant" | "actor" => self.takes_part(rest)?,
            "activate" => {
                let person = self.person(rest)?;
                self.sequence.steps.push(Step::Activate(person));
            }
            "deactivate" => {
                let person = self.person(rest)?;
                self.sequence.steps.push(Step::Deactivate(person));
            }
            "autonumber" => self.autonumber(rest)?,
            "note" | "Note" => self.note(rest)?,
            "end" if rest.is_empty() => {
                self.open.pop().ok_or("has an `end` without a frame")?;
                self.sequence.steps.push(Step::Close);
            }
            "create" | "destroy" | "link" | "links" | "properties" | "details" => {
                return Err(format!("has a `{word}`"));
            }
            "box" => return Err("has boxes around those who take part".to_owned()),
            _ if frame.is_some() => {
                if self.open.len() == MOST_DEPTH {
                    return Err("has frames in frames in frames".to_owned());
                }
                let kind = frame.unwrap_or_default();
                self.open.push((kind, at, line.len()));
                let text = if word == "rect" { String::new() } else { label(rest) };
                self.sequence.steps.push(Step::Open(FRAMES[kind].0, text));
            }
            _ => match FRAMES.iter().find(|(_, other)| !other.is_empty() && *other == word) {
                Some((_, other)) => {
                    let is_inside = self.open.last().is_some_and(|(kind, ..)| FRAMES[*kind].1 == word);
                    if !is_inside {
                        return Err(format!("has an `{other}` outside its frame"));
                    }
                    self.sequence.steps.push(Step::Else(other, label(rest)));
                }
                None => self.message(line)?,
            },
        }
        match self.sequence.steps.len() {
            0..=MOST_STEPS => Ok(()),
            _ => Err(format!("has more than {MOST_STEPS} steps")),
        }
    }

    /// `A`, `A as Somebody`
    fn takes_part(&mut self, written: &'t str) -> Result<(), String> {
        let (name, shown) =
            written.split_once(" as ").map_or((written, None), |(name, shown)| (name.trim(), Some(shown)));
        if name.contains("@{") {
            return Err("says with `@` what somebody is".to_owned());
        }
        let number = self.person(name)?;
        if let Some(shown) = shown {
            self.sequence.people[number] = label(shown);
        }
        Ok(())
    }

    fn person(&mut self, name: &'t str) -> Result<usize, String> {
        let name = name.trim();
        if name.is_empty() {
            return Err("has no name where one is expected".to_owned());
        }
        let people = &mut self.sequence.people;
        let number = *self.numbers.entry(name).or_insert_with(|| {
            people.push(label(name));
            people.len() - 1
        });
        if number >= MOST_PEOPLE { Err(format!("has more than {MOST_PEOPLE} who take part")) } else { Ok(number) }
    }

    /// `autonumber`, `autonumber 10 5`, `autonumber off`
    fn autonumber(&mut self, written: &str) -> Result<(), String> {
        let mut numbers = [1, 1];
        for (number, word) in written.split_whitespace().enumerate() {
            if word == "off" {
                self.counts = None;
                return Ok(());
            }
            let place = numbers.get_mut(number).ok_or("has an `autonumber` with more than two numbers")?;
            *place = word.parse().map_err(|_| format!("counts from `{word}`"))?;
        }
        self.counts = Some((numbers[0], numbers[1]));
        Ok(())
    }

    /// `left of A: words`, `over A,B: words`
    fn note(&mut self, written: &'t str) -> Result<(), String> {
        let (place, text) = written.split_once(':').ok_or("has a note without words: no `:`")?;
        let of = |prefix: &str| {
            place.get(..prefix.len()).filter(|start| start.eq_ignore_ascii_case(prefix)).map(|_| &place[prefix.len()..])
        };
        let (side, names) = if let Some(names) = of("left of ") {
            (Side::Left, names)
        } else if let Some(names) = of("right of ") {
            (Side::Right, names)
        } else if let Some(names) = of("over ") {
            (Side::Over, names)
        } else {
            return Err("has a note that is neither `left of`, `right of` nor `over` somebody".to_owned());
        };
        let (first, last) = names.split_once(',').unwrap_or((names, names));
        let (first, last) = (self.person(first)?, self.person(last)?);
        let of = (first.min(last), first.max(last));
        self.sequence.steps.push(Step::Note { of, side, text: label(text) });
        Ok(())
    }

    /// `A->>+B: words`
    fn message(&mut self, line: &'t str) -> Result<(), String> {
        let ends = before_text(line);
        let text = line.get(ends.len() + 1..).unwrap_or_default();
        let Some((at, arrow, stroke, heads)) = find(ends) else {
            return Err("has a line that is not known here".to_owned());
        };
        let from = self.person(&ends[..at])?;
        let to = ends[at + arrow.len()..].trim_start();
        let (begins, ends, to) = match to.as_bytes().first() {
            Some(b'+') => (true, false, &to[1..]),
            Some(b'-') => (false, true, &to[1..]),
            _ => (false, false, to),
        };
        let to = self.person(to)?;
        let number = self.counts.map(|(number, _)| number);
        self.counts = self.counts.map(|(number, more)| (number.saturating_add(more), more));
        let steps = &mut self.sequence.steps;
        steps.push(Step::Message { from, to, text: label(text), number, stroke, heads });
        if begins {
            steps.push(Step::Activate(to));
        } else if ends {
            // Who answers has done.
            steps.push(Step::Deactivate(from));
        }
        Ok(())
    }
}

/// What of a message stands before its words.
fn before_text(line: &str) -> &str {
    line.split(':').next().unwrap_or(line)
}

/// The first arrow of a message. One that ends in a letter may be part of a name, so that any other comes before it.
fn find(ends: &str) -> Option<(usize, &'static str, Stroke, [Head; 2])> {
    let found = |arrows: &'static [(&'static str, Stroke, [Head; 2])]| {
        let places =
            arrows.iter().filter_map(|(arrow, stroke, heads)| Some((ends.find(arrow)?, *arrow, *stroke, *heads)));
        places.min_by_key(|(at, arrow, ..)| (*at, usize::MAX - arrow.len()))
    };
    found(&ARROWS[..8]).or_else(|| found(&ARROWS[8..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sequence(code: &str) -> Result<Sequence, Trouble> {
        read(code, 0, Caption::default())
    }

    #[test]
    fn every_message_is_read() {
        use Head::{Arrow, Cross, None, Open};
        use Stroke::{Dotted, Solid};
        for (arrow, stroke, heads) in [
            ("->", Solid, [None, None]),
            ("-->", Dotted, [None, None]),
            ("->>", Solid, [None, Arrow]),
            ("-->>", Dotted, [None, Arrow]),
            ("<<->>", Solid, [Arrow, Arrow]),
            ("<<-->>", Dotted, [Arrow, Arrow]),
            ("-x", Solid, [None, Cross]),
            ("--x", Dotted, [None, Cross]),
            ("-)", Solid, [None, Open]),
            ("--)", Dotted, [None, Open]),
        ] {
            for space in ["", " "] {
                let read = sequence(&format!("\nthe app{space}{arrow}{space}b: one: #35;<br>two;")).expect(arrow);
                let text = "one: # two".to_owned();
                assert_eq!(read.steps, [Step::Message { from: 0, to: 1, text, number: Option::None, stroke, heads }]);
                assert_eq!(read.people, ["the app", "b"]);
            }
        }
        for name in ["web-xyz", "note", "participant", "alt", "box", "end"] {
            assert_eq!(sequence(&format!("\n{name} ->>b: c")).expect("it can be drawn").people, [name, "b"]);
        }
    }

    #[test]
    fn everything_else_is_read() {
        let code = "\ntitle: Name\nactor c as The client\nparticipant s\nautonumber 5 10\nc->>+s: ask\nloop each <b>day</b>\n \
                    s->>s: think\nend\nalt yes\n s-->>-c: answer\nelse no\n Note over s,c: silence\nend\nautonumber off\n\
                    note LEFT OF c: waits\nactivate s\ndeactivate s\nrect rgb(0,0,0)\nc-)end: x\nend\naccDescr { a\nb }\n";
        let read = sequence(code).expect("it can be drawn");
        assert_eq!(read.people, ["The client", "s", "end"]);
        assert_eq!((read.caption.title.as_str(), read.caption.description.as_str()), ("Name", "a b"));
        let said = |from, to, text: &str, number, stroke, head| {
            let heads = [Head::None, head];
            Step::Message { from, to, text: text.to_owned(), number, stroke, heads }
        };
        assert_eq!(
            read.steps,
            [
                said(0, 1, "ask", Some(5), Stroke::Solid, Head::Arrow),
                Step::Activate(1),
                Step::Open("loop", "each day".into()),
                said(1, 1, "think", Some(15), Stroke::Solid, Head::Arrow),
                Step::Close,
                Step::Open("alt", "yes".into()),
                said(1, 0, "answer", Some(25), Stroke::Dotted, Head::Arrow),
                Step::Deactivate(1),
                Step::Else("else", "no".into()),
                Step::Note { of: (0, 1), side: Side::Over, text: "silence".into() },
                Step::Close,
                Step::Note { of: (0, 0), side: Side::Left, text: "waits".into() },
                Step::Activate(1),
                Step::Deactivate(1),
                Step::Open("rect", String::new()),
                said(0, 2, "x", None, Stroke::Solid, Head::Open),
                Step::Close,
            ]
        );
    }

    #[test]
    fn what_cannot_be_drawn_is_said() {
        for (code, why) in [
            ("", "has nobody who takes part"),
            ("\na: b", "has a line that is not known here"),
            ("\n->>b: c", "has no name where one is expected"),
            ("\na->>: c", "has no name where one is expected"),
            ("\nloop x\na->>b: c", "has a frame that is not closed"),
            ("\nend", "has an `end` without a frame"),
            ("\nloop x\nelse y", "has an `else` outside its frame"),
            ("\ncreate participant a", "has a `create`"),
            ("\nbox Purple a\nend", "has boxes around those who take part"),
            ("\nparticipant a@{ \"type\": \"queue\" }", "says with `@` what somebody is"),
            ("\nNote over a", "has a note without words: no `:`"),
            ("\nNote by a: b", "has a note that is neither `left of`, `right of` nor `over` somebody"),
            ("\nautonumber x", "counts from `x`"),
            ("\naccDescr { a", "has a description that is not closed"),
        ] {
            assert_eq!(sequence(code).map_err(|trouble| trouble.why), Err(why.to_owned()), "{code}");
        }
        let many: String = (0..=MOST_PEOPLE).map(|number| format!("\nparticipant p{number}")).collect();
        assert_eq!(sequence(&many).map_err(|t| t.why), Err("has more than 20 who take part".to_owned()));
        assert_eq!(sequence(&"\na->>b".repeat(400)).map_err(|t| t.why), Err("has more than 300 steps".to_owned()));
        assert_eq!(sequence(&"\nopt".repeat(7)).map_err(|t| t.why), Err("has frames in frames in frames".to_owned()));
    }
}
