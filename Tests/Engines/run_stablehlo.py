"""Compiles functions of StableHLO for this machine's processors and runs them: run_stablehlo.py FOLDER.

FOLDER/cases.json is a list of cases: `name`, under which lie NAME.mlir, NAME.json (what the function takes and gives, as drnc writes it) and, for
a case that is run, NAME.inputs.safetensors; whole numbers are there as int64. Writes NAME.outputs.safetensors, and in report.json by name the bytes
that the compiled program adds over the devices and those of the arguments that each device holds, or the error of a case that fails.
"""

import json
import pathlib
import re
import sys

folder = pathlib.Path(sys.argv[1])
cases = json.loads((folder / "cases.json").read_text())
manifests = {name: json.loads((folder / f"{name}.json").read_text()) for name in cases}

import jax

jax.config.update("jax_enable_x64", True)
jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_num_cpu_devices", max([1] + [manifest["devices"] for manifest in manifests.values()]))

import numpy
from jax.extend import backend
from jax.sharding import Mesh, NamedSharding, PartitionSpec
from jaxlib import xla_client
from safetensors.numpy import load_file, save_file

kinds = {"f32": numpy.float32, "i32": numpy.int32, "u64": numpy.uint64}
client = backend.get_backend()
widths = {"pred": 1, "f32": 4, "s32": 4, "u32": 4, "f64": 8, "s64": 8, "u64": 8}


def compile(text, devices):
    options = xla_client.CompileOptions()
    build = options.executable_build_options
    options.num_replicas = build.num_replicas = 1
    options.num_partitions = build.num_partitions = len(devices)
    build.use_spmd_partitioning = build.use_shardy_partitioner = len(devices) > 1
    build.device_assignment = xla_client.DeviceAssignment.create(numpy.array([[d.id for d in devices]]))
    return client.compile_and_load(text, xla_client.DeviceList(tuple(devices)), options)


def collectives(executable):
    """By kind of collective operation the bytes of its results on one device."""
    found = {}
    for line in executable.hlo_modules()[0].to_string().split("\n"):
        match = re.search(r"= (.*?) (all-reduce|all-gather|all-to-all|collective-permute|reduce-scatter)(?:-start)?\(", line)
        for element, shape in re.findall(r"(\w+)\[([\d,]*)\]", match.group(1)) if match else []:
            elements = numpy.prod([int(extent) for extent in shape.split(",") if extent], dtype=int)
            found[match.group(2)] = found.get(match.group(2), 0) + int(elements) * widths[element]
    return found


def run(executable, manifest, inputs, devices):
    mesh = Mesh(numpy.array(devices), ("data",))

    def sharding(axis):
        return NamedSharding(mesh, PartitionSpec(*[None] * axis, "data") if axis is not None else PartitionSpec())

    arguments = []
    for port in manifest["arguments"]:
        value = inputs[port["name"]]
        value = value.view(numpy.uint64) if port["element"] == "u64" else value.astype(kinds[port["element"]])
        arguments.append(jax.device_put(value.reshape(port["shape"]), sharding(port.get("divided"))))
    parts = executable.execute_sharded(arguments).disassemble_into_single_device_arrays()
    outputs = {}
    for port, part in zip(manifest["results"], parts):
        values = [numpy.asarray(value) for value in part]
        if port.get("divided") is not None:
            outputs[port["name"]] = numpy.concatenate(values, port.get("divided"))
        else:
            assert all(value.tobytes() == values[0].tobytes() for value in values), f"{port['name']} differs from device to device"
            outputs[port["name"]] = values[0]
        assert list(outputs[port["name"]].shape) == port["shape"], f"{port['name']} is {outputs[port['name']].shape}"
    return outputs


report = {}
for name in cases:
    manifest = manifests[name]
    devices = jax.devices()[: manifest["devices"]]
    try:
        executable = compile((folder / f"{name}.mlir").read_text(), devices)
        report[name] = {
            "collectives": collectives(executable),
            "argument_bytes": executable.get_compiled_memory_stats().argument_size_in_bytes,
        }
        if (folder / f"{name}.inputs.safetensors").exists():
            outputs = run(executable, manifest, load_file(folder / f"{name}.inputs.safetensors"), devices)
            save_file({key: numpy.ascontiguousarray(value) for key, value in outputs.items()}, folder / f"{name}.outputs.safetensors")
    except Exception as error:
        report[name] = {"error": f"{type(error).__name__}: {error}"}
(folder / "report.json").write_text(json.dumps(report))
