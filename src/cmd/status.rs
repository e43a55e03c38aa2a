//! `unstick status`: the debt of a site in numbers, by section and by owner.
//!
//! In steps: read, parse and link the site, which is all that states need; count; print. What is wrong with the site is for
//! `check` to say.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use serde::Serialize;

use super::screen::is_obeyed;
use crate::diagnostics::rule;
use crate::link::{self, HintTarget, Linked, Settings, State};
use crate::parse::html::escape;
use crate::parse::{self, Parsed};
use crate::source::{Options, Sources};

/// How the numbers are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Form {
    /// Tables for people
    #[default]
    Human,
    /// One JSON document
    Json,
    /// Tables for a page or a comment
    Markdown,
    /// A badge
    Svg,
}

/// Everything that the command is told.
#[derive(Debug)]
pub struct Job {
    /// Folder of the site.
    pub root: PathBuf,
    /// What is set apart from the configuration.
    pub options: Options,
    /// Drafts, and the day.
    pub settings: Settings,
    /// How the numbers are printed.
    pub form: Form,
    /// The least share of answered questions, in percent, that is well enough.
    pub fail_under: Option<f64>,
}

/// Entries by state, and hints that are still no links.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
struct Debt {
    questions: usize,
    answered: usize,
    outdated: usize,
    draft: usize,
    unanswered: usize,
    hints: usize,
}

impl Debt {
    fn count(&mut self, state: State) {
        self.questions += 1;
        match state {
            State::Answered => self.answered += 1,
            State::Outdated => self.outdated += 1,
            State::Draft => self.draft += 1,
            State::Unanswered => self.unanswered += 1,
        }
    }

    /// Answered questions of a hundred. A site that asks nothing owes nothing.
    fn percent(&self) -> f64 {
        if self.questions == 0 { 100.0 } else { self.answered as f64 * 100.0 / self.questions as f64 }
    }

    /// The same as people read it; only what is whole reads as 100.
    fn whole_percent(&self) -> u32 {
        self.percent() as u32
    }

    fn numbers(&self) -> [usize; 6] {
        [self.questions, self.answered, self.outdated, self.draft, self.unanswered, self.hints]
    }
}

/// What the columns of numbers are called.
const COLUMNS: [&str; 6] = ["questions", "answered", "outdated", "draft", "unanswered", "hints"];

#[derive(Debug, Serialize)]
struct Row<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    /// Title of a section, or name of an owner; `null` for questions that nobody owns.
    name: Option<&'a str>,
    #[serde(flatten)]
    debt: Debt,
}

#[derive(Debug, Serialize)]
struct Report<'a> {
    version: u64,
    title: &'a str,
    percent: u32,
    total: Debt,
    sections: Vec<Row<'a>>,
    owners: Vec<Row<'a>>,
}

/// Prints the debt. The exit status is 1 when fewer questions are answered than is well enough.
///
/// # Errors
/// When the site cannot be read, in words.
pub fn run(job: &Job) -> Result<ExitCode, String> {
    let sources = Sources::read(&job.root, &job.options).map_err(|error| error.to_string())?;
    let parsed = parse::parse(&sources, &sources.config);
    let linked = link::link(&sources, &parsed, job.settings);
    if sources.diagnostics.iter().any(|found| found.rule == &rule::INVALID_CONFIG) {
        return Err("the configuration cannot be understood; `unstick check` says why".into());
    }
    let report = report(&sources, &parsed, &linked);
    let mut out = BufWriter::new(anstream::stdout().lock());
    let printed = match job.form {
        Form::Human => human(&report, &mut out),
        Form::Json => {
            serde_json::to_writer_pretty(&mut out, &report).map_err(io::Error::from).and_then(|()| writeln!(out))
        }
        Form::Markdown => markdown(&report, &mut out),
        Form::Svg => badge(&report, &mut out),
    };
    match printed.and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => return Err(format!("cannot print: {error}")),
        _ => {}
    }
    match job.fail_under.filter(|least| report.total.percent() < *least) {
        Some(least) => {
            anstream::eprintln!("error: {} % of the questions are answered; {least} % are asked for", report.percent);
            Ok(ExitCode::from(1))
        }
        None => Ok(ExitCode::SUCCESS),
    }
}

