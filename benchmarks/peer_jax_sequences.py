"""Times one training step of a network of sequences in JAX (jit, donated buffers); prints one JSON object. Same networks as peer_torch_sequences.py."""
import argparse
import os

parser = argparse.ArgumentParser()
parser.add_argument("--network", choices=["gpt", "conformer", "lstm"], default="gpt")
parser.add_argument("--ratio", type=int, default=1, help="rank = short side // ratio; 1 is dense")
parser.add_argument("--threads", type=int, required=True)
parser.add_argument("--batch", type=int, default=16)
parser.add_argument("--context", type=int, default=128)
parser.add_argument("--width", type=int, default=256)
parser.add_argument("--heads", type=int, default=4)
parser.add_argument("--layers", type=int, default=4)
parser.add_argument("--vocabulary", type=int, default=96)
parser.add_argument("--steps", type=int, default=20)
parser.add_argument("--warm-up", type=int, default=5)
arguments = parser.parse_args()
# XLA sizes its pool by the processors it may use.
os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[: arguments.threads]))

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
from stopwatch import measure  # noqa: E402

jax.config.update("jax_default_matmul_precision", "float32")
generator = np.random.default_rng(0)
WIDTH, CONTEXT, KERNEL = arguments.width, arguments.context, 15


def normal(*shape, scale):
    return generator.standard_normal(shape, dtype=np.float32) * np.float32(scale)


