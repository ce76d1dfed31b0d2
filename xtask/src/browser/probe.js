// Functions of the checks that run in a report's page. They use only what a reader sees: elements, attributes
// and shapes.

window.probe = {
  /** The problems of charts in which a series is not drawn. */
  undrawn() {
    const colour = (text) => String(text).match(/[\d.]+/g)?.slice(0, 3).join(",");
    const problems = [];
    for (const canvas of document.querySelectorAll(".chart")) {
      const name = canvas.getAttribute("aria-label") || canvas.closest("a")?.textContent || "a chart";
      const svg = canvas.querySelector("svg");
      if (!svg || svg.getBoundingClientRect().width < 20) {
        problems.push(`${name}: no picture`);
        continue;
      }
      const shapes = [...svg.querySelectorAll("path")].filter((path) => path.getBBox().width + path.getBBox().height > 0);
      const found = new Set(shapes.flatMap((path) => [colour(path.getAttribute("stroke")), colour(path.getAttribute("fill"))]));
      const { series, graphic } = echarts.getInstanceByDom(canvas).getOption();
      if (series.length === 0) problems.push(`${name}: nothing to draw`);
      for (const { name: label, type, data, itemStyle, lineStyle } of series) {
        const wanted = colour((type === "line" && lineStyle?.color) || itemStyle?.color);
        if (data.some((item) => !Array.isArray(item) || !item.includes(null)) && wanted && !found.has(wanted)) problems.push(`${name}: ${label} is not drawn`);
      }
      if (graphic?.[0]?.elements?.length && !svg.querySelector("image")) problems.push(`${name}: no image`);
    }
    return problems;
  },

  /** The charts without a text alternative. */
  unlabelled() {
    const charts = [...document.querySelectorAll(".chart:not([aria-hidden])")];
    return charts.filter((chart) => (chart.getAttribute("aria-label") || "").length < 20 || chart.getAttribute("role") !== "img").length;
  },

  /** All shapes in the pictures of the predictions. */
  prediction() {
    const shapes = document.querySelectorAll("#run .pictures svg path, #run .pictures svg image");
    return [...shapes].map((shape) => shape.getAttribute("d") || shape.getAttribute("href") || shape.getAttribute("xlink:href")).join("|");
  },

  /** All curves of the losses of all runs. */
  curves() {
    return [...document.querySelectorAll("#losses svg path")].map((shape) => shape.getAttribute("d")).join("|");
  },

  /** Texts in which a number or a name is missing. */
  wrong_words() {
    const labels = [...document.querySelectorAll("[aria-label]")].map((element) => element.getAttribute("aria-label"));
    const texts = [...document.querySelectorAll("main :not(script):not(style)")].filter(({ children }) => children.length === 0);
    const words = [...labels, ...texts.map((element) => element.textContent)];
    return words.filter((text) => /\b(undefined|null|Infinity|NaN(?! or too large))\b/.test(text));
  },

  frame() {
    return Number(document.getElementById("frame").value);
  },

  runs() {
    return [...document.querySelectorAll("#runs .picker label")].map((label) => label.textContent);
  },

  choose(index) {
    document.querySelectorAll("#runs .picker input")[index]?.click();
    return document.getElementById("run-name").textContent;
  },

  /** The table of the metrics, if there is one. */
  metrics() {
    const table = [...document.querySelectorAll("#run table")].find((found) => found.caption.textContent === "Metrics");
    return table ? [...table.rows].map((row) => [...row.cells].map((cell) => cell.textContent)) : [];
  },

  /** The table of epochs, which is built when it is opened. */
  async logged() {
    const details = [...document.querySelectorAll("#run > details")].pop();
    details.open = true;
    await new Promise((done) => setTimeout(done, 50));
    const cells = (row) => [...row.children].map((cell) => cell.textContent);
    return [...details.querySelectorAll("tr")].map(cells);
  },

  /** What the pictures say about missing predictions, both on the screen and to a screen reader. */
  missing() {
    const figures = [...document.querySelectorAll("#run .pictures figure")];
    return figures.map((figure) => {
      const seen = figure.querySelector(".missing").textContent;
      return figure.querySelector(".chart").getAttribute("aria-label").endsWith(seen) ? seen : "";
    });
  },

  /** The widths of the page and of the widest chart, or null while a drawing does not fill its chart. */
  widths() {
    const charts = [...document.querySelectorAll(".chart")];
    const late = charts.some((chart) => Math.abs(chart.clientWidth - chart.querySelector("svg").clientWidth) > 1);
    return late ? null : [document.documentElement.scrollWidth, Math.max(...charts.map((chart) => chart.clientWidth))];
  },

  /** How much wider the page is than the screen. */
  overflow() {
    return document.documentElement.scrollWidth - document.documentElement.clientWidth;
  },

  /** Opens every table of the run, and shows every frame; gives back how many frames there are. */
  async use() {
    for (const details of document.querySelectorAll("#run details")) details.open = true;
    await new Promise((done) => setTimeout(done, 50));
    const slider = document.getElementById("frame");
    const last = slider ? Number(slider.max) : 0;
    for (let frame = 0; slider && frame <= last; frame += 1) {
      slider.value = String(frame);
      slider.dispatchEvent(new Event("input"));
    }
    for (const details of document.querySelectorAll("#run details")) details.open = false;
    return last + 1;
  },

  /** The middle of an element on the screen. */
  middle(selector) {
    const element = document.querySelector(selector);
    element.scrollIntoView({ block: "center" });
    const { left, top, width, height } = element.getBoundingClientRect();
    return [left + width / 2, top + height / 2];
  },
};
