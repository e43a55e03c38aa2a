//! Addresses on other sites, asked of a server on this machine that misbehaves in every way.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use unstick::cmd::external::{self, Manners, Report};
use unstick::diagnostics::{Diagnostic, Place, Sink};
use unstick::link::{Drafts, Settings};
use unstick::source::Options;

/// A request as the server saw it.
#[derive(Debug, Clone)]
struct Request {
    method: String,
    path: String,
    /// The lines of its head.
    head: Vec<String>,
    at: Instant,
}

/// A server, for as long as the test runs.
struct Server {
    base: String,
    seen: Arc<Mutex<Vec<Request>>>,
    /// The most requests that it worked on at the same time.
    most: Arc<AtomicUsize>,
}

impl Server {
    fn start() -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (open, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let server = Server { base: base.clone(), seen: Arc::clone(&seen), most: Arc::clone(&most) };
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (base, seen) = (base.clone(), Arc::clone(&seen));
                let (open, most) = (Arc::clone(&open), Arc::clone(&most));
                thread::spawn(move || {
                    let stream = stream.unwrap();
                    serve(&stream, &base, &seen, &|| {
                        most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                        thread::sleep(Duration::from_millis(60));
                        // Before the answer: whoever has it may send the next request.
                        open.fetch_sub(1, Ordering::SeqCst);
                    });
                    // One that does not read to the end may not see the answer.
                    drop(stream.shutdown(Shutdown::Both));
                });
            }
        });
        server
    }

    /// `METHOD PATH` of each request, in their order.
    fn asked(&self) -> Vec<String> {
        let seen = self.seen.lock().unwrap();
        seen.iter().map(|request| format!("{} {}", request.method, request.path)).collect()
    }
}

