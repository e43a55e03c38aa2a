//! The inventories of other sites: which are pinned, and what in them a link or a name means.
//!
//! In steps: read each file of `inventories/` and find out where its site is; look objects up by the addresses that MyST
//! and Sphinx write (`inv:NAME:DOMAIN:ROLE#OBJECT`), and by what they are called. One thing that fits is a target; several
//! are reported with every candidate. Nothing here asks the network.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::OnceLock;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use rayon::prelude::*;
use serde_json::Value;

use super::Target;
use super::address::{decode, external};
use super::names::{hint_key, normal, without_article};
use crate::config::{is_base_url, with_slash};
use crate::diagnostics::{Diagnostic, FileId, Place, Sink, Span, nearest, rule};
use crate::inventory::{self, Inventory, Object};
use crate::parse::yaml::{self, Notation};
use crate::source::{ForeignFile, INVENTORIES, Sources};

/// Why a link leads nowhere whose inventory is broken.
pub const UNREADABLE: &str = "the inventory of the other site cannot be read";
/// How many names that end alike are offered.
const MAX_ALIKE: usize = 4;
/// How many names a misspelled one is compared with.
const MAX_COMPARED: usize = 100_000;
/// How many candidates a diagnostic lists.
const MAX_CANDIDATES: usize = 20;

/// One inventory of the site.
#[derive(Debug)]
pub struct Pinned {
    /// Its name, as links write it.
    pub name: String,
    /// Its file below the root.
    pub path: String,
    /// Where its site is, with `/` at its end.
    pub base: String,
    /// Its objects; none when it cannot be read.
    pub inventory: Inventory,
    /// Is something wrong with it that is reported already?
    is_broken: bool,
    /// The objects in the order of their names.
    by_name: Vec<u32>,
    /// Labels and terms by their names in lower case.
    in_lower_case: OnceLock<HashMap<String, Vec<usize>>>,
}

/// An object: its inventory, and its number in there.
type Found = (usize, usize);

/// What a name means.
#[derive(Debug, PartialEq, Eq)]
pub enum Fits {
    /// Nothing.
    None,
    /// One object.
    One(Target),
    /// Objects at several addresses.
    Many(Vec<(usize, usize)>),
    /// Nobody knows: an inventory cannot be read. That is reported already, and names are not blamed for it.
    Unreadable,
}

/// Objects by what they are called.
#[derive(Debug, Default)]
struct Tables {
    /// Of every kind, for names that a writer marked as such.
    names: HashMap<String, Vec<Found>>,
    /// Of those that are called by words, for prose.
    prose: HashMap<String, Vec<Found>>,
    loose: HashMap<String, Vec<Found>>,
}

/// All inventories of the site, in the order of their names.
#[derive(Debug, Default)]
pub struct Inventories {
    /// The inventories.
    pub all: Vec<Pinned>,
    tables: OnceLock<Tables>,
}

impl Inventories {
    /// Reads the inventories of the site.
    pub fn read(sources: &Sources, sink: &mut Sink) -> Inventories {
        let read: Vec<(Pinned, Sink)> =
            sources.inventories.par_iter().map(|(name, file)| Pinned::read(name, file, sources)).collect();
        let mut inventories = Inventories::default();
        for (pinned, mut found) in read {
            sink.append(&mut found);
            let mut wrong = |message: String, help: &str| {
                let place = Place::Path(pinned.path.clone());
                sink.push(Diagnostic::new(&rule::INVALID_INVENTORY, place, message).help(help));
            };
            if !is_name(&pinned.name) {
                wrong(format!("no inventory can be called `{}`", pinned.name), NAME_RULE);
            } else if let Some(other) = inventories.all.iter().find(|other| other.name == pinned.name) {
                wrong(format!("`{}` is an inventory of that name as well", other.path), "rename one of the two");
            } else {
                inventories.all.push(pinned);
            }
        }
        for (name, file) in &sources.inventory_notes {
            if !sources.inventories.iter().any(|(other, _)| other == name) {
                let message = format!("no inventory `{name}.inv` or `{name}.json` stands beside this file");
                sink.push(Diagnostic::new(&rule::INVALID_INVENTORY, Place::Path(sources.path(*file).into()), message));
            }
        }
        inventories
    }

