//! Pages that were rendered wrongly once, and mistakes that were told wrongly, each as a small site.

#![allow(clippy::unwrap_used)]

use std::fs;

use unstick::Site;
use unstick::diagnostics::Place;
use unstick::link::{Drafts, Settings};
use unstick::render::highlight::{Highlighted, Highlighter};
use unstick::render::messages::Messages;
use unstick::source::Options;

/// The site of these files.
fn site(files: &[(&str, &[u8])]) -> Site {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let settings = Settings { drafts: Drafts::LeftOut, today: "2026-11-20".parse().unwrap() };
    unstick::site(root.path(), &Options::default(), settings).unwrap()
}

/// The body that a page with this Markdown gets.
fn body(markdown: &str) -> String {
    let site = site(&[("page.md", format!("---\ntitle: Page\n---\n{markdown}").as_bytes())]);
    filled(&site)
}

fn filled(site: &Site) -> String {
    let messages = Messages::of(&site.sources, "en");
    unstick::render::fill::body(site, 0, &messages, &Highlighter::default(), &mut Highlighted::default())
}

/// Every mistake of a site, notes left out: `path:line rule text`, the text being what the mistake points at.
fn mistakes(files: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, text)| (*path, text.as_bytes())).collect();
    let site = site(&files);
    let found = site.diagnostics.iter().filter(|found| found.severity != unstick::diagnostics::Severity::Note);
    let told = found.map(|found| {
        let (path, line, text) = match &found.place {
            Place::Span(span) => {
                let text = &site.sources.text(span.file)[span.range()];
                (site.sources.path(span.file), site.sources.line(*span), text)
            }
            Place::Path(path) | Place::Elsewhere(path) => (path.as_str(), 1, ""),
        };
        format!("{path}:{line} {} {text}", found.rule.name)
    });
    told.collect()
}

