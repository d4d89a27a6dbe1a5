import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

/// Norms over the range of single precision: squares of numbers beyond 1e19 or below 1e-19 leave it, norms do not.
@Suite("Norms at every scale", .serialized)
struct NormScaleTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  /// A table of six classes and eight equal features in each row, and a network of one weight matrix, which starts as `diagonal` times `scale`.
  private func source(_ train: String, feature: Double, diagonal: [Double], scale: Double, rows: Int = 8) throws -> String {
    let name = "\(feature)-\(scale)"
    let table = (0..<rows).map { row in
      ((0..<8).map { "\(feature * Double(($0 * 7 + row * 3) % 5 + 1))" } + ["\(row % 6)"]).joined(separator: ",")
    }
    let header = (0..<8).map { "x\($0)," }.joined() + "y\n"
    try Data((header + table.joined(separator: "\n")).utf8).write(to: URL(fileURLWithPath: folder("\(name).csv")))
    let weight = (0..<48).map { $0 % 8 == $0 / 8 && $0 / 8 < diagonal.count ? Float(diagonal[$0 / 8] * scale) : 0 }
    try TensorFile(tensors: [NamedTensor(name: "head.weight", shape: [6, 8], floats: weight)]).write(path: folder("\(name).safetensors"))
    return """
      data d { source: csv(train: "\(folder("\(name).csv"))", label: "y") point: tensor[8] label: class(6) last_batch: keep }
      network n(point: tensor[8]) -> tensor[6] { return point |> head: linear(6, bias: false) }
      train n on d { batch: \(rows) seed: 1 loss: cross_entropy weights_from: "\(folder("\(name).safetensors"))" \(train) }
      """
  }

  private let scales = [1e-30, 1e-25, 1e-20, 1e-10, 1, 1e10, 1e20, 1e25, 1e30]

  /// The root of the squares cut off over that of all: sqrt(14.25 / 55.25).
  @Test("the truncation error of a transition, and the spectrum, are those of numpy.linalg.svd")
  func truncation() throws {
    for scale in scales {
      let text = try source(
        """
        length: 2 epochs optimizer: sgd rate: 1e-30 state: carry
        weights head { from epoch 0: dense from epoch 1: factored(rank: 2) by svd(error: 51%) }
        every 1 epochs: report(effective_rank, stable_rank)
        """, feature: 0, diagonal: [5, 4, 3, 2, 1, 0.5], scale: scale)
      let session = try train(text, output: folder("run \(scale)")).session
      let transition = try #require(session.recorder.records("transition").first)
      #expect(abs((transition.number("truncation_error") ?? 0) - 0.507_86) < 1e-4, "\(scale)")
      let report = try #require(session.recorder.records("report").last)
      // The singular values are 5 and 4.
      #expect(abs((report.number("stable_rank") ?? 0) - 1.64) < 1e-4, "\(scale)")
      #expect(abs((report.number("effective_rank") ?? 0) - 1.987_61) < 1e-4, "\(scale)")
      let refused = trainError { try train(text.replacing("51%", with: "50%"), output: folder("refused \(scale)")) }
      #expect(refused?.kind == .truncation, "\(scale)")
    }
  }

  @Test("moments that one dense gradient explains leave no residual, whatever their scale")
  func residual() throws {
    for feature in scales {
      let text = try source(
        """
        length: 2 epochs optimizer: sgd(momentum: 0.9) rate: 1e-38 state: carry
        weights head { from epoch 0: factored(rank: 2) from epoch 1: dense }
        """, feature: feature, diagonal: [1, 1], scale: 1)
      let session = try train(text, output: folder("moments \(feature)")).session
      let residual = try #require(session.recorder.records("transition").first?.number("momentum_residual"))
      #expect(residual < 1e-5, "\(feature): \(residual)")
    }
  }

  @Test("an entry of the gradient is at most as large as `clip_value` says, and smaller ones stay; the norm is then that of what is left")
  func clipValue() throws {
    func weights(_ more: String) throws -> [Float] {
      let text = try source("length: 1 steps optimizer: sgd rate: 1 \(more)", feature: 1, diagonal: [], scale: 1)
      return try #require(train(text, output: folder(UUID().uuidString)).session.trainer.state.tensors["head.weight"])
    }
    let whole = try weights("")
    let magnitudes = whole.map { abs($0) }.sorted()
    // Between the smallest entry that is not zero and the largest.
    let largest = try #require(magnitudes.last)
    let limit: Float = ((magnitudes.first { $0 > 0 } ?? 0) + largest) / 2
    let clipped = try weights("clip_value: \(limit)")
    #expect(clipped == whole.map { min(max($0, -limit), limit) })
    let both = try weights("clip_value: \(limit) clip: 1e-3")
    let norm = both.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(abs(norm - 1e-3) < 1e-6)
    let share: Float = both[0] / clipped[0]
    #expect(zip(both, clipped).allSatisfy { abs($0 - share * $1) < 1e-7 })
  }

  @Test("a clipped gradient has the norm asked for, however long it was")
  func clip() throws {
    for feature in [1e3, 1e10, 1e18, 1e20, 1e25, 1e30, 1e36] {
      let text = try source("length: 1 steps optimizer: sgd rate: 1 clip: 0.5", feature: feature, diagonal: [], scale: 1)
      let session = try train(text, output: folder("clip \(feature)")).session
      let weights = session.trainer.state.tensors["head.weight"] ?? []
      let norm = weights.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      #expect(abs(norm - 0.5) < 1e-5, "\(feature): \(norm)")
    }
  }
}
