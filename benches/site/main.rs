//! What a build costs, beside a floor: a program that reads the same pages, makes HTML of them with `pulldown-cmark`, and
//! writes it, on the same number of threads, and does nothing else.
//!
//! ```text
//! cargo bench --bench site -- [--corpus FOLDER] [--runs N] [--made-up none]
//! cargo bench --bench site -- make FOLDER PAGES      a made-up site, to look at or to profile
//! ```
//!
//! In steps: copy the corpus; run the floor and the program by turns; print the median of the ratios of each pair, since
//! machines are noisy and only what ran side by side compares; a check beside a build. Then the same for made-up sites of 1,000
//! and 10,000 pages, and what linking the larger takes beside parsing it.

#![allow(clippy::unwrap_used)]

mod corpus;
mod floor;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use unstick::link::{Drafts, Settings, link};
use unstick::parse::parse;
use unstick::source::{Options, Sources};
use wait4::Wait4;

/// What one run of a program took.
#[derive(Debug, Clone, Copy)]
struct Cost {
    /// Processor time of all its threads, user and system, in seconds.
    cpu: f64,
    /// Time on the wall, in seconds.
    wall: f64,
    /// Largest resident size, in MiB.
    memory: f64,
}

fn run(program: &Path, arguments: &[&OsStr]) -> Cost {
    let started = Instant::now();
    let mut child = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let end = child.wait4().unwrap();
    // Pages with mistakes make a build end with 1; anything else is a failure of the measurement.
    assert!(matches!(end.status.code(), Some(0 | 1)), "{arguments:?}: {:?}", end.status);
    Cost {
        cpu: (end.rusage.utime + end.rusage.stime).as_secs_f64(),
        wall: started.elapsed().as_secs_f64(),
        memory: end.rusage.maxrss as f64 / (1024.0 * 1024.0),
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A folder for everything that is written, with the programs that write there.
struct Bench {
    work: PathBuf,
    runs: usize,
}

/// How a site is built.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Nothing is there from earlier builds, code stays plain, and no search is made.
    Plain,
    /// Nothing is there from earlier builds, and no search is made: the floor makes none.
    Cold,
    /// The same site was built before.
    Warm,
    /// Nothing is there from earlier builds, and all is made.
    Whole,
}

impl Mode {
    /// The configuration of the build.
    fn config(self) -> &'static str {
        match self {
            Mode::Plain => "highlight: false\nsearch: false\n",
            Mode::Cold | Mode::Warm => "search: false\n",
            Mode::Whole => "search: true\n",
        }
    }
}

impl Bench {
    fn unstick(&self, site: &Path, mode: Mode) -> Cost {
        let output = self.work.join("output");
        if mode != Mode::Warm {
            drop(fs::remove_dir_all(&output));
            drop(fs::remove_dir_all(site.join(".unstick-cache")));
        }
        let config = self.work.join("bench.yaml");
        fs::write(&config, mode.config()).unwrap();
        let mut arguments: Vec<&OsStr> =
            ["build", "-q", "-j", "2", "--format", "short", "-o"].iter().map(OsStr::new).collect();
        arguments.extend([output.as_os_str(), OsStr::new("-c"), config.as_os_str()]);
        arguments.push(site.as_os_str());
        run(Path::new(env!("CARGO_BIN_EXE_unstick")), &arguments)
    }

    /// Prints what a check takes beside a build that makes all.
    fn check(&self, what: &str, site: &Path) {
        let check = || {
            drop(fs::remove_dir_all(site.join(".unstick-cache")));
            let arguments = ["check", "-q", "-j", "2", "--format", "short"].iter().map(OsStr::new);
            run(Path::new(env!("CARGO_BIN_EXE_unstick")), &arguments.chain([site.as_os_str()]).collect::<Vec<_>>())
        };
        let pairs: Vec<(Cost, Cost)> = (0..self.runs).map(|_| (self.unstick(site, Mode::Whole), check())).collect();
        let share = median(pairs.iter().map(|(build, check)| check.cpu / build.cpu).collect());
        let of = |value: fn(&(Cost, Cost)) -> f64| median(pairs.iter().map(value).collect());
        let (build, check) = (of(|pair| pair.0.cpu), of(|pair| pair.1.cpu));
        println!("\nA check of {what} takes {:.0} % of a build ({check:.2} of {build:.2} s).", share * 100.0);
    }

