//! `objects.inv`: what others can link to, as Sphinx, MyST and `sphobjinv` read it.
//!
//! Pages are documents, headings and entries are labels, as `:doc:` and `:ref:` want them; entries and messages have roles
//! of their own besides.

use super::page::Shared;
use crate::inventory::site::{Named, Objects};
use crate::inventory::sphinx;
use crate::link::address::{encode_fragment, encode_path};

/// `objects.inv`.
pub fn inventory(shared: &Shared<'_>) -> Vec<u8> {
    let site = shared.site;
    let tree = &site.linked.tree;
    // A site has no version.
    let mut inventory = sphinx::Writer::new(&shared.site_view.title, "");
    let mut objects = Objects::new(|(kind, name, uri, title): Named<'_>| {
        inventory.object(kind.names(), kind.priority(), name, uri, title);
    });
    for node in tree.order.iter().map(|node| &tree.nodes[*node]) {
        let uri = encode_path(&node.output);
        let title = if node.title.is_empty() { &shared.site_view.title } else { &node.title };
        let name = objects.page(&uri, title);
        let Some(number) = node.page else { continue };
        let page = &site.parsed.pages[number];
        for line in page.toc.iter().filter(|line| line.entry.is_none()) {
            objects.heading(&name, &line.id, &uri, &line.text);
        }
        for (entry, state) in page.entries.iter().zip(&site.linked.states[number]) {
            if state.is_none() {
                continue;
            }
            let at = if entry.spelling.is_page() {
                uri.clone().into_owned()
            } else {
                format!("{uri}#{}", encode_fragment(&entry.id))
            };
            objects.entry(&name, &entry.id, &at, &entry.question);
            for message in &entry.messages {
                objects.message(&name, &entry.id, &at, message.code.as_deref(), &message.text);
            }
        }
    }
    objects.finish();
    inventory.finish()
}
