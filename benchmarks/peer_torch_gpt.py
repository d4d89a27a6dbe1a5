"""Times one training step of a GPT in PyTorch; prints one JSON object.

Norms first, four layers, as in models/shared/transformer.drn; attention is PyTorch's fused one. The weights of the layers are dense or `u v`.
"""
import argparse
import json
import statistics
import time

import torch
from torch import nn
from torch.nn import functional

parser = argparse.ArgumentParser()
parser.add_argument("--ratio", type=int, default=1, help="rank = short side // ratio; 1 is dense")
parser.add_argument("--mode", choices=["eager", "compile"], default="eager")
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--batch", type=int, default=16)
parser.add_argument("--context", type=int, default=128)
parser.add_argument("--width", type=int, default=256)
parser.add_argument("--heads", type=int, default=4)
parser.add_argument("--layers", type=int, default=4)
parser.add_argument("--vocabulary", type=int, default=96)
parser.add_argument("--steps", type=int, default=20)
parser.add_argument("--warm-up", type=int, default=5)
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)
torch.manual_seed(0)


def linear(inputs, outputs, bias=True):
    if arguments.ratio == 1:
        return nn.Linear(inputs, outputs, bias=bias)
    rank = max(min(inputs, outputs) // arguments.ratio, 1)
    return nn.Sequential(nn.Linear(inputs, rank, bias=False), nn.Linear(rank, outputs, bias=bias))


class Layer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query, self.key, self.value, self.output = (linear(width, width, bias=False) for _ in range(4))
        self.up, self.down = linear(width, 4 * width), linear(4 * width, width)

    def forward(self, x):
        batch, length, width = x.shape
        n = self.norm1(x)
        q, k, v = (p(n).view(batch, length, self.heads, -1).transpose(1, 2) for p in (self.query, self.key, self.value))
        y = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.output(y.transpose(1, 2).reshape(batch, length, width))
        return x + self.down(functional.gelu(self.up(self.norm2(x))))


class GPT(nn.Module):
    def __init__(self):
        super().__init__()
        width = arguments.width
        self.embed = nn.Embedding(arguments.vocabulary, width)
        self.positions = nn.Parameter(torch.zeros(arguments.context, width))
        self.layers = nn.Sequential(*(Layer(width, arguments.heads) for _ in range(arguments.layers)))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, arguments.vocabulary, bias=False)

    def forward(self, tokens):
        return self.head(self.norm(self.layers(self.embed(tokens) + self.positions)))


network = GPT()
tokens = torch.randint(arguments.vocabulary, (arguments.batch, arguments.context))
labels = torch.randint(arguments.vocabulary, (arguments.batch, arguments.context))
optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, fused=True)
forward = torch.compile(network) if arguments.mode == "compile" else network


def step():
    optimizer.zero_grad(set_to_none=True)
    logits = forward(tokens)
    functional.cross_entropy(logits.view(-1, arguments.vocabulary), labels.view(-1)).backward()
    optimizer.step()


def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096


ready = resident()
for _ in range(arguments.warm_up):
    step()
grown = resident() - ready
times = []
for _ in range(arguments.steps):
    begin = time.perf_counter()
    step()
    times.append((time.perf_counter() - begin) * 1e3)
with open("/proc/self/status") as status:
    peak = int(next(line for line in status if line.startswith("VmHWM")).split()[1]) * 1024
print(json.dumps({"median": statistics.median(times), "best": min(times), "memory": max(grown, peak - ready)}))
