//! `unstick helped`: which answers helped readers and which did not, added up from the files that they saved.
//!
//! In steps: read every file (`exports`); add up the notes on each entry; print.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use serde::{Deserialize, Serialize};

use super::exports::{self, Export, Form, one_line};

/// A file that a reader saved.
#[derive(Deserialize)]
struct Feedback {
    version: u64,
    #[serde(default)]
    site: String,
    feedback: Vec<Note>,
}

impl Export for Feedback {
    const HOLDS: &'static str = "notes on what helped";

    fn version(&self) -> u64 {
        self.version
    }

    fn days(&self) -> impl Iterator<Item = &str> {
        self.feedback.iter().map(|note| note.day.as_str())
    }
}

#[derive(Deserialize)]
struct Note {
    path: String,
    id: String,
    #[serde(default)]
    title: String,
    helped: bool,
    #[serde(default)]
    note: String,
    day: String,
}

/// An entry with all notes on it.
#[derive(Serialize)]
struct Entry {
    path: String,
    id: String,
    title: String,
    helped: usize,
    did_not: usize,
    first: String,
    last: String,
    sites: Vec<String>,
    missing: Vec<Missing>,
}

/// What a reader missed in an answer.
#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Missing {
    day: String,
    note: String,
}

/// Adds up the exports in `files`.
///
/// # Errors
/// When a file cannot be read or is no export; all such files are named.
pub fn run(files: &[PathBuf], form: Form) -> Result<ExitCode, String> {
    let entries = add_up(exports::read(files)?);
    exports::print(&entries, form, |entries, out| table(entries, out))
}

/// Adds up notes; the entries that helped least often first, then in the order of their addresses.
fn add_up(exports: Vec<Feedback>) -> Vec<Entry> {
    let mut by_entry: BTreeMap<(String, String), Entry> = BTreeMap::new();
    for Feedback { site, feedback, .. } in exports {
        for Note { path, id, title, helped, note, day } in feedback {
            let (path, id, title) = (one_line(&path), one_line(&id), one_line(&title));
            let all = by_entry.entry((path.clone(), id.clone())).or_insert_with(|| Entry {
                path,
                id,
                title: String::new(),
                helped: 0,
                did_not: 0,
                first: day.clone(),
                last: String::new(),
                sites: Vec::new(),
                missing: Vec::new(),
            });
            all.helped += usize::from(helped);
            all.did_not += usize::from(!helped);
            // The question as it was last asked, whatever the order of the files.
            if (&day, &title) > (&all.last, &all.title) {
                all.title = title;
            }
            all.first = day.clone().min(std::mem::take(&mut all.first));
            all.last = day.clone().max(std::mem::take(&mut all.last));
            if let Err(at) = all.sites.binary_search(&site) {
                all.sites.insert(at, site.clone());
            }
            let note = one_line(&note);
            if !note.is_empty() {
                all.missing.push(Missing { day, note });
            }
        }
    }
    let mut all: Vec<Entry> = by_entry.into_values().collect();
    all.iter_mut().for_each(|entry| entry.missing.sort_unstable());
    all.sort_by_key(|entry| (Reverse(entry.did_not), entry.helped));
    all
}

fn table(entries: &[Entry], out: &mut dyn Write) -> io::Result<()> {
    if entries.is_empty() {
        return writeln!(out, "Readers noted nothing.");
    }
    writeln!(out, "helped  did not  last        entry")?;
    for Entry { path, id, title, helped, did_not, last, missing, .. } in entries {
        let fragment = if id.is_empty() { String::new() } else { format!("#{id}") };
        writeln!(out, "{helped:>6}  {did_not:>7}  {last:10}  {title} ({path}{fragment})")?;
        for Missing { day, note } in missing {
            writeln!(out, "{:17}{day:10}    missing: {note}", "")?;
        }
    }
    Ok(())
}
