//! Every file of the site as path and text; the only reader of the disk.
//!
//! In steps: read the configuration; walk the content, template and static folders in the order of their names; read every
//! text file. Files that are only copied (assets) are noted by path and read when they are written. A file that cannot be
//! read is reported, never skipped in silence.
//!
//! This stage understands nothing of Markdown but which files hold it.

mod again;
pub mod changed;
mod picture;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use ahash::AHashMap;
use rayon::prelude::*;

use crate::config::{self, Config};
use crate::default_theme;
use crate::diagnostics::{Diagnostic, FileId, Place, Sink, Span, rule};
pub use again::Changes;
use walk::Walk;

/// Name of the configuration file.
pub const CONFIG: &str = "unstick.yaml";
/// Name of the file with the site's synonyms.
const SYNONYMS: &str = "synonyms.txt";
/// Name of the file with the tests of the search.
const SEARCH_TESTS: &str = "search-tests.yaml";
/// Marks a folder as the output of a build and lists what the build made.
pub const MANIFEST: &str = ".unstick-manifest";
/// Folder below the root for what may be kept between builds.
pub const CACHE: &str = ".unstick-cache";
/// File below [`CACHE`] with the highlighter's memory.
pub const HIGHLIGHT_CACHE: &str = "highlight";
/// File below [`CACHE`] with the addresses on other sites that were good.
pub const EXTERNAL_CACHE: &str = "external.json";
/// Folder below the root with what other sites have to link to.
pub const INVENTORIES: &str = "inventories";
/// Largest page, template or configuration, in bytes.
const MAX_TEXT: u64 = 16 * 1024 * 1024;
/// Largest inventory, in bytes.
const MAX_INVENTORY: u64 = 64 * 1024 * 1024;

/// The machine's failure: something could not be read or written.
#[derive(Debug)]
pub struct Failure {
    /// What was being done.
    pub doing: &'static str,
    /// With which file.
    pub path: PathBuf,
    /// What the system said.
    pub error: io::Error,
}

impl Failure {
    /// A failure of `doing` with `path`.
    pub fn new(doing: &'static str, path: impl Into<PathBuf>, error: io::Error) -> Failure {
        Failure { doing, path: path.into(), error }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {} {}: {}", self.doing, self.path.display(), self.error)
    }
}

impl std::error::Error for Failure {}

/// A text file of the site.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Path below the root, with `/`.
    pub path: String,
    /// Its text, shared by all sources in which it is the same.
    pub text: Arc<str>,
}

/// A file that becomes a page.
#[derive(Debug, Clone)]
pub struct SourcePage {
    /// The file.
    pub file: FileId,
    /// Path below the content folder, with `/`.
    pub path: String,
    /// Does it stand for its folder (`_index.md`, `index.md`, or a `README.md` beside neither)?
    pub is_index: bool,
}

/// A file of another site: its inventory, or what it links to. Not understood here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignFile {
    /// Path below the root, with `/`, or as the caller gave it.
    pub path: String,
    /// What it holds, or why it could not be read.
    pub bytes: Result<Vec<u8>, String>,
}

/// Everything that a build reads.
#[derive(Debug, Default, Clone)]
pub struct Sources {
    /// The folder of the site.
    pub root: PathBuf,
    /// Its configuration.
    pub config: Config,
    /// The file of the configuration, if there is one.
    pub config_file: Option<FileId>,
    /// Text files. [`FileId`]s index this list.
    pub files: Vec<SourceFile>,
    /// Pages, in the order of their paths.
    pub pages: Vec<SourcePage>,
    /// Folder of the content below the root, with `/` at its end, or empty when it is the root.
    pub content_prefix: String,
    /// Markdown files by path below the content folder, pages and snippets.
    pub by_path: AHashMap<String, FileId>,
    /// Other files of the content folder by path below it.
    pub assets: BTreeMap<String, PathBuf>,
    /// Files of `static/` by path below it.
    pub statics: BTreeMap<String, PathBuf>,
    /// Those of [`Sources::statics`] that are the theme's own files, unchanged: they are made as the theme's are.
    pub copies: BTreeSet<String>,
    /// Files of `templates/` by path below it.
    pub templates: BTreeMap<String, FileId>,
    /// `synonyms.txt` of the root, if there is one.
    pub synonyms: Option<FileId>,
    /// `search-tests.yaml` of the root, if there is one.
    pub search_tests: Option<FileId>,
    /// Inventories, by their file names without the ending.
    pub inventories: Vec<(String, ForeignFile)>,
    /// `inventories/NAME.yaml` by its name: what is said of an inventory.
    pub inventory_notes: BTreeMap<String, FileId>,
    /// What other sites link to, as [`Options::inbound`] names it.
    pub inbound: Vec<ForeignFile>,
    /// The highlighter's memory of earlier builds, if there is one.
    pub highlight_cache: Option<Vec<u8>>,
    /// What is wrong with the files as files.
    pub diagnostics: Sink,
}

