import DrnDriver
import DrnTensorFile
import DrnTestSupport
import Foundation
import Synchronization
import Testing

/// Files that are cut short, foreign, enormous by what they announce, of wrong sizes or without numbers, given to every command that reads weights.
@Suite("Hostile files of weights") struct HostileFilesTests {
  private static let program = """
    data points { source: synthetic(examples: 64)  x: tensor[3]  label: class(2) }
    network net(x: tensor[3]) -> tensor[2] { return x |> fc: linear(4) |> norm: batch_norm |> relu |> head: linear(2) }
    train net on points { length: 2 steps  batch: 16  seed: 3  loss: cross_entropy  optimizer: sgd  rate: 0.1
      weights fc { from epoch 0: factored(rank: 2) } }

    """
  nonisolated(unsafe) private static let run = Result {
    let folder = try TemporaryFolder()
    try folder.write("main.drn", program)
    let outcome = try Tool.run(
      ["train", "main.drn", "--quiet", "--threads", "1", "--checkpoint-every", "0", "-o", "run"], folder: folder.path)
    guard outcome.status == 0 else { throw TestFailure(description: outcome.error) }
    guard try Tool.run(["export", "run", "--to", "onnx", "-o", "net.onnx"], folder: folder.path).status == 0 else {
      throw TestFailure(description: "no export")
    }
    return folder
  }

  /// A file in place of a good one, and whether every command has to refuse it.
  private struct Hostile {
    let name: String
    let bytes: [UInt8]
    var isSurelyBad = true
  }

  private func header(_ text: String, _ data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
    littleEndian(length ?? UInt64(text.utf8.count)) + Array(text.utf8) + data
  }

  /// What is no file of weights in either format.
  private func foreign() -> [Hostile] {
    let texts = [
      "", "\n", "hello", "<html></html>", "{}", "[1, 2]", "a,b\n1,2\n", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
    ]
    let marks: [[UInt8]] = [
      [0x50, 0x4B, 3, 4], [0x1F, 0x8B, 8, 0], [0x89, 0x50, 0x4E, 0x47], Array("GGUF".utf8), Array("\u{93}NUMPY".utf8), Array("RIFF".utf8),
      [0x80, 2, 0x8A, 0x0A], [0x7F, 0x45, 0x4C, 0x46], [0xFF], [0],
    ]
    return texts.enumerated().map { Hostile(name: "text \($0)", bytes: Array($1.utf8)) }
      + marks.enumerated().map { Hostile(name: "mark \($0)", bytes: $1 + [UInt8](repeating: $1.last == 0xFF ? 0xFF : 0, count: 80)) }
  }

  private func cut(_ whole: [UInt8], _ name: String) -> [Hostile] {
    (1...40).map { Hostile(name: "\(name) cut at \($0) of 41", bytes: Array(whole.prefix(whole.count * $0 / 41))) }
  }

  private func safetensors(_ whole: TensorFile, _ bytes: [UInt8]) throws -> [Hostile] {
    var files = cut(bytes, "safetensors")
    for length in [UInt64.max, 1 << 63, 1 << 40, 100_000_001, UInt64(bytes.count), 1, 0] {
      files.append(Hostile(name: "header of \(length)", bytes: littleEndian(length) + Array(bytes.dropFirst(8))))
    }
    let shapes = ["[4611686018427387904, 8]", "[9223372036854775807]", "[-1]", "[1.5]", "[99999999999999999999]", "3", "[[1]]", "null"]
    for shape in shapes {
      let text = #"{"a": {"dtype": "F32", "shape": \#(shape), "data_offsets": [0, 4]}}"#
      files.append(Hostile(name: "shape \(shape)", bytes: header(text, [0, 0, 0, 0])))
    }
    let nested = String(repeating: "[", count: 100_000)
    files.append(Hostile(name: "nested", bytes: header(nested)))
    files.append(Hostile(name: "many names", bytes: header("{" + (0..<2000).map { "\"t\($0)\": {}" }.joined(separator: ",") + "}")))
    for index in whole.tensors.indices {
      func changed(_ what: String, _ tensor: NamedTensor) throws {
        var copy = whole
        copy.tensors[index] = tensor
        let chunks = try copy.encoded(path: "")
        files.append(Hostile(name: "\(what) in \(whole.tensors[index].name)", bytes: chunks.flatMap { $0 }))
      }
      let (tensor, values) = (whole.tensors[index], try whole.tensors[index].floats())
      let name = tensor.name
      for number in [Float.nan, .infinity] {
        try changed("\(number)", NamedTensor(name: name, shape: tensor.shape, floats: [number] + values.dropFirst()))
      }
      try changed("another shape", NamedTensor(name: name, shape: tensor.shape + [2], floats: values + values))
      try changed("one number", NamedTensor(name: name, shape: [], floats: [1]))
      try changed("no numbers", NamedTensor(name: name, shape: [0], floats: []))
      try changed("whole numbers", NamedTensor(name: name, shape: tensor.shape, integers: values.map { _ in 1 << 62 }))
      try changed("bytes", NamedTensor(name: name, elementType: .f8e5m2, shape: tensor.shape, bytes: values.map { _ in 1 }))
      try changed("another name", NamedTensor(name: "\u{202E}\0\(name)", shape: tensor.shape, floats: values))
    }
    return files.map { file in
      var file = file
      // Whole numbers are values all the same where a run is read, and by its sizes a layer may be found under another name.
      if ["whole numbers", "another name"].contains(where: file.name.hasPrefix) { file.isSurelyBad = false }
      return file
    }
  }

