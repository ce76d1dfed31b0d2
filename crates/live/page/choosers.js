// Small controls: choices of one, numbers, sliders on a logarithmic scale.

let lastControl = 0;
function freshId(word) {
  return `${word}-${++lastControl}`;
}

/** A group of radio buttons that look like pills. `choices` are `[value, text]`. */
class Pills {
  constructor(legend, choices, chosen, choose, kind = "") {
    this.name = freshId("pills");
    this.inputs = new Map();
    const items = choices.map(([value, text, label]) => {
      const id = freshId("pill");
      const input = element("input", { type: "radio", name: this.name, id, value, "aria-label": label, onchange: () => choose(value) });
      this.inputs.set(String(value), input);
      return [input, element("label", { for: id }, text)];
    });
    this.node = element("fieldset", { class: `picker ${kind}` }, element("legend", {}, legend), items);
    this.value = chosen;
  }

  set value(value) {
    for (const [key, input] of this.inputs) input.checked = key === String(value);
  }
}

/** Chooses one of two networks, while there are two. Every such chooser of the page shows the same network. */
class NetworkChooser extends Pills {
  constructor(legend) {
    super(legend, [["0", "Network A"], ["1", "Network B"]], "0", (value) => app.select(Number(value)));
    app.choosers.push(this);
    this.show();
  }

  show() {
    this.node.hidden = app.sessions.length < 2;
    this.value = app.selected;
  }
}

const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * Where an arrow key leads from `[row, column]` of a grid: to the next cell of its row or column that `isThere`, or
 * else to the nearest one in the next row or column that has one. The same place at the edge; null for other keys.
 */
function moved(event, [row, column], grid, isThere = () => true) {
  const step = ARROWS[event.key];
  if (step === undefined || event.ctrlKey || event.altKey || event.metaKey) return null;
  event.preventDefault();
  const isVertical = step[0] !== 0;
  const isInside = (place) => grid[place[0]]?.[place[1]] !== undefined;
  for (let far = 1; isInside([row + far * step[0], column + far * step[1]]); far++) {
    const [nextRow, nextColumn] = [row + far * step[0], column + far * step[1]];
    if (isThere(grid[nextRow][nextColumn])) return [nextRow, nextColumn];
    if (!isVertical) continue;
    const places = grid[nextRow].map((cell, at) => [cell, at]).filter(([cell]) => isThere(cell));
    places.sort(([, left], [, right]) => Math.abs(left - column) - Math.abs(right - column));
    if (places.length > 0) return [nextRow, places[0][1]];
  }
  return [row, column];
}

/** A select with a label. */
class Choice {
  constructor(label, choices, choose, hint) {
    this.id = freshId("choice");
    this.select = element("select", { id: this.id, onchange: () => choose(this.select.value) });
    this.setChoices(choices);
    this.node = field(label, this.id, this.select, hint);
  }

  setChoices(choices) {
    const texts = choices.map((choice) => (Array.isArray(choice) ? choice : [choice, choice]));
    this.select.replaceChildren(...texts.map(([value, text]) => element("option", { value }, text)));
  }

  set value(value) {
    this.select.value = String(value);
    if (this.select.value !== String(value)) {
      this.select.append(element("option", { value }, String(value)));
      this.select.value = String(value);
    }
  }
}

/**
 * A number with a slider and a box. The slider covers `low` to `high`, on a logarithmic scale if `isLog`; with
 * `zero`, its left end is 0. The box takes any number.
 */
class NumberKnob {
  constructor(label, { low, high, isLog = false, zero = false, isWhole = false, slider = true, hint }, choose) {
    Object.assign(this, { low, high, isLog, zero, isWhole });
    this.id = freshId("number");
    this.box = element("input", { type: "text", inputmode: "decimal", id: this.id, size: 8, onchange: () => this.typed(choose) });
    this.slider = slider
      ? element("input", { type: "range", min: 0, max: 1000, step: 1, "aria-label": `${label}, slider`, oninput: () => this.slid(choose) })
      : null;
    this.node = field(label, this.id, [this.slider, this.box], hint);
  }

  typed(choose) {
    const { number, sentence = "" } = typedNumber(this.box.value, this.isWhole);
    complainAt(this.node, sentence);
    if (number === undefined) return;
    this.place(number);
    choose(number);
  }

  slid(choose) {
    const at = Number(this.slider.value) / 1000;
    let number;
    if (this.zero && at < 0.02) number = 0;
    else if (this.isLog) number = Number((this.low * (this.high / this.low) ** (this.zero ? (at - 0.02) / 0.98 : at)).toPrecision(2));
    else number = Number((this.low + (this.high - this.low) * at).toPrecision(2));
    if (this.isWhole) number = Math.round(number);
    this.box.value = String(number);
    this.tell(number);
    choose(number);
  }

  set value(number) {
    this.box.value = String(number);
    this.place(number);
  }

  place(number) {
    if (this.slider === null) return;
    let at;
    if (this.isLog) at = number <= 0 ? 0 : Math.log(number / this.low) / Math.log(this.high / this.low) * (this.zero ? 0.98 : 1) + (this.zero ? 0.02 : 0);
    else at = (number - this.low) / (this.high - this.low);
    this.slider.value = String(Math.round(1000 * Math.max(0, Math.min(1, at))));
    this.tell(number);
  }

  tell(number) {
    this.slider.setAttribute("aria-valuetext", String(number));
  }
}

/** A box to tick. */
class Tick {
  constructor(label, choose) {
    const id = freshId("tick");
    this.box = element("input", { type: "checkbox", id, onchange: () => choose(this.box.checked) });
    this.node = element("p", { class: "tick" }, this.box, " ", element("label", { for: id }, label));
  }

  set value(isTicked) {
    this.box.checked = isTicked;
  }
}

/** A label, its controls, and a place for a sentence about a wrong value. */
function field(label, id, controls, hint) {
  const problem = element("p", { class: "problem", id: `${id}-problem` });
  const words = element("label", { for: id, title: hint }, label);
  return element("div", { class: "field" }, words, element("div", { class: "inputs" }, controls), problem);
}

/** Shows a sentence at a field; an empty one removes it. */
function complainAt(node, sentence) {
  const problem = node.querySelector(".problem");
  if (problem === null || problem.textContent === sentence) return;
  problem.textContent = sentence;
  for (const control of node.querySelectorAll("input, select")) {
    if (sentence === "") {
      control.removeAttribute("aria-invalid");
      control.removeAttribute("aria-describedby");
    } else {
      control.setAttribute("aria-invalid", "true");
      control.setAttribute("aria-describedby", problem.id);
    }
  }
  // A wrong value disables the training.
  app.frames.ask();
}

/** The name of a shown field with a wrong value, or null. */
function wrongField() {
  const controls = document.querySelectorAll('#source [aria-invalid="true"], #knobs [aria-invalid="true"]');
  const wrong = [...controls].find((control) => control.closest("[hidden]") === null);
  if (wrong === undefined) return null;
  if (wrong.id === "formula") return "formula";
  const name = wrong.closest(".field").querySelector("label, .label").textContent;
  if (["points", "x from", "to"].includes(name)) return name === "points" ? "number of points" : "range of x";
  return /^[A-Z][a-z]/.test(name) ? name[0].toLowerCase() + name.slice(1) : name;
}

/** Calls a function when nothing has happened for a while. */
function delayed(action, milliseconds) {
  let timer = null;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => action(...values), milliseconds);
  };
}

/** Saves bytes or text as a file of the reader. */
function download(name, content, type) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = element("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
