//! Where the keys and list items of a YAML text stand, at any depth.
//!
//! In steps: go through the lines with the keys and items that are open at their indentation; note where each stands by its
//! path (`theme/css/0`). What stands inside brackets is looked up by its spelling in what surrounds it. Like the scan of
//! `yaml`, this says where a value is and never what it is.

use std::collections::BTreeMap;
use std::ops::Range;

use super::yaml::{Field, Notation, key_of, strip_comment};

/// The places of a text.
#[derive(Debug)]
pub struct Places<'t> {
    text: &'t str,
    known: BTreeMap<String, Field>,
}

/// A key or an item whose value may go on below.
struct Open {
    indent: usize,
    path: String,
    is_item: bool,
}

impl<'t> Places<'t> {
    /// The places of `text`.
    pub fn of(text: &'t str) -> Places<'t> {
        let mut places = Places { text, known: BTreeMap::new() };
        let mut open: Vec<Open> = Vec::new();
        let mut items: BTreeMap<String, usize> = BTreeMap::new();
        // Lines deeper than this belong to a block scalar.
        let mut scalar: Option<usize> = None;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let at = start;
            start += line.len();
            let line = line.trim_end_matches(['\n', '\r']);
            let mut rest = line.trim_start_matches(' ');
            let mut indent = line.len() - rest.len();
            if rest.is_empty() || rest.starts_with('#') || scalar.is_some_and(|below| indent > below) {
                continue;
            }
            scalar = None;
            while rest == "-" || rest.starts_with("- ") {
                open.retain(|outer| outer.indent < indent || (outer.indent == indent && !outer.is_item));
                let parent = open.last().map_or("", |outer| outer.path.as_str());
                let number = items.entry(parent.to_owned()).or_insert(0);
                let path = format!("{parent}/{number}");
                *number += 1;
                let inner = rest[1..].trim_start_matches(' ');
                let value = at + line.len() - inner.len();
                let field =
                    Field { key: at + indent..at + indent + 1, value: value..value + strip_comment(inner).len() };
                places.known.entry(path.clone()).or_insert(field);
                open.push(Open { indent, path, is_item: true });
                indent += rest.len() - inner.len();
                rest = inner;
            }
            let Some((key, length)) = key_of(rest, Notation::Yaml) else { continue };
            open.retain(|outer| outer.indent < indent);
            let parent = open.last().map_or("", |outer| outer.path.as_str());
            let path = if parent.is_empty() { key.to_owned() } else { format!("{parent}/{key}") };
            let after = &rest[length..];
            let after = after[after.find(':').map_or(0, |colon| colon + 1)..].trim_start();
            let value = at + line.len() - after.len();
            let shown = strip_comment(after);
            let start_of_key = at + line.len() - rest.len();
            let field = Field { key: start_of_key..start_of_key + length, value: value..value + shown.len() };
            places.known.entry(path.clone()).or_insert(field);
            if shown.starts_with(['|', '>']) {
                scalar = Some(indent);
            }
            open.push(Open { indent, path, is_item: false });
        }
        places
    }

    /// Where the key at `path` stands, or what is around it.
    pub fn key(&self, path: &str) -> Range<usize> {
        if let Some(field) = self.known.get(path) {
            return field.key.clone();
        }
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        self.inside(parent, name)
    }

    /// Where the value at `path` stands, which is spelled `spelled`, or what is around it.
    pub fn value(&self, path: &str, spelled: &str) -> Range<usize> {
        match self.known.get(path) {
            Some(field) if !field.value.is_empty() => field.value.clone(),
            Some(field) if spelled.is_empty() => field.key.clone(),
            _ => self.inside(path, spelled),
        }
    }

    /// Where `spelled` stands in the value at `path`, or the nearest that is known.
    pub fn inside(&self, path: &str, spelled: &str) -> Range<usize> {
        let mut path = path;
        loop {
            if let Some(field) = self.known.get(path) {
                let from = field.key.end;
                let below = format!("{path}/");
                let others = self.known.iter().filter(|(other, _)| !other.starts_with(&below));
                let end = others.map(|(_, other)| other.key.start).filter(|start| *start > from).min();
                let end = end.unwrap_or(self.text.len());
                let found = if spelled.is_empty() { None } else { self.text[from..end].find(spelled) };
                return match found {
                    Some(found) => from + found..from + found + spelled.len(),
                    None if field.value.is_empty() => field.key.clone(),
                    None => field.value.clone(),
                };
            }
            match path.rsplit_once('/') {
                Some((parent, _)) => path = parent,
                None => return 0..0,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "title: x # y\ntheme:\n  colors:\n    light: {accent: '#fff', text: red}\n  css:\n  - a.css\n  - b.css # second\n  footer: |\n    css: no\n    [x](y)\n  navigation:\n    - title: A\n      url: /a/\n    -\n      title: B\n  js: [c.js, d.js]\n";

    #[test]
    fn keys_and_items_are_found_at_any_depth() {
        let places = Places::of(TEXT);
        let value = |path: &str, spelled: &str| &TEXT[places.value(path, spelled)];
        assert_eq!(value("title", "x"), "x");
        assert_eq!(value("theme/css/1", "b.css"), "b.css");
        assert_eq!(value("theme/navigation/0/url", "/a/"), "/a/");
        assert_eq!(value("theme/navigation/1/title", "B"), "B");
        assert_eq!(value("theme/colors/light/text", "red"), "red");
        assert_eq!(value("theme/js/1", "d.js"), "d.js");
        assert_eq!(&TEXT[places.inside("theme/footer", "y")], "y");
        assert_eq!(&TEXT[places.key("theme/navigation/0/url")], "url");
        assert_eq!(&TEXT[places.key("theme/colors/light/accent")], "accent");
        assert!(!places.known.contains_key("theme/footer/css"));
    }

    #[test]
    fn what_is_not_found_is_pointed_at_from_outside() {
        let places = Places::of(TEXT);
        assert_eq!(&TEXT[places.value("theme/colors/dark/text", "blue")], "colors");
        assert_eq!(places.value("nothing", "x"), 0..0);
    }
}
