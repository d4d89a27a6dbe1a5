import DrnTrain

/// A value of the function as the graph has it.
enum HeldValue {
  /// Known when the graph is written, because no example has a part in it.
  case known(KnownTensor)
  case computed(ComputedTensor)
  /// Repeated over further axes; written out only where something needs it whole.
  case spread(SpreadTensor)
}

/// A tensor that depends on weights alone.
struct KnownTensor {
  /// What it is called in the graph; empty for a number without a name. Others may be called the same.
  let name: String
  /// Its own among all known tensors.
  let identity: String
  /// As the function uses it, row-major.
  let shape: [Int]
  let values: [Float]
  /// How files keep it, where it is a tensor of the network.
  let layout: StoredLayout?
}

/// How the axes of a computed tensor lie in the graph.
enum AxisOrder: Equatable {
  /// As in the function.
  case asUsed
  /// [B, H, W, C], or the matrix of its places [B H W, C], kept as [B, C, H, W].
  case channelsFirst(height: Int, width: Int)
}

/// The output of a node, or the input of the graph.
struct ComputedTensor {
  let name: String
  /// In the function, for the number of examples that stands for any.
  let shape: [Int]
  let order: AxisOrder
  /// Whether one operation alone reads it, under all its shapes.
  let isSole: Bool
}

/// Axis i of the source is axis `axes[i]` of the shape.
struct SpreadTensor {
  enum Source {
    case known(KnownTensor)
    case computed(ComputedTensor)
  }
  let source: Source
  let axes: [Int]
  let shape: [Int]
}
