//! A line between a browser and a server, which can be cut.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passes {
    /// Both ways.
    All,
    /// Requests arrive, and nobody hears the replies.
    Requests,
    /// Nothing; who is connected is cut off.
    Nothing,
}

/// A port that leads to another one. It is closed when this is dropped.
#[derive(Debug)]
pub struct Line {
    port: u16,
    passes: watch::Sender<Passes>,
    swallowed: Arc<AtomicU64>,
    accepting: JoinHandle<()>,
}

impl Line {
    /// A line to a port of this machine.
    pub async fn to(server: u16) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let (passes, watched) = watch::channel(Passes::All);
        let swallowed = Arc::new(AtomicU64::new(0));
        let count = swallowed.clone();
        let accepting = tokio::spawn(async move {
            while let Ok((browser, _)) = listener.accept().await {
                tokio::spawn(connect(browser, server, watched.clone(), count.clone()));
            }
        });
        Ok(Self { port, passes, swallowed, accepting })
    }

    /// The address for the browser.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// From now on this goes through.
    pub fn pass(&self, passes: Passes) {
        self.passes.send_replace(passes);
    }

    /// How many bytes of replies nobody heard.
    pub fn swallowed(&self) -> u64 {
        self.swallowed.load(Ordering::SeqCst)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// One connection, until either end or the line is gone.
async fn connect(
    browser: TcpStream,
    server: u16,
    mut passes: watch::Receiver<Passes>,
    swallowed: Arc<AtomicU64>,
) {
    if *passes.borrow_and_update() == Passes::Nothing {
        return;
    }
    let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else { return };
    let ((mut from_browser, to_browser), (from_server, mut to_server)) =
        (browser.into_split(), server.into_split());
    let replying = passes.clone();
    tokio::select! {
        _ = copy(&mut from_browser, &mut to_server) => {}
        () = reply(from_server, to_browser, replying, swallowed) => {}
        _ = passes.wait_for(|passes| *passes == Passes::Nothing) => {}
    }
}

async fn reply(
    mut server: OwnedReadHalf,
    mut browser: OwnedWriteHalf,
    passes: watch::Receiver<Passes>,
    swallowed: Arc<AtomicU64>,
) {
    const PIECE: usize = 16 << 10;
    let mut piece = vec![0; PIECE];
    while let Ok(length @ 1..) = server.read(&mut piece).await {
        if *passes.borrow() == Passes::All {
            if browser.write_all(&piece[..length]).await.is_err() {
                return;
            }
        } else {
            swallowed.fetch_add(length as u64, Ordering::SeqCst);
        }
    }
}
