"""Times one training step of a network of images in PyTorch; prints one JSON object.

ResNet-20 as in models/shared/residual.drn, or with `--form separable` that of networks/separable.drn.

The 18 convolutions of the blocks are dense, `u v` (k x k to rank outputs, then 1 x 1) or a frozen dense one with such an adapter beside it.
"""
import argparse

import torch
from stopwatch import measure
from torch import nn
from torch.nn import functional

parser = argparse.ArgumentParser()
parser.add_argument("--form", choices=["dense", "uv", "adapter", "separable"], required=True)
parser.add_argument("--ratio", type=int, default=1, help="rank = outputs // ratio")
parser.add_argument("--mode", choices=["eager", "compile"], default="eager")
parser.add_argument("--layout", choices=["channels_first", "channels_last"], default="channels_first")
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--batch", type=int, default=128)
parser.add_argument("--steps", type=int, default=20)
parser.add_argument("--warm-up", type=int, default=5)
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)
torch.manual_seed(0)


class Pointwise(nn.Module):
    """A k x k convolution to the rank, then 1 x 1."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        rank = max(outputs // arguments.ratio, 1)
        self.u = nn.Conv2d(inputs, rank, 3, stride, 1, bias=False)
        self.v = nn.Conv2d(rank, outputs, 1, bias=False)

    def forward(self, x):
        return self.v(self.u(x))


class Adapter(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.base = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False).requires_grad_(False)
        self.delta = Pointwise(inputs, outputs, stride)

    def forward(self, x):
        return self.base(x) + self.delta(x) * 2.0


def convolution(inputs, outputs, stride):
    if arguments.form == "dense":
        return nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
    return (Pointwise if arguments.form == "uv" else Adapter)(inputs, outputs, stride)


class Residual(nn.Module):
    def __init__(self, inputs, outputs, stride, project):
        super().__init__()
        self.conv1, self.norm1 = convolution(inputs, outputs, stride), nn.BatchNorm2d(outputs, 1e-3, 0.01)
        self.conv2, self.norm2 = convolution(outputs, outputs, 1), nn.BatchNorm2d(outputs, 1e-3, 0.01)
        self.shortcut = nn.Identity()
        if project:
            self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs, 1e-3, 0.01))

    def forward(self, x):
        y = self.norm2(self.conv2(functional.relu(self.norm1(self.conv1(x)))))
        return functional.relu(y + self.shortcut(x))


def normalized(convolution, outputs):
    return [convolution, nn.BatchNorm2d(outputs), nn.ReLU()]


def separable():
    layers = normalized(nn.Conv2d(3, 32, 3, padding=1, bias=False), 32)
    for inputs, outputs, stride in ((32, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2), (256, 256, 1)):
        layers += normalized(nn.Conv2d(inputs, inputs, 3, stride, 1, groups=inputs, bias=False), inputs)
        layers += normalized(nn.Conv2d(inputs, outputs, 1, bias=False), outputs)
    return layers, 256


def residual():
    layers = [nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16, 1e-3, 0.01), nn.ReLU()]
    inputs = 16
    for outputs, stride in ((16, 1), (32, 2), (64, 2)):
        layers += [Residual(inputs if i == 0 else outputs, outputs, stride if i == 0 else 1, i == 0) for i in range(3)]
        inputs = outputs
    return layers, 64


layers, width = separable() if arguments.form == "separable" else residual()
network = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 10))
x = torch.rand(arguments.batch, 3, 32, 32)
labels = torch.randint(0, 10, (arguments.batch,))
if arguments.layout == "channels_last":
    network, x = network.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
trained = [p for p in network.parameters() if p.requires_grad]
optimizer = torch.optim.SGD(trained, lr=0.01, momentum=0.9, fused=True)
forward = torch.compile(network) if arguments.mode == "compile" else network


def step():
    optimizer.zero_grad(set_to_none=True)
    loss = functional.cross_entropy(forward(x), labels)
    loss.backward()
    optimizer.step()


measure(step, arguments.warm_up, arguments.steps)
