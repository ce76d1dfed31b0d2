// Joins the parts: the networks, their settings, the address, and what is drawn when.

/** Whether the reader has asked for little motion. */
function isCalm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

class App {
  constructor() {
    this.sessions = [];
    this.selected = 0;
    this.frames = new Frames(() => this.drawn());
    this.frames.isBusy = () => this.isBusy;
    this.source = "sine";
    /** What chooses one of two networks, in several parts of the page. */
    this.choosers = [];
    /** Whether the reader has chosen the fast arithmetic. */
    this.isFastChosen = false;
    /** The size of this page in kB, before anything is added to it. */
    this.size = Math.round(document.documentElement.outerHTML.length / 1000);
  }

  get session() {
    return this.sessions[this.selected];
  }

  get isPlaying() {
    return this.sessions.some(({ isPlaying }) => isPlaying);
  }

  get isBusy() {
    return this.isPlaying || this.map?.isRunning === true;
  }

  /** The worker that reads formulas and tables: it exists even if no network can be made. */
  helper() {
    return this.sessions[0].runner;
  }

  /** Builds the page, once the module answers. */
  async start() {
    document.getElementById("theme-place").append(themeButton());
    themeListeners.push(() => this.repaint());
    const first = new Session("A", (session, what) => this.changed(session, what));
    this.sessions = [first];
    known = await first.runner.ask({ request: "describe" });
    this.stage = new Stage();
    this.dock = new Dock();
    this.dockView = { node: this.dock.node, draw: () => this.dock.draw() };
    this.frames.add(this.dockView, 100);
    this.frames.add({ node: document.getElementById("story"), draw: () => this.stage.tell() }, 200);
    this.log = this.part(new LogPart(), 150);
    this.inside = new InsidePart();
    this.part(this.inside, 150);
    this.stepPart = this.part(new StepPart(), 100);
    this.map = new MapPart();
    this.take = new TakePart();
    this.knobs = new Knobs((part) => this.turn(part));
    this.buildSources();
    document.getElementById("tries").append(triesList((address) => this.tryOut(address)));
    document.addEventListener("click", (event) => this.follow(event));
    await this.openAddress(location.hash);
    addEventListener("hashchange", () => this.addressChanged());
    document.documentElement.dataset.ready = "true";
  }

  /** The address has changed, by Back or by the reader. The next choice is an entry, so that this one stays. */
  async addressChanged() {
    enteredAt = -Infinity;
    if (this.goTo(location.hash)) return;
    await this.openAddress(location.hash);
    this.say(this.sessions.map((session) => settingWords(session.settings)).join("; "));
  }

  /** Goes to a section of the page; returns whether the address is one. */
  goTo(address) {
    const target = /^#\w+$/.test(address) ? document.getElementById(address.slice(1)) : null;
    if (target === null) return false;
    target.scrollIntoView({ behavior: isCalm() ? "auto" : "smooth" });
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    return true;
  }

  /** Follows a link inside the page without a change of its address, which holds the settings. */
  follow(event) {
    const link = event.target.closest?.('a[href^="#"]');
    if (link === null || link === undefined) return;
    event.preventDefault();
    this.goTo(link.getAttribute("href"));
  }

  part(view, every) {
    return this.frames.add(view, every);
  }

  buildSources() {
    const set = (data, isEntry = false) => this.set(withData(this.session.settings, data), { isEntry });
    this.panels = {
      sine: new RunChooser((run) => this.chooseRun(run)),
      formula: new FormulaPanel(set),
      points: new DrawingPad((points) => this.drawPoints(points)),
      table: new TablePanel(set),
      spiral: new SpiralPanel(set),
    };
    this.sources = new Pills("What the network learns", SOURCES, "sine", (kind) => this.choose(kind), "tabs");
    document.getElementById("sources").replaceWith(this.sources.node);
    document.getElementById("source").append(...Object.values(this.panels).map(({ node }) => node));
  }

  /** Opens the networks of an address. What it does not understand is said. */
  async openAddress(address) {
    const isSection = this.goTo(address);
    const { networks, bases, wrong } = readAddress(isSection ? "" : address);
    if (networks.length > 1 && this.sessions.length < 2) this.addSession();
    if (networks.length < 2 && this.sessions.length > 1) this.removeSession();
    this.selected = Math.min(this.selected, this.sessions.length - 1);
    const opened = this.sessions.map((session, index) => this.openOne(session, networks[index], bases[index], index === 0 ? "" : "b."));
    const refused = (await Promise.all(opened)).filter((words) => words !== null);
    if (refused.length === 0) return;
    this.notice([...wrong, ...refused.flat()]);
    this.show();
  }

