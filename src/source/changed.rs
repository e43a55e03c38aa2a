//! Which files differ from a revision, as Git sees it; the only file that knows `git2`.
//!
//! What is compared with the revision is the working folder as it is: staged or not, tracked or not. Ignored files are no
//! part of it.

use std::collections::BTreeSet;
use std::path::Path;

use git2::{DiffOptions, Repository};

use super::slashes;

/// Paths of files that differ from `revision`, below `root`, with `/`. A deleted file is none.
///
/// # Errors
/// In words, when `root` is in no repository or the revision is not known there.
pub fn changed_since(root: &Path, revision: &str) -> Result<BTreeSet<String>, String> {
    let repository = Repository::discover(root)
        .map_err(|error| format!("{} is in no Git repository: {}", root.display(), error.message()))?;
    let unknown = |error: git2::Error| {
        let advice = if repository.is_shallow() { "; this clone is shallow: fetch more of its history" } else { "" };
        format!("Git knows no revision `{revision}`: {}{advice}", error.message())
    };
    let tree = repository.revparse_single(revision).and_then(|object| object.peel_to_tree()).map_err(unknown)?;
    let folder = repository.workdir().ok_or("a bare repository has no files to check")?;
    let absolute =
        |path: &Path| std::fs::canonicalize(path).map_err(|error| format!("cannot find {}: {error}", path.display()));
    let (folder, root) = (absolute(folder)?, absolute(root)?);
    let mut options = DiffOptions::new();
    options.include_untracked(true).recurse_untracked_dirs(true).include_typechange(true);
    let diff = repository
        .diff_tree_to_workdir_with_index(Some(&tree), Some(&mut options))
        .map_err(|error| format!("Git cannot compare with `{revision}`: {}", error.message()))?;
    let paths = diff.deltas().filter_map(|delta| delta.new_file().path().map(|path| folder.join(path)));
    Ok(paths.filter_map(|path| path.strip_prefix(&root).ok().map(slashes)).collect())
}
