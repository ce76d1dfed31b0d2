//! `cargo xtask ci --browser`: opens reports and the live chapter in a headless Chromium, and uses them as a
//! reader does.

mod choices;
mod chromium;
mod edges;
mod live;
mod page;
mod subjects;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use serde_json::Value;

use crate::workspace::workspace;
use chromium::Chromium;
use page::Page;
use subjects::{Subject, subjects};

/// The widths of the screens: a desktop and a phone.
const WIDTHS: [u32; 2] = [1280, 390];

/// The widths of the window while a page is open: a phone is turned, a window is made narrow.
const RESIZED: [u32; 5] = [1280, 390, 844, 390, 1280];

/// Makes reports and checks them. Returns the number of checks that passed.
///
/// # Errors
/// If there is no Chromium, or at the first check that fails.
pub(crate) fn check() -> anyhow::Result<usize> {
    let program = chromium::find()?;
    println!("{}", program.display());
    let folder = workspace().join("target").join("ci").join("browser");
    let mut passed = check_edges(&mut Chromium::start(&program)?, &folder).context("edges")?;
    println!("edges: as it should be");
    for subject in subjects(&folder)? {
        // A new browser for each report, without the state of the one before.
        let mut chromium = Chromium::start(&program)?;
        passed += check_report(&mut chromium, &subject).context(subject.name)?;
        for width in WIDTHS {
            for (dark, scheme) in [(false, "light"), (true, "dark")] {
                let mut page = Page::open(&mut chromium, &subject.report, width, dark)?;
                passed += page.check_layout().context(format!("{}, {width}", subject.name))?;
                let picture = folder.join(format!("{}-{width}-{scheme}.png", subject.name));
                fs::write(&picture, page.screenshot()?)
                    .with_context(|| format!("cannot write {}", picture.display()))?;
            }
        }
        println!("{}: as it should be", subject.name);
    }
    passed += live::check(&program, &folder).context("live chapter")?;
    println!("screenshots: {}", folder.display());
    Ok(passed)
}

/// Opens a report of unusual runs, and uses each: nothing in it may stop the page.
fn check_edges(chromium: &mut Chromium, folder: &Path) -> anyhow::Result<usize> {
    let report = edges::report();
    let file = folder.join("edges.html");
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    fs::write(&file, nnfs_report::html(&report))
        .with_context(|| format!("cannot write {}", file.display()))?;
    let mut page = Page::open(chromium, &file, WIDTHS[0], false)?;
    for (index, run) in report.runs.iter().enumerate() {
        let name: String = page.probe(&format!("choose({index})"))?;
        ensure!(name.contains(&run.name), "run {index} shows as {name:?}");
        let frames: usize = page.probe("use()").with_context(|| run.name.clone())?;
        ensure!(frames == run.frames.len().max(1) || frames == 1, "{}: {frames}", run.name);
        page.ensure_quiet().with_context(|| run.name.clone())?;
        page.wait_until_drawn().with_context(|| run.name.clone())?;
        let wrong: Vec<String> = page.probe("wrong_words()")?;
        ensure!(wrong.is_empty(), "{}: {wrong:?}", run.name);
    }
    Ok(4 * report.runs.len())
}

/// Checks every run, and uses the player and the switches.
fn check_report(chromium: &mut Chromium, subject: &Subject) -> anyhow::Result<usize> {
    let mut page = Page::open(chromium, &subject.report, WIDTHS[0], false)?;
    let mut passed = 0;
    let runs: Vec<String> = page.probe("runs()")?;
    let mut logged = Vec::new();
    for index in 0..runs.len().max(1) {
        let name: String = page.probe(&format!("choose({index})"))?;
        page.wait_until_drawn().context(name)?;
        let unlabelled: usize = page.probe("unlabelled()")?;
        ensure!(unlabelled == 0, "{unlabelled} charts have no text alternative");
        logged.push(page.probe("logged()")?);
        passed += 2;
    }
    same_numbers(&logged, subject)?;
    if let Some(file) = &subject.metrics {
        passed += same_metrics(&page.probe("metrics()")?, file)?;
    }
    if subject.has_player {
        page.check_player()?;
        passed += 3;
    }
    if subject.diverges {
        let words: Vec<String> = page.probe("missing()")?;
        let all = words.iter().all(|words| words.contains("All predictions are NaN"));
        ensure!(all && !words.is_empty(), "the pictures say {words:?} about missing predictions");
        passed += words.len();
    }
    passed += page.check_resizing()?;
    if runs.len() > 1 {
        page.check_switches()?;
        passed += 1;
    }
    page.click("#theme")?;
    page.wait_until_drawn().context("in other colours")?;
    page.ensure_quiet()?;
    Ok(passed + 3)
}

/// A table of texts: the header and the rows.
type Cells = Vec<Vec<String>>;

