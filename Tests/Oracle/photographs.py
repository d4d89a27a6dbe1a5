"""Batches of CIFAR-10's images, in its binary version."""

import os
import pathlib

import torch

# Mean and deviation of CIFAR-10's channels, rounded.
MEAN, DEVIATION = torch.tensor([0.49, 0.48, 0.45]), torch.tensor([0.25, 0.24, 0.26])
RECORD = 1 + 3 * 32 * 32


def folder():
    """Where the images are: DRNC_CIFAR10, or where the models expect them."""
    expected = pathlib.Path(__file__).resolve().parents[2] / "data" / "cifar-10-batches-bin"
    return pathlib.Path(os.environ.get("DRNC_CIFAR10", expected))


def batches(case):
    """A batch of images and labels for each step, in the order of the file."""
    file = folder() / "data_batch_1.bin"
    count = case.steps * case.batch
    if not file.exists():
        raise SystemExit(f"{file}: no such file; DRNC_CIFAR10 names the folder of CIFAR-10's binary version")
    with open(file, "rb") as source:
        records = torch.frombuffer(bytearray(source.read(count * RECORD)), dtype=torch.uint8).reshape(count, RECORD)
    pixels = records[:, 1:].reshape(count, 3, 32, 32).float() / 255
    images = (pixels - MEAN[:, None, None]) / DEVIATION[:, None, None]
    labels = records[:, 0].long()
    return list(zip(images.split(case.batch), labels.split(case.batch)))
