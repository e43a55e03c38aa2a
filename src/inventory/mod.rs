//! What another site has to link to: its objects, each with a name, a kind and an address.
//!
//! Two forms are read: `objects.inv` of Sphinx ([`sphinx`]) and `unstick.json` ([`site`]); the first is also written.
//! `unstick-links.json`, which says what another site links to here, is read by [`links`]. All are bytes of strangers, so
//! size, number and length are bounded, and whatever they hold ends in a value or in words.
//!
//! This module reads no disk, knows nothing of this site, and resolves nothing.

pub mod links;
pub mod names;
pub mod site;
pub mod sphinx;

use std::borrow::Cow;
use std::collections::HashMap;

/// Most objects of an inventory. The largest in the wild have a few hundred thousand.
pub const MAX_OBJECTS: usize = 1_000_000;

/// Something that can be linked to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// What it belongs to: `py`, `std`, `kb`.
    pub domain: Cow<'static, str>,
    /// What it is: `function`, `label`, `question`.
    pub role: Cow<'static, str>,
    /// Its name, unique among objects of its domain and role.
    pub name: String,
    /// How early a search of Sphinx lists it.
    pub priority: i32,
    /// Its address, relative to the site.
    pub uri: String,
    /// What it is called.
    pub title: String,
}

impl Object {
    /// Its kind as it is written in links: `py:function`.
    pub fn kind(&self) -> String {
        format!("{}:{}", self.domain, self.role)
    }

    /// Is it called by words, and not by what a program calls it? The lists that every site of Sphinx has are called by
    /// words too, but nobody means them.
    pub fn is_in_words(&self) -> bool {
        match self.domain.as_ref() {
            "kb" => true,
            "std" => {
                matches!(self.role.as_ref(), "doc" | "label" | "term")
                    && !matches!(self.name.as_str(), "genindex" | "modindex" | "py-modindex" | "search")
            }
            _ => false,
        }
    }
}

/// What another site has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// The form it was read from, for people: `Sphinx inventory, version 2`.
    pub form: &'static str,
    /// What the site is called.
    pub project: String,
    /// Its version; may be empty.
    pub version: String,
    /// Where the site says that it is.
    pub base_url: Option<String>,
    /// Its objects in the order of the file.
    pub objects: Vec<Object>,
    /// How many lines describe no object. Sphinx leaves such lines out without a word.
    pub skipped: usize,
}

/// Reads an inventory. Which form it has shows in its first byte.
///
/// # Errors
/// Why it cannot be understood, in words without a full stop.
pub fn read(bytes: &[u8]) -> Result<Inventory, String> {
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut inventory = match start.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{') => site::read(start)?,
        _ => sphinx::read(start)?,
    };
    keep_one_of_each(&mut inventory.objects);
    for object in &mut inventory.objects {
        make_plain(&mut object.title);
    }
    make_plain(&mut inventory.project);
    make_plain(&mut inventory.version);
    if inventory.objects.is_empty() && inventory.skipped > 0 {
        return Err(format!("none of its {} lines describes an object", inventory.skipped));
    }
    Ok(inventory)
}

/// Titles go into pages: they hold neither control characters nor noncharacters, as no text of a page does.
fn make_plain(text: &mut String) {
    let is_odd = |c: char| c.is_control() || matches!(u32::from(c), 0xFDD0..=0xFDEF) || u32::from(c) & 0xFFFE == 0xFFFE;
    if text.contains(is_odd) {
        *text = text.replace(is_odd, " ").trim().to_owned();
    }
}

/// Of objects of one kind and name Sphinx keeps the last, and of Python's modules the first, since its own files once had
/// each of them twice.
fn keep_one_of_each(objects: &mut Vec<Object>) {
    let mut kept: HashMap<(&str, &str, &str), usize> = HashMap::with_capacity(objects.len());
    let mut dropped = vec![false; objects.len()];
    for (number, object) in objects.iter().enumerate() {
        let key = (object.domain.as_ref(), object.role.as_ref(), object.name.as_str());
        match kept.get(&key) {
            Some(_) if object.domain == "py" && object.role == "module" => dropped[number] = true,
            Some(first) => {
                dropped[*first] = true;
                kept.insert(key, number);
            }
            None => drop(kept.insert(key, number)),
        }
    }
    let mut dropped = dropped.into_iter();
    objects.retain(|_| !dropped.next().unwrap_or(false));
}
