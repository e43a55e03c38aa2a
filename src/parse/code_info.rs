//! What a fence says of its code: the language, and the lines to point out.
//!
//! Lines are named in the ways that writers know from other tools: `{1,4-6}` (Docusaurus, VitePress, Starlight),
//! `{hl_lines=[2,"4-6"]}` (Hugo) and `hl_lines="2 4-6"` (Material for MkDocs), also in braces with the language as a class,
//! `{ .yaml hl_lines="2" }`. What cannot be understood is left out: it says nothing to readers.

use std::ops::RangeInclusive;

/// More ranges than so many are left out.
const MOST: usize = 100;

/// What stands behind the marks of a fence.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct CodeInfo<'a> {
    /// The language as written; empty when none is.
    pub language: &'a str,
    /// Lines to point out, from 1, in the order in which they are named.
    pub lines: Vec<RangeInclusive<u32>>,
}

impl<'a> CodeInfo<'a> {
    /// Reads `info`.
    pub fn of(info: &'a str) -> CodeInfo<'a> {
        let info = info.trim();
        let first = info.split([' ', '\t', ',', '{']).next().unwrap_or_default();
        let mut language = first.trim_matches(['.', ':']);
        if let Some(rest) = info.strip_prefix('{') {
            let mut words = rest.split(|c: char| c.is_whitespace() || c == '}');
            language = words.find_map(|word| word.strip_prefix('.')).unwrap_or_default();
        }
        // Most fences name a language and nothing else.
        let rest = &info[first.len()..];
        let lines = if rest.is_empty() { Vec::new() } else { lines(rest) };
        CodeInfo { language, lines }
    }
}

/// The lines that the rest of an info string names.
fn lines(rest: &str) -> Vec<RangeInclusive<u32>> {
    let named = rest.match_indices("hl_lines").find_map(|(at, key)| {
        let is_word = !rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let value = rest[at + key.len()..].trim_start().strip_prefix('=')?.trim_start();
        is_word.then_some(value)
    });
    let list = match named {
        Some(value) => match value.as_bytes().first() {
            Some(b'[') => value[1..].split(']').next(),
            Some(quote @ (b'"' | b'\'')) => value[1..].split(char::from(*quote)).next(),
            _ => value.split(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | ' ')).next(),
        },
        // Braces that hold nothing but numbers.
        None => rest
            .split('{')
            .skip(1)
            .filter_map(|inside| inside.split('}').next())
            .find(|inside| inside.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '-' | ' '))),
    };
    let items = list.unwrap_or_default().split([',', ' ']).map(|item| item.trim_matches(['"', '\'']));
    items.filter_map(range).take(MOST).collect()
}

/// `4` or `4-6`.
fn range(item: &str) -> Option<RangeInclusive<u32>> {
    let (first, last) = item.split_once('-').unwrap_or((item, item));
    let (first, last): (u32, u32) = (first.parse().ok()?, last.parse().ok()?);
    (first >= 1 && first <= last).then_some(first..=last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_named_as_in_other_tools() {
        type Case = (&'static str, &'static str, &'static [(u32, u32)]);
        let cases: &[Case] = &[
            ("js", "js", &[]),
            ("js {1,4-6}", "js", &[(1, 1), (4, 6)]),
            ("js{1, 4-6}", "js", &[(1, 1), (4, 6)]),
            ("jsx title=\"/src/App.js\" {2}", "jsx", &[(2, 2)]),
            ("go {hl_lines=[2,\"4-6\"]}", "go", &[(2, 2), (4, 6)]),
            ("go {linenos=true,hl_lines=[\"2-3\"],linenostart=199}", "go", &[(2, 3)]),
            ("go {hl_lines=\"2 4-6\"}", "go", &[(2, 2), (4, 6)]),
            ("go {hl_lines=3}", "go", &[(3, 3)]),
            ("go linenos=table,hl_lines=8 15-17,linenostart=199", "go", &[(8, 8), (15, 17)]),
            ("py hl_lines=\"2 3\"", "py", &[(2, 2), (3, 3)]),
            ("{ .py hl_lines='2 3' linenums=\"1\" }", "py", &[(2, 2), (3, 3)]),
            ("{.yaml}", "yaml", &[]),
            (".yaml", "yaml", &[]),
            ("rust,ignore", "rust", &[]),
            ("js {0,6-4,x,99999999999,2}", "js", &[]),
            ("go {hl_lines=[0,\"6-4\",x,2]}", "go", &[(2, 2)]),
            ("js {label=\"1\"}", "js", &[]),
            ("", "", &[]),
            ("{}", "", &[]),
        ];
        for (info, language, lines) in cases {
            let read = CodeInfo::of(info);
            let found: Vec<(u32, u32)> = read.lines.iter().map(|lines| (*lines.start(), *lines.end())).collect();
            assert_eq!((read.language, found.as_slice()), (*language, *lines), "{info}");
        }
    }
}
