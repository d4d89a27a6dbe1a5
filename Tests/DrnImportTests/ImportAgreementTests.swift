import DrnCompiler
import DrnExport
import DrnTensorFile
import DrnTestSupport
import DrnTrain
import Foundation
import Testing

@Suite("Imported weights give PyTorch's outputs") struct ImportAgreementTests {
  private static let python: String? = {
    guard let named = ProcessInfo.processInfo.environment["DRNC_TORCH_PYTHON"] else { return nil }
    return FileManager.default.isExecutableFile(atPath: named) ? named : nil
  }()

  /// Runs a script of `Tests/Oracle`.
  private func run(_ script: String, _ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.python))
    process.arguments = ["-B", Repository.url("Tests/Oracle/\(script)").path] + arguments
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test(
    "a ResNet-20 with the names of torchvision gives PyTorch's logits, from safetensors and from ONNX",
    .enabled(if: python != nil, "no Python with torch: name one in DRNC_TORCH_PYTHON after Tests/Oracle/install"))
  func residual() throws {
    let folder = try TemporaryFolder()
    #expect(try run("residual_weights.py", [folder.path]) == 0)
    try folder.write("main.drn", residualProgram)
    let compiler = PhaseCompiler(program: try checkedProgram(residualProgram))
    let examples = try TensorFile.read(path: folder("examples.safetensors"))
    let (features, wanted) = (try #require(examples.tensor(named: "features")), try #require(examples.tensor(named: "outputs")))
    for file in ["resnet.safetensors", "resnet.onnx"] {
      let imported = try Tool.run(["import", file, "main.drn"], folder: folder.path)
      #expect(imported.status == 0 && imported.output.contains("107 of 107 tensors"), "\(file): \(imported.error)\(imported.output)")
      let setting = "train.weights_from=\"resnet.initial.safetensors\""
      let begun = try Tool.run(
        ["train", "main.drn", "-o", "\(file)-run", "--stop-after", "0 steps", "--quiet", "--set", setting], folder: folder.path)
      #expect(begun.status == 0, "\(file): \(begun.error)")
      let weights = try RunWeights(folder: folder("\(file)-run"), compiler: compiler, phase: nil)
      let network = try ExportedNetwork(weights, compiler, isMerged: false, prepares: false, threads: 1)
      let outputs = try network.outputs(of: .numbers(try features.floats()), count: features.shape[0], threads: 1)
      let logits = try wanted.floats()
      let largest = logits.map(abs).max() ?? 0
      #expect(outputs.count == logits.count && largest > 0.1)
      // Twenty layers in single precision, in another order of summation.
      for (output, logit) in zip(outputs, logits) { #expect(abs(output - logit) <= 1e-5 * max(1, largest), "\(file)") }
    }
  }
}
