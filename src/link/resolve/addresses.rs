//! Links by address: a site address, a source path, a file to copy, an address of another site on the same server.

use super::{INVENTORY, Parts, Resolved, Resolver, plain_url, split};
use crate::diagnostics::{Diagnostic, Place, rule};
use crate::link::address::{external, is_unsafe, relative, scheme};
use crate::link::tree::Node;
use crate::link::{Target, encode_path, repair};
use crate::parse::{Link, LinkKind, Page};
use crate::source::{is_markdown, join};
use ahash::AHashMap;

impl<'a> Resolver<'a> {
    pub(super) fn address(&self, page: &Page, number: usize, link: &Link, out: &mut Resolved) -> Target {
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
    pub(super) fn inventory(&self, address: &str, link: &Link, out: &mut Resolved) -> Target {
        self.inventories.resolve(address, Place::Span(link.span)).unwrap_or_else(|mistake| {
            out.diagnostics.push(*mistake);
            Target::Broken("the other site has nothing of that name".into())
        })
    }

    /// What an address on this site leads to.
    pub(super) fn find(&self, number: usize, link: &Link, parts: &Parts<'_>, out: &mut Resolved) -> Option<Target> {
        let path = parts.path.as_str();
        let rooted = path.strip_prefix("@/").or_else(|| path.strip_prefix("~/")).or_else(|| path.strip_prefix('/'));
        let from_root = path.starts_with('/').then_some(path);
        if let Some(node) = from_root.and_then(|path| self.tree.find_url(path)) {
            return Some(self.anchor(node, parts.fragment.clone(), link, out));
        }
        if let Some(node) = from_root.and_then(|path| self.alias(path)) {
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
        out.diagnostics.push(match file {
            None => diagnostic.help("the path leads out of the content folder"),
            // Where no file is copied, no picture is named nearly as one.
            Some(_) if asset && self.sources.assets.is_empty() => diagnostic,
            Some(file) => match self.same_name(path).or_else(|| self.like_name(&file)) {
                Some(near) => diagnostic.help(format!("did you mean `{}`?", relative(&page.path, near, None))),
                None => diagnostic,
            },
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
    pub(super) fn same_name(&self, path: &str) -> Option<&'a str> {
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

    /// The file whose name is most like that of `path`, a letter or two apart; one of the same folder before others.
    fn like_name(&self, path: &str) -> Option<&'a str> {
        let table = self.by_half.get_or_init(|| {
            let mut table: AHashMap<String, Vec<&str>> = AHashMap::new();
            for path in self.by_path.keys().copied().chain(self.sources.assets.keys().map(String::as_str)) {
                let name = split_name(path).1;
                for half in halves(&name, name.len()) {
                    table.entry(half).or_default().push(path);
                }
            }
            table
        });
        let (folder, name) = split_name(path);
        let lengths = name.len().saturating_sub(1)..=name.len() + 1;
        let found = lengths.flat_map(|length| halves(&name, length)).filter_map(|half| table.get(&half)).flatten();
        let distance = |other: &str| {
            let (other_folder, other_name) = split_name(other);
            (strsim::osa_distance(&name, &other_name), folder != other_folder)
        };
        let found = found.map(|other| (distance(other), *other));
        found.filter(|((edits, _), _)| *edits <= 2).min().map(|(_, other)| other)
    }

    pub(super) fn relref(&self, page: &Page, number: usize, link: &Link, out: &mut Resolved) -> Target {
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
}

/// The folder of `path`, and the name of its file in lower case without what says that it is a page.
fn split_name(path: &str) -> (&str, String) {
    let (folder, name) = path.trim_end_matches('/').rsplit_once('/').unwrap_or(("", path.trim_end_matches('/')));
    let name = name.strip_suffix(".md").or_else(|| name.strip_suffix(".html")).unwrap_or(name);
    (folder, name.to_lowercase())
}

/// The beginning and the end of `name`, marked as such, each somewhat shorter than half of a name of `length` bytes: of two
/// names that are a letter apart one of the two is the same. None for names that are too short to be told apart, and for those
/// that are too long to be names.
fn halves(name: &str, length: usize) -> Vec<String> {
    const LENGTHS: std::ops::RangeInclusive<usize> = 4..=120;
    let half = (length / 2).saturating_sub(1).max(1);
    let ends = name.get(..half).zip(name.get(name.len().saturating_sub(half)..));
    match ends {
        Some((begin, end)) if LENGTHS.contains(&name.len()) && !matches!(name, "index" | "_index" | "readme") => {
            let length = length.to_string();
            vec![[&length, "^", begin].concat(), [&length, "$", end].concat()]
        }
        _ => Vec::new(),
    }
}
