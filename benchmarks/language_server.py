"""Times `drnc lsp` on a generated program of 2,000 lines: a keystroke until its diagnostics are there, and every kind of request.

    swift build -c release
    python3 benchmarks/language_server.py [--drnc PATH] [--lines N] [--keys N] [--limit MILLISECONDS]

Exits 1 when the median of a keystroke or of a request is above the limit. Needs nothing but Python.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
URI = "file:///tmp/generated.drn"


def unit(number):
    """A data set, a block, a network of 97 layers and its training, in 107 lines."""
    lines = f"""data digits{number} {{
  source: synthetic(examples: 4000, test_examples: 400, noise: 1.0)
  image: tensor[64]
  label: class(10)
  validation: 10%
  prepare: standardize(per: pixel)
  last_batch: drop
}}

block residual{number}(x: tensor, width: int, rate: float = 0.1) {{
  let y = x
    |> expand: linear(width * 2) |> norm1: layer_norm |> relu
    |> dropout(rate)
    |> reduce: linear(width) |> norm2: layer_norm
  return relu(x + y)
}}

// Network {number}: six stems, each before four residual blocks, and a head.
network mlp{number}(image: tensor[64]) -> tensor[10] {{
  return image""".split("\n")
    for stage in range(6):
        lines += f"""    |> stem{stage}: linear(64) |> stem{stage}_norm: layer_norm |> relu
    |> stage{stage}: {{
      residual{number}(64)
      |> residual{number}(64, rate: 0.2)
      |> repeat(2) {{ residual{number}(64) }}
    }}""".split("\n")
    lines += f"""    |> head: linear(10)
}}

