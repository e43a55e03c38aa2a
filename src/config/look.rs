//! `theme:` of the configuration: colours, fonts, pictures, the footer, links of the header, files of the site's own.
//!
//! In steps: go through the keys; take what is right, report what is not at its own place. Whether files are there, where
//! links lead and whether colours can be told apart is for others to say.

use serde_json::{Map, Value};

use crate::diagnostics::{Diagnostic, FileId, Sink, Span, nearest, rule};
use crate::parse::inline::{self, Piece};
use crate::parse::places::Places;

/// What a site says of its looks.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// `colors`, by scheme and name.
    pub colors: Vec<Color>,
    /// `fonts: text`, `code` and `headings`: families, the first that is there.
    pub fonts: Vec<(FontUse, Vec<String>)>,
    /// `fonts: files`.
    pub font_files: Vec<FontFile>,
    /// `logo`.
    pub logo: Option<Logo>,
    /// `favicon`, a path below `static/`.
    pub favicon: Option<Located>,
    /// `footer`, in pieces.
    pub footer: Vec<Piece>,
    /// Where the addresses of the footer stand, in the order of its links.
    pub footer_links: Vec<Located>,
    /// `navigation`: text and address of each link.
    pub navigation: Vec<(String, Located)>,
    /// `css`: paths below `static/`.
    pub css: Vec<Located>,
    /// `js`: paths below `static/`.
    pub js: Vec<Located>,
}

/// A text of the configuration and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// The text.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scheme {
    /// Dark text on light ground.
    Light,
    /// Light text on dark ground.
    Dark,
}

impl Scheme {
    /// Its key.
    pub fn name(self) -> &'static str {
        match self {
            Scheme::Light => "light",
            Scheme::Dark => "dark",
        }
    }
}

/// Red, green and blue.
pub type Rgb = [u8; 3];

/// A colour of one scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Color {
    /// The scheme.
    pub scheme: Scheme,
    /// Its name, of [`COLORS`].
    pub name: &'static str,
    /// What it is.
    pub rgb: Rgb,
    /// Where it stands.
    pub span: Span,
}

/// What a font is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FontUse {
    /// Running text.
    Text,
    /// Code and messages.
    Code,
    /// Headings.
    Headings,
}

/// A font that the site brings along.
#[derive(Debug, Clone)]
pub struct FontFile {
    /// The family that it belongs to.
    pub family: String,
    /// Path below `static/`.
    pub file: Located,
    /// Its weight, `400`, or the weights that it can take, `100 900`.
    pub weight: Option<String>,
    /// Is it for slanted text?
    pub is_italic: bool,
}

/// The picture in the header.
#[derive(Debug, Clone)]
pub struct Logo {
    /// On light ground: a path below `static/`.
    pub light: Located,
    /// On dark ground, if it is another.
    pub dark: Option<Located>,
    /// Does it say the title of the site, so that it need not be written beside it?
    pub replaces_title: bool,
}

/// Names of colours and the properties of the theme's styles that they set.
pub const COLORS: &[(&str, &str)] = &[
    ("accent", "--accent"),
    ("background", "--bg"),
    ("surface", "--surface"),
    ("text", "--text"),
    ("muted", "--muted"),
    ("border", "--line"),
    ("success", "--good"),
    ("warning", "--warn"),
    ("danger", "--bad"),
];

/// Keys of `theme`.
const KEYS: &[&str] = &["colors", "fonts", "logo", "favicon", "footer", "navigation", "css", "js"];

/// What other programs call a key of `theme`, or what else it may be called.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("colour", "colors"),
    ("colours", "colors"),
    ("color", "colors"),
    ("palette", "colors"),
    ("font", "fonts"),
    ("icon", "favicon"),
    ("copyright", "footer"),
    ("nav", "navigation"),
    ("navbar", "navigation"),
    ("menu", "navigation"),
    ("links", "navigation"),
    ("customCss", "css"),
    ("custom_css", "css"),
    ("extra_css", "css"),
    ("additional_css", "css"),
    ("additional-css", "css"),
    ("styles", "css"),
    ("stylesheets", "css"),
    ("extra_javascript", "js"),
    ("additional-js", "js"),
    ("additional_js", "js"),
    ("javascript", "js"),
    ("scripts", "js"),
];

