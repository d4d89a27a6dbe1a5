"""Writes fixtures of random networks: one step of each, as PyTorch takes it in double precision.

    python random_networks.py --first 0 --count 60 FOLDER     networks 0 to 59, each from the seed of its number
    python random_networks.py --count 1000 --describe         what they hold, as counts

A fixture holds, in drnc's names and layout, what the step reads in single precision (`state/NAME`, batch, rate, key), what it leaves and
shows in double precision (`double/...`), and by how much PyTorch's own single precision deviates from that (`single/...`, one number for
each tensor: the norm of the difference). See docs/contributing/oracles.md.
"""

import argparse
import collections
import copy
import os
import re

import torch
from torch import nn
from torch.nn import functional

import cases
import safetensors_file
from cases import Case
from drawn_network import ACTIVATIONS, padded
from dropout import set_key, step_key
from make_fixtures import evaluation, key_parts, promoted, random_batch
from network_draw import Draw, seeded
from steps import Training

# The most products and elements of one value in a batch, for most networks and for a few.
USUAL, LARGE = (3e8, 2.5e5), (3e9, 1.5e6)
# How near a kink an input may lie, over the root mean square of all inputs there: some ten times what single precision rounds.
MARGIN = 3e-5


def draw_case(network, draw, rng):
    """Everything but the network: loss, optimizer, decay, clipping, accumulation and batch."""
    products, elements = LARGE if rng.random() < 0.03 else USUAL
    most = min(products / max(1, draw.products), elements / draw.elements)
    # A batch norm over two values gives one and minus one whatever they are.
    least = 1 if draw.fewest > 1 else 4 if rng.random() < 0.9 else 2
    batch = max(least, int(min(most, rng.choice((rng.randint(1, 8), rng.randint(1, 70), rng.randint(33, 70))))))
    outputs, has_dropout = draw.outputs, any(node.text.startswith("dropout") for node in network.nodes)
    accumulation = rng.choice((1,) * 6 + (2, 3)) if not has_dropout and batch <= 23 else 1
    regression = rng.random() < 0.2
    has_class_weights = not regression and accumulation == 1 and rng.random() < 0.2
    formed = [node.text.split("(")[0] for node in network.nodes if node.form != "dense"]
    # The penalty of a product is written out for linear layers only.
    decays = ("factors", "none", "product")[:1 if not formed else 2 if "conv2d" in formed else 3]
    return Case(
        "drawn", network="drawn", form="mixed" if formed else "dense", widths=(0, outputs), image=draw.input_shape, batch=batch,
        accumulation=accumulation, regression=regression, smoothing=0 if regression else rng.choice((0, 0, 0.1)),
        class_weights=tuple(rng.randint(1, 12) / 4 for _ in range(outputs)) if has_class_weights else (),
        optimizer=rng.choices(("sgd", "momentum", "nesterov", "dampened", "adam", "adam_tuned", "adamw"), [2, 4, 2, 1, 1, 1, 1])[0],
        weight_decay=(weight_decay := rng.choice((0, 0, 0.03))), decay=rng.choice(decays) if weight_decay else "factors",
        clip=rng.choice((0, 0, 0, 0.05, 1, 1000)))


def draw_tensors(model):
    """Weights that keep the size of what passes through, norms of scales of both signs, statistics as of a trained network."""
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)) and module.weight.requires_grad:
            nn.init.normal_(module.weight, std=1.2 / module.weight[0].numel() ** 0.5)
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d, nn.LayerNorm)):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            module.weight.data *= torch.where(torch.rand(module.weight.shape) < 0.2, -1.0, 1.0)
            nn.init.normal_(module.bias, std=0.3)
        if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d)):
            nn.init.normal_(module.running_mean, std=0.3)
            nn.init.uniform_(module.running_var, 0.5, 1.5)


# Kinks


