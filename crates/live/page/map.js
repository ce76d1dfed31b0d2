// The picture of where the lesson holds: the share of seeds that learn, over learning rates and first weights.

const MAP_RATES = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3];
const MAP_SCALES = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001];
const MAP_SIZES = {
  small: { title: "1-32-32-1, 50 rows, quick", hidden: [32, 32], samples: 50, epochs: 2000 },
  book: { title: "1-64-64-1 as in the book, 200 rows", hidden: [64, 64], samples: 200, epochs: 2000 },
};

class MapPart {
  constructor() {
    this.node = document.getElementById("map");
    this.size = "small";
    this.seeds = 3;
    this.found = new Map();
    this.runner = null;
    this.lesson = null;
    this.isRunning = false;
    this.button = element("button", { type: "button", id: "map-button", onclick: () => (this.isRunning ? this.pause() : this.start()) }, "Compute the table");
    this.bar = element("progress", { max: 1, value: 0, "aria-label": "Trainings done" });
    this.said = element("p", { class: "note" });
    this.problem = element("p", { class: "problem", role: "alert" });
    this.sizes = new Pills("Network", Object.entries(MAP_SIZES).map(([name, { title }]) => [name, title]), "small", (value) => this.choose({ size: value }));
    this.counts = new Pills("Seeds for each cell", [[1, "1"], [3, "3"], [5, "5"]], 3, (value) => this.choose({ seeds: value }));
    this.table = element("div", { class: "map-box" });
    this.node.append(
      element("h2", { id: "map-title" }, "Where the lesson holds"),
      element("p", {}, "Each cell trains new networks, one for each seed, with Adam and without decay, for 2000 epochs. It shows how many of them learn the sine: they explain at least 99 % of the variance. The quick network learns from 50 rows and the network of the book from 200; the chapter has 1000 rows. Choose a cell to train that network above; the arrow keys move between cells."),
      element(
        "div",
        { class: "map-parts" },
        element(
          "div",
          {},
          this.sizes.node,
          this.counts.node,
          element("div", { class: "row" }, this.button, this.bar),
          this.said,
          this.problem,
          element("p", { class: "note" }, "3/3: all three networks learn. 0/3: none does. ✗: the numbers of all three became too large to compute with. The table is computed while you read; the page stays responsive."),
        ),
        this.table,
      ),
    );
    this.build();
  }

  choose(part) {
    Object.assign(this, part);
    this.stop();
    this.build();
  }

  build() {
    this.found.clear();
    this.cells = MAP_SCALES.map((scale) => MAP_RATES.map((rate) => element(
      "button",
      { type: "button", class: "map-cell", tabindex: -1, "aria-label": this.words(rate, scale, null), onclick: () => this.train(rate, scale) },
      "\u00a0",
    )));
    const head = MAP_RATES.map((rate) => element("th", { scope: "col" }, String(rate)));
    const rows = this.cells.map((cells, row) => element("tr", {}, element("th", { scope: "row" }, String(MAP_SCALES[row])), cells.map((cell) => element("td", {}, cell))));
    this.table.replaceChildren(element(
      "table",
      { class: "map" },
      element("caption", {}, "First weights (down) and learning rate (across)"),
      element("thead", {}, element("tr", {}, element("td", {}), head)),
      element("tbody", {}, rows),
    ));
    this.table.firstChild.addEventListener("keydown", (event) => this.key(event));
    this.table.firstChild.addEventListener("focusin", ({ target }) => this.stopAt(target));
    this.stopAt(this.cells[0][0]);
    this.bar.value = 0;
    this.say("");
  }

  /** The arrow keys move from cell to cell; Tab leaves the table. */
  key(event) {
    const row = this.cells.findIndex((cells) => cells.includes(event.target));
    if (row < 0) return;
    const at = moved(event, [row, this.cells[row].indexOf(event.target)], this.cells);
    if (at !== null) this.cells[at[0]][at[1]].focus();
  }

  /** Tab stops at this cell alone. */
  stopAt(cell) {
    for (const other of this.cells.flat()) other.tabIndex = other === cell ? 0 : -1;
  }

