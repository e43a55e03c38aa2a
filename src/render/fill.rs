//! Fills the marks of a body: links, images, hints, states and code.

use std::borrow::Cow;

use crate::Site;
use crate::link::address::{encode_path, relative};
use crate::link::{HintTarget, Linked, Reason, State, Target};
use crate::parse::body::{Mark, marks};
use crate::parse::html::{attribute, escape};
use crate::parse::{CodeBlock, HintForm, Link, LinkKind, Page};
use crate::plan::NOT_FOUND;

use super::around::{Seen, tongue};
use super::foot::Foot;
use super::highlight::lines::pointed_out;
use super::highlight::{Highlighted, Highlighter};
use super::messages::Messages;

/// The address of `target` seen from the output file `from`; `None` when it leads nowhere.
pub fn href<'a>(linked: &'a Linked, from: &str, target: &'a Target) -> Option<Cow<'a, str>> {
    match target {
        Target::Page { node, fragment } => {
            let to = &linked.tree.nodes[*node].output;
            let same = to == from && fragment.is_some();
            let full = relative(from, to, fragment.as_deref());
            Some(Cow::Owned(if same { full[full.find('#').unwrap_or(0)..].to_owned() } else { full }))
        }
        Target::Asset { output, suffix } => {
            Some(Cow::Owned(format!("{}{}", relative(from, output, None), encode_suffix(suffix))))
        }
        Target::External(address) => Some(Cow::Borrowed(address)),
        Target::Object { inventory, object } => Some(Cow::Owned(linked.inventories.address(*inventory, *object))),
        Target::Text | Target::Broken(_) => None,
    }
}

fn encode_suffix(suffix: &str) -> String {
    match suffix.split_at_checked(1) {
        Some((mark, rest)) => format!("{mark}{}", crate::link::address::external(rest)),
        None => String::new(),
    }
}

/// The finished body of page `number`.
///
/// What the theme says in it is said in `messages`.
pub fn body(
    site: &Site,
    number: usize,
    messages: &Messages,
    highlighter: &Highlighter,
    highlighted: &mut Highlighted,
) -> String {
    let page = &site.parsed.pages[number];
    let from = site.linked.output(number).unwrap_or(NOT_FOUND);
    let language = page.matter.language.as_deref().unwrap_or(&site.sources.config.language);
    let seen = Seen { from, language };
    let mut html = String::with_capacity(page.html.len() + page.html.len() / 4);
    let mut foot = None;
    let mut pictures = 0;
    let mut is_styled = false;
    let mut said = ("", Cow::Borrowed(""));
    for (finished, mark) in marks(&page.html) {
        html.push_str(finished);
        let Some(mark) = mark else { continue };
        match mark {
            Mark::LinkStart(link) => {
                // Its words are the author's.
                let other = seen.other_of(site, &site.linked.resolved[number].targets[link]);
                let other = other.map_or_else(String::new, |other| format!(" hreflang=\"{}\"", attribute(other)));
                link_start(&mut html, site, page, (number, link), from, &other);
            }
            Mark::LinkEnd(link) => html.push_str(&link_end(number, link, site, page)),
            Mark::Image(link) => {
                pictures += 1;
                // The first is often in view when the page opens; the others need not be there before they are.
                let loading = if pictures == 1 { Loading::Now } else { Loading::InView };
                image(&mut html, (site, messages), (page, number), link, from, loading);
            }
            Mark::TitledLink(link) => {
                let target = &site.linked.resolved[number].targets[link];
                link_start(&mut html, site, page, (number, link), from, &tongue(seen.other_of(site, target)));
                let title = title(site, target);
                let Link { text, address, .. } = &page.links[link];
                let written = if text.trim().is_empty() { address } else { text };
                html.push_str(&escape(title.unwrap_or(written)));
                html.push_str(&link_end(number, link, site, page));
            }
            Mark::Address(link) => raw_address(&mut html, site, number, link, from),
            Mark::Hint(hint) => self::hint(&mut html, (site, messages), page, (number, hint), seen),
            Mark::Code(code) => match super::diagram::figure(&page.code[code], messages) {
                Some(figure) => {
                    if !std::mem::replace(&mut is_styled, true) {
                        html.push_str(&super::diagnosis::style(from));
                    }
                    html.push_str(&figure);
                }
                None => code_block(&mut html, &page.code[code], site, highlighter, highlighted),
            },
            Mark::Formula(number) => html.push_str(&page.formulas[number]),
            Mark::State(entry) => html.push_str(&state_line(site, messages, number, entry)),
            Mark::Around(entry) => {
                foot.get_or_insert_with(|| Foot::of(site, messages, from)).write(&mut html, number, entry);
                html.push_str(&super::around::lines(site, messages, seen, &site.linked.around[number].entries[entry]));
            }
            Mark::Summary(link) => html.push_str(&super::diagnosis::summary(site, number, link)),
            Mark::TreeStart(_) => {
                if !std::mem::replace(&mut is_styled, true) {
                    html.push_str(&super::diagnosis::style(from));
                }
            }
            Mark::TreeEnd(tree) => html.push_str(&super::diagnosis::after(site, messages, number, tree, from)),
            Mark::Word(word) => {
                // Nearly all are the word for the link of a heading.
                if said.0 != word {
                    said = (word, attribute(messages.text(word)));
                }
                html.push_str(&said.1);
            }
            Mark::StateName(entry) => html.push_str(state(site, number, entry).name()),
        }
    }
    html
}

