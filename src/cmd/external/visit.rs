//! All that is asked for the sake of one address, request by request.
//!
//! In steps: ask for the head; when that brings nothing, ask for the whole; follow a redirect by asking anew; after a failure
//! that may pass, ask again later. What comes next depends on nothing but the answers so far, so no request is made here.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use url::Url;

use super::Manners;
use super::addresses::{is_own_machine, understood};
use super::client::{Answer, Method};

/// The most redirects that are followed.
const MAX_REDIRECTS: usize = 10;

/// What is to be said of an address. Reasons follow the address in a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is there.
    Good {
        /// Where it is now, when everything on the way says that this will stay so.
        moved: Option<String>,
    },
    /// It is not there, and asking again will not help.
    Broken {
        /// What is wrong.
        why: String,
        /// What may be done.
        help: Option<&'static str>,
    },
    /// Nobody can say.
    Unreachable {
        /// What went wrong.
        why: String,
    },
}

impl Verdict {
    /// A broken address.
    pub fn broken(why: impl Into<String>) -> Verdict {
        Verdict::Broken { why: why.into(), help: None }
    }

    /// An address of which nobody can say anything.
    pub fn unreachable(why: impl Into<String>) -> Verdict {
        Verdict::Unreachable { why: why.into() }
    }
}

/// What comes after an answer.
#[derive(Debug)]
pub enum Next<'a> {
    /// Nothing.
    Done(Verdict),
    /// Another request.
    Ask {
        /// Which.
        visit: Visit<'a>,
        /// Not before this time has passed.
        after: Duration,
        /// Whom the pause concerns.
        rests: Rests,
    },
}

/// Whom a pause concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rests {
    /// This address only.
    Address,
    /// Everything on its host: the server asks for it.
    Host,
}

/// Where the asking for an address has come to.
#[derive(Debug, Clone)]
pub struct Visit<'a> {
    /// The address as it was found.
    pub name: &'a str,
    /// What is asked for next.
    pub url: Url,
    /// How.
    pub method: Method,
    /// Failures at `url` that may pass.
    failures: u32,
    /// What was asked for before, from the first.
    before: Vec<Url>,
    /// Does everything on the way say that it will stay so?
    is_permanent: bool,
}

impl<'a> Visit<'a> {
    /// The asking for the address `name`, which is `url`.
    pub fn new(name: &'a str, url: Url) -> Visit<'a> {
        Visit { name, url, method: Method::Head, failures: 0, before: Vec::new(), is_permanent: true }
    }

    /// What comes after `answer`, which was given at `now`.
    pub fn next(mut self, answer: Answer, manners: &Manners, now: SystemTime) -> Next<'a> {
        let (code, location, retry_after) = match answer {
            Answer::Status { code, location, retry_after } => (code, location, retry_after),
            Answer::Never(why) => return Next::Done(Verdict::broken(self.led(&why))),
            Answer::Silent(why) | Answer::Cut(why) => return self.again(&why, None, manners),
        };
        match code {
            301 | 302 | 303 | 307 | 308 => self.follow(code, location.as_deref()),
            ..400 => {
                let moved = (!self.before.is_empty() && self.is_permanent).then(|| self.url.to_string());
                Next::Done(Verdict::Good { moved })
            }
            408 | 425 | 429 | 503 => {
                let why = format!("is answered with {}", status(code));
                match retry_after.as_deref().map(|text| pause(text, now)) {
                    Some(Some(wait)) if wait > manners.longest_pause => {
                        let wait = wait.as_secs();
                        let why = format!("was not checked: its server asks to wait for {wait} seconds");
                        Next::Done(Verdict::unreachable(self.led(&why)))
                    }
                    wait => self.again(&why, wait.flatten(), manners),
                }
            }
            // Many servers know no HEAD, and say so in many ways.
            _ if self.method == Method::Head => {
                self.method = Method::Get;
                Next::Ask { visit: self, after: Duration::ZERO, rests: Rests::Address }
            }
            500.. => self.again(&format!("is answered with {}", status(code)), None, manners),
            code => {
                let help = matches!(code, 401 | 403 | 407 | 999).then_some(
                    "readers who may see it see it still: `external: ignore:` in the configuration names what is not asked for",
                );
                let why = self.led(&format!("is answered with {}", status(code)));
                Next::Done(Verdict::Broken { why, help })
            }
        }
    }

    /// `why` as said of the address that was found.
    pub fn led(&self, why: &str) -> String {
        if self.before.is_empty() { why.to_owned() } else { format!("leads to `{}`, which {why}", self.url) }
    }

