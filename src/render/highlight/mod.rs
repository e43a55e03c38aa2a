//! Coloured code, as HTML with a handful of classes.
//!
//! In steps: find the grammar of the language; refuse what could take long (long lines, large blocks); let `syntect` parse
//! line by line; give each scope one of ten classes and merge equal neighbours, so that the HTML stays small.
//!
//! What was highlighted once is remembered by content in a [`Memory`] that can be kept between builds ([`memory`]). Its key
//! holds everything the result depends on, so dropping it is always safe. Console sessions (`console`), PowerShell (`powershell`)
//! and languages that `syntect` has no grammar for (`small`) are coloured here. The only file that knows `syntect`.

mod console;
pub mod lines;
pub mod memory;
mod powershell;
mod small;
mod spans;

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::sync::OnceLock;

use ahash::AHashMap;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};
use xxhash_rust::xxh3::Xxh3;

pub use memory::{Memory, decode, encode};
use spans::Spans;

/// Longer lines are shown plain: grammars may take seconds for them. Bytes.
const MAX_LINE: usize = 4 * 1024;
/// Larger blocks are shown plain. Bytes.
const MAX_BLOCK: usize = 64 * 1024;
/// Classes by scope; the longest prefix that fits wins.
const CLASSES: &[(&str, &str)] = &[
    ("comment", "c"),
    ("punctuation.definition.comment", "c"),
    ("string", "s"),
    ("punctuation.definition.string", "s"),
    ("constant", "n"),
    ("constant.character.escape", "n"),
    ("keyword", "k"),
    ("keyword.operator", ""),
    ("storage", "k"),
    ("storage.type", "k"),
    ("entity.name.function", "f"),
    ("support.function", "f"),
    ("variable.function", "f"),
    ("entity.name", "t"),
    ("entity.name.tag", "t"),
    ("support.type", "t"),
    ("support.class", "t"),
    ("variable.parameter", "v"),
    ("variable.other", "v"),
    ("variable.language", "v"),
    ("entity.other.attribute-name", "a"),
    ("support.type.property-name", "a"),
    ("meta.mapping.key", "a"),
    ("entity.name.section", "a"),
    ("markup.inserted", "i"),
    ("markup.deleted", "d"),
    ("markup.heading", "t"),
];

/// Names that writers use for languages, beside those of the grammars.
const ALIASES: &[(&str, &str)] = &[
    ("azurecli", "bash"),
    ("shell", "bash"),
    ("zsh", "bash"),
    ("terminal", "bash"),
    ("shell-session", "bash"),
    ("shellsession", "bash"),
    ("sh-session", "bash"),
    ("bash-session", "bash"),
    ("dos", "bat"),
    ("cmd", "bat"),
    ("batch", "bat"),
    ("csharp", "cs"),
    ("c#", "cs"),
    ("cpp", "cpp"),
    ("c++", "cpp"),
    ("jsonc", "json"),
    ("json5", "json"),
    ("jsonl", "json"),
    ("ndjson", "json"),
    ("golang", "go"),
    ("proto", "protobuf"),
    ("k8s", "yaml"),
    ("docker", "dockerfile"),
    ("conf", "ini"),
    ("config", "ini"),
    ("properties", "properties"),
    ("tsql", "sql"),
    ("plsql", "sql"),
    ("mysql", "sql"),
    ("postgresql", "sql"),
    ("adoc", "asciidoc"),
    ("regedit", "ini"),
    ("reg", "ini"),
    ("xsl", "xml"),
    ("xslt", "xml"),
    ("svg", "xml"),
];

/// Languages that are plain text on purpose.
const PLAIN: &[&str] = &[
    "",
    "text",
    "txt",
    "plain",
    "plaintext",
    "output",
    "error",
    "log",
    "logs",
    "none",
    "nohighlight",
    "excel",
    "notepad",
    "message",
    "mermaid",
    "math",
];

fn syntaxes() -> &'static SyntaxSet {
    static SYNTAXES: OnceLock<SyntaxSet> = OnceLock::new();
    SYNTAXES.get_or_init(two_face::syntax::extra_newlines)
}

