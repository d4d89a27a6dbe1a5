"""Trains the GPT of models/gpt.drn in PyTorch on the same text, in the same parts, and prints the validation loss after each epoch.

    python3 benchmarks/peer_torch_text.py --text data/tinyshakespeare/input.txt [--epochs 10 --threads 2 --seed 1]

Same network, sizes, optimizer, rates and clipping as the model; draws are PyTorch's own.
"""
import argparse
import math

import torch
from torch import nn
from torch.nn import functional

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--text", required=True)
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--threads", type=int, default=2)
parser.add_argument("--seed", type=int, default=1)
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)
torch.manual_seed(arguments.seed)
LENGTH, WIDTH, HEADS, LAYERS, BATCH, RATE, WARMUP = 64, 128, 4, 4, 32, 0.002, 100

text = open(arguments.text, encoding="utf-8").read()
symbols = sorted(set(text))
tokens = torch.tensor([symbols.index(symbol) for symbol in text])
rest = tokens[: len(tokens) - round(0.05 * len(tokens))]
windows = (len(rest) - 1) // LENGTH
train = windows - round(0.05 * windows)


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH), nn.LayerNorm(WIDTH)
        self.query, self.key, self.value, self.output = (nn.Linear(WIDTH, WIDTH, bias=False) for _ in range(4))
        self.up, self.down = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)

    def forward(self, x):
        n = self.norm1(x)
        q, k, v = (p(n).view(len(x), LENGTH, HEADS, -1).transpose(1, 2) for p in (self.query, self.key, self.value))
        x = x + self.output(functional.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(x.shape))
        return x + self.down(functional.gelu(self.up(self.norm2(x))))


class GPT(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(len(symbols), WIDTH)
        nn.init.normal_(self.embed.weight, std=0.02)
        self.positions = nn.Parameter(torch.zeros(LENGTH, WIDTH))
        self.layers = nn.Sequential(*(Layer() for _ in range(LAYERS)))
        self.norm, self.head = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, len(symbols), bias=False)

    def forward(self, x):
        return self.head(self.norm(self.layers(self.embed(x) + self.positions)))


def loss(network, starts):
    rows = torch.stack([rest[start : start + LENGTH + 1] for start in starts])
    return functional.cross_entropy(network(rows[:, :-1]).flatten(0, 1), rows[:, 1:].flatten())


network = GPT()
decayed = [p for n, p in network.named_parameters() if p.ndim > 1 and n != "positions"]
others = [p for n, p in network.named_parameters() if p.ndim == 1 or n == "positions"]
groups = [{"params": decayed, "weight_decay": 0.1}, {"params": others, "weight_decay": 0.0}]
optimizer = torch.optim.AdamW(groups, lr=RATE, betas=(0.9, 0.99), fused=True)
steps = train // BATCH
total = steps * arguments.epochs
for epoch in range(arguments.epochs):
    order = torch.randperm(train)
    shift = torch.randint(LENGTH, ()).item()
    for step in range(steps):
        number = epoch * steps + step
        # A linear warm-up, then half a cosine to zero.
        rate = RATE * (number + 1) / WARMUP if number < WARMUP else RATE * (1 + math.cos(math.pi * (number - WARMUP) / (total - WARMUP))) / 2
        for group in optimizer.param_groups:
            group["lr"] = rate
        starts = [min(int(i) * LENGTH + shift, (train - 1) * LENGTH) for i in order[step * BATCH : (step + 1) * BATCH]]
        optimizer.zero_grad(set_to_none=True)
        loss(network, starts).backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
    with torch.no_grad():
        held = [i * LENGTH for i in range(train, windows)]
        parts = [held[i : i + BATCH] for i in range(0, len(held), BATCH)]
        value = sum(loss(network, part).item() * len(part) for part in parts) / len(held)
    print(f"epoch {epoch}: validation loss {value:.4f}", flush=True)