#[test]
fn a_heading_is_shown_once() {
    let html = body("## A `b` ![i](data:image/png;base64,AA) c {#z}\n\ntext\n");
    assert_eq!(html.matches("<code>b</code>").count(), 1, "{html}");
    assert!(
        html.starts_with("<h2 id=\"z\">A <code>b</code> <img src=\"data:image/png;base64,AA\" alt=\"i\"> c\u{A0}<a"),
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
fn elements_of_svg_that_are_let_through_stay_closed() {
    let page = "# A\n\n<div><svg><path d='M1'/><rect/></svg> {{< ref \"a.md\" >}}</div>\n";
    let site = site(&[("content/a.md", page.as_bytes()), ("unstick.yaml", b"unsafe_html: true\n")]);
    let html = filled(&site);
    assert!(html.contains("<svg><path d=\"M1\"/><rect/></svg>"), "{html}");
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

#[test]
fn keys_of_others_are_no_typing_errors() {
    let keys = |keys: &str| mistakes(&[("p.md", &format!("---\ntitle: P\n{keys}\n---\nx\n"))]);
    assert_eq!(keys("f1_keywords: [a]\nkeywords_old: a\nms-title: x"), [""; 0]);
    for typo in ["appiesto", "appleisto", "keyword", "key_words", "Link-Names"] {
        assert_eq!(keys(&format!("{typo}: [a]")), [format!("p.md:3 unknown-field {typo}")]);
    }
}

#[test]
fn links_to_drafts_are_told_whatever_their_address() {
    let draft = "---\ntitle: D\ndraft: true\nurl: /later/\naliases: [/sooner/, /taken/]\n---\nx\n";
    let page =
        "---\ntitle: P\naliases: [/taken/]\n---\n[a](/later/) [b](/sooner) [c](d.md) [d](../later) [e](/taken/)\n";
    assert_eq!(
        mistakes(&[("d.md", draft), ("p.md", page)]),
        ["/later/", "/sooner", "d.md", "../later"].map(|address| format!("p.md:5 link-to-draft {address}"))
    );
}

#[test]
fn targets_of_the_configuration_are_checked_once() {
    let config = "links:\n  good docs: p.md#known\n  \"bad docs\": /nowhere/\n  anchor docs: p.md#unknown\n\
                  \u{20} code: javascript:alert(1)\n  draft: d.md\n";
    let page = "---\ntitle: P\n---\n## Known\n\nThis. (link to the bad docs)\n\n[[anchor docs]] [x][bad docs]\n\nThat. (link to the good docs)\n";
    assert_eq!(
        mistakes(&[("unstick.yaml", config), ("p.md", page), ("d.md", "---\ntitle: D\ndraft: true\n---\n")]),
        [
            "unstick.yaml:3 broken-link /nowhere/",
            "unstick.yaml:4 broken-anchor p.md#unknown",
            "unstick.yaml:5 unsafe-address javascript:alert(1)",
            "unstick.yaml:6 link-to-draft d.md",
        ]
    );
}

#[test]
fn folders_without_a_page_have_a_place() {
    let page = "---\ntitle: P\nurl: /a/\n---\n";
    assert_eq!(
        mistakes(&[("content/A/x.md", "---\ntitle: X\n---\n"), ("content/p.md", page)]),
        ["content/A/:1 duplicate-url "]
    );
}

#[test]
fn a_page_may_take_the_address_of_the_home_page() {
    assert_eq!(mistakes(&[("p.md", "---\ntitle: P\nurl: /\n---\n"), ("q.md", "---\ntitle: Q\n---\n")]), [""; 0]);
}

#[test]
fn ids_that_cannot_be_are_told_as_such() {
    let page = "---\ntitle: P\n---\n## One {#a b}\n\n## Two {#a<b}\n\n- Three? {#c d owner=me}\n\n## Four {#}\n";
    assert_eq!(
        mistakes(&[("p.md", page)]),
        ["p.md:4 invalid-id a b", "p.md:6 invalid-id a<b", "p.md:8 invalid-id c d", "p.md:10 invalid-id ",]
    );
}

#[test]
fn readers_learn_that_a_page_could_not_be_read() {
    let site = site(&[("p.md", b"---\ntitle: caf\xE9\n---\n")]);
    assert_eq!(site.parsed.pages[0].mistakes, ["the file is not encoded as UTF-8: line 2 is not UTF-8"]);
    assert_eq!(site.diagnostics.len(), 1, "{:?}", site.diagnostics);
}

#[test]
fn marks_cannot_be_forged() {
    let forged = "\u{FDD0}L9\u{FDD1} &#xFDD0;L9&#xFDD1; <b title=\"&#xfdd0;L9&#64977;\">&#64976;L9&#xfdd1;</b>\n\n\
                  ```&#xFDD0;L9&#xFDD1;\n```\n";
    let html = body(forged);
    assert!(!html.contains(|c| matches!(c, '\u{FDD0}'..='\u{FDEF}')) && !html.contains("class=\"broken"), "{html}");
    assert!(html.contains("\u{FFFD}L9\u{FFFD} \u{FFFD}L9\u{FFFD} <b"), "{html}");
    let including = "---\ntitle: P\n---\n[!INCLUDE [x](_part.md)]\n";
    let site = site(&[("p.md", including.as_bytes()), ("_part.md", forged.as_bytes())]);
    let included = filled(&site);
    assert_eq!(included, html);
}

#[test]
fn footnotes_may_refer_to_footnotes() {
    let html = body("a[^1]\n\n[^1]: see [^1] and [^2]\n\n[^2]: two\n\n");
    for id in ["fnref-1", "fnref-2", "fn-1", "fn-2"] {
        assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}: {html}");
    }
}

#[test]
fn addresses_in_raw_html_may_hold_entities() {
    assert!(body("<a href=\"https://example.org/&ouml;\">x</a>\n").contains("https://example.org/%C3%B6"));
    // Once cut in the middle of a letter.
    assert!(body("<a href=\"https://example.org/&aaaaaaaaaaé;\">x</a>\n").contains("<a"));
}

#[test]
fn tags_that_never_end_are_text() {
    for open in ["<div onmouseover=\"alert(1)\"", "<table onclick=alert(1) x=\"", "<b>x</b>\n<div onclick=alert(1)"] {
        let html = body(&format!("{open}\n\ntext\n"));
        assert!(!html.contains("<div") && !html.contains("<table") && html.contains("<p>text</p>"), "{html}");
    }
    // This kind of block has no other end than `?>`.
    assert_eq!(body("<?php <b\n\ntext\n").trim_end(), "&lt;?php &lt;b\n\ntext");
}

#[test]
fn anchors_of_footnotes_are_no_headings() {
    let html = body("## fn 1\n\na[^n]\n\n## fnref 1\n\nb[^n]\n\n## main\n\n[^n]: x\n");
    for id in ["fn-1", "fn-1-1", "fnref-1", "fnref-1-1", "main"] {
        assert_eq!(html.matches(&format!("id=\"{id}\"")).count(), 1, "{id}: {html}");
    }
}