  /** Makes a network. A value of `base` replaces what is refused. Returns what was replaced; null if others were chosen. */
  async openOne(session, settings, base, mark) {
    const words = [];
    let next = { settings };
    while (next !== null) {
      const making = session.make(next.settings);
      const { token } = session;
      await making;
      if (session.token !== token) return null;
      next = session.problem === null ? null : withDefault(session.settings, base, session.problem, mark);
      if (next !== null) words.push(next.words);
    }
    return words;
  }

  /** The sentence about a wrong address, above the page. */
  notice(wrong) {
    const node = document.getElementById("notice");
    node.hidden = wrong.length === 0;
    node.textContent = wrong.length === 0 ? "" : wrongAddress(wrong);
  }

  // What the reader does.

  /** Opens the networks of an address and trains them. */
  async tryOut(address) {
    await this.openAddress(`#${address}`);
    this.write(true);
    document.getElementById("watch").scrollIntoView({ behavior: isCalm() ? "auto" : "smooth" });
    this.toggle();
  }

  /**
   * Other settings for the selected network. With `isEntry`, the browser’s Back returns to the settings before.
   * Another kind of data is an entry too.
   */
  set(settings, { play = this.session.isPlaying, isEntry = false } = {}) {
    const isOther = settings.data.kind !== this.session.settings.data.kind;
    this.knobs.complain(null);
    this.notice([]);
    this.session.notice = null;
    const made = this.session.make(settings, { play });
    this.show();
    this.write(isEntry || isOther);
    return made;
  }

  /** Writes the settings of all networks into the address. */
  write(isEntry) {
    writeAddress(this.sessions.map((session) => session.settings), isEntry);
  }

  /** A knob was turned. */
  turn(part) {
    if (part.arithmetic !== undefined) this.isFastChosen = part.arithmetic === "f32";
    this.set({ ...this.session.settings, ...part });
  }

  /** A run in the book’s digits, unless the reader has chosen Fast. An experiment that is fast does not count. */
  chooseRun(run) {
    const settings = runSettings(run, this.isFastChosen ? "f32" : "numpy");
    this.say(`Run ${run}. ${RUN_STORIES[run] ?? ""}`);
    this.set(settings, { isEntry: true });
  }

  arithmetic(arithmetic) {
    this.turn({ arithmetic });
  }

  /** Changes what the network learns. */
  choose(kind) {
    this.panels.table.complaint = "";
    this.open(kind);
    const { settings } = this.session;
    if (settings.data.kind === kind) return;
    if (kind === "sine") this.set(runSettings(9, "numpy"));
    else if (kind === "formula") this.set(withData(settings, FORMULA));
    else if (kind === "spiral") this.set(withData(settings, SPIRAL));
    else if (kind === "points") this.drawPoints(this.panels.points.points);
    else if (ownTable !== null) this.panels.table.chosen();
    else this.set(withData(settings, NO_TABLE));
  }

  /** Shows a panel without a change of the network. */
  open(kind) {
    this.source = kind;
    this.sources.value = kind;
    for (const [name, { node }] of Object.entries(this.panels)) node.hidden = name !== kind;
    if (kind === "points") this.panels.points.picture.draw();
  }

  /** Points that were drawn. The network learns them when the reader presses Train. */
  drawPoints(points) {
    this.set(withData(this.session.settings, { ...NO_POINTS, points }));
  }

  /** Why the network cannot be trained at the moment, in a sentence; null if it can. */
  reason() {
    const field = wrongField();
    if (field !== null) return field === "file" ? "Choose another file first." : `Correct the ${field} first.`;
    return this.session.missing;
  }

  toggle() {
    if (this.isPlaying) {
      for (const session of this.sessions) session.pause();
      this.say(`Paused at epoch ${this.session.epoch}.`);
      return;
    }
    const areDone = this.sessions.every(({ isDone }) => isDone);
    for (const session of this.sessions) {
      if (areDone) session.make(session.settings, { play: true });
      else session.play();
    }
    this.say("Training.");
    this.frames.ask();
  }

  /** One step of every network. */
  step() {
    for (const session of this.sessions) session.step();
  }

  reset() {
    for (const session of this.sessions) session.make(session.settings);
    this.say("Reset to epoch 0.");
    this.show();
  }

  setPace(pace) {
    for (const session of this.sessions) session.setPace(pace);
  }

  /** Opens a second network with the settings of the first, or closes it. */
  compare() {
    if (this.sessions.length > 1) {
      this.removeSession();
    } else {
      this.addSession();
      this.sessions[1].make(this.sessions[0].settings);
      if (this.sessions[0].epoch > 0) this.sessions[0].make(this.sessions[0].settings);
      this.selected = 1;
    }
    this.notice([]);
    this.write(true);
    this.show();
    this.say(this.sessions.length > 1 ? "Network B is a copy of A. The knobs now belong to B." : "Network B is closed.");
  }

