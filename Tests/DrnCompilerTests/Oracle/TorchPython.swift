import DrnTestSupport
import Foundation

/// A Python that has PyTorch, and the fixtures it writes.
enum TorchPython {
  /// Said where there is none.
  static let absence = "no Python with PyTorch: name one in DRNC_TORCH_PYTHON, or install torch for python3"
  /// Said where CIFAR-10's images are absent.
  static let imageAbsence = "no Python with PyTorch, or no CIFAR-10 in its binary version: name its folder in DRNC_CIFAR10"
  /// What writes the committed fixtures again.
  static let command = "python Tests/Oracle/make_fixtures.py --small Tests/Oracle/fixtures"

  /// The command line of a Python that finds torch, or `nil`.
  static let found: [String]? = {
    let named = ProcessInfo.processInfo.environment["DRNC_TORCH_PYTHON"].map { [$0] }
    let python = named ?? ["/usr/bin/env", "python3"]
    let question = "import importlib.util, sys; sys.exit(importlib.util.find_spec('torch') is None)"
    return (try? run(python + ["-c", question])) == 0 ? python : nil
  }()

  static let folder = Repository.url("Tests/Oracle")
  static let committed = folder.appendingPathComponent("fixtures")

  /// The folder of all generated fixtures. Kept between runs under a name that depends on the scripts and on Python.
  static let generated = Result { try generate([], "drnc-oracle") }
  /// The small fixtures, written anew.
  static let regenerated = Result { try generate(["--small"], "drnc-oracle-small") }
  /// The fixtures of ResNet-20.
  static let residual = Result { try generate(["--resnet"], "drnc-oracle-resnet") }

  private static func generate(_ options: [String], _ name: String) throws -> URL {
    guard let python = found else { throw OracleFixture.Failure(absence) }
    let temporary = FileManager.default.temporaryDirectory
    let target = temporary.appendingPathComponent("\(name)-\(String(try fingerprint(python), radix: 16))")
    if FileManager.default.fileExists(atPath: target.path) { return target }
    let partial = temporary.appendingPathComponent("\(name)-\(UUID().uuidString)")
    try run("make_fixtures.py", options + [partial.path])
    // Another process may have been faster; its files are the same.
    try? FileManager.default.moveItem(at: partial, to: target)
    return target
  }

  /// Runs one of the scripts beside the fixtures.
  static func run(_ name: String, _ arguments: [String]) throws {
    guard let python = found else { throw OracleFixture.Failure(absence) }
    let script = folder.appendingPathComponent(name).path
    let status = try run(python + ["-B", script] + arguments)
    guard status == 0 else { throw OracleFixture.Failure("\(script) ended with status \(status)") }
  }

  private static let images =
    ProcessInfo.processInfo.environment["DRNC_CIFAR10"] ?? Repository.url("data/cifar-10-batches-bin").path
  static let hasImages = FileManager.default.fileExists(atPath: "\(images)/data_batch_1.bin")

  /// The network that the fixtures of ResNet-20 hold as text.
  static let residualSource = Repository.url("models/shared/residual.drn")

  /// The FNV-1a hash of the scripts, of that network, of Python's path, of the start and of the path of the images.
  private static func fingerprint(_ python: [String]) throws -> UInt64 {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".py") }.sorted()
    let settings = python + [images, ProcessInfo.processInfo.environment["DRNC_ORACLE_START"] ?? "0"]
    var bytes = Array(settings.joined(separator: " ").utf8) + (try Data(contentsOf: residualSource))
    for name in names { bytes += try Data(contentsOf: folder.appendingPathComponent(name)) }
    return bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }

  private static func run(_ command: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
