//! `require_password`, `user_config`, `authentication`, `login`: who may sign in, and how.

use std::path::PathBuf;

use super::{ConfigError, Section};
use crate::yaml::Yaml;

/// Who may sign in, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// False: a name alone signs in, and makes the account.
    pub require_password: bool,
    /// `user_config.allow_all_users`: anybody may register.
    pub open: bool,
    /// `user_config.users`: the names that may register where it is not open. A password given there is ignored, as in Potato.
    pub users: Vec<String>,
    /// Potato's roster (JSON lines); need not exist.
    pub roster: PathBuf,
}

/// Name of the roster where the config gives none.
const ROSTER: &str = "user_config.json";
/// Keys of `authentication`.
const AUTHENTICATION: &[&str] = &[
    "method",
    "type",
    "providers",
    "user_identity_field",
    "database_url",
    "user_config_path",
    "auto_register",
    "allow_local_login",
    "allowed_domain",
    "allowed_domains",
    "allowed_org",
    "saml",
];

/// `output` is `output_annotation_dir` as it is written: the default place of the roster hangs on its last slash.
pub(super) fn read(top: &Section<'_>, output: &str) -> Result<SignIn, ConfigError> {
    let users = top.section("user_config")?;
    if let Some(users) = &users {
        users.warn_unknown(&[&["allow_all_users", "users"]]);
    }
    Ok(SignIn {
        require_password: require_password(top)?,
        open: users
            .as_ref()
            .map(|users| users.flag("allow_all_users"))
            .transpose()?
            .flatten()
            .unwrap_or(true),
        users: users.as_ref().map(names).transpose()?.unwrap_or_default(),
        roster: roster(top, output)?,
    })
}

fn require_password(top: &Section<'_>) -> Result<bool, ConfigError> {
    let without = top.flag("require_no_password")?;
    match (top.flag("require_password")?, without) {
        (Some(with), Some(without)) if with == without => Err(top.refuse(
            "require_no_password",
            format!("says {without}, but require_password says {with}; keep require_password alone"),
        )),
        (Some(with), _) => Ok(with),
        (None, Some(without)) => Ok(!without),
        (None, None) => Ok(true),
    }
}

/// Texts, or mappings with the name under `username`, `user` or `id`.
fn names(section: &Section<'_>) -> Result<Vec<String>, ConfigError> {
    let mut names = Vec::new();
    for (i, node) in section.list("users")?.unwrap_or_default().iter().enumerate() {
        let key = format!("users[{i}]");
        let name = if let Yaml::Map(_) = node.value {
            let user = section.enter(&key, node)?;
            if user.has("password") {
                user.warn(
                    "password",
                    "is not used, as in Potato: the user registers with a password of their own",
                );
            }
            match user.text("username")?.or(user.text("user")?).or(user.text("id")?) {
                Some(name) => name,
                None => return Err(user.refuse("username", "is missing and must be the name of a user")),
            }
        } else {
            section.node_text(&key, node)?
        };
        crate::names::check(&name)
            .map_err(|error| section.refuse(&key, format!("{name:?} cannot be a user name: {error}")))?;
        names.push(name);
    }
    Ok(names)
}

/// `authentication.user_config_path`, else `user_config.json` in Python's `dirname(output_annotation_dir)`.
fn roster(top: &Section<'_>, output: &str) -> Result<PathBuf, ConfigError> {
    if let Some(authentication) = top.section("authentication")? {
        authentication.warn_unknown(&[AUTHENTICATION]);
        if authentication.has("type") && !authentication.has("method") {
            authentication.warn("type", "is the old name of method; rename it");
        }
        for key in ["allowed_domain", "allowed_domains", "allowed_org"] {
            if authentication.has(key) {
                authentication
                    .warn(key, "restricts nobody here, as in Potato; it belongs below providers.<name>");
            }
        }
        if let Some(path) = authentication.text("user_config_path")? {
            return authentication.resolve("user_config_path", &path);
        }
    }
    let folder = output.rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = if folder.is_empty() { ROSTER.to_owned() } else { format!("{folder}/{ROSTER}") };
    top.resolve("output_annotation_dir", &path)
}
