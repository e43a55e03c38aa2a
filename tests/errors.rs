//! Every example in `docs/errors/` is wrong in the way that its page explains.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use unstick::diagnostics::{ALL, Rule};
use unstick::link::{Drafts, Settings};
use unstick::render::Maker;
use unstick::render::highlight::Highlighter;
use unstick::render::theme::Theme;
use unstick::source::Options;

/// Rules that no text file can break: it takes other files or, for the last three, other machines.
const WITHOUT_EXAMPLE: &[&str] = &[
    "not-utf8",
    "unreadable-file",
    "outside-root",
    "too-large",
    "unportable-name",
    "broken-external-link",
    "unreachable-external-link",
    "moved-external-link",
];

/// The files of a page's example fences: path and text.
fn examples(page: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let fence = line.len() - line.trim_start_matches('`').len();
        if fence < 3 {
            continue;
        }
        let path = line.split_whitespace().find_map(|word| match word {
            "example" => Some("content/page.md"),
            word => word.strip_prefix("example="),
        });
        let text: String =
            lines.by_ref().take_while(|line| *line != "`".repeat(fence)).map(|line| format!("{line}\n")).collect();
        files.extend(path.map(|path| (path.to_owned(), text)));
    }
    files
}

/// The names of the rules that a site breaks.
fn broken(root: &Path) -> Vec<&'static str> {
    let settings = Settings { drafts: Drafts::LeftOut, today: "2026-11-20".parse().unwrap() };
    let other = root.join("inbound/unstick-links.json");
    let options =
        Options { inbound: Some(other).filter(|path| path.exists()).into_iter().collect(), ..Options::default() };
    let site = unstick::site(root, &options, settings).unwrap();
    let mut found = site.diagnostics.clone();
    if let Some(theme) = Theme::load(&site.sources, &mut found) {
        let highlighter = Highlighter::default();
        let maker = Maker::new(&site, &theme, &highlighter);
        found.extend(
            site.plan.outputs.iter().filter_map(|output| maker.make(output).err()).map(|diagnostic| *diagnostic),
        );
    }
    found.into_iter().map(|diagnostic| diagnostic.rule.name).collect()
}

#[test]
fn every_example_breaks_its_rule() {
    let mut wrong = Vec::new();
    for Rule { name, page, .. } in ALL.iter().copied() {
        let files = examples(page);
        if files.is_empty() != WITHOUT_EXAMPLE.contains(name) {
            wrong.push(format!("{name}: {} example files", files.len()));
        }
        if files.is_empty() {
            continue;
        }
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("content")).unwrap();
        for (path, text) in &files {
            let file = root.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let found = broken(root.path());
        if !found.contains(name) {
            wrong.push(format!("{name}: the example breaks {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
