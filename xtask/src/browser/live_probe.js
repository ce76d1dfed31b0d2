// Functions of the checks that run in the live chapter. They press what a reader presses, and read what a
// reader sees.

window.live = {
  text(selector) {
    const shown = [...document.querySelectorAll(selector)].filter((node) => node.offsetParent !== null);
    return shown.map((node) => node.textContent.trim()).filter(Boolean);
  },

  /** Presses a button, as soon as it can be pressed. */
  async press(selector) {
    const button = document.querySelector(selector);
    await live.until(() => !button.disabled, 3000);
    button.click();
  },

  wait(milliseconds) {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
  },

  async until(isSo, milliseconds = 15000) {
    const end = performance.now() + milliseconds;
    while (!isSo()) {
      if (performance.now() > end) return false;
      await live.wait(20);
    }
    return true;
  },

  /** Opens the networks of an address; returns whether each of them has a network or a sentence. */
  async open(address) {
    await app.openAddress(`#${address}`);
    return live.until(() => app.sessions.every(({ id, problem, missing }) => id !== null || problem !== null || missing !== null));
  },

  isReady() {
    return document.documentElement.dataset.ready === "true";
  },

  /** Trains some epochs, and draws them. */
  async train(epochs) {
    await live.press("#play");
    await live.until(() => app.sessions.every(({ epoch, isDone }) => isDone || epoch >= epochs));
    if (app.isPlaying) await live.press("#play");
    await live.wait(300);
    return app.session.epoch;
  },

  isDone() {
    return app.sessions.every(({ isDone }) => isDone);
  },

  /** The lines of a network as the page shows them: the text, and what it says about them. */
  async lines(network) {
    app.select(network);
    document.getElementById("log").scrollIntoView();
    // Another network may have as many lines.
    const isShown = () => app.log.session === app.session && app.log.token === app.session.token && document.querySelectorAll("#log tbody tr").length === app.session.lines.length;
    await live.until(isShown);
    const cells = (row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent);
    return [...document.querySelectorAll("#log tbody tr")].map((row) => ({ isBook: row.classList.contains("book"), cells: cells(row) }));
  },

  /** The model as it is saved, in base64, and what the page predicts. */
  async saved() {
    app.take.saved = undefined;
    await live.press("#save");
    await live.until(() => app.take.saved);
    const model = btoa(Array.from(app.take.saved, (byte) => String.fromCharCode(byte)).join(""));
    const { grid, names } = app.session.made;
    const { y } = await app.session.ask({ request: "predict", x: grid.x });
    return { model, x: grid.x, y, names };
  },

  /** What the page says after the picture, the program and the model were asked for. */
  async takes() {
    const found = [];
    for (const button of ["#png", "#lines", "#save"]) {
      await live.press(button);
      await live.until(() => live.text("#take [role=status]").length > 0);
      found.push(live.text("#take [role=status], #take [role=alert]").join(" "));
    }
    return found;
  },

  /** Trains for a while; returns the frames and epochs of a second that the page shows, second after second. */
  async speeds(seconds) {
    if (!app.isPlaying) await live.press("#play");
    const found = [];
    for (let second = 0; second < seconds; second++) {
      await live.wait(1000);
      const text = document.getElementById("speed").textContent;
      const number = (unit) => Number(text.match(new RegExp(`([\\d\\u202f]+) ${unit}`))?.[1].replace(/\u202f/g, ""));
      found.push({ epochs: number("epochs/s"), frames: number("frames/s") });
    }
    await live.press("#play");
    return found;
  },

  /** Chooses network A or B in a part of the page. */
  choose(part, index) {
    document.querySelectorAll(`${part} .picker input`)[index].click();
  },

  /** Presses Back, and waits for the network of the address before. */
  async back() {
    const before = app.session.settings;
    history.back();
    await live.until(() => app.session.settings !== before && app.session.id !== null);
  },

  /** Chooses run 2, turns a knob, chooses run 6, and goes back twice. Returns the learning rates after each Back. */
  async historyOfChoices() {
    await live.open("run=9&num=f32");
    const choices = [() => app.chooseRun(9), () => app.chooseRun(2), () => app.turn({ learning_rate: 0.02 }), () => app.chooseRun(6)];
    for (const choose of choices) {
      choose();
      await live.wait(ENTRY_PAUSE + 100);
    }
    const found = [];
    for (let back = 0; back < 2; back++) {
      await live.back();
      found.push(app.session.settings.learning_rate);
    }
    return found;
  },

  /** Chooses run 6, goes back to run 2, chooses run 3 at once, and goes back again. Returns the run there. */
  async choiceAfterBack() {
    await live.open("run=9&num=f32");
    app.chooseRun(2);
    await live.wait(ENTRY_PAUSE + 100);
    app.chooseRun(6);
    await live.back();
    app.chooseRun(3);
    await live.back();
    return runOf(app.session.settings);
  },

  /** What the page says of a wrong address after run 2 was chosen before its network was made, and the run. */
  async overtaken() {
    await live.open("run=9&num=f32");
    const opening = app.openAddress("#run=12&num=f32&lr=-1");
    app.chooseRun(2);
    await opening;
    await live.until(() => app.session.id !== null);
    return [live.text("#notice").join(), runOf(app.session.settings)];
  },

  /** What the page says after a number of epochs was typed, and the epochs of the network. */
  async typedEpochs(text) {
    await live.open("run=9&num=f32");
    const { node, box } = app.knobs.simple.epochs;
    node.closest("details").open = true;
    live.type(box, text);
    await live.wait(400);
    return [live.text("#knobs .problem").join(" "), app.session.settings.epochs];
  },

  /** What the page says about the speed after a second of training. */
  async remaining() {
    await live.press("#play");
    await live.wait(1500);
    const text = document.getElementById("speed").textContent;
    await live.press("#play");
    return text;
  },

  /** Shows the top of the page with network A chosen. */
  async showTop() {
    app.select(0);
    scrollTo(0, 0);
    document.activeElement.blur();
    await live.wait(1200);
  },

  /** Gives the page a CSV file, of which the network learns the column `y`. */
  async takeFile(text, y) {
    await live.open("run=9&num=f32");
    const { table } = app.panels;
    await table.take("data.csv", new TextEncoder().encode(text));
    table.y.select.value = y;
    table.y.select.dispatchEvent(new Event("change"));
    await live.until(() => app.session.made !== null);
  },

  /** Clicks on “The first line has the names”, and waits until the file is read again. */
  async clickHeader() {
    const { token } = app.session;
    app.panels.table.header.box.click();
    await live.until(() => app.session.token !== token && app.session.made !== null);
  },

  /** What a network learns from a CSV file, as the page reads it and after a click on the header: rows, names, last row. */
  async readingsOf(text, y) {
    await live.takeFile(text, y);
    const learned = () => {
      const { rows, names, samples } = app.session.made;
      return { rows, names, last: [samples.x[rows - 1], samples.y[rows - 1]] };
    };
    const found = [learned()];
    await live.clickHeader();
    found.push(learned());
    ownTable = null;
    return found;
  },

  /** What the page shows of the file of network A and of its copy B, after a click on the header of B. */
  async headersOfTwo(text, y) {
    await live.takeFile(text, y);
    app.compare();
    await live.until(() => app.session.made !== null);
    await live.clickHeader();
    const shown = [0, 1].map((index) => {
      app.select(index);
      const { header, x, y } = app.panels.table;
      const names = [...y.select.options].map(({ value }) => value);
      return { tick: header.box.checked, names, chosen: [x.select.value, y.select.value], advice: app.take.namesWords.textContent };
    });
    app.compare();
    ownTable = null;
    return shown;
  },

  /** Types into a box, as a reader does. */
  type(box, text) {
    box.value = text;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.dispatchEvent(new Event("change", { bubbles: true }));
  },

  /** The first sentence about a mistake that the page shows. */
  async sentence() {
    // The dock is drawn ten times a second.
    await live.wait(200);
    await live.until(() => live.text(".problem, #reason, #notice").length > 0, 5000);
    return live.text(".problem:not(#reason), #notice")[0] ?? live.text("#reason")[0] ?? "";
  },

  /** Wrong numbers in the boxes of the knobs, each with the sentence that the page shows. */
  async knobMistakes() {
    const box = (label) => [...document.querySelectorAll("#knobs label")].find((node) => node.textContent === label).parentNode.querySelector("input[type=text]");
    const mistakes = [
      ["Learning rate", "1e999"], ["Learning rate", "-1"], ["Learning rate", "fast"], ["Epochs", "0"], ["Epochs", "1e12"], ["Dropout", "1"],
      ["Seed", "-3"], ["L2", "-0.1"], ["L1", "nan"], ["Batch size", "2.5"], ["Noise", "-1"], ["Outliers", "7"], ["Decay", ""], ["Standard deviation", "-2"],
    ];
    const found = [];
    for (const [label, text] of mistakes) {
      await live.open("run=9&num=f32");
      document.querySelectorAll("#knobs details").forEach((details) => (details.open = true));
      live.type(box(label), text);
      await live.wait(300);
      found.push([`${label} ${text}`, await live.sentence()]);
    }
    return found;
  },

  /** Formulas that are none. */
  async formulaMistakes() {
    const found = [];
    for (const formula of ["", "sin(", "2 +", "y", "sin(x", "alert(1)", "1/0", "x @ 2", "((((x", "x".repeat(5000), "</script>", "🙂"]) {
      await live.open("data=formula");
      live.type(document.getElementById("formula"), formula);
      await live.wait(450);
      found.push([`formula ${formula.slice(0, 20)}`, await live.sentence()]);
    }
    return found;
  },

  /** Files without numbers, and data that are missing. */
  async dataMistakes() {
    const found = [];
    for (const [name, text] of [["empty", ""], ["words", "a,b\nx,y\nz,w\n"], ["one column", "a\n1\n2\n"], ["torn", "a,b\n1\n1,2,3\n"], ["image", "\x89PNG\r\n\x1a\n\0\0"]]) {
      await live.open("run=9&num=f32");
      await app.panels.table.take(`${name}.csv`, new TextEncoder().encode(text));
      found.push([`table ${name}`, await live.sentence()]);
    }
    ownTable = null;
    for (const address of ["data=table&x=a&y=b", "data=points&p=0,0", "data=points&p=", "data=spiral&n=1e9", "data=formula&from=1&to=1", "run=9&init=round", "run=9&opt=best&act=none", "run=9&hidden=0", "run=9&hidden=9999-9999"]) {
      await live.open(address);
      found.push([address, await live.sentence()]);
    }
    return found;
  },

  /** A learning rate of 1e9 diverges, with a sentence, and the page goes on. */
  async divergence() {
    await live.open("run=9&num=f32&lr=1e9");
    if (app.session.problem !== null) return app.session.problem.message;
    await live.press("#play");
    await live.until(live.isDone, 20000);
    await live.wait(400);
    return document.getElementById("story").textContent;
  },

  /** After a trap in the module, the page says so and trains again. */
  async trap() {
    await live.open("run=9&num=f32");
    app.session.runner.receive({ kind: "dead", text: "unreachable" });
    await live.until(() => app.session.id !== null);
    await live.press("#play");
    await live.until(() => app.session.epoch > 5);
    await live.press("#play");
    return document.getElementById("story").textContent;
  },

  /** Random settings, one network after the other. Returns those after which the page shows neither an epoch nor a sentence. */
  async random(count, seed) {
    let state = seed;
    const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    const of = (list) => list[Math.floor(next() * list.length)];
    const power = (low, high) => Number((10 ** (low + (high - low) * next())).toPrecision(3));
    const { choices } = known;
    const dead = [];
    const kept = { trained: 0, refused: 0, diverged: 0 };
    for (let round = 0; round < count; round++) {
      const data = of([
        { kind: "sine", samples: 200 },
        { kind: "formula", text: of(["sin(x) / x", "abs(x)", "exp(x)", "x^3", "1 / x", "floor(x)", "sqrt(x)"]), from: -of([1, 5]), to: of([2, 10]), samples: 100 },
        { kind: "points", points: Array.from({ length: 1 + Math.floor(8 * next()) }, () => [next(), next()]) },
        { kind: "spiral", classes: of([2, 3]), samples: 50 },
      ]);
      const settings = {
        ...copied(known.defaults), data, epochs: 30,
        hidden: of([[], [1], [8], [64], [16, 16], [3, 5, 7], [32, 1, 32]]),
        activation: of(choices.activation), init: of(["zeros", `normal:${power(-4, 1)}`, "glorot-uniform", "he-normal"]),
        loss: of(data.kind === "spiral" ? choices.classifier_loss : choices.loss),
        l1: of([0, 0, power(-6, 0)]), l2: of([0, 0, power(-6, 0)]), dropout: of([0, 0, 0.1, 0.9]),
        optimizer: of(choices.optimizer).name, learning_rate: power(-6, 9), decay: of([0, power(-5, 1)]), momentum: of([0, 0.5, 0.99]),
        batch_size: of([0, 0, 1, 7, 64]), noise: of([0, next()]), outliers: of([0, 0.2 * next()]), seed: Math.floor(next() * 1e6), arithmetic: of(choices.arithmetic),
      };
      app.set(settings, { play: true });
      const isFine = await live.until(() => live.isRefused() || app.session.isDone, 20000);
      if (!isFine) dead.push(settings);
      if (live.isRefused()) kept.refused++;
      else if (app.session.last?.diverged) kept.diverged++;
      else kept.trained++;
    }
    return { dead, ...kept };
  },

  /** Opens random addresses; returns those after which there is no network and no sentence, or that are not read as they are written. */
  async randomAddresses(count, seed) {
    let state = seed;
    const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    const of = (list) => list[Math.floor(next() * list.length)];
    const names = ["run", "data", "f", "from", "to", "n", "p", "classes", "x", "y", "header", ...SHORT_NAMES.map(([, short]) => short), "zz"];
    const values = [
      "", "1", "9", "-1", "1e9", "1e400", "1e-400", "0.3", "2.5", "abc", "NaN", "Infinity", "0x10", "null", "undefined", "64-64", "64--64", "a-b",
      "1,2;3,4", "normal:0.1", "normal:", "normal", "he-normal", "zeros:1", "relu", "mse", "softmax-cross-entropy", "f32", "numpy", "true", "sin(x)",
      "((", "formula", "points", "spiral", "table", "sine", "%zz", "😀", "<b>", "constructor", "__proto__",
    ];
    const bad = [];
    for (let round = 0; round < count; round++) {
      const parts = Array.from({ length: 1 + Math.floor(6 * next()) }, () => `${next() < 0.25 ? "b." : ""}${of(names)}=${of(values)}`);
      const address = parts.join("&");
      const isFine = await live.open(address);
      if (!isFine || live.wrongWords().length > live.text("#notice").length) bad.push(address);
      else if (app.sessions.every(({ id }) => id !== null) && live.address().length > 0) bad.push(address);
    }
    return bad;
  },

  /** Whether the page says why there is no network. */
  isRefused() {
    return app.session.problem !== null || app.session.missing !== null;
  },

  /** The pictures without a text alternative, and the controls without a name. */
  nameless() {
    const pictures = [...document.querySelectorAll("canvas")].filter((canvas) => (canvas.getAttribute("aria-label") ?? "").length < 4);
    const name = (node) => node.getAttribute("aria-label") || node.labels?.[0]?.textContent || node.textContent;
    const controls = [...document.querySelectorAll("button, input, select, progress")].filter((node) => !name(node)?.trim());
    return [...pictures, ...controls].map((node) => node.outerHTML.slice(0, 200));
  },

  /** Texts in which a number or a name is missing. */
  wrongWords() {
    const texts = [...document.querySelectorAll("body :not(script):not(style)")].filter(({ children }) => children.length === 0).map((node) => node.textContent);
    const labels = [...document.querySelectorAll("[aria-label]")].map((node) => node.getAttribute("aria-label"));
    return [...texts, ...labels].filter((text) => /\b(undefined|null|Infinity|NaN|\[object)\b/.test(text));
  },

  /** The networks of the address after it was written and read again. */
  address() {
    const before = app.sessions.map(({ settings }) => settings);
    writeAddress(before);
    const after = readAddress(location.hash);
    const isSame = JSON.stringify(before) === JSON.stringify(after.networks) && after.wrong.length === 0;
    return isSame ? [] : [before, after, location.hash];
  },

  /** How many pixels the page is wider than the screen. */
  overflow() {
    return document.documentElement.scrollWidth - window.innerWidth;
  },
};
0;
