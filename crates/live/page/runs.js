// The chooser of the nine runs: a table of first weights and learning rates, which is the lesson.

/** What to look for in each run. */
const RUN_STORIES = {
  1: "One hidden layer, with small first weights. The network is slow to bend, and its loss stops at 0.145.",
  2: "A second hidden layer. The fit is better, but a part of the curve stays straight. The loss stops at 0.031.",
  3: "Ten times the learning rate of run 2, with decay. The loss stops at 0.031 again.",
  4: "Fifty times the learning rate of run 2. The network bends sooner, and gets stuck at 0.031 as well.",
  5: "Half the learning rate of run 3, and the same small first weights. It is on the edge: with the book’s digits it learns the whole curve, and with Fast it gets stuck. The book prints another run’s lines for it: see below.",
  6: "The learning rate of run 2, with first weights ten times as large. That alone is enough: it learns.",
  7: "Large first weights and a learning rate of 0.01. It learns.",
  8: "Large first weights and a learning rate of 0.05. It fits the curve, but its accuracy jumps: the steps are too large.",
  9: "Large first weights and a learning rate of 0.005. This is the best run of the chapter.",
};

const VERDICT_MARKS = { learned: "✓", unsteady: "≈", learning: "…", stuck: "✗", diverged: "✗" };

class RunChooser {
  constructor(choose) {
    this.inputs = new Map();
    this.marks = new Map();
    this.choose = choose;
    this.arithmetic = new Pills(
      "Arithmetic",
      [["numpy", "The book’s digits"], ["f32", "Fast"]],
      "numpy",
      (value) => app.arithmetic(value),
    );
    this.node = element(
      "div",
      {},
      element("div", { class: "run-table", onkeydown: (event) => this.key(event) }, this.table()),
      element("p", { class: "note" }, "↓ with decay. A run that is done is marked: ✓ learned, ≈ fits but jumps, ✗ stuck."),
      this.arithmetic.node,
      element("p", { class: "note" }, "The book’s digits are those of NumPy, bit for bit. Fast is single precision: three to four times as fast, with other digits."),
    );
  }

  table() {
    const rowOf = ({ settings }) => `${splitInit(settings.init).scale}${settings.hidden.length === 1 ? ", one layer" : ""}`;
    const rates = new Map();
    for (const run of known.runs) rates.set(run.settings.learning_rate, run.settings.decay > 0 ? `${run.settings.learning_rate} ↓` : `${run.settings.learning_rate}`);
    const columns = [...rates.keys()].sort((left, right) => left - right);
    const rows = [...new Set(known.runs.map(rowOf))];
    const runAt = (row, rate) => known.runs.find((run) => rowOf(run) === row && run.settings.learning_rate === rate);
    this.grid = rows.map((row) => columns.map((rate) => runAt(row, rate)?.run ?? null));
    const body = rows.map((row) => element(
      "tr",
      {},
      element("th", { scope: "row" }, row.split(" one").flatMap((part, index) => (index === 0 ? [part] : [element("br"), `one${part}`]))),
      columns.map((rate) => {
        const run = runAt(row, rate);
        return element("td", {}, run === undefined ? null : this.cell(run, row, rates.get(rate)));
      }),
    ));
    return element(
      "table",
      {},
      element("caption", {}, "First weights (down), learning rate (across)"),
      element("thead", {}, element("tr", {}, element("td", {}), columns.map((rate) => element("th", { scope: "col" }, rates.get(rate))))),
      element("tbody", {}, body),
    );
  }

  cell({ run, network }, row, rate) {
    const id = `run-${run}`;
    const words = `Run ${run}: network ${network}, first weights of ${row}, learning rate ${rate.replace(" ↓", " with decay")}`;
    const input = element("input", { type: "radio", name: "run", id, value: run, "aria-label": words, onchange: () => this.choose(run) });
    const mark = element("span", { class: "mark", "aria-hidden": "true" });
    this.inputs.set(run, input);
    this.marks.set(run, mark);
    return [input, element("label", { for: id, title: words }, `Run ${run}`, mark)];
  }

  /** An arrow key chooses the next run in its direction. */
  key(event) {
    const run = Number(event.target.value);
    const row = this.grid.findIndex((runs) => runs.includes(run));
    if (row < 0) return;
    const at = moved(event, [row, this.grid[row].indexOf(run)], this.grid, (found) => found !== null);
    if (at === null) return;
    const next = this.inputs.get(this.grid[at[0]][at[1]]);
    if (next.checked) return;
    next.focus();
    next.click();
  }

  show(settings) {
    const chosen = runOf(settings);
    for (const [run, input] of this.inputs) input.checked = run === chosen;
    this.arithmetic.value = settings.arithmetic;
  }

  /** Keeps the verdict of a run that was trained to its end. */
  judge(run, verdict) {
    const mark = this.marks.get(run);
    mark.textContent = ` ${VERDICT_MARKS[verdict.kind] ?? ""}`;
    mark.className = `mark ${verdict.kind}`;
    const input = this.inputs.get(run);
    input.setAttribute("aria-label", `${input.getAttribute("aria-label").split("; ")[0]}; here: ${verdict.kind}`);
  }
}
