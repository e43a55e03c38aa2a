//! Text for pictures: how wide it is at most, and how it is broken into lines.
//!
//! A build has no fonts, and readers have different ones. Widths are those of DejaVu Sans, which is the widest of the usual
//! fonts, so that text fits its box in all of them.

/// Breaks `text` into at most `most` lines that are no wider than `width` ems. What is too long ends in `…`.
pub fn lines(text: &str, width: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let (mut line, mut so_far) = (String::new(), 0.0);
    for word in text.split_whitespace() {
        for piece in pieces(word, width) {
            let with_space = if line.is_empty() { 0.0 } else { ems(" ") };
            let wide = ems(piece);
            if !line.is_empty() && so_far + with_space + wide > width {
                lines.push(std::mem::take(&mut line));
                so_far = 0.0;
            }
            // The pieces of a long word stand on lines of their own, so that no space comes between them.
            if !line.is_empty() {
                line.push(' ');
                so_far += with_space;
            }
            line.push_str(piece);
            so_far += wide;
        }
        if lines.len() > most {
            break;
        }
    }
    lines.push(line);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            let mut so_far = ems("…");
            let end = last.char_indices().find(|(_, c)| {
                so_far += advance(*c);
                so_far > width
            });
            last.truncate(end.map_or(last.len(), |(at, _)| at));
            last.truncate(last.trim_end().len());
            last.push('…');
        }
    }
    lines
}

/// A word in pieces that are no wider than `width` ems: text of scripts without spaces, and long names.
fn pieces(word: &str, width: f64) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut so_far) = (0, 0.0);
    // Long names are broken where their parts end, if they have any.
    let mut part = 0;
    for (at, c) in word.char_indices() {
        let wide = advance(c);
        if so_far + wide > width && at > start {
            let end = if part > start { part } else { at };
            pieces.push(&word[start..end]);
            (start, so_far) = (end, ems(&word[end..at]));
        }
        so_far += wide;
        if matches!(c, '.' | '/' | '_' | '-' | ':') {
            part = at + c.len_utf8();
        }
    }
    pieces.push(&word[start..]);
    pieces
}

/// The width of `text` in ems.
pub fn ems(text: &str) -> f64 {
    text.chars().map(advance).sum()
}

/// The width of a character in ems.
fn advance(c: char) -> f64 {
    match c {
        ' ' | '!' | '|' | '.' | ',' | ':' | ';' | 'i' | 'j' | 'l' | 'I' | '\'' | '`' => 0.35,
        'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '/' | '\\' | '-' | '"' | 'J' => 0.46,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' | '—' | '→' | '←' => 1.02,
        'a'..='z' => 0.64,
        'A'..='Z' => 0.79,
        '0'..='9' => 0.64,
        ' '..='~' => 0.84,
        // Marks stand over what is before them.
        '\u{300}'..='\u{36F}' | '\u{200B}'..='\u{200F}' | '\u{FE00}'..='\u{FE0F}' => 0.0,
        '\u{A0}'..='\u{24F}' => 0.8,
        '\u{370}'..='\u{52F}' => 0.85,
        '\u{590}'..='\u{8FF}' => 0.7,
        _ => 1.05,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_never_wider_than_they_may_be() {
        for text in [
            "Does the log say “has failed due to a modelling error”?",
            "同期に失敗したのはいつですか？",
            "a/very/long/path/without/spaces",
            "",
        ] {
            for width in [3.0, 8.0, 14.0] {
                let lines = lines(text, width, 4);
                assert!((1..=4).contains(&lines.len()), "{lines:?}");
                assert!(lines.iter().all(|line| ems(line) <= width), "{lines:?}");
            }
        }
        assert_eq!(lines("one two three", 100.0, 3), ["one two three"]);
        assert_eq!(lines("System.SynchronizationError", 14.0, 4), ["System.", "SynchronizationError"]);
        assert_eq!(lines("aaaa bbbb cccc", 3.0, 2), ["aaaa", "bbb…"]);
    }
}
