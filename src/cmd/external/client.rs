//! One request: what a server answers, or what keeps it from answering. The only file that knows the HTTP client.
//!
//! Nothing is followed, kept or sent here beside the request itself: no redirects, no cookies, no credentials, no body.

use std::io;
use std::net::ToSocketAddrs;
use std::sync::OnceLock;

use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Error, Proxy};
use url::Url;

use super::Manners;
use super::addresses::is_own_machine;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Only whether it is there.
    Head,
    /// The whole; its body is not read.
    Get,
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The server answered.
    Status {
        /// The status code.
        code: u16,
        /// `Location`, if it is text.
        location: Option<String>,
        /// `Retry-After`, if it is text.
        retry_after: Option<String>,
    },
    /// It will never be answered, whoever asks. What is wrong follows the address: `is on a host that does not exist`.
    Never(String),
    /// The host does not speak with us at this time. What it does follows the address.
    Silent(String),
    /// The host was there, but its answer is none. What it did follows the address.
    Cut(String),
}

/// Asks.
pub struct Client {
    agent: Agent,
    /// For this machine: a proxy would ask itself.
    near: Agent,
    /// Can any host be looked up? Known once it matters.
    can_look_up: OnceLock<bool>,
}

impl Client {
    /// A client that waits as long as `manners` say, trusts whom this machine trusts, and goes through the proxy that its
    /// environment names.
    pub fn new(manners: &Manners) -> Client {
        let agent = |proxy: Option<Proxy>| {
            let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
            Agent::config_builder()
                .http_status_as_error(false)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .timeout_connect(Some(manners.connect))
                .timeout_global(Some(manners.request))
                .max_idle_connections(manners.at_once)
                .max_idle_connections_per_host(manners.per_host)
                .user_agent(concat!("unstick/", env!("CARGO_PKG_VERSION"), " (+link check)"))
                .accept("*/*")
                .tls_config(tls)
                .proxy(proxy)
                .build()
                .new_agent()
        };
        Client { agent: agent(Proxy::try_from_env()), near: agent(None), can_look_up: OnceLock::new() }
    }

    /// Asks for `url`.
    pub fn ask(&self, method: Method, url: &Url) -> Answer {
        let agent = if is_own_machine(url) { &self.near } else { &self.agent };
        let request = match method {
            Method::Head => agent.head(url.as_str()),
            Method::Get => agent.get(url.as_str()),
        };
        match request.call() {
            Ok(response) => {
                let header = |name: &str| {
                    let value = response.headers().get(name)?;
                    // Addresses that are not encoded are understood, as browsers do.
                    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
                };
                Answer::Status {
                    code: response.status().as_u16(),
                    location: header("location"),
                    retry_after: header("retry-after"),
                }
            }
            Err(error) => doubted(failed(error), || *self.can_look_up.get_or_init(can_look_up)),
        }
    }
}

fn failed(error: Error) -> Answer {
    match error {
        Error::HostNotFound => no_such_host(),
        Error::Timeout(_) => Answer::Silent("did not answer in time".into()),
        Error::ConnectionFailed => Answer::Silent("does not let anybody connect".into()),
        Error::ConnectProxyFailed(why) => Answer::Cut(format!("is refused by the proxy: {why}")),
        Error::InvalidProxyUrl => Answer::Cut("is behind a proxy whose address in the environment is none".into()),
        Error::BadUri(why) => Answer::Never(format!("is no address: {why}")),
        Error::Http(why) => Answer::Never(format!("is no address: {why}")),
        Error::Protocol(_) | Error::LargeResponseHeader(..) | Error::BodyStalled => {
            Answer::Cut("is answered with something that is not HTTP".into())
        }
        Error::Io(error) => of_system(&error),
        error => of_security(&error.to_string()),
    }
}

/// A machine without a network may say of every host that it does not exist. It is believed only when it knows one that does.
fn doubted(answer: Answer, can_look_up: impl FnOnce() -> bool) -> Answer {
    if answer == no_such_host() && !can_look_up() {
        return Answer::Silent("is on a host that cannot be looked up, and neither can any other from here".into());
    }
    answer
}

