//! Where pages are: their addresses, their output files, and the tree they form.
//!
//! In steps: give every page an address (its `url:`, or its path); add a page for every folder that has none; hang each
//! node below its `parent:` or its folder; order siblings by weight, then title.

use std::borrow::Cow;

use crate::diagnostics::{Diagnostic, Place, Sink, rule};
use crate::parse::{Page, Parsed, title_from_path};
use ahash::AHashMap;

use super::address::decode;
use super::names::Names;

/// A page of the tree: one that was written, or one that stands for a folder.
#[derive(Debug, PartialEq, Eq)]
pub struct Node {
    /// The page behind it, as an index into [`Parsed::pages`].
    pub page: Option<usize>,
    /// Its title.
    pub title: String,
    /// Its title in lists.
    pub link_title: String,
    /// Its address from the root of the site: `/`, `/a/b/`, `/c.html`.
    pub url: String,
    /// Its output file: `index.html`, `a/b/index.html`, `c.html`.
    pub output: String,
    /// The node above it; `None` only for the home page.
    pub parent: Option<usize>,
    /// The nodes below it, in order.
    pub children: Vec<usize>,
    /// Place among its siblings.
    pub weight: Option<i64>,
    /// Does it stand for a folder?
    pub is_index: bool,
}

/// The tree of pages. Node 0 is the home page.
#[derive(Debug)]
pub struct Tree {
    /// Every node.
    pub nodes: Vec<Node>,
    /// The node of each page; `None` for drafts that are left out.
    pub node_of_page: Vec<Option<usize>>,
    /// Nodes by address.
    pub by_url: AHashMap<String, usize>,
    /// Every node from the home page down, each before its children.
    pub order: Vec<usize>,
    /// Folder of the content below the root, with `/` at its end, or empty when it is the root.
    content: String,
}

/// The address of a page by its path: `/a/b/` for `a/b.md` and for `a/b/_index.md`.
fn url_of_path(page: &Page) -> String {
    let stem = page.path.rsplit_once('.').map_or(page.path.as_str(), |(stem, _)| stem);
    let stem = if page.is_index { stem.rsplit_once('/').map_or("", |(folder, _)| folder) } else { stem };
    if stem.is_empty() { "/".into() } else { format!("/{stem}/") }
}

/// `url` as the address of a page, or why it cannot be one.
pub(super) fn checked_url(url: &str) -> Result<String, String> {
    let trimmed = url.trim();
    if super::address::scheme(trimmed).is_some() || trimmed.starts_with("//") {
        return Err("it must be an address on this site, beginning with `/`".into());
    }
    if trimmed.contains(['?', '#', '\\', '\0']) {
        return Err("it must not hold `?`, `#` or `\\`".into());
    }
    let decoded = decode(trimmed);
    let path = decoded.trim_matches('/');
    if path.split('/').any(|part| matches!(part, ".." | ".")) || decoded.contains(['\\', '\0']) {
        return Err("it must not lead out of the site".into());
    }
    if path.split('/').any(|part| part.is_empty()) && !path.is_empty() {
        return Err("it has an empty part".into());
    }
    if path.split('/').any(|part| part.len() > 255) {
        return Err("a part of it is longer than file systems allow".into());
    }
    Ok(match path {
        "" => "/".into(),
        path if path.ends_with(".html") => format!("/{path}"),
        path => format!("/{path}/"),
    })
}

/// The output file of an address.
pub(super) fn output_of(url: &str) -> String {
    let path = url.trim_start_matches('/');
    if path.is_empty() || path.ends_with('/') { format!("{path}index.html") } else { path.to_owned() }
}

impl Tree {
    /// Has the other the same nodes in the same places?
    pub fn is_same(&self, other: &Tree) -> bool {
        self.nodes == other.nodes && self.node_of_page == other.node_of_page && self.order == other.order
    }

    /// Builds the tree of all pages that `included` lets in. They come from the folder `content`.
    pub fn build(parsed: &Parsed, content: &str, included: &dyn Fn(&Page) -> bool, sink: &mut Sink) -> Tree {
        let mut tree = Tree {
            nodes: Vec::new(),
            node_of_page: vec![None; parsed.pages.len()],
            by_url: AHashMap::new(),
            order: Vec::new(),
            content: content.to_owned(),
        };
        // Folders by path; the root folder is the home page.
        let mut folders: AHashMap<String, usize> = AHashMap::new();
        tree.add_home(parsed, included, &mut folders);
        for (number, page) in parsed.pages.iter().enumerate() {
            if tree.node_of_page[number].is_some() || !included(page) {
                continue;
            }
            let url = page.matter.url.as_ref().map_or_else(
                || url_of_path(page),
                |url| {
                    checked_url(url).unwrap_or_else(|why| {
                        let place = page.matter.places.get("url").copied().unwrap_or(page.title_span);
                        sink.push(Diagnostic::at(&rule::WRONG_TYPE, place, format!("`url` cannot be `{url}`: {why}")));
                        url_of_path(page)
                    })
                },
            );
            let node = tree.add(Node {
                page: Some(number),
                title: page.title.clone(),
                link_title: page.matter.link_title.clone().unwrap_or_else(|| page.title.clone()),
                output: output_of(&url),
                url,
                parent: None,
                children: Vec::new(),
                weight: page.matter.weight,
                is_index: page.is_index,
            });
            tree.node_of_page[number] = Some(node);
            if page.is_index {
                folders.insert(folder_of(&page.path).to_owned(), node);
            }
        }
        tree.add_folders(parsed, &mut folders);
        tree.hang(parsed, &folders);
        tree.parents(parsed, sink);
        tree.collisions(parsed, sink);
        tree.sort();
        tree
    }