/// The key of `theme` that a key at the top of the configuration is meant to be.
pub fn belongs_below(key: &str) -> Option<&'static str> {
    let own = KEYS.iter().find(|own| **own == key).copied();
    own.or_else(|| other_name(key).filter(|_| key != "links"))
}

fn other_name(key: &str) -> Option<&'static str> {
    OTHER_NAMES.iter().find(|(other, _)| *other == key).map(|(_, own)| *own)
}

/// Families that every browser has a font for.
const GENERIC: &[&str] = &[
    "serif",
    "sans-serif",
    "monospace",
    "cursive",
    "fantasy",
    "system-ui",
    "ui-serif",
    "ui-sans-serif",
    "ui-monospace",
    "ui-rounded",
    "math",
    "emoji",
];

/// Is `family` the name of a kind of font, and not of a font?
pub fn is_generic(family: &str) -> bool {
    GENERIC.contains(&family)
}

/// Endings of font files, with their format as stylesheets name it.
pub const FONT_FORMATS: &[(&str, &str)] =
    &[("woff2", "woff2"), ("woff", "woff"), ("ttf", "truetype"), ("otf", "opentype")];

/// Endings of pictures.
const PICTURES: &[&str] = &["svg", "png", "jpg", "jpeg", "webp", "avif", "gif", "ico"];

/// Reads `theme:`, whose value is `keys`, in `text`.
///
/// `bom` is what stands before `text` in its file, in bytes.
pub fn read(file: FileId, text: &str, bom: usize, keys: Map<String, Value>, sink: &mut Sink) -> Look {
    let mut reader = Reader { file, places: Places::of(text), bom, sink, look: Look::default() };
    for (key, value) in keys {
        reader.key(&key, value);
    }
    reader.look
}

struct Reader<'a> {
    file: FileId,
    places: Places<'a>,
    bom: usize,
    sink: &'a mut Sink,
    look: Look,
}

