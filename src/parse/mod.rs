//! One page at a time, knowing nothing of the others: front matter, entries, links with their places, words, and a body
//! whose open ends are marked.
//!
//! In steps: cut the front matter off and read it; expand shortcodes and includes; let `pulldown-cmark` make events; read
//! the outline (which parts are entries); give out ids; render the body. Pages are parsed in parallel and in any order.
//!
//! This stage never resolves a link, never highlights, never reads the disk, and never fails: a page with mistakes is a
//! page, and its mistakes are in [`Page::diagnostics`].

mod attributes;
pub mod body;
pub mod date;
mod events;
mod expand;
pub mod front_matter;
mod hints;
pub mod html;
mod outline;
pub mod parts;
mod shortcode;
pub mod slug;
pub mod yaml;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use jiff::civil::Date;
use rayon::prelude::*;

use crate::config::Config;
use crate::diagnostics::{Diagnostic, FileId, Place, Severity, Sink, Span, rule};
use crate::source::{Includes, SourcePage, Sources};
use body::{RawHtml, Rendered};
use events::Events;
use expand::Expanded;
use front_matter::{Cut, DeclaredState, FrontMatter};
use outline::{Declared, Outline};
use parts::{PartKind, PartNames};
use slug::{Ids, is_safe_id};

/// All pages of the site, in the order of the sources.
#[derive(Debug)]
pub struct Parsed {
    /// The pages.
    pub pages: Vec<Page>,
}

/// One page, by itself.
#[derive(Debug)]
pub struct Page {
    /// Its file.
    pub file: FileId,
    /// Path of the file below the content folder, with `/`.
    pub path: String,
    /// Does the page stand for its folder?
    pub is_index: bool,
    /// What its front matter says.
    pub matter: FrontMatter,
    /// Its title: of the front matter, of the first heading, or made from the file's name.
    pub title: String,
    /// The words of a first heading that differ from the title.
    pub heading: Option<String>,
    /// Where the title stands.
    pub title_span: Span,
    /// Anchor of the title.
    pub anchor: String,
    /// The body: HTML with marks, see [`body`].
    pub html: String,
    /// The words of the body.
    pub text: String,
    /// Links and images, numbered by the marks.
    pub links: Vec<Link>,
    /// Link hints, numbered by the marks.
    pub hints: Vec<Hint>,
    /// Blocks of code, numbered by the marks.
    pub code: Vec<CodeBlock>,
    /// Entries, numbered by the marks.
    pub entries: Vec<Entry>,
    /// Headings and questions outside lists and quotations, in order.
    pub toc: Vec<TocLine>,
    /// Every id that a link may name.
    pub anchors: HashSet<String>,
    /// What is wrong with the page as a whole, for its reader.
    pub mistakes: Vec<String>,
    /// Every mistake of the page.
    pub diagnostics: Sink,
}

/// How an entry is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// A bullet that asks.
    Outline,
    /// A heading that asks.
    Heading,
    /// A page whose headings are parts.
    Article,
    /// A page with `question:`.
    Record,
    /// A page that is none of these; whether it counts as an entry depends on the pages beside it.
    Prose,
}

impl Spelling {
    /// The name in `unstick.json`.
    pub fn name(self) -> &'static str {
        match self {
            Spelling::Outline => "outline",
            Spelling::Heading => "heading",
            Spelling::Article | Spelling::Prose => "article",
            Spelling::Record => "record",
        }
    }

    /// Is the entry the whole page?
    pub fn is_page(self) -> bool {
        matches!(self, Spelling::Article | Spelling::Record | Spelling::Prose)
    }
}

/// An exact text that an entry is about. `{name}` stands for a part that varies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its code, if it has one.
    pub code: Option<String>,
    /// The text; empty when only the code is known.
    pub text: String,
}

