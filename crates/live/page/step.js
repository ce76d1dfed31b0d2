// One step: the five lines of the README with their numbers.

class StepPart {
  constructor() {
    this.node = document.getElementById("step");
    this.list = element("ol", { class: "five" });
    this.note = element("p", { class: "note" });
    this.said = element("p", { role: "status", class: "note" });
    this.button = element("button", { type: "button", id: "step-button", onclick: () => app.step() }, "Do one step");
    this.node.append(
      element("h2", { id: "step-title" }, "One step, in five lines"),
      element("p", {}, "A training repeats these five lines. They are the Rust code of nnfs. The numbers are those of the network above."),
      new NetworkChooser("Show the step of").node,
      this.button,
      this.said,
      this.note,
      this.list,
    );
  }

  draw() {
    const { session } = app;
    const { detail } = session;
    const reason = app.reason();
    this.button.disabled = reason !== null || session.id === null || session.isDone;
    this.say(reason ?? this.words(session));
    const lines = detail?.lines ?? fiveLines(session.made?.settings ?? session.settings);
    const text = JSON.stringify(lines);
    if (text === this.shown) return;
    this.shown = text;
    this.note.textContent = detail?.note ?? "";
    this.showCode(lines);
  }

  words({ detail, isDone, last }) {
    const step = detail === null ? "" : `This was step ${count(detail.epoch)}. The loss before it was ${short(detail.train.loss)}.`;
    if (isDone) return `${step} ${last.diverged ? "The training has diverged." : "The training is done."} Reset to do single steps.`.trim();
    return step || "Press the button to see the numbers of one step.";
  }

  say(text) {
    if (this.said.textContent !== text) this.said.textContent = text;
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

/** The variables of the losses in the five lines. */
const LOSS_VARIABLES = { "softmax-cross-entropy": "cross_entropy", "binary-cross-entropy": "cross_entropy" };

/** The five lines of a training with these settings, without numbers. */
function fiveLines({ loss, optimizer }) {
  const name = LOSS_VARIABLES[loss] ?? loss;
  const codes = [
    "let predictions = model.forward(&inputs);",
    `let loss = ${name}.value(predictions, &targets);`,
    `${name}.gradient_to(predictions, &targets, &mut gradient);`,
    "model.backward(&inputs, &gradient);",
    `${optimizer}.step(&mut model);`,
  ];
  return codes.map((code) => ({ code, text: "", numbers: [] }));
}
