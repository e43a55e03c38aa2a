//! What a search costs: making its index, and, in Chromium over `file://`, bytes and time.
//!
//! ```text
//! cargo bench --bench search -- [--corpus FOLDER]... [--sets FOLDER] [--runs N] [--queries N] [--keep FOLDER]
//! ```
//!
//! In steps: make sites of 1,000 and 10,000 entries out of the pages of each corpus and the documents of the sets, or of
//! made-up ones; build each with its search and without, by turns, and each corpus as it is; then let `browser.mjs` ask the
//! sites what readers asked in the sets, and their titles with slips. Needs Node, and `npm ci` in `tests/browser`.

#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
#[path = "../site/corpus.rs"]
mod corpus;
mod texts;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use wait4::Wait4;

/// Processor time of a build, user and system, in seconds; nothing is left of an earlier one.
fn build(site: &Path, output: &Path, config: &Path) -> f64 {
    drop(fs::remove_dir_all(output));
    drop(fs::remove_dir_all(site.join(".unstick-cache")));
    let mut child = Command::new(env!("CARGO_BIN_EXE_unstick"))
        .args(["build", "-q", "-j", "2", "--format", "short", "-o"])
        .args([output, Path::new("-c"), config, site])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let end = child.wait4().unwrap();
    // Pages with mistakes make a build end with 1; anything else is a failure of the measurement.
    assert!(matches!(end.status.code(), Some(0 | 1)), "{}: {:?}", site.display(), end.status);
    (end.rusage.utime + end.rusage.stime).as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A folder for everything that is written.
struct Bench {
    work: PathBuf,
    runs: usize,
}

impl Bench {
    /// Prints a row: builds with the search and without, by turns. The one with it is left in `output`.
    fn row(&self, what: &str, site: &Path, output: &Path) {
        let [with, without] = ["true", "false"].map(|search| {
            let config = self.work.join(format!("search-{search}.yaml"));
            fs::write(&config, format!("search: {search}\n")).unwrap();
            config
        });
        let pairs: Vec<(f64, f64)> = (0..self.runs)
            .map(|_| (build(site, &self.work.join("without"), &without), build(site, output, &with)))
            .collect();
        let share = median(pairs.iter().map(|(without, with)| 1.0 - without / with).collect());
        println!(
            "| {what} | {:.2} | {:.2} | {:.2} | {:.0} % |",
            median(pairs.iter().map(|pair| pair.0).collect()),
            median(pairs.iter().map(|pair| pair.1).collect()),
            median(pairs.iter().map(|pair| pair.1 - pair.0).collect()),
            100.0 * share
        );
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let values = |name: &str| -> Vec<&String> {
        let pairs = arguments.windows(2).filter(|pair| pair[0] == name);
        pairs.map(|pair| &pair[1]).collect()
    };
    let number = |name: &str| values(name).first().map(|value| value.parse::<usize>().unwrap());
    let temporary = tempfile::tempdir().unwrap();
    let work = values("--keep").first().map_or(temporary.path().to_owned(), PathBuf::from);
    fs::create_dir_all(&work).unwrap();
    let bench = Bench { work: fs::canonicalize(work).unwrap(), runs: number("--runs").unwrap_or(5) };

    println!("| build | without, CPU s | with, CPU s | index, CPU s | share |");
    println!("| --- | --- | --- | --- | --- |");
    let mut texts = Vec::new();
    for (number, from) in values("--corpus").into_iter().enumerate() {
        let site = bench.work.join(format!("corpus-{number}"));
        drop(fs::remove_dir_all(&site));
        let size = corpus::copy(Path::new(from), &site);
        bench.row(&format!("a corpus of {} pages", size.pages), &site, &bench.work.join("output"));
        texts.extend(texts::pages(&site));
    }
    let mut asked = Vec::new();
    if let Some(folder) = values("--sets").first() {
        let (documents, queries) = texts::sets(Path::new(folder));
        texts.extend(documents);
        asked = queries;
    }
    if texts.is_empty() {
        let site = bench.work.join("made-up");
        drop(fs::remove_dir_all(&site));
        corpus::make(&site, 5_000, corpus::LINKS);
        texts = texts::pages(&site);
    }
    let mut jobs = Vec::new();
    for entries in [1_000, 10_000] {
        let [site, output] = ["site", "output"].map(|name| bench.work.join(format!("{name}-{entries}")));
        drop(fs::remove_dir_all(&site));
        let titles = texts::write(&site, &texts, entries);
        bench.row(&format!("{entries} entries of {} texts", texts.len()), &site, &output);
        let queries = bench.work.join(format!("queries-{entries}.json"));
        let mut list = texts::queries(&asked, &titles);
        list.truncate(number("--queries").unwrap_or(list.len()));
        fs::write(&queries, serde_json::to_string(&list).unwrap()).unwrap();
        // A small site is searched on the page's own thread, and not typed at here.
        let kinds: &[&str] = if entries < 10_000 { &["bytes"] } else { &["bytes", "time", "first"] };
        jobs.push((output, queries, kinds));
    }
    for (output, queries, kinds) in jobs {
        println!();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/search/browser.mjs");
        let status = Command::new("node").arg(script).args([output, queries]).args(kinds).status().unwrap();
        assert!(status.success(), "browser.mjs: {status}");
    }
}
