//! What is known of files, here and on the Hub, across restarts: `<state_dir>/syncer.sqlite`.
//!
//! All of it can be found out again by reading; losing it costs time, never data.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard};

use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

use crate::disk::oid::Oid;
use crate::disk::stable_read::Stat;
use crate::rounds::plan::{RemoteFile, RemoteName, RemoteTree};

const SCHEMA: &str = "
    create table if not exists file (
        path text primary key, size integer not null, mtime integer not null, inode integer not null,
        git blob not null, sha256 blob not null
    ) without rowid;
    create table if not exists base (path text primary key, git blob not null) without rowid;
    create table if not exists view (
        user text primary key, seq integer not null, size integer not null, git blob not null, sha256 blob not null
    ) without rowid;
    create table if not exists remote (
        path text primary key, size integer not null, git blob, sha256 blob
    ) without rowid;
    create table if not exists number (name text primary key, value integer not null) without rowid;
    create table if not exists word (name text primary key, value text not null) without rowid;
    create table if not exists sent (at integer not null);
";

/// A failure of the file, or one that cannot be read.
pub type ManifestError = rusqlite::Error;

/// The numbers that are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// The last event of an origin of ours that is in a segment on disk.
    Sealed(Uuid),
    /// The last event of an origin of ours that is on the Hub.
    Pushed(Uuid),
    /// When the Hub was last found to have all, ms since 1970.
    PushedAt,
    /// Store events up to here are in the views.
    Viewed,
}

impl Number {
    fn name(self) -> String {
        match self {
            Self::Sealed(origin) => format!("sealed {origin}"),
            Self::Pushed(origin) => format!("pushed {origin}"),
            Self::PushedAt => "pushed_at".to_owned(),
            Self::Viewed => "viewed".to_owned(),
        }
    }
}

/// A `user_state.json` as it was last written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    /// The store's event that it covers.
    pub seq: i64,
    /// Its content.
    pub oid: Oid,
}

/// The file.
#[derive(Debug)]
pub struct Manifest(Mutex<Connection>);

