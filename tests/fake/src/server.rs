//! The server under the fake: a thread of its own with two listeners, one for the service and one for the storage.
//!
//! The thread lets a test block its own runtime, or have none, without stopping the fake.

mod body;
mod exchange;
mod socket;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::oneshot;

use crate::faults::Faults;
use crate::service::Service;
use socket::{End, Socket};

/// How many connections may wait to be accepted; a burst of clients must not wait for a packet that is sent again.
const BACKLOG: u32 = 1024;

/// What the two listeners answer with.
pub(crate) struct Handler {
    pub(crate) service: Mutex<Service>,
    pub(crate) faults: Mutex<Faults>,
    /// How long every answer waits.
    pub(crate) latency: Duration,
    pub(crate) log: Option<Log>,
}

/// Takes one line for each request.
pub(crate) type Log = Box<dyn Fn(&str) + Send + Sync>;

/// Which of the two a request came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Service,
    Storage,
}

/// The listening server, until it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) storage: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Handler {
    /// A test that panicked while it held the lock has failed already; the other tests go on.
    pub(crate) fn service(&self) -> MutexGuard<'_, Service> {
        self.service.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Server {
    /// Listens on a port of the loopback, and for the storage on another one; 0 is any that is free.
    pub(crate) async fn start(port: u16, handler: Arc<Handler>) -> io::Result<Self> {
        let (stop, stopped) = oneshot::channel();
        let (listening, listens) = oneshot::channel();
        let serve = move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            match runtime {
                Ok(runtime) => runtime.block_on(run(port, handler, listening, stopped)),
                Err(error) => drop(listening.send(Err(error))),
            }
        };
        let thread = std::thread::Builder::new().name("fake_retab".to_owned());
        let thread = thread.spawn(serve)?;
        let listens = listens.await;
        let (address, storage) =
            listens.map_err(|_| io::Error::other("the server has ended"))??;
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
            // The ports are free once it has ended.
            let _ = thread.join();
        }
    }
}

async fn run(
    port: u16,
    handler: Arc<Handler>,
    listening: oneshot::Sender<io::Result<(SocketAddr, SocketAddr)>>,
    stopped: oneshot::Receiver<()>,
) {
    let (service, storage, addresses) = match listen_to_both(port) {
        Ok(both) => both,
        Err(error) => return drop(listening.send(Err(error))),
    };
    let service = tokio::spawn(accept(service, Side::Service, Arc::clone(&handler)));
    let storage = tokio::spawn(accept(storage, Side::Storage, handler));
    if listening.send(Ok(addresses)).is_ok() {
        // It comes to an error, for the sender is dropped.
        let _ = stopped.await;
    }
    service.abort();
    storage.abort();
}

fn listen_to_both(port: u16) -> io::Result<(TcpListener, TcpListener, (SocketAddr, SocketAddr))> {
    let service = listen(port)?;
    let storage = listen(0)?;
    let addresses = (service.local_addr()?, storage.local_addr()?);
    Ok((service, storage, addresses))
}

fn listen(port: u16) -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    // A port that was given can be had again at once.
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
            // One connection that is gone before it is taken, or no descriptor left at the moment.
            Err(_) => tokio::task::yield_now().await,
        }
    }
}

async fn serve(stream: TcpStream, side: Side, handler: Arc<Handler>) {
    // An answer is not to wait for more to send.
    let _ = stream.set_nodelay(true);
    let end = End::default();
    let socket = Socket::new(stream, end.clone());
    let answer = service_fn(move |request| {
        let (handler, end) = (Arc::clone(&handler), end.clone());
        async move { exchange::answer(&handler, side, request, &end).await }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(socket), answer);
    // A client that breaks off or speaks no HTTP is no failure of the fake; hyper has answered 400 where it could.
    let _ = connection.await;
}
