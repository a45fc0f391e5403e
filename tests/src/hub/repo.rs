//! A repo: a line of commits, each with its whole tree.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use bytes::Bytes;

use super::object::{Object, sha1};

/// A commit.
#[derive(Clone, Debug)]
pub struct Commit {
    /// Its name, 40 hex digits.
    pub oid: String,
    /// The one before; none for the first.
    pub parent: Option<String>,
    /// Its first line.
    pub message: String,
    /// When it came.
    pub at: SystemTime,
    /// Paths that it added or changed.
    pub added: Vec<String>,
    /// All files after it.
    pub tree: BTreeMap<String, Object>,
}

pub(super) struct Repo {
    pub(super) private: bool,
    pub(super) commits: Vec<Commit>,
}

/// What a commit does.
#[derive(Default)]
pub(super) struct Change {
    pub(super) added: BTreeMap<String, Object>,
    pub(super) deleted: Vec<String>,
    /// Folders, without the slash at the end.
    pub(super) deleted_folders: Vec<String>,
}

impl Repo {
    pub(super) fn new(private: bool) -> Self {
        let mut repo = Self { private, commits: Vec::new() };
        repo.add("initial commit", [(".gitattributes".to_owned(), Bytes::from("*.bin filter=lfs\n"))].into());
        repo
    }

    /// Adds small files.
    pub(super) fn add(&mut self, message: &str, files: BTreeMap<String, Bytes>) -> String {
        let added = files.into_iter().map(|(path, content)| (path, Object::regular(content))).collect();
        self.apply(message, Change { added, ..Change::default() })
    }

    /// Puts a commit on top; its name.
    pub(super) fn apply(&mut self, message: &str, change: Change) -> String {
        let parent = self.commits.last();
        let mut tree = parent.map(|commit| commit.tree.clone()).unwrap_or_default();
        tree.retain(|path, _| {
            let in_folder = |folder: &String| {
                path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
            };
            !change.deleted.contains(path) && !change.deleted_folders.iter().any(in_folder)
        });
        let added = change.added.keys().cloned().collect();
        tree.extend(change.added);
        let parent = parent.map(|commit| commit.oid.clone());
        let number = self.commits.len().to_string();
        let mut parts: Vec<&[u8]> = vec![message.as_bytes(), number.as_bytes()];
        parts.extend(parent.iter().map(String::as_bytes));
        for (path, object) in &tree {
            parts.extend([path.as_bytes(), object.git.as_bytes()]);
        }
        let oid = sha1(&parts);
        self.commits.push(Commit {
            oid: oid.clone(),
            parent,
            message: message.to_owned(),
            at: SystemTime::now(),
            added,
            tree,
        });
        oid
    }

    pub(super) fn head(&self) -> Option<&Commit> {
        self.commits.last()
    }

    /// The commit that a branch or the beginning of a name stands for.
    pub(super) fn revision(&self, name: &str) -> Option<&Commit> {
        if name == "main" {
            return self.head();
        }
        self.commits.iter().find(|commit| name.len() >= 7 && commit.oid.starts_with(name))
    }

    pub(super) fn commits_since(&self, age: Duration) -> usize {
        let young = |commit: &&Commit| commit.at.elapsed().is_ok_and(|elapsed| elapsed < age);
        self.commits.iter().filter(young).count()
    }
}
