//! Flowcharts of Mermaid: boxes, what leads from box to box, and groups.
//!
//! In steps, statement by statement: a chain of boxes and arrows, or a line that begins with a word of the language. How
//! things look (`style`, `classDef`) is passed over. One pass, without recursion.
//!
//! The language: <https://mermaid.js.org/syntax/flowchart.html>.

use std::collections::BTreeMap;

use super::super::diagram::{Caption, Chart, ChartArrow, ChartBox, Group, Head, Shape, Stroke, Trouble, Way};
use super::{captioned, label, trouble};

/// Groups in groups are not read deeper than this.
const MOST_DEPTH: usize = 8;
/// Arrows, at most. With more nobody sees anything, and a few words can ask for millions.
const MOST_ARROWS: usize = 500;

/// What opens a box, what closes it, and its shape; longer openings first.
const SHAPES: [(&str, &[(&str, Shape)]); 12] = [
    ("(((", &[(")))", Shape::DoubleCircle)]),
    ("((", &[("))", Shape::Circle)]),
    ("([", &[("])", Shape::Stadium)]),
    ("(", &[(")", Shape::Round)]),
    ("[[", &[("]]", Shape::Subroutine)]),
    ("[(", &[(")]", Shape::Cylinder)]),
    ("[/", &[("/]", Shape::LeanRight), ("\\]", Shape::Trapezoid)]),
    ("[\\", &[("\\]", Shape::LeanLeft), ("/]", Shape::TrapezoidDown)]),
    ("[", &[("]", Shape::Rectangle)]),
    ("{{", &[("}}", Shape::Hexagon)]),
    ("{", &[("}", Shape::Diamond)]),
    (">", &[("]", Shape::Flag)]),
];

/// Reads a flowchart, from behind its first word.
pub fn read(code: &str, from: usize, caption: Caption) -> Result<Chart, Trouble> {
    let chart = Chart { caption, ..Chart::default() };
    let mut reader =
        Reader { code, at: from, chart, numbers: BTreeMap::new(), groups: BTreeMap::new(), open: Vec::new() };
    reader.spaces();
    let start = reader.at;
    let word = reader.word();
    reader.chart.way = match word {
        "" => Way::Down,
        word => way(word)
            .ok_or_else(|| trouble(start..start + word.len(), format!("runs `{word}`, which is no direction")))?,
    };
    while reader.statement()? {}
    if let Some((_, at)) = reader.open.last() {
        return Err(trouble(*at..*at + "subgraph".len(), "has a group that is not closed"));
    }
    if reader.chart.boxes.is_empty() { Err("has no box".into()) } else { Ok(reader.chart) }
}

fn way(word: &str) -> Option<Way> {
    Some(match word {
        "TD" | "TB" => Way::Down,
        "BT" => Way::Up,
        "LR" => Way::Right,
        "RL" => Way::Left,
        _ => return None,
    })
}

struct Reader<'t> {
    code: &'t str,
    at: usize,
    chart: Chart,
    /// Boxes by name.
    numbers: BTreeMap<&'t str, usize>,
    /// Groups by name.
    groups: BTreeMap<&'t str, usize>,
    /// The groups that are open, with their places.
    open: Vec<(usize, usize)>,
}

