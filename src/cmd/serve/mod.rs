//! `unstick serve`: the site in a browser while it is written.
//!
//! In steps: understand the site but for its search; answer browsers from memory (`server`, `version`); wait until files
//! change (`watch`); understand anew what changed and put the new version in the place of the old one; tell what is wrong now
//! and was not before. A page is made when it is asked for, the search when it is asked for or when nothing else is to do.
//!
//! Nothing is written to the disk. A configuration that cannot be understood, or a folder that is gone, leaves the site as it
//! was, with the reason above its pages.

mod address;
mod finding;
mod guard;
mod live;
mod overview;
mod poll;
mod server;
mod version;
mod watch;

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

use crate::cmd::build::Ending;
use crate::cmd::screen::{screen, stdout};
use crate::diagnostics::{Diagnostic, Place, Severity, rule};
use crate::link::Settings;
use crate::parse;
use crate::report::{self, Format};
use crate::source::{Changes, Options, Sources};
use crate::{without_search, without_search_again};
use finding::{Finding, Findings};
use server::Served;
use version::Version;
pub use watch::Watching;
use watch::{Message, Waited, Watch, Watched};

/// Does the command open a browser?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Browser {
    /// It does.
    Opened,
    /// It does not.
    LeftAlone,
}

/// Everything that a server is told.
#[derive(Debug)]
pub struct Job {
    /// Folder of the site.
    pub root: PathBuf,
    /// What is set apart from the configuration.
    pub options: Options,
    /// Drafts, and the day.
    pub settings: Settings,
    /// How diagnostics are printed.
    pub format: Format,
    /// The least severity that is printed.
    pub prints_from: Severity,
    /// Is anything said beside mistakes and the address?
    pub ending: Ending,
    /// The port to answer at, if it is free.
    pub port: u16,
    /// The browser.
    pub browser: Browser,
    /// How files are watched.
    pub watching: Watching,
}

/// Nothing must happen for so long until the search is made that nobody asked for.
const IDLE: Duration = Duration::from_secs(1);
/// How often it is tried to read a site that cannot be read.
const AGAIN: Duration = Duration::from_millis(500);
/// Waiting for nothing but changes.
const LONG: Duration = Duration::from_secs(3600);

/// Serves a site until it is stopped.
///
/// # Errors
/// When the site cannot be read at all, no port is free, or files cannot be watched; in words.
pub fn run(job: Job) -> Result<ExitCode, String> {
    let sources = Sources::read(&job.root, &job.options).map_err(|error| error.to_string())?;
    let parsed = parse::parse(&sources, &sources.config);
    let version = Version::first(without_search(sources, parsed, job.settings));
    let (sender, messages) = mpsc::channel();
    let stop = sender.clone();
    // Nobody listens any more when the command ends.
    ctrlc::set_handler(move || drop(stop.send(Message::Stop))).map_err(|error| error.to_string())?;
    let watched = watched(&job, &version.site.sources)?;
    let watch = Watch::new(watched, job.watching, sender.clone(), messages);
    let watch = watch.map_err(|error| format!("cannot watch {}: {error}", job.root.display()))?;
    let listener = server::listen(job.port);
    let listener = listener.map_err(|error| format!("cannot answer at port {}: {error}", job.port))?;
    let served = Served::new(version);
    let address = server::start(listener, &served).map_err(|error| format!("cannot answer: {error}"))?;
    let mut serving = Serving { job, served, watch, sender, state: State::Good, searching: 0, told: HashMap::new() };
    // What changed before it was watched. Whoever has read the greeting may count on being watched.
    serving.rebuild(&Changes::Unknown);
    serving.greet(&format!("http://{address}/"));
    serving.wait();
    Ok(ExitCode::SUCCESS)
}

