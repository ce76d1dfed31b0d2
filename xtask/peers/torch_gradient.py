"""The value and the gradient of the loss in PyTorch: operation by operation (`eager`), or compiled by
Inductor (`compile`)."""

import peer

job = peer.Job(modes=["compile", "eager"])
torch = peer.require("torch")
import torch_network

model = torch_network.build(torch, job)
inputs, targets = (torch.tensor(rows, dtype=torch_network.dtype(torch, job)) for rows in job.data())
parameters = list(model.parameters())


def value_and_gradient():
    loss = torch.nn.functional.mse_loss(model(inputs), targets)
    return loss.detach(), torch.autograd.grad(loss, parameters)


if job.mode == "compile":
    # The derivatives belong to the graph.
    torch._dynamo.config.trace_autograd_ops = True
    value_and_gradient = torch.compile(value_and_gradient, fullgraph=True, dynamic=False)


def work(_pieces):
    value, _gradient = value_and_gradient()
    return value


peer.serve("torch", torch.__version__, job.mode + ", denormals flushed", work,
           check=work(1).item())
