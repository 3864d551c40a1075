//! Reads the operation builders from progenitor's output.

use std::collections::HashMap;

use proc_macro2::{Ident, Span};
use syn::{GenericParam, ImplItem, ImplItemFn, Item, ItemImpl, Type, WherePredicate};

use super::model::{OperationBuilder, Response, Setter, Target};
use crate::generate::generator::{operation_name, parameter_name};
use crate::generate::operation_table::{Operation, Parameter, Part};
use crate::lower::{Content, RequestBody, names};
use crate::problem::{Problem, Result};

/// Reads the builders for `operations` from the items of progenitor's `builder` module.
pub(in crate::generate) fn read(
    items: &[Item],
    operations: &[Operation],
) -> Result<Vec<OperationBuilder>> {
    let impls: HashMap<String, &ItemImpl> = items
        .iter()
        .filter_map(|item| match item {
            Item::Impl(item) => Some((self_name(item)?, item)),
            _ => None,
        })
        .collect();
    operations
        .iter()
        .enumerate()
        .map(|(index, operation)| {
            let item = impls
                .get(&names::type_name(&operation_name(index)))
                .ok_or_else(|| unexpected(operation, "the builder is missing"))?;
            read_one(operation, item)
        })
        .collect()
}

fn self_name(item: &ItemImpl) -> Option<String> {
    match (&item.trait_, &*item.self_ty) {
        (None, Type::Path(path)) => Some(path.path.segments.last()?.ident.to_string()),
        _ => None,
    }
}

fn unexpected(operation: &Operation, reason: &str) -> Problem {
    Problem::new(
        format!("progenitor's builder for {}", operation.id),
        reason,
        "adapt xtask/src/generate/operation_builders to the new output",
    )
}

fn read_one(operation: &Operation, item: &ItemImpl) -> Result<OperationBuilder> {
    let functions: HashMap<String, &ImplItemFn> = item
        .items
        .iter()
        .filter_map(|item| match item {
            ImplItem::Fn(function) => Some((function.sig.ident.to_string(), function)),
            _ => None,
        })
        .collect();
    let takes = |name: &str| {
        let function = functions.get(name);
        function
            .and_then(|function| taken(function))
            .ok_or_else(|| unexpected(operation, &format!("setter `{name}` has no type")))
    };
    let mut targets = Vec::new();
    for (index, parameter) in operation.parameters.iter().enumerate() {
        // `generator` passes each parameter to progenitor as a list of its type.
        let list = takes(&parameter_name(index))?;
        let takes = last_segment(&list).and_then(only_argument);
        let takes = takes.ok_or_else(|| unexpected(operation, "a parameter is not a list"))?;
        let name = parameter.name.clone();
        let target = match parameter.location {
            "Path" => Target::Path { name, takes },
            "Query" => Target::Query {
                name,
                takes,
                form: parameter.form,
            },
            _ => Target::Header { name, takes },
        };
        targets.push((parameter.name.as_str(), target, parameter_doc(parameter)));
    }
    if let Some(body) = &operation.request_body {
        let target = match body.content() {
            Content::Json => Some(Target::Json {
                takes: takes("body")?,
            }),
            Content::Form => Some(Target::Form {
                takes: takes("body")?,
            }),
            Content::Text => Some(Target::Text {
                media_type: body.media_type.clone(),
            }),
            Content::File => Some(Target::File {
                media_type: body.media_type.clone(),
            }),
            Content::Multipart => None,
        };
        targets.extend(target.map(|target| ("body", target, body_doc(body))));
        targets.extend(operation.parts.iter().map(part));
    }
    let send = functions
        .get("send")
        .ok_or_else(|| unexpected(operation, "`send` is missing"))?;
    Ok(OperationBuilder {
        name: Ident::new(&names::type_name(&operation.id), Span::call_site()),
        setters: setters(targets),
        response: response(send)
            .ok_or_else(|| unexpected(operation, "`send` has no response type"))?,
    })
}

/// Assigns a unique name to each setter.
fn setters(targets: Vec<(&str, Target, String)>) -> Vec<Setter> {
    let raw: Vec<&str> = targets.iter().map(|(name, ..)| *name).collect();
    let names = names::assign(&raw, names::value_name, &names::BUILDER_FUNCTIONS);
    names
        .into_iter()
        .zip(targets)
        .map(|(name, (_, target, doc))| Setter {
            name: Ident::new(&name, Span::call_site()),
            target,
            doc,
        })
        .collect()
}

fn body_doc(body: &RequestBody) -> String {
    let what = match body.content() {
        Content::Json => "JSON body".to_owned(),
        _ => format!("`{}` body", body.media_type),
    };
    doc(None, &what, body.required)
}

fn part(part: &Part) -> (&str, Target, String) {
    let Part {
        name,
        required,
        is_file,
        description,
    } = part;
    let kind = if *is_file { "File" } else { "Text" };
    let target = if *is_file {
        Target::FilePart { name: name.clone() }
    } else {
        Target::TextPart { name: name.clone() }
    };
    let what = format!("{kind} part `{name}`");
    (name, target, doc(description.as_deref(), &what, *required))
}

fn parameter_doc(parameter: &Parameter) -> String {
    let Parameter {
        name,
        location,
        required,
        description,
        ..
    } = parameter;
    doc(
        description.as_deref(),
        &format!("{location} parameter `{name}`"),
        *required,
    )
}

fn doc(description: Option<&str>, what: &str, required: bool) -> String {
    let needed = if required { "required" } else { "optional" };
    match description {
        Some(description) => format!("{description}\n\n{what}, {needed}."),
        None => format!("{what}, {needed}."),
    }
}

/// Returns the `T` of a setter's bound `V: TryInto<T>`.
fn taken(setter: &ImplItemFn) -> Option<Type> {
    let generics = &setter.sig.generics;
    let value = generics
        .params
        .iter()
        .find_map(|parameter| match parameter {
            GenericParam::Type(parameter) => Some(parameter.ident.to_string()),
            _ => None,
        })?;
    generics
        .where_clause
        .as_ref()?
        .predicates
        .iter()
        .find_map(|predicate| {
            let WherePredicate::Type(predicate) = predicate else {
                return None;
            };
            let Type::Path(bounded) = &predicate.bounded_ty else {
                return None;
            };
            let bound = predicate.bounds.iter().find_map(|bound| match bound {
                syn::TypeParamBound::Trait(bound) => bound.path.segments.last(),
                _ => None,
            })?;
            (bounded.path.is_ident(&value) && bound.ident == "TryInto")
                .then(|| only_argument(bound))?
        })
}

fn only_argument(segment: &syn::PathSegment) -> Option<Type> {
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Type(argument) => Some(argument.clone()),
        _ => None,
    })
}

/// Reads the `T` of `Result<ResponseValue<T>, _>`.
fn response(send: &ImplItemFn) -> Option<Response> {
    let syn::ReturnType::Type(_, returned) = &send.sig.output else {
        return None;
    };
    let value = only_argument(last_segment(returned)?)?;
    let inner = only_argument(last_segment(&value)?)?;
    Some(match &inner {
        Type::Tuple(tuple) if tuple.elems.is_empty() => Response::Empty,
        Type::Path(path) if path.path.is_ident("ByteStream") => Response::Bytes,
        _ => Response::Json(Box::new(inner)),
    })
}

fn last_segment(of: &Type) -> Option<&syn::PathSegment> {
    match of {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}
