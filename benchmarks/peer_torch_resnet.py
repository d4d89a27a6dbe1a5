"""Times one training step of a network of images in PyTorch; prints one JSON object.

ResNet-20 as in models/shared/residual.drn, or one of networks/: `--network` is the name of its file.

The convolutions of the blocks are dense, `u v` (k x k to rank outputs, then 1 x 1) or a frozen dense one with such an adapter beside it.
"""
import argparse

import torch
from stopwatch import add_precision, autocast, measure
from torch import nn
from torch.nn import functional

parser = argparse.ArgumentParser()
networks = ["resnet20", "vgg", "resnet18", "wrn28_10", "bottlenecks", "separable", "convnext"]
parser.add_argument("--network", choices=networks, default="resnet20")
parser.add_argument("--form", choices=["dense", "uv", "adapter"], required=True)
parser.add_argument("--ratio", type=int, default=1, help="rank = outputs // ratio, of 1 x 1 convolutions the smaller of both sides // ratio")
parser.add_argument("--mode", choices=["eager", "compile"], default="eager")
parser.add_argument("--layout", choices=["channels_first", "channels_last"], default="channels_first")
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--batch", type=int, default=128)
parser.add_argument("--steps", type=int, default=20)
parser.add_argument("--warm-up", type=int, default=5)
add_precision(parser)
arguments = parser.parse_args()
torch.set_num_threads(arguments.threads)
torch.manual_seed(0)


class Pointwise(nn.Module):
    """A k x k convolution to the rank, then 1 x 1."""

    def __init__(self, inputs, outputs, stride, kernel):
        super().__init__()
        rank = max((outputs if kernel > 1 else min(inputs, outputs)) // arguments.ratio, 1)
        self.u = nn.Conv2d(inputs, rank, kernel, stride, kernel // 2, bias=False)
        self.v = nn.Conv2d(rank, outputs, 1, bias=False)

    def forward(self, x):
        return self.v(self.u(x))


class Adapter(nn.Module):
    def __init__(self, inputs, outputs, stride, kernel):
        super().__init__()
        self.base = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False).requires_grad_(False)
        self.delta = Pointwise(inputs, outputs, stride, kernel)

    def forward(self, x):
        return self.base(x) + self.delta(x) * 2.0


def plain(inputs, outputs, kernel, stride=1, groups=1):
    return nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False)


def convolution(inputs, outputs, stride=1, kernel=3):
    if arguments.form == "dense":
        return plain(inputs, outputs, kernel, stride)
    return (Pointwise if arguments.form == "uv" else Adapter)(inputs, outputs, stride, kernel)


def norm(channels):
    return nn.BatchNorm2d(channels, 1e-3, 0.01) if arguments.network == "resnet20" else nn.BatchNorm2d(channels)


def normalized(convolution, outputs):
    return [convolution, norm(outputs), nn.ReLU()]


class Residual(nn.Module):
    """Layers beside a shortcut, by a 1 x 1 convolution where it projects."""

    def __init__(self, layers, inputs, outputs, stride, project):
        super().__init__()
        self.layers, self.shortcut = nn.Sequential(*layers), nn.Identity()
        if project:
            self.shortcut = nn.Sequential(plain(inputs, outputs, 1, stride), norm(outputs))

    def forward(self, x):
        return functional.relu(self.layers(x) + self.shortcut(x))


def basic(inputs, outputs, stride, project):
    layers = normalized(convolution(inputs, outputs, stride), outputs) + [convolution(outputs, outputs), norm(outputs)]
    return Residual(layers, inputs, outputs, stride, project)


def bottleneck(inputs, channels, stride, project):
    layers = normalized(convolution(inputs, channels, kernel=1), channels) + normalized(convolution(channels, channels, stride), channels)
    layers += [convolution(channels, 4 * channels, kernel=1), norm(4 * channels)]
    return Residual(layers, inputs, 4 * channels, stride, project)


class PixelNorm(nn.LayerNorm):
    """Over the channels of each pixel."""

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)


class Inverted(nn.Module):
    def __init__(self, channels):
        super().__init__()
        up, down = convolution(channels, 4 * channels, kernel=1), convolution(4 * channels, channels, kernel=1)
        depth = nn.Conv2d(channels, channels, 7, padding=3, groups=channels)
        self.layers = nn.Sequential(depth, PixelNorm(channels), up, nn.GELU(), down)

    def forward(self, x):
        return x + self.layers(x)


def residual(stem, stages, repeats, first_project):
    layers, inputs = normalized(plain(3, stem, 3), stem), stem
    for outputs, stride in stages:
        layers += [basic(inputs, outputs, stride, stride > 1 or first_project)] + [basic(outputs, outputs, 1, False) for _ in range(repeats - 1)]
        inputs = outputs
    return layers, inputs


def separable():
    layers = normalized(plain(3, 32, 3), 32)
    for inputs, outputs, stride in ((32, 64, 1), (64, 128, 2), (128, 128, 1), (128, 256, 2), (256, 256, 1)):
        layers += normalized(plain(inputs, inputs, 3, stride, inputs), inputs) + normalized(convolution(inputs, outputs, kernel=1), outputs)
    return layers, 256


def vgg():
    layers, inputs = normalized(plain(3, 64, 3), 64) + normalized(plain(64, 64, 3), 64), 64
    for outputs in (128, 256, 512):
        layers += [nn.MaxPool2d(2)] + normalized(convolution(inputs, outputs), outputs) + normalized(convolution(outputs, outputs), outputs)
        inputs = outputs
    return layers, 512


def convnext():
    layers = [nn.Conv2d(3, 96, 2, 2), PixelNorm(96), Inverted(96), Inverted(96), PixelNorm(96), nn.Conv2d(96, 192, 2, 2), Inverted(192), Inverted(192)]
    return layers, 192


def bottlenecks():
    layers = normalized(plain(3, 256, 1), 256) + [bottleneck(256, 128, 2, True)]
    return layers + [bottleneck(512, 128, 1, False) for _ in range(3)], 512


stages = {
    "resnet20": lambda: residual(16, ((16, 1), (32, 2), (64, 2)), 3, True),
    "resnet18": lambda: residual(64, ((64, 1), (128, 2), (256, 2), (512, 2)), 2, False),
    "wrn28_10": lambda: residual(16, ((160, 1), (320, 2), (640, 2)), 4, True),
    "vgg": vgg, "bottlenecks": bottlenecks, "separable": separable, "convnext": convnext,
}
layers, width = stages[arguments.network]()
network = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 10))
side = 56 if arguments.network == "bottlenecks" else 32
x = torch.rand(arguments.batch, 3, side, side)
labels = torch.randint(0, 10, (arguments.batch,))
if arguments.layout == "channels_last":
    network, x = network.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
trained = [p for p in network.parameters() if p.requires_grad]
optimizer = torch.optim.SGD(trained, lr=0.01, momentum=0.9, fused=True)
forward = torch.compile(network) if arguments.mode == "compile" else network


def step():
    optimizer.zero_grad(set_to_none=True)
    with autocast(arguments.precision):
        loss = functional.cross_entropy(forward(x), labels)
    loss.backward()
    optimizer.step()


measure(step, arguments.warm_up, arguments.steps)
