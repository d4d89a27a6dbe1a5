extension DataSet {
  /// The examples followed by those of another data set of the same shape and kind of target.
  public func appending(_ other: DataSet) throws(DataError) -> DataSet {
    let joined: Storage
    switch (storage, other.storage) {
    case (.bytes(let own, let scale), .bytes(let others, let otherScale)) where scale == otherScale:
      joined = .bytes(own + others, scale: scale)
    case (.floats(let own), .floats(let others)): joined = .floats(own + others)
    case (.tokens(let own), .tokens(let others)): joined = .tokens(own + others)
    case _: joined = .doubles(doubles + other.doubles)
    }
    let joinedTarget: Target
    switch (target, other.target) {
    case (.labels(let own), .labels(let others)): joinedTarget = .labels(own + others)
    case (.values(let own, let width), .values(let others, let otherWidth)) where width == otherWidth:
      joinedTarget = .values(own + others, width: width)
    case _: throw DataError(kind: .sizeMismatch, path: "", message: "the validation examples hold other targets than those to train on")
    }
    let whole = try DataSet(shape: shape, count: count + other.count, storage: joined, target: joinedTarget)
    guard lengths != nil || other.lengths != nil else { return whole }
    return try whole.with(lengths: ownLengths + other.ownLengths)
  }

  private var ownLengths: [Int32] {
    lengths ?? [Int32](repeating: Int32(clamping: shape.first ?? 1), count: count)
  }

  private var doubles: [Double] {
    switch storage {
    case .bytes(let bytes, let scale): bytes.map { Double(Float($0) * scale) }
    case .floats(let floats): floats.map(Double.init)
    case .doubles(let doubles): doubles
    case .tokens, .text, .file: []
    }
  }
}
