//! PowerShell, which troubleshooting pages are full of. `syntect` takes some 7,000 instructions for a byte of it, more than for
//! any other language; one pass by the rules of the language takes a hundredth of that, and knows parameters and operators.
//!
//! Source: <https://learn.microsoft.com/powershell/scripting/lang-spec/chapter-02>, whose names the comments use.

use super::spans::Spans;

/// So deep may a string stand in an expression in a string; below, it is a string only.
const DEPTH: usize = 8;
const KEYWORDS: &[&str] = &[
    "begin",
    "break",
    "catch",
    "class",
    "clean",
    "configuration",
    "continue",
    "data",
    "do",
    "dynamicparam",
    "else",
    "elseif",
    "end",
    "enum",
    "exit",
    "filter",
    "finally",
    "for",
    "foreach",
    "function",
    "hidden",
    "if",
    "param",
    "process",
    "return",
    "static",
    "switch",
    "throw",
    "trap",
    "try",
    "until",
    "using",
    "while",
    "workflow",
];
/// Operators that are words, without the `c` and `i` that say whether case counts.
const OPERATORS: &[&str] = &[
    "and",
    "as",
    "band",
    "bnot",
    "bor",
    "bxor",
    "contains",
    "eq",
    "f",
    "ge",
    "gt",
    "in",
    "is",
    "isnot",
    "join",
    "le",
    "like",
    "lt",
    "match",
    "ne",
    "not",
    "notcontains",
    "notin",
    "notlike",
    "notmatch",
    "or",
    "replace",
    "shl",
    "shr",
    "split",
    "xor",
];

/// Is it a name of PowerShell?
pub(super) fn is_powershell(name: &str) -> bool {
    let name = name.strip_suffix("-interactive").unwrap_or(name);
    matches!(name, "powershell" | "azurepowershell" | "pwsh" | "posh" | "ps" | "ps1" | "psd1" | "psm1")
}

/// `code` as HTML.
pub(super) fn html(code: &str) -> String {
    let mut scanner = Scanner { code, at: 0, done: 0, last: Last::Break, spans: Spans::with_capacity(code.len() * 2) };
    scanner.statements(0);
    scanner.plain();
    scanner.spans.finish()
}

/// What stands before the next token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    /// The start of a statement or of a command.
    Break,
    /// The keyword before a name that is being defined.
    Defines,
    /// A variable.
    Variable,
    /// Anything else.
    Other,
}

