//! A server that replays scripted bytes, one request per connection, without an HTTP library.

use std::net::SocketAddr;

use retab_api::Client;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// The response to the request of one connection.
#[derive(Clone, Debug)]
pub(crate) enum Script {
    /// Writes the bytes and closes the connection.
    Response(Vec<u8>),
    /// Writes the bytes and keeps the connection open until the client closes it.
    Hold(Vec<u8>),
}

/// A listening server.
pub(crate) struct ScriptedServer {
    address: SocketAddr,
    received: JoinHandle<Vec<ReceivedRequest>>,
}

/// A received request.
#[derive(Clone, Debug)]
pub(crate) struct ReceivedRequest {
    /// The request line and the headers.
    pub(crate) head: String,
    /// The body, with chunks joined.
    pub(crate) body: Vec<u8>,
}

impl ScriptedServer {
    /// Serves one connection per script, sequentially.
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

    /// Serves one connection with a raw response.
    pub(crate) async fn with_response(response: impl AsRef<[u8]>) -> Self {
        Self::new([Script::Response(response.as_ref().to_vec())]).await
    }

    /// Serves one connection with a JSON response of status 200.
    pub(crate) async fn json(body: &str) -> Self {
        let length = body.len();
        Self::with_response(format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
        ))
        .await
    }

    /// Returns the base URL.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns a client without custom executors.
    pub(crate) fn client(&self) -> Client {
        Client::new(&self.url(), http()).unwrap()
    }

    /// Waits until every connection is served and returns the requests.
    pub(crate) async fn requests(self) -> Vec<ReceivedRequest> {
        self.received.await.unwrap()
    }

    /// Waits for the only request.
    pub(crate) async fn only_request(self) -> ReceivedRequest {
        let mut all = self.requests().await;
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    /// Returns whether no connection has been served yet. Requires a single script.
    pub(crate) fn has_no_connections(&self) -> bool {
        !self.received.is_finished()
    }
}

/// Awaits a future, and panics after 20 s.
pub(crate) async fn promptly<T>(future: impl Future<Output = T>) -> T {
    let limit = std::time::Duration::from_secs(20);
    tokio::time::timeout(limit, future).await.unwrap()
}

/// Returns an HTTP client that does not follow redirects.
///
/// Installs a crypto provider: with the features of `retab-ext` enabled in a workspace build, reqwest uses rustls without
/// one and cannot create a client.
pub(crate) fn http() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

impl ReceivedRequest {
    /// Returns the method and the path with its query.
    pub(crate) fn line(&self) -> &str {
        let line = self.head.lines().next().unwrap();
        line.strip_suffix(" HTTP/1.1").unwrap()
    }

    /// Returns the value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// Returns the body as text.
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }
}

/// Reads and responds to one request. Returns `None` if the client closed the connection early.
async fn serve(mut stream: TcpStream, script: Script) -> Option<ReceivedRequest> {
    let received = read_request(&mut stream).await;
    let (Script::Response(bytes) | Script::Hold(bytes)) = &script;
    // Some tests close the connection on purpose.
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