    fn object(&self, (inventory, object): Found) -> &Object {
        &self.all[inventory].inventory.objects[object]
    }

    /// The address of an object, or of its whole site.
    pub fn address(&self, inventory: usize, object: Option<usize>) -> String {
        let Pinned { base, inventory, .. } = &self.all[inventory];
        // Joined as text and not as a relative address, so that it leads to that site whatever the file says.
        let uri = object.map_or("", |object| inventory.objects[object].uri.trim_start_matches('/'));
        external(&format!("{base}{uri}"))
    }

    /// What an object, or a whole site, is called.
    pub fn title(&self, inventory: usize, object: Option<usize>) -> &str {
        let Pinned { name, inventory, .. } = &self.all[inventory];
        match object {
            Some(object) => &inventory.objects[object].title,
            None if inventory.project.is_empty() => name,
            None => &inventory.project,
        }
    }

    /// How a link to an object is written: with its kind only where its name is not enough.
    pub fn written(&self, inventory: usize, object: usize) -> String {
        let pinned = &self.all[inventory];
        let found = &pinned.inventory.objects[object];
        let name = pinned.called(&found.name);
        let kind = if name.len() == 1 { String::new() } else { format!(":{}", found.kind()) };
        format!("inv:{}{kind}#{}", pinned.name, utf8_percent_encode(&found.name, IN_LINK))
    }

    /// What an address `inv:NAME#OBJECT` leads to. Between `NAME` and `#` a domain, or a domain and a role, may follow; `*`
    /// stands for any characters.
    ///
    /// # Errors
    /// What is wrong with it, at `place`. What is wrong with the inventory itself is not said again.
    pub fn resolve(&self, address: &str, place: Place) -> Result<Target, Box<Diagnostic>> {
        let rest = address.split_once(':').map_or("", |(_, rest)| rest);
        let (spec, wanted) = rest.split_once('#').map_or((rest, None), |(spec, wanted)| (spec, Some(wanted)));
        let spec = decode(spec);
        let mut spec = spec.splitn(3, ':').map(|part| if part.is_empty() { "*" } else { part });
        let (key, domain, role) = (spec.next().unwrap_or("*"), spec.next().unwrap_or("*"), spec.next().unwrap_or("*"));
        let scope: Vec<usize> = (0..self.all.len()).filter(|number| is_like(key, &self.all[*number].name)).collect();
        if scope.is_empty() {
            return Err(Box::new(self.unknown_inventory(key, place)));
        }
        let broken = || Ok(Target::Broken(UNREADABLE.into()));
        let Some(wanted) = wanted.filter(|wanted| !wanted.is_empty()) else {
            return match scope.as_slice() {
                [one] if self.all[*one].is_broken => broken(),
                [one] if self.all[*one].name == key => Ok(Target::Object { inventory: *one, object: None }),
                _ => {
                    let diagnostic =
                        Diagnostic::new(&rule::UNKNOWN_INVENTORY_OBJECT, place, format!("`{address}` names no object"));
                    Err(Box::new(diagnostic.help("write `inv:NAME#OBJECT`")))
                }
            };
        };
        let mut found = self.find(&scope, domain, role, wanted);
        let decoded = decode(wanted);
        if found.is_empty() && decoded != wanted {
            found = self.find(&scope, domain, role, &decoded);
        }
        // As roles of Sphinx are written: `py:class:list`.
        if let (true, "*", "*", Some((domain, rest))) = (found.is_empty(), domain, role, decoded.split_once(':'))
            && let Some((role, name)) = rest.split_once(':')
        {
            found = self.find(&scope, domain, role, name);
        }
        match self.fits(found, &scope) {
            Fits::One(target) => Ok(target),
            Fits::Many(all) => {
                let diagnostic =
                    Diagnostic::new(&rule::AMBIGUOUS_NAME, place, format!("`{address}` fits {} objects", all.len()));
                Err(Box::new(self.candidates(diagnostic.help("write the one that is meant"), &all)))
            }
            Fits::Unreadable => broken(),
            Fits::None => Err(Box::new(self.unknown_object(&scope, domain, role, &decoded, place))),
        }
    }

