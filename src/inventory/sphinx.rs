//! `objects.inv`, the inventories of Sphinx: versions 1 and 2 are read, version 2 is written.
//!
//! The format has no specification; this is what `sphinx/util/inventory.py` does. Four lines of comments, then, compressed
//! with zlib, one line for each object: `name domain:role priority uri title`. A `$` at the end of an address stands for the
//! name, and `-` for a title that is the name. What `sphobjinv convert plain` makes has the same lines uncompressed.

use std::borrow::Cow;
use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use super::{Inventory, MAX_OBJECTS, Object};

/// Largest inventory when it is unpacked, in bytes. That of Python has 1.3 MB.
pub const MAX_INFLATED: u64 = 64 * 1024 * 1024;
/// Bytes of lines that are compressed at once.
const MUCH: usize = 64 * 1024;
const NEVER_FAILS: &str = "writing to a vector cannot fail";
/// Longest line, in bytes.
const MAX_LINE: usize = 64 * 1024;

/// How hard the compressor tries. Fixed, for the bytes must not change with the default of a library; and not high: from
/// here on a file is 3 % smaller for three times the work.
const LEVEL: u32 = 1;

const HEADER: &[u8] = b"# Sphinx inventory version ";

/// Reads an `objects.inv`.
///
/// # Errors
/// Why it cannot be understood, in words without a full stop.
pub fn read(bytes: &[u8]) -> Result<Inventory, String> {
    let Some(rest) = bytes.strip_prefix(HEADER) else {
        return Err("it begins neither with `# Sphinx inventory version` nor with `{`".into());
    };
    let (version, rest) = line(rest);
    match version.trim_ascii() {
        b"1" => version_1(rest),
        b"2" => version_2(rest),
        other => Err(format!("version {} of Sphinx inventories is not known", String::from_utf8_lossy(other))),
    }
}

/// The first line without its end, and what follows.
fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    match memchr::memchr(b'\n', bytes) {
        Some(end) => (bytes[..end].strip_suffix(b"\r").unwrap_or(&bytes[..end]), &bytes[end + 1..]),
        None => (bytes, &[]),
    }
}

/// The value of a header line such as `# Project: Python`.
fn header<'a>(bytes: &'a [u8], name: &str) -> Result<(&'a str, &'a [u8]), String> {
    let (line, rest) = line(bytes);
    let text = std::str::from_utf8(line).map_err(|_| "its header is not UTF-8".to_owned())?;
    let value = text.strip_prefix("# ").and_then(|text| text.strip_prefix(name)?.strip_prefix(':'));
    value.map(|value| (value.trim(), rest)).ok_or_else(|| format!("its header has no line `# {name}: …`"))
}

fn version_1(bytes: &[u8]) -> Result<Inventory, String> {
    let (project, rest) = header(bytes, "Project")?;
    let (version, rest) = header(rest, "Version")?;
    let mut inventory = Inventory {
        form: "Sphinx inventory, version 1",
        project: project.to_owned(),
        version: version.to_owned(),
        ..Inventory::default()
    };
    each_line(&mut inventory, text(rest)?, |line| {
        let (name, rest) = line.trim().split_once(char::is_whitespace)?;
        let (role, uri) = rest.trim_start().split_once(char::is_whitespace)?;
        // Addresses of version 1 have no anchors; these are the ones that Sphinx gave.
        let (role, anchor) = if role == "mod" { ("module", format!("module-{name}")) } else { (role, name.to_owned()) };
        Some(Object {
            domain: "py".into(),
            role: role.to_owned().into(),
            name: name.to_owned(),
            priority: 1,
            uri: format!("{}#{anchor}", uri.trim()),
            title: name.to_owned(),
        })
    })?;
    Ok(inventory)
}

