"""Writes the fixture of attention: what PyTorch computes in double precision, rounded to single.

    python Tests/Oracle/attention.py Tests/Oracle/fixtures/attention.safetensors

A case holds its inputs, the gradient of the result, the result, the logarithms of the sums of exponentials and the gradients by the inputs,
in drnc's layout: a row for each position of each sequence.
"""

import sys

import torch

import safetensors_file

# Batch, length, heads, groups, columns of a head, causal, rotary base, lengths.
CASES = {
    "plain": (2, 7, 2, 2, 5, False, 0, None),
    "causal": (2, 33, 2, 2, 8, True, 0, None),
    "grouped": (2, 13, 6, 2, 4, True, 0, None),
    "shared": (3, 17, 4, 1, 3, False, 0, None),
    "rotary": (2, 19, 2, 2, 8, False, 10000, None),
    "rotary-causal-grouped": (2, 34, 4, 2, 6, True, 500, None),
    "lengths": (4, 11, 2, 1, 3, False, 0, (11, 4, 0, 1)),
    "lengths-causal-rotary": (3, 21, 2, 2, 4, True, 10000, (20, 21, 3)),
    "one-position": (5, 1, 3, 3, 7, True, 0, None),
    "long": (1, 1000, 1, 1, 2, True, 10000, None),
}


def rotated(x, base):
    """The usual code of rotary embeddings, x * cos + rotate_half(x) * sin, of batch x heads x length x columns."""
    length, size = x.shape[-2:]
    frequencies = 1.0 / base ** (torch.arange(0, size, 2, dtype=x.dtype) / size)
    angles = torch.outer(torch.arange(length, dtype=x.dtype), frequencies)
    angles = torch.cat((angles, angles), dim=-1)
    first, second = x.chunk(2, dim=-1)
    return x * angles.cos() + torch.cat((-second, first), dim=-1) * angles.sin()


def by_heads(x, batch, length, heads):
    return x.view(batch, length, heads, -1).transpose(1, 2)


def attend(q, k, v, case):
    """The attention of matrices of positions, and the logarithms."""
    batch, length, heads, groups, size, causal, base, lengths = case
    scale = size ** -0.5
    q, k, v = by_heads(q, batch, length, heads), by_heads(k, batch, length, groups), by_heads(v, batch, length, groups)
    if base:
        q, k = rotated(q, base), rotated(k, base)
    k, v = (x.repeat_interleave(heads // groups, dim=1) for x in (k, v))
    mask = torch.ones(batch, 1, length, length, dtype=torch.bool)
    if causal:
        mask = mask.tril()
    is_query = torch.ones(batch, length, dtype=torch.bool)
    if lengths is not None:
        is_query = torch.arange(length) < torch.tensor(lengths)[:, None]
        # Rows of padding are taken out below, and may see anything until then.
        mask = mask & is_query[:, None, None, :] | ~is_query[:, None, :, None]
    y = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask, scale=scale)
    y = torch.where(is_query[:, None, :, None], y, torch.zeros((), dtype=y.dtype))
    scores = (scale * q @ k.transpose(-1, -2)).masked_fill(~mask, -torch.inf)
    logarithms = torch.where(is_query[:, None, :], scores.logsumexp(-1), torch.zeros((), dtype=y.dtype))
    return y.transpose(1, 2).reshape(batch * length, heads * size), logarithms.reshape(batch * heads, length)


def record(case):
    batch, length, heads, groups, size, causal, base, lengths = case
    rows = batch * length
    draw = lambda columns: torch.randn(rows, columns).double().requires_grad_()
    q, k, v, dy = draw(heads * size), draw(groups * size), draw(groups * size), draw(heads * size)
    y, logarithms = attend(q, k, v, case)
    y.backward(dy.detach())
    tensors = {"q": q, "k": k, "v": v, "dy": dy, "y": y, "lse": logarithms, "dq": q.grad, "dk": k.grad, "dv": v.grad}
    tensors = {name: tensor.detach().float() for name, tensor in tensors.items()}
    tensors["extents"] = torch.tensor([batch, length, heads, groups, size, int(causal), base], dtype=torch.int32)
    if lengths is not None:
        tensors["lengths"] = torch.tensor(lengths, dtype=torch.int32)
    return tensors


torch.manual_seed(20)
torch.set_num_threads(1)
found = {f"{name}/{key}": tensor for name, case in CASES.items() for key, tensor in record(case).items()}
safetensors_file.write(sys.argv[1], found, {})