/// What is watched of a site.
fn watched(job: &Job, sources: &Sources) -> Result<Watched, String> {
    // Only Windows tells of changes by the path that it was given.
    let real = if cfg!(windows) { std::path::absolute(&job.root) } else { job.root.canonicalize() };
    let root = real.map_err(|error| format!("cannot read the folder {}: {error}", job.root.display()))?;
    let content = root.join(sources.content_prefix.trim_end_matches('/'));
    let content = if sources.content_prefix.is_empty() { root.clone() } else { content };
    let output = root.join(Path::new(&sources.config.output).components().collect::<PathBuf>());
    let config = job.options.config.as_ref();
    let config =
        config.and_then(|path| if cfg!(windows) { std::path::absolute(path) } else { path.canonicalize() }.ok());
    Ok(Watched { root, content, output, config })
}

/// Can the newest state of the files be shown?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It can.
    Good,
    /// The configuration cannot be understood.
    Misconfigured,
    /// The files cannot be read.
    Unreadable,
}

/// A server at work.
struct Serving {
    job: Job,
    served: Arc<Served>,
    watch: Watch,
    sender: Sender<Message>,
    state: State,
    /// Number of the version whose search was last begun here.
    searching: u64,
    /// How often each diagnostic was told of that still holds.
    told: HashMap<String, usize>,
}

impl Serving {
    fn wait(&mut self) {
        loop {
            let now = self.served.now();
            let searches = self.state == State::Good && now.search_is_tested() && self.searching != now.number;
            // Nobody keeps an old version while it waits.
            drop(now);
            let patience = match self.state {
                State::Unreadable => AGAIN,
                _ if searches => IDLE,
                _ => LONG,
            };
            match self.watch.wait(patience) {
                Waited::Stop => break,
                Waited::Changes(changes) => self.rebuild(&changes),
                Waited::Searched(number) => self.searched(number),
                Waited::Nothing if self.state == State::Unreadable => {
                    // It is still unreadable where this fails.
                    drop(self.watch.restart());
                    self.rebuild(&Changes::Unknown);
                }
                Waited::Nothing if searches => self.search(),
                Waited::Nothing => {}
            }
        }
    }

    /// Understands what has changed and shows it.
    fn rebuild(&mut self, changes: &Changes) {
        let started = Instant::now();
        let version = self.served.now();
        // What was kept is older than what was read last.
        let changes = if self.state == State::Good { changes } else { &Changes::Unknown };
        let before = &version.site.sources;
        let copies = match changes {
            Changes::Paths(paths) => paths.iter().any(|path| before.is_copied(path)),
            Changes::Unknown => true,
        };
        let sources = match before.again(&self.job.options, changes) {
            Ok(sources) => sources,
            Err(failure) => return self.unreadable(&version, &failure.to_string()),
        };
        let sources = sources.filter(|sources| self.state != State::Good || !sources.is_same(before));
        let Some(sources) = sources else {
            if copies && *changes != Changes::Unknown {
                self.served.publish(version.with_copies());
                self.say(changes, started.elapsed(), "");
            }
            return;
        };
        let is_wrong = |found: &&Diagnostic| found.rule.name == rule::INVALID_CONFIG.name;
        let wrong: Vec<&Diagnostic> = sources.diagnostics.iter().filter(is_wrong).collect();
        if !wrong.is_empty() {
            let trouble = Findings::new(&sources).shown(wrong.iter().copied());
            if version.trouble != trouble {
                self.served.publish(version.with_trouble(trouble));
                let took = started.elapsed();
                self.print(&sources, &wrong);
                self.say(changes, took, "; the site stays as it was");
            }
            self.state = State::Misconfigured;
            return;
        }
        let parsed = parse::again(before, &version.site.parsed, &sources);
        let site = without_search_again(&version.site, sources, parsed, self.job.settings);
        let watched = watched(&self.job, &site.sources);
        let next = if copies { version.with_copies().next(site) } else { version.next(site) };
        let replaced = self.served.publish(next);
        let took = started.elapsed();
        self.state = State::Good;
        let told = self.news();
        self.say(changes, took, &told);
        // Giving a large site back takes time; by now the page is on its way.
        drop((version, replaced));
        // The configuration may name other folders.
        if let Ok(watched) = watched
            && let Err(error) = self.watch.move_to(watched)
        {
            anstream::eprintln!("error: cannot watch {}: {error}", self.job.root.display());
        }
    }

