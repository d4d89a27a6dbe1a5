"""Compiles the steps of a folder for a GPU that is not there: compile_for_gpu.py PLUGIN TOOLS FOLDER... [--device "NVIDIA H200"].

PLUGIN is `xla_cuda_plugin.so` of the Python package jax-cuda13-pjrt, which describes in itself the devices it knows. TOOLS is the folder of CUDA's compiler, as
`nvidia/cu13` where `pip install --no-deps --target DIR nvidia-cuda-nvcc nvidia-nvvm` puts it. FOLDER is what `drnc export FILE --to stablehlo` wrote. It takes the
Python package pypjrt. Nothing is run: what is shown is that the compiler takes every function, and what the compiled code holds.
"""
import argparse
import json
import os
import pathlib
import re
import sys
import time

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("plugin")
arguments.add_argument("tools")
arguments.add_argument("folders", nargs="+")
arguments.add_argument("--device", default="NVIDIA H200", help="the beginning of its name")
arguments = arguments.parse_args()
tools = pathlib.Path(arguments.tools).resolve()
# Both are read when the plugin is loaded.
os.environ["XLA_FLAGS"] = f"--xla_gpu_cuda_data_dir={tools}"
os.environ["PATH"] = f"{tools}/bin:{os.environ['PATH']}"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import pypjrt
from pypjrt.compile_options import CompileOptions
from pypjrt.topology import Topology


def description(library, device):
    """The text in the library that describes a device: files of text follow one another there, parted by zeros or by their first line."""
    data = pathlib.Path(library).read_bytes()
    place = data.find(b'device_description_str: "' + device.encode())
    if place < 0:
        sys.exit(f"the plugin describes no {device}")
    start, end = data.rfind(b"\0", 0, place) + 1, data.find(b"\0", place)
    heads = [match.start() + start for match in re.finditer(rb"# Copyright", data[start:end])]
    start = max([head for head in heads if head < place], default=start)
    end = min([head for head in heads if head > place], default=end)
    return data[start:end].decode()


plugin, target = pypjrt.Plugin(arguments.plugin), description(arguments.plugin, arguments.device)
failures = compiled = 0
for folder in map(pathlib.Path, arguments.folders):
    manifest = json.loads((folder / "manifest.json").read_text())
    for function in [function for phase in manifest["phases"] for function in phase["functions"]]:
        devices = function["devices"]
        topology = Topology.create(plugin, "", options={"topology": f"1x1x{devices}", "target_config": target})
        options = {"use_spmd_partitioning": True, "use_shardy_partitioner": True} if devices > 1 else {}
        start = time.time()
        try:
            code = topology.compile((folder / function["file"]).read_text(), options=CompileOptions(num_replicas=1, num_partitions=devices, **options))
        except Exception as error:
            failures += 1
            print(f"{folder.name}/{function['file']}: {type(error).__name__}: {str(error).splitlines()[0]}", flush=True)
        else:
            compiled += 1
            print(f"{folder.name}/{function['file']}: {len(code):,} bytes for {devices}, {time.time() - start:.1f} s", flush=True)
print(f"{compiled} functions compiled for {arguments.device}, {failures} not")
sys.exit(failures > 0)
