//! Files that readers saved: what they did not find, and what helped them.
//!
//! In steps: read every file, all mistakes first; what is done with them, and printed, is the commands'.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::ValueEnum;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::screen::plain;
use crate::parse::date;

/// The version of the files that the scripts of the theme save.
const VERSION: u64 = 1;

/// How a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Form {
    /// A table.
    #[default]
    Human,
    /// One JSON document.
    Json,
}

/// What a file holds that readers saved.
pub trait Export: DeserializeOwned {
    /// What it holds, in words.
    const HOLDS: &'static str;

    /// The version of its form.
    fn version(&self) -> u64;

    /// The days of its notes, as written.
    fn days(&self) -> impl Iterator<Item = &str>;
}

/// Reads all of `files`.
///
/// # Errors
/// When a file cannot be read or is no such export; all such files are named.
pub fn read<T: Export>(files: &[PathBuf]) -> Result<Vec<T>, String> {
    let (exports, wrong): (Vec<_>, Vec<_>) = files.iter().map(|path| read_one(path)).partition(Result::is_ok);
    let wrong: Vec<String> = wrong.into_iter().filter_map(Result::err).collect();
    if wrong.is_empty() { Ok(exports.into_iter().flatten().collect()) } else { Err(wrong.join("\nerror: ")) }
}

fn read_one<T: Export>(path: &Path) -> Result<T, String> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {shown}: {error}"))?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let export: T = serde_json::from_str(text).map_err(|error| format!("{shown} holds no {}: {error}", T::HOLDS))?;
    if export.version() != VERSION {
        return Err(format!("{shown} has version {}; this program reads version {VERSION}", export.version()));
    }
    let is_day = |day: &str| day.len() == "2026-10-01".len() && date::day(day).is_some();
    let wrong = export.days().find(|day| !is_day(day));
    let wrong = wrong.map(|day| format!("{shown} holds no {}: `{day}` is no day such as 2026-10-01", T::HOLDS));
    wrong.map_or(Ok(export), Err)
}

/// What a reader typed, in one line and without what a terminal would obey.
pub fn one_line(text: &str) -> String {
    plain(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Prints `list`, which `table` writes for people.
///
/// # Errors
/// When it cannot be printed.
pub fn print<T: Serialize>(
    list: &T,
    form: Form,
    table: impl FnOnce(&T, &mut dyn Write) -> io::Result<()>,
) -> Result<ExitCode, String> {
    let mut out = BufWriter::new(anstream::stdout().lock());
    let printed = match form {
        Form::Human => table(list, &mut out),
        Form::Json => {
            serde_json::to_writer_pretty(&mut out, list).map_err(io::Error::from).and_then(|()| writeln!(out))
        }
    };
    match printed.and_then(|()| out.flush()) {
        // Whoever reads has read enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(format!("cannot print: {error}")),
        _ => Ok(ExitCode::SUCCESS),
    }
}
