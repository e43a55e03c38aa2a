//! The views of pages: what each template is given.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::utf8_percent_encode;
use rayon::prelude::*;

use super::around::Seen;
use super::fill::{absolute, body, reason, to_output};
use super::foot::{Foot, VALUE};
use super::highlight::{Highlighted, Highlighter};
use super::look;
use super::messages::{Messages, direction};
use super::overview;
use super::structured::structured;
use super::views::{
    ChildView, ContentsView, Counts, EntryView, GroupView, LinkView, MessageView, PageView, SectionView, SiteView,
    TagView, View, WordsView,
};
use crate::Site;
use crate::config::{Feedback, PATH, is_base_url};
use crate::diagnostics::Span;
use crate::link::address::{encode_fragment, encode_path, relative, to_root};
use crate::link::{State, TAGS};
use crate::parse::html::attribute;
use crate::parse::{Message, Page, TocLine};
use crate::plan::{Output, Recipe, has_feed};
use crate::source::line_starts;

/// The words of the theme in a language.
struct Said<'a> {
    messages: Cow<'a, Messages>,
    texts: BTreeMap<String, String>,
    view: tera::Value,
    /// Those of the scripts. What stands around pages is said in the language of the site.
    words: WordsView,
    words_view: tera::Value,
}

impl<'a> Said<'a> {
    fn of(messages: Cow<'a, Messages>, around: &Messages) -> Said<'a> {
        let texts = messages.texts();
        let words = WordsView {
            theme: attribute(&around.for_theme()).into_owned(),
            search: attribute(&around.for_search()).into_owned(),
            feedback: attribute(&messages.for_feedback()).into_owned(),
        };
        let words_view = tera::Value::from_serializable(&words);
        Said { messages, view: tera::Value::from_serializable(&texts), texts, words, words_view }
    }
}

/// A section with more entries than so many does not list those of its pages.
const GLANCE: usize = 300;
/// States, what answers first.
const STATES: [State; 4] = [State::Answered, State::Outdated, State::Draft, State::Unanswered];

/// What all views of a build share.
pub struct Shared<'a> {
    pub(super) site: &'a Site,
    view: tera::Value,
    pub(super) site_view: SiteView,
    /// The words of the theme in the language of the site.
    said: Said<'a>,
    /// Those in the languages of pages that have one of their own.
    of_pages: BTreeMap<&'a str, Said<'a>>,
    /// The line of each entry of each page, from 1.
    lines: Vec<Vec<usize>>,
    /// Entries of each node and of all nodes below it.
    counts: Vec<Counts>,
    /// Place of each node among its siblings.
    position: Vec<usize>,
}

impl<'a> Shared<'a> {
    /// What the views of `site` share.
    pub fn new(site: &'a Site, messages: &'a Messages) -> Shared<'a> {
        let tree = &site.linked.tree;
        let mut counts = vec![Counts::default(); tree.nodes.len()];
        for &node in tree.order.iter().rev() {
            let mut own = tree.nodes[node].page.map_or_else(Counts::default, |number| page_counts(site, number));
            for &child in &tree.nodes[node].children {
                add(&mut own, counts[child]);
            }
            counts[node] = own;
        }
        let mut position = vec![0; tree.nodes.len()];
        for node in &tree.nodes {
            for (at, &child) in node.children.iter().enumerate() {
                position[child] = at;
            }
        }
        let site_view = site_view(site, messages);
        let languages = site.linked.pages().filter_map(|number| site.parsed.pages[number].matter.language.as_deref());
        let languages = languages.filter(|language| *language != site_view.language);
        let languages: BTreeSet<&str> = languages.collect();
        let of_pages = languages
            .into_iter()
            .map(|language| (language, Said::of(Cow::Owned(Messages::of(&site.sources, language)), messages)))
            .collect();
        let lines = site.parsed.pages.par_iter().map(|page| lines(site, page)).collect();
        Shared {
            site,
            view: tera::Value::from_serializable(&site_view),
            site_view,
            said: Said::of(Cow::Borrowed(messages), messages),
            of_pages,
            lines,
            counts,
            position,
        }
    }

    /// The words of the theme for page `number`.
    fn said(&self, number: usize) -> &Said<'a> {
        let language = self.site.parsed.pages[number].matter.language.as_deref();
        language.and_then(|language| self.of_pages.get(language)).unwrap_or(&self.said)
    }

    /// The line of entry `index` of page `number` in its file, from 1.
    pub(super) fn line(&self, number: usize, index: usize) -> usize {
        self.lines[number][index]
    }
}

