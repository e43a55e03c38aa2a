//! The page that lists every mistake of the site.

use super::finding::{Finding, Findings};
use super::live::{OWN, Shown, dress};
use super::version::Version;
use crate::parse::html::{attribute, escape};

/// More mistakes are not listed.
const MOST: usize = 1000;

/// The page as it is served.
pub fn page(version: &Version) -> Shown {
    let mut findings = Findings::new(&version.site.sources).shown(version.diagnostics());
    let count = version.count();
    let all = findings.len();
    findings.truncate(MOST);
    let mut html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Mistakes of the site</title>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"stylesheet\" href=\"{OWN}live.css\">\n</head>\n\
         <body class=\"overview\">\n<main>\n<h1>Mistakes of the site</h1>\n<p>{}. <a href=\"/\">Home page</a></p>\n<ul>\n",
        count.words(),
    );
    for finding in &findings {
        html += &line(finding);
    }
    html += "</ul>\n";
    if all > MOST {
        html += &format!("<p>{} more are printed by <code>unstick check</code>.</p>\n", all - MOST);
    }
    html += "</main>\n</body>\n</html>\n";
    dress(html.as_bytes(), &format!("{OWN}findings"), &version.trouble, &[], count, 0)
}

fn line(finding: &Finding) -> String {
    let place = escape(&finding.place);
    let place = match &finding.editor {
        Some(editor) => format!("<a href=\"{}\">{place}</a>", attribute(editor)),
        None => place.to_string(),
    };
    let help = finding.help.as_ref().map(|help| format!("<p class=\"help\">{}</p>", words(help))).unwrap_or_default();
    format!(
        "<li class=\"{}\"><p><span class=\"severity\">{}</span> {} <span class=\"rule\">{}</span></p>{help}<p class=\"place\">{place}</p></li>\n",
        finding.severity,
        finding.severity,
        words(&finding.message),
        finding.rule,
    )
}

/// `text` with its `code` marked.
fn words(text: &str) -> String {
    let parts = text.split('`').enumerate().map(|(at, part)| match at % 2 {
        1 => format!("<code>{}</code>", escape(part)),
        _ => escape(part).to_string(),
    });
    parts.collect()
}
