//! What narrows a check: files that changed since a revision, and findings that are not known yet.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::process::Command;

use git2::{IndexAddOption, Repository, Signature};

/// Commits all files of the repository in `root`.
fn commit(repository: &Repository) {
    let mut index = repository.index().unwrap();
    index.add_all(["*"], IndexAddOption::DEFAULT, None).unwrap();
    index.write().unwrap();
    let tree = repository.find_tree(index.write_tree().unwrap()).unwrap();
    let author = Signature::now("A writer", "writer@example.org").unwrap();
    let parent = repository.head().ok().map(|head| head.peel_to_commit().unwrap());
    let parents: Vec<_> = parent.iter().collect();
    repository.commit(Some("HEAD"), &author, &author, "Pages", &tree, &parents).unwrap();
}

/// Runs a check in short form: the findings, the last line and the exit status.
fn check(root: &Path, arguments: &[&str]) -> (Vec<String>, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_unstick"))
        .args(["check", "--format", "short", "--quiet"])
        .args(arguments)
        .current_dir(root)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (text.lines().map(str::to_owned).collect(), output.status.code())
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

#[test]
fn only_files_that_changed_since_a_revision_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    let repository = Repository::init(folder.path()).unwrap();
    // The site is a folder of the repository.
    let root = folder.path().join("kb");
    write(&root, "content/old.md", "---\ntitle: Old\n---\n[x](nowhere.md)\n");
    write(&root, "content/edited.md", "---\ntitle: Edited\n---\n");
    write(folder.path(), "elsewhere.md", "[x](nowhere.md)\n");
    commit(&repository);
    write(&root, "content/edited.md", "---\ntitle: Edited\n---\n[x](nowhere.md)\n");
    write(&root, "content/new.md", "---\ntitle: New\n---\n[x](nowhere.md)\n");

    let message = "error[broken-link] no page or file answers to `nowhere.md`";
    let line = |file: &str| format!("content/{file}.md:4:5: {message}");
    assert_eq!(check(&root, &[]), (vec![line("edited"), line("new"), line("old")], Some(1)));
    assert_eq!(check(&root, &["--changed-since", "HEAD"]), (vec![line("edited"), line("new")], Some(1)));
    commit(&repository);
    assert_eq!(check(&root, &["--changed-since", "HEAD~1"]), (vec![line("edited"), line("new")], Some(1)));
    assert_eq!(check(&root, &["--changed-since", "HEAD"]), (vec![], Some(0)));
    let (said, status) = check(&root, &["--changed-since", "no-such-branch"]);
    assert!(said[0].starts_with("error: Git knows no revision `no-such-branch`: "), "{said:?}");
    assert_eq!(status, Some(2));
}

#[test]
fn what_a_report_holds_is_known_though_its_lines_move() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write(root, "content/page.md", "---\ntitle: Page\n---\n[x](nowhere.md)\n");
    for form in ["json", "sarif"] {
        let report = Command::new(env!("CARGO_BIN_EXE_unstick"))
            .args(["check", "--format", form, "--quiet"])
            .current_dir(root)
            .output()
            .unwrap();
        fs::write(root.join(form), report.stdout).unwrap();
    }
    write(root, "content/page.md", "---\ntitle: Page\n---\nMore.\n\n[x](nowhere.md) [x](nowhere.md) [y](lost.md)\n");
    let expected = vec![
        "content/page.md:6:21: error[broken-link] no page or file answers to `nowhere.md`".to_owned(),
        "content/page.md:6:37: error[broken-link] no page or file answers to `lost.md`".to_owned(),
    ];
    for form in ["json", "sarif"] {
        assert_eq!(check(root, &["--baseline", form]), (expected.clone(), Some(1)), "{form}");
    }
}
