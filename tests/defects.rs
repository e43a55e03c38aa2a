//! Sites with one defect each, made from a healthy one: each must give exactly one diagnostic, at the right place.
//!
//! A defect is a link target that leads nowhere, in every place where a link can stand, or a mistake of another kind with its
//! place marked by `‹` and `›`. Lines and columns are counted here from the text, by code points, and not by the program.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use unstick::diagnostics::{Place, Severity};
use unstick::link::{Drafts, Settings};
use unstick::report::Positions;
use unstick::source::Options;

/// A page that is healthy when `TARGET` is: what stands around a link, one way of writing it a line of the list.
const AROUND: &[(&str, &str)] = &[
    ("paragraph", "See [it](‹TARGET›).\n"),
    ("second line", "See this and\nthat, [it](‹TARGET›), too.\n"),
    ("behind other scripts", "Grüße aus 東京 😀 e\u{301}: [it](‹TARGET›).\n"),
    ("outline answer", "- Why is it so?\n    - See [it](‹TARGET›).\n"),
    ("outline question", "- Why is [it](‹TARGET›) so?\n    - So.\n"),
    ("heading", "## About [it](‹TARGET›)\n\nText.\n"),
    ("table", "| a | b |\n| --- | --- |\n| x | [it](‹TARGET›) |\n"),
    ("definition of a reference", "See [it] and [it][].\n\n[it]: ‹TARGET›\n"),
    ("definition with a title", "See [this][it].\n\n> [it]: <‹TARGET›>\n>   \"A title\"\n"),
    ("title", "See [it](‹TARGET› \"TARGET and more\").\n"),
    ("angle brackets", "See [it](<‹TARGET›>).\n"),
    ("emphasis", "**See _[it](‹TARGET›)_**\n"),
    ("quotation", "> See\n> [it](‹TARGET›).\n"),
    ("alert", "> [!NOTE]\n> See [it](‹TARGET›).\n"),
    ("nested list", "1. One\n   - two\n\n     [it](‹TARGET›)\n"),
    ("task", "- [x] [it](‹TARGET›)\n"),
    ("footnote", "Text.[^1]\n\n[^1]: See [it](‹TARGET›).\n"),
    ("definition list", "Term\n: See [it](‹TARGET›).\n"),
    ("raw HTML", "See <a href=\"‹TARGET›\">it</a>.\n"),
    ("raw HTML block", "<details>\n<summary>More</summary>\n<p><a title='x' href='‹TARGET›'>it</a></p>\n</details>\n"),
    ("shortcode", "{{% alert color=\"info\" %}}\nSee [it](‹TARGET›).\n{{% /alert %}}\n"),
    ("picture in a link", "[![A picture](there.png)](‹TARGET›)\n"),
    (
        "answer of a diagnosis",
        "## Find it {.diagnose}\n\n- So?\n    - **Yes** → [it](‹TARGET›)\n    - No: [home](_index.md)\n",
    ),
    (
        "question of a diagnosis",
        "## Find it {.diagnose}\n\n- Is [it](‹TARGET›) so?\n    - Yes: [a](_index.md)\n    - No: [b](_index.md)\n",
    ),
    (
        "advice of a diagnosis",
        "## Find it {.diagnose}\n\n- So?\n    - Yes → Why?\n        - A\n\n          See [it](‹TARGET›).\n        - B – [b](_index.md)\n    - No\n        - [b](_index.md)\n",
    ),
    ("behind a tab", "Text:\n\n*\tSee [it](‹TARGET›).\n"),
];

/// Targets that lead nowhere, and the rule that says so.
const TARGETS: &[(&str, &str)] = &[
    ("nowhere.md", "broken-link"),
    ("/guide/nowhere/", "broken-link"),
    ("../out-of-the-content.md", "broken-link"),
    ("other.md#nothing", "broken-anchor"),
    ("#nothing", "broken-anchor"),
    ("Other.md", "wrong-case"),
    ("files/gone.pdf", "missing-asset"),
    ("draft.md", "link-to-draft"),
    ("javascript:alert(1)", "unsafe-address"),
    ("/elsewhere/page/", "outside-address"),
    ("inv:nobody#thing", "unknown-inventory"),
];

/// A target that is right.
const HEALTHY: &str = "other.md#part";

