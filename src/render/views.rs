//! What templates see, and nothing else.
//!
//! Every template gets one [`View`] for the whole of its output. Addresses in a view are finished: relative to the page
//! that is being made, naming their file, percent-encoded. Text is plain text (Tera escapes it); only the fields
//! documented as *HTML* are marked safe. A change in this file is a change for theme authors and goes into the changelog.

use std::collections::BTreeMap;

use serde::Serialize;

/// The root of what a template sees.
#[derive(Debug, Serialize)]
pub struct View<'a> {
    /// The site as a whole; the same for every page.
    pub site: &'a SiteView,
    /// Messages without a count, in the language of the site, by key.
    pub t: &'a BTreeMap<String, String>,
    /// The same messages in the language of the page.
    pub here: &'a BTreeMap<String, String>,
    /// What the scripts say.
    pub words: &'a WordsView,
    /// Prefix that leads from this page to the root of the site: `""`, `"../"`, `"../../"` …
    pub root: &'a str,
    /// The page that is being made.
    pub page: PageView<'a>,
}

/// Messages for the scripts, a `key=text` a line, escaped for an attribute in double quotes: `{{ words.search | safe }}`.
#[derive(Debug, Clone, Serialize)]
pub struct WordsView {
    /// Those of `unstick/theme.js`.
    pub theme: String,
    /// Those of `unstick/search.js`.
    pub search: String,
    /// Those of `unstick/feedback.js`.
    pub feedback: String,
}

/// The site as configured in `unstick.yaml`.
#[derive(Debug, Clone, Serialize)]
pub struct SiteView {
    /// `title` of the configuration, or the title of the home page.
    pub title: String,
    /// `description` of the configuration, or of the home page; may be empty.
    pub description: String,
    /// BCP 47 language tag, `en` unless configured.
    pub language: String,
    /// `ltr` or `rtl`: how its language runs.
    pub direction: &'static str,
    /// Name and version of the program, for `<meta name="generator">`.
    pub generator: String,
    /// Number of pages, entries and states of the whole site.
    pub counts: Counts,
    /// Does any page carry a tag (so that the tags page exists)?
    pub has_tags: bool,
    /// Can the site be searched? Then `unstick/search/index.html` and `unstick/search.js` exist.
    pub search: bool,
    /// Where readers ask what nothing answers, with `{query}` in the place of their words, if the site has said so.
    pub ask: Option<String>,
    /// Is there a feed, `feed.xml`?
    pub feed: bool,
    /// Absolute address of the picture that stands for the site where it is shared, if there is one.
    pub image: Option<String>,
    /// Language and region as Open Graph writes them (`pt_BR`), when the language has a region.
    pub locale: Option<String>,
    /// `extra` of the configuration, as it stands there.
    pub extra: serde_json::Value,
}

/// Entries by state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All entries.
    pub entries: usize,
    /// Entries with a finished answer.
    pub answered: usize,
    /// Entries whose answer is marked or recognised as unfinished.
    pub draft: usize,
    /// Entries without an answer.
    pub unanswered: usize,
    /// Entries past their review date.
    pub outdated: usize,
}

/// One page of the output. Lists that do not apply to a kind of page are empty.
#[derive(Debug, Default, Serialize)]
pub struct PageView<'a> {
    /// `home`, `section`, `page`, `questions`, `tags`, `tag`, `open`, `search` or `404`.
    pub kind: &'static str,
    /// The title, as plain text.
    pub title: &'a str,
    /// Anchor of the title; empty for pages that no file stands behind.
    pub anchor: &'a str,
    /// The first heading of the file when its words differ from the title; may be empty.
    pub heading: &'a str,
    /// The description, as plain text; may be empty.
    pub description: &'a str,
    /// BCP 47 language tag of this page.
    pub language: &'a str,
    /// `ltr` or `rtl`: how that language runs.
    pub direction: &'static str,
    /// Absolute address of this page, when the site has a `base_url`.
    pub canonical: Option<String>,
    /// *JSON-LD* of the page, fit for a `script` element; empty for lists and for what is at no address.
    pub structured: String,
    /// Path of the Markdown file inside the site, with `/`; empty for pages that no file stands behind.
    pub source: &'a str,
    /// Its address from the root of the site: `/a/b/`; empty for pages that stand for no place in the tree.
    pub address: &'a str,
    /// *HTML* of the body without the title; empty where there is none.
    pub body: String,
    /// *HTML* of the end of the page's own entry: did it help, and what to do when it did not; empty where it has none.
    pub foot: String,
    /// Do readers keep notes on entries of this page, so that it needs `unstick/feedback.js`?
    pub has_notes: bool,
    /// What is wrong with the page as a whole (its front matter, its bytes), one sentence each.
    pub mistakes: &'a [String],
    /// From the home page down to the parent of this page.
    pub breadcrumbs: Vec<LinkView<'a>>,
    /// Headings and questions of the page, two levels deep.
    pub contents: Vec<ContentsView<'a>>,
    /// Pages directly below this one.
    pub children: Vec<ChildView<'a>>,
    /// The page before this one under the same parent.
    pub previous: Option<LinkView<'a>>,
    /// The page after this one under the same parent.
    pub next: Option<LinkView<'a>>,
    /// What the author names as related, then entries of other pages on much the same; a handful at most.
    pub related: Vec<LinkView<'a>>,
    /// Where links to the page come from, the first few.
    pub linked_from: Vec<LinkView<'a>>,
    /// Tags of the page, linked to their pages.
    pub tags: Vec<LinkView<'a>>,
    /// The page's own entry when the page as a whole is one (an article or a record).
    pub entry: Option<EntryView<'a>>,
    /// What the page as a whole applies to, each as written.
    pub applies_to: &'a [String],
    /// Day of the last review of the page as a whole, `YYYY-MM-DD`.
    pub reviewed: Option<String>,
    /// The same in words of the page's language.
    pub reviewed_on: Option<String>,
    /// Who looks after the page as a whole, if said.
    pub owner: Option<&'a str>,
    /// Answered entries that most others link to, on the home page.
    pub linked_most: Vec<LinkView<'a>>,
    /// What changed last, on the home page, the newest first.
    pub changes: Vec<ChangeView<'a>>,
    /// Entries by state of each section, on `open`.
    pub sections: Vec<SectionView<'a>>,
    /// The most entries that one of [`PageView::sections`] has.
    pub largest_section: usize,
    /// Entries that this page lists, by the page they stand on: on `questions`, `open` and `tag`. Pages that show entries
    /// in their body leave this empty.
    pub groups: Vec<GroupView<'a>>,
    /// Tags with their number of pages, on the `tags` page.
    pub all_tags: Vec<TagView<'a>>,
    /// Entries of this page by state.
    pub counts: Counts,
    /// Entries of this page and of all pages below it.
    pub below: Counts,
    /// `date` of the front matter, `YYYY-MM-DD`.
    pub date: Option<String>,
    /// `lastmod` of the front matter, `YYYY-MM-DD`.
    pub lastmod: Option<String>,
    /// That day in words of the page's language.
    pub lastmod_on: Option<String>,
    /// Front-matter keys that unstick does not know.
    pub extra: BTreeMap<&'a str, &'a serde_json::Value>,
}

