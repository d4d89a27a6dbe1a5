import DrnData
import DrnMethods
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("Ranks decided at a transition") struct TrainMeasuredRankTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let spectrum: [Float] = [10, 5, 2, 1, 0.5, 0.1, 0, 0]

  /// Trains so slowly that the spectrum stays, changes form after one epoch and goes on. The weight of the file has the spectrum on its
  /// diagonal.
  private func source(_ forms: String, isConvolution: Bool = false, epochs: Int = 2) throws -> String {
    let shape = isConvolution ? [8, 3, 2, 2] : [8, 12]
    var values = [Float](repeating: 0, count: 96)
    for (index, value) in Self.spectrum.enumerated() { values[index * 12 + index] = value }
    try TensorFile(
      tensors: [
        NamedTensor(name: "layer.weight", shape: shape, floats: values),
        NamedTensor(name: "layer.bias", shape: [8], floats: [Float](repeating: 0, count: 8)),
        NamedTensor(name: "head.weight", shape: [4, 8], floats: [Float](repeating: 0.1, count: 32)),
        NamedTensor(name: "head.bias", shape: [4], floats: [Float](repeating: 0, count: 4)),
      ], metadata: []
    ).write(path: folder("start.safetensors"))
    let layer = isConvolution ? "layer: conv2d(8, kernel: 2) |> relu |> global_average_pool" : "layer: linear(8) |> relu"
    let type = isConvolution ? "tensor[3, 4, 4]" : "tensor[12]"
    return """
      data points { source: synthetic(80, test_examples: 16, noise: 1)  x: \(type)  label: class(4)  validation: 20% }
      network net(x: \(type)) -> tensor[4] { return x |> \(layer) |> head: linear(4) }
      train net on points {
        length: \(epochs) epochs  batch: 16  seed: 3  loss: cross_entropy  optimizer: sgd(momentum: 0.9)  rate: 1e-20  state: carry
        weights_from: "\(folder("start.safetensors"))"
        weights layer { \(forms) }
      }
      """
  }

  private static let linear = ["factored", "three_factor", "core", "adapter"]
  private static let convolution = linear + ["tucker", "cp"]

  /// Both rules over the spectrum of the test; see `RankRuleTests` for the figures. Of 8 values instead of 16 the variance is another one.
  private static let thresholds = [
    ("energy(50%)", 1), ("energy(0.9)", 2), ("energy(97%)", 3), ("energy(0.999)", 5), ("explained_variance(50%)", 1),
    ("explained_variance(0.9)", 2), ("explained_variance(0.98)", 3),
  ]

  @Test("in every form, for every threshold, the rank is the one that the spectrum gives", arguments: [false, true])
  func ranks(isConvolution: Bool) throws {
    for form in isConvolution ? Self.convolution : Self.linear {
      for (number, (rule, rank)) in Self.thresholds.enumerated() {
        let bound = form == "adapter" ? "" : "by svd(error: 100%)"
        let text = try source("from epoch 0: dense  from epoch 1: \(form)(rank: \(rule)) \(bound)", isConvolution: isConvolution)
        let (session, summary) = try train(text, output: folder("\(form)\(number)\(isConvolution)"))
        let record = try #require(session.recorder.records("transition").first)
        #expect(record.integer("to_rank") == rank, "\(form) \(rule)")
        #expect(session.trainer.state.ranks[0] == rank && summary.steps == 8)
        #expect(record.text("rank_rule") == rule)
        guard case .numbers(let values)? = record["singular_values"] else { throw TestFailure(description: "no singular values") }
        #expect(zip(values, Self.spectrum).allSatisfy { abs($0 - Double($1)) < 1e-4 } && values.count == 8)
        if ["factored", "three_factor", "core"].contains(form), rule.hasPrefix("energy") {
          // What is cut is what the criterion leaves.
          let (error, kept) = (try #require(record.number("truncation_error")), try #require(record.number("rank_criterion")))
          #expect(abs(error * error - (1 - kept)) < 1e-5)
        }
      }
    }
  }

  @Test("a form with a rank is measured at that rank, and its rank may go either way")
  func fromFactors() throws {
    let text = try source(
      """
      from epoch 0: factored(rank: full, initial: svd)  from epoch 1: core(rank: energy(0.9)) by svd(error: 100%)
      from epoch 2: factored(rank: energy(50%)) by svd(error: 100%)  from epoch 3: factored(rank: current)  from epoch 4: dense
      from epoch 5: factored(rank: energy(100%)) by svd(error: 1%)
      """, epochs: 6)
    let records = try train(text, output: folder("a")).session.recorder.records("transition")
    #expect(records.map { $0.integer("to_rank") ?? 0 }.prefix(4) == [2, 1, 1, 0])
    #expect(try #require(records.last?.integer("to_rank")) >= 1)
  }

  @Test("two weights of one clause take ranks of their own, and a bound on the error ends the run")
  func severalWeights() throws {
    let text = trainSource(
      """
      length: 2 epochs  batch: 16  rate: 0.1  optimizer: adam()  state: carry
      weights fc1, fc2 { from epoch 0: dense  from epoch 1: factored(rank: energy(80%)) by svd(error: BOUND) }
      """, network: "return x |> fc1: linear(16) |> relu |> fc2: linear(12) |> relu |> head: linear(4)")
    let run = try train(text.replacing("BOUND", with: "50%"), output: folder("a"))
    let records = run.session.recorder.records("transition")
    let ranks = records.compactMap { $0.integer("to_rank") }
    #expect(records.count == 2 && ranks.allSatisfy { $0 > 1 } && ranks[0] < 6 && ranks[1] < 12)
    #expect(trainError { try train(text.replacing("BOUND", with: "1%"), output: folder("b")) }?.kind == .truncation)
  }

  @Test("a run resumed after the rank was decided writes the same bytes", arguments: [1, 2, 3])
  func resumed(_ stop: Int) throws {
    let text = trainSource(
      """
      length: 4 epochs  batch: 16  rate: 0.02  optimizer: adam()  state: carry
      weights fc1 { from epoch 0: dense  from epoch 2: factored(rank: energy(70%)) by svd(error: 90%) }
      """)
    try expectSameBytes(of: text, stoppedAfter: Duration(.epoch, stop), in: folder)
  }

  @Test(
    "at the start of training there is nothing to measure, and the checker says so", arguments: ["", "weights_from: \"a.safetensors\""])
  func atStart(_ more: String) throws {
    for rule in ["energy(90%)", "explained_variance(90%)"] {
      let text = trainSource("length: 2 epochs  \(plainSettings)  \(more)  weights fc1 { from epoch 0: factored(rank: \(rule)) }")
      do {
        _ = try checkedProgram(text)
        Issue.record("`\(rule)` was accepted")
      } catch { #expect("\(error)".contains("DRN0314")) }
    }
  }
}
