//! Every file below `tests/sites/` is one site and what must become of it; `tests/sites/README.md` describes the format.
//!
//! `UNSTICK_REWRITE=1 cargo test --test sites` writes what came out in the place of what was expected.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use unstick::Site;
use unstick::diagnostics::{self, ALL};
use unstick::link::{Drafts, HintTarget, Settings, Target};
use unstick::parse::parts::PartKind;
use unstick::render::highlight::{Highlighted, Highlighter};
use unstick::render::messages::Messages;
use unstick::render::theme::Theme;
use unstick::render::{Made, Maker, fill};
use unstick::report::Positions;
use unstick::source::Options;

/// A test file: what it says about itself, and its sections by name.
struct Case {
    intro: String,
    sections: Vec<(String, String)>,
}

impl Case {
    fn parse(text: &str) -> Case {
        let mut case = Case { intro: String::new(), sections: Vec::new() };
        for line in text.split_inclusive('\n') {
            let name = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
            match (name, case.sections.last_mut()) {
                (Some(name), _) => case.sections.push((name.to_owned(), String::new())),
                (None, Some((_, body))) => body.push_str(line),
                (None, None) => case.intro.push_str(line),
            }
        }
        case
    }

    fn print(&self) -> String {
        let mut text = self.intro.clone();
        for (name, body) in &self.sections {
            write!(text, "-- {name} --\n{body}").unwrap();
        }
        text
    }

    /// The value of a line such as `today: 2026-10-01` before the first section.
    fn setting(&self, name: &str) -> Option<&str> {
        self.intro.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// Writes the files of a case below `root`; false when this system cannot hold them.
fn write_files(case: &Case, root: &Path) -> bool {
    for (name, body) in &case.sections {
        if name.starts_with("expect: ") {
            continue;
        }
        let (path, how) = match name.strip_suffix(')').and_then(|name| name.split_once(" (")) {
            Some((path, how)) => (path, how),
            None => (name.as_str(), ""),
        };
        let body = match how.strip_suffix(" times") {
            Some(number) => body.repeat(number.parse().unwrap()).into_bytes(),
            None if how == "escaped" => unescape(body),
            None => body.clone().into_bytes(),
        };
        if let Some((path, target)) = path.split_once(" -> ") {
            if !link(target, &root.join(path)) {
                return false;
            }
            continue;
        }
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if fs::write(path, body).is_err() {
            return false;
        }
    }
    true
}

#[cfg(unix)]
fn link(target: &str, path: &Path) -> bool {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::os::unix::fs::symlink(target, path).is_ok()
}

#[cfg(not(unix))]
fn link(_: &str, _: &Path) -> bool {
    false
}

/// `\r`, `\n`, `\t`, `\\` and `\x80` stand for bytes; line ends do not count.
fn unescape(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes().filter(|byte| *byte != b'\n');
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next() {
            Some(b'r') => bytes.push(b'\r'),
            Some(b'n') => bytes.push(b'\n'),
            Some(b't') => bytes.push(b'\t'),
            Some(b'x') => {
                let hex = [rest.next().unwrap(), rest.next().unwrap()];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&hex).unwrap(), 16).unwrap());
            }
            Some(other) => bytes.push(other),
            None => {}
        }
    }
    bytes
}

/// A built site, held in memory.
struct Built {
    site: Site,
    outputs: Vec<(String, Option<Vec<u8>>)>,
    diagnostics: Vec<diagnostics::Diagnostic>,
}

fn build(case: &Case, root: &Path) -> Built {
    let settings = Settings {
        drafts: if case.setting("drafts") == Some("included") { Drafts::Included } else { Drafts::LeftOut },
        today: case.setting("today").unwrap_or("2026-11-20").parse().unwrap(),
    };
    let options = Options {
        config: None,
        base_url: case.setting("base_url").map(str::to_owned),
        inbound: case.setting("inbound").map(|path| root.join(path)).into_iter().collect(),
    };
    let site = unstick::site(root, &options, settings).unwrap();
    let mut found = site.diagnostics.clone();
    let mut outputs = Vec::new();
    if let Some(theme) = Theme::load(&site.sources, &mut found) {
        let highlighter = Highlighter::default();
        let maker = Maker::new(&site, &theme, &highlighter);
        for output in &site.plan.outputs {
            let made = match maker.make(output) {
                Ok((Made::Bytes(bytes), _)) => Some(bytes.into_owned()),
                Ok((Made::Stream(write), _)) => {
                    let mut bytes = Vec::new();
                    write(&mut bytes).unwrap();
                    Some(bytes)
                }
                Ok((Made::Copy(from), _)) => Some(fs::read(from).unwrap()),
                Err(mistake) => {
                    found.push(*mistake);
                    None
                }
            };
            outputs.push((output.path.clone(), made));
        }
    }
    diagnostics::sort(&mut found, |file| site.sources.path(file));
    Built { site, outputs, diagnostics: found }
}

