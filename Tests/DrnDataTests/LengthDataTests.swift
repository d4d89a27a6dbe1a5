import DrnNumbers
import DrnTestSupport
import Foundation
import Testing

@testable import DrnData

@Suite("Examples with lengths") struct LengthDataTests {
  @Test("lines keep the number of their characters, and recordings the frames they reach into")
  func readers() throws {
    let folder = try TemporaryFolder()
    for name in ["words", "sounds"] { try FileManager.default.createDirectory(atPath: folder(name), withIntermediateDirectories: true) }
    try folder.write("words/a.txt", "x\nxyz\n\nxy\n")
    try folder.write("words/b.txt", "zzzzz\n")
    let lines = try LinesReader(path: folder("words"), length: 6, testShare: 0, seed: 1, keepsLengths: true).load()
    #expect(lines.train.lengths == [1, 3, 2, 5] && lines.test == nil)
    #expect(try LinesReader(path: folder("words"), length: 6, testShare: 0, seed: 1).load().train.lengths == nil)
    // A frame is 64 samples, and the next begins 32 later: 64 samples fill one, 65 reach into the second.
    let pattern = try NamePattern("{label}_{take}.wav")
    for (take, samples) in [10, 64, 65, 96, 97, 4000].enumerated() {
      try folder.write(
        "sounds/x_\(take).wav", WaveBytes.with { $0.samples = [Int16](repeating: 7, count: samples).flatMap { littleEndian($0) } })
    }
    let frames = LogMelFrames(rate: 8000, window: 64, hop: 32, bands: 4)
    func load(_ keeps: Bool) throws -> DataSet {
      try RecordingReader(
        path: folder("sounds"), pattern: pattern, test: nil, testShare: 0, seed: 1, frames: frames, length: 5, keepsLengths: keeps
      ).load().train
    }
    #expect(try load(true).lengths == [1, 1, 2, 2, 3, 5])
    #expect(try load(false).lengths == nil)
  }

  @Test("standardize has the statistics of the examples' own positions")
  func statistics() throws {
    // Two examples of three positions with two features; the filling is far away.
    let values: [Float] = [1, 10, 3, 30, 900, 900, 5, 20, 900, 900, 900, 900]
    let set = try DataSet(shape: [3, 2], count: 2, storage: .floats(values), target: .labels([0, 1])).with(lengths: [2, 1])
    let map = Preparation.standardize(set, indices: [0, 1], per: .channel)
    #expect(map.mean.prefix(2).elementsEqual([3, 20]) && abs(map.inverseDeviation[0] - 1 / (8.0 / 3).squareRoot()) < 1e-15)
    let one = Preparation.standardize(set, indices: [1], per: .pixel)
    // What no example has at a place stays as it is.
    #expect(one.mean == [5, 20, 0, 0, 0, 0] && one.inverseDeviation == [1, 1, 1, 1, 1, 1])
  }

  @Test("an augmentation changes an example's own positions alone")
  func augmentation() throws {
    struct Negative: Augmentation {
      let name = "negative"
      func apply(to example: AugmentedExample, stream: RandomStream) {
        for index in 0..<(example.height * example.width) { example.values[index] *= -1 }
      }
    }
    let set = try DataSet(shape: [3, 2], count: 1, storage: .floats([1, 2, 3, 4, 5, 6]), target: .labels([0])).with(lengths: [2])
    let maker = BatchMaker(data: set, preparation: nil, augmentation: AugmentationPipeline([Negative()], shape: [3, 2], seed: 1))
    var row = [Float](repeating: 0, count: 6)
    row.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { maker.fill([0], epoch: 0, into: base) } }
    #expect(row == [-1, -2, -3, -4, 5, 6])
  }

  @Test("lengths are those of the examples, and joined with them")
  func joining() throws {
    func set(_ lengths: [Int32]?) throws -> DataSet {
      let plain = try DataSet(tokens: [1, 2, 0, 3, 0, 0], length: 3, labels: [0, 1])
      return try lengths.map { lengths in try plain.with(lengths: lengths) } ?? plain
    }
    #expect(try set([2, 1]).appending(try set(nil)).lengths == [2, 1, 3, 3])
    #expect(try set(nil).appending(try set(nil)).lengths == nil)
    #expect(try set([2, 1]).length(of: 1) == 1 && set(nil).length(of: 1) == 3)
    for wrong in [[2], [0, 1], [4, 1], [-1, 1]] as [[Int32]] { #expect(throws: DataError.self) { try set(wrong) } }
  }
}
