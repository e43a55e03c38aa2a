//! One state of the site, from which pages are made as they are asked for.
//!
//! A version never changes. A save makes another, which shares all that the save left as it was. Where a template fails, the
//! templates that last worked take its place; what is wrong is shown above the page.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};

use super::address;
use super::finding::{self, Finding, Findings};
use super::live::{Count, Shown, dress};
use crate::diagnostics::{Diagnostic, Sink};
use crate::plan::{Output, Recipe};
use crate::render::highlight::{self, Highlighter};
use crate::render::theme::Theme;
use crate::render::{Made, Maker};
use crate::search::pack::{FOLDER, Packed};
use crate::{Site, search_of};

/// Templates, and whether they work.
struct Templates {
    theme: Theme,
    /// See [`Proof`].
    proof: AtomicU8,
}

/// What making pages has shown of templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Proof {
    /// Nothing yet.
    None = 0,
    /// They made a page.
    Works = 1,
    /// They failed once.
    Fails = 2,
}

impl Templates {
    fn new(theme: Theme) -> Arc<Templates> {
        Arc::new(Templates { theme, proof: AtomicU8::new(Proof::None as u8) })
    }

    fn learn(&self, proof: Proof) {
        self.proof.fetch_max(proof as u8, Ordering::Relaxed);
    }

    fn work(&self) -> bool {
        self.proof.load(Ordering::Relaxed) == Proof::Works as u8
    }
}

/// The search of a site.
#[derive(Debug)]
pub struct Search {
    /// Its files by path.
    files: BTreeMap<String, Packed>,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

/// A search that is made when it is first asked for.
type LaterSearch = Arc<OnceLock<Search>>;

/// What an address has to show.
pub enum Answer {
    /// A page.
    Page(Arc<Shown>),
    /// The page for addresses that lead nowhere.
    Lost(Arc<Shown>),
    /// No template could make the page; what is wrong stands in its place.
    Failed(Arc<Shown>),
    /// Other bytes of this output path.
    Bytes(String, Vec<u8>),
    /// The bytes of this file, for this output path.
    File(String, PathBuf),
    /// Another address.
    Elsewhere(String),
    /// Nothing that could be an address.
    Malformed,
}

impl Answer {
    /// The page that is shown, if it is one.
    pub fn shown(&self) -> Option<&Arc<Shown>> {
        match self {
            Answer::Page(shown) | Answer::Lost(shown) | Answer::Failed(shown) => Some(shown),
            Answer::Bytes(..) | Answer::File(..) | Answer::Elsewhere(_) | Answer::Malformed => None,
        }
    }
}

/// A state of the site.
pub struct Version {
    /// Grows with every version.
    pub number: u64,
    /// The site.
    pub site: Arc<Site>,
    /// What keeps the newest state of the site from being shown.
    pub trouble: Vec<Finding>,
    /// What is wrong with the templates as they are read.
    pub mistakes: Vec<Diagnostic>,
    templates: Option<Arc<Templates>>,
    last_good: Option<Arc<Templates>>,
    highlighter: Arc<RwLock<Highlighter>>,
    search: LaterSearch,
    /// Searches of versions before, for pages that were loaded then.
    older: Vec<LaterSearch>,
    /// Grows when a file changes that pages load.
    copies: u64,
    /// Pages that were asked for.
    made: Mutex<HashMap<String, Arc<Shown>>>,
}

/// How many searches of versions before are kept.
const OLDER: usize = 2;

impl Version {
    /// The first version.
    pub fn first(site: Site) -> Version {
        let memory = site.sources.highlight_cache.as_deref().map(highlight::decode).unwrap_or_default();
        let mut sink = Sink::new();
        let templates = Theme::load(&site.sources, &mut sink).map(Templates::new);
        let trouble = Findings::new(&site.sources).shown(&sink);
        Version {
            number: 1,
            site: Arc::new(site),
            trouble,
            mistakes: sink,
            templates,
            last_good: None,
            highlighter: Arc::new(RwLock::new(Highlighter::new(memory))),
            search: LaterSearch::default(),
            older: Vec::new(),
            copies: 0,
            made: Mutex::default(),
        }
    }

    /// The version after this, with another state of the site.
    pub fn next(&self, site: Site) -> Version {
        let mut sink = Sink::new();
        let loaded = Theme::load(&site.sources, &mut sink).map(Templates::new);
        let trouble = Findings::new(&site.sources).shown(&sink);
        let last_good = self.templates.clone().filter(|templates| templates.work()).or_else(|| self.last_good.clone());
        let mut older = self.older.clone();
        older.push(Arc::clone(&self.search));
        older.drain(..older.len().saturating_sub(OLDER));
        let search = LaterSearch::default();
        Version { trouble, mistakes: sink, last_good, templates: loaded, search, older, ..self.again(Arc::new(site)) }
    }