/// What a caller may set apart from the configuration.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Another configuration file than `unstick.yaml` in the root.
    pub config: Option<PathBuf>,
    /// Sets `base_url`.
    pub base_url: Option<String>,
    /// Files `unstick-links.json` of sites that link to this one.
    pub inbound: Vec<PathBuf>,
}

/// Markdown files that can be included.
#[derive(Debug, Clone, Copy)]
pub struct Includes<'a> {
    sources: &'a Sources,
}

impl<'a> Includes<'a> {
    /// The file that `path` names, seen from the file `from`, and its text. `~/` and `/` start at the content folder.
    pub fn find(&self, from: FileId, path: &str) -> Option<(FileId, &'a str)> {
        let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        let path = path.split(['#', '?']).next().unwrap_or_default();
        let joined = match path.strip_prefix("~/").or_else(|| path.strip_prefix('/')) {
            Some(rest) => join("", rest)?,
            None => join(self.sources.content_path(from)?, path)?,
        };
        let file = *self.sources.by_path.get(&joined)?;
        Some((file, self.sources.text(file)))
    }
}

/// Is the file the theme's static file of that path, byte for byte? One that cannot be read is not.
fn is_copy(path: &str, disk: &Path) -> bool {
    default_theme::static_file(path).is_some_and(|theirs| {
        fs::metadata(disk).is_ok_and(|found| found.len() == theirs.len() as u64)
            && fs::read(disk).is_ok_and(|own| own == theirs)
    })
}

/// The path that `relative` names seen from the file `from`, both with `/`; `None` when it leaves the folder.
pub fn join(from: &str, relative: &str) -> Option<String> {
    let folder = memchr::memrchr(b'/', from.as_bytes()).map_or("", |end| &from[..end]);
    let mut path = String::with_capacity(folder.len() + relative.len() + 1);
    let push = |path: &mut String, part: &str| {
        if !path.is_empty() {
            path.push('/');
        }
        path.push_str(part);
    };
    parts(folder).filter(|part| !part.is_empty()).for_each(|part| push(&mut path, part));
    for part in parts(relative) {
        match part {
            "" | "." => {}
            ".." if path.is_empty() => return None,
            ".." => path.truncate(memchr::memrchr(b'/', path.as_bytes()).unwrap_or(0)),
            part => push(&mut path, part),
        }
    }
    Some(path)
}

/// The parts of a path between its slashes. Every link is split so, and more than once.
fn parts(path: &str) -> impl Iterator<Item = &str> {
    let ends = memchr::memchr_iter(b'/', path.as_bytes()).chain(std::iter::once(path.len()));
    ends.scan(0, |start, end| Some(&path[std::mem::replace(start, end + 1)..end]))
}