    fn floor(&self, site: &Path, mode: Mode) -> Cost {
        let output = self.work.join("floor");
        drop(fs::remove_dir_all(&output));
        let code = if mode == Mode::Plain { "plain" } else { "coloured" };
        let this = std::env::current_exe().unwrap();
        run(&this, &[OsStr::new("floor"), site.as_os_str(), output.as_os_str(), OsStr::new(code)])
    }

    /// Prints a row: the build beside the floor.
    fn row(&self, what: &str, site: &Path, mode: Mode) {
        if mode == Mode::Warm {
            self.unstick(site, Mode::Cold);
        }
        let pairs: Vec<(Cost, Cost)> =
            (0..self.runs).map(|_| (self.floor(site, mode), self.unstick(site, mode))).collect();
        let ratio = median(pairs.iter().map(|(floor, ours)| ours.cpu / floor.cpu).collect());
        let of = |value: fn(&(Cost, Cost)) -> f64| median(pairs.iter().map(value).collect());
        println!(
            "| {what} | {:.2} | {:.2} | {ratio:.2} | {:.2} | {:.0} |",
            of(|pair| pair.0.cpu),
            of(|pair| pair.1.cpu),
            of(|pair| pair.1.wall),
            of(|pair| pair.1.memory)
        );
    }
}

/// Prints what linking the site takes on one thread, beside parsing it.
fn linking(site: &Path, runs: usize) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let sources = Sources::read(site, &Options::default()).unwrap();
    let settings = Settings { drafts: Drafts::LeftOut, today: "2026-11-20".parse().unwrap() };
    let mut links = 0;
    let costs: Vec<(f64, f64)> = (0..runs)
        .map(|_| {
            pool.install(|| {
                let started = Instant::now();
                let parsed = parse(&sources, &sources.config);
                let parsing = started.elapsed().as_secs_f64();
                let started = Instant::now();
                let linked = link(&sources, &parsed, settings);
                let linking = started.elapsed().as_secs_f64();
                links = linked.resolved.iter().map(|page| page.targets.len()).sum();
                (parsing, linking)
            })
        })
        .collect();
    let share = median(costs.iter().map(|(parsing, linking)| linking / parsing).collect());
    let seconds = median(costs.iter().map(|(_, linking)| *linking).collect());
    let pages = sources.pages.len();
    println!(
        "\nLinking {pages} pages with {links} links takes {:.0} ms on one thread, {:.0} % of parsing them.",
        seconds * 1000.0,
        share * 100.0
    );
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    if let [mode, site, output, code] = arguments.as_slice()
        && mode == "floor"
    {
        return floor::floor(Path::new(site), Path::new(output), code == "coloured");
    }
    if let [mode, site, pages] = arguments.as_slice()
        && mode == "make"
    {
        corpus::make(Path::new(site), pages.parse().unwrap(), corpus::LINKS);
        return;
    }
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let work = tempfile::tempdir().unwrap();
    let runs = value("--runs").map_or(5, |runs| runs.parse().unwrap());
    let bench = Bench { work: work.path().to_owned(), runs };

    println!("| build | floor, CPU s | unstick, CPU s | ratio | wall s | peak MiB |");
    println!("| --- | --- | --- | --- | --- | --- |");
    if let Some(from) = value("--corpus") {
        let site = work.path().join("corpus");
        let size = corpus::copy(Path::new(&from), &site);
        println!("| *corpus, {} pages, {:.1} MiB of sources* | | | | | |", size.pages, size.mebibytes());
        bench.row("plain", &site, Mode::Plain);
        bench.row("highlighted", &site, Mode::Cold);
        bench.row("again, nothing changed", &site, Mode::Warm);
        bench.row("with the search", &site, Mode::Whole);
        bench.check("the corpus", &site);
    }
    if value("--made-up").as_deref() == Some("none") {
        return;
    }
    let mut costs = Vec::new();
    for pages in [1_000, 10_000] {
        let site = work.path().join(pages.to_string());
        let size = corpus::make(&site, pages, corpus::LINKS);
        println!("| *made up, {} pages, {:.1} MiB of sources* | | | | | |", size.pages, size.mebibytes());
        bench.row("plain", &site, Mode::Plain);
        bench.row("highlighted", &site, Mode::Cold);
        bench.row("with the search", &site, Mode::Whole);
        costs.push(median((0..runs).map(|_| bench.unstick(&site, Mode::Plain).cpu).collect()));
    }
    linking(&work.path().join("10000"), runs);
    let site = work.path().join("fewer-links");
    corpus::make(&site, 10_000, 5);
    linking(&site, runs);
    println!("\n10,000 pages take {:.1} times the CPU time of 1,000.", costs[1] / costs[0]);
}