struct Scanner<'a> {
    code: &'a str,
    /// The next byte; everything before [`Scanner::done`] is written.
    at: usize,
    done: usize,
    last: Last,
    spans: Spans,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        &self.code[self.at..]
    }

    fn byte(&self, ahead: usize) -> u8 {
        self.code.as_bytes().get(self.at + ahead).copied().unwrap_or(b'\n')
    }

    /// The byte before the next one.
    fn before(&self) -> u8 {
        self.at.checked_sub(1).map_or(b'\n', |at| self.code.as_bytes()[at])
    }

    /// Does a token begin here, and not in the middle of a path or a word?
    fn begins(&self) -> bool {
        self.before().is_ascii_whitespace() || b"(){}[];|,&=!+\"'".contains(&self.before())
    }

    /// Writes what has no class.
    fn plain(&mut self) {
        self.spans.push("", &self.code[self.done..self.at]);
        self.done = self.at;
    }

    /// The next `length` bytes are of `class`.
    fn take(&mut self, class: &'static str, length: usize) {
        if self.done < self.at {
            self.plain();
        }
        self.at += length;
        self.spans.push(class, &self.code[self.done..self.at]);
        self.done = self.at;
    }

    /// How many bytes of the rest, from `from` on, are letters, digits or `_`.
    fn name(&self, from: usize) -> usize {
        let bytes = &self.rest().as_bytes()[from..];
        bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()
    }

    /// Statements up to the end, or within a string, which is `depth` deep, up to the bracket that closes them.
    fn statements(&mut self, depth: usize) {
        let mut open = 0_usize;
        while self.at < self.code.len() {
            let byte = self.byte(0);
            match byte {
                b'(' => open += 1,
                b')' if open == 0 && depth > 0 => return,
                b')' => open = open.saturating_sub(1),
                _ => {}
            }
            self.token(byte, depth);
        }
    }

    fn token(&mut self, byte: u8, depth: usize) {
        let last = self.last;
        match byte {
            b' ' | b'\t' => return self.at += 1,
            b'\n' | b'\r' | b';' | b'{' | b'}' | b'(' | b'|' | b'=' | b'&' => {
                self.at += 1;
                return self.last = Last::Break;
            }
            b'<' if self.byte(1) == b'#' => return self.take("c", self.length_to("#>").unwrap_or(self.rest().len())),
            b'#' if self.begins() => return self.take("c", self.line()),
            _ => {}
        }
        self.last = Last::Other;
        match byte {
            b'@' if matches!(self.byte(1), b'"' | b'\'') && self.is_line_end(2) => self.here_string(),
            b'"' => self.string(depth),
            b'\'' if self.before().is_ascii_alphanumeric() && self.byte(1).is_ascii_alphanumeric() => self.at += 1,
            b'\'' => self.take("s", self.length_to("'").unwrap_or_else(|| self.line())),
            b'$' => self.variable(""),
            b'`' => self.at += 1 + self.rest()[1..].chars().next().map_or(0, char::len_utf8),
            b'@' if self.begins() && self.name(1) > 0 => self.take("v", 1 + self.name(1)),
            b'-' if self.begins() && self.byte(1).is_ascii_alphabetic() => self.dash(),
            b'0'..=b'9' => self.number(),
            b'[' if self.begins() => self.type_literal(),
            byte if byte.is_ascii_alphabetic() || byte == b'_' => self.word(last),
            _ => self.at += self.rest().chars().next().map_or(1, char::len_utf8),
        }
    }

    /// Up to and with `end`, which is not looked for in the first byte.
    fn length_to(&self, end: &str) -> Option<usize> {
        Some(self.rest().get(1..)?.find(end)? + 1 + end.len())
    }

    /// Up to the end of the line.
    fn line(&self) -> usize {
        memchr::memchr2(b'\n', b'\r', self.rest().as_bytes()).unwrap_or(self.rest().len())
    }

    /// Is there only white space from the byte `ahead` to the end of the line?
    fn is_line_end(&self, ahead: usize) -> bool {
        let line = &self.rest()[..self.line()];
        line.get(ahead..).is_some_and(|rest| rest.trim().is_empty())
    }

    /// Text between `@"` and `"@`, or `@'` and `'@`, both at the ends of lines.
    fn here_string(&mut self) {
        let is_expandable = self.byte(1) == b'"';
        let end = if is_expandable { "\n\"@" } else { "\n'@" };
        let length = self.length_to(end).unwrap_or(self.rest().len());
        if is_expandable { self.expandable(self.at + length) } else { self.take("s", length) }
    }

    /// Text up to `end` in which variables are expanded.
    fn expandable(&mut self, end: usize) {
        while self.at < end {
            let text = &self.code.as_bytes()[self.at..end];
            let length = memchr::memchr2(b'$', b'`', text).unwrap_or(text.len());
            self.take("s", length);
            if self.at < end {
                self.expanded();
            }
        }
    }

    /// A string in double quotes.
    fn string(&mut self, depth: usize) {
        // One that is never closed is rather a stray mark: it ends with its line.
        if !self.is_closed() {
            return self.expandable(self.at + self.line());
        }
        self.take("s", 1);
        while self.at < self.code.len() {
            let rest = self.rest().as_bytes();
            self.take("s", memchr::memchr3(b'"', b'$', b'`', rest).unwrap_or(rest.len()));
            match (self.byte(0), self.byte(1)) {
                (b'"', b'"') => self.take("s", 2),
                (b'"', _) => return self.take("s", 1),
                (b'$', b'(') if depth < DEPTH => {
                    self.take("", 2);
                    self.last = Last::Break;
                    self.statements(depth + 1);
                    if self.at < self.code.len() {
                        self.take("", 1);
                    }
                }
                _ => self.expanded(),
            }
        }
    }

    /// Is there a mark that closes the string which begins here?
    fn is_closed(&self) -> bool {
        let bytes = self.code.as_bytes();
        let mut at = self.at + 1;
        while let Some(found) = memchr::memchr2(b'"', b'`', bytes.get(at..).unwrap_or_default()) {
            at += found;
            if bytes[at] == b'"' {
                return true;
            }
            at += 2;
        }
        false
    }

    /// What is not itself in a string: a variable, or a character behind a grave accent.
    fn expanded(&mut self) {
        match self.byte(0) {
            b'$' => self.variable("s"),
            b'`' => self.take("n", 1 + self.rest()[1..].chars().next().map_or(0, char::len_utf8)),
            _ => {}
        }
    }

    /// A variable, or a dollar sign of class `other`.
    fn variable(&mut self, other: &'static str) {
        self.last = Last::Variable;
        let mut length = self.name(1);
        // `$env:PATH`, but not `$type::Member`.
        if length > 0 && self.byte(1 + length) == b':' && self.name(2 + length) > 0 {
            length += 1 + self.name(2 + length);
        }
        let is_constant = |name: &&str| name.eq_ignore_ascii_case(&self.rest()[1..=length]);
        match self.byte(1) {
            b'{' => match self.rest()[..self.line()].find('}') {
                Some(end) => self.take("v", end + 1),
                None => self.take(other, 1),
            },
            b'$' | b'?' | b'^' => self.take("v", 2),
            _ if length == 0 => self.take(other, 1),
            _ if ["true", "false", "null"].iter().any(is_constant) => self.take("n", 1 + length),
            _ => self.take("v", 1 + length),
        }
    }

    /// A parameter, or an operator that is a word.
    fn dash(&mut self) {
        let length = self.name(1);
        let word = self.rest()[1..=length].to_ascii_lowercase();
        let bare = word.strip_prefix(['c', 'i']).unwrap_or(&word);
        let is_operator = OPERATORS.contains(&word.as_str()) || OPERATORS.contains(&bare);
        self.take(if is_operator { "k" } else { "a" }, 1 + length);
        if is_operator {
            self.last = Last::Break;
        }
    }

    /// A number, and no part of an address, a date or a name.
    fn number(&mut self) {
        let bytes = self.code.as_bytes();
        let is_signed = self.before() == b'-' && self.at > 1 && !bytes[self.at - 2].is_ascii_alphanumeric();
        let is_range = bytes[..self.at].ends_with(b"..");
        let mut length = 0;
        while self.byte(length).is_ascii_alphanumeric() || (self.byte(length) == b'.' && self.byte(length + 1) != b'.')
        {
            length += 1;
        }
        let is_whole = !b"-_:\\/@".contains(&self.byte(length));
        if is_whole && (self.begins() || is_signed || is_range) && is_number(&self.rest()[..length]) {
            self.take("n", length);
        } else {
            self.at += length;
        }
    }

    /// The name in `[string]`, `[System.Guid]::`, `[int[]]` or `[Parameter(`.
    fn type_literal(&mut self) {
        self.at += 1;
        let is_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(**byte, b'_' | b'.');
        let length = self.rest().bytes().take_while(|byte| is_name(&byte)).count();
        let ends = [b']', b'[', b'('].contains(&self.byte(length));
        if ends && self.byte(0).is_ascii_alphabetic() {
            self.take("t", length);
        }
    }

    /// A keyword, a command, a method, or a word without a meaning.
    fn word(&mut self, last: Last) {
        let mut length = self.name(0);
        let mut has_dash = false;
        while self.byte(length) == b'-' && self.byte(length + 1).is_ascii_alphabetic() {
            has_dash = true;
            length += 1 + self.name(length + 1);
        }
        let word = &self.rest()[..length];
        let behind = &self.rest()[length..];
        if last == Last::Defines || (matches!(self.before(), b'.' | b':') && behind.starts_with('(')) {
            return self.take("f", length);
        }
        if !self.begins() {
            return self.at += length;
        }
        let is_title = |part: &str| part.starts_with(|c: char| c.is_ascii_uppercase());
        if has_dash {
            let is_command = last == Last::Break || word.split('-').all(is_title);
            return if is_command { self.take("f", length) } else { self.at += length };
        }
        if let Some(end) = behind.strip_prefix('.') {
            let end = &end[..end.bytes().take_while(u8::is_ascii_alphanumeric).count()];
            let is_program = ["exe", "ps1", "cmd", "bat", "com"].iter().any(|known| known.eq_ignore_ascii_case(end));
            return if is_program { self.take("f", length + 1 + end.len()) } else { self.at += length };
        }
        let keyword = word.to_ascii_lowercase();
        let is_block = behind.trim_start().starts_with('{');
        let is_keyword = match keyword.as_str() {
            "in" => last == Last::Variable,
            // Words that other lines begin with, too.
            "begin" | "clean" | "data" | "dynamicparam" | "end" | "process" => last == Last::Break && is_block,
            keyword => last == Last::Break && KEYWORDS.contains(&keyword),
        };
        if !is_keyword {
            return self.at += length;
        }
        self.take("k", length);
        self.last = match keyword.as_str() {
            "class" | "configuration" | "enum" | "filter" | "function" | "workflow" => Last::Defines,
            _ => Last::Break,
        };
    }
}

