//! A service and object storage that discard request bodies.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use serde_json::json;

/// Starts the service in a thread and returns its URL.
pub(crate) fn start() -> String {
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

/// Serves the requests of one connection.
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
        let response = response(&line, url).to_string();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json";
        let length = response.len();
        write!(
            writer,
            "{head}\r\ncontent-length: {length}\r\n\r\n{response}"
        )
        .unwrap();
    }
}

fn response(line: &str, url: &str) -> serde_json::Value {
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
        other => panic!("unexpected request for {other}"),
    }
}