    fn again(mut self, why: &str, wait: Option<Duration>, manners: &Manners) -> Next<'a> {
        self.failures += 1;
        if self.failures >= manners.tries {
            return Next::Done(Verdict::unreachable(self.led(why)));
        }
        // A server that does not answer to HEAD may answer to GET.
        self.method = Method::Get;
        let own = manners.pause * 3_u32.saturating_pow(self.failures - 1);
        let rests = if wait.is_some() { Rests::Host } else { Rests::Address };
        Next::Ask { visit: self, after: wait.unwrap_or(own), rests }
    }

    fn follow(mut self, code: u16, location: Option<&str>) -> Next<'a> {
        let Some(location) = location else {
            return Next::Done(Verdict::broken(self.led(&format!("is answered with {} to nowhere", status(code)))));
        };
        let joined = self.url.join(location.trim());
        let Ok(to) = joined else {
            return Next::Done(Verdict::broken(self.led(&format!("leads on to `{location}`, which is no address"))));
        };
        let shown = shown(&to);
        if !matches!(to.scheme(), "http" | "https") {
            return Next::Done(Verdict::broken(self.led(&format!("leads on to `{shown}`, which is no web page"))));
        }
        if is_own_machine(&to) && !is_own_machine(&self.url) {
            let why = format!("leads on to `{shown}`, which is the machine of whoever asks");
            return Next::Done(Verdict::broken(self.led(&why)));
        }
        if let Err(verdict) = understood(to.as_str()) {
            return Next::Done(match verdict {
                Verdict::Unreachable { .. } => {
                    Verdict::unreachable("was not checked: it leads to an address with somebody's name or password")
                }
                verdict => verdict,
            });
        }
        let bare = |url: &Url| {
            let mut url = url.clone();
            url.set_fragment(None);
            url
        };
        self.before.push(self.url);
        if self.before.iter().any(|before| bare(before) == bare(&to)) {
            return Next::Done(Verdict::broken("leads in a circle, at least for readers without cookies"));
        }
        if self.before.len() > MAX_REDIRECTS {
            return Next::Done(Verdict::broken(format!("leads on more than {MAX_REDIRECTS} times")));
        }
        self.is_permanent &= matches!(code, 301 | 308);
        self.url = to;
        self.failures = 0;
        Next::Ask { visit: self, after: Duration::ZERO, rests: Rests::Address }
    }
}

/// An address without what nobody is to read in a log.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    if url.password().is_some() {
        // Fails for addresses without a host, which have no password.
        let _ = url.set_password(None);
    }
    url.to_string()
}

/// A status in words: `404 (Not Found)`.
fn status(code: u16) -> String {
    let words = match code {
        301 | 302 | 303 | 307 | 308 => "a redirect",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        410 => "Gone",
        418 => "I'm a teapot",
        429 => "Too Many Requests",
        451 => "Unavailable For Legal Reasons",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        504 => "Gateway Timeout",
        _ => return code.to_string(),
    };
    format!("{code} ({words})")
}

/// How long `Retry-After` asks to wait: seconds or a date, RFC 9110 section 10.2.3.
fn pause(text: &str, now: SystemTime) -> Option<Duration> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let date = DateTimeParser::new().relaxed_weekday(true).parse_timestamp(text).ok()?;
    let now = Timestamp::try_from(now).ok()?;
    Some(Duration::try_from(date.duration_since(now)).unwrap_or(Duration::ZERO))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::UNIX_EPOCH;

    #[test]
    fn servers_say_in_two_ways_how_long_to_wait() {
        // Sun, 06 Nov 1994 08:49:37 GMT
        let now = UNIX_EPOCH + Duration::from_secs(784_111_777);
        for (text, seconds) in [
            ("0", Some(0)),
            (" 120 ", Some(120)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:50:07 GMT", Some(30)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("-5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(pause(text, now), seconds.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn pauses_grow() {
        let manners = Manners { tries: 4, pause: Duration::from_secs(1), ..Manners::default() };
        let mut visit = Visit::new("https://a.org/", Url::parse("https://a.org/").expect("an address"));
        let mut pauses = Vec::new();
        loop {
            match visit.next(Answer::Silent("did not answer".into()), &manners, UNIX_EPOCH) {
                Next::Ask { visit: again, after, rests: Rests::Address } => {
                    pauses.push(after.as_secs());
                    visit = again;
                }
                Next::Ask { .. } => panic!("nobody asked for a pause"),
                Next::Done(verdict) => {
                    assert_eq!(verdict, Verdict::unreachable("did not answer"));
                    break;
                }
            }
        }
        assert_eq!(pauses, [1, 3, 9]);
    }
}
