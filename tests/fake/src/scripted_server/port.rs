//! A port of the loopback, which is kept while it refuses connections.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// A port of this process alone.
pub(super) struct Port {
    address: SocketAddr,
    state: State,
}

enum State {
    Listening(TcpListener),
    /// Bound, so that nobody else takes it; a connection to it is refused.
    Refusing(TcpSocket),
    /// Between the two.
    Neither,
}

impl Port {
    /// A free port, which refuses connections.
    pub(super) fn new() -> io::Result<Self> {
        let socket = bind((Ipv4Addr::LOCALHOST, 0).into())?;
        Ok(Self {
            address: socket.local_addr()?,
            state: State::Refusing(socket),
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes connections from now on.
    pub(super) fn listen(&mut self) -> io::Result<()> {
        if let State::Refusing(socket) = std::mem::replace(&mut self.state, State::Neither) {
            self.state = State::Listening(socket.listen(1024)?);
        }
        Ok(())
    }

    /// Refuses connections from now on.
    pub(super) fn refuse(&mut self) -> io::Result<()> {
        self.state = State::Neither;
        self.state = State::Refusing(bind(self.address)?);
        Ok(())
    }

    /// The next connection; `None` where there can be none.
    pub(super) async fn accept(&self) -> Option<TcpStream> {
        let State::Listening(listener) = &self.state else {
            return None;
        };
        let (stream, _) = listener.accept().await.ok()?;
        Some(stream)
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    // Connections from before may still be about to end.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}
