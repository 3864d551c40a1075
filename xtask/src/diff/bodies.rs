//! The comparison of request bodies and responses.

use std::mem::discriminant;

use serde_json::{Map, Value};

use super::change::{Effect, Kind};
use super::comparison::{Comparison, Side, Site, users_of};
use super::form::describe;
use super::revision::{Operation, Revision, Role};
use crate::document::Pointer;
use crate::lower::{self, Success, is_json};

/// A response of an operation.
struct Response<'a> {
    status: &'a str,
    /// Whether it is a successful response.
    is_success: bool,
    node: &'a Value,
    pointer: Pointer,
}

impl<'a> Comparison<'a> {
    /// Compares the request bodies of a pair of operations.
    pub(super) fn bodies(&mut self, old: &'a Operation, new: &'a Operation) {
        let body = |revision: &'a Revision<'a>, operation: &Operation| {
            let at = operation.pointer.join("requestBody");
            revision.target(at.find(&revision.document)?, &at)
        };
        let (before, after) = (body(self.old, old), body(self.new, new));
        let site = |old: Pointer, new: Pointer, operation: &Operation| Site {
            place: format!("{}(body)", operation.function),
            old,
            new,
            users: users_of(operation),
            role: Role::REQUEST,
        };
        match (before, after) {
            (None, None) => {}
            (Some((_, at)), None) => {
                let site = site(at.clone(), at, old);
                self.push(
                    Kind::BodyRemoved,
                    Effect::Gone,
                    &site,
                    Side::Old,
                    None,
                    None,
                );
            }
            (None, Some((body, at))) => {
                let site = site(at.clone(), at, new);
                let effect = if body["required"] == true {
                    Effect::NewlyRequired
                } else {
                    Effect::New
                };
                self.push(Kind::BodyAdded, effect, &site, Side::New, None, None);
            }
            (Some((before, old_at)), Some((after, new_at))) => {
                let mut site = site(old_at, new_at, new);
                site.role.patch = new.method == "PATCH";
                let sent = [(self.old, old), (self.new, new)].map(|(revision, operation)| {
                    sent_media_type(revision, operation).unwrap_or_default()
                });
                self.body_required(before, after, &site);
                self.body_contents(before, after, &sent, &site);
            }
        }
    }

    fn body_required(&mut self, before: &Value, after: &Value, site: &Site) {
        match (before["required"] == true, after["required"] == true) {
            (false, true) => {
                self.push(
                    Kind::BodyRequired,
                    Effect::NewlyRequired,
                    site,
                    Side::Both,
                    None,
                    None,
                );
            }
            (true, false) => {
                self.push(
                    Kind::BodyOptional,
                    Effect::Relaxed,
                    site,
                    Side::Both,
                    None,
                    None,
                );
            }
            _ => {}
        }
    }

    fn body_contents(
        &mut self,
        before: &'a Value,
        after: &'a Value,
        sent: &[String; 2],
        site: &Site,
    ) {
        let effect = |name: &str, side: usize| {
            let matters = sent[0] != sent[1] && name == sent[side];
            if matters {
                Effect::Retyped
            } else {
                Effect::NotGenerated
            }
        };
        for (name, media) in content(before) {
            let within = site.within(site.place.clone(), &["content", name]);
            if let Some(other) = after["content"].get(name) {
                let is_sent = sent[0] == *name;
                let role = if is_sent { site.role } else { Role::default() };
                let within = Site { role, ..within };
                self.media(media, other, &within, Effect::Nothing);
            } else {
                let effect = effect(name, 0);
                let said = Some(name.clone());
                self.push(
                    Kind::BodyMediaTypeRemoved,
                    effect,
                    &within,
                    Side::Old,
                    said,
                    None,
                );
            }
        }
        for (name, _) in content(after) {
            if before["content"].get(name).is_none() {
                let within = site.within(site.place.clone(), &["content", name]);
                let effect = effect(name, 1);
                let said = Some(name.clone());
                self.push(
                    Kind::BodyMediaTypeAdded,
                    effect,
                    &within,
                    Side::New,
                    None,
                    said,
                );
            }
        }
    }

    /// Compares the schemas of two media types; `null` is the effect of a change in nullability.
    fn media(&mut self, old: &'a Value, new: &'a Value, site: &Site, null: Effect) {
        let mut within = site.within(site.place.clone(), &["schema"]);
        within.role = site.role;
        match (old.get("schema"), new.get("schema")) {
            (Some(old), Some(new)) => {
                self.null(old, new, &within, null);
                self.schemas(old, new, &within);
            }
            (None, None) => {}
            (old, new) => {
                let said = |schema: Option<&Value>| Some(schema.map_or("any".to_owned(), describe));
                if said(old) != said(new) {
                    let effect = site.effect(Effect::Retyped);
                    let kind = Kind::TypeChanged;
                    self.push(kind, effect, site, Side::Both, said(old), said(new));
                }
            }
        }
    }

