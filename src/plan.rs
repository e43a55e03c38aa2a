//! The list of output files, each with the recipe that makes it.
//!
//! In steps: list the pages, the generated lists, the machine files, the theme and the copied files, in the order of their
//! paths; report two recipes for one path. A plan holds no bytes: making is [`crate::render`]'s.

use std::collections::BTreeMap;
use std::iter;
use std::path::PathBuf;

use crate::config::{Feedback, RedirectFile, is_base_url};
use crate::default_theme;
use crate::diagnostics::{Diagnostic, Place, Sink, rule};
use crate::link::{Linked, OPEN, QUESTIONS, SEARCH, TAGS};
use crate::parse::Parsed;
use crate::parse::diagram::is_diagram;
use crate::search::pack::Packed;
use crate::search::text::stemmer;
use crate::source::Sources;

/// How an output file is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipe {
    /// The page of a node of the tree.
    Page(usize),
    /// All questions.
    Questions,
    /// The questions that are open.
    Open,
    /// All tags.
    Tags,
    /// The pages of one tag.
    Tag(usize),
    /// The page that searches.
    Search,
    /// The page for addresses that do not exist.
    NotFound,
    /// A page that leads on, of [`Linked::redirects`].
    Redirect(usize),
    /// `_redirects`, as Netlify, Cloudflare Pages and others read it.
    RedirectRules,
    /// `redirects.map`, for the `map` of nginx.
    NginxMap,
    /// `sitemap.xml`.
    SiteMap,
    /// `feed.xml`, what has changed last.
    Feed,
    /// `unstick.json`.
    Json,
    /// `unstick-links.json`.
    Links,
    /// `objects.inv`.
    Inventory,
    /// A file of the index, of [`crate::Site::search`].
    Index(usize),
    /// A file of the theme: these one behind the other. The colours of highlighted code are in one.
    Theme(Vec<&'static [u8]>),
    /// `unstick/site.css`, what the configuration says of colours and fonts.
    Look,
    /// A file of the site, copied.
    Copy(PathBuf),
}

impl Recipe {
    /// Is it made by a template, which may fail?
    pub fn is_page(&self) -> bool {
        match self {
            Recipe::Page(_)
            | Recipe::Questions
            | Recipe::Open
            | Recipe::Tags
            | Recipe::Tag(_)
            | Recipe::Search
            | Recipe::NotFound => true,
            Recipe::Redirect(_)
            | Recipe::RedirectRules
            | Recipe::NginxMap
            | Recipe::SiteMap
            | Recipe::Feed
            | Recipe::Json
            | Recipe::Links
            | Recipe::Inventory
            | Recipe::Index(_)
            | Recipe::Theme(_)
            | Recipe::Look
            | Recipe::Copy(_) => false,
        }
    }
}

/// One output file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Path below the output folder, with `/`.
    pub path: String,
    /// How it is made.
    pub recipe: Recipe,
}

/// Everything that a build makes, in the order of the paths.
#[derive(Debug, Default)]
pub struct Plan {
    /// The files.
    pub outputs: Vec<Output>,
}

impl Plan {
    /// Is there an output with this path?
    pub fn has(&self, path: &str) -> bool {
        self.outputs.binary_search_by(|output| output.path.as_str().cmp(path)).is_ok()
    }
}

/// Output file of the feed.
pub const FEED: &str = "feed.xml";

/// Output file of the page for addresses that do not exist.
pub const NOT_FOUND: &str = "404.html";

/// Output file of the stylesheet that is made of the configuration.
pub const LOOK: &str = "unstick/site.css";

/// Is there such a stylesheet?
pub fn has_look(sources: &Sources) -> bool {
    let look = &sources.config.look;
    !(look.colors.is_empty() && look.fonts.is_empty() && look.font_files.is_empty())
}

/// Is there a feed? Its addresses have to be absolute, and it has a date only where something in it has one.
pub fn has_feed(sources: &Sources, linked: &Linked) -> bool {
    sources.config.base_url.is_some() && !linked.changes.is_empty()
}

