//! The store in one `SQLite` file, shared by the processes of one kernel.

mod assignment_rows;
mod columns;
mod event_rows;
mod item_rows;
mod lock;
mod medium;
mod readers;
mod shelf_rows;
mod state_rows;
mod tx;
mod walk_rows;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::{Connection, ErrorCode, OpenFlags};
use uuid::Uuid;

pub(crate) use item_rows::{Candidate, is_shelved};
pub(crate) use state_rows::Annotator;
pub(crate) use tx::Tx;

use crate::{Rules, StoreError};

/// The newest layout of the tables that this program knows (`PRAGMA user_version`).
const FORMAT: i64 = 2;
/// Memory for pages of each connection, in KiB.
const CACHE_KIB: i64 = 4_096;

/// What all connections of a store share.
#[derive(Debug)]
pub(crate) struct Context {
    /// Where the files are.
    pub(crate) dir: PathBuf,
    /// The study's rules.
    pub(crate) rules: Rules,
}

impl Context {
    fn file(&self) -> PathBuf {
        self.dir.join("store.sqlite")
    }

    /// The limit of annotators an item; 0 is none.
    fn limit(&self) -> i64 {
        self.rules.annotators_per_item.map_or(0, i64::from)
    }
}

/// An opened store.
#[derive(Debug)]
pub(crate) struct Backend {
    context: Arc<Context>,
    readers: readers::Readers,
    writer: writer::Writer,
}

impl Backend {
    /// Opens the store in `dir`, making it if there is none; `refresh` brings up to date what follows from the rules.
    /// Blocks.
    pub(crate) fn open(
        dir: PathBuf,
        readers: usize,
        rules: Rules,
        refresh: impl FnOnce(&Tx<'_>) -> Result<(), StoreError>,
    ) -> Result<Self, StoreError> {
        std::fs::create_dir_all(&dir).map_err(|e| io(&dir, e))?;
        medium::check(&dir)?;
        let context = Arc::new(Context { dir, rules });
        let lock = lock::WriteLock::open(&context.dir)?;
        let db = connect(&context)?;
        {
            let _held = lock.take()?;
            prepare(&db, &context, refresh)?;
        }
        let readers = readers::Readers::new(Arc::clone(&context), readers);
        let writer = writer::Writer::start(Arc::clone(&context), lock, db)?;
        Ok(Self { context, readers, writer })
    }

    /// Reads from one snapshot.
    pub(crate) async fn read<R: Send + 'static>(
        &self,
        read: impl FnOnce(&Tx<'_>) -> Result<R, StoreError> + Send + 'static,
    ) -> Result<R, StoreError> {
        self.readers.read(read).await
    }

    /// Writes in a transaction of its own, which others may share a commit with; durable when it answers.
    pub(crate) async fn write<R, E>(
        &self,
        write: impl FnOnce(&mut Tx<'_>) -> Result<R, E> + Send + 'static,
    ) -> Result<R, E>
    where
        R: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.writer.write(write).await
    }

    /// How long the writer has been waiting for another process, and its pid.
    pub(crate) fn waiting(&self) -> Option<(std::time::Duration, u32)> {
        self.writer.waiting()
    }

    /// Whether the medium takes more data.
    pub(crate) fn room(&self) -> Result<(), StoreError> {
        medium::room(&self.context.dir)
    }

    /// Ends the writer once it has written what is queued.
    pub(crate) async fn close(&self) {
        self.writer.close().await;
    }
}

fn connect(context: &Context) -> Result<Connection, StoreError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(context.file(), flags).map_err(failure)?;
    db.busy_timeout(std::time::Duration::from_secs(10)).map_err(failure)?;
    db.set_prepared_statement_cache_capacity(64);
    db.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -{CACHE_KIB};
         PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF;"
    ))
    .map_err(failure)?;
    Ok(db)
}

/// Makes the tables, and gives the store its origin. Under the write lock.
fn prepare(
    db: &Connection,
    context: &Context,
    refresh: impl FnOnce(&Tx<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let format: i64 = db.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(failure)?;
    if format > FORMAT {
        return Err(StoreError::Newer { path: context.dir.clone(), found: format, known: FORMAT });
    }
    db.execute_batch("BEGIN IMMEDIATE").map_err(failure)?;
    let done = make(db, context, format, refresh);
    db.execute_batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" }).map_err(failure)?;
    done
}

fn make(
    db: &Connection,
    context: &Context,
    format: i64,
    refresh: impl FnOnce(&Tx<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut tx = Tx::new(db, context);
    if format == 0 {
        db.execute_batch(include_str!("schema.sql")).map_err(failure)?;
        tx.found_origin(Uuid::new_v4())?;
    }
    if format == 1 {
        // The items are read again from the data.
        db.execute_batch(
            "DROP TABLE item; DELETE FROM meta WHERE key IN ('corpus', 'items', 'limit');
             CREATE INDEX assignment_lapsed ON assignment (user) WHERE state = 2 AND answered = 0;",
        )
        .map_err(failure)?;
    }
    if format < FORMAT {
        db.execute_batch(include_str!("items.sql")).map_err(failure)?;
        db.pragma_update(None, "user_version", FORMAT).map_err(failure)?;
    }
    let boot = medium::boot_id();
    if tx.meta_text("kernel")?.as_deref() != Some(&boot) {
        // The kernel's clock began anew: everybody counts as heard just now.
        tx.execute("UPDATE annotator SET seen = ?1", (tx.kernel_millis().cast_signed(),))?;
        tx.set_meta_text("kernel", &boot)?;
    }
    refresh(&tx)?;
    tx.finish()
}

/// What a failure of the database means to the caller.
fn failure(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => StoreError::Full,
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            StoreError::ReadOnly
        }
        _ => StoreError::Backend(Box::new(error)),
    }
}

fn io(path: &Path, source: std::io::Error) -> StoreError {
    match source.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => StoreError::Full,
        std::io::ErrorKind::ReadOnlyFilesystem | std::io::ErrorKind::PermissionDenied => StoreError::ReadOnly,
        _ => StoreError::Io { path: path.to_owned(), source },
    }
}
