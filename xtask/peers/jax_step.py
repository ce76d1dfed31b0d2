"""The training step in JAX: many steps in one compiled scan, its buffers donated. The samples are the
rows of every matrix or, in the other mode, its columns; which is faster depends on the sizes."""

import math

import jax_cpu
import peer

job = peer.Job(modes=["rows", "columns"])
jax = jax_cpu.start(job)
import jax.numpy as jnp

dtype = {"f32": jnp.float32, "f64": jnp.float64}[job.dtype]

inputs, targets = (jnp.array(rows, dtype) for rows in job.data())
tolerance = targets.std() / 250
if job.mode == "columns":
    inputs, targets = inputs.T, targets.T
at_once = job.steps_at_once()
activation = jax_cpu.activation(jax, job)


def dense(data, weights, biases):
    if job.mode == "columns":
        return weights.T @ data + biases[:, None]
    return data @ weights + biases


def loss_and_accuracy(parameters):
    hidden = inputs
    for layer in parameters[:-1]:
        hidden = activation(dense(hidden, *layer))
    error = dense(hidden, *parameters[-1]) - targets
    accuracy = jnp.mean(jnp.abs(error) < tolerance, dtype=dtype) if job.has_accuracy else ()
    return jnp.mean(error**2), accuracy


def one_step(state, _):
    parameters, means, squares, step = state
    reported, gradients = jax.value_and_grad(loss_and_accuracy, has_aux=True)(parameters)
    rate = job.rate(step)
    step += 1
    beta_1, beta_2 = peer.BETAS
    means = jax.tree.map(lambda m, g: beta_1 * m + (1 - beta_1) * g, means, gradients)
    squares = jax.tree.map(lambda v, g: beta_2 * v + (1 - beta_2) * g * g, squares, gradients)
    # 1 - beta**step, without its loss of digits in single precision.
    of_mean, of_square = (-jnp.expm1(step * math.log(beta)) for beta in peer.BETAS)
    parameters = jax.tree.map(
        lambda w, m, v: w - rate * (m / of_mean) / (jnp.sqrt(v / of_square) + peer.EPSILON),
        parameters, means, squares)
    return (parameters, means, squares, step), reported


def many_steps(state):
    return jax.lax.scan(one_step, state, None, length=at_once)


def initial():
    parameters = [(jnp.array(job.weights(layer), dtype), jnp.zeros(outputs, dtype))
                  for layer, (_, outputs) in enumerate(job.layers())]
    zeros = lambda: jax.tree.map(jnp.zeros_like, parameters)
    return parameters, zeros(), zeros(), jnp.zeros((), dtype)


state = initial()
compiled = jax.jit(many_steps, donate_argnums=0).lower(state).compile()


def train(_steps):
    global state
    state, (losses, _accuracies) = compiled(state)
    return float(losses.block_until_ready()[-1])


peer.serve("jax", jax.__version__,
           f"jit, scan of {at_once} steps, donated, samples as {job.mode}", train, at_once,
           peer.first_steps(train, at_once))