fn version_2(bytes: &[u8]) -> Result<Inventory, String> {
    let (project, rest) = header(bytes, "Project")?;
    let (version, rest) = header(rest, "Version")?;
    let mut inventory = Inventory {
        form: "Sphinx inventory, version 2",
        project: project.to_owned(),
        version: version.to_owned(),
        ..Inventory::default()
    };
    let (how, rest) = line(rest);
    if !how.windows(4).any(|word| word == b"zlib") {
        return Err("its fourth line does not say that the rest is compressed with zlib".into());
    }
    // https://www.rfc-editor.org/rfc/rfc1950#section-2.2: the first two bytes are a multiple of 31.
    let is_zlib = matches!(rest, [first, second, ..]
        if first & 0x0F == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0);
    if is_zlib {
        let inflated = inflate(rest)?;
        each_line(&mut inventory, text(&inflated)?, object)?;
    } else {
        let plain = text(rest).map_err(|_| "what follows its header is not compressed with zlib".to_owned())?;
        if plain.lines().find(|line| !is_comment(line)).is_some_and(|line| object(line).is_none()) {
            return Err("what follows its header is not compressed with zlib".into());
        }
        each_line(&mut inventory, plain, object)?;
    }
    Ok(inventory)
}

fn text(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|_| "its objects are not UTF-8".to_owned())
}

fn inflate(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut inflated = Vec::new();
    match ZlibDecoder::new(bytes).take(MAX_INFLATED + 1).read_to_end(&mut inflated) {
        Ok(length) if length as u64 > MAX_INFLATED => {
            Err(format!("it unpacks to more than {} MiB", MAX_INFLATED / 1024 / 1024))
        }
        Ok(_) => Ok(inflated),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Err("it is cut off".into()),
        Err(error) => Err(format!("it cannot be unpacked: {error}")),
    }
}

fn is_comment(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with('#')
}

fn each_line(inventory: &mut Inventory, text: &str, object: impl Fn(&str) -> Option<Object>) -> Result<(), String> {
    for line in text.lines() {
        if line.len() > MAX_LINE {
            return Err(format!("a line of it is longer than {} KiB", MAX_LINE / 1024));
        }
        match object(line) {
            Some(_) if inventory.objects.len() == MAX_OBJECTS => {
                return Err(format!("it has more than {MAX_OBJECTS} objects"));
            }
            Some(object) => inventory.objects.push(object),
            None if is_comment(line) => {}
            None => inventory.skipped += 1,
        }
    }
    Ok(())
}

/// Reads a line as `(.+?)\s+(\S+)\s+(-?\d+)\s+?(\S*)\s+(.*)` does: the name ends at the first white space behind which a
/// kind and a number follow. In a pass over its words, and not by trying anew from each, a long line costs little.
fn object(line: &str) -> Option<Object> {
    let line = line.trim_end();
    let mut words = words(line);
    let (mut before, mut kind, mut number) = (words.next()?, words.next()?, words.next()?);
    while !is_number(number.1) {
        (before, kind, number) = (kind, number, words.next()?);
    }
    let (domain, role) = kind.1.split_once(':').filter(|(domain, role)| !domain.is_empty() && !role.is_empty())?;
    let name = &line[..before.0 + before.1.len()];
    // One space, then the address, which may be empty.
    let rest = &line[number.0 + number.1.len()..];
    let mut rest = rest.chars();
    rest.next()?;
    let rest = rest.as_str();
    let (uri, title) = rest.split_once(char::is_whitespace)?;
    let title = title.trim();
    Some(Object {
        domain: domain.to_owned().into(),
        role: role.to_owned().into(),
        priority: number.1.parse().unwrap_or(1),
        uri: match uri.strip_suffix('$') {
            Some(start) => format!("{start}{name}"),
            None => uri.to_owned(),
        },
        title: if matches!(title, "" | "-") { name.to_owned() } else { title.to_owned() },
        name: name.to_owned(),
    })
}

/// The words of a line, each with where it begins.
fn words(line: &str) -> impl Iterator<Item = (usize, &str)> {
    line.split_whitespace().map(|word| (word.as_ptr() as usize - line.as_ptr() as usize, word))
}

fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Writes an `objects.inv` of version 2. The same objects in the same order give the same bytes.
#[derive(Debug)]
pub struct Writer {
    /// Lines that are not compressed yet: a few, for those of a large site would take more room than its pages.
    lines: String,
    encoder: ZlibEncoder<Vec<u8>>,
}

impl Writer {
    /// A file without objects.
    pub fn new(project: &str, version: &str) -> Writer {
        let header = format!(
            "# Sphinx inventory version 2\n# Project: {}\n# Version: {}\n# The remainder of this file is compressed using zlib.\n",
            one_line(project),
            one_line(version)
        );
        Writer { lines: String::new(), encoder: ZlibEncoder::new(header.into_bytes(), Compression::new(LEVEL)) }
    }

