//! Link hints: prose in which the writer left a note instead of a link.
//!
//! In steps: the words of one paragraph or bullet come in as [`Run`]s of text with their places; parentheses that say
//! `link to …` and sentences that begin so are found; their surroundings decide whether they are meant. Code, tables,
//! headings and link texts are never handed in.

use std::ops::Range;

use super::expand::INSERT;

/// The phrases that a hint begins with, such as `link to`.
#[derive(Debug)]
pub struct Openings {
    /// Those of the site and of its language, in lower case as far as ASCII goes. English is always understood.
    more: Vec<String>,
}

/// What hints begin with in other languages, by the first subtag.
const OPENINGS: &[(&str, &[&str])] = &[
    ("de", &["link zu", "link zum", "link zur", "verweis auf", "link auf"]),
    ("es", &["enlace a", "enlazar a", "vínculo a"]),
    ("fr", &["lien vers", "lien sur"]),
    ("it", &["link a", "link alla", "collegamento a"]),
    ("nl", &["link naar", "verwijzing naar"]),
    ("pt", &["link para", "ligação para"]),
];
/// What hints begin with in English.
const ENGLISH: [&str; 2] = ["link to", "links to"];

impl Openings {
    /// Those of a site in `language` (a BCP 47 tag) that adds `own`.
    pub fn of(language: &str, own: &[String]) -> Openings {
        let first = language.split('-').next().unwrap_or_default().to_ascii_lowercase();
        let known = OPENINGS.iter().filter(|(tag, _)| *tag == first).flat_map(|(_, openings)| *openings);
        let own = own.iter().map(|opening| opening.split_whitespace().collect::<Vec<_>>().join(" "));
        let more = known.map(|opening| (*opening).to_owned()).chain(own);
        Openings { more: more.map(|opening| opening.to_ascii_lowercase()).collect() }
    }

    /// Can a hint begin in `text`?
    pub fn may_begin_in(&self, text: &str) -> bool {
        memchr::memchr_iter(b'k', text.as_bytes()).any(|at| text[..at].ends_with("in"))
            || (!self.more.is_empty() && {
                let lower = text.to_ascii_lowercase();
                self.more.iter().any(|opening| lower.contains(opening.as_str()))
            })
    }

    /// The opening that `lower` begins with, and white space or the end behind it.
    fn at_start(&self, lower: &str) -> Option<&str> {
        let fits =
            |opening: &&str| lower.strip_prefix(*opening).is_some_and(|rest| rest.starts_with(char::is_whitespace));
        ENGLISH.into_iter().chain(self.more.iter().map(String::as_str)).find(fits)
    }

    /// Where openings begin in `lower`, in order.
    fn starts(&self, lower: &str) -> Vec<usize> {
        let mut starts: Vec<usize> = lower.match_indices("link").map(|(at, _)| at).collect();
        starts.extend(self.more.iter().flat_map(|opening| lower.match_indices(opening.as_str()).map(|(at, _)| at)));
        starts.sort_unstable();
        starts.dedup();
        starts
    }
}

/// A note in a comment, `<!-- TODO: link to the pattern docs -->`: the phrase.
pub fn in_comment(comment: &str, openings: &Openings) -> Option<String> {
    let words = comment.trim_start_matches("<!--").trim_end_matches("-->").trim();
    let lower = words.to_ascii_lowercase();
    let rest = ["todo", "fixme"].iter().find_map(|word| lower.strip_prefix(word))?;
    let rest = rest.trim_start_matches([':', ' ', '-']);
    let rest = ["add a ", "add the ", "add ", "insert ", "give ", "put "]
        .iter()
        .find_map(|word| rest.strip_prefix(word))
        .unwrap_or(rest);
    let opening = openings.at_start(rest)?;
    let start = words.len() - rest.len() + opening.len();
    let phrase = words[start..].split_whitespace().collect::<Vec<_>>().join(" ");
    let phrase = phrase.trim_end_matches(['.', '!', '?']);
    (!phrase.is_empty()).then(|| phrase.to_owned())
}

/// A piece of the words of a paragraph.
#[derive(Debug, Clone)]
pub struct Run<'t> {
    /// The text; one object replacement character for something that is not text.
    pub text: &'t str,
    /// Its bytes in the Markdown.
    pub range: Range<usize>,
}

/// What a hint is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// A note to link something.
    Certain,
    /// It may be part of a sentence about some user interface.
    Doubtful,
}

/// A hint in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The bytes of the Markdown that ask for the link, parentheses left out.
    pub range: Range<usize>,
    /// The bytes that the link replaces, parentheses included.
    pub whole: Range<usize>,
    /// What is to be linked: `related pattern doc`.
    pub phrase: String,
    /// Does it mean a link?
    pub certainty: Certainty,
}

