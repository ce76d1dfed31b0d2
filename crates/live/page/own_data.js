// What the network learns: the nine runs, a formula, drawn points, a CSV file, or the spiral.

const SOURCES = [
  ["sine", "The nine runs"],
  ["formula", "Formula"],
  ["points", "Draw"],
  ["table", "CSV file"],
  ["spiral", "Spiral"],
];

/** y = f(x) between two numbers. */
class FormulaPanel {
  constructor(choose) {
    this.choose = choose;
    this.data = copied(FORMULA);
    this.box = element("input", { type: "text", id: "formula", spellcheck: "false", autocapitalize: "off", oninput: delayed(() => this.typed(), 350) });
    this.box.addEventListener("keydown", (event) => event.key === "Enter" && this.typed());
    this.caret = element("pre", { class: "caret", "aria-hidden": "true" });
    this.line = field("y =", "formula", this.box);
    this.line.classList.add("formula");
    const knob = (label, name, isWhole = false) => new NumberKnob(label, { slider: false, isWhole }, (number) => this.change({ [name]: number }));
    this.knobs = { from: knob("x from", "from"), to: knob("to", "to"), samples: knob("points", "samples", true) };
    const { functions, constants } = known.choices;
    const examples = ["sin(x) / x", "abs(x)", "exp(-x^2) * cos(5 * x)", "floor(x)"].map((text) => element("button", { type: "button", class: "small", onclick: () => this.example(text) }, text));
    this.node = element(
      "div",
      {},
      this.line,
      this.caret,
      element("div", { class: "row numbers" }, Object.values(this.knobs).map(({ node }) => node)),
      element("div", { class: "row" }, examples),
      element("details", {}, element("summary", {}, "What a formula may contain"), element("p", { class: "note" }, `x, numbers, + - * / ^ and brackets, ${constants.join(", ")}, and the functions ${functions.join(", ")}.`)),
    );
  }

  example(text) {
    this.box.value = text;
    this.typed(true);
  }

  /** Takes the formula of the box. An example is an entry of the history. */
  async typed(isEntry = false) {
    const text = this.box.value;
    try {
      await app.helper().ask({ request: "formula", text });
      this.complain(null);
      if (text !== this.data.text) this.change({ text }, isEntry);
    } catch (complaint) {
      this.complain(complaint);
    }
  }

  complain(complaint) {
    for (const [name, knob] of Object.entries(this.knobs)) complainAt(knob.node, complaint?.field === name ? complaint.message : "");
    const isOfFormula = complaint !== null && ["formula", "data"].includes(complaint.field);
    complainAt(this.line, isOfFormula ? complaint.message : "");
    const hasPlace = complaint !== null && complaint.position !== null;
    this.caret.textContent = hasPlace ? `${this.box.value}\n${" ".repeat(complaint.position)}↑` : "";
  }

  change(part, isEntry = false) {
    this.data = { ...this.data, ...part };
    this.choose(this.data, isEntry);
  }

  show(data) {
    this.data = copied(data);
    if (document.activeElement !== this.box) this.box.value = data.text;
    this.complain(null);
    for (const [name, knob] of Object.entries(this.knobs)) knob.value = data[name];
  }
}

