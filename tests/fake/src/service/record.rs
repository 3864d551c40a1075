//! The requests that were received, for tests to look at.

use std::collections::VecDeque;

use crate::received_request::ReceivedRequest;

/// How many requests are kept where nothing else is said.
const MOST_REQUESTS: usize = 100_000;

/// How many bytes of bodies are kept.
const MOST_BYTES: usize = 256 * 1024 * 1024;

/// The newest requests: the oldest go when there are too many, or when their bodies are too large together.
pub(crate) struct Record {
    kept: VecDeque<ReceivedRequest>,
    bytes: usize,
    most: usize,
    count: u64,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            kept: VecDeque::new(),
            bytes: 0,
            most: MOST_REQUESTS,
            count: 0,
        }
    }
}

impl Record {
    /// Keeps no more than so many.
    pub(crate) fn keep(&mut self, most: usize) {
        self.most = most;
        self.forget_the_oldest();
    }

    pub(crate) fn add(&mut self, request: &ReceivedRequest) {
        self.count += 1;
        self.bytes += request.body.len();
        self.kept.push_back(request.clone());
        self.forget_the_oldest();
    }

    /// How many requests there ever were.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    pub(crate) fn all(&self) -> Vec<ReceivedRequest> {
        self.kept.iter().cloned().collect()
    }

    pub(crate) fn take(&mut self) -> Vec<ReceivedRequest> {
        self.bytes = 0;
        std::mem::take(&mut self.kept).into()
    }

    fn forget_the_oldest(&mut self) {
        while self.kept.len() > self.most || self.bytes > MOST_BYTES {
            match self.kept.pop_front() {
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

    fn paths(record: &Record) -> Vec<String> {
        record
            .all()
            .into_iter()
            .map(|request| request.path)
            .collect()
    }

    #[test]
    fn the_newest_are_kept_and_all_are_counted() {
        let mut record = Record::default();
        record.keep(2);
        for path in 1..4 {
            record.add(&request(path, 0));
        }
        assert_eq!(
            (paths(&record), record.count()),
            (vec!["/2".into(), "/3".into()], 3)
        );
        record.keep(0);
        record.add(&request(4, 1));
        assert_eq!((record.take().len(), record.count()), (0, 4));
    }

    #[test]
    fn large_bodies_do_not_add_up() {
        let mut record = Record::default();
        for path in 1..6 {
            record.add(&request(path, MOST_BYTES / 3));
        }
        assert_eq!(paths(&record), ["/3", "/4", "/5"]);
        record.take();
        record.add(&request(6, MOST_BYTES));
        assert_eq!(paths(&record), ["/6"]);
    }
}
