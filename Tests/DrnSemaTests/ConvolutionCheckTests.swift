import DrnDiagnostics
import DrnMethods
import DrnProgram
import DrnSema
import DrnSource
import Foundation
import Testing

/// What the checker says about convolutions and their forms.
@Suite struct ConvolutionCheckTests {
  private func network(_ layers: String, _ train: String = "") -> Checked {
    Checked(program(network: "return image \(layers) |> global_average_pool |> fc: linear(10)", train: train))
  }

  @Test("a kernel that does not fit is an error where it stands, with both sizes") func kernel() {
    let checked = network("|> conv1: conv2d(8, kernel: 30, padding: valid)")
    #expect(checked.codes == ["DRN0214"])
    #expect(checked.text(.shapeMismatch).contains("30 x 30") && checked.text(.shapeMismatch).contains("28 x 28"))
    #expect(network("|> conv1: conv2d(8, kernel: 28, padding: valid)").codes == [])
  }

  @Test("groups divide both numbers of channels", arguments: [(8, 4, ["DRN0214"]), (8, 8, ["DRN0214"]), (8, 1, [])])
  func groups(channels: Int, groups: Int, codes: [String]) {
    #expect(network("|> conv1: conv2d(\(channels), kernel: 3, groups: \(groups))").codes == codes)
  }

  @Test(
    "extents are an integer or a pair, padding also a word",
    arguments: [
      ("kernel: [3, 5]", []), ("kernel: 3, padding: [1, 2]", []), ("kernel: 3, padding: 0", []), ("kernel: 0", ["DRN0208"]),
      ("kernel: 1.5", ["DRN0207"]), ("kernel: [1, 2, 3]", ["DRN0207"]), ("kernel: 3, padding: full", ["DRN0208"]),
      ("kernel: same", ["DRN0207"]), ("kernel: [3, 2000]", ["DRN0208"]), ("padding: same", ["DRN0206"]),
    ])
  func extents(options: String, codes: [String]) {
    #expect(network("|> conv1: conv2d(8, \(options))").codes == codes)
  }

  @Test("a linear layer cannot be Tucker; the fix writes factored") func linear() throws {
    let checked = network("|> conv1: conv2d(16, kernel: 3)", "weights fc { from epoch 0: tucker(rank: 8) }")
    #expect(checked.codes == ["DRN0319"])
    let fix = try #require(checked.result.diagnostics.first?.fixIts.first)
    #expect(fix.edits.map(\.replacement) == ["factored"])
    let adapter = network("|> conv1: conv2d(16, kernel: 3)", "weights fc { from epoch 0: adapter(rank: 8, form: cp) }")
    #expect(adapter.codes.first == "DRN0319" && adapter.result.diagnostics.first?.fixIts.isEmpty == true)
  }

  @Test("groups have no form with a rank, and the message says how to leave the layer out") func grouped() {
    let checked = network(
      "|> conv1: conv2d(16, kernel: 3) |> relu |> depth: conv2d(16, kernel: 3, groups: 16)",
      "weights ** { from epoch 0: factored(rank: 4) }")
    #expect(checked.codes.contains("DRN0320") && checked.text(.groupedForm).contains("except depth"))
  }