    /// The version after this with the same site, of which the newest state cannot be shown for these reasons.
    pub fn with_trouble(&self, trouble: Vec<Finding>) -> Version {
        Version { trouble, ..self.again(Arc::clone(&self.site)) }
    }

    /// The version after this, in which files have changed that pages load.
    pub fn with_copies(&self) -> Version {
        Version { copies: self.copies + 1, ..self.again(Arc::clone(&self.site)) }
    }

    /// The version after this, which differs in nothing but that its search is made.
    pub fn with_search(&self) -> Version {
        self.again(Arc::clone(&self.site))
    }

    fn again(&self, site: Arc<Site>) -> Version {
        Version {
            number: self.number + 1,
            site,
            trouble: self.trouble.clone(),
            mistakes: self.mistakes.clone(),
            templates: self.templates.clone(),
            last_good: self.last_good.clone(),
            highlighter: Arc::clone(&self.highlighter),
            search: Arc::clone(&self.search),
            older: self.older.clone(),
            copies: self.copies,
            made: Mutex::default(),
        }
    }

    /// The search of the site, made now if nobody asked for it before.
    pub fn search(&self) -> &Search {
        self.search.get_or_init(|| {
            let make = || search_of(&self.site);
            // On a thread of its own, so that a page that is asked for meanwhile finds the others free.
            let (files, diagnostics) = match rayon::ThreadPoolBuilder::new().num_threads(1).build() {
                Ok(pool) => pool.install(make),
                Err(_) => make(),
            };
            Search { files: files.into_iter().map(|packed| (packed.path(), packed)).collect(), diagnostics }
        })
    }

    /// Is there anything to learn from a search that nobody asks for?
    pub fn search_is_tested(&self) -> bool {
        let sources = &self.site.sources;
        self.search.get().is_none() && (sources.search_tests.is_some() || sources.synonyms.is_some())
    }

    /// Every mistake that is known of the site.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        self.site.diagnostics.iter().chain(self.search.get().into_iter().flat_map(|search| &search.diagnostics))
    }

    /// How many mistakes are known of the site.
    pub fn count(&self) -> Count {
        let mut count = Count::default();
        for severity in self.diagnostics().filter(|found| finding::is_shown(found)).map(|found| found.severity.word()) {
            if severity == "error" { count.errors += 1 } else { count.warnings += 1 }
        }
        count
    }

    /// What `path` has to show.
    pub fn answer(&self, path: &str) -> Answer {
        let outputs = &self.site.plan.outputs;
        match address::find(outputs, path) {
            address::Found::Malformed => Answer::Malformed,
            address::Found::Folder(folder) => Answer::Elsewhere(folder),
            address::Found::Output(output) => self.output(path, output),
            address::Found::Nothing(wanted) => match self.index_file(&wanted) {
                Some(script) => Answer::Bytes(wanted, script.to_owned()),
                None => self.lost(path, wanted),
            },
        }
    }

    fn output(&self, path: &str, output: &Output) -> Answer {
        let kept = self.made.lock().unwrap_or_else(PoisonError::into_inner).get(path).cloned();
        if let Some(shown) = kept {
            return Answer::Page(shown);
        }
        match self.make(output) {
            Ok(Contents::File(file)) => Answer::File(output.path.clone(), file),
            Ok(Contents::Bytes(bytes)) if output.path.ends_with(".html") => {
                Answer::Page(self.keep(path, self.dress(&bytes, path, output, Vec::new())))
            }
            Ok(Contents::Bytes(bytes)) => Answer::Bytes(output.path.clone(), bytes),
            Err(None) => Answer::Failed(Arc::new(self.dress(FAILED.as_bytes(), path, output, Vec::new()))),
            Err(Some(mistake)) => {
                let wrong = vec![Findings::new(&self.site.sources).of(&mistake)];
                match self.make_as_before(output) {
                    Some(bytes) => Answer::Page(self.keep(path, self.dress(&bytes, path, output, wrong))),
                    None => Answer::Failed(Arc::new(self.dress(FAILED.as_bytes(), path, output, wrong))),
                }
            }
        }
    }

    /// The bytes of an output; no mistake is given where there are no templates at all.
    fn make(&self, output: &Output) -> Result<Contents, Option<Box<Diagnostic>>> {
        let templates = self.templates.as_ref().or(self.last_good.as_ref()).ok_or(None)?;
        let made = self.make_with(templates, output);
        if output.path.ends_with(".html") {
            templates.learn(if made.is_ok() { Proof::Works } else { Proof::Fails });
        }
        made.map_err(Some)
    }

