//! `unstick theme`: the files of the theme, and copies of them in the site that can be changed.
//!
//! `list` compares what the program has with what the site has; `eject` copies. A copy begins with a line that says which file
//! it was made from (`stamp`), so that a later version of the program can tell that its own has changed.

mod stamp;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;

use clap::ValueEnum;
use serde::Serialize;

use crate::default_theme::{STATIC, TEMPLATES};
use crate::diagnostics::nearest;
use crate::source::{CONFIG, Options, Sources, read_foreign};
use crate::write;
use stamp::Stamp;

/// How the list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Form {
    /// A line for each file.
    #[default]
    Human,
    /// One JSON document.
    Json,
}

/// Which files to copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// All that the theme has.
    Everything,
    /// Those of these names.
    Names(Vec<String>),
}

/// What becomes of files that the site has already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum There {
    /// They stay, and nothing is copied.
    Kept,
    /// They are written over.
    Replaced,
}

/// A file of the theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Own {
    name: &'static str,
    /// Folder of the site that its copy stands in.
    folder: &'static str,
    bytes: &'static [u8],
}

impl Own {
    /// Where a site has its copy, below the root.
    fn path(&self) -> String {
        format!("{}/{}", self.folder, self.name)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(self.bytes).into_owned()
    }
}

fn all() -> impl Iterator<Item = Own> {
    let files = |folder, list: &'static [(&'static str, &'static [u8])]| {
        list.iter().map(move |(name, bytes)| Own { name, folder, bytes })
    };
    files("templates", TEMPLATES).chain(files("static", STATIC))
}

/// What a site has of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    /// The theme's own.
    Theme,
    /// A copy that is as it was made.
    Ejected,
    /// A copy that the site has changed.
    Changed,
    /// A copy of what the theme's own no longer is.
    OutOfDate,
    /// A file that no copy was the beginning of.
    Own,
}

#[derive(Debug, Serialize)]
struct Line {
    name: String,
    /// Where the site has its own, below the root.
    file: Option<String>,
    state: State,
    /// The version of the program that the copy was made with.
    ejected_from: Option<String>,
    /// Does it take the place of a file of the theme?
    overrides: bool,
}

/// Lists the files of the theme and what the site in `root` has of them.
///
/// # Errors
/// When the site cannot be read.
pub fn list(root: &Path, form: Form) -> Result<ExitCode, String> {
    let sources = site(root)?;
    let mut lines = Vec::new();
    for own in all() {
        lines.push(line(&sources, &own)?);
    }
    let names: BTreeSet<&str> = TEMPLATES.iter().map(|(name, _)| *name).collect();
    for name in sources.templates.keys().filter(|name| !names.contains(name.as_str())) {
        let file = Some(format!("templates/{name}"));
        lines.push(Line { name: name.clone(), file, state: State::Own, ejected_from: None, overrides: false });
    }
    match form {
        Form::Json => {
            let json = serde_json::to_string_pretty(&lines).map_err(|error| error.to_string())?;
            anstream::println!("{json}");
        }
        Form::Human => {
            let width = lines.iter().map(|line| line.name.chars().count()).max().unwrap_or(0);
            for line in &lines {
                anstream::println!("{:width$}  {}", line.name, in_words(line));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn in_words(line: &Line) -> String {
    let Some(file) = &line.file else {
        return "theme".to_owned();
    };
    let version = line.ejected_from.as_deref().unwrap_or_default();
    match line.state {
        State::Theme => "theme".to_owned(),
        State::Ejected => format!("{file}, not changed since it was ejected"),
        State::Changed => format!("{file}, changed"),
        State::OutOfDate => format!("{file}, ejected from {version}; the theme's own has changed since"),
        State::Own if line.overrides => format!("{file}, not ejected"),
        State::Own => format!("{file}, which the theme has no file of"),
    }
}

fn line(sources: &Sources, own: &Own) -> Result<Line, String> {
    let text = match own.folder {
        "templates" => sources.templates.get(own.name).map(|file| sources.text(*file).to_owned()),
        _ => match sources.statics.get(own.name) {
            Some(disk) => {
                let bytes = read_foreign(disk).map_err(|why| format!("{}: {why}", disk.display()))?;
                Some(String::from_utf8_lossy(&bytes).into_owned())
            }
            None => None,
        },
    };
    let name = own.name.to_owned();
    let Some(text) = text else {
        return Ok(Line { name, file: None, state: State::Theme, ejected_from: None, overrides: false });
    };
    let now = own.text();
    let (state, ejected_from) = match Stamp::of(&text) {
        None => (State::Own, None),
        Some(stamp) if stamp.hash != stamp::hash(&now) => (State::OutOfDate, Some(stamp.program)),
        Some(stamp) if stamp.rest.replace("\r\n", "\n") == now => (State::Ejected, Some(stamp.program)),
        Some(stamp) => (State::Changed, Some(stamp.program)),
    };
    let ejected_from = ejected_from.map(str::to_owned);
    Ok(Line { name, file: Some(own.path()), state, ejected_from, overrides: true })
}

/// Copies files of the theme into the site in `root`.
///
/// # Errors
/// When the theme has no file of a name; when the site has one already and it is to be kept, before anything is written; when
/// something cannot be written.
pub fn eject(root: &Path, wanted: &Wanted, there: There) -> Result<ExitCode, String> {
    site(root)?;
    let files = match wanted {
        Wanted::Everything => all().collect(),
        Wanted::Names(names) => named(names)?,
    };
    let has: Vec<String> = files.iter().map(Own::path).filter(|path| root.join(path).exists()).collect();
    if there == There::Kept && !has.is_empty() {
        let are = if has.len() == 1 { "is" } else { "are" };
        return Err(format!("{} {are} there already; --force writes over what is there", has.join(", ")));
    }
    for own in &files {
        let path = root.join(own.path());
        let text = stamp::stamped(own.name, &own.text());
        write::replace(&path, text.as_bytes()).map_err(|error| error.to_string())?;
        let path = path.strip_prefix(".").unwrap_or(&path);
        let verb = if has.contains(&own.path()) { "replaced" } else { "created" };
        anstream::println!("{verb} {}", path.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// The files of these names, each once.
fn named(names: &[String]) -> Result<Vec<Own>, String> {
    let mut files: Vec<Own> = Vec::new();
    for name in names {
        let plain = name.replace('\\', "/");
        // As it is called, or as its copy will be.
        let own = all().find(|own| own.name == plain || own.path() == plain);
        match own {
            Some(own) if files.contains(&own) => {}
            Some(own) => files.push(own),
            None => {
                let ends = format!("/{plain}");
                let by_end = all().find(|own| own.name.ends_with(&ends)).map(|own| own.name);
                let near = by_end.or_else(|| nearest(&plain, all().map(|own| own.name)));
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "`unstick theme list` shows what it has".to_owned(),
                };
                return Err(format!("the theme has no file `{name}`; {help}"));
            }
        }
    }
    Ok(files)
}

fn site(root: &Path) -> Result<Sources, String> {
    let sources = Sources::read(root, &Options::default()).map_err(|error| error.to_string())?;
    if sources.config_file.is_none() && sources.content_prefix.is_empty() {
        return Err(format!("{} is no site: it has neither {CONFIG} nor a folder content", root.display()));
    }
    Ok(sources)
}