/// The lines of the entries of a page, in one pass over its text up to the last of them.
fn lines(site: &Site, page: &Page) -> Vec<usize> {
    let text = site.sources.text(page.file);
    let own = page.entries.iter().map(|entry| entry.span).filter(|span| span.file == page.file);
    let last = own.map(|span| span.start as usize + 1).max().unwrap_or(0);
    let starts = line_starts(&text[..text.ceil_char_boundary(last)]);
    let line = |span: Span| match span.file == page.file {
        true => starts.partition_point(|start| *start <= span.start as usize).max(1),
        // An entry that is included.
        false => site.sources.line(span),
    };
    page.entries.iter().map(|entry| line(entry.span)).collect()
}

/// The view of the site as a whole.
fn site_view(site: &Site, messages: &Messages) -> SiteView {
    let config = &site.sources.config;
    let home = site.linked.tree.nodes[0].page.map(|number| &site.parsed.pages[number]);
    let counts = site_counts(site);
    let description = Some(config.description.clone()).filter(|text| !text.is_empty());
    SiteView {
        title: config
            .title
            .clone()
            .or_else(|| home.map(|page| page.title.clone()))
            .unwrap_or_else(|| messages.text("knowledge_base").to_owned()),
        description: description.or_else(|| home.and_then(|page| page.matter.description.clone())).unwrap_or_default(),
        language: config.language.clone(),
        direction: direction(&config.language),
        generator: concat!("unstick ", env!("CARGO_PKG_VERSION")).into(),
        counts,
        search: config.search,
        ask: config.ask.clone(),
        has_tags: !site.linked.tags.is_empty(),
        feed: has_feed(&site.sources, &site.linked),
        image: image(site),
        locale: locale(&config.language),
        theme: look::view(&site.sources),
        extra: config.extra.clone(),
    }
}

/// The absolute address of the picture of the site. One of its own files has none before the site has.
fn image(site: &Site) -> Option<String> {
    let image = site.sources.config.image.as_deref()?;
    if is_base_url(image) {
        return Some(image.to_owned());
    }
    site.sources.config.base_url.as_ref().map(|base_url| format!("{base_url}{}", encode_path(image)))
}

/// The language as Open Graph writes it, `pt_BR` for `pt-BR`. It wants a region, which is not guessed.
fn locale(language: &str) -> Option<String> {
    let mut subtags = language.split('-');
    let first = subtags.next()?.to_lowercase();
    let is_region = |subtag: &&str| subtag.len() == 2 && subtag.bytes().all(|byte| byte.is_ascii_alphabetic());
    // What follows a subtag of one letter is no region.
    let region = subtags.take_while(|subtag| subtag.len() > 1).find(is_region)?;
    Some(format!("{first}_{}", region.to_uppercase()))
}

/// Entries of the whole site by state.
pub fn site_counts(site: &Site) -> Counts {
    let mut counts = Counts::default();
    for number in site.linked.pages() {
        add(&mut counts, page_counts(site, number));
    }
    counts
}

fn add(to: &mut Counts, more: Counts) {
    to.entries += more.entries;
    to.answered += more.answered;
    to.draft += more.draft;
    to.unanswered += more.unanswered;
    to.outdated += more.outdated;
}

/// The entries of a page by state.
pub fn page_counts(site: &Site, number: usize) -> Counts {
    let mut counts = Counts::default();
    for state in site.linked.states[number].iter().flatten() {
        counts.entries += 1;
        match state.state {
            State::Answered => counts.answered += 1,
            State::Draft => counts.draft += 1,
            State::Unanswered => counts.unanswered += 1,
            State::Outdated => counts.outdated += 1,
        }
    }
    counts
}

