//! Sites to search: entries made of real texts, each another, and what readers ask them.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use walkdir::WalkDir;

/// A text with its title.
#[derive(Debug, Clone)]
pub struct Text {
    /// Its first line, or what its front matter says.
    pub title: String,
    /// Its paragraphs.
    pub parts: Vec<String>,
}

impl Text {
    fn new(title: &str, body: &str) -> Option<Text> {
        let title = title.trim().trim_matches(['"', '\'']).trim();
        let parts: Vec<String> =
            body.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect();
        (!title.is_empty() && !parts.is_empty()).then(|| Text { title: title.to_owned(), parts })
    }

    fn of_markdown(text: &str) -> Option<Text> {
        let text = text.replace("\r\n", "\n");
        let (front, body) = match text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---")) {
            Some((front, body)) => (front, body),
            None => ("", text.as_str()),
        };
        let heading = || body.lines().find_map(|line| line.strip_prefix("# "));
        let title = front.lines().find_map(|line| line.strip_prefix("title:")).or_else(heading)?;
        Text::new(title, body)
    }
}

/// The pages of a folder of Markdown, in the order of their paths.
pub fn pages(folder: &Path) -> Vec<Text> {
    let files = WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    let files = files.filter(|file| file.path().extension().is_some_and(|extension| extension == "md"));
    files.filter_map(|file| Text::of_markdown(&fs::read_to_string(file.path()).unwrap_or_default())).collect()
}

/// The documents of sets of questions, and the questions: files `docs.jsonl` and `queries.jsonl` in the folders of `folder`.
pub fn sets(folder: &Path) -> (Vec<Text>, Vec<String>) {
    let (mut texts, mut queries) = (Vec::new(), Vec::new());
    let files = WalkDir::new(folder).min_depth(2).max_depth(2).sort_by_file_name().into_iter().map(Result::unwrap);
    for file in files {
        let lines = |name: &str| -> Vec<Value> {
            let text = if file.file_name() == name { fs::read_to_string(file.path()).unwrap() } else { String::new() };
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        };
        let field = |line: &Value, name: &str| line[name].as_str().unwrap().to_owned();
        texts.extend(
            lines("docs.jsonl").iter().filter_map(|line| Text::new(&field(line, "title"), &field(line, "text"))),
        );
        queries.extend(lines("queries.jsonl").iter().map(|line| field(line, "text")));
    }
    (texts, queries)
}

/// Writes a site of `entries` pages, an entry each: the texts as they are, in another order; when these are used up, texts
/// made of the halves of two titles and of paragraphs of both, with numbers of their own. Returns the titles.
pub fn write(to: &Path, texts: &[Text], entries: usize) -> Vec<String> {
    let mut random = Random::new();
    let mut order: Vec<usize> = (0..texts.len()).collect();
    random.shuffle(&mut order);
    let mut titles = Vec::new();
    let mut known = HashSet::new();
    while titles.len() < entries {
        let text = match order.get(titles.len()) {
            Some(number) => texts[*number].clone(),
            None => mixed(&mut random, texts),
        };
        let mut title = text.title;
        if !known.insert(title.clone()) {
            title = format!("{title} ({})", titles.len());
        }
        let number = titles.len();
        let body = text.parts.join("\n\n");
        let path = to.join(format!("content/part-{:03}/d{number:05}.md", number / 50));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("---\nquestion: {}\n---\n\n{body}\n", json!(title))).unwrap();
        titles.push(title);
    }
    titles
}

fn mixed(random: &mut Random, texts: &[Text]) -> Text {
    let (one, other) = (&texts[random.below(texts.len())], &texts[random.below(texts.len())]);
    let half = |title: &str, second: bool| {
        let words: Vec<&str> = title.split_whitespace().collect();
        let (first, last) = words.split_at(words.len().div_ceil(2));
        if second { last.join(" ") } else { first.join(" ") }
    };
    let title = format!("{} {}", half(&one.title, false), half(&other.title, true));
    let parts = (0..one.parts.len()).map(|_| {
        // Most of it is about one thing.
        let from = if random.below(4) == 0 { other } else { one };
        let part = random.below(from.parts.len());
        random.numbers(&from.parts[part])
    });
    let parts = parts.collect();
    Text { title: random.numbers(title.trim()), parts }
}

/// A hundred queries of three to eight words: half of them are what readers asked, half are titles with a slip or without
/// their beginning and end.
pub fn queries(asked: &[String], titles: &[String]) -> Vec<String> {
    const QUERIES: usize = 100;
    let mut random = Random::new();
    let fits = |text: &&String| (3..=8).contains(&text.split_whitespace().count()) && text.len() <= 60;
    let mut asked: Vec<&String> = asked.iter().filter(fits).collect();
    random.shuffle(&mut asked);
    let mut queries: Vec<String> = asked.into_iter().take(QUERIES / 2).cloned().collect();
    while queries.len() < QUERIES {
        let title = &titles[random.below(titles.len())];
        let words: Vec<&str> = title.split_whitespace().collect();
        if words.len() < 3 {
            continue;
        }
        let length = 3 + random.below((words.len() - 2).min(6));
        let start = random.below(words.len() - length + 1);
        let mut query = words[start..start + length].join(" ");
        if random.below(2) == 0 {
            random.slip(&mut query);
        }
        if query.len() <= 60 {
            queries.push(query);
        }
    }
    queries
}

/// xorshift64: <https://www.jstatsoft.org/article/view/v008i14>.
struct Random(u64);

impl Random {
    fn new() -> Random {
        Random(0x9E37_79B9_7F4A_7C15)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }

    /// Other digits in every number of four digits and more, as in codes, versions and identifiers.
    fn numbers(&mut self, text: &str) -> String {
        let is_digit = |c: &char| c.is_ascii_digit();
        let characters: Vec<char> = text.chars().collect();
        let runs = characters.chunk_by(|a, b| is_digit(a) == is_digit(b));
        let other = |run: &[char]| -> String {
            let changes = run.len() >= 4 && is_digit(&run[0]);
            run.iter().map(|c| if changes { char::from(b'0' + self.below(10) as u8) } else { *c }).collect()
        };
        runs.map(other).collect()
    }

    /// Leaves out a letter, doubles it, or exchanges it with the next.
    fn slip(&mut self, text: &mut String) {
        let mut letters: Vec<char> = text.chars().collect();
        let at = 1 + self.below(letters.len() - 2);
        match self.below(3) {
            0 => drop(letters.remove(at)),
            1 => letters.insert(at, letters[at]),
            _ => letters.swap(at, at + 1),
        }
        *text = letters.into_iter().collect();
    }
}
