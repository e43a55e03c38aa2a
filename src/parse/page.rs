//! One page, parsed: what later stages read of it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Range, RangeInclusive};

use jiff::civil::Date;

use super::diagnosis::Diagnosis;
use super::diagram::Diagram;
use super::front_matter::{DeclaredState, FrontMatter};
use super::likeness::Term;
use super::parts::PartKind;
use crate::diagnostics::{FileId, Rule, Sink, Span};

/// One page, by itself.
#[derive(Debug)]
pub struct Page {
    /// Its file.
    pub file: FileId,
    /// Path of the file below the content folder, with `/`.
    pub path: String,
    /// Does the page stand for its folder?
    pub is_index: bool,
    /// What its front matter says.
    pub matter: FrontMatter,
    /// Its title: of the front matter, of the first heading, or made from the file's name.
    pub title: String,
    /// The words of a first heading that differ from the title.
    pub heading: Option<String>,
    /// Where the title stands.
    pub title_span: Span,
    /// Anchor of the title.
    pub anchor: String,
    /// The body: HTML with marks, see [`super::body`].
    pub html: String,
    /// The words of the body.
    pub text: String,
    /// Links and images, numbered by the marks.
    pub links: Vec<Link>,
    /// Link hints, numbered by the marks.
    pub hints: Vec<Hint>,
    /// Blocks of code, numbered by the marks.
    pub code: Vec<CodeBlock>,
    /// Trees of questions, numbered by the marks.
    pub diagnoses: Vec<Diagnosis>,
    /// Formulas as MathML, numbered by the marks.
    pub formulas: Vec<String>,
    /// Entries, numbered by the marks.
    pub entries: Vec<Entry>,
    /// Headings and questions outside lists and quotations, in order.
    pub toc: Vec<TocLine>,
    /// Every id that a link may name.
    pub anchors: BTreeSet<String>,
    /// Former ids, with those that they have become.
    pub former: BTreeMap<String, String>,
    /// Findings that the author allows.
    pub allowed: Vec<Allow>,
    /// The files that it includes, directly and through others; `None` for one that is not there.
    pub includes: Vec<Option<FileId>>,
    /// What is wrong with the page as a whole, for its reader.
    pub mistakes: Vec<String>,
    /// Every mistake of the page.
    pub diagnostics: Sink,
}

/// How an entry is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spelling {
    /// A bullet that asks.
    Outline,
    /// A heading that asks.
    Heading,
    /// A page whose headings are parts.
    Article,
    /// A page with `question:`.
    Record,
    /// A page that is none of these; whether it counts as an entry depends on the pages beside it.
    Prose,
}

impl Spelling {
    /// The name in `unstick.json`.
    pub fn name(self) -> &'static str {
        match self {
            Spelling::Outline => "outline",
            Spelling::Heading => "heading",
            Spelling::Article | Spelling::Prose => "article",
            Spelling::Record => "record",
        }
    }

    /// Is the entry the whole page?
    pub fn is_page(self) -> bool {
        matches!(self, Spelling::Article | Spelling::Record | Spelling::Prose)
    }
}

/// An exact text that an entry is about. `{name}` stands for a part that varies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its code, if it has one.
    pub code: Option<String>,
    /// The text; empty when only the code is known.
    pub text: String,
}

/// One problem with its answer.
#[derive(Debug)]
pub struct Entry {
    /// Anchor, unique on its page.
    pub id: String,
    /// The question in words.
    pub question: String,
    /// How it is written.
    pub spelling: Spelling,
    /// Where the question stands.
    pub span: Span,
    /// Did its author give the id?
    pub has_own_id: bool,
    /// Is there any answer?
    pub has_answer: bool,
    /// Parts of the answer in order.
    pub parts: Vec<Part>,
    /// Exact texts it is about.
    pub messages: Vec<Message>,
    /// The first `TODO` in the answer.
    pub todo: Option<Span>,
    /// State given by the author.
    pub state: Option<DeclaredState>,
    /// Who looks after it.
    pub owner: Option<String>,
    /// Day of the last review.
    pub reviewed: Option<Date>,
    /// How long a review holds.
    pub review_every: Option<jiff::Span>,
    /// What it applies to.
    pub applies_to: Vec<String>,
    /// Other wordings of the question.
    pub aka: Vec<String>,
    /// Names under which links find it.
    pub link_names: Vec<String>,
    /// What its author names as related, with the places.
    pub related: Vec<(String, Span)>,
    /// The words by which it is compared with others.
    pub terms: Vec<Term>,
    /// What it shares with questions that ask the same.
    pub key: Option<u64>,
}

