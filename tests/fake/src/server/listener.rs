//! The two listeners and their thread.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;

use super::exchange;
use super::handler::{Handler, Side};
use super::socket::{ResetSwitch, Socket};

/// The listen backlog. A burst of clients must not overflow it, or they wait for a TCP retransmission.
const BACKLOG: u32 = 1024;

/// The running server. Dropping it stops both listeners and frees their ports.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) storage: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts the API listener on this loopback port, and the storage listener on any free one. Port 0 selects a free port.
    pub(crate) async fn start(port: u16, handler: Arc<Handler>) -> io::Result<Self> {
        let (stop, stopped) = oneshot::channel();
        let (ready, addresses) = oneshot::channel();
        let serve = move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            match runtime {
                Ok(runtime) => runtime.block_on(run(port, handler, ready, stopped)),
                Err(error) => drop(ready.send(Err(error))),
            }
        };
        let thread = std::thread::Builder::new().name("fake_retab".to_owned());
        let thread = thread.spawn(serve)?;
        let addresses = addresses.await;
        let (address, storage) =
            addresses.map_err(|_| io::Error::other("the server thread ended"))??;
        Ok(Self {
            address,
            storage,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // The ports are free only after the thread has ended.
            let _ = thread.join();
        }
    }
}

async fn run(
    port: u16,
    handler: Arc<Handler>,
    ready: oneshot::Sender<io::Result<(SocketAddr, SocketAddr)>>,
    stopped: oneshot::Receiver<()>,
) {
    let (api, storage, addresses) = match listen_on_both(port) {
        Ok(both) => both,
        Err(error) => return drop(ready.send(Err(error))),
    };
    let api = tokio::spawn(accept(api, Side::Api, Arc::clone(&handler)));
    let storage = tokio::spawn(accept(storage, Side::Storage, handler));
    if ready.send(Ok(addresses)).is_ok() {
        // Always resolves to an error, because the sender is dropped.
        let _ = stopped.await;
    }
    api.abort();
    storage.abort();
}

fn listen_on_both(port: u16) -> io::Result<(TcpListener, TcpListener, (SocketAddr, SocketAddr))> {
    let api = listen(port)?;
    let storage = listen(0)?;
    let addresses = (api.local_addr()?, storage.local_addr()?);
    Ok((api, storage, addresses))
}

fn listen(port: u16) -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    // Allows a fixed port to be reused immediately after a restart.
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    socket.listen(BACKLOG)
}

async fn accept(listener: TcpListener, side: Side, handler: Arc<Handler>) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                tokio::spawn(serve(stream, side, Arc::clone(&handler)));
            }
            // The client closed the connection before it was accepted, or file descriptors ran out temporarily.
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

async fn serve(stream: TcpStream, side: Side, handler: Arc<Handler>) {
    // Nagle's algorithm delays small responses.
    let _ = stream.set_nodelay(true);
    let reset = ResetSwitch::default();
    let socket = Socket::new(stream, reset.clone());
    let respond = service_fn(move |request| {
        let (handler, reset) = (Arc::clone(&handler), reset.clone());
        async move { exchange::respond(&handler, side, request, &reset).await }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(socket), respond);
    // Ignores aborted connections and invalid HTTP, to which hyper responds 400 where it can.
    let _ = connection.await;
}
