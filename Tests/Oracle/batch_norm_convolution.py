"""What a 3 x 3 convolution behind a batch norm gives, by numpy alone in double precision: no PyTorch, no drnc.

    python Tests/Oracle/batch_norm_convolution.py

Prints, for each width of BatchNormConvolutionTests, the mean cross entropy of the network there at its fixed weights.
"""

import numpy as np

IMAGES, CHANNELS, EXTENT, CLASSES = 16, 3, 8, 4


def numbers(seed, *shape):
    """Multiples of 1/1024 in [-1/2, 1/2): the same formula stands in the test."""
    state, values = seed, []
    for _ in range(int(np.prod(shape))):
        state = (state * 1103515245 + 12345) % 2**31
        values.append((state >> 16) % 1024 / 1024 - 0.5)
    return np.array(values).reshape(shape)


def convolve(x, weight, bias):
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    height, width = x.shape[2:]
    result = np.zeros((x.shape[0], weight.shape[0], height, width))
    for row in range(3):
        for column in range(3):
            window = padded[:, :, row:row + height, column:column + width]
            result += np.einsum("ncyx,oc->noyx", window, weight[:, :, row, column])
    return result + bias[:, None, None]


def loss(width, outputs):
    x = numbers(1, IMAGES, CHANNELS, EXTENT, EXTENT)
    labels = np.arange(IMAGES) % CLASSES
    y = convolve(x, numbers(2, width, CHANNELS, 3, 3), numbers(3, width))
    mean, variance = y.mean((0, 2, 3), keepdims=True), y.var((0, 2, 3), keepdims=True)
    scale, shift = numbers(4, width)[:, None, None], numbers(5, width)[:, None, None]
    y = np.maximum((y - mean) / np.sqrt(variance + 1e-5) * scale + shift, 0)
    y = convolve(y, numbers(6, outputs, width, 3, 3), numbers(7, outputs))
    logits = y.mean((2, 3)) @ (8 * numbers(8, CLASSES, outputs)).T + numbers(9, CLASSES)
    logits -= logits.max(1, keepdims=True)
    return (np.log(np.exp(logits).sum(1)) - logits[np.arange(IMAGES), labels]).mean()


if __name__ == "__main__":
    for width in (16, 17, 20, 24, 31, 33, 40, 100):
        print(f"({width}, {loss(width, 20):.6f}),")
