//! The theme's scripts and styles as readers load them: without their comments and their indentation, and styles without the
//! spaces that say nothing: around braces, within declarations, beside `>`.
//!
//! Goes by lines and knows neither language, so the sources hold to what it understands: a comment that is taken out begins its
//! line, and no text runs over the end of a line. `tests/browser/lean.test.mjs` reads what is left as the browser does, and
//! requires that it says the same. Files of a site are never touched.

use std::borrow::Cow;

/// The bytes of the theme's file `path` as they are written.
pub fn lean<'a>(path: &str, bytes: &'a [u8]) -> Cow<'a, [u8]> {
    match std::str::from_utf8(bytes) {
        Ok(text) if path.ends_with(".js") => Cow::Owned(stripped(text, Some("//")).into_bytes()),
        Ok(text) if path.ends_with(".css") => {
            let spaced = [("; }", "}"), (" {", "{"), ("{ ", "{"), (": ", ":"), ("; ", ";"), ("}\n", "}"), (" > ", ">")];
            let text = spaced.into_iter().fold(stripped(text, None), |text, (from, to)| text.replace(from, to));
            Cow::Owned(text.into_bytes())
        }
        _ => Cow::Borrowed(bytes),
    }
}

/// `text` without the block comments that begin a line, the lines that begin with `comment`, indentation and empty lines.
fn stripped(text: &str, comment: Option<&str>) -> String {
    let mut left = String::with_capacity(text.len());
    let mut is_inside = false;
    for line in text.lines() {
        let mut line = line.trim();
        loop {
            if is_inside {
                let Some((_, behind)) = line.split_once("*/") else {
                    line = "";
                    break;
                };
                is_inside = false;
                line = behind.trim_start();
            }
            let Some(inside) = line.strip_prefix("/*") else { break };
            is_inside = true;
            line = inside;
        }
        if !line.is_empty() && !comment.is_some_and(|comment| line.starts_with(comment)) {
            left.push_str(line);
            left.push('\n');
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_comments_that_begin_a_line_go() {
        let script = "/**\n * What // it does.\n */\n(function () {\n  // Why.\n  var a = 1; // stays\n\n  /** @type {x} */\n  \
                      /** @type {y} */ (b).c = '/* no comment */'; /* stays */\n  /*/ one */ /* two */ d();\n})();\n";
        let left = "(function () {\nvar a = 1; // stays\n(b).c = '/* no comment */'; /* stays */\nd();\n})();\n";
        assert_eq!(lean("unstick/a.js", script.as_bytes()), left.as_bytes());
        let styles = "/* 1 */\r\n\r\n@media print {\r\n  a { b: url(//c); }\r\n  //not a comment\r\n}";
        let left = "@media print{\na{b:url(//c)}//not a comment\n}";
        assert_eq!(lean("unstick/a.css", styles.as_bytes()), left.as_bytes());
    }

    #[test]
    fn other_files_stay_as_they_are() {
        assert!(matches!(lean("unstick/icon.svg", b"  <!-- /* */ -->\n"), Cow::Borrowed(b"  <!-- /* */ -->\n")));
    }

    #[test]
    fn nothing_in_the_theme_runs_over_the_end_of_a_line() {
        for (path, bytes) in crate::default_theme::STATIC.iter().filter(|(path, _)| path.ends_with(".js")) {
            for (number, line) in String::from_utf8_lossy(bytes).lines().enumerate() {
                let marks = line.matches('`').count();
                assert!(marks % 2 == 0 || line.trim_start().starts_with(['*', '/']), "{path}:{}: {line}", number + 1);
                assert!(!line.ends_with('\\'), "{path}:{}: {line}", number + 1);
            }
        }
    }
}