/// Scopes with their classes, interned.
fn classes() -> &'static [(Scope, &'static str)] {
    static TABLE: OnceLock<Vec<(Scope, &'static str)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: Vec<(Scope, &'static str)> =
            CLASSES.iter().filter_map(|(scope, class)| Some((Scope::new(scope).ok()?, *class))).collect();
        table.sort_by_key(|(scope, _)| std::cmp::Reverse(scope.len()));
        table
    })
}

/// How a language is handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// A grammar is at hand.
    Known,
    /// Console sessions: prompts with commands, and their output.
    Console,
    /// Plain text, as its name says.
    Plain,
    /// No grammar.
    Unknown,
}

/// What becomes of the language `name` (in lower case).
pub fn language(name: &str) -> Language {
    if PLAIN.contains(&name) {
        Language::Plain
    } else if console::is_console(name) {
        Language::Console
    } else if powershell::is_powershell(name) || small::grammar(name).is_some() || grammar(name).is_some() {
        Language::Known
    } else {
        Language::Unknown
    }
}

fn grammar(name: &str) -> Option<&'static SyntaxReference> {
    // A site has few languages and much code, and all grammars are asked for a name: once a thread.
    thread_local! {
        static SEEN: RefCell<AHashMap<String, Option<&'static SyntaxReference>>> = RefCell::default();
    }
    if let Some(found) = SEEN.with_borrow(|seen| seen.get(name).copied()) {
        return found;
    }
    let bare = name.strip_suffix("-interactive").unwrap_or(name);
    let bare = ALIASES.iter().find(|(alias, _)| *alias == bare).map_or(bare, |(_, grammar)| grammar);
    let found = syntaxes().find_syntax_by_token(bare).filter(|syntax| syntax.name != "Plain Text");
    SEEN.with_borrow_mut(|seen| seen.insert(name.to_owned(), found));
    found
}

/// What one output used of the memory and added to it.
#[derive(Debug, Default)]
pub struct Highlighted {
    /// Keys that were looked up.
    pub used: Vec<u128>,
    /// What was not there before.
    pub new: Vec<(u128, Box<str>)>,
}

/// Highlights code, with what earlier builds left.
#[derive(Debug, Default)]
pub struct Highlighter {
    memory: Memory,
    /// Is all code left as it is?
    is_plain: bool,
}

impl Highlighter {
    /// A highlighter that remembers `memory`.
    pub fn new(memory: Memory) -> Highlighter {
        Highlighter { memory, is_plain: false }
    }

    /// One that shows all code plain, for pages that nobody will look at.
    pub fn plain() -> Highlighter {
        Highlighter { memory: Memory::default(), is_plain: true }
    }

    /// `code` as HTML; `None` when it is to be shown plain.
    pub fn html(&self, language: &str, code: &str, out: &mut Highlighted) -> Option<Cow<'_, str>> {
        if self.is_plain
            || PLAIN.contains(&language)
            || code.len() > MAX_BLOCK
            || code.lines().any(|line| line.len() > MAX_LINE)
        {
            return None;
        }
        if console::is_console(language) {
            return Some(Cow::Owned(console::html(code)));
        }
        if powershell::is_powershell(language) {
            return Some(Cow::Owned(powershell::html(code)));
        }
        if let Some(grammar) = small::grammar(language) {
            return Some(Cow::Owned(small::html(grammar, code)));
        }
        let key = key(language, code);
        if let Some(html) = self.memory.get(&key) {
            out.used.push(key);
            return Some(Cow::Borrowed(html));
        }
        let html = highlight(grammar(language)?, code)?;
        out.new.push((key, html.clone().into_boxed_str()));
        Some(Cow::Owned(html))
    }

    /// Remembers what was highlighted from now on.
    pub fn learn(&mut self, highlighted: Highlighted) {
        self.memory.extend(highlighted.new);
    }

    /// What to remember for the next build: what this one used, in the order of the keys. `None` when nothing changed.
    pub fn remembered(&self, all: Vec<Highlighted>) -> Option<BTreeMap<u128, Box<str>>> {
        let mut used: HashSet<u128> = HashSet::new();
        let mut kept: BTreeMap<u128, Box<str>> = BTreeMap::new();
        for highlighted in all {
            used.extend(highlighted.used);
            kept.extend(highlighted.new);
        }
        if kept.is_empty() && used.len() == self.memory.len() {
            return None;
        }
        kept.extend(self.memory.iter().filter(|(key, _)| used.contains(key)).map(|(key, html)| (*key, html.clone())));
        Some(kept)
    }
}

