//! Every list operation through the streams that users walk, both ways.

use futures_util::TryStreamExt as _;
use http::Method;
use retab_api::runtime::{BoxFuture, ListOperation};
use retab_ext::{Client, Error, List as _};
use retab_fake::spec::{
    Location, MeaningfulNulls, Operation, Profile, Response, Sampler, Spec, differences,
};
use retab_fake::{FakeRetab, ReceivedRequest};
use retab_tests::dispatch::{DispatchError, ListVisitor};
use retab_tests::dispatcher::dispatch_list;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use url::form_urlencoded;

use crate::corrections::{MEANINGFUL_NULLS, corrected};

/// Walks a list to its end; gives its items as JSON.
struct Walk {
    backwards: bool,
}

impl ListVisitor for Walk {
    type Output = BoxFuture<'static, Result<Vec<Value>, Error>>;

    fn visit<L>(self, call: L) -> Self::Output
    where
        L: ListOperation + Clone + Send + 'static,
        L::Item: Serialize + DeserializeOwned + std::fmt::Debug + Send + 'static,
    {
        let listing = call.pagination();
        let listing = if self.backwards {
            listing.backwards()
        } else {
            listing
        };
        Box::pin(
            listing
                .items()
                .map_ok(|item| serde_json::to_value(&item).unwrap())
                .try_collect(),
        )
    }
}

/// The pages of a list as they were drawn, each of which leads to the next.
struct Drawn<'d> {
    answer: &'d Response<'d>,
    pages: Vec<Value>,
}

/// Three pages of an operation's list; nothing for an operation that has none.
fn draw<'d>(operation: &'d Operation<'d>, sampler: &mut Sampler) -> Option<Drawn<'d>> {
    let takes = |name| operation.parameter(Location::Query, name).is_some();
    if !takes("after") || !takes("before") {
        return None;
    }
    let answer = operation
        .responses
        .iter()
        .find(|answer| answer.is_success() && answer.is_json())?;
    let pages: Vec<Value> = (0..3)
        .map(|_| sampler.draw(&answer.schema, Profile::Full))
        .collect();
    let is_page = |page: &Value| page["data"].is_array() && page["list_metadata"].is_object();
    pages.iter().all(is_page).then_some(Drawn { answer, pages })
}

fn values(query: &str, name: &str) -> Vec<String> {
    form_urlencoded::parse(query.as_bytes())
        .filter(|(found, _)| found == name)
        .map(|(_, value)| value.into_owned())
        .collect()
}

/// The cursors that were asked for by one parameter, none of them with another that nobody set.
fn asked(received: &[ReceivedRequest], with: &str, arguments: &Map<String, Value>) -> Vec<String> {
    let cursors = received.iter().map(|request| {
        assert_eq!(request.method, Method::GET);
        for (name, _) in form_urlencoded::parse(request.query.as_bytes()) {
            let set = arguments["query"].get(&*name).is_some();
            assert!(set || name == with, "{name} was sent: {}", request.query);
        }
        values(&request.query, with).join(" and ")
    });
    cursors.collect()
}

#[tokio::test]
async fn every_list_operation_is_walked_both_ways() {
    let document = Spec::new(corrected(super::document()));
    let operations = document.operations();
    let nulls = MeaningfulNulls::of(&document, &MEANINGFUL_NULLS);
    let mut requests = Sampler::for_requests(&document, 5);
    let mut answers = Sampler::for_responses(&document, 6);
    let fake = FakeRetab::start().await;
    let client = Client::builder()
        .api_key(FakeRetab::API_KEY)
        .base_url(fake.base_url())
        .build()
        .unwrap();
    let mut lists = 0;
    let mut items = 0;
    for operation in &operations {
        let arguments = requests.arguments(operation, Profile::Minimal);
        let Some(drawn) = draw(operation, &mut answers) else {
            let refused = dispatch_list(
                client.api(),
                operation.id,
                arguments,
                Walk { backwards: false },
            );
            assert!(
                matches!(refused, Err(DispatchError::UnknownOperation(_))),
                "{} has a list that the document does not have",
                operation.id
            );
            continue;
        };
        lists += 1;
        for (with, backwards) in [("after", false), ("before", true)] {
            let mut arguments = arguments.clone();
            arguments
                .entry("query")
                .or_insert_with(|| json!({}))
                .as_object_mut()
                .unwrap()
                .insert(with.to_owned(), json!("start"));
            let mut expected = Vec::new();
            for (page, cursor) in drawn.pages.iter().zip([Some("c1"), Some("c2"), None]) {
                let mut page = page.clone();
                let mut metadata = json!({"after": null, "before": null});
                metadata[with] = json!(cursor);
                page["list_metadata"] = metadata;
                let status = drawn.answer.status;
                fake.queue_response(retab_fake::Response::json(status, &page));
                let mut data = page["data"].as_array().unwrap().clone();
                assert!(!data.is_empty());
                if backwards {
                    data.reverse();
                }
                expected.extend(data);
            }
            let walk = dispatch_list(
                client.api(),
                operation.id,
                arguments.clone(),
                Walk { backwards },
            );
            let found = walk.unwrap().await.unwrap();
            items += found.len();
            let received = fake.take_requests();
            assert_eq!(
                asked(&received, with, &arguments),
                ["start", "c1", "c2"],
                "{}",
                operation.id
            );
            let page = |data: Vec<Value>| {
                let mut page = drawn.pages[0].clone();
                page["data"] = data.into();
                page
            };
            let differences =
                differences(&drawn.answer.schema, &page(expected), &page(found), &nulls);
            assert!(differences.is_empty(), "{}: {differences:?}", operation.id);
        }
    }
    println!("lists       {lists}, with {items} items");
    assert_eq!(lists, 29);
}
