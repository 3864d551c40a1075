//! Everything that clients have sent so far.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use crate::received_request::ReceivedRequest;

/// The received requests, and counters that tests can wait on.
#[derive(Default)]
pub(super) struct Recording {
    requests: Mutex<Vec<(ReceivedRequest, Vec<u8>)>>,
    pub(super) heads: watch::Sender<usize>,
    /// The bytes of all bodies, including those of aborted requests.
    pub(super) body_bytes: watch::Sender<usize>,
    /// How many times a script has reached `wait` or `hold`.
    pub(super) idle: watch::Sender<usize>,
}

impl Recording {
    pub(super) fn begin_request(&self, request: ReceivedRequest) {
        self.lock().push((request, Vec::new()));
        self.heads.send_modify(|count| *count += 1);
    }

    /// Appends to the body of the latest request.
    pub(super) fn extend_body(&self, bytes: &[u8]) {
        if let Some((_, body)) = self.lock().last_mut() {
            body.extend_from_slice(bytes);
        }
        self.body_bytes.send_modify(|count| *count += bytes.len());
    }

    pub(super) fn record_idle(&self) {
        self.idle.send_modify(|count| *count += 1);
    }

    pub(super) fn requests(&self) -> Vec<ReceivedRequest> {
        self.lock().iter().map(with_body).collect()
    }

    pub(super) fn latest_request(&self) -> Option<ReceivedRequest> {
        self.lock().last().map(with_body)
    }

    /// Ignores poisoning: the test that panicked has failed already.
    fn lock(&self) -> MutexGuard<'_, Vec<(ReceivedRequest, Vec<u8>)>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn with_body((head, body): &(ReceivedRequest, Vec<u8>)) -> ReceivedRequest {
    ReceivedRequest {
        body: body.clone().into(),
        ..head.clone()
    }
}
