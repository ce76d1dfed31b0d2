//! What a reader chooses in the live chapter: with the keys, with Back, in an address, of two networks, of a file.

use std::fs;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use super::page::Page;

/// The picture of the page in docs/images.
const PICTURE: &str = "live-chapter.png";

/// The longest time that two networks may take on a slow machine.
const PATIENCE: Duration = Duration::from_secs(300);

/// Keys in the table of the runs from run 9, each with the run that it chooses.
const KEYS: [(&str, u32, u8); 7] = [
    ("ArrowUp", 38, 5),
    ("ArrowLeft", 37, 2),
    ("ArrowDown", 40, 6),
    ("ArrowRight", 39, 9),
    ("ArrowUp", 38, 5),
    // The row of run 1 has one run.
    ("ArrowUp", 38, 1),
    ("ArrowRight", 39, 1),
];

/// Addresses with a mistake, each with what the page must name and what it uses.
const WRONG: [(&str, &str, &str); 22] = [
    ("run=12", "run=12", "run 9"),
    ("run=12&data=spiral", "run=12", "no run"),
    ("run=9&lr=1e-400", "lr=1e-400", "0.005"),
    ("run=1&lr=-1", "lr=-1", "0.001"),
    ("run=1&lr=fast", "lr=fast", "0.001"),
    ("run=1&decay=-1", "decay=-1", "(0 is used"),
    ("run=2&b.run=1&b.hidden=0", "b.hidden=0", "(64 is used"),
    ("run=9&init=normal:1e-400", "init=normal:1e-400", "normal:0.1"),
    ("run=9&init=normal:", "init=normal:", "normal:0.1"),
    ("run=9&lr=0.1&lr=0.2", "lr=0.2", "first “lr”"),
    ("run=9&b.run=2&b.run=3", "b.run=3", "first “b.run”"),
    ("run=9&lr=fast", "lr=fast", "0.005"),
    ("run=9&lr=-1", "lr=-1", "0.005"),
    ("run=9&epochs=1e12", "epochs=1000000000000", "10001"),
    ("run=9&hidden=a-b", "hidden=a-b", "64-64"),
    ("run=9&act=gelu&init=round", "init=round", "normal:0.1"),
    ("data=dogs", "data=dogs", "sine"),
    ("data=spiral&n=1e9&classes=9", "classes=9", "3 is used"),
    ("data=formula&f=x&from=1&to=1", "from=1", "-10 to 10"),
    ("data=points&p=1,2;a,b;3,4", "p=1,2;a,b;3,4", "1 point left out"),
    ("run=2&b.run=6&b.seed=x", "b.seed=x", "0 is used"),
    ("run=9&speed=3", "speed=3", "not used"),
];

/// How many random addresses are opened.
const ADDRESSES: usize = 120;

/// What a reader may type for the epochs, each with words of the sentence about it.
const REFUSED: [(&str, &str); 12] = [
    ("1,000", "1000 or 1."),
    ("1,000 000", "1000000 or 1."),
    ("10.000", "10000 or 10."),
    ("1.000 000", "1000000 or 1."),
    ("1.000.000", "1000000."),
    ("1.000,5", "not a number"),
    ("1e12", "1000000000000"),
    ("1e-400", "too small"),
    ("0x10", "not a number"),
    ("2.5", "2.5"),
    ("Infinity", "not a number"),
    ("", "number"),
];

/// What a reader may type for the epochs, each with the number that is read.
const READ: [(&str, u32); 5] =
    [("10 000", 10_000), ("500", 500), ("2 000,0", 2_000), ("700.0", 700), ("3e2", 300)];

