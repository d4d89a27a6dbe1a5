extension RandomStream {
  /// An integer in 0..<bound, every one equally likely; 0 when `bound` is 0.
  ///
  /// Source: Lemire, "Fast Random Integer Generation in an Interval", ACM TOMACS 29(1), 2019. A draw that would bias the result is
  /// replaced by one from a derived stream, so the index stays the only position.
  public func integer(below bound: UInt64, at index: UInt64) -> UInt64 {
    guard bound > 0 else { return 0 }
    let threshold = (0 &- bound) % bound
    var stream = self
    while true {
      let words = stream.block(index)
      let product = (UInt64(words.1) << 32 | UInt64(words.0)).multipliedFullWidth(by: bound)
      if product.low >= threshold { return product.high }
      stream = stream.derived(index)
    }
  }

  /// A random order of 0..<count, every order equally likely up to the length of the key (Fisher and Yates).
  public func permutation(count: Int) -> [Int] {
    var order = Array(0..<max(count, 0))
    for last in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(integer(below: UInt64(last) + 1, at: UInt64(last))))
    }
    return order
  }

  /// The permutation that belongs to an epoch.
  public func permutation(count: Int, epoch: Int) -> [Int] {
    derived(UInt64(bitPattern: Int64(epoch))).permutation(count: count)
  }
}
