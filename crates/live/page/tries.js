// Experiments to try: links whose addresses are the settings.

const TRIES = [
  ["num=f32&run=2&b.run=6&b.num=f32", "Run 2 beside run 6", "Only the first weights differ. One learns, the other gets stuck."],
  ["run=5&num=numpy&b.run=5&b.num=f32", "Run 5 on the edge", "Only the rounding differs. With the book’s digits it learns, with Fast it gets stuck."],
  ["num=f32&run=2&init=he-normal", "He weights", "Their size follows from the width of the layers. They often work at once."],
  ["num=f32&run=9&init=zeros", "Weights of zero", "Every ReLU is 0 for every row, and so is its gradient. Nothing moves but the last bias."],
  ["num=f32&run=9&lr=0.5", "A learning rate of 0.5", "The steps are so large that every unit dies."],
  ["num=f32&run=9&act=tanh", "tanh instead of ReLU", "The curve has no corners, and no unit dies."],
  ["num=f32&n=60&noise=0.3&out=0.05&loss=mse&b.num=f32&b.n=60&b.noise=0.3&b.out=0.05&b.loss=mae", "Outliers", "The squared error of A bends to them. The absolute error of B ignores them."],
  ["data=spiral&classes=3&n=100&hidden=64&init=he-normal&lr=0.02&decay=0.0005", "The spiral", "The regions of three classes, while they form."],
];

/** The list of experiments; `open` is called with an address. */
function triesList(open) {
  const item = ([address, title, sentence]) => element(
    "li",
    {},
    element("a", {
      href: `#${address}`,
      onclick: (event) => {
        event.preventDefault();
        event.stopPropagation();
        open(address);
      },
    }, title),
    element("span", { class: "note" }, ` ${sentence}`),
  );
  return element("section", { class: "tries", "aria-labelledby": "tries-title" }, element("h2", { id: "tries-title" }, "Things to try"), element("ul", {}, TRIES.map(item)));
}
