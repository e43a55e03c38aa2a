//! Links from other sites to this one: whether what they lead to is still there.
//!
//! In steps: read each `unstick-links.json`; pick the links that lead below this site's `base_url`; look for the page, the
//! file or the former address, and for the anchor. What is missing is reported at the other site's file, with its page and
//! with what comes nearest here.

use std::collections::HashMap;

use super::Linked;
use super::address::decode;
use super::resolve::plain_url;
use crate::diagnostics::{Diagnostic, Place, Sink, nearest, rule};
use crate::inventory::links::{self, Link};
use crate::parse::Parsed;
use crate::source::Sources;

/// Checks [`Sources::inbound`] against the site. `is_output` knows the files that a build makes.
pub fn check(sources: &Sources, parsed: &Parsed, linked: &Linked, is_output: &dyn Fn(&str) -> bool) -> Sink {
    let mut sink = Sink::new();
    let Some(base) = sources.config.base_url.as_deref().filter(|_| !sources.inbound.is_empty()) else {
        return sink;
    };
    let judge = Judge::new(parsed, linked, is_output);
    for file in &sources.inbound {
        let place = || Place::Elsewhere(file.path.clone());
        let read = file.bytes.as_ref().map_err(Clone::clone).and_then(|bytes| links::read(bytes));
        let other = match read {
            Ok(other) => other,
            Err(why) => {
                sink.push(Diagnostic::new(&rule::INVALID_INVENTORY, place(), why));
                continue;
            }
        };
        for page in &other.pages {
            for link in &page.links {
                let Some(here) = link.url.as_deref().and_then(|url| below(base, url)) else {
                    continue;
                };
                if let Err(missing) = judge.judge(here) {
                    let message = format!("{} leads to `{here}`, and {}", from(&page.url, link), missing.why);
                    sink.push(Diagnostic::new(&rule::BROKEN_INBOUND_LINK, place(), message).help(missing.help));
                }
            }
        }
    }
    sink
}

/// Where a link of the other site stands.
fn from(page: &str, Link { entry, to, .. }: &Link) -> String {
    let entry = entry.as_ref().map(|entry| format!("#{entry}")).unwrap_or_default();
    format!("`{to}` on `{page}{entry}`")
}

/// What follows `base` in `url`; `None` when it leads to another site. Whether they say http or https does not matter.
fn below<'a>(base: &str, url: &'a str) -> Option<&'a str> {
    fn parts(url: &str) -> Option<(&str, &str)> {
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
        Some(rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len())))
    }
    let ((host, folder), (other, path)) = (parts(base)?, parts(url)?);
    let path = Some(path).filter(|_| host.eq_ignore_ascii_case(other))?;
    path.strip_prefix(folder).or_else(|| {
        // The address of the site without the slash at its end.
        let rest = path.strip_prefix(folder.strip_suffix('/')?)?;
        (rest.is_empty() || rest.starts_with(['?', '#'])).then_some(rest)
    })
}

/// What is not here, and what to do about it.
struct Missing {
    why: String,
    help: String,
}

struct Judge<'a> {
    parsed: &'a Parsed,
    linked: &'a Linked,
    is_output: &'a dyn Fn(&str) -> bool,
    /// Pages by their former addresses.
    aliases: HashMap<String, usize>,
}