/// One problem with its answer.
#[derive(Debug)]
pub struct Entry {
    /// Anchor, unique on its page.
    pub id: String,
    /// The question in words.
    pub question: String,
    /// How it is written.
    pub spelling: Spelling,
    /// Where the question stands.
    pub span: Span,
    /// Is there any answer?
    pub has_answer: bool,
    /// Parts of the answer in order.
    pub parts: Vec<Part>,
    /// Exact texts it is about.
    pub messages: Vec<Message>,
    /// The first `TODO` in the answer.
    pub todo: Option<Span>,
    /// State given by the author.
    pub state: Option<DeclaredState>,
    /// Who looks after it.
    pub owner: Option<String>,
    /// Day of the last review.
    pub reviewed: Option<Date>,
    /// How long a review holds.
    pub review_every: Option<jiff::Span>,
    /// What it applies to.
    pub applies_to: Vec<String>,
    /// Other wordings of the question.
    pub aka: Vec<String>,
    /// Names under which links find it.
    pub link_names: Vec<String>,
}

/// A part of an answer.
#[derive(Debug)]
pub struct Part {
    /// What it says.
    pub kind: PartKind,
    /// Its number among parts of its kind.
    pub number: Option<u32>,
    /// Words of its heading; empty when it has none.
    pub title: String,
    /// Anchor of its heading.
    pub id: Option<String>,
    /// Its words, as bytes of [`Page::text`].
    pub text: Range<u32>,
}

/// How a link names its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// An address or path.
    Address,
    /// `<https://…>`
    Autolink,
    /// `[[Name]]`
    Name,
    /// `[text][name]` without a definition.
    Reference,
    /// `[name]` without a definition.
    Shortcut,
    /// `[name][]` without a definition.
    Collapsed,
    /// Hugo's `ref` and `relref`.
    Relref,
    /// An image.
    Image,
    /// `src` in raw HTML.
    RawImage,
}

/// A link or image as written.
#[derive(Debug)]
pub struct Link {
    /// How it names its target.
    pub kind: LinkKind,
    /// The address, path or name.
    pub address: String,
    /// Where that stands.
    pub span: Span,
    /// The file that a relative path starts from.
    pub base: FileId,
    /// The title behind the address; may be empty.
    pub title: String,
    /// The words of the link, or the alternative text of the image.
    pub text: String,
    /// The entry it stands in.
    pub entry: Option<usize>,
}

/// A note that asks for a link.
#[derive(Debug)]
pub struct Hint {
    /// What to link: `related pattern doc`.
    pub phrase: String,
    /// The note as written.
    pub text: String,
    /// Where it stands, without parentheses.
    pub span: Span,
    /// The entry it stands in.
    pub entry: Option<usize>,
}

/// A block of code.
#[derive(Debug)]
pub struct CodeBlock {
    /// Its language as written; empty when none is.
    pub language: String,
    /// The code.
    pub code: String,
    /// The entry it stands in.
    pub entry: Option<usize>,
    /// Where its language, or else the block, stands.
    pub span: Span,
}

/// A heading in the table of contents.
#[derive(Debug)]
pub struct TocLine {
    /// 2 to 6.
    pub level: u8,
    /// Its words.
    pub text: String,
    /// Its anchor.
    pub id: String,
    /// The entry that it is.
    pub entry: Option<usize>,
}

/// Parses every page.
pub fn parse(sources: &Sources, config: &Config) -> Parsed {
    let parts = PartNames::with(config.parts.iter().map(|(kind, name)| (*kind, name.as_str())));
    let includes = sources.includes();
    let raw_html = if config.unsafe_html { RawHtml::AsWritten } else { RawHtml::Sanitised };
    let parser = PageParser { sources, includes, parts, raw_html };
    Parsed { pages: sources.pages.par_iter().map(|page| parser.page(page)).collect() }
}

struct PageParser<'a> {
    sources: &'a Sources,
    includes: Includes<'a>,
    parts: PartNames,
    raw_html: RawHtml,
}

