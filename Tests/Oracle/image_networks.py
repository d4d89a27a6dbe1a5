"""The convolutional networks of the oracle, each as a PyTorch module and as source text of drnc."""

import pathlib

from torch import nn
from torch.nn import functional

from convolutions import convolution, window
from dropout import MaskedDropout

MODELS = pathlib.Path(__file__).resolve().parents[2] / "models"


class Images(nn.Module):
    """Convolutions with and without a norm, a bias or a stride, and one for each channel by itself."""

    formed = ("conv1", "conv2", "conv3")
    text = """
  let start = x |> conv1: conv2d(8, kernel: 3, bias: false) |> norm1: batch_norm |> relu
  let branch = start |> conv2: conv2d(8, kernel: [3, 5]) |> gelu
  return (start + branch) |> max_pool(2)
    |> conv3: conv2d(12, kernel: 3, stride: 2, bias: false) |> norm3: batch_norm(momentum: 0.5) |> tanh |> drop: dropout(0.25)
    |> depth: conv2d(12, kernel: 3, groups: 12) |> sigmoid |> flatten |> head: linear({outputs})"""

    def __init__(self, case):
        super().__init__()
        channels, height, width = case.image
        self.conv1 = convolution(channels, 8, window(3), case.form, case.rank_for(8))
        self.norm1 = nn.BatchNorm2d(8)
        self.conv2 = convolution(8, 8, window((3, 5)), case.form, case.rank_for(8), bias=True)
        self.conv3 = convolution(8, 12, window(3, 2), case.form, case.rank_for(12))
        self.norm3 = nn.BatchNorm2d(12, momentum=0.5)
        self.drop = MaskedDropout("drop", 0.25)
        self.depth = convolution(12, 12, window(3, groups=12), bias=True)
        self.head = nn.Linear(12 * ((height // 2 + 1) // 2) * ((width // 2 + 1) // 2), case.outputs)

    def forward(self, x):
        start = functional.relu(self.norm1(self.conv1(x)))
        pooled = functional.max_pool2d(start + functional.gelu(self.conv2(start)), 2)
        narrow = self.drop(functional.tanh(self.norm3(self.conv3(pooled))))
        return self.head(functional.sigmoid(self.depth(narrow)).flatten(1))


class Windows(nn.Module):
    """Windows of many kinds: groups, dilation, even kernels, padding of both conventions, every pool."""

    formed = ()
    text = """
  let start = x |> conv1: conv2d(6, kernel: 4, stride: 2, padding: 1) |> tanh
  let wide = start |> conv2: conv2d(6, kernel: 3, groups: 2, dilation: 2, padding: symmetric) |> relu
  return (start + wide) |> max_pool(3, stride: 2, padding: 1)
    |> conv3: conv2d(9, kernel: 2, groups: 3, bias: false) |> norm3: batch_norm |> gelu |> average_pool([1, 2])
    |> conv4: conv2d(9, kernel: 3, stride: 2) |> global_average_pool |> head: linear({outputs})"""

    def __init__(self, case):
        super().__init__()
        self.conv1 = convolution(case.image[0], 6, window(4, 2, padding="symmetric"), bias=True)
        self.conv2 = convolution(6, 6, window(3, groups=2, dilation=(2, 2), padding="symmetric"), bias=True)
        self.conv3 = convolution(6, 9, window(2, groups=3))
        self.norm3 = nn.BatchNorm2d(9)
        self.conv4 = convolution(9, 9, window(3, 2), bias=True)
        self.head = nn.Linear(9, case.outputs)

    def forward(self, x):
        start = functional.tanh(self.conv1(x))
        pooled = functional.max_pool2d(start + functional.relu(self.conv2(start)), 3, 2, 1)
        halved = functional.avg_pool2d(functional.gelu(self.norm3(self.conv3(pooled))), (1, 2))
        return self.head(self.conv4(halved).mean((2, 3)))


ACTIVATIONS = {"relu": functional.relu, "gelu": functional.gelu}


class Block(nn.Module):
    """The block `residual` of models/shared/residual.drn."""

    def __init__(self, inputs, outputs, stride, project, case):
        super().__init__()
        self.activation = ACTIVATIONS[case.activation]
        options = {"momentum": 0.01, "eps": 1e-3}
        self.conv1 = convolution(inputs, outputs, window(3, stride, padding=case.padding), case.form, case.rank_for(outputs))
        self.norm1 = nn.BatchNorm2d(outputs, **options)
        self.conv2 = convolution(outputs, outputs, window(3, padding=case.padding), case.form, case.rank_for(outputs))
        self.norm2 = nn.BatchNorm2d(outputs, **options)
        nn.init.zeros_(self.norm2.weight)
        self.projection = convolution(inputs, outputs, window(1, stride)) if project else None
        self.projection_norm = nn.BatchNorm2d(outputs, **options) if project else None

    def forward(self, x):
        y = self.norm2(self.conv2(self.activation(self.norm1(self.conv1(x)))))
        return self.activation(y + (self.projection_norm(self.projection(x)) if self.projection else x))


class ResNet20(nn.Module):
    """The network `resnet20` of models/shared/residual.drn."""

    formed = ("stage*.**.conv*",)

    def __init__(self, case):
        super().__init__()
        self.activation = ACTIVATIONS[case.activation]
        self.stem = convolution(3, 16, window(3))
        self.stem_norm = nn.BatchNorm2d(16, momentum=0.01, eps=1e-3)
        inputs = 16
        for stage, outputs in enumerate((16, 32, 64), start=1):
            stride = 1 if stage == 1 else 2
            first = Block(inputs, outputs, stride, True, case)
            self.add_module(f"stage{stage}", nn.Sequential(first, *(Block(outputs, outputs, 1, False, case) for _ in range(2))))
            inputs = outputs
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        x = self.activation(self.stem_norm(self.stem(x)))
        return self.head(self.stage3(self.stage2(self.stage1(x))).mean((2, 3)))


def resnet20_text(case):
    """The model's own text; where a case pads as PyTorch does, or has no kinks, with that word changed."""
    text = (MODELS / "shared" / "residual.drn").read_text()
    return text.replace("padding: same", f"padding: {case.padding}").replace("relu", case.activation)
