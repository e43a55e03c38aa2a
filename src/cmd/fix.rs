//! `unstick fix`: makes the repairs that are certain, or shows them.
//!
//! In steps: understand the site; take the repairs of its diagnostics, file by file and from the end to the start, so that
//! the places of the rest stay true; show a unified diff; write the files that changed. Nothing else in a file is touched.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use jiff::civil::Date;
use similar::TextDiff;

use super::screen::is_obeyed;
use crate::cmd::external::{self, Manners};
use crate::diagnostics::{self, Edit, FileId, Sink, nearest};
use crate::link::{Drafts, Settings};
use crate::source::Options;
use crate::{Site, findings, write};

/// Whether the changes are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Will {
    /// They are shown only.
    Show,
    /// They are made.
    Apply,
}

/// Everything that the command is told.
#[derive(Debug)]
pub struct Job {
    /// Folder of the site.
    pub root: PathBuf,
    /// Names of the rules whose repairs are wanted; of all when there are none.
    pub rules: Vec<String>,
    /// Whether the changes are made.
    pub will: Will,
    /// The day, for the states of entries.
    pub today: Date,
    /// How addresses on other sites are asked for; `None` to leave the network alone.
    pub external: Option<Manners>,
}

/// Shows or makes the repairs.
///
/// # Errors
/// When the site cannot be read or a file cannot be written, in words.
pub fn run(job: &Job) -> Result<ExitCode, String> {
    if let Some(unknown) = job.rules.iter().find(|name| diagnostics::ALL.iter().all(|rule| rule.name != **name)) {
        let near = nearest(unknown, diagnostics::ALL.iter().map(|rule| rule.name));
        let hint = near.map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
        return Err(format!("no rule is called `{unknown}`{hint}"));
    }
    // What a draft needs mended may as well be mended.
    let settings = Settings { drafts: Drafts::Included, today: job.today };
    let mut site = findings(&job.root, &Options::default(), settings).map_err(|error| error.to_string())?;
    if let Some(manners) = &job.external {
        let mut found = Sink::new();
        external::check(&site, None, manners, &mut found);
        site.diagnostics.append(&mut found);
    }
    let repairs = repairs(&site, &job.rules);
    let mut out = BufWriter::new(anstream::stdout().lock());
    let mut count = 0;
    for (file, edits) in &repairs {
        let (path, old) = (site.sources.path(*file), site.sources.text(*file));
        let new = edited(old, edits);
        count += edits.len();
        show(path, old, &new, &mut out).map_err(|error| format!("cannot print: {error}"))?;
        if job.will == Will::Apply {
            write::source(&job.root.join(path), old, &new).map_err(|error| error.to_string())?;
        }
    }
    let repairs_in = |made: &str| {
        let (s, files) = (if count == 1 { "" } else { "s" }, if repairs.len() == 1 { "file" } else { "files" });
        format!("{count} repair{s} in {} {files}{made}", repairs.len())
    };
    let last = match (count, job.will) {
        (0, _) => "nothing to repair for certain".to_owned(),
        (_, Will::Show) => {
            let external = if job.external.is_some() { " --external" } else { "" };
            repairs_in(&format!("; `unstick fix{external} --apply` makes them"))
        }
        (_, Will::Apply) => repairs_in(" made"),
    };
    match writeln!(out, "{last}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(format!("cannot print: {error}")),
        _ => Ok(ExitCode::SUCCESS),
    }
}

/// The edits of each file, from its start to its end. Of two that overlap the first is made; the next run makes the other.
fn repairs<'a>(site: &'a Site, rules: &[String]) -> BTreeMap<FileId, Vec<&'a Edit>> {
    let wanted = |name: &str| rules.is_empty() || rules.iter().any(|rule| rule == name);
    let mut files: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for diagnostic in site.diagnostics.iter().filter(|diagnostic| wanted(diagnostic.rule.name)) {
        for edit in diagnostic.fix.iter().flat_map(|fix| &fix.edits) {
            files.entry(edit.span.file).or_default().push(edit);
        }
    }
    for edits in files.values_mut() {
        edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
        let mut end = 0;
        let mut last = None;
        edits.retain(|edit| {
            let fits = edit.span.start >= end && last != Some(edit.span);
            if fits {
                (end, last) = (edit.span.end, Some(edit.span));
            }
            fits
        });
    }
    files
}

fn edited(text: &str, edits: &[&Edit]) -> String {
    let mut new = text.to_owned();
    for edit in edits.iter().rev() {
        new.replace_range(edit.span.range(), &edit.text);
    }
    new
}

/// Prints what becomes of a file, as `diff -u` would. A line end of Windows is shown as any other.
fn show(path: &str, old: &str, new: &str, out: &mut impl Write) -> io::Result<()> {
    let plain = |text: &str| text.replace("\r\n", "\n");
    let (old, new) = (plain(old), plain(new));
    let diff = TextDiff::from_lines(&old, &new);
    let shown = diff.unified_diff().context_radius(1).header(path, path).to_string();
    // Nothing of a page may speak to the terminal.
    let is_safe = |c: char| !is_obeyed(c) || c == '\n' || c == '\t';
    let safe: String = shown.chars().map(|c| if is_safe(c) { c } else { '\u{FFFD}' }).collect();
    out.write_all(safe.as_bytes())
}
