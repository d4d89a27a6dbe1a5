import DrnTensorFile

/// Reads an array of examples in portions, without labels. An entry of an archive is read whole.
public struct NumpyStream {
  /// The number of examples.
  public let count: Int
  /// The shape of one.
  public let shape: [Int]
  private let source: NumpySource
  private let header: NumpyHeader
  private var whole: TensorEntry?
  private var position = 0

  /// Opens an array; `declared` is the shape an example is to have. Arrays of grey images may leave out its leading 1.
  public init(_ source: NumpySource, shape declared: [Int]) throws(DataError) {
    header = try source.header()
    let reader = NumpyReader(features: source, targets: source, task: .regression, shape: declared)
    guard let count = header.shape.first else {
      throw DataError(kind: .sizeMismatch, path: source.path, message: "holds a single number")
    }
    guard !header.shape.contains(0) else {
      throw DataError(kind: .empty, path: source.path, message: "there are no values in an array of shape \(header.shape)")
    }
    try reader.checkChannelOrder(header.shape)
    (self.count, self.source) = (count, source)
    shape = reader.exampleShape(header.shape)
    if case .entry = source { whole = try source.read() }
  }

  /// The next examples, at most `most` of them, each with the label 0; nil at the end of the array.
  public mutating func next(atMost most: Int) throws(DataError) -> DataSet? {
    let rows = position..<min(count, position + max(1, most))
    guard !rows.isEmpty else { return nil }
    position = rows.upperBound
    let tensor = try part(rows)
    do throws(DataError) {
      let storage = try NumpyReader.storage(of: tensor, path: source.path)
      let labels = [Int32](repeating: 0, count: rows.count)
      return try DataSet(shape: shape, count: rows.count, storage: storage, target: .labels(labels))
    } catch {
      guard rows.lowerBound > 0 else { throw error }
      var error = error
      error.message += " (counted from example \(rows.lowerBound))"
      throw error
    }
  }

  private func part(_ rows: Range<Int>) throws(DataError) -> TensorEntry {
    guard let whole else {
      return try NumpySource.restated(source.path) { () throws(TensorFileError) in
        try NumpyFile.read(rows: rows, path: source.path, header: header)
      }
    }
    let width = whole.bytes.count / max(1, count)
    return TensorEntry(
      name: whole.name, elementType: whole.elementType, shape: [rows.count] + header.shape.dropFirst(),
      bytes: Array(whole.bytes[(rows.lowerBound * width)..<(rows.upperBound * width)]))
  }
}
