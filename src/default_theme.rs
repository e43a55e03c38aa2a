//! The default theme, which is part of the program: its templates and its static files as they stand in the repository.

macro_rules! embedded {
    ($folder:literal: $($path:literal),* $(,)?) => {
        &[$(($path, include_bytes!(concat!("../", $folder, "/", $path)))),*]
    };
}

/// Templates of the default theme, and its messages.
pub const TEMPLATES: &[(&str, &[u8])] = embedded!("templates":
    "404.html",
    "base.html",
    "home.html",
    "messages/ar.yaml",
    "messages/de.yaml",
    "messages/en.yaml",
    "messages/es.yaml",
    "messages/fr.yaml",
    "messages/ja.yaml",
    "messages/nl.yaml",
    "open.html",
    "page.html",
    "parts/children.html",
    "parts/end.html",
    "parts/facts.html",
    "parts/glance.html",
    "parts/groups.html",
    "parts/logo.html",
    "parts/notes.html",
    "parts/state.html",
    "questions.html",
    "search.html",
    "section.html",
    "tag.html",
    "tags.html",
);

/// Static files of the default theme, by output path.
pub const STATIC: &[(&str, &[u8])] = embedded!("static":
    "unstick/diagnosis.css",
    "unstick/diagnosis.js",
    "unstick/feedback.js",
    "unstick/icon.svg",
    "unstick/search/engine.js",
    "unstick/search/stem-ar.js",
    "unstick/search/stem-da.js",
    "unstick/search/stem-de.js",
    "unstick/search/stem-en.js",
    "unstick/search/stem-es.js",
    "unstick/search/stem-fi.js",
    "unstick/search/stem-fr.js",
    "unstick/search/stem-hu.js",
    "unstick/search/stem-it.js",
    "unstick/search/stem-nl.js",
    "unstick/search/stem-no.js",
    "unstick/search/stem-pt.js",
    "unstick/search/stem-ro.js",
    "unstick/search/stem-ru.js",
    "unstick/search/stem-sv.js",
    "unstick/search.js",
    "unstick/theme.css",
    "unstick/theme.js",
);

/// The script that keeps readers' notes.
pub const FEEDBACK: &str = "unstick/feedback.js";

/// The script that finds; behind it stands the stemmer of the site's language.
pub const ENGINE: &str = "unstick/search/engine.js";

/// What the paths of the stemmers begin with, in front of their name.
pub const STEM: &str = "unstick/search/stem-";

/// What the paths of the files that only searching needs begin with.
pub const SEARCH: &str = "unstick/search";

/// What the paths of the files begin with that only trees of questions and diagrams need.
pub const DIAGNOSIS: &str = "unstick/diagnosis";

/// The theme's static file of this output path.
pub fn static_file(path: &str) -> Option<&'static [u8]> {
    STATIC.iter().find(|(name, _)| *name == path).map(|(_, bytes)| *bytes)
}
