"""Linear layers whose weight has one of the forms of drnc, computed by PyTorch.

A weight is kept as drnc's forms state it, inputs x outputs; only a dense one is a `torch.nn.Linear`, which keeps the transpose.
"""

import torch
from torch import nn

FACTORS = ("base", "a", "b", "u", "s", "v", "core", "width", "height")


def half(x):
    """The nearest bfloat16, by way of single precision."""
    return x.float().bfloat16().to(x.dtype)


class HalfProduct(torch.autograd.Function):
    """A product of rounded matrices, whose gradients are products of rounded matrices too."""

    @staticmethod
    def forward(context, x, w):
        context.save_for_backward(half(x), half(w))
        return half(x) @ half(w)

    @staticmethod
    def backward(context, dy):
        x, w = context.saved_tensors
        return half(dy) @ w.T, x.T @ half(dy)


class HalfLinear(nn.Linear):
    """A dense linear layer of products in half width."""

    def forward(self, x):
        return HalfProduct.apply(x, self.weight.T) + self.bias


class Factors(nn.Module):
    """A linear layer with a weight of several tensors; `shapes` in the order of the names, some of them frozen."""

    def __init__(self, shapes, frozen, outputs, bias):
        super().__init__()
        for name, shape in shapes.items():
            # The product of r terms should have entries of about 1 / sqrt(inputs): that leaves no layer saturated.
            values = torch.randn(shape) / shape[0] ** 0.5
            self.register_parameter(name, nn.Parameter(values, requires_grad=name not in frozen))
        self.bias = nn.Parameter(0.1 * torch.randn(outputs)) if bias else None

    def forward(self, x):
        product = self.product(x)
        return product if self.bias is None else product + self.bias


class Factored(Factors):
    def __init__(self, inputs, outputs, rank, bias):
        super().__init__({"u": (inputs, rank), "v": (rank, outputs)}, (), outputs, bias)

    def product(self, x):
        return x @ self.u @ self.v

    def dense(self):
        return self.u @ self.v


class HalfFactored(Factored):
    """Factors of products in half width."""

    def product(self, x):
        return HalfProduct.apply(HalfProduct.apply(x, self.u), self.v)


class ThreeFactor(Factors):
    frozen = ()

    def __init__(self, inputs, outputs, rank, bias):
        super().__init__({"u": (inputs, rank), "s": (rank, rank), "v": (rank, outputs)}, self.frozen, outputs, bias)

    def product(self, x):
        return x @ self.u @ self.s @ self.v

    def dense(self):
        return self.u @ self.s @ self.v


class Core(ThreeFactor):
    """Frozen orthonormal bases, a trained core."""

    frozen = ("u", "v")

    def __init__(self, inputs, outputs, rank, bias):
        super().__init__(inputs, outputs, rank, bias)
        with torch.no_grad():
            self.u.copy_(torch.linalg.qr(self.u).Q)
            self.v.copy_(torch.linalg.qr(self.v.T).Q.T)

    def dense(self):
        """The core: under orthonormal bases it has the norm of the product, and rounded bases are orthonormal to 7 digits only."""
        return self.s


class Adapter(Factors):
    alpha = 6

    def __init__(self, inputs, outputs, rank, bias):
        shapes = {"base": (inputs, outputs), "a": (inputs, rank), "b": (rank, outputs)}
        super().__init__(shapes, ("base",), outputs, bias)
        self.scale = self.alpha / rank

    def product(self, x):
        return x @ self.base + self.scale * (x @ self.a @ self.b)

    def dense(self):
        return self.base + self.scale * (self.a @ self.b)


FORMS = {"factored": Factored, "three_factor": ThreeFactor, "core": Core, "adapter": Adapter}


def form_text(form, rank):
    """The form as drnc's source states it; `adapter_cp` is an adapter of a CP chain."""
    word, _, delta = form.partition("_") if form.startswith("adapter") else (form, "", "")
    alpha = f", alpha: {Adapter.alpha}" if word == "adapter" else ""
    return f"{word}(rank: {rank}{alpha}{', form: ' + delta if delta else ''})"


def linear(inputs, outputs, form="dense", rank=0, bias=True):
    """A linear layer with a weight of that form."""
    return nn.Linear(inputs, outputs, bias=bias) if form == "dense" else FORMS[form](inputs, outputs, rank, bias)
