//! What a site says of itself to search engines, agents and readers of feeds.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use rayon::prelude::*;
use serde_json::Value;
use unstick::Site;
use unstick::link::{Drafts, Settings, State};
use unstick::plan::Recipe;
use unstick::render::highlight::Highlighter;
use unstick::render::theme::Theme;
use unstick::render::{Made, Maker};
use unstick::source::Options;

fn site(root: &Path, base_url: Option<&str>) -> Site {
    let settings = Settings { drafts: Drafts::Included, today: "2026-11-20".parse().unwrap() };
    let options = Options { base_url: base_url.map(str::to_owned), ..Options::default() };
    unstick::site(root, &options, settings).unwrap()
}

/// The text outputs of a site that `wanted` names.
fn outputs(site: &Site, wanted: impl Fn(&Recipe) -> bool + Sync) -> Vec<(Recipe, String)> {
    let theme = Theme::load(&site.sources, &mut Vec::new()).unwrap();
    let highlighter = Highlighter::default();
    let maker = Maker::new(site, &theme, &highlighter);
    let outputs = site.plan.outputs.par_iter().filter(|output| wanted(&output.recipe));
    let made = outputs.map(|output| match maker.make(output).unwrap().0 {
        Made::Bytes(bytes) => (output.recipe.clone(), String::from_utf8(bytes.into_owned()).unwrap()),
        Made::Stream(_) | Made::Copy(_) => panic!("{} is no page", output.path),
    });
    made.collect()
}

/// Checks the JSON-LD of every page, and gives the number of questions and of articles in it.
fn check(site: &Site) -> (usize, usize) {
    let (mut questions, mut articles) = (0, 0);
    for (recipe, html) in outputs(site, |recipe| matches!(recipe, Recipe::Page(_))) {
        let Recipe::Page(node) = recipe else { continue };
        let node = &site.linked.tree.nodes[node];
        let (_, rest) = html.split_once("<script type=\"application/ld+json\">").unwrap();
        let (json, rest) = rest.split_once("</script>").unwrap();
        assert!(!rest.contains("ld+json") && !json.contains('<'), "{}", node.output);
        let json: Value = serde_json::from_str(json).unwrap();
        assert_eq!(json["@context"], "https://schema.org");
        assert_eq!(json.get("url").is_some(), site.sources.config.base_url.is_some());
        assert_eq!(json.get("breadcrumb").is_some(), json.get("url").is_some() && node.parent.is_some());
        let Some(number) = node.page else { continue };
        let (page, states) = (&site.parsed.pages[number], &site.linked.states[number]);
        let answered = page.entries.iter().zip(states).filter(|(entry, state)| {
            !entry.spelling.is_page() && state.as_ref().is_some_and(|state| state.state == State::Answered)
        });
        let answered: Vec<&str> = answered.map(|(entry, _)| entry.question.as_str()).collect();
        match &json["mainEntity"] {
            Value::Array(asked) => {
                assert_eq!(json["@type"], "FAQPage");
                let names: Vec<&str> = asked.iter().map(|question| question["name"].as_str().unwrap()).collect();
                assert_eq!(names, answered, "{}", node.output);
                assert!(asked.iter().all(|question| !question["acceptedAnswer"]["text"].as_str().unwrap().is_empty()));
                questions += names.len();
            }
            main => {
                assert_eq!(json["@type"], "WebPage");
                assert_eq!(answered, [""; 0], "{}", node.output);
                let is_unanswered = states.iter().flatten().any(|state| state.state == State::Unanswered);
                assert!(main.is_null() || (main["@type"] == "TechArticle" && !is_unanswered), "{}", node.output);
                articles += usize::from(!main.is_null());
            }
        }
    }
    (questions, articles)
}

#[test]
fn the_manual_and_the_knowledge_base_are_described() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for root in [root.to_owned(), root.join("docs")] {
        for base_url in [None, Some("https://help.example.com/")] {
            let (questions, articles) = check(&site(&root, base_url));
            assert!(questions > 50 && articles > 0, "{questions} questions and {articles} articles");
        }
    }
}

#[test]
fn only_answers_are_described() {
    let root = tempfile::tempdir().unwrap();
    let page = "---\ntitle: P\n---\n## Why a?\n\nSo <i>it</i> `</script>` is.\n\n## Why b?\n\n## Why c?\n\nTODO\n\n\
                ## Why d? {state=outdated}\n\nIt was.\n\n## Why e? {state=draft}\n\nIt may be.\n";
    fs::create_dir(root.path().join("content")).unwrap();
    fs::write(root.path().join("content/p.md"), page).unwrap();
    fs::write(root.path().join("content/r.md"), "---\nquestion: Why r?\n---\nSo.\n").unwrap();
    fs::write(root.path().join("content/u.md"), "---\nquestion: Why u?\n---\n").unwrap();
    assert_eq!(check(&site(root.path(), None)), (1, 1));
}

#[test]
fn the_feed_has_the_newest_thirty() {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir(root.path().join("content")).unwrap();
    for number in 10..50 {
        let page = format!("---\ntitle: T{number}\nlastmod: 2026-10-{}\n---\nText.\n", 10 + number % 20);
        fs::write(root.path().join(format!("content/p{number}.md")), page).unwrap();
    }
    let site = site(root.path(), Some("https://help.example.com/"));
    let feeds = outputs(&site, |recipe| *recipe == Recipe::Feed);
    let [(_, feed)] = feeds.as_slice() else { panic!("{} feeds", feeds.len()) };
    let pieces = |name: &str| -> Vec<String> {
        let (start, end) = (format!("<{name}>"), format!("</{name}>"));
        feed.split(&start).skip(1).map(|rest| rest.split(&end).next().unwrap().to_owned()).collect()
    };
    let days = pieces("updated");
    assert_eq!(days.len(), 31);
    assert_eq!((days[0].as_str(), days[30].as_str()), ("2026-10-29T00:00:00Z", "2026-10-15T00:00:00Z"));
    assert!(days.is_sorted_by(|a, b| a >= b), "{days:?}");
    // Pages of one day are in the order of the tree.
    assert_eq!(pieces("title")[1..5], ["T19", "T39", "T18", "T38"]);
}
