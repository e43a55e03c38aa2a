//! How long a save takes to become a page in the browser, beside a build of the whole site.
//!
//! ```text
//! cargo bench --bench serve -- --corpus FOLDER [--saves N]
//! ```
//!
//! In steps: copy the corpus; start `unstick serve`; per save, wait for news of a page as the browser does, write the page,
//! and take the time until its new text has arrived; every ten saves, build the site. The processor time of a save is that of
//! the server with all saves, without what a server takes that is only started, divided by their number.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use wait4::Wait4;

const PROGRAM: &str = env!("CARGO_BIN_EXE_unstick");
/// Between saves, so that each finds the server at rest.
const PAUSE: Duration = Duration::from_millis(200);

/// A server at work.
struct Served {
    child: Child,
    host: String,
}

impl Served {
    fn start(site: &Path) -> Served {
        let arguments = ["serve", "--port", "0", "--format", "short"];
        let mut child = Command::new(PROGRAM)
            .args(arguments)
            .arg(site)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let host = lines.by_ref().map(Result::unwrap).find_map(|line| {
            let rest = line.strip_prefix("http://")?;
            Some(rest.split_once('/')?.0.to_owned())
        });
        thread::spawn(move || lines.for_each(drop));
        Served { child, host: host.unwrap() }
    }

    fn send(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        let host = &self.host;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        stream
    }

    fn get(&self, path: &str) -> String {
        read(self.send(path))
    }

    /// Ends the server and gives the processor time that it took, in seconds.
    fn end(mut self) -> f64 {
        self.child.kill().unwrap();
        let usage = self.child.wait4().unwrap().rusage;
        (usage.utime + usage.stime).as_secs_f64()
    }
}

fn read(mut stream: TcpStream) -> String {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            // Read and written, as the copy of a file that cannot be written could not be written.
            fs::write(to, fs::read(entry.path()).unwrap()).unwrap();
        }
    }
}

/// Markdown files below `folder`, sorted.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(pages(&path));
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// What stands behind `name` in the data of a served page.
fn carried<'t>(html: &'t str, name: &str) -> &'t str {
    let after = html.rsplit_once(&format!("\"{name}\":")).unwrap().1;
    after.trim_start_matches('"').split(['"', ',', '}']).next().unwrap()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let value = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let Some(corpus) = value("--corpus") else {
        println!("needs --corpus FOLDER");
        return;
    };
    let saves: usize = value("--saves").map_or(50, |saves| saves.parse().unwrap());
    let work = tempfile::tempdir().unwrap();
    let site = work.path().join("site");
    copy(Path::new(&corpus), &site);
    let pages = pages(&site);

    let only_started = Served::start(&site);
    drop(only_started.get("/"));
    thread::sleep(Duration::from_secs(2));
    let started = only_started.end();

    let served = Served::start(&site);
    let (mut times, mut builds) = (Vec::new(), Vec::new());
    let plain: Vec<&PathBuf> = pages.iter().filter(|page| !page.to_string_lossy().contains("index")).collect();
    for save in 0..saves {
        if save % 10 == 0 {
            let started = Instant::now();
            let output = work.path().join("output");
            let arguments = ["build", "-q", "--format", "short", "-o"];
            let mut build = Command::new(PROGRAM);
            build.args(arguments).arg(&output).arg(&site).stdout(Stdio::null()).stderr(Stdio::null());
            build.status().unwrap();
            builds.push(started.elapsed().as_secs_f64() * 1000.0);
        }
        let page = plain[save * (plain.len() / saves.max(1)).max(1) % plain.len()];
        let address = page.strip_prefix(&site).unwrap().with_extension("");
        let address = format!("/{}/", address.to_string_lossy().replace('\\', "/").replace(' ', "%20"));
        let html = served.get(&address);
        assert!(html.starts_with("HTTP/1.1 200"), "{address}: {html}");
        let news = served.send(&format!(
            "/_unstick/wait?page={address}&seen={}&errors={}&warnings={}",
            carried(&html, "seen"),
            carried(&html, "errors"),
            carried(&html, "warnings")
        ));
        thread::sleep(PAUSE);
        let mut text = fs::read_to_string(page).unwrap();
        let new = format!("saved-{save}-times");
        text += &format!("\n\n{new}\n");
        let started = Instant::now();
        fs::write(page, text).unwrap();
        let news = read(news);
        assert!(news.contains("\"changed\":true"), "{news}");
        let html = served.get(&address);
        times.push(started.elapsed().as_secs_f64() * 1000.0);
        assert!(html.contains(&new), "{address} lacks its new text");
        thread::sleep(PAUSE);
    }
    let cpu = (served.end() - started) * 1000.0 / saves as f64;

    let (middle, build) = (median(&mut times), median(&mut builds));
    println!("| pages | save to page, ms: median, worst of {saves} | CPU ms a save | build, ms | build / save |");
    println!("| --- | --- | --- | --- | --- |");
    let worst = times.last().copied().unwrap_or_default();
    println!("| {} | {middle:.0}, {worst:.0} | {cpu:.0} | {build:.0} | {:.0} |", pages.len(), build / middle);
}
