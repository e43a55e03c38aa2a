//! Which files of a site change; with `notify`.
//!
//! In steps: watch the folders that the site is read from, and neither its output nor what it keeps between builds; gather
//! what the system reports until it is quiet for a moment; give it as [`Changes`]. Where the system cannot watch, the files
//! are looked at ([`super::poll`]).

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind, MetadataKind, ModifyKind};
use notify::{Config, Event, RecommendedWatcher, RecursiveMode, Watcher};

use super::poll::Poller;
use crate::source::{Changes, INVENTORIES, MANIFEST, slashes};

/// So long nothing must happen until what happened is looked at: saves come as several events.
const QUIET: Duration = Duration::from_millis(6);
/// What happens without a pause is looked at after this all the same.
const STORM: Duration = Duration::from_millis(150);

/// What the command is told from outside.
pub enum Message {
    /// Something may have changed.
    Event(notify::Result<Event>),
    /// The search of the version of this number is made.
    Searched(u64),
    /// The writer has had enough.
    Stop,
}

/// What came of waiting.
#[derive(Debug, PartialEq, Eq)]
pub enum Waited {
    /// These changes.
    Changes(Changes),
    /// The search of the version of this number is made.
    Searched(u64),
    /// Nothing, for as long as was asked.
    Nothing,
    /// The writer has had enough.
    Stop,
}

/// How files are watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watching {
    /// By the system, and by looking at them where it cannot.
    System,
    /// By looking at them.
    Polling,
}

/// What of a site is watched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// Folder of the site, as the system names it.
    pub root: PathBuf,
    /// Folder of the pages; the root itself when it has no such folder.
    pub content: PathBuf,
    /// Folder of the output.
    pub output: PathBuf,
    /// A configuration that lies elsewhere.
    pub config: Option<PathBuf>,
}

/// Watches a site.
pub struct Watch {
    watcher: Box<dyn Watcher + Send>,
    messages: Receiver<Message>,
    watched: Watched,
    /// What is watched now.
    folders: BTreeSet<PathBuf>,
    /// Is it the system that watches?
    watching: Watching,
    sender: Sender<Message>,
}

impl Watch {
    /// Watches a site. `messages` is the other end of `sender`.
    ///
    /// # Errors
    /// When files cannot even be looked at.
    pub fn new(
        watched: Watched,
        watching: Watching,
        sender: Sender<Message>,
        messages: Receiver<Message>,
    ) -> notify::Result<Watch> {
        let (watcher, watching) = match watching {
            Watching::System => match RecommendedWatcher::new(handler(&sender), Config::default()) {
                Ok(watcher) => (Box::new(watcher) as Box<dyn Watcher + Send>, Watching::System),
                Err(_) => (poller(&sender)?, Watching::Polling),
            },
            Watching::Polling => (poller(&sender)?, Watching::Polling),
        };
        let mut watch = Watch { watcher, messages, watched, folders: BTreeSet::new(), watching, sender };
        watch.renew(&BTreeSet::new())?;
        Ok(watch)
    }

    /// How files are watched: by looking at them, where the system would not.
    pub fn watching(&self) -> Watching {
        self.watching
    }

    /// Watches `watched` from now on.
    ///
    /// # Errors
    /// When files cannot even be looked at.
    pub fn move_to(&mut self, watched: Watched) -> notify::Result<()> {
        self.watched = watched;
        self.renew(&BTreeSet::new())
    }

    /// Watches everything anew, after folders were gone that nobody told of.
    ///
    /// # Errors
    /// When files cannot even be looked at.
    pub fn restart(&mut self) -> notify::Result<()> {
        let all = self.folders.clone();
        self.renew(&all)
    }

    /// Watches what is there now. Folders of `gone` were removed or put in the place of others, so that the system may have
    /// forgotten them.
    ///
    /// # Errors
    /// When files cannot even be looked at.
    fn renew(&mut self, gone: &BTreeSet<PathBuf>) -> notify::Result<()> {
        let mut wanted = Vec::new();
        self.watched.folders(&mut wanted);
        let paths: BTreeSet<PathBuf> = wanted.iter().map(|(path, _)| path.clone()).collect();
        let forgotten: Vec<PathBuf> =
            self.folders.iter().filter(|path| !paths.contains(*path) || gone.contains(*path)).cloned().collect();
        for path in forgotten {
            // It may have been forgotten by the system, too.
            drop(self.watcher.unwatch(&path));
            self.folders.remove(&path);
        }
        for (path, mode) in wanted {
            if self.folders.contains(&path) {
                continue;
            }
            match self.watcher.watch(&path, mode) {
                Ok(()) => drop(self.folders.insert(path)),
                // Gone again; that is an event of the folder above.
                Err(_) if !path.exists() => {}
                Err(error) if self.watching == Watching::Polling => return Err(error),
                Err(_) => {
                    self.watching = Watching::Polling;
                    self.watcher = poller(&self.sender)?;
                    self.folders.clear();
                    return self.renew(&BTreeSet::new());
                }
            }
        }
        Ok(())
    }

