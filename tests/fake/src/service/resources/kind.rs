//! The resource kinds and their operations.

/// A resource kind.
pub(super) struct Kind {
    /// The name in error responses for unknown IDs.
    pub(super) name: &'static str,
    /// The ID prefix.
    pub(super) prefix: &'static str,
    /// The path parameter that contains the ID.
    pub(super) id_parameter: &'static str,
    pub(super) create: &'static str,
    pub(super) get: Option<&'static str>,
    pub(super) list: &'static str,
    pub(super) update: Option<&'static str>,
    pub(super) delete: Option<&'static str>,
    pub(super) cancel: Option<&'static str>,
    /// The status code of the create operation.
    pub(super) created_status: u16,
    /// The suffix of the lifecycle schemas, if the resource has a lifecycle.
    pub(super) lifecycle: Option<&'static str>,
    /// JSON pointers of the query filters that differ from the property of the same name.
    pub(super) filters: &'static [(&'static str, &'static str)],
}

const DEFAULT: Kind = Kind {
    name: "",
    prefix: "",
    id_parameter: "",
    create: "",
    get: None,
    list: "",
    update: None,
    delete: None,
    cancel: None,
    created_status: 201,
    lifecycle: None,
    filters: &[],
};

pub(super) static KINDS: [Kind; 6] = [
    Kind {
        name: "template",
        prefix: "tmpl_",
        id_parameter: "template_id",
        create: "create_template",
        get: Some("get_template"),
        list: "list_templates",
        update: Some("update_template"),
        delete: Some("delete_template"),
        ..DEFAULT
    },
    Kind {
        name: "eval",
        prefix: "eval_",
        id_parameter: "eval_id",
        create: "create_workflow_eval",
        get: Some("get_workflow_eval"),
        list: "list_workflow_evals",
        update: Some("update_workflow_eval"),
        delete: Some("delete_workflow_eval"),
        filters: &[("target_block_id", "/target/block_id")],
        ..DEFAULT
    },
    Kind {
        name: "eval run",
        prefix: "evrun_",
        id_parameter: "run_id",
        create: "create_workflow_eval_run",
        get: Some("get_workflow_eval_run"),
        list: "list_workflow_eval_runs",
        cancel: Some("cancel_workflow_eval_run"),
        created_status: 202,
        lifecycle: Some("WorkflowEvalRun"),
        filters: &[
            ("target_block_id", "/target/block_id"),
            ("status", "/lifecycle/status"),
            ("trigger_type", "/trigger/type"),
        ],
        ..DEFAULT
    },
    Kind {
        name: "experiment",
        prefix: "exp_",
        id_parameter: "experiment_id",
        create: "create_experiment",
        get: Some("get_experiment"),
        list: "list_experiments",
        update: Some("update_experiment"),
        delete: Some("delete_experiment"),
        ..DEFAULT
    },
    Kind {
        name: "experiment run",
        prefix: "exrun_",
        id_parameter: "run_id",
        create: "create_experiment_run",
        get: Some("get_experiment_run"),
        list: "list_experiment_runs",
        cancel: Some("cancel_experiment_run"),
        created_status: 202,
        lifecycle: Some("WorkflowExperimentRun"),
        filters: &[
            ("status", "/lifecycle/status"),
            ("trigger_type", "/trigger/type"),
        ],
        ..DEFAULT
    },
    Kind {
        name: "block execution",
        prefix: "bexec_",
        create: "create_block_execution",
        list: "list_block_executions",
        lifecycle: Some("BlockExecutionLifecycle"),
        filters: &[("run_id", "/source_run_id")],
        ..DEFAULT
    },
];

/// The lifecycle of a resource.
pub(super) const LIFECYCLES: [&str; 3] = ["Pending", "Running", "Completed"];

impl Kind {
    /// Formats the ID of a resource of this kind.
    pub(super) fn format_id(&self, number: usize) -> String {
        format!("{}{number:06}", self.prefix)
    }

    /// Parses the number in an ID of this kind.
    pub(super) fn parse_id(&self, id: &str) -> Option<usize> {
        let number = id.strip_prefix(self.prefix)?.parse().ok()?;
        (self.format_id(number) == id).then_some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::vendored;

    #[test]
    fn operations_and_lifecycles_exist_in_spec() {
        for kind in &KINDS {
            let optional = [kind.get, kind.update, kind.delete, kind.cancel];
            for operation in [kind.create, kind.list]
                .into_iter()
                .chain(optional.into_iter().flatten())
            {
                assert!(vendored().operation(operation).is_some(), "{operation}");
            }
            for name in LIFECYCLES.iter().chain(&["Cancelled"]) {
                let schema = kind.lifecycle.map(|suffix| format!("{name}{suffix}"));
                assert!(schema.is_none_or(|name| vendored().spec().component(&name).is_some()));
            }
        }
    }
}