impl Reader<'_> {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.file, self.bom + range.start..self.bom + range.end)
    }

    fn wrong(&mut self, span: Span, message: impl Into<String>, help: Option<String>) {
        let mut diagnostic = Diagnostic::at(&rule::INVALID_CONFIG, span, message);
        diagnostic.help = help;
        self.sink.push(diagnostic);
    }

    /// Reports that the value at `path` is not what it takes.
    fn takes(&mut self, path: &str, value: &Value, wants: &str) {
        let spelled = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let span = self.span(self.places.value(path, &spelled));
        self.wrong(span, format!("`{}` takes {wants}", shown(path)), None);
    }

    /// Reports a key of the mapping at `path` that is none of `keys`.
    fn unknown(&mut self, path: &str, key: &str, keys: &[&'static str], meant: Option<&'static str>) {
        let span = self.span(self.places.key(&format!("{path}/{key}")));
        let help = match meant.or_else(|| nearest(key, keys.iter().copied())) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its keys are {}", keys.join(", ")),
        };
        self.wrong(span, format!("`{key}` is not a key of `{}`", shown(path)), Some(help));
    }

    fn key(&mut self, key: &str, value: Value) {
        let path = format!("theme/{key}");
        match (key, value) {
            ("colors", Value::Object(colors)) => self.colors(colors),
            ("fonts", Value::Object(fonts)) => self.fonts(fonts),
            ("logo", value) => self.logo(value),
            ("favicon", value) => self.look.favicon = self.file(&path, &value, PICTURES),
            ("footer", Value::String(text)) => self.footer(&text),
            ("navigation", Value::Array(items)) => {
                for (number, item) in items.into_iter().enumerate() {
                    self.navigation(&format!("{path}/{number}"), &item);
                }
            }
            ("css", value) => self.look.css = self.files(&path, value, &["css"]),
            ("js", value) => self.look.js = self.files(&path, value, &["js"]),
            (key, _) if !KEYS.contains(&key) => self.unknown("theme", key, KEYS, other_name(key)),
            (_, Value::Null) => {}
            ("footer", value) => self.takes(&path, &value, "a few words of Markdown"),
            ("navigation", value) => self.takes(&path, &value, "a list of links, each with `title` and `url`"),
            (_, value) => self.takes(&path, &value, "a mapping"),
        }
    }

    fn colors(&mut self, colors: Map<String, Value>) {
        let names: Vec<&'static str> = COLORS.iter().map(|(name, _)| *name).collect();
        let known: Vec<&'static str> = names.iter().copied().chain(["light", "dark"]).collect();
        for (key, value) in colors {
            let path = format!("theme/colors/{key}");
            let schemes: &[Scheme] = match key.as_str() {
                "light" => &[Scheme::Light],
                "dark" => &[Scheme::Dark],
                _ => &[Scheme::Light, Scheme::Dark],
            };
            match (value, schemes) {
                (Value::Object(colors), [scheme]) => {
                    for (key, value) in colors {
                        match names.iter().find(|name| **name == key) {
                            Some(name) => self.color(&format!("{path}/{key}"), name, &value, &[*scheme]),
                            None => self.unknown(&path, &key, &names, meant_color(&key)),
                        }
                    }
                }
                (value, [_]) => self.takes(&path, &value, "a mapping of names to colours"),
                (value, _) => match names.iter().find(|name| **name == key) {
                    Some(name) => self.color(&path, name, &value, schemes),
                    None => self.unknown("theme/colors", &key, &known, meant_color(&key)),
                },
            }
        }
        self.look.colors.sort_by_key(|color| (color.scheme, color.name));
    }

    fn color(&mut self, path: &str, name: &'static str, value: &Value, schemes: &[Scheme]) {
        match value.as_str().map(parse_color) {
            Some(Some(rgb)) => {
                let span = self.span(self.places.value(path, value.as_str().unwrap_or_default()));
                for &scheme in schemes {
                    let own = |color: &&mut Color| color.scheme == scheme && color.name == name;
                    let color = Color { scheme, name, rgb, span };
                    match self.look.colors.iter_mut().find(own) {
                        // `accent:` beside `light:` is for both, and what `light:` says of it wins.
                        Some(known) if schemes.len() == 1 => *known = color,
                        Some(_) => {}
                        None => self.look.colors.push(color),
                    }
                }
            }
            _ if value.is_null() => {
                let span = self.span(self.places.key(path));
                let help = "`#` begins a comment in YAML: put the colour in quotes, \"#0b5cab\"";
                self.wrong(span, format!("`{name}` has no colour"), Some(help.into()));
            }
            _ => self.takes(path, value, "a colour without transparency, such as \"#0b5cab\", teal or rgb(11 92 171)"),
        }
    }

    fn fonts(&mut self, fonts: Map<String, Value>) {
        for (key, value) in fonts {
            let path = format!("theme/fonts/{key}");
            let used = match key.as_str() {
                "text" => FontUse::Text,
                "code" => FontUse::Code,
                "headings" => FontUse::Headings,
                "files" => {
                    self.font_files(value);
                    continue;
                }
                key => {
                    let keys = ["text", "code", "headings", "files"];
                    let meant = match key {
                        "mono" | "monospace" => Some("code"),
                        "body" | "base" | "sans" => Some("text"),
                        "heading" => Some("headings"),
                        _ => None,
                    };
                    self.unknown("theme/fonts", key, &keys, meant);
                    continue;
                }
            };
            let given = match &value {
                Value::String(family) => vec![family.as_str()],
                Value::Array(families) => families.iter().filter_map(Value::as_str).collect(),
                _ => Vec::new(),
            };
            let all = given.len() == value.as_array().map_or(1, Vec::len);
            if all && !given.is_empty() && given.iter().all(|family| is_family(family)) {
                self.look.fonts.push((used, given.into_iter().map(str::to_owned).collect()));
            } else {
                self.takes(&path, &value, "the name of a font, or a list of names");
            }
        }
    }

    fn font_files(&mut self, value: Value) {
        const WANTS: &str = "a list of mappings with `family` and `file`";
        let Value::Array(files) = value else {
            return self.takes("theme/fonts/files", &value, WANTS);
        };
        for (number, item) in files.iter().enumerate() {
            let path = format!("theme/fonts/files/{number}");
            let Value::Object(keys) = item else {
                self.takes(&path, item, WANTS);
                continue;
            };
            let mut family = None;
            let mut file = None;
            let mut weight = None;
            let mut is_italic = false;
            let told = self.sink.len();
            for (key, value) in keys {
                let path = format!("{path}/{key}");
                match (key.as_str(), value) {
                    ("family", Value::String(name)) if is_family(name) => family = Some(name.clone()),
                    ("family", _) => self.takes(&path, value, "the name of a font"),
                    ("file", _) => {
                        let endings: Vec<&str> = FONT_FORMATS.iter().map(|(ending, _)| *ending).collect();
                        file = self.file(&path, value, &endings);
                    }
                    ("weight", value) => match font_weight(value) {
                        Some(given) => weight = Some(given),
                        None => self.takes(&path, value, "a number from 1 to 1000, or two: `100 900`"),
                    },
                    ("style", Value::String(style)) if style == "italic" => is_italic = true,
                    ("style", Value::String(style)) if style == "normal" => {}
                    ("style", _) => self.takes(&path, value, "`normal` or `italic`"),
                    (key, _) => {
                        let keys = ["family", "file", "weight", "style"];
                        let meant = ["src", "path", "url"].contains(&key).then_some("file");
                        self.unknown("theme/fonts/files", key, &keys, meant);
                    }
                }
            }
            match (family, file) {
                (Some(family), Some(file)) => self.look.font_files.push(FontFile { family, file, weight, is_italic }),
                _ if self.sink.len() > told => {}
                _ => self.takes(&path, item, WANTS),
            }
        }
    }

    fn logo(&mut self, value: Value) {
        const WANTS: &str = "a file below `static/`, or a mapping with `light` and `dark`";
        let keys = match value {
            Value::Null => return,
            Value::String(_) => {
                let light = self.file("theme/logo", &value, PICTURES);
                self.look.logo = light.map(|light| Logo { light, dark: None, replaces_title: false });
                return;
            }
            Value::Object(keys) => keys,
            value => return self.takes("theme/logo", &value, WANTS),
        };
        let (mut light, mut dark, mut replaces_title) = (None, None, false);
        let told = self.sink.len();
        for (key, value) in &keys {
            let path = format!("theme/logo/{key}");
            match (key.as_str(), value) {
                ("light", value) => light = self.file(&path, value, PICTURES),
                ("dark", value) => dark = self.file(&path, value, PICTURES),
                ("replaces_title", Value::Bool(replaces)) => replaces_title = *replaces,
                ("replaces_title", value) => self.takes(&path, value, "true or false"),
                (key, _) => {
                    let meant = match key {
                        "src" | "file" | "path" => Some("light"),
                        "srcDark" => Some("dark"),
                        "replacesTitle" => Some("replaces_title"),
                        _ => None,
                    };
                    self.unknown("theme/logo", key, &["light", "dark", "replaces_title"], meant);
                }
            }
        }
        match light {
            Some(light) => self.look.logo = Some(Logo { light, dark, replaces_title }),
            None if self.sink.len() > told => {}
            None => self.takes("theme/logo", &Value::Null, WANTS),
        }
    }

    fn footer(&mut self, text: &str) {
        match inline::read(text) {
            Ok(pieces) => {
                for piece in &pieces {
                    if let Piece::Link(address) = piece {
                        let spelled =
                            address.strip_prefix("mailto:").filter(|rest| !text.contains(&format!("mailto:{rest}")));
                        let place = self.places.inside("theme/footer", spelled.unwrap_or(address));
                        let span = self.span(place);
                        self.look.footer_links.push(Located { text: address.clone(), span });
                    }
                }
                self.look.footer = pieces;
            }
            Err(what) => {
                let wants =
                    format!("words with emphasis, code and links; {what} goes into the block `footer` of a template");
                self.takes("theme/footer", &Value::String(text.to_owned()), &wants);
            }
        }
    }

    fn navigation(&mut self, path: &str, item: &Value) {
        const WANTS: &str = "links, each with `title` and `url`";
        let Value::Object(keys) = item else {
            return self.takes(path, item, WANTS);
        };
        let (mut title, mut url) = (None, None);
        let told = self.sink.len();
        for (key, value) in keys {
            let below = format!("{path}/{key}");
            match (key.as_str(), value) {
                ("title", Value::String(text)) if !text.trim().is_empty() => title = Some(text.clone()),
                ("url", Value::String(text)) if !text.trim().is_empty() => {
                    let span = self.span(self.places.value(&below, text));
                    url = Some(Located { text: text.trim().to_owned(), span });
                }
                ("title" | "url", value) => self.takes(&below, value, "text"),
                (key, _) => {
                    let meant = match key {
                        "label" | "text" | "name" => Some("title"),
                        "link" | "href" | "address" | "to" | "path" | "page" => Some("url"),
                        _ => None,
                    };
                    self.unknown(path, key, &["title", "url"], meant);
                }
            }
        }
        match (title, url) {
            (Some(title), Some(url)) => self.look.navigation.push((title, url)),
            _ if self.sink.len() > told => {}
            _ => self.takes(path, item, WANTS),
        }
    }

    /// The files that a key names, one or a list.
    fn files(&mut self, path: &str, value: Value, endings: &[&str]) -> Vec<Located> {
        match value {
            Value::Null => Vec::new(),
            Value::Array(files) => {
                let files = files.iter().enumerate();
                files.filter_map(|(number, file)| self.file(&format!("{path}/{number}"), file, endings)).collect()
            }
            file => self.file(path, &file, endings).into_iter().collect(),
        }
    }

    /// A path below `static/` whose name ends in one of `endings`.
    fn file(&mut self, path: &str, value: &Value, endings: &[&str]) -> Option<Located> {
        let text = value.as_str().unwrap_or_default();
        let ending = text.rsplit_once('.').map(|(_, ending)| ending.to_lowercase());
        let is_remote = text.starts_with("//") || text.contains("://") || text.starts_with("data:");
        if !is_remote && ending.is_some_and(|ending| endings.contains(&ending.as_str())) {
            let span = self.span(self.places.value(path, text));
            return Some(Located { text: text.to_owned(), span });
        }
        let endings: Vec<String> = endings.iter().map(|ending| format!(".{ending}")).collect();
        let endings = endings.join(", ");
        if is_remote {
            let span = self.span(self.places.value(path, text));
            let help = "the pages of the site load nothing from elsewhere: download it into `static/`, if its licence lets you";
            let message = format!("`{text}` is an address, and a file below `static/` is wanted");
            self.wrong(span, message, Some(help.into()));
        } else {
            self.takes(path, value, &format!("a file below `static/` ({endings})"));
        }
        None
    }
}

