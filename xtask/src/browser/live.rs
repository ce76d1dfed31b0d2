//! The live chapter in a browser: the nine runs, the reader's mistakes, random settings, a saved model.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::chromium::Chromium;
use super::page::Page;
use super::{WIDTHS, choices, subjects};
use crate::live;
use crate::workspace::cargo;

const PROBE: &str = include_str!("live_probe.js");

/// The lines that the book prints for each run.
const PRINTED: [usize; 9] = [4, 4, 4, 4, 4, 4, 4, 13, 4];

/// Runs that train side by side, the longest ones together.
const PAIRS: [&[usize]; 5] = [&[1], &[2, 3], &[4, 5], &[6, 7], &[8, 9]];

/// The longest time that two runs may take on a slow machine.
const PATIENCE: Duration = Duration::from_secs(900);

/// The page must draw more frames than this in a second while it trains.
const FRAMES: f64 = 30.0;

/// Addresses of different kinds of networks, which are drawn and written again.
const ADDRESSES: [&str; 6] = [
    "run=9&num=f32",
    "run=2&num=numpy&seed=3&b.run=6&b.num=f32",
    "data=formula&f=abs(x)%2Bsin(3*x)&from=-2&to=2&n=90&act=tanh&init=glorot-uniform&hidden=8-8",
    "data=points&p=0.1,-0.2;0.3,0.4;0.5,0.1&opt=sgd&mom=0.5",
    "data=spiral&classes=3&n=80&hidden=32&init=he-normal&lr=0.02&drop=0.1&l2=0.0001",
    "data=spiral&classes=2&n=50&loss=binary-cross-entropy&noise=0.02&out=0.05",
];

/// The models that are saved, by the names of their files, and their addresses.
const SAVED: [(&str, &str); 3] = [
    ("numpy", "run=9&num=numpy"),
    ("f32", "run=9&num=f32"),
    ("scaled", "data=formula&f=100%2Bx^2*sin(x)&from=-4&to=9&n=300"),
];

/// Builds the page and checks it. Returns the number of checks that passed; 0 if the module cannot be built
/// here.
///
/// # Errors
/// At the first check that fails.
pub(super) fn check(program: &Path, folder: &Path) -> anyhow::Result<usize> {
    if let Err(missing) = live::is_possible() {
        println!("live chapter: not checked, because {missing}");
        return Ok(0);
    }
    let (file, _) = live::build()?;
    let mut chromium = Chromium::start(program)?;
    let mut passed = check_layout(&mut chromium, &file, folder)?;
    let mut page = open(&mut chromium, &file, WIDTHS[0], false)?;
    passed += check_words(&mut page)?;
    passed += check_keyboard(&mut page)?;
    passed += choices::check(&mut page, folder)?;
    passed += check_speed(&mut page)?;
    passed += check_mistakes(&mut page)?;
    passed += check_random(&mut page)?;
    passed += check_saved(&mut page, folder)?;
    passed += check_runs(&mut page)?;
    page.ensure_quiet()?;
    println!("live chapter: as it should be");
    Ok(passed)
}

/// Opens the page and waits until its module answers.
fn open<'a>(
    chromium: &'a mut Chromium,
    file: &Path,
    width: u32,
    dark: bool,
) -> anyhow::Result<Page<'a>> {
    let mut page = Page::open(chromium, file, width, dark)?;
    page.add(PROBE)?;
    page.wait_until("the first network", |page| page.ask("live.isReady()"))?;
    Ok(page)
}

/// Every kind of picture is drawn on every screen, and none is wider than the screen.
fn check_layout(chromium: &mut Chromium, file: &Path, folder: &Path) -> anyhow::Result<usize> {
    for width in WIDTHS {
        for (dark, scheme) in [(false, "light"), (true, "dark")] {
            let mut page = open(chromium, file, width, dark)?;
            for (index, address) in ADDRESSES.iter().enumerate() {
                page.ask::<bool>(&format!("live.open({})", json!(address)))?;
                page.ask::<Value>("live.train(25)")?;
                let overflow: i32 = page.ask("live.overflow()")?;
                ensure!(overflow <= 0, "{address}: {overflow} pixels too wide for {width}");
                let picture = folder.join(format!("live-{index}-{width}-{scheme}.png"));
                fs::write(&picture, page.screenshot()?)
                    .with_context(|| format!("cannot write {}", picture.display()))?;
            }
            page.ensure_quiet()?;
        }
    }
    Ok(ADDRESSES.len() * 4)
}

