//! What a build costs, beside a floor: a program that reads the same pages, makes HTML of them with `pulldown-cmark`, and
//! writes it, on the same number of threads, and does nothing else.
//!
//! ```text
//! cargo bench --bench site -- [--corpus FOLDER] [--runs N]
//! cargo bench --bench site -- make FOLDER PAGES      a made-up site, to look at or to profile
//! ```
//!
//! In steps: copy the corpus; run the floor and the program by turns; print the median of the ratios of each pair, since
//! machines are noisy and only what ran side by side compares. Then the same for made-up sites of 1,000 and 10,000 pages.

#![allow(clippy::unwrap_used)]

mod corpus;
mod floor;

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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
    let started = std::time::Instant::now();
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
        corpus::make(Path::new(site), pages.parse().unwrap());
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
    }
    let mut costs = Vec::new();
    for pages in [1_000, 10_000] {
        let site = work.path().join(pages.to_string());
        let size = corpus::make(&site, pages);
        println!("| *made up, {} pages, {:.1} MiB of sources* | | | | | |", size.pages, size.mebibytes());
        bench.row("plain", &site, Mode::Plain);
        bench.row("highlighted", &site, Mode::Cold);
        bench.row("with the search", &site, Mode::Whole);
        costs.push(median((0..runs).map(|_| bench.unstick(&site, Mode::Plain).cpu).collect()));
    }
    println!("\n10,000 pages take {:.1} times the CPU time of 1,000.", costs[1] / costs[0]);
}