/// The template of an output and what it is given.
pub fn context(
    shared: &Shared<'_>,
    output: &Output,
    highlighter: &Highlighter,
    highlighted: &mut Highlighted,
) -> (&'static str, tera::Context) {
    let own = match &output.recipe {
        Recipe::Page(node) => shared.site.linked.tree.nodes[*node].page,
        _ => None,
    };
    let language = own.and_then(|number| shared.site.parsed.pages[number].matter.language.as_deref());
    let language = language.unwrap_or(&shared.site_view.language);
    let builder = Builder { shared, site: shared.site, from: &output.path, language };
    let (template, mut page) = match &output.recipe {
        Recipe::Page(node) => builder.node(*node, highlighter, highlighted),
        Recipe::Questions => ("questions.html", builder.list("questions", builder.word("all_questions"), |_| true)),
        Recipe::Open => ("open.html", builder.open()),
        Recipe::Tags => ("tags.html", builder.tags()),
        Recipe::Tag(tag) => ("tag.html", builder.tag(*tag)),
        Recipe::Search => ("search.html", builder.search()),
        _ => ("404.html", builder.list("404", builder.word("page_not_found"), |_| false)),
    };
    if output.recipe == Recipe::NotFound {
        page.breadcrumbs = Vec::new();
    }
    let base_url = shared.site.sources.config.base_url.as_deref();
    page.canonical =
        base_url.filter(|_| output.recipe != Recipe::NotFound).map(|base_url| absolute(base_url, &output.path));
    if let Recipe::Page(node) = output.recipe {
        page.structured = structured(shared, node, page.title, page.canonical.as_deref());
    }
    let root = to_root(&output.path);
    let here = own.map_or(&shared.said, |number| shared.said(number));
    let view = View {
        site: &shared.site_view,
        root: &root,
        t: &shared.said.texts,
        here: &here.texts,
        words: &here.words,
        navigation: look::navigation(shared.site, &output.path),
        footer: look::footer(shared.site, &output.path),
        page,
    };
    let mut context = tera::Context::new();
    // Dots and slashes need no escape.
    context.insert_value("root", tera::Value::safe_string(view.root));
    context.insert_value("t", shared.said.view.clone());
    context.insert_value("here", here.view.clone());
    context.insert_value("words", here.words_view.clone());
    context.insert_value("site", shared.view.clone());
    context.insert("navigation", &view.navigation);
    context.insert("footer", &view.footer);
    context.insert("page", &view.page);
    (template, context)
}

struct Builder<'a> {
    shared: &'a Shared<'a>,
    site: &'a Site,
    from: &'a str,
    /// The language of the page that is made.
    language: &'a str,
}

