import DrnMethods
import DrnProgram
import DrnSema
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

@Suite("Training convolutions through their forms") struct TrainConvolutionTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func source(_ train: String, examples: Int = 120) -> String {
    """
    data clusters {
      source: synthetic(\(examples), test_examples: 24, noise: 1)
      x: tensor[2, 6, 6]
      label: class(4)
      validation: 20%
    }
    network net(x: tensor[2, 6, 6]) -> tensor[4] {
      return x
        |> conv1: conv2d(6, kernel: 3, bias: false) |> norm1: batch_norm |> relu
        |> conv2: conv2d(8, kernel: 3, stride: 2) |> norm2: batch_norm |> relu
        |> max_pool(2, padding: 1) |> flatten |> head: linear(4)
    }
    train net on clusters {
      loss: cross_entropy
      seed: 5
      batch: 16
      rate: 0.05
      optimizer: sgd(momentum: 0.9)
      \(train)
    }
    """
  }

  /// What changes of form say in the log.
  private func transitions(_ session: TrainSession) -> [(to: String, error: Double, before: Double, after: Double)] {
    session.recorder.records("transition").map { record in
      (
        record.text("to") ?? "", record.number("truncation_error") ?? -1, record.number("validation_loss_before") ?? -1,
        record.number("validation_loss_after") ?? -2
      )
    }
  }

  @Test("inflation and deflation keep the validation loss in every published form", arguments: ["factored", "tucker", "cp"])
  func published(form: String) throws {
    let clause = """
      length: 4 epochs  state: reset
      weights conv* {
        from epoch 0: \(form)(rank: 4, initial: glorot_each)
        from epoch 1: dense
        from epoch 3: adapter(rank: 4, form: \(form))
      }
      """
    let (session, _) = try train(source(clause), output: folder("a"))
    let changes = transitions(session)
    #expect(changes.map(\.to) == ["dense", "dense", "adapter", "adapter"])
    // Single precision: the same function to rounding.
    for change in changes { #expect(change.error < 1e-5 && abs(change.before - change.after) < 1e-4 * max(1, change.before)) }
    let losses = session.recorder.records("epoch").compactMap { $0.number("train_loss") }
    #expect(losses.count == 4 && losses.allSatisfy { $0.isFinite } && losses[3] < losses[0])
  }

  @Test("a truncation reports its error, and recalibration and reports work on convolutions")
  func truncation() throws {
    let clause = """
      length: 2 epochs  state: carry
      weights conv* {
        from epoch 0: dense
        from epoch 1: tucker(rank: 4) by svd(error: 95%, recalibrate(batch_norm, batches: 4))
        every 1 epoch: report(effective_rank, stable_rank, spectrum)
      }
      """
    let (session, summary) = try train(source(clause), output: folder("a"))
    for change in transitions(session) { #expect(change.to == "tucker" && change.error > 0.01 && change.error < 0.95) }
    let reports = session.recorder.records("report")
    #expect(reports.compactMap { $0.text("weight") } == ["conv1.weight", "conv2.weight", "conv1.weight", "conv2.weight"])
    for report in reports { #expect((report.number("effective_rank") ?? 0) > 1 && (report.number("stable_rank") ?? 0) >= 1) }
    #expect(summary.validation?.loss.isFinite == true)
  }

  @Test(
    "weights saved by a run give the same validation loss in the same form, as PyTorch's convolutions",
    arguments: [
      ("", ["conv2.weight": [8, 6, 3, 3]]), ("factored(rank: 4)", ["conv2.weight.u": [4, 6, 3, 3], "conv2.weight.v": [8, 4, 1, 1]]),
      ("tucker(rank: 4)", ["conv2.weight.u": [4, 6, 1, 1], "conv2.weight.core": [4, 4, 3, 3]]),
      ("tucker(rank: 4, input_rank: 2)", ["conv2.weight.u": [2, 6, 1, 1], "conv2.weight.core": [4, 2, 3, 3]]),
      ("cp(rank: 4)", ["conv2.weight.width": [4, 4, 1, 3], "conv2.weight.height": [4, 4, 3, 1]]),
      ("adapter(rank: 4, form: tucker)", ["conv2.weight.base": [8, 6, 3, 3], "conv2.weight.core": [4, 4, 3, 3]]),
    ])
  func roundTrip(form: String, shapes: [String: [Int]]) throws {
    let clause = "length: 1 epochs" + (form.isEmpty ? "" : "  weights conv2 { from epoch 0: \(form) }")
    let (_, summary) = try train(source(clause), output: folder("a"))
    let file = try TensorFile.read(path: folder("a/weights.safetensors"))
    for (name, shape) in shapes { #expect(file.tensor(named: name)?.shape == shape) }
    let again = try TrainSession(source("\(clause)  weights_from: \"\(folder("a/weights.safetensors"))\""), output: folder("b")).trainer
    #expect(try again.validate()?.loss == summary.validation?.loss)
  }

  @Test("a dense file enters every form, factors at full rank as the same function")
  func enters() throws {
    let (_, summary) = try train(source("length: 1 epochs"), output: folder("a"))
    func start(_ form: String, _ output: String) throws -> Trainer {
      let clause = "length: 1 epochs  weights conv2 { from epoch 0: \(form) }  weights_from: \"\(folder("a/weights.safetensors"))\""
      return try TrainSession(source(clause), output: folder(output)).trainer
    }
    for form in ["factored(rank: 8)", "tucker(rank: 8)"] {
      let loss = try #require(try start(form, "\(form.count)").validate()?.loss)
      #expect(abs(loss - (summary.validation?.loss ?? 0)) < 1e-4)
    }
    #expect(try #require(try start("cp(rank: 8)", "c").validate()?.loss).isFinite)
  }

  @Test("groups, dilation, uneven kernels, concatenation and shortcuts without parameters train")
  func otherLayers() throws {
    let body = """
      let a = x |> conv1: conv2d(8, kernel: [1, 3], dilation: 2) |> relu
      let b = a |> depth: conv2d(8, kernel: 3, stride: 2, groups: 8) |> norm: batch_norm |> relu
      let c = concat(b, a |> subsample(2)) |> mix: conv2d(4, kernel: 1, groups: 2)
      let d = c + (x |> average_pool(2) |> pad_channels(4, at: both))
      return d |> dropout(0.1) |> global_max_pool |> head: linear(4)
      """
    let text = source("length: 4 epochs\n  weights ** { at end: report(effective_rank, spectrum) }")
    let start = try #require(text.range(of: "return x"))
    let end = try #require(text.range(of: "head: linear(4)"))
    let (session, _) = try train(text.replacingCharacters(in: start.lowerBound..<end.upperBound, with: body), output: folder("a"))
    let losses = session.recorder.records("epoch").compactMap { $0.number("train_loss") }
    #expect(losses.count == 4 && losses.allSatisfy { $0.isFinite } && losses[3] < losses[0])
    // A depthwise weight has a column for each group, and the singular value of a column is its norm.
    let report = try #require(session.recorder.records("report").first { $0.text("weight") == "depth.weight" })
    guard case .numbers(let spectrum)? = report["spectrum"] else { return #expect(Bool(false), "no spectrum") }
    #expect(report["rank"] == LogValue.none && spectrum.count == 8 && spectrum == spectrum.sorted(by: >))
    let file = try TensorFile.read(path: folder("a") + "/weights.safetensors")
    let values = try #require(file.tensor(named: "depth.weight")).floats()
    let norms = (0..<8).map { filter in values[(filter * 9)..<(filter * 9 + 9)].reduce(0) { $0 + Double($1 * $1) }.squareRoot() }
    for (one, other) in zip(spectrum, norms.sorted(by: >)) { #expect(abs(one - other) < 1e-5) }
    #expect(abs((report.number("effective_rank_relative") ?? 0) * 8 - (report.number("effective_rank") ?? -1)) < 1e-6)
  }
}