impl Sources {
    /// Reads the site in `root`.
    ///
    /// # Errors
    /// When the root or the configuration cannot be read at all. Everything else that goes wrong is in
    /// [`Sources::diagnostics`].
    pub fn read(root: &Path, options: &Options) -> Result<Sources, Failure> {
        let mut sources = Sources { root: root.to_owned(), ..Sources::default() };
        fs::read_dir(root).map_err(|error| Failure::new("read the folder", root, error))?;
        let has_config = sources.read_config(options)?;
        if let Some(base_url) = &options.base_url {
            sources.config.base_url = Some(config::with_slash(base_url));
        }
        let content = root.join(&sources.config.content);
        let nested = content.is_dir();
        if nested {
            sources.content_prefix = format!("{}/", sources.config.content.trim_end_matches('/'));
        }
        let content = if nested { content } else { root.to_owned() };
        // A folder of Markdown may have folders of these names that hold Markdown.
        let own = |name: &str| root.join(name).is_dir() && (nested || has_config);
        let (own_templates, own_static) = (own("templates"), own("static"));
        let canonical = fs::canonicalize(root).map_err(|error| Failure::new("read the folder", root, error))?;
        let mut walk = Walk::new(root, canonical);
        let skip: &[&str] = if nested {
            &[]
        } else if has_config {
            &["templates", "static", INVENTORIES]
        } else {
            &[]
        };
        walk.folder(&content, skip);
        let content_files = std::mem::take(&mut walk.found);
        if own_templates {
            walk.folder(&root.join("templates"), &[]);
        }
        let template_files = std::mem::take(&mut walk.found);
        if own_static {
            walk.folder(&root.join("static"), &[]);
        }
        let static_files = std::mem::take(&mut walk.found);
        if own(INVENTORIES) {
            walk.folder(&root.join(INVENTORIES), &[]);
        }
        let inventory_files = std::mem::take(&mut walk.found);
        sources.diagnostics.append(&mut walk.sink);
        sources.statics = static_files.into_iter().collect();
        sources.copies =
            sources.statics.iter().filter(|(path, disk)| is_copy(path, disk)).map(|(path, _)| path.clone()).collect();
        sources.add_content(content_files);
        sources.add_templates(template_files);
        sources.add_inventories(inventory_files);
        let inbound = options.inbound.iter().map(|path| (path.display().to_string(), path.as_path()));
        sources.inbound = inbound.map(|(shown, path)| foreign(shown, path)).collect();
        if nested || has_config {
            sources.synonyms = sources.add_text(SYNONYMS);
            sources.search_tests = sources.add_text(SEARCH_TESTS);
        }
        sources.highlight_cache = cached(root, HIGHLIGHT_CACHE);
        Ok(sources)
    }

    fn read_config(&mut self, options: &Options) -> Result<bool, Failure> {
        let path = options.config.clone().unwrap_or_else(|| self.root.join(CONFIG));
        if options.config.is_none() && !path.exists() {
            return Ok(false);
        }
        let text = fs::read_to_string(&path).map_err(|error| Failure::new("read the configuration", &path, error))?;
        let shown = path.strip_prefix(&self.root).map_or_else(|_| slashes(&path), slashes);
        let file = self.push(shown, text.into());
        self.config_file = Some(file);
        self.config = config::parse(file, &self.files[0].text, &mut self.diagnostics);
        Ok(true)
    }

