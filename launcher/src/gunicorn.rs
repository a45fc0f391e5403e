//! The few flags of gunicorn that mean something here, as `GUNICORN_CMD_ARGS` has them: split as a shell would.

use crate::settings::SettingsError;

const VARIABLE: &str = "GUNICORN_CMD_ARGS";

/// A value and where it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Given {
    pub(crate) variable: String,
    pub(crate) value: String,
}

/// What was said.
#[derive(Debug, Default)]
pub(crate) struct Arguments {
    pub(crate) workers: Option<Given>,
    pub(crate) threads: Option<Given>,
    pub(crate) timeout: Option<Given>,
    pub(crate) bind: Option<(String, u16)>,
    pub(crate) warnings: Vec<String>,
}

/// Takes the flags apart; of a flag given twice the last one counts, as in gunicorn.
pub(crate) fn arguments(value: Option<&str>) -> Result<Arguments, SettingsError> {
    let mut arguments = Arguments::default();
    let Some(value) = value else { return Ok(arguments) };
    let Some(words) = shlex::split(value) else {
        return Err(refused(VARIABLE.to_owned(), value, "a list of flags with quotes that close"));
    };
    let mut words = words.into_iter().peekable();
    while let Some(word) = words.next() {
        let (flag, joined) = flag_and_value(&word);
        let slot = match flag {
            "-w" | "--workers" => Some(&mut arguments.workers),
            "--threads" => Some(&mut arguments.threads),
            "-t" | "--timeout" => Some(&mut arguments.timeout),
            "-b" | "--bind" => None,
            _ => {
                if flag.starts_with('-') {
                    arguments.warnings.push(format!("{flag} in {VARIABLE} is not used here"));
                }
                continue;
            }
        };
        let value = joined.map(str::to_owned).or_else(|| words.next()).unwrap_or_default();
        let variable = format!("{flag} in {VARIABLE}");
        match slot {
            Some(slot) => *slot = Some(Given { variable, value }),
            None => arguments.bind = Some(address(variable, &value)?),
        }
    }
    Ok(arguments)
}

/// `--flag=value`, `-fvalue` or a flag alone.
fn flag_and_value(word: &str) -> (&str, Option<&str>) {
    if word.starts_with("--") {
        return word.split_once('=').map_or((word, None), |(flag, value)| (flag, Some(value)));
    }
    match word.split_at_checked(2) {
        Some((flag, value)) if word.starts_with('-') && !value.is_empty() => (flag, Some(value)),
        _ => (word, None),
    }
}

fn address(variable: String, value: &str) -> Result<(String, u16), SettingsError> {
    let parts = value.rsplit_once(':').filter(|(host, _)| *host != "unix" && *host != "fd");
    let found = parts.and_then(|(host, port)| {
        let host = host.trim_start_matches('[').trim_end_matches(']');
        Some((if host.is_empty() { "0.0.0.0" } else { host }.to_owned(), port.parse().ok()?))
    });
    found.ok_or_else(|| refused(variable, value, "an address and a port, such as 127.0.0.1:7860"))
}

fn refused(variable: String, value: &str, allowed: &'static str) -> SettingsError {
    SettingsError::Value { variable, value: value.to_owned(), allowed }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(given: Option<Given>) -> Option<String> {
        given.map(|given| given.value)
    }

    #[test]
    fn flags_are_read_in_all_their_spellings_and_the_last_one_counts() {
        let read = arguments(Some("-w4 --workers=5 -w '6' --timeout 90 -b [::1]:8000")).unwrap();
        assert_eq!(value(read.workers).as_deref(), Some("6"));
        assert_eq!(value(read.timeout).as_deref(), Some("90"));
        assert_eq!(read.bind, Some(("::1".to_owned(), 8000)));
        assert!(read.warnings.is_empty());
    }

    #[test]
    fn flags_that_mean_nothing_here_are_named_and_passed_over() {
        let read = arguments(Some("--log-level debug --threads 8 --preload")).unwrap();
        assert_eq!(value(read.threads).as_deref(), Some("8"));
        assert_eq!(
            read.warnings,
            [
                "--log-level in GUNICORN_CMD_ARGS is not used here",
                "--preload in GUNICORN_CMD_ARGS is not used here"
            ]
        );
    }

    #[test]
    fn an_address_that_is_no_host_and_port_is_refused() {
        for bad in ["--bind unix:/run/potato.sock", "--bind 127.0.0.1", "-b :x", "--bind"] {
            let message = arguments(Some(bad)).unwrap_err().to_string();
            assert!(message.contains("in GUNICORN_CMD_ARGS is '"), "{message}");
        }
    }
}