/// The title of a page or of a place in it, or what an object of another site is called.
pub fn title<'a>(site: &'a Site, target: &Target) -> Option<&'a str> {
    if let Target::Object { inventory, object } = target {
        return Some(site.linked.inventories.title(*inventory, *object));
    }
    let Target::Page { node, fragment } = target else {
        return None;
    };
    let node = &site.linked.tree.nodes[*node];
    let toc = node.page.map(|number| &site.parsed.pages[number].toc);
    let line = toc.and_then(|toc| toc.iter().find(|line| Some(&line.id) == fragment.as_ref()));
    Some(line.map_or(&node.title, |line| &line.text))
}

/// An address in an attribute of raw HTML. One that leads nowhere takes its attribute with it and leaves the reason.
fn raw_address(html: &mut String, site: &Site, number: usize, link: usize, from: &str) {
    let target = &site.linked.resolved[number].targets[link];
    if let Some(address) = href(&site.linked, from, target) {
        html.push_str(&attribute(&address));
        return;
    }
    for name in [" href=\"", " src=\""] {
        if html.ends_with(name) {
            html.truncate(html.len() - name.len());
            html.push_str(" data-broken=\"");
        }
    }
    if let Target::Broken(why) = target {
        html.push_str(&attribute(why));
    }
}

fn state(site: &Site, page: usize, entry: usize) -> State {
    site.linked.states[page].get(entry).and_then(Option::as_ref).map_or(State::Answered, |state| state.state)
}

/// Why an entry is a draft or outdated, in words; empty for `None`.
pub fn reason(reason: Option<Reason>, messages: &Messages) -> String {
    match reason {
        None => String::new(),
        Some(Reason::Links(count)) => messages.counted("reason_links", count as u64).unwrap_or_default(),
        Some(Reason::Todo) => messages.text("reason_todo").to_owned(),
        Some(Reason::Draft) => messages.text("reason_draft").to_owned(),
        Some(Reason::Outdated) => messages.text("reason_outdated").to_owned(),
        Some(Reason::Due(day)) => messages.with("reason_due", "day", &messages.day(day)),
    }
}

fn state_line(site: &Site, messages: &Messages, page: usize, entry: usize) -> String {
    let state = site.linked.states[page].get(entry).and_then(Option::as_ref);
    let because = |key, why| messages.with(key, "reason", &reason(why, messages));
    let words = match state.map(|s| (s.state, s.reason)) {
        Some((State::Unanswered, _)) => messages.text("unanswered").to_owned(),
        Some((State::Draft, why)) => because("draft_because", why),
        Some((State::Outdated, why)) => because("outdated_because", why),
        Some((State::Answered, _)) | None => return facts_line(site, messages, page, entry),
    };
    format!("<p class=\"state\">{}</p>\n", escape(&words)) + &facts_line(site, messages, page, entry)
}

