"""One training step of a case in PyTorch, and the names drnc gives to what it works on."""

import copy

import torch
from torch import nn
from torch.nn import functional

from cases import OPTIMIZERS
from convolutions import as_matrix
from dropout import set_key, step_key
from layers import FACTORS
from networks import NETWORKS
from sequences import laid_out

# Slots of PyTorch's optimizers by drnc's names for them; the step count is drnc's scalar `step`.
SLOTS = {
    "momentum_buffer": "momentum", "exp_avg": "first_moment", "exp_avg_sq": "second_moment",
    "previous_gradient": "previous_gradient", "sum": "squares",
}


def factor_name(name):
    """The layer and the factor of a parameter's name, `fc1.u` or, of a convolution, `conv1.u.weight`; `None` for other parameters."""
    layer, tensor = name.removesuffix(".weight").rsplit(".", 1) if name.count(".") > 1 else name.rsplit(".", 1)
    return (layer, tensor) if tensor in FACTORS else None


def saved_name(name):
    """`fc1.u` of PyTorch is `fc1.weight.u` here."""
    factor = factor_name(name)
    return f"{factor[0]}.weight.{factor[1]}" if factor else name


class Training:
    """A model and its optimizer, stepped as drnc states that a step goes."""

    def __init__(self, case, model, count=0):
        self.case, self.model, self.count = case, model, count
        self.trained = {name: tensor for name, tensor in model.named_parameters() if tensor.requires_grad}
        _, make, options, self.rate = OPTIMIZERS[case.optimizer]
        self.optimizer = make(self.groups(), lr=self.rate, **options)
        self.is_adaptive = not isinstance(self.optimizer, torch.optim.SGD)
        self.fill_state(options)

    @classmethod
    def start(cls, case):
        return cls(case, NETWORKS[case.network](case))

    def in_double(self):
        """The same training at the same point, in double precision from here on."""
        double = Training(self.case, copy.deepcopy(self.model).double(), self.count)
        for name, tensor in self.trained.items():
            for slot, value in self.optimizer.state[tensor].items():
                double.optimizer.state[double.trained[name]][slot] = value.clone() if slot == "step" else value.double()
        return double

    def groups(self):
        """Weight decay acts on matrices; on those of several tensors only under `decay: factors`."""
        case, decayed, exempt = self.case, [], []
        for name, tensor in self.trained.items():
            has_decay = tensor.ndim > 1 and (case.decay == "factors" or not factor_name(name))
            (decayed if has_decay else exempt).append(tensor)
        groups = [{"params": decayed, "weight_decay": case.weight_decay}, {"params": exempt, "weight_decay": 0.0}]
        return [group for group in groups if group["params"]]

    def fill_state(self, options):
        """State begins at zero, where PyTorch begins SGD's buffer with the first gradient; they differ only under dampening."""
        for tensor in self.trained.values():
            state = self.optimizer.state[tensor]
            if options.get("momentum"):
                state["momentum_buffer"] = torch.zeros_like(tensor)
            if isinstance(self.optimizer, torch.optim.Adagrad):
                state.update(step=torch.tensor(float(self.count)), sum=torch.zeros_like(tensor))
            elif self.is_adaptive:
                state.update(step=torch.tensor(float(self.count)), exp_avg=torch.zeros_like(tensor), exp_avg_sq=torch.zeros_like(tensor))
            if self.case.extrapolation == "previous":
                state["previous_gradient"] = torch.zeros_like(tensor)

    # What drnc sees

    def exported(self, name, tensor):
        """A tensor in drnc's layout: a dense weight is inputs x outputs."""
        tensor = tensor.detach()
        if tensor.ndim == 4:
            return as_matrix(tensor).clone(memory_format=torch.contiguous_format)
        is_dense_weight = tensor.ndim == 2 and name.rsplit(".", 1)[1] == "weight"
        return (tensor.T if is_dense_weight else tensor).clone(memory_format=torch.contiguous_format)

    def tensors(self):
        """Weights, frozen tensors, state and running statistics."""
        found = {saved_name(name): self.exported(name, tensor) for name, tensor in self.model.named_parameters()}
        for name, tensor in self.trained.items():
            for slot, value in self.optimizer.state[tensor].items():
                if slot in SLOTS:
                    found[f"{saved_name(name)}/{SLOTS[slot]}"] = self.exported(name, value)
        for name, buffer in self.model.named_buffers():
            if not name.endswith("num_batches_tracked"):
                found[name] = buffer.clone()
        return found

    # One step

    def loss(self, logits, labels):
        case = self.case
        if case.is_text:
            logits, labels = logits.flatten(0, 1), labels.flatten()
        if case.regression:
            return functional.mse_loss(logits, labels.to(logits.dtype))
        weights = torch.tensor(case.class_weights, dtype=logits.dtype) if case.class_weights else None
        return functional.cross_entropy(logits, labels, weight=weights, label_smoothing=case.smoothing)

    def times_in(self, part, labels):
        """How many times the weight of the labels of a part goes into that of all labels."""
        if not self.case.class_weights:
            return self.case.accumulation
        weights = torch.tensor(self.case.class_weights, dtype=torch.float64)
        return (weights[labels].sum() / weights[part].sum()).item()

    def backward(self, features, labels):
        """Leaves the gradient of the loss of the whole batch, part by part; returns loss and logits."""
        case, losses, outputs = self.case, [], []
        self.optimizer.zero_grad()
        for x, y in zip(features.split(case.batch), labels.split(case.batch)):
            logits = self.model(x)
            loss = self.loss(logits, y) / self.times_in(y, labels)
            loss.backward()
            losses.append(loss.detach())
            outputs.append(laid_out(case, logits.detach()))
        return torch.stack(losses).sum(), torch.cat(outputs)

    def step(self, features, labels, rate):
        """One update; returns what it shows on the way: loss, logits, gradients, the norm before clipping."""
        start = {name: tensor.detach().clone() for name, tensor in self.trained.items()}
        set_key(self.model, step_key(self.count))
        shown = self.look_ahead(features, labels, rate)
        loss, logits = self.backward(features, labels)
        shown = shown or {"loss": loss, "logits": logits}
        # Under extrapolation this is the gradient at a point ahead, which no plain step shows.
        for name, tensor in self.trained.items() if not self.case.extrapolation else ():
            shown[f"gradient/{saved_name(name)}"] = self.exported(name, tensor.grad)
        if self.case.clip_value:
            nn.utils.clip_grad_value_(self.trained.values(), self.case.clip_value)
        if self.case.clip:
            shown["gradient_norm"] = nn.utils.clip_grad_norm_(self.trained.values(), self.case.clip)
        self.add_product_decay()
        if self.case.extrapolation:
            self.return_to(start)
        self.update(rate)
        return shown

    def update(self, rate):
        """Applies the optimizer to the gradients as they stand."""
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        if self.case.extrapolation == "previous":
            for tensor in self.trained.values():
                self.optimizer.state[tensor]["previous_gradient"] = tensor.grad.clone()
        self.optimizer.step()
        self.count += 1

    def add_product_decay(self):
        """Adds the gradient of decay / 2 |W|^2 of every factorized weight."""
        if self.case.decay != "product":
            return
        layers = [layer for layer in self.model.modules() if hasattr(layer, "dense")]
        penalty = sum(layer.dense().square().sum() for layer in layers)
        (self.case.weight_decay / 2 * penalty).backward()

    # Extrapolation

    def look_ahead(self, features, labels, rate):
        """Moves the weights to w - scale rate zeta. Under `current` the loss and the running statistics are those at w, returned."""
        shown, buffers = {}, None
        if not self.case.extrapolation:
            return shown
        directions = [self.optimizer.state[tensor].get("previous_gradient") for tensor in self.trained.values()]
        if self.case.extrapolation == "current":
            shown["loss"], shown["logits"] = self.backward(features, labels)
            directions = [tensor.grad for tensor in self.trained.values()]
            self.kept_buffers = [buffer.clone() for buffer in self.model.buffers()]
        with torch.no_grad():
            for tensor, direction in zip(self.trained.values(), directions):
                tensor.sub_(direction, alpha=self.case.scale * rate)
        return shown

    def return_to(self, start):
        with torch.no_grad():
            for name, tensor in self.trained.items():
                tensor.copy_(start[name])
            if self.case.extrapolation == "current":
                for buffer, kept in zip(self.model.buffers(), self.kept_buffers):
                    buffer.copy_(kept)
