//! A service that replays bytes: each connection is read for one request, answered as told and
//! closed. No HTTP library stands between a test and the wire.

use std::net::SocketAddr;

use retab_api::Client;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What happens on one connection once its request was read.
#[derive(Clone, Debug)]
pub(crate) enum Script {
    /// The bytes are written, and the connection is closed.
    Response(Vec<u8>),
    /// The bytes are written, and the connection stays open until the client closes it.
    Hold(Vec<u8>),
}

/// A listening service.
pub(crate) struct ScriptedServer {
    address: SocketAddr,
    received: JoinHandle<Vec<ReceivedRequest>>,
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct ReceivedRequest {
    /// The request line and the headers.
    pub(crate) head: String,
    /// The body; chunks are put together.
    pub(crate) body: Vec<u8>,
}

impl ScriptedServer {
    /// Serves one connection for each script, one after the other.
    pub(crate) async fn new(scripts: impl IntoIterator<Item = Script>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let scripts: Vec<_> = scripts.into_iter().collect();
        let received = tokio::spawn(async move {
            let mut all = Vec::new();
            for script in scripts {
                let (stream, _) = listener.accept().await.unwrap();
                all.extend(serve(stream, script).await);
            }
            all
        });
        Self { address, received }
    }

    /// Serves one connection with this answer.
    pub(crate) async fn with_handler(answer: impl AsRef<[u8]>) -> Self {
        Self::new([Script::Response(answer.as_ref().to_vec())]).await
    }

    /// Serves one connection with a JSON answer of the status 200.
    pub(crate) async fn json(body: &str) -> Self {
        let length = body.len();
        Self::with_handler(format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        ))
        .await
    }

    /// The URL under which it listens.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A client of it over a plain [`reqwest::Client`].
    pub(crate) fn client(&self) -> Client {
        Client::new(&self.url(), http()).unwrap()
    }

    /// The requests, once every connection was served.
    pub(crate) async fn requests(self) -> Vec<ReceivedRequest> {
        self.received.await.unwrap()
    }

    /// The only request.
    pub(crate) async fn received_once(self) -> ReceivedRequest {
        let mut all = self.requests().await;
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    /// Whether nothing has connected so far.
    pub(crate) fn is_untouched(&self) -> bool {
        !self.received.is_finished()
    }
}

/// Waits for what must end by itself: a test that would hang fails instead.
pub(crate) async fn promptly<T>(future: impl Future<Output = T>) -> T {
    let limit = std::time::Duration::from_secs(20);
    tokio::time::timeout(limit, future).await.unwrap()
}

/// An HTTP client that follows no redirect.
///
/// A provider of cryptography is installed, although no test uses any: in a build of the whole workspace with the features
/// of `retab-ext`, reqwest has rustls without one, and makes no client then.
pub(crate) fn http() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

impl ReceivedRequest {
    /// The method and the path with its query.
    pub(crate) fn line(&self) -> &str {
        let line = self.head.lines().next().unwrap();
        line.strip_suffix(" HTTP/1.1").unwrap()
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// The body as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// Reads one request and answers it; `None` when the client broke off.
async fn serve(mut stream: TcpStream, script: Script) -> Option<ReceivedRequest> {
    let received = read_request(&mut stream).await;
    let (Script::Response(bytes) | Script::Hold(bytes)) = &script;
    // The client may be gone on purpose.
    let _ = stream.write_all(bytes).await;
    if matches!(script, Script::Hold(_)) {
        let _ = stream.read_to_end(&mut Vec::new()).await;
    }
    received
}

async fn read_request(stream: &mut TcpStream) -> Option<ReceivedRequest> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = find(&bytes, b"\r\n\r\n") {
            break end;
        }
        read_more(stream, &mut bytes).await?;
    };
    let mut received = ReceivedRequest {
        head: String::from_utf8(bytes[..end].to_vec()).unwrap(),
        body: bytes.split_off(end + 4),
    };
    if received.header("transfer-encoding") == Some("chunked") {
        while !received.body.ends_with(b"0\r\n\r\n") {
            read_more(stream, &mut received.body).await?;
        }
        received.body = unchunked(&received.body);
    } else if let Some(length) = received.header("content-length") {
        let length: usize = length.parse().unwrap();
        while received.body.len() < length {
            read_more(stream, &mut received.body).await?;
        }
    }
    Some(received)
}

async fn read_more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<()> {
    let read = stream.read_buf(bytes).await.unwrap_or(0);
    (read > 0).then_some(())
}

fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut joined = Vec::new();
    loop {
        let end = find(body, b"\r\n").unwrap();
        let size = std::str::from_utf8(&body[..end]).unwrap();
        let size = usize::from_str_radix(size, 16).unwrap();
        if size == 0 {
            return joined;
        }
        let start = end + 2;
        joined.extend_from_slice(&body[start..start + size]);
        body = &body[start + size + 2..];
    }
}

fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    bytes
        .windows(needle.len())
        .position(|window| window == needle)
}
