//! The examples of the CommonMark specification, each as a page of one site.
//!
//! In steps: read the examples (`tests/commonmark/README.md`); make a page of each, behind a first paragraph, so that
//! nothing of it is taken for front matter or for the title; parse the site with raw HTML let through; fill the links as
//! they are written; take off what our pages add to the plain HTML of the specification; compare. What differs on purpose
//! is in [`INTENDED`] and nowhere else.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use unstick::Site;
use unstick::link::address::external;
use unstick::link::{Drafts, Settings, Target};
use unstick::parse::LinkKind;
use unstick::parse::body::{END, MARK, Mark, marks};
use unstick::parse::html::attribute;
use unstick::render::highlight::{Highlighted, Highlighter};
use unstick::render::messages::Messages;
use unstick::source::Options;

const SPEC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/node_modules/commonmark-spec/spec.txt");

/// Examples that our pages show otherwise, and why they should.
const INTENDED: &[(&[usize], &str)] = &[(
    &[548, 559, 590],
    "`[[…]]` names a page, a heading or a question, as in wikis; the specification leaves it text",
)];

/// One example of the specification.
struct Example {
    section: String,
    markdown: String,
    html: String,
}

/// The examples of `spec`; the first has number 1.
fn examples(spec: &str) -> Vec<Example> {
    let mut examples = Vec::new();
    let mut section = String::new();
    let fence = "`".repeat(32);
    let mut lines = spec.lines().take_while(|line| *line != "<!-- END TESTS -->");
    while let Some(line) = lines.next() {
        if line.strip_prefix(&fence).is_some_and(|rest| rest.trim() == "example") {
            let mut half = |end: &str| {
                let lines = lines.by_ref().take_while(|line| *line != end);
                lines.map(|line| line.replace('→', "\t") + "\n").collect::<String>()
            };
            let (markdown, html) = (half("."), half(&fence));
            examples.push(Example { section: section.clone(), markdown, html });
        } else if line.starts_with('#') {
            section = line.trim_start_matches('#').trim().to_owned();
        }
    }
    examples
}

/// A site with a page for each example, its links leading where they are written to lead.
fn site(examples: &[Example], root: &Path) -> Site {
    fs::create_dir(root.join("content")).unwrap();
    fs::write(root.join("unstick.yaml"), "unsafe_html: true\nhighlight: false\n").unwrap();
    for (index, example) in examples.iter().enumerate() {
        let page = format!("---\ntitle: Example\n---\n{FIRST}\n\n{}", example.markdown);
        fs::write(root.join(format!("content/{:03}.md", index + 1)), page).unwrap();
    }
    let settings = Settings { drafts: Drafts::LeftOut, today: "2026-11-20".parse().unwrap() };
    let mut site = unstick::site(root, &Options::default(), settings).unwrap();
    for (page, resolved) in site.parsed.pages.iter_mut().zip(&mut site.linked.resolved) {
        let page = Arc::get_mut(page).unwrap();
        for (link, target) in page.links.iter().zip(&mut Arc::get_mut(resolved).unwrap().targets) {
            *target = match link.kind {
                LinkKind::Name => Target::Broken("nothing has that name".into()),
                LinkKind::Reference | LinkKind::Shortcut | LinkKind::Collapsed => Target::Text,
                _ => Target::External(external(&link.address)),
            };
        }
        // A picture from elsewhere becomes a link to it; here it is to be a picture.
        let mut html = String::new();
        let mut rest = page.html.as_str();
        for (finished, mark) in marks(&page.html) {
            html += finished;
            let from = finished.len();
            let mark_length = if mark.is_some() { rest[from..].find(END).unwrap() + END.len_utf8() } else { 0 };
            match mark {
                Some(Mark::Image(number)) => {
                    let image = &page.links[number];
                    let title = match image.title.as_str() {
                        "" => String::new(),
                        title => format!(" title=\"{}\"", attribute(title)),
                    };
                    let (address, alt) = (external(&image.address), attribute(&image.text));
                    html += &format!("<img src=\"{}\" alt=\"{alt}\"{title}>", attribute(&address));
                }
                _ => html += &rest[from..from + mark_length],
            }
            rest = &rest[from + mark_length..];
        }
        page.html = html;
    }
    site
}

