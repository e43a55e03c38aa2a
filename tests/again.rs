//! What is read, parsed and linked again after a change is what a new run would read, parse and link.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use unstick::link::again::Before;
use unstick::link::{self, Drafts, Linked, Resolved, Settings};
use unstick::parse::{self, Parsed};
use unstick::source::{Changes, Options, Sources};

/// A site as it was last read.
struct Kept {
    sources: Sources,
    parsed: Parsed,
    linked: Linked,
}

const SETTINGS: Settings = Settings { drafts: Drafts::LeftOut, today: jiff::civil::date(2026, 10, 1) };

fn fresh(root: &Path) -> Kept {
    let sources = Sources::read(root, &Options::default()).unwrap();
    let parsed = parse::parse(&sources, &sources.config);
    let linked = link::link(&sources, &parsed, SETTINGS);
    Kept { sources, parsed, linked }
}

/// Saves or, without a text, removes files, and reads the site again; gives how many pages were kept, and of how many
/// pages what their links lead to.
fn change(root: &Path, kept: &mut Kept, files: &[(&str, Option<&[u8]>)]) -> (usize, usize) {
    for (path, text) in files {
        let disk = root.join(path);
        match text {
            Some(text) => {
                fs::create_dir_all(disk.parent().unwrap()).unwrap();
                fs::write(disk, text).unwrap();
            }
            None if disk.is_dir() => fs::remove_dir_all(disk).unwrap(),
            None => fs::remove_file(disk).unwrap(),
        }
    }
    let changes = Changes::Paths(files.iter().map(|(path, _)| (*path).to_owned()).collect());
    let what = format!("{changes:?}");
    let sources = kept.sources.again(&Options::default(), &changes).unwrap().unwrap_or_else(|| kept.sources.clone());
    let parsed = parse::again(&kept.sources, &kept.parsed, &sources);
    let new = fresh(root);
    assert!(sources.is_same(&new.sources), "{what}");
    assert_eq!(format!("{:?}", sources.pages), format!("{:?}", new.sources.pages), "{what}");
    assert_eq!(format!("{:#?}", parsed.pages), format!("{:#?}", new.parsed.pages), "{what}");
    let before = Before { sources: &kept.sources, parsed: &kept.parsed, linked: &kept.linked };
    let linked = link::link_again(before, &sources, &parsed, SETTINGS);
    let told = |linked: &Linked| {
        let Linked { tree, resolved, states, tags, changes, around, redirects, assets, diagnostics, .. } = linked;
        format!(
            "{:#?}",
            (
                &tree.nodes,
                resolved,
                states,
                tags,
                changes,
                (around, redirects, assets, diagnostics.iter().collect::<Vec<_>>())
            )
        )
    };
    assert_eq!(told(&linked), told(&new.linked), "{what}");
    let is_kept = |page: &&Arc<parse::Page>| kept.parsed.pages.iter().any(|before| Arc::ptr_eq(before, page));
    let count = parsed.pages.iter().filter(is_kept).count();
    let is_kept = |page: &&Arc<Resolved>| kept.linked.resolved.iter().any(|before| Arc::ptr_eq(before, page));
    let links = linked.resolved.iter().filter(is_kept).count();
    *kept = Kept { sources, parsed, linked };
    (count, links)
}

#[test]
fn what_is_kept_is_what_a_new_run_gives() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    for (path, text) in [
        ("unstick.yaml", "title: Test\n"),
        ("content/_index.md", "# Start\n\n[a](a.md) ![p](p.png)\n"),
        ("content/a.md", "---\ntitle: A\n---\n- Why?\n  - [!INCLUDE [part](part/_part.md)]\n"),
        ("content/b.md", "---\ntitle: B\n---\n## Grund\n\nText\n\n## Why?\n\nSo.\n"),
        ("content/part/_part.md", "Words.\n\n[!INCLUDE [inner](_inner.md)]\n"),
        ("content/part/_inner.md", "Inner words.\n"),
        ("content/sub/index.md", "# Sub\n"),
        ("content/p.png", "x"),
        ("templates/page.html", "{{ page.title }}"),
    ] {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut kept = fresh(root);
    let mut change = |files: &[(&str, Option<&[u8]>)]| change(root, &mut kept, files);
    assert_eq!(change(&[("content/b.md", Some(b"---\ntitle: B\n---\nOther words.\n"))]).0, 3, "one page is parsed");
    assert_eq!(change(&[("content/part/_inner.md", Some(b"Other inner words.\n"))]).0, 3, "the page that includes it");
    assert_eq!(change(&[("content/b.md", Some(b"---\ntitle: B\n---\nOther words.\n"))]).0, 4, "the same text");
    assert_eq!(change(&[("content/p.png", Some(b"y"))]).0, 4, "no text at all");
    assert_eq!(change(&[("README", Some(b"y"))]).0, 4, "no part of the site");
    assert_eq!(change(&[("templates/page.html", Some(b"{{ page.body }}"))]).0, 4, "no page");
    // What is wrong with a file as a file, and no longer.
    change(&[("content/b.md", Some(b"\xFF\xFE"))]);
    change(&[("content/b.md", Some(b""))]);
    change(&[("content/b.md", Some(b"\xFFx\n"))]);
    change(&[("content/b.md", Some(b"---\ntitle: B\n---\n## Grund\n\nText\n\n## Why?\n\nSo.\n"))]);
    // Files that come and go move the numbers of others, and make them stand for their folders or not.
    change(&[("content/0.md", Some(b"# First\n"))]);
    change(&[("content/sub/_index.md", Some(b"# Really\n"))]);
    change(&[("content/sub/_index.md", None), ("content/0.md", None)]);
    change(&[("content/part/_inner.md", None)]);
    change(&[("content/part/_inner.md", Some(b"Back.\n"))]);
    change(&[("content/part", None)]);
    change(&[("content/new/deep/page.md", Some(b"# Deep\n"))]);
    change(&[("content/new", None)]);
    change(&[("synonyms.txt", Some(b"a = b\n")), ("search-tests.yaml", Some(b"- query: x\n"))]);
    change(&[("static/own.css", Some(b"a {}\n"))]);
    // What the configuration says of parsing.
    assert_eq!(change(&[("unstick.yaml", Some(b"title: Other\n"))]).0, 4, "the title of the site is in no page");
    assert_eq!(change(&[("unstick.yaml", Some(b"parts:\n  cause: Grund\n"))]).0, 0, "every page may have the part");
    assert_eq!(change(&[("unstick.yaml", Some(b"unsafe_html: true\n"))]).0, 0, "every page may hold HTML");
    change(&[("unstick.yaml", None)]);
}

