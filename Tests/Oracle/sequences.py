"""Networks of sequences, each as a PyTorch module and as source text of drnc."""

import torch
from torch import nn
from torch.nn import functional

from layers import linear


class Embedding(nn.Module):
    """Rows of a matrix; kept as PyTorch keeps that of a `Linear`, so that it is exported like one."""

    def __init__(self, vocabulary, width):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(width, vocabulary))

    def forward(self, tokens):
        return functional.embedding(tokens, self.weight.T)


class Positions(nn.Module):
    """A learned row for each position, kept as one vector."""

    def __init__(self, length, width):
        super().__init__()
        self.weight = nn.Parameter(0.1 * torch.randn(length * width))

    def forward(self, x):
        return x + self.weight.view(x.shape[1:])


class RMSNorm(nn.Module):
    def __init__(self, width, epsilon=1e-6):
        super().__init__()
        self.weight, self.epsilon = nn.Parameter(torch.ones(width)), epsilon

    def forward(self, x):
        return functional.rms_norm(x, x.shape[-1:], self.weight, self.epsilon)


def heads(x, count):
    """[batch, length, count d] as [batch, count, length, d]."""
    return x.view(*x.shape[:2], count, -1).transpose(1, 2)


def turned(x, base=10_000.0):
    """Feature i of a head turned with feature i + d / 2 by the angle t base^(-2 i / d)."""
    half = x.shape[-1] // 2
    rates = base ** (-torch.arange(half, dtype=x.dtype) / half)
    angles = torch.arange(x.shape[-2], dtype=x.dtype)[:, None] * rates
    first, second = x[..., :half], x[..., half:]
    return torch.cat([first * angles.cos() - second * angles.sin(), second * angles.cos() + first * angles.sin()], -1)


class Attention(nn.Module):
    def __init__(self, case, width, count, shared, rotary=False, causal=True):
        super().__init__()
        self.count, self.shared, self.rotary, self.causal = count, shared, rotary, causal
        own = width // count * shared
        self.query = linear(width, width, case.form, case.rank, bias=False)
        self.key = linear(width, own, case.form, case.rank, bias=False)
        self.value = linear(width, own, case.form, case.rank, bias=False)
        self.output = linear(width, width, case.form, case.rank, bias=False)

    def forward(self, x):
        q, k, v = heads(self.query(x), self.count), heads(self.key(x), self.shared), heads(self.value(x), self.shared)
        if self.rotary:
            q, k = turned(q), turned(k)
        y = functional.scaled_dot_product_attention(q, k, v, is_causal=self.causal, enable_gqa=True)
        return self.output(y.transpose(1, 2).reshape(x.shape))


ATTENTION = """
block attention(x: tensor, width: int, shared: int, heads: int, rotary: bool = false, causal: bool = true) {
  let q = x |> query: linear(width, bias: false)
  let k = x |> key: linear(shared, bias: false)
  let v = x |> value: linear(shared, bias: false)
  return attend(q, k, v, heads: heads, causal: causal, rotary: rotary) |> output: linear(width, bias: false)
}
"""


class GPT(nn.Module):
    """One layer of GPT-2 with norms first; a label at each position."""

    formed = ("attention.*", "up", "down")
    blocks = ATTENTION
    text = """
  let start = x |> embed: embedding({outputs}, {h1}) |> positions: positions
  let a = start + (start |> norm1: layer_norm |> attention: attention({h1}, {h1}, heads: 2))
  let b = a + (a |> norm2: layer_norm |> up: linear({h2}) |> gelu |> down: linear({h1}))
  return b |> norm: layer_norm |> head: linear({outputs}, bias: false)"""

    def __init__(self, case):
        super().__init__()
        _, h1, h2, outputs = case.widths
        self.embed, self.positions = Embedding(outputs, h1), Positions(case.length, h1)
        self.norm1, self.norm2, self.norm = nn.LayerNorm(h1), nn.LayerNorm(h1), nn.LayerNorm(h1)
        self.attention = Attention(case, h1, 2, 2)
        self.up, self.down = linear(h1, h2, case.form, case.rank), linear(h2, h1, case.form, case.rank)
        self.head = nn.Linear(h1, outputs, bias=False)

    def forward(self, x):
        start = self.positions(self.embed(x))
        a = start + self.attention(self.norm1(start))
        b = a + self.down(functional.gelu(self.up(self.norm2(a))))
        return self.head(self.norm(b))


class LLaMA(nn.Module):
    """One layer of LLaMA: RMS norms, rotary positions, two heads that share keys and values, SwiGLU."""

    formed = ("attention.*", "gate", "up", "down")
    blocks = ATTENTION
    text = """
  let start = x |> embed: embedding({outputs}, {h1})
  let a = start + (start |> norm1: rms_norm |> attention: attention({h1}, {h1} div 2, heads: 2, rotary: true))
  let n = a |> norm2: rms_norm
  let b = a + ((n |> gate: linear({h2}, bias: false) |> silu) * (n |> up: linear({h2}, bias: false)) |> down: linear({h1}, bias: false))
  return b |> norm: rms_norm |> head: linear({outputs}, bias: false)"""

    def __init__(self, case):
        super().__init__()
        _, h1, h2, outputs = case.widths
        self.embed = Embedding(outputs, h1)
        self.norm1, self.norm2, self.norm = RMSNorm(h1), RMSNorm(h1), RMSNorm(h1)
        self.attention = Attention(case, h1, 2, 1, rotary=True)
        self.gate, self.up = (linear(h1, h2, case.form, case.rank, bias=False) for _ in range(2))
        self.down = linear(h2, h1, case.form, case.rank, bias=False)
        self.head = nn.Linear(h1, outputs, bias=False)

    def forward(self, x):
        start = self.embed(x)
        a = start + self.attention(self.norm1(start))
        n = self.norm2(a)
        b = a + self.down(functional.silu(self.gate(n)) * self.up(n))
        return self.head(self.norm(b))


