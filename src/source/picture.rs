//! How large a picture is, read from the first bytes of its file.
//!
//! The only file that knows `imagesize`. Browsers that know the size keep the place free, so that nothing moves when the
//! picture comes.

use std::fs::File;
use std::io::{BufReader, Read};

use super::Sources;

/// An SVG says its size within so many bytes, or not at all.
const SVG_HEAD: u64 = 4096;
/// Larger numbers are mistakes, or attacks. CSS pixels.
const LARGEST: f64 = 100_000.0;

impl Sources {
    /// Width and height, in CSS pixels, of the picture that is copied to the output path `output`; `None` when it is not of
    /// this site, or does not say.
    pub fn picture_size(&self, output: &str) -> Option<[u32; 2]> {
        let disk = self.statics.get(output).or_else(|| self.assets.get(output))?;
        let file = self.open(disk).ok()?;
        if disk.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("svg")) {
            return svg(file);
        }
        let size = imagesize::reader_size(BufReader::new(file)).ok()?;
        let side = |length: usize| u32::try_from(length).ok().filter(|length| *length > 0);
        Some([side(size.width)?, side(size.height)?])
    }
}

/// The size that an SVG gives its outermost element.
fn svg(file: File) -> Option<[u32; 2]> {
    let mut bytes = Vec::new();
    file.take(SVG_HEAD).read_to_end(&mut bytes).ok()?;
    svg_size(&String::from_utf8_lossy(&bytes))
}

/// By `width` and `height` where they are in pixels, else by the `viewBox`.
fn svg_size(text: &str) -> Option<[u32; 2]> {
    let tag = text.find("<svg").map(|at| &text[at + 4..])?;
    let tag = &tag[..tag.find('>')?];
    let value = |name: &str| {
        tag.match_indices(name).find_map(|(at, _)| {
            let rest = tag[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
            let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
            let is_whole = tag[..at].ends_with(char::is_whitespace);
            rest[1..].split(quote).next().filter(|_| is_whole)
        })
    };
    let side = |length: f64| (1.0..=LARGEST).contains(&length).then_some(length.round() as u32);
    let pixels = |name: &str| side(value(name)?.trim().trim_end_matches("px").parse().ok()?);
    if let (Some(width), Some(height)) = (pixels("width"), pixels("height")) {
        return Some([width, height]);
    }
    let numbers: Vec<f64> = value("viewBox")?
        .split([' ', ','])
        .filter(|part| !part.is_empty())
        .map_while(|part| part.parse().ok())
        .collect();
    match numbers[..] {
        [_, _, width, height] => Some([side(width)?, side(height)?]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_say_their_size_in_two_ways() {
        assert_eq!(svg_size("<?xml version='1.0'?>\n<svg width=\"20\" height='10.4px'>"), Some([20, 10]));
        assert_eq!(svg_size("<svg viewBox=\"0 0 24,12\" stroke-width=\"2\">"), Some([24, 12]));
        assert_eq!(svg_size("<svg width=\"100%\" height=\"2em\" viewBox=\"0 0 3 4\">"), Some([3, 4]));
        for wrong in
            ["<svg>", "<svg width=\"5\">", "<svg viewBox=\"0 0 NaN 1\">", "<svg width=\"1\" height=\"1e9\">", "<p>"]
        {
            assert_eq!(svg_size(wrong), None, "{wrong}");
        }
    }
}
