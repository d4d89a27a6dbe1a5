import DrnCPU
import DrnData
import DrnIR
import DrnKernels
import DrnLowering

/// Where the examples of one function go: its `features` and `labels`.
package struct BatchInput {
  private let features: SegmentPort
  private let labels: SegmentPort
  /// Where examples have lengths: how long they are, and which of their positions are their own.
  private let lengths: (counts: SegmentPort, mask: SegmentPort)?
  /// Where examples are mixed: the labels of their partners, and the share of their own.
  private let mixture: (labels: SegmentPort, share: SegmentPort)?
  private let hasClasses: Bool
  /// Whether the features are whole numbers.
  private let takesTokens: Bool
  /// The extent of the features' last axis.
  private let columns: Int

  /// `suffix` tells the ports of two functions of one segment apart.
  package init(_ segment: Segment, _ function: Function?, suffix: String = "", hasClasses: Bool) throws(ExecutionError) {
    features = try segment.argument(PortName.features + suffix)
    labels = try segment.argument(PortName.labels + suffix)
    lengths =
      function?.argument(PortName.lengths + suffix) == nil
      ? nil : (try segment.argument(PortName.lengths + suffix), try segment.argument(PortName.mask + suffix))
    let partners = PortName.partnerLabels + suffix
    mixture =
      function?.argument(partners) == nil ? nil : (try segment.argument(partners), try segment.argument(PortName.mixtureShare))
    self.hasClasses = hasClasses
    let port = features.name
    let type = function.flatMap { function in function.argument(port).map { function.type(of: $0.value) } }
    (columns, takesTokens) = (type?.extents?.last ?? 1, type?.element == .i32)
  }

  /// Mixes each of the examples that were filled in with the one in its place counted from the end: `share` of its own and the rest of that one.
  func mix(_ examples: [Int], of set: DataSet, share: Double) throws(ExecutionError) {
    guard let mixture else { return }
    try features.withRows { pointer, pitch in
      let length = max(1, set.elementsPerExample / max(1, columns)) * pitch
      Self.mix(pointer, examples: examples.count, length: length, share: share)
    }
    try fillLabels(examples.reversed(), of: set, mixture.labels)
    try mixture.share.set(Float(share))
  }

  /// Mixes each of so many examples of `length` numbers with the one in its place counted from the end.
  static func mix(_ pointer: UnsafeMutablePointer<Float>, examples: Int, length: Int, share: Double) {
    let (own, other) = (Float(share), Float(1 - share))
    for row in 0..<(examples / 2) {
      let (first, second) = (pointer + row * length, pointer + (examples - 1 - row) * length)
      for index in 0..<length {
        let (left, right) = (first[index], second[index])
        first[index] = own * left + other * right
        second[index] = own * right + other * left
      }
    }
  }

  /// Copies as many examples as the function takes.
  package func fill(_ examples: [Int], of set: DataSet, _ preparation: Preparation?) throws(ExecutionError) {
    try fillFeatures(examples, of: set, preparation)
    try fillLabels(examples, of: set, labels)
  }

  /// As `fill`, without what is to be learned.
  package func fillFeatures(_ examples: [Int], of set: DataSet, _ preparation: Preparation?) throws(ExecutionError) {
    try fillLengths(examples, of: set)
    guard !takesTokens else {
      return try features.fill { pointer throws(DataError) in try set.copyTokens(examples, into: pointer) }
    }
    try features.withRows { pointer, pitch in
      // A batch of rows, or of images whose last axis is padded: both are rows of `pitch` floats.
      let rowsPerExample = max(1, set.elementsPerExample / max(1, columns))
      if pitch == columns || rowsPerExample == 1 {
        for (row, example) in examples.enumerated() {
          set.copyRow(example, into: pointer + row * rowsPerExample * pitch, transform: preparation)
        }
      } else {
        copyPitched(examples, set, preparation, into: pointer, pitch: pitch, rowsPerExample: rowsPerExample)
      }
    }
  }

  /// Copies a batch that was prepared ahead, or its examples from the data set.
  func fill(_ batch: TrainingBatch, of data: TrainingData) throws(ExecutionError) {
    guard let rows = batch.rows else { return try fill(batch.examples, of: data.training, data.preparation) }
    let lines = batch.examples.count * max(1, data.training.elementsPerExample / max(1, columns))
    try features.withRows { pointer, pitch in
      guard pitch != columns else { return pointer.update(from: rows, count: lines * columns) }
      for line in 0..<lines { (pointer + line * pitch).update(from: rows + line * columns, count: columns) }
    }
    try fillLengths(batch.examples, of: data.training)
    try fillLabels(batch.examples, of: data.training, labels)
  }

  /// How long the examples are.
  private func fillLengths(_ examples: [Int], of set: DataSet) throws(ExecutionError) {
    guard let lengths, let positions = set.shape.first else { return }
    let counts = examples.map { set.length(of: $0) }
    try lengths.counts.withLabels { for (row, count) in counts.enumerated() { $0[row] = Int32(count) } }
    try lengths.mask.write(counts.flatMap { count in (0..<positions).map { $0 < count ? 1 : 0 } })
  }

  private func fillLabels(_ examples: [Int], of set: DataSet, _ labels: SegmentPort) throws(ExecutionError) {
    if hasClasses {
      try labels.fill { pointer throws(DataError) in try set.copyLabels(examples, into: pointer) }
    } else {
      try labels.write(set.targets(of: examples))
    }
  }

  private func copyPitched(
    _ examples: [Int], _ set: DataSet, _ preparation: Preparation?, into pointer: UnsafeMutablePointer<Float>, pitch: Int,
    rowsPerExample: Int
  ) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: set.elementsPerExample) { buffer in
      guard let row = buffer.baseAddress else { return }
      for (index, example) in examples.enumerated() {
        set.copyRow(example, into: row, transform: preparation)
        for line in 0..<rowsPerExample {
          (pointer + (index * rowsPerExample + line) * pitch).update(from: row + line * columns, count: columns)
        }
      }
    }
  }
}

extension SegmentPort {
  /// Fills an `i32` vector.
  fileprivate func fill(_ copy: (UnsafeMutablePointer<Int32>) throws(DataError) -> Void) throws(ExecutionError) {
    let failure: DataError? = try withLabels { pointer in
      do throws(DataError) {
        try copy(pointer)
        return nil
      } catch { return error }
    }
    if let failure { throw .input(failure.sentence) }
  }
}

extension DataSet {
  /// The classes of some examples, `labelsPerExample` of each.
  package func labels(of examples: [Int]) throws(ExecutionError) -> [Int32] {
    guard !examples.isEmpty else { return [] }
    var failure: DataError?
    let labels = [Int32](unsafeUninitializedCapacity: examples.count * labelsPerExample) { buffer, count in
      guard let base = buffer.baseAddress else { return }
      do throws(DataError) {
        try copyLabels(examples, into: base)
        count = examples.count * labelsPerExample
      } catch { failure = error }
    }
    if let failure { throw .input(failure.sentence) }
    return labels
  }

  /// The target vectors of some examples, row-major.
  package func targets(of examples: [Int]) -> [Float] {
    let width = self.count > 0 ? targets.count / self.count : 0
    guard width > 0, !examples.isEmpty else { return [] }
    return [Float](unsafeUninitializedCapacity: examples.count * width) { buffer, count in
      if let base = buffer.baseAddress { copyTargets(examples, into: base) }
      count = examples.count * width
    }
  }
}
