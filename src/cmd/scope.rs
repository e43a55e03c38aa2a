//! Which findings of a check matter: those that are new, those of files that changed.
//!
//! In steps: read the baseline and ask Git, before anything is dropped; drop findings that are known; drop findings of
//! other files. What has no file, such as a test of the search, is never left out for being elsewhere.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::diagnostics::{Diagnostic, Place, Severity, Sink};
use crate::report::fingerprints;
use crate::source::Sources;
use crate::source::changed::changed_since;

/// What narrows a check. Nothing narrows it by default.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// A report of findings that are known: JSON or SARIF.
    pub baseline: Option<PathBuf>,
    /// A revision that files must differ from.
    pub changed_since: Option<String>,
}

/// How many findings were left out, and why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    known: usize,
    elsewhere: usize,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.known > 0 {
            write!(f, ", {} known", self.known)?;
        }
        if self.elsewhere > 0 {
            write!(f, ", {} in other files", self.elsewhere)?;
        }
        Ok(())
    }
}

impl Scope {
    /// The files that matter; all of them when there is no revision to differ from.
    ///
    /// # Errors
    /// In words, when Git does not know the revision.
    pub fn changed(&self, sources: &Sources) -> Result<Option<BTreeSet<String>>, String> {
        self.changed_since.as_deref().map(|rev| changed_since(&sources.root, rev)).transpose()
    }

    /// Drops from `sink`, which is sorted, what does not matter.
    ///
    /// # Errors
    /// In words, when the baseline or the revision cannot be read.
    pub fn narrow(&self, sources: &Sources, sink: &mut Sink) -> Result<LeftOut, String> {
        let known = self.baseline.as_deref().map(read).transpose()?;
        let changed = self.changed(sources)?;
        let mut left_out = LeftOut::default();
        if let Some(known) = known {
            let all = fingerprints(sources, &sink.iter().collect::<Vec<_>>());
            let mut all = all.iter();
            left_out.known = leave_out(sink, |_| !all.next().is_some_and(|fingerprint| known.contains(fingerprint)));
        }
        if let Some(changed) = changed {
            left_out.elsewhere = leave_out(sink, |diagnostic| match &diagnostic.place {
                Place::Span(span) => changed.contains(sources.path(span.file)),
                Place::Path(path) => changed.contains(path),
                Place::Elsewhere(_) => true,
            });
        }
        Ok(left_out)
    }
}

/// Keeps what `matters` and says how many errors and warnings do not.
fn leave_out(sink: &mut Sink, mut matters: impl FnMut(&Diagnostic) -> bool) -> usize {
    let mut count = 0;
    sink.retain(|diagnostic| {
        let stays = matters(diagnostic);
        count += usize::from(!stays && diagnostic.severity != Severity::Note);
        stays
    });
    count
}

/// The fingerprints in a report.
fn read(path: &Path) -> Result<BTreeSet<String>, String> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|error| format!("cannot read {shown}: {error}"))?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let report: Value = serde_json::from_str(text).map_err(|error| format!("{shown} is no report: {error}"))?;
    let results: Option<Vec<&Value>> = match (&report["diagnostics"], &report["runs"]) {
        (Value::Array(diagnostics), _) => Some(diagnostics.iter().map(|one| &one["fingerprint"]).collect()),
        (_, Value::Array(runs)) => Some(
            runs.iter()
                .flat_map(|run| run["results"].as_array().into_iter().flatten())
                .map(|result| &result["partialFingerprints"]["primaryLocationLineHash"])
                .collect(),
        ),
        _ => None,
    };
    let known = results.and_then(|all| all.into_iter().map(|one| one.as_str().map(str::to_owned)).collect());
    known.ok_or_else(|| format!("{shown} is no report: make it with `unstick check --format json > {shown}`"))
}
