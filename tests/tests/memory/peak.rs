//! The peak of a process's resident memory, by the kernel's own count.

use std::path::{Path, PathBuf};

pub(crate) const MIB: u64 = 1024 * 1024;

/// Whether the kernel says it here.
pub(crate) fn is_measured() -> bool {
    Path::new("/proc/self/clear_refs").exists()
}

/// The peak of the memory while `work` is done, above what it was before.
pub(crate) fn measure(work: impl FnOnce()) -> u64 {
    // 5 resets the peak to what is resident now (proc(5)).
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let idle = peak();
    work();
    // The kernel counts pages in batches for each core, so that a later reading can be a little below an earlier one.
    peak().saturating_sub(idle)
}

fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.unwrap().trim().trim_end_matches(" kB");
    kilobytes.parse::<u64>().unwrap() * 1024
}

/// Bytes as they are printed.
pub(crate) fn mebibytes(bytes: u64) -> String {
    let tenths = bytes * 10 / MIB;
    format!("{}.{} MiB above idle", tenths / 10, tenths % 10)
}

/// A file of this size that takes no room on the disk.
pub(crate) fn sparse(folder: &Path, size: u64) -> PathBuf {
    let path = folder.join(format!("{size}.bin"));
    std::fs::File::create(&path).unwrap().set_len(size).unwrap();
    path
}
