/// The header of a `.npy` file: what its array holds.
public struct NumpyHeader: Equatable, Sendable {
  /// The type of every element.
  public var elementType: ElementType
  /// The sizes, outermost first; empty for a scalar.
  public var shape: [Int]
  /// Where the elements start in the file, in bytes.
  var dataOffset: Int

  /// The element types that are read and written, with their names in the header.
  static let descriptions: [(name: String, type: ElementType)] = [
    ("<f4", .f32), ("<f8", .f64), ("|u1", .u8), ("<i4", .i32), ("<i8", .i64), ("|b1", .bool),
  ]
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
    guard order == "False" || shape.count < 2 else {
      throw NumpyHeaderError(reason: "the array is in Fortran order; save it with numpy.ascontiguousarray", isUnsupported: true)
    }
    self.init(elementType: type, shape: shape, dataOffset: dataOffset)
  }

  private static func elementType(_ description: String) throws(NumpyHeaderError) -> ElementType {
    if let type = descriptions.first(where: { $0.name == description })?.type { return type }
    let offered = descriptions.map(\.name).joined(separator: ", ")
    let byteOrder = description.hasPrefix(">") ? " (big-endian)" : ""
    throw NumpyHeaderError(reason: "the element type '\(description)'\(byteOrder) is not one of \(offered)", isUnsupported: true)
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