    fn push(&mut self, path: String, text: Arc<str>) -> FileId {
        self.files.push(SourceFile { path, text });
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    fn add_content(&mut self, files: Vec<(String, PathBuf)>) {
        let (markdown, assets): (Vec<_>, Vec<_>) = files.into_iter().partition(|(path, _)| is_markdown(path));
        self.assets = assets.into_iter().filter(|(path, _)| self.content_prefix.is_empty() || path != CONFIG).collect();
        let texts: Vec<Result<Text, io::Error>> = markdown.par_iter().map(|(_, path)| read_text(path)).collect();
        for ((path, _), text) in markdown.into_iter().zip(texts) {
            let shown = format!("{}{path}", self.content_prefix);
            if let Some(why) = unportable(&path) {
                let diagnostic = Diagnostic::new(&rule::UNPORTABLE_NAME, Place::Path(shown.clone()), why);
                self.diagnostics.push(diagnostic.help("rename the file"));
            }
            let text = self.accept(&shown, text);
            let file = self.push(shown, text);
            self.by_path.insert(path.clone(), file);
            if !is_snippet(&path) {
                self.pages.push(SourcePage { file, path, is_index: false });
            }
        }
        for index in 0..self.pages.len() {
            self.pages[index].is_index = self.stands_for_folder(&self.pages[index].path);
        }
    }

    fn stands_for_folder(&self, path: &str) -> bool {
        let (folder, name) = path.rsplit_once('/').map_or(("", path), |(folder, name)| (folder, name));
        let beside = |name: &str| {
            let path = if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") };
            self.by_path.contains_key(&path)
        };
        match name.to_lowercase().as_str() {
            "_index.md" => true,
            "index.md" => !beside("_index.md"),
            "readme.md" => !beside("_index.md") && !beside("index.md"),
            _ => false,
        }
    }

    fn add_templates(&mut self, files: Vec<(String, PathBuf)>) {
        for (path, disk) in files {
            let extension = disk.extension().unwrap_or_default();
            let is_message_file = extension == "yaml" && path.starts_with("messages/");
            if !is_message_file && !["html", "xml", "txt"].iter().any(|template| extension == *template) {
                continue;
            }
            let shown = format!("templates/{path}");
            let text = self.accept(&shown, read_text(&disk));
            let file = self.push(shown, text);
            self.templates.insert(path, file);
        }
    }

    /// Reads inventories and what is said of them. Other files of the folder, such as a README, are nobody's business.
    fn add_inventories(&mut self, files: Vec<(String, PathBuf)>) {
        for (path, disk) in files {
            let shown = format!("{INVENTORIES}/{path}");
            match path.rsplit_once('.') {
                Some((name, "inv" | "json")) => self.inventories.push((name.to_owned(), foreign(shown, &disk))),
                Some((name, "yaml")) => {
                    let text = self.accept(&shown, read_text(&disk));
                    let file = self.push(shown, text);
                    self.inventory_notes.insert(name.to_owned(), file);
                }
                _ => {}
            }
        }
    }

    /// Reads a text of the root that a site may have.
    fn add_text(&mut self, name: &str) -> Option<FileId> {
        let path = self.root.join(name);
        if fs::symlink_metadata(&path).is_err() {
            return None;
        }
        let text = self.accept(name, read_text(&path));
        Some(self.push(name.to_owned(), text))
    }

    /// The text that was read, or an empty one and a diagnostic.
    fn accept(&mut self, shown: &str, text: Result<Text, io::Error>) -> Arc<str> {
        let place = Place::Path(shown.to_owned());
        let diagnostic = match text {
            Ok(Text::Good(text)) => return text,
            Ok(Text::TooLarge(size)) => {
                Diagnostic::new(&rule::TOO_LARGE, place, format!("the file has {size} bytes, {MAX_TEXT} is the limit"))
                    .help("split it, or move data out of the page")
            }
            Ok(Text::NotUtf8 { line, utf16 }) => {
                let message = format!("line {line} is not UTF-8");
                let help = if utf16 { "this looks like UTF-16: save it as UTF-8" } else { "save the file as UTF-8" };
                Diagnostic::new(&rule::NOT_UTF8, place, message).help(help)
            }
            Err(error) => Diagnostic::new(&rule::UNREADABLE_FILE, place, format!("the file cannot be read: {error}")),
        };
        self.diagnostics.push(diagnostic);
        Arc::default()
    }

    /// The text of a file.
    pub fn text(&self, file: FileId) -> &str {
        &self.files[file.0 as usize].text
    }

    /// The path of a file below the root.
    pub fn path(&self, file: FileId) -> &str {
        &self.files[file.0 as usize].path
    }

    /// The path of a file below the content folder, when it is in there.
    pub fn content_path(&self, file: FileId) -> Option<&str> {
        self.path(file).strip_prefix(&self.content_prefix)
    }

    /// Opens a file that is only copied.
    ///
    /// # Errors
    /// When it cannot be opened, or has become a link that leads out of the site.
    pub fn open(&self, path: &Path) -> Result<fs::File, Failure> {
        let failed = |error| Failure::new("open", path, error);
        let root = fs::canonicalize(&self.root).map_err(failed)?;
        let real = fs::canonicalize(path).map_err(failed)?;
        if !real.starts_with(&root) {
            return Err(failed(io::ErrorKind::PermissionDenied.into()));
        }
        fs::File::open(real).map_err(failed)
    }

    /// The files that can be included.
    pub fn includes(&self) -> Includes<'_> {
        Includes { sources: self }
    }

    /// The line of a place in a file, from 1.
    pub fn line(&self, span: Span) -> usize {
        let text = self.text(span.file);
        let before = &text.as_bytes()[..(span.start as usize).min(text.len())];
        1 + line_ends(before)
    }
}

/// How many lines end in `bytes`: at `\n`, `\r\n` or a lone `\r`.
pub fn line_ends(bytes: &[u8]) -> usize {
    let alone = memchr::memchr_iter(b'\r', bytes).filter(|&at| bytes.get(at + 1) != Some(&b'\n'));
    memchr::memchr_iter(b'\n', bytes).count() + alone.count()
}

/// The bytes at which the lines of `text` begin. The first begins after a byte order mark.
pub fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut starts = vec![if text.starts_with('\u{FEFF}') { 3 } else { 0 }];
    let ends = memchr::memchr2_iter(b'\n', b'\r', bytes);
    starts.extend(ends.filter(|&at| bytes[at] == b'\n' || bytes.get(at + 1) != Some(&b'\n')).map(|at| at + 1));
    starts
}

