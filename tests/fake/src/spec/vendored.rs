//! The document of Retab's service that is part of this crate.

use std::sync::LazyLock;

use http::Method;

use super::checker::Checker;
use super::description::{Operation, Spec};
use super::sampler::Sampler;

/// A link to the document of the workspace, which a package has as a file.
const TEXT: &str = include_str!("../../openapi/retab.json");

/// The document of the service, read once for the whole process, with what goes by it.
pub struct Vendored {
    spec: &'static Spec,
    operations: Vec<Operation<'static>>,
    checker: Checker<'static>,
    /// Has drawn nothing, so that its likes draw the same by the same seed.
    sampler: Sampler,
}

static SPEC: LazyLock<Spec> = LazyLock::new(|| {
    #[allow(
        clippy::expect_used,
        reason = "the text is part of the crate, and a test reads it"
    )]
    Spec::new(serde_json::from_str(TEXT).expect("the vendored spec is JSON"))
});

static VENDORED: LazyLock<Vendored> = LazyLock::new(|| {
    let spec = &*SPEC;
    #[allow(
        clippy::expect_used,
        reason = "the spec is part of the crate, and a test reads it"
    )]
    let checker = Checker::new(spec).expect("the vendored spec refers to what is in it");
    Vendored {
        spec,
        operations: spec.operations(),
        checker,
        sampler: Sampler::for_responses(spec, 0),
    }
});

/// The document of the service.
///
/// ```
/// use retab_fake::spec::vendored;
///
/// let run = vendored().operation("create_workflow_run");
/// assert_eq!(run.map(|operation| operation.path), Some("/v1/workflows/runs"));
/// ```
#[must_use]
pub fn vendored() -> &'static Vendored {
    &VENDORED
}

impl Vendored {
    /// The document itself.
    #[must_use]
    pub fn spec(&self) -> &'static Spec {
        self.spec
    }

    /// Every operation, in the document's order.
    #[must_use]
    pub fn operations(&self) -> &[Operation<'static>] {
        &self.operations
    }

    /// The operation of this id.
    #[must_use]
    pub fn operation(&self, id: &str) -> Option<&Operation<'static>> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// The operation that a request is for.
    #[must_use]
    pub fn find(&self, method: &Method, path: &str) -> Option<&Operation<'static>> {
        Operation::find(&self.operations, method, path)
    }

    /// What checks requests and answers; it keeps what it has made of a schema for all who ask.
    #[must_use]
    pub fn checker(&self) -> &Checker<'static> {
        &self.checker
    }

    /// A sampler of answers that has drawn nothing yet.
    pub(crate) fn answers(&self, seed: u64) -> Sampler {
        self.sampler.anew(seed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_of_the_document_is_found_by_its_id_and_its_path() {
        assert_eq!(vendored().operations().len(), 145);
        for operation in vendored().operations() {
            let found = vendored().find(&operation.method, operation.path);
            assert_eq!(found.map(|found| found.id), Some(operation.id));
            assert!(vendored().operation(operation.id).is_some());
        }
        assert!(vendored().operation("no_such_operation").is_none());
    }
}
