"""Holds `drnc check` to little memory and time over hostile files: headers that announce what is not there, archives that swell, texts without end.

    python3 Tests/Fuzz/hostile.py .build/release/drnc [--count 300] [--first 0]

File n is drawn from the seed n, the kinds in turn. A fault is a signal, a status that is not of the README's table, more than 64 MiB of
resident memory, or more than a second. Exit status 1 after a fault.
"""
import argparse
import functools
import gzip
import io
import json
import os
import pathlib
import random
import struct
import sys
import tempfile
import time
import zipfile
import zlib

arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
arguments.add_argument("drnc")
arguments.add_argument("--count", type=int, default=300)
arguments.add_argument("--first", type=int, default=0)
arguments.add_argument("--mebibytes", type=int, default=64)
arguments.add_argument("--seconds", type=float, default=1.0)
arguments = arguments.parse_args()
STATUSES = {0, 1, 2, 64, 65, 66, 73}


def program(source, shape="tensor[32]", label="class(4)", data="", network=None, train=""):
    network = network or "return x |> flatten |> fc1: linear(8) |> head: linear(4)"
    return f"""data d {{ source: {source}  x: {shape}  label: {label}  {data} }}
network net(x: {shape}) -> tensor[4] {{ {network} }}
train net on d {{ length: 2 epochs  batch: 4  loss: cross_entropy  optimizer: sgd  rate: 0.1 {train} }}
"""


@functools.cache
def zeros(count, level=6):
    """A gzip stream of so many zero bytes, made in portions."""
    target = io.BytesIO()
    with gzip.GzipFile(fileobj=target, mode="wb", compresslevel=level, mtime=0) as file:
        for _ in range(count >> 20):
            file.write(bytes(1 << 20))
    return target.getvalue()


def label(dice):
    """With `class` alone, the labels are read through."""
    return dice.choice(["class(4)", "class"])


def idx(dice):
    kind, rank = dice.choice([8, 9, 11, 13, 14, 77]), dice.choice([1, 3, 3, 3, 255])
    extents = [dice.choice([0, 1, 28, 60000, 2**31, 2**32 - 1]) for _ in range(rank)]
    head = bytes([0, 0, kind, rank]) + b"".join(struct.pack(">I", extent) for extent in extents)
    body = dice.choice([b"", bytes(100), bytes(28 * 28 * 10)])
    images = dice.choice([head + body, gzip.compress(head + body), gzip.compress(head) + zeros(64 << 20)])
    labels = struct.pack(">HBBI", 0, 8, 1, dice.choice([0, 10, 2**32 - 1])) + bytes(10)
    return {"x.idx": images, "y.idx": labels}, program('idx(train_features: "x.idx", train_labels: "y.idx")', "tensor[1, 28, 28]", label(dice))


def cifar(dice):
    body = dice.choice([zeros(dice.choice([64, 512]) << 20), bytes(3073 * 5 + dice.randrange(3073)), b"\x1f\x8b" + dice.randbytes(500), b""])
    return {"c.bin": body}, program('cifar(train: "c.bin")', "tensor[3, 32, 32]", "class(10)")


def npy_header(dice):
    shape = dice.choice(["(10, 32)", "(99999999999999999999,)", "(-1, 32)", "(10, 32" + ", 32" * 200 + ")", "()", "(1000000000, 32)"])
    descr = dice.choice(["'<f4'", "'|O'", "'>i8'", "'<f2'", "'<U99999999'", "[('a','<f4')]"])
    text = f"{{'descr': {descr}, 'fortran_order': {dice.choice(['False', 'True', '1'])}, 'shape': {shape}, }}"
    text += dice.choice(["", " " * dice.choice([10, 10**6, 2 * 10**7])])
    version = dice.choice([1, 2, 3, 9])
    length = dice.choice([len(text), 2**16 - 1, 2**32 - 1]) if version > 1 else len(text) % 2**16
    size = struct.pack("<H" if version == 1 else "<I", length % (2**16 if version == 1 else 2**32))
    return b"\x93NUMPY" + bytes([version, 0]) + size + text.encode()


def npy(dice):
    return {"x.npy": npy_header(dice) + bytes(dice.choice([0, 1280])), "y.npy": npy_header(dice)}, program(
        'npy(features: "x.npy", labels: "y.npy")', label=label(dice))


def npz(dice):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for _ in range(dice.choice([0, 1, 1, 3000])):
            archive.writestr(dice.choice(["x.npy", "y.npy", "../x.npy", "a" * 60000]), npy_header(dice))
        if dice.random() < 0.4:
            archive.writestr("x.npy", bytes(100 << 20))
    body = bytearray(target.getvalue())
    for _ in range(dice.choice([0, 0, 3])):
        if body:
            body[dice.randrange(len(body))] = dice.randrange(256)
    return {"d.npz": bytes(body)}, program('npz("d.npz", features: "x", labels: "y")', label=label(dice))


def safetensors(dice):
    count = dice.choice([0, 1, 1000, 100000])
    entries = {f"layer.{i}.weight": {"dtype": dice.choice(["F32", "BF16", "X"]) if count < 10 else "F32", "shape": [1], "data_offsets": [4 * i, 4 * i + 4]}
               for i in range(count)}
    if dice.random() < 0.3:
        entries["__metadata__"] = {"a": "b" * dice.choice([10, 10**6, 3 * 10**7])}
    head = dice.choice([json.dumps(entries), "[" * 10**6, '{"a": ' * 10**5, '{"' + "x" * 3 * 10**7, "{" + "," * 10**6]).encode()
    length = dice.choice([len(head), len(head), 10**8, 2**63, 3])
    body = struct.pack("<Q", length % 2**64) + head + bytes(min(4 * count, 10**6))
    return {"w.safetensors": body}, program("synthetic(100)", train='weights_from: "w.safetensors"')


