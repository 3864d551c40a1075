//! The grammar of OpenAPI: which keywords contain a node, an array of nodes or a map of nodes, and of which kind.
//!
//! One grammar covers 3.0 and 3.1. Keywords of one version are harmless in the other, and the JSON Schema
//! draft 4 to 7 spellings (`definitions`, `dependencies`, an array under `items`) occur in both.

use serde_json::Value;

/// The kind of a node in an OpenAPI spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub(crate) enum Kind {
    /// The root of the spec.
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
    /// An element of the top-level `tags`.
    Tag,
    /// `components`.
    Components,
    /// The map from path templates to path items.
    Paths,
    /// A path or a webhook: a map from methods to operations.
    PathItem,
    /// An operation of a path item.
    Operation,
    /// A parameter.
    Parameter,
    /// A request body.
    RequestBody,
    /// A media type of a `content` map.
    MediaType,
    /// The encoding of one form property.
    Encoding,
    /// The map from status codes to responses.
    Responses,
    /// A response.
    Response,
    /// A header of a response or of a multipart part.
    Header,
    /// A callback: a map from runtime expressions to path items.
    Callback,
    /// A link.
    Link,
    /// An element of an OpenAPI `examples` map.
    Example,
    /// A security scheme.
    SecurityScheme,
    /// `flows` of an OAuth 2 security scheme.
    OauthFlows,
    /// A single OAuth 2 flow.
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

/// The content of a keyword.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    /// One node.
    One(Kind),
    /// An array of nodes.
    List(Kind),
    /// A map from names to nodes.
    Map(Kind),
    /// A value outside of the grammar: a name, a number, an array of names, an example or a default.
    Data,
}

/// The methods of a path item, in the order of the OpenAPI specification.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

impl Kind {
    /// Returns the content of the keyword `key` in a node of this kind, given its value.
    ///
    /// Extensions (`x-...`) and unknown keywords contain data.
    pub(crate) fn holds(self, key: &str, value: &Value) -> Holds {
        use Holds::{Data, List, Map, One};

        // These three nodes are maps of names themselves. Only here may extensions occur among names.
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

    /// Returns whether the keys of a node of this kind are names (paths, status codes, expressions), not keywords.
    pub(crate) fn is_keyed_by_names(self) -> bool {
        matches!(self, Self::Paths | Self::Responses | Self::Callback)
    }

    /// Returns the kind of the entries in the section `key` of `components`.
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
            // In drafts 4 to 7, a dependency can also be an array of names, which is never visited as a node.
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

    /// Returns whether `value` can be a node of this kind: an object or, for a schema, a boolean.
    pub(crate) fn fits(self, value: &Value) -> bool {
        value.is_object() || (self == Self::Schema && value.is_boolean())
    }
}

/// Returns whether the keyword `key` is an extension.
///
/// OpenAPI requires lower case, but `X-...` is also accepted.
pub(crate) fn is_extension(key: &str) -> bool {
    key.starts_with("x-") || key.starts_with("X-")
}
