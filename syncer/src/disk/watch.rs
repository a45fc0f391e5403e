//! Being woken when a file in the output directory changes. What is missed here, the next scan finds.

use std::path::{Path, PathBuf};

use notify::event::ModifyKind;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc;
use tracing::warn;

use crate::disk::whole_file::TEMP_SUFFIX;

const QUEUE: usize = 1024;

/// Watches the directory and its users' folders, and nothing that begins with a dot.
pub struct Watch {
    out: PathBuf,
    watcher: Option<RecommendedWatcher>,
    paths: mpsc::Receiver<PathBuf>,
}

impl Watch {
    /// Begins to watch; where the system does not allow it, nobody is woken.
    pub fn new(out: &Path) -> Self {
        let (sender, paths) = mpsc::channel(QUEUE);
        let handler = move |event: notify::Result<Event>| {
            let Ok(Event { kind, paths, .. }) = event else { return };
            if matches!(kind, EventKind::Access(_) | EventKind::Modify(ModifyKind::Metadata(_))) {
                return;
            }
            for path in paths {
                // A full queue is no loss: the scan before each push is the truth.
                drop(sender.try_send(path));
            }
        };
        let mut watch = Self { out: out.to_owned(), watcher: None, paths };
        match notify::recommended_watcher(handler) {
            Ok(watcher) => watch.watcher = Some(watcher),
            Err(error) => {
                warn!(%error, "files cannot be watched: changes by others are found before each push only");
            }
        }
        watch.add(out);
        let folders = std::fs::read_dir(out).into_iter().flatten().flatten();
        for folder in folders {
            if folder.file_type().is_ok_and(|kind| kind.is_dir()) && is_visible(&folder.path()) {
                watch.add(&folder.path());
            }
        }
        watch
    }

    fn add(&mut self, folder: &Path) {
        if let Some(watcher) = &mut self.watcher
            && let Err(error) = watcher.watch(folder, RecursiveMode::NonRecursive)
        {
            warn!(folder = %folder.display(), %error, "a folder cannot be watched");
        }
    }

    /// The next file that was touched, relative to the directory.
    pub async fn touched(&mut self) -> String {
        loop {
            let Some(path) = self.paths.recv().await else { std::future::pending().await };
            if !is_visible(&path) {
                continue;
            }
            if path.is_dir() {
                if path.parent() == Some(&self.out) {
                    self.add(&path);
                }
                continue;
            }
            if let Some(relative) = path.strip_prefix(&self.out).ok().and_then(Path::to_str) {
                return relative.to_owned();
            }
        }
    }
}

fn is_visible(path: &Path) -> bool {
    path.file_name()
        .and_then(|name| name.to_str())
        .is_some_and(|name| !name.starts_with('.') && !name.ends_with(TEMP_SUFFIX))
}