/// Stands before every example.
const FIRST: &str = "First.";

/// Our HTML without what our pages add.
fn ours(html: &str) -> String {
    let html = html.strip_prefix(&format!("<p>{FIRST}</p>\n")).unwrap_or(html);
    let mut out = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out += &rest[..at];
        let end = rest[at..].find('>').map_or(rest.len(), |n| at + n + 1);
        let tag = &rest[at..end];
        rest = &rest[end..];
        if tag.starts_with("<a class=\"permalink\"") {
            out.truncate(out.trim_end_matches('\u{A0}').trim_end_matches(' ').len());
            rest = rest.strip_prefix("#</a>").unwrap();
        } else if tag.starts_with("<pre class=\"code\"") {
            out += "<pre>";
        } else if let Some(level) = tag.strip_prefix("<h").filter(|tag| tag[1..].starts_with(" id=\"")) {
            out += &format!("<h{}>", &level[..1]);
        } else {
            out += &tag.replace(" class=\"external\" rel=\"noopener noreferrer\"", "");
        }
    }
    plain(&(out + rest))
}

/// HTML of the specification with its headings one level down and without gaps, as the title is the first level.
fn theirs(html: &str) -> String {
    let mut out = String::new();
    let mut above: Vec<(usize, usize)> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find("<h") {
        out += &rest[..at];
        rest = &rest[at..];
        let written = rest[2..3].parse::<usize>().ok().filter(|_| rest[3..].starts_with('>'));
        let Some(written) = written else {
            out += "<h";
            rest = &rest[2..];
            continue;
        };
        above.retain(|(level, _)| *level < written);
        let level = above.last().map_or(2, |(_, level)| (level + 1).min(6));
        above.push((written, level));
        let end = rest.find(&format!("</h{written}>")).unwrap();
        out += &format!("<h{level}>{}</h{level}>", &rest[4..end]);
        rest = &rest[end + 5..];
    }
    plain(&(out + rest))
}

/// One spelling for elements without content, of which HTML knows two.
fn plain(html: &str) -> String {
    html.replace(" />", ">")
}

#[test]
fn commonmark_examples() {
    let Ok(spec) = fs::read_to_string(SPEC) else {
        assert!(
            std::env::var_os("UNSTICK_REQUIRE_COMMONMARK").is_none(),
            "{SPEC} is missing: run `npm ci --ignore-scripts` in tests/browser"
        );
        eprintln!("skipped: {SPEC} is missing");
        return;
    };
    let examples = examples(&spec);
    assert_eq!(examples.len(), 652, "the specification was misread");
    let root = tempfile::tempdir().unwrap();
    let site = site(&examples, root.path());
    assert_eq!(site.parsed.pages.len(), examples.len());
    let intended: BTreeMap<usize, &str> =
        INTENDED.iter().flat_map(|(numbers, why)| numbers.iter().map(move |number| (*number, *why))).collect();
    let highlighter = Highlighter::default();
    let messages = Messages::of(&site.sources, "en");
    let mut wrong = Vec::new();
    for (index, example) in examples.iter().enumerate() {
        let number = index + 1;
        let html = unstick::render::fill::body(&site, index, &messages, &highlighter, &mut Highlighted::default());
        assert!(!html.contains(MARK), "example {number} has a mark left");
        let (ours, theirs) = (ours(&html), theirs(&example.html));
        match (ours == theirs, intended.get(&number)) {
            (true, Some(why)) => wrong.push(format!("{number} no longer differs, though it is listed: {why}")),
            (false, None) => wrong.push(format!(
                "{number} ({}):\n{}--- theirs\n{theirs}--- ours\n{ours}",
                example.section, example.markdown
            )),
            _ => {}
        }
    }
    assert!(wrong.is_empty(), "{} examples:\n\n{}", wrong.len(), wrong.join("\n\n"));
}
