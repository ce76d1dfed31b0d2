// All runs together: the lesson, the losses, and the lines of the text.

/** The runs in a grid of two settings, and what their verdicts mean. */
function lessonSection({ lesson, runs }) {
  const small = [];
  const place = (row, column) => {
    const found = lesson.cells.filter((cell) => cell.row === row && cell.column === column && runs[cell.run]);
    return element("td", {}, found.map(({ run }) => {
      const setting = `${lesson.column_name} ${lesson.columns[column]}`;
      return lessonLink(runs[run], run, setting, small);
    }));
  };
  const head = [
    element("th", { scope: "col" }, lesson.row_name),
    ...lesson.columns.map((name) => element("th", { scope: "col" }, `${lesson.column_name} ${name}`)),
  ];
  const body = lesson.rows.map((name, row) => element(
    "tr",
    {},
    element("th", { scope: "row" }, name),
    lesson.columns.map((_, column) => place(row, column)),
  ));
  const table = element(
    "table",
    { class: "lesson" },
    element("caption", {}, `The final predictions (thin line) over the targets (wide line), by ${lesson.row_name} and ${lesson.column_name}`),
    element("thead", {}, element("tr", {}, head)),
    element("tbody", {}, body),
  );
  const node = section("lesson", "The lesson at a glance", element("p", {}, lesson.text), scrollable(`Runs by ${lesson.row_name} and ${lesson.column_name}`, table), verdictList(lesson));
  return { node, figures: small };
}

/** What each verdict means. */
function verdictList({ verdicts }) {
  const item = (verdict) => element("div", {}, element("dt", {}, badge(verdict)), element("dd", {}, verdict.text));
  return element("dl", { class: "verdicts" }, verdicts.map(item));
}

/** A small picture of the predictions, as a link to the run. */
function lessonLink(run, index, setting, small) {
  const { metric } = run.epochs[run.epochs.length - 1] || { metric: null };
  const picture = new Thumbnail(run);
  small.push(picture);
  return element(
    "a",
    { href: `#run-${index + 1}`, class: `cell ${run.verdict.kind}` },
    picture.canvas,
    element("strong", {}, run.name),
    badge(run.verdict),
    element("span", {}, metric === null ? "" : `${run.metric.label} ${metricFormat(run)(metric)}`),
    element("span", { class: "setting" }, setting),
  );
}

/** Targets and final predictions without axes. The words beside it say the same. */
class Thumbnail extends Figure {
  constructor(run) {
    super({ title: run.name, option: (theme) => thumbnailOption(run, theme), describe: () => run.name });
    this.canvas.classList.add("thumbnail");
    this.canvas.setAttribute("aria-hidden", "true");
    this.canvas.removeAttribute("role");
  }

  label() {}
}

function thumbnailOption({ picture, frames }, theme) {
  if (picture.kind !== "curve" || frames.length === 0) return { series: [] };
  const line = (data, color, width) => ({
    type: "line", data, showSymbol: false, silent: true, lineStyle: { width, color },
  });
  const hidden = { type: "value", show: false };
  return {
    tooltip: { show: false },
    legend: { show: false },
    grid: { left: 2, right: 2, top: 2, bottom: 2 },
    xAxis: { ...hidden, min: picture.inputs[0], max: picture.inputs[picture.inputs.length - 1] },
    yAxis: { ...hidden, ...around([picture.targets]) },
    series: [
      line(zip(picture.inputs, picture.targets), faded(theme.blue, 0.45), 4),
      line(zip(picture.inputs, frames[frames.length - 1].predictions), theme.orange, 1.5),
    ],
  };
}

/** The lowest losses so far of all runs in one chart. The losses themselves jump, and would hide each other. */
function lossesSection({ runs }) {
  const curve = (run) => {
    let smallest = Infinity;
    const soFar = (epoch) => (smallest = Math.min(smallest, totalLoss(epoch) ?? Infinity));
    const data = run.epochs.map((epoch) => [epoch.at, soFar(epoch)]);
    return { name: run.name, data: data.filter(([, loss]) => loss > SMALLEST_LOGARITHMIC && loss < Infinity) };
  };
  const figure = new Curves({
    title: "Lowest loss so far",
    note: "The lowest loss, with the penalty, of each run up to each epoch.",
    heading: "h3",
    logarithmic: true,
    hasSwitches: true,
    last: largestOf(runs.map(lastEpoch)),
    curves: runs.map(curve),
  });
  return { node: section("losses", "All runs compared", figure.node), figures: [figure] };
}

/** The lines that the text prints, beside ours. */
function listingSection({ listing }) {
  const runs = listing.runs.map((run) => {
    const states = run.lines.map(lineState);
    const same = states.filter((state) => state === "same").length;
    const words = [`${same} of ${states.length} lines agree`];
    const corrected = states.filter((state) => state === "corrected").length;
    if (corrected > 0) words.push(`${corrected} agree with the correction`);
    const missing = states.filter((state) => state === "missing").length;
    if (missing > 0) words.push(`${missing} not reached`);
    const differing = states.filter((state) => state === "different").length;
    if (differing > 0) words.push(`${differing} different`);
    return element(
      "details",
      { class: run.erratum ? "listed erratum" : "listed", open: run.erratum !== null },
      element("summary", {}, element("strong", {}, run.name), ` ${words.join(", ")}`, run.erratum ? element("span", { class: "badge unsteady" }, "misprint") : null),
      run.erratum ? element("p", {}, run.erratum) : null,
      listedLines(run),
    );
  });
  return { node: section("listing", "Printed lines and ours", element("p", {}, listing.introduction), runs), figures: [] };
}

/** How our line compares with the printed one and its correction. */
function lineState({ printed, corrected, ours }) {
  if (ours === null) return "missing";
  if (ours === printed) return "same";
  return ours === corrected ? "corrected" : "different";
}

function listedLines({ name, lines }) {
  const marks = { same: "✓ same", corrected: "✓ same as the correction", different: "✗ different", missing: "– not reached" };
  const code = (text) => element("code", {}, text === null ? "–" : text);
  const row = (line) => {
    const state = lineState(line);
    return element(
      "tr",
      { class: state },
      element("td", { "data-name": "printed" }, code(line.printed)),
      element("td", { "data-name": "ours" }, code(line.ours)),
      element("td", { class: "mark" }, marks[state]),
    );
  };
  const head = ["printed", "ours", ""].map((text) => element("th", { scope: "col" }, text || element("span", { class: "hidden" }, "comparison")));
  return element(
    "table",
    { class: "lines" },
    element("caption", { class: "hidden" }, `${name}, line by line`),
    element("thead", {}, element("tr", {}, head)),
    element("tbody", {}, lines.map(row)),
  );
}

function section(id, title, ...children) {
  return element("section", { id, "aria-labelledby": `${id}-title` }, element("h2", { id: `${id}-title` }, title), children);
}

