import DrnAnalysis
import DrnCompiler
import DrnDiagnostics
import DrnJSON
import DrnProgram
import DrnSema
import DrnSource
import DrnTensorFile
import DrnTestSupport
import Foundation

@testable import DrnTrain

/// A small program with one place left open, and everything that can be seen of it.
struct OptionProgram {
  var source = "synthetic(30, test_examples: 6, noise: 1)"
  var input = "tensor[4, 5, 6]"
  var label = "class(3)"
  var data: [String] = ["validation: 20%"]
  var network = "return x |> l1: conv2d(6, kernel: 3) |> relu |> flatten |> head: linear(3)"
  /// What the network returns; as many numbers as the label has where it says nothing.
  var output: String?
  var settings: [String: String] = [
    "length": "3 epochs", "batch": "7", "loss": "cross_entropy", "optimizer": "sgd(momentum: 0.9)", "rate": "0.05",
  ]
  var train: [String] = []

  var text: String {
    let settings = settings.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
    return """
      data d { source: \(source)  x: \(input)  label: \(label)  \(data.joined(separator: "  ")) }
      network net(x: \(input)) -> \(output ?? "tensor[\(label.filter(\.isNumber))]") { \(network) }
      train net on d { \((settings + train).joined(separator: "  ")) }
      """
  }

  func with(_ change: (inout OptionProgram) -> Void) -> OptionProgram {
    var copy = self
    change(&copy)
    return copy
  }

  /// What a file of weights holds, without where its examples came from and the number of its phase, which would differ whatever they do.
  private static func weights(_ path: String) -> String {
    guard let file = try? TensorFile.read(path: path) else { return "no file" }
    let tensors = file.tensors.map { "\($0.name) \($0.shape) \(Data($0.bytes).base64EncodedString())" }
    let told = file.metadata.map { key, value in
      guard key == ModelDescription.metadataKey, let model = try? JSON(reading: Array(value.utf8)) else {
        return key == SavedWeights.phaseKey ? key : "\(key) \(value)"
      }
      return ["input", "output"].map { String(decoding: model[$0]?.bytes ?? [], as: UTF8.self) }.joined(separator: " ")
    }
    return (tensors + told).joined(separator: "\n")
  }

  /// What a user can see of a program, as one text; `nil` where it is refused.
  enum Sight: Hashable {
    case refused
    case seen(String)
  }

  var sight: Sight {
    var sources = SourceMap()
    let file = sources.add(name: "main.drn", text: text)
    let result = check(file: file, sources: &sources, options: CheckOptions(), headers: FileDataHeaders()) { _ in nil }
    guard let program = result.programs.first else { return .refused }
    var seen = result.diagnostics.map { "\($0.code.id) \($0.severity)" }
    do {
      let compiler = PhaseCompiler(program: program)
      let failures = checkRequirements(program, try CostReport(compiler, machine: nil))
      guard failures.isEmpty else { return .refused }
      let folder = try TemporaryFolder()
      do {
        let trainer = try Trainer(
          program: program, source: RunSource(text: [], configuration: "", version: "test"),
          options: TrainOptions(threads: 1, output: folder("run")), observer: nil, compiler: compiler)
        _ = try trainer.run()
      } catch { seen.append("\(error)") }
      for name in ["log.jsonl", "summary.json"] { seen.append((try? folder.text("run/\(name)")) ?? "no \(name)") }
      for name in ["weights.safetensors", "deployed.safetensors"] { seen.append(Self.weights(folder("run/\(name)"))) }
    } catch { seen.append("\(error)") }
    return .seen(seen.joined(separator: "\n"))
  }
}