/// Whole pages with one defect of another kind, and the rule that says so.
const PAGES: &[(&str, &str)] = &[
    ("---\ntitle: T\nweight: ‹heavy›\n---\n", "wrong-type"),
    ("---\ntitle: T\n‹desciption›: x\n---\n", "unknown-field"),
    ("---\ntitle: T\n‹title›: U\n---\n", "duplicate-field"),
    ("‹---›\ntitle: T\n\nText\n", "unclosed-front-matter"),
    ("---\ntitle: T\nparent: ‹Nobody›\n---\n", "unknown-parent"),
    ("---\ntitle: T\nrelated: [other.md, ‹nothing.md›]\n---\n", "broken-link"),
    ("---\ntitle: T\naliases:\n  - /fine/\n  - ‹/guide/there/›\n---\n", "alias-conflict"),
    ("---\ntitle: T\naliases: [/fine/, \"‹https://example.com/›\"]\n---\n", "wrong-type"),
    ("---\ntitle: T\nreviewed: ‹yesterday›\n---\n", "wrong-type"),
    ("---\ntitle: T\n---\n## A {#x}\n\n## B {#‹x›}\n", "duplicate-id"),
    ("---\ntitle: T\n---\n## A {#‹a\"b›}\n", "invalid-id"),
    ("---\ntitle: T\n---\n- Why? {#y reviewed=‹never›}\n    - So.\n", "wrong-type"),
    ("---\ntitle: T\n---\nSee [[‹Nothing of the name›]].\n", "broken-link"),
    ("---\ntitle: T\n---\nSee [it][‹nothing of the name›].\n", "undefined-reference"),
    ("---\ntitle: T\n---\nSee [[‹Twice›]].\n", "ambiguous-name"),
    ("---\ntitle: T\n---\nSo it is (‹link to the unheard-of docs›).\n", "unresolved-link-hint"),
    ("---\ntitle: T\n---\nSo it is (‹link to the twice docs›).\n", "ambiguous-link-hint"),
    ("---\ntitle: T\n---\nSo. ‹<!-- TODO: link to the unheard-of docs -->›\n", "unresolved-link-hint"),
    ("---\ntitle: T\n---\n![A picture](‹gone.png›)\n", "missing-asset"),
    ("---\ntitle: T\n---\n![A picture][p]\n\n[p]: ‹gone.png›\n", "missing-asset"),
    ("---\ntitle: T\n---\n<img alt=\"x\" src=\"‹gone.png›\">\n", "missing-asset"),
    ("---\ntitle: T\n---\n{{< figure src=\"‹gone.png›\" alt=\"x\" >}}\n", "missing-asset"),
    ("---\ntitle: T\n---\n[it]({{< relref \"‹gone.md›\" >}})\n", "broken-link"),
    ("---\ntitle: T\n---\nText ‹{{< blink >}}› text\n", "unknown-shortcode"),
    ("---\ntitle: T\n---\n‹{{% alert %}}›\nText\n", "unclosed-shortcode"),
    ("---\ntitle: T\n---\n[!INCLUDE [x](‹gone.md›)]\n", "missing-include"),
    ("---\ntitle: T\n---\nSee ‹[it]()›.\n", "empty-link"),
    ("---\ntitle: T\n---\nSee ‹[](other.md)›.\n", "empty-link"),
    ("---\ntitle: T\n---\nSee con‹\u{202E}›tinue.\n", "hidden-character"),
    ("---\ntitle: T\n---\n‹<!-- unstick-allow broken-link -->›\n", "invalid-allow"),
    ("---\ntitle: T\n---\n‹<!-- unstick-allow broken-link: no need -->›\n\nText.\n", "unused-allow"),
    ("---\ntitle: T\ntype: ‹diagnosis›\n---\n\nText.\n", "empty-diagnosis"),
    ("---\ntitle: T\n---\n\n‹## Find it {.diagnose}›\n\n- a\n- b\n", "empty-diagnosis"),
    ("---\ntitle: T\ntype: diagnosis\n---\n- ‹Ist 東京 so?› {#x}\n    - Yes: [a](other.md)\n", "too-few-answers"),
    ("---\ntitle: T\ntype: diagnosis\n---\n- So?\n    - Yes → ‹Why?›\n    - No: [a](other.md)\n", "too-few-answers"),
    ("---\ntitle: T\ntype: diagnosis\n---\n- So?\n    - ‹**Yes**›: So.\n    - No: [a](other.md)\n", "dead-end"),
    (
        "---\ntitle: T\ntype: diagnosis\n---\n1. So?\n   - Yes → Why?\n     * [x] ‹Ü 😀›\n     * [ ] B: [a](other.md)\n   - No: [a](other.md)\n",
        "dead-end",
    ),
    (
        "---\ntitle: T\ntype: diagnosis\n---\n- So?\n    - Yes: [a](other.md)\n    - No: [a](other.md)\n- ‹Why?›\n    - A: [a](other.md)\n    - B: [a](other.md)\n",
        "unreachable-question",
    ),
    (
        "---\ntitle: T\ntype: diagnosis\n---\n- So? {#so}\n    - Yes: [a](other.md)\n    - No: see [back](‹#so›)\n",
        "circular-diagnosis",
    ),
    ("---\ntitle: T\n---\n- ‹Why is there a question on paper?›\n    - So.\n", "similar-question"),
];