/// Is it a number of PowerShell, with its multiplier and its type?
fn is_number(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let text = ["kb", "mb", "gb", "tb", "pb"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(&text);
    if let Some(digits) = text.strip_prefix("0x") {
        return !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    }
    let text = text.strip_suffix(['l', 'd']).unwrap_or(text);
    text.starts_with(|c: char| c.is_ascii_digit()) && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    fn coloured(code: &str) -> String {
        html(code)
            .replace("<span class=\"hl-", "[")
            .replace("\">", " ")
            .replace("</span>", "]")
            .replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
    }

    #[test]
    fn code_has_colours() {
        for (code, expected) in [
            ("Get-ADUser -Filter * # all", "[f Get-ADUser ][a -Filter] * [c # all]"),
            ("<# a\nb #> ls", "[c <# a\nb #>] ls"),
            ("$x -eq $null -and -not $env:PATH", "[v $x ][k -eq ][n $null ][k -and -not ][v $env:PATH]"),
            ("foreach ($i in 1..10) { }", "[k foreach] ([v $i ][k in ][n 1]..[n 10]) { }"),
            ("function Get-It([string[]]$a = 5MB) { }", "[k function ][f Get-It]([[t string][]][v $a] = [n 5MB]) { }"),
            ("[System.IO.File]::ReadAllText(\"a\")", "[[t System.IO.File]]::[f ReadAllText]([s \"a\"])"),
            (
                "\"a `n $x ${y z} $(Get-Date -f 'a\"b') c\"",
                "[s \"a ][n `n ][v $x ${y z} ]$([f Get-Date ][k -f ][s 'a\"b'])[s  c\"]",
            ),
            ("@\"\na $b \"x\"\n\"@; exit", "[s @\"\na ][v $b][s  \"x\"\n\"@]; [k exit]"),
            ("@'\n$b\n'@", "[s @'\n$b\n'@]"),
            ("say \"open $x\nend", "say [s \"open ][v $x]\nend"),
            ("\"a\"\"b\" 'c''d'", "[s \"a\"\"b\" 'c''d']"),
            ("msiexec.exe /i a.msi", "[f msiexec.exe] /i a.msi"),
            ("a user@contoso.com 10.0.0.1 2013-01-01 -1", "a user@contoso.com 10.0.0.1 2013-01-01 -[n 1]"),
            ("Process ID: don't `\" é“", "Process ID: don't `\" é“"),
            ("cmd @args $a[0].Length", "cmd [v @args $a][[n 0]].Length"),
        ] {
            assert_eq!(coloured(code), expected, "{code}");
        }
    }

    #[test]
    fn nothing_is_lost_whatever_is_written() {
        let pieces = [
            "\"", "'", "`", "$", "$(", ")", "@\"", "\"@", "\n", "<#", "#>", "[", "-", "é", "a-b", "1.", "{", "$x:", " ",
        ];
        let mut chance = Chance(7);
        for _ in 0..2000 {
            let mut code = String::new();
            for _ in 0..12 {
                code.push_str(pieces[chance.below(pieces.len())]);
            }
            let html = html(&code);
            let text = html.replace("</span>", "").split("<span class=\"hl-").enumerate().fold(
                String::new(),
                |text, (at, piece)| {
                    text + if at == 0 { piece } else { piece.split_once("\">").map_or("", |(_, rest)| rest) }
                },
            );
            let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
            assert_eq!(text, code);
        }
        // Deep nesting ends in a string, not in a full stack.
        html(&"\"$(".repeat(20_000));
    }
}
