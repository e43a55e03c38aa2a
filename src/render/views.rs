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
    /// Links of the header that the site configures.
    pub navigation: Vec<NavigationView<'a>>,
    /// *HTML* of the footer that the site configures; empty when it does not.
    pub footer: String,
    /// The page that is being made.
    pub page: PageView<'a>,
}

/// A link of the header.
#[derive(Debug, Clone, Serialize)]
pub struct NavigationView<'a> {
    /// Text of the link.
    pub title: &'a str,
    /// Address: relative, or on another site.
    pub url: String,
    /// Does it lead to this page?
    pub current: bool,
    /// Does it lead out of the site?
    pub external: bool,
}

/// What `theme` of the configuration names. Paths are counted from the root of the site and percent-encoded:
/// `{{ root }}{{ site.theme.favicon }}`.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ThemeView {
    /// Path of the stylesheet that is made of the configuration's colours and fonts, if it has any.
    pub stylesheet: Option<String>,
    /// The logo, if there is one.
    pub logo: Option<LogoView>,
    /// Path of the picture that stands for the site in a tab.
    pub favicon: String,
    /// Its media type.
    pub favicon_type: &'static str,
    /// Paths of the site's own stylesheets.
    pub css: Vec<String>,
    /// Paths of the site's own scripts.
    pub js: Vec<String>,
}

/// The picture in the header.
#[derive(Debug, Clone, Serialize)]
pub struct LogoView {
    /// Path of the picture on light ground.
    pub light: String,
    /// How wide it is where it is 32 pixels high, in pixels, if its file says so.
    pub width: Option<u32>,
    /// Path of the picture on dark ground, if it is another.
    pub dark: Option<String>,
    /// How wide that is.
    pub dark_width: Option<u32>,
    /// Does it take the place of the title?
    pub replaces_title: bool,
}

/// Messages for the scripts, a `key=text` a line, escaped for an attribute in double quotes: `{{ words.search | safe }}`.
#[derive(Debug, Clone, Serialize)]
pub struct WordsView {
    /// Those of `unstick/theme.js`.
    pub theme: String,
    /// Those of `unstick/search.js`, which gets them from `unstick/theme.js`.
    pub search: String,
    /// Those of `unstick/feedback.js`, in the language of the page.
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
    /// What `theme` of the configuration names.
    pub theme: ThemeView,
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
    /// Where readers change its file, if the site says so.
    pub edit: Option<String>,
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
    /// Language of what it leads to, when that is another than the language around it.
    pub language: Option<&'a str>,
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
    /// Language of what it leads to, when that is another than the language around it.
    pub language: Option<&'a str>,
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
    /// Language of what it leads to, when that is another than the language around it.
    pub language: Option<&'a str>,
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
    /// Language of what it leads to, when that is another than the language around it.
    pub language: Option<&'a str>,
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
    /// Its language, when that is another than the language around it.
    pub language: Option<&'a str>,
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
    /// On `open`: how long ago it was reviewed or its page was changed, in words, if that is known. Elsewhere it is left out,
    /// since one field less halves the table that Tera makes of an entry.
    #[serde(skip_serializing_if = "Option::is_none")]
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
    /// Language of what it leads to, when that is another than the language around it.
    pub language: Option<&'a str>,
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

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const MANUAL: &str = include_str!("../../docs/themes.md");

