"""Writes safetensors files (https://github.com/huggingface/safetensors#format) with nothing but PyTorch."""

import ctypes
import json
import os
import struct

import torch

TYPES = {torch.float32: "F32", torch.float64: "F64", torch.int32: "I32"}


def raw_bytes(tensor):
    tensor = tensor.contiguous()
    return ctypes.string_at(tensor.data_ptr(), tensor.numel() * tensor.element_size()) if tensor.numel() else b""


def write(path, tensors, metadata):
    """The file appears whole or not at all; its bytes depend on nothing but the contents."""
    header, data = {"__metadata__": dict(sorted(metadata.items()))}, []
    position = 0
    for name in sorted(tensors):
        content = raw_bytes(tensors[name])
        header[name] = {
            "dtype": TYPES[tensors[name].dtype], "shape": list(tensors[name].shape),
            "data_offsets": [position, position + len(content)],
        }
        position += len(content)
        data.append(content)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    partial = f"{path}.partial"
    with open(partial, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(data))
    os.replace(partial, path)
