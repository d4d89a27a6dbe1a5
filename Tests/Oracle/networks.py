"""The networks of the oracle, each as a PyTorch module and as source text of drnc."""

from torch import nn
from torch.nn import functional

from dropout import MaskedDropout
from image_networks import Images, ResNet20, Windows, resnet20_text
from layers import HalfFactored, HalfLinear, form_text, linear
from sequences import SEQUENCES


class Residual(nn.Module):
    """Every layer of drnc once: relu, gelu, tanh, sigmoid, both norms, and a residual sum."""

    formed = ("fc1", "fc2", "fc3")
    text = """
  let start = x |> fc1: linear({h1}, bias: false) |> norm1: batch_norm |> relu
  let branch = start |> fc2: linear({h1}) |> norm2: layer_norm |> gelu
  let sum = start + branch
  return sum |> fc3: linear({h2}) |> tanh |> fc4: linear({h2}) |> sigmoid |> head: linear({outputs})"""

    def __init__(self, case):
        super().__init__()
        (inputs, h1, h2, outputs), form, rank = case.widths, case.form, case.rank
        # Batch norm takes away a bias before it, whose gradient would be nothing but rounding.
        self.fc1 = linear(inputs, h1, form, rank, bias=False)
        self.norm1 = nn.BatchNorm1d(h1)
        self.fc2 = linear(h1, h1, form, rank)
        self.norm2 = nn.LayerNorm(h1)
        self.fc3 = linear(h1, h2, form, rank)
        self.fc4 = linear(h2, h2)
        self.head = linear(h2, outputs)

    def forward(self, x):
        start = functional.relu(self.norm1(self.fc1(x)))
        total = start + functional.gelu(self.norm2(self.fc2(start)))
        return self.head(functional.sigmoid(self.fc4(functional.tanh(self.fc3(total)))))


class Plain(nn.Module):
    """A perceptron of three layers without norms."""

    formed = ("fc1", "fc2")
    text = """
  return x |> fc1: linear({h1}) |> relu |> fc2: linear({h2}) |> relu |> head: linear({outputs})"""

    def __init__(self, case):
        super().__init__()
        (inputs, h1, h2, outputs), form, rank = case.widths, case.form, case.rank
        self.fc1 = linear(inputs, h1, form, rank)
        self.fc2 = linear(h1, h2, form, rank)
        self.head = linear(h2, outputs)

    def forward(self, x):
        return self.head(functional.relu(self.fc2(functional.relu(self.fc1(x)))))


class Half(Plain):
    """The perceptron with products in half width; its last layer is in single precision."""

    settings = ["precision: bfloat16"]
    clauses = "  weights head { precision: single }\n"

    def __init__(self, case):
        super().__init__(case)
        (inputs, h1, h2, _), rank = case.widths, case.rank
        dense = case.form == "dense"
        self.fc1 = HalfLinear(inputs, h1) if dense else HalfFactored(inputs, h1, rank, True)
        self.fc2 = HalfLinear(h1, h2) if dense else HalfFactored(h1, h2, rank, True)


class Statistics(nn.Module):
    """Batch norms with options of their own: running statistics that move fast, a large epsilon."""

    formed = ("fc1", "fc2")
    text = """
  return x
    |> fc1: linear({h1}, bias: false) |> norm1: batch_norm(momentum: 0.5, epsilon: 0.01) |> tanh
    |> fc2: linear({h2}, bias: false) |> norm2: batch_norm(momentum: 1, epsilon: 0.001) |> gelu
    |> norm3: layer_norm(epsilon: 0.1) |> head: linear({outputs})"""

    def __init__(self, case):
        super().__init__()
        (inputs, h1, h2, outputs), form, rank = case.widths, case.form, case.rank
        self.fc1 = linear(inputs, h1, form, rank, bias=False)
        self.norm1 = nn.BatchNorm1d(h1, momentum=0.5, eps=0.01)
        self.fc2 = linear(h1, h2, form, rank, bias=False)
        self.norm2 = nn.BatchNorm1d(h2, momentum=1.0, eps=0.001)
        self.norm3 = nn.LayerNorm(h2, eps=0.1)
        self.head = linear(h2, outputs)

    def forward(self, x):
        hidden = functional.tanh(self.norm1(self.fc1(x)))
        hidden = functional.gelu(self.norm2(self.fc2(hidden)))
        return self.head(self.norm3(hidden))


class Dropped(nn.Module):
    """A perceptron with dropout behind both layers."""

    formed = ("fc1", "fc2")
    text = """
  return x |> fc1: linear({h1}) |> relu |> drop1: dropout(0.3) |> fc2: linear({h2}) |> tanh |> drop2: dropout |> head: linear({outputs})"""

    def __init__(self, case):
        super().__init__()
        (inputs, h1, h2, outputs), form, rank = case.widths, case.form, case.rank
        self.fc1 = linear(inputs, h1, form, rank)
        self.fc2 = linear(h1, h2, form, rank)
        self.head = linear(h2, outputs)
        self.drop1, self.drop2 = MaskedDropout("drop1", 0.3), MaskedDropout("drop2", 0.5)

    def forward(self, x):
        hidden = self.drop1(functional.relu(self.fc1(x)))
        return self.head(self.drop2(functional.tanh(self.fc2(hidden))))


NETWORKS = {
    "residual": Residual, "plain": Plain, "half": Half, "statistics": Statistics, "dropped": Dropped, "images": Images, "windows": Windows,
    "resnet20": ResNet20, **SEQUENCES,
}


def network_text(case):
    """The declaration of a case's network."""
    if case.network == "resnet20":
        return resnet20_text(case)
    _, h1, h2, outputs = case.widths
    network = NETWORKS[case.network]
    body = network.text.format(h1=h1, h2=h2, outputs=outputs)
    result = f"{case.length}, {outputs}" if case.is_text else f"{outputs}"
    return f"{getattr(network, 'blocks', '')}network {case.network}(x: {input_text(case)}) -> tensor[{result}] {{{body}\n}}\n"


def input_text(case):
    """The type of one example."""
    return f"{'tokens' if case.has_tokens else 'tensor'}[{', '.join(str(extent) for extent in case.shape)}]"


def forms_text(case):
    """The clause that gives the weights of a case their form; empty where all are dense."""
    clauses = getattr(NETWORKS[case.network], "clauses", "")
    if case.form == "dense":
        return clauses
    selectors = ", ".join(NETWORKS[case.network].formed)
    rank = f"1/{case.share} of outputs" if case.share else case.rank
    return f"  weights {selectors} {{ from epoch 0: {form_text(case.form, rank)} }}\n" + clauses
