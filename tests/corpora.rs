//! Knowledge bases of a real size: the one in `content/`, the manual, and those that others wrote, where they are at hand.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use unstick::Site;
use unstick::diagnostics::{Place, Severity};
use unstick::link::{Drafts, HintTarget, Settings, State};
use unstick::parse::Spelling;
use unstick::parse::parts::PartKind;
use unstick::source::Options;

fn site(root: &Path) -> Site {
    let settings = Settings { drafts: Drafts::LeftOut, today: "2026-11-20".parse().unwrap() };
    unstick::site(root, &Options::default(), settings).unwrap()
}

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A file or folder beside the repository; its tests are skipped where it is not.
fn shared(path: &str) -> Option<PathBuf> {
    let path = repository().parent()?.join("shared").join(path);
    if !path.exists() {
        eprintln!("skipped: {} is not here", path.display());
        return None;
    }
    Some(path)
}

fn states(site: &Site) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for state in site.linked.pages().flat_map(|page| &site.linked.states[page]).flatten() {
        *counts.entry(state.state.name()).or_default() += 1;
    }
    counts
}

fn rules(site: &Site, least: Severity) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for found in site.diagnostics.iter().filter(|found| found.severity <= least) {
        *counts.entry(found.rule.name).or_default() += 1;
    }
    counts
}

#[test]
fn our_own_knowledge_base_has_no_hole() {
    let site = site(repository());
    assert_eq!(rules(&site, Severity::Warning), BTreeMap::new());
    let states = states(&site);
    assert_eq!(states.keys().collect::<Vec<_>>(), [&"answered"]);
    assert!(states["answered"] >= 60, "{states:?}");
}

#[test]
fn the_manual_has_no_hole() {
    let site = site(&repository().join("docs"));
    assert_eq!(rules(&site, Severity::Warning), BTreeMap::new());
    assert_eq!(states(&site).keys().collect::<Vec<_>>(), [&"answered"]);
}

/// The manual shows how a diagram is written, and then the diagram.
#[test]
fn the_diagrams_of_the_manual_are_those_that_it_shows() {
    let manual = repository().join("docs");
    let text = std::fs::read_to_string(manual.join("markdown.md")).unwrap();
    let shown: Vec<&str> =
        text.split("````markdown\n").skip(1).filter_map(|rest| rest.split("\n````").next()).collect();
    let shown: Vec<&str> =
        shown.into_iter().filter(|code| code.starts_with("```mermaid") || code.starts_with("```dot")).collect();
    assert_eq!(shown.len(), 3);
    let site = site(&manual);
    let page = site.parsed.pages.iter().find(|page| page.path == "markdown.md").unwrap();
    let drawn: Vec<&str> = page
        .code
        .iter()
        .filter(|block| matches!(block.diagram.as_deref(), Some(Ok(_))))
        .map(|block| block.code.as_str())
        .collect();
    let code: Vec<&str> = shown.iter().map(|code| code.split_once('\n').unwrap().1.trim_end_matches("```")).collect();
    assert_eq!(drawn, code);
    assert!(!rules(&site, Severity::Note).contains_key("undrawn-diagram"));
}

#[test]
fn the_draft_page_shows_its_holes() {
    let Some(draft) = shared("offline-troubleshooting-draft.md") else { return };
    let root = tempfile::tempdir().unwrap();
    std::fs::copy(draft, root.path().join("page.md")).unwrap();
    let site = site(root.path());
    let page = &site.parsed.pages[0];
    let sections: Vec<_> = page.toc.iter().filter(|line| line.entry.is_none()).collect();
    assert_eq!(sections.len(), 4, "{sections:?}");
    assert_eq!(page.entries.len(), 18);
    assert_eq!(page.entries.iter().filter(|entry| entry.has_answer).count(), 5);
    assert!(page.entries.iter().all(|entry| entry.spelling == Spelling::Outline));
    let text = site.sources.text(page.file);
    let hints: Vec<(usize, &str)> =
        page.hints.iter().map(|hint| (site.sources.line(hint.span), &text[hint.span.range()])).collect();
    let expected = [
        (14, "Link to the Synchronization customization docs"),
        (16, "link to the related pattern doc"),
        (27, "link to the sync failures"),
        (37, "Give link to OTA resources"),
        (41, "Link to the pattern docs"),
    ];
    assert_eq!(hints, expected);
    // Answers whose links are still to come are drafts.
    assert_eq!(states(&site), BTreeMap::from([("answered", 1), ("draft", 4), ("unanswered", 13)]));
    let warnings = BTreeMap::from([("unknown-parent", 1), ("unresolved-link-hint", 5)]);
    assert_eq!(rules(&site, Severity::Warning), warnings);
}