    fn add(&mut self, node: Node) -> usize {
        self.by_url.entry(node.url.clone()).or_insert(self.nodes.len());
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn add_home(&mut self, parsed: &Parsed, included: &dyn Fn(&Page) -> bool, folders: &mut AHashMap<String, usize>) {
        let find =
            |is_home: &dyn Fn(&Page) -> bool| parsed.pages.iter().position(|page| included(page) && is_home(page));
        let home = find(&|page| page.is_index && !page.path.contains('/'))
            .or_else(|| find(&|page| page.matter.url.as_deref().map(str::trim) == Some("/")));
        let page = home.map(|number| &parsed.pages[number]);
        let title = page.map_or_else(String::new, |page| page.title.clone());
        self.add(Node {
            page: home,
            link_title: page.and_then(|page| page.matter.link_title.clone()).unwrap_or_else(|| title.clone()),
            title,
            url: "/".into(),
            output: "index.html".into(),
            parent: None,
            children: Vec::new(),
            weight: None,
            is_index: true,
        });
        if let Some(number) = home {
            self.node_of_page[number] = Some(0);
        }
        folders.insert(String::new(), 0);
    }

    /// A node for every folder above a page that has none.
    fn add_folders(&mut self, parsed: &Parsed, folders: &mut AHashMap<String, usize>) {
        let mut last = "";
        for (number, page) in parsed.pages.iter().enumerate() {
            let mut folder = folder_of(&page.path);
            // Pages come folder by folder.
            if self.node_of_page[number].is_none() || folder == last {
                continue;
            }
            last = folder;
            while !folder.is_empty() {
                if !folders.contains_key(folder) {
                    let title = title_from_path(&format!("{folder}/_index.md"));
                    let url = format!("/{folder}/");
                    // A page may have that address by its `url:`: then it is the folder's.
                    let node = match self.by_url.get(&url) {
                        Some(node) => *node,
                        None => self.add(Node {
                            page: None,
                            link_title: title.clone(),
                            title,
                            output: output_of(&url),
                            url,
                            parent: None,
                            children: Vec::new(),
                            weight: None,
                            is_index: true,
                        }),
                    };
                    folders.insert(folder.to_owned(), node);
                }
                folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
            }
        }
    }

    /// Hangs every node below its folder.
    fn hang(&mut self, parsed: &Parsed, folders: &AHashMap<String, usize>) {
        let above =
            |folder: &str| folders.get(folder.rsplit_once('/').map_or("", |(above, _)| above)).copied().unwrap_or(0);
        for (number, page) in parsed.pages.iter().enumerate() {
            let Some(node) = self.node_of_page[number].filter(|node| *node != 0) else {
                continue;
            };
            let folder = folder_of(&page.path);
            let parent = if page.is_index { above(folder) } else { folders.get(folder).copied().unwrap_or(0) };
            self.nodes[node].parent = Some(if parent == node { above(folder) } else { parent });
        }
        for (folder, &node) in folders {
            if node != 0 && self.nodes[node].page.is_none() {
                self.nodes[node].parent = Some(above(folder));
            }
        }
    }

    /// Lets `parent:` win over the folder.
    fn parents(&mut self, parsed: &Parsed, sink: &mut Sink) {
        let mut names: Option<Names<'_>> = None;
        for (number, page) in parsed.pages.iter().enumerate() {
            let (Some(node), Some(parent)) = (self.node_of_page[number], &page.matter.parent) else {
                continue;
            };
            let place = page.matter.places.get("parent").copied().unwrap_or(page.title_span);
            let mut found = self.find_url(parent).or_else(|| {
                let path = crate::source::join(&page.path, parent).unwrap_or_default();
                let by_path = parsed
                    .pages
                    .iter()
                    .position(|page| page.path == path || page.path == parent.trim_start_matches('/'));
                by_path.and_then(|number| self.node_of_page[number])
            });
            if found.is_none() && !parent.starts_with('/') {
                let names = names.get_or_insert_with(|| Names::of_pages(parsed, &self.node_of_page));
                found = names.single_page(parent);
            }
            match found {
                Some(found) if found == node || self.is_below(found, node) => {
                    let message = format!("`{parent}` lies below this page, so it cannot be above it");
                    sink.push(
                        Diagnostic::at(&rule::UNKNOWN_PARENT, place, message).help("the page stays in its folder"),
                    );
                }
                Some(found) => self.nodes[node].parent = Some(found),
                None => {
                    let message = format!("no page has the address or the name `{parent}`");
                    sink.push(
                        Diagnostic::at(&rule::UNKNOWN_PARENT, place, message).help("the page stays in its folder"),
                    );
                }
            }
        }
    }

    /// Is `node` somewhere below `above`?
    fn is_below(&self, node: usize, above: usize) -> bool {
        let mut at = Some(node);
        let mut steps = 0;
        while let Some(current) = at {
            if current == above {
                return true;
            }
            steps += 1;
            if steps > self.nodes.len() {
                return true;
            }
            at = self.nodes[current].parent;
        }
        false
    }

    /// The node with this address, however it is spelled: with or without slashes at its ends, with `index.html`, without
    /// `.html`.
    pub fn find_url(&self, url: &str) -> Option<usize> {
        let path = url.trim_start_matches('/');
        let path =
            path.strip_suffix("index.html").filter(|rest| rest.is_empty() || rest.ends_with('/')).unwrap_or(path);
        let path = path.trim_end_matches('/');
        if path.is_empty() {
            return url.starts_with('/').then_some(0);
        }
        let mut candidate = String::with_capacity(path.len() + 6);
        candidate.push('/');
        candidate.push_str(path);
        ["/", "", ".html"].iter().find_map(|end| {
            candidate.truncate(path.len() + 1);
            candidate.push_str(end);
            self.by_url.get(&candidate).copied()
        })
    }

    /// Two nodes with one output file, also when only the case differs, as on the disks of Windows and macOS.
    fn collisions(&self, parsed: &Parsed, sink: &mut Sink) {
        let mut taken: AHashMap<Cow<'_, str>, usize> = AHashMap::with_capacity(self.nodes.len());
        for (number, node) in self.nodes.iter().enumerate() {
            let Some(first) = taken.insert(lowercase(&node.output), number) else {
                continue;
            };
            let place = |node: usize| self.place(node, parsed);
            let same = self.nodes[first].output == node.output;
            let message = if same {
                format!("two pages have the address `{}`", node.url)
            } else {
                format!("`{}` and `{}` differ only in upper and lower case", self.nodes[first].url, node.url)
            };
            let diagnostic = Diagnostic::new(&rule::DUPLICATE_URL, place(number), message)
                .related(place(first), "the other page")
                .help("give one of them another `url:` or file name");
            sink.push(diagnostic);
        }
    }

    /// Where a node comes from.
    pub fn place(&self, node: usize, parsed: &Parsed) -> Place {
        match self.nodes[node].page.map(|number| &parsed.pages[number]) {
            Some(page) => Place::Span(page.matter.places.get("url").copied().unwrap_or(page.title_span)),
            // The address of a folder is its path.
            None => Place::Path(format!("{}{}", self.content, self.nodes[node].url.trim_start_matches('/'))),
        }
    }

    fn sort(&mut self) {
        for number in 1..self.nodes.len() {
            let parent = self.nodes[number].parent.unwrap_or(0);
            self.nodes[parent].children.push(number);
        }
        for number in 0..self.nodes.len() {
            let mut children = std::mem::take(&mut self.nodes[number].children);
            children.sort_by_cached_key(|&child| {
                let node = &self.nodes[child];
                (node.weight.is_none(), node.weight, lowercase(&node.title), node.url.as_str())
            });
            self.nodes[number].children = children;
        }
        let mut open = vec![0];
        while let Some(node) = open.pop() {
            self.order.push(node);
            open.extend(self.nodes[node].children.iter().rev());
        }
    }
}

/// `text` in lower case, which most addresses are in already.
fn lowercase(text: &str) -> Cow<'_, str> {
    let is_lower = text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    if is_lower { Cow::Borrowed(text) } else { Cow::Owned(text.to_lowercase()) }
}

/// The folder of a path, without a slash at its end.
pub fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_stay_inside_the_site() {
        assert_eq!(checked_url("/a/b").as_deref(), Ok("/a/b/"));
        assert_eq!(checked_url("a/b/").as_deref(), Ok("/a/b/"));
        assert_eq!(checked_url("/a/b.html").as_deref(), Ok("/a/b.html"));
        assert_eq!(checked_url("/").as_deref(), Ok("/"));
        for wrong in
            ["../x", "/a/../b", "%2e%2e/x", "..\\x", "https://example.org/", "/a?b", "/a//b", "//host/x", "/a%00b"]
        {
            assert!(checked_url(wrong).is_err(), "{wrong}");
        }
    }
}
