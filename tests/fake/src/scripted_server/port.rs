//! A loopback port that stays reserved while it refuses connections.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// A reserved loopback port.
pub(super) struct Port {
    address: SocketAddr,
    state: State,
}

enum State {
    Listening(TcpListener),
    /// Bound but not listening: no other process can use the port, and connections are refused.
    Refusing(TcpSocket),
    /// Switching between the two.
    Switching,
}

impl Port {
    /// Reserves a free port that refuses connections.
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

    /// Starts accepting connections.
    pub(super) fn listen(&mut self) -> io::Result<()> {
        if let State::Refusing(socket) = std::mem::replace(&mut self.state, State::Switching) {
            self.state = State::Listening(socket.listen(1024)?);
        }
        Ok(())
    }

    /// Starts refusing connections.
    pub(super) fn refuse(&mut self) -> io::Result<()> {
        self.state = State::Switching;
        self.state = State::Refusing(bind(self.address)?);
        Ok(())
    }

    /// Accepts the next connection. Returns `None` if the port is not listening or accepting fails.
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
    // Earlier connections can still be in TIME_WAIT.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}
