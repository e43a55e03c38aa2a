//! What stands at the end of an entry: whether it helped, and what to do when it did not.
//!
//! Where the site says to whom readers write, the address of each entry is filled in here, so that it works without scripts.
//! Else there is only a place in which `feedback.js` lets readers keep a note.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::Site;
use crate::config::{FEEDBACK, Feedback};
use crate::link::address::encode_fragment;
use crate::link::{Advice, State, Target};
use crate::parse::html::{attribute, escape};

use super::fill::{absolute, href};
use super::messages::Messages;

/// What a value in an address keeps as it is: the unreserved characters of RFC 3986.
pub(super) const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The ends of the entries of one output file.
pub struct Foot<'a> {
    site: &'a Site,
    messages: &'a Messages,
    /// *HTML* that is the same for all; may be empty.
    stuck: String,
}

impl<'a> Foot<'a> {
    /// What all entries of the output file `from` share.
    pub fn of(site: &'a Site, messages: &'a Messages, from: &str) -> Foot<'a> {
        let mut stuck = String::new();
        if !site.linked.escalation.is_empty() {
            stuck += &format!("<p class=\"stuck\"><b>{}</b> ", escape(messages.text("stuck")));
            let mut end = "";
            for piece in &site.linked.escalation {
                match piece {
                    Advice::Html(html) => stuck.push_str(html),
                    Advice::LinkStart(target) => {
                        let address = href(&site.linked, from, target);
                        end = if address.is_some() { "</a>" } else { "" };
                        let is_outside = matches!(target, Target::External(_) | Target::Object { .. });
                        let class = match &address {
                            Some(address) if is_outside && address.starts_with("http") => {
                                " class=\"external\" rel=\"noopener noreferrer\""
                            }
                            _ => "",
                        };
                        if let Some(address) = address {
                            stuck += &format!("<a href=\"{}\"{class}>", attribute(&address));
                        }
                    }
                    Advice::LinkEnd => stuck.push_str(end),
                }
            }
            stuck.push_str("</p>\n");
        }
        Foot { site, messages, stuck }
    }

    /// Appends the end of entry `index` of page `number`.
    pub fn write(&self, html: &mut String, number: usize, index: usize) {
        // What is not answered has not helped.
        let state = self.site.linked.states[number].get(index).and_then(Option::as_ref);
        let is_answered = state.is_some_and(|state| state.state != State::Unanswered);
        let entry = &self.site.parsed.pages[number].entries[index];
        let helped = match &self.site.sources.config.feedback {
            _ if !is_answered => String::new(),
            Feedback::Off => String::new(),
            Feedback::Notes => format!("<div class=\"helped\" data-note=\"{}\"></div>\n", attribute(&entry.id)),
            Feedback::Address(address) => {
                let (asks, tells) = (self.messages.text("note_helped"), self.messages.text("tell_us"));
                let address = self.filled(address, number, index);
                let link = format!("<a href=\"{}\">{}</a>", attribute(&address), escape(tells));
                format!("<p class=\"helped\">{} {link}</p>\n", escape(asks))
            }
        };
        // Where its link leads, for the button that copies it.
        let link = if entry.spelling.is_page() { String::new() } else { format!("#{}", encode_fragment(&entry.id)) };
        for part in ["<div class=\"foot\" data-link=\"", &*attribute(&link), "\">", &helped, "</div>\n", &self.stuck] {
            html.push_str(part);
        }
    }

    /// The address to which readers of an entry write.
    fn filled(&self, address: &str, number: usize, index: usize) -> String {
        let Site { sources, parsed, linked, .. } = self.site;
        let entry = &parsed.pages[number].entries[index];
        let node = linked.tree.node_of_page[number].map(|node| &linked.tree.nodes[node]);
        let fragment =
            if entry.spelling.is_page() { String::new() } else { format!("#{}", encode_fragment(&entry.id)) };
        let path = format!("{}{fragment}", node.map_or("/", |node| &node.url));
        let base_url = sources.config.base_url.as_deref().zip(node);
        let url = base_url.map(|(base_url, node)| format!("{}{fragment}", absolute(base_url, &node.output)));
        let values = [&entry.question, url.as_ref().unwrap_or(&path), &path, &entry.id];
        // One pass, since a title may hold braces.
        let mut filled = String::with_capacity(address.len() + 64);
        let mut rest = address;
        while let Some(at) = rest.find('{') {
            filled.push_str(&rest[..at]);
            rest = &rest[at..];
            match FEEDBACK.iter().zip(values).find(|(name, _)| rest.starts_with(**name)) {
                Some((name, value)) => {
                    filled.extend(utf8_percent_encode(value, VALUE));
                    rest = &rest[name.len()..];
                }
                None => {
                    filled.push('{');
                    rest = &rest[1..];
                }
            }
        }
        filled + rest
    }
}
