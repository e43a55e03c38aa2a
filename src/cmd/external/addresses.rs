//! The addresses on other sites, each with the places that name it.
//!
//! In steps: take every link, and every note that has become a link, of published pages; keep http and https; bring the address
//! into the form in which it is asked for, without its fragment; leave out what the configuration ignores, what is below the
//! address of this site, and names that are on no network.

use std::collections::{BTreeMap, BTreeSet};

use url::{Host, Url};

use super::visit::Verdict;
use crate::Site;
use crate::diagnostics::Span;
use crate::link::inventories::is_like;
use crate::link::{HintTarget, Target};
use crate::parse::Link;

/// A place that names an address.
#[derive(Debug)]
pub struct Mention<'a> {
    /// Where it is.
    pub span: Span,
    /// The address there, with its fragment.
    pub address: String,
    /// The link there; `None` for a note.
    pub link: Option<&'a Link>,
}

/// An address that is asked for once, wherever it is named.
#[derive(Debug)]
pub struct Address<'a> {
    /// What is asked for, or what can be said without asking.
    pub url: Result<Url, Verdict>,
    /// Where it is named, in the order of the pages.
    pub mentions: Vec<Mention<'a>>,
}

/// All addresses of a site.
#[derive(Debug, Default)]
pub struct Addresses<'a> {
    /// By the form in which they are asked for.
    pub found: BTreeMap<String, Address<'a>>,
    /// How many are never asked for.
    pub left_out: usize,
}

impl<'a> Addresses<'a> {
    /// The addresses of all pages of `site`, or of those in the files `only`.
    pub fn of(site: &'a Site, only: Option<&BTreeSet<String>>) -> Addresses<'a> {
        let mut all: BTreeMap<String, Vec<Mention<'a>>> = BTreeMap::new();
        let mut add = |target: &Target, span: Span, link: Option<&'a Link>| {
            let address = match target {
                Target::External(address) => address.clone(),
                Target::Object { inventory, object } => site.linked.inventories.address(*inventory, *object),
                _ => return,
            };
            // What an included file links to stands there, and is no business of the page.
            if is_http(&address) && only.is_none_or(|only| only.contains(site.sources.path(span.file))) {
                let (bare, _) = address.split_once('#').unwrap_or((&address, ""));
                let name = Url::parse(bare).map_or_else(|_| bare.to_owned(), String::from);
                all.entry(name).or_default().push(Mention { span, address, link });
            }
        };
        for page in site.linked.pages() {
            let (parsed, linked) = (&site.parsed.pages[page], &site.linked);
            for (link, target) in parsed.links.iter().zip(&linked.resolved[page].targets) {
                add(target, link.span, Some(link));
            }
            for (hint, target) in parsed.hints.iter().zip(&linked.resolved[page].hints) {
                if let HintTarget::Found(target, _) = target {
                    add(target, hint.span, None);
                }
            }
        }
        let config = &site.sources.config;
        let is_ignored = |name: &str| {
            config.external_ignore.iter().any(|pattern| is_like(pattern, name))
                || config.base_url.as_deref().is_some_and(|own| name.starts_with(own))
        };
        let mut addresses = Addresses::default();
        for (name, mentions) in all {
            let url = understood(&name);
            if is_ignored(&name) || url.as_ref().is_ok_and(is_on_no_network) {
                addresses.left_out += 1;
            } else {
                addresses.found.insert(name, Address { url, mentions });
            }
        }
        addresses
    }
}

fn is_http(address: &str) -> bool {
    crate::link::address::scheme(address).is_some_and(|scheme| matches!(scheme.as_str(), "http" | "https"))
}

/// What is to be asked for, or why that cannot be done.
pub fn understood(name: &str) -> Result<Url, Verdict> {
    let url = Url::parse(name).map_err(|error| Verdict::broken(format!("is no address: {error}")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(Verdict::broken("is no address of a web page"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Verdict::unreachable("was not checked, since it holds the name or the password of somebody"));
    }
    Ok(url)
}

/// Is the host one that stands for no machine, or for that of the reader?
///
/// Names that are reserved for documents and tests: RFC 2606 and RFC 6761.
fn is_on_no_network(url: &Url) -> bool {
    let Some(Host::Domain(domain)) = url.host() else {
        return false;
    };
    let mut labels = domain.trim_end_matches('.').rsplit('.');
    matches!(
        (labels.next(), labels.next()),
        (Some("example" | "test" | "invalid" | "localhost"), _) | (Some("com" | "net" | "org"), Some("example"))
    )
}

/// Is it an address of the machine itself, whatever machine that is?
pub fn is_own_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback() || ip.is_unspecified(),
        Some(Host::Ipv6(ip)) => ip.is_loopback() || ip.is_unspecified(),
        Some(Host::Domain(domain)) => domain.trim_end_matches('.').rsplit('.').next() == Some("localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_for_documents_are_on_no_network() {
        let is_left_out = |address: &str| is_on_no_network(&Url::parse(address).expect("an address"));
        for address in [
            "https://example.com/x",
            "https://help.EXAMPLE.org",
            "http://printer.test:8080/",
            "http://a.invalid./",
            "http://localhost:3000",
        ] {
            assert!(is_left_out(address), "{address}");
        }
        for address in ["https://example.de/", "https://myexample.com/", "http://127.0.0.1/", "https://test.org/"] {
            assert!(!is_left_out(address), "{address}");
        }
    }

    #[test]
    fn what_cannot_be_asked_for_is_said_without_asking() {
        assert!(matches!(understood("https://me:secret@host.org/"), Err(Verdict::Unreachable { .. })));
        assert!(matches!(understood("https://me@host.org/"), Err(Verdict::Unreachable { .. })));
        assert!(matches!(understood("https://host.org:99999/"), Err(Verdict::Broken { .. })));
        assert!(matches!(understood("file:///etc/passwd"), Err(Verdict::Broken { .. })));
        assert!(understood("https://host.org/~me?a=b").is_ok());
    }
}
