//! What an answer of the Hub, or the lack of one, means for us.

use std::time::Duration;

use hf_hub::HFError;

/// What can be concluded from a failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// There is no such repo, or the token may not see it.
    Missing,
    /// The token is refused or has not the right, or the plan does not allow it.
    Denied,
    /// Too many requests; nothing was done.
    Quota {
        /// How long to wait, if the Hub says.
        retry_after: Option<Duration>,
    },
    /// The branch is not where we thought it was. It may have been ourselves who moved it.
    Raced,
    /// The request is wrong; nothing was done, and the same again will not work.
    Refused,
    /// It may have been done or not.
    Unclear,
}

/// A call that did not succeed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{message}")]
pub struct HubError {
    /// What can be concluded.
    pub kind: Kind,
    /// One sentence, without secrets.
    pub message: String,
}

impl HubError {
    /// Nothing was heard in time.
    pub fn silence(what: &str, waited: Duration) -> Self {
        Self {
            kind: Kind::Unclear,
            message: format!("the Hub did not answer ({what}) within {} s", waited.as_secs()),
        }
    }

    /// The Hub answered something that cannot be.
    pub fn nonsense(message: impl Into<String>) -> Self {
        Self { kind: Kind::Unclear, message: message.into() }
    }

    /// From a status and what came with it.
    pub fn status(status: u16, retry_after: Option<Duration>, said: &str) -> Self {
        let kind = match status {
            401..=403 => Kind::Denied,
            404 => Kind::Missing,
            409 | 412 => Kind::Raced,
            429 => Kind::Quota { retry_after },
            408 | 500.. => Kind::Unclear,
            _ => Kind::Refused,
        };
        let said = said.trim();
        let said = if said.is_empty() { String::new() } else { format!(": {}", shortened(said)) };
        Self { kind, message: format!("the Hub answered {status}{said}") }
    }
}

const SHOWN_CHARS: usize = 200;

fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.chars().take(SHOWN_CHARS).collect()
}

impl From<HFError> for HubError {
    fn from(error: HFError) -> Self {
        let (context, retry_after) = match error {
            HFError::Http { context }
            | HFError::AuthRequired { context }
            | HFError::Forbidden { context }
            | HFError::Conflict { context }
            | HFError::RepoNotFound { context: Some(context), .. }
            | HFError::RevisionNotFound { context: Some(context), .. }
            | HFError::EntryNotFound { context: Some(context), .. } => (context, None),
            HFError::RateLimited { retry_after, context } => (context, retry_after),
            HFError::RepoNotFound { .. }
            | HFError::RevisionNotFound { .. }
            | HFError::EntryNotFound { .. } => {
                return Self { kind: Kind::Missing, message: error.to_string() };
            }
            HFError::Request { source, .. } => return source.into(),
            HFError::InvalidParameter(_) | HFError::Url(_) => {
                return Self { kind: Kind::Refused, message: error.to_string() };
            }
            // Everything else can come after the request was sent.
            other => return Self::nonsense(format!("the Hub could not be used: {other}")),
        };
        Self::status(
            context.status.as_u16(),
            retry_after,
            context.server_message.as_deref().unwrap_or_default(),
        )
    }
}

impl From<reqwest::Error> for HubError {
    fn from(error: reqwest::Error) -> Self {
        let what = if error.is_connect() {
            "cannot be reached"
        } else if error.is_timeout() {
            "did not answer in time"
        } else {
            "broke off"
        };
        let mut cause: &dyn std::error::Error = &error;
        while let Some(source) = cause.source() {
            cause = source;
        }
        Self::nonsense(format!("the Hub {what}: {cause}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_no_counts_as_not_done() {
        let kind = |status| HubError::status(status, None, "").kind;
        for unclear in [408, 500, 502, 503, 504, 520] {
            assert_eq!(kind(unclear), Kind::Unclear, "{unclear}");
        }
        for raced in [409, 412] {
            assert_eq!(kind(raced), Kind::Raced);
        }
        assert_eq!([kind(400), kind(413), kind(422)], [Kind::Refused; 3]);
        assert_eq!([kind(401), kind(403)], [Kind::Denied; 2]);
        let told = HubError::status(429, Some(Duration::from_secs(7)), "slow down\nplease");
        assert_eq!(told.kind, Kind::Quota { retry_after: Some(Duration::from_secs(7)) });
        assert_eq!(told.message, "the Hub answered 429: slow down");
    }
}