impl PageParser<'_> {
    fn page(&self, source: &SourcePage) -> Page {
        let file = source.file;
        let mut sink = Sink::new();
        let original = self.sources.text(file);
        let text = printable(original);
        hidden_characters(file, original, &mut sink);
        let (matter, start) = self.front_matter(source, &text, &mut sink);
        let expanded = expand::expand(file, &text, start, &self.includes, &mut sink);
        let events = events::events(&expanded.text);
        let declared = Declared {
            question: matter.question.as_deref(),
            page_type: matter.page_type,
            title: matter.title.as_deref(),
            is_index: source.is_index,
        };
        let outline = outline::outline(&expanded.text, &events, declared, &self.parts);
        self.assemble(source, matter, &expanded, &events, outline, sink)
    }

    /// Why the text of `file` is empty though the file is not.
    fn unread(&self, file: FileId) -> impl Iterator<Item = &Diagnostic> {
        let reasons = if self.sources.text(file).is_empty() { self.sources.diagnostics.as_slice() } else { &[] };
        let path = self.sources.path(file);
        reasons.iter().filter(move |reason| {
            matches!(&reason.place, Place::Path(place) if place == path)
                && [&rule::NOT_UTF8, &rule::TOO_LARGE, &rule::UNREADABLE_FILE].contains(&reason.rule)
        })
    }

    fn front_matter(&self, source: &SourcePage, text: &str, sink: &mut Sink) -> (FrontMatter, usize) {
        let file = source.file;
        match front_matter::cut(text) {
            Cut::Block(notation, range, body) => (front_matter::read(file, text, notation, range, sink), body),
            Cut::None(body) => {
                if !source.is_index && self.unread(file).next().is_none() {
                    let diagnostic = Diagnostic::at(
                        &rule::MISSING_FRONT_MATTER,
                        Span::new(file, body..body),
                        "the page has no front matter",
                    );
                    sink.push(diagnostic.help("begin it with `---`, `title: …`, `---`"));
                }
                (FrontMatter::default(), body)
            }
            Cut::Unclosed(range) => {
                let fence = &text[range.clone()];
                let diagnostic = Diagnostic::at(
                    &rule::UNCLOSED_FRONT_MATTER,
                    Span::new(file, range.clone()),
                    format!("this `{fence}` is never closed"),
                );
                sink.push(diagnostic.help(format!("put a line with `{fence}` behind the last key")));
                (FrontMatter::default(), range.end)
            }
        }
    }

    fn assemble(
        &self,
        source: &SourcePage,
        matter: FrontMatter,
        expanded: &Expanded<'_>,
        events: &Events<'_>,
        outline: Outline,
        mut sink: Sink,
    ) -> Page {
        let file = source.file;
        let mut ids = Ids::default();
        let explicit = claim_explicit_ids(expanded, &outline, &mut ids, &mut sink);
        let first_heading = outline.title.map(|title| &outline.headings[title]);
        let title = matter
            .title
            .clone()
            .or_else(|| first_heading.map(|heading| heading.text.clone()).filter(|text| !text.is_empty()))
            .or_else(|| matter.question.clone())
            .unwrap_or_else(|| title_from_path(&source.path));
        let anchor = match first_heading.and_then(|heading| explicit.get(&heading.source.start)) {
            Some(id) => id.clone(),
            None => ids.make(first_heading.map_or(title.as_str(), |heading| heading.text.as_str())),
        };
        let heading = first_heading
            .map(|heading| heading.text.clone())
            .filter(|text| !text.is_empty() && slug::slug(text) != slug::slug(&title));
        let title_span = matter
            .places
            .get("title")
            .copied()
            .or_else(|| first_heading.map(|heading| expanded.span(&heading.source)))
            .unwrap_or_else(|| Span::new(file, 0..0));
        let (heading_ids, entry_ids) = give_ids(&outline, &explicit, &anchor, &mut ids);
        let mut entries = entries(&outline, entry_ids, &heading_ids, &matter, &title, title_span, expanded, &mut sink);
        let rendered =
            body::render(expanded, events, &outline, &heading_ids, &entries, self.raw_html, &mut ids, &mut sink);
        complete(&mut entries, &outline, &rendered);
        let mut anchors: HashSet<String> = heading_ids.into_iter().chain(rendered.raw_ids.iter().cloned()).collect();
        anchors.extend(entries.iter().map(|entry| entry.id.clone()));
        anchors.insert(anchor.clone());
        let unread = self.unread(file).map(|why| format!("{}: {}", rule_in_words(why), why.message));
        let mistakes = sink.iter().filter(|d| concerns_whole_page(d)).map(|d| d.message.clone());
        let mistakes = unread.chain(mistakes).collect();
        Page {
            file,
            path: source.path.clone(),
            is_index: source.is_index,
            matter,
            title,
            heading,
            title_span,
            anchor,
            html: rendered.html,
            text: rendered.text,
            links: rendered.links,
            hints: rendered.hints,
            code: rendered.code,
            entries,
            toc: rendered.toc,
            anchors,
            mistakes,
            diagnostics: sink,
        }
    }
}

