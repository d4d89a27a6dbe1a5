"""Writes the fixtures of the PyTorch oracle: what PyTorch computes for the programs of `cases.py`.

    python make_fixtures.py FOLDER            every case
    python make_fixtures.py --small FOLDER    the few short cases that are committed in `fixtures`
    python make_fixtures.py --resnet FOLDER   those of ResNet-20, 200 MB

A fixture holds, in drnc's names and layout, every tensor before the first step and after each one (`state/NAME`, one row more than
steps), the batches, learning rates, random keys, losses, gradients and evaluations of each step, and the same step taken in double precision from a
few of those points (`double/...`). Its metadata hold the program as source text. See docs/contributing/oracles.md.
"""

import argparse
import os
import zlib

import torch

import cases
import residual_fixture
import safetensors_file
from dropout import step_key
from residual_fixture import add
from sequences import laid_out
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
    return tuple(tensor.double() if tensor.is_floating_point() else tensor for tensor in (features, labels))


def random_batch(case):
    features = torch.randint(case.outputs, (case.rows, *case.shape)) if case.has_tokens else torch.randn(case.rows, *case.shape)
    if case.is_text:
        return features, torch.randint(case.outputs, features.shape)
    labels = torch.randn(case.rows, case.outputs) if case.regression else torch.randint(case.outputs, (case.rows,))
    return features, labels


def evaluation(training, features, labels):
    """Loss and logits of the whole batch by running statistics."""
    training.model.eval()
    with torch.no_grad():
        logits = training.model(features)
        loss = training.loss(logits, labels)
    training.model.train()
    return {"evaluation/loss": loss, "evaluation/logits": laid_out(training.case, logits)}


def in_double(training, features, labels, rate):
    """The step from this point in double precision: everything after it, and what it shows."""
    double = training.in_double()
    features, labels = promoted(features, labels)
    shown = evaluation(double, features, labels) | double.step(features, labels, rate)
    shown |= {f"state/{name}": tensor for name, tensor in double.tensors().items()}
    return {f"double/{name}": tensor for name, tensor in shown.items()}


def key_parts(step):
    """The random key of a step, 16 bits at a time from the lowest: exact in any type."""
    return torch.tensor([step_key(step) >> shift & 0xFFFF for shift in (0, 16, 32, 48)], dtype=torch.int32)


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
        stored = [t if t.is_floating_point() else t.to(torch.int32) for t in (laid_out(case, features), laid_out(case, labels))]
        given = {"features": stored[0], "labels": stored[1], "rate": torch.tensor(rate, dtype=torch.float64)}
        add(rows, given | {"key": key_parts(step)})
    tensors = {name: torch.stack(values) for name, values in rows.items()}
    tensors["double/steps"] = torch.tensor(double_steps, dtype=torch.int32)
    return tensors


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--small", action="store_true", help="only the cases that are committed")
    parser.add_argument("--resnet", action="store_true", help="only those of ResNet-20")
    parser.add_argument("folder")
    arguments = parser.parse_args()
    # The networks are tiny: threads would only cost time, and one keeps the sums in one order.
    torch.set_num_threads(1)
    os.makedirs(arguments.folder, exist_ok=True)
    chosen = cases.SMALL_CASES if arguments.small else cases.FORM_CASES + cases.SETTING_CASES + cases.IMAGE_CASES + cases.SEQUENCE_CASES
    chosen, recorder = (cases.RESNET_CASES, residual_fixture.record) if arguments.resnet else (chosen, record)
    for case in chosen:
        metadata = {
            "program": cases.program(case), "gradient_program": cases.gradient_program(case), "pytorch": torch.__version__,
        }
        safetensors_file.write(os.path.join(arguments.folder, f"{case.name}.safetensors"), recorder(case), metadata)


if __name__ == "__main__":
    main()
