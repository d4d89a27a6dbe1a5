extension DataSet {
  /// Writes the values of example `index` to the `elementsPerExample` places at `destination`, prepared when a preparation is given.
  ///
  /// An index outside the data set, or a preparation of another size, writes zeros or leaves the values unprepared; both are
  /// excluded before training by `Preparation.matches` and by the sampler.
  @inline(__always)
  public func copyRow(_ index: Int, into destination: UnsafeMutablePointer<Float>, transform: Preparation? = nil) {
    let count = elementsPerExample
    guard index >= 0, index < self.count else { return destination.update(repeating: 0, count: count) }
    switch storage {
    case .bytes(let bytes, let scale):
      bytes.withUnsafeBufferPointer { source in
        guard let row = source.baseAddress?.advanced(by: index * count) else { return }
        for element in 0..<count { destination[element] = Float(row[element]) * scale }
      }
    case .floats(let floats):
      floats.withUnsafeBufferPointer { source in
        guard let row = source.baseAddress?.advanced(by: index * count) else { return }
        destination.update(from: row, count: count)
      }
    case .doubles(let doubles):
      doubles.withUnsafeBufferPointer { source in
        guard let row = source.baseAddress?.advanced(by: index * count) else { return }
        if let transform { return transform.apply(row, to: destination, count: count) }
        for element in 0..<count { destination[element] = Float(row[element]) }
      }
      return
    case .tokens, .text, .file: return destination.update(repeating: 0, count: count)
    }
    transform?.apply(to: destination, count: count)
  }

  /// Writes the values of example `index` in double precision, as they are stored; zeros for an index outside.
  func copyRow(_ index: Int, into destination: UnsafeMutablePointer<Double>) {
    let count = elementsPerExample
    guard index >= 0, index < self.count else { return destination.update(repeating: 0, count: count) }
    let first = index * count
    switch storage {
    case .bytes(let bytes, let scale):
      bytes.withUnsafeBufferPointer { row in for element in 0..<count { destination[element] = Double(Float(row[first + element]) * scale) }
      }
    case .floats(let floats):
      floats.withUnsafeBufferPointer { row in for element in 0..<count { destination[element] = Double(row[first + element]) } }
    case .doubles(let doubles):
      doubles.withUnsafeBufferPointer { row in for element in 0..<count { destination[element] = row[first + element] } }
    case .tokens, .text, .file: destination.update(repeating: 0, count: count)
    }
  }

  /// Writes the examples of `indices` one after another; `destination` has room for `indices.count * elementsPerExample` values.
  public func copyRows(_ indices: [Int], into destination: UnsafeMutablePointer<Float>, transform: Preparation? = nil) {
    for (row, index) in indices.enumerated() {
      copyRow(index, into: destination + row * elementsPerExample, transform: transform)
    }
  }

  /// Writes the tokens of the examples one after another; of an index outside, or where there are no tokens, -1. Throws where tokens stay in
  /// their file and are no longer there.
  public func copyTokens(_ indices: [Int], into destination: UnsafeMutablePointer<Int32>) throws(DataError) {
    try copyTokens(indices, behind: 0, into: destination)
  }

  /// The tokens from `behind` each example's first on.
  private func copyTokens(_ indices: [Int], behind: Int, into destination: UnsafeMutablePointer<Int32>) throws(DataError) {
    let length = elementsPerExample
    destination.update(repeating: -1, count: indices.count * length)
    switch storage {
    case .bytes, .floats, .doubles: return
    case .tokens(let tokens), .text(let tokens):
      tokens.withUnsafeBufferPointer { source in
        for (row, index) in indices.enumerated() where (0..<count).contains(index) {
          guard let base = source.baseAddress?.advanced(by: (storage.isText ? index : index * length) + behind) else { return }
          (destination + row * length).update(from: base, count: length)
        }
      }
    case .file(let tokens):
      for (row, index) in indices.enumerated() where (0..<count).contains(index) {
        try tokens.copy(from: index + behind, count: length, into: destination + row * length)
      }
    }
  }

  /// Writes the labels of `indices` one after another, `labelsPerExample` of each; an index outside the data set, or a regression data set,
  /// gives -1. Throws as `copyTokens` does.
  public func copyLabels(_ indices: [Int], into destination: UnsafeMutablePointer<Int32>) throws(DataError) {
    switch target {
    case .labels(let labels):
      for (row, index) in indices.enumerated() { destination[row] = labels.indices.contains(index) ? labels[index] : -1 }
    case .nextTokens: try copyTokens(indices, behind: 1, into: destination)
    case .values: destination.update(repeating: -1, count: indices.count)
    }
  }

  /// Writes the target rows of `indices` one after another; anything missing gives 0.
  public func copyTargets(_ indices: [Int], into destination: UnsafeMutablePointer<Float>) {
    guard case .values(let values, let width) = target else { return destination.update(repeating: 0, count: indices.count) }
    for (row, index) in indices.enumerated() {
      for column in 0..<width {
        destination[row * width + column] = (0..<count).contains(index) ? values[index * width + column] : 0
      }
    }
  }
}
