//! The pieces of history on disk: which there are, where they end, and new ones.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use store::{Chain, Numbered, Store, StoreError, Tip, Vector};
use uuid::Uuid;

use crate::disk::names::{HISTORY, Meaning, Segment, meaning};
use crate::disk::whole_file;

/// A segment ends after the line that makes it longer than this.
const SEGMENT_BYTES: usize = 3 << 20;
/// Lines asked of the store at a time.
const LINES_AT_ONCE: u64 = 2000;
/// Segments in one folder; the Hub's pages get slow above a thousand entries.
const SEGMENTS_A_PART: usize = 500;
/// The end of a file in which its last line is looked for first.
const TAIL_BYTES: u64 = 64 << 10;

/// A failure on the way to or from the disk.
#[derive(Debug, thiserror::Error)]
pub enum SegmentError {
    /// Reading or writing failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Segments that were sealed are gone from the disk.
    #[error(
        "{} ends at event {found}, but events up to {sealed} were written there: the output directory was emptied or is not \
         mounted; nothing is pushed until it is back",
        dir.display()
    )]
    Gone {
        /// The folder of the history.
        dir: PathBuf,
        /// Where it ends now.
        found: u64,
        /// Where it ended.
        sealed: u64,
    },
    /// A segment does not end in a line of history.
    #[error("{} does not end in a line of history", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The segments in the output directory `out`, by origin, in order.
pub fn list(out: &Path) -> Result<BTreeMap<Uuid, Vec<Segment>>, SegmentError> {
    let mut segments: BTreeMap<Uuid, Vec<Segment>> = BTreeMap::new();
    for origin in names(&out.join(HISTORY))? {
        let dir = format!("{HISTORY}/{origin}");
        for part in names(&out.join(&dir))? {
            if part.parse::<u32>().is_err() {
                continue;
            }
            for file in names(&out.join(&dir).join(&part))? {
                if let Some(Meaning::Segment(segment)) = meaning(&format!("{dir}/{part}/{file}")) {
                    segments.entry(segment.origin).or_default().push(segment);
                }
            }
        }
    }
    for list in segments.values_mut() {
        list.sort_unstable();
    }
    Ok(segments)
}

fn names(dir: &Path) -> Result<Vec<String>, SegmentError> {
    let io_error = |source| SegmentError::Io { path: dir.to_owned(), source };
    match std::fs::read_dir(dir) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(Vec::new())
        }
        entries => entries
            .map_err(io_error)?
            .filter_map(|entry| entry.map(|entry| entry.file_name().into_string().ok()).transpose())
            .collect::<Result<_, _>>()
            .map_err(io_error),
    }
}

/// Where a segment on disk ends.
pub fn end_of(path: &Path) -> Result<Tip, SegmentError> {
    #[derive(Deserialize)]
    struct Line {
        n: u64,
        chain: Chain,
    }
    let line = last_line(path).map_err(|source| SegmentError::Io { path: path.to_owned(), source })?;
    let Line { n, chain } =
        serde_json::from_slice(&line).map_err(|_| SegmentError::Damaged { path: path.to_owned() })?;
    Ok(Tip { last: n, chain })
}

fn last_line(path: &Path) -> io::Result<Vec<u8>> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut span = TAIL_BYTES.min(size);
    loop {
        file.seek(SeekFrom::Start(size - span))?;
        let mut tail = Vec::new();
        file.by_ref().take(span).read_to_end(&mut tail)?;
        if tail.last() == Some(&b'\n') {
            tail.pop();
        }
        if let Some(start) = tail.iter().rposition(|byte| *byte == b'\n') {
            return Ok(tail.split_off(start + 1));
        }
        if span == size {
            return Ok(tail);
        }
        span = (span * 4).min(size);
    }
}

/// Writes the store's own events that are not in a segment yet, up to `tip`; the last one that is on disk now.
/// `sealed` is where the history on disk is known to have ended.
pub async fn write_own(
    store: &Store,
    out: &Path,
    origin: Uuid,
    tip: Tip,
    sealed: u64,
) -> Result<u64, SegmentError> {
    let mut own = list(out)?.remove(&origin).unwrap_or_default();
    let mut last = own.last().map_or(0, |segment| segment.last);
    if last < sealed.min(tip.last) {
        return Err(SegmentError::Gone {
            dir: out.join(HISTORY).join(origin.to_string()),
            found: last,
            sealed,
        });
    }
    while last < tip.last {
        let first = last + 1;
        let mut content = String::new();
        while last < tip.last && content.len() < SEGMENT_BYTES {
            let up_to = tip.last.min(last + LINES_AT_ONCE);
            for line in store.lines(last, up_to).await? {
                if content.len() >= SEGMENT_BYTES {
                    break;
                }
                content.push_str(&line);
                content.push('\n');
                last += 1;
            }
        }
        let segment = Segment { origin, first, last, part: part_for_next(&own) };
        let path = out.join(segment.to_string());
        let parent = path.parent().unwrap_or(out);
        whole_file::make_dirs(parent)
            .and_then(|()| whole_file::write(&path, content.as_bytes()))
            .map_err(|source| SegmentError::Io { path: path.clone(), source })?;
        own.push(segment);
    }
    Ok(last)
}

fn part_for_next(own: &[Segment]) -> u32 {
    let Some(newest) = own.iter().map(|segment| segment.part).max() else { return 0 };
    let full = own.iter().filter(|segment| segment.part == newest).count() >= SEGMENTS_A_PART;
    newest + u32::from(full)
}