/// What is wrong with a file that could not be read, for readers who never heard of its encoding.
fn rule_in_words(reason: &Diagnostic) -> &'static str {
    match reason.rule {
        rule if rule == &rule::NOT_UTF8 => "the file is not encoded as UTF-8",
        rule if rule == &rule::TOO_LARGE => "the file is too large for a page",
        _ => "the file could not be read",
    }
}

/// The reader learns of these; all others show in their place or concern only the writer.
fn concerns_whole_page(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity == Severity::Error
        && [&rule::INVALID_FRONT_MATTER, &rule::UNCLOSED_FRONT_MATTER].contains(&diagnostic.rule)
}

/// `text` with the characters that no page can hold put out: noncharacters, which mark places in bodies, and control
/// characters, which HTML forbids. Lengths stay as they are.
fn printable(text: &str) -> Cow<'_, str> {
    let forbidden =
        |c: char| matches!(c, '\u{FDD0}'..='\u{FDEF}') || (c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t'));
    if !text.contains(forbidden) {
        return Cow::Borrowed(text);
    }
    let put_out = |c: char| match c {
        c if !forbidden(c) => c,
        c if c.is_ascii() => ' ',
        _ => char::REPLACEMENT_CHARACTER,
    };
    Cow::Owned(text.chars().map(put_out).collect())
}

