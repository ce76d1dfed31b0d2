// Networks from the address. What is not understood is collected, with what is used instead.

/** The parts of an address that belong to its data, for each kind. */
const DATA_PARTS = { sine: ["n"], formula: ["f", "from", "to", "n"], points: ["p"], table: ["x", "y", "header"], spiral: ["classes", "n"] };

/** The values that a setting with a name can have. */
function namesOf(setting) {
  const { choices } = known;
  return { activation: choices.activation, loss: [...choices.loss, ...choices.classifier_loss], optimizer: choices.optimizer.map(({ name }) => name), arithmetic: choices.arithmetic }[setting];
}

/** One network of an address, with the parts of it that were not understood. */
class AddressReader {
  /** `mark` is before every name of the second network. */
  constructor(parts, mark = "") {
    this.parts = parts;
    this.mark = mark;
    this.wrong = [];
  }

  get(short) {
    return this.parts.get(this.mark + short);
  }

  /** Notes a part that was not understood, and what is used for it. */
  note(short, used, value = this.get(short) ?? "") {
    this.wrong.push(`“${this.mark}${short}${value === "" ? "" : `=${value.slice(0, 40)}`}” (${used})`);
  }

  number(short, fallback) {
    const text = this.get(short);
    if (text === null) return fallback;
    const number = plainNumber(text.trim());
    if (Number.isFinite(number)) return number;
    this.note(short, `${fallback} is used`);
    return fallback;
  }

  data() {
    const kind = this.get("data") ?? "sine";
    const samples = (fallback) => this.number("n", fallback);
    if (kind === "formula") {
      return { kind, text: this.get("f") ?? FORMULA.text, from: this.number("from", FORMULA.from), to: this.number("to", FORMULA.to), samples: samples(FORMULA.samples) };
    }
    if (kind === "points") return { kind, points: this.points() };
    if (kind === "spiral") return { kind, classes: this.number("classes", SPIRAL.classes), samples: samples(SPIRAL.samples) };
    if (kind === "table") return { kind, x: this.get("x"), y: this.get("y"), header: this.header() };
    if (kind !== "sine") this.note("data", "the sine is used");
    const { data } = known.defaults;
    return { ...copied(data), samples: samples(data.samples) };
  }

  points() {
    const texts = (this.get("p") ?? "").split(";").filter((text) => text !== "");
    const pairs = texts.map((text) => text.split(",").map((number) => plainNumber(number.trim())));
    const points = pairs.filter((pair) => pair.length === 2 && pair.every(Number.isFinite));
    if (points.length < pairs.length) this.note("p", `${counted(pairs.length - points.length, "point")} left out`);
    return points;
  }

  header() {
    const text = this.get("header");
    if (text === "true" || text === "false") return text === "true";
    if (text !== null) this.note("header", "the page finds out whether the file has a header");
    return null;
  }

  /** The value of a setting; `old` where it is not understood. */
  setting(name, short, old) {
    const text = this.get(short);
    if (name === "hidden") {
      const widths = text === "" ? [] : text.split("-").map((width) => plainNumber(width));
      if (widths.every(Number.isFinite)) return widths;
      this.note(short, `${old.join("-")} is used`);
    } else if (typeof old === "number") {
      return this.number(short, old);
    } else if (typeof old === "boolean") {
      if (text === "true" || text === "false") return text === "true";
      this.note(short, `${old} is used`);
    } else {
      const { kind, scale } = splitInit(text);
      const isKnown = name === "init" ? initKinds().includes(kind) && (scale !== null) === (kind === "normal") : namesOf(name).includes(text);
      if (isKnown && !Number.isNaN(scale)) return text;
      this.note(short, `${old} is used`);
    }
    return old;
  }

  /** The network: `base` has the settings of its run or the defaults, and `settings` those of the address. */
  network() {
    const run = known.runs.find(({ run }) => String(run) === this.get("run"));
    const base = run ? runSettings(run.run, "numpy") : { ...copied(known.defaults), data: this.data() };
    const { kind } = base.data;
    if (this.get("run") !== null && run === undefined) this.note("run", `the runs are 1 to 9; ${kind === "sine" ? "run 9" : "no run"} is used`);
    if (!run && kind === "spiral") base.loss = known.choices.classifier_loss[0];
    const settings = copied(base);
    for (const [name, short] of SHORT_NAMES) {
      if (this.get(short) !== null) settings[name] = this.setting(name, short, base[name]);
    }
    const names = run ? ["run"] : ["run", "data", ...DATA_PARTS[kind]];
    this.others([...names, ...SHORT_NAMES.map(([, short]) => short)]);
    return { settings, base };
  }

  /** Notes the parts that this network does not use: those that it does not have, and repeated ones. */
  others(used) {
    for (const name of new Set(this.parts.keys())) {
      const isOurs = this.mark === "" ? !name.startsWith("b.") : name.startsWith(this.mark);
      if (!isOurs) continue;
      const short = name.slice(this.mark.length);
      if (!used.includes(short)) this.note(short, "not used");
      else for (const value of this.parts.getAll(name).slice(1)) this.note(short, `only the first “${name}” is used`, value);
    }
  }
}

/**
 * The networks of an address, run 9 if it is empty; the settings of their runs or the defaults; and what was not
 * understood: `{ networks, bases, wrong }`.
 */
function readAddress(hash) {
  const text = hash.replace(/^#/, "");
  if (text === "") return { networks: [runSettings(9, "numpy")], bases: [runSettings(9, "numpy")], wrong: [] };
  const parts = new URLSearchParams(text);
  const names = [...parts.keys()];
  const readers = [new AddressReader(parts)];
  if (names.some((name) => name.startsWith("b."))) readers.push(new AddressReader(parts, "b."));
  const read = readers.map((reader) => reader.network());
  return { networks: read.map(({ settings }) => settings), bases: read.map(({ base }) => base), wrong: readers.flatMap(({ wrong }) => wrong) };
}

/**
 * The settings of an address with the value of `base` for the one that the module has refused, and what is said about
 * it; null if no value could help.
 */
function withDefault(settings, base, { field }, mark) {
  const shorts = { ...Object.fromEntries(SHORT_NAMES), samples: "n", classes: "classes", from: "from" };
  if (shorts[field] === undefined) return null;
  const defaults = { formula: FORMULA, spiral: SPIRAL, sine: known.defaults.data }[settings.data.kind] ?? {};
  const words = (before, after) => `“${mark}${shorts[field]}=${textOf(before)}” (${textOf(after)} is used)`;
  if (field in settings) {
    const value = base[field];
    if (JSON.stringify(value) === JSON.stringify(settings[field])) return null;
    return { settings: { ...settings, [field]: copied(value) }, words: words(settings[field], value) };
  }
  const before = settings.data;
  if (before[field] === undefined || before[field] === defaults[field]) return null;
  const fields = field === "from" ? { from: defaults.from, to: defaults.to } : { [field]: defaults[field] };
  const said = field === "from"
    ? `“${mark}from=${before.from}” and “${mark}to=${before.to}” (${fields.from} to ${fields.to} is used)`
    : words(before[field], fields[field]);
  return { settings: { ...settings, data: { ...before, ...fields } }, words: said };
}

function textOf(value) {
  return Array.isArray(value) ? value.join("-") || "none" : String(value);
}

/** The sentence about an address that was not understood. */
function wrongAddress(wrong) {
  return `This page does not understand a part of its address: ${wrong.slice(0, 5).join(", ")}${wrong.length > 5 ? ` and ${wrong.length - 5} more` : ""}.`;
}
