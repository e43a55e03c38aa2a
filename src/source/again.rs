//! Sources after a change: only files that may have changed are read again.
//!
//! In steps: sort what changed into texts that are known, copied files that are known, and anything else. Known texts are
//! read again, copied files need no reading, and anything else (a new file, one that is gone, the configuration, a link)
//! means that the folder is walked anew. What is left of older sources is what reading it again would give.

use std::collections::BTreeSet;
use std::fs;
use std::io;

use super::{CONFIG, Failure, INVENTORIES, Options, SEARCH_TESTS, SYNONYMS, SourceFile, Sources, read_text};
use crate::default_theme::static_file;
use crate::diagnostics::{FileId, Place, rule};

/// What may have changed since a site was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changes {
    /// Only files and folders of these paths below the root, with `/`.
    Paths(BTreeSet<String>),
    /// Anything.
    Unknown,
}

/// What a change asks for.
#[derive(Debug, PartialEq, Eq)]
enum Effect {
    /// Nothing: it is no part of the site, or only copied.
    Nothing,
    /// This text is read again.
    Text(FileId),
    /// All is read again.
    Everything,
}

impl Sources {
    /// The site as it is after `changes`; `None` when none of them concerns what was read.
    ///
    /// # Errors
    /// When the root, the configuration or the content folder cannot be read at all.
    pub fn again(&self, options: &Options, changes: &Changes) -> Result<Option<Sources>, Failure> {
        let Changes::Paths(paths) = changes else {
            return self.everything(options).map(Some);
        };
        let mut texts = BTreeSet::new();
        for path in paths {
            match self.effect(path) {
                Effect::Nothing => {}
                Effect::Text(file) => drop(texts.insert(file)),
                Effect::Everything => return self.everything(options).map(Some),
            }
        }
        let read = texts.into_iter().map(|file| (file, read_text(&self.root.join(self.path(file)))));
        let mut changed = Vec::new();
        for (file, text) in read {
            match text {
                Ok(super::Text::Good(text)) if *text == *self.text(file) && !text.is_empty() => {}
                text => changed.push((file, text)),
            }
        }
        if changed.is_empty() {
            return Ok(None);
        }
        let mut sources = self.clone();
        for (file, text) in changed {
            let path = self.path(file).to_owned();
            sources.diagnostics.retain(|known| {
                known.place != Place::Path(path.clone())
                    || ![&rule::NOT_UTF8, &rule::TOO_LARGE, &rule::UNREADABLE_FILE].contains(&known.rule)
            });
            sources.files[file.0 as usize].text = sources.accept(&path, text);
        }
        Ok(Some(sources))
    }

    /// Reads the whole site again. That its content folder is gone is no reason to take the root for it.
    fn everything(&self, options: &Options) -> Result<Sources, Failure> {
        let content = self.root.join(&self.config.content);
        let is_gone = |sources: &Sources| {
            let same = sources.config.content == self.config.content;
            same && !self.content_prefix.is_empty() && !content.is_dir()
        };
        if is_gone(self) {
            let mut sources = Sources { root: self.root.clone(), ..Sources::default() };
            sources.read_config(options)?;
            if is_gone(&sources) {
                return Err(Failure::new("read the folder", content, io::ErrorKind::NotFound.into()));
            }
        }
        Sources::read(&self.root, options)
    }

    /// Is everything that was read the same in `other`?
    pub fn is_same(&self, other: &Sources) -> bool {
        let same = |(one, other): (&SourceFile, &SourceFile)| one.path == other.path && one.text == other.text;
        self.files.len() == other.files.len()
            && self.files.iter().zip(&other.files).all(same)
            && self.assets == other.assets
            && self.inventories == other.inventories
            && self.statics == other.statics
            && self.copies == other.copies
            && self.diagnostics == other.diagnostics
            && self.content_prefix == other.content_prefix
    }

    /// Is the file of this path below the root only copied?
    pub fn is_copied(&self, path: &str) -> bool {
        path.strip_prefix("static/").is_some_and(|path| self.statics.contains_key(path))
            || path.strip_prefix(&self.content_prefix).is_some_and(|path| self.assets.contains_key(path))
    }

    fn effect(&self, path: &str) -> Effect {
        let disk = self.root.join(path);
        let is_file = fs::symlink_metadata(&disk).is_ok_and(|found| found.is_file());
        let known = self.files.iter().position(|file| file.path == path);
        if let Some(number) = known {
            return match u32::try_from(number) {
                Ok(number) if is_file && self.config_file != Some(FileId(number)) => Effect::Text(FileId(number)),
                _ => Effect::Everything,
            };
        }
        let is_like_theme = path.strip_prefix("static/").is_some_and(|path| static_file(path).is_some());
        if self.is_copied(path) && !is_like_theme {
            return if is_file { Effect::Nothing } else { Effect::Everything };
        }
        let exists = is_file || fs::symlink_metadata(&disk).is_ok();
        let concerns = if exists { self.would_read(path) } else { self.has_below(path) };
        if concerns { Effect::Everything } else { Effect::Nothing }
    }

    /// Is a file or folder of this path, if it is new, part of the site?
    fn would_read(&self, path: &str) -> bool {
        let folders = [self.config.content.trim_end_matches('/'), "templates", "static", INVENTORIES];
        let within =
            |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        self.content_prefix.is_empty()
            || [CONFIG, SYNONYMS, SEARCH_TESTS].contains(&path)
            || folders.into_iter().any(within)
    }

    /// Did anything that was read lie in a folder of this path?
    fn has_below(&self, folder: &str) -> bool {
        let below = |path: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        let in_content = folder.strip_prefix(&self.content_prefix);
        let in_static = folder.strip_prefix("static");
        let asset = |path: &str, folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        self.files.iter().any(|file| below(&file.path))
            || in_content.is_some_and(|folder| self.assets.keys().any(|path| asset(path, folder)))
            || in_static.is_some_and(|rest| {
                let folder = rest.trim_start_matches('/');
                self.statics.keys().any(|path| folder.is_empty() || asset(path, folder))
            })
    }
}