    fn find(&self, scope: &[usize], domain: &str, role: &str, wanted: &str) -> Vec<Found> {
        let kind_fits = |found: &Found| {
            let object = self.object(*found);
            is_like(domain, &object.domain) && is_like(role, &object.role)
        };
        let each = |pick: &dyn Fn(&Pinned) -> Vec<usize>| -> Vec<Found> {
            let all = scope
                .iter()
                .flat_map(|&number| pick(&self.all[number]).into_iter().map(move |object| (number, object)));
            all.filter(kind_fits).collect()
        };
        let exact = each(&|pinned| pinned.called(wanted).iter().map(|object| *object as usize).collect());
        if !exact.is_empty() {
            return exact;
        }
        if wanted.contains('*') {
            return each(&|pinned| {
                let objects = pinned.inventory.objects.iter().enumerate();
                objects.filter(|(_, object)| is_like(wanted, &object.name)).map(|(number, _)| number).collect()
            });
        }
        // Labels and terms have no case for Sphinx.
        let lower = wanted.to_lowercase();
        each(&|pinned| pinned.in_lower_case().get(&lower).cloned().unwrap_or_default())
    }

    /// What objects of the inventories `scope` come to: those of one address are one thing.
    fn fits(&self, found: Vec<Found>, scope: &[usize]) -> Fits {
        let mut by_address: BTreeMap<String, Found> = BTreeMap::new();
        for (inventory, object) in found {
            by_address.entry(self.address(inventory, Some(object))).or_insert((inventory, object));
        }
        let mut all: Vec<Found> = by_address.into_values().collect();
        all.sort_unstable();
        match all.as_slice() {
            [] if scope.iter().any(|number| self.all[*number].is_broken) => Fits::Unreadable,
            [] => Fits::None,
            [(inventory, object)] => Fits::One(Target::Object { inventory: *inventory, object: Some(*object) }),
            _ => Fits::Many(all),
        }
    }

    /// `diagnostic` with the objects that it may mean.
    pub fn candidates(&self, mut diagnostic: Diagnostic, all: &[(usize, usize)]) -> Diagnostic {
        for &(inventory, object) in all.iter().take(MAX_CANDIDATES) {
            let found = self.object((inventory, object));
            let message = format!("“{}”, a {}: `{}`", found.title, found.kind(), self.written(inventory, object));
            diagnostic = diagnostic.related(Place::Path(self.all[inventory].path.clone()), message);
        }
        if let (Some((inventory, _)), more @ 1..) = (all.last(), all.len().saturating_sub(MAX_CANDIDATES)) {
            diagnostic = diagnostic.related(Place::Path(self.all[*inventory].path.clone()), format!("and {more} more"));
        }
        diagnostic
    }

    fn unknown_inventory(&self, key: &str, place: Place) -> Diagnostic {
        let diagnostic = Diagnostic::new(&rule::UNKNOWN_INVENTORY, place, format!("no inventory is called `{key}`"));
        let names: Vec<&str> = self.all.iter().map(|pinned| pinned.name.as_str()).collect();
        diagnostic.help(match nearest(key, names.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if names.is_empty() => {
                let name = if is_name(key) { key } else { "NAME" };
                format!("add it with `unstick inventory add {name} FILE --url URL`")
            }
            None => format!("there are: {}", names.join(", ")),
        })
    }

    fn unknown_object(&self, scope: &[usize], domain: &str, role: &str, wanted: &str, place: Place) -> Diagnostic {
        let names: Vec<String> = scope.iter().map(|number| format!("`{}`", self.all[*number].name)).collect();
        let kind = match (domain, role) {
            ("*", "*") => String::new(),
            (domain, "*") => format!(" of the domain `{domain}`"),
            (domain, role) => format!(" of the kind `{domain}:{role}`"),
        };
        let message = format!("the inventory {} has no object `{wanted}`{kind}", names.join(", "));
        let diagnostic = Diagnostic::new(&rule::UNKNOWN_INVENTORY_OBJECT, place, message);
        let other_kind = self.find(scope, "*", "*", wanted);
        if !other_kind.is_empty() {
            return self.candidates(diagnostic.help("it has one of another kind"), &other_kind);
        }
        let objects = || scope.iter().flat_map(|number| &self.all[*number].inventory.objects);
        let of_kind = objects().filter(|object| is_like(domain, &object.domain) && is_like(role, &object.role));
        let names: Vec<&str> = of_kind.take(MAX_COMPARED).map(|object| object.name.as_str()).collect();
        if let Some(near) = nearest(wanted, names.iter().copied()) {
            return diagnostic.help(format!("did you mean `{near}`?"));
        }
        // `append` for `list.append`, `jams:tray` for `paper-jams:tray`.
        let last = last_part(wanted);
        let alike: BTreeSet<String> =
            names.iter().filter(|name| last_part(name) == last).map(|name| format!("`{name}`")).collect();
        let name = &self.all[scope[0]].name;
        diagnostic.help(match alike.len() {
            1..=MAX_ALIKE => format!("did you mean {}?", alike.into_iter().collect::<Vec<_>>().join(" or ")),
            _ => format!("`unstick inventory show {name} {last}` looks for it"),
        })
    }

