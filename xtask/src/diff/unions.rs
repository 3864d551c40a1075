//! The comparison of unions, whose variants are distinguished like those of the generated enums.

use serde_json::Value;

use super::change::{Effect, Kind};
use super::comparison::{Comparison, Side, Site};
use super::form::{Form, describe};
use super::revision::{Revision, component};
use crate::lower::{self, Distinction};

/// A union and the properties of its generated enum.
struct Union<'a> {
    /// The tag property, or `None` if variants are distinguished by shape.
    tag: Option<String>,
    /// Whether an enum is generated. Unions with indistinguishable variants become arbitrary JSON.
    is_enum: bool,
    variants: Vec<Variant<'a>>,
}

struct Variant<'a> {
    /// The value of the tag.
    tag: Option<String>,
    /// The name of the component in the new revision, or else a description of the schema.
    label: String,
    /// The name of the Rust variant.
    rust: Option<String>,
    schema: &'a Value,
    index: usize,
}

impl<'a> Comparison<'a> {
    /// Compares two unions.
    pub(super) fn unions(&mut self, old: &'a Value, new: &'a Value, site: &Site) {
        let olds = union(self.old, old, |name| {
            self.types.renamed(name).unwrap_or(name).to_owned()
        });
        let news = union(self.new, new, str::to_owned);
        let retyped = olds.is_enum != news.is_enum;
        if retyped || olds.tag != news.tag || discriminator(old) != discriminator(new) {
            let effect = if retyped {
                Effect::Retyped
            } else if olds.tag == news.tag {
                Effect::Nothing
            } else {
                Effect::OnTheWire
            };
            let effect = site.effect(effect);
            let said = (olds.distinction(), news.distinction());
            if said.0 != said.1 {
                let kind = Kind::DiscriminatorChanged;
                self.push(kind, effect, site, Side::Both, Some(said.0), Some(said.1));
            }
        }
        let by_tag = olds.tag.is_some() && news.tag.is_some();
        let pairs = pairs(&olds.variants, &news.variants, by_tag);
        for (index, before) in olds.variants.iter().enumerate() {
            let paired = pairs.iter().find(|(one, _)| *one == index);
            if let Some((_, other)) = paired {
                self.variant((old, before), (new, &news.variants[*other]), site);
            } else {
                let effect = if olds.is_enum {
                    Effect::Gone
                } else {
                    Effect::Nothing
                };
                let effect = site.effect(effect);
                let said = Some(before.name());
                self.push(Kind::VariantRemoved, effect, site, Side::Both, said, None);
            }
        }
        for (index, after) in news.variants.iter().enumerate() {
            if !pairs.iter().any(|(_, other)| *other == index) {
                let effect = if olds.is_enum {
                    Effect::New
                } else {
                    Effect::Nothing
                };
                let effect = site.effect(effect);
                let said = Some(after.name());
                self.push(Kind::VariantAdded, effect, site, Side::Both, None, said);
            }
        }
    }

    fn variant(
        &mut self,
        (old, before): (&'a Value, &Variant<'a>),
        (new, after): (&'a Value, &Variant<'a>),
        site: &Site,
    ) {
        if before.tag.is_some() && after.tag.is_some() && before.tag != after.tag
            || before.rust.is_some() && after.rust.is_some() && before.rust != after.rust
        {
            let effect = if before.rust == after.rust {
                Effect::OnTheWire
            } else {
                Effect::Renamed
            };
            let effect = site.effect(effect);
            let said = (Some(before.said()), Some(after.said()));
            self.push(
                Kind::VariantTagChanged,
                effect,
                site,
                Side::Both,
                said.0,
                said.1,
            );
        }
        let keyword = |schema: &Value| {
            if schema.get("oneOf").is_some() {
                "oneOf"
            } else {
                "anyOf"
            }
        };
        let mut within = site.within(format!("{}<{}>", site.place, after.said()), &[]);
        within.old = within.old.join(keyword(old)).join(before.index);
        within.new = within.new.join(keyword(new)).join(after.index);
        self.schemas(before.schema, after.schema, &within);
    }
}

impl Union<'_> {
    fn distinction(&self) -> String {
        match (&self.tag, self.is_enum) {
            (Some(tag), _) => format!("by {tag:?}"),
            (None, true) => "by shape".to_owned(),
            (None, false) => "indistinguishable".to_owned(),
        }
    }
}

