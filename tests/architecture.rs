//! Stages know only those before them: `ARCHITECTURE.md` as a test.
//!
//! Reads every `crate::…` and every `super::…` that leaves its stage in `src/`. Modules without a row in [`MAY_IMPORT`] are
//! commands, which may use everything and which no stage may use. The network is used in one place only.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What each stage may import: modules of the crate, or a single file of one.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("diagnostics", &["source"]),
    // The configuration is read as front matter is, and names the parts that parsing knows.
    ("config", &["diagnostics", "parse::inline", "parse::parts", "parse::places", "parse::yaml"]),
    // For tests.
    ("chance", &[]),
    ("default_theme", &[]),
    ("source", &["config", "default_theme", "diagnostics"]),
    ("parse", &["chance", "config", "diagnostics", "source"]),
    // The names of its objects are made as anchors are.
    ("inventory", &["parse::slug"]),
    ("link", &["config", "diagnostics", "inventory", "parse", "source"]),
    ("search", &["config", "diagnostics", "link", "parse", "source"]),
    ("plan", &["config", "default_theme", "diagnostics", "link", "parse", "search", "source"]),
    (
        "render",
        &[
            "Site",
            "chance",
            "config",
            "default_theme",
            "diagnostics",
            "inventory",
            "link",
            "parse",
            "plan",
            "search",
            "source",
        ],
    ),
    ("write", &["diagnostics", "render", "source"]),
];

/// Every Rust file below `folder`.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// How many `super` lead from the module of a file to the root of the crate: 1 from `plan.rs` and from `parse/mod.rs`.
fn depth(path: &Path) -> usize {
    path.components().count() - usize::from(path.ends_with("mod.rs"))
}

/// The paths below the crate that `code` names, as `module` or `module::file`, with their lines.
fn imports(code: &str, depth: usize) -> Vec<(usize, String)> {
    let mut imports = Vec::new();
    let root = "super::".repeat(depth);
    for (number, line) in code.lines().enumerate() {
        let line = line.split("//").next().unwrap_or_default();
        for start in ["crate::", root.as_str()] {
            for (at, _) in line.match_indices(start) {
                let before = &line[..at];
                if before.ends_with("super::") || before.ends_with(|c: char| c.is_alphanumeric() || "_$".contains(c)) {
                    continue;
                }
                let rest = &line[at + start.len()..];
                // `use crate::{a, b::c}` names several.
                let group = rest.strip_prefix('{').map(|rest| rest.split('}').next().unwrap_or(rest));
                for path in group.map_or_else(|| vec![rest], |group| group.split(',').collect()) {
                    let path = path.trim();
                    let end = path.find(|c: char| !(c.is_alphanumeric() || "_:".contains(c))).unwrap_or(path.len());
                    let names: Vec<&str> = path[..end].split("::").filter(|name| !name.is_empty()).take(2).collect();
                    imports.push((number + 1, names.join("::")));
                }
            }
        }
    }
    imports
}

#[test]
fn imports_are_read() {
    let code = "use crate::link::address; // crate::render\nuse crate::{plan, parse::html};\nlet x = super::super::write::y;\n";
    assert_eq!(
        imports(code, 2),
        [
            (1, "link::address".to_owned()),
            (2, "plan".to_owned()),
            (2, "parse::html".to_owned()),
            (3, "write::y".to_owned())
        ]
    );
    assert_eq!(
        [depth(Path::new("plan.rs")), depth(Path::new("parse/mod.rs")), depth(Path::new("parse/html.rs"))],
        [1, 1, 2]
    );
}

#[test]
fn stages_know_only_those_before_them() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&source, &mut found);
    found.sort();
    let stage_of = |path: &Path| {
        let first = path.strip_prefix(&source).unwrap().components().next().unwrap();
        first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
    };
    let modules: BTreeSet<String> = found.iter().map(|path| stage_of(path)).collect();
    let mut wrong = Vec::new();
    let mut seen = Vec::new();
    for path in &found {
        let relative = path.strip_prefix(&source).unwrap();
        let stage = stage_of(path);
        let Some((name, allowed)) = MAY_IMPORT.iter().find(|(name, _)| *name == stage) else {
            continue;
        };
        seen.push(*name);
        for (line, import) in imports(&fs::read_to_string(path).unwrap(), depth(relative)) {
            let module = import.split("::").next().unwrap_or_default();
            // `super::…` in a module inside a file names what is in that file.
            let outside = module != stage && (modules.contains(module) || ["Site", "site"].contains(&module));
            if outside && !allowed.contains(&module) && !allowed.contains(&import.as_str()) {
                wrong.push(format!("src/{}:{line} imports {import}", relative.display()));
            }
        }
    }
    assert!(MAY_IMPORT.iter().all(|(name, _)| seen.contains(name)), "a stage of the table is not in src/: {seen:?}");
    assert!(wrong.is_empty(), "see ARCHITECTURE.md and MAY_IMPORT:\n{}", wrong.join("\n"));
}

/// The only file that makes requests, and the one that answers those of a browser on this machine.
const ON_THE_NETWORK: [&str; 2] = ["cmd/external/client.rs", "cmd/serve/server.rs"];

#[test]
fn the_network_is_behind_two_files() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&source, &mut found);
    let speaks = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        ["ureq", "std::net", "TcpStream"].iter().any(|word| text.contains(word))
    };
    let mut speakers: Vec<PathBuf> =
        found.into_iter().filter(speaks).map(|path| path.strip_prefix(&source).unwrap().to_owned()).collect();
    speakers.sort();
    assert_eq!(speakers, ON_THE_NETWORK.map(PathBuf::from));
}