/// An origin's segments that follow one another, with the end of what comes before the first.
#[derive(Clone, Debug)]
pub struct Run {
    /// Whose history.
    pub origin: Uuid,
    /// Where it goes on from.
    pub from: Tip,
    /// The files, in order.
    pub files: Vec<PathBuf>,
}

/// The events of runs, checked line by line: first all that `covered` names, then the rest, so that the state passes
/// through exactly that vector.
pub struct Events {
    readers: Vec<Reader>,
    covered: Option<Vector>,
    current: usize,
}

struct Reader {
    origin: Uuid,
    tip: Tip,
    files: std::vec::IntoIter<PathBuf>,
    lines: Option<(PathBuf, io::Lines<BufReader<File>>)>,
}

impl Events {
    /// Of these runs.
    pub fn new(runs: Vec<Run>, covered: Option<Vector>) -> Self {
        let readers = runs
            .into_iter()
            .map(|Run { origin, from, files }| Reader {
                origin,
                tip: from,
                files: files.into_iter(),
                lines: None,
            })
            .collect();
        Self { readers, covered, current: 0 }
    }
}

impl Iterator for Events {
    type Item = Result<(Uuid, Numbered), StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some(reader) = self.readers.get_mut(self.current) else {
                self.covered.take()?;
                self.current = 0;
                continue;
            };
            let limit = match &self.covered {
                Some(covered) => covered.get(&reader.origin).copied().unwrap_or(0),
                None => u64::MAX,
            };
            if reader.tip.last < limit
                && let Some(event) = reader.next()
            {
                return Some(event.map(|event| (reader.origin, event)));
            }
            self.current += 1;
        }
    }
}

impl Reader {
    fn next(&mut self) -> Option<Result<Numbered, StoreError>> {
        loop {
            if self.lines.is_none() {
                let path = self.files.next()?;
                match File::open(&path) {
                    Ok(file) => self.lines = Some((path, BufReader::new(file).lines())),
                    Err(source) => return Some(Err(StoreError::Io { path, source })),
                }
            }
            let (path, lines) = self.lines.as_mut()?;
            match lines.next() {
                Some(Ok(line)) => return Some(self.tip.read(self.origin, &line).map_err(StoreError::from)),
                Some(Err(source)) => return Some(Err(StoreError::Io { path: path.clone(), source })),
                None => self.lines = None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::{Event, EventId, Stamp};

    fn lines(tip: &mut Tip, count: u64) -> String {
        let mut content = String::new();
        for _ in 0..count {
            let n = tip.last.to_string();
            let event = Event {
                id: EventId::from_key("ann", &n),
                at: Stamp::from_millis(tip.last),
                user: "ann".to_owned(),
                item: None,
                kind: "moved".to_owned(),
                data: format!("{{\"to\":\"{n}\"}}"),
            };
            content.push_str(&tip.write(&event).unwrap());
            content.push('\n');
        }
        content
    }

    fn write(out: &Path, segment: Segment, content: &str) -> PathBuf {
        let path = out.join(segment.to_string());
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }

    #[test]
    fn segments_are_read_in_order_and_what_a_vector_covers_comes_first() {
        let dir = tempfile::tempdir().unwrap();
        let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let (mut tip_a, mut tip_b) = (Tip::default(), Tip::default());
        let segment = |origin, first, last| Segment { origin, first, last, part: 0 };
        let one = write(dir.path(), segment(a, 1, 2), &lines(&mut tip_a, 2));
        let two = write(dir.path(), segment(a, 3, 5), &lines(&mut tip_a, 3));
        let other = write(dir.path(), segment(b, 1, 2), &lines(&mut tip_b, 2));
        assert_eq!(list(dir.path()).unwrap()[&a], [segment(a, 1, 2), segment(a, 3, 5)]);
        assert_eq!(end_of(&two).unwrap(), tip_a);

        let runs = vec![
            Run { origin: a, from: Tip::default(), files: vec![one.clone(), two.clone()] },
            Run { origin: b, from: Tip::default(), files: vec![other] },
        ];
        let covered = Vector::from([(a, 3), (b, 1)]);
        let order: Vec<(Uuid, u64)> = Events::new(runs, Some(covered))
            .map(|event| event.map(|(origin, event)| (origin, event.n)).unwrap())
            .collect();
        assert_eq!(order, [(a, 1), (a, 2), (a, 3), (b, 1), (a, 4), (a, 5), (b, 2)]);

        let gap = vec![Run { origin: a, from: Tip::default(), files: vec![two.clone()] }];
        assert!(Events::new(gap, None).next().unwrap().is_err());
        let from = end_of(&one).unwrap();
        let rest = vec![Run { origin: a, from, files: vec![two] }];
        assert_eq!(Events::new(rest, None).flatten().count(), 3);
    }

    #[test]
    fn a_full_folder_is_followed_by_the_next() {
        let origin = Uuid::from_u128(1);
        let segments: Vec<Segment> =
            (0..500).map(|n| Segment { origin, first: n + 1, last: n + 1, part: 0 }).collect();
        assert_eq!(part_for_next(&[]), 0);
        assert_eq!(part_for_next(&segments[..499]), 0);
        assert_eq!(part_for_next(&segments), 1);
    }
}
