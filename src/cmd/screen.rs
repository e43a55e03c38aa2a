//! The standard output, as reports are laid out for it.

use std::io::{self, Write};

use anstream::{AutoStream, ColorChoice};

use crate::report::{Colours, Screen};

/// What the standard output shows.
pub fn screen() -> Screen {
    let colours = match AutoStream::choice(&io::stdout()) {
        ColorChoice::Never => Colours::LeftOut,
        _ => Colours::Shown,
    };
    let width = terminal_size::terminal_size().map_or(120, |(width, _)| usize::from(width.0));
    Screen { width, colours }
}

/// The standard output. Where no colours are shown, what is written is not looked through for them.
pub fn stdout(screen: Screen) -> Box<dyn Write> {
    match screen.colours {
        Colours::Shown => Box::new(anstream::stdout().lock()),
        Colours::LeftOut => Box::new(io::stdout().lock()),
    }
}

/// Would a terminal obey this character? Those that control it, and those that turn the direction of text.
pub fn is_obeyed(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// `text` with a space for each character that a terminal would obey.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if is_obeyed(c) { ' ' } else { c }).collect()
}
