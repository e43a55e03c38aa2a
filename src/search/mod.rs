//! The search: what can be found, and in which order.
//!
//! In steps: [`units`] lists what can be found, an entry each or a page without entries; [`text`] makes words of texts;
//! [`index`] counts where they stand; [`query`] finds the words of the index that a query means, and [`rank`] orders the
//! units. [`related`] knows which words mean much the same.
//!
//! Scores are made of sums, products, quotients and square roots only, which IEEE 754 defines to the last bit, so that
//! another engine that takes the same steps in the same order gets the same scores. Nothing here reads the disk or makes
//! HTML.

pub mod index;
pub mod query;
pub mod rank;
pub mod related;
pub mod stopwords;
pub mod text;
pub mod typos;
pub mod units;
