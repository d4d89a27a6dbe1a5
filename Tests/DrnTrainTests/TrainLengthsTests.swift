import DrnMethods
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

/// Examples that know their lengths, in whole runs.
@Suite("A run on sequences with lengths") struct TrainLengthsTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.createDirectory(atPath: folder("words"), withIntermediateDirectories: true)
    for (label, letters) in ["ab", "bc", "ca"].enumerated() {
      let lines = (0..<14).map { line in
        String((0..<(1 + (line * 3 + label) % 6)).map { Array(letters)[($0 * line + label) % 2] })
      }
      try folder.write("words/\(label).txt", lines.joined(separator: "\n"))
    }
  }

  /// Every layer that leaves filling out is in it; with dropout, clipping, parts of a batch and a smaller last batch.
  private func program(_ positions: Int, lengths: Bool = true, epochs: Int = 2) -> String {
    """
    data words {
      source: lines("\(folder("words"))", test_share: 20%\(lengths ? ", lengths: true" : ""))
      word: tokens[\(positions)]
      label: class(3)
      validation: 20%
    }
    network reader(word: tokens[\(positions)]) -> tensor[3] {
      let x = word |> embed: embedding(4, 8) |> near: conv1d(8, kernel: 3) |> norm: batch_norm
      let seen = attend(x |> query: linear(8), x, x, heads: 2) |> back: tied(query)
      let both = concat(seen |> mean(over: positions) |> flatten, seen |> memory: lstm(4) |> select(last))
      return concat(both, x |> mean_over_time) |> head: linear(3)
    }
    train reader on words {
      length: \(epochs) epochs
      batch: 4
      accumulation: 2
      seed: 3
      clip: 1.0
      loss: cross_entropy
      optimizer: sgd(momentum: 0.9)
      rate: 0.05
    }
    """
  }

  @Test("how far examples are filled up changes no loss beyond rounding, and without lengths it does")
  func filling() throws {
    func losses(_ positions: Int, lengths: Bool) throws -> [Double] {
      let run = try train(program(positions, lengths: lengths), output: folder("\(positions) \(lengths)"))
      return run.session.recorder.records("epoch").flatMap { [$0.number("train_loss"), $0.number("validation_loss")].compactMap { $0 } }
    }
    let (short, long) = (try losses(6, lengths: true), try losses(11, lengths: true))
    #expect(short.count == 4)
    // Single precision over eight steps: sums over positions are of other blocks, and the weights pass the differences on.
    #expect(zip(short, long).allSatisfy { abs($0 - $1) < 1e-5 * max(1, $0) }, "\(short) and \(long)")
    let (plain, wide) = (try losses(6, lengths: false), try losses(11, lengths: false))
    #expect(zip(plain, wide).contains { abs($0 - $1) > 1e-3 } && zip(plain, short).contains { abs($0 - $1) > 1e-3 })
  }

  @Test("a run stopped anywhere goes on to the bytes of an undisturbed one")
  func resumes() throws { try expectSameBytes(of: program(7), stoppedAfter: Duration(.step, 5), in: folder) }

  @Test("one thread and two give the same bytes")
  func threads() throws {
    for count in [1, 2] { try train(program(7), output: folder("threads \(count)"), threads: count) }
    #expect(try folder.bytes("threads 1/weights.safetensors") == folder.bytes("threads 2/weights.safetensors"))
  }
}
