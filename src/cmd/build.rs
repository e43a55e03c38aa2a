//! `unstick build` and `unstick check`: a build makes everything and puts it on the disk; a check makes what can fail, and
//! drops it.
//!
//! In steps: understand the site; load the theme; make every output, and write it as it is made; exchange the output, or
//! drop it when no right site could be made; report. The only difference between the commands is the [`Goal`].

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use rayon::prelude::*;

use crate::cmd::external::{self, Manners};
use crate::cmd::progress::Progress;
use crate::cmd::scope::{LeftOut, Scope};
use crate::cmd::screen::{screen, stdout};
use crate::diagnostics::{self, Diagnostic, Severity, Sink, Tally, rule};
use crate::link::Settings;
use crate::render::highlight::{self, Highlighted, Highlighter};
use crate::render::theme::Theme;
use crate::render::{self, Maker};
use crate::report::{self, Format, Screen};
use crate::source::{self, Failure, Options};
use crate::write::{self, Staging};
use crate::{Site, findings, site};

/// What a run is for.
#[derive(Debug, PartialEq, Eq)]
pub enum Goal {
    /// The site, in this folder; in the configured one when none is given.
    Site(Option<PathBuf>),
    /// What is wrong with it, as far as that matters.
    Findings(Scope),
}

/// How a run ends when there is nothing more to report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// With a line about the site.
    Summary,
    /// Without a word.
    Silent,
}

/// Everything that a build or a check is told.
#[derive(Debug)]
pub struct Job {
    /// Folder of the site.
    pub root: PathBuf,
    /// What it is for.
    pub goal: Goal,
    /// How addresses on other sites are asked for; `None` to leave the network alone.
    pub external: Option<Manners>,
    /// What is set apart from the configuration.
    pub options: Options,
    /// Drafts, and the day.
    pub settings: Settings,
    /// The least severity that fails the run.
    pub fails_from: Severity,
    /// How diagnostics are printed.
    pub format: Format,
    /// The least severity that is printed.
    pub prints_from: Severity,
    /// The last line.
    pub ending: Ending,
}

/// Runs a build or a check. The exit status is 0 when nothing fails it, 1 for mistakes of authors, 2 for a configuration
/// that cannot be understood.
///
/// # Errors
/// When something cannot be read or written, in words.
pub fn run(job: Job) -> Result<ExitCode, String> {
    // On one of the threads that make pages, so that what is done between them reuses the memory that they have left.
    rayon::scope(|_| run_here(job))
}

fn run_here(job: Job) -> Result<ExitCode, String> {
    let started = Instant::now();
    let understood = match job.goal {
        Goal::Site(_) => site(&job.root, &job.options, job.settings),
        Goal::Findings(_) => findings(&job.root, &job.options, job.settings),
    };
    let mut site = understood.map_err(|error| error.to_string())?;
    if !job.options.inbound.is_empty() && site.sources.config.base_url.is_none() {
        return Err("--inbound needs the address of this site: `base_url:` in unstick.yaml, or --base-url".into());
    }
    if let Some((path, why)) =
        site.sources.inbound.iter().find_map(|file| Some((&file.path, file.bytes.as_ref().err()?)))
    {
        return Err(format!("{path}: {why}"));
    }
    let mut sink = std::mem::take(&mut site.diagnostics);
    let outcome = make(&job, &site, &mut sink, started).map_err(|error| error.to_string())?;
    let asked = ask(&job, &site, &mut sink)?;
    diagnostics::sort(&mut sink, |file| site.sources.path(file));
    let left_out = match &job.goal {
        Goal::Findings(scope) => scope.narrow(&site.sources, &mut sink)?,
        Goal::Site(_) => LeftOut::default(),
    };
    let more = format!("{left_out}{asked}");
    let screen = screen();
    let mut out = io::BufWriter::new(stdout(screen));
    let printed = print(&job, &site, &sink, &outcome, &more, started, (screen, &mut out)).and_then(|()| out.flush());
    let status = status(&job, &sink);
    // The process ends here; giving a large site back piece by piece would only take time.
    std::mem::forget((site, sink));
    match printed {
        // Whoever read has read enough: `unstick check | head`.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(format!("cannot print: {error}")),
        _ => Ok(status),
    }
}

