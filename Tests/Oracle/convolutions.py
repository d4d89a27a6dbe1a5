"""Convolutions whose weight has one of the forms of drnc, computed by PyTorch: every factor is a `torch.nn.Conv2d`."""

from dataclasses import dataclass, replace

import torch
from torch import nn
from torch.nn import functional

from layers import Adapter

POINT = (1, 1)


@dataclass(frozen=True)
class Window:
    """How a kernel moves over an image; `padding` as drnc states it, numbers of zeros as a pair."""

    kernel: tuple
    stride: tuple = POINT
    dilation: tuple = POINT
    groups: int = 1
    padding: str | tuple = "same"

    @property
    def along_row(self):
        padding = self.padding if isinstance(self.padding, str) else (0, self.padding[1])
        return replace(self, kernel=(1, self.kernel[1]), stride=(1, self.stride[1]), dilation=(1, self.dilation[1]), padding=padding)

    @property
    def along_column(self):
        padding = self.padding if isinstance(self.padding, str) else (self.padding[0], 0)
        return replace(self, kernel=(self.kernel[0], 1), stride=(self.stride[0], 1), dilation=(self.dilation[0], 1), padding=padding)

    @property
    def zeros(self):
        """On each side of height and of width, where `padding` is not `same`."""
        if self.padding == "symmetric":
            return tuple(d * (k - 1) // 2 for d, k in zip(self.dilation, self.kernel))
        return (0, 0) if self.padding == "valid" else self.padding

    def places(self, height, width):
        """Height and width of the result."""
        if self.padding == "same":
            return tuple(-(-extent // s) for extent, s in zip((height, width), self.stride))
        sides = zip((height, width), self.zeros, self.dilation, self.kernel, self.stride)
        return tuple((extent + 2 * zeros - d * (k - 1) - 1) // s + 1 for extent, zeros, d, k, s in sides)


def window(kernel, stride=1, **options):
    """A window with the same stride in both directions; the kernel may be one number."""
    return Window(kernel if isinstance(kernel, tuple) else (kernel, kernel), (stride, stride), **options)


class SamePadding(nn.Conv2d):
    """Keras's `same`: the extent divided by the stride, rounded up; an odd number of zeros has one more at the end."""

    def forward(self, x):
        zeros = []
        for axis in (1, 0):
            extent, stride = x.shape[2 + axis], self.stride[axis]
            last, reach = (extent - 1) // stride * stride, self.dilation[axis] * (self.kernel_size[axis] - 1)
            total = max(0, last + reach + 1 - extent)
            zeros += [total // 2, total - total // 2]
        return super().forward(functional.pad(x, zeros))


def single(inputs, outputs, over, bias=False):
    """One convolution."""
    options = {"stride": over.stride, "dilation": over.dilation, "groups": over.groups, "bias": bias}
    if over.padding == "same":
        return SamePadding(inputs, outputs, over.kernel, **options)
    return nn.Conv2d(inputs, outputs, over.kernel, padding=over.zeros, **options)


def point(inputs, outputs):
    return nn.Conv2d(inputs, outputs, 1, bias=False)


class Chain(nn.Module):
    """A convolution as a chain of smaller ones; `factors` in order, by drnc's names for them."""

    def __init__(self, factors, outputs, bias, frozen=()):
        super().__init__()
        self.order = list(factors)
        for name, factor in factors.items():
            self.add_module(name, factor.requires_grad_(name not in frozen))
        self.bias = nn.Parameter(0.1 * torch.randn(outputs)) if bias else None

    def chained(self, x):
        for name in self.order:
            x = getattr(self, name)(x)
        return x

    def forward(self, x):
        y = self.chained(x)
        return y if self.bias is None else y + self.bias[:, None, None]


def factored(inputs, outputs, rank, over):
    return {"u": single(inputs, rank, over), "v": point(rank, outputs)}


def three_factor(inputs, outputs, rank, over):
    return {"u": single(inputs, rank, over), "s": point(rank, rank), "v": point(rank, outputs)}


def tucker(inputs, outputs, rank, over):
    return {"u": point(inputs, rank), "core": single(rank, rank, over), "v": point(rank, outputs)}


def cp(inputs, outputs, rank, over):
    width, height = single(rank, rank, over.along_row), single(rank, rank, over.along_column)
    return {"u": point(inputs, rank), "width": width, "height": height, "v": point(rank, outputs)}


FACTORS = {"factored": factored, "three_factor": three_factor, "core": three_factor, "tucker": tucker, "cp": cp}


def as_matrix(weight):
    """A weight of a convolution as drnc keeps it: kernel row, kernel column and input channel by output channel."""
    return weight.permute(2, 3, 1, 0).reshape(-1, weight.shape[0])


def make_orthonormal(u, v):
    """The bases of `core`: columns of u and rows of v."""
    with torch.no_grad():
        columns = torch.linalg.qr(as_matrix(u.weight)).Q
        outputs, inputs, height, width = u.weight.shape
        u.weight.copy_(columns.reshape(height, width, inputs, outputs).permute(3, 2, 0, 1))
        v.weight.copy_(torch.linalg.qr(v.weight[:, :, 0, 0]).Q[:, :, None, None])


class AdapterConvolution(nn.Module):
    """A frozen convolution and a trained chain beside it, scaled by alpha / rank."""

    def __init__(self, inputs, outputs, rank, over, bias, delta):
        super().__init__()
        self.base = single(inputs, outputs, over).requires_grad_(False)
        factors = {{"u": "a", "v": "b"}.get(name, name): factor for name, factor in FACTORS[delta](inputs, outputs, rank, over).items()}
        self.order = list(factors)
        for name, factor in factors.items():
            self.add_module(name, factor)
        self.scale = Adapter.alpha / rank
        self.bias = nn.Parameter(0.1 * torch.randn(outputs)) if bias else None

    def forward(self, x):
        y = self.base(x) + self.scale * Chain.chained(self, x)
        return y if self.bias is None else y + self.bias[:, None, None]


def convolution(inputs, outputs, over, form="dense", rank=0, bias=False):
    """A convolution with a weight of that form."""
    if form == "dense":
        return single(inputs, outputs, over, bias)
    if form.startswith("adapter"):
        return AdapterConvolution(inputs, outputs, rank, over, bias, form.removeprefix("adapter").lstrip("_") or "factored")
    chain = Chain(FACTORS[form](inputs, outputs, rank, over), outputs, bias, frozen=("u", "v") if form == "core" else ())
    if form == "core":
        make_orthonormal(chain.u, chain.v)
    return chain
