//! All pages together: the tree, one target for each link, the states of entries, tags.
//!
//! In steps: build the [`tree`]; find a page for each former address; decide which pages count as entries; resolve every link
//! and hint of every page, in parallel (`resolve`); compute the state of every entry; find what is related (`related`); check
//! the trees of questions ([`diagnoses`]); group pages by tag; list what has changed last ([`changes`]).
//!
//! This stage adds tables beside the parsed pages and changes nothing in them. It makes no HTML.

pub mod address;
pub mod again;
pub mod changes;
pub mod diagnoses;
pub mod inbound;
pub mod inventories;
mod names;
mod redirects;
pub mod related;
pub mod repair;
mod resolve;
mod states;
pub mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ahash::AHashMap;
use jiff::civil::Date;
use rayon::prelude::*;

use crate::diagnostics::{Diagnostic, Sink, Span, rule};
use crate::parse::{Entry, Page, Parsed, Spelling};
use crate::source::Sources;
pub use address::{encode_fragment, encode_path};
use again::{Before, Kept};
use changes::Change;
use inventories::Inventories;
pub use redirects::Redirect;
use related::Around;
pub use resolve::Resolved;
pub use states::{EntryState, Reason, State};
use tree::{Tree, folder_of};

/// Output file of the list of all questions.
pub const QUESTIONS: &str = "questions/index.html";
/// Output file of the list of open questions.
pub const OPEN: &str = "open/index.html";
/// Output file of the list of tags, if there are any.
pub const TAGS: &str = "tags/index.html";

/// Output file of the page that searches, unless the site has no search.
pub const SEARCH: &str = "unstick/search/index.html";

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A page of the site, perhaps at an anchor.
    Page {
        /// Its node.
        node: usize,
        /// The anchor.
        fragment: Option<String>,
    },
    /// A file that is copied, or a list that is made of all pages.
    Asset {
        /// Its output file.
        output: String,
        /// What follows the path: `#page=2`.
        suffix: String,
    },
    /// An address outside the site.
    External(String),
    /// Something on another site, by its inventory.
    Object {
        /// The inventory, in [`Linked::inventories`].
        inventory: usize,
        /// The object in there; `None` for the site as a whole.
        object: Option<usize>,
    },
    /// Nowhere: only words, brackets included.
    Text,
    /// Nowhere, and here is why.
    Broken(String),
}

/// What became of a hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HintTarget {
    /// It is a link now.
    Found(Target, String),
    /// It is still to come.
    Pending,
}

/// A piece of what the site tells readers who are still stuck.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Advice {
    /// HTML that is finished.
    Html(String),
    /// Begins a link.
    LinkStart(Target),
    /// Ends it.
    LinkEnd,
}

/// Pages that carry a tag.
#[derive(Debug)]
pub struct Tag {
    /// The tag as first written.
    pub title: String,
    /// Its output file.
    pub output: String,
    /// Its pages, in the order of the tree.
    pub pages: Vec<usize>,
}

/// What is known when all pages are seen together. Tables are indexed like [`Parsed::pages`].
#[derive(Debug)]
pub struct Linked {
    /// The tree of pages.
    pub tree: Tree,
    /// A target for each link and hint of each page.
    pub resolved: Vec<Arc<Resolved>>,
    /// The state of each entry of each page; `None` for a page that turned out not to be an entry.
    pub states: Vec<Vec<Option<EntryState>>>,
    /// Tags in the order of their names.
    pub tags: Vec<Tag>,
    /// What has changed last, the newest first.
    pub changes: Vec<Change>,
    /// What leads on from each page and its entries.
    pub around: Vec<Around>,
    /// What readers who are still stuck should do; empty when the site does not say.
    pub escalation: Vec<Advice>,
    /// The day on which reviews are due or not.
    pub today: Date,
    /// Former addresses of pages, in their order.
    pub redirects: Vec<Redirect>,
    /// A target for each link of the navigation that the site configures.
    pub navigation: Vec<Target>,
    /// A target for each link of its footer.
    pub footer: Vec<Target>,
    /// The inventories of other sites.
    pub inventories: Inventories,
    /// Files of the content folder that are linked: output path and path below the content folder.
    pub assets: BTreeSet<String>,
    /// Mistakes that show only when pages are seen together, but for those of links, which are in [`Linked::resolved`].
    pub diagnostics: Sink,
}

