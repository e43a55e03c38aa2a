//! `unstick new`: another entry, as a page of its own or on a page that is there.
//!
//! In steps: read the site; refuse a question that is asked already; find out what `--to` names; write.

use std::path::Path;
use std::process::ExitCode;

use tera::{Context, Tera};

use crate::diagnostics::Place;
use crate::parse::slug::slug;
use crate::parse::{self, Page, Parsed, Spelling};
use crate::report::Positions;
use crate::source::{self, Options, Sources};
use crate::write;

/// The template of a page, unless the site has one.
const TEMPLATE: &str = include_str!("new.md");
/// Where a site's own template is, below its `templates` folder.
const OWN_TEMPLATE: &str = "new.md";

/// Adds `question` to the site in `root`, at `to`: a page or a folder below the content folder.
///
/// # Errors
/// In words: when the question is there already, `to` cannot take it, or something cannot be read or written.
pub fn run(root: &Path, question: &str, to: Option<&str>) -> Result<ExitCode, String> {
    let question = question.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = slug(&question);
    if name.is_empty() {
        return Err("a question has letters: `unstick new \"Why does it stop?\"`".to_owned());
    }
    let sources = Sources::read(root, &Options::default()).map_err(|error| error.to_string())?;
    let parsed = parse::parse(&sources, &sources.config);
    if let Some(place) = asked_already(&sources, &parsed, &name) {
        return Err(format!("that question is asked already at {place}"));
    }
    let to = to.unwrap_or_default().replace('\\', "/");
    let path = source::join("", &to)
        .filter(|_| !to.starts_with('/'))
        .ok_or_else(|| format!("--to names a page or a folder below the content folder, not `{to}`"))?;
    let page = parsed.pages.iter().find(|page| page.path == path);
    let text = match page {
        Some(page) => appended(sources.text(page.file), page, &question)?,
        None => rendered(&sources, &question)?,
    };
    let path = if path.ends_with(".md") {
        path
    } else if path.is_empty() {
        format!("{name}.md")
    } else {
        format!("{path}/{name}.md")
    };
    let file = root.join(&sources.content_prefix).join(&path);
    match page {
        Some(_) => write::replace(&file, text.as_bytes()),
        None => write::create(&file, &text),
    }
    .map_err(|error| error.to_string())?;
    anstream::println!("{} {}", if page.is_some() { "added to" } else { "created" }, shown(&file).display());
    Ok(ExitCode::SUCCESS)
}

/// A path without the `./` of the current folder.
fn shown(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}

fn asked_already(sources: &Sources, parsed: &Parsed, name: &str) -> Option<String> {
    let entries = parsed.pages.iter().flat_map(|page| &page.entries);
    let entry =
        entries.filter(|entry| entry.spelling != Spelling::Prose).find(|entry| slug(&entry.question) == name)?;
    Some(Positions::new(sources).of(&Place::Span(entry.span)).to_string())
}

/// The text of a new page.
fn rendered(sources: &Sources, question: &str) -> Result<String, String> {
    let own = sources.templates.get(OWN_TEMPLATE).map(|file| sources.text(*file));
    let mut tera = Tera::default();
    let added = tera.add_raw_template(OWN_TEMPLATE, own.unwrap_or(TEMPLATE));
    let mut context = Context::new();
    context.insert("question", question);
    // Every JSON string is a YAML string.
    context.insert("quoted", &serde_json::Value::from(question).to_string());
    added.and_then(|()| tera.render(OWN_TEMPLATE, &context)).map_err(|error| error.to_string())
}

/// The text of `page` with one more question.
fn appended(text: &str, page: &Page, question: &str) -> Result<String, String> {
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let last = page.entries.iter().rfind(|entry| !entry.spelling.is_page());
    let line = match last {
        None if page.entries.iter().any(|entry| entry.spelling != Spelling::Prose) => {
            return Err(format!("{} is one question by itself; name a folder or another page", page.path));
        }
        None => format!("## {question}"),
        Some(entry) => {
            let start = entry.span.start as usize;
            let begin = text[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
            let before = text[begin..start].trim_end();
            match entry.spelling {
                Spelling::Outline => format!("{} {question}", before.chars().next_back().unwrap_or('-')),
                _ if before.is_empty() => format!("## {question}"),
                _ => format!("{before} {question}"),
            }
        }
    };
    let body = text.trim_end();
    // A bullet goes on with the list that the page ends in.
    let is_bullet = last.is_some_and(|entry| entry.spelling == Spelling::Outline);
    let gap = if is_bullet { line_end.to_owned() } else { line_end.repeat(2) };
    Ok(format!("{body}{gap}{line}{line_end}"))
}
