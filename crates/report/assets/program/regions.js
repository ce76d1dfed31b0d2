// The decision regions of a classifier in the plane.

/** The most likely class at each point of the plane. */
class RegionPicture extends FramePicture {
  constructor(run) {
    super(run, {
      title: "Decision regions",
      note: "The colour shows the most likely class; it is stronger where the probability is higher. The marks are samples of the data.",
      square: true,
    });
  }

  all(theme, chart) {
    const { edge, points: samples, classes } = this.run.picture;
    const symbols = ["circle", "triangle", "rect"];
    const labels = { color: theme.muted, showMinLabel: false, showMaxLabel: false };
    const plane = (name) => axis(name, theme, { nameGap: 28, min: -edge, max: edge, splitLine: { show: false }, axisLine: { onZero: false }, axisLabel: labels });
    const series = [...Array(classes).keys()].map((number) => ({
      type: "scatter",
      name: `class ${number}`,
      symbol: symbols[number % symbols.length],
      symbolSize: 6,
      data: samples.filter((sample) => sample.class === number).map(({ x, y }) => [x, y]),
      itemStyle: { color: palette(theme)[number % palette(theme).length], borderColor: theme.surface, borderWidth: 0.5 },
    }));
    return {
      tooltip: { show: false },
      grid: REGION_GRID,
      xAxis: plane("x"),
      yAxis: plane("y"),
      series,
      graphic: this.image(theme, chart),
    };
  }

  moving() {
    return { graphic: this.image(colors(), this.chart) };
  }

  image(theme, chart) {
    const { left, top, right, bottom } = REGION_GRID;
    const size = { x: left, y: top, width: chart.getWidth() - left - right, height: chart.getHeight() - top - bottom };
    return [{ type: "image", id: "regions", z: -1, silent: true, style: { ...size, image: paintRegions(this.run.picture, this.frame, palette(theme)) } }];
  }

  words() {
    const { cells, classes } = this.run.picture;
    const winners = [...Array(cells * cells).keys()].map((cell) => likeliest(this.run.picture, this.frame, cell));
    const shares = [...Array(classes).keys()].map((number) => `class ${number} ${percent(share(winners, (winner) => winner === number))}`);
    return `Decision regions ${when(this.frame)}. Shares of the plane: ${shares.join(", ")}.`;
  }
}

// With equal margins in both directions, the plane is a square.
const REGION_GRID = { left: 52, right: 26, top: 34, bottom: 44, outerBoundsMode: "none" };

/** The percentage of each class, from the outputs of a cell. */
function percentages({ classes }, outputs) {
  return outputs.length < classes ? [100 - outputs[0], outputs[0]] : outputs;
}

/** The most likely class of a cell, or null if outputs are missing. */
function likeliest(picture, { predictions }, cell) {
  const width = predictions.length / picture.cells ** 2;
  const outputs = predictions.slice(cell * width, (cell + 1) * width);
  if (outputs.includes(null)) return null;
  const shares = percentages(picture, outputs);
  return shares.indexOf(extremes(shares)[1]);
}

/** Paints the regions, interpolated between the cells of the grid. */
function paintRegions(picture, { predictions }, shades) {
  const { cells, classes } = picture;
  const width = predictions.length / cells ** 2;
  const pixels = 240;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = pixels;
  const context = canvas.getContext("2d");
  const image = context.createImageData(pixels, pixels);
  const parts = shades.map((shade) => shade.match(/[\d.]+/g).map(Number));
  const place = (pixel) => {
    const cell = Math.min(cells - 1, Math.max(0, ((pixel + 0.5) / pixels) * cells - 0.5));
    const low = Math.max(0, Math.min(cells - 2, Math.floor(cell)));
    return [low, cell - low];
  };
  for (let y = 0; y < pixels; y += 1) {
    const [row, up] = place(pixels - 1 - y);
    for (let x = 0; x < pixels; x += 1) {
      const [column, across] = place(x);
      const outputs = [];
      for (let output = 0; output < width; output += 1) {
        // Nothing is painted next to a missing number.
        const at = (r, c) => predictions[(Math.min(row + r, cells - 1) * cells + Math.min(column + c, cells - 1)) * width + output] ?? NaN;
        const low = at(0, 0) * (1 - across) + at(0, 1) * across;
        const high = at(1, 0) * (1 - across) + at(1, 1) * across;
        outputs.push(low * (1 - up) + high * up);
      }
      if (outputs.some(Number.isNaN)) continue;
      const shares = percentages(picture, outputs);
      const best = extremes(shares)[1];
      const [red, green, blue] = parts[shares.indexOf(best) % parts.length];
      const sure = classes < 2 ? 1 : (best / 100 - 1 / classes) / (1 - 1 / classes);
      image.data.set([red, green, blue, 255 * (0.12 + 0.4 * sure)], 4 * (y * pixels + x));
    }
  }
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}
