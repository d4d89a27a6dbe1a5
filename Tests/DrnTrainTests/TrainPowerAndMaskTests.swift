import DrnProgram
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("Training powers and masks") struct TrainPowerAndMaskTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

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

  @Test("factors outside their masks stay zero, and what is deployed are the factors with their zeros")
  func maskedFactors() throws {
    let tensors = try trained(
      "from epoch 0: sparse(30%, of: factored(rank: 3), mask: magnitude)",
      "batch: 16  rate: 0.1  decay: factors  optimizer: adamw()  weight_decay: 0.01", "a")
    let deployed = try TensorFile.read(path: folder("a/deployed.safetensors")).tensors
    for (name, count) in [("u", 5), ("v", 7)] {
      let (value, mask) = (try #require(tensors["fc1.weight.\(name)"]), try #require(tensors["fc1.weight.\(name)_mask"]))
      // 30 % of 6 x 3 and of 3 x 8, rounded down.
      #expect(mask.reduce(0, +) == Float(count))
      for (entry, kept) in zip(value, mask) { #expect((entry != 0) == (kept == 1)) }
      #expect(try #require(deployed.first { $0.name == "fc1.weight.\(name)" }).floats() == value)
    }
  }

  @Test("powers of factors are pruned factor by factor at the end, whole numbers of each")
  func endOfPowers() throws {
    let whole = try trained("from epoch 0: power(2, of: factored(rank: 3))", plainSettings, "a")
    let form = "from epoch 0: power(2, of: factored(rank: 3))  from end: sparse(50%, of: factored(rank: 3)) by svd(error: 100%)"
    let pruned = try trained(form, plainSettings, "b")
    for name in ["u", "v"] {
      let (theta, value) = (try #require(whole["fc1.weight.\(name)_theta"]), try #require(pruned["fc1.weight.\(name)"]))
      let mask = try #require(pruned["fc1.weight.\(name)_mask"])
      #expect(mask.reduce(0, +) == Float(theta.count / 2))
      let least = try #require(zip(theta, mask).filter { $0.1 == 1 }.map { abs($0.0) }.min())
      for (index, entry) in theta.enumerated() {
        if mask[index] == 0 {
          #expect(value[index] == 0 && abs(entry) <= least)
        } else {
          #expect(abs(value[index] - entry * abs(entry)) < 1e-6)
        }
      }
    }
  }

  @Test("pruned accuracy keeps exact numbers of the largest entries, the last weight more, and the run goes on with all of them")
  func prunedAccuracy() throws {
    let report = "at end: report(pruned_accuracy(keep: [100%, 50%, 7%, 0], last: 2))"
    let text = trainSource("length: 4 epochs  \(plainSettings)  weights fc1 { from epoch 0: power(2) }  \(report)")
    let (session, summary) = try train(text, output: folder("a"))
    let (_, plain) = try train(text.replacing(report, with: ""), output: folder("b"))
    #expect(try folder.bytes("a/weights.safetensors") == folder.bytes("b/weights.safetensors"))
    #expect(summary.test?.loss == plain.test?.loss && summary.saved == plain.saved)
    let records = session.recorder.records("pruned_accuracy")
    #expect(records.map { $0.number("keep") } == [1, 0.5, 0.07, 0])
    // Of 48 and 32 entries: all; 24 and all; 3 (3.36) and 4 (4.48); none.
    #expect(records.map { $0.integer("kept") } == [80, 56, 7, 0] && records.allSatisfy { $0.integer("of") == 80 })
    #expect(records.first?.number("test_loss") == plain.test?.loss && records.first?.number("test_accuracy") == plain.test?.accuracy)
    #expect(Set(records.compactMap { $0.number("test_loss") }).count == 4)
    // The same entries as a mask of that share keeps.
    let masked = text.replacing(report, with: "").replacing(
      "from epoch 0: power(2)", with: "from epoch 0: power(2)  from end: sparse(50%) by svd(error: 100%)")
    let alone = text.replacing(report, with: "").replacing(
      "from epoch 0: power(2)", with: "from epoch 0: power(2)  at end: report(pruned_accuracy(keep: 50%))")
    let (_, ended) = try train(masked, output: folder("c"))
    let (reporting, _) = try train(alone, output: folder("d"))
    let loss = try #require(reporting.recorder.records("pruned_accuracy").first?.number("test_loss"))
    #expect(abs(loss - (try #require(ended.test?.loss))) < 1e-5)
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
