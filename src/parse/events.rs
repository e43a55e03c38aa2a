//! Markdown to events, with references that nothing on the page defines as links whose target is looked for by name.
//!
//! In steps: parse with such references taken as links; if there were any, parse again without, to see what the page says
//! by itself; if one of them stands across that (inside a link, or over the edge of an emphasis), parse once more with
//! those left as text. What CommonMark makes of a page always wins over a guess at a name.

use std::cell::Cell;
use std::ops::Range;

use pulldown_cmark::{BrokenLink, CowStr, Event, Options, Parser, Tag, TagEnd};

use super::characters::is_noncharacter;

/// Events with their bytes in the Markdown.
pub type Events<'a> = Vec<(Event<'a>, Range<usize>)>;

/// What `$` means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dollars {
    /// A dollar sign.
    Text,
    /// `$…$` is a formula in the line, `$$…$$` one by itself.
    Formulas,
}

/// What Markdown is understood: CommonMark, the extensions of GitHub, definition lists, `[[names]]`, and formulas if wanted.
pub fn markdown_options(dollars: Dollars) -> Options {
    let math = match dollars {
        Dollars::Text => Options::empty(),
        Dollars::Formulas => Options::ENABLE_MATH,
    };
    math | Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
        | Options::ENABLE_WIKILINKS
}

/// The events of `text`.
pub fn events(text: &str, dollars: Dollars) -> Events<'_> {
    let mut guessed: Vec<Range<usize>> = Vec::new();
    let events = with_names(text, dollars, |span| {
        guessed.push(span.clone());
        true
    });
    if guessed.is_empty() {
        return events;
    }
    let written = Written::of(text, dollars);
    if guessed.iter().all(|span| written.allows(span)) {
        return events;
    }
    with_names(text, dollars, |span| written.allows(span))
}

thread_local! {
    /// An empty list with room for the events of a page.
    static ROOM: Cell<Events<'static>> = const { Cell::new(Vec::new()) };
}

/// Leaves the room that `events` take to the next page: of all that is needed to parse one, it is the most.
pub fn done(mut events: Events<'_>) {
    events.clear();
    // A collected list stands where the list stood that it was made of; this one may outlive the page.
    ROOM.set(events.into_iter().map(|_| (Event::Rule, 0..0)).collect());
}

/// The events of `text`, with the undefined references that `admit` lets in as links.
fn with_names(text: &str, dollars: Dollars, mut admit: impl FnMut(&Range<usize>) -> bool) -> Events<'_> {
    let callback = |link: BrokenLink<'_>| {
        let admitted = is_name(&link.reference) && admit(&link.span);
        admitted.then_some((CowStr::Borrowed(""), CowStr::Borrowed("")))
    };
    let parser = Parser::new_with_broken_link_callback(text, markdown_options(dollars), Some(callback));
    let mut events: Events<'_> = ROOM.take();
    events.reserve(text.len() / 16);
    let found = parser.into_offset_iter();
    // Hardly a page has a character by its number.
    if memchr::memmem::find(text.as_bytes(), b"&#").is_none() {
        events.extend(found);
    } else {
        events.extend(found.map(|(event, range)| (without_noncharacter(text, event, &range), range)));
    }
    events
}

/// An entity may spell a noncharacter, and these are ours: it would pass for a mark.
fn without_noncharacter<'a>(text: &str, event: Event<'a>, range: &Range<usize>) -> Event<'a> {
    match &event {
        Event::Text(words) if text.as_bytes().get(range.start) == Some(&b'&') && words.starts_with(is_noncharacter) => {
            Event::Text(words.replace(is_noncharacter, "\u{FFFD}").into())
        }
        _ => event,
    }
}

/// Can a reference without a definition be a name? Footnotes, alerts and marks that only look like references stay text.
fn is_name(label: &str) -> bool {
    let label = label.trim();
    label.chars().next().is_some_and(char::is_alphanumeric)
        && label.chars().count() > 1
        && !label.bytes().all(|b| b.is_ascii_digit())
}

/// Where the inline elements of a page begin and end when no reference is guessed at.
struct Written {
    /// Links, in order; none lies in another.
    links: Vec<Range<usize>>,
    /// The edges of all elements, in order.
    edges: Vec<(usize, Edge)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Start,
    End,
}

impl Written {
    fn of(text: &str, dollars: Dollars) -> Written {
        let mut written = Written { links: Vec::new(), edges: Vec::new() };
        for (event, range) in Parser::new_ext(text, markdown_options(dollars)).into_offset_iter() {
            match event {
                Event::Start(Tag::Link { .. }) => {
                    written.links.push(range.clone());
                    written.edges.push((range.start, Edge::Start));
                }
                Event::Start(
                    Tag::Emphasis
                    | Tag::Strong
                    | Tag::Strikethrough
                    | Tag::Superscript
                    | Tag::Subscript
                    | Tag::Image { .. },
                ) => written.edges.push((range.start, Edge::Start)),
                Event::End(
                    TagEnd::Emphasis
                    | TagEnd::Strong
                    | TagEnd::Strikethrough
                    | TagEnd::Superscript
                    | TagEnd::Subscript
                    | TagEnd::Image
                    | TagEnd::Link,
                ) => written.edges.push((range.end, Edge::End)),
                _ => {}
            }
        }
        written
    }

    /// Can the bytes of `span` be a link without breaking what is written?
    fn allows(&self, span: &Range<usize>) -> bool {
        // No link holds a link, and the one that was written is the one that is meant.
        let after = self.links.partition_point(|link| link.end <= span.start);
        if self.links.get(after).is_some_and(|link| link.start < span.end) {
            return false;
        }
        let first = self.edges.partition_point(|(at, _)| *at <= span.start);
        let mut depth = 0usize;
        for (_, edge) in self.edges[first..].iter().take_while(|(at, _)| *at < span.end) {
            match (edge, depth) {
                (Edge::Start, _) => depth += 1,
                (Edge::End, 0) => return false,
                (Edge::End, _) => depth -= 1,
            }
        }
        depth == 0
    }
}

/// Is the tag part of a line?
pub fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<&str> {
        let starts = events(text, Dollars::Text)
            .into_iter()
            .filter(|(event, _)| matches!(event, Event::Start(Tag::Link { .. })));
        starts.map(|(_, range)| &text[range]).collect()
    }

    #[test]
    fn undefined_references_are_links_by_name() {
        assert_eq!(
            links("see [pattern docs] and [the *docs*][patterns]"),
            ["[pattern docs]", "[the *docs*][patterns]"]
        );
        assert_eq!(links("*see [docs]*, [1], [x], [^note]"), ["[docs]"]);
    }

    #[test]
    fn what_is_written_wins_over_a_guess() {
        assert_eq!(links("[the [Draft] page](/x) and [Draft]"), ["[the [Draft] page](/x)", "[Draft]"]);
        assert_eq!(links("[first][second][third]\n\n[third]: /x\n"), ["[second][third]"]);
        assert_eq!(links("*foo [bar* baz]"), [""; 0]);
        assert_eq!(links("[see <https://example.org/> there]"), ["<https://example.org/>"]);
    }
}