impl<'a> Builder<'a> {
    fn empty(&self, kind: &'static str, title: &'a str) -> PageView<'a> {
        PageView {
            kind,
            title,
            language: &self.site.sources.config.language,
            direction: self.shared.site_view.direction,
            breadcrumbs: vec![self.link_in(0, &self.site.sources.config.language)],

            ..PageView::default()
        }
    }

    /// A message in the language of the site.
    fn word(&self, key: &'static str) -> &'a str {
        self.shared.said.messages.text(key)
    }

    fn seen(&self) -> Seen<'a> {
        Seen { from: self.from, language: self.language }
    }

    /// A link in the body of the page.
    fn link(&self, node: usize) -> LinkView<'a> {
        self.link_in(node, self.language)
    }

    /// A link to a node from where `language` is spoken.
    fn link_in(&self, node: usize, language: &str) -> LinkView<'a> {
        let target = &self.site.linked.tree.nodes[node];
        let url = relative(self.from, &target.output, None);
        if node == 0 {
            // Its name is a message, in the language of the site.
            let spoken = self.shared.site_view.language.as_str();
            return LinkView {
                title: self.word("home"),
                url,
                language: Some(spoken).filter(|spoken| *spoken != language),
            };
        }
        let seen = Seen { from: self.from, language };
        let language = target.page.and_then(|number| seen.other(self.site, number));
        LinkView { title: target.link_title.as_str(), url, language }
    }

    fn node(
        &self,
        node: usize,
        highlighter: &Highlighter,
        highlighted: &mut Highlighted,
    ) -> (&'static str, PageView<'a>) {
        let tree = &self.site.linked.tree;
        let target = &tree.nodes[node];
        let (kind, template) = match (node, target.is_index || !target.children.is_empty()) {
            (0, _) => ("home", "home.html"),
            (_, true) => ("section", "section.html"),
            (_, false) => ("page", "page.html"),
        };
        let title = if node == 0 && target.title.is_empty() { &self.shared.site_view.title } else { &target.title };
        let mut view = self.empty(kind, title);
        view.breadcrumbs = self.above(node);
        view.address = &target.url;
        view.below = self.shared.counts[node];
        view.children = target.children.iter().map(|&child| self.child(child)).collect();
        match kind {
            "home" => {
                view.linked_most = overview::linked_most(self.site, self.seen());
                view.changes = overview::changes(self.site, self.seen(), &self.shared.said.messages);
            }
            "section" => self.list_entries(node, &mut view.children),
            _ => {}
        }
        if let Some(parent) = target.parent {
            let siblings = &tree.nodes[parent].children;
            let at = self.shared.position[node];
            view.previous = at.checked_sub(1).map(|before| self.link(siblings[before]));
            view.next = siblings.get(at + 1).map(|&after| self.link(after));
        }
        if let Some(number) = target.page {
            self.fill(&mut view, number, highlighter, highlighted);
        }
        (template, view)
    }

    fn fill(&self, view: &mut PageView<'a>, number: usize, highlighter: &Highlighter, highlighted: &mut Highlighted) {
        let page = &self.site.parsed.pages[number];
        view.description = page.matter.description.as_deref().unwrap_or_default();
        view.source = self.site.sources.path(page.file);
        view.edit = self.site.sources.config.edit.as_ref().map(|address| {
            let parts: Vec<_> =
                view.source.split('/').map(|part| utf8_percent_encode(part, VALUE).to_string()).collect();
            address.replace(PATH, &parts.join("/"))
        });
        view.anchor = &page.anchor;
        view.heading = page.heading.as_deref().unwrap_or_default();
        view.body = body(self.site, number, &self.shared.said(number).messages, highlighter, highlighted);
        if let Some(language) = page.matter.language.as_deref() {
            view.language = language;
            view.direction = direction(language);
        }
        let messages = &*self.shared.said(number).messages;
        view.mistakes = &page.mistakes;
        view.applies_to = &page.matter.applies_to;
        view.owner = page.matter.owner.as_deref();
        view.reviewed = page.matter.reviewed.map(|day| day.to_string());
        view.reviewed_on = page.matter.reviewed.map(|day| messages.day(day));
        view.lastmod_on = page.matter.lastmod.map(|day| messages.day(day));
        view.contents = contents(&page.toc);
        view.tags = page.matter.tags.iter().filter_map(|tag| self.tag_link(tag)).collect();
        view.counts = page_counts(self.site, number);
        view.date = page.matter.date.map(|day| day.to_string());
        view.lastmod = page.matter.lastmod.map(|day| day.to_string());
        view.extra = page.matter.extra.iter().map(|(key, value)| (key.as_str(), value)).collect();
        let whole = page.entries.first().is_some_and(|entry| entry.spelling.is_page());
        view.entry = if whole { self.entry(number, 0, messages) } else { None };
        if let Some(entry) = &mut view.entry {
            Foot::of(self.site, messages, self.from).write(&mut view.foot, number, 0);
            let message = |message: &'a Message| MessageView {
                code: message.code.as_deref().unwrap_or_default(),
                text: &message.text,
            };
            // Those that the body shows follow those of the front matter, and need not be shown twice.
            let (own, shown) = page.entries[0].messages.split_at(page.matter.errors.len());
            let is_new = |message: &&Message| {
                message.text.is_empty() || shown.iter().all(|other| other.text.trim() != message.text.trim())
            };
            entry.messages = own.iter().filter(is_new).map(message).collect();
        }
        let answers = view.counts.entries > view.counts.unanswered;
        view.has_notes = answers && self.site.sources.config.feedback == Feedback::Notes;
        let around = &self.site.linked.around[number];
        match around.entries.first().filter(|_| whole) {
            Some(entry) => {
                view.related = super::around::related(self.site, self.seen(), &entry.named, &entry.alike);
                view.linked_from = super::around::linked_from(self.site, self.seen(), &entry.linked_from);
            }
            None => {
                view.related = super::around::related(self.site, self.seen(), &around.named, &[]);
                view.linked_from = super::around::linked_from(self.site, self.seen(), &around.linked_from);
            }
        }
    }

    fn above(&self, node: usize) -> Vec<LinkView<'a>> {
        let tree = &self.site.linked.tree;
        let mut above = Vec::new();
        let mut at = tree.nodes[node].parent;
        while let Some(parent) = at {
            // They stand above what is in the language of the page.
            above.push(self.link_in(parent, &self.site.sources.config.language));
            at = tree.nodes[parent].parent;
        }
        above.reverse();
        above
    }

    fn child(&self, node: usize) -> ChildView<'a> {
        let target = &self.site.linked.tree.nodes[node];
        let page = target.page.map(|number| &self.site.parsed.pages[number]);
        let LinkView { title, url, language } = self.link(node);
        ChildView {
            title,
            url,
            language,
            description: page.and_then(|page| page.matter.description.as_deref()).unwrap_or_default(),
            is_section: !target.children.is_empty(),
            counts: self.shared.counts[node],
            entry: None,
            entries: Vec::new(),
        }
    }

    /// Gives the pages below section `node` their entries, unless these are too many to be seen at a glance.
    fn list_entries(&self, node: usize, children: &mut [ChildView<'a>]) {
        let tree = &self.site.linked.tree;
        let is_small = self.shared.counts[node].entries <= GLANCE;
        for (&child, view) in tree.nodes[node].children.iter().zip(children) {
            let target = &tree.nodes[child];
            let own = target.page.filter(|_| target.children.is_empty());
            let whole = own.filter(|&number| {
                self.site.parsed.pages[number].entries.first().is_some_and(|entry| entry.spelling.is_page())
            });
            if let Some(number) = whole {
                view.entry = self.entry(number, 0, &self.shared.said.messages);
            } else if is_small {
                self.add_entries(child, &mut view.entries);
                // What answers comes first; else the order of the pages stays.
                view.entries.sort_by_key(|entry| STATES.iter().position(|state| state.name() == entry.state));
            }
        }
    }

    fn add_entries(&self, node: usize, entries: &mut Vec<EntryView<'a>>) {
        let target = &self.site.linked.tree.nodes[node];
        if let Some(number) = target.page {
            let indexes = 0..self.site.linked.states[number].len();
            entries.extend(indexes.filter_map(|index| self.entry(number, index, &self.shared.said.messages)));
        }
        for &child in &target.children {
            self.add_entries(child, entries);
        }
    }

    fn tag_link(&self, tag: &'a str) -> Option<LinkView<'a>> {
        let lower = tag.to_lowercase();
        let tags = &self.site.linked.tags;
        let found = tags.binary_search_by(|other| other.title.to_lowercase().cmp(&lower)).ok()?;
        Some(LinkView { title: tag, url: to_output(self.from, &tags[found].output), language: None })
    }

    fn entry(&self, number: usize, index: usize, messages: &Messages) -> Option<EntryView<'a>> {
        let page = &self.site.parsed.pages[number];
        let entry = &page.entries[index];
        let state = self.site.linked.states[number].get(index)?.as_ref()?;
        let output = self.site.linked.output(number)?;
        let fragment = (!entry.spelling.is_page()).then_some(entry.id.as_str());
        Some(EntryView {
            id: &entry.id,
            question: &entry.question,
            url: relative(self.from, output, fragment),
            language: self.seen().other(self.site, number),
            state: state.state.name(),
            reason: reason(state.reason, messages),
            summary: summary(page, index),
            owner: entry.owner.as_deref(),
            reviewed: entry.reviewed.map(|day| day.to_string()),
            reviewed_on: entry.reviewed.map(|day| messages.day(day)),
            age: None,
            messages: Vec::new(),
            applies_to: &entry.applies_to,
            source: self.site.sources.path(page.file),
            line: self.shared.line(number, index),
        })
    }

    /// The entries of a page in the states that `wanted` accepts, as a group; `None` when there are none.
    fn group(&self, number: usize, wanted: impl Fn(State) -> bool) -> Option<GroupView<'a>> {
        let states = &self.site.linked.states[number];
        let indexes =
            (0..states.len()).filter(|&index| states[index].as_ref().is_some_and(|state| wanted(state.state)));
        let entries: Vec<EntryView<'a>> =
            indexes.filter_map(|index| self.entry(number, index, &self.shared.said.messages)).collect();
        let node = self.site.linked.tree.node_of_page[number]?;
        let LinkView { title, url, language } = self.link(node);
        Some(GroupView { title, url, language, entries }).filter(|group| !group.entries.is_empty())
    }

    fn list(&self, kind: &'static str, title: &'a str, wanted: impl Fn(State) -> bool) -> PageView<'a> {
        let mut view = self.empty(kind, title);
        view.groups = self.site.linked.pages().filter_map(|number| self.group(number, &wanted)).collect();
        view.counts = self.shared.site_view.counts;
        view
    }

    /// What is still to do, by page, and how far each section is.
    fn open(&self) -> PageView<'a> {
        let mut view = self.empty("open", self.word("open_questions"));
        let messages = &self.shared.said.messages;
        let is_open = |state: State| state != State::Answered;
        for number in self.site.linked.pages() {
            let Some(mut group) = self.group(number, is_open) else {
                continue;
            };
            let indexes = self.site.linked.states[number].iter().enumerate();
            let indexes = indexes.filter(|(_, state)| state.as_ref().is_some_and(|state| is_open(state.state)));
            for (entry, (index, _)) in group.entries.iter_mut().zip(indexes) {
                entry.age = overview::age(self.site, number, index, messages);
            }
            view.groups.push(group);
        }
        view.counts = self.shared.site_view.counts;
        let tree = &self.site.linked.tree;
        let home = tree.nodes[0].page.map(|number| page_counts(self.site, number)).unwrap_or_default();
        let below = tree.nodes[0].children.iter().map(|&child| (child, self.shared.counts[child]));
        let sections = [(0, home)].into_iter().chain(below).filter(|(_, counts)| counts.entries > 0);
        view.sections = sections
            .map(|(node, counts)| {
                let LinkView { title, url, language } = self.link(node);
                SectionView { title, url, language, counts }
            })
            .collect();
        view.largest_section = view.sections.iter().map(|section| section.counts.entries).max().unwrap_or_default();
        view
    }

    fn tags(&self) -> PageView<'a> {
        let mut view = self.empty("tags", self.word("tags"));
        let tag_view = |tag: &'a crate::link::Tag| TagView {
            title: &tag.title,
            url: to_output(self.from, &tag.output),
            pages: tag.pages.len(),
            entries: tag.pages.iter().map(|&number| page_counts(self.site, number).entries).sum(),
        };
        view.all_tags = self.site.linked.tags.iter().map(tag_view).collect();
        view
    }

    /// The page that searches; what is below the home page is there for those who would rather look.
    fn search(&self) -> PageView<'a> {
        let mut view = self.empty("search", self.word("search"));
        view.children = self.site.linked.tree.nodes[0].children.iter().map(|&child| self.child(child)).collect();
        view.counts = self.shared.site_view.counts;
        view
    }

    fn tag(&self, tag: usize) -> PageView<'a> {
        let tag = &self.site.linked.tags[tag];
        let mut view = self.empty("tag", &tag.title);
        view.breadcrumbs.push(LinkView { title: self.word("tags"), url: to_output(self.from, TAGS), language: None });
        for &number in &tag.pages {
            match (self.group(number, |_| true), self.site.linked.tree.node_of_page[number]) {
                (Some(group), _) => view.groups.push(group),
                (None, Some(node)) => view.children.push(self.child(node)),
                (None, None) => {}
            }
        }
        view
    }
}