class Recurrent(nn.Module):
    """A recurrent layer over tokens, kept in drnc's layout, run by PyTorch's own cell."""

    def __init__(self, cell, features, hidden):
        super().__init__()
        gates = 4 if cell is nn.LSTM else 3
        self.cell, self.hidden = cell(features, hidden, batch_first=True), hidden
        for parameter in self.cell.parameters():
            parameter.requires_grad = False
        limit = hidden**-0.5
        self.weight = nn.Parameter(torch.empty(gates * hidden, features).uniform_(-limit, limit))
        self.recurrent = nn.Parameter(torch.empty(hidden, gates * hidden).uniform_(-limit, limit))
        self.bias = nn.Parameter(torch.empty(gates * hidden).uniform_(-limit, limit))
        if cell is nn.GRU:
            self.recurrent_bias = nn.Parameter(torch.empty(hidden).uniform_(-limit, limit))

    def named_parameters(self, *arguments, **options):
        return (pair for pair in super().named_parameters(*arguments, **options) if "cell." not in pair[0])

    def forward(self, x):
        second = torch.zeros_like(self.bias)
        if isinstance(self.cell, nn.GRU):
            second = torch.cat([second[: 2 * self.hidden], self.recurrent_bias])
        tensors = {"weight_ih_l0": self.weight, "weight_hh_l0": self.recurrent.T, "bias_ih_l0": self.bias, "bias_hh_l0": second}
        return torch.func.functional_call(self.cell, tensors, (x,))[0]


class Memory(nn.Module):
    """An LSTM, then a GRU, over tokens; the class of the whole from the last state."""

    formed = ()
    blocks = ""
    text = """
  return x |> embed: embedding({outputs}, {h1}) |> memory: lstm({h2}) |> unit: gru({h1}) |> select(last) |> head: linear({outputs})"""

    def __init__(self, case):
        super().__init__()
        _, h1, h2, outputs = case.widths
        self.embed = Embedding(outputs, h1)
        self.memory, self.unit = Recurrent(nn.LSTM, h1, h2), Recurrent(nn.GRU, h2, h1)
        self.head = nn.Linear(h1, outputs)

    def named_parameters(self, *arguments, **options):
        return (pair for pair in super().named_parameters(*arguments, **options) if ".cell." not in pair[0])

    def forward(self, x):
        return self.head(self.unit(self.memory(self.embed(x)))[:, -1])


class Convolution(nn.Module):
    """A convolution along the positions, as one of an image of one row."""

    def __init__(self, inputs, outputs, kernel, groups=1, stride=1, bias=True):
        super().__init__()
        self.stride, self.padding, self.groups = stride, kernel // 2, groups
        self.weight = nn.Parameter(torch.randn(outputs, inputs // groups, 1, kernel) / (inputs // groups * kernel) ** 0.5)
        self.bias = nn.Parameter(0.1 * torch.randn(outputs)) if bias else None

    def forward(self, x):
        weight = self.weight.squeeze(2)
        return functional.conv1d(x.transpose(1, 2), weight, self.bias, self.stride, self.padding, groups=self.groups).transpose(1, 2)


class Conformer(nn.Module):
    """The convolution module of a Conformer, attention that sees everything, and arithmetic on tensors."""

    formed = ("attention.*", "expand", "project")
    blocks = ATTENTION
    text = """
  let start = x |> stem: conv1d({h1}, kernel: 3, stride: 2, padding: symmetric) |> relu
  let c = start + (start |> norm1: layer_norm |> expand: linear(2 * {h1}) |> glu |> depthwise: conv1d({h1}, kernel: 5, groups: {h1}, bias: false)
    |> norm2: batch_norm |> silu |> project: linear({h1})) / 2
  let d = c + (c |> norm3: layer_norm |> attention: attention({h1}, {h1}, heads: 4, causal: false))
  let e = 1 - tanh(d) * square(d) / (exp(d) + 2) - d
  return e |> mean_over_time |> head: linear({outputs})"""

    def __init__(self, case):
        super().__init__()
        inputs, h1, _, outputs = case.widths
        self.stem = Convolution(inputs, h1, 3, stride=2)
        self.norm1, self.norm2, self.norm3 = nn.LayerNorm(h1), nn.BatchNorm1d(h1), nn.LayerNorm(h1)
        self.expand, self.project = linear(h1, 2 * h1, case.form, case.rank), linear(h1, h1, case.form, case.rank)
        # Batch norm takes away a bias before it, whose gradient would be nothing but rounding.
        self.depthwise = Convolution(h1, h1, 5, groups=h1, bias=False)
        self.attention = Attention(case, h1, 4, 4, causal=False)
        self.head = nn.Linear(h1, outputs)

    def forward(self, x):
        start = functional.relu(self.stem(x))
        c = self.depthwise(functional.glu(self.expand(self.norm1(start)), -1))
        c = start + self.project(functional.silu(self.norm2(c.transpose(1, 2)).transpose(1, 2))) / 2
        d = c + self.attention(self.norm3(c))
        e = 1 - torch.tanh(d) * d.square() / (d.exp() + 2) - d
        return self.head(e.mean(1))


SEQUENCES = {"gpt": GPT, "llama": LLaMA, "memory": Memory, "conformer": Conformer}


def laid_out(case, tensor):
    """Features, labels or logits of a batch as drnc has them: rows are the positions of all examples."""
    if not case.length:
        return tensor
    if tensor.is_floating_point():
        return tensor.reshape(-1, tensor.shape[-1])
    return tensor.flatten()
