//! The writer: one thread that commits what has queued up, so that one sync serves many answers.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::lock::WriteLock;
use super::{Context, Tx, failure};
use crate::{StoreError, ops};

/// How many requests share a commit at most, which bounds how long the lock is held.
const BATCH: usize = 256;

/// Done inside the transaction; what it returns is called when the outcome of the commit is known.
type Job = Box<dyn FnOnce(Step<'_, '_>) -> Answer + Send>;
type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;

/// What a job is called with: the transaction, or why there is none.
type Step<'a, 'b> = Result<&'a mut Tx<'b>, StoreError>;

#[derive(Debug)]
pub(super) struct Writer {
    queue: Mutex<Option<Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    lock: Arc<WriteLock>,
}

impl Writer {
    pub(super) fn start(context: Arc<Context>, lock: WriteLock, db: Connection) -> Result<Self, StoreError> {
        let (queue, jobs) = channel();
        let lock = Arc::new(lock);
        let held = Arc::clone(&lock);
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || work(&context, &held, &db, &jobs))
            .map_err(|e| StoreError::Backend(Box::new(e)))?;
        Ok(Self { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(thread)), lock })
    }

    pub(super) fn waiting(&self) -> Option<(std::time::Duration, u32)> {
        self.lock.waiting()
    }

    pub(super) async fn write<R, E>(
        &self,
        write: impl FnOnce(&mut Tx<'_>) -> Result<R, E> + Send + 'static,
    ) -> Result<R, E>
    where
        R: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let (tell, told) = oneshot::channel();
        let job: Job = Box::new(move |step| {
            let result = step.map_err(E::from).and_then(|tx| savepoint(tx, write));
            Box::new(move |committed| {
                // Nobody may be waiting any more; what was committed stays.
                let _ = tell.send(result.and_then(|value| committed.map(|()| value).map_err(E::from)));
            })
        });
        let queued = self
            .queue
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .as_ref()
            .is_some_and(|queue| queue.send(job).is_ok());
        if !queued {
            return Err(StoreError::Closed.into());
        }
        told.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    pub(super) async fn close(&self) {
        drop(self.queue.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take());
        let thread = self.thread.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        if let Some(thread) = thread {
            // A panic of the writer was told to those who waited for it.
            let _ = tokio::task::spawn_blocking(move || thread.join()).await;
        }
    }
}

/// One job's part of the transaction: kept whole, or undone without the others noticing.
fn savepoint<R, E: From<StoreError>>(
    tx: &mut Tx<'_>,
    write: impl FnOnce(&mut Tx<'_>) -> Result<R, E>,
) -> Result<R, E> {
    tx.execute("SAVEPOINT job", ())?;
    let result = write(tx).and_then(|value| ops::settle(tx).map(|()| value).map_err(E::from));
    if result.is_err() {
        tx.unsorted.clear();
        tx.crowded.clear();
        // Fails only where the whole transaction is gone, which the commit will tell.
        let _ = tx.execute("ROLLBACK TO job", ());
    }
    let _ = tx.execute("RELEASE job", ());
    result
}

fn work(context: &Context, lock: &WriteLock, db: &Connection, jobs: &Receiver<Job>) {
    while let Ok(first) = jobs.recv() {
        let batch: Vec<Job> = std::iter::once(first).chain(jobs.try_iter().take(BATCH - 1)).collect();
        commit(context, lock, db, batch);
    }
}

fn commit(context: &Context, lock: &WriteLock, db: &Connection, batch: Vec<Job>) {
    let held = match lock.take() {
        Ok(held) => held,
        Err(error) => return refuse(batch, error),
    };
    if let Err(error) = run(db, "BEGIN IMMEDIATE") {
        drop(held);
        return refuse(batch, error);
    }
    let mut tx = Tx::new(db, context);
    let answers: Vec<Answer> = batch
        .into_iter()
        .map(|job| {
            // A full disk can make the database give up the whole transaction; what follows must not start another.
            if db.is_autocommit() { job(Err(StoreError::Full)) } else { job(Ok(&mut tx)) }
        })
        .collect();
    let outcome = tx.finish().and_then(|()| run(db, "COMMIT"));
    if !db.is_autocommit() {
        // A commit that failed leaves the transaction open; nothing of it may stay.
        let _ = db.execute_batch("ROLLBACK");
    }
    drop(held);
    let mut answers = answers.into_iter();
    match outcome {
        Ok(()) => answers.for_each(|answer| answer(Ok(()))),
        Err(error) => {
            let again = kind_of(&error);
            if let Some(answer) = answers.next() {
                answer(Err(error));
            }
            answers.for_each(|answer| answer(Err(again())));
        }
    }
}

fn refuse(batch: Vec<Job>, error: StoreError) {
    let again = kind_of(&error);
    let mut error = Some(error);
    for job in batch {
        let answer = job(Err(error.take().unwrap_or_else(&again)));
        answer(Ok(()));
    }
}

/// The same error for the others that it hit; its cause goes to the first.
fn kind_of(error: &StoreError) -> impl Fn() -> StoreError + use<> {
    enum Kind {
        Full,
        ReadOnly,
        Other(String),
    }
    let kind = match error {
        StoreError::Full => Kind::Full,
        StoreError::ReadOnly => Kind::ReadOnly,
        other => Kind::Other(other.to_string()),
    };
    move || match &kind {
        Kind::Full => StoreError::Full,
        Kind::ReadOnly => StoreError::ReadOnly,
        Kind::Other(text) => StoreError::Backend(text.clone().into()),
    }
}

fn run(db: &Connection, sql: &str) -> Result<(), StoreError> {
    db.prepare_cached(sql).and_then(|mut s| s.execute(())).map_err(failure)?;
    Ok(())
}