/// Asks for addresses on other sites, when that is wanted, and says how many there were.
fn ask(job: &Job, site: &Site, sink: &mut Sink) -> Result<String, String> {
    let Some(manners) = &job.external else {
        return Ok(String::new());
    };
    let only = match &job.goal {
        Goal::Findings(scope) => scope.changed(&site.sources)?,
        Goal::Site(_) => None,
    };
    let report = external::check(site, only.as_ref(), manners, sink);
    if let Some(failure) = report.not_kept.as_ref().filter(|_| job.prints_from == Severity::Note) {
        anstream::eprintln!("note: {failure}; the next check will ask for all addresses anew");
    }
    Ok(report.to_string())
}

/// What became of the output.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    /// It is in this folder.
    Written(PathBuf),
    /// There is none, because of mistakes.
    Refused,
    /// None was asked for.
    NotAsked,
}

fn fails(job: &Job, diagnostic: &Diagnostic) -> bool {
    diagnostic.severity <= job.fails_from
}

fn is_refused(job: &Job, sink: &Sink) -> bool {
    let strict = job.fails_from > Severity::Error;
    Tally::of(sink).stops > 0 || (strict && sink.iter().any(|diagnostic| fails(job, diagnostic)))
}

fn status(job: &Job, sink: &Sink) -> ExitCode {
    if sink.iter().any(|diagnostic| diagnostic.rule.name == rule::INVALID_CONFIG.name) {
        ExitCode::from(2)
    } else if sink.iter().any(|diagnostic| fails(job, diagnostic)) {
        ExitCode::from(1)
    } else {
        ExitCode::SUCCESS
    }
}

fn make(job: &Job, site: &Site, sink: &mut Sink, started: Instant) -> Result<Outcome, Failure> {
    let theme = Theme::load(&site.sources, sink);
    let Goal::Site(output) = &job.goal else {
        try_pages(site, theme.as_ref(), sink);
        return Ok(Outcome::NotAsked);
    };
    let output = output.clone().unwrap_or_else(|| job.root.join(&site.sources.config.output));
    if is_refused(job, sink) {
        // Templates may hold more mistakes; all of them are reported at once.
        try_pages(site, theme.as_ref(), sink);
        return Ok(Outcome::Refused);
    }
    let mut keep = vec![job.root.clone(), job.root.join(&site.sources.config.content)];
    keep.extend(std::env::home_dir());
    let staging = Staging::begin(&output, &keep)?;
    let paths: BTreeSet<String> = site.plan.outputs.iter().map(|output| output.path.clone()).collect();
    let made = staging.folders(&paths).and_then(|()| make_all(site, theme.as_ref(), &staging, sink, started));
    match made {
        Ok(_) if is_refused(job, sink) => {
            staging.cancel()?;
            Ok(Outcome::Refused)
        }
        Ok(memory) => {
            staging.finish(&paths)?;
            keep_memory(job, memory);
            Ok(Outcome::Written(output))
        }
        Err(failure) => {
            staging.cancel()?;
            Err(failure)
        }
    }
}

/// Makes every page for the mistakes of the templates alone. Colours of code make none, and nor does what no template makes.
fn try_pages(site: &Site, theme: Option<&Theme>, sink: &mut Sink) {
    let Some(theme) = theme else {
        return;
    };
    let highlighter = Highlighter::plain();
    let maker = Maker::new(site, theme, &highlighter);
    let pages = site.plan.outputs.par_iter().filter(|output| output.recipe.is_page());
    let mistakes: Vec<Diagnostic> = pages.filter_map(|page| maker.make(page).err()).map(|mistake| *mistake).collect();
    sink.extend(mistakes);
}

