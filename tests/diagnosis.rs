//! Guided diagnosis: the example of the manual, and trees that nobody would write but somebody could.

#![allow(clippy::unwrap_used)]

#[path = "../src/chance.rs"]
mod chance;

use std::fs;
use std::path::Path;

use chance::Chance;

use unstick::diagnostics::Place;
use unstick::link::{Drafts, Settings};
use unstick::render::highlight::{Highlighted, Highlighter};
use unstick::render::messages::Messages;
use unstick::source::Options;

/// The site of these files, in the order of their paths.
fn site(files: &[(&str, &str)]) -> unstick::Site {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("unstick.yaml"), "search: false\n").unwrap();
    for (path, text) in files {
        let path = root.path().join("content").join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let settings = Settings { drafts: Drafts::LeftOut, today: "2026-11-20".parse().unwrap() };
    unstick::site(root.path(), &Options::default(), settings).unwrap()
}

/// The finished body of the first page.
fn body(site: &unstick::Site) -> String {
    let messages = Messages::of(&site.sources, "en");
    unstick::render::fill::body(site, 0, &messages, &Highlighter::default(), &mut Highlighted::default())
}

/// A page of `type: diagnosis`.
fn page(markdown: &str) -> String {
    format!("---\ntitle: Find\ntype: diagnosis\n---\n\n{markdown}")
}

#[test]
fn the_example_of_the_manual_is_without_a_finding() {
    let manual = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/writing/diagnosis.md");
    let manual = fs::read_to_string(manual).unwrap();
    let example = manual.split("```markdown example=content/find.md\n").nth(1).unwrap();
    let example = &example[..example.find("```").unwrap()];
    let jams = "---\ntitle: Paper jams\n---\n\n## Tray {#tray}\n\nText\n";
    let site =
        site(&[("find.md", example), ("paper-jams.md", jams), ("power.md", "---\ntitle: No power\n---\nText\n")]);
    assert_eq!(site.diagnostics, []);
    let questions: Vec<&str> =
        site.parsed.pages[0].diagnoses[0].questions.iter().map(|question| question.text.as_str()).collect();
    let expected =
        ["Does the printer make a noise?", "Is the red lamp on?", "Is it plugged in?", "Does it make a noise now?"];
    assert_eq!(questions, expected);
    assert!(body(&site).contains("<svg"));
}

#[test]
fn the_ways_to_write_an_answer_that_the_manual_names_say_the_same() {
    let manual = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/writing/diagnosis.md");
    let manual = fs::read_to_string(manual).unwrap();
    let ways = manual.split("These say the same:\n\n```markdown\n").nth(1).unwrap();
    let ways = &ways[..ways.find("```").unwrap()];
    let answers: String = ways.lines().map(|line| format!("    {line}\n")).collect();
    let jams = "---\ntitle: Paper jams\n---\nText\n";
    let site = site(&[("find.md", &page(&format!("- Is it red?\n{answers}"))), ("jams.md", jams)]);
    assert_eq!(site.diagnostics, []);
    let question = &site.parsed.pages[0].diagnoses[0].questions[0];
    assert_eq!(question.answers.len(), ways.lines().filter(|line| line.starts_with('-')).count());
    for answer in &question.answers {
        assert_eq!((answer.text.as_str(), answer.links.len()), ("Yes", 1), "{answer:?}");
    }
}