/// No picture or control is without a name, no word is missing, and the address holds the settings.
fn check_words(page: &mut Page<'_>) -> anyhow::Result<usize> {
    for address in ADDRESSES {
        page.ask::<bool>(&format!("live.open({})", json!(address)))?;
        page.ask::<Value>("live.train(25)")?;
        for probe in ["nameless", "wrongWords", "address"] {
            let found: Vec<Value> = page.ask(&format!("live.{probe}()"))?;
            ensure!(found.is_empty(), "{address}: {probe} {found:?}");
        }
    }
    let taken: Vec<String> = page.ask("live.takes()")?;
    for (said, word) in taken.iter().zip(["network.png", "of Rust", "model.safetensors"]) {
        ensure!(said.contains(word), "the page says {said:?}");
    }
    Ok(ADDRESSES.len() * 3 + taken.len())
}

/// Training, pausing and drawing points work with the keyboard.
fn check_keyboard(page: &mut Page<'_>) -> anyhow::Result<usize> {
    page.ask::<bool>("live.open('run=9&num=f32')")?;
    page.focus("#play")?;
    page.press(" ", 32)?;
    page.wait_until("training", |page| page.ask("app.isPlaying && app.session.epoch > 0"))?;
    page.press(" ", 32)?;
    page.wait_until("pausing", |page| page.ask("!app.isPlaying"))?;
    page.ask::<Value>("app.choose('points'), app.panels.points.set([])")?;
    page.focus(".pad canvas")?;
    for _ in 0..3 {
        page.press("ArrowRight", 39)?;
        page.press("Enter", 13)?;
    }
    page.wait_until("drawing", |page| page.ask("app.session.made?.rows === 3"))?;
    page.ensure_quiet()?;
    Ok(3)
}

/// What the page shows in one second of a training.
#[derive(Debug, Deserialize)]
struct Second {
    epochs: Option<f64>,
    frames: Option<f64>,
}

/// The page draws while it trains.
fn check_speed(page: &mut Page<'_>) -> anyhow::Result<usize> {
    for arithmetic in ["f32", "numpy"] {
        page.ask::<bool>(&format!("live.open('run=9&num={arithmetic}')"))?;
        let seconds: Vec<Second> = page.ask("live.speeds(6)")?;
        let median = |of: fn(&Second) -> Option<f64>| {
            let mut found: Vec<f64> = seconds.iter().filter_map(of).collect();
            found.sort_by(f64::total_cmp);
            found.get(found.len() / 2).copied().context("the page shows no speed")
        };
        let (epochs, frames) = (median(|it| it.epochs)?, median(|it| it.frames)?);
        println!("live chapter, {arithmetic}: {epochs} epochs and {frames} frames a second");
        ensure!(frames > FRAMES, "only {frames} frames a second in {arithmetic}");
    }
    Ok(2)
}

/// Every mistake of a reader has a sentence, and the page goes on.
fn check_mistakes(page: &mut Page<'_>) -> anyhow::Result<usize> {
    let mut count = 0;
    for group in ["knobMistakes", "formulaMistakes", "dataMistakes"] {
        let found: Vec<(String, String)> = page.ask(&format!("live.{group}()"))?;
        for (mistake, sentence) in &found {
            ensure!(sentence.ends_with('.'), "{mistake}: the page says {sentence:?}");
        }
        count += found.len();
    }
    let text: String = page.ask("live.divergence()")?;
    ensure!(text.contains("diverged"), "a learning rate of 1e9: the page says {text:?}");
    let text: String = page.ask("live.trap()")?;
    ensure!(text.contains("started again"), "after a trap: the page says {text:?}");
    page.ensure_quiet()?;
    Ok(count + 2)
}

/// What became of random settings.
#[derive(Debug, Deserialize)]
struct Fates {
    dead: Vec<Value>,
    trained: usize,
    refused: usize,
    diverged: usize,
}

/// After random settings, the page shows a training or a sentence.
fn check_random(page: &mut Page<'_>) -> anyhow::Result<usize> {
    let (mut trained, mut refused, mut diverged) = (0, 0, 0);
    for seed in 1..=10 {
        let fates: Fates = page.ask(&format!("live.random(30, {seed})"))?;
        ensure!(fates.dead.is_empty(), "the page does not answer {:?}", fates.dead);
        trained += fates.trained;
        refused += fates.refused;
        diverged += fates.diverged;
    }
    page.ensure_quiet()?;
    println!(
        "live chapter, random settings: {trained} trained, {refused} refused, {diverged} diverged"
    );
    Ok(trained + refused + diverged)
}

