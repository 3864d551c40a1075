//! Workflow versions, drafts and run steps of the fake.

use serde_json::Value;

use super::FakeRetab;
use crate::service::workflows;

/// Versions, blocks and steps. Changes apply to every workflow, present and future.
///
/// `wf_abc123xyz` always exists. Any other ID that starts with `wf_` exists from its first use, as if somebody had
/// created the workflow in the dashboard, unless [`only_workflows`](super::FakeRetabBuilder::only_workflows) is set.
impl FakeRetab {
    /// Publishes a version with these blocks, given as pairs of ID and type.
    ///
    /// Before the first call, the version history is `ver_0000first`, then `ver_0000production`, which is published.
    pub fn publish<'b>(&self, version: &str, blocks: impl IntoIterator<Item = (&'b str, &'b str)>) {
        let blocks = workflows::blocks(blocks);
        let mut service = self.handler.service();
        let now = service.clock.now();
        service.workflows.publish_in_all(version, &blocks, now);
    }

    /// Unpublishes the production version.
    pub fn unpublish(&self) {
        self.handler.service().workflows.unpublish_all();
    }

    /// Sets the blocks of the draft, given as pairs of ID and type.
    pub fn edit_draft<'b>(&self, blocks: impl IntoIterator<Item = (&'b str, &'b str)>) {
        let blocks = workflows::blocks(blocks);
        let mut service = self.handler.service();
        let now = service.clock.now();
        service.workflows.edit_all_drafts(&blocks, now);
    }

    /// Sets the steps of every run, without their `run_id`. By default, a run has one step that extracted an invoice.
    pub fn set_steps(&self, steps: impl IntoIterator<Item = Value>) {
        self.handler.service().runs.steps.set(steps);
    }
}
