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
      let shapes: [[Int]]
      switch op {
      case .forward: shapes = [own, shared, shared]
      case .gradient: shapes = [own, own, shared, shared, own, [2 * heads, length]]
      }
      var sample = OpSample(label, shapes.map { random.tensor($0, -1...1) }, settings.attributes)
      if let lengths { sample.append(ReferenceTensor(shape: [2], values: lengths), TensorType(.i32, [2])) }
      samples.append(sample)
    }
    return samples
  }
}
