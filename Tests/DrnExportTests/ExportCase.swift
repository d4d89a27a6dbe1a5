import DrnCompiler
import DrnDiagnostics
import DrnExport
import DrnProgram
import DrnSema
import DrnSource
import DrnTensorFile
import DrnTestSupport
import DrnTrain
import Foundation
import Testing

/// A small program that is trained for some steps and exported.
struct ExportCase: Sendable, CustomTestStringConvertible {
  let name: String
  let source: String
  /// Given to `export` beside the format.
  var options: [String] = []
  var testDescription: String { name }

  /// One of a network on generated data.
  init(
    _ name: String, _ network: String, input: String = "tensor[6]", weights: String = "", options: [String] = [], head: String = "tensor[4]"
  ) {
    self.name = name
    source = """
      data clusters {
        source: synthetic(examples: 96)
        x: \(input)
        label: class(4)
      }
      network net(x: \(input)) -> \(head) { return \(network) }
      train net on clusters {
        length: 3 steps
        batch: 16
        seed: 3
        loss: cross_entropy
        optimizer: sgd(momentum: 0.9)
        rate: 0.05
        \(weights)
      }

      """
    self.options = options
  }

  /// One of a whole program.
  init(_ name: String, program: String, options: [String] = []) { (self.name, source, self.options) = (name, program, options) }
}

/// A run in a folder, with what is exported from it. Its folder is removed with it and changed by nothing else, so that tests may share one.
struct ExportedRun: @unchecked Sendable {
  let folder: TemporaryFolder
  let program: CheckedProgram
  let compiler: PhaseCompiler
  var path: String { folder("run") }

  /// Trains a case in a folder of its own; one that is long may take more time than a process of the tool is given.
  init(_ source: String, files: [String: String] = [:], arguments: [String] = [], isLong: Bool = false) throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder("shared"), withIntermediateDirectories: true)
    for (name, text) in files { try folder.write(name, text) }
    try folder.write("main.drn", source)
    let running = try Tool.start(["train", "main.drn", "--quiet", "--threads", "1", "-o", "run"] + arguments, folder: folder.path)
    if isLong { running.process.waitUntilExit() }
    let outcome = try running.finish()
    guard outcome.status == 0 else { throw TestFailure(description: outcome.error) }
    var sources = SourceMap()
    let file = sources.add(name: folder("main.drn"), text: source)
    let result = check(file: file, sources: &sources, options: CheckOptions(), headers: FileDataHeaders()) { path in
      (try? Data(contentsOf: URL(fileURLWithPath: path))).map { Array($0) }
    }
    guard let program = result.programs.first else { throw TestFailure(description: "the program does not check") }
    self.program = program
    compiler = PhaseCompiler(program: program)
  }

  /// Runs `drnc export` on it.
  func export(_ arguments: [String]) throws -> Tool.Outcome {
    try Tool.run(["export", "run", "--threads", "1", "--diagnostics", "plain"] + arguments, folder: folder.path)
  }

  /// Its network, prepared by nobody.
  func network(isMerged: Bool = false) throws -> ExportedNetwork {
    let weights = try RunWeights(folder: path, compiler: compiler, phase: nil)
    return try ExportedNetwork(weights, compiler, isMerged: isMerged, prepares: false, threads: 1)
  }

  /// Drawn examples of several numbers, with the outputs that drnc gives for them.
  func examples(isMerged: Bool = false) throws -> TensorFile {
    let network = try network(isMerged: isMerged)
    var random = SplitMix64(seed: 11)
    let (input, output) = (program.network.inputShape, program.network.outputShape)
    var tensors: [NamedTensor] = []
    for count in [1, 3, 8] {
      let elements = input.reduce(count, *)
      let examples: ForwardExamples
      if program.network.inputElement == .token {
        let tokens = (0..<elements).map { _ in Int64(random.next() % 6) }
        tensors.append(NamedTensor(name: "features.\(count)", shape: [count] + input, integers: tokens))
        examples = .tokens(tokens.map { Int32($0) })
      } else {
        let values = (0..<elements).map { _ in Float(Double(random.next() >> 11) / 0x1p53 * 3 - 1.5) }
        tensors.append(NamedTensor(name: "features.\(count)", shape: [count] + input, floats: values))
        examples = .numbers(values)
      }
      var outputs = try network.outputs(of: examples, count: count, threads: 1)
      if output.count == 3 { outputs = channelsFirst(outputs, count: count, output) }
      tensors.append(NamedTensor(name: "outputs.\(count)", shape: [count] + output, floats: outputs))
    }
    return TensorFile(tensors: tensors)
  }

  /// From channels last, as drnc has images.
  private func channelsFirst(_ values: [Float], count: Int, _ shape: [Int]) -> [Float] {
    let (channels, pixels) = (shape[0], shape[1] * shape[2])
    return (0..<count).flatMap { image in
      (0..<channels).flatMap { channel in (0..<pixels).map { values[(image * pixels + $0) * channels + channel] } }
    }
  }
}

/// A Python with what holds exports against others.
enum ExportPython {
  static let absence =
    "no Python with torch, onnx, onnxruntime and safetensors: name one in DRNC_TORCH_PYTHON after Tests/Oracle/install"

  /// The command line of a Python that finds all of them, or `nil`.
  static let found: [String]? = {
    let named = ProcessInfo.processInfo.environment["DRNC_TORCH_PYTHON"].map { [$0] }
    let python = named ?? ["/usr/bin/env", "python3"]
    let names = ["torch", "onnx", "onnxruntime", "safetensors", "numpy"].map { "'\($0)'" }.joined(separator: ", ")
    let question = "import importlib.util, sys; sys.exit(any(importlib.util.find_spec(name) is None for name in [\(names)]))"
    return (try? run(python + ["-c", question]).status) == 0 ? python : nil
  }()

  /// What `Tests/Oracle/check_exports.py` says of a folder: by name and format a difference, or an error.
  static func differences(in folder: String) throws -> [String: String] {
    guard let found else { throw TestFailure(description: absence) }
    let outcome = try run(found + ["-B", Repository.url("Tests/Oracle/check_exports.py").path, folder])
    guard outcome.status == 0 else { throw TestFailure(description: "check_exports.py ended with status \(outcome.status)") }
    var differences: [String: String] = [:]
    for line in outcome.output.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 2).map(String.init)
      if words.count == 3 { differences["\(words[0]) \(words[1])"] = words[2] }
    }
    return differences
  }

  static func run(_ command: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
