//! Sites to build: a copy of a real one, or one that is made up from a seed.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use walkdir::WalkDir;

/// How large a site is.
pub struct Size {
    /// Markdown files.
    pub pages: usize,
    /// All bytes of its files.
    pub bytes: u64,
}

impl Size {
    /// The bytes in MiB.
    pub fn mebibytes(&self) -> f64 {
        self.bytes as f64 / (1024.0 * 1024.0)
    }
}

/// Copies the site in `from` to `to`, so that nothing is written beside the sources.
pub fn copy(from: &Path, to: &Path) -> Size {
    let mut size = Size { pages: 0, bytes: 0 };
    for entry in WalkDir::new(from) {
        let entry = entry.unwrap();
        let path = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(path).unwrap();
        } else if entry.file_type().is_file() {
            size.bytes += fs::copy(entry.path(), &path).unwrap();
            size.pages += usize::from(path.extension().is_some_and(|extension| extension == "md"));
        }
    }
    size
}

/// Links to other pages that a made-up page has at most.
pub const LINKS: usize = 12;

/// Makes a site of `pages` pages in folders of fifty: articles with parts, lists, tables, `links` links each to other pages,
/// and code in two of five.
pub fn make(to: &Path, pages: usize, links: usize) -> Size {
    let mut size = Size { pages, bytes: 0 };
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    for number in 0..pages {
        let text = page(&mut random, number, pages, links);
        let path = to.join("content").join(path_of(number));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        size.bytes += text.len() as u64;
        fs::write(path, text).unwrap();
    }
    size
}

fn path_of(number: usize) -> String {
    format!("section-{:03}/page-{number:05}.md", number / 50)
}

fn page(random: &mut Random, number: usize, pages: usize, links: usize) -> String {
    let mut text = String::with_capacity(6000);
    let title = random.words(6);
    let tag = random.word();
    writeln!(text, "---\ntitle: {title} {number}\ndescription: {}\ntags: [{tag}]\n---\n", random.words(12)).unwrap();
    for (part, heading) in ["Symptom", "Cause", "Resolution", "More information"].into_iter().enumerate() {
        writeln!(text, "## {heading}\n").unwrap();
        for paragraph in 0..LINKS / 4 {
            let other = random.below(pages);
            let (before, after) = (random.words(40), random.words(25));
            let mut words = random.words(3);
            if paragraph * 4 + part < links {
                words = format!("[{words}](../{})", path_of(other));
            }
            writeln!(text, "{before} {words} {after} **{}**.\n", random.words(2)).unwrap();
        }
        for item in 0..4 {
            writeln!(text, "{}. {} `{}`.", item + 1, random.words(12), random.word()).unwrap();
        }
        text.push('\n');
    }
    writeln!(text, "| Setting | Value | Meaning |\n| --- | --- | --- |").unwrap();
    for _ in 0..5 {
        writeln!(text, "| `{}` | {} | {} |", random.word(), random.below(1000), random.words(6)).unwrap();
    }
    text.push('\n');
    if number % 5 < 2 {
        writeln!(text, "```powershell").unwrap();
        for _ in 0..12 {
            let (verb, noun, name) = (random.word(), random.word(), random.word());
            writeln!(text, "Get-{verb}{noun} -Name \"{name}\" | Where-Object {{ $_.{verb} -eq {} }}", random.below(99))
                .unwrap();
        }
        writeln!(text, "```\n\n```json\n{{\"{}\": [{}, true]}}\n```", random.word(), random.below(99)).unwrap();
    }
    text
}

/// xorshift64: <https://www.jstatsoft.org/article/view/v008i14>.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    /// One of eight thousand words, common ones more often.
    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 20] = [
            "pa", "re", "mi", "to", "lu", "sen", "dor", "vi", "ka", "non", "ter", "gi", "bo", "fre", "sta", "que",
            "ma", "il", "or", "ze",
        ];
        let rank = self.below(8000).min(self.below(8000)).min(self.below(8000));
        let (first, second, third) = (rank % 20, rank / 20 % 20, rank / 400);
        format!("{}{}{}", SYLLABLES[first], SYLLABLES[second], if third == 0 { "" } else { SYLLABLES[third] })
    }

    fn words(&mut self, count: usize) -> String {
        (0..count).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}
