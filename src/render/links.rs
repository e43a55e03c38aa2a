//! `unstick-links.json`: every reference of every page, as written and as resolved, for those who are linked to.
//!
//! One line a page, so that a change of one link is a change of one line.

use std::io::{self, Write};

use super::json_writer::JsonWriter;
use super::page::Shared;
use crate::Site;
use crate::inventory::links::{FORMAT, VERSION};
use crate::link::address::encode_path;
use crate::link::{HintTarget, Target};

/// Writes `unstick-links.json`, page by page.
///
/// # Errors
/// When `out` cannot be written to.
pub fn links(shared: &Shared<'_>, out: &mut dyn Write) -> io::Result<()> {
    let (site, view) = (shared.site, &shared.site_view);
    let mut json = JsonWriter::default();
    json.begin();
    json.text("format", FORMAT);
    json.number("version", VERSION);
    json.text("generator", &view.generator);
    json.text("title", &view.title);
    json.some_text("base_url", site.sources.config.base_url.as_deref());
    json.begin_list("pages");
    for number in site.linked.pages() {
        page(&mut json, site, number);
        json.write_much(out)?;
    }
    json.write(out)?;
    out.write_all(b"\n")?;
    json.end_list();
    json.end();
    json.write(out)?;
    out.write_all(b"\n")
}

/// A page on a line of its own, unless it refers to nothing.
fn page(json: &mut JsonWriter, site: &Site, number: usize) {
    let page = &site.parsed.pages[number];
    let links = page.links.iter().zip(&site.linked.resolved[number].targets);
    let links = links.map(|(link, target)| (link.entry, link.address.as_str(), target));
    // A note that has not become a link refers to nothing yet.
    let hints = page.hints.iter().zip(&site.linked.resolved[number].hints);
    let hints = hints.filter_map(|(hint, target)| match target {
        HintTarget::Found(target, _) => Some((hint.entry, hint.phrase.as_str(), target)),
        HintTarget::Pending => None,
    });
    let mut references = links.chain(hints).filter(|(_, to, target)| refers(to, target)).peekable();
    if references.peek().is_none() {
        return;
    }
    json.line();
    json.begin();
    json.text("url", &encode_path(site.linked.output(number).unwrap_or_default()));
    json.text("source", site.sources.path(page.file));
    json.objects("links", references, |json, (entry, to, target)| {
        json.some_text("entry", entry.map(|index| page.entries[index].id.as_str()));
        json.text("to", to);
        match target {
            Target::Page { .. } | Target::Asset { .. } => json.text("kind", "site"),
            Target::External(_) => json.text("kind", "outside"),
            Target::Object { inventory, object } => {
                let pinned = &site.linked.inventories.all[*inventory];
                json.text("kind", "inventory");
                json.text("inventory", &pinned.name);
                if let Some(object) = object.map(|object| &pinned.inventory.objects[object]) {
                    json.text("object", &format!("{}:{}", object.kind(), object.name));
                }
            }
            Target::Broken(_) | Target::Text => json.text("kind", "broken"),
        }
        json.some_text("url", super::fill::href(&site.linked, "", target).as_deref());
    });
    json.end();
}

/// A picture that is in the page itself refers to nothing.
fn refers(to: &str, target: &Target) -> bool {
    !matches!(target, Target::Text) && !to.trim_start().starts_with("data:")
}