def linear(inputs, outputs, bias=True, is_factored=True):
    layer = {"b": np.zeros(outputs, np.float32)} if bias else {}
    if arguments.ratio == 1 or not is_factored:
        return layer | {"w": normal(inputs, outputs, scale=inputs**-0.5)}
    rank = max(min(inputs, outputs) // arguments.ratio, 1)
    return layer | {"u": normal(inputs, rank, scale=inputs**-0.5), "v": normal(rank, outputs, scale=rank**-0.5)}


def apply(layer, x):
    y = x @ layer["w"] if "w" in layer else x @ layer["u"] @ layer["v"]
    return y + layer["b"] if "b" in layer else y


def norm():
    return {"scale": np.ones(WIDTH, np.float32), "shift": np.zeros(WIDTH, np.float32)}


def normalized(layer, x, axes=(-1,)):
    centered = x - x.mean(axes, keepdims=True)
    return centered * jax.lax.rsqrt((centered**2).mean(axes, keepdims=True) + 1e-5) * layer["scale"] + layer["shift"]


def attention(bias):
    return {name: linear(WIDTH, WIDTH, bias) for name in ("query", "key", "value", "output")}


half = WIDTH // arguments.heads // 2
angles = np.arange(CONTEXT)[:, None] * 10_000.0 ** (-np.arange(half) / half)
cosines, sines = (np.asarray(f(angles), np.float32)[:, None, :] for f in (np.cos, np.sin))


def turned(x):
    first, second = jnp.split(x, 2, -1)
    return jnp.concatenate([first * cosines - second * sines, second * cosines + first * sines], -1)


def attended(layer, x, causal, rotary):
    q, k, v = (apply(layer[name], x).reshape(*x.shape[:2], arguments.heads, -1) for name in ("query", "key", "value"))
    if rotary:
        q, k = turned(q), turned(k)
    y = jax.nn.dot_product_attention(q, k, v, is_causal=causal)
    return apply(layer["output"], y.reshape(x.shape))


def gpt_layer():
    return {"norm1": norm(), "norm2": norm(), "attention": attention(False), "up": linear(WIDTH, 4 * WIDTH), "down": linear(4 * WIDTH, WIDTH)}


def gpt(parameters, tokens):
    x = parameters["embed"][tokens] + parameters["positions"]
    for layer in parameters["layers"]:
        x = x + attended(layer["attention"], normalized(layer["norm1"], x), causal=True, rotary=False)
        x = x + apply(layer["down"], jax.nn.gelu(apply(layer["up"], normalized(layer["norm2"], x)), approximate=False))
    return apply(parameters["head"], normalized(parameters["norm"], x))


def feed_forward():
    return {"norm": norm(), "up": linear(WIDTH, 4 * WIDTH), "down": linear(4 * WIDTH, WIDTH)}


def fed(layer, x):
    return apply(layer["down"], jax.nn.silu(apply(layer["up"], normalized(layer["norm"], x))))


def conformer_layer():
    convolution = {
        "norm": norm(), "expand": linear(WIDTH, 2 * WIDTH), "depthwise": normal(KERNEL, 1, WIDTH, scale=KERNEL**-0.5),
        "bias": np.zeros(WIDTH, np.float32), "batch": norm(), "project": linear(WIDTH, WIDTH),
    }
    return {
        "ff1": feed_forward(), "ff2": feed_forward(), "convolution": convolution, "before": norm(), "after": norm(), "attention": attention(True)}


def convolved(layer, x):
    first, second = jnp.split(apply(layer["expand"], normalized(layer["norm"], x)), 2, -1)
    x = jax.lax.conv_general_dilated(
        first * jax.nn.sigmoid(second), layer["depthwise"], (1,), "SAME", dimension_numbers=("NWC", "WIO", "NWC"), feature_group_count=WIDTH)
    return apply(layer["project"], jax.nn.silu(normalized(layer["batch"], x + layer["bias"], axes=(0, 1))))


def conformer(parameters, x):
    x = apply(parameters["stem"], x)
    for layer in parameters["layers"]:
        x = x + 0.5 * fed(layer["ff1"], x)
        x = x + attended(layer["attention"], normalized(layer["before"], x), causal=False, rotary=True)
        x = x + convolved(layer["convolution"], x)
        x = normalized(layer["after"], x + 0.5 * fed(layer["ff2"], x))
    return apply(parameters["head"], x.mean(1))


def lstm(parameters, tokens):
    inputs = apply(parameters["input"], parameters["embed"][tokens]).swapaxes(0, 1)

    def step(state, given):
        memory, hidden = state
        i, f, g, o = jnp.split(given + apply(parameters["recurrent"], hidden), 4, -1)
        memory = jax.nn.sigmoid(f) * memory + jax.nn.sigmoid(i) * jnp.tanh(g)
        return (memory, jax.nn.sigmoid(o) * jnp.tanh(memory)), None

    zeros = jnp.zeros((tokens.shape[0], WIDTH))
    (_, hidden), _ = jax.lax.scan(step, (zeros, zeros), inputs)
    return apply(parameters["head"], hidden)


def embedding(width):
    return normal(arguments.vocabulary, width, scale=0.02)


parameters = {
    "gpt": lambda: {
        "embed": embedding(WIDTH), "positions": np.zeros((CONTEXT, WIDTH), np.float32), "norm": norm(),
        "layers": [gpt_layer() for _ in range(arguments.layers)], "head": linear(WIDTH, arguments.vocabulary, False, is_factored=False)},
    "conformer": lambda: {
        "stem": linear(40, WIDTH, is_factored=False), "head": linear(WIDTH, 10, is_factored=False),
        "layers": [conformer_layer() for _ in range(arguments.layers)]},
    "lstm": lambda: {
        "embed": embedding(64), "input": linear(64, 4 * WIDTH), "recurrent": linear(WIDTH, 4 * WIDTH), "head": linear(WIDTH, 18, is_factored=False)},
}[arguments.network]()
network = {"gpt": gpt, "conformer": conformer, "lstm": lstm}[arguments.network]
parameters = jax.device_put(parameters)
moments = jax.tree.map(jnp.zeros_like, (parameters, parameters))
shape = (arguments.batch, CONTEXT)
inputs = generator.standard_normal((*shape, 40), dtype=np.float32) if arguments.network == "conformer" else generator.integers(0, arguments.vocabulary, shape)
classes = {"gpt": arguments.vocabulary, "conformer": 10, "lstm": 18}[arguments.network]
inputs, labels = jax.device_put((inputs, generator.integers(0, classes, shape if arguments.network == "gpt" else shape[:1])))


def loss(parameters):
    logits = jax.nn.log_softmax(network(parameters, inputs))
    return -jnp.mean(jnp.take_along_axis(logits, labels[..., None], axis=-1))


def step(parameters, moments, count):
    """AdamW."""
    value, gradients = jax.value_and_grad(loss)(parameters)
    first = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, moments[0], gradients)
    second = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, moments[1], gradients)
    rate, correction = 1e-3 / (1 - 0.9**count), 1 - 0.999**count
    parameters = jax.tree.map(
        lambda p, m, v: p * (1 - 1e-5) - rate * m / (jnp.sqrt(v / correction) + 1e-8), parameters, first, second)
    return parameters, (first, second), count + 1, value


state = (parameters, moments, jnp.float32(1))
compiled = jax.jit(step, donate_argnums=(0, 1)).lower(*state).compile()


def run():
    global state
    *state, _ = compiled(*state)
    jax.block_until_ready(state)


measure(run, arguments.warm_up, arguments.steps)
