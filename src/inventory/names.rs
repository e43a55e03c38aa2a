//! Names that objects of an unstick site have, in its `objects.inv` and when its `unstick.json` is imported.
//!
//! No name holds white space: Sphinx ends a name at the first white space behind which a word and a number follow, and in
//! *tray 3 is empty* that is not where it ends.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::parse::slug::slug;

/// Longest name made of the text of a message, in characters.
const MAX_MESSAGE: usize = 80;

/// The name of a page by its output file or its address: `printing/jams` for `printing/jams/index.html`, `index` for the
/// home page.
pub fn page(address: &str) -> String {
    let path = percent_decode_str(address).decode_utf8_lossy();
    let path = path.trim_matches('/');
    let path = match path.strip_suffix("index.html") {
        Some(folder) if folder.is_empty() || folder.ends_with('/') => folder.trim_end_matches('/'),
        _ => path.strip_suffix(".html").unwrap_or(path),
    };
    if path.is_empty() { "index".into() } else { single_word(path).into_owned() }
}

/// The name of a place on a page, as of Sphinx's own labels of sections: `printing/jams:mid-job`.
pub fn place(page: &str, id: &str) -> String {
    [page, ":", &single_word(id)].concat()
}

/// The name of an entry: `printing/jams#mid-job`. That of its label would do in Sphinx, where kinds have names of their own;
/// MyST looks for a name among all kinds and would find two.
pub fn entry(page: &str, id: &str) -> String {
    [page, "#", &single_word(id)].concat()
}

/// The name of a message: its code, or else its text, shortened; `None` for one without a letter.
pub fn message(code: Option<&str>, text: &str) -> Option<String> {
    let code = code.map(|code| single_word(code.trim_start_matches('#')).into_owned()).filter(|code| !code.is_empty());
    code.or_else(|| Some(slug(text).chars().take(MAX_MESSAGE).collect()).filter(|name: &String| !name.is_empty()))
}

/// What a message is called: its code and its text.
pub fn message_title(code: Option<&str>, text: &str) -> String {
    match code {
        Some(code) if text.is_empty() => code.to_owned(),
        Some(code) => format!("{code}: {text}"),
        None => text.to_owned(),
    }
}

fn single_word(text: &str) -> Cow<'_, str> {
    if text.bytes().fold(true, |all, byte| all & byte.is_ascii_graphic()) {
        return Cow::Borrowed(text);
    }
    let parts = text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|part| !part.is_empty());
    Cow::Owned(parts.collect::<Vec<_>>().join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_single_words() {
        for (address, name) in [
            ("index.html", "index"),
            ("a/b/index.html", "a/b"),
            ("/a/b/", "a/b"),
            ("a%20b.html", "a-b"),
            ("my-index.html", "my-index"),
        ] {
            assert_eq!(page(address), name);
        }
        assert_eq!(message(Some("#E 52"), "x").as_deref(), Some("E-52"));
        assert_eq!(message(None, "tray {n} is empty").as_deref(), Some("tray-n-is-empty"));
        assert_eq!(message(None, "…"), None);
    }
}
