//! Potato's roster (`user_config.json`, JSON lines) and its password hashes.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// Rounds of PBKDF2-HMAC-SHA256 that Potato uses.
const ROUNDS: u32 = 100_000;
/// Characters of the salt, hex.
const SALT_CHARS: usize = 32;
/// Bytes of the hash; twice as many hex characters.
const HASH_BYTES: usize = 32;

/// Potato's `<32 hex salt>$<64 hex hash>`: PBKDF2-HMAC-SHA256 with the salt as its hex *text*.
#[derive(Clone, PartialEq, Eq)]
pub struct PotatoHash {
    salt: String,
    hash: [u8; HASH_BYTES],
}

/// What a roster line says of the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Password {
    /// Hashed by Potato.
    Hash(PotatoHash),
    /// As typed by the study's author; to be hashed before it is kept.
    Plain(Plain),
    /// None, or an empty one: nobody can sign in with it.
    None,
}

/// A password in clear that never shows in logs.
#[derive(Clone, PartialEq, Eq)]
pub struct Plain(pub String);

/// One line of the roster.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The user name, as it is.
    pub username: String,
    /// What the line says of the password.
    pub password: Password,
    /// Further keys, verbatim.
    pub extra: Map<String, Value>,
}

/// A roster, and what of it could not be used.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Roster {
    /// In file order.
    pub lines: Vec<Line>,
    /// One sentence for each line that was left out, with its number; never the line itself.
    pub warnings: Vec<String>,
}

/// The roster is there and cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{file}: cannot be read: {source}", file = file.display())]
pub struct RosterError {
    file: PathBuf,
    source: io::Error,
}

/// Reads the roster; a missing file is an empty one.
pub fn read(file: &Path) -> Result<Roster, RosterError> {
    match std::fs::read(file) {
        Ok(bytes) => Ok(parse(&bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Roster::default()),
        Err(source) => Err(RosterError { file: file.to_owned(), source }),
    }
}

/// Reads JSON lines; a bad one is left out with a warning.
pub fn parse(bytes: &[u8]) -> Roster {
    let mut roster = Roster::default();
    for (index, line) in bytes.split(|&byte| byte == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match parse_line(line) {
            Ok(line) => roster.lines.push(line),
            Err(problem) => roster.warnings.push(format!("roster line {}: {problem}", index + 1)),
        }
    }
    roster
}

fn parse_line(line: &[u8]) -> Result<Line, &'static str> {
    let mut extra: Map<String, Value> =
        serde_json::from_slice(line).map_err(|_| "not a JSON object, left out")?;
    let Some(Value::String(username)) = extra.shift_remove("username") else {
        return Err("no username (a string), left out");
    };
    let password = match extra.shift_remove("password") {
        Some(Value::String(text)) if text.is_empty() => Password::None,
        Some(Value::String(text)) => match PotatoHash::parse(&text) {
            Some(hash) => Password::Hash(hash),
            None => Password::Plain(Plain(text)),
        },
        None | Some(Value::Null) => Password::None,
        Some(_) => return Err("its password is not a string, left out"),
    };
    Ok(Line { username, password, extra })
}

impl PotatoHash {
    /// `None` where `text` does not have the shape of a hash.
    pub fn parse(text: &str) -> Option<Self> {
        let (salt, hex) = text.split_once('$')?;
        if salt.len() != SALT_CHARS || hex.len() != 2 * HASH_BYTES {
            return None;
        }
        let mut hash = [0; HASH_BYTES];
        for (byte, pair) in hash.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self { salt: salt.to_owned(), hash })
    }

    /// Whether this is the password; takes as long for a wrong one.
    pub fn verify(&self, password: &str) -> bool {
        let computed = pbkdf2::pbkdf2_hmac_array::<Sha256, HASH_BYTES>(
            password.as_bytes(),
            self.salt.as_bytes(),
            ROUNDS,
        );
        computed.ct_eq(&self.hash).into()
    }
}

impl fmt::Display for PotatoHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}$", self.salt)?;
        self.hash.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for PotatoHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PotatoHash(…)")
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plain(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made with Python's hashlib for the password `pw-bob`.
    const HASH: &str =
        "d733555683fb86a355fbd7018f925bf0$d0cb10a17b2b864b53984ef7560532900ea3b15738cde191e3d6a694dde2c13f";

    #[test]
    fn a_hash_of_potato_lets_its_password_in_and_no_other() {
        let hash = PotatoHash::parse(HASH).unwrap();
        assert!(hash.verify("pw-bob"));
        assert!(!hash.verify("pw-bo"));
        assert_eq!(hash.to_string(), HASH);
    }

    #[test]
    fn lines_are_read_in_order_and_bad_ones_named_by_number() {
        let text = format!(
            "{{\"username\":\"bob\",\"password\":\"{HASH}\",\"role\":\"x\"}}\n\nnope\n{{\"password\":\"p\"}}\n{{\"username\":\"amy\",\"password\":\"plain\"}}\n{{\"username\":\"zoe\"}}\n"
        );
        let roster = parse(text.as_bytes());
        let names: Vec<_> = roster.lines.iter().map(|line| line.username.as_str()).collect();
        assert_eq!(names, ["bob", "amy", "zoe"]);
        assert_eq!(roster.lines[0].extra["role"], "x");
        assert_eq!(roster.lines[1].password, Password::Plain(Plain("plain".to_owned())));
        assert_eq!(roster.lines[2].password, Password::None);
        assert_eq!(roster.warnings.len(), 2);
        assert!(roster.warnings[0].starts_with("roster line 3:"), "{:?}", roster.warnings);
        assert!(!format!("{roster:?}").contains("plain"));
    }
}
