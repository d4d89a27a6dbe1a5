"""Trains an exported module of PyTorch on the batches of drnc: train_on_batches.py FOLDER.

FOLDER/net.py is the module with its weights beside it, batches.safetensors what `drnc batches` wrote. Prints the loss of every step of
stochastic gradient descent with a momentum of 0.9 by the rates of the file, one a line; cross entropy with a smoothing of 0.1, of a mixture
the share of each of its two labels.
"""

import importlib.util
import pathlib
import sys

import torch
from safetensors.torch import load_file

folder = pathlib.Path(sys.argv[1])
torch.set_num_threads(1)
spec = importlib.util.spec_from_file_location("net", folder / "net.py")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
model = module.load().train()
batches = load_file(str(folder / "batches.safetensors"))
optimizer = torch.optim.SGD(model.parameters(), lr=1.0, momentum=0.9)


def loss_of(outputs, labels):
    return torch.nn.functional.cross_entropy(outputs.reshape(-1, outputs.shape[-1]), labels.reshape(-1), label_smoothing=0.1)


for step, rate in enumerate(batches["rate"].tolist()):
    for group in optimizer.param_groups:
        group["lr"] = rate
    outputs = model(batches[f"features.{step}"])
    loss = loss_of(outputs, batches[f"labels.{step}"])
    if f"share.{step}" in batches:
        share = batches[f"share.{step}"].item()
        loss = share * loss + (1 - share) * loss_of(outputs, batches[f"partner_labels.{step}"])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    print(repr(loss.item()))
