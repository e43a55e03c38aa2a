//! Answers browsers; the only file that knows `tiny_http`.
//!
//! In steps: refuse what this machine's own browser would not ask; answer addresses of the server itself, and all others from
//! the newest [`Version`]. A page that waits for news has a thread of its own until there is some. A request never names a file
//! of the disk, and nothing that is sent may be read by pages from elsewhere.

use std::io::{self, Read};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use percent_encoding::percent_decode_str;
use serde::Serialize;
use tiny_http::{Header, Method, Request, Response, Server};

use super::address::media_type;
use super::guard::{Asking, Refusal, admit};
use super::live::{Count, OWN, SCRIPT, STYLES};
use super::overview;
use super::version::{Answer, Version};
use crate::link::encode_path;

/// So long a page waits for news before it asks again.
const PATIENCE: Duration = Duration::from_secs(25);
/// How many pages may wait at a time.
const MAX_WAITING: usize = 64;
/// Threads that answer.
const THREADS: usize = 4;
/// How many ports are tried.
const PORTS: u16 = 100;

/// The newest version, for all threads.
pub struct Served {
    now: Mutex<Arc<Version>>,
    changed: Condvar,
    waiting: AtomicUsize,
}

impl Served {
    /// Serves `version` first.
    pub fn new(version: Version) -> Arc<Served> {
        let now = Mutex::new(Arc::new(version));
        Arc::new(Served { now, changed: Condvar::new(), waiting: AtomicUsize::new(0) })
    }

    /// The newest version.
    pub fn now(&self) -> Arc<Version> {
        Arc::clone(&self.now.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Puts `version` in the place of the newest, which is given back.
    pub fn publish(&self, version: Version) -> Arc<Version> {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *now, Arc::new(version));
        self.changed.notify_all();
        before
    }

    /// A version newer than `number`, or the newest when `patience` is over.
    fn beyond(&self, number: u64, patience: Duration) -> Arc<Version> {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(now, patience, |now| now.number <= number);
        Arc::clone(&waited.unwrap_or_else(PoisonError::into_inner).0)
    }
}

/// Listens at `port` of this machine, or at the next that is free; at any that is free for port 0.
///
/// # Errors
/// When none is free, or this machine lets nobody listen.
pub fn listen(port: u16) -> io::Result<TcpListener> {
    let mut next = port;
    loop {
        match TcpListener::bind((Ipv4Addr::LOCALHOST, next)) {
            Err(error)
                if error.kind() == io::ErrorKind::AddrInUse && next < port.saturating_add(PORTS) && next < u16::MAX =>
            {
                next += 1
            }
            other => return other,
        }
    }
}

/// Answers whoever asks at `listener`, on threads of its own.
///
/// # Errors
/// When this machine lets nobody listen.
pub fn start(listener: TcpListener, served: &Arc<Served>) -> io::Result<SocketAddr> {
    let address = listener.local_addr()?;
    let server = Arc::new(Server::from_listener(listener, None).map_err(io::Error::other)?);
    for _ in 0..THREADS {
        let (server, served) = (Arc::clone(&server), Arc::clone(served));
        thread::Builder::new().name("answers".into()).spawn(move || {
            loop {
                match server.recv() {
                    Ok(request) => take(request, &served, address.port()),
                    // A connection that broke is the browser's matter.
                    Err(_) => thread::sleep(Duration::from_millis(10)),
                }
            }
        })?;
    }
    Ok(address)
}

/// What is sent.
struct Reply {
    status: u16,
    media: &'static str,
    body: Body,
    more: Option<(&'static str, String)>,
}

enum Body {
    Bytes(Vec<u8>),
    File(std::fs::File),
}

impl Reply {
    fn text(status: u16, text: &str) -> Reply {
        let body = Body::Bytes(format!("{text}\n").into_bytes());
        Reply { status, media: "text/plain; charset=utf-8", body, more: None }
    }

