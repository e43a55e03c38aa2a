//! Who may ask: only pages that this server made, and the person at this machine.
//!
//! A page from elsewhere can make a browser send requests here. It cannot choose what stands in `Host`, so a name that was
//! made to lead to this machine (DNS rebinding) shows there; and browsers say in `Origin` and `Sec-Fetch-Site` that a request
//! comes from elsewhere.

use tiny_http::Method;

/// What a request says of itself.
#[derive(Debug, Default, Clone, Copy)]
pub struct Asking<'a> {
    /// `Host`.
    pub host: Option<&'a str>,
    /// `Origin`.
    pub origin: Option<&'a str>,
    /// `Sec-Fetch-Site`.
    pub site: Option<&'a str>,
    /// `Sec-Fetch-Mode`.
    pub mode: Option<&'a str>,
}

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It names another server.
    Host,
    /// Another site sent it.
    Origin,
    /// It would change something.
    Method,
}

/// Judges a request to the server at `port`.
///
/// # Errors
/// Why it is refused.
pub fn admit(method: &Method, asking: Asking<'_>, port: u16) -> Result<(), Refusal> {
    if !asking.host.is_some_and(|host| is_ours(host, port)) {
        return Err(Refusal::Host);
    }
    let own_origin = |origin: &str| origin.strip_prefix("http://").is_some_and(|host| is_ours(host, port));
    if asking.origin.is_some_and(|origin| !own_origin(origin)) {
        return Err(Refusal::Origin);
    }
    // A link from elsewhere to a page is fine; what a page from elsewhere would load is not.
    let elsewhere = asking.site.is_some_and(|site| !matches!(site, "same-origin" | "none"));
    if elsewhere && asking.mode.is_some_and(|mode| mode != "navigate") {
        return Err(Refusal::Origin);
    }
    if !matches!(method, Method::Get | Method::Head) {
        return Err(Refusal::Method);
    }
    Ok(())
}

fn is_ours(host: &str, port: u16) -> bool {
    let host = host.trim().to_ascii_lowercase();
    let name = match host.strip_suffix(&format!(":{port}")) {
        Some(name) => name,
        // The port of HTTP is not said.
        None if port == 80 => host.as_str(),
        None => return false,
    };
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(host: &str, origin: Option<&str>) -> Result<(), Refusal> {
        admit(&Method::Get, Asking { host: Some(host), origin, ..Asking::default() }, 3000)
    }

    #[test]
    fn only_this_machine_is_named() {
        for host in ["localhost:3000", "127.0.0.1:3000", "[::1]:3000", "LOCALHOST:3000"] {
            assert_eq!(judge(host, None), Ok(()), "{host}");
        }
        for host in [
            "evil.example:3000",
            "localhost",
            "localhost:3001",
            "localhost.evil.example:3000",
            "",
            "localhost:3000:3000",
        ] {
            assert_eq!(judge(host, None), Err(Refusal::Host), "{host}");
        }
        assert_eq!(admit(&Method::Get, Asking::default(), 3000), Err(Refusal::Host));
    }

    #[test]
    fn other_sites_load_nothing() {
        assert_eq!(judge("localhost:3000", Some("http://localhost:3000")), Ok(()));
        for origin in ["https://evil.example", "null", "http://localhost:3001", "https://localhost:3000"] {
            assert_eq!(judge("localhost:3000", Some(origin)), Err(Refusal::Origin), "{origin}");
        }
        let from = |site, mode| {
            let asking = Asking { host: Some("localhost:3000"), site: Some(site), mode: Some(mode), origin: None };
            admit(&Method::Get, asking, 3000)
        };
        assert_eq!(from("cross-site", "navigate"), Ok(()));
        assert_eq!(from("cross-site", "no-cors"), Err(Refusal::Origin));
        assert_eq!(from("same-site", "cors"), Err(Refusal::Origin));
        assert_eq!(from("same-origin", "no-cors"), Ok(()));
    }
}