impl Manifest {
    /// Opens or makes it.
    pub fn open(path: &Path) -> Result<Self, ManifestError> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "wal")?;
        // It may be behind after a power loss: what it says is checked against the files and the Hub.
        connection.pragma_update(None, "synchronous", "normal")?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self(Mutex::new(connection)))
    }

    fn db(&self) -> MutexGuard<'_, Connection> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The files whose content is known, by path.
    pub fn files(&self) -> Result<HashMap<String, (Stat, Oid)>, ManifestError> {
        let db = self.db();
        let mut rows = db.prepare_cached("select path, size, mtime, inode, git, sha256 from file")?;
        let files = rows.query_map([], |row| {
            let size = unsigned(row.get(1)?);
            let stat = Stat { size, mtime: row.get(2)?, inode: unsigned(row.get(3)?) };
            Ok((row.get(0)?, (stat, Oid { size, git: row.get(4)?, sha256: row.get(5)? })))
        })?;
        files.collect()
    }

    /// Keeps what was found out about files, and forgets those that are gone.
    pub fn set_files(&self, known: &[(String, Stat, Oid)], gone: &[String]) -> Result<(), ManifestError> {
        let mut db = self.db();
        let tx = db.transaction()?;
        {
            let mut insert = tx.prepare_cached("insert or replace into file values (?, ?, ?, ?, ?, ?)")?;
            for (path, stat, oid) in known {
                insert.execute(params![
                    path,
                    signed(stat.size),
                    stat.mtime,
                    signed(stat.inode),
                    oid.git,
                    oid.sha256
                ])?;
            }
            let mut delete = tx.prepare_cached("delete from file where path = ?")?;
            for path in gone {
                delete.execute([path])?;
            }
        }
        tx.commit()
    }

    /// The contents that were last known to be both here and there, by path.
    pub fn bases(&self) -> Result<HashMap<String, [u8; 20]>, ManifestError> {
        let db = self.db();
        let mut rows = db.prepare_cached("select path, git from base")?;
        rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    }

    /// Keeps that these are both here and there.
    pub fn set_bases(&self, bases: &[(String, [u8; 20])]) -> Result<(), ManifestError> {
        let mut db = self.db();
        let tx = db.transaction()?;
        for (path, git) in bases {
            tx.prepare_cached("insert or replace into base values (?, ?)")?.execute(params![path, git])?;
        }
        tx.commit()
    }

    /// What was last written for a user.
    pub fn view(&self, user: &str) -> Result<Option<Written>, ManifestError> {
        self.db()
            .prepare_cached("select seq, size, git, sha256 from view where user = ?")?
            .query_row([user], |row| {
                let oid = Oid { size: unsigned(row.get(1)?), git: row.get(2)?, sha256: row.get(3)? };
                Ok(Written { seq: row.get(0)?, oid })
            })
            .optional()
    }

    /// What was last written for each user.
    pub fn views(&self) -> Result<HashMap<String, Oid>, ManifestError> {
        let db = self.db();
        let mut rows = db.prepare_cached("select user, size, git, sha256 from view")?;
        let views = rows.query_map([], |row| {
            Ok((row.get(0)?, Oid { size: unsigned(row.get(1)?), git: row.get(2)?, sha256: row.get(3)? }))
        })?;
        views.collect()
    }

    /// Keeps what was written for a user.
    pub fn set_view(&self, user: &str, written: &Written) -> Result<(), ManifestError> {
        let Written { seq, oid } = written;
        self.db()
            .prepare_cached("insert or replace into view values (?, ?, ?, ?, ?)")?
            .execute(params![user, seq, signed(oid.size), oid.git, oid.sha256])
            .map(drop)
    }

    /// A number; zero if it was never set.
    pub fn number(&self, number: Number) -> Result<i64, ManifestError> {
        self.db()
            .prepare_cached("select value from number where name = ?")?
            .query_row([number.name()], |row| row.get(0))
            .optional()
            .map(Option::unwrap_or_default)
    }

    /// Sets a number.
    pub fn set_number(&self, number: Number, value: i64) -> Result<(), ManifestError> {
        self.db()
            .prepare_cached("insert or replace into number values (?, ?)")?
            .execute(params![number.name(), value])
            .map(drop)
    }

    /// The commit of `repo` that [`Self::tree`] shows.
    pub fn head(&self, repo: &str) -> Result<Option<String>, ManifestError> {
        let read = |name: &str| {
            let db = self.db();
            let mut row = db.prepare_cached("select value from word where name = ?")?;
            row.query_row([name], |row| row.get::<_, String>(0)).optional()
        };
        Ok(if read("repo")?.as_deref() == Some(repo) { read("head")? } else { None })
    }

    /// The files of the repo as last seen.
    pub fn tree(&self) -> Result<RemoteTree, ManifestError> {
        let db = self.db();
        let mut rows = db.prepare_cached("select path, size, git, sha256 from remote")?;
        rows.query_map([], remote_file)?.collect()
    }

    /// Keeps a commit's whole tree.
    pub fn set_tree(&self, repo: &str, head: &str, tree: &RemoteTree) -> Result<(), ManifestError> {
        let mut db = self.db();
        let tx = db.transaction()?;
        tx.execute("delete from remote", [])?;
        put_remote(&tx, tree)?;
        put_head(&tx, repo, head)?;
        tx.commit()
    }

    /// Keeps what an own commit added.
    pub fn extend_tree(&self, repo: &str, head: &str, added: &RemoteTree) -> Result<(), ManifestError> {
        let mut db = self.db();
        let tx = db.transaction()?;
        put_remote(&tx, added)?;
        put_head(&tx, repo, head)?;
        tx.commit()
    }

    /// When commits were sent since `after`, ms since 1970, oldest first. Older ones are forgotten.
    pub fn sent_since(&self, after: i64) -> Result<Vec<i64>, ManifestError> {
        let db = self.db();
        db.execute("delete from sent where at < ?", [after])?;
        let mut rows = db.prepare_cached("select at from sent order by at")?;
        rows.query_map([], |row| row.get(0))?.collect()
    }

    /// Keeps that a commit is being sent.
    pub fn add_sent(&self, at: i64) -> Result<(), ManifestError> {
        self.db().execute("insert into sent values (?)", [at]).map(drop)
    }
}

