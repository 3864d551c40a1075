//! One operation after the other: requests and answers drawn, sent, read and compared.

use std::collections::BTreeSet;

use retab_fake::spec::{
    self, Body, Checker, MeaningfulNulls, Operation, Profile, Sampler, Spec, Violation,
    argument_differences, differences,
};
use retab_fake::{ReceivedRequest, Response};
use retab_tests::dispatch::{DispatchError, Outcome};
use serde_json::{Map, Value};

use crate::corrections::{MEANINGFUL_NULLS, ambiguities, without_generated_id};
use crate::service::{self, Service};

/// What each operation gets first; then it gets what is varied and what is newer until no choice is left.
const PROFILES: [Profile; 5] = [
    Profile::Minimal,
    Profile::Full,
    Profile::Nulls,
    Profile::Edges,
    Profile::Newer,
];

/// The most draws that look for choices, for a schema whose choices cannot all be taken.
const MOST: usize = 200;

/// The contract of a document, and what has been found of the client.
pub(crate) struct Contract<'d> {
    originals: &'d [Operation<'d>],
    checker: Checker<'d>,
    checker_of_answers: Checker<'d>,
    nulls: MeaningfulNulls,
    service: Service,
    pub(crate) requests: Sampler,
    pub(crate) answers: Sampler,
    /// The operations that have arrived.
    pub(crate) called: BTreeSet<&'d str>,
    /// The parameters and parts that have arrived, by operation, place and name.
    pub(crate) parameters: BTreeSet<(&'d str, &'d str, &'d str)>,
    pub(crate) requests_sent: usize,
    pub(crate) answers_read: usize,
    findings: Vec<String>,
}

/// What is drawn for one call.
struct Drawn<'d> {
    arguments: Map<String, Value>,
    answer: spec::Response<'d>,
    /// The answer, where it is JSON.
    value: Option<Value>,
    profile: Profile,
}