/// How pages are put together.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Are drafts part of the site?
    pub drafts: Drafts,
    /// The day on which reviews are due or not.
    pub today: Date,
}

/// What becomes of pages with `draft: true`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drafts {
    /// They are left out.
    LeftOut,
    /// They are pages like any other.
    Included,
}

/// Links all pages.
pub fn link(sources: &Sources, parsed: &Parsed, settings: Settings) -> Linked {
    link_after(None, sources, parsed, settings)
}

/// Links all pages after a change, as [`link`] does. The settings must be those of `before`.
pub fn link_again(before: Before<'_>, sources: &Sources, parsed: &Parsed, settings: Settings) -> Linked {
    link_after(Some(before), sources, parsed, settings)
}

fn link_after(before: Option<Before<'_>>, sources: &Sources, parsed: &Parsed, settings: Settings) -> Linked {
    let mut diagnostics = Sink::new();
    let included = |page: &Page| settings.drafts == Drafts::Included || !page.matter.draft;
    let tree = Tree::build(parsed, &sources.content_prefix, &included, &mut diagnostics);
    let redirects = redirects::redirects(sources, parsed, &tree, &mut diagnostics);
    let tags = tags(parsed, &tree);
    let lists = [QUESTIONS, OPEN].into_iter().chain((!tags.is_empty()).then_some(TAGS));
    let lists = lists.chain(sources.config.search.then_some(SEARCH));
    let lists = lists.chain(tags.iter().map(|tag| tag.output.as_str())).collect();
    let inventories = Inventories::read(sources, &mut diagnostics);
    let resolver = resolve::Resolver::new(sources, parsed, &tree, &inventories, lists);
    diagnostics.append(&mut resolver.configuration());
    let escalation = resolver.escalation(&mut diagnostics);
    let mut assets = BTreeSet::new();
    let look = &sources.config.look;
    let navigation = look.navigation.iter().map(|(_, address)| address);
    let navigation = resolver.of_the_frame(navigation, &mut assets, &mut diagnostics);
    let footer = resolver.of_the_frame(look.footer_links.iter(), &mut assets, &mut diagnostics);
    let kept = before.and_then(|before| Kept::new(before, sources, parsed, &tree, &tags));
    let kept = |page| kept.as_ref().and_then(|kept| kept.page(page));
    let resolve = |page| kept(page).unwrap_or_else(|| Arc::new(resolver.page(page)));
    let resolved: Vec<Arc<Resolved>> = (0..parsed.pages.len()).into_par_iter().map(resolve).collect();
    let mut named: Vec<Around> = (0..parsed.pages.len())
        .map(|page| {
            let published = tree.node_of_page[page].is_some();
            if published { resolver.related(page, &mut diagnostics) } else { Around::default() }
        })
        .collect();
    let admitted = articles_beside(parsed);
    let mut linked = Linked {
        resolved,
        states: Vec::with_capacity(parsed.pages.len()),
        tags,
        changes: Vec::new(),
        around: Vec::new(),
        escalation,
        today: settings.today,
        redirects,
        assets,
        navigation,
        footer,
        inventories,
        tree,
        diagnostics,
    };
    for (number, result) in linked.resolved.iter().enumerate() {
        let page = &parsed.pages[number];
        if linked.tree.node_of_page[number].is_some() {
            linked.assets.extend(result.assets.iter().cloned());
        }
        let state = |index: usize| states::state(page, index, &result.hints, settings.today);
        let counts =
            |index: usize| page.entries[index].spelling != Spelling::Prose || admitted.contains(folder_of(&page.path));
        linked.states.push((0..page.entries.len()).map(|index| counts(index).then(|| state(index))).collect());
    }
    linked.around = related::around(parsed, &linked.tree, &linked.resolved, &linked.states, &mut |page| {
        std::mem::take(&mut named[page])
    });
    linked.changes = changes::changes(parsed, &linked);
    linked.diagnostics.append(&mut related::similar_questions(parsed, &linked.tree, &linked.states));
    let mut found = diagnoses::check(parsed, &linked);
    linked.diagnostics.append(&mut found);
    let mut found = generated_ids(sources, parsed, &linked);
    linked.diagnostics.append(&mut found);
    linked
}

