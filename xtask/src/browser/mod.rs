//! `cargo xtask ci --browser`: reports in a headless Chromium, used as a reader uses them.

mod chromium;
mod page;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};

use crate::workspace;
use chromium::Chromium;
use page::Page;

/// Widths of the screens that are looked at: a desk and a phone.
const WIDTHS: [u32; 2] = [1280, 390];

/// A report, and what it has to show.
struct Subject {
    name: &'static str,
    report: PathBuf,
    /// The numbers that the page has to repeat, and the columns of the table that has them.
    metrics: Option<(PathBuf, &'static [&'static str])>,
}

/// Columns of a table on the page, as `metrics.csv` names them behind its first.
const SINE: [&str; 6] =
    ["epoch", "accuracy", "data_loss", "regularization_loss", "loss", "learning_rate"];
const SPIRAL: [&str; 8] = [
    "epoch",
    "accuracy",
    "data_loss",
    "regularization_loss",
    "loss",
    "learning_rate",
    "test_accuracy",
    "test_loss",
];

/// Makes reports, opens them, and counts what was found to be right.
///
/// # Errors
/// If there is no Chromium, or at the first thing that is wrong.
pub(crate) fn check() -> anyhow::Result<usize> {
    let program = chromium::find()?;
    println!("{}", program.display());
    let folder = workspace().join("target").join("ci").join("browser");
    let mut passed = 0;
    for subject in subjects(&folder)? {
        // A browser for each: nothing is left of the one before.
        let mut chromium = Chromium::start(&program)?;
        passed += check_report(&mut chromium, &subject).context(subject.name)?;
        for width in WIDTHS {
            for (dark, scheme) in [(false, "light"), (true, "dark")] {
                let mut page = Page::open(&mut chromium, &subject.report, width, dark)?;
                page.wait_until("drawing", Page::is_drawn)?;
                let overflow: i32 = page.probe("overflow()")?;
                ensure!(
                    overflow <= 0,
                    "{} is {overflow} pixels too wide for {width}",
                    subject.name
                );
                page.ensure_quiet()?;
                passed += 1;
                let picture = folder.join(format!("{}-{width}-{scheme}.png", subject.name));
                fs::write(&picture, page.screenshot()?)
                    .with_context(|| format!("cannot write {}", picture.display()))?;
            }
        }
        println!("{}: as it should be", subject.name);
    }
    println!("screenshots: {}", folder.display());
    Ok(passed)
}

/// Short experiments, and a table whose names try to break the page.
fn subjects(folder: &Path) -> anyhow::Result<Vec<Subject>> {
    let mut subjects = Vec::new();
    for (name, words, columns) in [
        ("sine", "sine --arithmetic f32 --epochs 301 --quiet", SINE.as_slice()),
        ("spiral", "spiral --epochs 301 --quiet", SPIRAL.as_slice()),
    ] {
        let out = folder.join(name);
        let mut command = Command::new(std::env::current_exe().context("own path")?);
        command.arg("experiment").args(words.split(' ')).arg("--out").arg(&out);
        let status = command.status().with_context(|| format!("{command:?} does not start"))?;
        ensure!(status.success(), "{command:?} ended with {status}");
        subjects.push(Subject {
            name,
            report: out.join("report.html"),
            metrics: Some((out.join("metrics.csv"), columns)),
        });
    }
    Ok(subjects)
}

/// Looks at every run, and uses what can be used.
fn check_report(chromium: &mut Chromium, subject: &Subject) -> anyhow::Result<usize> {
    let mut page = Page::open(chromium, &subject.report, WIDTHS[0], false)?;
    let mut passed = 0;
    let runs: Vec<String> = page.probe("runs()")?;
    let mut logged = Vec::new();
    for index in 0..runs.len().max(1) {
        let name: String = page.probe(&format!("choose({index})"))?;
        page.wait_until("drawing", Page::is_drawn).context(name)?;
        let unlabelled: usize = page.probe("unlabelled()")?;
        ensure!(unlabelled == 0, "{unlabelled} charts have no text alternative");
        let rows: Vec<Vec<String>> = page.probe("logged()")?;
        logged.extend(rows.into_iter().skip(1));
        passed += 2;
    }
    if let Some((metrics, columns)) = &subject.metrics {
        same_numbers(&logged, metrics, columns)?;
        passed += 1;
    }
    page.check_player()?;
    page.ensure_quiet()?;
    Ok(passed + 4)
}

/// The numbers of the page are those of the file, to the last bit.
fn same_numbers(logged: &[Vec<String>], metrics: &Path, columns: &[&str]) -> anyhow::Result<()> {
    let text = fs::read_to_string(metrics)?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split(',').collect();
    ensure!(header[1..] == *columns, "metrics.csv has the columns {header:?}");
    let rows: Vec<Vec<f64>> = lines
        .map(|line| line.split(',').skip(1).map(|number| Ok(number.parse()?)).collect())
        .collect::<anyhow::Result<_>>()?;
    ensure!(!rows.is_empty(), "metrics.csv has no rows");
    for (row, cells) in rows.iter().zip(logged) {
        let found: Vec<f64> = cells.iter().map(|cell| cell.parse().unwrap_or(f64::NAN)).collect();
        // Where no epoch of a run has a penalty, the page shows it all the same.
        ensure!(found == *row, "metrics.csv has {row:?}, the page has {cells:?}");
    }
    // Runs for comparison stand on the page alone, behind the others.
    ensure!(logged.len() >= rows.len(), "the page has {} rows, not {}", logged.len(), rows.len());
    Ok(())
}

impl Page<'_> {
    /// Whether every chart on the page shows all of its series.
    fn is_drawn(&mut self) -> anyhow::Result<bool> {
        let problems: Vec<String> = self.probe("undrawn()")?;
        Ok(problems.is_empty())
    }

    /// The slider changes what is drawn, and so does the play button, by itself.
    fn check_player(&mut self) -> anyhow::Result<()> {
        let drawn = |page: &mut Self| page.probe::<String>("prediction()");
        let frame = |page: &mut Self| page.probe::<usize>("frame()");
        let (last, at_the_end) = (frame(self)?, drawn(self)?);
        ensure!(last > 10, "only {last} frames");

        self.focus("#frame")?;
        self.press("Home", 36)?;
        self.wait_until("going to the first frame", |page| Ok(frame(page)? == 0))?;
        let at_the_start = drawn(self)?;
        ensure!(at_the_start != at_the_end, "the first frame looks like the last");
        self.press("ArrowRight", 39)?;
        self.wait_until("going to the second frame", |page| Ok(frame(page)? == 1))?;
        ensure!(drawn(self)? != at_the_start, "the second frame looks like the first");

        self.click("#play")?;
        self.wait_until("playing", |page| Ok(frame(page)? > 4))?;
        ensure!(drawn(self)? != at_the_start, "playing changes nothing");
        self.click("#play")?;
        let stopped = frame(self)?;
        std::thread::sleep(std::time::Duration::from_millis(400));
        ensure!(frame(self)? == stopped, "pausing does not stop it");

        self.focus("#frame")?;
        self.press("End", 35)?;
        self.wait_until("going to the last frame", |page| Ok(frame(page)? == last))?;
        ensure!(drawn(self)? == at_the_end, "the last frame has changed");
        Ok(())
    }
}
