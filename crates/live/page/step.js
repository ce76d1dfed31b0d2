// One step: the five lines of the README with their numbers.

class StepPart {
  constructor() {
    this.node = document.getElementById("step");
    this.list = element("ol", { class: "five" });
    this.note = element("p", { class: "note" });
    this.said = element("p", { role: "status", class: "note" }, "Press the button to see the numbers of one step.");
    this.button = element("button", { type: "button", id: "step-button", onclick: () => app.step() }, "Do one step");
    this.node.append(
      element("h2", { id: "step-title" }, "One step, in five lines"),
      element("p", {}, "A training repeats these five lines. They are the Rust code of nnfs. The numbers are those of the network above."),
      this.button,
      this.said,
      this.note,
      this.list,
    );
    this.showCode(FIVE_LINES.map((code) => ({ code, text: "", numbers: [] })));
  }

  draw() {
    const { detail } = app.session;
    this.button.disabled = app.session.id === null || app.session.isDone;
    if (detail === this.shown) return;
    this.shown = detail;
    this.note.textContent = detail?.note ?? "";
    if (detail === null) {
      this.said.textContent = "Press the button to see the numbers of one step.";
      this.showCode(FIVE_LINES.map((code) => ({ code, text: "", numbers: [] })));
      return;
    }
    const loss = app.session.last?.loss;
    this.said.textContent = `This was step ${count(detail.epoch)}. The loss before it was ${short(loss)}.`;
    this.showCode(detail.lines);
  }

  showCode(lines) {
    this.list.replaceChildren(...lines.map(({ code, text, numbers }) => element(
      "li",
      {},
      element("code", {}, code),
      text === "" ? null : element("p", {}, text),
      numbers.length === 0 ? null : factList(numbers.map(({ name, value }) => ({ name, value: short(value) }))),
    )));
  }
}

const FIVE_LINES = [
  "let predictions = model.forward(&inputs);",
  "let loss        = mse.value(predictions, &targets);",
  "mse.gradient_to(predictions, &targets, &mut gradient);",
  "model.backward(&inputs, &gradient);",
  "adam.step(&mut model);",
];
