//! `unstick explain`: the manual's page about a diagnostic, or the list of all.

use std::process::ExitCode;

use crate::diagnostics::{ALL, nearest};

/// Prints the page about `name`, or one line about each diagnostic.
///
/// # Errors
/// When no diagnostic has that name.
pub fn run(name: Option<&str>) -> Result<ExitCode, String> {
    let Some(name) = name else {
        let width = ALL.iter().map(|rule| rule.name.len()).max().unwrap_or(0);
        for rule in ALL {
            anstream::println!("{:width$}  {:7}  {}", rule.name, rule.severity.word(), rule.summary);
        }
        return Ok(ExitCode::SUCCESS);
    };
    // As copied from a message: `error[broken-link]`.
    let wanted = name.rsplit('[').next().unwrap_or(name).trim_end_matches(']');
    match ALL.iter().find(|rule| rule.name == wanted) {
        Some(rule) => {
            anstream::println!("# {}\n\n{}", rule.title(), rule.body());
            Ok(ExitCode::SUCCESS)
        }
        None => {
            let hint = match nearest(wanted, ALL.iter().map(|rule| rule.name)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`unstick explain` lists them all".to_owned(),
            };
            Err(format!("no diagnostic is called `{wanted}`; {hint}"))
        }
    }
}
