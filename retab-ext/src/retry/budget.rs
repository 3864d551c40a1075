//! The retry budget that a client shares with its clones.

use std::sync::atomic::{AtomicU32, Ordering};

/// The default budget, in retries.
pub(crate) const DEFAULT_RETRIES: u32 = 100;

/// The tokens that a retry takes, and that a request returns if it succeeds after a retry.
const RETRY_COST: u32 = 5;
/// The tokens that a request returns if it succeeds without retries.
const FIRST_ATTEMPT_REFUND: u32 = 1;

/// A token bucket. Retries take tokens, responses of a healthy service return some.
///
/// The bucket stays full while the service is healthy. It runs empty during an outage, so that retries add little load.
#[derive(Debug)]
pub(crate) struct Budget {
    tokens: AtomicU32,
    capacity: u32,
}

impl Budget {
    /// Creates a full budget for this number of consecutive retries.
    pub(crate) fn new(retries: u32) -> Self {
        let capacity = retries.saturating_mul(RETRY_COST);
        Self {
            tokens: AtomicU32::new(capacity),
            capacity,
        }
    }

    /// Takes the tokens for one retry. Returns false if too few are left.
    pub(super) fn take(&self) -> bool {
        let take = |tokens: u32| tokens.checked_sub(RETRY_COST);
        self.tokens
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
            .is_ok()
    }

    /// Returns tokens after a request got a response from a healthy service.
    pub(super) fn refund(&self, retried: bool) {
        let amount = if retried {
            RETRY_COST
        } else {
            FIRST_ATTEMPT_REFUND
        };
        let refund = |tokens: u32| Some(tokens.saturating_add(amount).min(self.capacity));
        // Never fails, because the closure always returns a value.
        let _ = self
            .tokens
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, refund);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_budget_refills_with_successful_requests() {
        let budget = Budget::new(2);
        assert!(budget.take() && budget.take());
        assert!(!budget.take());
        budget.refund(true);
        assert!(budget.take());
        for _ in 0..5 {
            assert!(!budget.take());
            budget.refund(false);
        }
        assert!(budget.take());
    }

    #[test]
    fn full_budget_does_not_grow() {
        let budget = Budget::new(1);
        budget.refund(true);
        assert!(budget.take());
        assert!(!budget.take());
        assert!(!Budget::new(0).take());
    }
}