/// The numbers of the runs on the page are those of the file, run after run, to the last bit.
fn same_numbers(runs: &[Cells], subject: &Subject) -> anyhow::Result<()> {
    let text = fs::read_to_string(&subject.numbers)?;
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().context("no header")?;
    let place = |names: &[&str], name: &str| {
        let found = names.iter().position(|found| *found == name);
        found.with_context(|| format!("no column {name:?} among {names:?}"))
    };
    let mut shown = runs.iter().flat_map(|run| run[1..].iter().map(move |row| (&run[0], row)));
    let mut count = 0;
    for line in lines {
        // The page also has runs for comparison, after the others, which are not in the file.
        let (names, cells) = shown.next().context("the page has too few rows")?;
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for &(on_page, in_file) in subject.columns {
            let cell = &cells[place(&names, on_page)?];
            let number = line[place(&header, in_file)?];
            let offset = if in_file == "epoch" { subject.first_epoch as f64 } else { 0.0 };
            let same = cell.parse::<f64>().ok() == Some(number.parse::<f64>()? + offset);
            ensure!(same, "{on_page}: the file has {number}, the page {cell:?}, in {cells:?}");
        }
        count += 1;
    }
    ensure!(count > 0, "the file has no rows");
    Ok(())
}

/// The metric of a file that stands in this column and row of the page: `training baseline`, `price r2`.
fn metric<'a>(metrics: &'a Value, column: &str, row: &str) -> &'a Value {
    let (part, is_baseline) = match column.strip_suffix(" baseline") {
        Some(part) => (part, true),
        None => (column, false),
    };
    let scores = &metrics[if part == "training" { "train" } else { part }];
    let (scores, name) = match row.rsplit_once(' ') {
        Some((target, name)) => (&scores["targets"][target], name),
        None => (scores, row),
    };
    if is_baseline { &scores["baseline"][name] } else { &scores[name] }
}

/// The metrics on the page are those of the file, in the digits of the page.
fn same_metrics(shown: &Cells, file: &Path) -> anyhow::Result<usize> {
    let metrics: Value = serde_json::from_slice(&fs::read(file)?)?;
    let (parts, rows) = shown.split_first().context("the page has no metrics")?;
    let mut count = 0;
    for row in rows {
        for (part, cell) in parts.iter().zip(row).skip(1) {
            let number = metric(&metrics, part, &row[0]);
            let number = number.as_f64().with_context(|| format!("{} of {part}", row[0]))?;
            // The R2 of the mean is 0, but for rounding.
            let same = nnfs_report::short(number) == *cell || cell == "0" && number.abs() < 1e-12;
            ensure!(same, "{} of {part}: the file has {number}, the page {cell:?}", row[0]);
            count += 1;
        }
    }
    ensure!(count > 3, "only {count} metrics on the page");
    Ok(count)
}

impl Page<'_> {
    /// Waits until every chart on the page shows all of its series.
    ///
    /// # Errors
    /// If a chart does not; the error names it.
    fn wait_until_drawn(&mut self) -> anyhow::Result<()> {
        let mut problems: Vec<String> = Vec::new();
        let drawn = self.wait_until("drawing", |page| {
            problems = page.probe("undrawn()")?;
            Ok(problems.is_empty())
        });
        drawn.with_context(|| problems.join("; "))
    }

    /// Every run is drawn, none is wider than the screen, and the browser reports no error. The first run is
    /// shown last.
    fn check_layout(&mut self) -> anyhow::Result<usize> {
        let runs = self.probe::<Vec<String>>("runs()")?.len().max(1);
        for index in (0..runs).rev() {
            let name: String = self.probe(&format!("choose({index})"))?;
            self.wait_until_drawn()?;
            let overflow: i32 = self.probe("overflow()")?;
            ensure!(overflow <= 0, "{name}: {overflow} pixels too wide");
        }
        self.ensure_quiet()?;
        Ok(runs)
    }

    /// The page and its charts become narrow with the window, and then as wide as before.
    fn check_resizing(&mut self) -> anyhow::Result<usize> {
        let mut charts = HashMap::new();
        for width in RESIZED {
            self.resize(width)?;
            let mut last = (0, 0);
            let fits = self.wait_until("following the window", |page| {
                let Some(now) = page.probe::<Option<(u32, u32)>>("widths()")? else {
                    return Ok(false);
                };
                let is_steady = now == std::mem::replace(&mut last, now);
                Ok(is_steady && now.0 <= width && *charts.entry(width).or_insert(now.1) == now.1)
            });
            fits.with_context(|| {
                let (page, chart) = last;
                format!("{page} pixels wide in a window of {width}, with charts of up to {chart}")
            })?;
        }
        Ok(RESIZED.len())
    }

    /// The space bar hides the curve of a run and shows it again.
    fn check_switches(&mut self) -> anyhow::Result<()> {
        let curves = |page: &mut Self| page.probe::<String>("curves()");
        let all = curves(self)?;
        self.focus("#curve-1")?;
        self.press(" ", 32)?;
        self.wait_until("hiding a curve", |page| Ok(curves(page)? != all))?;
        self.press(" ", 32)?;
        self.wait_until("showing it again", |page| Ok(curves(page)? == all))
    }

    /// The slider and the play button change the picture.
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
