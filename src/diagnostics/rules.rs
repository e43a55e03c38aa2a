//! The table of rules: one row for each kind of mistake, each with its page in `docs/errors/`.

use super::Severity;

/// What a diagnostic of a rule does to the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The site is written with the mistake shown in its place.
    SiteWritten,
    /// No right site could be written, so the old one stays.
    NothingWritten,
}

/// A kind of mistake.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, as printed and as `unstick explain` takes it.
    pub name: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// What it does to the site.
    pub effect: Effect,
    /// What it means, in one line.
    pub summary: &'static str,
    /// Its page of the manual, as Markdown with front matter.
    pub page: &'static str,
}

impl Rule {
    /// The title of its page.
    pub fn title(&self) -> &'static str {
        let title = self.parts().0.lines().find_map(|line| line.strip_prefix("title:"));
        title.map_or(self.name, str::trim)
    }

    /// Its page without front matter.
    pub fn body(&self) -> &'static str {
        self.parts().1.trim()
    }

    /// Is it found only by asking other machines, which no build does?
    pub fn needs_network(&self) -> bool {
        [&names::BROKEN_EXTERNAL_LINK, &names::UNREACHABLE_EXTERNAL_LINK, &names::MOVED_EXTERNAL_LINK]
            .iter()
            .any(|rule| rule.name == self.name)
    }

    /// Front matter and body of its page.
    fn parts(&self) -> (&'static str, &'static str) {
        let matter = self.page.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
        matter.unwrap_or(("", self.page))
    }
}

macro_rules! rules {
    ($($id:ident $name:literal $severity:ident $effect:ident $summary:literal;)*) => {
        pub(super) mod names {
            use super::{Effect, Rule, Severity};
            $(
                #[doc = $summary]
                pub static $id: Rule = Rule {
                    name: $name,
                    severity: Severity::$severity,
                    effect: Effect::$effect,
                    summary: $summary,
                    page: include_str!(concat!("../../docs/errors/", $name, ".md")),
                };
            )*
        }
        /// Every rule, in the order of the manual.
        pub static ALL: &[&Rule] = &[$(&names::$id),*];
    };
}

