//! Marks: where only the whole site knows what belongs in a body.
//!
//! A mark is [`MARK`], a letter, a number, [`END`]; [`marks`] splits a body at them. Both are noncharacters, which no source
//! text holds once it is read, so a mark survives every escaping and the sanitiser.

/// Begins a mark.
pub const MARK: char = '\u{FDD0}';

/// Ends a mark.
pub const END: char = '\u{FDD1}';

/// What a mark in a body stands for. Numbers index the tables of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// `<a …>` or what stands for it when the link leads nowhere.
    LinkStart(usize),
    /// Its end.
    LinkEnd(usize),
    /// A whole link, with the title of its target for words.
    TitledLink(usize),
    /// A whole image.
    Image(usize),
    /// Only the address, inside an attribute of raw HTML.
    Address(usize),
    /// A link hint.
    Hint(usize),
    /// A block of code.
    Code(usize),
    /// A formula.
    Formula(usize),
    /// The line that says an entry's state, if it needs one.
    State(usize),
    /// What leads on from an entry.
    Around(usize),
    /// The name of an entry's state, inside an attribute.
    StateName(usize),
    /// The first sentence of what a link leads to.
    Summary(usize),
    /// What stands before a tree of questions: its style, unless the page has it.
    TreeStart(usize),
    /// What stands behind it.
    TreeEnd(usize),
    /// A word of the theme, by its key, in text or inside an attribute.
    Word(&'static str),
}

/// Keys of the words of the theme that stand in bodies.
pub const WORDS: &[&str] = &[
    "note",
    "tip",
    "important",
    "warning",
    "caution",
    "details",
    "permalink",
    "table",
    "footnotes",
    "footnote_back",
    "task_done",
    "task_open",
    "change",
];

/// The mark of the word `key`, which is one of [`WORDS`].
pub fn word(key: &str) -> String {
    let mut out = String::new();
    let number = WORDS.iter().position(|word| *word == key);
    mark(&mut out, 'W', number.expect("the word is in the table"));
    out
}

pub(super) fn mark(out: &mut String, letter: char, number: usize) {
    out.push(MARK);
    out.push(letter);
    // Bodies have many marks, and most of their numbers are short.
    match u8::try_from(number) {
        Ok(digit @ 0..10) => out.push(char::from(b'0' + digit)),
        _ => out.push_str(&number.to_string()),
    }
    out.push(END);
}

/// Splits a body into finished HTML and marks.
pub fn marks(body: &str) -> impl Iterator<Item = (&str, Option<Mark>)> {
    let mut rest = Some(body);
    let mark = memchr::memmem::Finder::new("\u{FDD0}");
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(start) = mark.find(text.as_bytes()) else {
            rest = None;
            return Some((text, None));
        };
        let inside = &text[start + MARK.len_utf8()..];
        let Some(end) = inside.find(END) else {
            rest = None;
            return Some((&text[..start], None));
        };
        rest = Some(&inside[end + END.len_utf8()..]);
        Some((&text[..start], parse_mark(&inside[..end])))
    })
}

fn parse_mark(text: &str) -> Option<Mark> {
    let number = text.get(1..)?.parse().ok()?;
    Some(match text.as_bytes()[0] {
        b'L' => Mark::LinkStart(number),
        b'l' => Mark::LinkEnd(number),
        b'T' => Mark::TitledLink(number),
        b'I' => Mark::Image(number),
        b'U' => Mark::Address(number),
        b'H' => Mark::Hint(number),
        b'C' => Mark::Code(number),
        b'F' => Mark::Formula(number),
        b'S' => Mark::State(number),
        b'A' => Mark::Around(number),
        b'D' => Mark::StateName(number),
        b'M' => Mark::Summary(number),
        b'Q' => Mark::TreeStart(number),
        b'q' => Mark::TreeEnd(number),
        b'W' => Mark::Word(WORDS.get(number)?),
        _ => return None,
    })
}
