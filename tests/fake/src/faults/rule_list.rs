//! A list of fault rules.

use std::str::FromStr;

use fastrand::Rng;

use super::error::FaultsError;
use super::fault::Fault;
use super::rule::Rule;

/// Rules that say which requests fail, and how.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use retab_fake::Faults;
///
/// let faults: Faults = "create_workflow_run:503x2,*:429+2@10%".parse()?;
/// let error = "create_workflow_rum:503".parse::<Faults>().unwrap_err();
/// assert!(error.to_string().contains("not an operation of the spec"));
/// # let _ = faults;
/// # Ok(())
/// # }
/// ```
///
/// If several rules match a request, the first one that applies wins. [`FAULT_SYNTAX`](crate::FAULT_SYNTAX) is the
/// syntax.
#[derive(Clone, Debug)]
pub struct Faults {
    rules: Vec<Rule>,
    random: Rng,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            rules: Vec::new(),
            random: Rng::with_seed(1),
        }
    }
}

impl Faults {
    /// Returns the fault for the next request to an operation, if a rule applies.
    pub(crate) fn apply(&mut self, operation: &str) -> Option<Fault> {
        let random = &mut self.random;
        self.rules
            .iter_mut()
            .find_map(|rule| rule.apply(operation, random))
    }
}

impl FromStr for Faults {
    type Err = FaultsError;

    fn from_str(text: &str) -> Result<Self, FaultsError> {
        let rules = text.split(',').map(str::trim).map(Rule::parse);
        Ok(Self {
            rules: rules.collect::<Result<_, _>>()?,
            ..Self::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;

    fn apply(rules: &str, operations: &[&str]) -> Vec<Option<Fault>> {
        let mut faults: Faults = rules.parse().unwrap();
        operations
            .iter()
            .map(|operation| faults.apply(operation))
            .collect()
    }

    const BUSY: Fault = Fault::Status(StatusCode::SERVICE_UNAVAILABLE, None);

    #[test]
    fn rule_applies_to_its_operation_until_its_count_is_used_up() {
        let (create, get) = ("create_workflow_run", "get_workflow_run");
        assert_eq!(
            apply(
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
        // A used-up rule falls through to the next one, and `*` does not include object storage.
        assert_eq!(
            apply("*:lostx1, *:stall,storage:html", &[get, "", "storage"]),
            [Some(Fault::Lost), Some(Fault::Stall), Some(Fault::Html)]
        );
    }

    #[test]
    fn rule_applies_with_its_probability_and_deterministically() {
        let operations = vec!["list_files"; 2000];
        let applied = apply("*:429+2@10%", &operations);
        let limited = Fault::Status(StatusCode::TOO_MANY_REQUESTS, Some(2));
        let count = applied
            .iter()
            .filter(|fault| **fault == Some(limited))
            .count();
        assert!((150..250).contains(&count), "{count}");
        assert_eq!(applied, apply("*:429+2@10%", &operations));
        let truncated = apply("*:truncatex3@50%", &operations);
        assert_eq!(truncated.iter().flatten().count(), 3);
    }

    #[test]
    fn invalid_rule_is_rejected_with_its_reason() {
        for (rule, reason) in [
            ("", "no `:`"),
            ("503", "no `:`"),
            ("create_run:503", "`create_run` is not an operation"),
            ("*:200", "not a status from 400"),
            ("*:slow", "`slow` is not a fault"),
            ("*:503x0", "`x0` is not a count"),
            ("*:503xmany", "`xmany` is not a count"),
            ("*:503@10", "`@10` is not between @1%"),
            ("*:503@101%", "`@101%` is not between @1%"),
            ("*:503+soon", "`+soon` is not a number"),
            ("*:reset+2", "only a status"),
            ("*:503,", "no `:`"),
        ] {
            let error = rule.parse::<Faults>().unwrap_err().to_string();
            assert!(error.contains(reason), "{rule}: {error}");
            assert!(error.contains("use the syntax"), "{error}");
        }
    }
}
