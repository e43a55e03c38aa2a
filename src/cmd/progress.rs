//! A bar on a terminal, for work that takes longer than a second.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How much of a work is done.
pub struct Progress {
    bar: ProgressBar,
    started: Instant,
    is_terminal: bool,
}

impl Progress {
    /// Nothing is done yet of `count` things that are called `what` and were begun at `started`.
    pub fn new(count: usize, what: &str, started: Instant) -> Progress {
        let bar = ProgressBar::with_draw_target(Some(count as u64), ProgressDrawTarget::hidden());
        let style =
            ProgressStyle::with_template(&format!("{{bar:30}} {{pos}} of {{len}} {what}")).unwrap_or_else(|_| {
                // The template is a constant of the program.
                ProgressStyle::default_bar()
            });
        Progress { bar: bar.with_style(style), started, is_terminal: io::stderr().is_terminal() }
    }

    /// One more is done.
    pub fn step(&self) {
        if !self.is_terminal {
            return;
        }
        self.bar.inc(1);
        if self.bar.is_hidden() && self.started.elapsed() > Duration::from_secs(1) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