    /// Waits for changes, but not longer than `patience`.
    pub fn wait(&mut self, patience: Duration) -> Waited {
        let started = Instant::now();
        let mut gathered = Gathered::default();
        loop {
            let left = patience.saturating_sub(started.elapsed());
            match self.messages.recv_timeout(left) {
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return Waited::Stop,
                Err(RecvTimeoutError::Timeout) => return Waited::Nothing,
                Ok(Message::Searched(number)) => return Waited::Searched(number),
                Ok(Message::Event(event)) => self.watched.gather(event, &mut gathered),
            }
            if gathered.is_empty() {
                continue;
            }
            let first = Instant::now();
            while first.elapsed() < STORM {
                match self.messages.recv_timeout(QUIET) {
                    Ok(Message::Event(event)) => self.watched.gather(event, &mut gathered),
                    Ok(Message::Stop) => return Waited::Stop,
                    // Its version is about to be replaced.
                    Ok(Message::Searched(_)) => {}
                    Err(_) => break,
                }
            }
            let watched = gathered.paths.iter().map(|path| self.watched.root.join(path));
            let watched: Vec<PathBuf> = watched.filter(|path| self.folders.contains(path)).collect();
            gathered.folders.extend(watched);
            if !gathered.folders.is_empty() || gathered.unknown {
                // Events of a new folder may have come before it was watched.
                gathered.unknown |= self.renew(&gathered.folders).is_err() || !gathered.folders.is_empty();
            }
            return Waited::Changes(match gathered.unknown {
                true => Changes::Unknown,
                false => Changes::Paths(gathered.paths),
            });
        }
    }
}

fn handler(sender: &Sender<Message>) -> impl Fn(notify::Result<Event>) + Send + 'static {
    let sender = sender.clone();
    // Nobody listens any more when the command ends.
    move |event| drop(sender.send(Message::Event(event)))
}

fn poller(sender: &Sender<Message>) -> notify::Result<Box<dyn Watcher + Send>> {
    Ok(Box::new(Poller::new(handler(sender), Config::default())?))
}

/// What came together until it was quiet.
#[derive(Debug, Default)]
struct Gathered {
    /// Paths below the root, with `/`.
    paths: BTreeSet<String>,
    /// Folders that came, went or were put in the place of others.
    folders: BTreeSet<PathBuf>,
    /// The system lost count.
    unknown: bool,
}

impl Gathered {
    fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.folders.is_empty() && !self.unknown
    }
}

impl Watched {
    /// Folders to watch, the root first, with how deep.
    fn folders(&self, found: &mut Vec<(PathBuf, RecursiveMode)>) {
        found.push((self.root.clone(), RecursiveMode::NonRecursive));
        if self.content == self.root {
            self.below(&self.root, found);
        } else {
            self.folder(&self.content, found);
            for name in ["templates", "static", INVENTORIES] {
                self.folder(&self.root.join(name), found);
            }
        }
        if let Some(folder) = self.config.as_ref().and_then(|config| config.parent()) {
            found.push((folder.to_owned(), RecursiveMode::NonRecursive));
        }
        found.dedup_by(|a, b| a.0 == b.0);
    }

    /// The folders in `folder`, which is not watched recursively.
    fn below(&self, folder: &Path, found: &mut Vec<(PathBuf, RecursiveMode)>) {
        let Ok(entries) = fs::read_dir(folder) else {
            return;
        };
        let mut folders: Vec<PathBuf> =
            entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
        folders.sort();
        folders.iter().for_each(|folder| self.folder(folder, found));
    }

    fn folder(&self, folder: &Path, found: &mut Vec<(PathBuf, RecursiveMode)>) {
        if !folder.is_dir() || self.is_left_out(folder) || folder.join(MANIFEST).exists() {
            return;
        }
        // The output may lie deeper.
        if self.output.starts_with(folder) {
            found.push((folder.to_owned(), RecursiveMode::NonRecursive));
            self.below(folder, found);
        } else {
            found.push((folder.to_owned(), RecursiveMode::Recursive));
        }
    }

    /// Is the path no part of the site: hidden, installed, or made?
    fn is_left_out(&self, path: &Path) -> bool {
        let Ok(relative) = path.strip_prefix(&self.root) else {
            return false;
        };
        let mut names = relative.components().map(|name| name.as_os_str().to_string_lossy());
        path.starts_with(&self.output) || names.any(|name| name.starts_with('.') || name == "node_modules")
    }

    fn gather(&self, event: notify::Result<Event>, gathered: &mut Gathered) {
        let Ok(event) = event else {
            gathered.unknown = true;
            return;
        };
        gathered.unknown |= event.need_rescan();
        let is_change = match event.kind {
            // Reading is no change, and what is read here would never come to rest.
            EventKind::Access(kind) => kind == AccessKind::Close(AccessMode::Write),
            EventKind::Modify(ModifyKind::Metadata(MetadataKind::AccessTime)) => false,
            _ => true,
        };
        if !is_change {
            return;
        }
        // That something in it changed is told of a folder, too, by some systems.
        let in_place = matches!(event.kind, EventKind::Modify(kind) if !matches!(kind, ModifyKind::Name(_)));
        for path in event.paths {
            if Some(&path) == self.config.as_ref() {
                gathered.unknown = true;
            }
            let Ok(relative) = path.strip_prefix(&self.root) else {
                continue;
            };
            if self.is_left_out(&path) || (in_place && path.is_dir()) {
                continue;
            }
            if path.is_dir() {
                gathered.folders.insert(path.clone());
            }
            gathered.paths.insert(slashes(relative));
        }
    }
}
