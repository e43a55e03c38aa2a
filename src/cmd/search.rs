//! `unstick search`: asks the search of a site, one query or a file of them.

use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ValueEnum;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::link::{Drafts, Settings};
use crate::search::catalogue::{self, Catalogue};
use crate::search::rank::Found;
use crate::search::units::Unit;
use crate::source::{Options, Sources};
use crate::{Site, parse, without_search};

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Form {
    /// For people.
    #[default]
    Human,
    /// One JSON document.
    Json,
    /// One JSON document a line, a line for each query.
    Jsonl,
}

/// What is asked.
#[derive(Debug)]
pub enum Queries {
    /// These words.
    One(String),
    /// Each line of this file, `{"id": …, "text": …}`.
    File(PathBuf),
}

/// Everything that a search is told.
#[derive(Debug)]
pub struct Job {
    /// Folder of the site.
    pub root: PathBuf,
    /// What is asked.
    pub queries: Queries,
    /// The most results for a query.
    pub top: usize,
    /// How they are printed.
    pub form: Form,
    /// The day, for the states of entries.
    pub today: jiff::civil::Date,
}

#[derive(Deserialize)]
struct Query {
    id: serde_json::Value,
    text: String,
}

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    query: Option<&'a str>,
    /// Empty when nothing fits.
    results: Vec<Row<'a>>,
    /// What comes nearest when nothing fits.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    nearest: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    url: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<&'a str>,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    score: f64,
}

/// Answers the queries. The exit status is 1 when a single query found nothing that fits.
///
/// # Errors
/// When the site or the queries cannot be read, in words.
pub fn run(job: &Job) -> Result<ExitCode, String> {
    let settings = Settings { drafts: Drafts::LeftOut, today: job.today };
    let sources = Sources::read(&job.root, &Options::default()).map_err(|error| error.to_string())?;
    let parsed = parse::parse(&sources, &sources.config);
    // What is wrong with the site is for `check` to say.
    let site = without_search(sources, parsed, settings);
    let synonyms = catalogue::synonyms(&site.sources, &mut Vec::new());
    let catalogue = Catalogue::of(&site.sources, &site.parsed, &site.linked, synonyms);
    let searcher = catalogue.searcher();
    let asked = Asked { site: &site, units: &catalogue.units, top: job.top };
    let mut out = BufWriter::new(anstream::stdout().lock());
    let printed = match &job.queries {
        Queries::One(text) => {
            let found = searcher.search(text);
            let printed = match job.form {
                Form::Human => asked.human(&found, &mut out),
                Form::Json | Form::Jsonl => {
                    json(&Answer { query: Some(text), ..asked.answer(None, &found) }, job.form, &mut out)
                }
            };
            let fits = found.fits && !found.hits.is_empty();
            printed.map(|()| if fits { ExitCode::SUCCESS } else { ExitCode::from(1) })
        }
        Queries::File(path) => {
            let text = fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            let queries = text
                .lines()
                .enumerate()
                .filter(|(_, line)| !line.trim().is_empty())
                .map(|(number, line)| {
                    serde_json::from_str(line)
                        .map_err(|error| format!("{}:{}: {error}; a line is {EXAMPLE}", path.display(), number + 1))
                })
                .collect::<Result<Vec<Query>, String>>()?;
            let found: Vec<Found> = queries.par_iter().map(|query| searcher.search(&query.text)).collect();
            let answers: Vec<_> =
                queries.iter().zip(&found).map(|(query, found)| asked.answer(Some(&query.id), found)).collect();
            let printed = match job.form {
                Form::Json => json(&answers, job.form, &mut out),
                Form::Jsonl => answers.iter().try_for_each(|answer| json(answer, job.form, &mut out)),
                Form::Human => queries.iter().zip(&found).try_for_each(|(query, found)| {
                    writeln!(out, "{}", query.text)?;
                    asked.human(found, &mut out)?;
                    writeln!(out)
                }),
            };
            printed.map(|()| ExitCode::SUCCESS)
        }
    };
    match printed.and_then(|status| out.flush().map(|()| status)) {
        // Whoever read has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(ExitCode::SUCCESS),
        result => result.map_err(|error| format!("cannot print: {error}")),
    }
}

const EXAMPLE: &str = r#"{"id": "q1", "text": "sync is slow"}"#;

fn json(value: &impl Serialize, form: Form, out: &mut impl Write) -> io::Result<()> {
    match form {
        Form::Jsonl => serde_json::to_writer(&mut *out, value)?,
        Form::Human | Form::Json => serde_json::to_writer_pretty(&mut *out, value)?,
    }
    writeln!(out)
}

/// What results are made of.
struct Asked<'a> {
    site: &'a Site,
    units: &'a [Unit<'a>],
    top: usize,
}

impl<'a> Asked<'a> {
    fn answer<'q>(&self, id: Option<&'q serde_json::Value>, found: &Found) -> Answer<'q>
    where
        'a: 'q,
    {
        let rows = self.rows(found);
        let (results, nearest) = if found.fits { (rows, Vec::new()) } else { (Vec::new(), rows) };
        Answer { id, query: None, results, nearest }
    }

    fn rows(&self, found: &Found) -> Vec<Row<'a>> {
        let hits = found.hits.iter().take(self.top);
        hits.map(|hit| {
            let unit = &self.units[hit.unit as usize];
            let entry = unit.entry.map(|entry| &self.site.parsed.pages[unit.page].entries[entry]);
            Row {
                url: &unit.url,
                entry: entry.map(|entry| entry.id.as_str()),
                title: unit.title,
                state: unit.state.map(crate::link::State::name),
                score: (hit.score * 1000.0).round() / 1000.0,
            }
        })
        .collect()
    }

    fn human(&self, found: &Found, out: &mut impl Write) -> io::Result<()> {
        let rows = self.rows(found);
        match (rows.is_empty(), found.fits) {
            (true, _) => return writeln!(out, "Nothing fits."),
            (false, false) => writeln!(out, "Nothing fits. What comes nearest:")?,
            (false, true) => {}
        }
        for row in rows {
            let state = row.state.filter(|state| *state != "answered");
            let state = state.map_or(String::new(), |state| format!(" ({state})"));
            writeln!(out, "{}{state}\n  {}", row.title, row.url)?;
        }
        Ok(())
    }
}
