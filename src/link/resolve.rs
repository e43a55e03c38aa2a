//! One target for each link and hint.
//!
//! A link by address is tried as a site address, a source path and a file to copy; a link by name in the `links:` table and
//! among names. What fits nothing, or more than one thing, is reported at its place and never guessed.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::address::{decode, external, is_unsafe, relative, scheme};
use super::inventories::{Fits, Inventories, UNREADABLE};
use super::names::{Lookup, Named, Names, Near, hint_key, normal, without_article};
use super::related::{Around, AroundEntry};
use super::tree::{Node, Tree};
use super::{HintTarget, Target, encode_path, repair};
use crate::diagnostics::{Diagnostic, Place, Rule, Sink, Span, nearest, rule};
use crate::parse::{Hint, Link, LinkKind, Page, Parsed};
use crate::source::{Sources, is_markdown, join};
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
        let mut resolved = Resolved::default();
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

    fn address(&self, page: &Page, number: usize, link: &Link, out: &mut Resolved) -> Target {
        let address = link.address.trim();
        let image = matches!(link.kind, LinkKind::Image | LinkKind::RawMedia);
        if let Some(scheme) = scheme(address) {
            if scheme == INVENTORY {
                return match self.inventory(address, link, out) {
                    // Nothing is loaded from elsewhere: the picture is a link to it.
                    Target::Object { inventory, object } if image => {
                        Target::External(self.inventories.address(inventory, object))
                    }
                    target => target,
                };
            }
            let picture = image
                && ["data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp"]
                    .iter()
                    .any(|start| address.starts_with(start));
            if is_unsafe(&scheme) && !picture {
                return self.unsafe_address(link, &scheme, out);
            }
            return Target::External(external(address));
        }
        if let Some(rest) = address.strip_prefix("//") {
            return Target::External(external(&format!("https://{rest}")));
        }
        if address.is_empty() {
            // Reported while parsing, as a link without an address.
            return Target::Broken("the link has no address".into());
        }
        let parts = split(address);
        if parts.path.is_empty() {
            let node = self.tree.node_of_page[number].unwrap_or(0);
            return match &parts.fragment {
                Some(_) => self.anchor(node, parts.fragment.clone(), link, out),
                None => Target::Page { node, fragment: None },
            };
        }
        match self.find(number, link, &parts, out) {
            Some(target) => target,
            None => self.nowhere(page, link, &parts, image, out),
        }
    }

    /// What `inv:NAME#OBJECT` leads to.
    fn inventory(&self, address: &str, link: &Link, out: &mut Resolved) -> Target {
        self.inventories.resolve(address, Place::Span(link.span)).unwrap_or_else(|mistake| {
            out.diagnostics.push(*mistake);
            Target::Broken("the other site has nothing of that name".into())
        })
    }

    /// What a name that nothing on this site has means in the inventories; `None` for nothing.
    fn foreign(&self, name: &str, link: &Link, out: &mut Resolved) -> Option<Target> {
        if scheme(name).is_some_and(|scheme| scheme == INVENTORY) {
            return Some(self.inventory(name, link, out));
        }
        match self.inventories.named(name) {
            Fits::None => None,
            Fits::Unreadable => Some(Target::Broken(UNREADABLE.into())),
            Fits::One(target) => Some(target),
            Fits::Many(all) => {
                let message = format!("“{name}” fits {} objects of other sites", all.len());
                let diagnostic = Diagnostic::at(&rule::AMBIGUOUS_NAME, link.span, message);
                out.diagnostics.push(self.inventories.candidates(diagnostic.help("link the one that is meant"), &all));
                Some(Target::Broken("the name fits several places".into()))
            }
        }
    }

    /// What an address on this site leads to.
    fn find(&self, number: usize, link: &Link, parts: &Parts<'_>, out: &mut Resolved) -> Option<Target> {
        let path = parts.path.as_str();
        let rooted = path.strip_prefix("@/").or_else(|| path.strip_prefix("~/")).or_else(|| path.strip_prefix('/'));
        if let Some(node) = self.tree.find_url(path).filter(|_| path.starts_with('/')) {
            return Some(self.anchor(node, parts.fragment.clone(), link, out));
        }
        if let Some(node) = self.alias(path).filter(|_| path.starts_with('/')) {
            let Node { url, title, .. } = &self.tree.nodes[node];
            let message = format!("`{path}` is a former address of “{title}”, which is `{url}` now");
            let mut moved = Diagnostic::at(&rule::MOVED_TARGET, link.span, message);
            moved.fix = repair::address(self.sources, link, &format!("{}{}", encode_path(url), parts.suffix));
            out.diagnostics.push(moved);
            return Some(self.anchor(node, parts.fragment.clone(), link, out));
        }
        let file = match rooted {
            Some(rest) => join("", rest),
            None => self.sources.content_path(link.base).and_then(|base| join(base, path)),
        };
        if let Some(target) = file.as_deref().and_then(|file| self.file(file, link, parts, out)) {
            return Some(target);
        }
        // An address relative to where the page is published.
        let url = match rooted {
            Some(rest) => Some(rest.to_owned()),
            None => {
                let node = self.tree.node_of_page[number].map(|node| &self.tree.nodes[node]);
                let url = node.and_then(|node| join(node.url.trim_start_matches('/'), path));
                let url = url.filter(|url| !url.is_empty());
                if let Some(node) = url.as_ref().and_then(|url| self.tree.find_url(&["/", url, "/"].concat())) {
                    return Some(self.anchor(node, parts.fragment.clone(), link, out));
                }
                url
            }
        };
        if let Some(list) = url.as_ref().and_then(|url| self.list(url)) {
            return Some(Target::Asset { output: list.to_owned(), suffix: parts.suffix.to_owned() });
        }
        let draft = url.and_then(|url| self.drafts.get(&plain_url(&url)));
        draft.map(|&number| self.to_page(number, link, parts, out))
    }

    /// A list that is made of all pages, by its address: `/questions/`.
    fn list(&self, url: &str) -> Option<&'a str> {
        let url = url.trim_matches('/').trim_end_matches("index.html").trim_end_matches('/');
        self.lists.get([url, "/index.html"].concat().as_str()).copied()
    }

    fn alias(&self, path: &str) -> Option<usize> {
        self.aliases.get(&plain_url(path)).and_then(|number| self.tree.node_of_page[*number])
    }

    /// What a path below the content folder leads to: a page, a folder, or a file to copy.
    fn file(&self, path: &str, link: &Link, parts: &Parts<'_>, out: &mut Resolved) -> Option<Target> {
        let trimmed = path.trim_end_matches('/');
        if let Some(number) = self.markdown(trimmed) {
            return Some(self.to_page(number, link, parts, out));
        }
        if self.sources.assets.contains_key(trimmed) && !trimmed.is_empty() {
            out.assets.insert(trimmed.to_owned());
            return Some(Target::Asset { output: trimmed.to_owned(), suffix: parts.suffix.to_owned() });
        }
        if self.sources.statics.contains_key(trimmed) {
            return Some(Target::Asset { output: trimmed.to_owned(), suffix: parts.suffix.to_owned() });
        }
        // A folder without a page of its own.
        let url = ["/", trimmed, "/"].concat();
        let node = self.tree.by_url.get(&url).copied().filter(|node| self.tree.nodes[*node].page.is_none());
        node.map(|node| Target::Page { node, fragment: None })
    }

    /// The page of a path below the content folder, with or without its extension, or of a folder.
    fn markdown(&self, path: &str) -> Option<usize> {
        let found = |candidate: &str| self.by_path.get(candidate).copied();
        if let Some(number) = found(path) {
            return Some(number);
        }
        if is_markdown(path) {
            return None;
        }
        let stem = path.strip_suffix(".html").or_else(|| path.strip_suffix(".htm"));
        let mut candidate = String::with_capacity(path.len() + 12);
        let mut named = |folder: &str, name: &str| {
            candidate.clear();
            candidate.push_str(folder);
            candidate.push_str(name);
            found(&candidate)
        };
        named(path, ".md").or_else(|| named(stem?, ".md")).or_else(|| {
            let folder = if path.is_empty() { String::new() } else { [path, "/"].concat() };
            ["_index.md", "index.md", "README.md"].into_iter().find_map(|name| named(&folder, name))
        })
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

    /// Reports an address that fits nothing.
    fn nowhere(&self, page: &Page, link: &Link, parts: &Parts<'_>, image: bool, out: &mut Resolved) -> Target {
        let path = parts.path.as_str();
        let rooted = path.strip_prefix('/').or_else(|| path.strip_prefix("@/"));
        let file = match rooted {
            Some(rest) => join("", rest),
            None => self.sources.content_path(link.base).and_then(|base| join(base, path)),
        };
        if let Some(target) = self.other_case(file.as_deref(), link, parts, out) {
            return target;
        }
        if let Some(target) = path.strip_prefix('/').and_then(|rest| self.outside(rest, link, parts, image, out)) {
            return target;
        }
        let extension = path
            .rsplit('/')
            .next()
            .and_then(|name| name.rsplit_once('.'))
            .map(|(_, extension)| extension.to_lowercase());
        let asset = image
            || extension.is_some_and(|e| {
                !matches!(e.as_str(), "md" | "markdown" | "html" | "htm")
                    && e.len() <= 5
                    && e.chars().all(char::is_alphanumeric)
                    && !e.chars().all(|c| c.is_ascii_digit())
            });
        let diagnostic = if asset {
            Diagnostic::at(&rule::MISSING_ASSET, link.span, format!("no file `{}`", link.address.trim()))
        } else {
            Diagnostic::at(
                &rule::BROKEN_LINK,
                link.span,
                format!("no page or file answers to `{}`", link.address.trim()),
            )
        };
        out.diagnostics.push(match (file, self.same_name(path)) {
            (None, _) => diagnostic.help("the path leads out of the content folder"),
            (_, Some(near)) => diagnostic.help(format!("did you mean `{}`?", relative(&page.path, near, None))),
            _ => diagnostic,
        });
        Target::Broken(if image { "the image is missing".into() } else { "this link leads nowhere".into() })
    }

    /// The target of an address on the same server that is not of this site: one that the `links:` table declares by its
    /// beginning, or one that begins like nothing here.
    fn outside(&self, rest: &str, link: &Link, parts: &Parts<'_>, image: bool, out: &mut Resolved) -> Option<Target> {
        let declared = self.sources.config.outside.iter();
        let declared =
            declared.filter_map(|(key, base)| Some((parts.path.strip_prefix(key.as_str())?, key.len(), base)));
        if let Some((rest, _, base)) = declared.max_by_key(|(_, length, _)| *length) {
            return Some(Target::External(external(&format!("{base}{rest}{}", parts.suffix))));
        }
        // An address of one part may be that of a page which is gone.
        let (first, _) = rest.split_once('/').filter(|(first, below)| !first.is_empty() && !below.is_empty())?;
        let own = self.first_segments.get_or_init(|| {
            let urls = self.tree.by_url.keys().map(|url| url.trim_start_matches('/'));
            let files = self.by_path.keys().copied().chain(self.lists.iter().copied());
            let copied = self.sources.assets.keys().chain(self.sources.statics.keys()).map(String::as_str);
            let folders = urls.chain(files).chain(copied).filter_map(|path| path.split_once('/'));
            folders.map(|(first, _)| first).collect()
        });
        if image || own.contains(first) {
            return None;
        }
        let message = format!("`{}` leads out of this site: nothing here is below `/{first}/`", link.address.trim());
        let help = format!(
            "say where it is under `links:` in unstick.yaml, `/{first}/: https://…`, or write the whole address"
        );
        out.diagnostics.push(Diagnostic::at(&rule::OUTSIDE_ADDRESS, link.span, message).help(help));
        Some(Target::Broken("this address is not part of the site".into()))
    }

    /// A target whose path differs only in upper and lower case.
    fn other_case(&self, file: Option<&str>, link: &Link, parts: &Parts<'_>, out: &mut Resolved) -> Option<Target> {
        let mut lower = file?.trim_end_matches('/').to_lowercase();
        let length = lower.len();
        let actual = ["", ".md", "/_index.md", "/index.md"].iter().find_map(|end| {
            lower.truncate(length);
            lower.push_str(end);
            self.by_lower_path.get(&lower).copied()
        });
        let (shown, target) = match actual {
            Some(actual) => (actual.to_owned(), self.file(actual, link, parts, out)?),
            None => {
                let node = *self.by_lower_url.get(&plain_url(&parts.path).to_lowercase())?;
                (self.tree.nodes[node].url.clone(), self.anchor(node, parts.fragment.clone(), link, out))
            }
        };
        let mut diagnostic = Diagnostic::at(
            &rule::WRONG_CASE,
            link.span,
            format!("`{}` differs from `{shown}` in upper and lower case", parts.path),
        );
        diagnostic.fix = repair::case(self.sources, link, &shown);
        out.diagnostics.push(diagnostic.help("write it as the file is named: most servers tell the two apart"));
        Some(target)
    }

    /// The only file elsewhere that has the name at the end of `path`.
    fn same_name(&self, path: &str) -> Option<&'a str> {
        let table = self.by_file_name.get_or_init(|| {
            let mut table: AHashMap<&str, Vec<&str>> = AHashMap::new();
            for path in self.by_path.keys().copied().chain(self.sources.assets.keys().map(String::as_str)) {
                let name = path.rsplit('/').next().unwrap_or(path);
                table.entry(name.strip_suffix(".md").unwrap_or(name)).or_default().push(path);
            }
            table
        });
        let name = path.trim_end_matches('/').rsplit('/').next()?;
        let name = name.strip_suffix(".md").or_else(|| name.strip_suffix(".html")).unwrap_or(name);
        match table.get(name).map(Vec::as_slice) {
            Some([one]) if !matches!(name, "index" | "_index" | "README") => Some(one),
            _ => None,
        }
    }

    fn relref(&self, page: &Page, number: usize, link: &Link, out: &mut Resolved) -> Target {
        let parts = split(link.address.trim());
        if parts.path.is_empty() {
            let node = self.tree.node_of_page[number].unwrap_or(0);
            return self.anchor(node, parts.fragment, link, out);
        }
        if let Some(target) = self.find(number, link, &parts, out) {
            return target;
        }
        let rooted = Parts {
            path: format!("/{}", parts.path.trim_start_matches('/')),
            fragment: parts.fragment.clone(),
            suffix: parts.suffix,
        };
        if let Some(target) = self.find(number, link, &rooted, out) {
            return target;
        }
        match self.same_name(&parts.path).and_then(|path| self.by_path.get(path)) {
            Some(&number) => self.to_page(number, link, &parts, out),
            None => self.nowhere(page, link, &parts, false, out),
        }
    }

    /// The target that the `links:` table gives for a phrase. One that leads nowhere is reported by
    /// [`Resolver::configuration`] and not again here.
    fn table(&self, phrase: &str) -> Option<Target> {
        let table = &self.sources.config.links;
        if table.is_empty() {
            return None;
        }
        let exact = without_article(phrase);
        let key = hint_key(phrase);
        let value = table
            .iter()
            .find(|(name, _)| without_article(name) == exact)
            .or_else(|| table.iter().find(|(name, _)| hint_key(name) == key))
            .map(|(_, value)| value.trim())?;
        let nowhere = |_| Target::Broken("what the configuration says of it leads nowhere".into());
        let place = self.sources.config.links_span?;
        Some(self.configured(value, place).unwrap_or_else(nowhere))
    }

    /// What an address of the configuration leads to: an address, a source path, an entry's id, a name, or one of the
    /// inventories. Otherwise what is wrong with it, at `place`.
    fn configured(&self, value: &str, place: Span) -> Result<Target, Box<Diagnostic>> {
        let wrong = |rule: &'static Rule, message: String| {
            let diagnostic = Diagnostic::at(rule, place, message);
            Err(Box::new(diagnostic.help("give a path, an address, an entry's id, a name or `inv:NAME#OBJECT`")))
        };
        if let Some(scheme) = scheme(value) {
            return if scheme == INVENTORY {
                self.inventories.resolve(value, Place::Span(place))
            } else if is_unsafe(&scheme) {
                wrong(&rule::UNSAFE_ADDRESS, format!("addresses that begin with `{scheme}:` can run code"))
            } else {
                Ok(Target::External(external(value)))
            };
        }
        let parts = split(value);
        if !parts.path.is_empty() {
            let by_path = self.by_path.get(parts.path.trim_start_matches('/'));
            let node = self.tree.find_url(&parts.path).or_else(|| self.alias(&parts.path));
            if let Some(node) = node.or_else(|| by_path.and_then(|number| self.tree.node_of_page[*number])) {
                let page = self.tree.nodes[node].page.map(|number| &self.parsed.pages[number]);
                return match &parts.fragment {
                    Some(fragment) if !page.is_some_and(|page| page.anchors.contains(fragment)) => {
                        let title = &self.tree.nodes[node].title;
                        wrong(&rule::BROKEN_ANCHOR, format!("“{title}” has no heading or entry `#{fragment}`"))
                    }
                    _ => Ok(Target::Page { node, fragment: parts.fragment }),
                };
            }
            if let Some(number) = by_path.or_else(|| self.drafts.get(&plain_url(&parts.path))) {
                let path = &self.parsed.pages[*number].path;
                return wrong(&rule::LINK_TO_DRAFT, format!("`{path}` is a draft and not part of the site"));
            }
        }
        let id = value.trim_start_matches('#');
        let mut entries = self.parsed.pages.iter().enumerate().filter_map(|(number, page)| {
            let node = self.tree.node_of_page[number]?;
            page.entries.iter().any(|entry| entry.id == id).then_some(node)
        });
        if let (Some(node), None) = (entries.next(), entries.next()) {
            return Ok(Target::Page { node, fragment: Some(id.to_owned()) });
        }
        match self.names().find(&normal(value)) {
            Lookup::One(named) => Ok(to(named)),
            Lookup::Many(all) => wrong(&rule::AMBIGUOUS_NAME, format!("“{value}” fits {} places", all.len())),
            Lookup::None => {
                if let Some(inventory) = self.inventories.find_name(value) {
                    return Ok(Target::Object { inventory, object: None });
                }
                match self.inventories.named(value) {
                    Fits::One(target) => Ok(target),
                    Fits::Unreadable => Ok(Target::Broken(UNREADABLE.into())),
                    Fits::Many(all) => {
                        let message = format!("“{value}” fits {} objects of other sites", all.len());
                        let diagnostic = Diagnostic::at(&rule::AMBIGUOUS_NAME, place, message);
                        Err(Box::new(self.inventories.candidates(diagnostic.help("give the one that is meant"), &all)))
                    }
                    Fits::None => {
                        wrong(&rule::BROKEN_LINK, format!("no page, entry or name of this site is `{value}`"))
                    }
                }
            }
        }
    }

    /// What the authors of page `number` and of its entries name as related; what leads nowhere is reported.
    pub fn related(&self, number: usize, sink: &mut Sink) -> Around {
        let page = &self.parsed.pages[number];
        let own = self.tree.node_of_page[number];
        // A path is counted from the page, as in a link.
        let from_page = |item: &str, span: Span| {
            let parts = split(item);
            let file = join(&page.path, &parts.path).filter(|file| self.by_path.contains_key(file.as_str()))?;
            Some(self.configured(&format!("{file}{}", parts.suffix), span))
        };
        let find = |item: &str, span: Span| from_page(item, span).unwrap_or_else(|| self.configured(item, span));
        let mut resolve = |item: &str, span: Span| match find(item.trim(), span) {
            // No page relates to itself.
            Ok(Target::Page { node, fragment: None }) if Some(node) == own => None,
            Ok(target) => Some(target),
            Err(diagnostic) => {
                sink.push(*diagnostic);
                None
            }
        };
        let matter = page.matter.related.iter();
        let of_page: Vec<Target> = matter
            .filter_map(|item| resolve(item, super::place_of_item(self.sources, page, "related", item)))
            .collect();
        let mut around = Around::default();
        for entry in &page.entries {
            let mut named = if entry.spelling.is_page() { of_page.clone() } else { Vec::new() };
            named.extend(entry.related.iter().filter_map(|(item, span)| resolve(item, *span)));
            around.entries.push(AroundEntry { named, ..AroundEntry::default() });
        }
        if page.entries.iter().all(|entry| !entry.spelling.is_page()) {
            around.named = of_page;
        }
        around
    }

    /// What is wrong with the `links:` table, each line at its place.
    pub fn configuration(&self) -> Sink {
        let config = &self.sources.config;
        let Some(table) = config.links_span else {
            return Sink::new();
        };
        let wrong = config.links.iter().filter_map(|(phrase, value)| {
            let mut mistake = *self.configured(value.trim(), table).err()?;
            mistake.place = Place::Span(self.place_in_table(table, phrase, value.trim()));
            Some(mistake)
        });
        wrong.collect()
    }

    /// Where `value` stands in the `links:` table, or as near to it as can be told.
    fn place_in_table(&self, table: Span, phrase: &str, value: &str) -> Span {
        const QUOTES: [char; 2] = ['"', '\''];
        let text = self.sources.text(table.file);
        let mut at = table.end as usize;
        for line in text[at..].split_inclusive('\n') {
            let key = line.trim_start().trim_start_matches(QUOTES);
            let rest = key.strip_prefix(phrase).map(|rest| rest.trim_start_matches(QUOTES).trim_start());
            if let Some(rest) = rest.filter(|rest| rest.starts_with(':')) {
                let start = match rest.find(value) {
                    Some(found) if !value.is_empty() => at + (line.len() - rest.len()) + found,
                    _ => return Span::new(table.file, at + (line.len() - key.len())..at + line.trim_end().len()),
                };
                return Span::new(table.file, start..start + value.len());
            }
            at += line.len();
        }
        table
    }

    fn name(&self, number: usize, link: &Link, out: &mut Resolved) -> Target {
        if scheme(&link.address).is_some_and(|scheme| scheme == INVENTORY) {
            return self.inventory(&link.address, link, out);
        }
        let (name, fragment) = link
            .address
            .split_once('#')
            .map_or((link.address.as_str(), None), |(name, fragment)| (name, Some(fragment)));
        if let Some(target) = self.table(name) {
            return target;
        }
        match self.names().find(&normal(name)) {
            Lookup::One(named) => match fragment {
                Some(fragment) => self.anchor(named.node, Some(crate::parse::slug::slug(fragment)), link, out),
                None => to(named),
            },
            Lookup::Many(all) => self.ambiguous(link, all, out),
            Lookup::None => {
                // Obsidian also writes paths in double brackets.
                let parts = split(&link.address);
                if let Some(target) = self.find(number, link, &parts, out) {
                    return target;
                }
                if let Some(target) = self.foreign(&link.address, link, out) {
                    return target;
                }
                let diagnostic = Diagnostic::at(
                    &rule::BROKEN_LINK,
                    link.span,
                    format!("no page, heading or question is called “{name}”"),
                );
                out.diagnostics.push(diagnostic.help("a page takes more names by `link_names:` in its front matter"));
                Target::Broken("nothing on this site has that name".into())
            }
        }
    }

    fn ambiguous(&self, link: &Link, all: &[Named<'_>], out: &mut Resolved) -> Target {
        let message = format!("“{}” fits {} places", link.address, all.len());
        let mut diagnostic =
            Diagnostic::at(&rule::AMBIGUOUS_NAME, link.span, message).help("link one of them by its path");
        for named in all.iter().take(8) {
            diagnostic = diagnostic.related(Place::Span(named.span), format!("“{}”", named.title));
        }
        out.diagnostics.push(diagnostic);
        Target::Broken("the name fits several places".into())
    }

    fn reference(&self, link: &Link, out: &mut Resolved) -> Target {
        if let Some(target) = self.table(&link.address) {
            return target;
        }
        match self.names().find(&normal(&link.address)) {
            Lookup::One(named) => to(named),
            Lookup::Many(all) => self.ambiguous(link, all, out),
            Lookup::None => {
                if let Some(target) = self.foreign(&link.address, link, out) {
                    return target;
                }
                let message =
                    format!("`[{}]` is not defined on this page and names nothing on this site", link.address);
                let help = format!("define it with a line `[{}]: address`", link.address);
                out.diagnostics.push(Diagnostic::at(&rule::UNDEFINED_REFERENCE, link.span, message).help(help));
                Target::Text
            }
        }
    }

    /// `[words]` is a link only when it is the name of something; words in brackets are common.
    fn shortcut(&self, link: &Link, out: &mut Resolved) -> Target {
        if let Some(target) = self.table(&link.address) {
            return target;
        }
        match self.names().find(&normal(&link.address)) {
            Lookup::One(named) => to(named),
            Lookup::Many(all) if matches!(self.names().find_page(&normal(&link.address)), Lookup::Many(_)) => {
                self.ambiguous(link, all, out)
            }
            // With the second pair of brackets it was meant as a link, and may be one to another site.
            Lookup::None if link.kind == LinkKind::Collapsed => {
                self.foreign(&link.address, link, out).unwrap_or(Target::Text)
            }
            Lookup::Many(_) | Lookup::None => Target::Text,
        }
    }

    fn hint(&self, number: usize, hint: &Hint, out: &mut Resolved) -> HintTarget {
        let target = self.hint_target(number, hint, out);
        if let HintTarget::Found(to, title) = &target {
            let message = format!("this note is a link to “{title}” now");
            let mut resolved = Diagnostic::at(&rule::RESOLVED_LINK_HINT, hint.span, message);
            resolved.fix = self.written(number, to).and_then(|to| repair::hint(hint, &to, title));
            out.diagnostics.push(resolved.help("`unstick fix` writes the link in its place"));
        }
        target
    }

    /// How a link to `target` is written on page `number`.
    fn written(&self, number: usize, target: &Target) -> Option<String> {
        match target {
            Target::External(address) => Some(address.clone()),
            Target::Page { node, fragment } => {
                let node = &self.tree.nodes[*node];
                Some(match node.page.map(|number| &self.parsed.pages[number].path) {
                    Some(path) => relative(&self.parsed.pages[number].path, path, fragment.as_deref()),
                    None => node.url.clone(),
                })
            }
            Target::Object { inventory, object: Some(object) } => Some(self.inventories.written(*inventory, *object)),
            Target::Object { .. } | Target::Asset { .. } | Target::Text | Target::Broken(_) => None,
        }
    }

    fn hint_target(&self, number: usize, hint: &Hint, out: &mut Resolved) -> HintTarget {
        match self.table(&hint.phrase) {
            Some(Target::Broken(_)) => return HintTarget::Pending,
            Some(target) => {
                let title = self.title(&target).unwrap_or_else(|| hint.phrase.clone());
                return HintTarget::Found(target, title);
            }
            None => {}
        }
        let exact = self.names().find(&without_article(&hint.phrase));
        let found = match exact {
            Lookup::None => self.hint_names().find(&hint_key(&hint.phrase)),
            found => found,
        };
        let own = self.tree.node_of_page[number];
        match found {
            // A hint never means the page it stands on.
            Lookup::One(named) if Some(named.node) != own || named.fragment.is_some() => {
                HintTarget::Found(to(named), named.title.to_owned())
            }
            Lookup::Many(all) => {
                let message = format!("“{}” fits {} places", hint.phrase, all.len());
                let mut diagnostic = Diagnostic::at(&rule::AMBIGUOUS_LINK_HINT, hint.span, message);
                for named in all.iter().take(8) {
                    diagnostic = diagnostic.related(Place::Span(named.span), format!("“{}”", named.title));
                }
                out.diagnostics.push(diagnostic.help(format!(
                    "write the link, or add `{}: …` under `links:` in unstick.yaml",
                    without_article(&hint.phrase)
                )));
                HintTarget::Pending
            }
            _ => self.foreign_hint(hint, own, out),
        }
    }

    /// The last step for a hint, which stands on the page `own`: what other sites have.
    fn foreign_hint(&self, hint: &Hint, own: Option<usize>, out: &mut Resolved) -> HintTarget {
        match self.inventories.hinted(&hint.phrase) {
            Fits::Unreadable => HintTarget::Pending,
            Fits::One(target) => {
                let title = self.title(&target).unwrap_or_else(|| hint.phrase.clone());
                HintTarget::Found(target, title)
            }
            Fits::Many(all) => {
                let message = format!("“{}” fits {} objects of other sites", hint.phrase, all.len());
                let diagnostic = Diagnostic::at(&rule::AMBIGUOUS_LINK_HINT, hint.span, message).help(format!(
                    "write the link, or add `{}: …` under `links:` in unstick.yaml",
                    without_article(&hint.phrase)
                ));
                out.diagnostics.push(self.inventories.candidates(diagnostic, &all));
                HintTarget::Pending
            }
            Fits::None => {
                let message = format!("nothing on this site is called “{}”", hint.phrase);
                let help = format!(
                    "write the link, or add `{}: …` under `links:` in unstick.yaml",
                    without_article(&hint.phrase)
                );
                let mut diagnostic = Diagnostic::at(&rule::UNRESOLVED_LINK_HINT, hint.span, message).help(help);
                let near = self.near.get_or_init(|| Near::of(self.hint_names()));
                for named in near.nearest(&hint.phrase, own) {
                    let message = format!("“{}” comes near", named.title);
                    diagnostic = diagnostic.related(Place::Span(named.span), message);
                }
                out.diagnostics.push(diagnostic);
                HintTarget::Pending
            }
        }
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
