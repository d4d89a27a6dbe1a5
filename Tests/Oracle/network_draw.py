"""Draws networks at random: every layer, form and window of drnc, text and PyTorch module together."""

import random

import torch
from torch import nn
from torch.nn import functional

from convolutions import Window, convolution
from drawn_network import ACTIVATIONS, DrawnNetwork, Function, Node, average_pool, max_pool
from dropout import MaskedDropout
from layers import linear

WIDEST = 140
VECTOR_FORMS = ("factored", "three_factor", "core", "adapter")
IMAGE_FORMS = VECTOR_FORMS + ("tucker", "cp", "adapter_tucker", "adapter_cp")


def pair_text(pair, rng):
    return str(pair[0]) if pair[0] == pair[1] and rng.random() < 0.7 else f"[{pair[0]}, {pair[1]}]"


def window_text(over, rng, default_padding):
    """The options of a window behind its kernel; what is the default is mostly left out."""
    padding = over.padding if isinstance(over.padding, str) else pair_text(over.padding, rng)
    options = [f"stride: {pair_text(over.stride, rng)}"] if over.stride != (1, 1) or default_padding == "valid" else []
    options += [f"padding: {padding}"] if padding != default_padding or rng.random() < 0.1 else []
    options += [f"dilation: {pair_text(over.dilation, rng)}"] if over.dilation != (1, 1) else []
    return options


class PixelNorm(nn.LayerNorm):
    """Over the features, or over the channels of each pixel of an image."""

    def forward(self, x):
        return super().forward(x.permute(0, 2, 3, 1)).permute(0, 3, 1, 2) if x.dim() == 4 else super().forward(x)


