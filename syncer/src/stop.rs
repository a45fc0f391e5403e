//! Being told to hurry, and to stop.

use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::Instant;

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Going on.
    Run,
    /// The stop is near: begin a push, more will come. The last push must end at this moment.
    Hurry(Instant),
    /// The last push, which ends at this moment.
    Final(Instant),
}

/// The listening end.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<Phase>);

/// The telling end.
#[derive(Debug)]
pub struct Stopper {
    phase: watch::Sender<Phase>,
    budget: Duration,
}

/// Both ends; the last push takes at most `budget`.
pub fn channel(budget: Duration) -> (Stopper, Stop) {
    let (phase, receiver) = watch::channel(Phase::Run);
    (Stopper { phase, budget }, Stop(receiver))
}

impl Stopper {
    /// The stop is near; the time for it runs from now on.
    pub fn hurry(&self) {
        self.phase.send_if_modified(|phase| {
            let news = *phase == Phase::Run;
            if news {
                *phase = Phase::Hurry(Instant::now() + self.budget);
            }
            news
        });
    }

    /// Stop; whether this is the first time.
    pub fn stop(&self) -> bool {
        self.phase.send_if_modified(|phase| {
            let deadline = match *phase {
                Phase::Run => Instant::now() + self.budget,
                Phase::Hurry(deadline) => deadline,
                Phase::Final(_) => return false,
            };
            *phase = Phase::Final(deadline);
            true
        })
    }

    /// Obeys signals: USR2 hurries, TERM and INT stop. Answers when a second TERM or INT came.
    pub async fn obey_signals(self: std::sync::Arc<Self>) -> std::io::Result<()> {
        let mut usr2 = signal(SignalKind::user_defined2())?;
        let mut term = signal(SignalKind::terminate())?;
        let mut int = signal(SignalKind::interrupt())?;
        loop {
            tokio::select! {
                _ = usr2.recv() => self.hurry(),
                _ = term.recv() => if !self.stop() { return Ok(()) },
                _ = int.recv() => if !self.stop() { return Ok(()) },
            }
        }
    }
}

impl Stop {
    /// How far it is.
    pub fn phase(&self) -> Phase {
        *self.0.borrow()
    }

    /// Waits for the next phase; for ever if nobody is left to tell.
    pub async fn changed(&mut self) -> Phase {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
        *self.0.borrow_and_update()
    }

    /// When the last push must end; waits until that is known.
    pub async fn deadline(&self) -> Instant {
        let mut receiver = self.0.clone();
        let known = receiver.wait_for(|phase| matches!(phase, Phase::Final(_))).await.map(|phase| *phase);
        match known {
            Ok(Phase::Final(deadline)) => deadline,
            _ => std::future::pending().await,
        }
    }

    /// Waits until the last push must have ended.
    pub async fn out_of_time(&self) {
        let deadline = self.deadline().await;
        tokio::time::sleep_until(deadline).await;
    }
}
