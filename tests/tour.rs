//! The tours of the README and of the manual, taken step by step: every file is written, every command is run, and what the
//! document says it prints is what it prints.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// One step of a tour.
enum Step {
    /// A file to write: path and text.
    File(String, String),
    /// A command, and what it is said to print.
    Run(String, String),
}

/// The steps in the fences of a document: `console` fences hold commands after `$ ` with their output, and fences with
/// `example=PATH` hold files.
fn steps(document: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut lines = document.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let inside: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        if let Some(path) = info.split_whitespace().find_map(|word| word.strip_prefix("example=")) {
            steps.push(Step::File(path.to_owned(), inside.join("\n") + "\n"));
        }
        if info != "console" {
            continue;
        }
        for line in inside {
            match (line.strip_prefix("$ "), steps.last_mut()) {
                (Some(command), _) => steps.push(Step::Run(command.to_owned(), String::new())),
                (None, Some(Step::Run(_, output))) => *output += &format!("{line}\n"),
                (None, _) => panic!("output before a command: {line}"),
            }
        }
    }
    steps
}

/// The output of a command without the time that it took.
fn timeless(text: &str) -> String {
    let is_time = |part: &str| part.split(" s").next().is_some_and(|number| number.parse::<f64>().is_ok());
    let lines = text.trim().lines().map(|line| {
        let parts = line.trim_end().split(", ").map(|part| match part.find(" s") {
            Some(end) if is_time(part) => format!("…{}", &part[end..]),
            _ => part.to_owned(),
        });
        parts.collect::<Vec<_>>().join(", ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn take(document: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(document);
    let root = tempfile::tempdir().unwrap();
    let mut folder: PathBuf = root.path().to_owned();
    let mut commands = 0;
    for step in steps(&fs::read_to_string(path).unwrap()) {
        let (command, expected) = match step {
            Step::File(path, text) => {
                let path = folder.join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
                continue;
            }
            Step::Run(command, expected) => (command, expected),
        };
        if let Some(to) = command.strip_prefix("cd ") {
            folder.push(to);
            continue;
        }
        let words = shlex::split(&command).unwrap();
        // What stands in the reader's own home folder cannot be built here.
        if words.iter().any(|word| word.starts_with("~/")) {
            continue;
        }
        assert_eq!(words[0], "unstick", "{document}: {command}");
        let output = Command::new(env!("CARGO_BIN_EXE_unstick"))
            .args(&words[1..])
            .current_dir(&folder)
            .env("NO_COLOR", "1")
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        if !expected.is_empty() {
            assert_eq!(timeless(&printed), timeless(&expected), "{document}: {command}");
        }
        let wrong = words[1] != "explain" && printed.contains("error[");
        assert_eq!(output.status.code(), Some(i32::from(wrong)), "{document}: {command}\n{printed}");
        commands += 1;
    }
    assert!(commands > 3, "{document}: only {commands} commands");
}

#[test]
fn the_readme_is_true() {
    take("README.md");
}

#[test]
fn the_manual_gets_you_started() {
    take("docs/getting-started.md");
}
