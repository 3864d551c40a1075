//! Property tests with hostile input from callers and from servers: no input may panic, and every failure is an error.
//!
//! Each property runs on up to 1,024 inputs. `PROPTEST_CASES=10000 cargo test -p retab-tests --test hostile` runs more.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod caller_input;
mod error_responses;
mod file_names;
mod response_heads;
mod responses;

use std::alloc::System;
use std::env;

use cap::Cap;

use proptest::prelude::*;
use retab_ext::{Client, RetryPolicy};
use retab_fake::FakeRetab;
use tokio::runtime::{Builder, Runtime};

/// The memory limit of this process. An input that makes the client allocate beyond it aborts the process.
const MEMORY_LIMIT: usize = 128 * 1024 * 1024;

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, MEMORY_LIMIT);

const KEY: &str = "rt_test_never_leaked";

/// Returns a configuration with this number of cases, unless `PROPTEST_CASES` is set.
fn cases(cases: u32) -> ProptestConfig {
    match env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default(),
        None => ProptestConfig::with_cases(cases),
    }
}

/// A fake server, a client without retries, and their runtime.
struct Fixture {
    runtime: Runtime,
    fake: FakeRetab,
    client: Client,
}

impl Fixture {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let fake = runtime.block_on(FakeRetab::start());
        let client = Client::builder()
            .api_key(KEY)
            .base_url(fake.base_url())
            .retry(RetryPolicy::never())
            .build()
            .unwrap();
        Self {
            runtime,
            fake,
            client,
        }
    }
}

/// Generates text with special characters of URLs, headers, paths and JSON.
fn hostile_text() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec![
        "",
        ".",
        "..",
        "../",
        "/",
        "\\",
        "%2e%2e",
        "%",
        "?a=b",
        "#",
        ";",
        ",",
        ":",
        "@",
        " ",
        "\t",
        "\r\n",
        "\0",
        "\u{7f}",
        "\u{202e}",
        "\u{feff}",
        "\u{e9}",
        "\u{1f4c4}",
        "'",
        "\"",
        "{}",
        "a",
        "_",
        "~",
        "con",
        "run_000001",
    ]);
    let mixed = prop::collection::vec(special, 0..6).prop_map(|parts| parts.concat());
    prop_oneof![3 => mixed, 1 => any::<String>(), 1 => "[ -~]{0,40}"]
}