/// Whatever stands in a list becomes a page: every word of it is read, places are inside the file, and ids are told apart.
#[test]
fn no_list_is_too_strange() {
    const PIECES: &[&str] = &[
        "Is it on?",
        "**Yes**",
        "*No*",
        "**Yes:**",
        " → ",
        " -> ",
        ": ",
        " – ",
        ", ",
        "&rarr;",
        "[a](a.md)",
        "[[a]]",
        "[b](#b)",
        "`code`",
        "{#b}",
        "{#c aliases=\"d\"}",
        "![p](p.png)",
        "<b>x</b>",
        "<!-- c -->",
        "(link to the a docs)",
        "\\*",
        "&amp;",
        "é東",
        "[",
        "](",
        "**",
        "?",
        ":",
        "→",
        "...",
        "[^1]",
        "$x$",
        "~~y~~",
        "{",
        "}",
        "TODO",
        "\t",
    ];
    const ENDS: &[&str] = &["\n", "\n", "\n", "\n\n", "  \n", "\\\n"];
    let mut chance = Chance(0x2545_F491_4F6C_DD1D);
    let mut trees = 0;
    for round in 0..400 {
        let mut markdown = String::from(if chance.below(4) > 0 { "- Is it on?\n" } else { "" });
        let mut depth = markdown.matches('-').count();
        for _ in 0..2 + chance.below(14) {
            let indent = "    ".repeat(depth);
            let marker =
                ["- ", "- ", "- ", "1. ", "* ", "- [ ] ", "", "> ", "```\n", "| a | b |\n", "## "][chance.below(11)];
            markdown.push_str(&indent);
            markdown.push_str(marker);
            for _ in 0..chance.below(6) {
                markdown.push_str(PIECES[chance.below(PIECES.len())]);
            }
            markdown.push_str(ENDS[chance.below(ENDS.len())]);
            depth = match chance.below(4) {
                0 => depth.saturating_sub(1 + chance.below(2)),
                1 | 2 => depth + 1,
                _ => depth,
            };
        }
        let site = site(&[("a.md", &page(&markdown)), ("b.md", "---\ntitle: a\n---\n")]);
        let source = site.sources.text(site.parsed.pages[0].file);
        for found in &site.diagnostics {
            if let Place::Span(span) = found.place {
                assert!(
                    site.sources.text(span.file).get(span.range()).is_some(),
                    "round {round}: {found:?}\n{markdown}"
                );
            }
        }
        trees += usize::from(!site.parsed.pages[0].diagnoses.is_empty());
        let html = body(&site);
        let mut ids: Vec<&str> = html.split(" id=\"").skip(1).map(|rest| &rest[..rest.find('"').unwrap()]).collect();
        ids.sort_unstable();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all, "round {round}: {ids:?}\n{markdown}");
        assert_eq!(html.matches("<details").count(), html.matches("</details>").count(), "round {round}:\n{markdown}");
        assert_eq!(html.matches("<div").count(), html.matches("</div>").count(), "round {round}:\n{markdown}");
        assert!(!html.contains(['\u{FDD0}', '\u{FDD1}']), "round {round}: {html}\n{source}");
    }
    assert!(trees > 200, "only {trees} trees");
}

#[test]
fn large_and_deep_trees_do_not_hold_up_a_build() {
    let wide: String =
        (0..3_000).map(|n| format!("- Is it {n}?\n    - Yes: [a](#is-it-{})\n    - No: [b](b.md)\n", n + 1)).collect();
    let wide = wide + "- Is it 3000?\n    - Yes: [b](b.md)\n    - No: [b](b.md)\n";
    let site = site(&[("a.md", &page(&wide)), ("b.md", "---\ntitle: B\n---\nText\n")]);
    let found: Vec<&str> = site.diagnostics.iter().map(|diagnostic| diagnostic.rule.name).collect();
    assert_eq!(found, ["undrawn-diagram"]);
    assert_eq!(site.parsed.pages[0].diagnoses[0].questions.len(), 3_001);
    assert!(!body(&site).contains("<svg"), "it is too large to be drawn");

    let deep: String =
        (0..300).map(|n| format!("{}- Is it {n}?\n{}- Yes\n", "  ".repeat(2 * n), "  ".repeat(2 * n + 1))).collect();
    let site = self::site(&[("a.md", &page(&deep))]);
    let html = body(&site);
    assert!(site.parsed.pages[0].diagnoses[0].questions.len() < 300);
    assert!(html.contains("Is it 299?"), "no word is lost");
}