/// Is a name known that is kept for documents, and so will always be there: RFC 2606 section 3? Nothing is sent to it.
fn can_look_up() -> bool {
    ("example.com", 443).to_socket_addrs().is_ok_and(|mut found| found.next().is_some())
}

fn no_such_host() -> Answer {
    Answer::Never("is on a host that does not exist".into())
}

/// What the system says of a connection.
fn of_system(error: &io::Error) -> Answer {
    use io::ErrorKind as Kind;
    match error.kind() {
        Kind::TimedOut | Kind::WouldBlock => Answer::Silent("did not answer in time".into()),
        Kind::ConnectionRefused => Answer::Silent("is on a host that refuses connections".into()),
        Kind::HostUnreachable | Kind::NetworkUnreachable | Kind::NetworkDown | Kind::AddrNotAvailable => {
            Answer::Silent("is on a host to which there is no way from here".into())
        }
        Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe | Kind::UnexpectedEof => {
            Answer::Cut("is on a host that closed the connection without an answer".into())
        }
        Kind::InvalidData => of_security(&error.to_string()),
        _ => of_lookup(&error.to_string(), error.raw_os_error()),
    }
}

/// What is wrong with a secure connection.
fn of_security(why: &str) -> Answer {
    match why.split_once("invalid peer certificate: ") {
        Some((_, why)) => {
            let reason = if why.contains("UnknownIssuer") || why.contains("not trusted") {
                "that nobody vouches for whom this machine trusts"
            } else if why.contains("not valid for name") || why.contains("NotValidForName") {
                "that is of another host"
            } else if why.contains("xpired") {
                "that has expired"
            } else if why.contains("not valid yet") || why.contains("NotValidYet") {
                "that is not valid yet"
            } else {
                return Answer::Never(format!("has a wrong certificate: {why}"));
            };
            Answer::Never(format!("has a certificate {reason}"))
        }
        None => Answer::Cut(format!("has no secure connection: {why}")),
    }
}

/// What is wrong with finding a host. The system tells it in words only, but for Windows, where words have a language.
fn of_lookup(text: &str, number: Option<i32>) -> Answer {
    /// `WSAHOST_NOT_FOUND` and `WSANO_DATA`
    const WINDOWS_NONE: [i32; 2] = [11001, 11004];
    let says_none = ["not known", "No address associated", "does not resolve"].iter().any(|words| text.contains(words));
    if cfg!(windows) && number.is_some_and(|number| WINDOWS_NONE.contains(&number)) {
        no_such_host()
    } else if let Some((_, why)) = text.split_once("failed to lookup address information: ") {
        if says_none { no_such_host() } else { Answer::Silent(format!("is on a host that cannot be looked up: {why}")) }
    } else {
        Answer::Silent(format!("cannot be asked for: {text}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_that_do_not_exist_are_told_from_networks_that_fail() {
        let lookup = |why: &str| of_lookup(&format!("failed to lookup address information: {why}"), None);
        for why in [
            "Name or service not known",
            "No address associated with hostname",
            "nodename nor servname provided, or not known",
            "Name does not resolve",
        ] {
            assert_eq!(lookup(why), no_such_host(), "{why}");
        }
        assert!(matches!(lookup("Temporary failure in name resolution"), Answer::Silent(_)));
        assert!(matches!(of_lookup("Too many open files (os error 24)", Some(24)), Answer::Silent(_)));
    }

    #[test]
    fn without_a_network_no_host_is_said_not_to_exist() {
        assert_eq!(doubted(no_such_host(), || true), no_such_host());
        assert!(matches!(doubted(no_such_host(), || false), Answer::Silent(_)));
        let other = Answer::Never("has a wrong certificate".into());
        assert_eq!(doubted(other.clone(), || panic!("that is no question of names")), other);
    }

    #[test]
    fn wrong_certificates_say_what_is_wrong() {
        let told = |why: &str| of_security(&format!("invalid peer certificate: {why}"));
        assert_eq!(told("Expired"), Answer::Never("has a certificate that has expired".into()));
        assert_eq!(told("BadEncoding"), Answer::Never("has a wrong certificate: BadEncoding".into()));
        assert!(matches!(of_security("received fatal alert: HandshakeFailure"), Answer::Cut(_)));
    }
}
