/// What one element of a tensor of StableHLO is; the raw value is its name in the text.
enum HLOElement: String, Hashable, Sendable {
  case f32, f64, bf16, i1, i32, ui32, ui64

  /// How two of them are compared.
  var comparison: String {
    switch self {
    case .f32, .f64, .bf16: "FLOAT"
    case .i32: "SIGNED"
    case .i1, .ui32, .ui64: "UNSIGNED"
    }
  }
}

/// An element type and extents.
struct HLOType: Hashable, Sendable {
  let element: HLOElement
  let shape: [Int]
  init(_ element: HLOElement, _ shape: [Int]) { (self.element, self.shape) = (element, shape) }

  /// `tensor<2x3xf32>`.
  var text: String { "tensor<\(shape.map { "\($0)x" }.joined())\(element.rawValue)>" }
  /// The axes, outermost first.
  var axes: [Int] { Array(shape.indices) }
  /// Elements; types of the IR have been held to `Int.max`.
  var count: Int { shape.reduce(1, *) }
}

/// A value of the text.
struct HLOValue: Hashable, Sendable {
  /// With its `%`.
  let name: String
  let type: HLOType
  var shape: [Int] { type.shape }
}
