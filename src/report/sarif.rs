//! Diagnostics as a SARIF 2.1.0 log, which code scanning reads.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>, and of GitHub's reading of it
//! <https://docs.github.com/code-security/reference/code-scanning/sarif-support-for-code-scanning>: `ruleIndex`, full
//! regions and `primaryLocationLineHash` are what it needs.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

use serde_json::{Map, Value, json};

use super::{Position, Positions, fingerprints};
use crate::diagnostics::{Diagnostic, Edit, Fix, Place, Rule};
use crate::link::encode_path;
use crate::source::Sources;

/// What paths are relative to: the folder that the command was run in.
const BASE: &str = "%SRCROOT%";
/// The most characters that a description may have.
const LONGEST: usize = 1024;

pub(super) fn print(
    positions: &mut Positions<'_>,
    sources: &Sources,
    diagnostics: &[&Diagnostic],
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut numbers: BTreeMap<&str, (usize, &'static Rule)> = BTreeMap::new();
    for diagnostic in diagnostics {
        numbers.insert(diagnostic.rule.name, (0, diagnostic.rule));
    }
    for (number, entry) in numbers.values_mut().enumerate() {
        entry.0 = number;
    }
    let mut results = Vec::with_capacity(diagnostics.len());
    for (diagnostic, fingerprint) in diagnostics.iter().zip(fingerprints(sources, diagnostics)) {
        let number = numbers.get(diagnostic.rule.name).map_or(0, |(number, _)| *number);
        results.push(result(positions, diagnostic, number, fingerprint));
    }
    let rules: Vec<Value> = numbers.values().map(|(_, rule)| descriptor(rule)).collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "unstick",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "automationDetails": { "id": "unstick/check/" },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { BASE: { "description": { "text": "The folder that the command was run in." } } },
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

fn descriptor(rule: &Rule) -> Value {
    let body: String = rule.body().to_owned();
    // The first paragraph says what the rule is about.
    let first = body.split("\n\n").next().unwrap_or_default().replace('\n', " ");
    json!({
        "id": rule.name,
        "name": rule.name,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": cut(&first) },
        "help": { "text": body, "markdown": body },
        "defaultConfiguration": { "level": rule.severity.word() },
    })
}

fn cut(text: &str) -> &str {
    text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end])
}

fn result(positions: &mut Positions<'_>, diagnostic: &Diagnostic, number: usize, fingerprint: String) -> Value {
    let message = match &diagnostic.help {
        Some(help) => format!("{}. Help: {help}.", diagnostic.message),
        None => format!("{}.", diagnostic.message),
    };
    let mut result = json!({
        "ruleId": diagnostic.rule.name,
        "ruleIndex": number,
        "level": diagnostic.severity.word(),
        "message": { "text": message },
        "locations": [location(positions.of(&diagnostic.place))],
        "partialFingerprints": { "primaryLocationLineHash": fingerprint },
    });
    let related: Vec<Value> = diagnostic
        .related
        .iter()
        .map(|related| {
            let mut location = location(positions.of(&related.place));
            location["message"] = json!({ "text": related.message });
            location
        })
        .collect();
    if !related.is_empty() {
        result["relatedLocations"] = related.into();
    }
    if let Some(fix) = &diagnostic.fix {
        result["fixes"] = json!([repair(positions, fix)]);
    }
    result
}

fn location(position: Position) -> Value {
    if !position.is_file {
        return json!({ "message": { "text": position.path } });
    }
    let mut physical = Map::new();
    physical.insert("artifactLocation".into(), artifact(&position.path));
    // Whoever reads wants a line for every finding; one about a whole file stands at its head.
    let whole = json!({ "startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1 });
    physical.insert("region".into(), region(&position).unwrap_or(whole));
    json!({ "physicalLocation": physical })
}

fn region(position: &Position) -> Option<Value> {
    let (start, end) = (position.start?, position.end?);
    Some(json!({
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
    }))
}

fn artifact(path: &str) -> Value {
    if Path::new(path).is_absolute() {
        let path = encode_path(path.trim_start_matches('/'));
        // The colon of a drive is no scheme here.
        return json!({ "uri": format!("file:///{}", path.trim_start_matches("./")) });
    }
    json!({ "uri": encode_path(path), "uriBaseId": BASE })
}

fn repair(positions: &mut Positions<'_>, fix: &Fix) -> Value {
    let mut files: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for Edit { span, text } in &fix.edits {
        let position = positions.of(&Place::Span(*span));
        let replacement = json!({ "deletedRegion": region(&position), "insertedContent": { "text": text } });
        files.entry(position.path).or_default().push(replacement);
    }
    let changes: Vec<Value> = files
        .into_iter()
        .map(|(path, replacements)| json!({ "artifactLocation": artifact(&path), "replacements": replacements }))
        .collect();
    json!({ "description": { "text": fix.title }, "artifactChanges": changes })
}