/// A file whose first line may be a header, and what a network learns of it before and after a click on the header.
struct File {
    text: &'static str,
    y: &'static str,
    rows: [usize; 2],
    names: [[&'static str; 2]; 2],
    last: [f64; 2],
}

const FILES: [File; 3] = [
    File {
        text: "0.5,1\n1.5,2\n2.5,4\n",
        y: "1",
        rows: [3, 2],
        names: [["0", "1"], ["0.5", "1"]],
        last: [2.5, 4.0],
    },
    File {
        text: "1,2\n2,4\n3,6\n4,9\n",
        y: "2",
        rows: [3, 4],
        names: [["1", "2"], ["0", "1"]],
        last: [4.0, 9.0],
    },
    // Without a header, the columns have the names 0, 1 and 2: the old names are those of other columns.
    File {
        text: "1,2,3\n2,4,5\n3,6,8\n4,9,7\n",
        y: "2",
        rows: [3, 4],
        names: [["1", "2"], ["0", "1"]],
        last: [4.0, 9.0],
    },
];

/// Checks all of them. Returns the number of checks that passed.
///
/// # Errors
/// At the first check that fails.
pub(super) fn check(page: &mut Page<'_>, folder: &Path) -> anyhow::Result<usize> {
    check_keys(page)?;
    check_back(page)?;
    check_addresses(page)?;
    check_typed(page)?;
    check_two(page, folder)?;
    check_header(page)?;
    check_headers_of_two(page)?;
    page.ensure_quiet()?;
    let typed = REFUSED.len() + READ.len();
    Ok(KEYS.len() + 6 + WRONG.len() + ADDRESSES + typed + 5 + 2 * FILES.len() + 2)
}

fn open(page: &mut Page<'_>, address: &str) -> anyhow::Result<()> {
    page.ask::<bool>(&format!("live.open({})", json!(address))).map(drop)
}

/// The arrow keys move in both directions of the runs and of the table of the lesson.
fn check_keys(page: &mut Page<'_>) -> anyhow::Result<()> {
    open(page, "run=9&num=f32")?;
    page.focus("#run-9")?;
    for (key, code, run) in KEYS {
        page.press(key, code)?;
        let focus: String = page.ask("document.activeElement.id")?;
        let chosen: Option<u8> = page.ask("runOf(app.session.settings)")?;
        ensure!(focus == format!("run-{run}") && chosen == Some(run), "{key}: {chosen:?}");
    }
    page.focus(".map-cell")?;
    for (key, code) in
        [("ArrowRight", 39), ("ArrowRight", 39), ("ArrowDown", 40), ("ArrowLeft", 37)]
    {
        page.press(key, code)?;
    }
    let label: String = page.ask("document.activeElement.getAttribute('aria-label')")?;
    ensure!(label.starts_with("Learning rate 0.0003, first weights of 0.3"), "{label}");
    let stops: usize = page.ask("document.querySelectorAll('.map-cell[tabindex=\"0\"]').length")?;
    ensure!(stops == 1, "{stops} cells of the table are tab stops");
    Ok(())
}

/// Back returns to the run before, with the knobs that were turned since it was chosen. A choice soon after Back keeps
/// the entry that Back led to.
fn check_back(page: &mut Page<'_>) -> anyhow::Result<()> {
    let rates: Vec<f64> = page.ask("live.historyOfChoices()")?;
    ensure!(rates == [0.02, 0.005], "Back leads to the learning rates {rates:?}");
    let run: Option<u8> = page.ask("live.choiceAfterBack()")?;
    ensure!(run == Some(2), "Back after a choice after Back leads to run {run:?}");
    Ok(())
}

/// A wrong address trains, with a sentence that names what is wrong and what is used.
fn check_addresses(page: &mut Page<'_>) -> anyhow::Result<()> {
    for (address, wrong, used) in WRONG {
        open(page, address)?;
        let said: String = page.ask("live.text('#notice').join()")?;
        ensure!(said.contains(&format!("“{wrong}”")), "{address}: the page says {said:?}");
        ensure!(said.contains(used) && said.ends_with('.'), "{address}: the page says {said:?}");
        let are_made: bool = page.ask("app.sessions.every(({ made }) => made !== null)")?;
        ensure!(are_made, "{address}: no network");
    }
    let bad: Vec<String> = page.ask(&format!("live.randomAddresses({ADDRESSES}, 7)"))?;
    ensure!(bad.is_empty(), "the page does not answer the addresses {bad:?}");
    let (said, run): (String, Option<u8>) = page.ask("live.overtaken()")?;
    ensure!(said.is_empty() && run == Some(2), "run {run:?} after a wrong address: {said:?}");
    open(page, "run=9&num=f32")?;
    let said: Vec<String> = page.ask("live.text('#notice')")?;
    ensure!(said.is_empty(), "the page says {said:?} about a good address");
    Ok(())
}

/// No typed number is misread.
fn check_typed(page: &mut Page<'_>) -> anyhow::Result<()> {
    let mut typed = |text: &str| -> anyhow::Result<(String, f64)> {
        page.ask(&format!("live.typedEpochs({})", json!(text)))
    };
    for (text, words) in REFUSED {
        let (said, _) = typed(text)?;
        ensure!(said.contains(words), "{text:?} epochs: the page says {said:?}");
    }
    for (text, number) in READ {
        let (said, epochs) = typed(text)?;
        let is_read = said.is_empty() && epochs == f64::from(number);
        ensure!(is_read, "{text:?} is read as {epochs} epochs, and the page says {said:?}");
    }
    Ok(())
}

/// While two networks are compared, the page says which one is saved, and how long they still train. Their end is the
/// picture of the docs.
fn check_two(page: &mut Page<'_>, folder: &Path) -> anyhow::Result<()> {
    open(page, "run=2&num=f32&b.run=6&b.num=f32")?;
    for name in ["a", "b"] {
        let index = usize::from(name == "b");
        page.ask::<bool>(&format!("(live.choose('#take', {index}), true)"))?;
        let said: Vec<String> = page.ask("live.takes()")?;
        let network = format!("network {}", name.to_uppercase());
        let is_named = said[1].contains(&network)
            && said[2].contains(&network)
            && said[2].contains(&format!("model-{name}.safetensors"));
        ensure!(is_named, "the page says {said:?} of {network}");
        let button: String = page.ask("document.getElementById('save').textContent")?;
        ensure!(button.ends_with(&network), "{button}");
    }
    let speed: String = page.ask("live.remaining()")?;
    ensure!(speed.contains("left"), "no remaining time in {speed:?}");
    page.ask::<Value>("live.press('#play')")?;
    let start = Instant::now();
    while !page.ask::<bool>("live.isDone()")? {
        ensure!(start.elapsed() < PATIENCE, "two networks do not end");
        sleep(Duration::from_millis(500));
    }
    page.ask::<Value>("live.showTop()")?;
    let picture = folder.join(PICTURE);
    let written = fs::write(&picture, page.screen()?);
    written.with_context(|| format!("cannot write {}", picture.display()))
}

/// What a network learns from a file.
#[derive(Debug, Deserialize)]
struct Learned {
    rows: usize,
    names: [String; 2],
    last: [f64; 2],
}

/// The first line of a file without a header is a row, and the reader can say so. The columns stay the same.
fn check_header(page: &mut Page<'_>) -> anyhow::Result<()> {
    for File { text, y, rows, names, last } in FILES {
        let asked = format!("live.readingsOf({}, {})", json!(text), json!(y));
        let found: [Learned; 2] = page.ask(&asked)?;
        for (learned, (rows, names)) in found.iter().zip(rows.into_iter().zip(names)) {
            let is_right = learned.rows == rows && learned.names == names && learned.last == last;
            ensure!(is_right, "{text:?}: {learned:?}");
        }
    }
    Ok(())
}

/// What the page shows of the file of a network.
#[derive(Debug, Deserialize)]
struct Shown {
    tick: bool,
    names: Vec<String>,
    chosen: [String; 2],
    advice: String,
}

/// Of two networks that read the same file with and without a header, the page shows the reading of the selected one.
fn check_headers_of_two(page: &mut Page<'_>) -> anyhow::Result<()> {
    let [.., File { text, y, .. }] = FILES;
    let asked = format!("live.headersOfTwo({}, {})", json!(text), json!(y));
    let [a, b]: [Shown; 2] = page.ask(&asked)?;
    let is_right = a.tick && a.names == ["1", "2", "3"] && a.chosen == ["1", "2"];
    ensure!(is_right && a.advice.is_empty(), "with a header: {a:?}");
    let is_right = !b.tick && b.names == ["0", "1", "2"] && b.chosen == ["0", "1"];
    ensure!(is_right && b.advice.contains("in this order: 0, 1, 2."), "without a header: {b:?}");
    Ok(())
}
