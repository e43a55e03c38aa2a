//! Addresses: from output paths to what stands in an `href`.

use std::borrow::Cow;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

pub use crate::parse::slug::encode_fragment;

/// What a path segment must not hold as it is: the path set of the URL standard with `%`, and what would end an attribute
/// or a Markdown link.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'%')
    .add(b'\\')
    .add(b'[')
    .add(b']')
    .add(b'|')
    .add(b'^');

/// Is it one of the bytes that a path is mostly made of? None of them is ever encoded.
fn passes(byte: u8) -> bool {
    // From `-` to `9` there are `.`, `/` and the digits.
    (byte | 0x20).is_ascii_lowercase() | (b'-'..=b'9').contains(&byte) | (byte == b'_') | (byte == b'~')
}

/// `path` percent-encoded, its slashes kept.
pub fn encode_path(path: &str) -> Cow<'_, str> {
    // Nearly every path is made of what passes, and every link asks: without a way out early, for many bytes at once.
    if path.bytes().fold(true, |all, byte| all & passes(byte)) {
        return Cow::Borrowed(path);
    }
    let encoded: Cow<'_, str> = utf8_percent_encode(path, SEGMENT).into();
    // A colon in the first segment of a relative address would read as a scheme.
    if encoded.split('/').next().is_some_and(|first| first.contains(':')) {
        Cow::Owned(format!("./{encoded}"))
    } else {
        encoded
    }
}

/// `text` percent-decoded; bytes that are not UTF-8 stay encoded.
pub fn decode(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'%', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    percent_decode_str(text).decode_utf8().unwrap_or(Cow::Borrowed(text))
}

/// The way from the output file `from` to the root: `""`, `"../"` …
pub fn to_root(from: &str) -> String {
    "../".repeat(memchr::memchr_iter(b'/', from.as_bytes()).count())
}

/// The relative address of the output file `to` seen from the output file `from`, with `fragment`.
pub fn relative(from: &str, to: &str, fragment: Option<&str>) -> String {
    let folder = |path: &str| memchr::memrchr(b'/', path.as_bytes()).map_or(0, |at| at + 1);
    let (here, there) = (&from.as_bytes()[..folder(from)], &to.as_bytes()[..folder(to)]);
    let same = here.iter().zip(there).take_while(|(a, b)| a == b).count();
    // The folders that hold both.
    let shared = here[..same].iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
    let mut address = String::with_capacity(from.len() + to.len());
    for _ in here[shared..].iter().filter(|byte| **byte == b'/') {
        address.push_str("../");
    }
    address.push_str(&encode_path(&to[shared..]));
    if let Some(fragment) = fragment {
        address.push('#');
        address.push_str(&encode_fragment(fragment));
    }
    address
}

/// The scheme of `address` in lower case, as a browser reads it: white space and control characters are ignored.
pub fn scheme(address: &str) -> Option<String> {
    memchr::memchr(b':', address.as_bytes())?;
    let mut scheme = String::new();
    for c in address.chars() {
        match c {
            c if c.is_whitespace() || c.is_control() => {}
            ':' => return (scheme.len() > 1).then_some(scheme),
            c if c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-') => scheme.push(c.to_ascii_lowercase()),
            _ => return None,
        }
    }
    None
}

/// Can an address of this scheme run code?
pub fn is_unsafe(scheme: &str) -> bool {
    matches!(scheme, "javascript" | "vbscript" | "data" | "livescript" | "mocha" | "blob" | "view-source" | "jar")
}

/// An outside address made fit for an attribute: spaces and the like encoded, all else kept.
pub fn external(address: &str) -> String {
    const KEEP: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'<')
        .add(b'>')
        .add(b'`')
        .add(b'\\')
        .add(b'[')
        .add(b']')
        .add(b'{')
        .add(b'}')
        .add(b'|')
        .add(b'^');
    const HOST: AsciiSet = KEEP.remove(b'[').remove(b']');
    let address = address.trim();
    // The brackets of an IPv6 host are the only ones that may stand.
    let host_end = address
        .find("://")
        .map_or(0, |at| address[at + 3..].find(['/', '?', '#']).map_or(address.len(), |n| at + 3 + n));
    let (host, rest) = address.split_at(host_end);
    let mut encoded = String::with_capacity(address.len() + 8);
    encoded.extend(utf8_percent_encode(host, &HOST).chain(utf8_percent_encode(rest, KEEP)));
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_addresses_name_their_file() {
        for (from, to, expected) in [
            ("index.html", "a/index.html", "a/index.html"),
            ("a/index.html", "index.html", "../index.html"),
            ("a/b/index.html", "a/c/index.html", "../c/index.html"),
            ("a/index.html", "a/index.html", "index.html"),
            ("x.html", "a b/ü#?.html", "a%20b/%C3%BC%23%3F.html"),
            ("x.html", "a:b.html", "./a:b.html"),
        ] {
            assert_eq!(relative(from, to, None), expected, "{from} -> {to}");
        }
        assert_eq!(relative("a/index.html", "b/index.html", Some("c d")), "../b/index.html#c%20d");
    }

    #[test]
    fn outside_addresses_lose_nothing() {
        assert_eq!(external("https://a.`b c>/d e"), "https://a.%60b%20c%3E/d%20e");
        assert_eq!(external("http://[::1]:80/[x]"), "http://[::1]:80/%5Bx%5D");
    }

    #[test]
    fn schemes_are_read_as_browsers_do() {
        assert_eq!(scheme("JaVa\tScript:alert(1)").as_deref(), Some("javascript"));
        assert_eq!(scheme(" \u{1}vbscript:x").as_deref(), Some("vbscript"));
        assert_eq!(scheme("https://x").as_deref(), Some("https"));
        assert_eq!(scheme("C:\\x"), None);
        assert_eq!(scheme("a/b:c"), None);
        assert_eq!(scheme("#a:b"), None);
    }
}
