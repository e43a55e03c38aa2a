//! The first line of a file that was copied from the theme: which file it was, as the program had it then.
//!
//! It is a comment in the notation of the file: `{#- ejected from unstick 0.1.0, 0123456789abcdef -#}`.

use xxhash_rust::xxh3::xxh3_64;

/// What a line says begins so.
const MARK: &str = "ejected from unstick ";

/// What the first line of a copy says.
#[derive(Debug, PartialEq, Eq)]
pub struct Stamp<'t> {
    /// Name and version of the program.
    pub program: &'t str,
    /// The hash of the file that was copied.
    pub hash: u64,
    /// What follows the line.
    pub rest: &'t str,
}

impl<'t> Stamp<'t> {
    /// The stamp of `text`, unless it has none.
    pub fn of(text: &'t str) -> Option<Stamp<'t>> {
        let (first, rest) = text.trim_start_matches('\u{FEFF}').split_once('\n')?;
        let start = first.find(MARK)? + MARK.len() - "unstick ".len();
        let (program, hash) = first[start..].split_once(", ")?;
        let hash = u64::from_str_radix(hash.get(..16)?, 16).ok()?;
        Some(Stamp { program, hash, rest })
    }
}

/// The hash of a file of the theme.
pub fn hash(text: &str) -> u64 {
    xxh3_64(text.as_bytes())
}

/// The copy of the file `name` of the theme, which holds `text`.
pub fn stamped(name: &str, text: &str) -> String {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let (open, close) = match ending {
        "css" => ("/* ", " */"),
        "js" => ("// ", ""),
        "svg" => ("<!-- ", " -->"),
        "yaml" => ("# ", ""),
        _ => ("{#- ", " -#}"),
    };
    let version = env!("CARGO_PKG_VERSION");
    format!("{open}{MARK}{version}, {:016x}{close}\n{text}", hash(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_read_as_it_is_written() {
        for name in ["page.html", "unstick/theme.css", "unstick/theme.js", "unstick/icon.svg", "messages/de.yaml"] {
            let text = stamped(name, "a\nb\n");
            let stamp = Stamp::of(&text).expect("it has one");
            assert_eq!(stamp.program, concat!("unstick ", env!("CARGO_PKG_VERSION")));
            assert_eq!((stamp.hash, stamp.rest), (hash("a\nb\n"), "a\nb\n"));
        }
        for text in [
            "",
            "a\nb",
            "{#- ejected from unstick 1 -#}\n",
            "ejected from unstick 1, é\n",
            "ejected from unstick 1, 12\n",
        ] {
            assert_eq!(Stamp::of(text), None, "{text}");
        }
    }
}
