//! From the log of a program to the mistake in it.
//!
//! A NumPy program (`data/golden.py`) computes the logs of the programs without a mistake, and of those
//! with one. The first row of a log that differs from that of the right program is the evidence: it is
//! compared with the rows that the known mistakes have there.

use crate::mistakes::{MISTAKES, Mistake, PROGRAMS};

/// The logs of `data/golden.py`: a line `# NAME` before the rows of each.
const LOGS: &str = include_str!("../data/logs.txt");

/// What is known about a program from its log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grade {
    /// All rows are those of a program without a mistake.
    Correct {
        /// What the program trains.
        program: &'static str,
    },
    /// The first row that differs is that of a known mistake.
    Known {
        /// The mistake.
        mistake: Mistake,
        /// Where the log differs.
        difference: Difference,
    },
    /// The log differs from that of every known program.
    Unknown {
        /// Where the log differs from the program that it agrees with longest.
        difference: Difference,
    },
}

/// The first row of a log that differs from a program without a mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What the program trains.
    pub program: &'static str,
    /// Its row; empty if its log has ended.
    pub expected: &'static str,
    /// The row that was found; empty if the log has ended.
    pub found: String,
}

/// Grades a log, one row on each line. Empty lines are left out.
pub fn grade(log: &str) -> Grade {
    let found: Vec<&str> = log.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let mut longest: Option<(usize, Difference)> = None;
    for (name, title) in PROGRAMS {
        let right = rows(name);
        let Some(first) = first_difference(&found, &right) else {
            return Grade::Correct { program: title };
        };
        let row = |rows: &[&'static str]| rows.get(first).copied().unwrap_or_default();
        let difference = Difference {
            program: title,
            expected: row(&right),
            found: found.get(first).map(|&row| row.to_owned()).unwrap_or_default(),
        };
        let known = MISTAKES.iter().filter(|mistake| mistake.program == name).find(|mistake| {
            let wrong = rows(mistake.exercise);
            first_difference(&wrong, &right) == Some(first) && row(&wrong) == difference.found
        });
        if let Some(&mistake) = known {
            return Grade::Known { mistake, difference };
        }
        if longest.as_ref().is_none_or(|(best, _)| first > *best) {
            longest = Some((first, difference));
        }
    }
    let (_, difference) = longest.expect("at least one program");
    Grade::Unknown { difference }
}

/// The rows of a known log.
///
/// # Panics
/// If there is none with this name.
pub fn rows(name: &str) -> Vec<&'static str> {
    let mut lines = LOGS.lines().skip_while(|line| line.strip_prefix("# ") != Some(name));
    assert!(lines.next().is_some(), "logs.txt has no log {name:?}");
    lines.take_while(|line| !line.starts_with('#')).collect()
}

/// The index of the first row that two logs do not share.
fn first_difference(left: &[&str], right: &[&str]) -> Option<usize> {
    let same = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    (same < left.len().max(right.len())).then_some(same)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log(name: &str) -> String {
        rows(name).join("\n")
    }

    #[test]
    fn the_logs_of_the_numpy_program_have_their_mistakes() {
        for (name, title) in PROGRAMS {
            assert_eq!(grade(&log(name)), Grade::Correct { program: title });
        }
        for expected in MISTAKES {
            match grade(&log(expected.exercise)) {
                Grade::Known { mistake, .. } => assert_eq!(mistake, expected),
                other => panic!("{}: {other:?}", expected.exercise),
            }
        }
    }

    /// One row is enough to distinguish all of them.
    #[test]
    fn the_first_row_that_differs_is_different_for_every_mistake() {
        let mut evidence: Vec<(&str, &str)> = Vec::new();
        for mistake in MISTAKES {
            let (wrong, right) = (rows(mistake.exercise), rows(mistake.program));
            let first = first_difference(&wrong, &right).expect("a difference");
            evidence.push((mistake.program, wrong[first]));
        }
        evidence.sort_unstable();
        let count = evidence.len();
        evidence.dedup();
        assert_eq!(evidence.len(), count);
    }

    #[test]
    fn another_mistake_is_unknown() {
        let right = log("adam");
        let wrong = right.replacen("acc: 0.010", "acc: 0.999", 1);
        let Grade::Unknown { difference } = grade(&wrong) else { panic!("a known mistake") };
        assert_eq!(difference.program, PROGRAMS[0].1);
        assert!(difference.expected.starts_with("epoch: 70, acc: 0.010"), "{difference:?}");
        assert!(difference.found.starts_with("epoch: 70, acc: 0.999"), "{difference:?}");

        // A log that ends early, and none at all.
        let short: String = right.lines().take(3).map(|line| format!("{line}\n")).collect();
        let Grade::Unknown { difference } = grade(&short) else { panic!("a known mistake") };
        assert!(difference.expected.starts_with("epoch: 30"), "{difference:?}");
        assert_eq!(difference.found, "");
        assert!(matches!(grade(""), Grade::Unknown { .. }));
    }
}