fn report<'a>(sources: &'a Sources, parsed: &'a Parsed, linked: &'a Linked) -> Report<'a> {
    let tree = &linked.tree;
    let mut total = Debt::default();
    let mut sections: BTreeMap<usize, Debt> = BTreeMap::new();
    let mut owners: BTreeMap<Option<&str>, Debt> = BTreeMap::new();
    // Sections by their places in the order of the tree, in which each is known before its pages.
    let mut section_of = vec![0; tree.nodes.len()];
    for (place, &node) in tree.order.iter().enumerate() {
        let parent = tree.nodes[node].parent.unwrap_or(0);
        let is_section = parent == 0 && node != 0 && !tree.nodes[node].children.is_empty();
        section_of[node] = if is_section { place } else { section_of[parent] };
        let Some(number) = tree.nodes[node].page else {
            continue;
        };
        let section = sections.entry(section_of[node]).or_default();
        let page = &parsed.pages[number];
        for (entry, state) in page.entries.iter().zip(&linked.states[number]) {
            let Some(state) = state else {
                continue;
            };
            total.count(state.state);
            section.count(state.state);
            owners.entry(entry.owner.as_deref()).or_default().count(state.state);
        }
        for (hint, target) in page.hints.iter().zip(&linked.resolved[number].hints) {
            if *target != HintTarget::Pending {
                continue;
            }
            total.hints += 1;
            section.hints += 1;
            let entry = hint.entry.filter(|entry| linked.states[number][*entry].is_some());
            if let Some(entry) = entry {
                owners.entry(page.entries[entry].owner.as_deref()).or_default().hints += 1;
            }
        }
    }
    let title = sources.config.title.as_deref().unwrap_or(&tree.nodes[0].title);
    let has_debt = |debt: &Debt| debt.numbers().iter().any(|number| *number > 0);
    Report {
        version: 1,
        title,
        percent: total.whole_percent(),
        total,
        sections: sections
            .into_iter()
            .filter(|(_, debt)| has_debt(debt))
            .map(|(place, debt)| {
                let node = &tree.nodes[tree.order[place]];
                Row { url: Some(&node.url), name: Some(&node.title), debt }
            })
            .collect(),
        owners: if owners.keys().any(Option::is_some) {
            owners.into_iter().map(|(name, debt)| Row { url: None, name, debt }).collect()
        } else {
            Vec::new()
        },
    }
}

/// What is said of questions that nobody owns.
const NOBODY: &str = "(nobody)";

fn human(report: &Report<'_>, out: &mut impl Write) -> io::Result<()> {
    let Report { title, percent, total, .. } = report;
    let title: String = title.chars().filter(|c| !is_obeyed(*c)).collect();
    writeln!(out, "{title}: {} of {} questions are answered ({percent} %)", total.answered, total.questions)?;
    for (head, rows) in [("section", &report.sections), ("owner", &report.owners)] {
        if rows.is_empty() {
            continue;
        }
        let name = |row: &Row<'_>| -> String {
            row.name.unwrap_or(NOBODY).chars().filter(|c| !is_obeyed(*c)).take(LONGEST_NAME).collect()
        };
        let width = rows.iter().map(|row| name(row).chars().count()).chain([head.len()]).max().unwrap_or(0);
        write!(out, "\n{head:width$}")?;
        for column in COLUMNS {
            write!(out, "  {column}")?;
        }
        writeln!(out)?;
        for row in rows {
            write!(out, "{:width$}", name(row))?;
            for (column, number) in COLUMNS.iter().zip(row.debt.numbers()) {
                write!(out, "  {number:>width$}", width = column.len())?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}

/// Names are cut behind so many characters in a table for people.
const LONGEST_NAME: usize = 40;

fn markdown(report: &Report<'_>, out: &mut impl Write) -> io::Result<()> {
    let Report { percent, total, .. } = report;
    writeln!(out, "**{} of {} questions are answered ({percent} %).**", total.answered, total.questions)?;
    for (head, rows) in [("Section", &report.sections), ("Owner", &report.owners)] {
        if rows.is_empty() {
            continue;
        }
        writeln!(out, "\n| {head} | {} |", COLUMNS.join(" | "))?;
        writeln!(out, "| --- |{}", " ---: |".repeat(COLUMNS.len()))?;
        for row in rows {
            let numbers: Vec<String> = row.debt.numbers().iter().map(usize::to_string).collect();
            writeln!(out, "| {} | {} |", cell(row.name.unwrap_or(NOBODY)), numbers.join(" | "))?;
        }
    }
    Ok(())
}

/// `text` in a cell of a table, where nothing of it is Markdown.
fn cell(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_control() => escaped.push(' '),
            '|' | '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '#' => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A badge of 20 pixels in height, whose words are as wide as Verdana of 11 pixels is on the average.
fn badge(report: &Report<'_>, out: &mut impl Write) -> io::Result<()> {
    const CHARACTER: usize = 7;
    const PADDING: usize = 12;
    let value = format!("{} %", report.percent);
    // Dark enough for white words: 4.5 to 1 at least.
    let colour = match report.percent {
        90.. => "#2e7d32",
        60..90 => "#8a6100",
        _ => "#b3261e",
    };
    let label = "answered";
    let left = label.len() * CHARACTER + PADDING;
    let right = value.len() * CHARACTER + PADDING;
    let (width, middle) = (left + right, left + right / 2);
    let title = escape(&format!("{label}: {value}")).into_owned();
    writeln!(
        out,
        r##"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="20" role="img" aria-label="{title}">
<title>{title}</title>
<rect width="{width}" height="20" rx="3" fill="#444"/>
<path d="M{left} 0h{inner}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3h-{inner}z" fill="{colour}"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle">
<text x="{half}" y="14">{label}</text>
<text x="{middle}" y="14">{value}</text>
</g>
</svg>"##,
        inner = right - 3,
        half = left / 2,
    )
}
