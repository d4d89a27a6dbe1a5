import DrnCompiler
import DrnExport
import DrnJSON
import DrnTensorFile
import DrnTestSupport
import DrnTrain
import Foundation
import Testing

/// Factors while training, then whole matrices, then factors again.
private let threePhases = """
  data points {
    source: synthetic(examples: 96)
    point: tensor[6]
    label: class(4)
    validation: 25%
    prepare: standardize(per: channel)
  }
  network net(point: tensor[6]) -> tensor[4] { return point |> fc1: linear(8) |> relu |> head: linear(4) }
  train net on points {
    length: 3 epochs
    batch: 24
    seed: 3
    loss: cross_entropy
    optimizer: sgd(momentum: 0.9)
    rate: 0.05
    state: reset
    weights fc1 {
      from epoch 0: core(rank: 3)
      from epoch 1: dense
      from epoch 2: factored(rank: 2) by svd(error: 90%)
    }
  }

  """

@Suite("drnc export", .serialized) struct ExportCommandTests {
  private static let run = Result { try ExportedRun(threePhases) }

  /// Every file of a folder with its bytes.
  private func contents(_ path: String) throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
      contents[name] = try? Data(contentsOf: URL(fileURLWithPath: path + "/" + name))
    }
    return contents
  }

  @Test(
    "every format leaves the run folder as it was, and is the same when it is written again",
    arguments: ["onnx", "pytorch", "safetensors", "npz"])
  func leavesTheRunAlone(_ format: String) throws {
    let run = try Self.run.get()
    let before = try contents(run.path)
    for merge in [[], ["--merge"]] {
      let name = "net-\(merge.count).\(format == "pytorch" ? "py" : format)"
      let first = try run.export(["--to", format, "-o", name] + merge)
      #expect(first.status == 0, "\(first.error)")
      let bytes = try run.folder.bytes(name)
      #expect(!bytes.isEmpty && first.output.contains("\(name): \(bytes.count) bytes"))
      #expect(try run.export(["--to", format, "-o", name] + merge).output == first.output)
      #expect(try run.folder.bytes(name) == bytes)
      #expect(first.output.contains("multiply-adds of one example: 60 with the weights in their forms, 80 merged"), "\(first.output)")
      #expect(first.output.contains("merging changes an output") == !merge.isEmpty)
      #expect(!first.output.lowercased().contains("faster"))
    }
    #expect(try contents(run.path) == before)
    #expect(run.folder.names().allSatisfy { !$0.hasSuffix(".tmp") })
  }

  @Test("the default file is named after the network")
  func defaultName() throws {
    let run = try Self.run.get()
    #expect(try run.export(["--to", "npz"]).status == 0)
    #expect(run.folder.names().contains("net.npz"))
  }

  @Test("safetensors holds every tensor of the phase, as the run saved it, with the ranks of the tensors")
  func tensors() throws {
    let run = try Self.run.get()
    #expect(try run.export(["--to", "safetensors", "-o", "all.safetensors"]).status == 0)
    // Without a name no format writes over the files of another.
    for format in ["pytorch", "safetensors"] { #expect(try run.export(["--to", format]).status == 0) }
    #expect(Set(run.folder.names()).isSuperset(of: ["net.py", "net.safetensors", "net.weights.safetensors"]))
    let (saved, exported) = (
      try TensorFile.read(path: run.path + "/weights.safetensors"), try TensorFile.read(path: run.folder("all.safetensors"))
    )
    #expect(exported.tensors == saved.tensors)
    #expect(exported.metadataValue("drnc.form.fc1.weight") == "factored rank 2")
    #expect(exported.tensor(named: "fc1.weight.u")?.shape == [6, 2])
    #expect(try run.export(["--to", "safetensors", "-o", "merged.safetensors", "--merge"]).status == 0)
    let merged = try TensorFile.read(path: run.folder("merged.safetensors"))
    #expect(merged.tensor(named: "fc1.weight")?.shape == [8, 6] && merged.tensors.count == saved.tensors.count - 1)
    #expect(merged.metadataValue("drnc.form.fc1.weight") == "dense")
  }

  @Test("an earlier phase is written from its checkpoint, and refused where none is kept")
  func phases() throws {
    let run = try Self.run.get()
    #expect(try run.export(["--to", "safetensors", "-o", "two.safetensors", "--phase", "2"]).output.contains("weights.safetensors"))
    let dense = try run.export(["--to", "safetensors", "-o", "one.safetensors", "--phase", "1"])
    #expect(dense.status == 0 && dense.output.contains("checkpoints/"), "\(dense.error)")
    #expect(try TensorFile.read(path: run.folder("one.safetensors")).tensor(named: "fc1.weight")?.shape == [8, 6])
    let gone = try run.export(["--to", "safetensors", "-o", "gone.safetensors", "--phase", "0"])
    #expect(gone.status == 65 && gone.error.contains("DRN0810") && gone.error.contains("phase 0"))
    let unknown = try run.export(["--to", "onnx", "-o", "gone.onnx", "--phase", "3"])
    #expect(unknown.status == 1 && unknown.error.contains("DRN0055"))
    #expect(try run.export(["--to", "onnx", "-o", "gone.onnx", "--phase", "-1"]).status == 1)
    #expect(!run.folder.names().contains { $0.hasPrefix("gone") })
  }

  @Test("a killed run is exported from its last checkpoint")
  func withoutWeights() throws {
    let run = try ExportedRun(threePhases)
    try FileManager.default.removeItem(atPath: run.path + "/weights.safetensors")
    let outcome = try run.export(["--to", "npz"])
    #expect(outcome.status == 0 && outcome.output.contains("phase 2") && outcome.output.contains("checkpoints/"))
  }

  @Test("a module of PyTorch gets the ending that Python imports, where its name has none")
  func ending() throws {
    let folder = try TemporaryFolder()
    #expect(try Self.run.get().export(["--to", "pytorch", "-o", folder("net")]).status == 0)
    #expect(folder.names("").sorted() == ["net.py", "net.safetensors"])
  }

  @Test(
    "preparation is a part of the graph and of the module, and --no-preparation leaves it out",
    .enabled(if: ExportPython.found != nil, Comment(rawValue: ExportPython.absence)))
  func preparation() throws {
    let run = try Self.run.get()
    let folder = try TemporaryFolder()
    for (format, suffix) in [("onnx", "onnx"), ("pytorch", "py")] {
      #expect(try run.export(["--to", format, "-o", folder("raw.\(suffix)")]).status == 0)
      #expect(try run.export(["--to", format, "-o", folder("prepared.\(suffix)"), "--no-preparation"]).status == 0)
    }
    let model = try JSON(reading: Array(Data(contentsOf: URL(fileURLWithPath: run.path + "/model.json"))))
    func numbers(_ name: String) -> [Double] {
      (model["input"]?["prepare"]?[name]?.items ?? []).compactMap {
        if case .number(let number) = $0 { number } else { $0.whole.map(Double.init) }
      }
    }
    let (means, factors) = (numbers("mean"), numbers("inverse_deviation"))
    try #require(means.count == 6 && factors.count == 6)
    let prepared = try run.examples()
    try prepared.write(path: folder("prepared.examples.safetensors"))
    let raw = try prepared.tensors.map { tensor -> NamedTensor in
      guard tensor.name.hasPrefix("features") else { return tensor }
      let values = try tensor.doubles().enumerated().map { Float($1 / factors[$0 % 6] + means[$0 % 6]) }
      return NamedTensor(name: tensor.name, shape: tensor.shape, floats: values)
    }
    try TensorFile(tensors: raw).write(path: folder("raw.examples.safetensors"))
    let found = try ExportPython.differences(in: folder.path)
    for name in ["raw", "prepared"] {
      for suffix in ["onnx", "py"] { #expect(Double(found["\(name) \(suffix)"] ?? "") ?? 1 <= 1e-5, "\(name) \(suffix): \(found)") }
    }
  }

  @Test(
    "missing values are filled by the graph and the module",
    .enabled(if: ExportPython.found != nil, Comment(rawValue: ExportPython.absence)))
  func missingValues() throws {
    let rows = (0..<40).map { row in "\(row % 7),\(row % 5 == 0 ? "NA" : "0.\(row)"),\(row % 2)" }
    let source = """
      data table {
        source: csv(train: "t.csv", label: "y", missing: mean)
        row: tensor[2]
        label: class(2)
        prepare: standardize(per: channel)
      }
      network net(row: tensor[2]) -> tensor[2] { return row |> fc: linear(4) |> tanh |> head: linear(2) }
      train net on table { length: 2 epochs  batch: 8  seed: 1  loss: cross_entropy  optimizer: sgd  rate: 0.1 }

      """
    let run = try ExportedRun(source, files: ["t.csv": (["a,b,y"] + rows).joined(separator: "\n") + "\n"])
    let model = try JSON(reading: Array(Data(contentsOf: URL(fileURLWithPath: run.path + "/model.json"))))
    func numbers(_ path: [String]) -> [Double] {
      (model[path]?.items ?? []).compactMap { if case .number(let number) = $0 { number } else { $0.whole.map(Double.init) } }
    }
    let fill = numbers(["input", "missing", "means"])
    let (means, factors) = (numbers(["input", "prepare", "mean"]), numbers(["input", "prepare", "inverse_deviation"]))
    try #require(fill.count == 2 && means.count == 2 && factors.count == 2)
    let raw: [Float] = [1, .nan, .nan, 0.25, 3, 0.5]
    let prepared = raw.enumerated().map { index, value in
      Float(((value.isNaN ? fill[index % 2] : Double(value)) - means[index % 2]) * factors[index % 2])
    }
    let outputs = try run.network().outputs(of: .numbers(prepared), count: 3, threads: 1)
    let folder = try TemporaryFolder()
    for (format, suffix) in [("onnx", "onnx"), ("pytorch", "py")] {
      #expect(try run.export(["--to", format, "-o", folder("filled.\(suffix)")]).status == 0)
    }
    try TensorFile(tensors: [
      NamedTensor(name: "features.3", shape: [3, 2], floats: raw), NamedTensor(name: "outputs.3", shape: [3, 2], floats: outputs),
    ]).write(path: folder("filled.examples.safetensors"))
    let found = try ExportPython.differences(in: folder.path)
    for suffix in ["onnx", "py"] { #expect(Double(found["filled \(suffix)"] ?? "") ?? 1 <= 1e-5, "\(found)") }
  }

  @Test(
    "NumPy reads the archive: the same arrays, and by them the same outputs",
    .enabled(if: ExportPython.found != nil, Comment(rawValue: ExportPython.absence)))
  func archive() throws {
    let run = try Self.run.get()
    #expect(try run.export(["--to", "npz", "-o", "numpy.npz"]).status == 0)
    try run.examples().write(path: run.folder("numpy.safetensors"))
    let script = """
      import json, sys, numpy
      from safetensors.numpy import load_file
      held, saved = numpy.load(sys.argv[1]), load_file(sys.argv[2])
      names = [name for name in held.files if name != "metadata.json"]
      assert sorted(names) == sorted(saved) and all((held[name] == saved[name]).all() for name in names)
      assert json.loads(held["metadata.json"])["drnc.form.fc1.weight"] == "factored rank 2"
      examples = load_file(sys.argv[3])
      hidden = numpy.maximum(examples["features.8"] @ held["fc1.weight.u"] @ held["fc1.weight.v"] + held["fc1.bias"], 0)
      print(abs(hidden @ held["head.weight"].T + held["head.bias"] - examples["outputs.8"]).max() <= 1e-5)
      """
    let python = try #require(ExportPython.found)
    let outcome = try ExportPython.run(
      python + ["-c", script, run.folder("numpy.npz"), run.path + "/weights.safetensors", run.folder("numpy.safetensors")])
    #expect(outcome.status == 0 && outcome.output == "True\n")
  }

  // MARK: Refusals

  @Test("what is no run, and what cannot be written, is refused by a code before anything is written")
  func refusals() throws {
    let run = try Self.run.get()
    try run.folder.write("plain", "text")
    func refused(_ arguments: [String], _ status: Int32, _ code: String, _ words: String) throws {
      let outcome = try Tool.run(["export", "--diagnostics", "plain"] + arguments, folder: run.folder.path)
      #expect(outcome.status == status && outcome.signal == 0, "\(arguments): \(outcome.status) \(outcome.error)")
      #expect(outcome.error.contains(code) && outcome.error.contains(words), "\(arguments): \(outcome.error)")
      #expect(outcome.output.isEmpty)
    }
    try refused(["absent", "--to", "onnx"], 66, "DRN0810", "there is no folder `absent`")
    try refused(["plain", "--to", "onnx"], 66, "DRN0810", "holds no run")
    try refused([".", "--to", "onnx"], 66, "DRN0810", "holds no run")
    try refused(["", "--to", "onnx"], 66, "DRN0810", "there is no folder")
    try refused(["run", "--to", "onnx", "-o", "absent/net.onnx"], 73, "DRN0051", "its folder is not there")
    try refused(["run", "--to", "onnx", "-o", "run"], 73, "DRN0051", "is a folder")
    try refused(["run", "--to", "onnx", "-o", "run/net.onnx"], 73, "DRN0051", "lies in the folder of the run")
    try refused(
      ["run", "--to", "safetensors", "-o", "run/checkpoints/../weights.safetensors"], 73, "DRN0051", "lies in the folder of the run")
    try refused(["run", "--to", "pytorch", "-o", "net.safetensors"], 73, "DRN0051", "its weights beside it")
    try refused(["run", "--to", "keras"], 64, "keras", "onnx")
    try refused(["run"], 64, "--to", "Missing")
  }

  /// Damages of the files of a run: each is refused, and nothing is written.
  struct Damage: Sendable {
    let name, file: String
    let change: @Sendable ([UInt8]) -> [UInt8]
    init(_ name: String, _ file: String, _ change: @escaping @Sendable ([UInt8]) -> [UInt8]) {
      (self.name, self.file, self.change) = (name, file, change)
    }
  }

  static let damages: [Damage] = {
    var damages: [Damage] = []
    for share in 0..<10 {
      damages.append(Damage("cut at \(share) tenths", "weights.safetensors", { Array($0.prefix($0.count * share / 10)) }))
    }
    damages.append(Damage("a huge header", "weights.safetensors", { _ in [255, 255, 255, 255, 255, 255, 255, 127] + Array("{}".utf8) }))
    damages.append(
      Damage("another network", "weights.safetensors", { replaced("\"drnc.network\":\"net\"", "\"drnc.network\":\"nut\"", in: $0) }))
    damages.append(Damage("another rank than stated", "weights.safetensors", { replaced("factored rank 2", "factored rank 3", in: $0) }))
    damages.append(Damage("another name", "weights.safetensors", { replaced("\"head.bias\"", "\"head.boas\"", in: $0) }))
    damages.append(Damage("another shape", "weights.safetensors", { replaced("[2,8]", "[8,2]", in: $0) }))
    damages.append(Damage("NaN", "weights.safetensors", { Array($0.dropLast(4)) + [0, 0, 192, 127] }))
    damages.append(Damage("no text", "source.drn", { _ in [0, 255, 254] }))
    damages.append(Damage("another program", "source.drn", { replaced("linear(8)", "linear(9)", in: $0) }))
    damages.append(Damage("no JSON", "run.json", { Array($0.prefix(5)) }))
    damages.append(Damage("empty", "model.json", { _ in [] }))
    damages.append(Damage("malformed", "model.json", { replaced("\"mean\":[", "\"mean\":[1,", in: $0) }))
    damages.append(Damage("words", "model.json", { replaced("\"mean\":[", "\"mean\":[\"a\",", in: $0) }))
    return damages
  }()

  static func replaced(_ old: String, _ new: String, in bytes: [UInt8]) -> [UInt8] {
    let (text, old, new) = (bytes, Array(old.utf8), Array(new.utf8))
    guard let start = text.indices.first(where: { text[$0...].starts(with: old) }) else {
      Issue.record("the file has no \(String(decoding: old, as: UTF8.self))")
      return bytes
    }
    return Array(text[..<start]) + new + Array(text[(start + old.count)...])
  }

  @Test("a damaged folder is refused by a code, and nothing is written", arguments: damages.map(\.name))
  func damaged(_ name: String) throws {
    let damage = try #require(Self.damages.first { $0.name == name })
    let run = try Self.run.get()
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: run.path, toPath: folder("run"))
    try FileManager.default.removeItem(atPath: folder("run/checkpoints"))
    let path = "run/\(damage.file)"
    try folder.write(path, damage.change(Array(try folder.bytes(path))))
    for format in ["onnx", "safetensors"] where format == "onnx" || damage.file != "model.json" {
      let outcome = try Tool.run(["export", "run", "--to", format, "-o", "net", "--diagnostics", "plain"], folder: folder.path)
      #expect(outcome.signal == 0 && [1, 65, 66].contains(outcome.status), "\(damage.name): \(outcome.status) \(outcome.error)")
      #expect(outcome.error.contains("DRN"), "\(damage.name): \(outcome.error)")
      #expect(folder.names() == ["run"], "\(damage.name)")
    }
  }

  @Test("a file of weights larger than the memory is refused without being read")
  func hugeFile() throws {
    let run = try Self.run.get()
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: run.path, toPath: folder("run"))
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: folder("run/weights.safetensors")))
    try file.truncate(atOffset: 1 << 42)
    try file.close()
    let outcome = try Tool.run(["export", "run", "--to", "npz", "--diagnostics", "plain"], folder: folder.path)
    #expect(outcome.status == 65 && outcome.error.contains("larger than the memory") && folder.names() == ["run"], "\(outcome.error)")
  }

  @Test("a folder that cannot be written to is refused, and what stood there stays")
  func unwritable() throws {
    let run = try Self.run.get()
    // A name that is too long for any file system.
    let name = String(repeating: "n", count: 300)
    let outcome = try run.export(["--to", "onnx", "-o", name])
    #expect(outcome.status == 73 && outcome.error.contains("DRN0051") && !run.folder.names().contains(name))
  }

  @Test("merged weights that give other outputs are refused")
  func mergeRefused() throws {
    let run = try Self.run.get()
    let compiler = run.compiler
    let weights = try RunWeights(folder: run.path, compiler: compiler, phase: nil)
    let factored = try ExportedNetwork(weights, compiler, isMerged: false, prepares: false, threads: 1)
    let merged = try ExportedNetwork(weights, compiler, isMerged: true, prepares: false, threads: 1)
    let comparison = try MergeComparison(merged, beside: factored, threads: 1)
    #expect(comparison.difference <= 1e-6 && comparison.examples == 24 && comparison.isOfValidation)
    // Weights of another phase give other outputs.
    let earlier = try RunWeights(folder: run.path, compiler: compiler, phase: 1)
    let other = try ExportedNetwork(earlier, compiler, isMerged: true, prepares: false, threads: 1)
    let error = #expect(throws: ExportError.self) { try MergeComparison(other, beside: factored, threads: 1) }
    #expect(error?.kind == .differs)
  }
}