    fn tables(&self) -> &Tables {
        self.tables.get_or_init(|| {
            let mut tables = Tables::default();
            for (number, pinned) in self.all.iter().enumerate().filter(|(_, pinned)| !pinned.is_broken) {
                for (at, object) in pinned.inventory.objects.iter().enumerate() {
                    let found = (number, at);
                    insert(&mut tables.names, normal(&object.name), found);
                    if object.is_in_words() {
                        insert(&mut tables.names, normal(&object.title), found);
                        for name in [&object.name, &object.title] {
                            insert(&mut tables.prose, without_article(name), found);
                            insert(&mut tables.loose, hint_key(name), found);
                        }
                    }
                }
            }
            tables
        })
    }

    /// What a name that a writer marked as such means: `[[list.append]]`, `[text][Batch synchronization]`.
    pub fn named(&self, name: &str) -> Fits {
        self.called(self.tables().names.get(&normal(name)))
    }

    /// What a phrase of prose means. Only things that are called by words count: every other word names some function.
    pub fn hinted(&self, phrase: &str) -> Fits {
        let tables = self.tables();
        let exact = tables.prose.get(&without_article(phrase));
        self.called(exact.or_else(|| tables.loose.get(&hint_key(phrase))))
    }

    fn called(&self, found: Option<&Vec<Found>>) -> Fits {
        let scope: Vec<usize> = (0..self.all.len()).collect();
        self.fits(found.cloned().unwrap_or_default(), &scope)
    }

    /// The inventory of this name.
    pub fn find_name(&self, name: &str) -> Option<usize> {
        self.all.iter().position(|pinned| pinned.name == name && !pinned.is_broken)
    }
}

impl Pinned {
    /// Reads the inventory `file` of the site, and says what is wrong with it.
    fn read(name: &str, file: &ForeignFile, sources: &Sources) -> (Pinned, Sink) {
        let mut sink = Sink::new();
        let wrong = |message: &str| {
            Diagnostic::new(&rule::INVALID_INVENTORY, Place::Path(file.path.clone()), message.to_owned())
        };
        let understood = match &file.bytes {
            Ok(bytes) => inventory::read(bytes),
            Err(why) => Err(why.clone()),
        };
        let inventory = match understood {
            Ok(inventory) => Some(inventory),
            Err(why) => {
                sink.push(wrong(&why));
                None
            }
        };
        let base = match sources.inventory_notes.get(name) {
            Some(note) => url_of_note(sources, *note, &mut sink),
            None => inventory.as_ref().and_then(|inventory| {
                let own = inventory.base_url.as_deref().filter(|url| is_base_url(url)).map(with_slash);
                if own.is_none() {
                    let diagnostic = wrong("nothing says where the site of this inventory is");
                    sink.push(diagnostic.help(format!("write `url: https://…/` to {INVENTORIES}/{name}.yaml")));
                }
                own
            }),
        };
        let is_broken = inventory.is_none() || base.is_none();
        let inventory = inventory.unwrap_or_default();
        let mut by_name: Vec<u32> = (0..).take(inventory.objects.len()).collect();
        by_name.sort_by(|a, b| inventory.objects[*a as usize].name.cmp(&inventory.objects[*b as usize].name));
        let pinned = Pinned {
            name: name.to_owned(),
            path: file.path.clone(),
            base: base.unwrap_or_default(),
            inventory,
            is_broken,
            by_name,
            in_lower_case: OnceLock::new(),
        };
        (pinned, sink)
    }

