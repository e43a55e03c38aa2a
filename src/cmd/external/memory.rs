//! Which addresses were good not long ago, from one run to the next.
//!
//! Bad ones are not kept: who has mended a link, or a server, wants to see that at once.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// The form of the file. One of another form is forgotten.
const VERSION: u32 = 1;

/// The good addresses.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Memory {
    version: u32,
    good: BTreeMap<String, Good>,
}

/// What is known of a good address.
#[derive(Debug, Serialize, Deserialize)]
struct Good {
    /// When that was found, in seconds since 1970.
    at: u64,
    /// Where it has moved for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    moved: Option<String>,
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

impl Memory {
    /// What `bytes` of an earlier run hold that is not older than `good_for`. Of a file that cannot be understood nothing is
    /// remembered.
    pub fn read(bytes: Option<&[u8]>, now: SystemTime, good_for: Duration) -> Memory {
        let read: Option<Memory> = bytes.and_then(|bytes| serde_json::from_slice(bytes).ok());
        let mut memory = read.filter(|memory| memory.version == VERSION).unwrap_or_default();
        memory.version = VERSION;
        let now = seconds(now);
        // What was found tomorrow comes of a wrong clock.
        memory.good.retain(|_, good| now.checked_sub(good.at).is_some_and(|age| age < good_for.as_secs()));
        memory
    }

    /// Whether `address` was good, and where it has moved.
    pub fn recall(&self, address: &str) -> Option<Option<String>> {
        self.good.get(address).map(|good| good.moved.clone())
    }

    /// Remembers that `address` is good.
    pub fn keep(&mut self, address: &str, moved: Option<&str>, now: SystemTime) {
        self.good.insert(address.to_owned(), Good { at: seconds(now), moved: moved.map(str::to_owned) });
    }

    /// What the next run is to read.
    pub fn bytes(&self) -> Vec<u8> {
        // A map from text to text can always be written.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_good_is_remembered_for_a_time() {
        let day = Duration::from_secs(24 * 60 * 60);
        let monday = UNIX_EPOCH + 20_000 * day;
        let mut memory = Memory::read(None, monday, 7 * day);
        memory.keep("https://a.org/", None, monday);
        memory.keep("https://b.org/", Some("https://c.org/"), monday);
        let bytes = memory.bytes();
        let recalled = |now| Memory::read(Some(&bytes), now, 7 * day).recall("https://b.org/");
        assert_eq!(recalled(monday + 6 * day), Some(Some("https://c.org/".into())));
        assert_eq!(recalled(monday + 7 * day), None);
        assert_eq!(recalled(monday - day), None);
        assert_eq!(Memory::read(Some(b"{"), monday, day).recall("https://a.org/"), None);
        let other = String::from_utf8_lossy(&bytes).replace("\"version\":1", "\"version\":9");
        assert_eq!(Memory::read(Some(other.as_bytes()), monday, day).recall("https://a.org/"), None);
    }
}