/// A part of an answer.
#[derive(Debug)]
pub struct Part {
    /// What it says.
    pub kind: PartKind,
    /// Its number among parts of its kind.
    pub number: Option<u32>,
    /// Words of its heading; empty when it has none.
    pub title: String,
    /// Anchor of its heading.
    pub id: Option<String>,
    /// Its words, as bytes of [`Page::text`].
    pub text: Range<u32>,
}

/// How a link names its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkKind {
    /// An address or path.
    Address,
    /// `<https://…>`
    Autolink,
    /// `[[Name]]`
    Name,
    /// `[text][name]` without a definition.
    Reference,
    /// `[name]` without a definition.
    Shortcut,
    /// `[name][]` without a definition.
    Collapsed,
    /// Hugo's `ref` and `relref`.
    Relref,
    /// An image.
    Image,
    /// `src` of sound or film in raw HTML.
    RawMedia,
}

/// A link or image as written.
#[derive(Debug)]
pub struct Link {
    /// How it names its target.
    pub kind: LinkKind,
    /// The address, path or name.
    pub address: String,
    /// Where that stands.
    pub span: Span,
    /// The file that a relative path starts from.
    pub base: FileId,
    /// The title behind the address; may be empty.
    pub title: String,
    /// The words of the link, or the alternative text of the image.
    pub text: String,
    /// Width and height of an image in CSS pixels, where they are given.
    pub size: [Option<u32>; 2],
    /// The entry it stands in.
    pub entry: Option<usize>,
}

/// A finding that the author allows.
#[derive(Debug)]
pub struct Allow {
    /// Of which rule.
    pub rule: &'static Rule,
    /// Why.
    pub reason: String,
    /// Where that is said.
    pub span: Span,
    /// The bytes in which it is allowed.
    pub covers: Span,
}

/// How a hint is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HintForm {
    /// In parentheses.
    Parenthesis,
    /// As a sentence.
    Sentence,
    /// In a comment between words.
    Comment,
    /// In a comment between blocks.
    CommentBlock,
}

/// A note that asks for a link.
#[derive(Debug)]
pub struct Hint {
    /// What to link: `related pattern doc`.
    pub phrase: String,
    /// The note as written; empty when readers do not see it.
    pub text: String,
    /// Where it stands, without parentheses; a comment with its marks.
    pub span: Span,
    /// How it is written.
    pub form: HintForm,
    /// The entry it stands in.
    pub entry: Option<usize>,
}

/// A block of code.
#[derive(Debug)]
pub struct CodeBlock {
    /// Its language as written; empty when none is.
    pub language: String,
    /// Lines to point out, from 1.
    pub lines: Vec<RangeInclusive<u32>>,
    /// The code.
    pub code: String,
    /// The entry it stands in.
    pub entry: Option<usize>,
    /// Where its language, or else the block, stands.
    pub span: Span,
    /// What it shows, if its language is one of pictures.
    pub diagram: Option<Box<Result<Diagram, Undrawn>>>,
}

/// Why a block of code is not the diagram that its language makes of it.
#[derive(Debug)]
pub struct Undrawn {
    /// The part of the block that is not understood, or its language.
    pub span: Span,
    /// Words that go on after “the diagram …”.
    pub why: String,
}

/// A heading in the table of contents.
#[derive(Debug)]
pub struct TocLine {
    /// 2 to 6.
    pub level: u8,
    /// Its words.
    pub text: String,
    /// Its anchor.
    pub id: String,
    /// Where it stands.
    pub span: Span,
    /// The entry that it is.
    pub entry: Option<usize>,
}