/// What leads on from a box.
struct Link {
    text: String,
    stroke: Stroke,
    heads: [Head; 2],
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.code[self.at..]
    }

    fn takes(&mut self, mark: &str) -> bool {
        let is_next = self.rest().starts_with(mark);
        self.at += if is_next { mark.len() } else { 0 };
        is_next
    }

    /// Passes over spaces, but not over the end of a line.
    fn spaces(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() && c != '\n').len();
    }

    /// The letters that come next.
    fn word(&mut self) -> &'t str {
        let rest = self.rest();
        let word = &rest[..rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len())];
        self.at += word.len();
        word
    }

    /// What is left of the line.
    fn line(&mut self) -> &'t str {
        let rest = self.rest();
        let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
        self.at += line.len();
        line.trim().trim_end_matches(';').trim_end()
    }

    /// Trouble with what comes next.
    fn here(&self, why: &str) -> Trouble {
        let length = self.rest().chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
        trouble(self.at..self.at + length, why)
    }

    /// Reads a statement; `false` at the end.
    fn statement(&mut self) -> Result<bool, Trouble> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == ';').len();
        let start = self.at;
        if self.rest().is_empty() {
            return Ok(false);
        }
        if self.takes("%%") {
            self.line();
            return Ok(true);
        }
        let word = self.word();
        if !self.rest().starts_with(|c: char| !c.is_whitespace() && !matches!(c, ';' | ':' | '{')) {
            match word {
                "style" | "classDef" | "class" | "linkStyle" => {
                    self.line();
                    return Ok(true);
                }
                "click" => return Err(trouble(start..self.at, "has boxes that lead to addresses (`click`)")),
                "subgraph" => return self.group(start).map(|()| true),
                "end" => {
                    let Some((group, at)) = self.open.pop() else {
                        return Err(trouble(start..self.at, "has an `end` without a `subgraph`"));
                    };
                    let is_of = |one: &ChartBox| one.group == Some(group);
                    if !self.chart.boxes.iter().any(is_of)
                        && self.chart.groups.iter().all(|one| one.within != Some(group))
                    {
                        return Err(trouble(at..at + "subgraph".len(), "has a group without a box of its own"));
                    }
                    return Ok(true);
                }
                // A group runs as its chart does.
                "direction" => {
                    let line = self.line();
                    if way(line).is_none() {
                        return Err(trouble(start..self.at, format!("runs `{line}`, which is no direction")));
                    }
                    return Ok(true);
                }
                "accDescr" if self.rest().trim_start().starts_with('{') => {
                    let rest = self.rest();
                    let (open, close) = (rest.find('{').unwrap_or(0), rest.find('}'));
                    let close = close.ok_or_else(|| trouble(start..self.at, "has a description that is not closed"))?;
                    self.chart.caption.description = label(&rest[open + 1..close]);
                    self.at += close + 1;
                    return Ok(true);
                }
                "accTitle" | "accDescr" => {
                    self.at = start;
                    let line = self.line();
                    if captioned(line, &mut self.chart.caption) {
                        return Ok(true);
                    }
                }
                _ => {}
            }
        }
        self.at = start;
        self.chain().map(|()| true)
    }

    /// `subgraph name [Title]`, `subgraph Title`.
    fn group(&mut self, start: usize) -> Result<(), Trouble> {
        let line = self.line();
        let (name, title) = match line.split_once('[') {
            Some((name, title)) if line.ends_with(']') => (name.trim(), label(&title[..title.len() - 1])),
            _ => (line, label(line)),
        };
        if self.open.len() == MOST_DEPTH {
            return Err(trouble(start..self.at, "has groups in groups in groups"));
        }
        if self.numbers.contains_key(name) || self.groups.contains_key(name) && !name.is_empty() {
            return Err(trouble(start..self.at, "has a group with the name of a box or of another group"));
        }
        let number = self.chart.groups.len();
        self.groups.insert(name, number);
        self.chart.groups.push(Group { title, within: self.open.last().map(|(group, _)| *group) });
        self.open.push((number, start));
        Ok(())
    }

    /// `a & b --> c -- words --> d`
    fn chain(&mut self) -> Result<(), Trouble> {
        let start = self.at;
        let mut before = self.boxes()?;
        loop {
            self.spaces();
            if self.rest().is_empty() || self.rest().starts_with(['\n', ';']) {
                return Ok(());
            }
            let link = self.link()?;
            self.spaces();
            let after = self.boxes()?;
            // `a & b --> c & d` are four.
            if self.chart.arrows.len() + before.len() * after.len() > MOST_ARROWS {
                return Err(trouble(start..self.at, format!("has more than {MOST_ARROWS} arrows")));
            }
            for &from in &before {
                for &to in &after {
                    let Link { text, stroke, heads } = &link;
                    let arrow = ChartArrow { from, to, text: text.clone(), stroke: *stroke, heads: *heads };
                    self.chart.arrows.push(arrow);
                }
            }
            before = after;
        }
    }

    /// `a & b`
    fn boxes(&mut self) -> Result<Vec<usize>, Trouble> {
        let mut boxes = Vec::new();
        loop {
            boxes.push(self.one_box()?);
            self.spaces();
            if !self.takes("&") {
                return Ok(boxes);
            }
            self.spaces();
        }
    }

    /// `name`, `name[Words]`, `name{Words}:::class`
    fn one_box(&mut self) -> Result<usize, Trouble> {
        let start = self.at;
        let name = name(self.rest());
        if name.is_empty() {
            return Err(self.here("has a mark, or nothing, where a box is expected"));
        }
        self.at += name.len();
        if self.groups.contains_key(name) {
            return Err(trouble(start..self.at, format!("has an arrow to a group, `{name}`")));
        }
        if self.rest().starts_with('@') {
            return Err(self.here("says with `@` what a box or an arrow is"));
        }
        let boxes = &mut self.chart.boxes;
        let number = *self.numbers.entry(name).or_insert_with(|| {
            boxes.push(ChartBox::new(name));
            boxes.len() - 1
        });
        if let (None, Some((group, _))) = (self.chart.boxes[number].group, self.open.last()) {
            self.chart.boxes[number].group = Some(*group);
        }
        if let Some((open, closes)) = SHAPES.iter().find(|(open, _)| self.rest().starts_with(open)) {
            let opened = self.at;
            self.at += open.len();
            let (text, shape) = self.inside(closes).ok_or_else(|| {
                trouble(opened..opened + open.len(), format!("has a box that is not closed, `{name}`"))
            })?;
            self.chart.boxes[number].text = label(text);
            self.chart.boxes[number].shape = shape;
        }
        if self.takes(":::") {
            let class = self.rest();
            self.at += class.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-')).unwrap_or(class.len());
        }
        Ok(number)
    }

    /// The words of a box, in quotes or not, and its shape, which its end tells.
    fn inside(&mut self, closes: &[(&str, Shape)]) -> Option<(&'t str, Shape)> {
        let rest = self.rest();
        let from = if rest.trim_start().starts_with('"') {
            let open = rest.find('"')?;
            open + 1 + rest[open + 1..].find('"')?
        } else {
            0
        };
        // Not to the end of the line: it may have very many boxes.
        let (end, close, shape) = rest[from..].char_indices().take_while(|(_, c)| *c != '\n').find_map(|(at, _)| {
            let (close, shape) = closes.iter().find(|(close, _)| rest[from + at..].starts_with(close))?;
            Some((from + at, close, *shape))
        })?;
        self.at += end + close.len();
        Some((&rest[..end], shape))
    }

    /// `-->`, `---`, `-.->`, `==>`, `~~~`, `<-->`, `--o`, `-- words -->`, `-->|words|`
    fn link(&mut self) -> Result<Link, Trouble> {
        let start = self.at;
        let unknown = |at: usize| trouble(start..at.max(start + 1), "has an arrow that is not known here");
        if self.takes("~~~") {
            while self.takes("~") {}
            return Ok(Link { text: String::new(), stroke: Stroke::Hidden, heads: [Head::None; 2] });
        }
        let mut heads = [Head::None; 2];
        if self.rest().get(1..).is_some_and(|next| next.starts_with(['-', '='])) {
            heads[0] = head(self.rest());
            self.at += usize::from(heads[0] != Head::None);
        }
        let (stroke, body, again) = if self.rest().starts_with("--") {
            (Stroke::Solid, '-', "--")
        } else if self.rest().starts_with("-.") {
            self.at += 1;
            (Stroke::Dotted, '.', ".-")
        } else if self.rest().starts_with("==") {
            (Stroke::Thick, '=', "==")
        } else {
            return Err(self.here("has a mark where an arrow is expected"));
        };
        let length = self.run(body);
        let is_dotted = stroke == Stroke::Dotted;
        let mut is_closed = if is_dotted { self.takes("-") } else { length > 2 };
        heads[1] = head(self.rest());
        if heads[1] != Head::None && (is_closed || !is_dotted) {
            (is_closed, self.at) = (true, self.at + 1);
        } else {
            heads[1] = Head::None;
        }
        let mut text = String::new();
        if is_closed {
            self.spaces();
            if self.takes("|") {
                let rest = self.rest();
                let end = rest.find(['|', '\n']).filter(|end| rest[*end..].starts_with('|'));
                let end =
                    end.ok_or_else(|| trouble(self.at - 1..self.at, "has words of an arrow that are not closed"))?;
                text = label(&rest[..end]);
                self.at += end + 1;
            }
        } else {
            let rest = self.rest();
            let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
            let end = line.find(again).ok_or_else(|| unknown(self.at))?;
            text = label(&line[..end]);
            self.at += end;
            let length = self.run(body);
            let is_closed = if is_dotted { self.takes("-") } else { length > 2 };
            heads[1] = head(self.rest());
            self.at += usize::from(heads[1] != Head::None);
            if heads[1] == Head::None && !is_closed {
                return Err(unknown(self.at));
            }
        }
        Ok(Link { text, stroke, heads })
    }

    /// Takes all that comes next of one mark, and says how many that were.
    fn run(&mut self, mark: char) -> usize {
        let rest = self.rest();
        let length = rest.len() - rest.trim_start_matches(mark).len();
        self.at += length;
        length
    }
}