/// A site of which nothing is wrong, with `page.md` left out.
fn write_rest(root: &Path) {
    let files = [
        ("unstick.yaml", "search: false\n"),
        ("content/_index.md", "---\ntitle: Home\n---\n\n[one](other.md), [two](guide/there.md#a-part).\n"),
        ("content/other.md", "---\ntitle: Other\n---\n\n## Part\n\nText.\n"),
        ("content/draft.md", "---\ntitle: Draft\ndraft: true\n---\n"),
        (
            "content/guide/there.md",
            "---\ntitle: There\nlink_names: [twice]\n---\n\n## A part\n\n- Why is there a question on papers?\n    - So.\n",
        ),
        ("content/guide/again.md", "---\ntitle: Again\nlink_names: [twice]\n---\n"),
        ("content/there.png", "x"),
    ];
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

/// Errors and warnings as `path:line:column-line:column rule`.
fn findings(root: &Path, page: &str) -> Vec<String> {
    fs::write(root.join("content/page.md"), page).unwrap();
    let settings = Settings { drafts: Drafts::LeftOut, today: "2026-11-20".parse().unwrap() };
    let site = unstick::site(root, &Options::default(), settings).unwrap();
    let mut positions = Positions::new(&site.sources);
    let wrong = site.diagnostics.iter().filter(|found| found.severity != Severity::Note);
    wrong
        .map(|found| {
            assert!(matches!(found.place, Place::Span(_)), "{found:?}");
            let at = positions.of(&found.place);
            let (start, end) = (at.start.unwrap(), at.end.unwrap());
            let name = at.path.rsplit('/').next().unwrap().to_owned();
            format!("{name}:{}:{}-{}:{} {}", start.line, start.column, end.line, end.column, found.rule.name)
        })
        .collect()
}

/// The page without its marks, and the place between them.
fn marked(page: &str) -> (String, String) {
    let position = |before: &str| {
        let line = before.rsplit('\n').next().unwrap();
        let column = line.trim_start_matches('\u{FEFF}').chars().count() + 1;
        format!("{}:{column}", before.matches('\n').count() + 1)
    };
    let (before, rest) = page.split_once('‹').unwrap();
    let (inside, after) = rest.split_once('›').unwrap();
    let place = format!("{}-{}", position(before), position(&format!("{before}{inside}")));
    (format!("{before}{inside}{after}"), place)
}

#[test]
fn one_defect_is_one_diagnostic_at_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write_rest(root);
    let mut wrong = Vec::new();
    let mut defects = 0;
    let mut expect = |name: &str, page: &str, expected: &[String]| {
        let found = findings(root, page);
        if found != expected {
            wrong.push(format!("{name}\n  expected {expected:?}\n  found    {found:?}\n{page}"));
        }
    };
    for (name, around) in AROUND {
        let page = format!("---\ntitle: T\n---\n\n{around}");
        let (text, _) = marked(&page.replace("TARGET", HEALTHY));
        expect(&format!("{name}, healthy"), &text, &[]);
        for (target, rule) in TARGETS {
            for (ends, of_lines) in [("\n", ""), ("\r\n", ", lines of Windows")] {
                // Enough of the second kind to know that columns do not depend on it.
                if ends == "\r\n" && *rule != "broken-anchor" {
                    continue;
                }
                let (text, place) = marked(&page.replace("TARGET", target));
                defects += 1;
                let name = format!("{name}, {target}{of_lines}");
                expect(&name, &text.replace('\n', ends), &[format!("page.md:{place} {rule}")]);
            }
        }
    }
    for (page, rule) in PAGES {
        for start in ["", "\u{FEFF}"] {
            let (text, place) = marked(&format!("{start}{page}"));
            defects += 1;
            expect(rule, &text, &[format!("page.md:{place} {rule}")]);
        }
    }
    assert!(defects >= 200, "only {defects} sites");
    assert!(wrong.is_empty(), "{} of {defects}:\n{}", wrong.len(), wrong.join("\n"));
}
