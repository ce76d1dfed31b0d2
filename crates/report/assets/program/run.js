// One run: its result, its settings, its predictions and its curves.

const VERDICTS = {
  done: ["•", "done"],
  stopped_early: ["•", "stopped early"],
  learned: ["✓", "learned"],
  unsteady: ["≈", "unsteady"],
  learning: ["↘", "still learning"],
  stuck: ["✗", "stuck"],
  diverged: ["!", "diverged"],
  interrupted: ["‖", "interrupted"],
};

/** The verdict as a mark and a word: colour alone is not enough. */
function badge({ kind }) {
  const [mark, word] = VERDICTS[kind];
  return element("span", { class: `badge ${kind}` }, element("span", { "aria-hidden": "true" }, `${mark} `), word);
}

/** Shows a run in an element; returns a function that removes it again. The lesson, if there is one, says what its verdict means. */
function showRun(place, run, lesson) {
  const pictures = runPictures(run);
  const curves = runCurves(run);
  const inspection = runInspection(run);
  const player = pictures.length > 0 && run.frames.length > 1 ? new Player(run, (frame) => {
    pictures.forEach((picture) => picture.show(frame));
    curves.forEach((curve) => curve.show(frame.at));
  }) : null;

  const heading = element("h3", { id: "run-name", tabindex: -1 }, `${isolated(run.name)} `, badge(run.verdict));
  const grid = (nodes, name) => (nodes.length > 0 ? [element("div", { class: `figures ${name}` }, nodes)] : []);
  const nodes = (list) => list.map((figure) => figure.node);
  const meaning = (lesson?.verdicts ?? []).find(({ kind }) => kind === run.verdict.kind);
  const defined = meaning ? `${VERDICTS[run.verdict.kind][1]}: ${meaning.text}` : null;
  const notes = [defined, ...run.notes, epochsNote(run)].filter((text) => text !== null);
  place.replaceChildren(
    heading,
    element("p", {}, run.verdict.text),
    ...notes.map((text) => element("p", { class: "note" }, text)),
    factList(run.facts),
    ...(run.metrics ? [textTable(run.metrics)] : []),
    ...(player ? [player.node] : []),
    ...grid([...nodes(pictures), ...run.confusions.map(confusionFigure)], "pictures"),
    ...grid(nodes(inspection), "inspection"),
    ...grid(nodes(curves), "curves"),
    ...run.tables.map(textTable),
    ...(run.epochs.some(({ is_listed }) => is_listed) ? [lazyDetails("Epochs with all digits", () => listedEpochs(run))] : []),
  );
  [...pictures, ...inspection, ...curves].forEach((figure) => figure.start());
  if (player) player.update();
  return () => {
    if (player) player.pause();
    [...pictures, ...inspection, ...curves].forEach((figure) => figure.end());
  };
}

function textTable({ title, columns, rows }) {
  return numberTable(title, columns, rows, "stacked");
}

/** The listed epochs, with the numbers of metrics.csv or history.csv. */
function listedEpochs(run) {
  const label = run.metric ? run.metric.label : "";
  const all = [
    ["epoch", ({ at }) => at],
    [`training ${label}`, ({ metric }) => metric],
    ["training data loss", (epoch) => epoch.data_loss],
    ["penalty", ({ penalty }) => penalty],
    ["training loss", totalLoss],
    ["learning rate", (epoch) => epoch.learning_rate],
    [`${validationName(run)} ${label}`, (epoch) => epoch.validation_metric],
    [`${validationName(run)} loss`, (epoch) => epoch.validation_loss],
  ];
  const listed = run.epochs.filter((epoch) => epoch.is_listed);
  const columns = all.filter(([, value]) => listed.some((epoch) => value(epoch) !== null));
  const rows = listed.map((epoch) => columns.map(([, value]) => exact(value(epoch))));
  return numberTable(`${isolated(run.name)}, epochs`, columns.map(([name]) => name), rows);
}

/** The confusion matrix of a classifier. */
function confusionFigure({ title, classes, counts }) {
  const isLarge = classes.length > 8;
  const corner = element("th", { scope: "col" }, "true class ↓", element("small", {}, "predicted class →"));
  const head = [corner, ...classes.map((name) => element("th", { scope: "col" }, isolated(name)))];
  const row = (name, index) => {
    const taken = classes.map((_, column) => counts[index]?.[column] ?? 0);
    const sum = taken.reduce((left, right) => left + right, 0);
    const cell = (number, column) => {
      const part = sum === 0 ? 0 : number / sum;
      const kind = column === index ? "right" : "wrong";
      // With many classes most cells are 0, and are left empty.
      const content = number === 0 ? [element("span", { class: "hidden" }, "0")] : [`${number} `, element("small", {}, isLarge ? `${Math.round(100 * part)} %` : percent(part))];
      return element("td", { class: kind, style: `--share: ${(100 * part).toFixed(1)}%` }, content);
    };
    return element("tr", {}, element("th", { scope: "row" }, isolated(name)), taken.map(cell));
  };
  const name = `Confusion matrix, ${title}`;
  const table = element(
    "table",
    { class: isLarge ? "confusion many" : "confusion" },
    element("caption", { class: "hidden" }, name),
    element("thead", {}, element("tr", {}, head)),
    element("tbody", {}, classes.map(row)),
  );
  const heading = element("figcaption", {}, element("h4", {}, "Confusion matrix"), element("p", {}, `Of the ${title}. The percentages are shares of each true class.`));
  return element("figure", {}, heading, scrollable(name, table));
}

