"""Times one training step of the benchmark network in PyTorch; prints one JSON object.

The network is 784-1024-1024-10 with ReLU, cross-entropy, SGD with momentum 0.9. Hidden layers are dense, `u v` or `u s v`;
`--association` gives the order of multiplication, so that the best can be reported.
"""
import argparse

import torch
from stopwatch import add_precision, autocast, report, resident, times

parser = argparse.ArgumentParser()
parser.add_argument("--form", choices=["dense", "uv", "usv"], required=True)
parser.add_argument("--ratio", type=int, default=1, help="rank = short side // ratio")
parser.add_argument("--association", choices=["left", "merged"], default="left")
parser.add_argument("--mode", choices=["eager", "compile"], default="eager")
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--batch", type=int, default=128)
parser.add_argument("--steps", type=int, default=200)
parser.add_argument("--memory", action="store_true", help="report the growth of resident memory from ready to step 100")
add_precision(parser)
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)
torch.manual_seed(0)


class Factored(torch.nn.Module):
    def __init__(self, inputs, outputs, core):
        super().__init__()
        rank = min(inputs, outputs) // arguments.ratio
        self.u = torch.nn.Parameter(torch.randn(inputs, rank) / inputs**0.5)
        self.s = torch.nn.Parameter(torch.eye(rank)) if core else None
        self.v = torch.nn.Parameter(torch.randn(rank, outputs) / rank**0.5)
        self.bias = torch.nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        if self.s is None:
            return torch.addmm(self.bias, x @ self.u, self.v)
        if arguments.association == "merged":
            return torch.addmm(self.bias, x @ (self.u @ self.s), self.v)
        return torch.addmm(self.bias, (x @ self.u) @ self.s, self.v)


def hidden(inputs, outputs):
    if arguments.form == "dense":
        return torch.nn.Linear(inputs, outputs)
    return Factored(inputs, outputs, arguments.form == "usv")


network = torch.nn.Sequential(
    hidden(784, 1024), torch.nn.ReLU(), hidden(1024, 1024), torch.nn.ReLU(), torch.nn.Linear(1024, 10)
)
optimizer = torch.optim.SGD(network.parameters(), lr=0.01, momentum=0.9, fused=True)
x = torch.rand(arguments.batch, 784)
labels = torch.randint(0, 10, (arguments.batch,))


def step():
    optimizer.zero_grad(set_to_none=True)
    with autocast(arguments.precision):
        loss = torch.nn.functional.cross_entropy(network(x), labels)
    loss.backward()
    optimizer.step()
    return loss


def warm_up():
    """Starts the libraries, as drnc does while it compiles: one step of a network too small to matter."""
    small = torch.nn.Linear(64, 10)
    update = torch.optim.SGD(small.parameters(), lr=0.01, momentum=0.9, fused=True)
    torch.nn.functional.cross_entropy(small(torch.rand(64, 64)), torch.zeros(64, dtype=torch.long)).backward()
    update.step()


run = torch.compile(step) if arguments.mode == "compile" else step
ready = resident()
warm_up()
started = resident()
for _ in range(100):
    run()
now = resident()
report(times(run, arguments.steps), memory=now - ready, memory_started=now - started)
