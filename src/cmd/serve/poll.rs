//! Looks at files where the system does not tell of changes.
//!
//! The watcher of `notify` that does so compares times in whole seconds, and misses the second of two saves in one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, SystemTime};

use notify::event::{CreateKind, DataChange, ModifyKind, RemoveKind};
use notify::{Config, Event, EventHandler, EventKind, RecursiveMode, Watcher, WatcherKind};

/// How often.
const POLL: Duration = Duration::from_millis(500);

/// What tells two states of a file apart: time and size; none for a folder.
type Stamp = Option<(Option<SystemTime>, u64)>;

/// Files and folders with their stamps.
type Seen = BTreeMap<PathBuf, Stamp>;

/// Folders that are looked at, each with what was seen in it.
type Folders = BTreeMap<PathBuf, (RecursiveMode, Seen)>;

/// Looks at folders until it is dropped.
#[derive(Debug)]
pub struct Poller {
    folders: Arc<Mutex<Folders>>,
}

impl Watcher for Poller {
    fn new<F: EventHandler>(mut handler: F, _: Config) -> notify::Result<Poller> {
        let folders = Arc::new(Mutex::new(Folders::new()));
        let watched = Arc::downgrade(&folders);
        let looks = move || {
            while let Some(events) = look(&watched) {
                events.into_iter().for_each(|event| handler.handle_event(Ok(event)));
                thread::sleep(POLL);
            }
        };
        thread::Builder::new().name("looks".into()).spawn(looks)?;
        Ok(Poller { folders })
    }

    fn watch(&mut self, path: &Path, mode: RecursiveMode) -> notify::Result<()> {
        fs::read_dir(path)?;
        let mut seen = Seen::new();
        see(path, mode, &mut seen);
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_owned(), (mode, seen));
        Ok(())
    }

    fn unwatch(&mut self, path: &Path) -> notify::Result<()> {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner).remove(path);
        Ok(())
    }

    fn kind() -> WatcherKind {
        WatcherKind::PollWatcher
    }
}

/// What changed since the last look; `None` when nobody wants to know.
fn look(folders: &Weak<Mutex<Folders>>) -> Option<Vec<Event>> {
    let folders = folders.upgrade()?;
    let mut folders = folders.lock().unwrap_or_else(PoisonError::into_inner);
    let mut events = Vec::new();
    for (folder, (mode, before)) in folders.iter_mut() {
        let mut now = Seen::new();
        see(folder, *mode, &mut now);
        let mut tell = |kind, path: &PathBuf| events.push(Event::new(kind).add_path(path.clone()));
        for (path, stamp) in &now {
            match before.get(path) {
                None => tell(EventKind::Create(CreateKind::Any), path),
                Some(known) if known != stamp => tell(EventKind::Modify(ModifyKind::Data(DataChange::Any)), path),
                Some(_) => {}
            }
        }
        for path in before.keys().filter(|path| !now.contains_key(*path)) {
            tell(EventKind::Remove(RemoveKind::Any), path);
        }
        *before = now;
    }
    Some(events)
}

fn see(folder: &Path, mode: RecursiveMode, seen: &mut Seen) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        // A link leads nowhere, for the moment.
        let Ok(found) = fs::metadata(&path) else {
            continue;
        };
        let is_link = || fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink());
        if found.is_dir() {
            // A link to a folder may lead back to where it lies.
            if mode == RecursiveMode::Recursive && !is_link() {
                see(&path, mode, seen);
            }
            seen.insert(path, None);
        } else {
            let stamp = Some((found.modified().ok(), found.len()));
            seen.insert(path, stamp);
        }
    }
}