/// A site whose links see much of other pages.
#[test]
fn links_are_kept_where_all_that_they_see_is_the_same() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let b = "---\ntitle: B\n---\nWords.\n\n## Steps\n\nText\n\n## Why?\n\nSo.\n";
    for (path, text) in [
        ("unstick.yaml", "title: Test\nlinks:\n  the guide: /b/\n"),
        ("content/_index.md", "# Start\n\n[a](a.md) [b](b.md#steps) [gone](c.md) [[B]] [[Twice]] [[Steps]]\n"),
        ("content/a.md", "---\ntitle: A\n---\n## Twice\n\n[old](/old/) (link to the guide) (link to steps)\n"),
        ("content/b.md", b),
        ("content/d.md", "---\ntitle: D\ndraft: true\n---\nA draft.\n"),
        ("content/e.md", "---\ntitle: E\n---\n## Twice\n\n[draft](d.md) ![p](p.png)\n"),
    ] {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut kept = fresh(root);
    let mut links = |path: &str, text: Option<&str>| change(root, &mut kept, &[(path, text.map(str::as_bytes))]).1;
    assert_eq!(links("content/b.md", Some(&b.replace("Words.", "More words."))), 4, "words of a page");
    assert_eq!(links("content/b.md", Some(&b.replace("Words.", "[a](a.md)"))), 4, "a link of a page");
    // Home and D are told of a heading called Twice at a place that moves.
    let e = "---\ntitle: E\n---\nMore.\n\n## Twice\n\n[draft](d.md) ![p](p.png)\n";
    assert_eq!(links("content/e.md", Some(e)), 3, "a place that a finding of another page shows");
    assert_eq!(links("content/d.md", Some("---\ntitle: D\ndraft: true\n---\nWords.\n")), 3, "a draft that is linked");
    for (path, text) in [
        ("content/b.md", Some(b.replace("Steps", "Stairs"))),
        ("content/b.md", Some(b.replace("## Why", "## Where"))),
        ("content/b.md", Some(b.replace("title: B", "title: Other"))),
        ("content/b.md", Some(b.replace("title: B", "title: B\naliases: [/old/]"))),
        ("content/b.md", Some(b.replace("title: B", "title: B\nurl: /elsewhere/"))),
        ("content/b.md", Some(b.replace("title: B", "title: B\nlink_names: [the guide]"))),
        ("content/b.md", Some(b.replace("title: B", "title: B\ntags: [x]"))),
        ("content/b.md", Some(b.replace("title: B", "title: B\ndraft: true"))),
        ("content/d.md", Some("---\ntitle: D\n---\nPublished.\n".to_owned())),
        ("content/p.png", Some("x".to_owned())),
        ("content/c.md", Some("# C\n".to_owned())),
        ("content/c.md", None),
        ("unstick.yaml", Some("title: Test\nlinks:\n  the guide: /a/\n".to_owned())),
    ] {
        assert_eq!(links(path, text.as_deref()), 0, "{path}: {text:?}");
    }
}

#[test]
fn a_content_folder_that_is_gone_is_a_failure() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("content")).unwrap();
    fs::write(root.path().join("content/a.md"), "# A\n").unwrap();
    fs::write(root.path().join("README.md"), "# Not a page\n").unwrap();
    let sources = Sources::read(root.path(), &Options::default()).unwrap();
    fs::remove_dir_all(root.path().join("content")).unwrap();
    let gone = Changes::Paths(["content".to_owned()].into());
    assert!(sources.again(&Options::default(), &gone).is_err());
    assert!(sources.again(&Options::default(), &Changes::Unknown).is_err());
}