/** A CSV file of the reader, and the columns of x and y. */
class TablePanel {
  constructor(choose) {
    this.choose = choose;
    this.input = element("input", { type: "file", id: "csv", accept: ".csv,.tsv,.txt,.gz,text/csv", onchange: () => this.input.files[0] && this.read(this.input.files[0]) });
    this.x = new Choice("x", [], () => this.chosen());
    this.y = new Choice("y", [], () => this.chosen());
    this.complaint = "";
    this.header = new Tick("The first line has the names of the columns", (isHeader) => this.take(ownTable.name, ownTable.bytes, isHeader));
    /** The reading of the file that is shown. */
    this.found = null;
    this.columns = element("div", { hidden: true }, this.header.node, element("div", { class: "row numbers" }, this.x.node, this.y.node));
    this.notes = element("ul", { class: "notes" });
    this.line = field("File", "csv", this.input);
    this.node = element(
      "div",
      {},
      element("p", { class: "note" }, "Choose a CSV file, or drop it anywhere on this page. It stays in your browser."),
      this.line,
      this.columns,
      this.notes,
    );
    addEventListener("dragover", (event) => event.preventDefault());
    addEventListener("drop", (event) => {
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file) this.read(file);
    });
  }

  async read(file) {
    await this.take(file.name, new Uint8Array(await file.arrayBuffer()));
  }

  /**
   * Reads the bytes of a file. The columns are those of the settings if the file has them, else those that the module
   * suggests. The module finds out whether there is a header. If the reader has said so, the columns keep their places,
   * because they get other names.
   */
  async take(name, bytes, header = null) {
    app.open("table");
    try {
      const { data } = app.session.settings;
      const table = header === null ? { name, bytes, readings: new Map() } : ownTable;
      const before = header === null ? null : tableReading(data) ?? { columns: [] };
      const found = await this.ask(table, header ?? (ownTable === null ? data.header : null) ?? null);
      ownTable = table;
      this.complaint = "";
      complainAt(this.line, "");
      const [x, y] = columnsOf(found, data, before);
      this.fill(found);
      this.x.value = x;
      this.y.value = y;
      this.chosen();
    } catch (complaint) {
      if (header !== null) {
        this.header.value = this.found.header;
        this.notes.querySelector(".problem")?.remove();
        this.notes.prepend(element("li", { class: "problem" }, `The file is read as before. ${complaint.message}`));
        return;
      }
      ownTable = null;
      this.columns.hidden = true;
      this.notes.replaceChildren();
      this.complaint = complaint.message;
      this.choose(NO_TABLE);
      complainAt(this.line, this.complaint);
    }
  }

  /** The reading of a file with a header, without one, or as the module finds out (null). It is kept. */
  async ask(table, header) {
    if (table.readings.has(header)) return table.readings.get(header);
    const found = await app.helper().ask({ request: "table", header }, table.bytes);
    const numbers = found.columns.filter((column) => column.numbers);
    if (found.x === null || found.y === null) throw new Complaint({ error: `The network needs two columns of numbers, one for x and one for y. This file has ${numbers.length === 0 ? "none" : `only one, “${numbers[0].name}”`}.`, field: "data" });
    for (const key of [header, found.header]) table.readings.set(key, found);
    return found;
  }

  /** Shows a reading: the header, the columns and the notes. */
  fill(found) {
    this.found = found;
    const names = found.columns.filter((column) => column.numbers).map(({ name, missing }) => [name, missing > 0 ? `${name} (${missing} missing)` : name]);
    this.x.setChoices(names);
    this.y.setChoices(names);
    this.columns.hidden = false;
    this.header.value = found.header;
    const counts = `${ownTable.name}: ${counted(found.rows, "row")}, ${counted(found.columns.length, "column")}.`;
    this.notes.replaceChildren(...[counts, ...found.notes].map((note) => element("li", {}, note)));
  }

  chosen() {
    this.choose({ kind: "table", x: this.x.select.value, y: this.y.select.value, header: this.found.header });
  }

  /** Shows the columns of the selected network. Another network may have another reading of the same file. */
  show(data) {
    if (data.x !== null) this.complaint = "";
    complainAt(this.line, this.complaint);
    if (ownTable === null || data.x === null) return;
    const found = tableReading(data);
    if (found === null) {
      // If the file cannot be read like this, the network has no data, and the page says why.
      this.ask(ownTable, data.header).then(() => app.show(), () => {});
      return;
    }
    if (found !== this.found) this.fill(found);
    this.x.value = data.x;
    this.y.value = data.y;
  }
}

/**
 * The names of x and y in a reading of a file. After another reading `before` they have the same places as the columns
 * of `data` had there, else the same names. If one of them has no numbers, both are those that the module suggests.
 */
function columnsOf(found, data, before) {
  const nameOf = (column) => (before === null ? column : found.columns[before.columns.findIndex(({ name }) => name === column)]?.name);
  // Without a header, a column is there that was left out because it had no name.
  const arePlaces = before === null || before.columns.length === found.columns.length;
  const names = [nameOf(data.x), nameOf(data.y)];
  const areThere = names.every((column) => found.columns.some(({ name, numbers }) => numbers && name === column));
  return arePlaces && areThere ? names : [found.x, found.y];
}

/** The spiral of the book: two or three classes. */
class SpiralPanel {
  constructor(choose) {
    this.data = copied(SPIRAL);
    const change = (part) => choose({ ...this.data, ...part });
    this.classes = new Pills("Classes", [[2, "Two"], [3, "Three"]], 3, (value) => change({ classes: value }));
    this.samples = new NumberKnob("Samples of each class", { low: 20, high: 1000, isLog: true, isWhole: true }, delayed((samples) => change({ samples }), 200));
    this.node = element("div", {}, element("p", { class: "note" }, "The spiral of the book’s chapters on classification. The colours are the classes that the network answers; they are stronger where it is surer."), this.classes.node, this.samples.node);
  }

  complain(complaint) {
    complainAt(this.samples.node, complaint?.field === "samples" ? complaint.message : "");
  }

  show(data) {
    this.data = copied(data);
    this.complain(null);
    this.classes.value = data.classes;
    this.samples.value = data.samples;
  }
}