    /// Leaves the site as it was, with the reason.
    fn unreadable(&mut self, version: &Version, failure: &str) {
        let trouble = vec![Finding::failure(failure.to_owned())];
        self.state = State::Unreadable;
        if version.trouble != trouble {
            anstream::eprintln!("error: {failure}; the site stays as it was");
            self.served.publish(version.with_trouble(trouble));
        }
    }

    /// Makes the search in the background.
    fn search(&mut self) {
        let (version, sender) = (self.served.now(), self.sender.clone());
        self.searching = version.number;
        let search = move || {
            version.search();
            // Nobody listens any more when the command ends.
            drop(sender.send(Message::Searched(version.number)));
        };
        // A search that is made later is only late.
        drop(thread::Builder::new().name("search".into()).spawn(search));
    }

    /// Shows what the search found wrong.
    fn searched(&mut self, number: u64) {
        let version = self.served.now();
        if version.number == number && !version.search().diagnostics.is_empty() {
            self.served.publish(version.with_search());
            self.news();
        }
    }

    /// Prints the diagnostics that are new, and gives what became of all in words.
    fn news(&mut self) -> String {
        let version = self.served.now();
        let sources = &version.site.sources;
        let shown =
            version.diagnostics().chain(&version.mistakes).filter(|found| found.severity <= self.job.prints_from);
        let mut now: HashMap<String, usize> = HashMap::new();
        let mut new = Vec::new();
        for diagnostic in shown {
            let key = key(sources, diagnostic);
            let before = self.told.get(&key).copied().unwrap_or_default();
            let count = now.entry(key).or_default();
            *count += 1;
            if *count > before {
                new.push(diagnostic);
            }
        }
        let left = |(key, before): (&String, &usize)| before.saturating_sub(now.get(key).copied().unwrap_or_default());
        let mended: usize = self.told.iter().map(left).sum();
        self.print(sources, &new);
        let count = version.count();
        self.told = now;
        let parts = [(new.len(), "new"), (mended, "mended")].into_iter().filter(|(number, _)| *number > 0);
        let parts: String = parts.map(|(number, word)| format!(", {number} {word}")).collect();
        format!("{parts}; {}", count.words())
    }

    fn print(&self, sources: &Sources, diagnostics: &[&Diagnostic]) {
        let screen = screen();
        let mut out = io::BufWriter::new(stdout(screen));
        // Whoever read may have gone; the browser shows it, too.
        drop(report::print(self.job.format, sources, diagnostics, screen, &mut out).and_then(|()| out.flush()));
    }

    /// Says what changed, how long it took until it was shown, and what came of it.
    fn say(&self, changes: &Changes, took: Duration, more: &str) {
        if self.job.ending == Ending::Silent {
            return;
        }
        let what = match changes {
            Changes::Paths(paths) => match (paths.first(), paths.len()) {
                (Some(path), 1) => path.clone(),
                (Some(path), count) => format!("{path} and {} more", count - 1),
                (None, _) => String::new(),
            },
            Changes::Unknown => "files".to_owned(),
        };
        let mut out = anstream::stdout().lock();
        drop(writeln!(out, "{what} changed, {} ms{more}", took.as_millis()));
    }

    /// Tells where the site is, and what is wrong with it.
    fn greet(&mut self, address: &str) {
        let told = self.news();
        let mut out = anstream::stdout().lock();
        let polls = match self.watch.watching() {
            Watching::Polling => "; files are looked at twice a second",
            Watching::System => "",
        };
        drop(writeln!(out, "{address} shows the site{told}{polls} (Ctrl-C ends)").and_then(|()| out.flush()));
        if self.job.browser == Browser::Opened
            && let Err(error) = open::that_detached(address)
        {
            anstream::eprintln!("error: cannot open a browser: {error}");
        }
    }
}

/// What makes two diagnostics of different versions the same: all but their places in the file.
fn key(sources: &Sources, diagnostic: &Diagnostic) -> String {
    let place = match &diagnostic.place {
        Place::Span(span) => sources.path(span.file),
        Place::Path(path) | Place::Elsewhere(path) => path,
    };
    format!("{place}\0{}\0{}", diagnostic.rule.name, diagnostic.message)
}