/// Where `item` of the list `key` stands in the front matter of `page`.
fn place_of_item(sources: &Sources, page: &Page, key: &str, item: &str) -> Span {
    let field = page.matter.places.get(key).copied().unwrap_or(page.title_span);
    let start = field.start as usize;
    let after = sources.text(field.file).get(start..).unwrap_or_default();
    after.find(item).map_or(field, |at| Span::new(field.file, start + at..start + at + item.len()))
}

/// Questions that links lead to by an id that is made from their words: when the words change, the links break.
fn generated_ids(sources: &Sources, parsed: &Parsed, linked: &Linked) -> Sink {
    let mut counts: BTreeMap<(usize, &str), usize> = BTreeMap::new();
    for number in linked.pages() {
        let own = linked.tree.node_of_page[number];
        for target in &linked.resolved[number].targets {
            if let Target::Page { node, fragment: Some(fragment) } = target
                && Some(*node) != own
            {
                *counts.entry((*node, fragment)).or_default() += 1;
            }
        }
    }
    let mut sink = Sink::new();
    for ((node, fragment), count) in counts {
        let page = linked.tree.nodes[node].page.map(|number| &parsed.pages[number]);
        let is_named = |entry: &&Entry| entry.id == fragment && !entry.has_own_id && !entry.spelling.is_page();
        if let Some(entry) = page.and_then(|page| page.entries.iter().find(is_named)) {
            let links = if count == 1 { "a link of another page leads".into() } else { format!("{count} links lead") };
            let message = format!("{links} to `#{fragment}`, which is made from the words of this question");
            let mut diagnostic = Diagnostic::at(&rule::GENERATED_ID, entry.span, message);
            diagnostic.fix = repair::id(sources, entry);
            sink.push(diagnostic.help(format!("write `{{#{fragment}}}` behind it, and its words can change")));
        }
    }
    sink
}

/// Folders in which most pages are articles: a page of prose beside them is one without parts.
fn articles_beside(parsed: &Parsed) -> BTreeSet<&str> {
    let mut folders: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for page in parsed.pages.iter().filter(|page| !page.is_index) {
        let (articles, all) = folders.entry(folder_of(&page.path)).or_default();
        *articles += usize::from(page.entries.iter().any(|entry| entry.spelling == Spelling::Article));
        *all += 1;
    }
    folders
        .into_iter()
        .filter(|(_, (articles, all))| *articles >= 2 && articles * 2 > *all)
        .map(|(folder, _)| folder)
        .collect()
}

fn tags(parsed: &Parsed, tree: &Tree) -> Vec<Tag> {
    let mut tags: Vec<Tag> = Vec::new();
    let mut by_name: BTreeMap<String, usize> = BTreeMap::new();
    // Most are written in one way.
    let mut as_written: AHashMap<&str, usize> = AHashMap::new();
    let mut outputs: BTreeSet<String> = BTreeSet::new();
    for number in tree.order.iter().filter_map(|node| tree.nodes[*node].page) {
        for title in &parsed.pages[number].matter.tags {
            let at = *as_written.entry(title).or_insert_with(|| {
                *by_name.entry(title.to_lowercase()).or_insert_with(|| {
                    let slug = Some(crate::parse::slug::slug(title))
                        .filter(|slug| !slug.is_empty())
                        .unwrap_or_else(|| "tag".into());
                    let mut output = format!("tags/{slug}/index.html");
                    let mut count = 1;
                    while !outputs.insert(output.clone()) {
                        count += 1;
                        output = format!("tags/{slug}-{count}/index.html");
                    }
                    tags.push(Tag { title: title.clone(), output, pages: Vec::new() });
                    tags.len() - 1
                })
            });
            if tags[at].pages.last() != Some(&number) {
                tags[at].pages.push(number);
            }
        }
    }
    let mut tags: Vec<Option<Tag>> = tags.into_iter().map(Some).collect();
    by_name.into_values().filter_map(|at| tags[at].take()).collect()
}

impl Linked {
    /// The pages of the site in the order of the tree.
    pub fn pages(&self) -> impl Iterator<Item = usize> {
        self.tree.order.iter().filter_map(|node| self.tree.nodes[*node].page)
    }

    /// The output file of a page of the site.
    pub fn output(&self, page: usize) -> Option<&str> {
        self.tree.node_of_page[page].map(|node| self.tree.nodes[node].output.as_str())
    }
}