/// A model that was saved in the page, and what the page predicts.
#[derive(Debug, Deserialize)]
struct Saved {
    model: String,
    x: Vec<f64>,
    y: Vec<f64>,
    names: Vec<String>,
}

/// What is saved in the page predicts the same natively: the same bits in the arithmetic of the book, in our
/// crates; and nearly the same with the command, which computes in `f32` and fuses products.
fn check_saved(page: &mut Page<'_>, folder: &Path) -> anyhow::Result<usize> {
    let folder = folder.join("live-saved");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut count = 0;
    for (name, address) in SAVED {
        page.ask::<bool>(&format!("live.open({})", json!(address)))?;
        page.ask::<Value>("live.train(60)")?;
        let saved: Saved = page.ask("live.saved()")?;
        let file = |kind: &str| folder.join(format!("{name}.{kind}"));
        fs::write(file("safetensors"), BASE64_STANDARD.decode(&saved.model)?)?;
        fs::write(file("json"), json!({ "x": saved.x, "y": saved.y }).to_string())?;
        let rows: String = saved.x.iter().map(|x| format!("{x}\n")).collect();
        fs::write(file("csv"), format!("{}\n{rows}", saved.names.first().context("x")?))?;
        let mut predict = cargo("run --quiet --package nnfs-cli -- predict");
        predict.arg(file("safetensors")).arg(file("csv"));
        subjects::run(predict.arg("--out").arg(file("predictions")), true)?;
        let text = fs::read_to_string(file("predictions"))?;
        let found: Vec<f64> = text.lines().skip(1).map(str::parse).collect::<Result<_, _>>()?;
        ensure!(found.len() == saved.y.len(), "{name}: {} predictions", found.len());
        let range = saved.y.iter().fold(f64::MIN, |most, &y| most.max(y))
            - saved.y.iter().fold(f64::MAX, |least, &y| least.min(y));
        for (x, (here, there)) in saved.x.iter().zip(found.iter().zip(&saved.y)) {
            let is_near = (here - there).abs() <= 1e-6 * range;
            ensure!(is_near, "{name}: at {x} the command predicts {here}, the page {there}");
        }
        count += found.len();
    }
    live::check_saved(&folder)?;
    Ok(count)
}

/// A line on the page, with what is said about it.
#[derive(Debug, Deserialize)]
struct Line {
    #[serde(rename = "isBook")]
    is_book: bool,
    cells: Vec<String>,
}

/// The nine runs print every line of the book, and every other line as NumPy.
fn check_runs(page: &mut Page<'_>) -> anyhow::Result<usize> {
    let (mut book, mut as_code, mut all) = (0, 0, 0);
    for pair in PAIRS {
        let addresses = ["run={}&num=numpy", "b.run={}&b.num=numpy"];
        let parts: Vec<String> = (pair.iter().zip(addresses))
            .map(|(run, address)| address.replace("{}", &run.to_string()))
            .collect();
        page.ask::<bool>(&format!("live.open({})", json!(parts.join("&"))))?;
        page.ask::<Value>("live.press('#play')")?;
        let start = Instant::now();
        while !page.ask::<bool>("live.isDone()")? {
            ensure!(start.elapsed() < PATIENCE, "runs {pair:?} do not end");
            sleep(Duration::from_millis(500));
        }
        for (place, &run) in pair.iter().enumerate() {
            let lines: Vec<Line> = page.ask(&format!("live.lines({place})"))?;
            ensure!(lines.len() == 101, "run {run} shows {} lines", lines.len());
            let wrong = lines.iter().find(|line| !line.cells[1].starts_with('✓'));
            ensure!(wrong.is_none(), "run {run}: {:?}", wrong.map(|line| &line.cells));
            let printed = || lines.iter().filter(|line| line.is_book);
            let count = printed().count();
            ensure!(count == PRINTED[run - 1], "run {run} shows {count} lines of the book");
            as_code += printed().filter(|line| line.cells[1].contains("code")).count();
            (book, all) = (book + count, all + lines.len());
        }
        println!("live chapter, runs {pair:?}: {:.0} s", start.elapsed().as_secs_f64());
    }
    ensure!((book, as_code) == (45, 4), "{book} lines of the book, {as_code} as its code prints");
    Ok(all)
}