    /// Adds an object. Its name must hold no white space (see [`super::names`]); its title is brought to one line.
    pub fn object(&mut self, (domain, role): (&str, &str), priority: i32, name: &str, uri: &str, title: &str) {
        let title = one_line(title);
        let title = if title.is_empty() || title == name { "-" } else { &title };
        // At the end of an address it would stand for the name.
        let (uri, end) = uri.strip_suffix('$').map_or((uri, ""), |start| (start, "%24"));
        let number;
        let priority = match priority {
            -1 => "-1",
            1 => "1",
            other => {
                number = other.to_string();
                &number
            }
        };
        for piece in [name, " ", domain, ":", role, " ", priority, " ", uri, end, " ", title, "\n"] {
            self.lines.push_str(piece);
        }
        if self.lines.len() > MUCH {
            self.compress();
        }
    }

    /// The file.
    pub fn finish(mut self) -> Vec<u8> {
        self.compress();
        self.encoder.finish().expect(NEVER_FAILS)
    }

    fn compress(&mut self) {
        self.encoder.write_all(self.lines.as_bytes()).expect(NEVER_FAILS);
        self.lines.clear();
    }
}

/// Python ends a line at more characters than we do, so all of them are spaces here.
fn one_line(text: &str) -> Cow<'_, str> {
    // A space at an end or beside another counts as none.
    let mut last = b' ';
    let is_plain = text.bytes().all(|byte| {
        let is_plain = matches!(byte, b'!'..=b'~') || (byte == b' ' && last != b' ');
        last = byte;
        is_plain
    });
    if is_plain && (last != b' ' || text.is_empty()) {
        return Cow::Borrowed(text);
    }
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: &str = "# Sphinx inventory version 2\n# Project: P\n# Version: 1.0\n# The remainder of this file is compressed using zlib.\n";

    fn zlib(lines: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(START.as_bytes().to_vec(), Compression::new(9));
        encoder.write_all(lines).and_then(|()| encoder.finish()).expect("a vector")
    }

    #[test]
    fn lines_are_read_as_sphinx_reads_them() {
        let read = |line: &str| {
            object(line).map(|o| format!("{}|{}:{}|{}|{}|{}", o.name, o.domain, o.role, o.priority, o.uri, o.title))
        };
        for (line, expected) in [
            (
                "str.join py:method 1 library/stdtypes.html#$ -",
                "str.join|py:method|1|library/stdtypes.html#str.join|str.join",
            ),
            ("a b c std:label -1 x.html#a-b-c A long title ", "a b c|std:label|-1|x.html#a-b-c|A long title"),
            ("x rst:directive:option 1 d.html -", "x|rst:directive:option|1|d.html|x"),
            ("x py:data 1  -", "x|py:data|1||x"),
            ("-x c:macro 0 a.html# -", "-x|c:macro|0|a.html#|-x"),
            ("new\tin 3.14 std:label -1 w.html#new T", "new\tin 3.14|std:label|-1|w.html#new|T"),
        ] {
            assert_eq!(read(line).as_deref(), Some(expected), "{line}");
        }
        // The number stands behind a word that is no kind: Sphinx takes that for the end of the name as well.
        for line in [
            "in tray 3 is empty std:label -1 x.html -",
            "x function 1 y.html -",
            "x py:data",
            "",
            "a:b 1",
            "x py: 1 y -",
        ] {
            assert_eq!(read(line), None, "{line}");
        }
    }

    #[test]
    fn both_versions_are_read() {
        let one = b"# Sphinx inventory version 1\r\n# Project: Foo\r\n# Version: 1.0\r\nmodule mod foo.html\nmodule.cls class foo.html\n";
        let one = read(one).expect("version 1");
        assert_eq!((one.project.as_str(), one.version.as_str()), ("Foo", "1.0"));
        let shown: Vec<String> = one.objects.iter().map(|o| format!("{} {} {}", o.kind(), o.name, o.uri)).collect();
        assert_eq!(shown, ["py:module module foo.html#module-module", "py:class module.cls foo.html#module.cls"]);
        let two = read(&zlib(b"module1 py:module 0 foo.html#module-module1 Long Module desc\nodd line\n"))
            .expect("version 2");
        assert_eq!((two.objects.len(), two.skipped), (1, 1));
        let plain =
            read(format!("{START}# made by hand\nmodule1 py:module 0 foo.html#$ -\n").as_bytes()).expect("plain");
        assert_eq!(plain.objects[0].uri, "foo.html#module1");
    }

    #[test]
    fn what_is_written_is_read() {
        let object = |name: &str, uri: &str, title: &str| Object {
            domain: "kb".into(),
            role: "question".into(),
            name: name.into(),
            priority: 1,
            uri: uri.into(),
            title: title.into(),
        };
        let objects = [object("a:b", "a/index.html#b", "Why\u{2028}is it\n slow?"), object("c", "c.html#$", "c")];
        let write = || {
            let mut writer = Writer::new("Help\ndesk", "");
            for o in &objects {
                writer.object((&o.domain, &o.role), o.priority, &o.name, &o.uri, &o.title);
            }
            writer.finish()
        };
        let bytes = write();
        assert_eq!(bytes, write());
        let back = read(&bytes).expect("our own");
        assert_eq!((back.project.as_str(), back.version.as_str()), ("Help desk", ""));
        assert_eq!(back.objects, [object("a:b", "a/index.html#b", "Why is it slow?"), object("c", "c.html#%24", "c")]);
    }

    #[test]
    fn broken_files_are_told_apart() {
        let why = |bytes: &[u8]| read(bytes).expect_err("it is broken");
        let good = zlib("x py:data 1 a.html#$ -\n".repeat(1000).as_bytes());
        for end in [good.len() - 1, good.len() - 5, START.len() + 3] {
            assert_eq!(why(&good[..end]), "it is cut off", "at {end} of {}", good.len());
        }
        let mut flipped = good.clone();
        let middle = START.len() + 8;
        flipped[middle] ^= 0xFF;
        assert!(!why(&flipped).is_empty());
        assert!(why(b"<!DOCTYPE html>").contains("begins neither"));
        assert!(why(b"# Sphinx inventory version 3\n").contains("version 3"));
        assert!(why(b"# Sphinx inventory version 2\n").contains("Project"));
        assert!(why(format!("{START}not an inventory").as_bytes()).contains("not compressed"));
        assert!(why(&[START.as_bytes(), b"\x00\xFF\x00"].concat()).contains("not compressed"));
        assert!(why(&zlib(b"\xFF\xFE")).contains("UTF-8"));
        assert!(why(&zlib(&b"x".repeat(MAX_LINE + 1))).contains("KiB"));
    }

    #[test]
    fn no_damage_is_a_panic() {
        let lines = "str.join py:method 1 lib.html#$ -\nü b std:label -1 x.html#a-b A title\n";
        let plain = format!("{START}{lines}").into_bytes();
        let old =
            b"# Sphinx inventory version 1\n# Project: P\n# Version: 1\na mod a.html\n\xC3\xBC class b.html\n".to_vec();
        for (good, is_packed) in [(zlib(lines.as_bytes()), true), (plain, false), (old, false)] {
            let whole = read(&good).expect("it is good");
            assert_eq!(whole.objects.len(), 2);
            for end in 0..good.len() {
                // A plain text without its end can still be read; what is compressed has a sum at its end.
                let objects = read(&good[..end]).map_or(0, |read| read.objects.len());
                assert!(objects <= if is_packed { 0 } else { 2 }, "{end}: {objects} objects");
            }
            for at in 0..good.len() {
                for bit in 0..8 {
                    let mut bad = good.clone();
                    bad[at] ^= 1 << bit;
                    if let Ok(read) = read(&bad) {
                        assert!(read.objects.len() <= 4, "{at} {bit}: {} objects", read.objects.len());
                    }
                }
            }
        }
    }

    #[test]
    fn a_bomb_does_not_go_off() {
        let mut encoder = ZlibEncoder::new(START.as_bytes().to_vec(), Compression::new(9));
        let line = b"x py:data 1 a.html -\n".repeat(50_000);
        for _ in 0..100 {
            encoder.write_all(&line).expect("a vector");
        }
        let bomb = encoder.finish().expect("a vector");
        assert!(bomb.len() < 1_000_000, "{}", bomb.len());
        assert_eq!(read(&bomb).expect_err("too much"), "it unpacks to more than 64 MiB");
        // A line that makes a reader with backtracking try for a very long time.
        let slow = "a ".repeat(MAX_LINE / 2 - 1);
        assert_eq!(read(&zlib(slow.as_bytes())).expect("no object").skipped, 1);
    }
}
