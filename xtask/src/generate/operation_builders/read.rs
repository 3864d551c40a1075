//! Reads the operation builders that progenitor printed.

use std::collections::HashMap;

use proc_macro2::{Ident, Span};
use syn::visit::{self, Visit};
use syn::{Expr, GenericParam, ImplItem, ImplItemFn, Item, ItemImpl, Type, WherePredicate};

use super::{Answer, OperationBuilder, Setter, Target};
use crate::generate::operation_table::{Operation, Parameter, Part};
use crate::lower::{names, path_parameters};
use crate::problem::{Problem, Result};

/// Reads the builders of `operations` from the items of the generator's `builder` module.
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
        .map(|operation| {
            let name = names::type_name(&operation.id);
            let item = impls
                .get(&name)
                .ok_or_else(|| unexpected(operation, "there is none"))?;
            read_one(operation, &name, item)
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
        format!("the builder that progenitor printed for {}", operation.id),
        reason,
        "teach xtask/src/generate/operation_builders the new form",
    )
}

fn read_one(operation: &Operation, name: &str, item: &ItemImpl) -> Result<OperationBuilder> {
    let functions: HashMap<String, &ImplItemFn> = item
        .items
        .iter()
        .filter_map(|item| match item {
            ImplItem::Fn(function) => Some((function.sig.ident.to_string(), function)),
            _ => None,
        })
        .collect();
    let send = functions
        .get("send")
        .ok_or_else(|| unexpected(operation, "it has no send"))?;
    let mut targets = Targets::default();
    targets.visit_block(&send.block);
    let mut setters = Vec::new();
    for parameter in &operation.parameters {
        let setter = targets.setter(operation, parameter).ok_or_else(|| {
            unexpected(
                operation,
                &format!("its send has no parameter {}", parameter.name),
            )
        })?;
        let takes = functions
            .get(&setter.to_string())
            .and_then(|function| taken(function));
        let takes = takes.ok_or_else(|| {
            unexpected(
                operation,
                &format!("its setter {setter} does not say what it takes"),
            )
        })?;
        let name = parameter.name.clone();
        setters.push(Setter {
            doc: parameter_doc(parameter),
            target: match parameter.location {
                "Path" => Target::Path { name, takes },
                "Query" => Target::Query { name, takes },
                _ => Target::Header { name, takes },
            },
            name: setter,
        });
    }
    if let Some(body) = &operation.request_body {
        if body.media_type == "application/json" {
            let takes = functions.get("body").and_then(|function| taken(function));
            let needed = if body.required {
                "required"
            } else {
                "optional"
            };
            setters.push(Setter {
                name: Ident::new("body", Span::call_site()),
                target: Target::Json {
                    takes: takes.ok_or_else(|| unexpected(operation, "it has no body"))?,
                },
                doc: format!("JSON body, {needed}."),
            });
        }
        setters.extend(operation.parts.iter().map(part_setter));
    }
    Ok(OperationBuilder {
        name: Ident::new(name, Span::call_site()),
        setters,
        answer: answer(send).ok_or_else(|| unexpected(operation, "its send has no answer"))?,
    })
}

fn part_setter(part: &Part) -> Setter {
    let Part {
        name,
        required,
        is_file,
        description,
    } = part;
    let kind = if *is_file { "File" } else { "Text" };
    Setter {
        name: Ident::new(&names::value_name(name), Span::call_site()),
        target: if *is_file {
            Target::File { name: name.clone() }
        } else {
            Target::Text { name: name.clone() }
        },
        doc: doc(
            description.as_deref(),
            &format!("{kind} part `{name}`"),
            *required,
        ),
    }
}

