//! Puts made files into the output folder; the only writer.
//!
//! In steps: lock the output and refuse folders that are not ours; put everything into a folder beside it, files that have
//! not changed as links to what is there; carry over files that no build made; exchange the two folders. A build that fails
//! or is killed leaves the old output as it was.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::render::Made;
use crate::source::{CACHE, Failure, MANIFEST, slashes};

/// A new output that is being put together beside the old one.
#[derive(Debug)]
pub struct Staging {
    output: PathBuf,
    folder: PathBuf,
    /// Is there an output of an earlier build?
    has_old: bool,
    /// Held until the output is finished; the system lets it go when the program is killed.
    lock: File,
}

/// A path beside `output` for the work on it.
fn beside(output: &Path, end: &str) -> PathBuf {
    let name = output.file_name().unwrap_or_default().to_string_lossy();
    output.with_file_name(format!(".{name}.unstick-{end}"))
}

fn failed<'a>(doing: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> Failure + 'a {
    move |error| Failure::new(doing, path, error)
}

fn remove_folder(folder: &Path) -> Result<(), Failure> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Failure::new("remove", folder, error)),
        _ => Ok(()),
    }
}

impl Staging {
    /// Begins a new output at `output`, which must hold none of the folders `keep`.
    ///
    /// # Errors
    /// When another build writes there; when `output` is not a folder, or one with files but without the list that a build
    /// leaves; when it holds a folder to keep; when nothing can be written beside it.
    pub fn begin(output: &Path, keep: &[PathBuf]) -> Result<Staging, Failure> {
        let refuse = |why: &str| Failure::new("write the site to", output, io::Error::other(why.to_owned()));
        let absolute = std::path::absolute(output).map_err(failed("find", output))?;
        let real = fs::canonicalize(&absolute).unwrap_or(absolute);
        let holds = |folder: &PathBuf| fs::canonicalize(folder).is_ok_and(|folder| folder.starts_with(&real));
        if real.file_name().is_none() || keep.iter().any(holds) {
            return Err(refuse("it holds files that must not be replaced"));
        }
        let parent = real.parent().unwrap_or(&real);
        fs::create_dir_all(parent).map_err(failed("make", parent))?;
        let lock_path = beside(&real, "lock");
        let lock = File::create(&lock_path).map_err(failed("write", &lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(refuse("another build is writing to it")),
            Err(TryLockError::Error(error)) => return Err(Failure::new("lock", lock_path, error)),
        }
        // A build was killed where folders cannot be exchanged: what was there goes back.
        let old = beside(&real, "old");
        if !real.exists() && old.exists() {
            fs::rename(&old, &real).map_err(failed("move", &old))?;
        }
        if real.exists() && !real.join(MANIFEST).is_file() {
            let mut entries = fs::read_dir(&real).map_err(failed("read", &real))?;
            if entries.next().is_some() {
                return Err(refuse("it is not empty and was not made by unstick; name an empty or a new folder"));
            }
        }
        let folder = beside(&real, "new");
        remove_folder(&folder)?;
        fs::create_dir_all(&folder).map_err(failed("make", &folder))?;
        Ok(Staging { has_old: real.exists(), output: real, folder, lock })
    }

    /// Makes the folders of the files `paths`, each once.
    ///
    /// # Errors
    /// When one cannot be made.
    pub fn folders(&self, paths: &BTreeSet<String>) -> Result<(), Failure> {
        let folders: BTreeSet<&str> = paths.iter().filter_map(|path| Some(path.rsplit_once('/')?.0)).collect();
        for folder in folders {
            let folder = self.folder.join(folder);
            fs::create_dir_all(&folder).map_err(failed("make", &folder))?;
        }
        Ok(())
    }

    /// Adds one file; its folder is there.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn put(&self, path: &str, made: &Made<'_>) -> Result<(), Failure> {
        let file = self.folder.join(path);
        let written = match made {
            Made::Bytes(bytes) => self.keep_or_write(path, &file, bytes),
            Made::Stream(write) if !self.has_old => File::create(&file).and_then(|mut file| write(&mut file)),
            Made::Stream(write) => {
                let mut bytes = Vec::new();
                write(&mut bytes).and_then(|()| self.keep_or_write(path, &file, &bytes))
            }
            Made::Copy(from) => fs::read(from).and_then(|bytes| self.keep_or_write(path, &file, &bytes)),
        };
        written.map_err(|error| Failure::new("write", file, error))
    }

