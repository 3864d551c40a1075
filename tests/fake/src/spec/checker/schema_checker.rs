//! Validation of values against schemas.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, Registry, Validator};
use serde_json::{Map, Value};

use crate::spec::openapi::Spec;
use crate::spec::operation::{Location, Operation, Parameter};
use crate::spec::schema::{NodeId, Schema};
use crate::spec::violation::Violation;

/// The URI under which the spec is registered with the validator.
const SPEC_URI: &str = "openapi:///spec.json";

/// Validates requests and responses against a spec.
pub struct Checker<'d> {
    registry: Registry<'d>,
    validators: Mutex<HashMap<NodeId, Arc<Validator>>>,
}

impl<'d> Checker<'d> {
    /// Creates a checker.
    ///
    /// # Errors
    ///
    /// Returns an error if a reference of the spec does not resolve.
    pub fn new(spec: &'d Spec) -> Result<Self, Violation> {
        let registry = Registry::new()
            .draft(Draft::Draft202012)
            .add(SPEC_URI, spec.as_value())
            .and_then(jsonschema::RegistryBuilder::prepare)
            .map_err(|error| Violation::new("spec", error.to_string()))?;
        Ok(Self {
            registry,
            validators: Mutex::default(),
        })
    }

    /// Validates a value against a schema (JSON Schema 2020-12, with formats) and returns the violations.
    ///
    /// # Errors
    ///
    /// Returns an error if the schema is invalid.
    pub fn violations(
        &self,
        schema: &Schema<'d>,
        value: &Value,
    ) -> Result<Vec<Violation>, Violation> {
        let validator = self.validator(*schema)?;
        Ok(validator
            .iter_errors(value)
            .flat_map(to_violations)
            .collect())
    }

    /// Validates the arguments of an operation and returns the violations.
    ///
    /// # Errors
    ///
    /// Returns an error if a schema of the operation is invalid.
    pub fn argument_violations(
        &self,
        operation: &Operation<'d>,
        arguments: &Map<String, Value>,
    ) -> Result<Vec<Violation>, Violation> {
        let mut violations = Vec::new();
        let mut check = |parameter: &Parameter<'d>| {
            let path = format!("{}/{}", parameter.location.as_str(), parameter.name);
            let value = arguments
                .get(parameter.location.as_str())
                .and_then(|values| values.get(parameter.name));
            match value {
                // The schema of a file describes its content.
                Some(file)
                    if parameter.location == Location::File && file["content"].is_string() => {}
                Some(value) => {
                    let found = self.violations(&parameter.schema, value)?;
                    violations.extend(found.into_iter().map(|violation| violation.within(&path)));
                }
                None if parameter.required => violations.push(Violation::missing(path)),
                None => {}
            }
            Ok(())
        };
        operation.parameters.iter().try_for_each(&mut check)?;
        if let Some(body) = &operation.body {
            let parts = body.parts();
            parts.iter().try_for_each(&mut check)?;
            match arguments.get("body") {
                Some(value) => {
                    let found = self.violations(&body.schema, value)?;
                    violations.extend(found.into_iter().map(|violation| violation.within("body")));
                }
                None if body.required && parts.is_empty() => {
                    violations.push(Violation::missing("body"));
                }
                None => {}
            }
        }
        Ok(violations)
    }

    fn validator(&self, schema: Schema<'d>) -> Result<Arc<Validator>, Violation> {
        let mut validators = self
            .validators
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(validator) = validators.get(&schema.id()) {
            return Ok(Arc::clone(validator));
        }
        let mut node = schema.node().clone();
        make_references_absolute(&mut node);
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(&self.registry)
            .should_validate_formats(true)
            .offline()
            .build(&node)
            .map_err(|error| Violation::new("schema", error.to_string()))?;
        let validator = Arc::new(validator);
        validators.insert(schema.id(), Arc::clone(&validator));
        Ok(validator)
    }
}

/// Converts a validation error. The violations do not contain the invalid value.
fn to_violations(error: jsonschema::ValidationError<'_>) -> Vec<Violation> {
    let path = error.instance_path().to_string();
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![Violation::missing(format!("{path}/{}", escape(name)))]
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|name| Violation::undeclared(format!("{path}/{}", escape(name))))
            .collect(),
        _ => vec![Violation::new(path, error.masked().to_string())],
    }
}

/// Escapes a name for a JSON pointer.
fn escape(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Makes local references absolute, so that the schema can be validated on its own.
fn make_references_absolute(node: &mut Value) {
    match node {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get_mut("$ref")
                && reference.starts_with('#')
            {
                reference.insert_str(0, SPEC_URI);
            }
            fields.values_mut().for_each(make_references_absolute);
        }
        Value::Array(items) => items.iter_mut().for_each(make_references_absolute),
        _ => {}
    }
}
