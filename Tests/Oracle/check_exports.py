"""Holds exported networks against the outputs of drnc: check_exports.py FOLDER.

For each FOLDER/NAME.examples.safetensors (tensors features.N and outputs.N for several numbers N of examples) the files NAME.onnx, through
onnx.checker and onnxruntime, and NAME.py, with its weights beside it, where they are there. Prints a line for each: name, format and the largest
difference of an output, relative to the largest output or 1; an error in place of the difference where there is one.
"""

import importlib.util
import pathlib
import sys

import numpy
import onnx
import onnxruntime
import torch
from safetensors.numpy import load_file


def onnx_outputs(path):
    onnx.checker.check_model(str(path), full_check=True)
    graph = onnx.load(str(path)).graph
    read = {name for node in graph.node for name in node.input}
    assert all(tensor.name in read for tensor in graph.initializer), "a tensor that no node reads"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    assert [port.name for port in session.get_inputs()] == ["features"], session.get_inputs()
    assert session.get_inputs()[0].shape[0] == "batch", session.get_inputs()[0].shape
    return lambda features: session.run(["outputs"], {"features": features})[0]


def torch_outputs(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    model = module.load()

    def outputs(features):
        with torch.no_grad():
            return model(torch.from_numpy(features)).numpy()

    return outputs


def difference(outputs, examples):
    largest = 0.0
    for name in sorted(examples):
        if not name.startswith("features."):
            continue
        wanted = examples["outputs." + name.removeprefix("features.")]
        found = outputs(examples[name])
        assert found.shape == wanted.shape, f"{name}: {found.shape} for {wanted.shape}"
        largest = max(largest, float(numpy.abs(found - wanted).max() / max(1.0, numpy.abs(wanted).max())))
        assert numpy.isfinite(found).all(), f"{name}: not finite"
    return largest


def main(folder):
    torch.set_num_threads(1)
    for path in sorted(pathlib.Path(folder).glob("*.examples.safetensors")):
        name = path.name.removesuffix(".examples.safetensors")
        examples = load_file(path)
        for suffix, made in [("onnx", onnx_outputs), ("py", torch_outputs)]:
            model = path.with_name(f"{name}.{suffix}")
            if not model.exists():
                continue
            try:
                print(name, suffix, difference(made(model), examples))
            except Exception as error:
                print(name, suffix, repr(error).replace("\n", " ")[:600])


main(sys.argv[1])