/// Copies a folder.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, target).unwrap();
        }
    }
}

#[test]
fn four_lines_resolve_the_hints_of_the_draft_page() {
    let Some(draft) = shared("offline-troubleshooting-draft.md") else { return };
    let root = tempfile::tempdir().unwrap();
    copy(&repository().join("content"), &root.path().join("content"));
    // In the place of what became of it.
    std::fs::copy(draft, root.path().join("content/offline/troubleshooting.md")).unwrap();
    let table = "links:
  Synchronization customization docs: offline/synchronization.md
  related pattern doc: patterns/incremental-synchronization.md
  OTA resources: /over-the-air-updates/
  pattern docs: patterns/sessions-and-inactivity.md
";
    std::fs::write(root.path().join("unstick.yaml"), table).unwrap();
    let site = site(root.path());
    let number = site.parsed.pages.iter().position(|page| page.path == "offline/troubleshooting.md").unwrap();
    let found: Vec<&str> = site.linked.resolved[number]
        .hints
        .iter()
        .map(|hint| match hint {
            HintTarget::Found(_, title) => title.as_str(),
            HintTarget::Pending => "still to come",
        })
        .collect();
    // The third by the page's own `link_names`.
    let expected = [
        "How synchronization works",
        "Incremental synchronization",
        "Synchronization failures",
        "Over-the-air updates",
        "Sessions and inactivity",
    ];
    assert_eq!(found, expected);
    assert!(!rules(&site, Severity::Warning).contains_key("unresolved-link-hint"));
}

#[test]
fn runbooks_are_articles() {
    let Some(root) = shared("corpora/prometheus-runbooks") else { return };
    let site = site(&root);
    let usual = [PartKind::Cause, PartKind::Impact, PartKind::Diagnosis, PartKind::Resolution];
    let mut alerts = 0;
    for page in &site.parsed.pages {
        let headings = ["Meaning", "Impact", "Diagnosis", "Mitigation"];
        if !headings.iter().all(|name| page.toc.iter().any(|line| line.text == *name)) {
            continue;
        }
        alerts += 1;
        assert_eq!(page.entries.len(), 1, "{}", page.path);
        let entry = &page.entries[0];
        assert_eq!(entry.spelling, Spelling::Article, "{}", page.path);
        for kind in usual {
            assert!(entry.parts.iter().any(|part| part.kind == kind), "{}: {kind:?}", page.path);
        }
    }
    assert_eq!((site.linked.pages().count(), alerts), (119, 103));
    assert_eq!(states(&site), BTreeMap::from([("answered", 93), ("draft", 17)]));
    let found = BTreeMap::from([("outside-address", 7), ("undefined-reference", 7), ("unknown-shortcode", 7)]);
    assert_eq!(rules(&site, Severity::Warning), found);
}

#[test]
fn support_articles_are_entries() {
    let Some(root) = shared("corpora/officedocs-support") else { return };
    let site = site(&root);
    let entries = |number: usize| site.linked.states[number].iter().flatten().count();
    let without: Vec<&str> = site
        .linked
        .pages()
        .filter(|page| entries(*page) == 0)
        .map(|page| site.parsed.pages[page].path.as_str())
        .collect();
    let several = site.linked.pages().filter(|page| entries(*page) > 1).count();
    assert_eq!((site.linked.pages().count(), without, several), (2448, vec![], 35));
    let expected = BTreeMap::from([("answered", 2545), ("draft", 1), ("unanswered", 36)]);
    assert_eq!(states(&site), expected);
    // The pictures, and the pages of other repositories that are linked by their address, are not part of the corpus.
    let found = BTreeMap::from([
        ("broken-link", 119),
        ("empty-link", 1),
        ("missing-asset", 2081),
        ("outside-address", 3154),
        ("similar-question", 15),
        ("undefined-reference", 9),
        ("unknown-field", 3),
        ("wrong-case", 1),
        ("wrong-type", 1),
    ]);
    assert_eq!(rules(&site, Severity::Warning), found);
    // Nothing of the notation of the sources leaks into a page.
    let mut leaks = Vec::new();
    for page in &site.parsed.pages {
        let lines = page.text.lines().filter(|line| line.trim_start().starts_with(":::") || line.contains("[!INCLUDE"));
        leaks.extend(lines.map(|line| format!("{}: {line}", page.path)));
    }
    assert_eq!(leaks, Vec::<String>::new());
    let places = site.diagnostics.iter().filter(|found| matches!(found.place, Place::Span(_))).count();
    assert!(places * 100 > site.diagnostics.len() * 99);
    assert!(site.linked.states.iter().flatten().flatten().any(|state| state.state == State::Unanswered));
}
