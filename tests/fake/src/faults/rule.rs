//! One rule: which requests, which fault, how many times, how likely.

use fastrand::Rng;
use http::StatusCode;

use super::{Fault, FaultsError};
use crate::spec::vendored;

#[derive(Clone, Debug)]
pub(super) struct Rule {
    operation: String,
    fault: Fault,
    /// How many times it still strikes.
    left: Option<u64>,
    percent: Option<u8>,
}

impl Rule {
    pub(super) fn parse(text: &str) -> Result<Self, FaultsError> {
        let wrong = |reason: String| FaultsError {
            rule: text.to_owned(),
            reason,
        };
        let (operation, rest) = text
            .split_once(':')
            .ok_or_else(|| wrong("it has no `:` between operation and fault".to_owned()))?;
        let is_known = matches!(operation, "*" | "storage");
        if !is_known && vendored().operation(operation).is_none() {
            return Err(wrong(format!(
                "`{operation}` is no operation of the document"
            )));
        }
        let (rest, percent) = match rest.split_once('@') {
            Some((rest, percent)) => (rest, Some(percent_of(percent).map_err(wrong)?)),
            None => (rest, None),
        };
        // No fault has an x in its name.
        let (fault, left) = match rest.split_once('x') {
            Some((fault, count)) => (fault, Some(count_of(count).map_err(wrong)?)),
            None => (rest, None),
        };
        Ok(Self {
            operation: operation.to_owned(),
            fault: fault_of(fault).map_err(wrong)?,
            left,
            percent,
        })
    }

    /// The fault, if the rule is for this operation and strikes.
    pub(super) fn strike(&mut self, operation: &str, random: &mut Rng) -> Option<Fault> {
        let fits = match self.operation.as_str() {
            "*" => operation != "storage",
            wanted => wanted == operation,
        };
        if !fits || self.left == Some(0) {
            return None;
        }
        if self
            .percent
            .is_some_and(|percent| random.u8(..100) >= percent)
        {
            return None;
        }
        if let Some(left) = &mut self.left {
            *left -= 1;
        }
        Some(self.fault)
    }
}

fn percent_of(text: &str) -> Result<u8, String> {
    let number = text
        .strip_suffix('%')
        .and_then(|number| number.parse().ok());
    number
        .filter(|percent| (1..=100).contains(percent))
        .ok_or_else(|| format!("`@{text}` is not @1% to @100%"))
}

fn count_of(text: &str) -> Result<u64, String> {
    let number = text.parse().ok().filter(|count| *count > 0);
    number.ok_or_else(|| format!("`x{text}` is no count from 1"))
}

fn fault_of(text: &str) -> Result<Fault, String> {
    let (status, hint) = match text.split_once('+') {
        Some((status, seconds)) => {
            let number = seconds.parse();
            let number = number.map_err(|_| format!("`+{seconds}` is no number of seconds"))?;
            (status, Some(number))
        }
        None => (text, None),
    };
    if let Ok(number) = status.parse::<u16>() {
        return match StatusCode::from_u16(number) {
            Ok(status) if (400..600).contains(&number) => Ok(Fault::Status(status, hint)),
            _ => Err(format!("`{number}` is no status from 400 to 599")),
        };
    }
    match (status, hint) {
        ("html", None) => Ok(Fault::Html),
        ("reset", None) => Ok(Fault::Reset),
        ("lost", None) => Ok(Fault::Lost),
        ("truncate", None) => Ok(Fault::Truncate),
        ("stall", None) => Ok(Fault::Stall),
        (_, Some(_)) => Err("only a status has a Retry-After".to_owned()),
        _ => Err(format!("`{text}` is no fault")),
    }
}

#[cfg(test)]
mod tests {
    use crate::Faults;

    use super::*;

    fn strikes(rules: &str, operations: &[&str]) -> Vec<Option<Fault>> {
        let mut faults: Faults = rules.parse().unwrap();
        operations
            .iter()
            .map(|operation| faults.strike(operation))
            .collect()
    }

    const BUSY: Fault = Fault::Status(StatusCode::SERVICE_UNAVAILABLE, None);

    #[test]
    fn a_rule_strikes_its_operation_as_often_as_it_says() {
        let (create, get) = ("create_workflow_run", "get_workflow_run");
        assert_eq!(
            strikes(
                "create_workflow_run:503x2,get_workflow_run:reset",
                &[create, create, create, get, get, "storage"]
            ),
            [
                Some(BUSY),
                Some(BUSY),
                None,
                Some(Fault::Reset),
                Some(Fault::Reset),
                None
            ]
        );
        // The next rule takes over from one that is used up; all of the service is not the storage.
        assert_eq!(
            strikes("*:lostx1, *:stall,storage:html", &[get, "", "storage"]),
            [Some(Fault::Lost), Some(Fault::Stall), Some(Fault::Html)]
        );
    }

    #[test]
    fn a_rule_strikes_about_as_likely_as_it_says_and_the_same_each_time() {
        let operations = vec!["list_files"; 2000];
        let struck = strikes("*:429+2@10%", &operations);
        let hint = Fault::Status(StatusCode::TOO_MANY_REQUESTS, Some(2));
        let count = struck.iter().filter(|fault| **fault == Some(hint)).count();
        assert!((150..250).contains(&count), "{count}");
        assert_eq!(struck, strikes("*:429+2@10%", &operations));
        let some = strikes("*:truncatex3@50%", &operations);
        assert_eq!(some.iter().flatten().count(), 3);
    }

    #[test]
    fn a_rule_that_is_none_is_told_what_is_wrong_with_it() {
        for (rule, reason) in [
            ("", "no `:`"),
            ("503", "no `:`"),
            ("create_run:503", "`create_run` is no operation"),
            ("*:200", "no status from 400"),
            ("*:slow", "`slow` is no fault"),
            ("*:503x0", "`x0` is no count"),
            ("*:503xmany", "`xmany` is no count"),
            ("*:503@10", "`@10` is not @1%"),
            ("*:503@101%", "`@101%` is not @1%"),
            ("*:503+soon", "`+soon` is no number"),
            ("*:reset+2", "only a status"),
            ("*:503,", "no `:`"),
        ] {
            let error = rule.parse::<Faults>().unwrap_err().to_string();
            assert!(error.contains(reason), "{rule}: {error}");
            assert!(error.contains("the forms are"), "{error}");
        }
    }
}