/// Makes every output and gives what the highlighter is to remember, if that has changed.
fn make_all(
    site: &Site,
    theme: Option<&Theme>,
    staging: &Staging,
    sink: &mut Sink,
    started: Instant,
) -> Result<Option<Vec<u8>>, Failure> {
    let Some(theme) = theme else {
        return Ok(None);
    };
    let memory = site.sources.highlight_cache.as_deref().map(highlight::decode).unwrap_or_default();
    let highlighter = Highlighter::new(memory);
    let maker = Maker::new(site, theme, &highlighter);
    let progress = Progress::new(site.plan.outputs.len(), "files", started);
    let made: Vec<Result<Result<Highlighted, Box<Diagnostic>>, Failure>> = site
        .plan
        .outputs
        .par_iter()
        .map(|output| {
            progress.step();
            let (made, highlighted) = match maker.make(output) {
                Ok(made) => made,
                Err(mistake) => return Ok(Err(mistake)),
            };
            staging.put(&output.path, &made)?;
            Ok(Ok(highlighted))
        })
        .collect();
    progress.finish();
    let mut highlighted = Vec::with_capacity(made.len());
    for made in made {
        match made? {
            Ok(one) => highlighted.push(one),
            Err(mistake) => sink.push(*mistake),
        }
    }
    Ok(highlighter.remembered(highlighted).map(|memory| highlight::encode(&memory)))
}

/// The memory only saves time: where it cannot be kept, the next build works as long as this one.
fn keep_memory(job: &Job, memory: Option<Vec<u8>>) {
    let Some(memory) = memory else {
        return;
    };
    if let Err(failure) = write::cache(&job.root, source::HIGHLIGHT_CACHE, &memory)
        && job.prints_from == Severity::Note
    {
        anstream::eprintln!("note: {failure}; the next build will highlight all code anew");
    }
}

fn print(
    job: &Job,
    site: &Site,
    sink: &Sink,
    outcome: &Outcome,
    more: &str,
    started: Instant,
    (screen, out): (Screen, &mut dyn Write),
) -> io::Result<()> {
    let shown: Vec<&Diagnostic> = sink.iter().filter(|diagnostic| diagnostic.severity <= job.prints_from).collect();
    report::print(job.format, &site.sources, &shown, screen, out)?;
    if job.ending == Ending::Silent {
        return Ok(());
    }
    if job.format == Format::Human && shown.len() > MANY {
        report::by_rule(&shown, out)?;
    }
    let where_to = match outcome {
        Outcome::Written(output) => {
            let home = output.join("index.html");
            format!(" -> {}", home.strip_prefix(".").unwrap_or(&home).display())
        }
        Outcome::Refused => "; nothing was written".to_owned(),
        Outcome::NotAsked => String::new(),
    };
    let last = format!("{}{more}, {:.1} s{where_to}", summary(site, sink), started.elapsed().as_secs_f64());
    if job.format.is_document() {
        anstream::eprintln!("{last}");
        return Ok(());
    }
    writeln!(out, "{last}")
}

/// With more diagnostics than this their numbers by rule are printed, too.
const MANY: usize = 20;

/// What the site consists of and what is wrong with it, in numbers: `3 pages, 18 questions (5 answered, 13 unanswered), …`.
fn summary(site: &Site, sink: &Sink) -> String {
    let counts = render::site_counts(site);
    let states = [
        (counts.answered, "answered"),
        (counts.outdated, "outdated"),
        (counts.draft, "draft"),
        (counts.unanswered, "unanswered"),
    ];
    let states: Vec<String> =
        states.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    let states = if states.is_empty() { String::new() } else { format!(" ({})", states.join(", ")) };
    let links: usize = site.linked.pages().map(|page| site.parsed.pages[page].links.len()).sum();
    let tally = Tally::of(sink);
    let parts = [
        count(site.linked.pages().count(), "page"),
        count(counts.entries, "question") + &states,
        count(links, "link"),
        count(tally.errors, "error"),
        count(tally.warnings, "warning"),
    ];
    parts.join(", ")
}

fn count(number: usize, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}
