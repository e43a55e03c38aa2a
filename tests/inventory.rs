//! What a site says of itself to others: `objects.inv` and `unstick.json` tell of the same things, and both are read.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;

use unstick::inventory::{self, Inventory};
use unstick::link::{Drafts, Settings};
use unstick::render::highlight::Highlighter;
use unstick::render::theme::Theme;
use unstick::render::{Made, Maker};
use unstick::source::Options;

const PAGES: &[(&str, &str)] = &[
    ("_index.md", "---\ntitle: Help\n---\n- Why is it slow?\n    - It is not.\n"),
    (
        "sync/failures.md",
        "---\ntitle: Failures\n---\n## Why in tray 3 is “it”? {#tray-3}\n\nSo.\n\n```error\nE52: in tray 3 is nothing\n```\n\n### Why twice?\n\nSo.\n\n```error\nE52: in tray 3 is nothing\n```\n",
    ),
    (
        "with space.md",
        "---\ntitle: With space\nerrors:\n  - code: \"# E 9\"\n    message: late\n---\n## Symptom\n\nIt.\n\n## Resolution\n\nSo.\n",
    ),
    ("ünïcode.md", "---\ntitle: '-'\nquestion: Why?\n---\nSo.\n"),
    ("c.md", "---\ntitle: One\nurl: /c.html\n---\n## x std:doc 1 y z\n\ntext\n"),
    ("d.md", "---\ntitle: Two\nurl: /c/\n---\n"),
];

/// The output files of a site with these pages.
fn outputs() -> BTreeMap<String, Vec<u8>> {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("unstick.yaml"), "title: Help\nbase_url: https://help.example.com\n").unwrap();
    for (path, text) in PAGES {
        let path = root.path().join("content").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let settings = Settings { drafts: Drafts::LeftOut, today: "2026-11-20".parse().unwrap() };
    let site = unstick::site(root.path(), &Options::default(), settings).unwrap();
    let theme = Theme::load(&site.sources, &mut Vec::new()).unwrap();
    let highlighter = Highlighter::default();
    let maker = Maker::new(&site, &theme, &highlighter);
    let made = site.plan.outputs.iter().filter_map(|output| match maker.make(output).unwrap().0 {
        Made::Bytes(bytes) => Some((output.path.clone(), bytes.into_owned())),
        Made::Stream(write) => {
            let mut bytes = Vec::new();
            write(&mut bytes).unwrap();
            Some((output.path.clone(), bytes))
        }
        Made::Copy(_) => None,
    });
    made.collect()
}

/// MyST looks for a name among all kinds.
#[test]
fn no_name_is_of_two_kinds() {
    let written = inventory::read(&outputs()["objects.inv"]).unwrap();
    let mut names: Vec<&str> = written.objects.iter().map(|object| object.name.as_str()).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "{names:#?}");
}

/// Kind, name, address and title of each object, but of those that only one of the files knows.
fn objects(inventory: &Inventory) -> Vec<String> {
    let known = |object: &&inventory::Object| object.role != "label" && object.uri != "sync/index.html";
    let told = inventory.objects.iter().filter(known);
    told.map(|object| format!("{} {} {} {}", object.kind(), object.name, object.uri, object.title)).collect()
}

#[test]
fn both_files_tell_of_the_same_things() {
    let outputs = outputs();
    let written = inventory::read(&outputs["objects.inv"]).unwrap();
    let listed = inventory::read(&outputs["unstick.json"]).unwrap();
    assert_eq!(objects(&written), objects(&listed));
    assert_eq!(written.skipped, 0);
    assert_eq!((written.project.as_str(), listed.project.as_str()), ("Help", "Help"));
    assert_eq!(listed.base_url.as_deref(), Some("https://help.example.com/"));
    let told = objects(&written);
    for expected in [
        "kb:error sync/failures:tray-3:e52-in-tray-3-is-nothing sync/failures/index.html#tray-3 E52: in tray 3 is nothing",
        "kb:error E-9 with%20space/index.html # E 9: late",
        "kb:question index#why-is-it-slow index.html#why-is-it-slow Why is it slow?",
        "std:doc c c.html One",
        "std:doc index index.html Help",
    ] {
        assert!(told.iter().any(|one| one == expected), "{expected} is not in {told:#?}");
    }
}

#[test]
fn every_object_leads_to_an_id() {
    let outputs = outputs();
    let written = inventory::read(&outputs["objects.inv"]).unwrap();
    assert!(written.objects.len() > 15, "{:#?}", written.objects);
    for object in &written.objects {
        let uri = percent_encoding::percent_decode_str(&object.uri).decode_utf8().unwrap().into_owned();
        let (path, id) = uri.split_once('#').map_or((uri.as_str(), None), |(path, id)| (path, Some(id)));
        let page = String::from_utf8_lossy(&outputs[path]);
        assert!(id.is_none_or(|id| page.contains(&format!("id=\"{id}\""))), "{} leads nowhere", object.uri);
        assert!(!object.name.contains(char::is_whitespace), "{}", object.name);
    }
}