impl<'d> Contract<'d> {
    /// Requests are drawn from the corrected document and checked against the original one.
    pub(crate) async fn new(
        original: &'d Spec,
        originals: &'d [Operation<'d>],
        corrected: &'d Spec,
    ) -> Self {
        Self {
            originals,
            checker: Checker::new(original).unwrap(),
            checker_of_answers: Checker::new(corrected).unwrap(),
            nulls: MeaningfulNulls::of(corrected, &MEANINGFUL_NULLS),
            service: Service::start().await,
            requests: Sampler::for_requests(corrected, 1),
            answers: Sampler::for_responses(corrected, 2),
            called: BTreeSet::new(),
            parameters: BTreeSet::new(),
            requests_sent: 0,
            answers_read: 0,
            findings: Vec::new(),
        }
    }

    /// Calls an operation until every choice of its schemas was taken, and `more` times.
    pub(crate) async fn drive(&mut self, operation: &Operation<'d>, more: usize) {
        let successes = operation
            .responses
            .iter()
            .filter(|answer| answer.is_success());
        let successes: Vec<spec::Response<'d>> = successes.copied().collect();
        self.requests.track_arguments(operation);
        for answer in &successes {
            let name = format!("{} {}", operation.id, answer.status);
            self.answers.track_schema(&answer.schema, &name);
        }
        let mut left = more;
        for round in 0.. {
            if round >= PROFILES.len() && (round >= MOST || self.covers(operation, &successes)) {
                if left == 0 {
                    return;
                }
                left -= 1;
            }
            let varied = if round % 2 == 0 {
                Profile::Varied
            } else {
                Profile::Newer
            };
            let profile = PROFILES.get(round).copied().unwrap_or(varied);
            let answer = successes[round % successes.len()];
            let drawn = Drawn {
                arguments: self.requests.arguments(operation, profile),
                answer,
                value: answer
                    .is_json()
                    .then(|| self.answers.draw(&answer.schema, profile)),
                profile,
            };
            self.call(operation, &drawn).await;
        }
    }

    fn covers(&mut self, operation: &Operation<'d>, successes: &[spec::Response<'d>]) -> bool {
        self.requests.covers_arguments(operation)
            && successes
                .iter()
                .all(|answer| self.answers.covers_schema(&answer.schema))
    }

    async fn call(&mut self, operation: &Operation<'d>, drawn: &Drawn<'d>) {
        let original = self
            .originals
            .iter()
            .find(|original| original.id == operation.id)
            .unwrap();
        let violations = self
            .checker
            .argument_violations(original, &drawn.arguments)
            .unwrap();
        self.note(operation, "drew an invalid request", violations);
        if let Some(value) = drawn
            .value
            .as_ref()
            .filter(|_| drawn.profile != Profile::Newer)
        {
            let violations = self
                .checker_of_answers
                .violations(&drawn.answer.schema, value)
                .unwrap();
            self.note(operation, "drew an invalid answer", violations);
        }
        let answer = match (drawn.answer.media_type, &drawn.value) {
            (None, _) => Response::empty(drawn.answer.status),
            (Some(_), Some(value)) => Response::json(drawn.answer.status, value),
            (Some(media_type), None) => {
                Response::new(drawn.answer.status, media_type, service::bytes())
            }
        };
        let (outcome, received) = self
            .service
            .call(operation.id, &drawn.arguments, answer)
            .await;
        match &received[..] {
            [request] => self.compare_request(operation, original, &drawn.arguments, request),
            several => self.find(operation, &format!("sent {} requests", several.len())),
        }
        match outcome {
            Ok(outcome) => self.compare_answer(operation, drawn, outcome),
            Err(error) => self.find(operation, &format!("failed: {}", chain(&error))),
        }
    }

    fn compare_request(
        &mut self,
        operation: &Operation<'d>,
        original: &Operation<'d>,
        arguments: &Map<String, Value>,
        request: &ReceivedRequest,
    ) {
        self.requests_sent += 1;
        match Operation::find(self.originals, &request.method, &request.path) {
            Some(found) if found.id == operation.id => drop(self.called.insert(operation.id)),
            Some(found) => self.find(operation, &format!("arrived at {}", found.id)),
            None => self.find(operation, "arrived at no operation"),
        }
        let (found, violations) = self.checker.decode_request(original, request).unwrap();
        self.note(operation, "sent what is not valid", violations);
        let found = without_generated_id(operation.id, arguments, found);
        let differences = argument_differences(operation, arguments, &found, &self.nulls);
        self.note(operation, "sent something else", differences);
        let parts = operation.body.iter().flat_map(Body::parts);
        for parameter in operation.parameters.iter().copied().chain(parts) {
            let place = parameter.location.as_str();
            if found
                .get(place)
                .is_some_and(|values| values.get(parameter.name).is_some())
            {
                self.parameters
                    .insert((operation.id, place, parameter.name));
            }
        }
    }

    fn compare_answer(&mut self, operation: &Operation<'d>, drawn: &Drawn<'d>, outcome: Outcome) {
        match (outcome, &drawn.value) {
            (
                Outcome::Json {
                    value: found,
                    unknown,
                    ..
                },
                Some(value),
            ) => {
                self.answers_read += 1;
                let differences = differences(&drawn.answer.schema, value, &found, &self.nulls);
                self.note(operation, "read something else", differences);
                if drawn.profile != Profile::Newer && unknown > ambiguities(value) {
                    self.find(
                        operation,
                        &format!("does not know {unknown} values or variants of {value}"),
                    );
                }
            }
            (Outcome::Bytes(found), None) => {
                self.answers_read += 1;
                if found != service::bytes() {
                    self.find(operation, "read other bytes");
                }
            }
            (Outcome::Empty, None) if drawn.answer.media_type.is_none() => {}
            (outcome, _) => self.find(
                operation,
                &format!("answered {} with {outcome:?}", drawn.answer.status),
            ),
        }
    }

    fn note(&mut self, operation: &Operation<'_>, about: &str, violations: Vec<Violation>) {
        for violation in violations {
            self.find(operation, &format!("{about}: {violation}"));
        }
    }

    fn find(&mut self, operation: &Operation<'_>, finding: &str) {
        self.findings.push(format!("{} {finding}", operation.id));
    }

    /// How many properties have a null of their own.
    pub(crate) fn meaningful_nulls(&self) -> usize {
        self.nulls.count()
    }

    /// Fails with the findings, each of them once.
    pub(crate) fn assert_nothing_found(&self) {
        let distinct: BTreeSet<&str> = self.findings.iter().map(String::as_str).collect();
        let shown: Vec<&str> = distinct.iter().copied().take(60).collect();
        assert!(
            distinct.is_empty(),
            "{} findings, such as\n{}",
            distinct.len(),
            shown.join("\n")
        );
    }
}

fn chain(error: &DispatchError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        text = format!("{text}: {error}");
        source = error.source();
    }
    text
}
