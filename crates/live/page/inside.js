// Look inside: the units, weights and gradients of one layer, and a table of all layers.

class InsidePart {
  constructor() {
    this.node = document.getElementById("inside");
    this.layer = 0;
    this.units = app.frames.add(new UnitsPicture(), 100);
    this.weights = app.frames.add(new WeightsPicture(), 100);
    this.chooser = element("div", {});
    this.table = element("div", {});
    this.hinges = new Tick("Mark the corners of the ReLUs on the large picture (one shape for each layer)", (isShown) => this.showHinges(isShown));
    this.node.append(
      element("h2", { id: "inside-title" }, "Look inside"),
      element("p", {}, "A ReLU is 0 up to a point, and then a straight line. The network adds many of them, so its curve has a corner wherever one starts. A unit that is 0 for every row is dead: its gradient is 0, so it never learns again. Layers and units are counted from 0."),
      new NetworkChooser("Look inside of").node,
      this.hinges.node,
      this.chooser,
      element(
        "div",
        { class: "figures two" },
        element("figure", {}, element("figcaption", {}, element("h3", {}, "Output of each unit"), element("p", {}, "Over the inputs of the picture above. A dead unit has a cross.")), this.units.node, this.units.said),
        element(
          "div",
          {},
          element("figure", {}, element("figcaption", {}, element("h3", {}, "Weights and gradients"), this.weights.chooser.node), this.weights.node, this.weights.said, this.weights.legend),
          this.table,
        ),
      ),
    );
  }

  showHinges(isShown) {
    showsHinges = isShown;
    app.watch();
    app.look();
  }

  /** Whether the worker must send the units and weights. */
  get isWatched() {
    return this.units.isSeen === true || this.weights.isSeen === true;
  }

  /** A choice of the layers, when they have changed. */
  show() {
    const layers = app.session.made?.layers ?? [];
    const names = layers.map(({ kind, units }, index) => [index, `${index}: ${kind} ${units}`]).filter((_, index) => layers[index].kind !== "dropout");
    if (!names.some(([index]) => index === this.layer)) this.layer = names[0]?.[0] ?? 0;
    const text = JSON.stringify(names);
    if (text !== this.shown) {
      this.shown = text;
      this.pills = new Pills("Layer", names, this.layer, (value) => this.choose(value));
      this.chooser.replaceChildren(this.pills.node);
    }
    this.pills.value = this.layer;
  }

  choose(layer) {
    this.layer = layer;
    app.watch();
    app.look();
  }

  draw() {
    const { made, last } = app.session;
    const layers = made?.layers ?? [];
    const rows = layers.map(({ text }, index) => {
      const now = last?.layers[index];
      const norm = now?.gradient_norm ?? null;
      const dead = now?.dead ?? null;
      return [String(index), text, short(norm), dead === null ? "–" : percent(dead), short(now?.spread ?? null)];
    });
    const told = JSON.stringify(rows);
    if (told === this.told) return;
    this.told = told;
    this.table.replaceChildren(numberTable("The layers at this moment", ["layer", "what it is", "gradient norm", "dead units", "spread of the outputs"], rows, "stacked"));
  }
}