def shiftable(network, value):
    """The node whose bias moves a value channel by channel and nothing else; `None` where there is none."""
    while value and network.readers(value) == 1:
        node = network.nodes[value - 1]
        if node.name and getattr(node.module, "bias", None) is not None:
            return node
        if node.text != "+":
            return None
        value = next((i for i in node.inputs if i and network.readers(i) == 1), 0)
    return None


def shifts(x, margin):
    """For each channel the number that brings zero into the middle of the widest gap near it; zero where no element is near zero."""
    rows = x.transpose(0, 1).flatten(1).sort(1).values
    middles, gaps = (rows[:, 1:] + rows[:, :-1]) / 2, rows[:, 1:] - rows[:, :-1]
    gaps = torch.where(middles.abs() < 0.5 * rows.square().mean().sqrt(), gaps, torch.zeros_like(gaps))
    best = gaps.argmax(1, keepdim=True)
    is_needed = rows.abs().amin(1, keepdim=True) < margin
    return torch.where(is_needed & (gaps.gather(1, best) > 0), -middles.gather(1, best), torch.zeros(()).double()).flatten()


def is_near_zero(x, margin):
    """Exact zeros apart: they come from zeros that no rounding touches."""
    return bool(((x.abs() < margin) & (x != 0)).any())


def is_near_tie(x, window, margin):
    """Whether the two largest elements of a window are about equal; two zeros of ReLUs, dropout or padding pass on no gradient."""
    columns = functional.unfold(padded(x, window, float("-inf")), window.kernel, stride=window.stride)
    kernel = window.kernel[0] * window.kernel[1]
    if kernel == 1:
        return False
    first, second = columns.unflatten(1, (x.shape[1], kernel)).topk(2, dim=2).values.unbind(2)
    return bool(((first - second < margin) & (first != 0)).any())


