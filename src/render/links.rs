//! `unstick-links.json`: every reference of every page, as written and as resolved, for those who are linked to.
//!
//! One line a page, so that a change of one link is a change of one line.

use serde::Serialize;

use super::page::Shared;
use crate::Site;
use crate::inventory::links::{FORMAT, VERSION};
use crate::link::address::encode_path;
use crate::link::{HintTarget, Target};

#[derive(Serialize)]
struct Head<'a> {
    format: &'a str,
    version: u64,
    generator: &'a str,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    base_url: Option<&'a str>,
}

#[derive(Serialize)]
struct PageLinks<'a> {
    url: String,
    source: &'a str,
    links: Vec<Reference<'a>>,
}

#[derive(Serialize)]
struct Reference<'a> {
    /// The entry it stands in.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<&'a str>,
    /// The address, path, name or hint as written.
    to: &'a str,
    kind: &'static str,
    /// The inventory that gave the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    inventory: Option<&'a str>,
    /// The object of that inventory.
    #[serde(skip_serializing_if = "Option::is_none")]
    object: Option<String>,
    /// Where it leads: relative to the root of the site, or absolute.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

/// `unstick-links.json`.
pub fn links(shared: &Shared<'_>) -> Vec<u8> {
    let (site, view) = (shared.site, &shared.site_view);
    let mut bytes = Vec::new();
    let head = Head {
        format: FORMAT,
        version: VERSION,
        generator: &view.generator,
        title: &view.title,
        base_url: site.sources.config.base_url.as_deref(),
    };
    serde_json::to_writer(&mut bytes, &head).expect("the head has only texts and a number");
    // The pages go on with the object that the head began.
    bytes.pop();
    bytes.extend_from_slice(b",\"pages\":[");
    let mut is_first = true;
    for number in site.linked.pages() {
        let page = page(site, number);
        if page.links.is_empty() {
            continue;
        }
        bytes.extend_from_slice(if is_first { b"\n" } else { b",\n" });
        is_first = false;
        serde_json::to_writer(&mut bytes, &page).expect("a page has only texts and lists");
    }
    bytes.extend_from_slice(b"\n]}\n");
    bytes
}

fn page(site: &Site, number: usize) -> PageLinks<'_> {
    let page = &site.parsed.pages[number];
    let entry = |index: Option<usize>| index.map(|index| page.entries[index].id.as_str());
    let links = page.links.iter().zip(&site.linked.targets[number]);
    let links = links.filter_map(|(link, target)| reference(site, entry(link.entry), &link.address, target));
    // A note that has not become a link refers to nothing yet.
    let hints = page.hints.iter().zip(&site.linked.hints[number]);
    let hints = hints.filter_map(|(hint, target)| match target {
        HintTarget::Found(target, _) => reference(site, entry(hint.entry), &hint.phrase, target),
        HintTarget::Pending => None,
    });
    PageLinks {
        url: encode_path(site.linked.output(number).unwrap_or_default()).into_owned(),
        source: site.sources.path(page.file),
        links: links.chain(hints).collect(),
    }
}

fn reference<'a>(site: &'a Site, entry: Option<&'a str>, to: &'a str, target: &'a Target) -> Option<Reference<'a>> {
    // A picture that is in the page itself refers to nothing.
    if to.trim_start().starts_with("data:") {
        return None;
    }
    let (kind, inventory, object) = match target {
        Target::Page { .. } | Target::Asset { .. } => ("site", None, None),
        Target::External(_) => ("outside", None, None),
        Target::Object { inventory, object } => {
            let pinned = &site.linked.inventories.all[*inventory];
            let object = object.map(|object| &pinned.inventory.objects[object]);
            let object = object.map(|object| format!("{}:{}", object.kind(), object.name));
            ("inventory", Some(pinned.name.as_str()), object)
        }
        Target::Broken(_) => ("broken", None, None),
        Target::Text => return None,
    };
    let url = super::fill::href(&site.linked, "", target).map(std::borrow::Cow::into_owned);
    Some(Reference { entry, to, kind, inventory, object, url })
}
