//! Hoists inline enums, objects and unions into the components and merges equal ones.
//!
//! The generator names an inline type after its place, ignores existing names, and emits equal types
//! repeatedly. This pass hoists each type under a name chosen from its place
//! (`WorkflowRun.lifecycle` becomes `WorkflowRunLifecycle`), from the words common to its places
//! (`source` of `CreateWorkflowEvalRequest` and `WorkflowEval` becomes `WorkflowEvalSource`), or from
//! `x-type-name` in an overlay.

mod candidates;
mod hoist;
mod site;
#[cfg(test)]
mod tests;

pub(super) use self::hoist::lower;
pub(crate) use self::hoist::take_renamed_types;
