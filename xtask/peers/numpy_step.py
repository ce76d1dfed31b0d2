"""The training step in NumPy: every result goes into a buffer of its own, all parameters lie in one
vector, and a column of ones makes the biases the last row of the weights."""

import math

import peer

job = peer.Job()
np = peer.require("numpy")
flushes = peer.flush_denormals()
dtype = {"f32": np.float32, "f64": np.float64}[job.dtype]

inputs, targets = (np.array(rows, dtype) for rows in job.data())
tolerance = dtype(targets.std() / 250)
layers = job.layers()


def buffer(rows, columns):
    return np.empty((rows, columns), dtype)


parameters = np.zeros(sum((i + 1) * o for i, o in layers), dtype)
gradients, means, squares = (np.zeros_like(parameters) for _ in range(3))
change, root = (np.empty_like(parameters) for _ in range(2))


def matrices(vector):
    """Each layer's weights and, below them, biases, as a view of a vector of all parameters."""
    ends = np.cumsum([(i + 1) * o for i, o in layers])
    return [part.reshape(i + 1, o) for part, (i, o) in zip(np.split(vector, ends[:-1]), layers)]


weights, weight_gradients = matrices(parameters), matrices(gradients)
for index, matrix in enumerate(weights):
    matrix[:-1] = job.weights(index)

# What each layer reads, with its ones; what it writes; and the gradients of both.
reads = [np.ones((job.batch, i + 1), dtype) for i, _ in layers]
reads[0][:, :-1] = inputs
writes = [buffer(job.batch, o) for _, o in layers]
write_gradients = [buffer(job.batch, o) for _, o in layers]
predictions, error = writes[-1], write_gradients[-1]
scratch = np.empty_like(targets)
close = np.empty(targets.shape, bool)
step = 0


def activate(values, out):
    """The activation of the values, which may be overwritten."""
    if job.activation == "relu":
        np.maximum(values, 0, out=out)
    elif job.activation == "leaky-relu":
        np.multiply(values, peer.SLOPE, out=out)
        np.maximum(values, out, out=out)
    elif job.activation == "tanh":
        np.tanh(values, out=out)
    elif job.activation == "sigmoid":
        np.negative(values, out=values)
        np.exp(values, out=values)
        np.add(values, 1, out=values)
        np.reciprocal(values, out=out)
    else:
        np.copyto(out, values)


def derive(values, out):
    """The derivative of the activation, computed from its values."""
    if job.activation == "relu":
        # What ReLU let through has the sign 1, the rest 0.
        np.sign(values, out=out)
    elif job.activation == "leaky-relu":
        np.copyto(out, peer.SLOPE)
        np.copyto(out, 1, where=values > 0)
    elif job.activation == "tanh":
        np.multiply(values, values, out=out)
        np.subtract(1, out, out=out)
    elif job.activation == "sigmoid":
        np.subtract(1, values, out=out)
        np.multiply(out, values, out=out)
    else:
        np.copyto(out, 1)


def one_step():
    global step
    for layer, matrix in enumerate(weights):
        np.matmul(reads[layer], matrix, out=writes[layer])
        if layer + 1 < len(weights):
            activate(writes[layer], out=reads[layer + 1][:, :-1])

    np.subtract(predictions, targets, out=error)
    flat = error.reshape(-1)
    loss = np.dot(flat, flat) / error.size
    accuracy = None
    if job.has_accuracy:
        np.abs(error, out=scratch)
        np.less(scratch, tolerance, out=close)
        accuracy = np.count_nonzero(close) / close.size

    np.multiply(error, 2 / error.size, out=error)
    for layer in reversed(range(len(weights))):
        gradient = write_gradients[layer]
        np.matmul(reads[layer].T, gradient, out=weight_gradients[layer])
        if layer > 0:
            np.matmul(gradient, weights[layer][:-1].T, out=write_gradients[layer - 1])
            derive(reads[layer][:, :-1], out=writes[layer - 1])
            np.multiply(write_gradients[layer - 1], writes[layer - 1],
                        out=write_gradients[layer - 1])

    rate = job.rate(step)
    step += 1
    beta_1, beta_2 = peer.BETAS
    np.multiply(means, beta_1, out=means)
    np.multiply(gradients, 1 - beta_1, out=change)
    np.add(means, change, out=means)
    np.multiply(squares, beta_2, out=squares)
    np.multiply(gradients, gradients, out=change)
    np.multiply(change, 1 - beta_2, out=change)
    np.add(squares, change, out=squares)
    # The corrections of both moments as factors: of the rate, and of epsilon.
    correction = math.sqrt(1 - beta_2**step)
    np.sqrt(squares, out=root)
    np.add(root, peer.EPSILON * correction, out=root)
    np.divide(means, root, out=change)
    np.multiply(change, rate * correction / (1 - beta_1**step), out=change)
    np.subtract(parameters, change, out=parameters)
    return loss, accuracy


def train(steps):
    for _ in range(steps):
        loss, _accuracy = one_step()
    return float(loss)


peer.serve("numpy", np.__version__,
           "buffers reused, biases in the products" + ", denormals flushed" * flushes, train,
           check=peer.first_steps(train))