/// `path` with `/` between its parts.
pub fn slashes(path: &Path) -> String {
    let mut slashes = String::with_capacity(path.as_os_str().len());
    for (number, part) in path.components().enumerate() {
        if number > 0 {
            slashes.push('/');
        }
        if part != Component::RootDir {
            slashes.push_str(&part.as_os_str().to_string_lossy());
        }
    }
    slashes
}

/// Is the file Markdown, by its name?
pub fn is_markdown(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, extension)| {
        extension.eq_ignore_ascii_case("md") || extension.eq_ignore_ascii_case("markdown")
    })
}

/// Is the Markdown file only there to be included?
fn is_snippet(path: &str) -> bool {
    let mut parts = path.split('/').rev();
    let name = parts.next().unwrap_or_default();
    (name.starts_with('_') && name != "_index.md")
        || parts.any(|folder| folder.starts_with('_') || folder == "includes" || folder == "snippets")
}

/// Why a file of this path cannot exist on every system.
fn unportable(path: &str) -> Option<String> {
    path.split('/').find_map(|name| {
        let stem = name.split('.').next().unwrap_or_default().to_uppercase();
        let device = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
            || (stem.len() == 4
                && (stem.starts_with("COM") || stem.starts_with("LPT"))
                && stem.ends_with(|c: char| c.is_ascii_digit()));
        if device {
            Some(format!("Windows keeps the name `{stem}` for a device"))
        } else if let Some(c) =
            name.chars().find(|c| matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\\') || c.is_control())
        {
            Some(format!("Windows allows no `{}` in a name", c.escape_debug()))
        } else if name.ends_with(['.', ' ']) {
            Some(format!("Windows allows no name that ends in a dot or a space: `{name}`"))
        } else {
            None
        }
    })
}

fn foreign(path: String, disk: &Path) -> ForeignFile {
    ForeignFile { path, bytes: read_foreign(disk) }
}

/// What an earlier run kept as `name`, if it can be read.
pub fn cached(root: &Path, name: &str) -> Option<Vec<u8>> {
    fs::read(root.join(CACHE).join(name)).ok()
}

/// Reads a file of another site.
///
/// # Errors
/// Why it cannot be read, in words without a full stop; also when it is larger than any inventory.
pub fn read_foreign(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path).and_then(|file| file.take(MAX_INVENTORY + 1).read_to_end(&mut bytes));
    match file {
        Ok(length) if length as u64 > MAX_INVENTORY => {
            Err(format!("it has more than {} MiB", MAX_INVENTORY / 1024 / 1024))
        }
        Ok(_) => Ok(bytes),
        Err(error) => Err(format!("it cannot be read: {error}")),
    }
}

enum Text {
    Good(Arc<str>),
    NotUtf8 { line: usize, utf16: bool },
    TooLarge(u64),
}

fn read_text(path: &Path) -> Result<Text, io::Error> {
    let file = fs::File::open(path)?;
    let size = file.metadata()?.len();
    if size > MAX_TEXT {
        return Ok(Text::TooLarge(size));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    // Without another look at the size.
    file.take(MAX_TEXT).read_to_end(&mut bytes)?;
    Ok(match str::from_utf8(&bytes) {
        Ok(text) => Text::Good(text.into()),
        Err(error) => Text::NotUtf8 {
            line: 1 + line_ends(&bytes[..error.valid_up_to()]),
            utf16: bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_join_inside_the_folder() {
        assert_eq!(join("a/b.md", "../c.md").as_deref(), Some("c.md"));
        assert_eq!(join("a/b.md", "./d/../e.md").as_deref(), Some("a/e.md"));
        assert_eq!(join("b.md", "../x"), None);
        assert_eq!(join("a/b.md", "../..").as_deref(), None);
        assert_eq!(join("a/b.md", "..").as_deref(), Some(""));
        assert_eq!(join("a//b/c.md", "/d//e/").as_deref(), Some("a/b/d/e"));
        assert_eq!(join("", "é/../ü").as_deref(), Some("ü"));
    }

    #[test]
    fn lines_end_in_three_ways() {
        assert_eq!(line_ends(b"a\nb\r\nc\rd"), 3);
    }

    #[test]
    fn names_for_one_system_only_are_told() {
        for name in ["aux.md", "a/CON.md", "a:b.md", "x./y.md", "com1.md"] {
            assert!(unportable(name).is_some(), "{name}");
        }
        assert_eq!(unportable("console/auxiliary.md"), None);
    }
}
