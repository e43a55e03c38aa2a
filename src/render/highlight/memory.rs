//! What was highlighted once, as bytes that can be kept between builds.

use std::collections::{BTreeMap, HashMap};

use xxhash_rust::xxh3::xxh3_128;

/// Highlighted HTML by key.
pub type Memory = HashMap<u128, Box<str>>;

/// Changes whenever the same code would give other HTML.
const VERSION: &str = concat!("unstick highlight 1 ", env!("CARGO_PKG_VERSION"), " syntect 5.3 two-face 0.5\n");

/// Reads what [`encode`] wrote. Anything that is not exactly that gives an empty memory.
pub fn decode(bytes: &[u8]) -> Memory {
    let read = || -> Option<Memory> {
        let rest = bytes.strip_prefix(VERSION.as_bytes())?;
        let (sum, mut rest) = rest.split_at_checked(16)?;
        if u128::from_le_bytes(sum.try_into().ok()?) != xxh3_128(rest) {
            return None;
        }
        let mut memory = Memory::new();
        while !rest.is_empty() {
            let (key, after) = rest.split_at_checked(16)?;
            let (length, after) = after.split_at_checked(4)?;
            let (html, after) = after.split_at_checked(u32::from_le_bytes(length.try_into().ok()?) as usize)?;
            memory.insert(u128::from_le_bytes(key.try_into().ok()?), std::str::from_utf8(html).ok()?.into());
            rest = after;
        }
        Some(memory)
    };
    read().unwrap_or_default()
}

/// A memory as bytes, for the next build.
pub fn encode(memory: &BTreeMap<u128, Box<str>>) -> Vec<u8> {
    let mut body = Vec::new();
    for (key, html) in memory {
        let Ok(length) = u32::try_from(html.len()) else {
            continue;
        };
        body.extend_from_slice(&key.to_le_bytes());
        body.extend_from_slice(&length.to_le_bytes());
        body.extend_from_slice(html.as_bytes());
    }
    let mut bytes = VERSION.as_bytes().to_vec();
    bytes.extend_from_slice(&xxh3_128(&body).to_le_bytes());
    bytes.extend_from_slice(&body);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_memory_survives_only_unharmed() {
        let memory = BTreeMap::from([(7, "<b>".into()), (9, "".into())]);
        let bytes = encode(&memory);
        assert_eq!(decode(&bytes).len(), 2);
        for at in 0..bytes.len() {
            let mut harmed = bytes.clone();
            harmed[at] ^= 1;
            assert!(decode(&harmed).is_empty(), "byte {at}");
            assert!(decode(&bytes[..at]).is_empty(), "cut at {at}");
        }
    }
}
