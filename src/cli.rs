//! The command line.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand};
use rayon::prelude::*;

use crate::diagnostics::{self, Place, Severity, Sink, Tally};
use crate::link::{Drafts, Settings};
use crate::render::Maker;
use crate::render::highlight::Highlighter;
use crate::render::theme::Theme;
use crate::source::{Failure, Options};
use crate::write::Staging;

/// Turns troubleshooting notes in Markdown into a knowledge base that works from a disk.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make the site
    Build(Build),
    /// Find the mistakes of a site and write nothing
    Check(Build),
    /// Explain a diagnostic by its name
    Explain {
        /// Name of the diagnostic, as printed in brackets
        name: String,
    },
    /// Print the completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Args)]
struct Build {
    /// Folder with unstick.yaml and content/, or any folder of Markdown
    #[arg(default_value = ".")]
    root: PathBuf,
    /// Folder to write to [default: site in ROOT]
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// Another configuration file than ROOT/unstick.yaml
    #[arg(short, long)]
    config: Option<PathBuf>,
    /// Address at which the site will be published
    #[arg(long)]
    base_url: Option<String>,
    /// Include pages with `draft: true`
    #[arg(long)]
    drafts: bool,
    /// Let warnings fail the build, and write nothing then
    #[arg(long)]
    strict: bool,
    /// The day that reviews are compared with, as 2026-10-01 [default: SOURCE_DATE_EPOCH, or today]
    #[arg(long)]
    today: Option<String>,
    /// Number of threads [default: one for each processor]
    #[arg(short, long)]
    jobs: Option<usize>,
    /// Print notes as well
    #[arg(short, long)]
    verbose: bool,
    /// Print nothing but mistakes
    #[arg(short, long)]
    quiet: bool,
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Build(arguments) => run(&arguments, true),
        Command::Check(arguments) => run(&arguments, false),
        Command::Explain { name } => explain(&name),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "unstick", &mut std::io::stdout());
            Ok(ExitCode::SUCCESS)
        }
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn explain(name: &str) -> Result<ExitCode, String> {
    match diagnostics::ALL.iter().find(|rule| rule.name == name) {
        Some(rule) => {
            print!("{}", rule.page);
            Ok(ExitCode::SUCCESS)
        }
        None => Err(format!("no diagnostic is called `{name}`")),
    }
}

fn today(text: Option<&str>) -> Result<jiff::civil::Date, String> {
    if let Some(text) = text {
        return crate::parse::date::day(text)
            .ok_or_else(|| format!("--today takes a day such as 2026-10-01, not `{text}`"));
    }
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let seconds = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|text| text.parse().ok()).unwrap_or(now);
    let days = i64::try_from(seconds / 86_400).unwrap_or(0);
    jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(days)).map_err(|error| error.to_string())
}

fn run(arguments: &Build, writes: bool) -> Result<ExitCode, String> {
    let started = std::time::Instant::now();
    if let Some(jobs) = arguments.jobs {
        rayon::ThreadPoolBuilder::new().num_threads(jobs).build_global().map_err(|error| error.to_string())?;
    }
    let settings = Settings {
        drafts: if arguments.drafts { Drafts::Included } else { Drafts::LeftOut },
        today: today(arguments.today.as_deref())?,
    };
    let options = Options { config: arguments.config.clone(), base_url: arguments.base_url.clone() };
    let site = crate::site(&arguments.root, &options, settings).map_err(|error| error.to_string())?;
    let mut sink: Sink = site.diagnostics.clone();
    let theme = Theme::load(&site.sources, &mut sink);
    let stops = |sink: &Sink| {
        let tally = Tally::of(sink);
        tally.stops > 0 || (arguments.strict && tally.errors + tally.warnings > 0)
    };
    let output = arguments.output.clone().unwrap_or_else(|| arguments.root.join(&site.sources.config.output));
    let mut staging = None;
    if writes && !stops(&sink) {
        let keep = [arguments.root.clone(), arguments.root.join(&site.sources.config.content)];
        staging = Some(Staging::begin(&output, &keep).map_err(|error| error.to_string())?);
    }
    if let Some(theme) = theme {
        let highlighter = Highlighter::default();
        let maker = Maker::new(&site, &theme, &highlighter);
        let made: Vec<Result<(), Trouble>> = site
            .plan
            .outputs
            .par_iter()
            .map(|output| {
                let (made, _) = maker.make(output).map_err(Trouble::Author)?;
                staging.as_ref().map_or(Ok(()), |staging| staging.put(&output.path, &made)).map_err(Trouble::Machine)
            })
            .collect();
        for trouble in made.into_iter().filter_map(Result::err) {
            match trouble {
                Trouble::Author(diagnostic) => sink.push(*diagnostic),
                Trouble::Machine(failure) => {
                    if let Some(staging) = staging {
                        staging.cancel().map_err(|error| error.to_string())?;
                    }
                    return Err(failure.to_string());
                }
            }
        }
    }
    diagnostics::sort(&mut sink, |file| site.sources.path(file).to_owned());
    let stopped = stops(&sink);
    if let Some(staging) = staging {
        if stopped {
            staging.cancel().map_err(|error| error.to_string())?;
        } else {
            let paths: BTreeSet<String> = site.plan.outputs.iter().map(|output| output.path.clone()).collect();
            staging.finish(&paths).map_err(|error| error.to_string())?;
        }
    }
    let least = if arguments.verbose { Severity::Note } else { Severity::Warning };
    print(&site, &sink, least);
    let tally = Tally::of(&sink);
    let counts = crate::render::site_view(&site).counts;
    if !arguments.quiet {
        println!(
            "{} pages, {} of {} questions answered, {} errors, {} warnings, {:.1} s{}",
            site.parsed.pages.len(),
            counts.answered,
            counts.entries,
            tally.errors,
            tally.warnings,
            started.elapsed().as_secs_f64(),
            if stopped && writes { "; nothing was written" } else { "" }
        );
    }
    let failed = tally.errors > 0 || stopped;
    Ok(if failed { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

enum Trouble {
    Author(Box<diagnostics::Diagnostic>),
    Machine(Failure),
}

/// One line for each diagnostic that weighs at least `least`: `path:line:column: error[name] message`.
fn print(site: &crate::Site, sink: &Sink, least: Severity) {
    for diagnostic in sink.iter().filter(|diagnostic| diagnostic.severity <= least) {
        let place = match &diagnostic.place {
            Place::Span(span) if (span.file.0 as usize) < site.sources.files.len() => {
                let text = site.sources.text(span.file);
                let start = (span.start as usize).min(text.len());
                let line = text[..start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
                let column = text[line..start].trim_start_matches('\u{FEFF}').chars().count() + 1;
                format!("{}:{}:{column}", site.sources.path(span.file), site.sources.line(*span))
            }
            place => site.shown(place).0,
        };
        eprintln!("{place}: {}[{}] {}", diagnostic.severity.word(), diagnostic.rule.name, diagnostic.message);
        if let Some(help) = &diagnostic.help {
            eprintln!("  help: {help}");
        }
    }
}
