//! Measures the peak memory of sending documents, and fails if it exceeds the limit.
//!
//! `cargo test --release -p retab-tests --test memory`
//!
//! Each figure is the peak resident memory of the process above its previous value, as counted by the kernel. A thread of
//! the same process plays the service and the object storage. It discards request bodies, so the figure contains its buffers
//! but no document. `tests/compare` prints the same figures next to those of the official crate.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    reason = "the test prints its results and fails by panicking"
)]

mod documents;
mod peak;
mod service;

fn main() {
    if !peak::is_measured() {
        println!("skipped: peak memory can only be measured on Linux");
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    documents::measure_and_print(&runtime, &service::start(), folder.path());
}
