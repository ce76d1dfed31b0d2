// Puts the page together.

const report = JSON.parse(document.getElementById("report").textContent);

// The page counts finished epochs: what belongs to the weights after `n` epochs is at epoch `n`.
// A tolerance of 0 is the same as none.
for (const { epochs, frames, epochs_are_starts, picture } of report.runs) {
  if (!(picture.tolerance > 0)) picture.tolerance = null;
  for (const epoch of epochs) epoch.at = epochs_are_starts ? epoch.epoch : epoch.epoch + 1;
  for (const frame of frames) frame.at = frame.epoch;
}

function start() {
  document.getElementById("header").append(
    element("div", { class: "top" }, element("h1", {}, report.title), themeButton()),
    element("p", {}, report.introduction),
    ...report.warnings.map((text) => element("p", { class: "warning", role: "note" }, text)),
    factList(report.facts),
  );
  const sections = [
    ...(report.lesson ? [lessonSection(report)] : []),
    ...(report.runs.length > 1 ? [lossesSection(report)] : []),
    ...(report.listing ? [listingSection(report)] : []),
  ];
  const content = document.getElementById("content");
  content.replaceChildren(...sections.map(({ node }) => node));
  sections.forEach(({ figures: list }) => list.forEach((figure) => figure.start()));
  if (report.runs.length > 0) content.append(runsSection());
}

/** How the epochs of a run are counted, where they are not counted as in its file. */
function epochsNote({ epochs, epochs_are_starts, epochs_file }) {
  if (epochs.length === 0 || epochs_file === null) return null;
  if (epochs_are_starts) return "Epoch n shows the network after n epochs of training, so that epoch 0 is the network before training.";
  return `Epochs are counted from 1 on this page, and from 0 in ${epochs_file}.`;
}

/** The runs, one at a time. */
function runsSection() {
  const place = element("div", { id: "run" });
  let end = () => {};
  const choose = (index, focus) => {
    end();
    end = showRun(place, report.runs[index], report.lesson);
    const radio = document.getElementById(`choose-${index + 1}`);
    if (radio) radio.checked = true;
    if (focus) document.getElementById("run-name").focus();
  };
  const picker = element("fieldset", { class: "picker" }, element("legend", {}, "Run"), report.runs.map((run, index) => {
    const id = `choose-${index + 1}`;
    const radio = element("input", { type: "radio", name: "run", id, onchange: () => history.replaceState(null, "", `#run-${index + 1}`) || choose(index) });
    return element("span", {}, radio, element("label", { for: id }, isolated(run.name)));
  }));
  const alone = report.runs.length === 1;
  const node = section("runs", alone ? "The training" : "Each run", alone ? null : picker, place);
  const fromAddress = () => {
    const found = location.hash.match(/^#run-(\d+)$/);
    return found && report.runs[found[1] - 1] ? Number(found[1]) - 1 : null;
  };
  addEventListener("hashchange", () => {
    const index = fromAddress();
    if (index !== null) {
      choose(index, true);
      place.scrollIntoView();
    }
  });
  // A chart needs its size, and so has to be on the page first.
  queueMicrotask(() => choose(fromAddress() || 0));
  return node;
}

start();
