//! From a plan to bytes: each output file by itself, as a pure function of the linked site.
//!
//! In steps: parse the templates once ([`theme`]); per output, build its view ([`views`]), fill the marks of the body
//! ([`fill`]), render the template. Code is highlighted on the way ([`highlight`]).
//!
//! This stage never writes, never resolves a link, and never looks at another output.

pub mod fill;
pub mod highlight;
mod json;
mod page;
pub use page::site_view;
pub mod theme;
pub mod views;

use std::path::PathBuf;

use crate::Site;
use crate::diagnostics::Diagnostic;
use crate::plan::{Output, Recipe};
use highlight::{Highlighted, Highlighter};
use theme::Theme;

/// What an output file consists of.
#[derive(Debug, PartialEq, Eq)]
pub enum Made {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The bytes of this file.
    Copy(PathBuf),
}

/// Makes outputs; shared by all threads.
pub struct Maker<'a> {
    site: &'a Site,
    theme: &'a Theme,
    highlighter: &'a Highlighter,
    shared: page::Shared<'a>,
}

impl<'a> Maker<'a> {
    /// A maker for `site`.
    pub fn new(site: &'a Site, theme: &'a Theme, highlighter: &'a Highlighter) -> Maker<'a> {
        Maker {
            site,
            theme,
            highlighter,
            shared: page::Shared::new(site),
        }
    }

    /// Makes one output, and says which blocks of code it highlighted.
    ///
    /// # Errors
    /// When a template fails.
    pub fn make(&self, output: &Output) -> Result<(Made, Highlighted), Box<Diagnostic>> {
        let mut highlighted = Highlighted::default();
        let bytes = match &output.recipe {
            Recipe::Copy(path) => return Ok((Made::Copy(path.clone()), highlighted)),
            Recipe::Theme(bytes) => bytes.to_vec(),
            Recipe::Json => json::json(self.site),
            Recipe::SiteMap => json::site_map(self.site),
            Recipe::Page(_)
            | Recipe::Questions
            | Recipe::Open
            | Recipe::Tags
            | Recipe::Tag(_)
            | Recipe::NotFound => self.page(output, &mut highlighted)?,
        };
        Ok((Made::Bytes(bytes), highlighted))
    }

    fn page(
        &self,
        output: &Output,
        highlighted: &mut Highlighted,
    ) -> Result<Vec<u8>, Box<Diagnostic>> {
        let (template, context) =
            page::context(&self.shared, output, self.highlighter, highlighted);
        self.theme
            .render(template, &context, &output.path)
            .map_err(Box::new)
    }
}
