//! What a served page carries beside what a build would write: its findings, and the script that shows them and waits for
//! the next change.
//!
//! A page may forbid everything but its own scripts and styles (the default theme does), so findings are data in the page,
//! styles are a file, and the script waits by loading a script that comes when there is news.

use serde::Serialize;
use xxhash_rust::xxh3::Xxh3;

use super::finding::Finding;

/// Addresses below this are the server's own.
pub const OWN: &str = "/_unstick/";
/// The script.
pub const SCRIPT: &str = include_str!("live.js");
/// Its styles.
pub const STYLES: &str = include_str!("live.css");

/// How many mistakes the site has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Count {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
}

impl Count {
    /// The count in words: `2 errors, 1 warning`.
    pub fn words(self) -> String {
        let counted = |number: usize, word: &str| format!("{number} {word}{}", if number == 1 { "" } else { "s" });
        format!("{}, {}", counted(self.errors, "error"), counted(self.warnings, "warning"))
    }
}

/// What a page carries.
#[derive(Debug, Serialize)]
struct Carried<'a> {
    /// Its address, for the server to know what is looked at.
    page: &'a str,
    /// What the page and its findings were made of, as a number.
    seen: String,
    /// What keeps the newest state of the site from being shown.
    trouble: &'a [Finding],
    /// What is wrong with the page.
    findings: &'a [Finding],
    site: Count,
}

/// A page of the site as it is served.
#[derive(Debug)]
pub struct Shown {
    /// The HTML.
    pub html: Vec<u8>,
    /// Differs when the page or its findings do.
    pub seen: String,
}

/// The page at `page`, whose HTML is `html`, with its findings and the script. `copies` is the state of all files that pages
/// load and that are not made of them.
pub fn dress(html: &[u8], page: &str, trouble: &[Finding], findings: &[Finding], site: Count, copies: u64) -> Shown {
    let told = |findings: &[Finding]| serde_json::to_string(findings).expect("findings are texts");
    let mut hasher = Xxh3::new();
    for part in [html, told(trouble).as_bytes(), told(findings).as_bytes(), &copies.to_le_bytes()] {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let seen = format!("{:016x}", hasher.digest());
    let carried = Carried { page, seen: seen.clone(), trouble, findings, site };
    // No `</script>` or `<!--` inside.
    let carried = serde_json::to_string(&carried).expect("findings are texts").replace('<', "\\u003c");
    let tags = format!(
        "<script type=\"application/json\" id=\"_unstick-page\">{carried}</script>\n<script src=\"{OWN}live.js\" defer></script>\n"
    );
    let end = memchr::memmem::rfind(html, b"</body>").unwrap_or(html.len());
    let html = [&html[..end], tags.as_bytes(), &html[end..]].concat();
    Shown { html, seen }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_carried_cannot_end_its_script() {
        let finding = Finding::failure("</script><!--".into());
        let shown = dress(b"<body>x</body>", "/", &[finding], &[], Count::default(), 0);
        let html = String::from_utf8(shown.html).expect("it is text");
        assert_eq!(html.matches("</script>").count(), 2, "{html}");
        assert!(html.starts_with("<body>x<script") && html.ends_with("</body>") && !html.contains("<!--"), "{html}");
    }

    #[test]
    fn a_page_is_news_when_it_or_its_findings_differ() {
        let seen = |html: &str, findings: &[Finding], copies| {
            dress(html.as_bytes(), "/", &[], findings, Count { errors: copies as usize, warnings: 0 }, copies).seen
        };
        let finding = Finding::failure("x".into());
        assert_eq!(seen("a", &[], 0), seen("a", &[], 0));
        assert_ne!(seen("a", &[], 0), seen("b", &[], 0));
        assert_ne!(seen("a", &[], 0), seen("a", &[finding], 0));
        assert_ne!(seen("a", &[], 0), seen("a", &[], 1));
    }
}