def settle_kinks(network, features, parts):
    """Sees to it that no ReLU has an input and no max pool a tie that single precision could round to the other side.

    A bias in front of a ReLU moves zero to where its channel has a gap; where that does not help, a layer without a kink takes its place.
    """
    double = copy.deepcopy(network).double()
    values = [list(features.double().split(len(features) // parts))]
    for node in network.nodes:
        inputs = [values[i] for i in node.inputs]
        x = torch.cat(inputs[0])
        margin = MARGIN * x.square().mean().sqrt().item()
        if node.text == "relu":
            if is_near_zero(x, margin) and (source := shiftable(network, node.inputs[0])):
                bias = network.module_of(source).bias
                moved = (bias.double() + shifts(x, margin)).float()
                change = (moved.double() - bias.double()).reshape(1, -1, *(1,) * (x.ndim - 2))
                bias.copy_(moved)
                inputs = [[part + change for part in inputs[0]]]
                x = torch.cat(inputs[0])
            if is_near_zero(x, margin):
                node.smooth()
        elif node.window and is_near_tie(x, node.window, margin):
            node.smooth()
        values.append([double.module_of(node)(*part) for part in zip(*inputs)])


# One network


def fill_slots(training, rng):
    """Slots as in the middle of a training; an SGD buffer is empty in half of the networks, so that it holds the gradient afterwards."""
    is_empty = rng.random() < 0.5
    for tensor in training.trained.values():
        state = training.optimizer.state[tensor]
        if "momentum_buffer" in state and not is_empty:
            state["momentum_buffer"] = 0.05 * torch.randn_like(tensor)
        if "exp_avg_sq" in state:
            # First moments stay zero: they are the gradient's share afterwards.
            state["exp_avg_sq"] = 0.01 * (0.5 + torch.rand_like(tensor))


def draw(seed):
    """The network of a seed, its case, and a batch."""
    rng = seeded(seed)
    draft = Draw(rng)
    draft.outputs = rng.choice((rng.randint(2, 12), rng.randint(2, 70)))
    network = draft.draw(draft.outputs)
    case = draw_case(network, draft, rng)
    draw_tensors(network)
    features, labels = random_batch(case)
    set_key(network, step_key(0))
    with torch.no_grad():
        settle_kinks(network, features, case.accumulation)
    return network, case, features, labels, rng


def taken(training, features, labels, rate):
    """What a step and an evaluation from here leave and show."""
    shown = evaluation(training, features, labels) | training.step(features, labels, rate)
    shown = {name: tensor for name, tensor in shown.items() if not name.startswith("gradient/")}
    return shown | {f"state/{name}": tensor for name, tensor in training.tensors().items()}


def record(seed):
    """The tensors of a network's fixture, and its program."""
    network, case, features, labels, rng = draw(seed)
    training = Training(case, network, count=0)
    fill_slots(training, rng)
    double, rate = training.in_double(), rng.choice((0.5, 0.125, 0.03125))
    before = {f"state/{name}": tensor for name, tensor in training.tensors().items()}
    exact = taken(double, *promoted(features, labels), rate)
    single = taken(training, features, labels, rate)
    tensors = before | {"features": features, "labels": labels if case.regression else labels.to(torch.int32)}
    tensors |= {"rate": torch.tensor(rate, dtype=torch.float64), "key": key_parts(0)}
    for name, tensor in exact.items():
        tensors[f"double/{name}"] = tensor
        tensors[f"single/{name}"] = (single[name].double() - tensor).norm()
    text = cases.program(case, network.text(case.shape, case.outputs), network.forms_text())
    return {name: tensor[None] for name, tensor in tensors.items()}, text


def producer(network, node):
    """The node that made the input of another, activations passed over; `None` for the network's own input."""
    while node.inputs[0]:
        node = network.nodes[node.inputs[0] - 1]
        if node.text not in ACTIVATIONS:
            return node
    return None


def is_ragged_behind_norm(network, node):
    """A 3 x 3 convolution at stride 1 behind a batch norm, of a width no multiple of 16 and an image under 16 tiles of 4 x 4."""
    before = producer(network, node)
    if not before or not before.text.startswith("batch_norm") or not node.text.startswith("conv2d") or "kernel: 3" not in node.text:
        return False
    if any(option in node.text for option in ("stride", "dilation", "groups")):
        return False
    width, height, breadth = before.shape
    return width > 16 and width % 16 > 0 and -(-height // 4) * -(-breadth // 4) < 16


def described(seed):
    """Words for what a network holds."""
    network, case, *_ = draw(seed)
    words = {f"form {node.form}" for node in network.nodes} | {node.text.split("(")[0] for node in network.nodes}
    words |= {f"optimizer {case.optimizer}", "regression" if case.regression else "classes"}
    flags = {"accumulation": case.accumulation > 1, "class weights": case.class_weights}
    flags |= {"clip": case.clip, "weight decay": case.weight_decay}
    flags["3 x 3 behind a batch norm, ragged and small"] = any(is_ragged_behind_norm(network, node) for node in network.nodes)
    for option in ("stride", "dilation", "groups"):
        flags[option] = any(node.text.startswith("conv2d") and option in node.text for node in network.nodes)
    flags["depthwise"] = any(re.search(rf"groups: {node.shape[0]}\b", node.text) for node in network.nodes)
    return words | {word for word, is_held in flags.items() if is_held}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--describe", action="store_true")
    parser.add_argument("folder", nargs="?")
    arguments = parser.parse_args()
    # One thread keeps the sums in one order.
    torch.set_num_threads(1)
    seeds = range(arguments.first, arguments.first + arguments.count)
    if arguments.describe:
        counts = collections.Counter(word for seed in seeds for word in described(seed))
        return print("\n".join(f"{count:5} {word}" for word, count in counts.most_common()))
    os.makedirs(arguments.folder, exist_ok=True)
    for seed in seeds:
        tensors, text = record(seed)
        metadata = {"program": text, "gradient_program": text, "pytorch": torch.__version__}
        safetensors_file.write(os.path.join(arguments.folder, f"network-{seed}.safetensors"), tensors, metadata)


if __name__ == "__main__":
    main()
