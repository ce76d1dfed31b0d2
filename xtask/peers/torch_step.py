"""The training step in PyTorch: operation by operation (`eager`), or ten steps at a time in one graph
that Inductor compiles (`compile`)."""

import peer

job = peer.Job(modes=["compile", "eager"])
torch = peer.require("torch")
import torch_network

model = torch_network.build(torch, job)
dtype = torch_network.dtype(torch, job)
inputs, targets = (torch.tensor(rows, dtype=dtype) for rows in job.data())
tolerance = targets.std(correction=0).item() / 250


def loss_and_accuracy():
    predictions = model(inputs)
    loss = torch.nn.functional.mse_loss(predictions, targets)
    if not job.has_accuracy:
        return loss, None
    accuracy = ((predictions.detach() - targets).abs() < tolerance).to(dtype).mean()
    return loss, accuracy


def eager():
    adam = torch.optim.Adam(model.parameters(), betas=peer.BETAS, eps=peer.EPSILON, fused=True)
    step = 0

    def train(steps):
        nonlocal step
        for _ in range(steps):
            adam.zero_grad(set_to_none=True)
            loss, _accuracy = loss_and_accuracy()
            loss.backward()
            adam.param_groups[0]["lr"] = job.rate(step)
            adam.step()
            step += 1
        return loss.item()

    return train, 1, "eager, fused Adam"


def compiled():
    # The derivatives belong to the graph.
    torch._dynamo.config.trace_autograd_ops = True
    parameters = list(model.parameters())
    means = [torch.zeros_like(w) for w in parameters]
    squares = [torch.zeros_like(w) for w in parameters]
    beta_1, beta_2 = peer.BETAS
    # A tensor: for a number that changes, the graph would be compiled anew.
    step = torch.zeros((), dtype=torch.float64)
    at_once = min(job.steps_at_once(), 10)

    def one_step():
        loss, accuracy = loss_and_accuracy()
        gradients = torch.autograd.grad(loss, parameters)
        learning_rate = job.rate(step)
        step.add_(1)
        of_mean, of_square = 1 - beta_1**step, 1 - beta_2**step
        with torch.no_grad():
            for w, g, m, v in zip(parameters, gradients, means, squares):
                m.lerp_(g, 1 - beta_1)
                v.mul_(beta_2).add_(g * g, alpha=1 - beta_2)
                root = (v / of_square).sqrt() + peer.EPSILON
                w.sub_((learning_rate * (m / of_mean) / root).to(dtype))
        return loss.detach(), accuracy

    # Entering the graph takes as long as a step of a small batch.
    @torch.compile(fullgraph=True, dynamic=False)
    def some_steps():
        return [one_step() for _ in range(at_once)]

    def train(_steps):
        losses_and_accuracies = some_steps()
        return losses_and_accuracies[-1][0].item()

    return train, at_once, f"{at_once} steps compiled into one graph"


train, at_once, settings = eager() if job.mode == "eager" else compiled()
peer.serve("torch", torch.__version__, settings + ", denormals flushed", train, at_once,
           peer.first_steps(train, at_once))
