//! From a plan to bytes: each output file by itself, as a pure function of the linked site.
//!
//! In steps: parse the templates once ([`theme`]); per output, build its view ([`views`]), fill the marks of the body
//! ([`fill`]), render the template. Code is highlighted on the way ([`highlight`]).
//!
//! This stage never writes, never resolves a link, and never looks at another output.

pub mod around;
pub mod diagnosis;
pub mod diagram;
mod feed;
pub mod fill;
mod flowchart;
pub mod foot;
pub mod highlight;
mod inventory;
mod json;
mod json_writer;
pub mod lean;
mod links;
pub mod look;
pub mod messages;
mod overview;
mod page;
pub mod plurals;
mod redirect;
mod sequence;
mod structured;
pub use page::site_counts;
pub mod theme;
pub mod views;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use crate::Site;
use crate::diagnostics::{Diagnostic, Sink, rule};
use crate::link::Linked;
use crate::parse::Parsed;
use crate::parse::diagram::is_diagram;
use crate::plan::{Output, Recipe};
use crate::source::Sources;
use highlight::{Highlighted, Highlighter, Language};
use theme::Theme;

/// Writes an output file piece by piece.
pub type Stream<'a> = dyn Fn(&mut dyn Write) -> io::Result<()> + 'a;

/// What an output file consists of.
pub enum Made<'a> {
    /// These bytes.
    Bytes(Cow<'a, [u8]>),
    /// What this writes, which is too much to be held.
    Stream(Box<Stream<'a>>),
    /// The bytes of this file.
    Copy(PathBuf),
}

/// Makes outputs; shared by all threads.
pub struct Maker<'a> {
    site: &'a Site,
    theme: &'a Theme,
    highlighter: &'a Highlighter,
    shared: page::Shared<'a>,
}

impl<'a> Maker<'a> {
    /// A maker for `site`.
    pub fn new(site: &'a Site, theme: &'a Theme, highlighter: &'a Highlighter) -> Maker<'a> {
        Maker { site, theme, highlighter, shared: page::Shared::new(site, theme.messages()) }
    }

    /// Makes one output, and says which blocks of code it highlighted.
    ///
    /// # Errors
    /// When a template fails.
    pub fn make(&self, output: &Output) -> Result<(Made<'_>, Highlighted), Box<Diagnostic>> {
        let mut highlighted = Highlighted::default();
        let bytes: Cow<'_, [u8]> = match &output.recipe {
            Recipe::Copy(path) => return Ok((Made::Copy(path.clone()), highlighted)),
            Recipe::Theme(parts) => lean::lean(&output.path, &parts.concat()).into_owned().into(),
            Recipe::Look => look::stylesheet(&self.site.sources.config.look).into_bytes().into(),
            Recipe::Json => return Ok((Made::Stream(Box::new(|out| json::json(&self.shared, out))), highlighted)),
            Recipe::Links => return Ok((Made::Stream(Box::new(|out| links::links(&self.shared, out))), highlighted)),
            Recipe::Inventory => inventory::inventory(&self.shared).into(),
            Recipe::Redirect(number) => redirect::page(self.site, &self.site.linked.redirects[*number]).into(),
            Recipe::RedirectRules => redirect::rules(&self.site.linked).into(),
            Recipe::NginxMap => redirect::nginx(&self.site.linked).into(),
            Recipe::Index(number) => self.site.search[*number].script.as_slice().into(),
            Recipe::Feed => feed::feed(&self.shared).into(),
            Recipe::SiteMap => json::site_map(self.site).into(),
            Recipe::Page(_)
            | Recipe::Questions
            | Recipe::Open
            | Recipe::Tags
            | Recipe::Tag(_)
            | Recipe::Search
            | Recipe::NotFound => self.page(output, &mut highlighted)?.into(),
        };
        Ok((Made::Bytes(bytes), highlighted))
    }

    fn page(&self, output: &Output, highlighted: &mut Highlighted) -> Result<Vec<u8>, Box<Diagnostic>> {
        let (template, context) = page::context(&self.shared, output, self.highlighter, highlighted);
        self.theme.render(template, &context, &output.path)
    }
}

/// Code blocks of published pages whose language has no grammar.
pub fn unknown_languages(sources: &Sources, parsed: &Parsed, linked: &Linked) -> Sink {
    let mut sink = Sink::new();
    if !sources.config.highlight {
        return sink;
    }
    let mut seen: BTreeMap<String, bool> = BTreeMap::new();
    let blocks = linked.pages().flat_map(|number| &parsed.pages[number].code);
    for block in blocks.filter(|block| !is_diagram(&block.language)) {
        let name = block.language.to_lowercase();
        let unknown = *seen.entry(name).or_insert_with_key(|name| highlight::language(name) == Language::Unknown);
        if unknown {
            let message = format!("no grammar for `{}`", block.language);
            let help = "the code is shown plain; `text` says that it is meant to be";
            sink.push(Diagnostic::at(&rule::UNKNOWN_LANGUAGE, block.span, message).help(help));
        }
    }
    sink
}
