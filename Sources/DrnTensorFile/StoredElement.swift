/// The element type of a stored tensor; the raw value is its name in a safetensors header.
public enum StoredElement: String, CaseIterable, Sendable {
  /// One byte, 0 or 1.
  case bool = "BOOL"
  /// Unsigned integer of 8 bits.
  case u8 = "U8"
  /// Signed integer of 8 bits.
  case i8 = "I8"
  /// Float of 8 bits, 5 of them for the exponent; stored, never converted.
  case f8e5m2 = "F8_E5M2"
  /// Float of 8 bits, 4 of them for the exponent; stored, never converted.
  case f8e4m3 = "F8_E4M3"
  /// Signed integer of 16 bits.
  case i16 = "I16"
  /// Unsigned integer of 16 bits.
  case u16 = "U16"
  /// IEEE half precision.
  case f16 = "F16"
  /// The upper half of single precision.
  case bf16 = "BF16"
  /// Signed integer of 32 bits.
  case i32 = "I32"
  /// Unsigned integer of 32 bits.
  case u32 = "U32"
  /// IEEE single precision.
  case f32 = "F32"
  /// Signed integer of 64 bits.
  case i64 = "I64"
  /// Unsigned integer of 64 bits.
  case u64 = "U64"
  /// IEEE double precision.
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
