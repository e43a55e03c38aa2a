//! JSON, member by member.
//!
//! The files for programs hold every answer of a site. Their texts are looked through sixteen bytes at a time for what must
//! be escaped, which is most of the work of writing them.

use std::io::{self, Write};

/// Bytes that are held before they are written.
const MUCH: usize = 64 * 1024;

/// Writes JSON without white space, its members in the order in which they are given.
#[derive(Debug, Default)]
pub struct JsonWriter {
    bytes: Vec<u8>,
    /// Has something been written that the next member or value must be separated from?
    goes_on: bool,
}

impl JsonWriter {
    /// Hands out what is written so far, which goes on with what follows.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    /// Hands what is written so far to `out`.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn write(&mut self, out: &mut dyn Write) -> io::Result<()> {
        out.write_all(&self.bytes)?;
        self.bytes.clear();
        Ok(())
    }

    /// Hands what is written so far to `out` when that is much, so that a large file is never held.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn write_much(&mut self, out: &mut dyn Write) -> io::Result<()> {
        if self.bytes.len() > MUCH { self.write(out) } else { Ok(()) }
    }

    /// Puts what follows on a new line.
    pub fn line(&mut self) {
        self.separate();
        self.bytes.push(b'\n');
        self.goes_on = false;
    }

    /// Begins an object, as a value of a list or as the whole.
    pub fn begin(&mut self) {
        self.separate();
        self.bytes.push(b'{');
        self.goes_on = false;
    }

    /// Ends the object that was begun last.
    pub fn end(&mut self) {
        self.bytes.push(b'}');
        self.goes_on = true;
    }

    /// A member that is a text.
    pub fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        self.string(value);
    }

    /// A member that is a text, unless it is absent or empty.
    pub fn some_text(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            self.text(key, value);
        }
    }

    /// A member that is a list of texts, unless it is empty.
    pub fn some_texts(&mut self, key: &str, values: &[String]) {
        if !values.is_empty() {
            self.texts(key, values);
        }
    }

    /// A member that is a list of texts.
    pub fn texts<T: AsRef<str>>(&mut self, key: &str, values: impl IntoIterator<Item = T>) {
        self.begin_list(key);
        for value in values {
            self.separate();
            self.string(value.as_ref());
            self.goes_on = true;
        }
        self.end_list();
    }

    /// A member that is a number.
    pub fn number(&mut self, key: &str, value: u64) {
        self.key(key);
        self.bytes.extend_from_slice(value.to_string().as_bytes());
    }

    /// A member that is an object, whose members `write` writes.
    pub fn object(&mut self, key: &str, write: impl FnOnce(&mut Self)) {
        self.key(key);
        self.goes_on = false;
        self.begin();
        write(self);
        self.end();
    }

    /// A member that is a list of objects, whose members `write` writes.
    pub fn objects<T>(&mut self, key: &str, values: impl IntoIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        self.begin_list(key);
        for value in values {
            self.begin();
            write(self, value);
            self.end();
        }
        self.end_list();
    }

    /// Begins a member that is a list.
    pub fn begin_list(&mut self, key: &str) {
        self.key(key);
        self.bytes.push(b'[');
        self.goes_on = false;
    }

    /// Ends the list that was begun last.
    pub fn end_list(&mut self) {
        self.bytes.push(b']');
        self.goes_on = true;
    }

    /// `key` must need no escape.
    fn key(&mut self, key: &str) {
        self.separate();
        self.bytes.push(b'"');
        self.bytes.extend_from_slice(key.as_bytes());
        self.bytes.extend_from_slice(b"\":");
        self.goes_on = true;
    }

    fn separate(&mut self) {
        if self.goes_on {
            self.bytes.push(b',');
        }
    }

    fn string(&mut self, text: &str) {
        let text = text.as_bytes();
        self.bytes.push(b'"');
        let mut done = 0;
        while let Some(at) = special(&text[done..]) {
            self.bytes.extend_from_slice(&text[done..done + at]);
            done += at + 1;
            let short = match text[done - 1] {
                b'"' => b'"',
                b'\\' => b'\\',
                b'\n' => b'n',
                b'\t' => b't',
                b'\r' => b'r',
                0x08 => b'b',
                0x0C => b'f',
                control => {
                    self.bytes.extend_from_slice(format!("\\u{control:04x}").as_bytes());
                    continue;
                }
            };
            self.bytes.extend_from_slice(&[b'\\', short]);
        }
        self.bytes.extend_from_slice(&text[done..]);
        self.bytes.push(b'"');
    }
}

/// Where in `text` the first byte stands that a string of JSON must escape.
fn special(text: &[u8]) -> Option<usize> {
    let is_special = |byte: &u8| *byte < b' ' || *byte == b'"' || *byte == b'\\';
    let (blocks, _) = text.as_chunks::<16>();
    // Without a branch for each byte, so that a block is a few instructions.
    let clear = blocks.iter().take_while(|block| !block.iter().fold(false, |any, byte| any | is_special(byte)));
    let begin = clear.count() * 16;
    text[begin..].iter().position(is_special).map(|at| begin + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_as_serde_does() {
        let all: String = (0..0x300).filter_map(char::from_u32).collect();
        for start in all.char_indices().map(|(at, _)| at) {
            let mut json = JsonWriter::default();
            json.string(&all[start..]);
            assert_eq!(json.take(), serde_json::to_vec(&all[start..]).expect("a string"));
        }
    }

    #[test]
    fn members_are_separated() {
        let mut json = JsonWriter::default();
        json.begin();
        json.text("a", "b");
        json.some_text("left out", Some(""));
        json.some_text("left out", None);
        json.some_texts("left out", &[]);
        json.texts("c", ["d", "e"]);
        let mut bytes = json.take();
        json.objects("f", [1, 2], |json, number| json.number("g", number));
        json.object("i", |json| json.text("j", "k"));
        json.begin_list("h");
        for _ in 0..2 {
            json.line();
            json.begin();
            json.end();
        }
        json.end_list();
        json.end();
        bytes.extend(json.take());
        let expected =
            "{\"a\":\"b\",\"c\":[\"d\",\"e\"],\"f\":[{\"g\":1},{\"g\":2}],\"i\":{\"j\":\"k\"},\"h\":[\n{},\n{}]}";
        assert_eq!(String::from_utf8_lossy(&bytes), expected);
    }
}
