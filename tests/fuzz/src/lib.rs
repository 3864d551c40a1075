//! What the fuzzer calls, and what a test of the workspace calls with the inputs that it has found.

pub mod answers;
pub mod texts;
