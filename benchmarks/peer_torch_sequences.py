"""Times one training step of a network of sequences in PyTorch; prints one JSON object.

GPT: norms first, as in models/shared/transformer.drn; Conformer: as in models/shared/conformer.drn; LSTM: as in models/names.drn. Attention is
PyTorch's fused one, the LSTM `nn.LSTM`. The weights of the blocks are dense or `u v`.
"""
import argparse

import torch
from stopwatch import add_precision, autocast, measure
from torch import nn
from torch.nn import functional

parser = argparse.ArgumentParser()
parser.add_argument("--network", choices=["gpt", "conformer", "lstm"], default="gpt")
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
add_precision(parser)
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)
torch.manual_seed(0)


def linear(inputs, outputs, bias=True):
    if arguments.ratio == 1:
        return nn.Linear(inputs, outputs, bias=bias)
    rank = max(min(inputs, outputs) // arguments.ratio, 1)
    return nn.Sequential(nn.Linear(inputs, rank, bias=False), nn.Linear(rank, outputs, bias=bias))


class Attention(nn.Module):
    def __init__(self, width, heads, causal, rotary, bias):
        super().__init__()
        self.heads, self.causal = heads, causal
        self.query, self.key, self.value, self.output = (linear(width, width, bias=bias) for _ in range(4))
        half = width // heads // 2
        angles = torch.arange(arguments.context)[:, None] * 10_000.0 ** (-torch.arange(half) / half)
        self.register_buffer("cosines", angles.cos() if rotary else None)
        self.register_buffer("sines", angles.sin() if rotary else None)

    def turned(self, x):
        if self.cosines is None:
            return x
        first, second = x.chunk(2, -1)
        return torch.cat([first * self.cosines - second * self.sines, second * self.cosines + first * self.sines], -1)

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = (p(x).view(batch, length, self.heads, -1).transpose(1, 2) for p in (self.query, self.key, self.value))
        y = functional.scaled_dot_product_attention(self.turned(q), self.turned(k), v, is_causal=self.causal)
        return self.output(y.transpose(1, 2).reshape(batch, length, width))


class GPTLayer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, heads, causal=True, rotary=False, bias=False)
        self.up, self.down = linear(width, 4 * width), linear(4 * width, width)

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.down(functional.gelu(self.up(self.norm2(x))))


class GPT(nn.Module):
    def __init__(self):
        super().__init__()
        width = arguments.width
        self.embed = nn.Embedding(arguments.vocabulary, width)
        self.positions = nn.Parameter(torch.zeros(arguments.context, width))
        self.layers = nn.Sequential(*(GPTLayer(width, arguments.heads) for _ in range(arguments.layers)))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, arguments.vocabulary, bias=False)

    def forward(self, tokens):
        return self.head(self.norm(self.layers(self.embed(tokens) + self.positions)))


class FeedForward(nn.Sequential):
    def __init__(self, width):
        super().__init__(nn.LayerNorm(width), linear(width, 4 * width), nn.SiLU(), linear(4 * width, width))


class Convolution(nn.Module):
    def __init__(self, width, kernel=15):
        super().__init__()
        self.norm, self.expand, self.batch = nn.LayerNorm(width), linear(width, 2 * width), nn.BatchNorm1d(width)
        self.depthwise = nn.Conv1d(width, width, kernel, padding=kernel // 2, groups=width)
        self.project = linear(width, width)

    def forward(self, x):
        x = functional.glu(self.expand(self.norm(x)))
        x = functional.silu(self.batch(self.depthwise(x.transpose(1, 2)))).transpose(1, 2)
        return self.project(x)


class ConformerLayer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.ff1, self.ff2, self.convolution = FeedForward(width), FeedForward(width), Convolution(width)
        self.before, self.after = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attention = Attention(width, heads, causal=False, rotary=True, bias=True)

    def forward(self, x):
        x = x + 0.5 * self.ff1(x)
        x = x + self.attention(self.before(x))
        x = x + self.convolution(x)
        return self.after(x + 0.5 * self.ff2(x))


class Conformer(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem, self.head = nn.Linear(40, arguments.width), nn.Linear(arguments.width, 10)
        self.layers = nn.Sequential(*(ConformerLayer(arguments.width, arguments.heads) for _ in range(arguments.layers)))

    def forward(self, x):
        return self.head(self.layers(self.stem(x)).mean(1))


class LSTM(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(arguments.vocabulary, 64)
        self.memory, self.head = nn.LSTM(64, arguments.width, batch_first=True), nn.Linear(arguments.width, 18)

    def forward(self, tokens):
        return self.head(self.memory(self.embed(tokens))[0][:, -1])


network = {"gpt": GPT, "conformer": Conformer, "lstm": LSTM}[arguments.network]()
shape = (arguments.batch, arguments.context)
inputs = torch.randn(*shape, 40) if arguments.network == "conformer" else torch.randint(arguments.vocabulary, shape)
classes = {"gpt": arguments.vocabulary, "conformer": 10, "lstm": 18}[arguments.network]
labels = torch.randint(classes, shape if arguments.network == "gpt" else shape[:1])
optimizer = torch.optim.AdamW(network.parameters(), lr=1e-3, fused=True)
forward = torch.compile(network) if arguments.mode == "compile" else network


def step():
    optimizer.zero_grad(set_to_none=True)
    with autocast(arguments.precision):
        loss = functional.cross_entropy(forward(inputs).view(-1, classes), labels.view(-1))
    loss.backward()
    optimizer.step()


measure(step, arguments.warm_up, arguments.steps)