/// The key of a block: everything that its HTML depends on within one version of the program.
fn key(language: &str, code: &str) -> u128 {
    static TABLES: OnceLock<Vec<u8>> = OnceLock::new();
    let tables = TABLES.get_or_init(|| {
        let words = CLASSES.iter().chain(ALIASES).flat_map(|(from, to)| [*from, *to]);
        words.collect::<Vec<_>>().join("\n").into_bytes()
    });
    let mut hasher = Xxh3::new();
    for part in [tables, language.as_bytes(), &[0], code.as_bytes()] {
        hasher.update(part);
    }
    hasher.digest128()
}

fn highlight(syntax: &SyntaxReference, code: &str) -> Option<String> {
    let set = syntaxes();
    let mut state = ParseState::new(syntax);
    let mut stack = ScopeStack::new();
    let mut colours = Colours::default();
    let mut spans = Spans::with_capacity(code.len() * 2);
    for line in code.split_inclusive('\n') {
        let operations = state.parse_line(line, set).ok()?;
        let mut done = 0;
        for (at, operation) in operations {
            if at > done {
                spans.push(colours.innermost(&stack), &line[done..at]);
                done = at;
            }
            stack.apply(&operation).ok()?;
        }
        if done < line.len() {
            spans.push(colours.innermost(&stack), &line[done..]);
        }
    }
    Some(spans.finish())
}

/// The scopes that were open last, each with its class or that of the scope around it.
#[derive(Default)]
struct Colours(Vec<(Scope, &'static str)>);

impl Colours {
    /// The class of the innermost scope that has one. Only scopes that are new since the last call are looked up.
    fn innermost(&mut self, stack: &ScopeStack) -> &'static str {
        let same = self.0.iter().zip(&stack.scopes).take_while(|((known, _), scope)| known == *scope).count();
        self.0.truncate(same);
        for scope in &stack.scopes[same..] {
            let own = classes().iter().find(|(prefix, _)| prefix.is_prefix_of(*scope)).map(|(_, class)| *class);
            let around = self.0.last().map_or("", |(_, class)| class);
            self.0.push((*scope, own.unwrap_or(around)));
        }
        self.0.last().map_or("", |(_, class)| class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(language: &str, code: &str) -> Option<String> {
        Highlighter::default().html(language, code, &mut Highlighted::default()).map(Cow::into_owned)
    }

    #[test]
    fn equal_neighbours_are_merged() {
        let json = html("json", "{\"a\": [1, true]}").expect("JSON is known");
        assert!(json.contains("<span class=\"hl-n\">1</span>"), "{json}");
        assert!(json.len() < 16 * 8, "{json}");
        assert_eq!(html("rust", "// a < b\n").as_deref(), Some("<span class=\"hl-c\">// a &lt; b\n</span>"));
    }

    #[test]
    fn the_languages_of_troubleshooting_are_known() {
        let missing: Vec<&str> = [
            "toml",
            "ini",
            "dockerfile",
            "typescript",
            "nginx",
            "powershell",
            "bash",
            "yaml",
            "json",
            "sql",
            "xml",
            "html",
            "javascript",
            "python",
            "java",
            "csharp",
            "c",
            "cpp",
            "go",
            "rust",
            "diff",
            "css",
            "bat",
            "kotlin",
            "swift",
            "ruby",
            "php",
            "http",
            "shell",
            "ps",
            "cmd",
            "hcl",
            "graphql",
        ]
        .into_iter()
        .filter(|name| language(name) != Language::Known)
        .collect();
        assert_eq!(missing, [""; 0]);
        assert_eq!(language("console"), Language::Console);
        assert_eq!(language("klingon"), Language::Unknown);
    }

    #[test]
    fn what_could_hang_is_plain() {
        assert_eq!(html("javascript", &format!("/{}", "a".repeat(50_000))), None);
        assert_eq!(html("javascript", &"x\n".repeat(40_000)), None);
    }

    #[test]
    fn console_sessions_show_their_commands() {
        assert_eq!(
            html("console", "$ ls -l <x>\ntotal 0\n").as_deref(),
            Some("<span class=\"hl-c\">$ </span><span class=\"hl-f\">ls</span> -l &lt;x&gt;\ntotal 0\n")
        );
    }
}