/// Reads one request and does what its path says; works on it when that takes time.
fn serve(mut stream: &TcpStream, base: &str, seen: &Mutex<Vec<Request>>, work: &dyn Fn()) {
    let mut head = Vec::new();
    for line in BufReader::new(stream).lines() {
        match line {
            Ok(line) if !line.is_empty() => head.push(line),
            _ => break,
        }
    }
    let Some(first) = head.first() else {
        return;
    };
    let mut words = first.split(' ').map(str::to_owned);
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    let request = Request { method: method.clone(), path: path.clone(), head, at: Instant::now() };
    let before = {
        let mut seen = seen.lock().unwrap();
        seen.push(request);
        seen.iter().filter(|request| request.path == path).count() - 1
    };
    let mut answer = |status: &str, headers: &str| {
        drop(write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n{headers}\r\n"));
    };
    let ok = "200 OK";
    match path.split('?').next().unwrap() {
        "/slow" => thread::sleep(Duration::from_secs(3)),
        "/patient" => {
            work();
            answer(ok, "");
        }
        "/busy-once" if before == 0 => answer("429 Too Many Requests", "Retry-After: 1\r\n"),
        "/busy" => answer("429 Too Many Requests", ""),
        "/busy-for-hours" => answer("503 Service Unavailable", "Retry-After: 7200\r\n"),
        "/fails-once" if before < 2 => answer("500 Internal Server Error", ""),
        "/fails" => answer("502 Bad Gateway", ""),
        "/no-head" if method == "HEAD" => answer("404 Not Found", ""),
        "/no-head-at-all" if method == "HEAD" => {}
        "/gone" => answer("410 Gone", ""),
        "/private" => answer("403 Forbidden", ""),
        "/moved" => answer("301 Moved Permanently", "Location: moved-again\r\n"),
        "/moved-again" => answer("308 Permanent Redirect", &format!("Location: {base}/new\r\n")),
        "/moved-to-nothing" => answer("301 Moved Permanently", "Location: /gone\r\n"),
        "/elsewhere" => answer("302 Found", "Location: /new\r\n"),
        "/partly" => answer("301 Moved Permanently", "Location: /elsewhere\r\n"),
        "/loop" => answer("302 Found", "Location: /loop2\r\n"),
        "/loop2" => answer("302 Found", "Location: /loop\r\n"),
        "/further" => {
            let number: usize = path.split_once('?').map_or(0, |(_, number)| number.parse().unwrap());
            answer("302 Found", &format!("Location: /further?{}\r\n", number + 1));
        }
        "/to-a-file" => answer("302 Found", "Location: file:///etc/passwd\r\n"),
        "/to-somebody" => answer("302 Found", "Location: http://me:secret@127.0.0.1/\r\n"),
        "/to-nowhere" => answer("302 Found", ""),
        "/cookie" if path == "/cookie" => answer("302 Found", "Set-Cookie: a=b\r\nLocation: /cookie?again\r\n"),
        "/half" => drop(stream.write_all(b"HTTP/1.1 200")),
        "/closed" => {}
        "/garbage" => drop(stream.write_all(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")),
        "/endless" => {
            answer("200 OK", "Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n");
            while stream.write_all(&[b'x'; 4096]).is_ok() {
                thread::sleep(Duration::from_millis(5));
            }
        }
        _ => answer(ok, ""),
    }
}

/// Manners for tests, which wait for nobody.
fn hasty() -> Manners {
    Manners { pause: Duration::from_millis(10), request: Duration::from_secs(1), ..Manners::default() }
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn settings() -> Settings {
    Settings { drafts: Drafts::LeftOut, today: "2026-11-20".parse().unwrap() }
}

/// Checks the site in `root`: the findings, and what the run did.
fn findings(root: &Path, manners: &Manners) -> (Vec<Diagnostic>, Report, unstick::Site) {
    let site = unstick::site(root, &Options::default(), settings()).unwrap();
    let mut sink = Sink::new();
    let report = external::check(&site, None, manners, &mut sink);
    unstick::diagnostics::sort(&mut sink, |file| site.sources.path(file));
    (sink, report, site)
}

/// Checks a page whose lines are `lines`, with `BASE` for the address of `server`: a finding a line.
fn check(server: &Server, lines: &[&str], manners: &Manners) -> Vec<String> {
    let root = tempfile::tempdir().unwrap();
    let text = format!("---\ntitle: Page\n---\n{}\n", lines.join("\n\n"));
    write(root.path(), "content/page.md", &text.replace("BASE", &server.base));
    let (sink, ..) = findings(root.path(), manners);
    sink.iter().map(|one| format!("{}: {}", one.rule.name, one.message).replace(&server.base, "BASE")).collect()
}

#[test]
fn answers_are_understood() {
    let server = Server::start();
    let cases: &[(&str, &str)] = &[
        ("/fine", ""),
        ("/fine#part", ""),
        ("/no-head", ""),
        ("/no-head-at-all", ""),
        ("/fails-once", ""),
        ("/endless", ""),
        ("/elsewhere", ""),
        ("/partly", ""),
        ("/cookie", ""),
        ("/gone", "broken-external-link: `BASE/gone` is answered with 410 (Gone)"),
        ("/gone#part", "broken-external-link: `BASE/gone#part` is answered with 410 (Gone)"),
        ("/private", "broken-external-link: `BASE/private` is answered with 403 (Forbidden)"),
        ("/fails", "unreachable-external-link: `BASE/fails` is answered with 502 (Bad Gateway)"),
        ("/busy", "unreachable-external-link: `BASE/busy` is answered with 429 (Too Many Requests)"),
        (
            "/busy-for-hours",
            "unreachable-external-link: `BASE/busy-for-hours` was not checked: its server asks to wait for 7200 seconds",
        ),
        ("/slow", "unreachable-external-link: `BASE/slow` did not answer in time"),
        (
            "/closed",
            "unreachable-external-link: `BASE/closed` is on a host that closed the connection without an answer",
        ),
        ("/half", "unreachable-external-link: `BASE/half` is on a host that closed the connection without an answer"),
        ("/garbage", "unreachable-external-link: `BASE/garbage` is answered with something that is not HTTP"),
        ("/moved", "moved-external-link: `BASE/moved` has moved for good to `BASE/new`"),
        ("/moved#part", "moved-external-link: `BASE/moved#part` has moved for good to `BASE/new#part`"),
        (
            "/moved-to-nothing",
            "broken-external-link: `BASE/moved-to-nothing` leads to `BASE/gone`, which is answered with 410 (Gone)",
        ),
        ("/loop", "broken-external-link: `BASE/loop` leads in a circle, at least for readers without cookies"),
        ("/further", "broken-external-link: `BASE/further` leads on more than 10 times"),
        ("/to-a-file", "broken-external-link: `BASE/to-a-file` leads on to `file:///etc/passwd`, which is no web page"),
        ("/to-nowhere", "broken-external-link: `BASE/to-nowhere` is answered with 302 (a redirect) to nowhere"),
        (
            "/to-somebody",
            "unreachable-external-link: `BASE/to-somebody` was not checked: it leads to an address with somebody's name or password",
        ),
    ];
    let lines: Vec<String> = cases.iter().map(|(path, _)| format!("[x](BASE{path})")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let expected: Vec<&str> = cases.iter().map(|(_, finding)| *finding).filter(|finding| !finding.is_empty()).collect();
    assert_eq!(check(&server, &lines, &hasty()), expected);

    // One request for an address, however often it is named.
    assert_eq!(server.asked().iter().filter(|asked| *asked == "HEAD /fine").count(), 1);
    assert!(!server.asked().iter().any(|asked| asked == "GET /fine"));
    assert_eq!(server.asked().iter().filter(|asked| asked.ends_with(" /busy")).count(), 3);
    let seen = server.seen.lock().unwrap();
    for request in seen.iter() {
        let has = |name: &str| request.head.iter().any(|line| line.to_lowercase().starts_with(name));
        assert!(!has("cookie:") && !has("authorization:") && !has("referer:"), "{request:?}");
        let agent = format!("user-agent: unstick/{} (+link check)", env!("CARGO_PKG_VERSION"));
        assert!(has(&agent), "{request:?}");
    }
}

#[test]
fn servers_that_ask_for_a_pause_get_it() {
    let server = Server::start();
    assert_eq!(check(&server, &["[x](BASE/busy-once)", "[y](BASE/other)"], &hasty()), [""; 0]);
    let seen = server.seen.lock().unwrap();
    let times: Vec<Instant> = seen.iter().filter(|one| one.path == "/busy-once").map(|one| one.at).collect();
    assert_eq!(times.len(), 2);
    assert!(times[1] - times[0] >= Duration::from_secs(1), "{times:?}");
}

#[test]
fn a_host_is_asked_two_requests_at_a_time() {
    let server = Server::start();
    let lines: Vec<String> = (0..12).map(|number| format!("[x](BASE/patient?{number})")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let started = Instant::now();
    assert_eq!(check(&server, &lines, &hasty()), [""; 0]);
    assert_eq!(server.asked().len(), 12);
    assert_eq!(server.most.load(Ordering::SeqCst), 2);
    assert!(started.elapsed() >= Duration::from_millis(6 * 60));
}

/// A server that answers to everything, with this certificate: its address.
fn secure(certificate: &rcgen::Certificate, key: &rcgen::KeyPair) -> String {
    let key = rustls::pki_types::PrivatePkcs8KeyDer::from(key.serialize_der());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key.into())
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("https://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream.unwrap());
            if stream.read(&mut [0; 4096]).is_ok() {
                drop(stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
            }
        }
    });
    base
}

#[test]
fn a_wrong_certificate_breaks_a_link() {
    let made = rcgen::generate_simple_self_signed(vec!["127.0.0.1".to_owned()]).unwrap();
    let server = Server { base: secure(&made.cert, &made.signing_key), seen: Arc::default(), most: Arc::default() };
    let found = check(&server, &["[x](BASE/)"], &hasty());
    assert_eq!(found.len(), 1, "{found:?}");
    let start = "broken-external-link: `BASE/` has a certificate that nobody vouches for";
    // Other systems find another fault in it first.
    let expected = if cfg!(target_os = "linux") { start } else { "broken-external-link: `BASE/` has a " };
    assert!(found[0].starts_with(expected), "{found:?}");
}

/// Where the certificates of the system can be set for one process.
#[cfg(target_os = "linux")]
#[test]
fn whom_the_system_trusts_is_trusted() {
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
    let mut company = CertificateParams::new(Vec::new()).unwrap();
    company.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let company = CertifiedIssuer::self_signed(company, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let sign = |name: &str| {
        let mut leaf = CertificateParams::new(vec![name.to_owned()]).unwrap();
        if name == "old.org" {
            leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
            (leaf.not_before, leaf.not_after) = (rcgen::date_time_ymd(2001, 1, 1), rcgen::date_time_ymd(2002, 1, 1));
        }
        secure(&leaf.signed_by(&key, &company).unwrap(), &key)
    };
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "company.pem", &company.pem());
    let page = format!("[a]({}/)\n[b]({}/)\n[c]({}/)\n", sign("127.0.0.1"), sign("other.org"), sign("old.org"));
    write(root.path(), "content/page.md", &format!("---\ntitle: Page\n---\n{page}"));
    let output = Command::new(env!("CARGO_BIN_EXE_unstick"))
        .args(["check", "--external", "--format", "short", "-q"])
        .env("SSL_CERT_FILE", root.path().join("company.pem"))
        .env_remove("SSL_CERT_DIR")
        .current_dir(root.path())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let told: Vec<&str> = text.lines().map(|line| line.rsplit('`').next().unwrap()).collect();
    assert_eq!(told, [" has a certificate that is of another host", " has a certificate that has expired"], "{text}");
}

#[test]
fn a_host_that_never_speaks_is_given_up() {
    // Nobody listens there any more.
    let base = format!("http://{}", TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap());
    let server = Server { base, seen: Arc::default(), most: Arc::default() };
    let lines: Vec<String> = (0..200).map(|number| format!("[x](BASE/{number})")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    // With a pause of a second before each second try, asking for all of them would take minutes.
    let manners = Manners { pause: Duration::from_secs(60), ..hasty() };
    let started = Instant::now();
    let mut found = check(&server, &lines, &manners);
    assert!(started.elapsed() < Duration::from_secs(30));
    assert_eq!(found.len(), 200);
    found.dedup_by_key(|finding| finding.replace(|c: char| c.is_ascii_digit(), ""));
    assert_eq!(found, ["unreachable-external-link: `BASE/0` is on a host that refuses connections"]);
}

#[test]
fn a_run_ends_in_time() {
    let server = Server::start();
    let manners = Manners { run: Duration::from_millis(100), per_host: 1, ..hasty() };
    let found = check(&server, &["[x](BASE/slow?1)", "[x](BASE/slow?2)"], &manners);
    let not_checked = |number: u8| {
        format!("unreachable-external-link: `BASE/slow?{number}` was not checked: the time for all addresses was over")
    };
    assert_eq!(found, [not_checked(1), not_checked(2)]);
    assert_eq!(server.asked(), ["HEAD /slow?1"]);
}

#[test]
fn some_addresses_are_never_asked_for() {
    let server = Server::start();
    let root = tempfile::tempdir().unwrap();
    let site = "base_url: BASE/help/\nexternal:\n  ignore: ['BASE/intern*', '*/secret/*']\n";
    write(root.path(), "unstick.yaml", &site.replace("BASE", &server.base));
    let page = "---\ntitle: Page\n---\n[a](BASE/internal) [b](BASE/x/secret/y) [c](BASE/help/new) [d](https://example.com)\n\
        [e](http://printer.test/) [f](mailto:a@b.org) [g](http://me:secret@127.0.0.1/x) [h](ftp://127.0.0.1/)\n";
    write(root.path(), "content/page.md", &page.replace("BASE", &server.base));
    write(root.path(), "content/draft.md", &format!("---\ndraft: true\n---\n[x]({}/draft)\n", server.base));
    let (sink, report, _) = findings(root.path(), &hasty());
    let found: Vec<String> = sink.iter().map(|one| format!("{}: {}", one.rule.name, one.message)).collect();
    assert_eq!(
        found,
        [
            "unreachable-external-link: `http://me:secret@127.0.0.1/x` was not checked, since it holds the name or the password of somebody"
        ]
    );
    assert_eq!((report.asked, report.left_out), (0, 5));
    // A configuration that is not understood may forbid what would be asked.
    write(root.path(), "unstick.yaml", "external:\n  ignore: everything\n");
    assert_eq!(findings(root.path(), &hasty()).0, []);
    assert_eq!(server.asked(), [""; 0]);
}

#[test]
fn findings_can_be_allowed_and_weighed() {
    let server = Server::start();
    let root = tempfile::tempdir().unwrap();
    write(root.path(), "unstick.yaml", "rules:\n  moved-external-link: warning\n");
    let page = "---\ntitle: Page\n---\n[a](BASE/gone) <!-- unstick-allow broken-external-link: it comes back on Monday -->\n\n\
        [b](BASE/moved)\n\n[c](BASE/fine) <!-- unstick-allow broken-external-link: nobody has asked -->\n";
    write(root.path(), "content/page.md", &page.replace("BASE", &server.base));
    let (sink, _, site) = findings(root.path(), &hasty());
    let found: Vec<String> = sink.iter().map(|one| format!("{} {}", one.severity.word(), one.rule.name)).collect();
    assert_eq!(found, ["warning moved-external-link"]);
    assert_eq!(site.diagnostics, [], "what only the network knows is not in vain");
}

#[test]
fn every_kind_of_link_is_asked_for_and_shown_at_its_place() {
    let server = Server::start();
    let root = tempfile::tempdir().unwrap();
    let site = "links:\n  manual docs: BASE/gone?hint\n  /guide/: BASE/gone/\n";
    write(root.path(), "unstick.yaml", &site.replace("BASE", &server.base));
    let page = "---\ntitle: Page\n---\n<BASE/gone?auto>\n![i](BASE/gone?image)\n[r]\n[again][r]\n[g](/guide/x)\n\n\
        The printer stops (link to the manual docs).\n\n[r]: BASE/gone?reference\n";
    write(root.path(), "content/page.md", &page.replace("BASE", &server.base));
    let (sink, _, site) = findings(root.path(), &hasty());
    let places: BTreeMap<String, Vec<usize>> = sink.iter().fold(BTreeMap::new(), |mut places, one| {
        let Place::Span(span) = one.place else { panic!("{one:?}") };
        let asked = one.message.replace(&server.base, "").split('`').nth(1).unwrap().to_owned();
        places.entry(asked).or_default().push(site.sources.line(span));
        places
    });
    // What is below `/guide/` is there; a reference is wrong where it is defined, once.
    let expected: BTreeMap<String, Vec<usize>> =
        [("/gone?auto", 4), ("/gone?hint", 10), ("/gone?image", 5), ("/gone?reference", 12)]
            .map(|(asked, line)| (asked.to_owned(), vec![line]))
            .into();
    assert_eq!(places, expected);
    assert!(server.asked().contains(&"HEAD /gone/x".to_owned()), "{:?}", server.asked());
}

/// Runs the program.
fn unstick(root: &Path, arguments: &[&str]) -> (String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_unstick")).args(arguments).current_dir(root).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (text, output.status.code())
}

#[test]
fn good_addresses_are_remembered_and_only_the_flag_asks() {
    let server = Server::start();
    let root = tempfile::tempdir().unwrap();
    let page = "---\ntitle: Page\n---\n[a](BASE/fine) [b](BASE/gone) [c](BASE/moved#part) <BASE/moved>\n";
    write(root.path(), "content/page.md", &page.replace("BASE", &server.base));
    let run = |arguments: &[&str]| {
        let (text, status) = unstick(root.path(), arguments);
        (text.replace(&server.base, "BASE"), status)
    };
    assert_eq!(run(&["check", "--format", "short", "-q"]), (String::new(), Some(0)));
    assert_eq!(run(&["build", "--format", "short", "-q"]), (String::new(), Some(0)));
    assert_eq!(server.asked(), [""; 0]);

    let gone = |column: usize| {
        format!("content/page.md:4:{column}: error[broken-external-link] `BASE/gone` is answered with 410 (Gone)\n")
    };
    let column = "[a](/fine) [b](".len() + server.base.len() + 1;
    let asked = run(&["check", "--external", "--format", "short"]);
    assert!(asked.0.starts_with(&gone(column)) && asked.1 == Some(1), "{asked:?}");
    assert!(asked.0.contains(", 1 error, 0 warnings, 3 addresses asked, "), "{asked:?}");

    let before = server.asked().len();
    let asked = run(&["check", "--external", "--format", "short"]);
    assert!(asked.0.contains(", 1 address asked, 2 remembered, "), "{asked:?}");
    assert_eq!(server.asked()[before..], ["HEAD /gone", "GET /gone"]);

    // A note, also when it is remembered, with its repair.
    let notes = run(&["check", "--external", "--format", "short", "-v"]);
    assert!(notes.0.contains("note[moved-external-link] `BASE/moved#part` has moved for good to `BASE/new#part`"));
    let shown = run(&["fix", "--external"]);
    assert!(shown.0.ends_with("2 repairs in 1 file; `unstick fix --external --apply` makes them\n"), "{shown:?}");
    run(&["fix", "--external", "--apply"]);
    let text = fs::read_to_string(root.path().join("content/page.md")).unwrap().replace(&server.base, "BASE");
    assert!(text.ends_with("[a](BASE/fine) [b](BASE/gone) [c](BASE/new#part) <BASE/new>\n"), "{text}");
}

#[test]
fn only_changed_files_are_asked_for() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let repository = git2::Repository::init(root).unwrap();
    let link = |name: &str| format!("---\ntitle: {name}\n---\n[x]({}/gone?{name})\n", server.base);
    write(root, "content/old.md", &link("old"));
    let mut index = repository.index().unwrap();
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
    let tree = repository.find_tree(index.write_tree().unwrap()).unwrap();
    let author = git2::Signature::now("A writer", "writer@example.org").unwrap();
    repository.commit(Some("HEAD"), &author, &author, "Pages", &tree, &[]).unwrap();
    index.write().unwrap();
    write(root, "content/new.md", &link("new"));
    let (text, status) = unstick(root, &["check", "--external", "--changed-since", "HEAD", "--format", "short", "-q"]);
    assert!(text.starts_with("content/new.md:4:5: error[broken-external-link]") && text.lines().count() == 1, "{text}");
    assert_eq!(status, Some(1));
    assert_eq!(server.asked(), ["HEAD /gone?new", "GET /gone?new"]);

    // What is known is not reported, though it is asked for.
    let (report, _) = unstick(root, &["check", "--external", "--format", "json", "-q"]);
    write(root, "baseline.json", &report);
    let known = unstick(root, &["check", "--external", "--baseline", "baseline.json", "--format", "short", "-q"]);
    assert_eq!(known, (String::new(), Some(0)));
}
