"""The network of a job in PyTorch."""

import peer


def dtype(torch, job):
    return {"f32": torch.float32, "f64": torch.float64}[job.dtype]


def build(torch, job):
    """The network with its initial weights. Holds PyTorch to the threads of the job."""
    nn = torch.nn
    torch.set_num_threads(job.threads)
    torch.set_flush_denormal(True)
    torch.set_default_dtype(dtype(torch, job))
    activation = {"relu": nn.ReLU, "leaky-relu": lambda: nn.LeakyReLU(peer.SLOPE),
                  "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "linear": nn.Identity}[job.activation]
    blocks = []
    for index, (inputs, outputs) in enumerate(job.layers()):
        dense = nn.Linear(inputs, outputs)
        with torch.no_grad():
            dense.weight.copy_(torch.tensor(job.weights(index), dtype=torch.float64).T)
            dense.bias.zero_()
        blocks += [dense, activation()]
    return nn.Sequential(*blocks[:-1])
