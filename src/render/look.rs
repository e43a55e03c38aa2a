//! What the configuration says of the looks of a site: its stylesheet, the links of its frame, and what is wrong with them.
//!
//! In steps for the stylesheet: the fonts that the site brings along, then the properties of the theme that it sets, once for
//! light and, in the two places where the theme has them, for dark. Files are looked for and contrasts measured when the whole
//! site is known.

use std::fmt::Write;

use super::fill::href;
use super::views::{LogoView, NavigationView, ThemeView};
use crate::Site;
use crate::config::look::{COLORS, Color, FONT_FORMATS, FontUse, Located, Look, Rgb, Scheme, is_generic};
use crate::default_theme::STATIC;
use crate::diagnostics::{Diagnostic, Place, Sink, nearest, rule};
use crate::link::{Target, encode_path};
use crate::parse::html::attribute;
use crate::parse::inline::Piece;
use crate::plan::{LOOK, has_look};
use crate::source::Sources;

/// The styles of the theme.
const THEME_CSS: &str = "unstick/theme.css";
/// The picture of the theme.
const ICON: &str = "unstick/icon.svg";
/// The contrast that text needs: WCAG 2.2, success criterion 1.4.3, level AA.
const ENOUGH: f64 = 4.5;
/// Colours that text has, and those that it stands on.
const TEXTS: &[&str] = &["text", "muted", "accent", "success", "warning", "danger"];
const GROUNDS: &[&str] = &["background", "surface"];

/// The view of `theme:`.
pub fn view(sources: &Sources) -> ThemeView {
    let look = &sources.config.look;
    let path = |file: &Located| encode_path(&file.text).into_owned();
    // In proportion to the height that the template gives it.
    let width = |file: &Located| {
        let [width, height] = sources.picture_size(&file.text)?;
        u32::try_from((u64::from(width) * 32).div_ceil(u64::from(height))).ok()
    };
    let favicon = look.favicon.as_ref().map_or(ICON, |file| file.text.as_str());
    ThemeView {
        stylesheet: has_look(sources).then(|| LOOK.to_owned()),
        logo: look.logo.as_ref().map(|logo| LogoView {
            light: path(&logo.light),
            width: width(&logo.light),
            dark: logo.dark.as_ref().map(path),
            dark_width: logo.dark.as_ref().and_then(width),
            replaces_title: logo.replaces_title,
        }),
        favicon: encode_path(favicon).into_owned(),
        favicon_type: media_type(favicon),
        css: look.css.iter().map(path).collect(),
        js: look.js.iter().map(path).collect(),
    }
}

fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).as_deref() {
        Some("svg") => "image/svg+xml",
        Some("ico") => "image/x-icon",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("webp") => "image/webp",
        Some("avif") => "image/avif",
        Some("gif") => "image/gif",
        _ => "image/png",
    }
}

/// The links of the header, seen from the output file `from`. One that leads nowhere is left out; it is reported.
pub fn navigation<'a>(site: &'a Site, from: &str) -> Vec<NavigationView<'a>> {
    let links = site.sources.config.look.navigation.iter().zip(&site.linked.navigation);
    let view = |((title, _), target): (&'a (String, Located), &'a Target)| {
        let current = match target {
            Target::Page { node, fragment: None } => site.linked.tree.nodes[*node].output == from,
            Target::Asset { output, .. } => output == from,
            _ => false,
        };
        let external = matches!(target, Target::External(_) | Target::Object { .. });
        Some(NavigationView { title, url: href(&site.linked, from, target)?.into_owned(), current, external })
    };
    links.filter_map(view).collect()
}

/// The HTML of the footer, seen from the output file `from`.
pub fn footer(site: &Site, from: &str) -> String {
    let mut html = String::new();
    let mut targets = site.linked.footer.iter();
    let mut open = false;
    for piece in &site.sources.config.look.footer {
        match piece {
            Piece::Html(piece) => html.push_str(piece),
            Piece::Link(_) => {
                let target = targets.next();
                let address = target.and_then(|target| href(&site.linked, from, target));
                open = address.is_some();
                if let Some(address) = address {
                    let outside = address.starts_with("http");
                    let class = if outside { " class=\"external\" rel=\"noopener noreferrer\"" } else { "" };
                    // Writing to a text does not fail.
                    let _ = write!(html, "<a href=\"{}\"{class}>", attribute(&address));
                }
            }
            Piece::LinkEnd if open => html.push_str("</a>"),
            Piece::LinkEnd => {}
        }
    }
    html
}

