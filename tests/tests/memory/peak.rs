//! The peak resident memory of the process, as counted by the kernel.

use std::path::{Path, PathBuf};

pub(crate) const MIB: u64 = 1024 * 1024;

/// Returns whether the kernel can reset and report the peak.
pub(crate) fn is_measured() -> bool {
    Path::new("/proc/self/clear_refs").exists()
}

/// Returns the peak memory during `work` above the memory before it.
pub(crate) fn measure(work: impl FnOnce()) -> u64 {
    // Writing 5 resets the peak to the current resident memory (proc(5)).
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let idle = peak();
    work();
    // The kernel counts pages in per-core batches, so a later reading can be slightly lower.
    peak().saturating_sub(idle)
}

fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.unwrap().trim().trim_end_matches(" kB");
    kilobytes.parse::<u64>().unwrap() * 1024
}

/// Formats bytes for printing.
pub(crate) fn mebibytes(bytes: u64) -> String {
    let tenths = bytes * 10 / MIB;
    format!("{}.{} MiB above idle", tenths / 10, tenths % 10)
}

/// Creates a sparse file of this size.
pub(crate) fn sparse(folder: &Path, size: u64) -> PathBuf {
    let path = folder.join(format!("{size}.bin"));
    std::fs::File::create(&path).unwrap().set_len(size).unwrap();
    path
}