  addSession() {
    const session = new Session("B", (changed, what) => this.changed(changed, what));
    session.setPace(this.sessions[0].pace);
    this.sessions.push(session);
  }

  removeSession() {
    this.sessions.pop().end();
    this.selected = 0;
  }

  select(index) {
    if (index !== this.selected) this.take.forget();
    this.selected = index;
    this.show();
    this.watch();
    this.look();
  }

  // What changes on the page.

  changed(session, what) {
    if (!this.sessions.includes(session) || this.stage === undefined) return;
    if (["made", "problem", "notice"].includes(what)) this.show();
    if (what === "made" && session === this.session) this.take.forget();
    if (what === "problem" && session === this.session) this.complain(session.problem);
    if (what === "snapshot" && session === this.session) this.sayMilestone(session);
    if (what === "done" || what === "verdict") this.judge(session, what);
    this.frames.ask();
  }

  /** Every 2000 epochs, for a screen reader. */
  sayMilestone({ epoch, last }) {
    const passed = Math.floor(epoch / 2000);
    if (passed > 0 && passed !== this.passed && this.isPlaying) this.say(`Epoch ${epoch}: loss ${short(last.loss)}, accuracy ${percent(last.accuracy)}.`);
    this.passed = passed;
  }

  complain(complaint) {
    this.knobs.complain(complaint);
    this.panels[this.session.settings.data.kind].complain?.(complaint);
  }

  judge(session, what) {
    if (what === "verdict") {
      const run = runOf(session.settings);
      if (run !== null && session.verdict !== null && session.settings.seed === 0) this.panels.sine.judge(run, session.verdict);
      if (session.verdict === null) this.say(`Network ${session.name} is done.`);
      else this.say(`Network ${session.name} is done. ${session.verdict.kind}: ${session.verdict.text}`);
    } else if (session.isClassifier) {
      this.say(`Network ${session.name} is done, with an accuracy of ${percent(session.last.accuracy)}.`);
    }
    this.stage.tell();
  }

  /** Everything that depends on the settings. */
  show() {
    const { settings } = this.session;
    this.stage.show();
    this.knobs.show(settings);
    this.panels.sine.show(settings);
    const { kind } = settings.data;
    if (kind !== this.source) this.open(kind);
    else this.sources.value = kind;
    if (kind !== "sine" && kind !== "points") this.panels[kind].show(settings.data);
    if (kind === "points" && !this.panels.points.isDrawing) this.panels.points.follow(settings.data.points);
    for (const [name, { node }] of Object.entries(this.panels)) node.hidden = name !== this.source;
    if (this.session.problem !== null) this.complain(this.session.problem);
    this.inside.show();
    this.take.show();
    for (const chooser of this.choosers) chooser.show();
    this.watch();
    this.frames.ask();
  }

  /** Says which pictures each worker must send: those that can be seen. */
  watch() {
    this.sessions.forEach((session, index) => {
      const isShown = index === this.selected && this.inside.isWatched;
      const layer = isShown ? this.inside.layer : undefined;
      const wanted = { hinges: showsHinges, units: layer, weights: layer };
      const text = JSON.stringify([wanted, session.id]);
      if (text === session.toldWanted) return;
      session.toldWanted = text;
      session.watch(wanted);
      if (isShown && !session.isPlaying) session.look();
    });
  }

  look() {
    for (const session of this.sessions) if (!session.isPlaying) session.look();
  }

  /** After every frame. */
  drawn() {
    if (this.stage === undefined) return;
    if (this.firstPicture === undefined && this.session?.picture) this.sayFirst();
    this.watch();
    for (const session of this.sessions) session.drawn();
    if (this.isBusy) this.dockView.isStale = true;
  }

  /** How long it took until the first picture. */
  sayFirst() {
    this.firstPicture = Math.round(performance.now());
    document.getElementById("made").textContent = `First picture after ${count(this.firstPicture)} milliseconds. This page is one file of ${count(this.size)} kB.`;
  }

  repaint() {
    ink = null;
    this.frames.ask();
    this.panels?.points.picture.draw();
  }

  /** A sentence for a screen reader. */
  say(text) {
    document.getElementById("said").textContent = text;
  }
}

const app = new App();
app.start().catch((error) => {
  document.getElementById("problem").append(element("p", { class: "warning" }, error.message));
  if (!(error instanceof Complaint)) throw error;
});
