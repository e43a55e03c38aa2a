//! `unstick-links.json`: what a site links to, which every build writes and the sites that it links to can check.

use serde::Deserialize;

/// The name of the format, which stands in the file.
pub const FORMAT: &str = "unstick-links";
/// Its version; it grows with every change that could break a reader.
pub const VERSION: u64 = 1;

/// What another site links to.
#[derive(Debug, Deserialize)]
pub struct Links {
    format: String,
    version: u64,
    /// Its pages that link to anything.
    pub pages: Vec<Page>,
}

/// A page of the other site.
#[derive(Debug, Deserialize)]
pub struct Page {
    /// Its address on its site.
    pub url: String,
    /// Its links.
    pub links: Vec<Link>,
}

/// A link of the other site.
#[derive(Debug, Deserialize)]
pub struct Link {
    /// The entry it stands in.
    pub entry: Option<String>,
    /// The address, path or name as written.
    pub to: String,
    /// Where it leads: relative to the root of its own site, or absolute.
    pub url: Option<String>,
}

/// Reads an `unstick-links.json`.
///
/// # Errors
/// Why it cannot be understood, in words without a full stop.
pub fn read(bytes: &[u8]) -> Result<Links, String> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let links: Links =
        serde_json::from_slice(bytes).map_err(|error| format!("it is no unstick-links.json: {error}"))?;
    match (links.format.as_str(), links.version) {
        (FORMAT, VERSION) => Ok(links),
        (FORMAT, version) => Err(format!("its version is {version}; this program reads {VERSION}")),
        (format, _) => Err(format!("its format is `{format}`, not `{FORMAT}`")),
    }
}