  @Test(
    "the variance of a product of factors counts the places of their kernels and the terms of their sum",
    arguments: ["factored", "tucker", "cp"], ["fan_in", "glorot"])
  func productVariance(form: String, initial: String) {
    // From 16 channels to 256 by 3 x 3 at rank 2. Fans: u 16 + 2, the whole kernel of `factored` 144 + 18; v 2 + 256; the core 18 + 18; each
    // of the two middles of `cp` 6 + 6. The dense weight: 1 / (3 * 144), or 2 / (144 + 9 * 256).
    let factors: [Double] =
      switch form {
      case "factored": [162, 258]
      case "tucker": [18, 36, 258]
      case _: [18, 12, 12, 258]
      }
    let terms = Double(1 << (factors.count - 1))
    let dense = initial == "glorot" ? 2.0 / 2448 : 1.0 / 432
    let ratio = factors.reduce(terms) { $0 * 2 / $1 } / dense
    let checked = network(
      "|> conv1: conv2d(16, kernel: 3) |> relu |> conv2: conv2d(256, kernel: 3, initial: \(initial))",
      "allow: [rank_unaligned]\nweights conv2 { from epoch 0: \(form)(rank: 2, initial: glorot_each) }")
    let times = (10 / ratio).rounded() / 10
    #expect(ratio > 0.01 && ratio < 1 && checked.codes.contains("DRN0517") == (ratio < 0.125))
    if ratio < 0.125 { #expect(checked.text(.productVariance).contains("a variance \(times) times smaller"), "\(times)") }
  }

  @Test("a rank of `tucker` above the channels on either side is remarked on", arguments: [("16", "32", 16), ("32", "16", 16)])
  func wideBasis(from: String, to: String, most: Int) {
    func check(_ form: String, _ rank: Int) -> Checked {
      network(
        "|> conv1: conv2d(\(from), kernel: 3) |> relu |> conv2: conv2d(\(to), kernel: 3)",
        "allow: [rank_unaligned]\nweights conv2 { from epoch 0: \(form)(rank: \(rank)) }")
    }
    #expect(!check("tucker", most).codes.contains("DRN0518"))
    // No rank is above the matrix's short side, here the channels of the result; those of the input may be fewer.
    let above = check("tucker", most + 1)
    #expect(above.codes.contains(to == "16" ? "DRN0302" : "DRN0518"))
    #expect(!check("factored", most).codes.contains("DRN0518") && !check("cp", most).codes.contains("DRN0518"))
  }

  @Test("break-even is counted in the form's own parameters", arguments: [("factored", 52), ("tucker", 40), ("cp", 47)])
  func breakEven(form: String, most: Int) {
    // The dense weight has 9 x 32 x 64 = 18432 numbers: 352 r, 96 r + 9 r^2 and 96 r + 6 r^2 are below that at these ranks and not above them.
    func check(_ rank: Int) -> Checked {
      network(
        "|> conv1: conv2d(32, kernel: 3) |> relu |> conv2: conv2d(64, kernel: 3)",
        "allow: [rank_unaligned]\nweights conv2 { from epoch 0: \(form)(rank: \(rank)) }")
    }
    #expect(!check(most).codes.contains("DRN0501"))
    #expect(check(most + 1).text(.rankSavesNothing).contains("up to rank \(most)"))
  }

  @Test("state leaves a chain, carried or pruned") func carry() {
    for policy in ["carry", "prune(keep: 0.1)"] {
      let checked = network(
        "|> conv1: conv2d(16, kernel: 3) |> relu |> conv2: conv2d(32, kernel: 3)",
        "state: \(policy)\nweights conv2 { from epoch 0: cp(rank: 16)\n from epoch 4: dense }")
      #expect(checked.codes == [])
    }
  }

  @Test("a rank event cuts every form of convolutions and carries its state") func events() {
    func codes(_ form: String, _ state: String) -> [String] {
      network(
        "|> conv1: conv2d(16, kernel: 3) |> relu |> conv2: conv2d(32, kernel: 3)",
        "weights conv2 { from epoch 0: \(form)(rank: 16)\n every 2 epochs: trim(below: 0.1, state: \(state)) }"
      ).codes
    }
    for form in ["factored", "tucker", "cp"] { #expect(codes(form, "carry") == [] && codes(form, "reset") == []) }
  }

  @Test("the input rank of Tucker is a number or a share of channels, within those of the input") func inputRanks() {
    func check(_ rank: String) -> Checked {
      network(
        "|> conv1: conv2d(16, kernel: 3) |> relu |> conv2: conv2d(32, kernel: 3)",
        "weights conv2 { from epoch 0: tucker(rank: 16, input_rank: \(rank)) }")
    }
    for rank in ["1", "16", "full", "1/2 of inputs", "1/4 of outputs"] { #expect(check(rank).codes == []) }
    #expect(check("17").codes == ["DRN0302"] && check("1 of outputs").codes == ["DRN0302"])
    #expect(check("17").text(.rankTooLarge).contains("`input_rank`"))
    #expect(check("0").codes == ["DRN0301"] && check("1/99 of inputs").codes == ["DRN0301"])
    for rank in ["current", "energy(0.9)", "linear(1/8, 1/2) of inputs"] { #expect(check(rank).codes == ["DRN0314"]) }
  }

  @Test("recalibration is a call within the transition, and needs batches and statistics to compute") func recalibration() {
    func check(_ option: String, norm: String = "|> norm: batch_norm") -> Checked {
      network(
        "|> conv1: conv2d(16, kernel: 3) \(norm) |> relu |> conv2: conv2d(32, kernel: 3)",
        "state: carry\nweights conv2 { from epoch 0: dense\n from epoch 4: factored(rank: 16) by svd(error: 50%, \(option)) }")
    }
    let checked = check("recalibrate(batch_norm, batches: 50)")
    #expect(checked.codes == [])
    #expect(checked.program?.weights[1].spans[1].transition.recalibrationBatches == 50)
    #expect(checked.program.map { resolvedConfiguration($0).contains("recalibrate(batch_norm, batches: 50)") } == true)
    for (option, code) in [
      ("recalibrate(batch_norm)", "DRN0206"), ("recalibrate(batch_norm, batches: 0)", "DRN0208"),
      ("recalibrate(layer_norm, batches: 5)", "DRN0208"), ("recalibrate: 50", "DRN0207"),
    ] {
      #expect(check(option).result.diagnostics.filter { $0.severity == .error }.map(\.code.id) == [code])
    }
    #expect(check("recalibrate(batch_norm, batches: 50)", norm: "").codes == ["DRN0228"])
  }

  @Test("weights_from is relative to the file it is written in, also in an imported program and beside data from elsewhere")
  func weightsFrom() {
    let main = program(train: "weights_from: \"saved/a.safetensors\"")
    func resolved(_ text: String, _ name: String) -> String? {
      var sources = SourceMap()
      let file = sources.add(name: name, text: text)
      return check(file: file, sources: &sources, options: CheckOptions(), headers: NoDataHeaders()) { _ in nil }.programs.first?.training
        .weightsFrom?.resolvedPath
    }
    #expect(resolved(main, "models/main.drn") == "models/saved/a.safetensors")
    #expect(resolved(main, "main.drn") == "saved/a.safetensors")
    #expect(resolved(main.replacing("saved/a", with: "/saved/a"), "models/main.drn") == "/saved/a.safetensors")
    let data = main.components(separatedBy: "network")[0]
    let rest = "import \"data/digits.drn\"\nnetwork" + main.components(separatedBy: "network").dropFirst().joined(separator: "network")
    var sources = SourceMap()
    let file = sources.add(name: "models/main.drn", text: rest)
    let result = check(file: file, sources: &sources, options: CheckOptions(), headers: NoDataHeaders()) {
      $0 == "models/data/digits.drn" ? Array(data.utf8) : nil
    }
    #expect(result.programs.first?.training.weightsFrom?.resolvedPath == "models/saved/a.safetensors")
    #expect(result.programs.first?.data.folder == "models/data")
  }
}
