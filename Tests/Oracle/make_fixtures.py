"""Writes the fixtures of the PyTorch oracle: what PyTorch computes for the programs of `cases.py`.

    python make_fixtures.py FOLDER            every case
    python make_fixtures.py --small FOLDER    the few short cases that are committed in `fixtures`

A fixture holds, in drnc's names and layout, every tensor before the first step and after each one (`state/NAME`, one row more than
steps), the batches, learning rates, losses, gradients and evaluations of each step, and the same step taken in double precision from a
few of those points (`double/...`). Its metadata hold the program as source text. See docs/oracles.md.
"""

import argparse
import os
import zlib

import torch

import cases
import safetensors_file
from steps import Training


def draw_batch(training):
    """A batch of random examples.

    Adam's first step is the sign of the gradient, and an entry near Adam's epsilon steps by its last digits: no first batch leaves one.
    """
    while True:
        features, labels = random_batch(training.case)
        if training.count > 0 or not training.is_adaptive or smallest_gradient(training, features, labels) > 1e-6:
            return features, labels


def smallest_gradient(training, features, labels):
    """The smallest magnitude, zeros apart, among the entries of the gradient that enters the moments."""
    probe = training.in_double()
    probe.backward(*promoted(features, labels))
    sizes = []
    for group in probe.optimizer.param_groups:
        decay = 0 if isinstance(probe.optimizer, torch.optim.AdamW) else group["weight_decay"]
        sizes += [(tensor.grad + decay * tensor.detach()).abs().flatten() for tensor in group["params"]]
    sizes = torch.cat(sizes)
    return sizes[sizes > 0].min().item()


def promoted(features, labels):
    return features.double(), labels.double() if labels.is_floating_point() else labels


def random_batch(case):
    inputs, *_, outputs = case.widths
    features = torch.randn(case.rows, inputs)
    labels = torch.randn(case.rows, outputs) if case.regression else torch.randint(outputs, (case.rows,))
    return features, labels


def evaluation(training, features, labels):
    """Loss and logits of the whole batch by running statistics."""
    training.model.eval()
    with torch.no_grad():
        logits = training.model(features)
        loss = training.loss(logits, labels)
    training.model.train()
    return {"evaluation/loss": loss, "evaluation/logits": logits}


def in_double(training, features, labels, rate):
    """The step from this point in double precision: everything after it, and what it shows."""
    double = training.in_double()
    features, labels = promoted(features, labels)
    shown = evaluation(double, features, labels) | double.step(features, labels, rate)
    shown |= {f"state/{name}": tensor for name, tensor in double.tensors().items()}
    return {f"double/{name}": tensor for name, tensor in shown.items()}


def add(rows, tensors):
    for name, tensor in tensors.items():
        rows.setdefault(name, []).append(tensor.clone())


def record(case):
    """The tensors of a case's fixture."""
    torch.manual_seed(zlib.crc32(case.name.encode()))
    training = Training.start(case)
    double_steps = [case.steps // 2]
    rows = {}
    add(rows, {f"state/{name}": tensor for name, tensor in training.tensors().items()})
    for step in range(case.steps):
        features, labels = draw_batch(training)
        # A rate that changes tells a rate inside the momentum buffer from one outside.
        rate = training.rate * (1 - 0.9 * step / case.steps)
        if step in double_steps:
            add(rows, in_double(training, features, labels, rate))
        add(rows, evaluation(training, features, labels) | training.step(features, labels, rate))
        add(rows, {f"state/{name}": tensor for name, tensor in training.tensors().items()})
        stored = labels if case.regression else labels.to(torch.int32)
        add(rows, {"features": features, "labels": stored, "rate": torch.tensor(rate, dtype=torch.float64)})
    tensors = {name: torch.stack(values) for name, values in rows.items()}
    tensors["double/steps"] = torch.tensor(double_steps, dtype=torch.int32)
    return tensors


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help="only the cases that are committed")
    parser.add_argument("folder")
    arguments = parser.parse_args()
    # The networks are tiny: threads would only cost time, and one keeps the sums in one order.
    torch.set_num_threads(1)
    os.makedirs(arguments.folder, exist_ok=True)
    chosen = cases.SMALL_CASES if arguments.small else cases.FORM_CASES + cases.SETTING_CASES
    for case in chosen:
        metadata = {
            "program": cases.program(case), "gradient_program": cases.gradient_program(case), "pytorch": torch.__version__,
        }
        safetensors_file.write(os.path.join(arguments.folder, f"{case.name}.safetensors"), record(case), metadata)


if __name__ == "__main__":
    main()