impl<'a> Judge<'a> {
    fn new(parsed: &'a Parsed, linked: &'a Linked, is_output: &'a dyn Fn(&str) -> bool) -> Judge<'a> {
        let mut aliases = HashMap::new();
        for number in linked.pages() {
            for alias in &parsed.pages[number].matter.aliases {
                aliases.entry(plain_url(alias)).or_insert(number);
            }
        }
        Judge { parsed, linked, is_output, aliases }
    }

    /// Is there something at this address, counted from the root of the site?
    fn judge(&self, here: &str) -> Result<(), Missing> {
        let path = decode(&here[..here.find(['?', '#']).unwrap_or(here.len())]).into_owned();
        let fragment = here.split_once('#').map(|(_, fragment)| decode(fragment).into_owned());
        let fragment = fragment.filter(|fragment| !fragment.is_empty() && !fragment.starts_with(":~:"));
        let tree = &self.linked.tree;
        let page = match tree.find_url(&format!("/{path}")) {
            Some(node) => tree.nodes[node].page,
            None => match self.aliases.get(&plain_url(&path)) {
                Some(number) => Some(*number),
                None => {
                    // Lists and copied files, whose anchors nobody knows.
                    let folder = format!("{}/index.html", path.trim_end_matches('/'));
                    let is_there = (self.is_output)(&path) || (self.is_output)(&folder);
                    return if is_there { Ok(()) } else { Err(self.no_page(&path, fragment.as_deref())) };
                }
            },
        };
        let (Some(fragment), Some(number)) = (fragment, page) else {
            return Ok(());
        };
        let page = &self.parsed.pages[number];
        // The theme has these on every page.
        if page.anchors.contains(&fragment) || matches!(fragment.as_str(), "top" | "_main") {
            return Ok(());
        }
        let why = format!("“{}” has no heading or entry `#{fragment}`", page.title);
        let help = match nearest(&fragment, page.anchors.iter().map(String::as_str)) {
            Some(near) => format!("the nearest there is `#{near}`; give the old id back to the one that is meant"),
            None => self
                .moved(&fragment)
                .unwrap_or_else(|| "give the old id back, as `{#id}` behind a heading or question".into()),
        };
        Err(Missing { why, help })
    }

    fn no_page(&self, path: &str, fragment: Option<&str>) -> Missing {
        let plain = plain_url(path);
        let draft = self.parsed.pages.iter().enumerate().find(|(number, page)| {
            let url = page
                .matter
                .url
                .as_deref()
                .map_or_else(|| page.path.rsplit_once('.').map_or("", |(stem, _)| stem), str::trim);
            self.linked.tree.node_of_page[*number].is_none() && plain_url(url) == plain
        });
        if let Some((_, page)) = draft {
            let path = &page.path;
            let why = format!("`{path}` is a draft and not part of the site");
            return Missing { why, help: "publish it, or tell the other site".into() };
        }
        let why = "there is no such page or file here".to_owned();
        if let Some(moved) = fragment.and_then(|fragment| self.moved(fragment)) {
            return Missing { why, help: format!("{moved}; if it is the same page, give it `aliases: [/{plain}/]`") };
        }
        let nodes = || self.linked.pages().filter_map(|number| self.linked.tree.node_of_page[number]);
        let urls = || nodes().map(|node| self.linked.tree.nodes[node].url.as_str());
        let last = |url: &str| plain_url(url).rsplit('/').next().unwrap_or_default().to_owned();
        let name = last(path);
        let mut same = urls().filter(|url| !name.is_empty() && last(url) == name);
        let near = match (same.next(), same.next()) {
            (Some(one), None) => Some(one),
            _ => nearest(&format!("/{plain}/"), urls()).or_else(|| {
                // `printing` for `print`.
                let is_longer = |url: &&str| name.len() > 3 && last(url).starts_with(&name);
                let is_shorter = |url: &&str| last(url).len() > 3 && name.starts_with(&last(url));
                let mut alike = urls().filter(|url| is_longer(url) || is_shorter(url));
                alike.next().filter(|_| alike.next().is_none())
            }),
        };
        // The address of a picture or a download; no page takes its place.
        let is_file =
            path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).is_some_and(|(_, end)| end != "html");
        let help = match near {
            None if is_file => "put the file back, or tell the other site".into(),
            Some(near) => {
                format!("the nearest page is `{near}`; if it is the same page, give it `aliases: [/{plain}/]`")
            }
            None => format!("if it was renamed, give the page `aliases: [/{plain}/]`"),
        };
        Missing { why, help }
    }

    /// Where the only entry or heading with this id is now.
    fn moved(&self, fragment: &str) -> Option<String> {
        let mut pages = self.linked.pages().filter(|number| self.parsed.pages[*number].anchors.contains(fragment));
        let (Some(number), None) = (pages.next(), pages.next()) else {
            return None;
        };
        let node = self.linked.tree.node_of_page[number]?;
        Some(format!("`#{fragment}` is on `{}`", self.linked.tree.nodes[node].url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_this_site_are_told() {
        let base = "https://help.example.com/printing/";
        for (url, rest) in [
            ("https://help.example.com/printing/a/#b", Some("a/#b")),
            ("http://HELP.example.com/printing/", Some("")),
            ("https://help.example.com/printing", Some("")),
            ("https://help.example.com/printing#x", Some("#x")),
            ("https://help.example.com/printing-2/", None),
            ("https://help.example.com.evil/printing/", None),
            ("https://help.example.com/", None),
            ("mailto:help.example.com/printing/", None),
            ("printing/", None),
        ] {
            assert_eq!(below(base, url), rest, "{url}");
        }
    }
}
