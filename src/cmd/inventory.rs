//! `unstick inventory`: pins the inventories of other sites, and shows what there is to link to.
//!
//! `add` checks a file and copies it below `inventories/`, with where its site is; `list` and `show` read what is there.
//! Nothing here opens a connection: files are fetched by whoever wants them.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use serde::Serialize;

use super::screen::plain;
use crate::config::{is_base_url, with_slash};
use crate::inventory::{self, Inventory};
use crate::link::inventories::{Inventories, NAME_RULE, Pinned, is_like, is_name};
use crate::report::{self, Colours, Format, Screen};
use crate::source::{CONFIG, INVENTORIES, Options, Sources, read_foreign};
use crate::write;

/// How a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Form {
    /// A table.
    #[default]
    Human,
    /// One JSON document.
    Json,
}

/// An inventory to pin.
#[derive(Debug)]
pub struct New {
    /// Its name in links.
    pub name: String,
    /// The file that was fetched.
    pub file: PathBuf,
    /// Where its site is; what is known already when none is given.
    pub url: Option<String>,
}

/// Pins an inventory of the site in `root`, in the place of one of the same name.
///
/// # Errors
/// When the file cannot be read or understood; when nothing says where its site is; when it cannot be written.
pub fn add(root: &Path, new: &New) -> Result<ExitCode, String> {
    let New { name, file, url } = new;
    let shown = file.display();
    if !is_name(name) {
        return Err(format!("no inventory can be called `{name}`: {NAME_RULE}"));
    }
    if let Some(address) = file.to_str().filter(|path| path.starts_with("https://") || path.starts_with("http://")) {
        return Err(format!("nothing is fetched here: `curl -LO {address}`, and add the file"));
    }
    if let Some(url) = url.as_deref().filter(|url| !is_base_url(url)) {
        return Err(format!("--url takes an address such as https://docs.example.com/, not `{url}`"));
    }
    let sources = site(root)?;
    let bytes = read_foreign(file).map_err(|why| format!("{shown}: {why}"))?;
    let inventory = inventory::read(&bytes).map_err(|why| format!("{shown}: {why}"))?;
    let end = if inventory.form == inventory::site::FORM { "json" } else { "inv" };
    let path = format!("{INVENTORIES}/{name}.{end}");
    let there = sources.inventories.iter().find(|(other, _)| other == name).map(|(_, file)| file.path.as_str());
    if let Some(other) = there.filter(|other| *other != path) {
        return Err(format!(
            "{} is called `{name}` as well; delete it or take another name",
            root.join(other).display()
        ));
    }
    let has_note = sources.inventory_notes.contains_key(name);
    let known = inventory.base_url.as_deref().filter(|url| is_base_url(url));
    if url.is_none() && known.is_none() && !has_note {
        return Err(format!("nothing in {shown} says where its site is; add `--url https://…/`"));
    }
    let write = |path: &str, bytes: &[u8]| write::replace(&root.join(path), bytes).map_err(|error| error.to_string());
    if let Some(url) = url {
        write(&format!("{INVENTORIES}/{name}.yaml"), format!("url: {}\n", with_slash(url)).as_bytes())?;
    }
    write(&path, &bytes)?;
    let verb = if there.is_some() { "replaced" } else { "added" };
    anstream::println!("{verb} {}: {}", root.join(&path).display(), in_words(&inventory));
    match inventory.skipped {
        0 => {}
        1 => anstream::println!("One line of it describes no object and is left out, as Sphinx leaves it out."),
        lines => {
            anstream::println!("{lines} lines of it describe no object and are left out, as Sphinx leaves them out.")
        }
    }
    anstream::println!(
        "Link with [text](inv:{name}#OBJECT); `unstick inventory show {name} PATTERN` lists the objects."
    );
    Ok(ExitCode::SUCCESS)
}

/// `Python 3.14, 16832 objects (py:method 5632, std:label 3210, …)`.
fn in_words(inventory: &Inventory) -> String {
    const SHOWN: usize = 4;
    let mut kinds: Vec<(String, usize)> = kinds(inventory).into_iter().collect();
    kinds.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let more = if kinds.len() > SHOWN { ", …" } else { "" };
    let kinds: Vec<String> = kinds.iter().take(SHOWN).map(|(kind, count)| format!("{kind} {count}")).collect();
    let kinds = if kinds.is_empty() { String::new() } else { format!(" ({}{more})", kinds.join(", ")) };
    let what = [plain(&inventory.project), plain(&inventory.version)].join(" ");
    let what = if what.trim().is_empty() { inventory.form } else { what.trim() };
    let count = inventory.objects.len();
    format!("{what}, {count} object{}{kinds}", if count == 1 { "" } else { "s" })
}

fn kinds(inventory: &Inventory) -> BTreeMap<String, usize> {
    let mut kinds = BTreeMap::new();
    for object in &inventory.objects {
        *kinds.entry(object.kind()).or_default() += 1;
    }
    kinds
}

