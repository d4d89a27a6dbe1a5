/// The header of a `.npy` file: what its array holds.
public struct NumpyHeader: Equatable, Sendable {
  /// The type of every element.
  public var elementType: StoredElement
  /// The sizes, outermost first; empty for a scalar.
  public var shape: [Int]
  /// Whether the elements are stored highest byte first.
  public var isBigEndian = false
  /// Whether the first index of the array varies fastest in the file, and not the last.
  var isFortranOrder = false
  /// Where the elements start in the file, in bytes.
  public var dataOffset: Int

  /// The element types, by their names in the header without the order of bytes.
  private static let names: [(name: String, type: StoredElement)] = [
    ("f2", .f16), ("f4", .f32), ("f8", .f64), ("i1", .i8), ("i2", .i16), ("i4", .i32), ("i8", .i64), ("u1", .u8), ("u2", .u16),
    ("u4", .u32), ("u8", .u64), ("b1", .bool),
  ]

  /// The name of an element type as it is written, little-endian; nil for one that NumPy does not have.
  static func description(of type: StoredElement) -> String? {
    names.first { $0.type == type }.map { (type.byteCount == 1 ? "|" : "<") + $0.name }
  }
}

/// Why a `.npy` header cannot be used.
struct NumpyHeaderError: Error {
  var reason: String
  /// Whether the header is well formed and asks for something that is not offered.
  var isUnsupported = false
}

extension NumpyHeader {
  /// Decodes the dictionary literal of a header, such as `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
  init(decoding text: [UInt8], dataOffset: Int) throws(NumpyHeaderError) {
    var scanner = LiteralScanner(bytes: text)
    let fields = try scanner.dictionary()
    guard fields.count == 3, case .text(let description) = fields.value(of: "descr"),
      case .word(let order) = fields.value(of: "fortran_order"), case .tuple(let shape) = fields.value(of: "shape")
    else { throw NumpyHeaderError(reason: "the header does not consist of a simple descr, fortran_order and shape") }
    let type = try Self.elementType(description)
    guard order == "False" || order == "True" else { throw NumpyHeaderError(reason: "fortran_order is neither True nor False") }
    self.init(
      elementType: type, shape: shape, isBigEndian: description.hasPrefix(">") && type.byteCount > 1,
      isFortranOrder: order == "True" && shape.count > 1, dataOffset: dataOffset)
  }

  private static func elementType(_ description: String) throws(NumpyHeaderError) -> StoredElement {
    if let order = description.first, "<>|".contains(order), let known = names.first(where: { $0.name == description.dropFirst() }) {
      return known.type
    }
    let offered = names.map(\.name).joined(separator: ", ")
    let what = description.hasSuffix("O") ? " (Python objects)" : description.contains("c") ? " (complex numbers)" : ""
    throw NumpyHeaderError(reason: "the element type '\(description)'\(what) is not one of \(offered)", isUnsupported: true)
  }

  /// The dictionary literal `numpy.save` would write.
  static func literal(description: String, shape: [Int]) -> String {
    let sizes = shape.map(String.init).joined(separator: ", ")
    return "{'descr': '\(description)', 'fortran_order': False, 'shape': (\(sizes)\(shape.count == 1 ? "," : "")), }"
  }
}

extension [(name: String, value: LiteralScanner.Value)] {
  fileprivate func value(of name: String) -> LiteralScanner.Value? { first { $0.name == name }?.value }
}
