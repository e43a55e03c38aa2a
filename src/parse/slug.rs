//! Anchors from text, as GitHub makes them, and ids that are safe to write.

use std::borrow::Cow;
use std::collections::hash_map::Entry;

use ahash::AHashMap;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What a fragment must not hold as it is: the fragment set of the URL standard with `%`, and what would end a Markdown link.
const FRAGMENT: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'`').add(b'%').add(b'#').add(b'\\').add(b'{').add(b'}');

/// The slug of a heading: lower case, letters, digits, `_` and `-` of any script kept, white space as `-`, all else dropped.
pub fn slug(text: &str) -> String {
    let text = text.trim();
    // Most headings are words and spaces.
    let is_kept = |byte: u8| byte.is_ascii_alphanumeric() | matches!(byte, b' ' | b'-' | b'_');
    if text.bytes().fold(true, |all, byte| all & is_kept(byte)) {
        return text.to_ascii_lowercase().replace(' ', "-");
    }
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || c == '_' || c == '-' {
            slug.push(c.to_ascii_lowercase());
        } else if c.is_alphanumeric() || is_mark(c) {
            slug.extend(c.to_lowercase());
        } else if c.is_whitespace() {
            slug.push('-');
        }
    }
    slug
}

/// `text` with one space between its words and none around them.
pub fn single_spaced(text: &str) -> String {
    fn join<'t>(words: impl Iterator<Item = &'t str>, room: usize) -> String {
        let mut spaced = String::with_capacity(room);
        for word in words {
            if !spaced.is_empty() {
                spaced.push(' ');
            }
            spaced.push_str(word);
        }
        spaced
    }
    // Nearly every text is: no white space but spaces, each between words.
    let mut before = b' ';
    let is_spaced = text.bytes().all(|byte| {
        let fits = byte.is_ascii_graphic() || (byte == b' ' && before != b' ');
        before = byte;
        fits
    });
    if is_spaced && before != b' ' {
        return text.to_owned();
    }
    // A vertical tab is white space only to Unicode.
    if text.is_ascii() && !text.contains('\u{B}') {
        join(text.split_ascii_whitespace(), text.len())
    } else {
        join(text.split_whitespace(), text.len())
    }
}

/// Combining marks belong to the letter before them (Devanagari, Arabic and Hebrew vowels …).
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{591}'..='\u{5C7}' | '\u{610}'..='\u{61A}' | '\u{64B}'..='\u{65F}'
        | '\u{900}'..='\u{903}' | '\u{93A}'..='\u{94F}' | '\u{E31}' | '\u{E34}'..='\u{E3A}' | '\u{E47}'..='\u{E4E}')
}

/// Is `id` fit for an `id` attribute and for the end of an address: not empty, no white space, none of `"'<>&` or controls?
pub fn is_safe_id(id: &str) -> bool {
    !id.is_empty()
        && id.len() <= 512
        && id.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"\"'<>&`{}".contains(c))
}

/// `id` percent-encoded for the end of an address, without `#`.
pub fn encode_fragment(id: &str) -> Cow<'_, str> {
    // Most ids are slugs, and nearly every link has one.
    if id.bytes().fold(true, |all, byte| all & (byte.is_ascii_alphanumeric() | (byte == b'-'))) {
        return Cow::Borrowed(id);
    }
    utf8_percent_encode(id, FRAGMENT).into()
}

/// Gives out ids that are unique on a page.
#[derive(Debug, Default)]
pub struct Ids {
    /// How often each slug was asked for.
    taken: AHashMap<String, usize>,
}

impl Ids {
    /// Takes `id` as it stands; false when it is taken already.
    pub fn claim(&mut self, id: &str) -> bool {
        // What is known of a slug stays: it says where to go on counting.
        match self.taken.entry(id.to_owned()) {
            Entry::Occupied(_) => false,
            Entry::Vacant(free) => {
                free.insert(0);
                true
            }
        }
    }

    /// A free id for `text`: its slug, with `-1`, `-2` … when that is taken, `section` when nothing is left of it.
    pub fn make(&mut self, text: &str) -> String {
        let mut base = slug(text);
        if base.is_empty() {
            base.push_str("section");
        }
        if self.claim(&base) {
            return base;
        }
        loop {
            let count = self.taken.entry(base.clone()).or_default();
            *count += 1;
            let id = format!("{base}-{count}");
            if self.claim(&id) {
                return id;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_those_of_github() {
        for (text, expected) in [
            ("Why is my sync slow?", "why-is-my-sync-slow"),
            ("`foo::bar` – a “test”", "foobar--a-test"),
            ("Größe ÄNDERN", "größe-ändern"),
            ("同期が遅い？", "同期が遅い"),
            ("a_b-c", "a_b-c"),
            ("???", ""),
        ] {
            assert_eq!(slug(text), expected, "{text}");
        }
    }

    #[test]
    fn ids_are_unique_even_against_made_ones() {
        let mut ids = Ids::default();
        let made: Vec<String> = ["a", "a", "a-1", "a", "?", "__proto__"].iter().map(|text| ids.make(text)).collect();
        assert_eq!(made, ["a", "a-1", "a-1-1", "a-2", "section", "__proto__"]);
    }
}
