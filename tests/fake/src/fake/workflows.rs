//! The workflows of the fake, and what their runs give.

use serde_json::Value;

use super::FakeRetab;
use crate::service::workflows;

/// Versions, blocks and steps, in every workflow that there is and in those that come to be by being named.
///
/// `wf_abc123xyz` is always there. Any other id that starts with `wf_` has a workflow from its first use, as if somebody
/// had made it in the dashboard, unless [`only_workflows`](super::Builder::only_workflows) says which ones there are.
impl FakeRetab {
    /// Adds a version with these blocks, by id and type, which is in production from now on.
    ///
    /// Until then `ver_0000production` is, after `ver_0000first`.
    pub fn publish<'b>(&self, version: &str, blocks: impl IntoIterator<Item = (&'b str, &'b str)>) {
        let blocks = workflows::blocks(blocks);
        let mut service = self.handler.service();
        let now = service.clock.now();
        service.workflows.publish_in_all(version, &blocks, now);
    }

    /// Takes what is published out of production.
    pub fn unpublish(&self) {
        self.handler.service().workflows.unpublish_all();
    }

    /// Sets the blocks of the draft, by id and type.
    pub fn edit_draft<'b>(&self, blocks: impl IntoIterator<Item = (&'b str, &'b str)>) {
        let blocks = workflows::blocks(blocks);
        let mut service = self.handler.service();
        let now = service.clock.now();
        service.workflows.edit_all_drafts(&blocks, now);
    }

    /// Sets the steps of every run, without their `run_id`. Until then there is one, which has extracted an invoice.
    pub fn set_steps(&self, steps: impl IntoIterator<Item = Value>) {
        self.handler.service().runs.steps.set(steps);
    }
}
