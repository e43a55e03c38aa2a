//! Templates: each can be overridden by itself, copies of all make the same pages, and the manual's example is true.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use unstick::Site;
use unstick::cmd::theme::{There, Wanted, eject};
use unstick::default_theme::{STATIC, TEMPLATES};
use unstick::link::{Drafts, Settings};
use unstick::plan::Recipe;
use unstick::render::highlight::Highlighter;
use unstick::render::theme::Theme;
use unstick::render::{Made, Maker};
use unstick::source::Options;

/// A site that takes every template.
const FILES: &[(&str, &str)] = &[
    ("unstick.yaml", "title: Desk\ntheme:\n  logo: logo.svg\n"),
    ("static/logo.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ("content/_index.md", "---\ntitle: Desk\n---\nHello\n"),
    ("content/printers/_index.md", "---\ntitle: Printers\n---\nAll about printers.\n"),
    (
        "content/printers/paper.md",
        "---\ntitle: Paper\ntags: [paper]\nlastmod: 2026-10-01\n---\n## Why does it jam?\n\nThe tray is full.\n\n## Who buys paper?\n",
    ),
];

fn write(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn site(root: &Path) -> Site {
    let settings = Settings { drafts: Drafts::LeftOut, today: "2026-11-20".parse().unwrap() };
    unstick::site(root, &Options::default(), settings).unwrap()
}

/// The pages of a site by path.
fn pages(root: &Path) -> BTreeMap<String, String> {
    let site = site(root);
    let mut mistakes = site.diagnostics.clone();
    let theme = Theme::load(&site.sources, &mut mistakes);
    mistakes.retain(|mistake| mistake.severity == unstick::diagnostics::Severity::Error);
    assert!(mistakes.is_empty(), "{mistakes:?}");
    let (theme, highlighter) = (theme.unwrap(), Highlighter::default());
    let maker = Maker::new(&site, &theme, &highlighter);
    let pages = site.plan.outputs.iter().filter(|output| output.recipe.is_page());
    let made = pages.map(|output| match maker.make(output).unwrap().0 {
        Made::Bytes(bytes) => (output.path.clone(), String::from_utf8(bytes.into_owned()).unwrap()),
        Made::Stream(_) | Made::Copy(_) => panic!("{} is a page", output.path),
    });
    made.collect()
}

#[test]
fn every_template_can_be_overridden_by_itself() {
    const MARK: &str = "<p>It is ours.</p>";
    let templates = TEMPLATES.iter().filter(|(name, _)| name.ends_with(".html"));
    let mut parts = 0;
    for (name, bytes) in templates {
        let text = std::str::from_utf8(bytes).unwrap();
        let own = if name.starts_with("parts/") {
            parts += 1;
            format!("{MARK}{text}")
        } else {
            let at = if *name == "base.html" { "<body>" } else { "{% block content %}" };
            assert!(text.contains(at), "{name}");
            text.replacen(at, &format!("{at}{MARK}"), 1)
        };
        let root = tempfile::tempdir().unwrap();
        write(root.path(), FILES);
        write(root.path(), &[(&format!("templates/{name}"), &own)]);
        let pages = pages(root.path());
        let ours = pages.values().filter(|html| html.contains(MARK)).count();
        assert!(ours > 0, "{name} shows on no page");
        // Only the frame is on all pages.
        let everywhere = ["base.html", "parts/logo.html"].contains(name);
        assert_eq!(ours == pages.len(), everywhere, "{name} shows on {ours} of {} pages", pages.len());
    }
    assert!(parts > 3, "only {parts} parts");
}

#[test]
fn every_static_file_can_be_overridden() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), FILES);
    let own: Vec<(String, &str)> = STATIC.iter().map(|(path, _)| (format!("static/{path}"), "ours")).collect();
    let own: Vec<(&str, &str)> = own.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    write(root.path(), &own);
    let site = site(root.path());
    for (path, _) in STATIC {
        let output = site.plan.outputs.iter().find(|output| output.path == *path).unwrap();
        assert!(matches!(&output.recipe, Recipe::Copy(disk) if disk.ends_with(path)), "{path}");
    }
}

#[test]
fn static_files_that_are_the_themes_are_made_as_the_themes_are() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), FILES);
    for (path, bytes) in STATIC {
        let path = root.path().join("static").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let themes = || {
        let site = site(root.path());
        site.plan.outputs.iter().filter(|output| matches!(output.recipe, Recipe::Theme(_))).count()
    };
    // Those of other languages, too: somebody may link to a file of theirs.
    assert_eq!(themes(), STATIC.len());
    fs::write(root.path().join("static/unstick/theme.css"), "ours").unwrap();
    assert_eq!(themes(), STATIC.len() - 1);
}

#[test]
fn a_site_with_a_copy_of_the_whole_theme_is_the_same_site() {
    let root = tempfile::tempdir().unwrap();
    write(root.path(), FILES);
    let before = pages(root.path());
    eject(root.path(), &Wanted::Everything, There::Kept).unwrap();
    let copied = site(root.path()).sources.templates.len();
    assert_eq!(copied, TEMPLATES.len());
    let after = pages(root.path());
    for (path, html) in &before {
        assert_eq!(Some(html), after.get(path), "{path}");
    }
    assert_eq!(before.len(), after.len());
}

#[test]
fn the_example_of_the_manual_is_true() {
    let manual = include_str!("../docs/themes.md");
    let mut files: Vec<(&str, String)> = Vec::new();
    let mut lines = manual.lines();
    while let Some(line) = lines.next() {
        let Some(name) = line.strip_prefix("```").and_then(|info| info.split_once(" example=")).map(|(_, name)| name)
        else {
            continue;
        };
        let text = lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
        files.push((name, text));
    }
    let shown = files.iter().position(|(name, _)| *name == "output").map(|at| files.remove(at).1).unwrap();
    assert_eq!(files.len(), 4, "a template, a configuration and two pages: {files:?}");
    let root = tempfile::tempdir().unwrap();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    write(root.path(), &files);
    let pages = pages(root.path());
    let html = &pages["printers/index.html"];
    let block = html.split_once("<div class=\"page-body\">\n").unwrap().1.split_once("</div>\n</main>").unwrap().0;
    assert_eq!(block.trim_end(), shown.trim_end());
}
