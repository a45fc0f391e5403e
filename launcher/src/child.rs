//! Between the launcher and a program of ours: the launcher starts itself as `launcher child`, which prepares what the program
//! inherits and then becomes it. So nothing has to be done between fork and exec, and `LISTEN_PID` can be the right pid.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

use nix::fcntl::{FcntlArg, OFlag, fcntl, open};
use nix::sys::prctl::set_pdeathsig;
use nix::sys::signal::{SigSet, Signal};
use nix::sys::stat::Mode;
use nix::unistd::{Pid, dup2_stdin, getppid};

use crate::inherited;

/// The first descriptor that is handed over (`SD_LISTEN_FDS_START`).
const LISTENER: i32 = 3;
/// Both `sd_notify(3)` and `sd_listen_fds(3)` want to be told which process is meant.
const LISTEN_PID: &str = "LISTEN_PID";
const WATCHDOG_PID: &str = "WATCHDOG_PID";
const WATCHDOG_USEC: &str = "WATCHDOG_USEC";

/// What to become.
#[derive(Clone, Debug, clap::Args)]
pub struct Child {
    /// The launcher; if it is gone already, this process has no reason to be.
    #[arg(long)]
    parent: i32,
    /// Standard input is the listener, to be handed over as descriptor 3.
    #[arg(long)]
    listener: bool,
    /// The program and its arguments.
    #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
    command: Vec<OsString>,
}

/// The name of this role, in the arguments.
pub(crate) const ROLE: &str = "child";

/// The arguments that make a launcher a child.
pub(crate) fn arguments(parent: Pid, listener: bool) -> Vec<OsString> {
    let mut arguments = vec![ROLE.into(), "--parent".into(), parent.to_string().into()];
    arguments.extend(listener.then(|| "--listener".into()));
    arguments.push("--".into());
    arguments
}

impl Child {
    /// Becomes the program; comes back only if that fails.
    pub fn become_it(self) -> io::Error {
        match self.prepare() {
            Ok(mut command) => {
                let error = command.exec();
                io::Error::new(error.kind(), format!("cannot start {}: {error}", self.program()))
            }
            Err(error) => io::Error::new(error.kind(), format!("cannot prepare {}: {error}", self.program())),
        }
    }

    fn program(&self) -> String {
        self.command.first().map_or_else(String::new, |program| program.to_string_lossy().into_owned())
    }

    fn prepare(&self) -> io::Result<Command> {
        inherited::close_all_but_standard()?;
        let can_be_set = |signal: &Signal| !matches!(signal, Signal::SIGKILL | Signal::SIGSTOP);
        inherited::reset_signal_handling(Signal::iterator().filter(can_be_set))?;
        SigSet::empty().thread_set_mask()?;
        set_pdeathsig(Signal::SIGTERM)?;
        // The launcher may have ended before the signal was asked for.
        if getppid() != Pid::from_raw(self.parent) {
            return Err(io::Error::other("the launcher is gone"));
        }
        let (program, arguments) = self.command.split_first().ok_or(io::ErrorKind::InvalidInput)?;
        let mut command = Command::new(program);
        command.args(arguments);
        let me = std::process::id().to_string();
        if self.listener {
            move_listener()?;
            command.env("LISTEN_FDS", "1").env("LISTEN_FDNAMES", "http").env(LISTEN_PID, &me);
        }
        if std::env::var_os(WATCHDOG_USEC).is_some() {
            command.env(WATCHDOG_PID, &me);
        }
        Ok(command)
    }
}

/// Standard input becomes descriptor 3, and /dev/null standard input.
fn move_listener() -> io::Result<()> {
    let moved = fcntl(io::stdin(), FcntlArg::F_DUPFD(LISTENER))?;
    if moved != LISTENER {
        return Err(io::Error::other(format!("the listener became descriptor {moved}, not {LISTENER}")));
    }
    let null = open("/dev/null", OFlag::O_RDONLY | OFlag::O_CLOEXEC, Mode::empty())?;
    Ok(dup2_stdin(&null)?)
}
