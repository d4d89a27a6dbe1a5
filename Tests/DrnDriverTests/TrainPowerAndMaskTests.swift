import DrnTensorFile
import Foundation
import Testing

@Suite("Training powers and masks") struct TrainPowerAndMaskTests {
  private let folder: ScratchFolder
  init() throws { folder = try ScratchFolder() }

  /// The tensors of a run by name.
  private func trained(
    _ form: String, _ settings: String = plainSettings, _ output: String
  ) throws -> [String: [Float]] {
    _ = try train(trainSource("length: 4 epochs  \(settings)  weights fc1 { \(form) }"), output: folder(output))
    let tensors = try TensorFile.read(path: folder("\(output)/weights.safetensors")).tensors
    return Dictionary(uniqueKeysWithValues: try tensors.map { ($0.name, try $0.floats()) })
  }

  /// A dense weight of 6 x 8 is stored as 8 x 6.
  private func asMatrix(_ stored: [Float]) -> [Float] { (0..<48).map { stored[$0 % 8 * 6 + $0 / 8] } }

  @Test(
    "a power of exponent 1 trains to the bytes of the other form",
    arguments: ["optimizer: sgd(momentum: 0.9)", "optimizer: adam()"],
    [("dense", ["": "theta"]), ("factored(rank: 3)", ["u": "u_theta", "v": "v_theta"])])
  func plain(optimizer: String, form: (text: String, names: [String: String])) throws {
    let settings = "batch: 16  rate: 0.1  \(optimizer)"
    let other = try trained("from epoch 0: \(form.text)", settings, "a")
    let power = try trained("from epoch 0: power(1, of: \(form.text))", settings, "b")
    #expect(other.count == power.count)
    for (own, name) in form.names {
      let old = try own.isEmpty ? asMatrix(#require(other["fc1.weight"])) : #require(other["fc1.weight.\(own)"])
      #expect(try #require(power["fc1.weight.\(name)"]).map(\.bitPattern) == old.map(\.bitPattern))
    }
    #expect(power["head.weight"]?.map(\.bitPattern) == other["head.weight"]?.map(\.bitPattern))
    // A near miss: another exponent trains to other numbers.
    #expect(try trained("from epoch 0: power(2, of: \(form.text))", settings, "c")["head.weight"] != other["head.weight"])
  }

  @Test(
    "weights outside the mask stay zero through momentum, second moments and decay",
    arguments: [
      "optimizer: sgd(momentum: 0.9)  weight_decay: 0.01", "optimizer: adamw()  weight_decay: 0.01", "optimizer: lars()",
    ], ["random", "magnitude"])
  func mask(optimizer: String, draw: String) throws {
    let tensors = try trained("from epoch 0: sparse(30%, mask: \(draw))", "batch: 16  rate: 0.1  \(optimizer)", "a")
    let (w, mask) = (try #require(tensors["fc1.weight.w"]), try #require(tensors["fc1.weight.mask"]))
    // 30 % of 6 x 8, rounded down.
    #expect(mask.reduce(0, +) == 14 && mask.allSatisfy { $0 == 0 || $0 == 1 })
    for (value, kept) in zip(w, mask) { #expect((value != 0) == (kept == 1)) }
    let deployed = try TensorFile.read(path: folder("a/deployed.safetensors")).tensors
    #expect(try asMatrix(#require(deployed.first { $0.name == "fc1.weight" }).floats()) == w)
  }

  @Test("state is carried from a power to a mask and on to a dense weight, and the share that is kept is exact")
  func changes() throws {
    let form = "from epoch 0: power(2)  from epoch 2: sparse(25%) by svd(error: 100%)"
    let sparse = try trained(form, plainSettings + "  state: carry", "a")
    let (w, mask) = (try #require(sparse["fc1.weight.w"]), try #require(sparse["fc1.weight.mask"]))
    #expect(mask.reduce(0, +) == 12)
    for (value, kept) in zip(w, mask) where kept == 0 { #expect(value == 0) }
    let dense = try trained(form + "  from epoch 3: dense", plainSettings + "  state: carry", "b")
    // The others have a gradient again, but for those into units that no example reaches.
    #expect(try #require(dense["fc1.weight"]).filter { $0 != 0 }.count > 24)
  }
}
