"""Times one training step of the benchmark network in JAX (jit, donated buffers); prints one JSON object. Same network as peer_torch.py."""
import argparse
import os

parser = argparse.ArgumentParser()
parser.add_argument("--form", choices=["dense", "uv", "usv"], required=True)
parser.add_argument("--ratio", type=int, default=1)
parser.add_argument("--association", choices=["left", "merged"], default="left")
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--batch", type=int, default=128)
parser.add_argument("--steps", type=int, default=200)
parser.add_argument("--memory", action="store_true")
arguments = parser.parse_args()
# XLA sizes its pool by the processors it may use.
os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[: arguments.threads]))

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
from stopwatch import report, resident, times  # noqa: E402

jax.config.update("jax_default_matmul_precision", "float32")
generator = np.random.default_rng(0)


def hidden(inputs, outputs):
    if arguments.form == "dense":
        return {"w": generator.standard_normal((inputs, outputs), dtype=np.float32) / inputs**0.5, "b": np.zeros(outputs, np.float32)}
    rank = min(inputs, outputs) // arguments.ratio
    layer = {
        "u": generator.standard_normal((inputs, rank), dtype=np.float32) / inputs**0.5,
        "v": generator.standard_normal((rank, outputs), dtype=np.float32) / rank**0.5,
        "b": np.zeros(outputs, np.float32),
    }
    if arguments.form == "usv":
        layer["s"] = np.eye(rank, dtype=np.float32)
    return layer


def apply(layer, x):
    if "w" in layer:
        return x @ layer["w"] + layer["b"]
    if "s" not in layer:
        return (x @ layer["u"]) @ layer["v"] + layer["b"]
    if arguments.association == "merged":
        return (x @ (layer["u"] @ layer["s"])) @ layer["v"] + layer["b"]
    return ((x @ layer["u"]) @ layer["s"]) @ layer["v"] + layer["b"]


head = {"w": generator.standard_normal((1024, 10), dtype=np.float32) / 32, "b": np.zeros(10, np.float32)}
parameters = jax.device_put([hidden(784, 1024), hidden(1024, 1024), head])
momenta = jax.tree.map(jnp.zeros_like, parameters)
x = jax.device_put(generator.random((arguments.batch, 784), dtype=np.float32))
labels = jax.device_put(generator.integers(0, 10, arguments.batch))


def loss(parameters):
    h = jax.nn.relu(apply(parameters[0], x))
    h = jax.nn.relu(apply(parameters[1], h))
    logits = jax.nn.log_softmax(apply(parameters[2], h))
    return -jnp.mean(jnp.take_along_axis(logits, labels[:, None], axis=1))


def step(parameters, momenta):
    value, gradients = jax.value_and_grad(loss)(parameters)
    momenta = jax.tree.map(lambda m, g: 0.9 * m + g, momenta, gradients)
    parameters = jax.tree.map(lambda p, m: p - 0.01 * m, parameters, momenta)
    return parameters, momenta, value


state = (parameters, momenta)
compiled = jax.jit(step, donate_argnums=(0, 1)).lower(*state).compile()


def run():
    global state
    *state, _ = compiled(*state)
    jax.block_until_ready(state)


ready = resident()
for _ in range(100):
    run()
grown = resident() - ready
report(times(run, arguments.steps), memory=grown)