    /// A file whose bytes are in the old output already is that file.
    fn keep_or_write(&self, path: &str, file: &Path, bytes: &[u8]) -> io::Result<()> {
        if !self.has_old {
            return fs::write(file, bytes);
        }
        let old = self.output.join(path);
        let same = fs::read(&old).is_ok_and(|there| there == bytes);
        if same && fs::hard_link(&old, file).is_ok() {
            return Ok(());
        }
        fs::write(file, bytes)
    }

    /// Puts the new output, which consists of `paths`, in the place of the old one.
    ///
    /// # Errors
    /// When a file cannot be moved, or one that no build made is in the way; the old output is then still there.
    pub fn finish(self, paths: &BTreeSet<String>) -> Result<(), Failure> {
        let list: String = paths.iter().map(|path| format!("{path}\n")).collect();
        let manifest = self.folder.join(MANIFEST);
        fs::write(&manifest, list).map_err(failed("write", &manifest))?;
        if self.output.exists() {
            self.carry_over()?;
            self.exchange()?;
        } else {
            fs::rename(&self.folder, &self.output).map_err(failed("move", &self.folder))?;
        }
        self.unlock();
        Ok(())
    }

    /// Files in the old output that no build made belong to somebody: they go with it.
    fn carry_over(&self) -> Result<(), Failure> {
        let manifest = self.output.join(MANIFEST);
        let list = match fs::read_to_string(&manifest) {
            Ok(list) => list,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(Failure::new("read", manifest, error)),
        };
        let made: BTreeSet<&str> = list.lines().chain([MANIFEST]).collect();
        for entry in walkdir::WalkDir::new(&self.output) {
            let entry = entry.map_err(|error| Failure::new("keep the files of", &self.output, error.into()))?;
            let path = entry.path().strip_prefix(&self.output).unwrap_or(entry.path());
            if entry.file_type().is_dir() || made.contains(slashes(path).as_str()) {
                continue;
            }
            let target = self.folder.join(path);
            if target.exists() {
                let why = io::Error::other("it was not made by unstick, and the site now has a file of that name");
                return Err(Failure::new("replace", entry.path(), why));
            }
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder).map_err(failed("make", folder))?;
            }
            let linked = fs::hard_link(entry.path(), &target).or_else(|_| fs::copy(entry.path(), &target).map(drop));
            linked.map_err(failed("keep", entry.path()))?;
        }
        Ok(())
    }

    fn exchange(&self) -> Result<(), Failure> {
        #[cfg(any(target_os = "linux", target_os = "macos"))]
        {
            use rustix::fs::{CWD, RenameFlags, renameat_with};
            if renameat_with(CWD, &self.folder, CWD, &self.output, RenameFlags::EXCHANGE).is_ok() {
                return remove_folder(&self.folder);
            }
        }
        // Where folders cannot be exchanged there is a moment without a site; `begin` mends it after a kill.
        let old = beside(&self.output, "old");
        remove_folder(&old)?;
        fs::rename(&self.output, &old).map_err(failed("move", &self.output))?;
        if let Err(error) = fs::rename(&self.folder, &self.output) {
            fs::rename(&old, &self.output).map_err(failed("move back", &old))?;
            return Err(Failure::new("move", &self.folder, error));
        }
        remove_folder(&old)
    }

    /// Drops what was put together.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn cancel(self) -> Result<(), Failure> {
        remove_folder(&self.folder)?;
        self.unlock();
        Ok(())
    }

    fn unlock(self) {
        // A lock file that stays behind does no harm: the lock is on the open file.
        drop(fs::remove_file(beside(&self.output, "lock")));
        drop(self.lock);
    }
}

/// Writes a file that is not there yet, and the folders it stands in.
///
/// # Errors
/// When it is there, or cannot be written.
pub fn create(path: &Path, text: &str) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed("make", folder))?;
    }
    let file = File::options().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(text.as_bytes())).map_err(failed("create", path))
}

/// Puts `bytes` in the place of a file, at once: whoever reads sees the old or the new. Makes the folders it stands in.
///
/// # Errors
/// When it cannot be written; the file is then as it was.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed("make", folder))?;
    }
    let new = beside(path, "new");
    let done = fs::write(&new, bytes).and_then(|()| fs::rename(&new, path));
    done.map_err(|error| {
        drop(fs::remove_file(&new));
        Failure::new("write", path, error)
    })
}

