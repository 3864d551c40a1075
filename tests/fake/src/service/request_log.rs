//! A bounded log of received requests for test assertions.

use std::collections::VecDeque;

use crate::received_request::ReceivedRequest;

/// The default maximum number of logged requests.
const DEFAULT_MAX_REQUESTS: usize = 100_000;

/// The maximum total size of the logged bodies.
const MAX_BODY_BYTES: usize = 256 * 1024 * 1024;

/// The newest requests. The oldest are dropped when a limit is exceeded.
pub(crate) struct RequestLog {
    entries: VecDeque<ReceivedRequest>,
    bytes: usize,
    limit: usize,
    count: u64,
}

impl Default for RequestLog {
    fn default() -> Self {
        Self {
            entries: VecDeque::new(),
            bytes: 0,
            limit: DEFAULT_MAX_REQUESTS,
            count: 0,
        }
    }
}

impl RequestLog {
    /// Sets the maximum number of logged requests.
    pub(crate) fn set_limit(&mut self, limit: usize) {
        self.limit = limit;
        self.evict_oldest();
    }

    pub(crate) fn add(&mut self, request: &ReceivedRequest) {
        self.count += 1;
        self.bytes += request.body.len();
        self.entries.push_back(request.clone());
        self.evict_oldest();
    }

    /// Returns the number of requests received so far, including dropped ones.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    pub(crate) fn all(&self) -> Vec<ReceivedRequest> {
        self.entries.iter().cloned().collect()
    }

    pub(crate) fn take(&mut self) -> Vec<ReceivedRequest> {
        self.bytes = 0;
        std::mem::take(&mut self.entries).into()
    }

    fn evict_oldest(&mut self) {
        while self.entries.len() > self.limit || self.bytes > MAX_BODY_BYTES {
            match self.entries.pop_front() {
                Some(oldest) => self.bytes -= oldest.body.len(),
                None => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use http::{HeaderMap, Method};

    use super::*;

    fn request(path: usize, body: usize) -> ReceivedRequest {
        ReceivedRequest {
            method: Method::POST,
            path: format!("/{path}"),
            query: String::new(),
            headers: HeaderMap::new(),
            body: Bytes::from(vec![0; body]),
        }
    }

    fn paths(log: &RequestLog) -> Vec<String> {
        log.all().into_iter().map(|request| request.path).collect()
    }

    #[test]
    fn drops_oldest_requests_and_counts_all() {
        let mut log = RequestLog::default();
        log.set_limit(2);
        for path in 1..4 {
            log.add(&request(path, 0));
        }
        assert_eq!(
            (paths(&log), log.count()),
            (vec!["/2".into(), "/3".into()], 3)
        );
        log.set_limit(0);
        log.add(&request(4, 1));
        assert_eq!((log.take().len(), log.count()), (0, 4));
    }

    #[test]
    fn limits_total_body_size() {
        let mut log = RequestLog::default();
        for path in 1..6 {
            log.add(&request(path, MAX_BODY_BYTES / 3));
        }
        assert_eq!(paths(&log), ["/3", "/4", "/5"]);
        log.take();
        log.add(&request(6, MAX_BODY_BYTES));
        assert_eq!(paths(&log), ["/6"]);
    }
}
