// Puts the page together.

const report = JSON.parse(document.getElementById("report").textContent);

// Where a frame stands among the epochs of its run; before the first, it is at -1.
// A tolerance that is no positive number is none.
for (const { frames, epochs_are_starts, picture } of report.runs) {
  if (!(picture.tolerance > 0)) picture.tolerance = null;
  for (const frame of frames) frame.at = epochs_are_starts ? frame.epoch : frame.epoch - 1;
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

const EPOCHS = "Epochs are numbered from 0, here as in the files beside this page.";

/** The runs, one at a time. */
function runsSection() {
  const place = element("div", { id: "run" });
  let end = () => {};
  const choose = (index, focus) => {
    end();
    end = showRun(place, report.runs[index]);
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
  const node = section("runs", alone ? "The training" : "Run by run", element("p", { class: "note" }, EPOCHS), alone ? null : picker, place);
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
  // Charts know their size once they stand on the page.
  queueMicrotask(() => choose(fromAddress() || 0));
  return node;
}

start();
