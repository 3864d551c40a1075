//! What the tests of documents have in common.

use std::future::Future;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use retab_ext::{Client, Clock, Document, Error};
use retab_fake::{FakeRetab, ReceivedRequest};
use serde_json::Value;
use tempfile::TempDir;

pub(crate) const BLOCK: &str = "start_document-block-1";

/// A clock whose pauses end at once, and that counts them; nothing is given up by it.
#[derive(Clone, Default)]
pub(crate) struct Impatient {
    pauses: Arc<AtomicU32>,
}

impl Impatient {
    pub(crate) fn pauses(&self) -> u32 {
        self.pauses.load(Ordering::Relaxed)
    }
}

impl Clock for Impatient {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.pauses.fetch_add(1, Ordering::Relaxed);
        Box::pin(std::future::ready(()))
    }
}

pub(crate) fn client_of(fake: &FakeRetab) -> Client {
    client_with(fake, Impatient::default())
}

pub(crate) fn client_with(fake: &FakeRetab, clock: Impatient) -> Client {
    Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url())
        .clock(clock)
        .idle_timeout(None)
        .build()
        .unwrap()
}

/// Sends a run with this document.
pub(crate) async fn send(fake: &FakeRetab, document: Document) -> Result<(), Error> {
    let request = client_of(fake).run("wf_abc123xyz");
    request.document(BLOCK, document).send().await.map(drop)
}

/// What the body of a run has for its document: the name and the URL.
pub(crate) fn mime_data(received: &ReceivedRequest) -> (String, String) {
    let body: Value = serde_json::from_slice(&received.body).unwrap();
    let mime_data = &body["documents"][BLOCK];
    let text = |name: &str| mime_data[name].as_str().unwrap().to_owned();
    (text("filename"), text("url"))
}

/// The media type and the bytes of a data URL.
pub(crate) fn decoded(url: &str) -> (String, Vec<u8>) {
    let (media_type, content) = url.split_once(";base64,").unwrap();
    let media_type = media_type.strip_prefix("data:").unwrap().to_owned();
    (media_type, STANDARD.decode(content).unwrap())
}

/// A folder with one file in it.
pub(crate) fn file(name: &str, content: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

/// Writes a file again, so that its time of modification surely is another.
pub(crate) fn rewrite(path: &Path, content: impl AsRef<[u8]>) {
    let before = std::fs::metadata(path).unwrap().modified().unwrap();
    std::fs::write(path, content).unwrap();
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_modified(before + Duration::from_secs(1)).unwrap();
}

/// The names in a folder.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

/// Bytes that repeat after a prime number, so that no chunk is like another.
pub(crate) fn content(size: usize) -> Vec<u8> {
    (0..=250).cycle().take(size).collect()
}

/// A storage that does on each connection what it is told, in turn, with no HTTP library in between.
pub(crate) struct RawStorage {
    pub(crate) url: String,
    served: JoinHandle<Vec<Vec<u8>>>,
}

/// What a [`RawStorage`] does on a connection.
pub(crate) enum Step {
    /// Reads this many bytes, and resets the connection.
    ResetAfter(usize),
    /// Reads the request, writes these bytes, and closes the connection.
    Response(Vec<u8>),
    /// Reads the request, writes these bytes, and waits until the client closes the connection.
    Hold(Vec<u8>),
}

impl RawStorage {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}/object", listener.local_addr().unwrap());
        let steps: Vec<Step> = steps.into_iter().collect();
        let served = std::thread::spawn(move || {
            let serve = |step| serve(&mut listener.accept().unwrap().0, step);
            steps.into_iter().map(serve).collect()
        });
        Self { url, served }
    }

    /// The bodies of the requests, once all connections were served.
    pub(crate) fn bodies(self) -> Vec<Vec<u8>> {
        self.served.join().unwrap()
    }
}

fn serve(stream: &mut TcpStream, step: Step) -> Vec<u8> {
    match step {
        Step::ResetAfter(bytes) => {
            let mut read = vec![0; bytes];
            stream.read_exact(&mut read).unwrap();
            // It is closed with bytes unread, which resets it.
            read
        }
        Step::Response(answer) => {
            let body = read_request(stream);
            stream.write_all(&answer).unwrap();
            body
        }
        Step::Hold(answer) => {
            let body = read_request(stream);
            stream.write_all(&answer).unwrap();
            let _ = stream.read_to_end(&mut Vec::new());
            body
        }
    }
}

fn read_request(stream: &mut TcpStream) -> Vec<u8> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).unwrap();
    body
}
