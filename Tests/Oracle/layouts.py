"""How far one step of PyTorch channels last is from the same step of PyTorch contiguous: ResNet-20, from each of 50 states.

    DRNC_CIFAR10=FOLDER python Tests/Oracle/layouts.py

Prints the largest deviation of a tensor over its norm: of weights longer than 1e-3 of all of them, and of momentum that deviates by more
than 1e-5 of all momentum, as the tests of drnc count them.
"""

import copy
import zlib

import torch

import cases
import photographs
from residual_fixture import rate_at
from steps import Training


def channels_last(training):
    """The same training at the same point in the other layout."""
    other = Training(training.case, copy.deepcopy(training.model).to(memory_format=torch.channels_last), training.count)
    for name, tensor in training.trained.items():
        for slot, value in training.optimizer.state[tensor].items():
            other.optimizer.state[other.trained[name]][slot] = value.clone()
    return other


def deviations(one, other):
    """Of every pair: the norms of the difference and of the first tensor, and that of all first tensors."""
    pairs = [(a.detach().double(), b.detach().double()) for a, b in zip(one, other)]
    whole = sum(a.square().sum() for a, _ in pairs).sqrt().item()
    return [((a - b).norm().item(), a.norm().item(), whole) for a, b in pairs]


torch.set_num_threads(1)
case = next(case for case in cases.RESNET_CASES if case.steps == 50)
torch.manual_seed(zlib.crc32(case.name.encode()))
training = Training.start(case)
weights = momentum = 0.0
for step, (images, labels) in enumerate(photographs.batches(case)):
    other, rate = channels_last(training), rate_at(training, step)
    training.step(images, labels, rate)
    other.step(images.to(memory_format=torch.channels_last), labels, rate)
    for difference, norm, whole in deviations(training.trained.values(), other.trained.values()):
        weights = max(weights, difference / norm if norm > 1e-3 * whole else 0)
    buffers = [[run.optimizer.state[tensor]["momentum_buffer"] for tensor in run.trained.values()] for run in (training, other)]
    for difference, norm, whole in deviations(*buffers):
        momentum = max(momentum, difference / norm if difference > 1e-5 * whole else 0)
print(f"weights {weights:.1e}, momentum {momentum:.1e}")
