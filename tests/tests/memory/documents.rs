//! The memory cost of documents with `retab-ext`.

use std::path::{Path, PathBuf};

use retab_ext::{Client, Document};
use tokio::runtime::Runtime;

use crate::peak::{MIB, measure, mebibytes, sparse};

/// The limit for a document of any size.
const LIMIT: u64 = 16 * MIB;

/// Prints the peak memory of an inline document and of an upload. Panics if it exceeds the limit.
pub(crate) fn measure_and_print(runtime: &Runtime, service: &str, folder: &Path) {
    let client = Client::builder()
        .api_key("rt_test_memory")
        .base_url(service)
        .build()
        .unwrap();
    // Warm up, so that one-time allocations such as connection buffers are not counted.
    runtime.block_on(run(&client, sparse(folder, MIB)));
    runtime.block_on(upload(&client, sparse(folder, MIB)));

    let inline = sparse(folder, 64 * MIB);
    let inline = measure(|| runtime.block_on(run(&client, inline)));
    let uploaded = sparse(folder, 1024 * MIB);
    let uploaded = measure(|| runtime.block_on(upload(&client, uploaded)));

    println!("inline document of 64 MiB: {}", mebibytes(inline));
    println!("upload of 1 GiB: {}", mebibytes(uploaded));
    assert!(
        inline.max(uploaded) <= LIMIT,
        "peak memory exceeds {}",
        mebibytes(LIMIT)
    );
}

async fn run(client: &Client, path: PathBuf) {
    let request = client
        .workflow("wf_abc123xyz")
        .run()
        .document("start", Document::path(path))
        .inline_limit(u64::MAX);
    request.send().await.unwrap();
}

async fn upload(client: &Client, path: PathBuf) {
    let upload = client.files().upload(Document::path(path));
    upload.send().await.unwrap();
}
