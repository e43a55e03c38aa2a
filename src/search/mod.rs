//! The search: what can be found, and in which order.
//!
//! In steps: [`units`] lists what can be found, an entry each or a page without entries; [`text`] makes words of texts;
//! [`vocabulary`] knows what was made before, [`count`] numbers the words and [`index`] lists where they stand; [`pack`] makes
//! files of the index for the browser. [`query`] finds the words of the index that a query means, and [`rank`] orders the
//! units. [`related`] knows which words mean much the same in a language, [`synonyms`] which do on this site, and [`meaning`]
//! what units speak of as a whole. [`findability`] holds a site to what its author wants found.
//!
//! The search has two homes: here, for `unstick search` and for tests, and `static/unstick/search/engine.js`, for readers. Both
//! take the same steps in the same order, and `tests/search.rs` holds them together. Scores are made of sums, products,
//! quotients and comparisons only, which IEEE 754 defines to the last bit. Nothing here reads the disk or makes HTML.

pub mod catalogue;
pub mod count;
pub mod findability;
pub mod index;
pub mod meaning;
pub mod pack;
pub mod query;
pub mod rank;
pub mod related;
mod short;
mod short_keys;
pub mod stopwords;
pub mod synonyms;
pub mod text;
pub mod typos;
pub mod units;
pub mod vocabulary;
