//! Which user names are taken: a name is also a folder below the output directory.

use unicode_normalization::UnicodeNormalization as _;

/// Longest user name, in code points.
pub const MAX_NAME_CHARS: usize = 200;

/// Folders that Potato or Spud keep below the output directory, in the form of [`fold`].
const RESERVED: [&str; 8] =
    ["__pycache__", "adjudication", "exports", "layouts", "pocket", "publish", "snapshots", "webhooks"];

/// Why a user name is refused, in words for the person who typed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing but white space.
    #[error("A username is required.")]
    Blank,
    /// More than [`MAX_NAME_CHARS`].
    #[error("Usernames are limited to 200 characters.")]
    Long,
    /// It would leave its folder.
    #[error("Usernames cannot contain / or \\.")]
    Slash,
    /// It would be a hidden folder, or one of ours.
    #[error("Usernames cannot start with a dot.")]
    Dot,
    /// Unicode Cc, Cf, Zl or Zp.
    #[error("Usernames cannot contain control characters.")]
    Control,
    /// A folder of Potato's own has this name.
    #[error("That username is reserved for a folder of the study. Choose another one.")]
    Reserved,
}

/// Whether a new user may have this name; letter case and inner spaces are kept as they are.
pub fn check(name: &str) -> Result<(), NameError> {
    if name.trim().is_empty() {
        return Err(NameError::Blank);
    }
    if name.chars().count() > MAX_NAME_CHARS {
        return Err(NameError::Long);
    }
    if name.contains(['/', '\\']) {
        return Err(NameError::Slash);
    }
    if name.starts_with('.') {
        return Err(NameError::Dot);
    }
    if name.chars().any(is_control) {
        return Err(NameError::Control);
    }
    if RESERVED.contains(&fold(name).as_str()) {
        return Err(NameError::Reserved);
    }
    Ok(())
}

/// Two names with one fold are one name: NFC, then full case folding, then NFC again.
pub fn fold(name: &str) -> String {
    let composed: String = name.nfc().collect();
    caseless::default_case_fold_str(&composed).nfc().collect()
}

fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}'
            | '\u{8e2}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_names_pass_as_they_are() {
        for name in ["alice", "alice@x.org", " leading", "in ner", "Jürgen", "名前", "a.b", "EXPORTS2"] {
            assert_eq!(check(name), Ok(()), "{name}");
        }
    }

    #[test]
    fn each_refusal_has_its_reason() {
        let long = "x".repeat(MAX_NAME_CHARS + 1);
        for (name, error) in [
            ("", NameError::Blank),
            (" \t", NameError::Blank),
            (long.as_str(), NameError::Long),
            ("a/b", NameError::Slash),
            ("a\\b", NameError::Slash),
            (".spud", NameError::Dot),
            ("a\u{0}b", NameError::Control),
            ("a\u{200d}b", NameError::Control),
            ("a\u{2028}b", NameError::Control),
            ("exports", NameError::Reserved),
            ("Pocket", NameError::Reserved),
        ] {
            assert_eq!(check(name), Err(error), "{name:?}");
        }
    }

    #[test]
    fn names_that_look_the_same_fold_to_one_key() {
        assert_eq!(fold("Straße"), fold("STRASSE"));
        assert_eq!(fold("e\u{301}ve"), fold("Éve"));
        assert_ne!(fold("alice"), fold("alice "));
    }
}
