//! The loop around the supervisor: waits for signals, words of children and time, and does what is decided.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Write};
use std::net::TcpListener;
use std::os::fd::AsFd;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::signal::{SigSet, Signal, kill, killpg};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::unistd::Pid;
use rustix::process::{WaitOptions, wait};
use sd_notify::NotifyState;

use crate::bind::{self, BindError};
use crate::environment::{Environment, hex};
use crate::inherited;
use crate::notify::{Notices, Word};
use crate::programs::{Addresses, Programs};
use crate::secrets::Secrets;
use crate::settings::Settings;
use crate::supervisor::{Action, CONFIG, Ending, Event, Id, Order, Role, Supervisor, Wish};

/// As many words are heard before anything else is looked at.
const WORDS_AT_ONCE: usize = 1024;
const BOOT_BYTES: usize = 16;

const HEEDED: [Signal; 9] = [
    Signal::SIGCHLD,
    Signal::SIGTERM,
    Signal::SIGINT,
    Signal::SIGQUIT,
    Signal::SIGHUP,
    Signal::SIGTTIN,
    Signal::SIGTTOU,
    Signal::SIGUSR1,
    Signal::SIGUSR2,
];

/// The launcher at work.
pub struct Launcher {
    settings: Settings,
    supervisor: Supervisor,
    programs: Programs,
    signals: SignalFd,
    notices: Notices,
    secrets: Secrets,
    listener: Option<TcpListener>,
    pids: BTreeMap<Id, Pid>,
    began: Instant,
    /// Tells whoever started the launcher that it lives, this often.
    sign_of_life: Option<Duration>,
    last_sign: Instant,
}

impl Launcher {
    /// Prepares everything but the port, unless a listener was adopted. `directory` is where the other programs are, if not beside
    /// this one.
    pub fn new(
        settings: Settings,
        environment: &Environment,
        directory: Option<PathBuf>,
        adopted: Option<TcpListener>,
    ) -> io::Result<Self> {
        // Whoever ignores it never learns how a child ended.
        inherited::reset_signal_handling([Signal::SIGCHLD])?;
        let mask: SigSet = HEEDED.into_iter().collect();
        mask.thread_block()?;
        let signals = SignalFd::with_flags(&mask, SfdFlags::SFD_NONBLOCK | SfdFlags::SFD_CLOEXEC)?;
        let mut boot = [0; BOOT_BYTES];
        getrandom::fill(&mut boot).map_err(io::Error::other)?;
        let boot = hex(&boot);
        let notices = Notices::bind(&std::env::temp_dir()).map_err(io::Error::other)?;
        let secrets = Secrets::bind(&boot, &environment.syncer_secrets)?;
        let addresses = Addresses { boot: &boot, notify: notices.path(), secrets: secrets.name() };
        let programs = Programs::new(directory, &settings, environment, &addresses)?;
        Ok(Self {
            supervisor: Supervisor::new(settings.workers, settings.timeout),
            settings,
            programs,
            signals,
            notices,
            secrets,
            listener: adopted,
            pids: BTreeMap::new(),
            began: Instant::now(),
            sign_of_life: sd_notify::watchdog_enabled().map(|limit| limit / 2),
            last_sign: Instant::now(),
        })
    }

    /// Works until everything has ended; the exit code.
    pub fn run(mut self) -> io::Result<u8> {
        for warning in &self.settings.warnings {
            say(warning);
        }
        if let Some(code) = self.tell(Event::Begin) {
            return Ok(code);
        }
        loop {
            self.wait()?;
            // Words come before ends, so that a child's last ones are known as its own; time comes last.
            let mut events = self.heard()?;
            self.answer();
            events.extend(self.wishes()?);
            events.extend(self.reaped());
            if self.supervisor.next_tick() <= self.began.elapsed() {
                events.push(Event::Tick);
            }
            for event in events {
                if let Some(code) = self.tell(event) {
                    return Ok(code);
                }
            }
        }
    }

