import DrnMethods
import DrnProgram
import Testing

@testable import DrnData

/// An augmentation, and what the test restates of it.
struct Step: Sendable, CustomTestStringConvertible {
  enum Kind: Sendable { case padCrop(Int), flipHorizontal, cutout(Int) }
  let kind: Kind
  var augmentation: any DataAugmentation {
    switch kind {
    case .padCrop(let padding): PadCrop(options: Options(["padding": .integer(padding)]))
    case .flipHorizontal: FlipHorizontal(options: Options())
    case .cutout(let size): Cutout(options: Options(["size": .integer(size)]))
    }
  }
  var testDescription: String { augmentation.text }

  static func padCrop(padding: Int) -> Step { Step(kind: .padCrop(padding)) }
  static let flipHorizontal = Step(kind: .flipHorizontal)
  static func cutout(size: Int) -> Step { Step(kind: .cutout(size)) }
}

extension AugmentationPipeline {
  init?(_ steps: [Step], shape: [Int], seed: UInt64) { self.init(steps.map(\.augmentation), shape: shape, seed: seed) }
}

/// The augmentations restated value by value over an image with a border, as the documentation defines them.
private func naive(_ image: [Float], _ shape: [Int], _ step: Step, _ words: (UInt32, UInt32)) -> [Float] {
  let (height, width) = (shape[1], shape[2])
  func draw(_ word: UInt32, _ bound: Int) -> Int { Int(Double(word) / 4_294_967_296 * Double(bound)) }
  func value(_ channel: Int, _ y: Int, _ x: Int) -> Float {
    (0..<height).contains(y) && (0..<width).contains(x) ? image[(channel * height + y) * width + x] : 0
  }
  var result: [Float] = []
  for channel in 0..<shape[0] {
    for y in 0..<height {
      for x in 0..<width {
        switch step.kind {
        case .padCrop(let padding):
          let (down, right) = (draw(words.0, 2 * padding + 1), draw(words.1, 2 * padding + 1))
          result.append(value(channel, y + down - padding, x + right - padding))
        case .flipHorizontal: result.append(value(channel, y, words.0 < 0x8000_0000 ? x : width - 1 - x))
        case .cutout(let size):
          let (top, left) = (draw(words.0, height) - size / 2, draw(words.1, width) - size / 2)
          result.append((top..<top + size).contains(y) && (left..<left + size).contains(x) ? 0 : value(channel, y, x))
        }
      }
    }
  }
  return result
}

@Suite("Augmentation") struct AugmentationTests {
  private static let shape = [3, 6, 5]
  private static let image = (1...90).map(Float.init)

  private func apply(_ steps: [Step], seed: UInt64 = 7, epoch: Int, example: Int, shape: [Int] = shape) throws -> [Float] {
    let pipeline = try #require(AugmentationPipeline(steps, shape: shape, seed: seed))
    var image = Self.image
    var scratch = [Float](repeating: .nan, count: image.count)
    image.withUnsafeMutableBufferPointer { image in
      scratch.withUnsafeMutableBufferPointer { scratch in
        guard let base = image.baseAddress, let scratch = scratch.baseAddress else { return }
        pipeline.apply(to: base, scratch: scratch, epoch: epoch, example: example)
      }
    }
    return image
  }

  private func words(_ step: Step, epoch: Int, example: Int) -> (UInt32, UInt32) {
    let stream = RandomStream(seed: 7, purpose: "augment", name: step.augmentation.name).derived(UInt64(epoch)).derived(UInt64(example))
    return (stream.bits(at: 0), stream.bits(at: 1))
  }

  @Test(
    "each step is what a loop over single values gives, to the bit",
    arguments: [
      Step.padCrop(padding: 2), .padCrop(padding: 5), .flipHorizontal, .cutout(size: 2), .cutout(size: 3), .cutout(size: 7),
    ])
  func oracle(_ step: Step) throws {
    var outcomes: Set<[Float]> = []
    for (epoch, example) in [(0, 0), (0, 1), (1, 0), (3, 41), (5, 49_999), (149, 2)] {
      let expected = naive(Self.image, Self.shape, step, words(step, epoch: epoch, example: example))
      let result = try apply([step], epoch: epoch, example: example)
      #expect(result == expected, "epoch \(epoch), example \(example)")
      outcomes.insert(result)
    }
    #expect(outcomes.count > 1)
  }