fn put_remote(db: &Connection, files: &RemoteTree) -> Result<(), ManifestError> {
    let mut insert = db.prepare_cached("insert or replace into remote values (?, ?, ?, ?)")?;
    for (path, file) in files {
        let (git, sha256) = match &file.name {
            RemoteName::Git(git) => (Some(git), None),
            RemoteName::Sha256(sha256) => (None, Some(sha256)),
        };
        insert.execute(params![path, signed(file.size), git, sha256])?;
    }
    Ok(())
}

fn put_head(db: &Connection, repo: &str, head: &str) -> Result<(), ManifestError> {
    let mut insert = db.prepare_cached("insert or replace into word values (?, ?)")?;
    insert.execute(["repo", repo])?;
    insert.execute(["head", head]).map(drop)
}

fn remote_file(row: &Row<'_>) -> Result<(String, RemoteFile), ManifestError> {
    let name = match row.get(2)? {
        Some(git) => RemoteName::Git(git),
        None => RemoteName::Sha256(row.get(3)?),
    };
    Ok((row.get(0)?, RemoteFile { size: unsigned(row.get(1)?), name }))
}

// SQLite has signed integers only; sizes and inodes pass through bit for bit.
fn signed(value: u64) -> i64 {
    value.cast_signed()
}

fn unsigned(value: i64) -> u64 {
    value.cast_unsigned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_there_after_a_restart_and_the_tree_of_another_repo_is_not_believed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("syncer.sqlite");
        let oid = Oid::of(b"content");
        let stat = Stat { size: 7, mtime: -5, inode: u64::MAX };
        let git = RemoteFile { size: 7, name: RemoteName::Git(oid.git) };
        let large = RemoteFile { size: 9, name: RemoteName::Sha256(oid.sha256) };
        {
            let manifest = Manifest::open(&path).unwrap();
            manifest.set_files(&[("a".to_owned(), stat, oid), ("b".to_owned(), stat, oid)], &[]).unwrap();
            manifest.set_files(&[], &["b".to_owned()]).unwrap();
            manifest.set_view("ann", &Written { seq: 3, oid }).unwrap();
            manifest.set_number(Number::Sealed(Uuid::nil()), 12).unwrap();
            manifest.set_tree("o/r", "abc", &[("a".to_owned(), git)].into()).unwrap();
            manifest.extend_tree("o/r", "def", &[("b".to_owned(), large)].into()).unwrap();
        }
        let manifest = Manifest::open(&path).unwrap();
        assert_eq!(manifest.files().unwrap(), [("a".to_owned(), (stat, oid))].into());
        assert_eq!(manifest.view("ann").unwrap(), Some(Written { seq: 3, oid }));
        assert_eq!(manifest.view("bob").unwrap(), None);
        assert_eq!(manifest.number(Number::Sealed(Uuid::nil())).unwrap(), 12);
        assert_eq!(manifest.number(Number::Pushed(Uuid::nil())).unwrap(), 0);
        assert_eq!(manifest.head("o/r").unwrap().as_deref(), Some("def"));
        assert_eq!(manifest.head("o/other").unwrap(), None);
        assert_eq!(manifest.tree().unwrap(), [("a".to_owned(), git), ("b".to_owned(), large)].into());
    }
}