/// The table of contents: two levels, counted from the uppermost that occurs.
fn contents(toc: &[TocLine]) -> Vec<ContentsView<'_>> {
    let Some(top) = toc.iter().map(|line| line.level).min() else {
        return Vec::new();
    };
    let mut contents: Vec<ContentsView<'_>> = Vec::new();
    for line in toc.iter().filter(|line| line.level <= top + 1) {
        let view = ContentsView {
            title: &line.text,
            url: ["#", &encode_fragment(&line.id)].concat(),
            question: line.entry.is_some(),
            children: Vec::new(),
        };
        match contents.last_mut() {
            Some(above) if line.level > top => above.children.push(view),
            _ => contents.push(view),
        }
    }
    contents
}

/// The beginning of an answer: its first sentence, or as much of it as fits a line or two.
pub(super) fn summary(page: &Page, index: usize) -> String {
    const LENGTH: usize = 160;
    let Some(part) = page.entries[index].parts.iter().find(|part| part.text.start < part.text.end) else {
        return String::new();
    };
    let text = page.text[part.text.start as usize..part.text.end as usize].trim();
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    // No more is looked at than may be shown.
    let cut = match line.as_bytes().get(..LENGTH) {
        None => line,
        Some(bytes) if bytes.is_ascii() => &line[..LENGTH],
        Some(_) => line.char_indices().nth(LENGTH).map_or(line, |(end, _)| &line[..end]),
    };
    if let Some(end) = memchr::memmem::find(cut.as_bytes(), b". ") {
        return cut[..=end].to_owned();
    }
    if cut.len() == line.len() || (cut.ends_with('.') && line[cut.len()..].starts_with(' ')) {
        return cut.to_owned();
    }
    let words = cut.rsplit_once(' ').map_or(cut, |(words, _)| words);
    format!("{words} …")
}