/// Keeps `bytes` as `name` in the site's folder for what saves time. Deleting that folder is always safe.
///
/// # Errors
/// When it cannot be written.
pub fn cache(root: &Path, name: &str, bytes: &[u8]) -> Result<(), Failure> {
    let folder = root.join(CACHE);
    fs::create_dir_all(&folder).map_err(failed("make", &folder))?;
    // Nobody wants it in version control.
    let ignore = folder.join(".gitignore");
    if !ignore.exists() {
        replace(&ignore, b"*\n")?;
    }
    replace(&folder.join(name), bytes)
}

/// Replaces the source file at `path` with `text`, whole or not at all.
///
/// # Errors
/// When the file cannot be read or written, or no longer holds `old`: somebody is at work on it.
pub fn source(path: &Path, old: &str, text: &str) -> Result<(), Failure> {
    // What a symbolic link stands for is changed, and the link stays.
    let path = &fs::canonicalize(path).map_err(failed("find", path))?;
    let now = fs::read(path).map_err(failed("read", path))?;
    if now != old.as_bytes() {
        return Err(Failure::new("change", path, io::Error::other("it was changed in the meantime")));
    }
    let permissions = fs::metadata(path).map_err(failed("read", path))?.permissions();
    replace(path, text.as_bytes())?;
    fs::set_permissions(path, permissions).map_err(failed("change", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(output: &Path, files: &[(&str, &str)]) -> Result<(), Failure> {
        let staging = Staging::begin(output, &[])?;
        let paths = files.iter().map(|(path, _)| (*path).to_owned()).collect();
        staging.folders(&paths)?;
        for (path, text) in files {
            staging.put(path, &Made::Bytes(text.as_bytes().into()))?;
        }
        staging.finish(&paths)
    }

    #[test]
    fn what_is_not_ours_is_kept() {
        let root = tempfile::tempdir().expect("a folder");
        let output = root.path().join("site");
        build(&output, &[("a/index.html", "1"), ("b.html", "2")]).expect("the first build");
        let time = |path: &str| fs::metadata(output.join(path)).and_then(|file| file.modified()).expect("a time");
        let before = time("a/index.html");
        fs::write(output.join("CNAME"), "mine").expect("written");
        build(&output, &[("a/index.html", "1"), ("c.html", "3")]).expect("the second build");
        assert_eq!(time("a/index.html"), before);
        assert!(!output.join("b.html").exists() && output.join("c.html").exists());
        assert_eq!(fs::read_to_string(output.join("CNAME")).ok().as_deref(), Some("mine"));
        let error = build(&output, &[("CNAME", "theirs")]).expect_err("the file is in the way");
        assert!(error.to_string().contains("not made by unstick"), "{error}");
        assert_eq!(fs::read_to_string(output.join("CNAME")).ok().as_deref(), Some("mine"));
        assert!(output.join("c.html").exists());
    }

    #[test]
    fn foreign_folders_and_second_builds_are_refused() {
        let root = tempfile::tempdir().expect("a folder");
        let output = root.path().join("site");
        fs::create_dir(&output).expect("made");
        fs::write(output.join("thesis.txt"), "mine").expect("written");
        assert!(build(&output, &[("a.html", "1")]).is_err());
        assert!(Staging::begin(root.path(), std::slice::from_ref(&output)).is_err());
        let other = root.path().join("other");
        let first = Staging::begin(&other, &[]).expect("the first");
        assert!(Staging::begin(&other, &[]).is_err_and(|error| error.to_string().contains("another build")));
        first.cancel().expect("dropped");
        assert!(build(&other, &[("a.html", "1")]).is_ok());
    }

    #[test]
    fn a_killed_swap_is_mended() {
        let root = tempfile::tempdir().expect("a folder");
        let output = root.path().join("site");
        build(&output, &[("a.html", "1")]).expect("built");
        fs::write(output.join("CNAME"), "mine").expect("written");
        fs::rename(&output, beside(&output, "old")).expect("moved");
        build(&output, &[("a.html", "2")]).expect("built again");
        assert_eq!(fs::read_to_string(output.join("a.html")).ok().as_deref(), Some("2"));
        assert!(output.join("CNAME").exists());
    }
}
