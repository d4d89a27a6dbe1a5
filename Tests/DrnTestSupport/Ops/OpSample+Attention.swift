import DrnIR
import DrnReference

extension OpSample {
  /// Attention of two sequences: of every kind of heads, masks and embeddings, and of one position.
  static func attentionSamples(_ op: AttendOp, _ random: inout SplitMix64) -> [OpSample] {
    var samples: [OpSample] = []
    for (length, heads, groups, size, isCausal, rotary, lengths) in [
      (4, 2, 2, 3, false, 0.0, nil), (4, 2, 1, 2, true, 100, nil), (3, 3, 1, 4, false, 10000, [2, 3]), (5, 4, 2, 1, true, 0, [0, 4]),
      (1, 1, 1, 2, true, 10, nil), (3, 1, 1, 5, true, 0, [9, -1]),
    ] as [(Int, Int, Int, Int, Bool, Double, [Double]?)] {
      let settings = AttentionSettings(length: length, heads: heads, groups: groups, isCausal: isCausal, scale: 0.7, rotary: rotary)
      let (own, shared) = ([2 * length, heads * size], [2 * length, groups * size])
      let label = "\(heads) heads of \(groups), \(length) x \(size), causal \(isCausal), rotary \(rotary), lengths \(lengths ?? [])"
      guard op != .cached else {
        samples += cachedSamples(settings, size: size, label, &random)
        continue
      }
      let shapes: [[Int]]
      switch op {
      case .forward: shapes = [own, shared, shared]
      case .gradient, .cached: shapes = [own, own, shared, shared, own, [2 * heads, length]]
      }
      var sample = OpSample(label, shapes.map { random.tensor($0, -1...1) }, settings.attributes)
      if let lengths { sample.append(ReferenceTensor(shape: [2], values: lengths), TensorType(.i32, [2])) }
      samples.append(sample)
    }
    return samples
  }

  /// Two positions behind others, and two of which one has no room.
  private static func cachedSamples(
    _ settings: AttentionSettings, size: Int, _ label: String, _ random: inout SplitMix64
  ) -> [OpSample] {
    let columns = settings.groups * size
    var attributes = settings.attributes
    for name in ["causal", "length"] { attributes[name] = nil }
    return [settings.length - 2, settings.length - 1].map { first in
      let shapes = [[2, settings.heads * size], [2, columns], [2, columns], [columns, settings.length], [settings.length, columns]]
      var sample = OpSample("\(label), from \(first)", shapes.map { random.tensor($0, -1...1) }, attributes)
      sample.append(ReferenceTensor(shape: [2], values: [Double(first), Double(first + 1)]), TensorType(.i32, [2]))
      return sample
    }
  }
}