    /// Compares the responses of a pair of operations.
    pub(super) fn responses(&mut self, old: &'a Operation, new: &'a Operation) {
        let retyped = is_retyped((self.old, old), (self.new, new));
        let mut news = listed(self.new, new);
        let mut gone = Vec::new();
        for before in listed(self.old, old) {
            match news.iter().position(|after| after.status == before.status) {
                Some(at) => self.response(new, &before, &news.remove(at), retyped),
                None => gone.push(before),
            }
        }
        for before in gone {
            let moved = news
                .iter()
                .position(|after| before.is_success && after.is_success);
            if let Some(at) = moved {
                let after = news.remove(at);
                let site = response_site(new, &before, &after);
                let said = (
                    Some(before.status.to_owned()),
                    Some(after.status.to_owned()),
                );
                let kind = Kind::StatusMoved;
                self.push(kind, Effect::OnTheWire, &site, Side::Both, said.0, said.1);
                self.response(new, &before, &after, retyped);
            } else {
                let site = response_site(old, &before, &before);
                let effect = before.effect(retyped);
                self.push(Kind::StatusRemoved, effect, &site, Side::Old, None, None);
            }
        }
        for after in news {
            let site = response_site(new, &after, &after);
            let effect = after.effect(retyped);
            self.push(Kind::StatusAdded, effect, &site, Side::New, None, None);
        }
    }

    fn response(
        &mut self,
        operation: &Operation,
        before: &Response<'a>,
        after: &Response<'a>,
        retyped: bool,
    ) {
        let site = response_site(operation, before, after);
        let effect = before.effect(retyped);
        for (name, media) in content(before.node) {
            let mut within = site.within(site.place.clone(), &["content", name]);
            if let Some(other) = after.node["content"].get(name) {
                if !is_json(name) {
                    within.role = Role::default();
                }
                self.media(media, other, &within, Effect::Retyped);
            } else {
                let kind = Kind::ResponseMediaTypeRemoved;
                let said = Some(name.clone());
                self.push(kind, effect, &within, Side::Old, said, None);
            }
        }
        for (name, _) in content(after.node) {
            if before.node["content"].get(name).is_none() {
                let within = site.within(site.place.clone(), &["content", name]);
                let kind = Kind::ResponseMediaTypeAdded;
                let said = Some(name.clone());
                self.push(kind, effect, &within, Side::New, None, said);
            }
        }
    }
}

impl Response<'_> {
    fn effect(&self, retyped: bool) -> Effect {
        match (self.is_success, retyped) {
            (false, _) => Effect::NotGenerated,
            (true, true) => Effect::Retyped,
            (true, false) => Effect::OnTheWire,
        }
    }
}

fn response_site(operation: &Operation, before: &Response<'_>, after: &Response<'_>) -> Site {
    Site {
        place: format!("{} -> {}", operation.function, after.status),
        old: before.pointer.clone(),
        new: after.pointer.clone(),
        users: users_of(operation),
        role: if before.is_success {
            Role::RESPONSE
        } else {
            Role::default()
        },
    }
}

fn listed<'a>(revision: &'a Revision<'_>, operation: &Operation) -> Vec<Response<'a>> {
    let place = operation.pointer.join("responses");
    let responses = place.find(&revision.document).and_then(Value::as_object);
    let all = || responses.into_iter().flatten();
    // Without any 2xx status, `default` is the successful response.
    let has_success = all().any(|(status, _)| status.starts_with('2'));
    all()
        .filter_map(|(status, node)| {
            let (node, pointer) = revision.target(node, &place.join(status))?;
            Some(Response {
                status,
                is_success: status.starts_with('2') || status == "default" && !has_success,
                node,
                pointer,
            })
        })
        .collect()
}

fn content(node: &Value) -> impl Iterator<Item = (&String, &Value)> {
    node["content"].as_object().into_iter().flat_map(Map::iter)
}

/// Returns the media type of the request body that the crate sends, as in the spec.
fn sent_media_type(revision: &Revision<'_>, operation: &Operation) -> Option<String> {
    let node = operation.pointer.find(&revision.document)?;
    let body = lower::referenced(&revision.document, node.get("requestBody")?);
    lower::sent_media_type(body).map(str::to_owned)
}

/// Returns whether the kind of the response type or the number of distinct JSON schemas changes.
fn is_retyped(old: (&Revision<'_>, &Operation), new: (&Revision<'_>, &Operation)) -> bool {
    let success = |(revision, operation): (&Revision<'_>, &Operation)| {
        let node = operation.pointer.find(&revision.document)?;
        let mut bodies: Vec<Value> = Vec::new();
        for response in listed(revision, operation) {
            if response.is_success {
                for (_, media) in content(response.node).filter(|(name, _)| is_json(name)) {
                    let schema = media.get("schema").cloned().unwrap_or_default();
                    if !bodies.contains(&schema) {
                        bodies.push(schema);
                    }
                }
            }
        }
        let of: Success = lower::success(&revision.document, node);
        Some((discriminant(&of), bodies.len()))
    };
    success(old) != success(new)
}