/// The end of a line that `text` begins with.
fn head(text: &str) -> Head {
    match text.as_bytes().first() {
        Some(b'>' | b'<') => Head::Arrow,
        Some(b'o') => Head::Circle,
        Some(b'x') => Head::Cross,
        _ => Head::None,
    }
}

/// The name of a box that `text` begins with. Lines between boxes end it also where no space stands.
fn name(text: &str) -> &str {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let next = chars.peek().map(|(_, next)| *next);
        let is_part = match c {
            '-' => at > 0 && !matches!(next, Some('-' | '.' | '>') | None),
            '=' => at > 0 && next != Some('='),
            '_' | '.' | '!' | '#' | '$' | '%' | '\'' | '*' | '+' | '?' | '/' | '\\' => true,
            c => c.is_alphanumeric() || (!c.is_ascii() && !c.is_whitespace()),
        };
        if !is_part {
            return &text[..at];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(code: &str) -> Result<Chart, Trouble> {
        read(code, 0, Caption::default())
    }

    #[test]
    fn every_shape_is_read() {
        let code = " LR\n a[A] \n b(B);c([C])\n d[[D]]\n e[(E)]\n f((F))\n g(((G)))\n h>H]\n i{I?}\n j{{J}}\n k[/K/]\n \
                    l[\\L\\]\n m[/M\\]\n n[\\N/]\n o[\"a ] and [ b\"]:::wide\n p";
        let chart = chart(code).expect("it can be drawn");
        let shapes: Vec<Shape> = chart.boxes.iter().map(|one| one.shape).collect();
        use Shape::*;
        assert_eq!(
            shapes,
            [
                Rectangle,
                Round,
                Stadium,
                Subroutine,
                Cylinder,
                Circle,
                DoubleCircle,
                Flag,
                Diamond,
                Hexagon,
                LeanRight,
                LeanLeft,
                Trapezoid,
                TrapezoidDown,
                Rectangle,
                Rectangle
            ]
        );
        let texts: Vec<&str> = chart.boxes[8..].iter().map(|one| one.text.as_str()).collect();
        assert_eq!(texts, ["I?", "J", "K", "L", "M", "N", "a ] and [ b", "p"]);
        assert_eq!(chart.way, Way::Right);
    }

    #[test]
    fn every_arrow_is_read() {
        use Head::{Arrow, Circle, Cross, None};
        use Stroke::{Dotted, Hidden, Solid, Thick};
        for (written, text, stroke, heads) in [
            ("-->", "", Solid, [None, Arrow]),
            ("----->", "", Solid, [None, Arrow]),
            ("---", "", Solid, [None, None]),
            ("<-->", "", Solid, [Arrow, Arrow]),
            ("--o", "", Solid, [None, Circle]),
            (" x--x", "", Solid, [Cross, Cross]),
            ("-->|yes, or no|", "yes, or no", Solid, [None, Arrow]),
            ("-- a-b -->", "a-b", Solid, [None, Arrow]),
            ("--no---", "no", Solid, [None, None]),
            ("-.->", "", Dotted, [None, Arrow]),
            ("-.-", "", Dotted, [None, None]),
            ("-. \"later\" .->", "later", Dotted, [None, Arrow]),
            ("==>", "", Thick, [None, Arrow]),
            ("== in <b>all</b> ==>", "in all", Thick, [None, Arrow]),
            ("===|x|", "x", Thick, [None, None]),
            ("~~~", "", Hidden, [None, None]),
        ] {
            for space in ["", " "] {
                let chart = chart(&format!("\n a{space}{written}{space}b")).expect(written);
                let arrow = ChartArrow { from: 0, to: 1, text: text.to_owned(), stroke, heads };
                assert_eq!(chart.arrows, [arrow], "{written}");
            }
        }
    }

    #[test]
    fn chains_and_groups_are_read() {
        let code = " TB\nmy-node --> b & c --> d\nsubgraph one [The \"first\"]\n direction LR\n b\n subgraph Inner part\n  e --> f\n \
                    end\nend\nclassDef x fill:#f00\nclass a,b x\nstyle a fill:none\nlinkStyle 0 stroke:red\n%% e --> a\n\
                    accTitle: Name\naccDescr { Two\nlines }\nb@";
        let end = code.len() - 1;
        assert_eq!(chart(code), Err(trouble(end..end + 1, "says with `@` what a box or an arrow is")));
        let chart = chart(&code[..end]).expect("it can be drawn");
        let ends: Vec<(usize, usize)> = chart.arrows.iter().map(|arrow| (arrow.from, arrow.to)).collect();
        assert_eq!(ends, [(0, 1), (0, 2), (1, 3), (2, 3), (4, 5)]);
        let groups: Vec<Option<usize>> = chart.boxes.iter().map(|one| one.group).collect();
        assert_eq!(groups, [None, Some(0), None, None, Some(1), Some(1)]);
        assert_eq!(chart.groups[0], Group { title: "The \"first\"".into(), within: None });
        assert_eq!(chart.groups[1], Group { title: "Inner part".into(), within: Some(0) });
        assert_eq!((chart.caption.title.as_str(), chart.caption.description.as_str()), ("Name", "Two lines"));
    }

    #[test]
    fn what_cannot_be_drawn_is_said() {
        for (code, why) in [
            ("", "has no box"),
            (" XY\na", "runs `XY`, which is no direction"),
            ("\na -->", "has a mark, or nothing, where a box is expected"),
            ("\na b", "has a mark where an arrow is expected"),
            ("\na -- b", "has an arrow that is not known here"),
            ("\na -->|b", "has words of an arrow that are not closed"),
            ("\na[b", "has a box that is not closed, `a`"),
            ("\na[b\n]", "has a box that is not closed, `a`"),
            ("\na@{ shape: cyl }", "says with `@` what a box or an arrow is"),
            ("\nclick a \"https://example.org\"", "has boxes that lead to addresses (`click`)"),
            ("\nsubgraph a\nb", "has a group that is not closed"),
            ("\nsubgraph a\nend", "has a group without a box of its own"),
            ("\nend", "has an `end` without a `subgraph`"),
            ("\nsubgraph a\nb\nend\nb --> a", "has an arrow to a group, `a`"),
            ("\na\nsubgraph a\nb\nend", "has a group with the name of a box or of another group"),
            ("\na\ndirection UP", "runs `UP`, which is no direction"),
            ("\naccDescr { a", "has a description that is not closed"),
        ] {
            assert_eq!(chart(code).map_err(|trouble| trouble.why), Err(why.to_owned()), "{code}");
        }
        let many = vec!["a"; 30].join(" & ");
        let why = Err("has more than 500 arrows".to_owned());
        assert_eq!(chart(&format!("\n{many} --> {many}")).map_err(|trouble| trouble.why), why);
    }
}
