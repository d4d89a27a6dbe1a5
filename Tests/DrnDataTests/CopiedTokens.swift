import DrnData

extension DataSet {
  /// The tokens of some examples, one after another.
  func tokens(of indices: [Int]) -> [Int32] {
    copied(indices.count * elementsPerExample) { pointer throws(DataError) in try copyTokens(indices, into: pointer) }
  }

  /// Their labels.
  func labels(of indices: [Int]) -> [Int32] {
    copied(indices.count * labelsPerExample) { pointer throws(DataError) in try copyLabels(indices, into: pointer) }
  }

  /// What is written; nothing where it cannot be read.
  private func copied(_ count: Int, _ copy: (UnsafeMutablePointer<Int32>) throws(DataError) -> Void) -> [Int32] {
    var result = [Int32](repeating: 99, count: count)
    var isRead = true
    result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      do throws(DataError) { try copy(base) } catch { isRead = false }
    }
    return isRead ? result : []
  }
}
