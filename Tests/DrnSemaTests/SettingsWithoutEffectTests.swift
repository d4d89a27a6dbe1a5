import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSema
import DrnSource
import Foundation
import Testing

/// Settings that would do nothing, or something else than they say.
@Suite("Settings without effect") struct SettingsWithoutEffectTests {
  private static let normalized = "return image |> flatten |> fc1: linear(64) |> norm: batch_norm |> relu |> fc2: linear(10)"
  private static let images = "|> conv: conv2d(8, kernel: 3) |> norm: batch_norm |> relu"

  @Test("batch normalization over one value is an error, in every batch or in the last of an epoch")
  func oneValue() {
    func codes(_ network: String, batch: Int, data: String = "", examples: Int = 60000) -> [String] {
      let text = program(network: network, data: data)
      return Checked(text.replacing("batch: 100", with: "batch: \(batch)").replacing("examples: 60000", with: "examples: \(examples)"))
        .codes
    }
    #expect(codes(Self.normalized, batch: 1) == ["DRN0208"])
    #expect(codes(Self.normalized, batch: 2) == [])
    #expect(codes(Self.normalized, batch: 2, data: "last_batch: keep", examples: 101) == ["DRN0208"])
    #expect(codes(Self.normalized, batch: 2, examples: 101) == [])
    // An image has many places of a channel.
    #expect(codes("return image \(Self.images) |> global_average_pool |> head: linear(10)", batch: 1) == [])
    #expect(codes("return image |> flatten |> fc: linear(10)", batch: 1) == [])
  }

  @Test("statistics that never change cannot be recalibrated", arguments: [("0", ["DRN0228"]), ("0.1", [])])
  func recalibration(momentum: String, codes: [String]) {
    let clause = """
      state: carry  allow: [rank_unaligned, misses_high_noise, misses_low_noise]
      weights fc1 { from epoch 0: dense  from epoch 5: factored(rank: 32) by svd(error: 90%, recalibrate(batch_norm, batches: 5)) }
      """
    let network = Self.normalized.replacing("batch_norm", with: "batch_norm(momentum: \(momentum))")
    let checked = Checked(program(network: network, train: clause))
    #expect(checked.codes.filter { $0 == "DRN0228" } == codes)
    #expect(codes.isEmpty || checked.text(.unreadEntry).contains("`norm` has `momentum: 0`"))
  }

  @Test("symmetric padding needs an odd reach", arguments: [("2", false), ("[3, 2]", false), ("3", true), ("2, dilation: 2", true)])
  func symmetric(kernel: String, isSound: Bool) {
    let layers = "|> conv: conv2d(8, kernel: \(kernel), padding: symmetric)"
    let checked = Checked(program(network: "return image \(layers) |> global_average_pool |> head: linear(10)"))
    #expect(checked.codes == (isSound ? [] : ["DRN0214"]))
  }

  @Test("a validation share of less than half an example is an error", arguments: [(4, ["DRN0208"]), (5, [])])
  func validation(examples: Int, codes: [String]) {
    let text = program(data: "validation: 10%").replacing("examples: 60000", with: "examples: \(examples)")
    #expect(Checked(text.replacing("batch: 100", with: "batch: 2")).codes == codes)
  }

  @Test(
    "top-k accuracies are a list without repetition",
    arguments: [("[]", ["DRN0208"]), ("[2, 2]", ["DRN0209"]), ("[2, 3]", []), ("2", []), ("10", ["DRN0409"])])
  func topK(list: String, codes: [String]) {
    let checked = Checked(program(train: "top_k: \(list)"))
    #expect(checked.codes == codes.map { $0 == "DRN0209" ? Code.duplicateEntry.id : $0 })
    let written = program(train: "top_k: \(list)")
    let file = SourceFile(id: FileID(0), name: "main.drn", bytes: Array(written.utf8))
    let fixed = String(decoding: apply(checked.result.diagnostics.flatMap(\.fixIts), to: file), as: UTF8.self)
    #expect(Checked(fixed).codes == [])
  }

