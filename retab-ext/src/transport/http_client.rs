//! The `reqwest` clients of a transport, one for each tokio runtime that cannot share connections.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::runtime::{Handle, Id, RuntimeFlavor};

type Build = dyn Fn() -> Result<reqwest::Client, reqwest::Error> + Send + Sync;

/// The number of runtimes whose connections are kept. Each takes a few kilobytes without connections.
const MAX_RUNTIMES: usize = 64;

/// A `reqwest` client for each current-thread runtime, and one for all multi-thread runtimes.
///
/// The runtime that opens a connection also drives it. A current-thread runtime does so only while it blocks on a future.
/// In a shared pool, a request of another runtime could reuse a connection of an idle runtime, and would get no response.
#[derive(Clone)]
pub(crate) struct HttpClient {
    build: Arc<Build>,
    clients: Arc<Mutex<Clients>>,
}

struct Clients {
    /// The client that no runtime has used yet.
    unused: Option<reqwest::Client>,
    /// The most recently used client is the last. The id is `None` for multi-thread runtimes.
    used: VecDeque<(Option<Id>, reqwest::Client)>,
}

impl HttpClient {
    /// Builds the first client. `build` runs again for each further current-thread runtime.
    pub(crate) fn new(
        build: impl Fn() -> Result<reqwest::Client, reqwest::Error> + Send + Sync + 'static,
    ) -> Result<Self, reqwest::Error> {
        let clients = Clients {
            unused: Some(build()?),
            used: VecDeque::new(),
        };
        Ok(Self {
            build: Arc::new(build),
            clients: Arc::new(Mutex::new(clients)),
        })
    }

    /// Returns the client for the current runtime.
    pub(crate) fn of_current_runtime(&self) -> Result<reqwest::Client, reqwest::Error> {
        let runtime = Handle::try_current().ok();
        let runtime =
            runtime.filter(|runtime| runtime.runtime_flavor() != RuntimeFlavor::MultiThread);
        let id = runtime.map(|runtime| runtime.id());
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let Clients { unused, used } = &mut *clients;
        let position = used.iter().position(|(owner, _)| *owner == id);
        let known = position.and_then(|position| used.remove(position));
        let client = match known.map(|(_, client)| client).or_else(|| unused.take()) {
            Some(client) => client,
            None => (self.build)()?,
        };
        if used.len() == MAX_RUNTIMES {
            used.pop_front();
        }
        used.push_back((id, client.clone()));
        Ok(client)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::runtime::{Builder, Runtime};

    use super::MAX_RUNTIMES;
    use crate::Client;

    fn runtime() -> Runtime {
        Builder::new_current_thread().build().unwrap()
    }

    #[test]
    fn drops_client_of_least_recently_used_runtime() {
        let built = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&built);
        let client = Client::builder()
            .api_key("rt_test_1")
            .base_url("http://127.0.0.1")
            .configure_http(move |http| {
                counter.fetch_add(1, Ordering::Relaxed);
                http
            })
            .build()
            .unwrap();
        let http = &client.storage().http;
        let use_in = |runtime: &Runtime| {
            runtime.block_on(async { http.of_current_runtime().map(drop).unwrap() });
            // The client of the service has been built, too.
            built.load(Ordering::Relaxed) - 1
        };
        let runtimes: Vec<_> = (0..=MAX_RUNTIMES).map(|_| runtime()).collect();
        for (position, runtime) in runtimes[..MAX_RUNTIMES].iter().enumerate() {
            assert_eq!(use_in(runtime), position + 1);
        }
        // The first is used again, so the next runtime replaces the second.
        assert_eq!(use_in(&runtimes[0]), MAX_RUNTIMES);
        assert_eq!(use_in(&runtimes[MAX_RUNTIMES]), MAX_RUNTIMES + 1);
        assert_eq!(use_in(&runtimes[0]), MAX_RUNTIMES + 1);
        assert_eq!(use_in(&runtimes[1]), MAX_RUNTIMES + 2);
    }
}
