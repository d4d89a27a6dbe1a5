"""Dropout by drnc's masks: PyTorch multiplies by a mask that is computed from the key here.

drnc states its random numbers exactly (docs/contributing/ops.md, `dropout`); this is that statement in whole numbers of PyTorch.
"""

import torch
from torch import nn

MASK = 0xFFFF_FFFF


def step_key(count):
    """A key for a step, with bits in both halves."""
    return (count + 1) * 0x9E37_79B9_7F4A_7C15 % 2**64


def stream_key(key, name):
    """The key mixed with the FNV-1a hash of the stream's name."""
    value = 0xCBF2_9CE4_8422_2325
    for byte in name.encode():
        value = (value ^ byte) * 0x100_0000_01B3 % 2**64
    return key ^ value


def words(key, count):
    """The first words of a stream, by Philox4x32-10 (Salmon, Moraes, Dror and Shaw 2011).

    A product of two 32-bit words may not fit the signed 64 bits of PyTorch; its bits are right all the same.
    """
    block = torch.arange((count + 3) // 4, dtype=torch.int64)
    zero = torch.zeros_like(block)
    state, low, high = [block & MASK, block >> 32, zero, zero], key & MASK, key >> 32
    for _ in range(10):
        first, second = state[0] * 0xD251_1F53, state[2] * 0xCD9E_8D57
        state = [(second >> 32 & MASK) ^ state[1] ^ low, second & MASK, (first >> 32 & MASK) ^ state[3] ^ high, first & MASK]
        low, high = (low + 0x9E37_79B9) & MASK, (high + 0xBB67_AE85) & MASK
    return torch.stack(state, dim=1).flatten()[:count]


class MaskedDropout(nn.Module):
    """x times the mask of drnc's layer of that name, over 1 - rate; `key` is set before each step."""

    def __init__(self, name, rate):
        super().__init__()
        self.stream, self.rate, self.key = f"{name}/dropout", rate, 0

    def forward(self, x):
        if not self.training:
            return x
        # drnc keeps images channels last, and counts elements in that order.
        shape = x.permute(0, 2, 3, 1).shape if x.ndim == 4 else x.shape
        uniform = (words(stream_key(self.key, self.stream), x.numel()) >> 8).double() * 2.0**-24
        mask = (uniform >= self.rate).reshape(shape)
        mask = mask.permute(0, 3, 1, 2) if x.ndim == 4 else mask
        return x * mask / (1 - self.rate)


def set_key(model, key):
    for layer in model.modules():
        if isinstance(layer, MaskedDropout):
            layer.key = key
