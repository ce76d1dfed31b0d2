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
    const knob = (label, name) => new NumberKnob(label, { slider: false }, (number) => this.change({ [name]: number }));
    this.knobs = { from: knob("x from", "from"), to: knob("to", "to"), samples: knob("points", "samples") };
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
   * suggests. The module finds out whether there is a header, unless the reader has said so.
   */
  async take(name, bytes, header = null) {
    app.open("table");
    try {
      const { data } = app.session.settings;
      const found = await app.helper().ask({ request: "table", header: header ?? (ownTable === null ? data.header : null) ?? null }, bytes);
      const numbers = found.columns.filter((column) => column.numbers);
      if (found.x === null || found.y === null) throw new Complaint({ error: `The network needs two columns of numbers, one for x and one for y. This file has ${numbers.length === 0 ? "none" : `only one, “${numbers[0].name}”`}.`, field: "data" });
      ownTable = { name, bytes, header: found.header, columns: found.columns.map((column) => column.name) };
      this.complaint = "";
      complainAt(this.line, "");
      const names = numbers.map((column) => [column.name, column.missing > 0 ? `${column.name} (${column.missing} missing)` : column.name]);
      this.x.setChoices(names);
      this.y.setChoices(names);
      this.columns.hidden = false;
      this.notes.replaceChildren(...[`${name}: ${counted(found.rows, "row")}, ${counted(found.columns.length, "column")}.`, ...found.notes].map((note) => element("li", {}, note)));
      const isThere = (column) => numbers.some(({ name }) => name === column);
      const isOld = data.kind === "table" && isThere(data.x) && isThere(data.y);
      this.header.value = found.header;
      this.x.value = isOld ? data.x : found.x;
      this.y.value = isOld ? data.y : found.y;
      this.chosen();
    } catch (complaint) {
      if (header !== null) {
        // The file as it was read before.
        this.header.value = ownTable.header;
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

  chosen() {
    this.choose({ kind: "table", x: this.x.select.value, y: this.y.select.value, header: ownTable.header });
  }

  show(data) {
    if (data.x !== null) this.complaint = "";
    complainAt(this.line, this.complaint);
    if (ownTable === null) return;
    this.x.value = data.x;
    this.y.value = data.y;
    this.header.value = ownTable.header;
  }
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
