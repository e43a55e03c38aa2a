//! `unstick check --external`: asks whether the addresses on other sites are there.
//!
//! In steps: list the addresses of published pages with their places (`addresses`); leave out those that were found good a few
//! days ago (`memory`); ask for the others, a few at a time and politely (`queue`, which makes one request after another of
//! each `visit` through the `client`); remember the good ones; report the others, at each place.
//!
//! Only this module speaks with other machines, and only for this flag. What it finds is a matter of the day, so no stage
//! may know of it, and nothing that is built depends on it.

mod addresses;
mod client;
mod memory;
mod queue;
mod visit;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::{Duration, Instant, SystemTime};

use super::progress::Progress;
use crate::diagnostics::{Diagnostic, Sink, rule};
use crate::link::repair;
use crate::source::{self, Failure};
use crate::{Site, write};
use addresses::{Address, Addresses, Mention};
use client::Client;
use memory::Memory;
use visit::{Verdict, Visit};

/// How other machines are treated, and for how long they are waited for.
#[derive(Debug, Clone)]
pub struct Manners {
    /// The most requests to one host at a time.
    pub per_host: usize,
    /// The most requests at a time.
    pub at_once: usize,
    /// How often an address is asked for before it counts as unreachable.
    pub tries: u32,
    /// The pause before the second try; each further one is three times as long.
    pub pause: Duration,
    /// The longest pause that a server may ask for with `Retry-After`.
    pub longest_pause: Duration,
    /// The time for a connection.
    pub connect: Duration,
    /// The time for a whole request.
    pub request: Duration,
    /// The time for all requests. What was not asked for by then is reported as not checked.
    pub run: Duration,
    /// For how long a good address is not asked for again.
    pub good_for: Duration,
}

impl Default for Manners {
    fn default() -> Manners {
        Manners {
            per_host: 2,
            at_once: 16,
            tries: 3,
            pause: Duration::from_secs(1),
            longest_pause: Duration::from_secs(60),
            connect: Duration::from_secs(10),
            request: Duration::from_secs(20),
            run: Duration::from_secs(15 * 60),
            good_for: Duration::from_secs(7 * 24 * 60 * 60),
        }
    }
}

/// What a run did, beside what it found.
#[derive(Debug, Default)]
pub struct Report {
    /// Addresses that were asked for.
    pub asked: usize,
    /// Addresses that were good the last time, not long ago.
    pub remembered: usize,
    /// Addresses that are not asked for.
    pub left_out: usize,
    /// Why the good addresses could not be remembered.
    pub not_kept: Option<Failure>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = if self.asked == 1 { "" } else { "es" };
        write!(f, ", {} address{s} asked", self.asked)?;
        if self.remembered > 0 {
            write!(f, ", {} remembered", self.remembered)?;
        }
        if self.left_out > 0 {
            write!(f, ", {} left out", self.left_out)?;
        }
        Ok(())
    }
}

/// Asks for the outside addresses of `site`, of all its pages or of the files `only`, and reports into `sink` which are not
/// there. What authors allow is not reported. Nothing is asked when the configuration, which may forbid it, is not understood.
pub fn check(site: &Site, only: Option<&BTreeSet<String>>, manners: &Manners, sink: &mut Sink) -> Report {
    if site.sources.diagnostics.iter().any(|known| known.rule.name == rule::INVALID_CONFIG.name) {
        return Report::default();
    }
    let now = SystemTime::now();
    let Addresses { found, left_out } = Addresses::of(site, only);
    let root = &site.sources.root;
    let mut memory = Memory::read(source::cached(root, source::EXTERNAL_CACHE).as_deref(), now, manners.good_for);
    let mut report = Report { left_out, ..Report::default() };
    let mut verdicts: BTreeMap<&str, Verdict> = BTreeMap::new();
    let mut visits = Vec::new();
    for (name, address) in &found {
        match &address.url {
            Err(verdict) => drop(verdicts.insert(name, verdict.clone())),
            Ok(url) => match memory.recall(name) {
                Some(moved) => {
                    report.remembered += 1;
                    verdicts.insert(name, Verdict::Good { moved });
                }
                None => visits.push(Visit::new(name, url.clone())),
            },
        }
    }
    report.asked = visits.len();
    if !visits.is_empty() {
        let progress = Progress::new(visits.len(), "addresses", Instant::now());
        let client = Client::new(manners);
        let given = queue::run(visits, manners, &|method, url| client.ask(method, url), &|| progress.step());
        progress.finish();
        for (name, verdict) in given {
            if let Verdict::Good { moved } = &verdict {
                memory.keep(name, moved.as_deref(), now);
            }
            verdicts.insert(name, verdict);
        }
        report.not_kept = write::cache(root, source::EXTERNAL_CACHE, &memory.bytes()).err();
    }
    let mut diagnostics = Sink::new();
    for (name, verdict) in &verdicts {
        diagnostics.extend(found.get(*name).into_iter().flat_map(|address| told(site, address, verdict)));
    }
    sink.append(&mut crate::admitted(diagnostics, site));
    report
}

/// What is to be said at each place of an address.
fn told(site: &Site, address: &Address<'_>, verdict: &Verdict) -> Vec<Diagnostic> {
    address.mentions.iter().filter_map(|mention| at(site, mention, verdict)).collect()
}

fn at(site: &Site, mention: &Mention<'_>, verdict: &Verdict) -> Option<Diagnostic> {
    let Mention { span, address, link } = mention;
    match verdict {
        Verdict::Good { moved: None } => None,
        Verdict::Good { moved: Some(now) } => {
            // A place on the page is wanted still, unless the server names another.
            let fragment = address.split_once('#').filter(|_| !now.contains('#'));
            let now = fragment.map_or_else(|| now.clone(), |(_, fragment)| format!("{now}#{fragment}"));
            let message = format!("`{address}` has moved for good to `{now}`");
            let mut diagnostic = Diagnostic::at(&rule::MOVED_EXTERNAL_LINK, *span, message);
            diagnostic.fix = link.and_then(|link| repair::outside_address(&site.sources, link, &now));
            let help = if diagnostic.fix.is_some() { "`unstick fix --external` writes it" } else { "link there" };
            Some(diagnostic.help(help))
        }
        Verdict::Broken { why, help } => {
            let diagnostic = Diagnostic::at(&rule::BROKEN_EXTERNAL_LINK, *span, format!("`{address}` {why}"));
            Some(match help {
                Some(help) => diagnostic.help(*help),
                None => diagnostic,
            })
        }
        Verdict::Unreachable { why } => {
            let message = format!("`{address}` {why}");
            Some(Diagnostic::at(&rule::UNREACHABLE_EXTERNAL_LINK, *span, message))
        }
    }
}
