//! Finds the files of a folder, in the order of their names; the only file that knows `walkdir`.
//!
//! Links are followed as long as they stay in the site. Hidden files, outputs of earlier builds and installed packages are
//! no part of it. Nothing else is left out without a diagnostic.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

use super::{MANIFEST, slashes};
use crate::diagnostics::{Diagnostic, Place, Sink, rule};

/// A walk through the folders of a site.
pub(super) struct Walk {
    canonical: PathBuf,
    root: PathBuf,
    /// Files: path below the folder that was walked, with `/`, and path on the disk.
    pub(super) found: Vec<(String, PathBuf)>,
    /// What could not be walked.
    pub(super) sink: Sink,
}

impl Walk {
    /// A walk in the site at `root`, whose real path is `canonical`.
    pub(super) fn new(root: &Path, canonical: PathBuf) -> Walk {
        Walk { canonical, root: root.to_owned(), found: Vec::new(), sink: Sink::new() }
    }

    /// Adds the files of `folder`, but not of the folders `skip` in it.
    pub(super) fn folder(&mut self, folder: &Path, skip: &[&str]) {
        let is_content = |entry: &DirEntry| {
            let name = entry.file_name().to_string_lossy();
            if entry.depth() == 0 {
                return true;
            }
            if name.starts_with('.') || (entry.depth() == 1 && skip.contains(&name.as_ref())) {
                return false;
            }
            // What an earlier build made is not content, nor are installed packages.
            !(entry.file_type().is_dir() && (name == "node_modules" || entry.path().join(MANIFEST).exists()))
        };
        let mut walk = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
        while let Some(entry) = walk.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.failed(&error, folder);
                    continue;
                }
            };
            let is_folder = entry.file_type().is_dir();
            let wanted = is_content(&entry);
            if wanted && entry.depth() > 0 && entry.path_is_symlink() && self.leads_out(entry.path()) {
                let diagnostic =
                    Diagnostic::new(&rule::OUTSIDE_ROOT, self.shown(entry.path()), "the link leads out of the site");
                self.sink
                    .push(diagnostic.help("copy the files into the site, or build from the folder that holds both"));
            } else if wanted {
                if !is_folder {
                    self.file(&entry, folder);
                }
                continue;
            }
            if is_folder {
                walk.skip_current_dir();
            }
        }
    }

    fn leads_out(&self, link: &Path) -> bool {
        !fs::canonicalize(link).is_ok_and(|target| target.starts_with(&self.canonical))
    }

    fn shown(&self, path: &Path) -> Place {
        Place::Path(path.strip_prefix(&self.root).map_or_else(|_| slashes(path), slashes))
    }

    fn failed(&mut self, error: &walkdir::Error, folder: &Path) {
        let place = self.shown(error.path().unwrap_or(folder));
        self.sink.push(if error.loop_ancestor().is_some() {
            Diagnostic::new(&rule::OUTSIDE_ROOT, place, "the link leads back to a folder that holds it")
        } else {
            let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
            Diagnostic::new(&rule::UNREADABLE_FILE, place, format!("cannot be read: {why}"))
        });
    }

    fn file(&mut self, entry: &DirEntry, folder: &Path) {
        let path = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        if !entry.file_type().is_file() {
            let message = "this is neither a file nor a folder";
            self.sink.push(Diagnostic::new(&rule::UNREADABLE_FILE, self.shown(entry.path()), message));
        } else if path.to_str().is_none() {
            let message = format!("the name `{}` is not UTF-8", path.display());
            let diagnostic = Diagnostic::new(&rule::UNPORTABLE_NAME, self.shown(entry.path()), message);
            self.sink.push(diagnostic.help("rename the file"));
        } else {
            self.found.push((slashes(path), entry.path().to_owned()));
        }
    }
}
