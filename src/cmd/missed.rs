//! `unstick missed`: what readers searched for and did not find, added up from the files that they saved.
//!
//! In steps: read every file (`exports`); add up queries that differ in case and spaces only; print.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use serde::{Deserialize, Serialize};

use super::exports::{self, Export, Form, one_line};

/// A file that a reader saved.
#[derive(Deserialize)]
struct Searches {
    version: u64,
    #[serde(default)]
    site: String,
    missed: Vec<Note>,
}

impl Export for Searches {
    const HOLDS: &'static str = "missed searches";

    fn version(&self) -> u64 {
        self.version
    }

    fn days(&self) -> impl Iterator<Item = &str> {
        self.missed.iter().map(|note| note.day.as_str())
    }
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
    let missed = add_up(exports::read(files)?);
    exports::print(&missed, form, |missed, out| table(missed, out))
}

/// Adds up notes; those of most readers first, then in the order of the queries.
fn add_up(exports: Vec<Searches>) -> Vec<Missed> {
    let mut by_key: BTreeMap<String, Missed> = BTreeMap::new();
    for Searches { site, missed, .. } in exports {
        for Note { query, day } in missed {
            let query = one_line(&query);
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

fn table(missed: &[Missed], out: &mut dyn Write) -> io::Result<()> {
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
