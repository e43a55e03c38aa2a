//! One target for each link and hint.
//!
//! A link by address is tried as a site address, a source path and a file to copy; a link by name in the `links:` table and
//! among names. What fits nothing, or more than one thing, is reported at its place and never guessed.

mod addresses;
mod by_name;
mod configured;
mod hints;

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::diagnostics::{Diagnostic, Place, Sink, nearest, rule};
use crate::link::address::{decode, external, is_unsafe, scheme};
use crate::link::inventories::Inventories;
use crate::link::names::{Named, Names, Near, hint_key, normal};
use crate::link::tree::Tree;
use crate::link::{HintTarget, Target, repair};
use crate::parse::{Link, LinkKind, Page, Parsed};
use crate::source::Sources;
use ahash::AHashMap;

/// The scheme of addresses in inventories.
const INVENTORY: &str = "inv";

/// What resolving the links of a page gives.
#[derive(Debug, Default)]
pub struct Resolved {
    /// A target for each link.
    pub targets: Vec<Target>,
    /// What became of each hint.
    pub hints: Vec<HintTarget>,
    /// Files that are linked, by path below the content folder.
    pub assets: BTreeSet<String>,
    /// Links that lead nowhere.
    pub diagnostics: Sink,
}

/// Resolves links; shared by all pages.
pub struct Resolver<'a> {
    sources: &'a Sources,
    parsed: &'a Parsed,
    tree: &'a Tree,
    inventories: &'a Inventories,
    /// Output files of lists.
    lists: BTreeSet<&'a str>,
    /// Pages by path below the content folder.
    by_path: AHashMap<&'a str, usize>,
    /// Paths and addresses in lower case, for links that err in case.
    by_lower_path: AHashMap<String, &'a str>,
    by_lower_url: AHashMap<String, usize>,
    /// Former addresses.
    aliases: AHashMap<String, usize>,
    /// Addresses, present and former, of drafts that are left out.
    drafts: AHashMap<String, usize>,
    names: OnceLock<Names<'a>>,
    hint_names: OnceLock<Names<'a>>,
    near: OnceLock<Near<'a>>,
    by_file_name: OnceLock<AHashMap<&'a str, Vec<&'a str>>>,
    /// Files by the halves of their names.
    by_half: OnceLock<AHashMap<String, Vec<&'a str>>>,
    first_segments: OnceLock<BTreeSet<&'a str>>,
}

/// A path with what follows it.
struct Parts<'a> {
    path: String,
    fragment: Option<String>,
    suffix: &'a str,
}

fn split(address: &str) -> Parts<'_> {
    let bytes = address.as_bytes();
    let end = memchr::memchr2(b'?', b'#', bytes).unwrap_or(address.len());
    let fragment = memchr::memchr(b'#', bytes).map(|at| decode(&address[at + 1..]).into_owned());
    let fragment = fragment.filter(|fragment| !fragment.is_empty() && !fragment.starts_with(":~:"));
    let mut path = decode(&address[..end]).into_owned();
    if memchr::memchr(b'\\', path.as_bytes()).is_some() {
        path = path.replace('\\', "/");
    }
    Parts { path, fragment, suffix: &address[end..] }
}