fn site(root: &Path) -> Result<Sources, String> {
    let sources = Sources::read(root, &Options::default()).map_err(|error| error.to_string())?;
    if sources.content_prefix.is_empty() && !root.join(CONFIG).exists() {
        return Err(format!("{} is no site: it has neither {CONFIG} nor a folder content", root.display()));
    }
    Ok(sources)
}

/// The inventories of the site in `root`. What is wrong with one of them goes to the standard error.
fn pinned(root: &Path) -> Result<Inventories, String> {
    let sources = site(root)?;
    let mut sink = Vec::new();
    let inventories = Inventories::read(&sources, &mut sink);
    let wrong: Vec<_> = sink.iter().collect();
    // Whoever cannot read that gets the status all the same.
    let screen = Screen { width: usize::MAX, colours: Colours::LeftOut };
    drop(report::print(Format::Short, &sources, &wrong, screen, &mut io::stderr().lock()));
    Ok(inventories)
}

#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    file: &'a str,
    form: &'a str,
    project: &'a str,
    version: &'a str,
    url: &'a str,
    objects: usize,
    kinds: BTreeMap<String, usize>,
}

/// Lists the inventories of the site in `root`.
///
/// # Errors
/// When the site cannot be read.
pub fn list(root: &Path, form: Form) -> Result<ExitCode, String> {
    let inventories = pinned(root)?;
    let row = |pinned: &'_ Pinned| -> String {
        let Pinned { name, base, inventory, .. } = pinned;
        format!("{name}  {base}  {}\n", in_words(inventory))
    };
    print(
        form,
        || {
            if inventories.all.is_empty() {
                return "The site has no inventories; `unstick inventory add NAME FILE --url URL` adds one.\n".into();
            }
            inventories.all.iter().map(row).collect()
        },
        || {
            let rows = inventories.all.iter().map(|Pinned { name, path, base, inventory, .. }| Row {
                name,
                file: path,
                form: inventory.form,
                project: &inventory.project,
                version: &inventory.version,
                url: base,
                objects: inventory.objects.len(),
                kinds: kinds(inventory),
            });
            serde_json::to_string_pretty(&rows.collect::<Vec<_>>())
        },
    )?;
    Ok(ExitCode::SUCCESS)
}

#[derive(Serialize)]
struct Shown<'a> {
    link: String,
    name: &'a str,
    kind: String,
    title: &'a str,
    url: String,
}

/// Shows the objects of the inventory `name` of which the name, the title or the way to link them is like `pattern`. The
/// exit status is 1 when there are none.
///
/// # Errors
/// When the site cannot be read, or has no such inventory.
pub fn show(root: &Path, name: &str, pattern: &str, form: Form) -> Result<ExitCode, String> {
    let inventories = pinned(root)?;
    let Some(number) = inventories.all.iter().position(|pinned| pinned.name == name) else {
        let names: Vec<&str> = inventories.all.iter().map(|pinned| pinned.name.as_str()).collect();
        let there =
            if names.is_empty() { "the site has none".into() } else { format!("there are: {}", names.join(", ")) };
        return Err(format!("no inventory is called `{name}`; {there}"));
    };
    // Without a `*` a part is enough.
    let lower = pattern.to_lowercase();
    let like = if lower.contains('*') { lower } else { format!("*{lower}*") };
    let objects = &inventories.all[number].inventory.objects;
    let found: Vec<Shown<'_>> = objects
        .iter()
        .enumerate()
        .filter(|(_, object)| {
            [&object.name, &object.title].iter().any(|text| is_like(&like, &text.to_lowercase()))
                || is_like(&like, &format!("{}:{}", object.kind(), object.name).to_lowercase())
        })
        .map(|(at, object)| Shown {
            link: inventories.written(number, at),
            name: &object.name,
            kind: object.kind(),
            title: &object.title,
            url: inventories.address(number, Some(at)),
        })
        .collect();
    print(
        form,
        || {
            let line = |one: &Shown<'_>| {
                let title = if one.title == one.name { String::new() } else { format!("  “{}”", one.title) };
                plain(&format!("{}  {}{title}  {}", one.link, one.kind, one.url)) + "\n"
            };
            if found.is_empty() {
                format!("`{name}` has nothing like `{pattern}`\n")
            } else {
                found.iter().map(line).collect()
            }
        },
        || serde_json::to_string_pretty(&found),
    )?;
    Ok(if found.is_empty() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn print(
    form: Form,
    human: impl FnOnce() -> String,
    json: impl FnOnce() -> serde_json::Result<String>,
) -> Result<(), String> {
    let text = match form {
        Form::Human => human(),
        Form::Json => json().map_err(|error| format!("cannot print: {error}"))? + "\n",
    };
    let mut out = BufWriter::new(anstream::stdout().lock());
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        // Whoever reads has read enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(format!("cannot print: {error}")),
        _ => Ok(()),
    }
}