  @Test("steps follow each other in the order written") func order() throws {
    let steps: [Step] = [.padCrop(padding: 2), .flipHorizontal, .cutout(size: 2)]
    for example in 0..<20 {
      let expected = steps.reduce(Self.image) { naive($0, Self.shape, $1, words($1, epoch: 2, example: example)) }
      #expect(try apply(steps, epoch: 2, example: example) == expected)
    }
    // A crop after a flip is another image than a flip after a crop.
    #expect(
      try (0..<20).contains {
        try apply([.padCrop(padding: 2), .flipHorizontal], epoch: 0, example: $0)
          != apply([.flipHorizontal, .padCrop(padding: 2)], epoch: 0, example: $0)
      })
  }

  @Test("one step's draws do not depend on the others; a second of its kind draws its own") func independence() throws {
    let pipeline = try #require(
      AugmentationPipeline([.flipHorizontal, .cutout(size: 2), .padCrop(padding: 1), .cutout(size: 2)], shape: Self.shape, seed: 7))
    let alone = try #require(AugmentationPipeline([.padCrop(padding: 4)], shape: Self.shape, seed: 7))
    #expect(pipeline.words(2, epoch: 3, example: 8) == alone.words(0, epoch: 3, example: 8))
    #expect(pipeline.words(1, epoch: 3, example: 8) != pipeline.words(3, epoch: 3, example: 8))
    #expect(alone.words(0, epoch: 3, example: 8) != alone.words(0, epoch: 8, example: 3))
  }

  @Test("crops and flips are drawn evenly") func even() throws {
    let pipeline = try #require(AugmentationPipeline([.padCrop(padding: 4), .flipHorizontal], shape: [3, 32, 32], seed: 1))
    var counts = [Int](repeating: 0, count: 9)
    var flips = 0
    let draws = 18_000
    for example in 0..<draws {
      counts[AugmentationPipeline.scaled(pipeline.words(0, epoch: 0, example: example).1, below: 9)] += 1
      if pipeline.words(1, epoch: 0, example: example).0 >> 31 == 1 { flips += 1 }
    }
    // Five standard deviations of binomial counts: 42 around 2000, 67 around 9000.
    for count in counts { #expect(abs(count - 2000) < 211) }
    #expect(abs(flips - 9000) < 336)
  }

  @Test("a batch is rows prepared, then augmented by the number of the example and the epoch, not by its place") func batch() throws {
    let bytes = (0..<4 * 90).map { UInt8(truncatingIfNeeded: $0 &* 29) }
    let data = try DataSet(shape: Self.shape, count: 4, storage: .bytes(bytes, scale: 1 / 255), target: .labels([0, 1, 0, 1]))
    let preparation = Preparation.standardize(data, indices: [0, 1], per: .pixel)
    let pipeline = try #require(AugmentationPipeline([.padCrop(padding: 2)], shape: Self.shape, seed: 7))
    let maker = BatchMaker(data: data, preparation: preparation, augmentation: pipeline)
    func rows(_ indices: [Int], epoch: Int) -> [Float] {
      [Float](unsafeUninitializedCapacity: indices.count * 90) { buffer, count in
        if let base = buffer.baseAddress { maker.fill(indices, epoch: epoch, into: base) }
        count = indices.count * 90
      }
    }
    let both = rows([3, 1], epoch: 2)
    #expect(Array(both[90...]) == rows([1], epoch: 2))
    #expect(Array(both[..<90]) == rows([3], epoch: 2))
    var prepared = [Float](repeating: 0, count: 90)
    prepared.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { data.copyRow(3, into: base, transform: preparation) } }
    #expect(Array(both[..<90]) == naive(prepared, Self.shape, .padCrop(padding: 2), words(.padCrop(padding: 2), epoch: 2, example: 3)))
  }

  @Test("there is no pipeline for what is no image") func noImage() {
    #expect(AugmentationPipeline([.flipHorizontal], shape: [784], seed: 1) == nil)
    #expect(AugmentationPipeline([Step](), shape: [1, 28, 28], seed: 1) == nil)
  }

  @Test("a batch of 128 images of 3 x 32 x 32 with crop and flip is filled in time")
  func speed() throws {
    let data = try DataSet(
      shape: [3, 32, 32], count: 128, storage: .bytes([UInt8](repeating: 9, count: 128 * 3072), scale: 1 / 255),
      target: .labels([Int32](repeating: 0, count: 128)))
    let pipeline = try #require(AugmentationPipeline([.padCrop(padding: 4), .flipHorizontal], shape: [3, 32, 32], seed: 7))
    let maker = BatchMaker(data: data, preparation: .standardize(data, indices: [0], per: .pixel), augmentation: pipeline)
    let rows = UnsafeMutablePointer<Float>.allocate(capacity: 128 * 3072)
    defer { rows.deallocate() }
    rows.initialize(repeating: 0, count: 128 * 3072)
    let clock = ContinuousClock()
    let times = (0..<5).map { epoch in clock.measure { maker.fill(Array(0..<128), epoch: epoch, into: rows) } }
    let best = try #require(times.min())
    print("batch of 128 x 3 x 32 x 32, crop and flip: \(best)")
    // The optimized build takes less than 1 ms; the debug build runs the same loops a hundred times slower at worst.
    #expect(best < .milliseconds(200))
  }
}