/// What an entry applies to and when it was reviewed, where it says so itself; what its page says stands above.
fn facts_line(site: &Site, messages: &Messages, page: usize, entry: usize) -> String {
    let page = &site.parsed.pages[page];
    let entry = &page.entries[entry];
    let applies = Some(&entry.applies_to).filter(|own| !own.is_empty() && **own != page.matter.applies_to);
    let reviewed = entry.reviewed.filter(|day| Some(*day) != page.matter.reviewed);
    if applies.is_none() && reviewed.is_none() {
        return String::new();
    }
    let mut html = String::from("<p class=\"facts\">");
    if let Some(applies) = applies {
        let (name, list) = (messages.text("applies_to"), applies.join(messages.text("comma")));
        html += &format!("<span><span class=\"tally\">{}</span> {}</span>", escape(name), escape(&list));
    }
    if let Some(day) = reviewed {
        let time = format!("<time datetime=\"{day}\">{}</time>", escape(&messages.day(day)));
        html += &format!("<span>{}</span>", messages.html("reviewed_on", "day", &time));
    }
    html + "</p>\n"
}

/// `tongue` are attributes that say in which language the link leads on.
fn link_start(html: &mut String, site: &Site, page: &Page, (number, link): (usize, usize), from: &str, tongue: &str) {
    let (written, target) = (&page.links[link], &site.linked.resolved[number].targets[link]);
    let title =
        if written.title.is_empty() { String::new() } else { format!(" title=\"{}\"", attribute(&written.title)) };
    match (href(&site.linked, from, target), target) {
        (Some(address), Target::External(_) | Target::Object { .. }) => {
            let class =
                if address.starts_with("http") { " class=\"external\" rel=\"noopener noreferrer\"" } else { "" };
            html.extend(["<a href=\"", &*attribute(&address), "\"", class, &title, ">"]);
        }
        (Some(address), _) => html.extend(["<a href=\"", &*attribute(&address), "\"", tongue, &title, ">"]),
        (None, Target::Broken(why)) => {
            html.push_str(&format!("<span class=\"broken-link\" title=\"{}\">", attribute(why)))
        }
        (None, _) => html.push('['),
    }
}

fn link_end(number: usize, link: usize, site: &Site, page: &Page) -> Cow<'static, str> {
    let written = &page.links[link];
    Cow::Borrowed(match (&site.linked.resolved[number].targets[link], written.kind) {
        (Target::Broken(_), _) => "</span>",
        (Target::Text, LinkKind::Reference) => return Cow::Owned(format!("][{}]", escape(&written.address))),
        (Target::Text, LinkKind::Collapsed) => "][]",
        (Target::Text, _) => "]",
        (Target::Page { .. } | Target::Asset { .. } | Target::External(_) | Target::Object { .. }, _) => "</a>",
    })
}

/// When a picture is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Loading {
    /// With its page.
    Now,
    /// When the reader comes near it.
    InView,
}

fn image(
    html: &mut String,
    (site, messages): (&Site, &Messages),
    (page, number): (&Page, usize),
    link: usize,
    from: &str,
    loading: Loading,
) {
    let (written, target) = (&page.links[link], &site.linked.resolved[number].targets[link]);
    let outside = matches!(target, Target::External(address) if !address.starts_with("data:"));
    match href(&site.linked, from, target).filter(|_| !matches!(target, Target::Page { .. })) {
        // The page loads nothing from elsewhere: an outside picture is a link to it.
        Some(address) if outside => {
            let text =
                if written.text.trim().is_empty() { address.clone() } else { Cow::Borrowed(written.text.as_str()) };
            html.push_str(&format!(
                "<a class=\"external\" rel=\"noopener noreferrer\" href=\"{}\">{}</a>",
                attribute(&address),
                escape(&text)
            ));
        }
        Some(address) => {
            let title = if written.title.is_empty() {
                String::new()
            } else {
                format!(" title=\"{}\"", attribute(&written.title))
            };
            let own = match target {
                Target::Asset { output, .. } => site.sources.picture_size(output),
                _ => None,
            };
            let size = scaled(written.size, own);
            // Without a size, what comes late would move what is read.
            let is_late = loading == Loading::InView && size.iter().all(Option::is_some);
            let size = ["width", "height"].into_iter().zip(size);
            let size: String = size.filter_map(|(name, size)| Some(format!(" {name}=\"{}\"", size?))).collect();
            let late = if is_late { " loading=\"lazy\" decoding=\"async\"" } else { "" };
            html.push_str(&format!(
                "<img src=\"{}\" alt=\"{}\"{size}{late}{title}>",
                attribute(&address),
                attribute(&written.text)
            ));
        }
        None => {
            let name = written.address.rsplit('/').next().unwrap_or_default();
            let alt = if written.text.trim().is_empty() { name } else { written.text.as_str() };
            let alt = if alt.is_empty() { messages.text("image") } else { alt };
            html.push_str(&format!(
                "<span class=\"missing-image\" role=\"img\" aria-label=\"{}\">{}</span>",
                attribute(&messages.with("missing_image", "name", alt)),
                escape(alt)
            ));
        }
    }
}