    fn bytes(status: u16, media: &'static str, bytes: Vec<u8>) -> Reply {
        Reply { status, media, body: Body::Bytes(bytes), more: None }
    }
}

fn take(request: Request, served: &Arc<Served>, port: u16) {
    let value = |name: &'static str| {
        let header = request.headers().iter().find(|header| header.field.equiv(name));
        header.map(|header| header.value.as_str())
    };
    let asking = Asking {
        host: value("Host"),
        origin: value("Origin"),
        site: value("Sec-Fetch-Site"),
        mode: value("Sec-Fetch-Mode"),
    };
    let reply = match admit(request.method(), asking, port) {
        Err(Refusal::Host) => Reply::text(403, "This server answers to localhost only."),
        Err(Refusal::Origin) => Reply::text(403, "This server answers to its own pages only."),
        Err(Refusal::Method) => {
            let reply = Reply::text(405, "This server answers GET and HEAD only.");
            Reply { more: Some(("Allow", "GET, HEAD".to_owned())), ..reply }
        }
        Ok(()) => {
            let url = request.url().to_owned();
            let (path, query) = url.split_once('?').unwrap_or((&url, ""));
            if path.strip_prefix(OWN) == Some("wait") && *request.method() == Method::Get {
                return wait(request, query, served);
            }
            answer(path, query, &served.now())
        }
    };
    send(request, reply);
}

fn send(request: Request, reply: Reply) {
    let fixed = [
        ("Content-Type", reply.media.to_owned()),
        ("Cache-Control", "no-store".to_owned()),
        ("X-Content-Type-Options", "nosniff".to_owned()),
        ("X-Frame-Options", "SAMEORIGIN".to_owned()),
        ("Cross-Origin-Resource-Policy", "same-origin".to_owned()),
    ];
    let headers = fixed.into_iter().chain(reply.more);
    let headers = headers.filter_map(|(name, value)| Header::from_bytes(name, value).ok()).collect();
    let (body, length): (Box<dyn Read + Send>, Option<usize>) = match reply.body {
        Body::Bytes(bytes) => {
            let length = bytes.len();
            (Box::new(io::Cursor::new(bytes)), Some(length))
        }
        Body::File(file) => {
            let length = file.metadata().ok().and_then(|found| usize::try_from(found.len()).ok());
            (Box::new(file), length)
        }
    };
    // Short bodies are sent whole, so that their length can be told.
    let response = Response::new(reply.status.into(), headers, body, length, None).with_chunked_threshold(usize::MAX);
    // A browser that went away wants nothing.
    drop(request.respond(response));
}

fn answer(path: &str, query: &str, version: &Version) -> Reply {
    match path.strip_prefix(OWN) {
        Some("live.js") => return Reply::bytes(200, "text/javascript; charset=utf-8", SCRIPT.into()),
        Some("live.css") => return Reply::bytes(200, "text/css; charset=utf-8", STYLES.into()),
        Some("findings") => {
            return Reply::bytes(200, "text/html; charset=utf-8", overview::page(version).html);
        }
        _ => {}
    }
    let html = |status, html: &[u8]| Reply::bytes(status, "text/html; charset=utf-8", html.to_vec());
    match version.answer(path) {
        Answer::Page(shown) => html(200, &shown.html),
        Answer::Lost(shown) => html(404, &shown.html),
        Answer::Failed(shown) => html(500, &shown.html),
        Answer::Bytes(path, bytes) => Reply::bytes(200, media_type(&path), bytes),
        Answer::File(path, file) => match version.site.sources.open(&file) {
            Ok(file) => Reply { status: 200, media: media_type(&path), body: Body::File(file), more: None },
            Err(_) => Reply::text(404, "This file is gone."),
        },
        Answer::Elsewhere(path) => {
            let query = if query.is_empty() { String::new() } else { format!("?{query}") };
            let address = format!("/{}{query}", encode_path(&path));
            Reply { more: Some(("Location", address)), ..Reply::text(302, "This is a folder.") }
        }
        Answer::Malformed => Reply::text(400, "This is no address of a site."),
    }
}

/// What a waiting page is told.
#[derive(Debug, Serialize)]
struct News {
    /// Is the page another than the browser shows?
    changed: bool,
    site: Count,
}

/// Answers as soon as the page that waits is another, or the mistakes of the site are more or fewer.
fn wait(request: Request, query: &str, served: &Arc<Served>) {
    if served.waiting.fetch_add(1, Ordering::Relaxed) >= MAX_WAITING {
        served.waiting.fetch_sub(1, Ordering::Relaxed);
        return send(request, Reply::text(503, "Too many pages are waiting."));
    }
    let value = |name: &str| {
        let found = query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name);
        found.map(|(_, value)| percent_decode_str(value).decode_utf8_lossy().into_owned()).unwrap_or_default()
    };
    let (page, seen) = (value("page"), value("seen"));
    let number = |name: &str| value(name).parse().unwrap_or_default();
    let count = Count { errors: number("errors"), warnings: number("warnings") };
    let waits = Arc::clone(served);
    let spawned = thread::Builder::new().name("waits".into()).spawn(move || {
        let news = news(&waits, &page, &seen, count);
        waits.waiting.fetch_sub(1, Ordering::Relaxed);
        let news = serde_json::to_string(&news).expect("news are numbers");
        let script = format!("_unstick.news({news});\n").into_bytes();
        send(request, Reply::bytes(200, "text/javascript; charset=utf-8", script));
    });
    if spawned.is_err() {
        served.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}

fn news(served: &Served, page: &str, seen: &str, count: Count) -> News {
    let started = Instant::now();
    let mut version = served.now();
    loop {
        let shown = match page.strip_prefix(OWN) {
            Some(_) => Some(Arc::new(overview::page(&version))),
            None => version.answer(page).shown().cloned(),
        };
        // What is no page any more is news, too.
        let changed = shown.is_none_or(|shown| shown.seen != seen);
        let site = version.count();
        let left = PATIENCE.saturating_sub(started.elapsed());
        if changed || site != count || left.is_zero() {
            return News { changed, site };
        }
        let number = version.number;
        drop(version);
        version = served.beyond(number, left);
    }
}
