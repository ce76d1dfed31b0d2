"""JAX with its best settings for a job on the CPU."""

import os

import peer


def start(job):
    """The module, held to the threads of the job."""
    os.environ["JAX_PLATFORMS"] = "cpu"
    flags = ["--xla_cpu_enable_concurrency_optimized_scheduler=false"]
    if job.dtype == "f64":
        # The newer products, which take a fifth less in double and no less in single precision.
        flags.append("--xla_cpu_experimental_ynn_fusion_type=LIBRARY_FUSION_TYPE_DOT")
    if job.threads == 1:
        flags += ["--xla_cpu_multi_thread_eigen=false", "intra_op_parallelism_threads=1"]
    os.environ["XLA_FLAGS"] = " ".join([os.environ.get("XLA_FLAGS", ""), *flags])
    # XLA has as many threads as the process may use CPUs.
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-job.threads:])
    jax = peer.require("jax")
    jax.config.update("jax_enable_x64", job.dtype == "f64")
    return jax


def activation(jax, job):
    return {"relu": jax.nn.relu, "leaky-relu": lambda x: jax.nn.leaky_relu(x, peer.SLOPE),
            "tanh": jax.numpy.tanh, "sigmoid": jax.nn.sigmoid, "linear": lambda x: x}[job.activation]
