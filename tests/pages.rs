//! Pages that were rendered wrongly once, built as a site of one page.

#![allow(clippy::unwrap_used)]

use std::fs;

use unstick::link::{Drafts, Settings};
use unstick::render::highlight::{Highlighted, Highlighter};
use unstick::source::Options;

/// The body that a page with this Markdown gets.
fn body(markdown: &str) -> String {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("page.md"), format!("---\ntitle: Page\n---\n{markdown}")).unwrap();
    let settings = Settings { drafts: Drafts::LeftOut, today: "2026-11-20".parse().unwrap() };
    let site = unstick::site(root.path(), &Options::default(), settings).unwrap();
    unstick::render::fill::body(&site, 0, &Highlighter::default(), &mut Highlighted::default())
}

#[test]
fn a_heading_is_shown_once() {
    let html = body("## A `b` ![i](data:image/png;base64,AA) c {#z}\n\ntext\n");
    assert_eq!(html.matches("<code>b</code>").count(), 1, "{html}");
    assert!(
        html.starts_with("<h2 id=\"z\">A <code>b</code> <img src=\"data:image/png;base64,AA\" alt=\"i\"> c <a"),
        "{html}"
    );
}

#[test]
fn rows_of_a_table_are_its_body() {
    let html = body("|a|b|\n|-|-:|\n|1|2|\n");
    assert!(
        html.contains("</thead>\n<tbody>\n<tr><td>1</td><td class=\"align-right\">2</td></tr>\n</tbody>"),
        "{html}"
    );
}

#[test]
fn headings_may_end_in_white_space() {
    assert!(body("# Other title  \n\n## Cause `x` \ntext\n").contains("id=\"cause-x\""));
}

#[test]
fn questions_with_parts_are_questions() {
    let html = body(
        "## Why?\n\n### Cause\n\na\n\n### Resolution\n\nb\n\n## Why not?\n\n### Cause\n\nc\n\n### Resolution\n\nd\n",
    );
    assert_eq!(html.matches("class=\"entry\"").count(), 2, "{html}");
}

#[test]
fn what_is_written_wins_over_a_guessed_name() {
    let html = body("[the [Draft] page](https://example.org/)\n");
    assert!(html.contains(">the [Draft] page</a>"), "{html}");
    assert_eq!(body("[words][nothing\\!] [other][]\n"), "<p>[words][nothing!] [other][]</p>\n");
}

#[test]
fn raw_html_keeps_its_indentation() {
    assert!(body("<pre>\n\n   <b>x</b>\n\n</pre>\n").contains("   <b>x</b>"));
}

#[test]
fn pictures_by_shortcode_stand_in_their_line() {
    let picture = ":::image type=\"icon\" source=\"p.png\" alt-text=\"p\":::";
    for markdown in [format!("{picture} *words*\n"), format!("- {picture} *words*\n"), format!("> {picture} *words*\n")]
    {
        let html = body(&markdown);
        assert!(html.contains(">p</span> <em>words</em>"), "{html}");
        assert!(!html.contains("8203") && !html.contains(['\u{200B}', '\u{FDD2}']), "{html}");
    }
    let html = body(&format!("{picture} Title\n---\n\n![a {picture} b](q.png)\n\n<div>\n{picture}\n</div>\n"));
    assert!(html.contains("id=\"title\"") && html.matches(">p</span>").count() == 2, "{html}");
    assert!(!html.contains('\u{FDD2}'), "{html}");
}
