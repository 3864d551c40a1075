//! The spec of the Retab API that ships with this crate.

use std::sync::LazyLock;

use http::Method;

use super::checker::Checker;
use super::openapi::Spec;
use super::operation::Operation;
use super::sampler::Sampler;

/// A symbolic link to the spec of the workspace, which `cargo package` replaces with the file.
const TEXT: &str = include_str!("../../openapi/retab.json");

/// The spec of the Retab API with its operations and a checker, parsed once per process.
pub struct VendoredSpec {
    spec: &'static Spec,
    operations: Vec<Operation<'static>>,
    checker: Checker<'static>,
    /// A sampler without any draws, from which fresh ones are derived.
    sampler: Sampler,
}

static SPEC: LazyLock<Spec> = LazyLock::new(|| {
    #[allow(
        clippy::expect_used,
        reason = "the JSON is compiled in and covered by a test"
    )]
    Spec::new(serde_json::from_str(TEXT).expect("the vendored spec is JSON"))
});

static VENDORED: LazyLock<VendoredSpec> = LazyLock::new(|| {
    let spec = &*SPEC;
    #[allow(
        clippy::expect_used,
        reason = "the spec is compiled in and covered by a test"
    )]
    let checker = Checker::new(spec).expect("the references of the vendored spec resolve");
    VendoredSpec {
        spec,
        operations: spec.operations(),
        checker,
        sampler: Sampler::for_responses(spec, 0),
    }
});

/// Returns the spec of the Retab API.
///
/// ```
/// use retab_fake::spec::vendored;
///
/// let run = vendored().operation("create_workflow_run");
/// assert_eq!(run.map(|operation| operation.path), Some("/v1/workflows/runs"));
/// ```
#[must_use]
pub fn vendored() -> &'static VendoredSpec {
    &VENDORED
}

impl VendoredSpec {
    /// Returns the spec itself.
    #[must_use]
    pub fn spec(&self) -> &'static Spec {
        self.spec
    }

    /// Returns all operations, in the order of the spec.
    #[must_use]
    pub fn operations(&self) -> &[Operation<'static>] {
        &self.operations
    }

    /// Returns the operation with this `operationId`.
    #[must_use]
    pub fn operation(&self, id: &str) -> Option<&Operation<'static>> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// Returns the operation that matches a method and a path.
    #[must_use]
    pub fn find(&self, method: &Method, path: &str) -> Option<&Operation<'static>> {
        Operation::find(&self.operations, method, path)
    }

    /// Returns a shared checker, which caches the validators of schemas.
    #[must_use]
    pub fn checker(&self) -> &Checker<'static> {
        &self.checker
    }

    /// Creates a sampler for responses.
    pub(crate) fn response_sampler(&self, seed: u64) -> Sampler {
        self.sampler.reseeded(seed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_operation_by_id_and_by_path() {
        let paths = vendored().spec().as_value()["paths"].as_object().unwrap();
        let methods = paths.values().map(|path| path.as_object().unwrap().len());
        assert_eq!(vendored().operations().len(), methods.sum::<usize>());
        for operation in vendored().operations() {
            let found = vendored().find(&operation.method, operation.path);
            assert_eq!(found.map(|found| found.id), Some(operation.id));
            assert!(vendored().operation(operation.id).is_some());
        }
        assert!(vendored().operation("no_such_operation").is_none());
    }
}
