"""The fixture of a ResNet-20: what PyTorch computes on photographs, and by how much it deviates from itself.

Only what a teacher-forced step needs is kept for each step. `channels_last/...` holds the weights of a second run of PyTorch at a few
steps, `checkpoints`, with images and weights in its other memory layout: same start, same batches, same rates. DRNC_ORACLE_START, a number,
is added to the seed of the start.
"""

import copy
import os
import zlib

import torch

import photographs
from steps import Training

CHECKPOINTS = 5


def rate_at(training, step):
    """A rate that changes tells a rate inside the momentum buffer from one outside."""
    return training.rate * (1 - 0.9 * step / training.case.steps)


def weights_along(training, batches, checkpoints):
    """The weights at the checkpoints of a run."""
    rows = {}
    for step, (images, labels) in enumerate(batches):
        training.step(images.to(memory_format=torch.channels_last), labels, rate_at(training, step))
        if step + 1 in checkpoints:
            add(rows, {f"channels_last/{name}": tensor for name, tensor in training.tensors().items() if "/" not in name})
    return rows


def add(rows, tensors):
    for name, tensor in tensors.items():
        rows.setdefault(name, []).append(tensor.clone())


def states(training):
    return {f"state/{name}": tensor for name, tensor in training.tensors().items()}


def record(case):
    """The tensors of a case's fixture."""
    torch.manual_seed(zlib.crc32(case.name.encode()) + int(os.environ.get("DRNC_ORACLE_START", "0")))
    training = Training.start(case)
    twin = Training(case, copy.deepcopy(training.model).to(memory_format=torch.channels_last))
    batches = photographs.batches(case)
    checkpoints = range(case.steps // CHECKPOINTS, case.steps + 1, case.steps // CHECKPOINTS)
    rows = weights_along(twin, batches, checkpoints)
    add(rows, states(training))
    for step, (images, labels) in enumerate(batches):
        shown = training.step(images, labels, rate_at(training, step))
        add(rows, {name: shown[name] for name in ("loss", "logits")} | states(training))
        rate = torch.tensor(rate_at(training, step), dtype=torch.float64)
        add(rows, {"features": images, "labels": labels.to(torch.int32), "rate": rate})
    tensors = {name: torch.stack(values) for name, values in rows.items()}
    tensors["checkpoints"] = torch.tensor(list(checkpoints), dtype=torch.int32)
    return tensors
