import DrnTensorFile

/// Reads features and labels or targets from two NumPy arrays whose first size is the number of examples.
public struct NumpyReader: DataReader, Equatable {
  /// The features: at least one dimension; each further dimension belongs to the shape of an example.
  public let features: NumpySource
  /// The labels (integers, one dimension, or a second of size 1) or the targets (one or two dimensions).
  public let targets: NumpySource
  /// What is to be learned.
  public let task: LearningTask
  /// The number of classes that labels must stay below; nil accepts any.
  public let classes: Int?
  /// The declared shape of an example, if any: arrays of grey images may leave out its leading 1.
  public let shape: [Int]?

  /// A reader of two arrays.
  public init(features: NumpySource, targets: NumpySource, task: LearningTask, classes: Int? = nil, shape: [Int]? = nil) {
    self.features = features
    self.targets = targets
    self.task = task
    self.classes = classes
    self.shape = shape
  }

  /// A reader of two `.npy` files.
  public init(features: String, targets: String, task: LearningTask, classes: Int? = nil) {
    self.init(features: .file(features), targets: .file(targets), task: task, classes: classes)
  }

  /// Count and shape from the two headers.
  public func header() throws(DataError) -> DataHeader {
    let featureShape = try features.header().shape
    let target = try targets.header()
    try checkShapes(featureShape, target.shape)
    if task == .classification { try checkLabelType(target.elementType) }
    try checkChannelOrder(featureShape)
    let width = target.shape.dropFirst().first ?? 1
    return DataHeader(examples: featureShape[0], shape: exampleShape(featureShape), targets: task == .regression ? width : nil)
  }

  /// The labels alone.
  public func readLabels() throws(DataError) -> [Int32] {
    guard task == .classification, case .labels(let labels) = try loadTarget(try targets.read()) else { return [] }
    return labels
  }

  /// Everything; bytes stay bytes, other features become `Float` where that holds them all, else `Double`, and none is rescaled.
  public func load() throws(DataError) -> DataSet {
    let header = try header()
    let storage = try loadStorage()
    let target = try targets.read()
    return try DataSet(shape: header.shape, count: header.examples, storage: storage, target: loadTarget(target))
  }

  func exampleShape(_ sizes: [Int]) -> [Int] {
    let found = sizes.count == 1 ? [1] : Array(sizes.dropFirst())
    return shape == [1] + found ? [1] + found : found
  }

  /// Refuses images whose channels are last where another shape of three sizes is declared.
  func checkChannelOrder(_ sizes: [Int]) throws(DataError) {
    let found = exampleShape(sizes)
    guard let shape, shape.count == 3, found.count == 3, shape != found else { return }
    let turned = [found[2], found[0], found[1]]
    guard shape == turned || [1, 3, 4].contains(found[2]) && min(found[0], found[1]) > 4 else { return }
    throw DataError(
      kind: .unsupported, path: features.path,
      message: "holds images of shape \(found), with their channels last; channels come first here",
      help: "save numpy.ascontiguousarray(numpy.moveaxis(images, -1, 1)), and declare \(turned)")
  }

  private func checkShapes(_ featureShape: [Int], _ targetShape: [Int]) throws(DataError) {
    guard let examples = featureShape.first, let rows = targetShape.first else {
      throw DataError(kind: .sizeMismatch, path: (featureShape.isEmpty ? features : targets).path, message: "holds a single number")
    }
    guard examples == rows else {
      throw DataError(kind: .sizeMismatch, path: targets.path, message: "holds \(rows) rows, but there are \(examples) in \(features.text)")
    }
    guard !featureShape.contains(0), !targetShape.contains(0) else {
      throw DataError(kind: .empty, path: features.path, message: "there are no values in an array of shape \(featureShape)")
    }
    // Some label arrays, those of Keras for CIFAR among them, are columns.
    guard targetShape.count == 1 || targetShape.count == 2 && (task == .regression || targetShape[1] == 1) else {
      let most = task == .classification ? 1 : 2
      throw DataError(kind: .sizeMismatch, path: targets.path, message: "has the shape \(targetShape); at most \(most) dimensions are read")
    }
  }

  private func loadStorage() throws(DataError) -> DataSet.Storage { try Self.storage(of: try features.read(), path: features.path) }

  /// The values of an array as a data set keeps them; `path` is for messages.
  static func storage(of tensor: TensorEntry, path: String) throws(DataError) -> DataSet.Storage {
    if tensor.elementType == .u8 { return .bytes(tensor.bytes, scale: 1) }
    let floats = try finiteFloats(tensor, path: path)
    let exceedsFloat = [.f64, .i64, .u64, .i32, .u32].contains(tensor.elementType)
    guard exceedsFloat else { return .floats(floats) }
    if let place = tensor.firstInexactDouble {
      throw DataError(
        kind: .unsupported, path: path, message: "value \(place) is an integer beyond 2^53, which double precision does not hold",
        help: "subtract what all values share, or divide them, before they are saved")
    }
    return .init(exactly: try NumpySource.restated(path) { () throws(TensorFileError) in try tensor.doubles() })
  }

  private func loadTarget(_ tensor: TensorEntry) throws(DataError) -> DataSet.Target {
    switch task {
    case .regression:
      return .values(try Self.finiteFloats(tensor, path: targets.path), width: tensor.shape.dropFirst().first ?? 1)
    case .classification:
      try checkLabelType(tensor.elementType)
      return .labels(try labels(NumpySource.restated(targets.path) { () throws(TensorFileError) in try tensor.integers() }))
    }
  }

  private func checkLabelType(_ type: StoredElement) throws(DataError) {
    guard ![.f16, .f32, .f64].contains(type) else {
      throw DataError(
        kind: .unsupported, path: targets.path, message: "holds \(type.rawValue) where class labels are integers",
        help: "save it with astype(\"int64\"), or use it for regression")
    }
  }

  private func labels(_ integers: [Int64]) throws(DataError) -> [Int32] {
    let bound = Int64(min(classes ?? largestClassCount, largestClassCount))
    if let index = integers.firstIndex(where: { $0 < 0 || $0 >= bound }) {
      throw DataError(
        kind: .labelOutOfRange, path: targets.path,
        message: "example \(index) has the label \(integers[index]); labels go from 0 to \(bound - 1)",
        help: adviceForLabelsFromOne(Int(integers.min() ?? 0)...Int(integers.max() ?? 0), classes: classes))
    }
    return integers.map { Int32(truncatingIfNeeded: $0) }
  }

  private static func finiteFloats(_ tensor: TensorEntry, path: String) throws(DataError) -> [Float] {
    let floats = try NumpySource.restated(path) { () throws(TensorFileError) in try tensor.floats() }
    if let index = floats.firstIndex(where: { !$0.isFinite }) {
      throw DataError(kind: .corrupt, path: path, message: "value \(index) is \(floats[index]), which cannot be learned from")
    }
    return floats
  }
}

extension DataError {
  init(_ error: TensorFileError, path: String) {
    let kind: Kind =
      switch error.kind {
      case .missing: .missingFile
      case .unreadable, .unwritable, .diskFull: .unreadable
      case .truncated: .truncated
      case .corrupt: .corrupt
      case .unsupported: .unsupported
      case .tooLarge: .tooLarge
      }
    self.init(kind: kind, path: path, message: error.message)
  }
}