def csv(dice):
    text = dice.choice(["1,2,0\n" * 5, "a" * 2 * 10**7, ("," * 10**5 + "\n") * 20, '"' + "x\n" * 10**6, "\0" * 10**6, "1;2;0\n" * 10, "é,ü\n1,2\n",
                        "".join(f"{i},{i},{i % 4}\n" for i in range(1000))])
    return {"t.csv": text.encode()}, program('csv(train: "t.csv", label: 2)', "tensor[2]", label(dice))


def png(dice):
    size = dice.choice([(1, 1), (2**31 - 1, 2**31 - 1), (60000, 60000), (0, 5), (8, 8)])
    def chunk(name, body):
        return struct.pack(">I", dice.choice([len(body), len(body), 2**31])) + name + body + struct.pack(">I", zlib.crc32(name + body))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", *size, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(bytes(10**7))) + chunk(b"IEND", b"")


def images(dice):
    files = {f"i/train/{name}/{n}.{dice.choice(['png', 'jpg'])}": dice.choice([png(dice), b"\xff\xd8\xff" + dice.randbytes(300), b""])
             for name in "abcd" for n in range(dice.choice([1, 3]))}
    return files, program('images("i")', "tensor[3, 8, 8]", "class(4)")


def source(dice):
    text = dice.choice([
        "(" * 10**5, "network " * 10**5, "\ufeff" + "x" * 10**7, "// " + "z" * 10**7, "@ " * 2 * 10**5, "\0" * 10**6,
        program("synthetic(100)", network="return x " + "|> relu " * 5000 + "|> head: linear(4)"),
        program("synthetic(100)", network="return x |> repeat(100000) { repeat(100000) { relu } } |> head: linear(4)"),
        program("synthetic(9223372036854775807)"), program("synthetic(100)", "tensor[9223372036854775807, 9, 9]"),
        program("synthetic(100)", network="return x |> linear(9223372036854775807) |> head: linear(4)"),
        program("synthetic(100)", train="weights fc1 { cycle(10000) { 1 steps: dense  1 steps: factored(rank: 2) } } state: carry"),
        program("synthetic(100)", train="".join(f"x{i}: {i} " for i in range(20000))),
        program("synthetic(100)").encode("utf-16").decode("latin-1"),
        "block b0(x: tensor) { return x }\n" + "".join(f"block b{i}(x: tensor) {{ return x |> b{i - 1} |> b{i - 1} }}\n" for i in range(1, 60))
        + program("synthetic(100)", network="return x |> b59 |> head: linear(4)"),
    ])
    return {}, text


def measured(folder):
    """Status, seconds and MiB of one check. A process inherits the peak of the one that starts it, so this runs in one that stays small."""
    begin = time.monotonic()
    process = os.posix_spawn(
        arguments.drnc, [arguments.drnc, "check", f"{folder}/main.drn"], os.environ,
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, f"{folder}/out", os.O_WRONLY | os.O_CREAT, 0o600), (os.POSIX_SPAWN_DUP2, 1, 2)])
    _, status, usage = os.wait4(process, 0)
    return [status, time.monotonic() - begin, usage.ru_maxrss / 1024]


def measurer():
    """Starts that process before anything large is made; gives what it is asked by, and what it answers by."""
    (asked, asking), (answered, answering) = os.pipe(), os.pipe()
    if os.fork() == 0:
        os.close(asking)
        for line in os.fdopen(asked):
            os.write(answering, (json.dumps(measured(line.strip())) + "\n").encode())
        os._exit(0)
    os.close(asked)
    return os.fdopen(asking, "w", buffering=1), os.fdopen(answered)


asking, answers = measurer()
KINDS = [idx, cifar, npy, npz, safetensors, csv, images, source]
faults, worst = 0, (0, 0.0)
for number in range(arguments.first, arguments.first + arguments.count):
    kind = KINDS[number % len(KINDS)]
    files, text = kind(random.Random(number))
    with tempfile.TemporaryDirectory() as folder:
        for name, body in list(files.items()) + [("main.drn", text.encode("utf-8", "surrogateescape"))]:
            path = pathlib.Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)
        print(folder, file=asking)
        status, seconds, mebibytes = json.loads(answers.readline())
        worst = max(worst[0], mebibytes), max(worst[1], seconds)
        problems = [] if os.WIFEXITED(status) and os.WEXITSTATUS(status) in STATUSES else [f"wait status {status}"]
        problems += [f"{mebibytes:.0f} MiB"] if mebibytes > arguments.mebibytes else []
        problems += [f"{seconds:.2f} s"] if seconds > arguments.seconds else []
        if problems:
            faults += 1
            print(f"{kind.__name__} {number}: {', '.join(problems)}\n  " + pathlib.Path(folder, "out").read_text(errors="replace")[:200].replace("\n", "\n  "))
print(f"{arguments.count} files: {faults} faults; at most {worst[0]:.0f} MiB and {worst[1]:.2f} s")
sys.exit(1 if faults else 0)