/// Plans the site.
pub fn plan(sources: &Sources, parsed: &Parsed, linked: &Linked, search: &[Packed]) -> (Plan, Sink) {
    let mut sink = Sink::new();
    let mut planned: BTreeMap<String, (Recipe, Place)> = BTreeMap::new();
    let made = |what: &str| Place::Elsewhere(format!("{what}, made by unstick"));
    let mut add = |path: &str, recipe: Recipe, place: Place| {
        if let Some((_, other)) = planned.get(path) {
            // Two pages with one address are reported by the tree.
            if !matches!(recipe, Recipe::Page(_)) {
                let diagnostic = Diagnostic::new(
                    &rule::DUPLICATE_URL,
                    other.clone(),
                    format!("two files would be written to `{path}`"),
                )
                .related(place, "the other file")
                .help("rename one of them, or give the page another `url:`");
                sink.push(diagnostic);
            }
            return;
        }
        planned.insert(path.to_owned(), (recipe, place));
    };
    for node in &linked.tree.order {
        add(&linked.tree.nodes[*node].output, Recipe::Page(*node), linked.tree.place(*node, parsed));
    }
    for (number, redirect) in linked.redirects.iter().enumerate() {
        add(&redirect.output, Recipe::Redirect(number), Place::Span(redirect.span));
    }
    if sources.config.redirects.contains(&RedirectFile::Rules) {
        add("_redirects", Recipe::RedirectRules, made("the list of former addresses"));
    }
    if sources.config.redirects.contains(&RedirectFile::Nginx) {
        add("redirects.map", Recipe::NginxMap, made("the list of former addresses"));
    }
    add(QUESTIONS, Recipe::Questions, made("the list of all questions"));
    add(OPEN, Recipe::Open, made("the list of open questions"));
    if !linked.tags.is_empty() {
        add(TAGS, Recipe::Tags, made("the list of tags"));
    }
    for (number, tag) in linked.tags.iter().enumerate() {
        add(&tag.output, Recipe::Tag(number), made("the page of a tag"));
    }
    if sources.config.search {
        add(SEARCH, Recipe::Search, made("the page that searches"));
    }
    add(NOT_FOUND, Recipe::NotFound, made("the page for lost readers"));
    if sources.config.base_url.is_some() {
        add("sitemap.xml", Recipe::SiteMap, made("the site map"));
    }
    if has_feed(sources, linked) {
        add(FEED, Recipe::Feed, made("the feed of changed answers"));
    }
    add("unstick.json", Recipe::Json, made("the list of entries for programs"));
    add("unstick-links.json", Recipe::Links, made("the list of links for other sites"));
    add("objects.inv", Recipe::Inventory, made("the inventory for other sites"));
    for (number, packed) in search.iter().enumerate() {
        add(&packed.path(), Recipe::Index(number), made("a file of the search"));
    }
    if has_look(sources) {
        add(LOOK, Recipe::Look, made("the stylesheet of the configuration"));
    }
    let own = |path: &str| sources.statics.get(path).filter(|_| !sources.copies.contains(path));
    for (path, disk) in sources.statics.iter().filter(|(path, _)| own(path).is_some()) {
        add(path, Recipe::Copy(disk.clone()), Place::Path(format!("static/{path}")));
    }
    let stemmer = stemmer(&sources.config.language).map(|name| format!("{}{name}.js", default_theme::STEM));
    let draws = |number: usize| {
        let page = &parsed.pages[number];
        !page.diagnoses.is_empty() || page.code.iter().any(|block| is_diagram(&block.language))
    };
    let draws = linked.pages().any(draws);
    for (path, bytes) in default_theme::STATIC {
        let is_wanted = (sources.config.search || !path.starts_with(default_theme::SEARCH))
            && (sources.config.feedback == Feedback::Notes || *path != default_theme::FEEDBACK)
            && (draws || !path.starts_with(default_theme::DIAGNOSIS));
        // A site's own file of the same name wins.
        let is_asked_for = sources.copies.contains(*path) || (is_wanted && !path.starts_with(default_theme::STEM));
        if is_asked_for && own(path).is_none() {
            // One file less to load.
            let behind =
                stemmer.as_deref().filter(|_| *path == default_theme::ENGINE).and_then(default_theme::static_file);
            let parts = iter::once(*bytes).chain(behind).collect();
            add(path, Recipe::Theme(parts), made("a file of the theme"));
        }
    }
    for path in &linked.assets {
        if let Some(disk) = sources.assets.get(path) {
            add(path, Recipe::Copy(disk.clone()), Place::Path(format!("{}{path}", sources.content_prefix)));
        }
    }
    // Where the picture is below the site; an address outside it is not looked up.
    if let (Some(image), Some(span)) = (&sources.config.image, sources.config.image_span)
        && !is_base_url(image)
        && !planned.contains_key(image)
    {
        let diagnostic = Diagnostic::at(&rule::MISSING_ASSET, span, format!("no file `static/{image}`"));
        sink.push(diagnostic.help("the picture is a file in `static/`, or an address that begins with https://"));
    }
    let outputs = planned.into_iter().map(|(path, (recipe, _))| Output { path, recipe }).collect();
    (Plan { outputs }, sink)
}
