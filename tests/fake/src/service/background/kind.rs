//! The job kinds, their operations and their JSON representation.

use serde_json::{Map, Value, json};

use crate::service::request::Request;
use crate::service::sample::Samples;
use crate::service::timestamp;
use crate::spec::vendored;

use super::output;

/// A job kind.
pub(super) struct Kind {
    /// The name in error responses for unknown IDs.
    pub(super) name: &'static str,
    /// The ID prefix.
    pub(super) prefix: &'static str,
    /// The path parameter that contains the ID.
    pub(super) id_parameter: &'static str,
    /// The component schema of the create request.
    request_schema: &'static str,
    create: &'static [&'static str],
    get: &'static str,
    list: Option<&'static str>,
    cancel: &'static str,
    delete: Option<&'static str>,
    sources: Option<&'static str>,
    /// The status code for new background jobs, if it differs from that of other jobs.
    pub(super) background_status: Option<u16>,
    /// Whether creation is rate-limited.
    pub(super) is_rate_limited: bool,
}

/// The action that an operation performs.
#[derive(Clone, Copy)]
pub(super) enum Action {
    Create,
    Get,
    List,
    Cancel,
    Delete,
    Sources,
}

const DEFAULT: Kind = Kind {
    name: "",
    prefix: "",
    id_parameter: "",
    request_schema: "",
    create: &[],
    get: "",
    list: None,
    cancel: "",
    delete: None,
    sources: None,
    background_status: None,
    is_rate_limited: false,
};

pub(super) static KINDS: [Kind; 7] = [
    Kind {
        name: "extraction",
        prefix: "extr_",
        id_parameter: "extraction_id",
        request_schema: "CreateExtractionRequest",
        create: &["create_extraction", "create_extraction_stream"],
        get: "get_extraction",
        list: Some("list_extractions"),
        cancel: "cancel_extraction",
        delete: Some("delete_extraction"),
        sources: Some("get_extraction_sources"),
        background_status: Some(202),
        is_rate_limited: true,
    },
    Kind {
        name: "parse",
        prefix: "prs_",
        id_parameter: "parse_id",
        request_schema: "CreateParseRequest",
        create: &["create_parse"],
        get: "get_parse",
        list: Some("list_parses"),
        cancel: "cancel_parse",
        delete: Some("delete_parse"),
        is_rate_limited: true,
        ..DEFAULT
    },
    Kind {
        name: "split",
        prefix: "splt_",
        id_parameter: "split_id",
        request_schema: "CreateSplitRequest",
        create: &["create_split"],
        get: "get_split",
        list: Some("list_splits"),
        cancel: "cancel_split",
        delete: Some("delete_split"),
        ..DEFAULT
    },
    Kind {
        name: "classification",
        prefix: "clss_",
        id_parameter: "classification_id",
        request_schema: "CreateClassificationRequest",
        create: &["create_classification"],
        get: "get_classification",
        list: Some("list_classifications"),
        cancel: "cancel_classification",
        delete: Some("delete_classification"),
        ..DEFAULT
    },
    Kind {
        name: "edit",
        prefix: "edit_",
        id_parameter: "edit_id",
        request_schema: "CreateEditRequest",
        create: &["create_edit"],
        get: "get_edit",
        list: Some("list_edits"),
        cancel: "cancel_edit",
        delete: Some("delete_edit"),
        ..DEFAULT
    },
    Kind {
        name: "partition",
        prefix: "prtn_",
        id_parameter: "partition_id",
        request_schema: "CreatePartitionRequest",
        create: &["create_partitions"],
        get: "get_partition",
        list: Some("list_partitions"),
        cancel: "cancel_partition",
        delete: Some("delete_partition"),
        ..DEFAULT
    },
    Kind {
        name: "file blueprint",
        prefix: "blpr_",
        id_parameter: "blueprint_id",
        request_schema: "CreateFileBlueprintRequest",
        create: &["create_file_blueprint"],
        get: "get_file_blueprint",
        cancel: "cancel_file_blueprint",
        ..DEFAULT
    },
];

