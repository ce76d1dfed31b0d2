"""The value and the gradient of the loss in JAX: a hundred in one compiled scan (`scan`), or one a call
(`call`)."""

import peer
import jax_cpu

job = peer.Job(modes=["scan", "call"])
jax = jax_cpu.start(job)
import jax.numpy as jnp

dtype = {"f32": jnp.float32, "f64": jnp.float64}[job.dtype]
inputs, targets = (jnp.array(rows, dtype) for rows in job.data())
activation = jax_cpu.activation(jax, job)
at_once = 100 if job.mode == "scan" else 1


def loss(parameters):
    hidden = inputs
    for weights, biases in parameters[:-1]:
        hidden = activation(hidden @ weights + biases)
    weights, biases = parameters[-1]
    return jnp.mean((hidden @ weights + biases - targets) ** 2)


def one(parameters, _):
    value, gradients = jax.value_and_grad(loss)(parameters)
    # So small a change has no effect, but without it the compiler computes a single gradient.
    return jax.tree.map(lambda w, g: w - 1e-30 * g, parameters, gradients), value


def many(parameters):
    return jax.lax.scan(one, parameters, None, length=at_once)


parameters = [(jnp.array(job.weights(layer), dtype), jnp.zeros(outputs, dtype))
              for layer, (_, outputs) in enumerate(job.layers())]
if job.mode == "scan":
    compiled = jax.jit(many, donate_argnums=0).lower(parameters).compile()
else:
    compiled = jax.jit(jax.value_and_grad(loss)).lower(parameters).compile()


def work(_pieces):
    global parameters
    if job.mode == "scan":
        parameters, values = compiled(parameters)
        return values.block_until_ready()[-1]
    value, gradients = compiled(parameters)
    jax.block_until_ready(gradients)
    return value


settings = {"scan": f"jit, scan of {at_once}, donated", "call": "jit, one a call"}[job.mode]
peer.serve("jax", jax.__version__, settings, work, at_once, float(work(at_once)))
