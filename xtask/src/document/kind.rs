//! What stands where in an OpenAPI document: which keyword holds a node, a list or a map of which kind.
//!
//! One grammar serves 3.0 and 3.1. A keyword that only one of them has is harmless in the other, and the
//! draft 4 to 7 spellings of JSON Schema (`definitions`, `dependencies`, a list under `items`) turn up in both.

use serde_json::Value;

/// The kind of object that stands at a place of an OpenAPI document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub(crate) enum Kind {
    /// The document itself.
    Document,
    /// `info`.
    Info,
    /// `info.contact`.
    Contact,
    /// `info.license`.
    License,
    /// An element of `servers`.
    Server,
    /// A variable of a server.
    ServerVariable,
    /// An element of the document's own `tags`.
    Tag,
    /// `components`.
    Components,
    /// The map from path templates to path items.
    Paths,
    /// A path, or a webhook: operations by method.
    PathItem,
    /// An operation: a method of a path item.
    Operation,
    /// A parameter.
    Parameter,
    /// A request body.
    RequestBody,
    /// A media type of a `content` map.
    MediaType,
    /// How one property of a form is encoded.
    Encoding,
    /// The map from status codes to responses.
    Responses,
    /// A response.
    Response,
    /// A header of a response or of a part.
    Header,
    /// A callback: path items by runtime expression.
    Callback,
    /// A link.
    Link,
    /// An element of an OpenAPI `examples` map.
    Example,
    /// A security scheme.
    SecurityScheme,
    /// `flows` of an OAuth 2 security scheme.
    OauthFlows,
    /// One flow of them.
    OauthFlow,
    /// A schema: an object, or in 3.1 also `true` or `false`.
    Schema,
    /// `discriminator` of a schema.
    Discriminator,
    /// `xml` of a schema.
    Xml,
    /// `externalDocs`.
    ExternalDocs,
}

/// What a keyword of a node holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// One node.
    One(Kind),
    /// A list of nodes.
    List(Kind),
    /// A map whose keys are names, not keywords, and whose values are nodes.
    Map(Kind),
    /// A value that is no part of the grammar: a name, a number, a list of names, an example, a default.
    Data,
}

/// The methods that a path item can have, in the order of the specification.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

impl Kind {
    /// What the keyword `key` of a node of this kind holds, given the value that stands there.
    ///
    /// Extensions (`x-...`) and keywords that the grammar does not know hold data.
    pub(crate) fn holds(self, key: &str, value: &Value) -> Holds {
        use Holds::{Data, List, Map, One};

        // These three are maps of names themselves, and the one place where an extension may stand among names.
        let named = |kind| {
            if is_extension(key) { Data } else { One(kind) }
        };
        match self {
            Self::Paths | Self::Callback => named(Self::PathItem),
            Self::Responses => named(Self::Response),
            Self::Document => match key {
                "info" => One(Self::Info),
                "servers" => List(Self::Server),
                "tags" => List(Self::Tag),
                "components" => One(Self::Components),
                "paths" => One(Self::Paths),
                "webhooks" => Map(Self::PathItem),
                "externalDocs" => One(Self::ExternalDocs),
                _ => Data,
            },
            Self::Info => match key {
                "contact" => One(Self::Contact),
                "license" => One(Self::License),
                _ => Data,
            },
            Self::Server if key == "variables" => Map(Self::ServerVariable),
            Self::Tag if key == "externalDocs" => One(Self::ExternalDocs),
            Self::Components => Self::of_component(key).map_or(Data, Map),
            Self::PathItem => match key {
                "parameters" => List(Self::Parameter),
                "servers" => List(Self::Server),
                _ if METHODS.contains(&key) => One(Self::Operation),
                _ => Data,
            },
            Self::Operation => match key {
                "parameters" => List(Self::Parameter),
                "requestBody" => One(Self::RequestBody),
                "responses" => One(Self::Responses),
                "callbacks" => Map(Self::Callback),
                "servers" => List(Self::Server),
                "externalDocs" => One(Self::ExternalDocs),
                _ => Data,
            },
            Self::Parameter | Self::Header => match key {
                "schema" => One(Self::Schema),
                "content" => Map(Self::MediaType),
                "examples" => Map(Self::Example),
                _ => Data,
            },
            Self::RequestBody if key == "content" => Map(Self::MediaType),
            Self::MediaType => match key {
                "schema" => One(Self::Schema),
                "encoding" => Map(Self::Encoding),
                "examples" => Map(Self::Example),
                _ => Data,
            },
            Self::Encoding if key == "headers" => Map(Self::Header),
            Self::Response => match key {
                "headers" => Map(Self::Header),
                "content" => Map(Self::MediaType),
                "links" => Map(Self::Link),
                _ => Data,
            },
            Self::Link if key == "server" => One(Self::Server),
            Self::SecurityScheme if key == "flows" => One(Self::OauthFlows),
            Self::OauthFlows => match key {
                "implicit" | "password" | "clientCredentials" | "authorizationCode" => {
                    One(Self::OauthFlow)
                }
                _ => Data,
            },
            Self::Schema => Self::of_schema_keyword(key, value),
            _ => Data,
        }
    }

    /// Whether the members of a node of this kind are keyed by names (paths, status codes, expressions) and not by
    /// keywords.
    pub(crate) fn is_keyed_by_names(self) -> bool {
        matches!(self, Self::Paths | Self::Responses | Self::Callback)
    }

    /// The kind of the components that stand under the section `key` of `components`.
    fn of_component(key: &str) -> Option<Self> {
        Some(match key {
            "schemas" => Self::Schema,
            "responses" => Self::Response,
            "parameters" => Self::Parameter,
            "examples" => Self::Example,
            "requestBodies" => Self::RequestBody,
            "headers" => Self::Header,
            "securitySchemes" => Self::SecurityScheme,
            "links" => Self::Link,
            "callbacks" => Self::Callback,
            "pathItems" => Self::PathItem,
            _ => return None,
        })
    }

    fn of_schema_keyword(key: &str, value: &Value) -> Holds {
        use Holds::{Data, List, Map, One};

        match key {
            "properties" | "patternProperties" | "$defs" | "definitions" | "dependentSchemas"
            // A dependency is a schema or, in drafts 4 to 7, a list of names, which no visit takes for a node.
            | "dependencies" => Map(Self::Schema),
            "allOf" | "anyOf" | "oneOf" | "prefixItems" => List(Self::Schema),
            "items" if value.is_array() => List(Self::Schema),
            "items" | "additionalItems" | "unevaluatedItems" | "contains" | "additionalProperties"
            | "unevaluatedProperties" | "propertyNames" | "not" | "if" | "then" | "else"
            | "contentSchema" => One(Self::Schema),
            "discriminator" => One(Self::Discriminator),
            "xml" => One(Self::Xml),
            "externalDocs" => One(Self::ExternalDocs),
            _ => Data,
        }
    }

    /// Whether `value` can be a node of this kind: an object, or for a schema also a boolean.
    pub(crate) fn fits(self, value: &Value) -> bool {
        value.is_object() || (self == Self::Schema && value.is_boolean())
    }
}

/// Whether the keyword `key` is an extension.
///
/// OpenAPI writes them in lower case; JSON Schema's own form `X-...` is one as well.
pub(crate) fn is_extension(key: &str) -> bool {
    key.starts_with("x-") || key.starts_with("X-")
}