/// What a section `expect: WHAT` is to hold.
fn outcome(built: &Built, root: &Path, what: &str) -> String {
    let (kind, of) = what.split_once(' ').unwrap_or((what, ""));
    let mut text = match kind {
        "diagnostics" => found(built, root),
        "entries" => entries(&built.site),
        "tree" => tree(&built.site, 0, 0),
        "links" => links(&built.site),
        "outputs" => {
            let own = built.outputs.iter().filter(|(path, _)| !path.starts_with("unstick/"));
            own.map(|(path, _)| format!("{path}\n")).collect()
        }
        "body" => {
            let page = built.site.parsed.pages.iter().position(|page| page.path == of);
            match page {
                Some(page) => fill::body(
                    &built.site,
                    page,
                    &messages(&built.site, page),
                    &Highlighter::default(),
                    &mut Highlighted::default(),
                ),
                None => "there is no such page\n".into(),
            }
        }
        "file" => match built.outputs.iter().find(|(path, _)| path == of) {
            Some((_, Some(bytes))) => String::from_utf8_lossy(bytes).into_owned(),
            Some((_, None)) => "could not be made\n".into(),
            None => "there is no such file\n".into(),
        },
        _ => panic!("no outcome is called {kind}"),
    };
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text
}

fn found(built: &Built, root: &Path) -> String {
    let mut positions = Positions::new(&built.site.sources);
    let root = format!("{}/", unstick::source::slashes(root));
    let mut show = |place: &diagnostics::Place| positions.of(place).to_string().replace(&root, "");
    let mut text = String::new();
    for one in &built.diagnostics {
        let end = match &one.place {
            diagnostics::Place::Span(span) => format!("+{}", span.end - span.start),
            _ => String::new(),
        };
        let (severity, rule) = (one.severity.word(), one.rule.name);
        writeln!(text, "{}{end}: {severity}[{rule}] {}", show(&one.place), one.message).unwrap();
        for related in &one.related {
            writeln!(text, "    {}: {}", show(&related.place), related.message).unwrap();
        }
        if let Some(help) = &one.help {
            writeln!(text, "    help: {help}").unwrap();
        }
    }
    text
}

fn entries(site: &Site) -> String {
    let mut text = String::new();
    for number in site.linked.pages() {
        let page = &site.parsed.pages[number];
        for (entry, state) in page.entries.iter().zip(&site.linked.states[number]) {
            let Some(state) = state else { continue };
            let (id, spelling, question) = (&entry.id, entry.spelling.name(), &entry.question);
            writeln!(text, "{}#{id} {spelling} {}: {question}", page.path, state.state.name()).unwrap();
            if let Some(reason) = state.reason {
                writeln!(text, "    because {reason}").unwrap();
            }
            for message in &entry.messages {
                let code = message.code.as_deref().unwrap_or("-");
                writeln!(text, "    message {code} {:?}", message.text).unwrap();
            }
            for part in &entry.parts {
                if part.kind == PartKind::Answer && entry.parts.len() == 1 {
                    continue;
                }
                let number = part.number.map(|number| format!(" {number}")).unwrap_or_default();
                let words = &page.text[part.text.start as usize..part.text.end as usize];
                let words: String = words.trim().chars().take(40).collect();
                writeln!(text, "    {}{number} {:?}: {words:?}", part.kind.name(), part.title).unwrap();
            }
        }
    }
    text
}

fn tree(site: &Site, node: usize, depth: usize) -> String {
    let node = &site.linked.tree.nodes[node];
    let mut text = format!("{}{} {}\n", "  ".repeat(depth), node.url, node.title);
    for child in &node.children {
        text.push_str(&tree(site, *child, depth + 1));
    }
    text
}

