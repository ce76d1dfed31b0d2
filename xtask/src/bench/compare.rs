//! Programs that take turns at one job, and the table of their times.

use std::time::Duration;

use nnfs_console::Alignment::{Left, Right};
use nnfs_console::table;
use serde_json::{Value, json};

use super::BenchOptions;
use super::peers::Peer;
use super::sample::median;

/// What a time is the time of, and the number that shows that all do the same job.
#[derive(Debug)]
pub(super) struct Unit {
    /// The heading of the times.
    pub(super) time: &'static str,
    /// Their key in JSON.
    pub(super) key: &'static str,
    /// How many of the unit are a microsecond.
    pub(super) per_microsecond: f64,
    /// The heading of the number that must agree.
    pub(super) check: &'static str,
}

/// A training step.
pub(super) const STEP: Unit =
    Unit { time: "us a step", key: "us_per_step", per_microsecond: 1.0, check: "loss of step 100" };

/// A job that several programs do.
pub(super) struct Comparison {
    pub(super) title: String,
    /// The job as JSON.
    pub(super) line: Value,
    pub(super) unit: &'static Unit,
    /// Our number that must agree with that of the peers.
    pub(super) check: f64,
    /// The source and the microseconds of a published result.
    pub(super) published: Option<(&'static str, f64)>,
}

/// The times of a program.
struct Entry {
    who: String,
    check: Option<f64>,
    times: Vec<f64>,
}

impl Comparison {
    /// Takes turns with every peer that started, and prints medians, spread and ratios. `ours` returns
    /// the microseconds of one piece of work, measured for about the given time.
    ///
    /// # Errors
    /// If a program fails.
    pub(super) fn run(
        &self,
        (mut peers, missing): (Vec<Peer>, Vec<String>),
        options: &BenchOptions,
        mut ours: impl FnMut(Duration) -> anyhow::Result<f64>,
    ) -> anyhow::Result<()> {
        let turn = options.seconds / f64::from(options.rounds);
        let entry = |who: &str, check| Entry { who: who.to_owned(), check, times: Vec::new() };
        let mut entries = vec![entry("nnfs", Some(self.check))];
        entries.extend(peers.iter().map(|peer| entry(&peer.name, peer.check)));
        for _ in 0..options.rounds {
            entries[0].times.push(ours(Duration::from_secs_f64(turn))?);
            for (peer, entry) in peers.iter_mut().zip(&mut entries[1..]) {
                entry.times.push(peer.microseconds(turn)?);
            }
        }
        if let Some((who, us)) = self.published {
            entries.push(Entry { times: vec![us], ..entry(who, None) });
        }
        self.print(entries, options.json);
        for peer in missing {
            eprintln!("missing: {peer}");
        }
        Ok(())
    }

    fn print(&self, mut entries: Vec<Entry>, as_json: bool) {
        let own = median(&mut entries[0].times);
        let mut rows = Vec::new();
        for Entry { who, check, mut times } in entries {
            let (us, unit) = (median(&mut times), self.unit.per_microsecond);
            let (low, high) = (times[0] * unit, times[times.len() - 1] * unit);
            if as_json {
                let mut line = self.line.clone();
                line["who"] = json!(who);
                line[self.unit.key] = json!(us * unit);
                line["spread"] = json!([low, high]);
                line["ratio"] = json!(own / us);
                line["check"] = json!(check);
                println!("{line}");
            } else {
                let check = check.map_or_else(|| "-".to_owned(), |check| format!("{check:.5e}"));
                let spread = match times.len() {
                    1 => "published".to_owned(),
                    _ => format!("{low:.1}-{high:.1}"),
                };
                let ratio = format!("{:.2}", own / us);
                rows.push(vec![who, format!("{:.1}", us * unit), spread, ratio, check]);
            }
        }
        if !as_json {
            let columns = [
                ("who", Left),
                (self.unit.time, Right),
                ("from-to", Right),
                ("ours / theirs", Right),
                (self.unit.check, Right),
            ];
            println!("{}\n{}\n", self.title, table(&columns, &rows));
        }
    }
}