impl Variant<'_> {
    /// Returns the tag, or else the type.
    fn said(&self) -> String {
        self.tag.clone().unwrap_or_else(|| describe(self.schema))
    }

    /// Returns the tag and the type.
    fn name(&self) -> String {
        match &self.tag {
            Some(tag) => format!("{tag:?} ({})", describe(self.schema)),
            None => describe(self.schema),
        }
    }
}

/// Pairs the indices of variants with the same tag, or else with the same label.
fn pairs(olds: &[Variant<'_>], news: &[Variant<'_>], by_tag: bool) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    let mut pair = |same: &dyn Fn(&Variant<'_>, &Variant<'_>) -> bool| {
        for (index, old) in olds.iter().enumerate() {
            if pairs.iter().any(|(one, _)| *one == index) {
                continue;
            }
            let mut free = (0..news.len()).filter(|at| !pairs.iter().any(|(_, other)| other == at));
            if let Some(other) = free.find(|at| same(old, &news[*at])) {
                pairs.push((index, other));
            }
        }
    };
    if by_tag {
        pair(&|old, new| old.tag == new.tag && old.label == new.label);
        pair(&|old, new| old.tag == new.tag);
    }
    pair(&|old, new| old.label == new.label);
    pairs
}

fn discriminator(schema: &Value) -> Option<&str> {
    schema.get("discriminator")?.get("propertyName")?.as_str()
}

fn union<'a>(
    revision: &'a Revision<'a>,
    schema: &'a Value,
    label: impl Fn(&str) -> String,
) -> Union<'a> {
    let all = match Form::of(schema) {
        Form::Union(all) => all,
        _ => &[],
    };
    let labelled = |index: usize, variant: &'a Value| Variant {
        tag: None,
        label: match component(variant) {
            Some(name) => label(&name),
            None => label_of(variant),
        },
        rust: None,
        schema: variant,
        index,
    };
    let read = revision
        .schemas()
        .and_then(|schemas| lower::read_union(schemas, "", schema));
    let Some(read) = read else {
        return Union {
            tag: inline_tag(schema, all),
            is_enum: inline_tag(schema, all).is_some(),
            variants: (all.iter().enumerate())
                .map(|(index, variant)| Variant {
                    tag: inline_tag(schema, all).and_then(|tag| constant(variant, &tag)),
                    ..labelled(index, variant)
                })
                .collect(),
        };
    };
    match read.distinction {
        Distinction::Tag(tag) => Union {
            tag: Some(tag),
            is_enum: true,
            variants: read
                .variants
                .into_iter()
                .filter_map(|variant| {
                    let is_it = |schema: &&Value| {
                        component(schema).as_deref() == Some(variant.property.as_str())
                    };
                    let index = all.iter().position(|schema| is_it(&schema))?;
                    Some(Variant {
                        tag: Some(variant.tag),
                        rust: Some(variant.name),
                        ..labelled(index, &all[index])
                    })
                })
                .collect(),
        },
        Distinction::Shape => Union {
            tag: None,
            is_enum: true,
            variants: (all.iter().zip(read.variants).enumerate())
                .map(|(index, (schema, variant))| Variant {
                    // A renamed component is reported as such.
                    rust: Some(variant.name).filter(|_| component(schema).is_none()),
                    ..labelled(index, schema)
                })
                .collect(),
        },
    }
}

/// Returns the tag of a union of inline objects, a property with a distinct constant in each of them.
fn inline_tag(schema: &Value, all: &[Value]) -> Option<String> {
    let is_tag = |tag: &str| {
        let mut values: Vec<String> = all.iter().filter_map(|one| constant(one, tag)).collect();
        values.sort();
        values.dedup();
        values.len() == all.len()
    };
    if let Some(tag) = discriminator(schema) {
        return is_tag(tag).then(|| tag.to_owned());
    }
    let names = all.first()?.get("properties")?.as_object()?;
    names.keys().find(|name| is_tag(name)).cloned()
}

fn constant(variant: &Value, tag: &str) -> Option<String> {
    let property = variant.get("properties")?.get(tag)?;
    match Form::of(property) {
        Form::Values(values) => match values[..] {
            [only] => only.as_str().map(str::to_owned),
            _ => None,
        },
        _ => None,
    }
}

fn label_of(variant: &Value) -> String {
    match Form::of(variant) {
        Form::List(_) => "list".to_owned(),
        Form::Map(_) => "map".to_owned(),
        Form::Object => "object".to_owned(),
        Form::Values(_) => "values".to_owned(),
        _ => describe(variant),
    }
}
