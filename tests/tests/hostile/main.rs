//! Input that nobody means well with: texts that callers hand on, and answers that no service should give.
//!
//! Each property is tried on some hundred inputs; `PROPTEST_CASES=10000 cargo test -p retab-tests --test hostile` tries
//! more of them. None of them may panic, and what fails has to say so by an error.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by them"
)]

mod answers;
mod callers;
mod errors;
mod files;
mod heads;

use std::alloc::System;
use std::env;

use cap::Cap;

use proptest::prelude::*;
use retab_ext::{Client, RetryPolicy};
use retab_fake::FakeRetab;
use tokio::runtime::{Builder, Runtime};

/// What all of these tests may hold at once, beside each other: an input that makes one of them ask for much more ends
/// the process.
const MEMORY: usize = 128 * 1024 * 1024;

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, MEMORY);

const KEY: &str = "rt_test_kept_to_itself";

/// So many inputs, unless the environment asks for another number.
fn cases(cases: u32) -> ProptestConfig {
    match env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default(),
        None => ProptestConfig::with_cases(cases),
    }
}

/// A fake, a client of it that sends each call once, and what both run on.
struct Stage {
    runtime: Runtime,
    fake: FakeRetab,
    client: Client,
}

impl Stage {
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

/// Texts with what means something in URLs, headers, paths and JSON.
fn odd_text() -> impl Strategy<Value = String> {
    let odd = prop::sample::select(vec![
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
    let mixed = prop::collection::vec(odd, 0..6).prop_map(|parts| parts.concat());
    prop_oneof![3 => mixed, 1 => any::<String>(), 1 => "[ -~]{0,40}"]
}
