//! `unstick init`: a small site that shows how entries are written.

use std::path::Path;
use std::process::ExitCode;

use crate::write;

macro_rules! starter {
    ($($path:literal),*) => {
        &[$(($path, include_str!(concat!("starter/", $path)))),*]
    };
}

/// The files of a starter site.
const FILES: &[(&str, &str)] =
    starter!("unstick.yaml", "content/_index.md", "content/printing.md", "content/printer-error.md");

/// Writes a starter site to `root`.
///
/// # Errors
/// When any of it is there already, before anything is written; when it cannot be written.
pub fn run(root: &Path) -> Result<ExitCode, String> {
    for name in ["unstick.yaml", "content"] {
        let path = root.join(name);
        if path.exists() {
            return Err(format!("{} is there already; name another folder: `unstick init FOLDER`", path.display()));
        }
    }
    for (path, text) in FILES {
        write::create(&root.join(path), text).map_err(|error| error.to_string())?;
        anstream::println!("created {}", root.join(path).display());
    }
    let at = if root == Path::new(".") { String::new() } else { format!(" {}", root.display()) };
    anstream::println!(
        "\nMake the site with `unstick build{at}`, then open {}.",
        root.join("site/index.html").display()
    );
    Ok(ExitCode::SUCCESS)
}
