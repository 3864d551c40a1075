//! Requests and answers against the document.

mod read;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, Registry, Validator};
use serde_json::{Map, Value};

use super::description::{Location, Operation, Parameter, Spec};
use super::schema::{Place, Schema};
use super::violation::Violation;

/// The name under which the validator has the document.
const SPEC: &str = "openapi:///spec.json";

/// Checks what arrives against the schemas of a document.
pub struct Checker<'d> {
    registry: Registry<'d>,
    validators: Mutex<HashMap<Place, Arc<Validator>>>,
}

impl<'d> Checker<'d> {
    /// A checker of what a document says.
    ///
    /// # Errors
    ///
    /// The document refers to something that is not in it.
    pub fn new(spec: &'d Spec) -> Result<Self, Violation> {
        let registry = Registry::new()
            .draft(Draft::Draft202012)
            .add(SPEC, spec.as_value())
            .and_then(jsonschema::RegistryBuilder::prepare)
            .map_err(|error| Violation::new("spec", error.to_string()))?;
        Ok(Self {
            registry,
            validators: Mutex::default(),
        })
    }

    /// What does not fit a schema, in JSON Schema 2020-12 with its formats.
    ///
    /// # Errors
    ///
    /// The schema itself is none.
    pub fn violations(
        &self,
        schema: &Schema<'d>,
        value: &Value,
    ) -> Result<Vec<Violation>, Violation> {
        let validator = self.validator(*schema)?;
        Ok(validator.iter_errors(value).flat_map(of_error).collect())
    }

    /// What in the arguments of an operation does not fit the document.
    ///
    /// # Errors
    ///
    /// A schema of the operation is none.
    pub fn argument_violations(
        &self,
        operation: &Operation<'d>,
        arguments: &Map<String, Value>,
    ) -> Result<Vec<Violation>, Violation> {
        let mut violations = Vec::new();
        let mut check = |parameter: &Parameter<'d>| {
            let place = format!("{}/{}", parameter.location.as_str(), parameter.name);
            let value = arguments
                .get(parameter.location.as_str())
                .and_then(|values| values.get(parameter.name));
            match value {
                // Its schema is about the content.
                Some(file)
                    if parameter.location == Location::File && file["content"].is_string() => {}
                Some(value) => {
                    let found = self.violations(&parameter.schema, value)?;
                    violations.extend(found.into_iter().map(|violation| violation.within(&place)));
                }
                None if parameter.required => violations.push(Violation::missing(place)),
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
        if let Some(validator) = validators.get(&schema.place()) {
            return Ok(Arc::clone(validator));
        }
        let mut node = schema.node().clone();
        make_absolute(&mut node);
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(&self.registry)
            .should_validate_formats(true)
            .offline()
            .build(&node)
            .map_err(|error| Violation::new("schema", error.to_string()))?;
        let validator = Arc::new(validator);
        validators.insert(schema.place(), Arc::clone(&validator));
        Ok(validator)
    }
}

/// What a validator found, without the value that it found it in.
fn of_error(error: jsonschema::ValidationError<'_>) -> Vec<Violation> {
    let place = error.instance_path().to_string();
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![Violation::missing(format!("{place}/{}", escaped(name)))]
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|name| Violation::undeclared(format!("{place}/{}", escaped(name))))
            .collect(),
        _ => vec![Violation::new(place, error.masked().to_string())],
    }
}

/// A name as a segment of a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Makes references into the document lead there from anywhere.
fn make_absolute(node: &mut Value) {
    match node {
        Value::Object(fields) => {
            if let Some(Value::String(reference)) = fields.get_mut("$ref")
                && reference.starts_with('#')
            {
                reference.insert_str(0, SPEC);
            }
            fields.values_mut().for_each(make_absolute);
        }
        Value::Array(items) => items.iter_mut().for_each(make_absolute),
        _ => {}
    }
}
