//! All that can be found on a site, ready to be searched and packed.

use super::index::Index;
use super::pack::{self, Packed};
use super::rank::Searcher;
use super::related;
use super::synonyms::Synonyms;
use super::text::Tokenizer;
use super::units::{Field, Unit, units};
use crate::diagnostics::{Diagnostic, Sink, Span, rule};
use crate::link::Linked;
use crate::parse::Parsed;
use crate::source::Sources;

/// The synonyms of a site; lines that cannot be understood go to the sink.
pub fn synonyms(sources: &Sources, sink: &mut Sink) -> Synonyms {
    let Some(file) = sources.synonyms else { return Synonyms::default() };
    let (synonyms, mistakes) = Synonyms::parse(sources.text(file), &Tokenizer::new(&sources.config.language));
    sink.extend(
        mistakes
            .into_iter()
            .map(|mistake| Diagnostic::at(&rule::INVALID_SYNONYMS, Span::new(file, mistake.span), mistake.message)),
    );
    synonyms
}

/// The units of a site with their index.
#[derive(Debug)]
pub struct Catalogue<'a> {
    /// The units, in the order of the tree.
    pub units: Vec<Unit<'a>>,
    index: Index,
    synonyms: Synonyms,
    texts: Vec<Vec<(Field, &'a str)>>,
}

impl<'a> Catalogue<'a> {
    /// Indexes a site.
    pub fn of(sources: &Sources, parsed: &'a Parsed, linked: &'a Linked, synonyms: Synonyms) -> Catalogue<'a> {
        let units = units(parsed, linked);
        let language = &sources.config.language;
        let table = related::table(language).filter(|_| sources.config.related_words);
        let (index, texts) = Index::build(&units, &synonyms, table, language);
        Catalogue { units, index, synonyms, texts }
    }

    /// Answers queries.
    pub fn searcher(&self) -> Searcher<'_> {
        Searcher::new(&self.index, &self.synonyms)
    }

    /// The files of the index.
    pub fn pack(&self) -> Vec<Packed> {
        pack::pack(&self.index, &self.synonyms, &self.units, &self.texts)
    }
}