    /// A page by the templates that last worked.
    fn make_as_before(&self, output: &Output) -> Option<Vec<u8>> {
        match self.make_with(self.last_good.as_ref()?, output) {
            Ok(Contents::Bytes(bytes)) => Some(bytes),
            _ => None,
        }
    }

    fn make_with(&self, templates: &Templates, output: &Output) -> Result<Contents, Box<Diagnostic>> {
        let (made, highlighted) = {
            let highlighter = self.highlighter.read().unwrap_or_else(PoisonError::into_inner);
            let maker = Maker::new(&self.site, &templates.theme, &highlighter);
            let (made, highlighted) = maker.make(output)?;
            let contents = match made {
                Made::Bytes(bytes) => Contents::Bytes(bytes.into_owned()),
                Made::Stream(write) => {
                    let mut bytes = Vec::new();
                    // Writing to memory cannot fail.
                    drop(write(&mut bytes));
                    Contents::Bytes(bytes)
                }
                Made::Copy(file) => Contents::File(file),
            };
            (contents, highlighted)
        };
        if !highlighted.new.is_empty() {
            self.highlighter.write().unwrap_or_else(PoisonError::into_inner).learn(highlighted);
        }
        Ok(made)
    }

    fn dress(&self, html: &[u8], path: &str, output: &Output, wrong: Vec<Finding>) -> Shown {
        let page = match output.recipe {
            Recipe::Page(node) => self.site.linked.tree.nodes[node].page,
            _ => None,
        };
        let own = page.map(|number| {
            let own = self.diagnostics().filter(|diagnostic| finding::concerns(&self.site, number, diagnostic));
            Findings::new(&self.site.sources).shown(own)
        });
        let trouble = [self.trouble.clone(), wrong].concat();
        dress(html, path, &trouble, &own.unwrap_or_default(), self.count(), self.copies)
    }

    fn keep(&self, path: &str, shown: Shown) -> Arc<Shown> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(made.entry(path.to_owned()).or_insert_with(|| Arc::new(shown)))
    }

    /// A file of the search, of this version or of one before.
    fn index_file(&self, path: &str) -> Option<&[u8]> {
        if !path.starts_with(FOLDER) || !self.site.sources.config.search {
            return None;
        }
        let older = self.older.iter().filter_map(|search| search.get()).find_map(|search| search.files.get(path));
        let found = self.search().files.get(path).or(older);
        found.map(|packed| packed.script.as_slice())
    }

    /// The page for addresses that lead nowhere, with those that are nearest.
    fn lost(&self, path: &str, wanted: String) -> Answer {
        let near = address::nearest(&self.site.plan.outputs, &wanted);
        // Its links are relative, so that it is made for the very address.
        let output = Output { path: wanted, recipe: Recipe::NotFound };
        let html = match self.make(&output) {
            Ok(Contents::Bytes(html)) => html,
            _ => self.make_as_before(&output).unwrap_or_else(|| FAILED.as_bytes().to_vec()),
        };
        let html = if near.is_empty() { html } else { with_nearest(&html, &near) };
        Answer::Lost(Arc::new(self.dress(&html, path, &output, Vec::new())))
    }
}

/// What an output consists of.
enum Contents {
    /// These bytes.
    Bytes(Vec<u8>),
    /// Those of this file.
    File(PathBuf),
}

/// What is shown where no template works.
const FAILED: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
    <title>This page cannot be made</title>\n<meta name=\"color-scheme\" content=\"light dark\">\n</head>\n<body>\n\
    <h1>This page cannot be made</h1>\n<p>It appears as soon as the mistake below is mended.</p>\n</body>\n</html>\n";

/// Puts links to the pages `near` at the end of the main part of a page.
fn with_nearest(html: &[u8], near: &[&str]) -> Vec<u8> {
    use crate::link::encode_path;
    use crate::parse::html::{attribute, escape};
    let mut list = String::from("<section>\n<h2>Nearest addresses</h2>\n<ul>\n");
    for path in near {
        let path = path.strip_suffix("index.html").unwrap_or(path);
        let address = format!("/{}", encode_path(path));
        list += &format!("<li><a href=\"{}\">/{}</a></li>\n", attribute(&address), escape(path));
    }
    list += "</ul>\n</section>\n";
    let main = ["</main>", "</body>"].iter().find_map(|end| memchr::memmem::rfind(html, end.as_bytes()));
    let main = main.unwrap_or(html.len());
    // The default theme has the text of a page in a box of its own.
    let own = html[..main].trim_ascii_end();
    let end = if own.ends_with(b"</div>") { own.len() - "</div>".len() } else { main };
    [&html[..end], list.as_bytes(), &html[end..]].concat()
}