train mlp{number} on digits{number} {{
  length: 30 epochs
  batch: 100
  seed: 7
  loss: cross_entropy(smoothing: 0.1)
  optimizer: sgd(momentum: 0.9)
  rate: step(0.1, factor: 0.1, at: [epoch 20, epoch 25])
  state: carry
  allow: [rank_unaligned, late_truncation]""".split("\n")
    for stage in range(6):
        lines += f"""  weights stem{stage}, stage{stage}.**.* {{
    from epoch 0: dense
    from epoch 14: factored(rank: 16) by svd(error: 60%)
    from epoch 22: factored(rank: 8) by svd(error: 90%)
    every 5 epochs: report(stable_rank)
  }}""".split("\n")
    return lines + ["  require: average(trainable_parameters) <= 0.99 * dense_cost", "}", ""]


def program(count):
    lines = []
    number = 0
    while len(lines) < count:
        lines += unit(number)
        number += 1
    return lines


class Server:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.last = 0

    def send(self, method, parameters, request=False):
        message = {"jsonrpc": "2.0", "method": method, "params": parameters}
        if request:
            self.last += 1
            message["id"] = self.last
        body = json.dumps(message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def read(self):
        length = 0
        while (line := self.process.stdout.readline().strip()):
            name, value = line.split(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return json.loads(self.process.stdout.read(length))

    def request(self, method, parameters):
        self.send(method, parameters, request=True)
        while True:
            message = self.read()
            if message.get("id") == self.last:
                if "error" in message:
                    sys.exit(f"{method}: {message['error']}")
                return message["result"]

    def diagnostics(self, version):
        """The diagnostics of that version of the document."""
        while True:
            message = self.read()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"].get("version") == version:
                return message["params"]["diagnostics"]


def timed(action):
    start = time.perf_counter()
    result = action()
    return (time.perf_counter() - start) * 1e3, result


def report(name, times, limit):
    times = sorted(times)
    median = statistics.median(times)
    tail = times[min(len(times) - 1, int(len(times) * 0.95))]
    print(f"{name:36} median {median:7.2f} ms   95 % {tail:7.2f} ms   worst {times[-1]:7.2f} ms" + ("" if median <= limit else "   TOO SLOW"))
    return median <= limit


def keystrokes(server, lines, count):
    """Types comments, numbers and half-written stages at many places of the file, a letter at a time; gives the times in milliseconds."""
    texts = ["// note", "  seed: 12", "    |> extra: linear(6", "    from epoch 25: fact"]
    times = []
    version = 1
    place = 0
    while len(times) < count:
        line = (place * 389 + 7) % len(lines)
        for position, letter in enumerate(texts[place % len(texts)] + "\n"):
            version += 1
            start = {"line": line, "character": position}
            change = {"textDocument": {"uri": URI, "version": version}, "contentChanges": [{"range": {"start": start, "end": start}, "text": letter}]}

            def type_letter():
                server.send("textDocument/didChange", change)
                return server.diagnostics(version)

            times.append(timed(type_letter)[0])
        version += 1
        text = {"textDocument": {"uri": URI, "version": version}, "contentChanges": [{"text": "\n".join(lines) + "\n"}]}
        server.send("textDocument/didChange", text)
        if server.diagnostics(version):
            sys.exit("the generated program has diagnostics")
        place += 1
    return times


def requests(server, lines):
    middle = len(lines) // 2
    stem = next(index for index in range(middle, len(lines)) if "stem3: linear" in lines[index])
    weights = next(index for index in range(middle, len(lines)) if "weights stem3" in lines[index])
    document = {"textDocument": {"uri": URI}}
    at = lambda line, character: {**document, "position": {"line": line, "character": character}}
    everything = {"start": {"line": 0, "character": 0}, "end": {"line": len(lines), "character": 0}}
    return [
        ("hover of a layer", "textDocument/hover", at(stem, 8)),
        ("completion of a layer", "textDocument/completion", at(stem, 16)),
        ("completion of a selector", "textDocument/completion", at(weights, 10)),
        ("signature help", "textDocument/signatureHelp", at(stem, 22)),
        ("definition", "textDocument/definition", at(weights, 11)),
        ("references", "textDocument/references", {**at(stem, 8), "context": {"includeDeclaration": True}}),
        ("prepare rename", "textDocument/prepareRename", at(stem, 8)),
        ("rename", "textDocument/rename", {**at(stem, 8), "newName": "renamed"}),
        ("document symbols", "textDocument/documentSymbol", document),
        ("workspace symbols", "workspace/symbol", {"query": "mlp"}),
        ("formatting", "textDocument/formatting", {**document, "options": {"tabSize": 2, "insertSpaces": True}}),
        ("folding", "textDocument/foldingRange", document),
        ("semantic tokens of the file", "textDocument/semanticTokens/full", document),
        ("code actions", "textDocument/codeAction", {**document, "range": everything, "context": {"diagnostics": []}}),
        ("inlay hints of the file", "textDocument/inlayHint", {**document, "range": everything}),
        ("code lenses of the file", "textDocument/codeLens", document),
    ]


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--drnc", default=str(ROOT / ".build/release/drnc"))
    options.add_argument("--lines", type=int, default=2000)
    options.add_argument("--keys", type=int, default=200)
    options.add_argument("--limit", type=float, default=20)
    options.add_argument("--repeat", type=int, default=9)
    arguments = options.parse_args()
    lines = program(arguments.lines)
    server = Server([arguments.drnc, "lsp"])
    start, _ = timed(lambda: server.request("initialize", {"capabilities": {"textDocument": {"hover": {"contentFormat": ["markdown"]}}}}))
    server.send("initialized", {})
    text = "\n".join(lines) + "\n"
    print(f"{len(lines)} lines, {len(text)} bytes; started and initialized in {start:.1f} ms")

    def open_document():
        server.send("textDocument/didOpen", {"textDocument": {"uri": URI, "languageId": "drn", "version": 1, "text": text}})
        return server.diagnostics(1)

    opened, found = timed(open_document)
    print(f"opened and checked in {opened:.1f} ms, {len(found)} diagnostics")
    ok = report("keystroke to diagnostics", keystrokes(server, lines, arguments.keys), arguments.limit)
    version = 1_000_000
    for name, method, parameters in requests(server, lines):
        times = []
        for _ in range(arguments.repeat):
            # A new version, so that nothing is answered from what an earlier request worked out.
            version += 1
            end = {"line": len(lines), "character": 0}
            change = {"textDocument": {"uri": URI, "version": version}, "contentChanges": [{"range": {"start": end, "end": end}, "text": " "}]}
            server.send("textDocument/didChange", change)
            server.diagnostics(version)
            times.append(timed(lambda: server.request(method, parameters))[0])
        ok = report(name, times, arguments.limit) and ok
    server.request("shutdown", None)
    server.send("exit", None)
    code = server.process.wait(timeout=10)
    if code != 0:
        sys.exit(f"the server exited with {code}")
    sys.exit(0 if ok else 1)


if __name__ == "__main__":
    main()
