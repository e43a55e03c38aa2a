//! `unstick serve` as a browser and a writer meet it: a program that is started, files that are saved, and HTTP.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use unstick::default_theme::static_file;

/// Nothing takes so long but on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(60);

/// A site that is served.
struct Served {
    root: TempDir,
    child: Child,
    host: String,
    lines: Receiver<String>,
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// An answer.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn page(title: &str, text: &str) -> String {
    format!("---\ntitle: {title}\n---\n{text}\n")
}

/// Sends a request as it is, but for its end.
fn ask(host: &str, request: &str) -> Answer {
    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(stream, "{request}\r\nConnection: close\r\n\r\n").unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer to {request}: {text}"));
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

impl Served {
    /// Serves a site of two pages and these files.
    fn start(files: &[(&str, &str)], arguments: &[&str]) -> Served {
        let root = tempfile::tempdir().unwrap();
        write(root.path(), "unstick.yaml", "title: Test site\n");
        write(root.path(), "content/_index.md", &page("Start", "Welcome."));
        write(root.path(), "content/sync/slow.md", &page("Slow sync", "First words."));
        for (path, text) in files {
            write(root.path(), path, text);
        }
        let mut child = Command::new(env!("CARGO_BIN_EXE_unstick"))
            .args(["serve", "--format", "short", "--today", "2026-11-20"])
            .args(if arguments.contains(&"--port") { [].as_slice() } else { &["--port", "0"] })
            .args(arguments)
            .arg(root.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let mut served = Served { root, child, host: String::new(), lines };
        let greeting = served.line(|line| line.starts_with("http://"));
        served.host = greeting["http://".len()..].split('/').next().unwrap().to_owned();
        assert!(served.host.starts_with("127.0.0.1:"), "{greeting}");
        served
    }

    /// The next line that is printed and that fits.
    fn line(&self, fits: impl Fn(&str) -> bool) -> String {
        let started = Instant::now();
        loop {
            let left = PATIENCE.saturating_sub(started.elapsed());
            let line = self.lines.recv_timeout(left).expect("the line is printed in time");
            if fits(&line) {
                return line;
            }
        }
    }

    fn save(&self, path: &str, text: &str) {
        write(self.root.path(), path, text);
    }

    fn raw(&self, request: &str) -> Answer {
        ask(&self.host, request)
    }

    fn get(&self, path: &str) -> Answer {
        self.raw(&format!("GET {path} HTTP/1.1\r\nHost: {}", self.host))
    }

    /// Waits for news of a page as its script does, `change` being made meanwhile.
    fn news(&self, path: &str, change: impl FnOnce()) -> String {
        let before = self.get(path).body;
        let value = |name: &str| {
            let after = before.rsplit_once(&format!("\"{name}\":")).expect("the page carries its data").1;
            after.trim_start_matches('"').split(['"', ',', '}']).next().unwrap().to_owned()
        };
        let (seen, errors, warnings) = (value("seen"), value("errors"), value("warnings"));
        let wait = format!("/_unstick/wait?page={path}&seen={seen}&errors={errors}&warnings={warnings}");
        let (host, request) = (self.host.clone(), format!("GET {wait} HTTP/1.1\r\nHost: {}", self.host));
        let news = thread::spawn(move || ask(&host, &request).body);
        change();
        news.join().unwrap()
    }

    /// Asks for a page until it is as it should be.
    fn until(&self, path: &str, fits: impl Fn(&Answer) -> bool) -> Answer {
        let started = Instant::now();
        loop {
            let answer = self.get(path);
            if fits(&answer) {
                return answer;
            }
            assert!(started.elapsed() < PATIENCE, "{path} is still {answer:?}");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn pages_are_served_and_renewed_when_they_are_saved() {
    let served = Served::start(&[], &[]);
    let slow = served.get("/sync/slow/");
    assert_eq!(slow.status, 200);
    assert!(slow.head.contains("Content-Type: text/html; charset=utf-8"), "{}", slow.head);
    assert!(slow.head.contains("Cache-Control: no-store") && !slow.head.contains("Access-Control"), "{}", slow.head);
    assert!(slow.body.contains("First words.") && slow.body.contains("/_unstick/live.js"), "{}", slow.body);
    let news = served.news("/sync/slow/", || served.save("content/sync/slow.md", &page("Slow sync", "Other words.")));
    assert!(news.contains("\"changed\":true"), "{news}");
    assert!(served.get("/sync/slow/").body.contains("Other words."));
    served.line(|line| line.starts_with("content/sync/slow.md changed, "));
}

#[test]
fn what_a_page_does_not_show_is_no_news_for_it() {
    let served = Served::start(&[], &[]);
    let news = served.news("/", || served.save("content/sync/slow.md", &page("Slow sync", "[x](nowhere.md)")));
    assert_eq!(news.trim(), "_unstick.news({\"changed\":false,\"site\":{\"errors\":1,\"warnings\":0}});");
    let printed = served.line(|line| line.contains("error[broken-link]"));
    assert!(printed.contains("content/sync/slow.md:4:5"), "{printed}");
    let told = served.line(|line| line.contains(" changed, "));
    assert!(told.ends_with(", 1 new; 1 error, 0 warnings"), "{told}");
    served.save("content/sync/slow.md", &page("Slow sync", "No link."));
    let told = served.line(|line| line.contains(" changed, "));
    assert!(told.ends_with(", 1 mended; 0 errors, 0 warnings"), "{told}");
}

#[test]
fn a_page_shows_its_mistakes_with_links_to_the_editor() {
    let config = "title: Test site\neditor: idea://open?file={path}&line={line}\n";
    let served = Served::start(&[("unstick.yaml", config), ("content/bad.md", &page("Bad", "[x](nowhere.md)"))], &[]);
    let bad = served.get("/bad/").body;
    assert!(bad.contains("\"rule\":\"broken-link\"") && bad.contains("/content/bad.md&line=4"), "{bad}");
    assert!(!served.get("/sync/slow/").body.contains("broken-link\""));
    let all = served.get("/_unstick/findings").body;
    assert!(all.contains("content/bad.md:4:5") && all.contains("1 error, 0 warnings"), "{all}");
}

#[test]
fn a_save_by_renaming_is_a_save() {
    let served = Served::start(&[], &[]);
    let folder = served.root.path().join("content/sync");
    let news = served.news("/sync/slow/", || {
        for number in 0..20 {
            let new = folder.join(format!(".slow.md.{number}.swp"));
            fs::write(&new, page("Slow sync", &format!("Words of save {number}."))).unwrap();
            fs::rename(&new, folder.join("slow.md")).unwrap();
        }
    });
    assert!(news.contains("\"changed\":true"), "{news}");
    served.until("/sync/slow/", |answer| answer.body.contains("Words of save 19."));
    // A temporary file without a dot in front, and a backup that stays.
    fs::rename(folder.join("slow.md"), folder.join("slow.md~")).unwrap();
    fs::write(folder.join("4913"), "x").unwrap();
    fs::remove_file(folder.join("4913")).unwrap();
    fs::write(folder.join("slow.md"), page("Slow sync", "Words of a careful editor.")).unwrap();
    served.until("/sync/slow/", |answer| answer.body.contains("Words of a careful editor."));
}

#[test]
fn new_pages_appear_and_old_ones_go() {
    let served = Served::start(&[], &[]);
    let news = served.news("/new/deep/page/", || served.save("content/new/deep/page.md", &page("Page", "Just made.")));
    assert!(news.contains("\"changed\":true"), "{news}");
    served.until("/new/deep/page/", |answer| answer.status == 200 && answer.body.contains("Just made."));
    // What is saved in a folder that is new is seen, too.
    served.save("content/new/deep/page.md", &page("Page", "Made again."));
    served.until("/new/deep/page/", |answer| answer.body.contains("Made again."));
    fs::remove_file(served.root.path().join("content/new/deep/page.md")).unwrap();
    served.until("/new/deep/page/", |answer| answer.status == 404);
}

#[test]
fn a_folder_that_is_deleted_may_come_back() {
    let served = Served::start(&[], &[]);
    let content = served.root.path().join("content");
    let aside = served.root.path().join(".aside");
    fs::rename(content.join("sync"), &aside).unwrap();
    served.until("/sync/slow/", |answer| answer.status == 404);
    fs::rename(&aside, content.join("sync")).unwrap();
    served.until("/sync/slow/", |answer| answer.status == 200);
    served.save("content/sync/slow.md", &page("Slow sync", "Still watched."));
    served.until("/sync/slow/", |answer| answer.body.contains("Still watched."));
    // Without its content folder the site stays as it was.
    fs::remove_dir_all(&content).unwrap();
    let kept = served.until("/sync/slow/", |answer| answer.body.contains("cannot read the folder"));
    assert!(kept.status == 200 && kept.body.contains("Still watched."), "{kept:?}");
    served.save("content/_index.md", &page("Start", "Back."));
    served.until("/", |answer| answer.body.contains("Back.") && !answer.body.contains("cannot read the folder"));
    served.save("content/_index.md", &page("Start", "And watched."));
    served.until("/", |answer| answer.body.contains("And watched."));
}

#[test]
fn a_broken_template_leaves_the_last_good_page() {
    let template =
        "{% extends \"base.html\" %}{% block content %}<p>Mine:</p>{{ page.body | safe }}{% endblock content %}";
    let served = Served::start(&[("templates/page.html", template)], &[]);
    assert!(served.get("/sync/slow/").body.contains("<p>Mine:</p>"));
    // One that cannot be parsed.
    served.save("templates/page.html", "{% extends \"base.html\" %}{% block content %}{{ page.");
    let kept = served.until("/sync/slow/", |answer| answer.body.contains("template-syntax"));
    assert!(kept.status == 200 && kept.body.contains("<p>Mine:</p>"), "{kept:?}");
    assert!(kept.body.contains("/templates/page.html:1:"), "{kept:?}");
    // Pages that are saved meanwhile show what they say now.
    served.save("content/sync/slow.md", &page("Slow sync", "Saved meanwhile."));
    served.until("/sync/slow/", |answer| answer.body.contains("Saved meanwhile.") && answer.body.contains("Mine:"));
    // One that fails.
    served.save("templates/page.html", &template.replace("page.body | safe", "page.nonsense"));
    let kept = served.until("/sync/slow/", |answer| answer.body.contains("template-error"));
    assert!(kept.status == 200 && kept.body.contains("<p>Mine:</p>"), "{kept:?}");
    served.save("templates/page.html", &template.replace("Mine", "Yours"));
    let mended = served.until("/sync/slow/", |answer| answer.body.contains("<p>Yours:</p>"));
    assert!(mended.body.contains("\"trouble\":[]"), "{mended:?}");
}

#[test]
fn a_template_that_never_worked_is_explained() {
    let served = Served::start(&[("templates/page.html", "{{ page.")], &[]);
    let failed = served.get("/sync/slow/");
    assert!(failed.status == 500 && failed.body.contains("template-syntax"), "{failed:?}");
    fs::remove_file(served.root.path().join("templates/page.html")).unwrap();
    served.until("/sync/slow/", |answer| answer.status == 200);
}

#[test]
fn a_broken_configuration_leaves_the_site_as_it_was() {
    let served = Served::start(&[], &[]);
    served.save("unstick.yaml", "title: [\n");
    let kept = served.until("/", |answer| answer.body.contains("invalid-config"));
    assert!(kept.body.contains("Test site"), "{kept:?}");
    // It is still broken when something else is saved.
    served.save("content/_index.md", &page("Start", "Saved meanwhile."));
    served.save("unstick.yaml", "title: Another title\n");
    let mended = served.until("/", |answer| answer.body.contains("Another title"));
    assert!(mended.body.contains("Saved meanwhile.") && mended.body.contains("\"trouble\":[]"), "{mended:?}");
}

#[test]
fn included_texts_and_static_files_are_watched() {
    let files = [
        ("content/_part.md", "Words of a part.\n"),
        ("content/whole.md", &*page("Whole", "[!INCLUDE [a part](_part.md)]")),
        ("static/own.css", "a { color: red }"),
    ];
    let served = Served::start(&files, &[]);
    assert!(served.get("/whole/").body.contains("Words of a part."), "{}", served.get("/whole/").body);
    let news = served.news("/whole/", || served.save("content/_part.md", "Other words.\n"));
    assert!(news.contains("\"changed\":true") && served.get("/whole/").body.contains("Other words."), "{news}");
    assert!(served.get("/own.css").head.contains("Content-Type: text/css; charset=utf-8"));
    let news = served.news("/whole/", || served.save("static/own.css", "a { color: blue }"));
    assert!(news.contains("\"changed\":true") && served.get("/own.css").body.contains("blue"), "{news}");
}

#[test]
fn a_copy_of_the_theme_becomes_the_sites_own_when_it_is_edited() {
    let theirs = String::from_utf8_lossy(static_file("unstick/icon.svg").unwrap());
    let served = Served::start(&[("static/unstick/icon.svg", &*theirs)], &[]);
    assert_eq!(served.get("/unstick/icon.svg").body, theirs);
    let news = served.news("/", || served.save("static/unstick/icon.svg", "<svg/>"));
    assert!(news.contains("\"changed\":true"), "{news}");
    assert_eq!(served.get("/unstick/icon.svg").body, "<svg/>");
}

#[test]
fn the_output_is_not_watched() {
    let served = Served::start(&[], &[]);
    let build = Command::new(env!("CARGO_BIN_EXE_unstick")).args(["build", "-q"]).arg(served.root.path()).status();
    assert!(build.unwrap().success());
    served.save("site/unstick/more.css", "");
    served.save("content/sync/slow.md", &page("Slow sync", "After the build."));
    let told = served.line(|line| line.contains(" changed, "));
    assert!(told.starts_with("content/sync/slow.md changed, "), "{told}");
}

#[test]
fn strangers_are_refused() {
    let served = Served::start(&[], &[]);
    let port = served.host.rsplit(':').next().unwrap().to_owned();
    let from = |host: &str, more: &str| served.raw(&format!("GET / HTTP/1.1\r\nHost: {host}{more}"));
    for host in [format!("localhost:{port}"), format!("127.0.0.1:{port}"), format!("[::1]:{port}")] {
        assert_eq!(from(&host, "").status, 200, "{host}");
    }
    for host in [format!("evil.example:{port}"), "localhost:1".into(), "localhost".into(), String::new()] {
        let refused = from(&host, "");
        assert!(refused.status == 403 && !refused.body.contains("Welcome"), "{host}: {refused:?}");
    }
    for origin in ["https://evil.example", "null", "http://localhost:1"] {
        assert_eq!(from(&served.host, &format!("\r\nOrigin: {origin}")).status, 403, "{origin}");
    }
    assert_eq!(from(&served.host, &format!("\r\nOrigin: http://localhost:{port}")).status, 200);
    assert_eq!(from(&served.host, "\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors").status, 403);
    let post = served.raw(&format!("POST / HTTP/1.1\r\nHost: {}\r\nContent-Length: 0", served.host));
    assert!(post.status == 405 && post.head.contains("Allow: GET, HEAD"), "{post:?}");
}

#[test]
fn nothing_outside_the_site_is_served() {
    let served = Served::start(&[("secret.txt", "the secret")], &[]);
    let root = served.root.path().to_string_lossy().into_owned();
    for path in [
        "/..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/../secret.txt",
        "/content/../../secret.txt",
        "/..%5csecret.txt",
        "/secret.txt",
        "/unstick.yaml",
        "/content/_index.md",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/static/../secret.txt",
        &format!("/{root}/secret.txt"),
        &format!("{root}/secret.txt"),
    ] {
        let answer = served.get(path);
        assert!(matches!(answer.status, 400 | 404) && !answer.body.contains("the secret"), "{path}: {answer:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_becomes_a_link_leads_nowhere() {
    let served = Served::start(&[("static/notes.txt", "plain")], &[]);
    assert_eq!(served.get("/notes.txt").body, "plain");
    let outside = tempfile::tempdir().unwrap();
    write(outside.path(), "secret.txt", "the secret");
    let notes = served.root.path().join("static/notes.txt");
    fs::remove_file(&notes).unwrap();
    std::os::unix::fs::symlink(outside.path().join("secret.txt"), &notes).unwrap();
    let answer = served.until("/notes.txt", |answer| answer.status != 200);
    assert!(!answer.body.contains("the secret"), "{answer:?}");
}

#[test]
fn addresses_are_answered_as_a_host_would() {
    let served = Served::start(&[], &[]);
    let folder = served.get("/sync/slow?x=1");
    assert!(folder.status == 302 && folder.head.contains("Location: /sync/slow/?x=1"), "{folder:?}");
    let head = served.raw(&format!("HEAD /sync/slow/ HTTP/1.1\r\nHost: {}", served.host));
    assert!(head.status == 200 && head.body.is_empty() && head.head.contains("Content-Length: "), "{head:?}");
    let lost = served.get("/sink/slow/");
    assert!(lost.status == 404 && lost.body.contains("<a href=\"/sync/slow/\">/sync/slow/</a>"), "{lost:?}");
    assert!(lost.body.contains("href=\"../../unstick/theme.css\""), "{lost:?}");
}

#[test]
fn the_search_is_there_when_it_is_asked_for() {
    let served = Served::start(&[], &[]);
    let boot = served.get("/unstick/search/boot.js");
    assert!(boot.status == 200 && boot.body.starts_with("unstick.take("), "{boot:?}");
    assert!(boot.head.contains("Content-Type: text/javascript"), "{boot:?}");
}

#[test]
fn tests_of_the_search_are_run_when_nothing_else_is_to_do() {
    let tests = "- query: slow sync\n  expect: /sync/slow/\n- query: penguins\n  expect: /sync/slow/\n";
    let served = Served::start(&[("search-tests.yaml", tests)], &[]);
    served.line(|line| line.contains("search-tests.yaml:3:"));
    served.until("/", |answer| answer.body.contains("\"errors\":1"));
}

#[test]
fn files_can_be_looked_at_where_the_system_tells_nothing() {
    let served = Served::start(&[], &["--poll"]);
    for number in 0..3 {
        served.save("content/sync/slow.md", &page("Slow sync", &format!("Seen by looking, time {number}.")));
        served.until("/sync/slow/", |answer| answer.body.contains(&format!("time {number}.")));
    }
    served.save("content/new/page.md", &page("New", "A new folder."));
    served.until("/new/page/", |answer| answer.status == 200);
    fs::remove_dir_all(served.root.path().join("content/new")).unwrap();
    served.until("/new/page/", |answer| answer.status == 404);
}

#[test]
fn the_next_free_port_is_taken() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let served = Served::start(&[], &["--port", &port.to_string()]);
    let other: u16 = served.host.rsplit(':').next().unwrap().parse().unwrap();
    assert!(other > port, "{other} follows {port}");
}

#[cfg(unix)]
#[test]
fn it_ends_when_it_is_interrupted() {
    let mut served = Served::start(&[], &[]);
    let interrupted = Command::new("kill").args(["-INT", &served.child.id().to_string()]).status().unwrap();
    assert!(interrupted.success());
    assert_eq!(served.child.wait().unwrap().code(), Some(0));
}
