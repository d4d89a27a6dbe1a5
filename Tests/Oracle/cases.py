"""What is compared: a table of cases, and each case as a program of drnc."""

from dataclasses import dataclass

import torch

from networks import NETWORKS, forms_text, input_text, network_text

# The optimizer as drnc's source states it, as PyTorch makes it, and a learning rate that suits it.
OPTIMIZERS = {
    "sgd": ("sgd", torch.optim.SGD, {}, 0.1),
    "momentum": ("sgd(momentum: 0.9)", torch.optim.SGD, {"momentum": 0.9}, 0.05),
    "nesterov": ("sgd(momentum: 0.9, nesterov: true)", torch.optim.SGD, {"momentum": 0.9, "nesterov": True}, 0.05),
    "dampened": ("sgd(momentum: 0.8, dampening: 0.25)", torch.optim.SGD, {"momentum": 0.8, "dampening": 0.25}, 0.05),
    "adam": ("adam", torch.optim.Adam, {}, 0.01),
    "adam_tuned": (
        "adam(beta1: 0.7, beta2: 0.95, epsilon: 0.001)", torch.optim.Adam, {"betas": (0.7, 0.95), "eps": 0.001}, 0.01),
    "adamw": ("adamw", torch.optim.AdamW, {}, 0.01),
    "adagrad": ("adagrad", torch.optim.Adagrad, {}, 0.05),
}


@dataclass(frozen=True)
class Case:
    name: str
    form: str = "dense"
    optimizer: str = "momentum"
    network: str = "residual"
    regression: bool = False
    smoothing: float = 0
    class_weights: tuple = ()
    weight_decay: float = 0
    decay: str = "factors"
    clip: float = 0
    clip_value: float = 0
    accumulation: int = 1
    # The scale of the look-ahead of `extrapolate`, and which gradient it goes along; none where empty.
    scale: float = 0
    extrapolation: str = ""
    widths: tuple = (20, 16, 12, 4)
    rank: int = 4
    # Of an image; one convention or the other where a window has a stride.
    image: tuple = ()
    padding: str = "same"
    activation: str = "relu"
    # The rank is 1 / share of a layer's outputs; 0 where `rank` is it.
    share: int = 0
    batch: int = 8
    steps: int = 10
    # Positions of a sequence; 0 where an example is none.
    length: int = 0

    @property
    def shape(self):
        """Of one example."""
        if self.length:
            return (self.length,) if self.has_tokens else (self.length, self.widths[0])
        return self.image or self.widths[:1]

    @property
    def has_tokens(self):
        return self.network in ("gpt", "llama", "memory")

    @property
    def is_text(self):
        """Whether each position has a label, the token that follows."""
        return self.network in ("gpt", "llama")

    @property
    def outputs(self):
        return self.widths[-1]

    def rank_for(self, outputs):
        return outputs // self.share if self.share else self.rank

    @property
    def rows(self):
        return self.batch * self.accumulation


FORM_NAMES = ("dense", "factored", "three_factor", "core", "adapter")
MAIN_OPTIMIZERS = ("sgd", "momentum", "nesterov", "adam", "adamw")

FORM_CASES = [
    Case(f"{optimizer}-{form}", form=form, optimizer=optimizer, weight_decay=0.03, steps=50)
    for optimizer in MAIN_OPTIMIZERS for form in FORM_NAMES
]

SETTING_CASES = [
    Case("plain", network="plain", optimizer="sgd"),
    Case("plain-factored", network="plain", form="factored", optimizer="adam"),
    Case("half", network="half"),
    Case("half-factored", network="half", form="factored", optimizer="adam"),
    Case("statistics", network="statistics"),
    Case("statistics-accumulated", network="statistics", form="factored", accumulation=3),
    Case("smoothing", smoothing=0.1),
    Case("class-weights", class_weights=(0.5, 2, 1, 0)),
    Case("smoothing-class-weights", smoothing=0.2, class_weights=(0.25, 3, 1.5, 1), form="factored"),
    Case("squared-error", regression=True),
    Case("squared-error-plain", regression=True, network="plain", form="three_factor", optimizer="adamw"),
    Case("decay-product", form="factored", weight_decay=0.1, decay="product"),
    Case("decay-product-three-factor", form="three_factor", optimizer="sgd", weight_decay=0.1, decay="product"),
    Case("decay-product-core", form="core", optimizer="adam", weight_decay=0.1, decay="product"),
    Case("decay-product-adapter", form="adapter", optimizer="nesterov", weight_decay=0.1, decay="product"),
    Case("decay-none", form="factored", weight_decay=0.1, decay="none"),
    Case("clip-tight", clip=0.05, weight_decay=0.03),
    Case("clip-loose", clip=1000),
    Case("clip-product", form="factored", clip=0.1, weight_decay=0.1, decay="product"),
    Case("clip-value", form="factored", clip_value=0.01, weight_decay=0.03),
    Case("accumulation", accumulation=2),
    Case(
        "accumulation-clip", form="factored", optimizer="adamw", accumulation=4, clip=0.1, class_weights=(1, 2, 3, 4),
        smoothing=0.1, weight_decay=0.03),
    Case("dampened", optimizer="dampened", weight_decay=0.03),
    Case("adagrad", optimizer="adagrad", form="factored", weight_decay=0.03),
    Case("adam-tuned", optimizer="adam_tuned", form="factored", weight_decay=0.03),
    Case("extrapolate-previous", form="factored", scale=0.5, extrapolation="previous", weight_decay=0.03),
    Case("extrapolate-current", optimizer="adam", scale=0.5, extrapolation="current", weight_decay=0.03),
]

