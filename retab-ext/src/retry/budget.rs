//! How many retries a client has left, all its clones together.

use std::sync::atomic::{AtomicU32, Ordering};

/// How many retries a new client has.
pub(crate) const DEFAULT_RETRIES: u32 = 100;

/// What a retry takes.
const RETRY: u32 = 5;
/// What a call that needed no retry gives.
const EASY_CALL: u32 = 1;

/// A stock of tokens: a retry takes some, an answer of a service that is well gives some back.
///
/// While the service is well it is full; in an outage it runs dry, and the load stays near that of the calls themselves.
#[derive(Debug)]
pub(crate) struct Budget {
    tokens: AtomicU32,
    capacity: u32,
}

impl Budget {
    /// A full stock for so many retries in a row.
    pub(crate) fn new(retries: u32) -> Self {
        let capacity = retries.saturating_mul(RETRY);
        Self {
            tokens: AtomicU32::new(capacity),
            capacity,
        }
    }

    /// Takes the tokens of a retry; false where too few are left.
    pub(super) fn take(&self) -> bool {
        let taken = |tokens: u32| tokens.checked_sub(RETRY);
        self.tokens
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken)
            .is_ok()
    }

    /// Gives back what a call that was answered is worth: the retry that helped, or a little where none was needed.
    pub(super) fn give(&self, retried: bool) {
        let worth = if retried { RETRY } else { EASY_CALL };
        let given = |tokens: u32| Some(tokens.saturating_add(worth).min(self.capacity));
        // It cannot fail: there is always a new value.
        let _ = self
            .tokens
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, given);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stock_that_is_used_up_grows_again_with_what_succeeds() {
        let budget = Budget::new(2);
        assert!(budget.take() && budget.take());
        assert!(!budget.take());
        budget.give(true);
        assert!(budget.take());
        for _ in 0..5 {
            assert!(!budget.take());
            budget.give(false);
        }
        assert!(budget.take());
    }

    #[test]
    fn a_full_stock_does_not_grow() {
        let budget = Budget::new(1);
        budget.give(true);
        assert!(budget.take());
        assert!(!budget.take());
        assert!(!Budget::new(0).take());
    }
}
