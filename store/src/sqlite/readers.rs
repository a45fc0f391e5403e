//! Read connections: as many requests at once as `GUNICORN_THREADS` says.

use std::sync::{Arc, Mutex};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use super::{Context, Tx, connect, failure};
use crate::StoreError;

#[derive(Debug)]
pub(super) struct Readers {
    context: Arc<Context>,
    idle: Arc<Mutex<Vec<Connection>>>,
    places: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(context: Arc<Context>, count: usize) -> Self {
        Self { context, idle: Arc::default(), places: Arc::new(Semaphore::new(count.max(1))) }
    }

    pub(super) async fn read<R: Send + 'static>(
        &self,
        read: impl FnOnce(&Tx<'_>) -> Result<R, StoreError> + Send + 'static,
    ) -> Result<R, StoreError> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| StoreError::Closed)?;
        let (context, idle) = (Arc::clone(&self.context), Arc::clone(&self.idle));
        let task = tokio::task::spawn_blocking(move || {
            let _place = place;
            let spare = idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop();
            let db = match spare {
                Some(db) => db,
                None => open(&context)?,
            };
            let result = snapshot(&db, &context, read);
            if db.is_autocommit() {
                idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(db);
            }
            result
        });
        task.await.map_err(|_| StoreError::Closed)?
    }
}

fn open(context: &Context) -> Result<Connection, StoreError> {
    let db = connect(context)?;
    db.execute_batch("PRAGMA query_only = ON").map_err(failure)?;
    Ok(db)
}

fn snapshot<R>(
    db: &Connection,
    context: &Context,
    read: impl FnOnce(&Tx<'_>) -> Result<R, StoreError>,
) -> Result<R, StoreError> {
    db.prepare_cached("BEGIN").and_then(|mut s| s.execute(())).map_err(failure)?;
    let result = read(&Tx::new(db, context));
    db.prepare_cached("COMMIT").and_then(|mut s| s.execute(())).map_err(failure)?;
    result
}
