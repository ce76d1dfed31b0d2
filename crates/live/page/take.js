// Take it along: the model as a file, the Rust lines, the picture.

/** What the command needs to read a file without a header; empty if the file has one. */
function headerAdvice(reading) {
  if (reading === null || reading.header) return "";
  const names = reading.columns.slice(0, 4).map(({ name }) => name);
  const rest = reading.columns.length > names.length ? " and so on" : "";
  return `Your file has no names of columns. The command needs them in the first line, in this order: ${names.join(", ")}${rest}.`;
}

class TakePart {
  constructor() {
    this.node = document.getElementById("take");
    this.said = element("p", { class: "note", role: "status" });
    this.problem = element("p", { class: "problem", role: "alert" });
    this.code = element("pre", { tabindex: 0, hidden: true, id: "rust" });
    const button = (id, text, action) => element("button", { type: "button", id, onclick: () => this.attempt(action) }, text);
    this.copyButton = button("copy", "Copy the lines", () => this.copy());
    this.copyButton.hidden = true;
    this.linesButton = button("lines", "Show the Rust lines", () => this.lines());
    this.saveButton = button("save", "Save the model", () => this.save());
    this.command = element("pre", { tabindex: 0 });
    this.namesWords = element("p", { class: "note" });
    this.pictureWords = element("p", {});
    this.node.append(
      element("h2", { id: "take-title" }, "Take it along"),
      new NetworkChooser("Take the model and the program of").node,
      element(
        "div",
        { class: "cards" },
        element("div", { class: "offer" }, element("h3", {}, "The model"), element("p", {}, "A safetensors file with scalers and names of columns. The command nnfs and PyTorch read it."), this.command, this.namesWords, this.saveButton),
        element("div", { class: "offer" }, element("h3", {}, "The program"), element("p", {}, "The Rust lines that build and train this very network."), element("div", { class: "row" }, this.linesButton, this.copyButton)),
        element("div", { class: "offer" }, element("h3", {}, "The picture"), this.pictureWords, button("png", "Save the picture", () => this.png())),
        element("div", { class: "offer" }, element("h3", {}, "The address"), element("p", {}, "It holds all settings. Only a CSV file is not part of it."), button("link", "Copy the address", () => this.link())),
      ),
      this.said,
      this.problem,
      this.code,
    );
  }

  /** Which network is taken, if there are two. */
  get which() {
    return app.sessions.length > 1 ? ` of network ${app.session.name}` : "";
  }

  /** The name of the file of the model. */
  get fileName() {
    return app.sessions.length > 1 ? `model-${app.session.name.toLowerCase()}.safetensors` : "model.safetensors";
  }

  /** Says on the buttons which network is taken. */
  show() {
    this.saveButton.textContent = `Save the model${this.which}`;
    this.command.textContent = `nnfs predict ${this.fileName} data.csv --out predictions.csv`;
    this.namesWords.textContent = headerAdvice(tableReading(app.session.settings.data));
    this.pictureWords.textContent = app.sessions.length > 1
      ? "The large pictures of both networks, side by side, as a PNG with their settings."
      : "The large picture as a PNG, with its settings.";
    this.showCode(!this.code.hidden);
  }

  /** Forgets what was shown of another network. */
  forget() {
    this.showCode(false);
    this.problem.textContent = "";
    this.said.textContent = "";
  }

  async attempt(action) {
    this.problem.textContent = "";
    this.said.textContent = "";
    try {
      await action();
    } catch (complaint) {
      this.problem.textContent = complaint.message;
    }
  }

  async save() {
    const { which, fileName } = this;
    const { bytes, file } = await app.session.ask({ request: "save" });
    this.saved = file;
    download(fileName, file, "application/octet-stream");
    this.said.textContent = `Saved the model${which} as ${fileName}, ${count(bytes)} bytes.`;
  }

  showCode(isShown) {
    this.code.hidden = !isShown;
    this.copyButton.hidden = !isShown;
    this.linesButton.textContent = `${isShown ? "Hide" : "Show"} the Rust lines${this.which}`;
  }

  async lines() {
    if (!this.code.hidden) {
      this.showCode(false);
      return;
    }
    const { which } = this;
    const { text } = await app.session.ask({ request: "rust" });
    this.code.textContent = text;
    this.showCode(true);
    this.said.textContent = `${counted(text.trim().split("\n").length, "line")} of Rust${which}, below.`;
  }

  async copy() {
    await navigator.clipboard.writeText(this.code.textContent);
    this.said.textContent = "Copied the lines.";
  }

  async link() {
    app.write(false);
    try {
      await navigator.clipboard.writeText(location.href);
      this.said.textContent = "Copied the address.";
    } catch {
      this.said.textContent = "The browser does not let this page copy. The address is in its address bar.";
    }
  }

  /** The large pictures, side by side, with a line about each. */
  async png() {
    const cards = app.stage.cards;
    const scale = 2;
    for (const { view } of cards) view.picture.draw(scale);
    const drawn = cards.map(({ view }) => view.picture.canvas);
    const sum = (name) => drawn.reduce((total, canvas) => total + canvas[name], 0);
    const height = Math.max(...drawn.map((canvas) => canvas.height));
    const canvas = Object.assign(document.createElement("canvas"), { width: sum("width") + 40 * scale, height: height + 96 * scale });
    const context = canvas.getContext("2d");
    context.fillStyle = theme().surface;
    context.fillRect(0, 0, canvas.width, canvas.height);
    let left = 20 * scale;
    app.sessions.forEach((session, index) => {
      context.drawImage(drawn[index], left, 76 * scale);
      context.fillStyle = theme().ink;
      context.font = `600 ${16 * scale}px system-ui, sans-serif`;
      context.fillText(cards[index].title.textContent, left, 26 * scale, drawn[index].width);
      context.font = `${12 * scale}px system-ui, sans-serif`;
      context.fillStyle = theme().muted;
      const loss = session.last === null ? "" : `, loss ${short(session.last.loss)}`;
      context.fillText(settingWords(session.settings), left, 46 * scale, drawn[index].width - 20 * scale);
      context.fillText(`epoch ${count(session.epoch)}${loss}`, left, 64 * scale, drawn[index].width);
      left += drawn[index].width;
    });
    app.frames.ask();
    const picture = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    download("network.png", picture, "image/png");
    this.said.textContent = `Saved network.png, ${canvas.width} by ${canvas.height} pixels.`;
  }
}