/// Reports characters that change how text looks without being seen: one diagnostic for each kind and page.
fn hidden_characters(file: FileId, text: &str, sink: &mut Sink) {
    if !text.bytes().any(|byte| byte == 0xE2 || byte == 0xEF || byte < 9) {
        return;
    }
    let mut report = |is: fn(char) -> bool, severity: Severity, what: &str| {
        let body = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let offset = text.len() - body.len();
        let mut places = body.char_indices().filter(|(_, c)| is(*c));
        if let Some((at, c)) = places.next() {
            let more = places.count();
            let more = if more > 0 { format!(" and {more} more on this page") } else { String::new() };
            let message = format!("{what} (U+{:04X}){more}", u32::from(c));
            let span = Span::new(file, offset + at..offset + at + c.len_utf8());
            let mut diagnostic = Diagnostic::at(&rule::HIDDEN_CHARACTER, span, message)
                .help("delete it, or write it as an entity if it is meant");
            diagnostic.severity = severity;
            sink.push(diagnostic);
        }
    };
    report(
        |c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'),
        Severity::Warning,
        "a character that turns the direction of text",
    );
    report(|c| matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}'), Severity::Note, "an invisible character");
    report(|c| c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t'), Severity::Warning, "a control character");
}

/// A title for a page that gives none: the name of its file, or of its folder when it stands for one.
pub fn title_from_path(path: &str) -> String {
    let stem = path.strip_suffix(".md").or_else(|| path.strip_suffix(".markdown")).unwrap_or(path);
    let mut names = stem.rsplit('/');
    let mut name = names.next().unwrap_or(stem);
    if matches!(name, "_index" | "index" | "README") {
        name = names.next().unwrap_or("Home");
    }
    let words = name.replace(['-', '_'], " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Takes the ids that authors give, keyed by the place of what carries them.
fn claim_explicit_ids(
    expanded: &Expanded<'_>,
    outline: &Outline,
    ids: &mut Ids,
    sink: &mut Sink,
) -> BTreeMap<usize, String> {
    let headings = outline.headings.iter().map(|heading| (heading.source.start, &heading.attributes));
    let bullets = outline.entries.iter().filter(|e| e.heading.is_none()).map(|e| (e.source.start, &e.attributes));
    let mut explicit = BTreeMap::new();
    let mut first: BTreeMap<String, Span> = BTreeMap::new();
    let mut all: Vec<_> = headings.chain(bullets).collect();
    all.sort_by_key(|(at, _)| *at);
    for (at, attributes) in all {
        let Some((id, range)) = attributes.as_ref().and_then(|(attributes, _)| attributes.id.as_ref()) else {
            continue;
        };
        let span = expanded.span(range);
        if !is_safe_id(id) {
            let diagnostic = Diagnostic::at(&rule::INVALID_ID, span, format!("`{id}` cannot be an id"));
            sink.push(
                diagnostic.help("use letters, digits, `-`, `_` and `.`; until then the id is made from the words"),
            );
        } else if ids.claim(id) {
            first.insert(id.clone(), span);
            explicit.insert(at, id.clone());
        } else {
            let mut diagnostic =
                Diagnostic::at(&rule::DUPLICATE_ID, span, format!("the id `{id}` stands twice on this page"));
            if let Some(place) = first.get(id) {
                diagnostic = diagnostic.related(Place::Span(*place), "first given here");
            }
            sink.push(diagnostic.help("give one of them another id; links reach the first"));
        }
    }
    explicit
}

/// Ids for headings and entries, in the order of the page.
fn give_ids(
    outline: &Outline,
    explicit: &BTreeMap<usize, String>,
    anchor: &str,
    ids: &mut Ids,
) -> (Vec<String>, Vec<String>) {
    enum Carrier {
        Heading(usize),
        Entry(usize),
    }
    let mut carriers: Vec<(usize, Carrier)> = Vec::new();
    carriers
        .extend(outline.headings.iter().enumerate().map(|(n, heading)| (heading.source.start, Carrier::Heading(n))));
    let bullets =
        outline.entries.iter().enumerate().filter(|(_, entry)| entry.heading.is_none() && !entry.spelling.is_page());
    carriers.extend(bullets.map(|(n, entry)| (entry.source.start, Carrier::Entry(n))));
    carriers.sort_by_key(|(at, _)| *at);
    let mut headings = vec![String::new(); outline.headings.len()];
    let mut entries: Vec<String> = outline.entries.iter().map(|_| anchor.to_owned()).collect();
    for (at, carrier) in carriers {
        let given = explicit.get(&at).cloned();
        match carrier {
            Carrier::Heading(n) if outline.title == Some(n) => headings[n] = anchor.to_owned(),
            Carrier::Heading(n) => headings[n] = given.unwrap_or_else(|| ids.make(&outline.headings[n].text)),
            Carrier::Entry(n) => entries[n] = given.unwrap_or_else(|| ids.make(&outline.entries[n].question)),
        }
    }
    for (n, entry) in outline.entries.iter().enumerate() {
        if let Some(heading) = entry.heading {
            entries[n].clone_from(&headings[heading]);
        }
    }
    (headings, entries)
}

#[allow(clippy::too_many_arguments)]
fn entries(
    outline: &Outline,
    ids: Vec<String>,
    heading_ids: &[String],
    matter: &FrontMatter,
    title: &str,
    title_span: Span,
    expanded: &Expanded<'_>,
    sink: &mut Sink,
) -> Vec<Entry> {
    let mut entries = Vec::with_capacity(ids.len());
    for (sketch, id) in outline.entries.iter().zip(ids) {
        let whole = sketch.spelling.is_page();
        let span = match (whole, matter.places.get("question")) {
            (true, Some(place)) => *place,
            (true, None) => title_span,
            (false, _) => expanded.span(&sketch.source),
        };
        let parts = sketch
            .parts
            .iter()
            .map(|part| Part {
                kind: part.kind,
                number: part.number,
                title: part.heading.map_or_else(String::new, |heading| outline.headings[heading].text.clone()),
                id: part.heading.map(|heading| heading_ids[heading].clone()),
                text: 0..0,
            })
            .collect();
        let mut entry = Entry {
            id,
            question: if sketch.question.is_empty() { title.to_owned() } else { sketch.question.clone() },
            spelling: sketch.spelling,
            span,
            has_answer: sketch.answered,
            parts,
            messages: if whole { matter.errors.clone() } else { Vec::new() },
            todo: None,
            state: matter.state,
            owner: matter.owner.clone(),
            reviewed: matter.reviewed,
            review_every: matter.review_every,
            applies_to: matter.applies_to.clone(),
            aka: if whole { matter.aka.clone() } else { Vec::new() },
            link_names: Vec::new(),
        };
        if let Some((attributes, _)) = &sketch.attributes {
            for (key, value, range) in &attributes.pairs {
                attribute(&mut entry, key, value, expanded.span(range), sink);
            }
        }
        entries.push(entry);
    }
    entries
}

/// Takes one `key=value` of a question's braces.
fn attribute(entry: &mut Entry, key: &str, value: &str, span: Span, sink: &mut Sink) {
    let list = || value.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty());
    let mut wrong = |wants: &str| {
        sink.push(Diagnostic::at(&rule::WRONG_TYPE, span, format!("`{key}` takes {wants}, not `{value}`")));
    };
    match key {
        "owner" => entry.owner = Some(value.to_owned()),
        "applies" | "applies_to" => entry.applies_to = list().collect(),
        "aka" => entry.aka.extend(list()),
        "link_names" => entry.link_names.extend(list()),
        "reviewed" => match date::day(value) {
            Some(day) => entry.reviewed = Some(day),
            None => wrong("a day such as 2026-10-01"),
        },
        "review_every" => match date::interval(value) {
            Some(interval) => entry.review_every = Some(interval),
            None => wrong("a number with d, w, m or y, such as 6m"),
        },
        "state" => match front_matter::declared_state(value) {
            Some(state) => entry.state = Some(state),
            None => wrong("draft, answered or outdated"),
        },
        _ => {
            let known = ["owner", "applies", "aka", "link_names", "reviewed", "review_every", "state"];
            if let Some(near) = crate::diagnostics::nearest(key, known) {
                let diagnostic =
                    Diagnostic::at(&rule::UNKNOWN_FIELD, span, format!("`{key}` is not an attribute of a question"));
                sink.push(diagnostic.help(format!("did you mean `{near}`?")));
            }
        }
    }
}

/// Adds to the entries what only rendering tells: the words of their parts, their messages, their first `TODO`.
fn complete(entries: &mut [Entry], outline: &Outline, rendered: &Rendered) {
    let offset = |event: usize| rendered.cuts.get(&event).copied().unwrap_or(rendered.text.len());
    for (entry, sketch) in entries.iter_mut().zip(&outline.entries) {
        for (part, sketch) in entry.parts.iter_mut().zip(&sketch.parts) {
            let range = offset(sketch.events.start)..offset(sketch.events.end);
            part.text = Span::new(FileId(0), range).start..Span::new(FileId(0), offset(sketch.events.end)..0).start;
        }
    }
    for code in rendered.code.iter().filter(|code| code.language == "error") {
        if let Some(entry) = code.entry.and_then(|number| entries.get_mut(number)) {
            entry.messages.push(Message { code: None, text: code.code.trim_end().to_owned() });
        }
    }
    for (number, span) in &rendered.todos {
        if let Some(entry) = entries.get_mut(*number) {
            entry.todo.get_or_insert(*span);
        }
    }
}
