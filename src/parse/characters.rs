//! Characters that no page can hold, and those that nobody sees.

use std::borrow::Cow;

use crate::diagnostics::{Diagnostic, FileId, Severity, Sink, Span, rule};

/// Is `c` one of the 32 noncharacters in a row, which are for use inside a program?
pub fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}')
}

/// `html` with other digits in references to noncharacters (`&#xFDD0;`): those of U+FFFD. Lengths stay as they are.
pub fn without_noncharacters(html: &str) -> Cow<'_, str> {
    let mut clean: Option<String> = None;
    for (at, _) in html.match_indices("&#") {
        let rest = &html[at + 2..];
        let (digits, radix, other) = match rest.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16, "FFFD"),
            None => (rest, 10, "65533"),
        };
        let start = html.len() - digits.len();
        let end = start + digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len());
        let number = u32::from_str_radix(&html[start..end], radix).ok();
        if number.and_then(char::from_u32).is_some_and(is_noncharacter) {
            clean.get_or_insert_with(|| html.to_owned()).replace_range(end - other.len()..end, other);
        }
    }
    clean.map_or(Cow::Borrowed(html), Cow::Owned)
}

/// `text` with the characters that no page can hold put out: noncharacters, which mark places in bodies, and control
/// characters, which HTML forbids. Lengths stay as they are.
pub fn printable(text: &str) -> Cow<'_, str> {
    let forbidden = |c: char| is_noncharacter(c) || (c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t'));
    // Noncharacters begin with EF; a look at the bytes is enough for nearly every page.
    let suspicious =
        |byte: u8| (byte == 0xEF) | (byte == 0x7F) | ((byte < 0x20) & !matches!(byte, b'\n' | b'\r' | b'\t'));
    if !any(text, suspicious) || !text.contains(forbidden) {
        return Cow::Borrowed(text);
    }
    let put_out = |c: char| match c {
        c if !forbidden(c) => c,
        c if c.is_ascii() => ' ',
        _ => char::REPLACEMENT_CHARACTER,
    };
    Cow::Owned(text.chars().map(put_out).collect())
}

/// Is there such a byte? Without a way out early, so that the compiler can look at many bytes at once.
pub(super) fn any(text: &str, is: impl Fn(u8) -> bool) -> bool {
    text.as_bytes().chunks(256).any(|chunk| chunk.iter().fold(false, |found, byte| found | is(*byte)))
}

/// Reports characters that change how text looks without being seen: one diagnostic for each kind and page. `clean` is what
/// is [`printable`] of `text`.
pub fn hidden_characters(file: FileId, text: &str, clean: &str, sink: &mut Sink) {
    // U+2000 to U+207F begin with E2 80 or E2 81.
    let invisible = memchr::memchr_iter(0xE2, text.as_bytes())
        .any(|at| matches!(text.as_bytes()[at + 1..], [0x80, 0x8B | 0xAA..=0xAE, ..] | [0x81, 0xA0 | 0xA6..=0xA9, ..]));
    let body = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    // Nothing was put out, and none of U+FEFF, which begins with EF, stands there.
    if !invisible && clean == text && memchr::memchr(0xEF, body.as_bytes()).is_none() {
        return;
    }
    let mut report = |is: fn(char) -> bool, severity: Severity, what: &str| {
        let offset = text.len() - body.len();
        let mut places = body.char_indices().filter(|(_, c)| is(*c));
        if let Some((at, c)) = places.next() {
            let more = places.count();
            let more = if more > 0 { format!(" and {more} more on this page") } else { String::new() };
            let message = format!("{what} (U+{:04X}){more}", u32::from(c));
            let span = Span::new(file, offset + at..offset + at + c.len_utf8());
            let mut diagnostic = Diagnostic::at(&rule::HIDDEN_CHARACTER, span, message)
                .help("delete it, or write it as an entity if it is meant");
            diagnostic.severity = severity;
            sink.push(diagnostic);
        }
    };
    report(
        |c| matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'),
        Severity::Warning,
        "a character that turns the direction of text",
    );
    report(|c| matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}'), Severity::Note, "an invisible character");
    report(|c| c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t'), Severity::Warning, "a control character");
}
