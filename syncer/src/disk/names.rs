//! Where things lie in the output directory and, under the same names, on the Hub.

use std::fmt;

use uuid::Uuid;

/// The folder of the histories.
pub const HISTORY: &str = ".history";
/// The file in a user's folder that is a view of the store.
pub const STATE_FILE: &str = "user_state.json";

/// A sealed piece of an origin's history: `.history/<origin>/<part>/<first>-<last>.jsonl`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Segment {
    /// Whose history.
    pub origin: Uuid,
    /// Number of its first event.
    pub first: u64,
    /// Number of its last event.
    pub last: u64,
    /// The folder that it lies in.
    pub part: u32,
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { origin, first, last, part } = self;
        write!(f, "{HISTORY}/{origin}/{part:04}/{first:012}-{last:012}.jsonl")
    }
}

/// What a path, relative to the output directory, stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A piece of history.
    Segment(Segment),
    /// The end of an origin's history.
    Head(Uuid),
    /// A user's `user_state.json`.
    View(String),
    /// Any other file.
    Raw,
}

/// What `path` stands for; none if it is in the history's folder and not of its layout.
pub fn meaning(path: &str) -> Option<Meaning> {
    let mut parts = path.split('/');
    match (parts.next()?, parts.next(), parts.next(), parts.next(), parts.next()) {
        (HISTORY, Some(origin), Some("head.json"), None, None) => Some(Meaning::Head(uuid(origin)?)),
        (HISTORY, Some(origin), Some(part), Some(file), None) => {
            let (first, last) = file.strip_suffix(".jsonl")?.split_once('-')?;
            let segment = Segment {
                origin: uuid(origin)?,
                first: first.parse().ok()?,
                last: last.parse().ok()?,
                part: part.parse().ok()?,
            };
            let whole = segment.first >= 1 && segment.last >= segment.first && segment.to_string() == path;
            whole.then_some(Meaning::Segment(segment))
        }
        (HISTORY, ..) => None,
        (user, Some(STATE_FILE), None, None, None) => Some(Meaning::View(user.to_owned())),
        _ => Some(Meaning::Raw),
    }
}

fn uuid(text: &str) -> Option<Uuid> {
    let uuid = Uuid::try_parse(text).ok()?;
    (uuid.to_string() == text).then_some(uuid)
}

/// Whether a path from elsewhere may be written below the output directory: no way out, nothing hidden.
pub fn is_safe(path: &str) -> bool {
    !path.is_empty()
        && path
            .split('/')
            .all(|part| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', '\0']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_known_by_its_path_and_nothing_else_is() {
        let segment = Segment { origin: Uuid::from_u128(7), first: 1, last: 20, part: 3 };
        assert_eq!(meaning(&segment.to_string()), Some(Meaning::Segment(segment)));
        for wrong in [
            ".history/x/0000/000000000001-000000000002.jsonl",
            ".history/00000000-0000-0000-0000-000000000007/0000/000000000002-000000000001.jsonl",
            ".history/00000000-0000-0000-0000-000000000007/0000/1-2.jsonl",
            ".history/readme",
            ".history",
        ] {
            assert_eq!(meaning(wrong), None, "{wrong}");
        }
        assert_eq!(meaning("ann/user_state.json"), Some(Meaning::View("ann".to_owned())));
        assert_eq!(meaning("ann/deep/user_state.json"), Some(Meaning::Raw));
    }

    #[test]
    fn a_path_that_leads_out_is_not_safe() {
        for path in ["../x", "/etc/passwd", "a//b", ".spud/store", "a/../b", "a\\b", ""] {
            assert!(!is_safe(path), "{path}");
        }
        assert!(is_safe("ann/export.csv"));
    }
}
