//! Parsing after a change: a page whose parse would read the same as before is kept.
//!
//! What the parse of a page reads is its own text, path and number, the texts that it includes, and some keys of the
//! configuration. All of it is compared, so that what is kept is what a new parse would give.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::{Page, PageParser, Parsed};
use crate::diagnostics::FileId;
use crate::source::{SourcePage, Sources};

/// Parses the pages of `sources` and keeps those that are the same in `older_sources`, of which `older` was parsed.
pub fn again(older_sources: &Sources, older: &Parsed, sources: &Sources) -> Parsed {
    let parser = PageParser::new(sources, &sources.config);
    let Some(kept) = Kept::new(older_sources, older, sources) else {
        return super::parse(sources, &sources.config);
    };
    let page = |source| kept.page(source).unwrap_or_else(|| Arc::new(parser.page(source)));
    Parsed { pages: sources.pages.par_iter().map(page).collect() }
}

/// The pages of an earlier parse.
struct Kept<'a> {
    older: &'a Sources,
    sources: &'a Sources,
    pages: HashMap<FileId, (&'a SourcePage, &'a Arc<Page>)>,
    /// Does every include lead to the same file as before?
    same_files: bool,
}

impl<'a> Kept<'a> {
    /// `None` when what changed concerns every page.
    fn new(older: &'a Sources, parsed: &'a Parsed, sources: &'a Sources) -> Option<Kept<'a>> {
        let same_rules = older.config.parts == sources.config.parts
            && older.config.unsafe_html == sources.config.unsafe_html
            && older.config.hints == sources.config.hints
            && older.config.math == sources.config.math
            && older.config.language == sources.config.language
            && older.content_prefix == sources.content_prefix;
        if !same_rules {
            return None;
        }
        let pages = older.pages.iter().zip(&parsed.pages).map(|(source, page)| (source.file, (source, page))).collect();
        Some(Kept { older, sources, pages, same_files: older.by_path == sources.by_path })
    }

    fn page(&self, source: &SourcePage) -> Option<Arc<Page>> {
        let (before, page) = self.pages.get(&source.file)?;
        let same_place = before.path == source.path && before.is_index == source.is_index;
        // Why a text is empty is no part of the text.
        let same_text = self.is_same(source.file) && !self.sources.text(source.file).is_empty();
        let same_includes = page.includes.is_empty()
            || self.same_files && page.includes.iter().flatten().all(|&file| self.is_same(file));
        (same_place && same_text && same_includes).then(|| Arc::clone(page))
    }

    fn is_same(&self, file: FileId) -> bool {
        let (before, now) = (&self.older.files[file.0 as usize].text, &self.sources.files[file.0 as usize].text);
        Arc::ptr_eq(before, now) || before == now
    }
}
