//! Puts made files into the output folder; the only writer.
//!
//! In steps: refuse folders that are not ours; write everything into a folder beside the output; swap the two by renaming.
//! Files in the output that no build made are carried over. A build that fails leaves the old output as it was.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::render::Made;
use crate::source::{Failure, MANIFEST};

/// A new output that is being put together beside the old one.
#[derive(Debug)]
pub struct Staging {
    output: PathBuf,
    folder: PathBuf,
}

fn beside(output: &Path, end: &str) -> PathBuf {
    let name = output
        .file_name()
        .map_or_else(|| "site".into(), |name| name.to_string_lossy().into_owned());
    output.with_file_name(format!(".{name}.unstick-{end}"))
}

impl Staging {
    /// Begins a new output at `output`.
    ///
    /// # Errors
    /// When `output` is a folder with files that no build made a list of, holds one of the `keep` folders, or cannot be
    /// written beside.
    pub fn begin(output: &Path, keep: &[PathBuf]) -> Result<Staging, Failure> {
        let refuse = |why: &str| {
            Err(Failure::new(
                "use as output",
                output,
                io::Error::other(why.to_owned()),
            ))
        };
        let absolute =
            std::path::absolute(output).map_err(|error| Failure::new("find", output, error))?;
        let real = fs::canonicalize(&absolute).unwrap_or_else(|_| absolute.clone());
        for folder in keep {
            if fs::canonicalize(folder).is_ok_and(|folder| folder.starts_with(&real)) {
                return refuse("it holds files that must not be replaced");
            }
        }
        if real.is_file() {
            return refuse("it is a file");
        }
        let empty = fs::read_dir(&real).map_or(true, |mut entries| entries.next().is_none());
        if !empty && !real.join(MANIFEST).is_file() {
            return refuse(
                "it is not empty and was not made by unstick; name an empty or a new folder",
            );
        }
        let folder = beside(&real, "new");
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(|error| Failure::new("remove", &folder, error))?;
        }
        fs::create_dir_all(&folder).map_err(|error| Failure::new("make", &folder, error))?;
        Ok(Staging {
            output: real,
            folder,
        })
    }

    /// Adds one file.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put(&self, path: &str, made: &Made) -> Result<(), Failure> {
        let file = self.folder.join(path);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(|error| Failure::new("make", folder, error))?;
        }
        let written = match made {
            Made::Bytes(bytes) => fs::write(&file, bytes),
            Made::Copy(from) => fs::copy(from, &file).map(drop),
        };
        written.map_err(|error| Failure::new("write", file, error))
    }

    /// Moves the new output in place of the old one.
    ///
    /// # Errors
    /// When a file cannot be moved; the old output is then still there.
    pub fn finish(self, paths: &BTreeSet<String>) -> Result<(), Failure> {
        let list: String = paths.iter().map(|path| format!("{path}\n")).collect();
        let manifest = self.folder.join(MANIFEST);
        fs::write(&manifest, list).map_err(|error| Failure::new("write", &manifest, error))?;
        if !self.output.exists() {
            return fs::rename(&self.folder, &self.output)
                .map_err(|error| Failure::new("move", &self.folder, error));
        }
        let old_list = fs::read_to_string(self.output.join(MANIFEST)).unwrap_or_default();
        let ours: BTreeSet<&str> = old_list.lines().chain([MANIFEST]).collect();
        for entry in walkdir::WalkDir::new(&self.output)
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| !entry.file_type().is_dir())
        {
            let relative = entry
                .path()
                .strip_prefix(&self.output)
                .unwrap_or(entry.path());
            let target = self.folder.join(relative);
            if !ours.contains(crate::source::slashes(relative).as_str()) && !target.exists() {
                if let Some(folder) = target.parent() {
                    fs::create_dir_all(folder)
                        .map_err(|error| Failure::new("make", folder, error))?;
                }
                fs::copy(entry.path(), &target)
                    .map_err(|error| Failure::new("keep", entry.path(), error))?;
            }
        }
        let old = beside(&self.output, "old");
        if old.exists() {
            fs::remove_dir_all(&old).map_err(|error| Failure::new("remove", &old, error))?;
        }
        fs::rename(&self.output, &old)
            .map_err(|error| Failure::new("move", &self.output, error))?;
        if let Err(error) = fs::rename(&self.folder, &self.output) {
            // The old output goes back where it was.
            drop(fs::rename(&old, &self.output));
            return Err(Failure::new("move", &self.folder, error));
        }
        fs::remove_dir_all(&old).map_err(|error| Failure::new("remove", &old, error))
    }

    /// Drops what was put together.
    pub fn cancel(self) {
        drop(fs::remove_dir_all(&self.folder));
    }
}
