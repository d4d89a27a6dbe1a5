/// Writes the body of one function of StableHLO, operation by operation. Shapes are those of the IR, which its verifier has held; numbers are
/// written as bit patterns, so that none is rounded on the way.
///
/// The operations are those of the specification of StableHLO (openxla.org/stablehlo/spec) from version 0.9 on, in the forms that its parser
/// has kept since.
struct HLOBuilder {
  private(set) var lines: [String] = []
  /// Cosines and sines that were written, by their sizes.
  var tables: [RotaryTable: (cosines: HLOValue, sines: HLOValue)] = [:]

  /// Appends an operation with one result.
  mutating func emit(_ text: String, _ type: HLOType) -> HLOValue {
    let value = HLOValue(name: "%v\(lines.count)", type: type)
    lines.append("\(value.name) = \(text)")
    return value
  }

  // MARK: Numbers

  /// A tensor of one number.
  mutating func constant(_ number: Double, _ shape: [Int] = [], _ element: HLOElement = .f32) -> HLOValue {
    let text: String
    switch element {
    case .f32: text = Self.hexadecimal(UInt64(Float(number).bitPattern), digits: 8)
    case .bf16:
      // What no operation asks for; the nearest one, were it asked for.
      let bits = Float(number).bitPattern
      text = Self.hexadecimal(UInt64((bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16), digits: 4)
    case .f64: text = Self.hexadecimal(number.bitPattern, digits: 16)
    case .i1: text = number == 0 ? "false" : "true"
    case .i32: text = "\(Int32(number))"
    case .ui32: text = "\(UInt32(number))"
    case .ui64: text = "\(UInt64(number))"
    }
    return constant(text, HLOType(element, shape))
  }

  /// A tensor of one whole number, which a double might not hold.
  mutating func constant(bits: UInt64, _ shape: [Int] = [], _ element: HLOElement) -> HLOValue {
    constant("\(bits)", HLOType(element, shape))
  }

  /// A tensor of these numbers, row by row.
  mutating func constant(_ numbers: [Float], _ shape: [Int]) -> HLOValue {
    // The bytes in the order of a machine with the lowest byte first, as MLIR reads them.
    let digits = numbers.map { Self.digits(UInt64($0.bitPattern.byteSwapped), count: 8) }.joined()
    return constant("\"0x\(digits)\"", HLOType(.f32, shape))
  }

  private mutating func constant(_ text: String, _ type: HLOType) -> HLOValue {
    emit("stablehlo.constant dense<\(text)> : \(type.text)", type)
  }

  private static func hexadecimal(_ bits: UInt64, digits count: Int) -> String { "0x" + digits(bits, count: count) }
  private static func digits(_ bits: UInt64, count: Int) -> String {
    let digits = String(bits, radix: 16, uppercase: true)
    return String(repeating: "0", count: count - digits.count) + digits
  }

  /// The place of each element on an axis.
  mutating func iota(_ axis: Int, _ shape: [Int], _ element: HLOElement) -> HLOValue {
    let type = HLOType(element, shape)
    return emit("stablehlo.iota dim = \(axis) : \(type.text)", type)
  }

  // MARK: Elements

  /// A function of each element, by its name in StableHLO.
  mutating func map(_ name: String, _ x: HLOValue) -> HLOValue { emit("stablehlo.\(name) \(x.name) : \(x.type.text)", x.type) }

  /// A function of two elements; a scalar applies to every element of the other.
  mutating func map(_ name: String, _ left: HLOValue, _ right: HLOValue) -> HLOValue {
    let (left, right) = matched(left, right)
    return emit("stablehlo.\(name) \(left.name), \(right.name) : \(left.type.text)", left.type)
  }

  /// With a number of the operand's element type.
  mutating func map(_ name: String, _ left: HLOValue, _ right: Double) -> HLOValue {
    map(name, left, constant(right, [], left.type.element))
  }

  mutating func add(_ left: HLOValue, _ right: HLOValue) -> HLOValue { map("add", left, right) }
  mutating func subtract(_ left: HLOValue, _ right: HLOValue) -> HLOValue { map("subtract", left, right) }
  mutating func multiply(_ left: HLOValue, _ right: HLOValue) -> HLOValue { map("multiply", left, right) }
  mutating func divide(_ left: HLOValue, _ right: HLOValue) -> HLOValue { map("divide", left, right) }
  /// Times a number.
  mutating func scale(_ x: HLOValue, _ number: Double) -> HLOValue { number == 1 ? x : map("multiply", x, number) }
  /// Plus a number.
  mutating func shift(_ x: HLOValue, _ number: Double) -> HLOValue { map("add", x, number) }

  private mutating func matched(_ left: HLOValue, _ right: HLOValue) -> (HLOValue, HLOValue) {
    if left.shape == right.shape { return (left, right) }
    return right.shape.isEmpty ? (left, broadcast(right, left.shape, [])) : (broadcast(left, right.shape, []), right)
  }

  /// Truth values: `EQ`, `NE`, `GE`, `GT`, `LE` or `LT`.
  mutating func compare(_ direction: String, _ left: HLOValue, _ right: HLOValue) -> HLOValue {
    let (left, right) = matched(left, right)
    let type = HLOType(.i1, left.shape)
    return emit(
      "stablehlo.compare \(direction), \(left.name), \(right.name), \(left.type.element.comparison) : "
        + "(\(left.type.text), \(right.type.text)) -> \(type.text)", type)
  }

  mutating func compare(_ direction: String, _ left: HLOValue, _ right: Double) -> HLOValue {
    compare(direction, left, constant(right, [], left.type.element))
  }

  /// `first` where the condition holds, else `second`; scalars apply to every element.
  mutating func select(_ condition: HLOValue, _ first: HLOValue, _ second: HLOValue) -> HLOValue {
    let (first, second) = (spread(first, condition.shape), spread(second, condition.shape))
    return emit(
      "stablehlo.select \(condition.name), \(first.name), \(second.name) : \(condition.type.text), \(first.type.text)", first.type)
  }

  private mutating func spread(_ x: HLOValue, _ shape: [Int]) -> HLOValue { x.shape == shape ? x : broadcast(x, shape, []) }

  /// The elements as others of that kind; numbers that do not fit are not passed.
  mutating func convert(_ x: HLOValue, _ element: HLOElement) -> HLOValue { cast("convert", x, element) }
  /// The bits of the elements as elements of another kind of the same size.
  mutating func bits(_ x: HLOValue, _ element: HLOElement) -> HLOValue { cast("bitcast_convert", x, element) }

  private mutating func cast(_ name: String, _ x: HLOValue, _ element: HLOElement) -> HLOValue {
    let type = HLOType(element, x.shape)
    return emit("stablehlo.\(name) \(x.name) : (\(x.type.text)) -> \(type.text)", type)
  }

  // MARK: Shapes

  /// Axis i of the operand becomes axis `axes[i]` of the result.
  mutating func broadcast(_ x: HLOValue, _ shape: [Int], _ axes: [Int]) -> HLOValue {
    if x.shape == shape { return x }
    return shaped("broadcast_in_dim", x, ", dims = \(axes)", shape)
  }

  /// A value for each column over all axes before it.
  mutating func overColumns(_ x: HLOValue, _ shape: [Int]) -> HLOValue { broadcast(x, shape, [shape.count - 1]) }
  /// A value for each row of a matrix over its columns.
  mutating func overRows(_ x: HLOValue, _ shape: [Int]) -> HLOValue { broadcast(x, shape, [0]) }

  mutating func reshape(_ x: HLOValue, _ shape: [Int]) -> HLOValue { x.shape == shape ? x : shaped("reshape", x, "", shape) }

  /// Axis i of the result is axis `axes[i]` of the operand.
  mutating func transpose(_ x: HLOValue, _ axes: [Int]) -> HLOValue {
    axes == x.type.axes ? x : shaped("transpose", x, ", dims = \(axes)", axes.map { x.shape[$0] })
  }

  private mutating func shaped(_ name: String, _ x: HLOValue, _ parameters: String, _ shape: [Int]) -> HLOValue {
    let type = HLOType(x.type.element, shape)
    return emit("stablehlo.\(name) \(x.name)\(parameters) : (\(x.type.text)) -> \(type.text)", type)
  }

  /// The block from `starts` on, of every `strides`-th element.
  mutating func slice(_ x: HLOValue, _ starts: [Int], _ sizes: [Int], strides: [Int]? = nil) -> HLOValue {
    let ranges = starts.indices.map { axis in
      let stride = strides?[axis] ?? 1
      let end = sizes[axis] == 0 ? starts[axis] : starts[axis] + (sizes[axis] - 1) * stride + 1
      return "\(starts[axis]):\(end):\(stride)"
    }
    return shaped("slice", x, " [\(ranges.joined(separator: ", "))]", sizes)
  }

  /// With `low` elements of a number before, `high` after and `interior` between those of each axis; negative ones take away.
  mutating func pad(_ x: HLOValue, low: [Int], high: [Int], interior: [Int]? = nil, value: Double = 0) -> HLOValue {
    let interior = interior ?? x.shape.map { _ in 0 }
    if low.allSatisfy({ $0 == 0 }), high.allSatisfy({ $0 == 0 }), interior.allSatisfy({ $0 == 0 }) { return x }
    let shape = x.shape.indices.map { low[$0] + high[$0] + x.shape[$0] + max(0, x.shape[$0] - 1) * interior[$0] }
    let (filling, type) = (constant(value, [], x.type.element), HLOType(x.type.element, shape))
    return emit(
      "stablehlo.pad \(x.name), \(filling.name), low = \(low), high = \(high), interior = \(interior) : "
        + "(\(x.type.text), \(filling.type.text)) -> \(type.text)", type)
  }

  mutating func concatenate(_ parts: [HLOValue], axis: Int) -> HLOValue {
    guard let first = parts.first, parts.count > 1 else { return parts.first ?? constant(0) }
    var shape = first.shape
    shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    let type = HLOType(first.type.element, shape)
    let (names, types) = (parts.map(\.name).joined(separator: ", "), parts.map(\.type.text).joined(separator: ", "))
    return emit("stablehlo.concatenate \(names), dim = \(axis) : (\(types)) -> \(type.text)", type)
  }

  // MARK: Reductions and products

  /// What is made of the elements along axes.
  enum Reduction: String {
    case add, maximum
    /// What it begins with.
    var neutral: Double { self == .add ? 0 : -.infinity }
  }

  mutating func reduce(_ x: HLOValue, _ axes: [Int], _ how: Reduction = .add) -> HLOValue {
    if axes.isEmpty { return x }
    let type = HLOType(x.type.element, x.type.axes.filter { !axes.contains($0) }.map { x.shape[$0] })
    let start = constant(how.neutral, [], x.type.element)
    return emit(
      "stablehlo.reduce(\(x.name) init: \(start.name)) applies stablehlo.\(how.rawValue) across dimensions = \(axes) : "
        + "(\(x.type.text), \(start.type.text)) -> \(type.text)", type)
  }

  /// Products are of single precision where an accelerator would take a shorter one unasked.
  static let precision = "HIGHEST"

  /// Sums of products over the axes `contracting`, for each place on the axes `batching`, which come first in the result.
  mutating func dot(
    _ left: HLOValue, _ right: HLOValue, batching: (left: [Int], right: [Int]) = ([], []), contracting: (left: [Int], right: [Int])
  ) -> HLOValue {
    func free(_ x: HLOValue, _ taken: [Int]) -> [Int] { x.type.axes.filter { !taken.contains($0) }.map { x.shape[$0] } }
    let shape =
      batching.left.map { left.shape[$0] } + free(left, batching.left + contracting.left) + free(right, batching.right + contracting.right)
    let type = HLOType(.f32, shape)
    let batches = batching.left.isEmpty ? "" : "batching_dims = \(batching.left) x \(batching.right), "
    return emit(
      "stablehlo.dot_general \(left.name), \(right.name), \(batches)contracting_dims = \(contracting.left) x \(contracting.right), "
        + "precision = [\(Self.precision), \(Self.precision)] : (\(left.type.text), \(right.type.text)) -> \(type.text)", type)
  }

  // MARK: Operations with a function

  /// An operation in its generic form, with a function of two scalars.
  mutating func emit(
    _ name: String, _ operands: [HLOValue], _ properties: String, body: String, of scalar: HLOType, _ type: HLOType
  ) -> HLOValue {
    let types = operands.map(\.type.text).joined(separator: ", ")
    return emit(
      "\"stablehlo.\(name)\"(\(operands.map(\.name).joined(separator: ", "))) <{\(properties)}> ({\n"
        + "      ^bb0(%l: \(scalar.text), %r: \(scalar.text)):\n        \(body)\n    }) : (\(types)) -> \(type.text)", type)
  }

  /// The function of two scalars that an operation of that name is.
  static func scalarBody(_ name: String, _ scalar: HLOType) -> String {
    "%s = stablehlo.\(name) %l, %r : \(scalar.text)\n        stablehlo.return %s : \(scalar.text)"
  }
}