  words(rate, scale, cell) {
    const found = cell === null ? "not computed" : `${cell.learned} of ${cell.trained} learn${cell.diverged > 0 ? `, ${cell.diverged} diverged` : ""}`;
    return `Learning rate ${rate}, first weights of ${scale}: ${found}`;
  }

  /** The settings of every network of the table. */
  settings() {
    const { hidden, samples, epochs } = MAP_SIZES[this.size];
    return { ...copied(known.defaults), data: { kind: "sine", samples }, hidden, epochs, decay: 0, arithmetic: "f32" };
  }

  async start() {
    this.problem.textContent = "";
    try {
      this.runner ??= new Runner({
        lesson: ({ lesson, found }) => lesson === this.lesson && this.show(found),
        problem: (complaint) => this.complain(complaint),
        died: (sentence) => this.complain(new Complaint({ error: sentence })),
      });
      if (this.lesson === null || this.isDone) {
        this.build();
        const seeds = this.seeds;
        const made = await this.runner.ask({ request: "lesson", settings: this.settings(), learning_rates: MAP_RATES, scales: MAP_SCALES, seeds });
        this.lesson = made.lesson;
        this.isDone = false;
        this.bar.max = made.trainings;
      }
      this.isRunning = true;
      this.begun = { at: performance.now(), trained: this.bar.value };
      this.runner.post({ kind: "lesson", lesson: this.lesson });
      this.button.textContent = "Pause";
      app.frames.ask();
    } catch (complaint) {
      this.complain(complaint);
    }
  }

  pause() {
    this.isRunning = false;
    this.runner.post({ kind: "pause" });
    this.button.textContent = "Continue";
    this.say(`${count(this.bar.value)} of ${counted(this.bar.max, "training")}.`);
  }

  /** Forgets the table that was begun. */
  stop() {
    if (this.runner === null || this.lesson === null) return;
    this.runner.post({ kind: "pause" });
    this.runner.ask({ request: "drop", lesson: this.lesson }).catch(() => {});
    this.lesson = null;
    this.isRunning = false;
    this.button.textContent = "Compute the table";
  }

  complain(complaint) {
    this.isRunning = false;
    this.lesson = null;
    this.button.textContent = "Compute the table";
    this.problem.textContent = complaint.message;
  }

  show({ trained, trainings, done, cells }) {
    for (const cell of cells) this.showCell(cell);
    this.bar.max = trainings;
    this.bar.value = trained;
    const spent = (performance.now() - this.begun.at) / 1000;
    const since = trained - this.begun.trained;
    // A first estimate from a few trainings would jump.
    const left = since > 3 && spent > 1 ? `, ${leftWords((spent / since) * (trainings - trained))}` : "";
    if (this.isRunning && !done) this.say(`${count(trained)} of ${counted(trainings, "training")}${left}.`);
    if (done) {
      this.isRunning = false;
      this.isDone = true;
      this.button.textContent = "Compute it again";
      const learned = [...this.found.values()].filter(({ learned, trained }) => learned === trained).length;
      const words = `Done. In ${learned} of ${this.found.size} cells every network learns.`;
      this.say(words);
      app.say(words);
    }
  }

  showCell(cell) {
    const { rate, scale, learned, trained, diverged } = cell;
    this.found.set(`${rate},${scale}`, cell);
    const node = this.cells[scale][rate];
    const share = trained === 0 ? 0 : learned / trained;
    node.textContent = diverged === trained && trained > 0 ? "✗" : `${learned}/${trained}`;
    node.style.setProperty("--share", `${100 * share}%`);
    node.classList.add("known");
    node.setAttribute("aria-label", this.words(MAP_RATES[rate], MAP_SCALES[scale], cell));
  }

  say(text) {
    this.said.textContent = text;
  }

  /** Trains the network of a cell on the stage. */
  train(rate, scale) {
    app.set({ ...this.settings(), learning_rate: rate, init: `normal:${scale}` }, { play: true, isEntry: true });
    document.getElementById("watch").scrollIntoView({ behavior: isCalm() ? "auto" : "smooth" });
  }
}