fn links(site: &Site) -> String {
    let mut text = String::new();
    let show = |target: &Target| match target {
        Target::Page { node, fragment } => {
            let fragment = fragment.as_ref().map(|fragment| format!("#{fragment}")).unwrap_or_default();
            format!("{}{fragment}", site.linked.tree.nodes[*node].url)
        }
        Target::Asset { output, suffix } => format!("file {output}{suffix}"),
        Target::External(address) => format!("outside {address}"),
        Target::Object { inventory, object } => {
            let (all, title) = (&site.linked.inventories, site.linked.inventories.title(*inventory, *object));
            format!("{} {title:?} {}", all.all[*inventory].name, all.address(*inventory, *object))
        }
        Target::Text => "words".into(),
        Target::Broken(why) => format!("broken: {why}"),
    };
    for number in site.linked.pages() {
        let page = &site.parsed.pages[number];
        for (link, target) in page.links.iter().zip(&site.linked.resolved[number].targets) {
            writeln!(text, "{}: {:?} -> {}", page.path, link.address, show(target)).unwrap();
        }
        for (hint, target) in page.hints.iter().zip(&site.linked.resolved[number].hints) {
            let target = match target {
                HintTarget::Found(target, title) => format!("{} {title:?}", show(target)),
                HintTarget::Pending => "still to come".into(),
            };
            writeln!(text, "{}: hint {:?} -> {target}", page.path, hint.phrase).unwrap();
        }
    }
    text
}

fn case_files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites");
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    files
}

/// Runs one case; what differs, if anything.
fn run(path: &Path, rewrite: bool) -> Option<String> {
    let text = fs::read_to_string(path).unwrap();
    let case = Case::parse(&text);
    let root = tempfile::tempdir().unwrap();
    if !write_files(&case, root.path()) {
        eprintln!("{}: this system cannot hold the files of this case", path.display());
        return None;
    }
    let built = build(&case, root.path());
    let mut actual = Case { intro: case.intro.clone(), sections: Vec::new() };
    for (name, body) in &case.sections {
        let body = match name.strip_prefix("expect: ") {
            Some(what) => outcome(&built, root.path(), what),
            None => body.clone(),
        };
        actual.sections.push((name.clone(), body));
    }
    // Whatever a case is about, it says what is wrong with its site.
    if !case.sections.iter().any(|(name, _)| name == "expect: diagnostics") && !built.diagnostics.is_empty() {
        actual.sections.push(("expect: diagnostics".into(), outcome(&built, root.path(), "diagnostics")));
    }
    let actual = actual.print();
    if actual == text {
        return None;
    }
    if rewrite {
        fs::write(path, actual).unwrap();
        return None;
    }
    let mut difference = format!("{}:\n", path.display());
    for change in similar::TextDiff::from_lines(&text, &actual).iter_all_changes() {
        if change.tag() != similar::ChangeTag::Equal {
            write!(difference, "{}{change}", change.tag()).unwrap();
        }
    }
    Some(difference)
}

#[test]
fn sites_become_what_is_expected() {
    let files = case_files();
    assert!(files.len() > 10, "the cases are not where they should be");
    let rewrite = std::env::var_os("UNSTICK_REWRITE").is_some();
    let differences: Vec<String> = files.par_iter().filter_map(|path| run(path, rewrite)).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Rules that no site breaks by itself: they are found by asking other machines.
const ELSEWHERE: &[&str] = &["broken-external-link", "unreachable-external-link", "moved-external-link"];

#[test]
fn every_rule_has_a_case() {
    // What takes other machines has its cases in tests/external.rs, with a server.
    let mut named: BTreeSet<&str> = ELSEWHERE.iter().copied().collect();
    for path in case_files() {
        let case = Case::parse(&fs::read_to_string(path).unwrap());
        let expected = case.sections.iter().filter(|(name, _)| name == "expect: diagnostics");
        for rule in ALL {
            let name = format!("[{}]", rule.name);
            named.extend(expected.clone().any(|(_, body)| body.contains(&name)).then_some(rule.name));
        }
    }
    let missing: Vec<&str> = ALL.iter().map(|rule| rule.name).filter(|name| !named.contains(name)).collect();
    assert_eq!(missing, [""; 0]);
}

/// What the theme says in the body of a page.
fn messages(site: &Site, page: usize) -> Messages {
    let own = site.parsed.pages[page].matter.language.as_deref();
    Messages::of(&site.sources, own.unwrap_or(&site.sources.config.language))
}
