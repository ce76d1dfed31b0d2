"""The prediction of a single row in PyTorch: operation by operation (`eager`), or compiled by Inductor
(`compile`)."""

import peer

job = peer.Job(modes=["compile", "eager"])
torch = peer.require("torch")
import torch_network

model = torch_network.build(torch, job)
rows = [torch.tensor([row], dtype=torch_network.dtype(torch, job)) for row in job.data()[0]]
predict = torch.compile(model, fullgraph=True, dynamic=False) if job.mode == "compile" else model


def work(_rows):
    with torch.inference_mode():
        for row in rows:
            prediction = predict(row)
    return prediction


peer.serve("torch", torch.__version__, job.mode, work, len(rows), work(None)[0, 0].item())
