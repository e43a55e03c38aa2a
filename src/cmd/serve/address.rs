//! From the address of a request to an output of the plan. No address ever becomes a path of the disk.

use percent_encoding::percent_decode_str;

use crate::plan::Output;

/// What an address leads to.
#[derive(Debug, PartialEq, Eq)]
pub enum Found<'a> {
    /// An output.
    Output(&'a Output),
    /// A folder, asked for without its slash: this path has it.
    Folder(String),
    /// Nothing; this output path would have been it.
    Nothing(String),
    /// It is no address of a site.
    Malformed,
}

/// The output of `outputs` (sorted by path) that `path` asks for. `path` begins with `/` and has no query.
pub fn find<'a>(outputs: &'a [Output], path: &str) -> Found<'a> {
    let decoded = percent_decode_str(path).decode_utf8();
    let Some(path) = decoded.as_ref().ok().and_then(|path| path.strip_prefix('/')) else {
        return Found::Malformed;
    };
    // Browsers resolve these before they ask.
    let is_odd = |part: &str| matches!(part, "." | "..") || part.contains(['\\', '\0']);
    let last = path.split('/').count() - 1;
    if path.split('/').enumerate().any(|(at, part)| is_odd(part) || (part.is_empty() && at < last)) {
        return Found::Malformed;
    }
    let output =
        |path: &str| outputs.binary_search_by(|output| output.path.as_str().cmp(path)).ok().map(|at| &outputs[at]);
    if path.is_empty() || path.ends_with('/') {
        let path = format!("{path}index.html");
        return output(&path).map_or(Found::Nothing(path), Found::Output);
    }
    match output(path) {
        Some(found) => Found::Output(found),
        None if output(&format!("{path}/index.html")).is_some() => Found::Folder(format!("{path}/")),
        None => Found::Nothing(path.to_owned()),
    }
}

/// How many addresses are offered in the place of one that leads nowhere.
const NEAREST: usize = 5;

/// The pages whose paths are nearest to `path`: those with the same last name first, then those that differ least.
pub fn nearest<'a>(outputs: &'a [Output], path: &str) -> Vec<&'a str> {
    let plain = |path: &str| path.trim_end_matches("index.html").trim_end_matches('/').to_lowercase();
    let wanted = plain(path);
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let bound = (wanted.chars().count() / 2).max(2);
    let mut near: Vec<(bool, usize, &str)> = outputs
        .iter()
        .map(|output| output.path.as_str())
        .filter(|path| path.ends_with(".html") && *path != crate::plan::NOT_FOUND)
        .filter_map(|path| {
            let other = plain(path);
            let same_name = !other.is_empty() && name(&other) == name(&wanted);
            // Most paths are too long or too short to be near; they need no closer look.
            if !same_name && other.len().abs_diff(wanted.len()) > bound {
                return None;
            }
            let distance = strsim::osa_distance(&wanted, &other);
            (same_name || distance <= bound).then_some((!same_name, distance, path))
        })
        .collect();
    near.sort();
    near.into_iter().take(NEAREST).map(|(_, _, path)| path).collect()
}

/// Media types by extension; text is UTF-8.
const TYPES: &[(&str, &str)] = &[
    ("html", "text/html; charset=utf-8"),
    ("htm", "text/html; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("json", "application/json"),
    ("xml", "application/xml"),
    ("txt", "text/plain; charset=utf-8"),
    ("log", "text/plain; charset=utf-8"),
    ("csv", "text/csv; charset=utf-8"),
    ("md", "text/plain; charset=utf-8"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
    ("ico", "image/x-icon"),
    ("woff2", "font/woff2"),
    ("woff", "font/woff"),
    ("ttf", "font/ttf"),
    ("otf", "font/otf"),
    ("pdf", "application/pdf"),
    ("zip", "application/zip"),
    ("mp4", "video/mp4"),
    ("webm", "video/webm"),
    ("mp3", "audio/mpeg"),
    ("ogg", "audio/ogg"),
    ("wav", "audio/wav"),
    ("wasm", "application/wasm"),
];

/// The media type of a file, by its name.
pub fn media_type(path: &str) -> &'static str {
    let extension = path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension);
    let extension = extension.unwrap_or_default().to_ascii_lowercase();
    TYPES.iter().find(|(known, _)| *known == extension).map_or("application/octet-stream", |(_, media)| media)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Recipe;

    fn outputs() -> Vec<Output> {
        let paths = ["404.html", "a b/index.html", "index.html", "sync/slow/index.html", "unstick/theme.css"];
        paths.into_iter().map(|path| Output { path: path.into(), recipe: Recipe::Json }).collect()
    }

    #[test]
    fn addresses_lead_to_outputs_only() {
        let outputs = outputs();
        for (asked, path) in [
            ("/", "index.html"),
            ("/index.html", "index.html"),
            ("/sync/slow/", "sync/slow/index.html"),
            ("/a%20b/", "a b/index.html"),
            ("/unstick/theme.css", "unstick/theme.css"),
        ] {
            assert!(matches!(find(&outputs, asked), Found::Output(found) if found.path == path), "{asked}");
        }
        assert_eq!(find(&outputs, "/sync/slow"), Found::Folder("sync/slow/".into()));
        assert_eq!(find(&outputs, "/sync/"), Found::Nothing("sync/index.html".into()));
        for asked in
            ["/..%2fetc/passwd", "/../x", "/a/%2e%2e/b", "//etc/passwd", "/a//b", "/..%5cx", "/%00", "/%ff", "etc"]
        {
            assert_eq!(find(&outputs, asked), Found::Malformed, "{asked}");
        }
    }

    #[test]
    fn the_nearest_addresses_are_offered() {
        let outputs = outputs();
        assert_eq!(nearest(&outputs, "sink/slow/index.html"), ["sync/slow/index.html"]);
        assert_eq!(nearest(&outputs, "somewhere/else/slow"), ["sync/slow/index.html"]);
        assert_eq!(nearest(&outputs, "nothing/like/it/at/all"), [""; 0]);
    }
}
