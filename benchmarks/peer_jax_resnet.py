"""Times one training step of ResNet-20 in JAX (jit, donated buffers); prints one JSON object. Same network as peer_torch_resnet.py."""
import argparse
import os

parser = argparse.ArgumentParser()
parser.add_argument("--form", choices=["dense", "uv", "adapter"], required=True)
parser.add_argument("--ratio", type=int, default=1)
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--batch", type=int, default=128)
parser.add_argument("--steps", type=int, default=5)
parser.add_argument("--warm-up", type=int, default=2)
arguments = parser.parse_args()
# XLA sizes its pool by the processors it may use.
os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[: arguments.threads]))

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
from stopwatch import measure  # noqa: E402

generator = np.random.default_rng(0)


def weight(kernel, inputs, outputs):
    return generator.standard_normal((kernel, kernel, inputs, outputs), dtype=np.float32) / (kernel * kernel * inputs) ** 0.5


def convolution(inputs, outputs):
    rank = max(outputs // arguments.ratio, 1)
    trained, frozen = {}, {}
    if arguments.form == "dense":
        trained["w"] = weight(3, inputs, outputs)
    else:
        trained["u"], trained["v"] = weight(3, inputs, rank), weight(1, rank, outputs)
    if arguments.form == "adapter":
        frozen["w"] = weight(3, inputs, outputs)
    return trained, frozen


def norm(channels):
    return {"scale": np.ones(channels, np.float32), "offset": np.zeros(channels, np.float32)}


def statistics_of(channels):
    return {"mean": np.zeros(channels, np.float32), "variance": np.ones(channels, np.float32)}


parameters = {"stem": weight(3, 3, 16), "stem_norm": norm(16), "head": generator.standard_normal((64, 10), dtype=np.float32) / 8, "bias": np.zeros(10, np.float32)}
frozen, moving = {}, {"stem_norm": statistics_of(16)}
blocks, inputs = [], 16
for outputs, stride in ((16, 1), (32, 2), (64, 2)):
    for i in range(3):
        name = f"{outputs}_{i}"
        blocks.append((name, stride if i == 0 else 1, i == 0))
        for part, channels in (("conv1", inputs if i == 0 else outputs), ("conv2", outputs)):
            parameters[f"{name}_{part}"], frozen[f"{name}_{part}"] = convolution(channels, outputs)
        for part in ("norm1", "norm2") + (("norm3",) if i == 0 else ()):
            parameters[f"{name}_{part}"], moving[f"{name}_{part}"] = norm(outputs), statistics_of(outputs)
        if i == 0:
            parameters[f"{name}_projection"] = weight(1, inputs, outputs)
    inputs = outputs


def convolve(x, w, stride=1):
    pad = (w.shape[0] - 1) // 2
    return jax.lax.conv_general_dilated(x, w, (stride, stride), [(pad, pad), (pad, pad)], dimension_numbers=("NHWC", "HWIO", "NHWC"))


def loss(parameters, frozen, moving, x, labels):
    updated = {}

    def normalize(x, name):
        mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
        updated[name] = {"mean": 0.99 * moving[name]["mean"] + 0.01 * mean, "variance": 0.99 * moving[name]["variance"] + 0.01 * variance}
        return (x - mean) * jax.lax.rsqrt(variance + 1e-3) * parameters[name]["scale"] + parameters[name]["offset"]

    def layer(x, name, stride):
        p = parameters[name]
        y = convolve(x, p["w"], stride) if "w" in p else convolve(convolve(x, p["u"], stride), p["v"])
        return y if "w" not in frozen[name] else convolve(x, frozen[name]["w"], stride) + 2 * y

    h = jax.nn.relu(normalize(convolve(x, parameters["stem"]), "stem_norm"))
    for name, stride, project in blocks:
        y = jax.nn.relu(normalize(layer(h, f"{name}_conv1", stride), f"{name}_norm1"))
        y = normalize(layer(y, f"{name}_conv2", 1), f"{name}_norm2")
        h = jax.nn.relu(y + (normalize(convolve(h, parameters[f"{name}_projection"], stride), f"{name}_norm3") if project else h))
    logits = jax.nn.log_softmax(h.mean((1, 2)) @ parameters["head"] + parameters["bias"])
    return -jnp.mean(jnp.take_along_axis(logits, labels[:, None], axis=1)), updated


def step(parameters, momenta, moving, frozen, x, labels):
    (value, moving), gradients = jax.value_and_grad(loss, has_aux=True)(parameters, frozen, moving, x, labels)
    momenta = jax.tree.map(lambda m, g: 0.9 * m + g, momenta, gradients)
    parameters = jax.tree.map(lambda p, m: p - 0.01 * m, parameters, momenta)
    return parameters, momenta, moving, value


parameters, moving, frozen = jax.device_put((parameters, moving, frozen))
momenta = jax.tree.map(jnp.zeros_like, parameters)
x = jax.device_put(generator.random((arguments.batch, 32, 32, 3), dtype=np.float32))
labels = jax.device_put(generator.integers(0, 10, arguments.batch))
state = (parameters, momenta, moving)
compiled = jax.jit(step, donate_argnums=(0, 1, 2)).lower(*state, frozen, x, labels).compile()


def run():
    global state
    *state, _ = compiled(*state, frozen, x, labels)
    jax.block_until_ready(state)


measure(run, arguments.warm_up, arguments.steps)
