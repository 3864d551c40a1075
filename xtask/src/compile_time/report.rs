//! The results as a table, and their comparison with the limit.

use std::fmt;
use std::time::Duration;

use super::build::Build;
use super::project::{Project, Took};

/// Two consecutive measurements, one of each crate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pair {
    pub(super) ours: Took,
    pub(super) theirs: Took,
}

/// The comparison of the two crates for one cargo command.
#[derive(Debug)]
pub(super) struct Report {
    title: String,
    limit: f64,
    packages: [String; 2],
    pairs: usize,
    wall: Comparison,
    cpu: Option<Comparison>,
}

/// The times of two crates in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Comparison {
    ours: Spread,
    theirs: Spread,
    /// The median of the ratios of all pairs, which is robust against other load on the machine.
    ratio: f64,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Spread {
    min: f64,
    median: f64,
}

/// Returns an explanation of the measurements.
pub(super) fn preface(ours: &Project, theirs: &Project, version: &str) -> String {
    format!(
        "Compile time of {} compared to {} {version}.\n\
         Each measurement is one cargo command that compiles the crate from scratch, with its dependencies already\n\
         built. It includes cargo itself and, for {}, the build script and lints, which cargo suppresses for\n\
         registry crates. Each crate uses its own dependencies. Incremental compilation and caches are disabled.\n\
         The ratio is the median over all pairs. The limit applies to the ratio of the wall times.",
        ours.package, theirs.package, ours.package
    )
}

impl Report {
    pub(super) fn new(build: Build, packages: [&str; 2], pairs: &[Pair]) -> Self {
        let cpu: Option<Vec<_>> = pairs
            .iter()
            .map(|pair| pair.ours.cpu.zip(pair.theirs.cpu))
            .collect();
        Self {
            title: build.title(),
            limit: build.limit,
            packages: packages.map(str::to_owned),
            pairs: pairs.len(),
            wall: Comparison::of(pairs.iter().map(|pair| (pair.ours.wall, pair.theirs.wall))),
            cpu: cpu.map(|pairs| Comparison::of(pairs.into_iter())),
        }
    }

    /// Returns whether the wall time ratio exceeds the limit.
    pub(super) fn is_over(&self) -> bool {
        self.wall.ratio > self.limit
    }
}

impl Comparison {
    fn of(pairs: impl Iterator<Item = (Duration, Duration)>) -> Self {
        let (ours, theirs): (Vec<f64>, Vec<f64>) = pairs
            .map(|(ours, theirs)| (ours.as_secs_f64(), theirs.as_secs_f64()))
            .unzip();
        let ratios = ours.iter().zip(&theirs).map(|(ours, theirs)| ours / theirs);
        Self {
            ratio: Spread::of(ratios.collect()).median,
            ours: Spread::of(ours),
            theirs: Spread::of(theirs),
        }
    }
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let middle = values.len() / 2;
        let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
        Self {
            min: at(0),
            median: if values.len() % 2 == 1 {
                at(middle)
            } else {
                f64::midpoint(at(middle.wrapping_sub(1)), at(middle))
            },
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let title = format!("cargo {} --lib, {} pairs", self.title, self.pairs);
        writeln!(
            f,
            "{title:<36}{:>10}{:>10}{:>10}{:>10}",
            "wall min", "median", "CPU min", "median"
        )?;
        let [ours, theirs] = &self.packages;
        let cpu = self.cpu.as_ref();
        for (package, spreads) in [
            (ours, [Some(self.wall.ours), cpu.map(|cpu| cpu.ours)]),
            (theirs, [Some(self.wall.theirs), cpu.map(|cpu| cpu.theirs)]),
        ] {
            write!(f, "  {package:<34}")?;
            for spread in spreads {
                match spread {
                    Some(Spread { min, median }) => write!(f, "{min:>8.2} s{median:>8.2} s")?,
                    None => write!(f, "{:>10}{:>10}", "unknown", "unknown")?,
                }
            }
            writeln!(f)?;
        }
        write!(f, "  {:<34}{:>10}{:>10.2}", "ratio", "", self.wall.ratio)?;
        if let Some(cpu) = cpu {
            write!(f, "{:>10}{:>10.2}", "", cpu.ratio)?;
        }
        let relation = if self.is_over() { "over" } else { "within" };
        write!(f, "\n  {relation} the limit of {:.2}", self.limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile_time::build::BUILDS;

    fn pair(ours: u64, theirs: u64) -> Pair {
        let took = |millis: u64| Took {
            wall: Duration::from_millis(millis),
            cpu: Some(Duration::from_millis(millis * 2)),
        };
        Pair {
            ours: took(ours),
            theirs: took(theirs),
        }
    }

    fn report(pairs: &[Pair]) -> Report {
        Report::new(BUILDS[0], ["retab-api", "retab"], pairs)
    }

    #[test]
    fn table_shows_both_crates_ratio_and_limit() {
        let report = report(&[pair(1000, 2000), pair(1500, 2000), pair(9000, 4000)]);
        assert_eq!(
            report.to_string(),
            "\
cargo check --lib, 3 pairs            wall min    median   CPU min    median
  retab-api                             1.00 s    1.50 s    2.00 s    3.00 s
  retab                                 2.00 s    2.00 s    4.00 s    4.00 s
  ratio                                             0.75                0.75
  within the limit of 1.00"
        );
        assert!(!report.is_over());
    }

    #[test]
    fn shows_wall_time_if_cpu_time_is_unknown() {
        let mut silent = pair(1000, 2000);
        silent.theirs.cpu = None;
        let table = report(&[pair(1000, 2000), silent]).to_string();
        assert_eq!(table.matches("unknown").count(), 4, "{table}");
        assert_eq!(table.matches("0.50").count(), 1, "{table}");
    }

    #[test]
    fn compares_within_pairs_and_allows_the_limit() {
        for (pairs, ratio, is_over) in [
            // The machine becomes slower from pair to pair.
            (
                vec![pair(900, 1000), pair(1800, 2000), pair(3600, 4000)],
                0.9,
                false,
            ),
            (vec![pair(1000, 1000)], 1.0, false),
            (vec![pair(1010, 1000)], 1.01, true),
            (vec![pair(500, 1000), pair(2000, 1000)], 1.25, true),
        ] {
            let report = report(&pairs);
            assert!((report.wall.ratio - ratio).abs() < 1e-9, "{report}");
            assert_eq!(report.is_over(), is_over, "{report}");
            assert_eq!(
                report.to_string().contains("over the limit"),
                is_over,
                "{report}"
            );
        }
    }
}