class Draw:
    """The nodes of a network as they are drawn, from the random numbers of one seed."""

    def __init__(self, rng):
        self.rng = rng
        self.nodes, self.shapes = [], []
        # Products of one example, the most elements of one value of it, and the fewest values of an example that a batch norm sees.
        self.products, self.elements, self.fewest = 0, 0, 1 << 30

    # Numbers

    def chance(self, share):
        return self.rng.random() < share

    def width(self):
        """1 to 140, mostly odd."""
        low, high = self.rng.choices([(1, 8), (9, 40), (17, 80), (81, WIDEST)], [2, 4, 2, 2])[0]
        number = self.rng.randint(low, high)
        return number - 1 + number % 2 if self.chance(0.7) and number > 1 else number

    def ragged(self):
        """A width above 16 that is no multiple of 16."""
        number = 0
        while number % 16 == 0:
            number = self.rng.randint(17, self.rng.choice((40, WIDEST)))
        return number

    def form_and_rank(self, forms, side):
        if self.chance(0.5):
            return "dense", 0
        return self.rng.choice(forms), self.rng.choice((self.rng.randint(1, min(8, side)), self.rng.randint(1, min(48, side))))

    # Nodes

    def add(self, text, module, inputs, shape, **options):
        """A node; its value's number."""
        self.nodes.append(Node(text, module, inputs, shape, **options))
        elements = 1
        for extent in shape:
            elements *= extent
        self.elements = max(self.elements, elements)
        return len(self.nodes)

    def name(self, letter):
        return f"{letter}{len(self.nodes) + 1}"

    def shape(self, value):
        return self.nodes[value - 1].shape if value else self.input_shape

    def activated(self, value):
        text = self.rng.choices(list(ACTIVATIONS), [5, 2, 2, 2])[0]
        return self.add(text, Function(ACTIVATIONS[text]), (value,), self.shape(value))

    def normed(self, value):
        shape, momentum, epsilon = self.shape(value), self.rng.choice((0.1, 0.1, 0.5, 1, 0.01)), self.rng.choice((1e-5, 1e-5, 0.001, 0.1))
        options = [f"momentum: {momentum}"] if momentum != 0.1 else []
        options += [f"epsilon: {epsilon}"] if epsilon != 1e-5 else []
        self.fewest = min(self.fewest, shape[1] * shape[2] if len(shape) == 3 else 1)
        make = nn.BatchNorm2d if len(shape) == 3 else nn.BatchNorm1d
        text = f"batch_norm({', '.join(options)})" if options else "batch_norm"
        return self.add(text, make(shape[0], momentum=momentum, eps=epsilon), (value,), shape, name=self.name("n"))

    def layer_normed(self, value):
        epsilon, length = self.rng.choice((1e-5, 0.001, 0.1)), self.shape(value)[0]
        text = "layer_norm" if epsilon == 1e-5 else f"layer_norm(epsilon: {epsilon})"
        return self.add(text, PixelNorm(length, eps=epsilon), (value,), self.shape(value), name=self.name("y"))

    def dropped(self, value):
        rate, name = self.rng.choice((0.1, 0.5, 0.7)), self.name("d")
        text = "dropout" if rate == 0.5 else f"dropout({rate})"
        return self.add(text, MaskedDropout(name, rate), (value,), self.shape(value), name=name)

    def added(self, left, right):
        return self.add("+", Function(torch.add), (left, right), self.shape(left))

    def joined(self, left, right):
        shape = (self.shape(left)[0] + self.shape(right)[0],) + tuple(self.shape(left)[1:])
        return self.add("concat", Function(lambda x, y: torch.cat((x, y), 1)), (left, right), shape)

    def linear(self, value, outputs):
        inputs, bias = self.shape(value)[0], self.chance(0.75)
        form, rank = self.form_and_rank(VECTOR_FORMS, min(inputs, outputs))
        text = f"linear({outputs})" if bias else f"linear({outputs}, bias: false)"
        self.products += inputs * outputs
        module = linear(inputs, outputs, form, rank, bias)
        return self.add(text, module, (value,), (outputs,), name=self.name("f"), form=form, rank=rank)

    def convolved(self, value, outputs, over):
        (inputs, height, width), bias = self.shape(value), self.chance(0.6)
        length = over.kernel[0] * over.kernel[1] * (inputs // over.groups)
        form, rank = self.form_and_rank(IMAGE_FORMS, min(length, outputs)) if over.groups == 1 else ("dense", 0)
        options = [str(outputs), f"kernel: {pair_text(over.kernel, self.rng)}"] + window_text(over, self.rng, "same")
        options += [f"groups: {over.groups}"] if over.groups > 1 else []
        options += [] if bias else ["bias: false"]
        places = over.places(height, width)
        self.products += length * outputs * places[0] * places[1]
        module = convolution(inputs, outputs, over, form, rank, bias)
        text = f"conv2d({', '.join(options)})"
        return self.add(text, module, (value,), (outputs, *places), name=self.name("c"), form=form, rank=rank)

    # Windows

    def fits(self, over, value):
        places = over.places(*self.shape(value)[1:])
        return min(places) >= 1

    def extent(self, most):
        return min(self.rng.randint(1, most), self.rng.randint(1, most))

    def extents(self, most):
        first = self.extent(most)
        return (first, first) if self.chance(0.5) else (first, self.extent(most))

    def any_window(self, value, groups=1):
        """A window of any kind that fits the image."""
        while True:
            kernel, stride, dilation = self.extents(7), self.extents(3), self.extents(3)
            paddings = ["same", "valid", (self.rng.randint(0, 3), self.rng.randint(0, 3)), "symmetric"]
            over = Window(kernel, stride, dilation, groups, self.rng.choice(paddings))
            is_whole = over.padding != "symmetric" or all(d * (k - 1) % 2 == 0 for d, k in zip(dilation, kernel))
            if is_whole and self.fits(over, value):
                return over

    def plain_window(self):
        """3 x 3 with a result of the image's size, in each way to write it."""
        return Window((3, 3), padding=self.rng.choice(("same", "symmetric", (1, 1))))

    def pool_window(self, value):
        while True:
            kernel, stride = self.extents(4), self.extents(3)
            zeros = tuple(self.rng.randint(0, k // 2) for k in kernel)
            over = Window(kernel, stride, padding=self.rng.choice(("valid", "same", zeros)))
            if self.fits(over, value):
                return over

    # Stages of images

    def any_convolution(self, value):
        channels = self.shape(value)[0]
        kind = self.rng.choices(("plain", "point", "depthwise", "grouped", "any"), [5, 3, 4, 3, 7])[0]
        if kind == "plain":
            return self.convolved(value, self.width(), self.plain_window())
        if kind == "point":
            return self.convolved(value, self.width(), Window((1, 1), self.rng.choice(((1, 1), (1, 1), (2, 2), (1, 2)))))
        if kind == "depthwise" and self.chance(0.5):
            return self.convolved(value, channels, Window((3, 3), self.rng.choice(((1, 1), (2, 2))), groups=channels))
        divisors = [number for number in range(1, channels + 1) if channels % number == 0]
        groups = {"depthwise": channels, "grouped": self.rng.choice(divisors)}.get(kind, 1)
        outputs = groups * self.rng.randint(1, max(1, min(3, WIDEST // groups))) if kind == "grouped" else channels
        return self.convolved(value, outputs if kind != "any" else self.width(), self.any_window(value, groups))

    def convolution_stage(self, value):
        value = self.any_convolution(value)
        if self.chance(0.5):
            value = self.layer_normed(value) if self.chance(0.2) else self.normed(value)
        return self.activated(value) if self.chance(0.7) else value

    def behind_norm(self, value):
        """A 3 x 3 convolution directly behind a batch norm and an activation."""
        if self.chance(0.7):
            value = self.convolved(value, self.ragged(), self.plain_window())
        value = self.normed(value)
        value = self.activated(value) if self.chance(0.7) else value
        return self.convolved(value, self.width(), self.plain_window())

    def basic_block(self, value):
        """Two convolutions with norms, and beside them nothing, a projection, or a shortcut without parameters."""
        channels, strided = self.shape(value)[0], self.chance(0.3)
        kind = self.rng.choice(("identity", "projection", "padded"))
        outputs = channels if kind == "identity" else self.width()
        outputs = max(outputs, channels) if kind == "padded" else outputs
        stride = (2, 2) if strided and kind != "identity" else (1, 1)
        branch = self.convolved(value, outputs, Window((3, 3), stride))
        branch = self.activated(self.normed(branch))
        branch = self.convolved(branch, outputs, self.plain_window())
        branch = self.normed(branch) if self.chance(0.7) else branch
        beside = value
        if kind == "projection":
            beside = self.convolved(value, outputs, Window((1, 1), stride))
            beside = self.normed(beside) if self.chance(0.6) else beside
        elif kind == "padded":
            beside = self.subsampled(value, stride) if stride != (1, 1) else value
            beside = self.channels_padded(beside, outputs) if outputs > channels else beside
        total = self.added(*self.rng.sample((branch, beside), 2))
        return self.activated(total) if self.chance(0.8) else total

    def channels_padded(self, value, channels):
        present, *places = self.shape(value)
        at = self.rng.choice(("end", "both"))
        before = (channels - present) // 2 if at == "both" else 0
        zeros = (0, 0, 0, 0, before, channels - present - before)
        text = f"pad_channels({channels})" if at == "end" else f"pad_channels({channels}, at: both)"
        return self.add(text, Function(lambda x: functional.pad(x, zeros)), (value,), (channels, *places))

    def subsampled(self, value, stride):
        channels, height, width = self.shape(value)
        shape = (channels, -(-height // stride[0]), -(-width // stride[1]))
        text = f"subsample({pair_text(stride, self.rng)})"
        return self.add(text, Function(lambda x: x[:, :, ::stride[0], ::stride[1]]), (value,), shape)

    def concat_stage(self, value):
        """The image beside what a convolution makes of it, or two convolutions."""
        first = self.convolved(value, self.width(), self.plain_window())
        first = self.activated(first) if self.chance(0.5) else first
        second = self.convolved(value, self.width(), Window((1, 1))) if self.chance(0.4) else value
        return self.joined(*self.rng.sample((first, second), 2))

    def pool_stage(self, value):
        over = self.pool_window(value)
        channels, height, width = self.shape(value)
        options = ", ".join([pair_text(over.kernel, self.rng)] + window_text(over, self.rng, "valid"))
        shape = (channels, *over.places(height, width))
        if self.chance(0.5):
            return self.add(f"max_pool({options})", max_pool(over), (value,), shape, window=over)
        if self.chance(0.5):
            return self.add(f"average_pool({options})", average_pool(over), (value,), shape)
        return self.add(f"average_pool({options}, include_padding: false)", average_pool(over, False), (value,), shape)

    def shortcut_stage(self, value):
        if self.chance(0.5):
            return self.subsampled(value, self.rng.choice(((2, 2), (1, 2), (3, 1))))
        return self.channels_padded(value, self.shape(value)[0] + self.rng.randint(1, 9))

    def ending(self, value):
        """A vector of the image."""
        channels, height, width = self.shape(value)
        length = channels * height * width
        kind = self.rng.choice((("flatten",) if length <= 1500 else ()) + ("global_average_pool", "global_max_pool"))
        if kind == "flatten":
            return self.add(kind, Function(lambda x: x.flatten(1)), (value,), (length,))
        if kind == "global_max_pool":
            window = Window((height, width), padding="valid")
            return self.add(kind, Function(lambda x: x.amax((2, 3))), (value,), (channels,), window=window)
        return self.add(kind, Function(lambda x: x.mean((2, 3))), (value,), (channels,))

    # Stages of vectors

    def linear_stage(self, value):
        value = self.linear(value, self.width())
        norm = self.rng.choice((None, None, self.normed, self.layer_normed))
        value = norm(value) if norm else value
        value = self.activated(value) if self.chance(0.7) else value
        return self.dropped(value) if self.chance(0.1) else value

    def residual_stage(self, value):
        length = self.shape(value)[0]
        branch = self.linear_stage(value)
        branch = self.linear(branch, length) if self.shape(branch)[0] != length else branch
        total = self.added(*self.rng.sample((branch, value), 2))
        return self.activated(total) if self.chance(0.5) else total

    def vector_concat_stage(self, value):
        return self.joined(*self.rng.sample((self.linear_stage(value), value), 2))

    def draw(self, outputs):
        """A whole network."""
        rng, value = self.rng, 0
        if self.chance(0.15):
            self.input_shape = (self.width() * rng.choice((1, 1, 3)),)
        else:
            side = rng.choice((6, 12, 16, 16, 40))
            self.input_shape = (min(self.width(), self.width()), rng.randint(1, side), rng.randint(1, side))
            stages = (
                self.convolution_stage, self.behind_norm, self.basic_block, self.concat_stage, self.pool_stage, self.shortcut_stage,
                self.activated, self.normed, self.dropped)
            for stage in rng.choices(stages, [10, 6, 4, 3, 4, 1, 1, 1, 0.7], k=rng.randint(1, 4)):
                value = stage(value)
            value = self.ending(value)
        stages = self.linear_stage, self.residual_stage, self.vector_concat_stage
        for stage in rng.choices(stages, [4, 2, 1], k=rng.randint(0 if value else 1, 2)):
            value = stage(value)
        self.linear(value, outputs)
        return DrawnNetwork(self.nodes)


def seeded(seed):
    """The random numbers of a network: those of its structure, and PyTorch's for its tensors."""
    torch.manual_seed(seed)
    return random.Random(seed)
