//! Which program runs with which arguments and which environment, for each role.

use std::ffi::OsString;
use std::io;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use nix::unistd::Pid;

use crate::child;
use crate::environment::{Environment, Variables};
use crate::settings::Settings;
use crate::supervisor::Role;

/// How long a worker goes on with requests that it has begun. The launcher kills what is left half a second later.
const DRAIN_SECONDS: &str = "2";
/// How long the syncer's last push may take.
const STOP_SECONDS: &str = "9";

/// Where programs are, and what they are told. Secrets of workers are in here, so it does not print.
pub(crate) struct Programs {
    launcher: PathBuf,
    directory: PathBuf,
    worker: Variables,
    syncer: Variables,
}

/// The addresses of the launcher's own sockets.
pub(crate) struct Addresses<'a> {
    pub(crate) boot: &'a str,
    pub(crate) notify: &'a Path,
    pub(crate) secrets: &'a str,
}

impl Programs {
    /// The others are beside this program, or in `directory`.
    pub(crate) fn new(
        directory: Option<PathBuf>,
        settings: &Settings,
        environment: &Environment,
        addresses: &Addresses<'_>,
    ) -> io::Result<Self> {
        let launcher = std::env::current_exe()?;
        let beside = launcher.parent().map(PathBuf::from).unwrap_or_default();
        let mut common: Vec<(&str, OsString)> = vec![
            ("HOST", settings.host.clone().into()),
            ("POTATO_CONFIG", settings.config.clone().into()),
            ("GUNICORN_THREADS", settings.threads.to_string().into()),
            ("GUNICORN_WORKERS", settings.workers.to_string().into()),
            ("SPUD_BOOT", addresses.boot.into()),
            ("NOTIFY_SOCKET", addresses.notify.into()),
        ];
        if let Some(timeout) = settings.timeout {
            common.push(("WATCHDOG_USEC", timeout.as_micros().to_string().into()));
        }
        let with = |variables: &Variables, own: (&str, &str)| {
            let mut variables = variables.clone();
            let added = common.iter().map(|(name, value)| ((*name).into(), value.clone()));
            variables.extend(added.chain([(own.0.into(), own.1.into())]));
            variables
        };
        let worker = with(&environment.worker, ("SPUD_DRAIN_SECONDS", DRAIN_SECONDS));
        let mut syncer = with(&environment.syncer, ("SPUD_STOP_SECONDS", STOP_SECONDS));
        syncer.insert("SPUD_SECRETS".into(), addresses.secrets.into());
        Ok(Self { launcher, directory: directory.unwrap_or(beside), worker, syncer })
    }

    /// Starts one; workers get the listener.
    pub(crate) fn start(&self, role: Role, listener: Option<&TcpListener>) -> io::Result<Pid> {
        let (program, argument, variables) = match role {
            Role::Check => ("annotator", "check", &self.worker),
            Role::Worker(_) => ("annotator", "serve", &self.worker),
            Role::Syncer => ("syncer", "run", &self.syncer),
        };
        let mut command = Command::new(&self.launcher);
        command.env_clear().envs(variables).process_group(0);
        match (role, listener) {
            (Role::Worker(number), Some(listener)) => {
                let port = listener.local_addr()?.port();
                command.args(child::arguments(Pid::this(), true));
                command.env("SPUD_WORKER", number.to_string()).env("PORT", port.to_string());
                command.stdin(Stdio::from(OwnedFd::from(listener.try_clone()?)));
            }
            (Role::Worker(_), None) => return Err(io::Error::other("there is no listener for a worker")),
            (Role::Check | Role::Syncer, _) => {
                command.args(child::arguments(Pid::this(), false)).stdin(Stdio::null());
            }
        }
        if role == Role::Check {
            // It says nothing, and nobody waits for it to.
            command.env_remove("NOTIFY_SOCKET").env_remove("WATCHDOG_USEC");
        }
        let child = command.arg(self.directory.join(program)).arg(argument).spawn()?;
        Ok(Pid::from_raw(child.id().cast_signed()))
    }
}
