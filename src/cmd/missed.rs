//! `unstick missed`: what readers searched for and did not find, added up from the files that they saved.
//!
//! In steps: read every file, all mistakes first; add up queries that differ in case and spaces only; print.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use crate::parse::date;

/// The version of the files that the site's page of results saves.
const VERSION: u64 = 1;

/// How the list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Form {
    /// A table.
    #[default]
    Human,
    /// One JSON document.
    Json,
}

/// A file that a reader saved.
#[derive(Deserialize)]
struct Export {
    version: u64,
    #[serde(default)]
    site: String,
    missed: Vec<Note>,
}

#[derive(Deserialize)]
struct Note {
    query: String,
    day: String,
}

/// A query with all its notes.
#[derive(Serialize)]
struct Missed {
    count: usize,
    query: String,
    first: String,
    last: String,
    sites: Vec<String>,
}

/// Adds up the exports in `files`.
///
/// # Errors
/// When a file cannot be read or is no export; all such files are named.
pub fn run(files: &[PathBuf], form: Form) -> Result<ExitCode, String> {
    let (exports, wrong): (Vec<_>, Vec<_>) = files.iter().map(|path| read(path)).partition(Result::is_ok);
    let wrong: Vec<String> = wrong.into_iter().filter_map(Result::err).collect();
    if !wrong.is_empty() {
        return Err(wrong.join("\nerror: "));
    }
    let missed = add_up(exports.into_iter().flatten());
    let mut out = BufWriter::new(anstream::stdout().lock());
    let printed = match form {
        Form::Human => table(&missed, &mut out),
        Form::Json => json(&missed, &mut out),
    };
    match printed.and_then(|()| out.flush()) {
        // Whoever reads has read enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(format!("cannot print: {error}")),
        _ => Ok(ExitCode::SUCCESS),
    }
}

fn read(path: &Path) -> Result<Export, String> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {shown}: {error}"))?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let export: Export =
        serde_json::from_str(text).map_err(|error| format!("{shown} holds no missed searches: {error}"))?;
    if export.version != VERSION {
        return Err(format!("{shown} has version {}; this program reads version {VERSION}", export.version));
    }
    let is_day = |note: &&Note| note.day.len() == "2026-10-01".len() && date::day(&note.day).is_some();
    if let Some(note) = export.missed.iter().find(|note| !is_day(note)) {
        return Err(format!("{shown} holds no missed searches: `{}` is no day such as 2026-10-01", note.day));
    }
    Ok(export)
}

/// Adds up notes; those of most readers first, then in the order of the queries.
fn add_up(exports: impl Iterator<Item = Export>) -> Vec<Missed> {
    let mut by_key: BTreeMap<String, Missed> = BTreeMap::new();
    for Export { site, missed, .. } in exports {
        for Note { query, day } in missed {
            // Nobody typed what a terminal would obey.
            let plain: String = query.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            let query = plain.split_whitespace().collect::<Vec<_>>().join(" ");
            let key = query.to_lowercase();
            if key.is_empty() {
                continue;
            }
            let all = by_key.entry(key).or_insert_with(|| Missed {
                count: 0,
                query: query.clone(),
                first: day.clone(),
                last: day.clone(),
                sites: Vec::new(),
            });
            all.count += 1;
            // One spelling, whatever the order of the files.
            all.query = query.min(std::mem::take(&mut all.query));
            all.first = day.clone().min(std::mem::take(&mut all.first));
            all.last = day.max(std::mem::take(&mut all.last));
            if let Err(at) = all.sites.binary_search(&site) {
                all.sites.insert(at, site.clone());
            }
        }
    }
    let mut all: Vec<Missed> = by_key.into_values().collect();
    all.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.query.cmp(&b.query)));
    all
}

fn table(missed: &[Missed], out: &mut impl Write) -> io::Result<()> {
    if missed.is_empty() {
        return writeln!(out, "Readers found whatever they searched for.");
    }
    let width = missed[0].count.to_string().len().max("count".len());
    writeln!(out, "{:>width$}  {:10}  query", "count", "last")?;
    for Missed { count, query, last, .. } in missed {
        writeln!(out, "{count:>width$}  {last:10}  {query}")?;
    }
    Ok(())
}

fn json(missed: &[Missed], out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, missed)?;
    writeln!(out)
}
