/// Fills batches for training: rows prepared, then augmented. A value without state, so that any thread can fill any batch.
public struct BatchMaker: Sendable {
  /// Where the examples come from.
  public let data: DataSet
  /// Applied to every row, or nil.
  public let preparation: Preparation?
  /// Applied to every prepared row, or nil.
  public let augmentation: AugmentationPipeline?

  /// A maker of batches; an augmentation for examples of another size is left out.
  public init(data: DataSet, preparation: Preparation?, augmentation: AugmentationPipeline?) {
    self.data = data
    self.preparation = preparation
    self.augmentation = augmentation?.elements == data.elementsPerExample ? augmentation : nil
  }

  /// Writes the rows of `indices` one after another, as they are in `epoch`; `destination` has room for
  /// `indices.count * data.elementsPerExample` values.
  public func fill(_ indices: [Int], epoch: Int, into destination: UnsafeMutablePointer<Float>) {
    let count = data.elementsPerExample
    guard let augmentation else { return data.copyRows(indices, into: destination, transform: preparation) }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { scratch in
      guard let base = scratch.baseAddress else { return }
      base.initialize(repeating: 0, count: count)
      for (row, index) in indices.enumerated() {
        let image = destination + row * count
        data.copyRow(index, into: image, transform: preparation)
        augmentation.apply(to: image, scratch: base, epoch: epoch, example: index, length: data.lengths.map { Int($0[index]) })
      }
    }
  }
}