fn parameter_doc(parameter: &Parameter) -> String {
    let Parameter {
        name,
        location,
        required,
        description,
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

/// The type `T` of a setter's bound `V: TryInto<T>`.
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

/// The `T` of `Result<ResponseValue<T>, _>`.
fn answer(send: &ImplItemFn) -> Option<Answer> {
    let syn::ReturnType::Type(_, returned) = &send.sig.output else {
        return None;
    };
    let value = only_argument(last_segment(returned)?)?;
    let inner = only_argument(last_segment(&value)?)?;
    Some(match &inner {
        Type::Tuple(tuple) if tuple.elems.is_empty() => Answer::Empty,
        Type::Path(path) if path.path.is_ident("ByteStream") => Answer::Bytes,
        _ => Answer::Json(Box::new(inner)),
    })
}

fn last_segment(of: &Type) -> Option<&syn::PathSegment> {
    match of {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// What the generator's `send` puts where.
#[derive(Default)]
struct Targets {
    /// The setters of the path's parameters, in the order of the template.
    path: Vec<Ident>,
    query: HashMap<String, Ident>,
    headers: HashMap<String, Ident>,
    /// The setter whose value is in scope as `value`.
    current: Option<Ident>,
}

impl Targets {
    fn setter(&self, operation: &Operation, parameter: &Parameter) -> Option<Ident> {
        match parameter.location {
            "Path" => {
                let mut names = path_parameters(&operation.path);
                let place = names.position(|name| name == parameter.name)?;
                self.path.get(place).cloned()
            }
            "Query" => self.query.get(&parameter.name).cloned(),
            _ => self.headers.get(&parameter.name).cloned(),
        }
    }
}

impl<'ast> Visit<'ast> for Targets {
    /// `format!("{}/v1/{}", client.baseurl, encode_path(&run_id.to_string()))`
    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        if item.path.is_ident("format") {
            let arguments = item.parse_body_with(
                syn::punctuated::Punctuated::<Expr, syn::Token![,]>::parse_terminated,
            );
            for argument in arguments.into_iter().flatten() {
                if let Expr::Call(call) = &argument
                    && ends_with(&call.func, "encode_path")
                {
                    self.path.extend(call.args.first().and_then(variable));
                }
            }
        }
    }

    /// `QueryParam::new("limit", &limit)`
    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let (Expr::Path(function), Some(Expr::Lit(name))) = (&*call.func, call.args.first())
            && function
                .path
                .segments
                .iter()
                .any(|segment| segment.ident == "QueryParam")
            && let syn::Lit::Str(name) = &name.lit
            && let Some(setter) = call.args.get(1).and_then(variable)
        {
            self.query.insert(name.value(), setter);
        }
        visit::visit_expr_call(self, call);
    }

    /// `if let Some(value) = idempotency_key { header_map.append("Idempotency-Key", ..) }`
    fn visit_expr_if(&mut self, item: &'ast syn::ExprIf) {
        let outer = self.current.take();
        if let Expr::Let(condition) = &*item.cond {
            self.current = variable(&condition.expr);
        }
        visit::visit_expr_if(self, item);
        self.current = outer;
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if call.method == "append"
            && let Some(Expr::Lit(name)) = call.args.first()
            && let syn::Lit::Str(name) = &name.lit
            && let Some(setter) = self
                .current
                .clone()
                .or_else(|| call.args.get(1).and_then(variable))
        {
            self.headers.insert(name.value(), setter);
        }
        visit::visit_expr_method_call(self, call);
    }
}

fn ends_with(expression: &Expr, name: &str) -> bool {
    let Expr::Path(path) = expression else {
        return false;
    };
    path.path
        .segments
        .last()
        .is_some_and(|segment| segment.ident == name)
}

/// The variable beneath references, calls of methods and `?`.
fn variable(expression: &Expr) -> Option<Ident> {
    match expression {
        Expr::Path(path) => path.path.get_ident().cloned(),
        Expr::Reference(reference) => variable(&reference.expr),
        Expr::MethodCall(call) => variable(&call.receiver),
        Expr::Try(tried) => variable(&tried.expr),
        _ => None,
    }
}
