//! The workflow of the fake, and what its runs give.

use serde_json::Value;

use super::{FakeRetab, lock};
use crate::service::workflows;

/// Versions, blocks and steps; every workflow id is an id of the one workflow.
impl FakeRetab {
    /// Adds a version with these blocks, by id and type, which is in production from now on.
    ///
    /// Until then `ver_0000production` is, after `ver_0000first`.
    pub fn publish<'b>(&self, version: &str, blocks: impl IntoIterator<Item = (&'b str, &'b str)>) {
        let blocks = workflows::blocks(blocks);
        lock(&self.service).workflows.publish(version, blocks);
    }

    /// Takes what is published out of production.
    pub fn unpublish(&self) {
        lock(&self.service).workflows.published = None;
    }

    /// Sets the blocks of the draft, by id and type.
    pub fn edit_draft<'b>(&self, blocks: impl IntoIterator<Item = (&'b str, &'b str)>) {
        let blocks = workflows::blocks(blocks);
        lock(&self.service).workflows.edit_draft(blocks);
    }

    /// Sets the steps of every run, without their `run_id`. Until then there is one, which has extracted an invoice.
    pub fn give_by_steps(&self, steps: impl IntoIterator<Item = Value>) {
        lock(&self.service).steps.set(steps);
    }
}
