//! Small grammars for languages of troubleshooting pages that `syntect` does not know: comments, strings, numbers, keywords,
//! and names that are called.

use super::spans::Spans;

/// What a language looks like.
#[derive(Debug)]
pub(super) struct Grammar {
    names: &'static [&'static str],
    /// What begins a comment that runs to the end of its line.
    comment: &'static str,
    quotes: &'static [char],
    /// In lower case: none of these languages tells cases of keywords apart.
    keywords: &'static [&'static str],
}

const GRAMMARS: &[Grammar] = &[
    Grammar {
        names: &["vb", "vba", "vbs", "vbscript", "vbnet", "vb.net", "visualbasic"],
        comment: "'",
        quotes: &['"'],
        keywords: &[
            "and", "as", "boolean", "byref", "byval", "call", "case", "class", "const", "currency", "date", "declare",
            "dim", "do", "double", "each", "else", "elseif", "empty", "end", "enum", "error", "exit", "explicit",
            "false", "for", "function", "get", "goto", "if", "imports", "in", "integer", "is", "let", "like", "long",
            "loop", "mod", "module", "new", "next", "not", "nothing", "null", "object", "on", "option", "optional",
            "or", "preserve", "private", "property", "public", "redim", "rem", "resume", "return", "select", "set",
            "single", "static", "step", "string", "sub", "then", "to", "true", "try", "type", "typeof", "until",
            "using", "variant", "wend", "while", "with", "xor",
        ],
    },
    // https://prometheus.io/docs/prometheus/latest/querying/operators/
    Grammar {
        names: &["promql", "metricsql"],
        comment: "#",
        quotes: &['"', '\'', '`'],
        keywords: &[
            "and",
            "atan2",
            "avg",
            "bool",
            "bottomk",
            "by",
            "count",
            "count_values",
            "group",
            "group_left",
            "group_right",
            "ignoring",
            "inf",
            "max",
            "min",
            "nan",
            "offset",
            "on",
            "or",
            "quantile",
            "stddev",
            "stdvar",
            "sum",
            "topk",
            "unless",
            "without",
        ],
    },
    // https://learn.microsoft.com/kusto/query/
    Grammar {
        names: &["kusto", "kql", "csl"],
        comment: "//",
        quotes: &['"', '\''],
        keywords: &[
            "and",
            "as",
            "asc",
            "between",
            "by",
            "contains",
            "count",
            "datatable",
            "desc",
            "distinct",
            "endswith",
            "evaluate",
            "extend",
            "externaldata",
            "false",
            "has",
            "has_any",
            "in",
            "invoke",
            "join",
            "kind",
            "let",
            "limit",
            "lookup",
            "matches",
            "not",
            "null",
            "on",
            "or",
            "order",
            "parse",
            "print",
            "project",
            "range",
            "regex",
            "render",
            "search",
            "serialize",
            "set",
            "sort",
            "startswith",
            "summarize",
            "take",
            "top",
            "true",
            "union",
            "where",
            "with",
        ],
    },
];

/// The grammar of the language `name`, which is in lower case.
pub(super) fn grammar(name: &str) -> Option<&'static Grammar> {
    GRAMMARS.iter().find(|grammar| grammar.names.contains(&name))
}

/// `code` as HTML.
pub(super) fn html(grammar: &Grammar, code: &str) -> String {
    let mut spans = Spans::with_capacity(code.len() * 2);
    for line in code.split_inclusive('\n') {
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            let (class, length) = token(grammar, rest, c);
            spans.push(class, &rest[..length]);
            rest = &rest[length..];
        }
    }
    spans.finish()
}

/// The class and the length of the token at the start of `rest`, which begins with `c` and ends with its line.
fn token(grammar: &Grammar, rest: &str, c: char) -> (&'static str, usize) {
    let until = |end: fn(char) -> bool| rest.find(end).unwrap_or(rest.len());
    if rest.starts_with(grammar.comment) {
        return ("c", rest.trim_end().len());
    }
    if grammar.quotes.contains(&c) {
        let inside = &rest[c.len_utf8()..];
        let end = inside.find(c).map_or(rest.trim_end().len(), |end| end + 2 * c.len_utf8());
        return ("s", end);
    }
    if c.is_ascii_digit() {
        return ("n", until(|c| !(c.is_ascii_alphanumeric() || c == '.')));
    }
    if c.is_alphabetic() || c == '_' {
        let end = until(|c| !(c.is_alphanumeric() || c == '_'));
        let word = rest[..end].to_ascii_lowercase();
        if grammar.keywords.contains(&word.as_str()) {
            return ("k", end);
        }
        return (if rest[end..].starts_with('(') { "f" } else { "" }, end);
    }
    ("", c.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coloured(name: &str, code: &str) -> String {
        let html = html(grammar(name).expect("it has a grammar"), code);
        html.replace("<span class=\"hl-", "[").replace("\">", " ").replace("</span>", "]")
    }

    #[test]
    fn small_languages_have_colours() {
        for (name, code, expected) in [
            ("vba", "Dim x As Long ' a comment\n", "[k Dim ]x [k As Long ][c ' a comment\n]"),
            ("vb", "MsgBox(\"Hi\", 10)\n", "[f MsgBox]([s &quot;Hi&quot;], [n 10])\n"),
            ("vb", "s = \"open\n", "s = [s &quot;open\n]"),
            ("promql", "sum by (job) (rate(up[5m]))", "[k sum by ](job) ([f rate](up[[n 5m]]))"),
            ("kql", "T | where x > 1h // note", "T | [k where ]x &gt; [n 1h ][c // note]"),
            ("vb", "é ‘", "é ‘"),
        ] {
            assert_eq!(coloured(name, code), expected, "{code}");
        }
    }
}