    fn link() -> LinkView<'static> {
        LinkView { title: "Paper", url: "paper/index.html".into(), language: Some("ar") }
    }

    fn entry(applies_to: &[String]) -> EntryView<'_> {
        EntryView {
            id: "jam",
            question: "Why does it jam?",
            url: "#jam".into(),
            language: Some("ar"),
            state: "answered",
            reason: String::new(),
            summary: "The tray is full.".into(),
            owner: Some("desk"),
            reviewed: Some("2026-10-01".into()),
            reviewed_on: Some("1 October 2026".into()),
            age: Some("2 months".into()),
            messages: vec![MessageView { code: "E52", text: "Tray full" }],
            applies_to,
            source: "content/paper.md",
            line: 1,
        }
    }

    /// What a template sees, with something in every list and a value for everything that may be missing.
    fn everything() -> Value {
        let texts = BTreeMap::new();
        let lists = ["x".to_owned()];
        let extra = Value::Null;
        let words = WordsView { theme: String::new(), search: String::new(), feedback: String::new() };
        let contents = |children| ContentsView { title: "Jam", url: "#jam".into(), question: true, children };
        let logo = LogoView {
            light: "a.svg".into(),
            width: Some(96),
            dark: Some("b.svg".into()),
            dark_width: Some(96),
            replaces_title: false,
        };
        let theme = ThemeView {
            stylesheet: Some("unstick/site.css".into()),
            logo: Some(logo),
            favicon: "a.svg".into(),
            favicon_type: "image/svg+xml",
            css: vec!["a.css".into()],
            js: vec!["a.js".into()],
        };
        let site = SiteView {
            title: String::new(),
            description: String::new(),
            language: "en".into(),
            direction: "ltr",
            generator: String::new(),
            counts: Counts::default(),
            has_tags: true,
            search: true,
            ask: Some(String::new()),
            feed: true,
            image: Some(String::new()),
            locale: Some(String::new()),
            theme,
            extra: Value::Null,
        };
        let child = ChildView {
            title: "Paper",
            url: String::new(),
            language: Some("ar"),
            description: "",
            is_section: false,
            counts: Counts::default(),
            entry: Some(entry(&lists)),
            entries: vec![entry(&lists)],
        };
        let page = PageView {
            breadcrumbs: vec![link()],
            contents: vec![contents(vec![contents(Vec::new())])],
            children: vec![child],
            previous: Some(link()),
            next: Some(link()),
            related: vec![link()],
            linked_from: vec![link()],
            linked_most: vec![link()],
            changes: vec![ChangeView {
                title: "Paper",
                url: String::new(),
                language: Some("ar"),
                day: "2026-10-01".into(),
                day_on: "1 October 2026".into(),
            }],
            sections: vec![SectionView {
                title: "Paper",
                url: String::new(),
                language: Some("ar"),
                counts: Counts::default(),
            }],
            tags: vec![link()],
            entry: Some(entry(&lists)),
            groups: vec![GroupView {
                title: "Paper",
                url: String::new(),
                language: Some("ar"),
                entries: vec![entry(&lists)],
            }],
            edit: Some(String::new()),
            all_tags: vec![TagView { title: "paper", url: String::new(), pages: 1, entries: 1 }],
            extra: BTreeMap::from([("mine", &extra)]),
            ..PageView::default()
        };
        let navigation = vec![NavigationView { title: "Status", url: String::new(), current: false, external: true }];
        let view = View {
            site: &site,
            t: &texts,
            here: &texts,
            words: &words,
            root: "",
            navigation,
            footer: String::new(),
            page,
        };
        serde_json::to_value(view).expect("views are plain data")
    }

    /// The section of the manual under the heading with this anchor.
    fn section(anchor: &str) -> &'static str {
        let start = MANUAL.find(&format!("{{#{anchor}}}")).expect("the manual has the section");
        let end = MANUAL[start..].find("\n##").map_or(MANUAL.len(), |end| start + end);
        &MANUAL[start..end]
    }

    /// The rows of tables about `path`, and the sections that they link to.
    fn about(path: &str) -> String {
        let rows = MANUAL.lines().filter(|line| line.starts_with('|'));
        let named = format!("`{path}`");
        let rows = rows.filter(|row| row.split('|').nth(1).is_some_and(|cell| cell.contains(&named)));
        let mut text: String = rows.collect::<Vec<&str>>().join("\n");
        assert!(!text.is_empty(), "no row of docs/themes.md is about {named}");
        let links: Vec<String> =
            text.split("](#").skip(1).map(|rest| rest.split(')').next().unwrap_or_default().to_owned()).collect();
        for anchor in links {
            text += section(&anchor);
        }
        text
    }

    #[test]
    fn the_manual_names_every_field() {
        let view = everything();
        let mut fields = 0;
        let Value::Object(root) = &view else { panic!("a view has fields") };
        for (name, value) in root {
            let text = about(name);
            let Value::Object(inner) = value else {
                fields += named(value, &text, name);
                continue;
            };
            for (field, value) in inner {
                fields += 1;
                let path = format!("{name}.{field}");
                match name.as_str() {
                    "site" | "page" => {
                        let text = about(&path);
                        if !["site.extra", "page.extra", "site.theme"].contains(&path.as_str()) {
                            fields += named(value, &text, &path);
                        }
                    }
                    _ => assert!(text.contains(&format!("`{path}`")), "docs/themes.md does not name `{path}`"),
                }
            }
        }
        let Value::Object(theme) = &view["site"]["theme"] else { panic!("it has fields") };
        for (field, value) in theme {
            fields += 1 + named(value, &about(&format!("site.theme.{field}")), field);
        }
        assert!(fields > 80, "only {fields}");
    }

    /// How many fields of `value` are named in `text`, which has to be all of them.
    fn named(value: &Value, text: &str, path: &str) -> usize {
        match value {
            Value::Array(items) => items.iter().map(|item| named(item, text, path)).sum(),
            Value::Object(fields) => {
                let mut count = 0;
                for (field, value) in fields {
                    assert!(text.contains(&format!("`{field}`")), "docs/themes.md does not name `{field}` of `{path}`");
                    count += 1 + named(value, text, path);
                }
                count
            }
            _ => 0,
        }
    }
}
