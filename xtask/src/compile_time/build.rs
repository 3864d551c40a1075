//! The cargo commands to measure, and their limits.

/// A way to compile a crate.
#[derive(Clone, Copy, Debug)]
pub(super) struct Build {
    pub(super) command: &'static [&'static str],
    pub(super) profile: &'static str,
    /// The maximum compile time of `retab-api`, as a multiple of that of the official crate.
    pub(super) limit: f64,
}

pub(super) const BUILDS: [Build; 2] = [
    Build {
        command: &["check"],
        profile: "dev",
        limit: 1.0,
    },
    Build {
        command: &["build", "--release"],
        profile: "release",
        limit: 1.2,
    },
];

impl Build {
    pub(super) fn title(&self) -> String {
        self.command.join(" ")
    }
}
