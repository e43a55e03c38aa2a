//! Console sessions: prompts with commands, and their output.

use super::spans::Spans;

/// Is it a name for console sessions?
pub(super) fn is_console(name: &str) -> bool {
    matches!(name, "console" | "shell-session" | "shellsession" | "sh-session" | "bash-session" | "terminal")
}

/// A console session: what follows a prompt is a command, all else is output.
pub(super) fn html(code: &str) -> String {
    let mut spans = Spans::default();
    for line in code.split_inclusive('\n') {
        let prompt = prompt_length(line);
        match prompt {
            0 => spans.push("", line),
            length => {
                spans.push("c", &line[..length]);
                let command = &line[length..];
                let word = command.find(char::is_whitespace).unwrap_or(command.len());
                spans.push("f", &command[..word]);
                spans.push("", &command[word..]);
            }
        }
    }
    spans.finish()
}

/// How long the prompt at the start of `line` is: `$ `, `# `, `> `, `PS C:\> `, `C:\> `, `user@host:~$ `.
fn prompt_length(line: &str) -> usize {
    for mark in ["$ ", "# ", "> ", "% "] {
        if let Some(at) = line.find(mark) {
            let before = &line[..at];
            let is_prompt = before.is_empty()
                || before.starts_with("PS ")
                || (before.len() > 2 && before.as_bytes()[1] == b':' && before.as_bytes()[2] == b'\\')
                || (before.contains('@') && !before.contains(char::is_whitespace));
            if is_prompt {
                return at + mark.len();
            }
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_told_from_output() {
        assert_eq!(prompt_length("PS C:\\> Get-Date"), 8);
        assert_eq!(prompt_length("level=warn # not a prompt"), 0);
    }
}