/// The stylesheet of the configuration.
pub fn stylesheet(look: &Look) -> String {
    let mut css = String::from("/* Made from `theme:` of unstick.yaml. */\n");
    for font in &look.font_files {
        let ending = font.file.text.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
        let format = FONT_FORMATS.iter().find(|(own, _)| *own == ending).map_or("woff2", |(_, format)| format);
        let weight = font.weight.as_ref().map(|weight| format!(" font-weight: {weight};")).unwrap_or_default();
        let style = if font.is_italic { " font-style: italic;" } else { "" };
        let path = encode_path(&font.file.text);
        // An apostrophe and a parenthesis may stand in a path.
        let path = path.replace('\'', "%27").replace('(', "%28").replace(')', "%29");
        css += &format!(
            "@font-face {{ font-family: \"{}\"; src: url(\"../{path}\") format(\"{format}\");{weight}{style} font-display: swap; }}\n",
            font.family
        );
    }
    let colors = |scheme: Scheme| {
        let own = look.colors.iter().filter(move |color| color.scheme == scheme);
        own.map(|color| format!("{}: {};", property(color.name), hex(color.rgb))).collect::<Vec<String>>()
    };
    let mut light = colors(Scheme::Light);
    light.extend(look.fonts.iter().filter_map(|(used, families)| match used {
        FontUse::Text => Some(format!("--font: {};", stack(families, "system-ui, sans-serif"))),
        FontUse::Code => Some(format!("--mono: {};", stack(families, "ui-monospace, monospace"))),
        FontUse::Headings => None,
    }));
    if !light.is_empty() {
        css += &format!(":root {{ {} }}\n", light.join(" "));
    }
    let dark = colors(Scheme::Dark).join(" ");
    if !dark.is_empty() {
        css += &format!(
            "@media screen and (prefers-color-scheme: dark) {{ :root:not([data-theme=\"light\"]) {{ {dark} }} }}\n\
             @media screen {{ :root[data-theme=\"dark\"] {{ {dark} }} }}\n"
        );
    }
    let headings = look.fonts.iter().find(|(used, _)| *used == FontUse::Headings);
    if let Some((_, families)) = headings {
        css += &format!(
            "h1, h2, h3, h4, h5, h6, .site-title {{ font-family: {}; }}\n",
            stack(families, "system-ui, sans-serif")
        );
    }
    css
}

/// Families as stylesheets name them, with `others` behind those of which none may be there.
fn stack(families: &[String], others: &str) -> String {
    let quoted = |family: &String| match is_generic(family) {
        true => family.clone(),
        false => format!("\"{family}\""),
    };
    let mut stack: Vec<String> = families.iter().map(quoted).collect();
    if !families.last().is_some_and(|family| is_generic(family)) {
        stack.push(others.to_owned());
    }
    stack.join(", ")
}

fn property(name: &str) -> &'static str {
    COLORS.iter().find(|(own, _)| *own == name).map_or("--accent", |(_, property)| property)
}

fn hex([red, green, blue]: Rgb) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// Reports files that are not there and colours that cannot be told apart.
pub fn check(sources: &Sources, sink: &mut Sink) {
    let look = &sources.config.look;
    let logo = look.logo.iter().flat_map(|logo| std::iter::once(&logo.light).chain(&logo.dark));
    let fonts = look.font_files.iter().map(|font| &font.file);
    let files = look.css.iter().chain(&look.js).chain(&look.favicon).chain(logo).chain(fonts);
    sink.extend(files.filter_map(|file| missing(sources, file)));
    if !look.colors.is_empty() {
        contrasts(sources, sink);
    }
}

/// The file is not below `static/`.
fn missing(sources: &Sources, file: &Located) -> Option<Diagnostic> {
    if sources.statics.contains_key(&file.text) {
        return None;
    }
    let names = || sources.statics.keys().map(String::as_str);
    let below = file.text.trim_start_matches('/').trim_start_matches("static/");
    let same_name = |path: &&str| path.rsplit('/').next() == below.rsplit('/').next();
    let near =
        names().find(|path| *path == below).or_else(|| nearest(below, names())).or_else(|| names().find(same_name));
    let help = match near {
        Some(near) => format!("did you mean `{near}`? Paths are counted from `static/`"),
        None => "put the file into `static/`; paths are counted from there".to_owned(),
    };
    Some(Diagnostic::at(&rule::MISSING_ASSET, file.span, format!("no file `static/{below}`")).help(help))
}

