//! How much memory documents cost: a command that prints it, and fails where it is too much.
//!
//! `cargo test --release -p retab-tests --test memory`
//!
//! Each figure is the peak of the process's resident memory above what it was before, by the kernel's own count. A thread
//! of the same process stands for the service and the storage; it throws away what it reads, so that its buffers are part
//! of the figure, and no document is. `tests/compare` prints the same beside the official crate's figure.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what is measured is printed, and what fails ends the process"
)]

mod ours;
mod peak;
mod service;

fn main() {
    if !peak::is_measured() {
        println!("the peak of a process's memory is only read on Linux: nothing is measured");
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    ours::print(&runtime, &service::service(), folder.path());
}
