//! `unstick` turns troubleshooting notes in Markdown into a knowledge base: a checked static site that works from a disk.
//!
//! The whole pipeline is [`site`] and [`render::Maker::make`]:
//!
//! ```text
//! Sources ─parse─► Parsed ─link─► Linked ─index─► Search ─plan─► Plan ─make─► bytes ─► disk | nothing
//! ```
//!
//! Each stage is a plain value made from those before it. Only [`source`] reads the disk, only the writer writes it, only
//! commands talk to people. `ARCHITECTURE.md` is the map.

#[cfg(test)]
mod chance;
pub mod cli;
pub mod cmd;
pub mod config;
pub mod default_theme;
pub mod diagnostics;
pub mod inventory;
pub mod link;
pub mod parse;
pub mod plan;
pub mod render;
pub mod report;
pub mod search;
pub mod source;
pub mod write;

use std::path::Path;

use diagnostics::{Diagnostic, Place, Sink, Span, rule};
use link::again::Before;
use link::{Linked, Settings, inbound};
use parse::{Allow, Parsed};
use plan::Plan;
use search::catalogue::{self, Catalogue};
use search::findability;
use search::pack::Packed;
use source::{Failure, Options, Sources};

/// A site, understood: every stage's value up to the plan of its output.
#[derive(Debug)]
pub struct Site {
    /// What was read.
    pub sources: Sources,
    /// Page by page.
    pub parsed: Parsed,
    /// All pages together.
    pub linked: Linked,
    /// The files of the search, which readers load.
    pub search: Vec<Packed>,
    /// What is to be made.
    pub plan: Plan,
    /// Every mistake up to here, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads and understands the site in `root`.
///
/// # Errors
/// When the root or its configuration cannot be read. Mistakes of authors are in [`Site::diagnostics`].
pub fn site(root: &Path, options: &Options, settings: Settings) -> Result<Site, Failure> {
    understand(root, options, settings, search)
}

/// Reads and understands the site in `root` as far as mistakes go: its search has no files, and is asked only what the site's
/// tests ask.
///
/// # Errors
/// As for [`site`].
pub fn findings(root: &Path, options: &Options, settings: Settings) -> Result<Site, Failure> {
    understand(root, options, settings, |sources, parsed, linked, sink| {
        let synonyms = catalogue::synonyms(sources, sink);
        if sources.search_tests.is_some() {
            let catalogue = Catalogue::of(sources, parsed, linked, synonyms);
            sink.append(&mut findability::check(sources, parsed, &catalogue));
        }
        Vec::new()
    })
}

fn understand(
    root: &Path,
    options: &Options,
    settings: Settings,
    search: impl FnOnce(&Sources, &Parsed, &Linked, &mut Sink) -> Vec<Packed>,
) -> Result<Site, Failure> {
    let sources = Sources::read(root, options)?;
    let parsed = parse::parse(&sources, &sources.config);
    let linked = link::link(&sources, &parsed, settings);
    let mut diagnostics = Sink::new();
    let search = search(&sources, &parsed, &linked, &mut diagnostics);
    Ok(together(sources, parsed, linked, search, diagnostics))
}

/// Understands a site but for its search, whose files come later, from [`search_of`].
pub fn without_search(sources: Sources, parsed: Parsed, settings: Settings) -> Site {
    let linked = link::link(&sources, &parsed, settings);
    together(sources, parsed, linked, Vec::new(), Sink::new())
}

/// Understands a site but for its search after a change of the site `before`, with the settings of which it was understood.
pub fn without_search_again(before: &Site, sources: Sources, parsed: Parsed, settings: Settings) -> Site {
    let before = Before { sources: &before.sources, parsed: &before.parsed, linked: &before.linked };
    let linked = link::link_again(before, &sources, &parsed, settings);
    together(sources, parsed, linked, Vec::new(), Sink::new())
}

/// The files of the search of a site, and the mistakes that show when it is made.
pub fn search_of(site: &Site) -> (Vec<Packed>, Vec<Diagnostic>) {
    let mut diagnostics = Sink::new();
    let files = search(&site.sources, &site.parsed, &site.linked, &mut diagnostics);
    (files, weigh(diagnostics, &site.sources))
}

fn together(sources: Sources, parsed: Parsed, linked: Linked, search: Vec<Packed>, more: Sink) -> Site {
    let mut diagnostics = sources.diagnostics.clone();
    diagnostics.extend(more);
    let (plan, mut found) = plan::plan(&sources, &parsed, &linked, &search);
    // What is wrong inside a draft that is left out concerns nobody yet; that it cannot be read does.
    for (number, page) in parsed.pages.iter().enumerate() {
        let published = linked.tree.node_of_page[number].is_some();
        let found = page.diagnostics.iter().chain(&linked.resolved[number].diagnostics);
        diagnostics.extend(found.filter(|_| published).cloned());
    }
    diagnostics.extend(linked.diagnostics.iter().cloned());
    diagnostics.append(&mut found);
    diagnostics.append(&mut inbound::check(&sources, &parsed, &linked, &|path| plan.has(path)));
    diagnostics.extend(render::unknown_languages(&sources, &parsed, &linked));
    diagnostics.extend(render::diagram::undrawn(&parsed, &linked));
    render::messages::check(&sources, &mut diagnostics);
    render::look::check(&sources, &mut diagnostics);
    let unused = without_allowed(&mut diagnostics, &parsed, &linked);
    diagnostics.extend(unused);
    let diagnostics = weigh(diagnostics, &sources);
    Site { sources, parsed, linked, search, plan, diagnostics }
}

/// The files of the search. What its author wants found is asked for, even where pages cannot be searched.
fn search(sources: &Sources, parsed: &Parsed, linked: &Linked, sink: &mut Sink) -> Vec<Packed> {
    let synonyms = catalogue::synonyms(sources, sink);
    let has_search = sources.config.search;
    if !has_search && sources.search_tests.is_none() {
        return Vec::new();
    }
    let catalogue = Catalogue::of(sources, parsed, linked, synonyms);
    sink.append(&mut findability::check(sources, parsed, &catalogue));
    if has_search { catalogue.pack() } else { Vec::new() }
}

/// What of `found`, which a command found in a site that is understood, its authors do not allow, with the severity that they
/// give it.
pub fn admitted(mut found: Sink, site: &Site) -> Sink {
    // What is allowed in vain was reported with the site.
    drop(without_allowed(&mut found, &site.parsed, &site.linked));
    weigh(found, &site.sources)
}

/// Drops the findings that authors allow, and gives what they allow in vain.
fn without_allowed(sink: &mut Sink, parsed: &Parsed, linked: &Linked) -> Sink {
    let allowed: Vec<&Allow> = linked.pages().flat_map(|page| &parsed.pages[page].allowed).collect();
    if allowed.is_empty() {
        return Sink::new();
    }
    let mut is_used = vec![false; allowed.len()];
    sink.retain(|diagnostic| {
        let Place::Span(span) = diagnostic.place else {
            return true;
        };
        let covers = |allow: &Allow| {
            let Span { file, start, end } = allow.covers;
            allow.rule == diagnostic.rule && file == span.file && (start..end).contains(&span.start)
        };
        let mut is_reported = true;
        for (allow, is_used) in allowed.iter().zip(&mut is_used) {
            if covers(allow) {
                *is_used = true;
                is_reported = false;
            }
        }
        is_reported
    });
    let mut unused = Sink::new();
    // Nobody has asked yet whether the others are in vain.
    let in_vain = |allow: &Allow, is_used: bool| !is_used && !allow.rule.needs_network();
    for (allow, _) in allowed.iter().zip(is_used).filter(|(allow, is_used)| in_vain(allow, *is_used)) {
        let message = format!("no `{}` is found where this allows it", allow.rule.name);
        let help = "delete the comment; it covers its line, or the block below when it stands alone";
        unused.push(Diagnostic::at(&rule::UNUSED_ALLOW, allow.span, message).help(help));
    }
    unused
}

/// Gives diagnostics the severity that the configuration asks for, and sorts them.
fn weigh(mut diagnostics: Vec<Diagnostic>, sources: &Sources) -> Vec<Diagnostic> {
    diagnostics.retain_mut(|diagnostic| match sources.config.rules.get(diagnostic.rule.name) {
        Some(None) => false,
        Some(Some(severity)) => {
            diagnostic.severity = *severity;
            true
        }
        None => true,
    });
    diagnostics::sort(&mut diagnostics, |file| sources.path(file));
    diagnostics
}
