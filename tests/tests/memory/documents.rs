//! What documents cost with `retab-ext`.

use std::path::{Path, PathBuf};

use retab_ext::{Client, Document};
use tokio::runtime::Runtime;

use crate::peak::{MIB, measure, mebibytes, sparse};

/// How much a document may cost, whatever its size.
const ALLOWED: u64 = 16 * MIB;

/// Measures and prints it. Panics where it is too much.
pub(crate) fn print(runtime: &Runtime, service: &str, folder: &Path) {
    let client = Client::builder()
        .api_key("rt_test_memory")
        .base_url(service)
        .build()
        .unwrap();
    // What is made once, such as the connections' buffers, is no part of what a document costs.
    runtime.block_on(run(&client, sparse(folder, MIB)));
    runtime.block_on(upload(&client, sparse(folder, MIB)));

    let inline = sparse(folder, 64 * MIB);
    let inline = measure(|| runtime.block_on(run(&client, inline)));
    let uploaded = sparse(folder, 1024 * MIB);
    let uploaded = measure(|| runtime.block_on(upload(&client, uploaded)));

    println!(
        "a document of 64 MiB within a request: {}",
        mebibytes(inline)
    );
    println!("an upload of 1 GiB: {}", mebibytes(uploaded));
    assert!(
        inline.max(uploaded) <= ALLOWED,
        "more than {}",
        mebibytes(ALLOWED)
    );
}

async fn run(client: &Client, path: PathBuf) {
    let request = client
        .run("wf_abc123xyz")
        .document("start", Document::path(path))
        .inline_limit(u64::MAX);
    request.send().await.unwrap();
}

async fn upload(client: &Client, path: PathBuf) {
    let upload = client.files().upload(Document::path(path));
    upload.send().await.unwrap();
}
