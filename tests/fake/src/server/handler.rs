//! The state shared by all connections.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::faults::Faults;
use crate::service::Service;

/// The state that requests are handled with.
pub(crate) struct Handler {
    pub(crate) service: Mutex<Service>,
    pub(crate) faults: Mutex<Faults>,
    /// The delay before every response.
    pub(crate) latency: Duration,
    pub(crate) log: Option<Log>,
}

/// Receives one line per request.
pub(crate) type Log = Box<dyn Fn(&str) + Send + Sync>;

/// The listener that accepted a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Api,
    Storage,
}

impl Handler {
    /// Locks the service. A poisoned lock is used anyway: the test that panicked has failed already, others continue.
    pub(crate) fn service(&self) -> MutexGuard<'_, Service> {
        self.service.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