/// Stands for inline content that is not text.
pub const OBJECT: &str = "\u{FFFC}";

/// The hints in a paragraph. `plain_place` says that nothing around speaks against a hint (such as a bold field name).
pub fn find(runs: &[Run<'_>], openings: &Openings) -> Vec<Found> {
    let mut text = String::new();
    let mut places: Vec<(usize, usize, usize, usize)> = Vec::new();
    for run in runs {
        places.push((text.len(), run.text.len(), run.range.start, run.range.end));
        text.push_str(run.text);
    }
    let source = |at: usize, end: bool| -> Option<usize> {
        let index =
            places.partition_point(|(start, ..)| if end { *start < at } else { *start <= at }).checked_sub(1)?;
        let (start, length, from, to) = places[index];
        if at - start == length {
            Some(to)
        } else if length == to - from {
            Some(from + (at - start))
        } else if at == start {
            Some(from)
        } else {
            None
        }
    };
    // ASCII only: the byte offsets of the two must agree.
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for start in openings.starts(&lower) {
        let candidate = parenthesis(&text, &lower, start, openings).or_else(|| sentence(&text, &lower, start));
        let Some(candidate) = candidate else {
            continue;
        };
        let whole = &text[candidate.whole.clone()];
        if whole.contains(OBJECT) || whole.contains(INSERT) {
            continue;
        }
        let (Some(from), Some(to)) = (source(candidate.words.start, false), source(candidate.words.end, true)) else {
            continue;
        };
        let (Some(whole_from), Some(whole_to)) =
            (source(candidate.whole.start, false), source(candidate.whole.end, true))
        else {
            continue;
        };
        let next = Found {
            range: from..to,
            whole: whole_from..whole_to,
            phrase: candidate.phrase,
            certainty: candidate.certainty,
        };
        if found.last().is_none_or(|last: &Found| last.whole.end <= next.whole.start) {
            found.push(next);
        }
    }
    found
}

struct Candidate {
    words: Range<usize>,
    whole: Range<usize>,
    phrase: String,
    certainty: Certainty,
}

/// `(link to …)`, `(Give link to …)`, with the parenthesis beginning there.
fn parenthesis(text: &str, lower: &str, link: usize, openings: &Openings) -> Option<Candidate> {
    let open = text[..link].rfind('(')?;
    let before = lower[open + 1..link].trim();
    const BEGINNINGS: &[&str] = &[
        "",
        "give",
        "give a",
        "give the",
        "add",
        "add a",
        "add the",
        "insert",
        "insert a",
        "insert the",
        "put",
        "put a",
        "put the",
        "todo",
        "todo:",
        "todo: add",
        "todo add",
        "needs a",
        "need a",
        "a",
        "the",
        "see",
    ];
    if !BEGINNINGS.contains(&before) {
        return None;
    }
    let close = link + text[link..].find(')')?;
    if text[open + 1..close].contains('(') {
        return None;
    }
    let opening = openings.at_start(&lower[link..close])?;
    let phrase = phrase_after(text, link + opening.len(), close)?;
    let imperative = !matches!(before, "" | "a" | "the" | "see");
    // A note ends its sentence or its clause; in a sentence about a user interface the words go on.
    let after = text[close + 1..].trim_start();
    let ends = after.is_empty()
        || after.starts_with(['.', ',', ';', ':', ')', '!', '?'])
        || text[close + 1..].starts_with('\n');
    let before_text = lower[..open].trim_end();
    let named = before_text.is_empty()
        || before_text.ends_with(OBJECT)
        || ["column", "field", "button", "option", "menu", "tab", "name", "label", "edit", "insert"]
            .iter()
            .any(|word| before_text.ends_with(word));
    // In the middle of a sentence, words that name nothing in particular are part of it: `(link to solved page), …`
    let vague = after.starts_with([',', ';', ':']) && !is_definite(&phrase);
    let certain = imperative || ((ends || names_documentation(&phrase)) && !named && !vague);
    let certainty = if certain { Certainty::Certain } else { Certainty::Doubtful };
    Some(Candidate { words: open + 1..close, whole: open..close + 1, phrase, certainty })
}

/// `Link to the … docs.` as a sentence of its own.
fn sentence(text: &str, lower: &str, link: usize) -> Option<Candidate> {
    let before = text[..link].trim_end();
    if !(before.is_empty() || before.ends_with(['.', '!', '?', ':', '\n'])) || !text[link..].starts_with(['L', 'l']) {
        return None;
    }
    let end = text[link..].find(['.', '\n', '!', '?', ';']).map_or(text.len(), |n| link + n);
    let opening = ENGLISH.iter().find(|opening| lower[link..end].starts_with(**opening))?;
    let phrase = phrase_after(text, link + opening.len(), end)?;
    if !names_documentation(&phrase) {
        return None;
    }
    Some(Candidate { words: link..end, whole: link..end, phrase, certainty: Certainty::Certain })
}

/// The words from `start` to `end`, if a phrase can be made of them.
fn phrase_after(text: &str, start: usize, end: usize) -> Option<String> {
    let rest = &text[start..end];
    if !rest.starts_with(char::is_whitespace) {
        return None;
    }
    let phrase = rest.split_whitespace().collect::<Vec<_>>().join(" ");
    (!phrase.is_empty() && phrase.split(' ').count() <= 12).then_some(phrase)
}

/// Do the words mean one thing in particular: by an article, or by a name?
fn is_definite(phrase: &str) -> bool {
    let first = phrase.split(' ').next().unwrap_or_default().to_lowercase();
    matches!(first.as_str(), "the" | "this" | "that" | "these" | "those" | "our" | "your")
        || phrase.contains(char::is_uppercase)
}

/// Do the words end in something that documentation consists of?
fn names_documentation(phrase: &str) -> bool {
    let last = phrase.rsplit(' ').next().unwrap_or_default().to_lowercase();
    let last = last.trim_end_matches(|c: char| !c.is_alphanumeric());
    const NOUNS: &[&str] = &[
        "doc",
        "docs",
        "documentation",
        "document",
        "documents",
        "page",
        "pages",
        "pattern",
        "patterns",
        "resource",
        "resources",
        "guide",
        "guides",
        "article",
        "articles",
        "section",
        "sections",
        "reference",
        "references",
        "manual",
        "tutorial",
        "tutorials",
        "topic",
        "faq",
    ];
    NOUNS.contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hints(text: &str) -> Vec<(String, Certainty)> {
        let runs = [Run { text, range: 0..text.len() }];
        find(&runs, &Openings::of("en", &[])).into_iter().map(|found| (found.phrase, found.certainty)).collect()
    }

    #[test]
    fn notes_are_found() {
        for (text, phrase) in [
            (
                "Limit data synchronized. Link to the Synchronization customization docs.",
                "the Synchronization customization docs",
            ),
            ("Synchronize lazily whenever needed. (link to the related pattern doc)", "the related pattern doc"),
            ("Either it failed (it was new) (link to the sync failures), or it is gone.", "the sync failures"),
            ("You need to do OTA. (Give link to OTA resources)", "OTA resources"),
            ("Relogin the user. (Link to the pattern docs). We don’t recommend it.", "the pattern docs"),
        ] {
            assert_eq!(hints(text), [(phrase.to_owned(), Certainty::Certain)], "{text}");
        }
    }

    #[test]
    fn other_languages_have_their_own_openings() {
        let found = |text: &str, language: &str, own: &[String]| {
            let runs = [Run { text, range: 0..text.len() }];
            find(&runs, &Openings::of(language, own)).into_iter().map(|found| found.phrase).collect::<Vec<_>>()
        };
        let text = "Das dauert. (Link zur Muster-Seite) (cf. la page)";
        assert_eq!(found(text, "de-CH", &[]), ["Muster-Seite"]);
        assert_eq!(found(text, "en", &[]), [""; 0]);
        assert_eq!(found("Voilà. (Renvoi à la page)", "fr", &["renvoi à".into()]), ["la page"]);
    }

    #[test]
    fn comments_ask_for_links() {
        let english = Openings::of("en", &[]);
        for (comment, phrase) in [
            ("<!-- TODO: link to the pattern docs -->", Some("the pattern docs")),
            ("<!--todo add a link to\n  OTA resources. -->", Some("OTA resources")),
            ("<!-- TODO: explain the link to the docs -->", None),
            ("<!-- link to the docs -->", None),
            ("<!-- TODO: link to -->", None),
        ] {
            assert_eq!(in_comment(comment, &english).as_deref(), phrase, "{comment}");
        }
    }

    #[test]
    fn prose_is_left_alone() {
        for text in [
            "Link to the SharePoint list itself.",
            "Use the macro action to link to a SharePoint view of the list.",
            "Replace it with a link to the new workspace page in the folder.",
            "For various reasons (see the links below) it fails.",
        ] {
            assert_eq!(hints(text), [], "{text}");
        }
    }

    #[test]
    fn prose_about_an_interface_is_doubtful() {
        for text in [
            "the Name column (link to the profile)",
            "The Edit (link to edit item) column is empty",
            "\u{FFFC} (link to the profile)",
            "If the status is Completed (link to solved page), congratulations!",
        ] {
            let found = hints(text);
            assert!(found.iter().all(|(_, certainty)| *certainty == Certainty::Doubtful), "{text}: {found:?}");
        }
    }
}
