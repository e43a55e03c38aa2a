//! Formulas in TeX to MathML, which browsers show without a script.
//!
//! The only file that knows `math_core`. In steps: refuse what is too long or nests too deeply, since the library descends into
//! groups; let it make MathML; put classes of the theme in the place of inline styles, which the pages' policy forbids.

use std::ops::Range;

use math_core::{LatexToMathML, MathCoreConfig, MathDisplay};

/// Longest formula, in bytes.
const MAX_BYTES: usize = 4096;
/// The most commands, groups and scripts in a formula. Each may stand in the one before.
const MAX_OPENERS: usize = 256;

/// Inline styles and the classes that stand for them. What is not in the table is left out.
const CLASSES: &[(&str, &str)] = &[
    ("text-align: left", "m-left"),
    ("text-align: right", "m-right"),
    ("padding-left: 0", "m-close"),
    ("padding-right: 0", "m-close-end"),
    ("padding-left:1em", "m-apart"),
    ("border-left: 0.05em solid currentcolor", "m-rule-left"),
    ("border-right: 0.05em solid currentcolor", "m-rule-right"),
    ("border-top: 0.05em solid currentcolor", "m-rule-top"),
    ("border-bottom: 0.05em solid currentcolor", "m-rule-bottom"),
    ("width: 100%", "m-wide"),
    ("width: 50%", "m-half"),
];

/// Where a formula stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Display {
    /// In a line of text.
    Inline,
    /// By itself.
    Block,
}

/// Why a formula is none.
#[derive(Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The bytes of the formula that are wrong; none where something is missing.
    pub range: Range<usize>,
    /// What is wrong, without a full stop.
    pub message: String,
}

/// The MathML of `tex`.
///
/// # Errors
/// What cannot be understood.
pub fn mathml(tex: &str, display: Display) -> Result<String, Wrong> {
    if tex.len() > MAX_BYTES || openers(tex) > MAX_OPENERS {
        let message = format!("a formula has at most {MAX_BYTES} bytes, and {MAX_OPENERS} commands and groups");
        return Err(Wrong { range: 0..tex.len(), message });
    }
    // Between two dollar signs of prose there is often code.
    if let Some(at) = tex.find('`') {
        let message = "there is a backtick in this formula, so that it may be none".to_owned();
        return Err(Wrong { range: at..at + 1, message });
    }
    let display = match display {
        Display::Inline => MathDisplay::Inline,
        Display::Block => MathDisplay::Block,
    };
    let converter = LatexToMathML::new(MathCoreConfig::default()).expect("there are no macros to be wrong");
    match converter.convert_with_local_state(tex, display) {
        Ok(done) => Ok(focusable(with_classes(&done.mathml))),
        Err(error) => {
            let message = error.error_message().trim_end_matches('.').replace('"', "`");
            let range = error.0.start.min(tex.len())..error.0.end.min(tex.len());
            Err(Wrong { range, message })
        }
    }
}

/// `mathml` so that a long formula by itself, which scrolls, can be scrolled by keyboard, as tables and code can.
fn focusable(mathml: String) -> String {
    match mathml.strip_prefix("<math display=\"block\"") {
        Some(rest) => format!("<math display=\"block\" tabindex=\"0\"{rest}"),
        None => mathml,
    }
}

/// How many commands, groups and scripts there are in `tex`.
fn openers(tex: &str) -> usize {
    let bytes = tex.as_bytes();
    let is_command = |at: usize| bytes[at] == b'\\' && bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic);
    (0..bytes.len()).filter(|&at| is_command(at) || b"{[^_".contains(&bytes[at])).count()
}

/// `mathml` with classes in the place of inline styles.
fn with_classes(mathml: &str) -> String {
    const STYLE: &str = " style=\"";
    let mut html = String::with_capacity(mathml.len());
    let mut rest = mathml;
    while let Some(start) = rest.find(STYLE) {
        let (before, after) = (&rest[..start], &rest[start + STYLE.len()..]);
        html.push_str(before);
        let end = after.find('"').unwrap_or(after.len());
        let declared = after[..end].split(';').map(str::trim);
        let class = |style: &str| CLASSES.iter().find(|(own, _)| *own == style).map(|(_, class)| *class);
        let classes: Vec<&str> = declared.filter_map(class).collect();
        if !classes.is_empty() {
            html.push_str(" class=\"");
            html.push_str(&classes.join(" "));
            html.push('"');
        }
        rest = after.get(end + 1..).unwrap_or_default();
    }
    html.push_str(rest);
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_mathml_without_inline_styles() {
        let html = mathml("\\frac{1}{2}", Display::Inline).expect("it is a formula");
        assert_eq!(html, "<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>");
        for tex in [
            "\\begin{aligned} a &= b \\\\ c &= d \\end{aligned}",
            "\\begin{cases} 1 & x > 0 \\\\ 0 & \\text{else} \\end{cases}",
            "\\begin{array}{|c|c|} a & b \\\\ \\hline c & d \\end{array}",
            "\\begin{align} a &= b \\end{align}",
            "{\\color{red} x}",
        ] {
            let html = mathml(tex, Display::Block).expect(tex);
            assert!(
                html.starts_with("<math display=\"block\" tabindex=\"0\">") && !html.contains(" style=\""),
                "{html}"
            );
            // Two attributes of one name would be an error.
            assert!(html.split('<').all(|tag| tag.matches(" class=\"").count() < 2), "{html}");
        }
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        let wrong = mathml("x + \\foo y", Display::Inline).expect_err("there is no such command");
        assert_eq!((wrong.range, wrong.message.as_str()), (4..8, "Unknown command `\\foo`"));
        assert!(mathml("\\text{<b>", Display::Inline).is_err());
        assert_eq!(mathml("5 or `", Display::Inline).expect_err("it is prose").range, 5..6);
    }

    /// A thread of those that parse pages has two mebibytes of stack.
    #[test]
    fn hostile_formulas_end_at_once() {
        let nest =
            |open: &str, close: &str| format!("{}x{}", open.repeat(MAX_OPENERS / 2), close.repeat(MAX_OPENERS / 2));
        let texts = [
            "{".repeat(4000),
            "{".repeat(MAX_OPENERS),
            "\\sqrt ".repeat(MAX_OPENERS),
            "\\frac1".repeat(MAX_OPENERS),
            nest("\\sqrt{", "}"),
            nest("x^{", "}"),
            nest("\\left(", "\\right)"),
            nest("\\begin{matrix}", "\\end{matrix}"),
            "'".repeat(4000),
            "(".repeat(4000),
            "&".repeat(4000),
            "\\".repeat(4000),
            "\\char ü".to_owned(),
            "\u{0}".to_owned(),
        ];
        let run = std::thread::Builder::new()
            .stack_size(1 << 20)
            .spawn(move || texts.iter().filter(|text| mathml(text, Display::Block).is_err()).count());
        let wrong = run.expect("a thread").join().expect("nothing panics");
        assert!(wrong > 3, "{wrong}");
    }
}
