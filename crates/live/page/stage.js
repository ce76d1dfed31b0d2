// The stage: the large picture of each network, the story, and the small curves.

class Stage {
  constructor() {
    this.pictures = document.getElementById("pictures");
    this.story = element("div", { class: "words" });
    document.getElementById("story").append(this.story);
    this.cards = [];
    this.curves = CURVES.map((curve) => app.frames.add(new CurveChart(curve, () => app.sessions), 60));
    document.getElementById("curves").append(...this.curves.map(({ node }) => node));
    document.getElementById("curves-help").append(element("dl", { class: "notes" }, CURVES.map(({ title, note }) => [element("dt", {}, title), element("dd", {}, note)])));
    for (const view of this.curves) view.picture.resized = () => app.frames.ask(view);
    this.compareButton = element("button", { type: "button", class: "small", id: "compare-button", onclick: () => app.compare() }, "Compare with a second network");
    this.chooser = new NetworkChooser("The knobs belong to");
    document.getElementById("compare").append(this.chooser.node, this.compareButton);
  }

  /** The cards of the networks: one, or two side by side. */
  show() {
    while (this.cards.length > app.sessions.length) {
      const card = this.cards.pop();
      app.frames.remove(card.view);
      card.node.remove();
    }
    app.sessions.forEach((session, index) => this.showCard(session, index));
    this.pictures.classList.toggle("two", app.sessions.length > 1);
    this.compareButton.textContent = app.sessions.length > 1 ? "Close network B" : "Compare with a second network";
    this.tell();
    app.frames.ask();
  }

  showCard(session, index) {
    const kind = session.settings?.data.kind === "spiral" ? "regions" : "fit";
    let card = this.cards[index];
    if (card === undefined || card.kind !== kind || card.session !== session) {
      const made = this.card(session, index, kind);
      if (card === undefined) this.pictures.append(made.node);
      else {
        app.frames.remove(card.view);
        card.node.replaceWith(made.node);
      }
      this.cards[index] = made;
      card = made;
    }
    const run = session.settings === null ? null : runOf(session.settings);
    const two = app.sessions.length > 1;
    const parts = [two ? `Network ${session.name}` : null, run === null ? (kind === "regions" ? "Spiral" : two ? null : "Your network") : `Run ${run}`];
    card.title.textContent = parts.filter(Boolean).join(": ");
    card.facts.textContent = session.made === null ? "" : two ? differenceWords(session.settings, app.sessions[1 - index].settings ?? session.settings) : `${session.made.network}, ${count(session.made.parameters)} parameters, ${counted(session.made.rows, "row")}`;
    const sentence = session.problem?.message ?? "";
    if (card.problem.textContent !== sentence) card.problem.textContent = sentence;
    card.back.hidden = sentence === "" || session.worked === null;
  }

  card(session, index, kind) {
    const view = kind === "regions" ? new RegionChart(session) : new FitChart(session, index);
    view.picture.resized = () => app.frames.ask(view);
    const title = element("h2", {});
    const facts = element("span", { class: "note" });
    const problem = element("p", { class: "problem", role: "alert" });
    const goBack = () => {
      app.select(index);
      app.set(session.worked);
    };
    const back = element("button", { type: "button", class: "small", hidden: true, onclick: goBack }, "Back to the settings before");
    const legend = kind === "regions" ? null : this.legend(index);
    const node = element("figure", { class: "card" }, element("figcaption", {}, element("div", {}, title, facts), legend), element("div", { class: "row" }, problem, back), view.node);
    app.frames.add(view);
    return { session, index, kind, view, node, title, facts, problem, back };
  }

  legend(index) {
    return element(
      "div",
      { class: "legend", "aria-hidden": "true" },
      element("span", { class: "key targets" }, "targets"),
      element("span", { class: `key predictions ${index === 1 ? "of-b" : ""}` }, "predictions"),
    );
  }

  /** The story of a run, the verdict, and what looks wrong. */
  tell() {
    const parts = [];
    app.sessions.forEach((session) => {
      if (session.settings === null) return;
      const name = app.sessions.length > 1 ? `${session.name}: ` : "";
      const run = runOf(session.settings);
      if (run !== null) parts.push(["story", `${name}${RUN_STORIES[run] ?? ""}`]);
      if (run !== null && session.lines.some(({ matches }) => matches !== null)) parts.push(["note", `${name}${lineWords(session)}`]);
      if (run !== null && session.settings.arithmetic === "f32") parts.push(["note", `${name}Fast is on: the lines of this run are not compared with the book.`]);
      if (session.notice) parts.push(["warning", session.notice]);
      for (const note of session.made?.notes ?? []) parts.push(["note", name + note]);
      if (session.verdict !== null) parts.push([`verdict ${session.verdict.kind}`, `${name}${session.verdict.text}`, session.verdict.kind]);
      if (session.last?.diverged && session.verdict === null) parts.push(["warning", name + session.last.diverged]);
      for (const hint of (session.last?.hints ?? []).slice(0, 2)) parts.push(["hint", name + hint]);
    });
    const text = JSON.stringify(parts);
    if (text === this.told) return;
    this.told = text;
    this.story.replaceChildren(...parts.map(([kind, words, badge]) => element("p", { class: kind }, badge ? element("span", { class: `badge ${badge}` }, badge) : null, badge ? " " : null, words)));
  }
}
