//! What no generator can beat: read, make HTML, write.

use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd, html};
use rayon::prelude::*;
use syntect::html::{ClassStyle, ClassedHTMLGenerator};
use syntect::parsing::SyntaxSet;
use walkdir::WalkDir;

/// Makes an HTML file in `output` of every Markdown file in `site`, with code in colours if `coloured`, on two threads.
pub fn floor(site: &Path, output: &Path, coloured: bool) {
    rayon::ThreadPoolBuilder::new().num_threads(2).build_global().unwrap();
    let syntaxes = coloured.then(two_face::syntax::extra_newlines);
    let files: Vec<PathBuf> = WalkDir::new(site)
        .into_iter()
        .filter_map(Result::ok)
        .map(walkdir::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    files.par_iter().for_each(|file| {
        let text = fs::read_to_string(file).unwrap();
        let parser = Parser::new_ext(&text, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_GFM);
        let mut page = String::with_capacity(text.len() * 3 / 2);
        match &syntaxes {
            Some(syntaxes) => html::push_html(&mut page, highlighted(parser, syntaxes).into_iter()),
            None => html::push_html(&mut page, parser),
        }
        let path = output.join(file.strip_prefix(site).unwrap()).with_extension("html");
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, page).unwrap();
    });
}

/// The events with blocks of code as HTML, where their language is known.
fn highlighted<'a>(parser: Parser<'a>, syntaxes: &SyntaxSet) -> Vec<Event<'a>> {
    let mut events = Vec::new();
    let mut block: Option<(String, String)> = None;
    for event in parser {
        match (event, &mut block) {
            (Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(language))), _) => {
                block = Some((language.to_lowercase(), String::new()));
            }
            (Event::Text(text), Some((_, code))) => code.push_str(&text),
            (Event::End(TagEnd::CodeBlock), Some((language, code))) => {
                let html = match syntaxes.find_syntax_by_token(language) {
                    Some(syntax) => {
                        let mut generator =
                            ClassedHTMLGenerator::new_with_class_style(syntax, syntaxes, ClassStyle::Spaced);
                        for line in code.split_inclusive('\n') {
                            generator.parse_html_for_line_which_includes_newline(line).unwrap();
                        }
                        generator.finalize()
                    }
                    None => {
                        let mut escaped = String::new();
                        escape(&mut escaped, code);
                        escaped
                    }
                };
                events.push(Event::Html(CowStr::from(format!("<pre><code>{html}</code></pre>\n"))));
                block = None;
            }
            (event, _) => events.push(event),
        }
    }
    events
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        }
    }
}
