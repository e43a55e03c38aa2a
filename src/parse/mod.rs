//! One page at a time, knowing nothing of the others: front matter, entries, links with their places, words, and a body
//! whose open ends are marked.
//!
//! In steps: cut the front matter off and read it; expand shortcodes and includes; let `pulldown-cmark` make events; read
//! the outline (which parts are entries); give out ids; render the body. Pages are parsed in parallel and in any order.
//!
//! This stage never resolves a link, never highlights, never reads the disk, and never fails: a page with mistakes is a
//! page, and its mistakes are in [`Page::diagnostics`].

mod again;
mod allow;
mod attributes;
pub mod body;
mod characters;
mod code_info;
pub mod date;
pub mod diagnosis;
pub mod diagram;
pub mod dot;
mod entries;
mod events;
mod expand;
mod formula;
pub mod front_matter;
mod hints;
pub mod html;
mod identity;
pub mod inline;
pub mod likeness;
mod mermaid;
mod outline;
mod page;
mod part_names;
pub mod parts;
pub mod phrase;
pub mod places;
mod plain_yaml;
mod shortcode;
pub mod slug;
mod tidy;
pub mod yaml;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Config;
use crate::diagnostics::{Diagnostic, FileId, Place, Severity, Sink, Span, rule};
use crate::source::{Includes, SourcePage, Sources};
pub use again::again;
use body::{Document, RawHtml};
use characters::{hidden_characters, printable};
use entries::Known;
use events::Dollars;
use events::Events;
use expand::Expanded;
use front_matter::{Cut, FrontMatter};
use hints::Openings;
use outline::{Declared, Outline};
pub use page::{
    Allow, CodeBlock, Entry, Hint, HintForm, Link, LinkKind, Message, Page, Part, Spelling, TocLine, Undrawn,
};
use parts::PartNames;
use slug::Ids;

/// All pages of the site, in the order of the sources.
#[derive(Debug)]
pub struct Parsed {
    /// The pages, each shared by all parses in which it is the same.
    pub pages: Vec<Arc<Page>>,
}

/// Parses every page.
pub fn parse(sources: &Sources, config: &Config) -> Parsed {
    let parser = PageParser::new(sources, config);
    Parsed { pages: sources.pages.par_iter().map(|page| Arc::new(parser.page(page))).collect() }
}

struct PageParser<'a> {
    sources: &'a Sources,
    includes: Includes<'a>,
    parts: PartNames,
    raw_html: RawHtml,
    openings: Openings,
    /// Do dollar signs mean formulas, unless a page says otherwise?
    math: bool,
}

impl<'a> PageParser<'a> {
    fn new(sources: &'a Sources, config: &Config) -> PageParser<'a> {
        let parts = PartNames::with(config.parts.iter().map(|(kind, name)| (*kind, name.as_str())));
        let raw_html = if config.unsafe_html { RawHtml::AsWritten } else { RawHtml::Sanitised };
        PageParser {
            sources,
            includes: sources.includes(),
            parts,
            raw_html,
            openings: Openings::of(&config.language, &config.hints),
            math: config.math,
        }
    }

    fn page(&self, source: &SourcePage) -> Page {
        let file = source.file;
        let mut sink = Sink::new();
        let original = self.sources.text(file);
        let text = printable(original);
        hidden_characters(file, original, &text, &mut sink);
        let mut allowed = Vec::new();
        let (matter, start) = self.front_matter(source, &text, &mut allowed, &mut sink);
        let expanded = expand::expand(file, &text, start, &self.includes, &mut sink);
        let dollars = if matter.math.unwrap_or(self.math) { Dollars::Formulas } else { Dollars::Text };
        let events = events::events(&expanded.text, dollars);
        let declared = Declared {
            question: matter.question.as_deref(),
            page_type: matter.page_type,
            title: matter.title.as_deref(),
            is_index: source.is_index,
        };
        let outline = outline::outline(&expanded.text, &events, declared, &self.parts);
        let page = self.assemble(source, matter, &expanded, (&events, dollars), outline, (allowed, sink));
        events::done(events);
        page
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

    fn front_matter(
        &self,
        source: &SourcePage,
        text: &str,
        allowed: &mut Vec<Allow>,
        sink: &mut Sink,
    ) -> (FrontMatter, usize) {
        let file = source.file;
        match front_matter::cut(text) {
            Cut::Block(notation, range, body) => {
                allow::front_matter(file, text, range.clone(), allowed, sink);
                (front_matter::read(file, text, notation, range, sink), body)
            }
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
        (events, dollars): (&Events<'_>, Dollars),
        outline: Outline,
        (mut allowed, mut sink): (Vec<Allow>, Sink),
    ) -> Page {
        let file = source.file;
        let mut ids = Ids::default();
        let explicit = identity::claim(expanded, &outline, &mut ids, &mut sink);
        let old = identity::claim_former(expanded, &outline, &mut ids, &mut sink);
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
            .filter(|text| !text.is_empty() && *text != title && slug::slug(text) != slug::slug(&title));
        let title_span = matter
            .places
            .get("title")
            .copied()
            .or_else(|| first_heading.map(|heading| expanded.span(&heading.source)))
            .unwrap_or_else(|| Span::new(file, 0..0));
        let given = identity::give(&outline, &explicit, old, &anchor, &mut ids);
        let known = Known { outline: &outline, ids: &given, matter: &matter, title: &title, title_span, expanded };
        let mut entries = entries::entries(&known, &mut sink);
        let document = Document {
            expanded,
            events,
            outline: &outline,
            heading_ids: &given.headings,
            tree_ids: &given.trees,
            former_ids: &given.former,
            entries: &entries,
            raw_html: self.raw_html,
            openings: &self.openings,
            dollars,
        };
        let rendered = body::render(document, &mut ids, &mut sink);
        entries::complete(&mut entries, &outline, &matter.tags, &rendered);
        for (comment, span) in &rendered.comments {
            allow::comment(comment, *span, self.sources.text(span.file), &mut allowed, &mut sink);
        }
        let mut anchors: BTreeSet<String> =
            given.headings.into_iter().chain(rendered.raw_ids.iter().cloned()).collect();
        anchors.extend(entries.iter().map(|entry| entry.id.clone()));
        anchors.insert(anchor.clone());
        for question in rendered.diagnoses.iter().flat_map(|diagnosis| &diagnosis.questions) {
            anchors.extend(question.answers.iter().map(|answer| &answer.id).chain([&question.id]).cloned());
        }
        diagnosis::missing(&matter, &outline, expanded, &mut sink);
        let former: BTreeMap<String, String> =
            given.former.into_iter().flat_map(|(id, old)| old.into_iter().map(move |old| (old, id.clone()))).collect();
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
            diagnoses: rendered.diagnoses,
            formulas: rendered.formulas,
            entries,
            toc: rendered.toc,
            anchors,
            former,
            allowed,
            includes: expanded.includes.clone(),
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
