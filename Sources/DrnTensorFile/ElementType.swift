/// The element type of a stored tensor; the raw value is its name in a safetensors header.
public enum ElementType: String, CaseIterable, Sendable {
  case bool = "BOOL"
  case u8 = "U8"
  case i8 = "I8"
  case f8e5m2 = "F8_E5M2"
  case f8e4m3 = "F8_E4M3"
  case i16 = "I16"
  case u16 = "U16"
  case f16 = "F16"
  case bf16 = "BF16"
  case i32 = "I32"
  case u32 = "U32"
  case f32 = "F32"
  case i64 = "I64"
  case u64 = "U64"
  case f64 = "F64"

  /// The size of one element in bytes.
  public var byteCount: Int {
    switch self {
    case .bool, .u8, .i8, .f8e5m2, .f8e4m3: 1
    case .i16, .u16, .f16, .bf16: 2
    case .i32, .u32, .f32: 4
    case .i64, .u64, .f64: 8
    }
  }
}

/// The number of elements of `shape` (1 for a scalar), or nil when a size is negative or the product does not fit in `Int`.
///
/// A zero anywhere gives zero only when the other sizes multiply without overflow, so the answer does not depend on their order.
public func checkedElementCount(_ shape: [Int]) -> Int? {
  var count = 1
  for size in shape {
    guard size >= 0 else { return nil }
    let (product, overflow) = count.multipliedReportingOverflow(by: max(size, 1))
    if overflow { return nil }
    count = product
  }
  return shape.contains(0) ? 0 : count
}
