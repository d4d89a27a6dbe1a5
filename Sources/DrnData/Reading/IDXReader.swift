/// Reads a pair of IDX files, images and labels, plain or gzip-compressed, as MNIST and its relatives come.
public struct IDXReader: DataReader, Equatable {
  /// The file of images: two or more dimensions of unsigned bytes.
  public let images: String
  /// The file of labels: one dimension of unsigned bytes.
  public let labels: String
  /// The number of classes that labels must stay below; nil accepts any.
  public let classes: Int?

  /// A reader of two files.
  public init(images: String, labels: String, classes: Int? = nil) {
    self.images = images
    self.labels = labels
    self.classes = classes
  }

  /// Count and shape from the header of the images; classes from the labels, which are one byte each and read whole.
  public func header() throws(DataError) -> DataHeader {
    let sizes = try IDXHeader(DataFile(path: images)).sizes
    let shape = try exampleShape(sizes)
    let labels = try readLabels(expected: sizes[0])
    return DataHeader(examples: sizes[0], shape: shape, classes: Int(labels.max() ?? 0) + 1)
  }

  /// Everything; images stay bytes and stand for values from 0 to 1.
  public func load() throws(DataError) -> DataSet {
    let file = try DataFile(path: images)
    let header = try IDXHeader(file)
    let shape = try exampleShape(header.sizes)
    let labels = try readLabels(expected: header.sizes[0])
    let bytes = try file.read(count: checkedProduct(header.sizes) ?? 0)
    try file.checkEnd()
    return try Self.dataSet(shape, bytes, labels.map { Int32($0) })
  }

  private static func dataSet(_ shape: [Int], _ bytes: [UInt8], _ labels: [Int32]) throws(DataError) -> DataSet {
    try DataSet(shape: shape, count: labels.count, storage: .bytes(bytes, scale: 1 / 255), target: .labels(labels))
  }

  /// The images of a file alone, each with the label 0.
  public static func images(of path: String) throws(DataError) -> DataSet {
    let reader = IDXReader(images: path, labels: path)
    let file = try DataFile(path: path)
    let header = try IDXHeader(file)
    let shape = try reader.exampleShape(header.sizes)
    let bytes = try file.read(count: checkedProduct(header.sizes) ?? 0)
    try file.checkEnd()
    let labels = [Int32](repeating: 0, count: header.sizes[0])
    return try Self.dataSet(shape, bytes, labels)
  }

  /// The labels alone.
  public func readLabels() throws(DataError) -> [Int32] {
    try readLabels(expected: try IDXHeader(DataFile(path: images)).sizes[0]).map { Int32($0) }
  }

  /// Grey images get one channel; a matrix stays a table; four sizes are taken as they are.
  private func exampleShape(_ sizes: [Int]) throws(DataError) -> [Int] {
    guard sizes.count >= 2 else {
      throw DataError(
        kind: .wrongMagic, path: images, message: "is an IDX file of one dimension, as labels are",
        help: "check whether images and labels are exchanged")
    }
    return sizes.count == 3 ? [1] + sizes.dropFirst() : Array(sizes.dropFirst())
  }

  private func readLabels(expected: Int) throws(DataError) -> [UInt8] {
    let file = try DataFile(path: labels)
    let header = try IDXHeader(file)
    guard header.sizes.count == 1 else {
      throw DataError(
        kind: .wrongMagic, path: labels, message: "is an IDX file of \(header.sizes.count) dimensions; labels have one",
        help: "check whether images and labels are exchanged")
    }
    guard header.sizes[0] == expected else {
      throw DataError(
        kind: .sizeMismatch, path: labels, message: "holds \(header.sizes[0]) labels, but there are \(expected) images in \(images)")
    }
    let bytes = try file.read(count: expected)
    try file.checkEnd()
    if let classes, let index = bytes.firstIndex(where: { Int($0) >= classes }) {
      throw DataError(
        kind: .labelOutOfRange, path: labels, message: "example \(index) has the label \(bytes[index]); there are \(classes) classes",
        help: adviceForLabelsFromOne(Int(bytes.min() ?? 0)...Int(bytes.max() ?? 0), classes: classes))
    }
    return bytes
  }
}