/// The size of a picture: as written; what is missing in proportion to its own size, or that size.
fn scaled(written: [Option<u32>; 2], own: Option<[u32; 2]>) -> [Option<u32>; 2] {
    let Some([width, height]) = own else {
        return written;
    };
    let part = |given: u32, of: u32, all: u32| {
        let scaled = (u64::from(given) * u64::from(of) + u64::from(all) / 2) / u64::from(all);
        u32::try_from(scaled).ok().map(|scaled| scaled.max(1))
    };
    match written {
        [None, None] => [Some(width), Some(height)],
        [Some(given), None] => [Some(given), part(given, height, width)],
        [None, Some(given)] => [part(given, width, height), Some(given)],
        both => both,
    }
}

fn hint(
    html: &mut String,
    (site, messages): (&Site, &Messages),
    page: &Page,
    (number, hint): (usize, usize),
    seen: Seen<'_>,
) {
    let (written, target) = (&page.hints[hint], &site.linked.resolved[number].hints[hint]);
    match target {
        HintTarget::Found(target, title) => {
            let Some(address) = href(&site.linked, seen.from, target) else {
                return;
            };
            let class = if matches!(target, Target::External(_) | Target::Object { .. }) {
                " class=\"external\" rel=\"noopener noreferrer\""
            } else {
                ""
            };
            let tongue = tongue(seen.other_of(site, target));
            let link = format!("<a href=\"{}\"{class}{tongue}>{}</a>", attribute(&address), escape(title));
            html.push_str(&match written.form {
                HintForm::Parenthesis | HintForm::Comment => messages.html("see_inside", "link", &link),
                HintForm::Sentence => messages.html("see_sentence", "link", &link),
                HintForm::CommentBlock => format!("<p>{}</p>\n", messages.html("see_alone", "link", &link)),
            });
        }
        // Readers do not see comments.
        HintTarget::Pending if written.text.is_empty() => {}
        HintTarget::Pending => {
            html.push_str(&format!(
                "<span class=\"pending-link\" title=\"{}\">{}</span>",
                attribute(messages.text("link_to_come")),
                escape(&written.text)
            ));
        }
    }
}

fn code_block(
    html: &mut String,
    block: &CodeBlock,
    site: &Site,
    highlighter: &Highlighter,
    highlighted: &mut Highlighted,
) {
    let language = block.language.to_lowercase();
    if language == "error" {
        html.push_str("<pre class=\"message\" tabindex=\"0\"><code>");
        html.push_str(&pointed_out(&escape(&block.code), &block.lines));
        html.push_str("</code></pre>");
        return;
    }
    if language.is_empty() {
        html.push_str("<pre class=\"code\" tabindex=\"0\"><code>");
    } else {
        let name = attribute(&language);
        html.push_str(&format!(
            "<pre class=\"code\" data-language=\"{name}\" tabindex=\"0\"><code class=\"language-{name}\">"
        ));
    }
    let coloured =
        if site.sources.config.highlight { highlighter.html(&language, &block.code, highlighted) } else { None };
    let coloured = coloured.unwrap_or_else(|| escape(&block.code));
    html.push_str(&pointed_out(&coloured, &block.lines));
    html.push_str("</code></pre>");
}

/// The address of an output file seen from another.
pub fn to_output(from: &str, to: &str) -> String {
    relative(from, to, None)
}

/// The absolute address of an output file.
pub fn absolute(base_url: &str, output: &str) -> String {
    let path = output.strip_suffix("index.html").unwrap_or(output);
    format!("{base_url}{}", encode_path(path))
}