    fn in_lower_case(&self) -> &HashMap<String, Vec<usize>> {
        self.in_lower_case.get_or_init(|| {
            let mut table: HashMap<String, Vec<usize>> = HashMap::new();
            for (number, object) in self.inventory.objects.iter().enumerate() {
                if object.domain == "std" && matches!(object.role.as_ref(), "label" | "term") {
                    table.entry(object.name.to_lowercase()).or_default().push(number);
                }
            }
            table
        })
    }

    /// The objects with exactly this name.
    fn called(&self, name: &str) -> &[u32] {
        let name_of = |number: &u32| self.inventory.objects[*number as usize].name.as_str();
        let start = self.by_name.partition_point(|number| name_of(number) < name);
        let rest = &self.by_name[start..];
        &rest[..rest.partition_point(|number| name_of(number) == name)]
    }
}

fn insert(table: &mut HashMap<String, Vec<Found>>, key: String, found: Found) {
    if !key.is_empty() {
        let all = table.entry(key).or_default();
        if all.last() != Some(&found) {
            all.push(found);
        }
    }
}

/// What a name in a link must not hold as it is.
const IN_LINK: &AsciiSet =
    &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'(').add(b')').add(b'%').add(b'\\').add(b'`');

/// Advice about names of inventories.
pub const NAME_RULE: &str = "letters, digits, `.`, `-` and `_` make the name of an inventory";

/// Can an inventory have this name?
pub fn is_name(name: &str) -> bool {
    name.starts_with(char::is_alphanumeric) && name.chars().all(|c| c.is_alphanumeric() || "._-".contains(c))
}

/// What a name ends in, behind what it belongs to: `append` of `list.append`.
fn last_part(name: &str) -> &str {
    name.rsplit(['.', ':', '/', '#']).find(|part| !part.is_empty()).unwrap_or(name)
}

/// Is `text` like `pattern`, in which `*` stands for any characters?
pub fn is_like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let Some(last) = parts.next_back() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// The `url` of `inventories/NAME.yaml`. What is wrong with the file is reported.
fn url_of_note(sources: &Sources, file: FileId, sink: &mut Sink) -> Option<String> {
    let text = sources.text(file);
    let bom = if text.starts_with('\u{FEFF}') { 3 } else { 0 };
    let at = |range: &Range<usize>| Span::new(file, bom + range.start..bom + range.end);
    let mut wrong = |range: &Range<usize>, message: String| {
        sink.push(
            Diagnostic::at(&rule::INVALID_INVENTORY, at(range), message).help("the file holds `url: https://…/`"),
        );
    };
    let document = match yaml::read(&text[bom..], Notation::Yaml) {
        Ok(document) => document,
        Err(malformed) => {
            wrong(&malformed.range, malformed.message);
            return None;
        }
    };
    let mut url = None;
    let mut is_wrong = false;
    for (key, value) in &document.values {
        let field = document.fields.get(key);
        let place =
            field.map_or(0..0, |field| if field.value.is_empty() { field.key.clone() } else { field.value.clone() });
        match (key.as_str(), value) {
            ("url", Value::String(address)) if is_base_url(address) => url = Some(with_slash(address)),
            ("url", _) => {
                wrong(&place, "`url` takes an address that begins with https:// or http://".into());
                is_wrong = true;
            }
            (key, _) => {
                wrong(&field.map_or(0..0, |field| field.key.clone()), format!("`{key}` is not a key of this file"))
            }
        }
    }
    if url.is_none() && !is_wrong {
        wrong(&(0..0), "nothing here says where the site of the inventory is".into());
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_fit() {
        for (pattern, text) in
            [("*", ""), ("*", "a"), ("a*c", "abc"), ("a*c", "ac"), ("*b*", "abc"), ("a", "a"), ("**", "x")]
        {
            assert!(is_like(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in [("a*a", "a"), ("a", "ab"), ("*b", "bc"), ("a*b*c", "acb"), ("", "x")] {
            assert!(!is_like(pattern, text), "{pattern} {text}");
        }
    }
}