    /// Sleeps until there is something to do.
    fn wait(&mut self) -> io::Result<()> {
        let mut limit = self.supervisor.next_tick().saturating_sub(self.began.elapsed());
        if let Some(every) = self.sign_of_life {
            if self.last_sign.elapsed() >= every {
                report(&[NotifyState::Watchdog]);
                self.last_sign = Instant::now();
            }
            limit = limit.min(every.saturating_sub(self.last_sign.elapsed()));
        }
        // Rounded up, so that what is waited for is due afterwards.
        let millis = i32::try_from(limit.as_micros().div_ceil(1000)).unwrap_or(i32::MAX);
        let mut sources = [
            PollFd::new(self.signals.as_fd(), PollFlags::POLLIN),
            PollFd::new(self.notices.as_fd(), PollFlags::POLLIN),
            PollFd::new(self.secrets.as_fd(), PollFlags::POLLIN),
        ];
        match poll(&mut sources, PollTimeout::try_from(millis).unwrap_or(PollTimeout::MAX)) {
            Ok(_) | Err(Errno::EINTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn heard(&self) -> io::Result<Vec<Event>> {
        let mut events = Vec::new();
        for _ in 0..WORDS_AT_ONCE {
            let Some((pid, words)) = self.notices.next()? else { break };
            let Some(id) = self.id_of(pid) else { continue };
            events.extend(words.into_iter().map(|word| match word {
                Word::Ready => Event::Ready(id),
                Word::Alive => Event::Alive(id),
            }));
        }
        Ok(events)
    }

    /// Gives the syncer its secrets, if it asks.
    fn answer(&self) {
        let syncer = self.supervisor.syncer().and_then(|id| self.pids.get(&id)).copied();
        if let Err(refused) = self.secrets.answer(syncer) {
            say(&refused.to_string());
        }
    }

    fn wishes(&self) -> io::Result<Vec<Event>> {
        let mut wishes = Vec::new();
        while let Some(info) = self.signals.read_signal()? {
            let wish =
                match i32::try_from(info.ssi_signo).ok().and_then(|number| Signal::try_from(number).ok()) {
                    Some(Signal::SIGTERM | Signal::SIGINT) => Wish::Stop,
                    Some(Signal::SIGQUIT) => Wish::StopNow,
                    Some(Signal::SIGHUP) => Wish::Reload,
                    Some(Signal::SIGTTIN) => Wish::More,
                    Some(Signal::SIGTTOU) => Wish::Fewer,
                    // Ends are looked for anyway; the log needs no opening anew; there is no second launcher.
                    _ => continue,
                };
            wishes.push(Event::Wished(wish));
        }
        Ok(wishes)
    }

    /// Takes leave of all that ended, orphans of others included.
    fn reaped(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while let Ok(Some((pid, status))) = wait(WaitOptions::NOHANG) {
            let Some(id) = self.id_of(Pid::from_raw(pid.as_raw_pid())) else { continue };
            self.pids.remove(&id);
            let code = status.exit_status().map(Ending::Code);
            let signal = status.terminating_signal().map(Ending::Signal);
            events.push(Event::Exited(id, code.or(signal).unwrap_or(Ending::NotStarted)));
        }
        events
    }

    fn id_of(&self, pid: Pid) -> Option<Id> {
        self.pids.iter().find(|(_, known)| **known == pid).map(|(id, _)| *id)
    }

    /// Tells the supervisor, and does what it wants; the exit code once it is known.
    fn tell(&mut self, event: Event) -> Option<u8> {
        let mut events = VecDeque::from([event]);
        while let Some(event) = events.pop_front() {
            for action in self.supervisor.handle(event, self.began.elapsed()) {
                match action {
                    Action::Listen => {
                        if let Err(error) = self.listen() {
                            say(&error.to_string());
                            return Some(CONFIG);
                        }
                    }
                    Action::Spawn(id, role) => events.push_back(self.spawn(id, role)),
                    Action::Signal(id, order) => self.signal(id, order),
                    Action::AnnounceReady => report(&[NotifyState::Ready]),
                    Action::AnnounceStop => {
                        report(&[NotifyState::Stopping]);
                        // Whoever comes now is refused at once instead of waiting for nobody.
                        self.listener = None;
                    }
                    Action::Status(status) => report(&[NotifyState::Status(&status)]),
                    Action::Say(line) => say(&line),
                    Action::Exit(code) => return Some(code),
                }
            }
        }
        None
    }

    fn listen(&mut self) -> Result<(), BindError> {
        let listener = match self.listener.take() {
            Some(adopted) => adopted,
            None => bind::listener(&self.settings.host, self.settings.port)?,
        };
        if let Ok(address) = listener.local_addr() {
            say(&format!("listening at http://{address}"));
        }
        self.listener = Some(listener);
        Ok(())
    }

    fn spawn(&mut self, id: Id, role: Role) -> Event {
        match self.programs.start(role, self.listener.as_ref()) {
            Ok(pid) => {
                self.pids.insert(id, pid);
                Event::Started(id, pid.as_raw())
            }
            Err(error) => {
                say(&format!("{role} cannot be started: {error}"));
                Event::Exited(id, Ending::NotStarted)
            }
        }
    }

    /// A child that is not reaped yet keeps its pid, so no stranger is met; that it ended already is no fault.
    fn signal(&self, id: Id, order: Order) {
        let Some(pid) = self.pids.get(&id).copied() else { return };
        let _ = match order {
            Order::End => kill(pid, Signal::SIGTERM),
            Order::Hurry => kill(pid, Signal::SIGUSR2),
            Order::Abort => kill(pid, Signal::SIGABRT),
            Order::Kill => killpg(pid, Signal::SIGKILL),
        };
    }
}

/// Tells systemd, if it listens.
fn report(state: &[NotifyState<'_>]) {
    drop(sd_notify::notify(state));
}

/// One line for the log; that nobody reads it is no reason to end.
pub fn say(line: &str) {
    let _ = io::stderr().write_all(format!("launcher: {line}\n").as_bytes());
}
