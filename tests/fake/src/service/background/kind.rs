//! The kinds of work: their operations, and what each shows of its request.

use serde_json::{Map, Value, json};

use crate::service::call::Call;
use crate::service::sample::Samples;
use crate::service::time;
use crate::spec::vendored;

use super::output;

/// A kind of work.
pub(super) struct Kind {
    /// What it is called where there is none of an id.
    pub(super) name: &'static str,
    /// What its ids start with.
    pub(super) prefix: &'static str,
    /// The parameter of the path that has its id.
    pub(super) id: &'static str,
    /// The schema of the request that creates it.
    request: &'static str,
    create: &'static [&'static str],
    get: &'static str,
    list: Option<&'static str>,
    cancel: &'static str,
    delete: Option<&'static str>,
    sources: Option<&'static str>,
    /// The status of what goes on in the background, where it is not that of other work.
    pub(super) accepted: Option<u16>,
    /// Whether only so much of it may be created in a minute.
    pub(super) is_limited: bool,
}

/// What an operation does to work.
#[derive(Clone, Copy)]
pub(super) enum Action {
    Create,
    Get,
    List,
    Cancel,
    Delete,
    Sources,
}

const USUAL: Kind = Kind {
    name: "",
    prefix: "",
    id: "",
    request: "",
    create: &[],
    get: "",
    list: None,
    cancel: "",
    delete: None,
    sources: None,
    accepted: None,
    is_limited: false,
};

pub(super) static KINDS: [Kind; 7] = [
    Kind {
        name: "extraction",
        prefix: "extr_",
        id: "extraction_id",
        request: "CreateExtractionRequest",
        create: &["create_extraction", "create_extraction_stream"],
        get: "get_extraction",
        list: Some("list_extractions"),
        cancel: "cancel_extraction",
        delete: Some("delete_extraction"),
        sources: Some("get_extraction_sources"),
        accepted: Some(202),
        is_limited: true,
    },
    Kind {
        name: "parse",
        prefix: "prs_",
        id: "parse_id",
        request: "CreateParseRequest",
        create: &["create_parse"],
        get: "get_parse",
        list: Some("list_parses"),
        cancel: "cancel_parse",
        delete: Some("delete_parse"),
        is_limited: true,
        ..USUAL
    },
    Kind {
        name: "split",
        prefix: "splt_",
        id: "split_id",
        request: "CreateSplitRequest",
        create: &["create_split"],
        get: "get_split",
        list: Some("list_splits"),
        cancel: "cancel_split",
        delete: Some("delete_split"),
        ..USUAL
    },
    Kind {
        name: "classification",
        prefix: "clss_",
        id: "classification_id",
        request: "CreateClassificationRequest",
        create: &["create_classification"],
        get: "get_classification",
        list: Some("list_classifications"),
        cancel: "cancel_classification",
        delete: Some("delete_classification"),
        ..USUAL
    },
    Kind {
        name: "edit",
        prefix: "edit_",
        id: "edit_id",
        request: "CreateEditRequest",
        create: &["create_edit"],
        get: "get_edit",
        list: Some("list_edits"),
        cancel: "cancel_edit",
        delete: Some("delete_edit"),
        ..USUAL
    },
    Kind {
        name: "partition",
        prefix: "prtn_",
        id: "partition_id",
        request: "CreatePartitionRequest",
        create: &["create_partitions"],
        get: "get_partition",
        list: Some("list_partitions"),
        cancel: "cancel_partition",
        delete: Some("delete_partition"),
        ..USUAL
    },
    Kind {
        name: "file blueprint",
        prefix: "blpr_",
        id: "blueprint_id",
        request: "CreateFileBlueprintRequest",
        create: &["create_file_blueprint"],
        get: "get_file_blueprint",
        cancel: "cancel_file_blueprint",
        ..USUAL
    },
];

impl Kind {
    /// What an operation does to work of this kind.
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
                .find(|(named, _)| *named == Some(operation))
                .map(|(_, action)| action),
        }
    }

    /// The number in an id of this kind.
    pub(super) fn number(&self, id: &str) -> Option<usize> {
        let number = id.strip_prefix(self.prefix)?.parse().ok()?;
        (self.id_of(number) == id).then_some(number)
    }

    /// What becomes of a request once the work is completed: a sample, with what the request says, by the document's
    /// defaults where it says nothing.
    pub(super) fn resource(
        &self,
        number: usize,
        file: Value,
        call: &Call<'_>,
        samples: &Samples,
    ) -> Value {
        let create = self.create.first().copied().unwrap_or_default();
        let mut resource = samples.of(create, 201);
        let properties =
            vendored().spec().as_value()["components"]["schemas"][self.request]["properties"]
                .as_object();
        for (name, property) in properties.into_iter().flatten() {
            if resource.get(name).is_some() {
                let said = call.body().get(name).or_else(|| property.get("default"));
                resource[name] = said.cloned().unwrap_or(Value::Null);
            }
        }
        resource["id"] = json!(self.id_of(number));
        resource["file"] = file;
        resource["error"] = Value::Null;
        for instant in ["created_at", "started_at", "completed_at"] {
            if resource.get(instant).is_some() {
                resource[instant] = json!(time::text(call.now));
            }
        }
        if let Some(schema) = call.body().get("json_schema") {
            resource["output"] = output::of_schema(schema);
        }
        if resource["n_consensus"] == 1 {
            resource["consensus"] = Value::Null;
        }
        if let Some(fields) = resource.as_object_mut() {
            fit_output(fields);
        }
        resource
    }

    fn id_of(&self, number: usize) -> String {
        format!("{}{number:06}", self.prefix)
    }
}

/// Lets the output name what the request has named, where it has to.
fn fit_output(resource: &mut Map<String, Value>) {
    let named = |list: Option<&Value>| Some(list?.get(0)?.get("name")?.clone());
    if let Some(category) = named(resource.get("categories")) {
        resource["output"]["category"] = category;
    }
    if let Some(subdocument) = named(resource.get("subdocuments"))
        && let Some(splits) = resource.get_mut("output").and_then(Value::as_array_mut)
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
    fn every_operation_of_a_kind_is_one_of_the_document() {
        for kind in &KINDS {
            let optional = [kind.list, kind.delete, kind.sources];
            let operations = kind.create.iter().copied().chain([kind.get, kind.cancel]);
            for operation in operations.chain(optional.into_iter().flatten()) {
                assert!(vendored().operation(operation).is_some(), "{operation}");
                assert!(kind.action(operation).is_some(), "{operation}");
            }
            assert!(vendored().spec().component(kind.request).is_some());
        }
    }

    #[test]
    fn an_id_is_one_of_its_kind_alone() {
        let extractions = &KINDS[0];
        assert_eq!(extractions.number("extr_000007"), Some(7));
        for other in ["extr_7", "extr_", "prs_000007", "extr_+00007", ""] {
            assert_eq!(extractions.number(other), None, "{other}");
        }
    }
}