rules! {
    UNREADABLE_FILE "unreadable-file" Error NothingWritten "A file or folder of the site cannot be read.";
    NOT_UTF8 "not-utf8" Error SiteWritten "A text file is not encoded as UTF-8.";
    TOO_LARGE "too-large" Error SiteWritten "A text file is larger than a page can be.";
    OUTSIDE_ROOT "outside-root" Error NothingWritten "A symbolic link leads out of the site or in a circle.";
    UNPORTABLE_NAME "unportable-name" Error SiteWritten "A file's name cannot exist on every system.";
    INVALID_CONFIG "invalid-config" Error NothingWritten "The configuration cannot be understood.";
    MISSING_FRONT_MATTER "missing-front-matter" Note SiteWritten "A page begins without front matter.";
    UNCLOSED_FRONT_MATTER "unclosed-front-matter" Error SiteWritten "The front matter has no closing line.";
    INVALID_FRONT_MATTER "invalid-front-matter" Error SiteWritten "The front matter is not valid YAML or TOML.";
    UNKNOWN_FIELD "unknown-field" Warning SiteWritten "A front-matter key is nearly one that unstick knows.";
    DUPLICATE_FIELD "duplicate-field" Error SiteWritten "A key stands twice in the same mapping.";
    WRONG_TYPE "wrong-type" Error SiteWritten "A value is not of the kind that its key takes.";
    UNKNOWN_PARENT "unknown-parent" Warning SiteWritten "A page names a parent that does not exist.";
    DUPLICATE_URL "duplicate-url" Error NothingWritten "Two pages or files would be written to one address.";
    ALIAS_CONFLICT "alias-conflict" Error SiteWritten "A former address is that of a page, or of two.";
    DUPLICATE_ID "duplicate-id" Error SiteWritten "Two anchors of a page have the same id.";
    INVALID_ID "invalid-id" Error SiteWritten "An id holds characters that no id can hold.";
    BROKEN_LINK "broken-link" Error SiteWritten "A link points to a page that does not exist.";
    OUTSIDE_ADDRESS "outside-address" Warning SiteWritten "An address on the same server leads out of the site.";
    BROKEN_ANCHOR "broken-anchor" Error SiteWritten "A link points to a place that its page does not have.";
    MISSING_ASSET "missing-asset" Error SiteWritten "A link or an image points to a file that does not exist.";
    WRONG_CASE "wrong-case" Error SiteWritten "A link differs from its target in upper and lower case.";
    LINK_TO_DRAFT "link-to-draft" Error SiteWritten "A link points to a draft that is left out of the site.";
    UNSAFE_ADDRESS "unsafe-address" Error SiteWritten "An address has a scheme that can run code.";
    MOVED_TARGET "moved-target" Note SiteWritten "A link names its target by a former address or id.";
    RESOLVED_LINK_HINT "resolved-link-hint" Note SiteWritten "A note in the prose is a link in the site and can be one in the source.";
    GENERATED_ID "generated-id" Note SiteWritten "Links lead to a question whose id is made from its words.";
    SIMILAR_QUESTION "similar-question" Warning SiteWritten "Two questions ask the same.";
    EMPTY_LINK "empty-link" Warning SiteWritten "A link has no address or no text.";
    UNDEFINED_REFERENCE "undefined-reference" Warning SiteWritten "A reference link has no definition and names nothing on this site.";
    AMBIGUOUS_NAME "ambiguous-name" Error SiteWritten "A name fits more than one page, heading, question or object of another site.";
    INVALID_INVENTORY "invalid-inventory" Error SiteWritten "A file that tells of another site cannot be understood.";
    UNKNOWN_INVENTORY "unknown-inventory" Error SiteWritten "A link names an inventory that the site does not have.";
    UNKNOWN_INVENTORY_OBJECT "unknown-inventory-object" Error SiteWritten "A link names something that another site does not have.";
    BROKEN_INBOUND_LINK "broken-inbound-link" Error SiteWritten "A link of another site leads to nothing on this site.";
    BROKEN_EXTERNAL_LINK "broken-external-link" Error SiteWritten "An address on another site is not there.";
    UNREACHABLE_EXTERNAL_LINK "unreachable-external-link" Warning SiteWritten "Nobody can say whether an address on another site is there.";
    MOVED_EXTERNAL_LINK "moved-external-link" Note SiteWritten "An address on another site has moved for good.";
    UNRESOLVED_LINK_HINT "unresolved-link-hint" Warning SiteWritten "A note in the prose asks for a link that nothing on the site fits.";
    AMBIGUOUS_LINK_HINT "ambiguous-link-hint" Error SiteWritten "A note in the prose asks for a link that several things fit.";
    DOUBTFUL_LINK_HINT "doubtful-link-hint" Note SiteWritten "Words that may be a note asking for a link, or part of a sentence.";
    EMPTY_DIAGNOSIS "empty-diagnosis" Warning SiteWritten "A page or section is said to be a diagnosis and asks nothing.";
    TOO_FEW_ANSWERS "too-few-answers" Warning SiteWritten "A question of a diagnosis has one answer or none.";
    DEAD_END "dead-end" Warning SiteWritten "An answer of a diagnosis leads nowhere.";
    UNREACHABLE_QUESTION "unreachable-question" Warning SiteWritten "Nothing leads to a question of a diagnosis.";
    CIRCULAR_DIAGNOSIS "circular-diagnosis" Warning SiteWritten "A diagnosis leads back to a question that was answered.";
    UNKNOWN_SHORTCODE "unknown-shortcode" Warning SiteWritten "A shortcode or block that unstick does not know.";
    UNCLOSED_SHORTCODE "unclosed-shortcode" Warning SiteWritten "A shortcode or block is opened and not closed, or closed and not opened.";
    MISSING_INCLUDE "missing-include" Error SiteWritten "An include names a file that is not there or that includes itself.";
    UNKNOWN_LANGUAGE "unknown-language" Note SiteWritten "A code block names a language that cannot be highlighted.";
    UNDRAWN_DIAGRAM "undrawn-diagram" Note SiteWritten "A diagram cannot be drawn.";
    INVALID_FORMULA "invalid-formula" Error SiteWritten "A formula cannot be understood.";
    HIDDEN_CHARACTER "hidden-character" Warning SiteWritten "Text holds characters that change how it is shown without being seen.";
    INVALID_ALLOW "invalid-allow" Warning SiteWritten "A comment that allows a finding names no rule or no reason.";
    UNUSED_ALLOW "unused-allow" Warning SiteWritten "A comment allows a finding that is not there.";
    INVALID_SYNONYMS "invalid-synonyms" Error SiteWritten "A line of synonyms.txt is no rule.";
    INVALID_SEARCH_TESTS "invalid-search-tests" Error SiteWritten "A test in search-tests.yaml cannot be understood.";
    SEARCH_TEST_FAILED "search-test-failed" Error SiteWritten "A search does not find what search-tests.yaml expects.";
    INVALID_MESSAGES "invalid-messages" Error SiteWritten "A file of the theme's words cannot be understood.";
    LOW_CONTRAST "low-contrast" Warning SiteWritten "Two colours of the configuration are hard to tell apart.";
    TEMPLATE_SYNTAX "template-syntax" Error NothingWritten "A template cannot be parsed.";
    TEMPLATE_ERROR "template-error" Error NothingWritten "A template fails while a page is made.";
}
