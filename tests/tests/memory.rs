//! How much memory documents cost: a command that prints it, and fails where it is too much.
//!
//! `cargo test --release -p retab-tests --test memory`
//!
//! Each figure is the peak of the process's resident memory above what it was before, by the kernel's own count. A thread
//! of the same process stands for the service and the storage; it throws away what it reads, so that its buffers are part
//! of the figure, and no document is.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::panic,
    reason = "what is measured is printed, and what fails ends the process"
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};

use retab_ext::{Client, Document};
use serde_json::json;

const MIB: u64 = 1024 * 1024;
/// How much a document may cost, whatever its size.
const ALLOWED: u64 = 16 * MIB;

fn main() {
    if !Path::new("/proc/self/clear_refs").exists() {
        println!("the peak of a process's memory is only read on Linux: nothing is measured");
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let client = Client::builder()
        .api_key("rt_test_memory")
        .base_url(service())
        .build()
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    // What is made once, such as the connections' buffers, is no part of what a document costs.
    runtime.block_on(run(&client, sparse(folder.path(), MIB)));
    runtime.block_on(upload(&client, sparse(folder.path(), MIB)));

    let inline = sparse(folder.path(), 64 * MIB);
    let inline = measure(|| runtime.block_on(run(&client, inline)));
    let uploaded = sparse(folder.path(), 1024 * MIB);
    let uploaded = measure(|| runtime.block_on(upload(&client, uploaded)));

    let mut is_too_much = false;
    for (what, peak) in [
        ("a document of 64 MiB within a request", inline),
        ("an upload of 1 GiB", uploaded),
    ] {
        let tenths = peak * 10 / MIB;
        println!("{what}: {}.{} MiB above idle", tenths / 10, tenths % 10);
        is_too_much |= peak > ALLOWED;
    }
    assert!(!is_too_much, "more than {} MiB", ALLOWED / MIB);
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

/// A file of this size that takes no room on the disk.
fn sparse(folder: &Path, size: u64) -> PathBuf {
    let path = folder.join(format!("{size}.bin"));
    std::fs::File::create(&path).unwrap().set_len(size).unwrap();
    path
}

/// The peak of the memory while `work` is done, above what it was before.
fn measure(work: impl FnOnce()) -> u64 {
    // 5 resets the peak to what is resident now (proc(5)).
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let idle = peak();
    work();
    peak() - idle
}

fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.unwrap().trim().trim_end_matches(" kB");
    kilobytes.parse::<u64>().unwrap() * 1024
}

/// Starts what stands for the service, and gives its URL.
fn service() -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let own_url = url.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let url = own_url.clone();
            std::thread::spawn(move || serve(stream.unwrap(), &url));
        }
    });
    url
}

/// Answers the requests of one connection.
fn serve(stream: TcpStream, url: &str) {
    let mut writer = stream.try_clone().unwrap();
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let mut length = 0;
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).unwrap();
            let header = header.trim().to_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length: ") {
                length = value.parse().unwrap();
            }
        }
        std::io::copy(&mut reader.by_ref().take(length), &mut std::io::sink()).unwrap();
        let answer = answer(&line, url).to_string();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json";
        let length = answer.len();
        write!(writer, "{head}\r\ncontent-length: {length}\r\n\r\n{answer}").unwrap();
    }
}

fn answer(line: &str, url: &str) -> serde_json::Value {
    match line.split(' ').nth(1).unwrap() {
        "/v1/workflows/runs" => json!({
            "id": "run_1",
            "workflow_id": "wf_abc123xyz",
            "workflow_version_id": "ver_1",
            "trigger": {"type": "api"},
            "lifecycle": {"status": "pending"},
            "timing": {"created_at": "2026-03-09T10:30:00Z"},
            "inputs": {"documents": {}, "json_data": {}},
        }),
        "/v1/files/upload" => json!({
            "fileId": "file_1",
            "uploadUrl": format!("{url}/object"),
            "expiresAt": "2026-03-09T11:30:00Z",
        }),
        "/v1/files/upload/file_1/complete" => json!({
            "filename": "a.bin",
            "url": "https://storage.retab.example/file_1",
        }),
        "/object" => json!({}),
        other => panic!("nothing is expected to ask for {other}"),
    }
}
