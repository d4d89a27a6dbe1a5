"""A network as a list of layers, each as source text of drnc and as a PyTorch module."""

from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional

from convolutions import Window
from layers import form_text


class Function(nn.Module):
    """A layer without parameters."""

    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, *inputs):
        return self.function(*inputs)


ACTIVATIONS = {"relu": functional.relu, "gelu": functional.gelu, "tanh": torch.tanh, "sigmoid": torch.sigmoid}


@dataclass
class Node:
    """A layer of a network. `inputs` are numbers of values, 0 the network's own; the node of place i makes value i + 1."""

    text: str
    module: nn.Module
    inputs: tuple
    shape: tuple
    # The name in front of the layer, empty for layers without tensors; the form of its weight and that form's rank.
    name: str = ""
    form: str = "dense"
    rank: int = 0
    # The window of a max pool.
    window: Window | None = None

    @property
    def stage(self):
        """The statement's right side."""
        inputs = ["x" if i == 0 else f"v{i}" for i in self.inputs]
        if self.text == "+":
            return " + ".join(inputs)
        if len(inputs) > 1:
            return f"{self.text}({', '.join(inputs)})"
        label = f"{self.name}: " if self.name else ""
        return f"{inputs[0]} |> {label}{self.text}"

    def smooth(self):
        """Puts what has no kink in the place of what has."""
        if self.text == "relu":
            self.text, self.module = "gelu", Function(functional.gelu)
        elif self.text == "global_max_pool":
            self.text, self.module = "global_average_pool", Function(lambda x: x.mean((2, 3)))
        else:
            self.text = self.text.replace("max_pool", "average_pool")
            self.module = average_pool(self.window)


class DrawnNetwork(nn.Module):
    """The nodes, each reading values of those before it."""

    def __init__(self, nodes):
        super().__init__()
        self.nodes = nodes
        for node in nodes:
            if node.name:
                self.add_module(node.name, node.module)

    def module_of(self, node):
        """Of this network: the one the node holds may belong to a copy in another precision."""
        return getattr(self, node.name) if node.name else node.module

    def forward(self, x):
        values = [x]
        for node in self.nodes:
            values.append(self.module_of(node)(*(values[i] for i in node.inputs)))
        return values[-1]

    def readers(self, value):
        return sum(node.inputs.count(value) for node in self.nodes)

    def text(self, shape, outputs):
        lines = [f"  let v{place} = {node.stage}" for place, node in enumerate(self.nodes[:-1], start=1)]
        body = "\n".join(lines + [f"  return {self.nodes[-1].stage}"])
        extents = ", ".join(str(extent) for extent in shape)
        return f"network drawn(x: tensor[{extents}]) -> tensor[{outputs}] {{\n{body}\n}}\n"

    def forms_text(self):
        clauses = [f"  weights {n.name} {{ from epoch 0: {form_text(n.form, n.rank)} }}\n" for n in self.nodes if n.form != "dense"]
        return "".join(clauses)


def same_zeros(over, height, width):
    """Zeros left, right, top and bottom of `padding: same`, in the order of `functional.pad`."""
    zeros = []
    for axis, extent in ((1, width), (0, height)):
        total = max(0, (extent - 1) // over.stride[axis] * over.stride[axis] + over.kernel[axis] - extent)
        zeros += [total // 2, total - total // 2]
    return zeros


def padded(x, over, value):
    top, left = (0, 0) if over.padding == "same" else over.zeros
    zeros = same_zeros(over, *x.shape[2:]) if over.padding == "same" else [left, left, top, top]
    return functional.pad(x, zeros, value=value)


def max_pool(over):
    return Function(lambda x: functional.max_pool2d(padded(x, over, float("-inf")), over.kernel, over.stride))


def average_pool(over, includes_padding=True):
    def pooled(x):
        sums = functional.avg_pool2d(padded(x, over, 0), over.kernel, over.stride)
        if includes_padding:
            return sums
        return sums / functional.avg_pool2d(padded(torch.ones_like(x[:1, :1]), over, 0), over.kernel, over.stride)

    return Function(pooled)
