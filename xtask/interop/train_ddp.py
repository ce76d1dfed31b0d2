"""Trains a model of nnfs on, in two processes that share their gradients.

    python train_ddp.py model.safetensors data.csv weights.safetensors
    nnfs import weights.safetensors --from pytorch --like model.safetensors --out better.safetensors

The model is one network (`nnfs train --recipe plain`) for a regression whose columns are numbers. On
several machines the same script is started by `torchrun`, which says who each process is; alone it
starts two here.
"""

import csv
import os
import socket
import sys

import torch
import torch.distributed as dist
from safetensors.torch import save_file
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, DistributedSampler, TensorDataset

import in_torch

PROCESSES = 2
EPOCHS = 20


def columns(path, names):
    with open(path, newline="") as file:
        rows = [[float(row[name]) for name in names] for row in csv.DictReader(file)]
    return torch.tensor(rows, dtype=torch.float64)


def train(rank, model_path, data_path, weights_path):
    processes = int(os.environ["WORLD_SIZE"])
    dist.init_process_group("gloo", rank=rank, world_size=processes)
    torch.manual_seed(0)
    model = in_torch.load(model_path)
    encoder = model.header["encoder"]
    if "Numbers" not in encoder["target"] or any(each["coding"] != "Number" for each in encoder["inputs"]):
        sys.exit(f"{model_path}: expected a regression whose columns are numbers")
    inputs = columns(data_path, [each["name"] for each in encoder["inputs"]])
    targets = columns(data_path, encoder["target"]["Numbers"])
    data = TensorDataset(model.scaled(inputs), model.target_scaler(targets).to(model.dtype))
    # Each process sees its own half of every epoch.
    sampler = DistributedSampler(data, processes, rank, seed=0)
    loader = DataLoader(data, batch_size=32, sampler=sampler)
    network = DistributedDataParallel(model.network.train())
    optimizer = torch.optim.Adam(network.parameters(), lr=0.003)
    for epoch in range(EPOCHS):
        sampler.set_epoch(epoch)
        for batch, wanted in loader:
            optimizer.zero_grad()
            nn.functional.mse_loss(network(batch), wanted).backward()
            optimizer.step()
    same_weights(model.network)
    if rank == 0:
        save_file(model.network.state_dict(), weights_path)
    # All are done with each other, and the wrapper is gone, before the group ends.
    dist.barrier()
    del network, optimizer
    dist.destroy_process_group()


def same_weights(network):
    """That the processes have trained one network, not two."""
    own = torch.cat([parameter.detach().flatten() for parameter in network.parameters()])
    others = [torch.empty_like(own) for _ in range(dist.get_world_size())]
    dist.all_gather(others, own)
    assert all(torch.equal(own, other) for other in others), "the processes have drifted apart"


def start(*paths):
    if "RANK" in os.environ:
        train(int(os.environ["RANK"]), *paths)
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    here = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": str(PROCESSES)}
    os.environ.update(here)
    torch.multiprocessing.spawn(train, args=paths, nprocs=PROCESSES)


if __name__ == "__main__":
    start(*sys.argv[1:])