  private func onnx(_ bytes: [UInt8]) -> [Hostile] {
    var files = cut(bytes, "ONNX")
    let huge = ProtobufBytes().number(1, 1 << 40).number(1, 1 << 40).number(2, 1).text(8, "fc.weight").data(9, [])
    files += [
      Hostile(name: "graph of 2^50 bytes", bytes: ProtobufBytes().data(7, [1], announced: 1 << 50).bytes),
      Hostile(name: "tensor of 2^80 numbers", bytes: ProtobufBytes.model(tensors: [huge])),
      Hostile(name: "tensor of other size", bytes: ProtobufBytes.model(tensors: [.tensor("fc.weight", [9, 9], [1])])),
      Hostile(name: "NaN", bytes: ProtobufBytes.model(tensors: [.tensor("head.bias", [2], [.nan, 1])])),
      Hostile(name: "no tensor", bytes: ProtobufBytes.model(tensors: [])),
      Hostile(name: "a tensor twice", bytes: ProtobufBytes.model(tensors: [.tensor("a", [1], [1]), .tensor("a", [1], [1])])),
    ]
    return files
  }

  /// What a command said.
  private final class Said: Sendable {
    let text = Mutex("")
    var console: Console {
      Console(format: .plain, environment: [:]) { [self] part, stream in if stream == .error { text.withLock { $0 += part } } }
    }
  }

  /// Every command that reads the file, in a folder with nothing else of its own; gives how many refused it.
  private func tryAll(_ hostile: Hostile, _ suffix: String, in folder: TemporaryFolder) throws -> Int {
    let file = try folder.write("weights.\(suffix)", hostile.bytes)
    if suffix == "safetensors" { try folder.write("run/weights.safetensors", hostile.bytes) }
    let (before, inRun) = (folder.names(), folder.names("run"))
    let (main, run, input, out) = (folder("main.drn"), folder("run"), folder("x.csv"), folder("out"))
    var commands: [(String, (Driver) -> DrnDriver.ExitStatus, isUse: Bool)] = [
      ("import", { $0.importWeights(ImportRequest(model: file)) }, false),
      (
        "import into", { $0.importWeights(ImportRequest(model: file, program: ProgramRequest(path: main), output: out, isPartial: false)) },
        true
      ),
    ]
    if suffix == "safetensors" {
      commands += [
        ("inspect", { $0.inspect(file, withSpectra: true, threads: 1, printsJSON: false) }, false),
        ("inspect run", { $0.inspect(run, withSpectra: true, threads: 1, printsJSON: false) }, true),
        ("predict", { $0.predict(PredictRequest(run: run, inputs: [input], output: out, threads: 1)) }, true),
        ("eval", { $0.evaluate(EvaluateRequest(run: run, data: "test", threads: 1)) }, true),
        ("export", { $0.export(ExportRequest(run: run, format: .npz, output: out, threads: 1)) }, true),
      ]
    }
    var refused = 0
    for (name, command, isUse) in commands {
      let said = Said()
      let status = command(Driver(console: said.console))
      let text = said.text.withLock { $0 }
      if status == .success {
        #expect(!isUse || !hostile.isSurelyBad, "\(name) takes \(hostile.name)")
        try? FileManager.default.removeItem(atPath: out)
      } else {
        refused += 1
        #expect([.failure, .badData, .noInput].contains(status), "\(name) of \(hostile.name): \(status)")
        #expect(text.contains(#/\[DRN\d{4}\]/#) && !text.contains("DRN09"), "\(name) of \(hostile.name): \(text)")
      }
      #expect(folder.names() == before && folder.names("run") == inRun, "\(name) of \(hostile.name) leaves \(folder.names())")
    }
    return refused
  }

  @Test("more than 200 of them are refused by every command with a code, and nothing is written")
  func refused() throws {
    let good = try Self.run.get()
    let weights = try TensorFile.read(path: good("run/weights.safetensors"))
    let bytes = Array(try good.bytes("run/weights.safetensors"))
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: good("run"), toPath: folder("run"))
    try folder.write("main.drn", Self.program)
    try folder.write("x.csv", "1,2,3\n")
    var (files, refused) = (0, 0)
    for (suffix, hostile) in [
      ("safetensors", foreign() + (try safetensors(weights, bytes))), ("onnx", foreign() + onnx(Array(try good.bytes("net.onnx")))),
    ] {
      for file in hostile {
        files += 1
        refused += try tryAll(file, suffix, in: folder)
      }
    }
    #expect(files > 200 && refused > 700, "\(files) files, \(refused) refusals")
  }

  @Test("the good files among them are taken by every command")
  func taken() throws {
    let good = try Self.run.get()
    for arguments in [
      ["import", "run/weights.safetensors", "main.drn", "-o", "a"], ["import", "net.onnx", "main.drn", "-o", "b"], ["inspect", "run"],
      ["export", "run", "--to", "npz", "-o", "c"],
    ] {
      let outcome = try Tool.run(arguments, folder: good.path)
      #expect(outcome.status == 0, "\(arguments): \(outcome.error)")
    }
  }
}
