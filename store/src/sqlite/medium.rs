//! What the store asks of the file system and of the kernel.

use std::path::Path;

use rustix::fs::statvfs;
use rustix::time::{ClockId, clock_gettime};

use super::io;
use crate::StoreError;

/// Less free space than this and the store counts as full: a commit must not fail halfway.
const ROOM_BYTES: u64 = 1 << 20;

/// File systems on which locks and shared memory do not hold between processes or hosts (`linux/magic.h` and others).
const UNFIT: [(u64, &str); 9] = [
    (0x6969, "NFS"),
    (0x517b, "SMB"),
    (0xff53_4d42, "CIFS"),
    (0xfe53_4d42, "SMB2"),
    (0x6573_5546, "FUSE"),
    (0x0102_1997, "9p"),
    (0x00c3_6400, "Ceph"),
    (0x5346_414f, "AFS"),
    (0x4750_4653, "GPFS"),
];

/// Refuses a directory that several processes cannot share.
pub(super) fn check(dir: &Path) -> Result<(), StoreError> {
    let stat = rustix::fs::statfs(dir).map_err(|e| io(dir, e.into()))?;
    #[expect(clippy::cast_sign_loss, reason = "a magic number, not a quantity")]
    let magic = (stat.f_type as u64) & 0xffff_ffff;
    match UNFIT.iter().find(|(unfit, _)| *unfit == magic) {
        None => Ok(()),
        Some((_, name)) => Err(StoreError::Medium {
            path: dir.to_owned(),
            reason: format!(
                "it is a {name} file system, on which locks do not hold; set `state_dir` to a directory on a local disk"
            ),
        }),
    }
}

/// Whether there is space for more.
pub(super) fn room(dir: &Path) -> Result<(), StoreError> {
    let stat = statvfs(dir).map_err(|e| io(dir, e.into()))?;
    if stat.f_bavail.saturating_mul(stat.f_frsize) < ROOM_BYTES { Err(StoreError::Full) } else { Ok(()) }
}

/// Milliseconds since the kernel started, sleep included: the same for all processes, and nobody sets it.
pub(super) fn kernel_millis() -> u64 {
    let now = clock_gettime(ClockId::Boottime);
    now.tv_sec.cast_unsigned() * 1_000 + now.tv_nsec.cast_unsigned() / 1_000_000
}

/// Names this run of the kernel; empty if it does not tell.
pub(super) fn boot_id() -> String {
    std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}
