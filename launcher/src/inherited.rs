//! What a process inherits and should not: descriptors, and signals that its parent ignored. The only calls that the compiler cannot
//! vouch for are here.

use std::io;

use nix::errno::Errno;
use nix::libc;
use nix::sys::signal::{SigHandler, Signal, signal};

const FIRST_BEYOND_STANDARD: libc::c_uint = 3;

/// Closes all descriptors but 0, 1 and 2. To be called before anything is opened.
pub(crate) fn close_all_but_standard() -> io::Result<()> {
    // SAFETY: this process has just begun and owns no descriptor above 2 that it would use or close later.
    #[expect(unsafe_code, reason = "descriptors that others leaked have no owner that could close them")]
    let result = unsafe { libc::syscall(libc::SYS_close_range, FIRST_BEYOND_STANDARD, libc::c_uint::MAX, 0) };
    match Errno::result(result) {
        // Kernels before 5.9 do not know it; what the launcher opened itself is closed at exec anyway.
        Ok(_) | Err(Errno::ENOSYS) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// Lets each of these signals do what it does by default: what a parent ignored stays ignored otherwise.
pub(crate) fn reset_signal_handling(names: impl IntoIterator<Item = Signal>) -> io::Result<()> {
    for name in names {
        // SAFETY: the default disposition runs no code of this process.
        #[expect(unsafe_code, reason = "handlers could break invariants; the default is none")]
        unsafe {
            signal(name, SigHandler::SigDfl)?;
        }
    }
    Ok(())
}
