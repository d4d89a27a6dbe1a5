"""Times the continuation of a text by a GPT in PyTorch, with a cache of keys and values; prints one JSON object.

The network of peer_torch_sequences.py with the three projections of attention as one product. Greedy, one sequence, weights as drawn. Eager, attention
sees the part of the cache that is filled; compiled, all of it under a mask, so that every step has the same shapes.
"""
import argparse
import json
import time

import torch
from torch import nn
from torch.nn import functional

parser = argparse.ArgumentParser()
parser.add_argument("--mode", choices=["eager", "compile"], default="eager")
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--context", type=int, default=256)
parser.add_argument("--prompt", type=int, default=6)
parser.add_argument("--width", type=int, default=256)
parser.add_argument("--heads", type=int, default=4)
parser.add_argument("--layers", type=int, default=4)
parser.add_argument("--vocabulary", type=int, default=65)
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)
torch.manual_seed(0)
isCompiled = arguments.mode == "compile"


class Layer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.project, self.output = nn.Linear(width, 3 * width, bias=False), nn.Linear(width, width, bias=False)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        size = width // heads
        self.register_buffer("keys", torch.zeros(1, heads, arguments.context, size))
        self.register_buffer("values", torch.zeros(1, heads, arguments.context, size))

    def attend(self, x, first):
        count, width = x.shape[1], x.shape[2]
        q, k, v = self.project(x).view(1, count, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        if isCompiled:
            places = first + torch.arange(count)
            self.keys.index_copy_(2, places, k)
            self.values.index_copy_(2, places, v)
            mask = torch.arange(arguments.context) <= places[:, None]
            y = functional.scaled_dot_product_attention(q, self.keys, self.values, attn_mask=mask)
        else:
            self.keys[:, :, first : first + count] = k
            self.values[:, :, first : first + count] = v
            end = first + count
            y = functional.scaled_dot_product_attention(q, self.keys[:, :, :end], self.values[:, :, :end], is_causal=count > 1)
        return self.output(y.transpose(1, 2).reshape(1, count, width))

    def forward(self, x, first):
        x = x + self.attend(self.norm1(x), first)
        return x + self.down(functional.gelu(self.up(self.norm2(x))))


class GPT(nn.Module):
    def __init__(self):
        super().__init__()
        width = arguments.width
        self.embed = nn.Embedding(arguments.vocabulary, width)
        self.positions = nn.Parameter(torch.zeros(arguments.context, width))
        self.layers = nn.ModuleList(Layer(width, arguments.heads) for _ in range(arguments.layers))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, arguments.vocabulary, bias=False)

    def forward(self, tokens, first):
        count = tokens.shape[1]
        places = self.positions[first + torch.arange(count)] if isCompiled else self.positions[first : first + count]
        x = self.embed(tokens) + places
        for layer in self.layers:
            x = layer(x, first)
        return self.head(self.norm(x[:, -1]))


network = GPT().eval()
step = torch.compile(network) if isCompiled else network
numbers = [torch.tensor(i) for i in range(arguments.context)] if isCompiled else range(arguments.context)


@torch.inference_mode()
def continuation():
    """Tokens a second from the first token on, to the end of the context."""
    prompt = torch.arange(arguments.prompt)[None] % arguments.vocabulary
    token = network(prompt, 0 if not isCompiled else torch.tensor(0)).argmax(-1, keepdim=True)
    begin = time.perf_counter()
    for place in range(arguments.prompt, arguments.context):
        token = step(token, numbers[place]).argmax(-1, keepdim=True)
        token.item()
    return (arguments.context - arguments.prompt) / (time.perf_counter() - begin)


continuation()
print(json.dumps({"tokens_per_second": max(continuation() for _ in range(3))}))
