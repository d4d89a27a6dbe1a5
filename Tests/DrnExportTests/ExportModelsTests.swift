import DrnExport
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

/// The models of the folder `models`, at their own sizes with small batches, two steps into their training.
@Suite("exports of models/", .serialized) struct ExportModelsTests {
  /// Data that are read from the checkout; what it lacks is generated.
  private static func localized(_ text: String) -> String {
    let data = Repository.url("data").path
    return text.replacing(/"(?:\.\.\/)+data\/(?<rest>[^"]*)"/) { "\"\(data)/\($0.output.rest)\"" }
      .replacing(/source: (?:fashion_mnist|cifar|idx)\(.*\)/, with: "source: synthetic(256)")
      .replacing(/examples: [56]0000/, with: "examples: 256")
      .replacing(/batch: [0-9]+/, with: "batch: 8")
      // No format has a place for them.
      .replacing(", lengths: true", with: "")
  }

  /// Of several kinds of networks one each; or those that are named, or all.
  private static let names: [String] = {
    let named = ProcessInfo.processInfo.environment["DRNC_EXPORT_MODELS"]?.split(separator: ",").map(String.init)
    return named == ["all"] ? Models.names : named ?? ["quickstart", "resnet20_low_rank", "vit"]
  }()

  @Test(
    "onnxruntime and PyTorch give drnc's outputs; DRNC_EXPORT_MODELS names others, or all",
    .enabled(if: ExportPython.found != nil, Comment(rawValue: ExportPython.absence)), arguments: names)
  func agrees(_ name: String) throws {
    let shared = Models.shared.mapValues(Self.localized)
    let source = Self.localized(try Models.text(name))
    let folders = source.matches(of: /"(?<path>\/[^"]*\/data\/[^"\/]+)/).map { String($0.output.path) }
    if let absent = folders.first(where: { !FileManager.default.fileExists(atPath: $0) }) {
      return print("skipped: \(name) needs \(absent)")
    }
    let run = try ExportedRun(source, files: shared, arguments: ["--stop-after", "2 steps"], isLong: true)
    let folder = try TemporaryFolder()
    for (format, suffix) in [("onnx", "onnx"), ("pytorch", "py")] {
      let outcome = try run.export(["--to", format, "-o", folder("\(name).\(suffix)"), "--no-preparation"])
      try #require(outcome.status == 0, "\(outcome.error)")
    }
    try run.examples().write(path: folder("\(name).examples.safetensors"))
    let found = try ExportPython.differences(in: folder.path)
    for format in ["onnx", "py"] {
      let text = try #require(found["\(name) \(format)"])
      #expect(Double(text).map { $0 <= 1e-5 } ?? false, "\(format): \(text)")
    }
  }
}
