//! The command line: what can be asked for, and which command answers.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::cmd::build::{Ending, Goal, Job};
use crate::cmd::external::Manners;
use crate::cmd::search::{self, Queries};
use crate::cmd::serve::{self, Browser, Watching};
use crate::cmd::{build, explain, exports, fix, helped, init, inventory, missed, new, scope, status, theme};
use crate::diagnostics::Severity;
use crate::link::{Drafts, Settings};
use crate::parse::date;
use crate::report::Format;
use crate::source::Options;

/// Turns troubleshooting notes in Markdown into a knowledge base that works from a disk.
///
/// Point it at a folder of Markdown. Bullets and headings that ask, articles with Symptom / Cause / Resolution, and pages
/// with `question:` become entries; links are resolved and checked; the site needs no server.
#[derive(Parser)]
#[command(version, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  unstick init help-desk                 a starter site in the folder help-desk
  unstick build help-desk                make help-desk/site; open its index.html
  unstick build ~/notes -o notes-site    any folder of Markdown will do
  unstick serve help-desk --open         see it in the browser while you write
  unstick check --strict                 for pipelines: status 1 when anything is wrong
  unstick fix                            show the repairs that are certain; --apply makes them
  unstick status                         how many questions are answered, by section and owner
  unstick search sync is slow            what the search of the site finds
  unstick missed reports/*.json          what readers searched for in vain
  unstick helped reports/*.json          which answers helped readers, and what was missing
  unstick explain broken-link            what a diagnostic means and how to mend it

Exit status: 0 fine, 1 mistakes that fail the build, 2 wrong usage, configuration or a failure of the machine.";

#[derive(Subcommand)]
enum Command {
    /// Make the site
    ///
    /// Reads ROOT/content (or ROOT itself, when it has no such folder), resolves every link and writes the site. A mistake
    /// in a page is reported and shows in its place; the other pages are made all the same. When no right site could be
    /// made, the site of the last build stays as it is.
    Build {
        #[command(flatten)]
        site: Site,
        /// Folder to write to: new, empty, or made by an earlier build [default: ROOT/site]
        #[arg(short, long, value_name = "FOLDER")]
        output: Option<PathBuf>,
    },
    /// Find the mistakes of a site and write nothing
    ///
    /// Does everything that `build` does but writing, so that what passes here can be built.
    Check {
        #[command(flatten)]
        site: Site,
        #[command(flatten)]
        scope: Scope,
        /// The unstick-links.json of a site that links here: what it links to must be there
        #[arg(long, value_name = "FILE")]
        inbound: Vec<PathBuf>,
        /// Ask the network whether the addresses on other sites are there
        ///
        /// Good answers are kept for a week. Hosts are asked two requests at a time, and as slowly as they wish.
        #[arg(long)]
        external: bool,
    },
    /// Make the repairs that are certain
    ///
    /// Writes links where notes ask for them, the present names of what has moved, the right case of addresses, and ids behind
    /// questions that other pages link to. Shows the changes, and makes them only with `--apply`.
    Fix {
        /// Folder with unstick.yaml and content/, or any folder of Markdown
        #[arg(default_value = ".")]
        root: PathBuf,
        /// Show the changes and make none, as without a flag
        #[arg(long, conflicts_with = "apply")]
        dry_run: bool,
        /// Make the changes
        #[arg(long)]
        apply: bool,
        /// Only repair what this rule finds; may be given several times
        #[arg(long = "rule", value_name = "RULE")]
        rules: Vec<String>,
        /// Ask the network which addresses on other sites have moved for good, and write the new ones
        #[arg(long)]
        external: bool,
    },
    /// Count what is answered and what is still owed
    ///
    /// Counts questions by state, and notes that ask for links, for the whole site, by section and by owner.
    Status {
        /// Folder with unstick.yaml and content/, or any folder of Markdown
        #[arg(default_value = ".")]
        root: PathBuf,
        /// How to print the numbers
        #[arg(long, value_enum, default_value_t)]
        format: status::Form,
        /// Let the status be 1 when fewer questions are answered, in percent
        #[arg(long, value_name = "PERCENT")]
        fail_under: Option<f64>,
        /// Count the questions of pages with `draft: true`
        #[arg(long)]
        drafts: bool,
        /// The day that reviews are compared with, as 2026-10-01 [default: that of SOURCE_DATE_EPOCH, or today]
        #[arg(long, value_name = "DAY")]
        today: Option<String>,
    },
    /// Show the site in a browser while it is written
    ///
    /// Makes pages as they are asked for, writes nothing, and reloads the browser when what it shows has changed. What is wrong
    /// with a page is shown on it, with links that open the editor (`editor:` of the configuration). Answers this machine only.
    #[command(mut_arg("strict", |strict| strict.hide(true)))]
    Serve {
        #[command(flatten)]
        site: Site,
        /// Open the browser
        #[arg(long)]
        open: bool,
        /// Port to answer at; the next free one is taken when something else answers there
        #[arg(short, long, value_name = "N", default_value_t = 3000)]
        port: u16,
        /// Look at the files twice a second, where the system tells of no changes: network drives, containers
        #[arg(long)]
        poll: bool,
    },
    /// Make a starter site
    ///
    /// Writes a configuration and a few pages that show how entries are written. Files that are there already are left
    /// alone: the command stops before it writes anything.
    Init {
        /// Folder to make it in
        #[arg(default_value = ".")]
        root: PathBuf,
    },
    /// Add an entry from a template
    ///
    /// Without `--to` the question becomes a page of its own. With the name of a page it is added to that page, as a bullet
    /// or a heading like the page's other questions. A file `templates/new.md` of the site takes the place of the built-in
    /// template for new pages.
    New {
        /// The question, as a reader would ask it
        question: String,
        /// Page or folder below the content folder: `sync/slow.md`, `sync/`
        #[arg(long, value_name = "PATH")]
        to: Option<String>,
        /// Folder of the site
        #[arg(long, default_value = ".")]
        root: PathBuf,
    },
    /// Ask the search of a site
    ///
    /// Finds entries by words, symptoms, error codes and messages, best first, as the search field of the site does. The
    /// status is 1 when nothing fits.
    Search {
        /// What a reader would type or paste
        #[arg(required_unless_present = "queries", conflicts_with = "queries")]
        query: Vec<String>,
        /// Folder of the site
        #[arg(long, value_name = "FOLDER", default_value = ".")]
        site: PathBuf,
        /// The most results for a query
        #[arg(long, value_name = "N", default_value_t = 10)]
        top: usize,
        /// A file with a query a line: {"id": "q1", "text": "sync is slow"}
        #[arg(long, value_name = "FILE")]
        queries: Option<PathBuf>,
        /// How to print results
        #[arg(long, value_enum, default_value_t)]
        format: search::Form,
    },
    /// Add up what readers did not find
    ///
    /// Reads the files that readers saved on the page of results, and lists the queries that nothing fitted, those of most
    /// readers first. Queries that differ in case and spaces only are one.
    Missed {
        /// Files that readers saved
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// How to print the list
        #[arg(long, value_enum, default_value_t)]
        format: exports::Form,
    },
    /// Add up which answers helped readers
    ///
    /// Reads the files that readers saved below the answers (*Did this help?*), and lists the entries with how often they
    /// helped and what readers missed in them, those that helped least often first.
    Helped {
        /// Files that readers saved
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// How to print the list
        #[arg(long, value_enum, default_value_t)]
        format: exports::Form,
    },
    /// Pin what other sites have to link to, and look it up
    ///
    /// An inventory is the objects.inv of a site made with Sphinx, or the unstick.json of one made with unstick. It is kept
    /// below inventories/ and read by every build; nothing is ever fetched.
    Inventory {
        #[command(subcommand)]
        command: Inventory,
    },
    /// Show the files of the theme, and copy them into the site to change them
    Theme {
        #[command(subcommand)]
        command: Theme,
    },
    /// Explain a diagnostic by its name
    ///
    /// Without a name, lists them all.
    Explain {
        /// Name of the diagnostic, as printed in brackets
        name: Option<String>,
    },
    /// Print the completions for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Subcommand)]
enum Inventory {
    /// Check a file and keep it as inventories/NAME.inv or NAME.json, in the place of an earlier one
    Add {
        /// The name that links give it: [text](inv:NAME#OBJECT)
        name: String,
        /// An objects.inv or unstick.json that was downloaded
        file: PathBuf,
        /// Address of its site; known already from an earlier `add`, or from an unstick.json with a base_url
        #[arg(long, value_name = "URL")]
        url: Option<String>,
        /// Folder of the site
        #[arg(long, default_value = ".")]
        root: PathBuf,
    },
    /// List the inventories of the site
    List {
        /// Folder of the site
        #[arg(long, default_value = ".")]
        root: PathBuf,
        /// How to print the list
        #[arg(long, value_enum, default_value_t)]
        format: inventory::Form,
    },
    /// Show objects of an inventory, and how to link to each
    ///
    /// The exit status is 1 when nothing is like PATTERN.
    Show {
        /// Name of the inventory
        name: String,
        /// Part of a name or a title, or all of one with `*` for any characters; domain:role:name is compared as well
        #[arg(default_value = "*")]
        pattern: String,
        /// Folder of the site
        #[arg(long, default_value = ".")]
        root: PathBuf,
        /// How to print the list
        #[arg(long, value_enum, default_value_t)]
        format: inventory::Form,
    },
}

impl Inventory {
    fn run(self) -> Result<ExitCode, String> {
        match self {
            Inventory::Add { name, file, url, root } => inventory::add(&root, &inventory::New { name, file, url }),
            Inventory::List { root, format } => inventory::list(&root, format),
            Inventory::Show { name, pattern, root, format } => inventory::show(&root, &name, &pattern, format),
        }
    }
}

#[derive(Subcommand)]
enum Theme {
    /// List the templates and files of the theme, and which the site has its own of
    ///
    /// Of a file that `eject` copied it is told whether the theme's own has changed since.
    List {
        /// Folder of the site
        #[arg(default_value = ".")]
        root: PathBuf,
        /// How to print the list
        #[arg(long, value_enum, default_value_t)]
        format: theme::Form,
    },
    /// Copy files of the theme below templates/ or static/, where they take the place of the theme's own
    Eject {
        /// Names as `unstick theme list` shows them: page.html, parts/end.html, unstick/theme.css
        #[arg(required_unless_present = "all", conflicts_with = "all", value_name = "NAME")]
        names: Vec<String>,
        /// Copy every file
        #[arg(long)]
        all: bool,
        /// Write over files that the site has already
        #[arg(long)]
        force: bool,
        /// Folder of the site
        #[arg(long, default_value = ".")]
        root: PathBuf,
    },
}

impl Theme {
    fn run(self) -> Result<ExitCode, String> {
        match self {
            Theme::List { root, format } => theme::list(&root, format),
            Theme::Eject { names, all, force, root } => {
                let wanted = if all { theme::Wanted::Everything } else { theme::Wanted::Names(names) };
                let there = if force { theme::There::Replaced } else { theme::There::Kept };
                theme::eject(&root, &wanted, there)
            }
        }
    }
}

#[derive(Args)]
struct Site {
    /// Folder with unstick.yaml and content/, or any folder of Markdown
    #[arg(default_value = ".")]
    root: PathBuf,
    /// Another configuration file than ROOT/unstick.yaml
    #[arg(short, long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address at which the site will be published, for canonical links and the site map
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// Include pages with `draft: true`
    #[arg(long)]
    drafts: bool,
    /// Let warnings fail as well, and write nothing when anything failed
    #[arg(long)]
    strict: bool,
    /// The day that reviews are compared with, as 2026-10-01 [default: that of SOURCE_DATE_EPOCH, or today]
    #[arg(long, value_name = "DAY")]
    today: Option<String>,
    /// Number of threads [default: one for each processor]
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// How to print mistakes
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Print notes as well
    #[arg(short, long)]
    verbose: bool,
    /// Print nothing but mistakes
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Args)]
struct Scope {
    /// Report only what is not in FILE, which an earlier `check --format json` (or sarif) printed
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Report only files that differ from this revision in Git: a branch, a tag, a commit
    #[arg(long, value_name = "REV")]
    changed_since: Option<String>,
}

impl Site {
    fn job(self, goal: Goal) -> Result<Job, String> {
        if let Some(jobs) = self.jobs {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(usize::from(jobs));
            pool.build_global().map_err(|error| error.to_string())?;
        }
        if let Some(url) = self.base_url.as_deref().filter(|url| !crate::config::is_base_url(url)) {
            return Err(format!("--base-url takes an address such as https://help.example.com/, not `{url}`"));
        }
        let drafts = if self.drafts { Drafts::Included } else { Drafts::LeftOut };
        Ok(Job {
            root: self.root,
            goal,
            external: None,
            options: Options { config: self.config, base_url: self.base_url, inbound: Vec::new() },
            settings: Settings { drafts, today: today(self.today.as_deref())? },
            fails_from: if self.strict { Severity::Warning } else { Severity::Error },
            format: self.format,
            prints_from: if self.verbose { Severity::Note } else { Severity::Warning },
            ending: if self.quiet { Ending::Silent } else { Ending::Summary },
        })
    }
}

/// The day that reviews are compared with.
fn today(text: Option<&str>) -> Result<jiff::civil::Date, String> {
    if let Some(text) = text {
        return date::day(text).ok_or_else(|| format!("--today takes a day such as 2026-10-01, not `{text}`"));
    }
    // https://reproducible-builds.org/specs/source-date-epoch/
    let seconds = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => text
            .parse()
            .map_err(|_| format!("SOURCE_DATE_EPOCH is a number of seconds since 1970-01-01, not `{text}`"))?,
        Err(_) => {
            let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
            now.map_or(0, |time| time.as_secs())
        }
    };
    let days = i64::try_from(seconds / 86_400).unwrap_or(i64::MAX);
    let span = jiff::Span::new().try_days(days).map_err(|error| error.to_string())?;
    jiff::civil::date(1970, 1, 1).checked_add(span).map_err(|error| error.to_string())
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Build { site, output } => site.job(Goal::Site(output)).and_then(build::run),
        Command::Check { site, scope, inbound, external } => {
            let scope = scope::Scope { baseline: scope.baseline, changed_since: scope.changed_since };
            site.job(Goal::Findings(scope)).and_then(|mut job| {
                job.options.inbound = inbound;
                job.external = external.then(Manners::default);
                build::run(job)
            })
        }
        Command::Fix { root, dry_run: _, apply, rules, external } => today(None).and_then(|today| {
            let will = if apply { fix::Will::Apply } else { fix::Will::Show };
            let external = external.then(Manners::default);
            fix::run(&fix::Job { root, rules, will, today, external })
        }),
        Command::Serve { site, .. } if site.strict => {
            Err("a server fails nothing; --strict is for build and check".into())
        }
        Command::Serve { site, open, port, poll } => {
            site.job(Goal::Findings(scope::Scope::default())).and_then(|job| {
                let browser = if open { Browser::Opened } else { Browser::LeftAlone };
                let watching = if poll { Watching::Polling } else { Watching::System };
                serve::run(serve::Job {
                    root: job.root,
                    options: job.options,
                    settings: job.settings,
                    format: job.format,
                    prints_from: job.prints_from,
                    ending: job.ending,
                    port,
                    browser,
                    watching,
                })
            })
        }
        Command::Status { root, format, fail_under, drafts, today: day } => today(day.as_deref()).and_then(|today| {
            let drafts = if drafts { Drafts::Included } else { Drafts::LeftOut };
            let settings = Settings { drafts, today };
            status::run(&status::Job { root, options: Options::default(), settings, form: format, fail_under })
        }),
        Command::Init { root } => init::run(&root),
        Command::New { question, to, root } => new::run(&root, &question, to.as_deref()),
        Command::Search { query, site, top, queries, format } => today(None).and_then(|today| {
            let queries = queries.map_or_else(|| Queries::One(query.join(" ")), Queries::File);
            search::run(&search::Job { root: site, queries, top, form: format, today })
        }),
        Command::Missed { files, format } => missed::run(&files, format),
        Command::Helped { files, format } => helped::run(&files, format),
        Command::Inventory { command } => command.run(),
        Command::Theme { command } => command.run(),
        Command::Explain { name } => explain::run(name.as_deref()),
        Command::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "unstick", &mut std::io::stdout());
            Ok(ExitCode::SUCCESS)
        }
    };
    result.unwrap_or_else(|error| {
        anstream::eprintln!("error: {error}");
        ExitCode::from(2)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    fn files(folder: &Path, ends: &[&str], found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                files(&path, ends, found);
            } else if ends.iter().any(|end| path.to_string_lossy().ends_with(end)) {
                found.push(path);
            }
        }
    }

    /// The commands that a line of a page or of a pipeline runs.
    fn command(line: &str) -> Option<&str> {
        let starts = [
            "$ unstick ",
            "- run: unstick ",
            "run: unstick ",
            "- unstick ",
            "\tunstick ",
            "entry: unstick ",
            "sh 'unstick ",
        ];
        let at = starts.iter().find_map(|start| line.trim_start_matches(' ').strip_prefix(start))?;
        let end = at.find(['>', '|', '\'', '#']).unwrap_or(at.len());
        Some(&at[..end])
    }

    #[test]
    fn every_command_of_the_manual_can_be_given() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut pages = vec![root.join("README.md"), root.join(".pre-commit-hooks.yaml")];
        files(&root.join("docs"), &[".md"], &mut pages);
        let mut commands = 0;
        for page in pages {
            let text = fs::read_to_string(&page).expect("a page");
            for given in text.lines().filter_map(command) {
                commands += 1;
                let words = shlex::split(given).expect("words");
                let parsed = Cli::try_parse_from(std::iter::once("unstick".to_owned()).chain(words));
                let fine = match parsed.as_ref().err().map(clap::Error::kind) {
                    None | Some(clap::error::ErrorKind::DisplayHelp) => true,
                    // `unstick COMMAND [ROOT] [FLAGS]` explains.
                    Some(_) => given.contains("COMMAND"),
                };
                assert!(fine, "{}: unstick {given}\n{}", page.display(), parsed.err().expect("an error"));
            }
        }
        assert!(commands > 20, "only {commands}");
    }
}
