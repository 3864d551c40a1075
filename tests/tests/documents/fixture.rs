//! Helpers shared by the document tests.

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

/// A clock whose sleeps return immediately and are counted.
#[derive(Clone, Default)]
pub(crate) struct InstantClock {
    sleeps: Arc<AtomicU32>,
    /// Called by each sleep, so between two attempts.
    between: Option<Arc<dyn Fn() + Send + Sync>>,
}

impl InstantClock {
    pub(crate) fn calling(between: impl Fn() + Send + Sync + 'static) -> Self {
        Self {
            between: Some(Arc::new(between)),
            ..Self::default()
        }
    }

    pub(crate) fn sleeps(&self) -> u32 {
        self.sleeps.load(Ordering::Relaxed)
    }
}

impl Clock for InstantClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, _: Duration) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        self.sleeps.fetch_add(1, Ordering::Relaxed);
        if let Some(between) = &self.between {
            between();
        }
        Box::pin(std::future::ready(()))
    }
}

pub(crate) fn client_for(fake: &FakeRetab) -> Client {
    client_with(fake, InstantClock::default())
}

pub(crate) fn client_with(fake: &FakeRetab, clock: InstantClock) -> Client {
    Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url())
        .clock(clock)
        .idle_timeout(None)
        .build()
        .unwrap()
}

/// Creates a run with this document.
pub(crate) async fn send_run(fake: &FakeRetab, document: Document) -> Result<(), Error> {
    let request = client_for(fake).workflow("wf_abc123xyz").run();
    request.document(BLOCK, document).send().await.map(drop)
}

/// Returns the file name and the URL of the document in a run request.
pub(crate) fn mime_data(received: &ReceivedRequest) -> (String, String) {
    let body: Value = serde_json::from_slice(&received.body).unwrap();
    let mime_data = &body["documents"][BLOCK];
    let text = |name: &str| mime_data[name].as_str().unwrap().to_owned();
    (text("filename"), text("url"))
}

/// Returns the media type and the content of a data URL.
pub(crate) fn decode_data_url(url: &str) -> (String, Vec<u8>) {
    let (media_type, content) = url.split_once(";base64,").unwrap();
    let media_type = media_type.strip_prefix("data:").unwrap().to_owned();
    (media_type, STANDARD.decode(content).unwrap())
}

/// Creates a temporary folder with one file.
pub(crate) fn file(name: &str, content: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

/// Overwrites a file and changes its modification time.
pub(crate) fn rewrite(path: &Path, content: impl AsRef<[u8]>) {
    let before = std::fs::metadata(path).unwrap().modified().unwrap();
    std::fs::write(path, content).unwrap();
    let file = std::fs::File::options().write(true).open(path).unwrap();
    file.set_modified(before + Duration::from_secs(1)).unwrap();
}

/// Returns the sorted file names in a folder.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

/// Returns bytes with a prime period, so that chunks differ from each other.
pub(crate) fn content(size: usize) -> Vec<u8> {
    (0..=250).cycle().take(size).collect()
}

/// An object storage that performs one step per connection, without an HTTP library.
pub(crate) struct RawStorage {
    pub(crate) url: String,
    served: JoinHandle<Vec<Vec<u8>>>,
}

/// How a [`RawStorage`] handles a connection.
pub(crate) enum Step {
    /// Reads this many bytes and resets the connection.
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

    /// Waits for all connections and returns the request bodies.
    pub(crate) fn bodies(self) -> Vec<Vec<u8>> {
        self.served.join().unwrap()
    }
}

fn serve(stream: &mut TcpStream, step: Step) -> Vec<u8> {
    match step {
        Step::ResetAfter(bytes) => {
            let mut read = vec![0; bytes];
            stream.read_exact(&mut read).unwrap();
            // Closing a connection with unread bytes resets it.
            read
        }
        Step::Response(response) => {
            let body = read_request(stream);
            stream.write_all(&response).unwrap();
            body
        }
        Step::Hold(response) => {
            let body = read_request(stream);
            stream.write_all(&response).unwrap();
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