/// Reports text that is hard to read on what it stands on, where the site says one of the two.
fn contrasts(sources: &Sources, sink: &mut Sink) {
    let look = &sources.config.look;
    // With styles of the site's own the other colours are not known.
    let has_own = sources.statics.contains_key(THEME_CSS) && !sources.copies.contains(THEME_CSS);
    for scheme in [Scheme::Light, Scheme::Dark] {
        let own = |name: &str| look.colors.iter().find(|color| color.scheme == scheme && color.name == name);
        let color = |name: &str| match own(name) {
            Some(color) => Some(color.rgb),
            None if has_own => None,
            None => theirs(scheme, name),
        };
        for name in TEXTS {
            // The lowest ratio of a text is told, at the colour that the site gives it, or else at the ground.
            let measured = GROUNDS.iter().filter(|ground| own(name).is_some() || own(ground).is_some());
            let measured = measured.filter_map(|ground| Some((contrast(color(name)?, color(ground)?), *ground)));
            let Some((ratio, ground)) =
                measured.min_by(|a, b| a.0.total_cmp(&b.0)).filter(|(ratio, _)| *ratio < ENOUGH)
            else {
                continue;
            };
            let (Some(text), Some(on), Some(at)) = (color(name), color(ground), own(name).or_else(|| own(ground)))
            else {
                continue;
            };
            sink.push(low(at, name, text, ground, on, ratio));
        }
    }
}

fn low(at: &Color, name: &str, text: Rgb, ground: &str, on: Rgb, ratio: f64) -> Diagnostic {
    let scheme = at.scheme.name();
    // A ratio just below is not to look like one that is enough.
    let ratio = (ratio * 100.0).floor() / 100.0;
    let message = format!(
        "`{name}` {} on `{ground}` {} has a contrast of {ratio:.2}:1 in {scheme}, and text needs {ENOUGH}:1",
        hex(text),
        hex(on)
    );
    let help = match at.scheme {
        Scheme::Light => "take a darker colour for text, or a lighter one for what it stands on",
        Scheme::Dark => "take a lighter colour for text, or a darker one for what it stands on",
    };
    Diagnostic::new(&rule::LOW_CONTRAST, Place::Span(at.span), message).help(help)
}

/// The colour of the theme itself, as its styles give it.
fn theirs(scheme: Scheme, name: &str) -> Option<Rgb> {
    let css = STATIC.iter().find(|(path, _)| *path == THEME_CSS).map(|(_, bytes)| String::from_utf8_lossy(bytes))?;
    let start = match scheme {
        Scheme::Light => css.find(":root {")?,
        Scheme::Dark => css.find(":root[data-theme=\"dark\"] {")?,
    };
    let block = css[start..].split('}').next()?;
    let value = block.split(&format!("{}: #", property(name))).nth(1)?.split(';').next()?;
    let digit = |at: usize| u8::from_str_radix(value.get(at..=at)?, 16).ok();
    let pair = |at: usize| Some(digit(at)? * 16 + digit(at + 1)?);
    match value.len() {
        3 => Some([digit(0)? * 17, digit(1)? * 17, digit(2)? * 17]),
        6 => Some([pair(0)?, pair(2)?, pair(4)?]),
        _ => None,
    }
}

/// The ratio of two colours as WCAG 2.2 defines it.
fn contrast(a: Rgb, b: Rgb) -> f64 {
    let channel = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = |[red, green, blue]: Rgb| 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_theme_has_a_colour_of_each_name_that_can_be_read() {
        for scheme in [Scheme::Light, Scheme::Dark] {
            for (name, _) in COLORS {
                assert!(theirs(scheme, name).is_some(), "{name} in {}", scheme.name());
            }
            for text in TEXTS {
                for ground in GROUNDS {
                    let ratio = contrast(theirs(scheme, text).expect("above"), theirs(scheme, ground).expect("above"));
                    assert!(ratio >= ENOUGH, "{text} on {ground} in {}: {ratio}", scheme.name());
                }
            }
        }
    }

    #[test]
    fn contrasts_are_those_of_the_specification() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
        assert!((contrast([118; 3], [255; 3]) - 4.54).abs() < 0.01);
        assert!((contrast([0, 0, 255], [255; 3]) - 8.59).abs() < 0.01);
    }

    #[test]
    fn families_end_in_one_that_is_there() {
        assert_eq!(stack(&["Inter".into()], "system-ui, sans-serif"), "\"Inter\", system-ui, sans-serif");
        assert_eq!(stack(&["Inter".into(), "serif".into()], "x"), "\"Inter\", serif");
    }
}
