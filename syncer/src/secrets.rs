//! How secrets get here and nowhere else: over a socket of the launcher's, into a process that cannot be looked into.

use std::collections::HashMap;
use std::io::{self, BufRead, BufReader, Read};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixStream};
use std::time::Duration;

use rustix::process::{DumpableBehavior, set_dumpable_behavior};

const WAIT: Duration = Duration::from_secs(5);
const LONGEST_BYTES: u64 = 1 << 20;

/// Keeps other processes of the same user from reading this one's memory and environment. Comes first of all.
pub fn hide() -> io::Result<()> {
    set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(io::Error::from)
}

/// Reads the variables that the launcher gives to this process alone: one line of JSON on the abstract socket `name`.
pub fn receive(name: &str) -> io::Result<HashMap<String, String>> {
    let name = name.strip_prefix('@').unwrap_or(name);
    let stream = UnixStream::connect_addr(&SocketAddr::from_abstract_name(name)?)?;
    stream.set_read_timeout(Some(WAIT))?;
    let mut line = String::new();
    BufReader::new(stream.take(LONGEST_BYTES)).read_line(&mut line)?;
    // The parser's words could show what it stumbled over.
    serde_json::from_str(&line)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not a JSON object of strings"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::os::unix::net::UnixListener;

    #[test]
    fn secrets_come_over_the_socket_and_an_answer_that_is_none_is_not_shown() {
        let name = format!("spud-test-{}", uuid::Uuid::new_v4());
        let listener = UnixListener::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
        let server = std::thread::spawn(move || {
            for answer in ["{\"HF_TOKEN\":\"hf_x\"}\n", "hf_secret\n"] {
                listener.accept().unwrap().0.write_all(answer.as_bytes()).unwrap();
            }
        });
        assert_eq!(receive(&name).unwrap(), [("HF_TOKEN".to_owned(), "hf_x".to_owned())].into());
        assert!(!receive(&name).unwrap_err().to_string().contains("hf_secret"));
        server.join().unwrap();
    }
}