/// A link with its text.
#[derive(Debug, Clone, Serialize)]
pub struct LinkView<'a> {
    /// Text of the link.
    pub title: &'a str,
    /// Relative address.
    pub url: String,
}

/// A line of a page's table of contents.
#[derive(Debug, Clone, Serialize)]
pub struct ContentsView<'a> {
    /// Text of the heading or question.
    pub title: &'a str,
    /// Address inside the page, with `#`.
    pub url: String,
    /// Is it a question (an entry)?
    pub question: bool,
    /// Lines below it.
    pub children: Vec<ContentsView<'a>>,
}

/// A page below a section.
#[derive(Debug, Clone, Serialize)]
pub struct ChildView<'a> {
    /// Its title (`linkTitle` if it has one).
    pub title: &'a str,
    /// Relative address.
    pub url: String,
    /// Its description; may be empty.
    pub description: &'a str,
    /// Does it have pages below it?
    pub is_section: bool,
    /// Entries of the page and of all pages below it.
    pub counts: Counts,
    /// On the page of a section: the entry that the page as a whole is.
    pub entry: Option<EntryView<'a>>,
    /// On the page of a section: the entries of the page and of all pages below it, what answers first. Empty when
    /// [`ChildView::entry`] is there, and where the section has more than a page can show.
    pub entries: Vec<EntryView<'a>>,
}

/// A page or an entry with the day of its last change.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeView<'a> {
    /// Its title or question.
    pub title: &'a str,
    /// Relative address.
    pub url: String,
    /// The day, `YYYY-MM-DD`.
    pub day: String,
    /// The same in words of the site's language.
    pub day_on: String,
}

/// A section with its entries by state.
#[derive(Debug, Clone, Serialize)]
pub struct SectionView<'a> {
    /// Its title.
    pub title: &'a str,
    /// Relative address.
    pub url: String,
    /// Entries of the section and of all pages below it.
    pub counts: Counts,
}

/// An exact text that an entry is about.
#[derive(Debug, Clone, Serialize)]
pub struct MessageView<'a> {
    /// Its code; may be empty.
    pub code: &'a str,
    /// The text; may be empty when there is a code.
    pub text: &'a str,
}

/// An entry: one problem with its answer.
#[derive(Debug, Clone, Serialize)]
pub struct EntryView<'a> {
    /// Anchor of the entry on its page.
    pub id: &'a str,
    /// The question, as plain text.
    pub question: &'a str,
    /// Relative address, with the anchor.
    pub url: String,
    /// `answered`, `draft`, `unanswered` or `outdated`.
    pub state: &'static str,
    /// Why it is a draft or outdated, in words; empty otherwise.
    pub reason: String,
    /// The first sentence or so of the answer, as plain text; may be empty.
    pub summary: String,
    /// Who looks after it, if said.
    pub owner: Option<&'a str>,
    /// Day of the last review, `YYYY-MM-DD`.
    pub reviewed: Option<String>,
    /// The same in words.
    pub reviewed_on: Option<String>,
    /// On `open`: how long ago it was reviewed or its page was changed, in words, if that is known.
    pub age: Option<String>,
    /// Exact texts that the front matter gives and the body does not show, in the entry of a page.
    pub messages: Vec<MessageView<'a>>,
    /// What the entry applies to, each as written.
    pub applies_to: &'a [String],
    /// Path of the Markdown file, with `/`.
    pub source: &'a str,
    /// Line of the question in that file, from 1.
    pub line: usize,
}

/// Entries under one heading.
#[derive(Debug, Clone, Serialize)]
pub struct GroupView<'a> {
    /// Title of the page that the entries stand on.
    pub title: &'a str,
    /// Its relative address.
    pub url: String,
    /// The entries, in the order of the page.
    pub entries: Vec<EntryView<'a>>,
}

/// A tag with its weight.
#[derive(Debug, Clone, Serialize)]
pub struct TagView<'a> {
    /// The tag as first written.
    pub title: &'a str,
    /// Relative address of its page.
    pub url: String,
    /// Number of pages that carry it.
    pub pages: usize,
    /// Number of entries on those pages.
    pub entries: usize,
}
