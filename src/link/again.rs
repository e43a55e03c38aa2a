//! Linking after a change: what the links of a page lead to is kept where all that they see is the same.
//!
//! What resolving a page reads is the page itself, the tree, the configuration, the inventories and the files beside the
//! pages, and of other pages what can be linked to, their *face*. Where a face has changed, or anything else, all pages are
//! resolved anew. A finding that points into a file that has changed is found anew too, since its place may have moved.

use std::sync::Arc;

use super::resolve::Resolved;
use super::tree::Tree;
use super::{Linked, Tag};
use crate::diagnostics::{FileId, Place};
use crate::parse::{Entry, Page, Parsed, TocLine};
use crate::source::Sources;

/// A site as it was linked before a change.
#[derive(Debug, Clone, Copy)]
pub struct Before<'a> {
    /// What was read.
    pub sources: &'a Sources,
    /// Page by page.
    pub parsed: &'a Parsed,
    /// All pages together.
    pub linked: &'a Linked,
}

/// What is kept of a site that was linked before.
pub(super) struct Kept<'a> {
    before: Before<'a>,
    parsed: &'a Parsed,
    /// The files of the pages that were parsed anew.
    changed: Vec<FileId>,
}

impl<'a> Kept<'a> {
    /// `None` when something has changed that the links of any page may see.
    pub fn new(
        before: Before<'a>,
        sources: &Sources,
        parsed: &'a Parsed,
        tree: &Tree,
        tags: &[Tag],
    ) -> Option<Kept<'a>> {
        let older = before.linked;
        let is_same_site = before.sources.by_path == sources.by_path
            && config_text(before.sources) == config_text(sources)
            && before.sources.assets == sources.assets
            && before.sources.statics == sources.statics
            && before.sources.inventories == sources.inventories
            && before.sources.content_prefix == sources.content_prefix
            && before.parsed.pages.len() == parsed.pages.len()
            && older.tree.is_same(tree)
            && older.tags.iter().map(|tag| &tag.output).eq(tags.iter().map(|tag| &tag.output));
        if !is_same_site {
            return None;
        }
        let mut changed = Vec::new();
        for (older, page) in before.parsed.pages.iter().zip(&parsed.pages) {
            if !Arc::ptr_eq(older, page) {
                if !has_same_face(older, page) {
                    return None;
                }
                changed.push(page.file);
            }
        }
        Some(Kept { before, parsed, changed })
    }

    /// What the links of a page lead to, if that cannot have changed.
    pub fn page(&self, number: usize) -> Option<Arc<Resolved>> {
        let resolved = &self.before.linked.resolved[number];
        let has_moved = |place: &Place| matches!(place, Place::Span(span) if self.changed.contains(&span.file));
        let points = || {
            let findings = resolved.diagnostics.iter();
            findings
                .flat_map(|found| std::iter::once(&found.place).chain(found.related.iter().map(|other| &other.place)))
        };
        let is_same = Arc::ptr_eq(&self.before.parsed.pages[number], &self.parsed.pages[number]);
        (is_same && !points().any(has_moved)).then(|| Arc::clone(resolved))
    }
}

fn config_text(sources: &Sources) -> Option<&str> {
    sources.config_file.map(|file| sources.text(file))
}

/// Is all the same that links of other pages see?
fn has_same_face(older: &Page, page: &Page) -> bool {
    let line = |line: &TocLine| (line.id.clone(), line.text.clone(), line.entry);
    let entry = |a: &Entry, b: &Entry| {
        a.id == b.id
            && a.question == b.question
            && a.spelling == b.spelling
            && a.link_names == b.link_names
            && a.aka == b.aka
    };
    older.file == page.file
        && older.path == page.path
        && older.title == page.title
        && older.heading == page.heading
        && older.matter.link_title == page.matter.link_title
        && older.matter.question == page.matter.question
        && older.matter.link_names == page.matter.link_names
        && older.matter.aka == page.matter.aka
        && older.matter.url == page.matter.url
        && older.matter.aliases == page.matter.aliases
        && older.anchors == page.anchors
        && older.former == page.former
        && older.toc.iter().map(line).eq(page.toc.iter().map(line))
        && older.entries.len() == page.entries.len()
        && older.entries.iter().zip(&page.entries).all(|(a, b)| entry(a, b))
}