  @Test(
    "`select` needs something to choose by: a validation split, and classes for an accuracy",
    arguments: [
      ("accuracy", "validation: 10%", true, []), ("last", "validation: 10%", true, []), ("balanced_accuracy", "", true, ["DRN0228"]),
      ("last", "", true, ["DRN0228"]), ("accuracy", "validation: 10%", false, ["DRN0208"]),
      ("balanced_accuracy", "validation: 10%", false, ["DRN0208"]), ("loss", "validation: 10%", false, []),
      ("best", "validation: 10%", true, ["DRN0208"]),
    ])
  func select(word: String, data: String, hasClasses: Bool, codes: [String]) {
    var text = program(train: "select: \(word)", data: data)
    if !hasClasses { text = text.replacing("class(10)", with: "tensor[10]").replacing("cross_entropy", with: "mean_squared_error") }
    text = text.replacing("source: fashion_mnist", with: "source: synthetic(60000)").replacing("examples: 60000\n", with: "\n")
    let checked = Checked(text)
    #expect(checked.codes == codes)
    let file = SourceFile(id: FileID(0), name: "main.drn", bytes: Array(text.utf8))
    let fixed = String(decoding: apply(checked.result.diagnostics.flatMap(\.fixIts), to: file), as: UTF8.self)
    #expect(word == "best" || Checked(fixed).codes == [])
  }

  @Test("by default the accuracy chooses, or without classes the loss")
  func defaultSelection() {
    let text = program(data: "validation: 10%").replacing("source: fashion_mnist", with: "source: synthetic(60000)")
      .replacing("examples: 60000\n", with: "\n")
    #expect(Checked(text).program?.training.selection == .accuracy)
    let values = text.replacing("class(10)", with: "tensor[10]").replacing("cross_entropy", with: "mean_squared_error")
    #expect(Checked(values).program?.training.selection == .loss)
  }

  @Test("no fix replaces a map of ranks over the layers, or a share that is right for other weights, by one number")
  func layerwiseRanks() {
    func fixes(_ rank: String, _ selector: String = "fc1, fc2") -> [String] {
      let text = program(train: "allow: [rank_unaligned]  weights \(selector) { from epoch 0: factored(rank: \(rank)) }")
      return Checked(text).result.diagnostics.filter { [.rankSavesNothing, .rankTooLarge, .rankTooSmall].contains($0.code) }.flatMap(
        \.fixIts
      )
      .flatMap(\.edits).map(\.replacement)
    }
    #expect(fixes("linear(1/2, 1) of short_side").isEmpty && fixes("linear(1, 2) of short_side").isEmpty)
    #expect(fixes("linear(0, 1/2) of short_side").isEmpty && fixes("9/10 of short_side").isEmpty)
    #expect(fixes("64", "fc2") == ["full"] && fixes("linear(1, 1) of short_side", "fc2") == ["8"])
  }

  @Test("a percentage is written with the digits it has", arguments: ["14%", "0.1%", "7%", "29%", "33.3%", "100%", "0.00001%"])
  func percentages(text: String) {
    let checked = Checked(program(train: "weights fc1 { from epoch 0: factored(rank: \(text) of short_side) }"))
    let rank = checked.program?.weights.first?.spans.first?.form.options["rank"]
    #expect(rank == nil ? checked.codes.contains("DRN0301") : rank?.text == "\(text) of short_side")
  }

  @Test("a number too small to be told from zero is an error", arguments: [("1e-400", ["DRN0218"]), ("0.0e-400", []), ("1e-300", [])])
  func underflow(text: String, codes: [String]) {
    #expect(Checked(program(train: "decay: product  weight_decay: \(text)")).codes.filter { $0 == "DRN0218" } == codes)
    let override = CheckOptions.Override("train.rate=\(text)")
    #expect(Checked(program(), options: CheckOptions(overrides: override.map { [$0] } ?? [])).codes.contains("DRN0218") == !codes.isEmpty)
  }

  @Test("a clause for a grouped convolution alone is taken out, and an image is not declared as a result")
  func fixes() {
    let network = "return image |> conv: conv2d(8, kernel: 3, groups: 1) |> deep: conv2d(8, kernel: 3, groups: 8) |> global_average_pool"
    func fixed(_ text: String) -> (before: [String], after: [String]) {
      let checked = Checked(text)
      let file = SourceFile(id: FileID(0), name: "main.drn", bytes: Array(text.utf8))
      let fixed = String(decoding: apply(checked.result.diagnostics.flatMap(\.fixIts), to: file), as: UTF8.self)
      return (checked.codes, Checked(fixed).codes)
    }
    let alone = fixed(program(network: network + " |> head: linear(10)", train: "weights deep { from epoch 0: factored(rank: 8) }"))
    #expect(alone.before == ["DRN0320"] && alone.after == [])
    let image = Checked(program(network: "return image |> conv: conv2d(8, kernel: 3)"))
    #expect(image.codes.first == "DRN0215" && image.text(.resultShape).contains("flatten |> linear(10)"))
    #expect(image.result.diagnostics.first?.fixIts.isEmpty == true)
  }
}