/// A path as it is told: the keys that lead to a place, without the numbers of items.
fn shown(path: &str) -> String {
    let keys = path.split('/').filter(|key| key.parse::<usize>().is_err());
    keys.collect::<Vec<&str>>().join(": ")
}

/// What a colour is called by others.
fn meant_color(key: &str) -> Option<&'static str> {
    Some(match key {
        "primary" | "brand" | "link" | "links" => "accent",
        "bg" => "background",
        "foreground" | "fg" => "text",
        "line" | "lines" => "border",
        "error" => "danger",
        _ => return None,
    })
}

/// The colour that `text` names in the notation of stylesheets, if it is opaque.
fn parse_color(text: &str) -> Option<Rgb> {
    // `0b5cab` is no colour in a stylesheet.
    let is_hex = text.starts_with('#') || text.contains('(') || text.bytes().all(|byte| byte.is_ascii_alphabetic());
    let color = csscolorparser::parse(text.trim()).ok().filter(|_| is_hex)?;
    let [red, green, blue, alpha] = color.to_rgba8();
    (alpha == 255).then_some([red, green, blue])
}

fn is_family(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().all(|c| c.is_alphanumeric() || " -_.+".contains(c))
}

fn font_weight(value: &Value) -> Option<String> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let numbers: Vec<&str> = text.split_whitespace().collect();
    let fits = |number: &&str| number.parse::<u16>().is_ok_and(|number| (1..=1000).contains(&number));
    ((1..=2).contains(&numbers.len()) && numbers.iter().all(fits)).then(|| numbers.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_those_of_stylesheets() {
        for (text, rgb) in [
            ("#0B5cab", [11, 92, 171]),
            ("#fff", [255, 255, 255]),
            ("teal", [0, 128, 128]),
            ("rgb(11 92 171)", [11, 92, 171]),
            ("hsl(0, 100%, 50%)", [255, 0, 0]),
        ] {
            assert_eq!(parse_color(text), Some(rgb), "{text}");
        }
        for text in ["0b5cab", "#0b5ca", "#0b5cab80", "transparent", "blu", "", "url(x)", "red; }", "var(--x)"] {
            assert_eq!(parse_color(text), None, "{text}");
        }
    }

    #[test]
    fn names_and_weights_of_fonts_cannot_end_a_stylesheet() {
        assert!(is_family("Noto Sans JP") && is_family("思源黑体"));
        assert!(!is_family("x\"; }") && !is_family(" "));
        assert_eq!(font_weight(&Value::from(400)).as_deref(), Some("400"));
        assert_eq!(font_weight(&Value::from("100  900")).as_deref(), Some("100 900"));
        assert_eq!(font_weight(&Value::from("bold")), None);
        assert_eq!(font_weight(&Value::from(1001)), None);
    }
}
