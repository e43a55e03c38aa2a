//! The templates: the default theme, which is part of the program, with the site's own files in front.
//!
//! The only file that knows how Tera reports errors. A template error names the file, line and column of the template, and
//! stops the build: no right page can be made with it.

use std::sync::Arc;

use tera::{Context, ErrorKind, Filter, Kwargs, ReportError, State, Tera, Value};

use super::messages::{self, Messages};
use crate::default_theme::TEMPLATES;
use crate::diagnostics::{Diagnostic, Place, Sink, Span, rule};
use crate::source::Sources;

/// Templates that are ready to use.
pub struct Theme {
    tera: Tera,
    messages: Arc<Messages>,
    /// Where the site's own templates are.
    own: Vec<(String, crate::diagnostics::FileId)>,
}

impl Theme {
    /// The theme of a site. A template that cannot be parsed is reported.
    pub fn load(sources: &Sources, sink: &mut Sink) -> Option<Theme> {
        let mut tera = Tera::new();
        // Every template makes HTML or XML, whatever its name ends in.
        tera.autoescape_on(vec![".html", ".htm", ".xml", ".svg", ".txt", ""]);
        let own: Vec<(String, crate::diagnostics::FileId)> =
            sources.templates.iter().map(|(path, file)| (path.clone(), *file)).collect();
        let messages = Arc::new(Messages::of(sources, &sources.config.language));
        tera.register_filter("count", counting(Arc::clone(&messages)));
        tera.register_filter("safe", Safe);
        let is_own = |name: &str| sources.templates.contains_key(name);
        let built_in = TEMPLATES
            .iter()
            .filter(|(name, _)| !is_own(name) && !messages::is_message_file(name))
            .map(|(name, bytes)| ((*name).to_owned(), String::from_utf8_lossy(bytes).into_owned()));
        let mine = own.iter().filter(|(path, _)| !messages::is_message_file(path));
        let mine = mine.map(|(path, file)| (path.clone(), sources.text(*file).to_owned()));
        let added = tera.add_raw_templates(built_in.chain(mine));
        let theme = Theme { tera, messages, own };
        match added {
            Ok(()) => Some(theme),
            Err(error) => {
                sink.push(theme.diagnostic(&error, true, None));
                None
            }
        }
    }

    /// The words of the theme in the language of the site.
    pub fn messages(&self) -> &Messages {
        &self.messages
    }

    /// Renders `template` for the output file `output`.
    ///
    /// # Errors
    /// The template's mistake, at its place.
    pub fn render(&self, template: &str, context: &Context, output: &str) -> Result<Vec<u8>, Box<Diagnostic>> {
        let mut bytes = Vec::with_capacity(16 * 1024);
        match self.tera.render_to(template, context, &mut bytes) {
            Ok(()) => Ok(bytes),
            Err(error) => Err(Box::new(self.diagnostic(&error, false, Some(output)))),
        }
    }

    fn diagnostic(&self, error: &tera::Error, syntax: bool, output: Option<&str>) -> Diagnostic {
        let rule = if syntax { &rule::TEMPLATE_SYNTAX } else { &rule::TEMPLATE_ERROR };
        let at = |report: &ReportError| {
            let span = report.span();
            let name = report.filename();
            let place = match self.own.iter().find(|(path, _)| path == name) {
                Some((_, file)) => Place::Span(Span::new(*file, span.range.clone())),
                None => Place::Elsewhere(format!("line {} of templates/{name} of the default theme", span.start_line)),
            };
            Diagnostic::new(rule, place, report.message().trim().to_owned())
        };
        let diagnostic = match error.kind() {
            ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => at(report),
            ErrorKind::CircularExtend { tpl, .. }
            | ErrorKind::CircularInclude { tpl, .. }
            | ErrorKind::MissingParent { current: tpl, .. } => {
                Diagnostic::new(rule, self.place(tpl), error.to_string())
            }
            _ => Diagnostic::new(rule, Place::Path("templates".into()), error.to_string()),
        };
        match output {
            // The same mistake on every page is one mistake: the page is named in the help of the first only.
            Some(_) => diagnostic.help("templates see what `docs/themes.md` lists; test with `is defined`"),
            None => diagnostic,
        }
    }

    fn place(&self, template: &str) -> Place {
        match self.own.iter().find(|(path, _)| path == template) {
            Some((_, file)) => Place::Span(Span::new(*file, 0..1)),
            None => Place::Elsewhere(format!("templates/{template} of the default theme")),
        }
    }
}

/// The filter `safe`, as Tera has it, but that texts are shared: those that are marked are whole bodies.
struct Safe;

impl Filter<Value, Value> for Safe {
    fn call(&self, value: Value, _: Kwargs, _: &State) -> Value {
        value
    }

    fn is_safe(&self) -> bool {
        true
    }
}

/// The filter `count`: `{{ 3 | count(word="page_count") }}` is `3 pages`. Other arguments stand for `{their name}`.
fn counting(
    messages: Arc<Messages>,
) -> impl Fn(u64, Kwargs, &State) -> tera::TeraResult<String> + Send + Sync + 'static {
    move |count, arguments, _| {
        let word = arguments.must_get::<&str>("word")?;
        let counted = messages.counted(word, count);
        let mut text = counted.ok_or_else(|| tera::Error::message(format!("no message `{word}` says a count")))?;
        for (name, value) in arguments.iter().filter(|(name, _)| name.as_str() != Some("word")) {
            text = text.replace(&format!("{{{name}}}"), &value.to_string());
        }
        Ok(text)
    }
}