impl Kind {
    /// Returns the action of an operation of this kind.
    pub(super) fn action(&self, operation: &str) -> Option<Action> {
        let optional = [
            (self.list, Action::List),
            (self.delete, Action::Delete),
            (self.sources, Action::Sources),
        ];
        match operation {
            _ if self.create.contains(&operation) => Some(Action::Create),
            _ if operation == self.get => Some(Action::Get),
            _ if operation == self.cancel => Some(Action::Cancel),
            _ => optional
                .into_iter()
                .find(|(name, _)| *name == Some(operation))
                .map(|(_, action)| action),
        }
    }

    /// Parses the number in an ID of this kind.
    pub(super) fn parse_id(&self, id: &str) -> Option<usize> {
        let number = id.strip_prefix(self.prefix)?.parse().ok()?;
        (self.format_id(number) == id).then_some(number)
    }

    /// Returns the JSON representation of a completed job.
    ///
    /// It is a sample that contains the values of the request, or the defaults of the spec for absent values.
    pub(super) fn completed_job(
        &self,
        number: usize,
        file: Value,
        request: &Request,
        samples: &Samples,
    ) -> Value {
        let create = self.create.first().copied().unwrap_or_default();
        let mut job = samples.body(create, 201);
        let properties = vendored().spec().as_value()["components"]["schemas"][self.request_schema]
            ["properties"]
            .as_object();
        for (name, property) in properties.into_iter().flatten() {
            if job.get(name).is_some() {
                let value = request.body().get(name).or_else(|| property.get("default"));
                job[name] = value.cloned().unwrap_or(Value::Null);
            }
        }
        job["id"] = json!(self.format_id(number));
        job["file"] = file;
        job["error"] = Value::Null;
        for name in ["created_at", "started_at", "completed_at"] {
            if job.get(name).is_some() {
                job[name] = json!(timestamp::format(request.now));
            }
        }
        if let Some(schema) = request.body().get("json_schema") {
            job["output"] = output::from_schema(schema);
        }
        if job["n_consensus"] == 1 {
            job["consensus"] = Value::Null;
        }
        if let Some(fields) = job.as_object_mut() {
            use_requested_names(fields);
        }
        job
    }

    fn format_id(&self, number: usize) -> String {
        format!("{}{number:06}", self.prefix)
    }
}

/// Uses the names of the requested categories and subdocuments in the output.
fn use_requested_names(job: &mut Map<String, Value>) {
    let first_name = |list: Option<&Value>| Some(list?.get(0)?.get("name")?.clone());
    if let Some(category) = first_name(job.get("categories")) {
        job["output"]["category"] = category;
    }
    if let Some(subdocument) = first_name(job.get("subdocuments"))
        && let Some(splits) = job.get_mut("output").and_then(Value::as_array_mut)
    {
        for split in splits {
            split["name"] = subdocument.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_exist_in_spec() {
        for kind in &KINDS {
            let optional = [kind.list, kind.delete, kind.sources];
            let operations = kind.create.iter().copied().chain([kind.get, kind.cancel]);
            for operation in operations.chain(optional.into_iter().flatten()) {
                assert!(vendored().operation(operation).is_some(), "{operation}");
                assert!(kind.action(operation).is_some(), "{operation}");
            }
            assert!(vendored().spec().component(kind.request_schema).is_some());
        }
    }

    #[test]
    fn parses_only_canonical_ids_of_own_kind() {
        let extractions = &KINDS[0];
        assert_eq!(extractions.parse_id("extr_000007"), Some(7));
        for other in ["extr_7", "extr_", "prs_000007", "extr_+00007", ""] {
            assert_eq!(extractions.parse_id(other), None, "{other}");
        }
    }
}