impl<'a> Resolver<'a> {
    /// A resolver for the site.
    ///
    /// `lists` are the output files of the lists that are made of all pages.
    pub fn new(
        sources: &'a Sources,
        parsed: &'a Parsed,
        tree: &'a Tree,
        inventories: &'a Inventories,
        lists: BTreeSet<&'a str>,
    ) -> Resolver<'a> {
        let by_path: AHashMap<&str, usize> =
            parsed.pages.iter().enumerate().map(|(number, page)| (page.path.as_str(), number)).collect();
        let files = by_path.keys().copied().chain(sources.assets.keys().map(String::as_str));
        let mut aliases = AHashMap::new();
        let mut drafts = AHashMap::new();
        for (number, page) in parsed.pages.iter().enumerate() {
            let published = tree.node_of_page[number].is_some();
            let table = if published { &mut aliases } else { &mut drafts };
            let url = page.matter.url.as_ref().filter(|_| !published);
            for address in url.into_iter().chain(&page.matter.aliases) {
                table.entry(plain_url(address)).or_insert(number);
            }
        }
        Resolver {
            by_lower_path: files.map(|path| (path.to_lowercase(), path)).collect(),
            by_lower_url: tree.by_url.iter().map(|(url, node)| (plain_url(url).to_lowercase(), *node)).collect(),
            sources,
            parsed,
            tree,
            inventories,
            lists,
            by_path,
            aliases,
            drafts,
            names: OnceLock::new(),
            hint_names: OnceLock::new(),
            near: OnceLock::new(),
            by_file_name: OnceLock::new(),
            by_half: OnceLock::new(),
            first_segments: OnceLock::new(),
        }
    }

    fn names(&self) -> &Names<'a> {
        self.names.get_or_init(|| Names::of_everything(self.parsed, &self.tree.node_of_page, normal))
    }

    fn hint_names(&self) -> &Names<'a> {
        self.hint_names.get_or_init(|| Names::of_everything(self.parsed, &self.tree.node_of_page, hint_key))
    }

    /// Resolves every link and hint of a page.
    pub fn page(&self, number: usize) -> Resolved {
        let page = &self.parsed.pages[number];
        let mut resolved = Resolved { targets: Vec::with_capacity(page.links.len()), ..Resolved::default() };
        for link in &page.links {
            let target = self.link(page, number, link, &mut resolved);
            resolved.targets.push(target);
        }
        for hint in &page.hints {
            let target = self.hint(number, hint, &mut resolved);
            resolved.hints.push(target);
        }
        resolved
    }

    fn link(&self, page: &Page, number: usize, link: &Link, out: &mut Resolved) -> Target {
        match link.kind {
            LinkKind::Name => self.name(number, link, out),
            LinkKind::Reference => self.reference(link, out),
            LinkKind::Shortcut | LinkKind::Collapsed => self.shortcut(link, out),
            LinkKind::Autolink => match scheme(&link.address) {
                Some(scheme) if is_unsafe(&scheme) => self.unsafe_address(link, &scheme, out),
                _ => Target::External(external(&link.address)),
            },
            LinkKind::Relref => self.relref(page, number, link, out),
            LinkKind::Address | LinkKind::Image | LinkKind::RawMedia => self.address(page, number, link, out),
        }
    }

    fn unsafe_address(&self, link: &Link, scheme: &str, out: &mut Resolved) -> Target {
        let message = format!("addresses that begin with `{scheme}:` can run code");
        out.diagnostics.push(Diagnostic::at(&rule::UNSAFE_ADDRESS, link.span, message).help("the link is not made"));
        Target::Broken("unsafe address".into())
    }

    /// A list that is made of all pages, by its address: `/questions/`.
    fn list(&self, url: &str) -> Option<&'a str> {
        let url = url.trim_matches('/').trim_end_matches("index.html").trim_end_matches('/');
        self.lists.get([url, "/index.html"].concat().as_str()).copied()
    }

    fn alias(&self, path: &str) -> Option<usize> {
        self.aliases.get(&plain_url(path)).and_then(|number| self.tree.node_of_page[*number])
    }

    fn to_page(&self, number: usize, link: &Link, parts: &Parts<'_>, out: &mut Resolved) -> Target {
        match self.tree.node_of_page[number] {
            Some(node) => self.anchor(node, parts.fragment.clone(), link, out),
            None => {
                let page = &self.parsed.pages[number];
                let diagnostic = Diagnostic::at(
                    &rule::LINK_TO_DRAFT,
                    link.span,
                    format!("`{}` is a draft and not part of the site", page.path),
                )
                .related(Place::Span(page.title_span), "the draft")
                .help("build with `--drafts`, or link it when it is published");
                out.diagnostics.push(diagnostic);
                Target::Broken("the page is not published yet".into())
            }
        }
    }

    /// The page `node`, at `fragment` when it has that anchor.
    fn anchor(&self, node: usize, fragment: Option<String>, link: &Link, out: &mut Resolved) -> Target {
        let Some(fragment) = fragment else {
            return Target::Page { node, fragment: None };
        };
        let page = self.tree.nodes[node].page.map(|number| &self.parsed.pages[number]);
        if let Some(now) = page.and_then(|page| page.former.get(&fragment)) {
            let message = format!("`#{fragment}` is a former id, which is `#{now}` now");
            let mut moved = Diagnostic::at(&rule::MOVED_TARGET, link.span, message);
            moved.fix = repair::fragment(self.sources, link, now);
            out.diagnostics.push(moved);
            return Target::Page { node, fragment: Some(now.clone()) };
        }
        if fragment == "top" || page.is_some_and(|page| page.anchors.contains(&fragment)) {
            return Target::Page { node, fragment: Some(fragment) };
        }
        let title = &self.tree.nodes[node].title;
        let message = format!("“{title}” has no heading or entry `#{fragment}`");
        let mut diagnostic = Diagnostic::at(&rule::BROKEN_ANCHOR, link.span, message);
        let near = page.and_then(|page| nearest(&fragment, page.anchors.iter().map(String::as_str)));
        if let Some(near) = near {
            diagnostic = diagnostic.help(format!("did you mean `#{near}`?"));
        }
        let words = crate::parse::slug::slug(&fragment);
        if page.is_some_and(|page| page.anchors.contains(&words)) {
            diagnostic.fix = repair::fragment(self.sources, link, &words);
        }
        out.diagnostics.push(diagnostic);
        Target::Page { node, fragment: None }
    }

    /// What a target is called.
    fn title(&self, target: &Target) -> Option<String> {
        if let Target::Object { inventory, object } = target {
            return Some(self.inventories.title(*inventory, *object).to_owned());
        }
        let Target::Page { node, fragment } = target else {
            return None;
        };
        let node = &self.tree.nodes[*node];
        let page = node.page.map(|number| &self.parsed.pages[number]);
        let inner = fragment.as_ref().zip(page).and_then(|(fragment, page)| {
            let entry = page.entries.iter().find(|entry| entry.id == *fragment).map(|entry| entry.question.clone());
            entry.or_else(|| page.toc.iter().find(|line| line.id == *fragment).map(|line| line.text.clone()))
        });
        Some(inner.unwrap_or_else(|| node.title.clone()))
    }
}

fn to(named: Named<'_>) -> Target {
    Target::Page { node: named.node, fragment: named.fragment.map(str::to_owned) }
}

/// An address without slashes at its ends and without `index.html`.
pub(super) fn plain_url(url: &str) -> String {
    let path = url.trim().trim_matches('/');
    path.strip_suffix("index.html").unwrap_or(path).trim_end_matches('/').to_owned()
}