_IMAGE = {"network": "images", "image": (3, 9, 8), "rank": 3, "batch": 4}
IMAGE_FORMS = ("dense", "factored", "three_factor", "core", "tucker", "cp", "adapter", "adapter_tucker", "adapter_cp")

IMAGE_CASES = [Case(f"images-{form}", form=form, weight_decay=0.03, **_IMAGE) for form in IMAGE_FORMS] + [
    Case("images-adamw-tucker", form="tucker", optimizer="adamw", weight_decay=0.03, smoothing=0.1, **_IMAGE),
    Case("windows", network="windows", image=(4, 13, 12)),
    Case("windows-adam", network="windows", image=(4, 12, 11), optimizer="adam", class_weights=(0.5, 2, 1, 3)),
    Case("dropped", network="dropped", weight_decay=0.03),
    Case("dropped-factored", network="dropped", form="factored", optimizer="adamw"),
]

_SEQUENCE = {"widths": (5, 16, 24, 11), "length": 9, "rank": 4, "batch": 3}

SEQUENCE_CASES = [
    Case(f"{network}-{form}", network=network, form=form, optimizer=optimizer, weight_decay=0.03, steps=steps, **_SEQUENCE)
    for network, adaptive in (("gpt", "adamw"), ("llama", "adamw"), ("memory", "momentum"), ("conformer", "momentum"))
    for form, optimizer, steps in (("dense", adaptive, 50), ("factored", "momentum", 10)) if (network, form) != ("memory", "factored")
] + [
    Case("gpt-accumulated", network="gpt", accumulation=2, clip=0.5, smoothing=0.1, **_SEQUENCE),
    Case("llama-one", network="llama", optimizer="sgd", **{**_SEQUENCE, "length": 1}),
    Case("gpt-long", network="gpt", optimizer="sgd", steps=2, **{**_SEQUENCE, "length": 1000}),
]

_RESNET = {"network": "resnet20", "image": (3, 32, 32), "widths": (10,), "share": 4, "batch": 32}

# ResNet-20 of the models on images of CIFAR-10, where there are any: as it is, with PyTorch's padding, and without kinks.
RESNET_CASES = [
    Case("resnet20-dense", steps=50, **_RESNET),
    Case("resnet20-symmetric", padding="symmetric", **_RESNET),
    Case("resnet20-smooth", activation="gelu", **_RESNET),
] + [Case(f"resnet20-{form}", form=form, **_RESNET) for form in ("factored", "tucker", "cp", "adapter")]

_SMALL = {"widths": (6, 5, 4, 3), "rank": 2, "batch": 4, "steps": 3}

# Committed beside this file, so that the oracle speaks where there is no PyTorch.
SMALL_CASES = [
    Case("small-momentum-dense", weight_decay=0.03, smoothing=0.1, class_weights=(0.5, 2, 1), **_SMALL),
    Case("small-adamw-factored", form="factored", optimizer="adamw", weight_decay=0.03, **_SMALL),
    Case("small-nesterov-adapter", form="adapter", optimizer="nesterov", clip=0.1, accumulation=2, network="statistics", **_SMALL),
    Case("small-adam-three-factor", form="three_factor", optimizer="adam", regression=True, **_SMALL),
]


def loss_text(case):
    if case.regression:
        return "mean_squared_error"
    return f"cross_entropy(smoothing: {case.smoothing})" if case.smoothing else "cross_entropy"


def data_text(case):
    """Only shapes are read from it: the batches come from the fixture."""
    if case.regression:
        source, label = 'npy(features: "none.npy", labels: "none.npy")\n  examples: 1200', f"tensor[{case.outputs}]"
    else:
        source, label = "synthetic(examples: 1200)", f"class({case.outputs})"
    if case.is_text:
        source, label = 'text("none.txt")\n  examples: 1200', f"next_token({case.outputs})"
    elif case.has_tokens:
        source = 'lines("none")\n  examples: 1200'
    return f"data batches {{\n  source: {source}\n  x: {input_text(case)}\n  label: {label}\n}}\n"


def train_text(case, optimizer, settings, forms):
    lines = [
        "length: 1 epochs", f"batch: {case.batch}", f"loss: {loss_text(case)}", f"optimizer: {optimizer}", "rate: 0.1",
    ] + settings
    if case.accumulation > 1:
        lines.append(f"accumulation: {case.accumulation}")
    if case.class_weights:
        lines.append(f"class_weights: [{', '.join(str(weight) for weight in case.class_weights)}]")
    body = "".join(f"  {line}\n" for line in lines)
    return f"train {case.network} on batches {{\n{body}{forms}}}\n"


def own_settings(case):
    """Settings that come with the network."""
    return list(getattr(NETWORKS.get(case.network), "settings", []))


def program(case, network=None, forms=None):
    """The case as source text; its network and the clauses of its forms as given, or those of its names."""
    optimizer = OPTIMIZERS[case.optimizer][0]
    if case.extrapolation:
        optimizer = f"extrapolate({optimizer}, gradient: {case.extrapolation}, scale: {case.scale})"
    settings = own_settings(case)
    if case.weight_decay:
        settings.append(f"weight_decay: {case.weight_decay}")
        settings += [f"decay: {case.decay}"] if case.form != "dense" else []
    if case.clip:
        settings.append(f"clip: {case.clip}")
    if case.clip_value:
        settings.append(f"clip_value: {case.clip_value}")
    network, forms = network or network_text(case), forms_text(case) if forms is None else forms
    return "\n".join([data_text(case), network, train_text(case, optimizer, settings, forms)])


def gradient_program(case):
    """The case with momentum and nothing else: from an empty buffer, the buffer after a step is the gradient itself."""
    return "\n".join([data_text(case), network_text(case), train_text(case, "sgd(momentum: 0.5)", own_settings(case), forms_text(case))])
