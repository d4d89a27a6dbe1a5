extension TensorEntry {
  /// The elements as `Float`, in row-major order; wider types are rounded to nearest.
  ///
  /// Throws when the bytes do not match the shape, and for the 8-bit float types, which have no conversion.
  public func floats() throws(TensorFileError) -> [Float] {
    try checkByteCount()
    switch elementType {
    case .bool: return bytes.map { $0 == 0 ? 0 : 1 }
    case .u8: return bytes.map { Float($0) }
    case .i8: return bytes.map { Float(Int8(bitPattern: $0)) }
    case .i16: return elements(Int16.self) { Float($0) }
    case .u16: return elements(UInt16.self) { Float($0) }
    case .f16: return elements(UInt16.self) { Float(Float16(bitPattern: $0)) }
    case .bf16: return elements(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case .i32: return elements(Int32.self) { Float($0) }
    case .u32: return elements(UInt32.self) { Float($0) }
    case .f32: return elements(UInt32.self) { Float(bitPattern: $0) }
    case .i64: return elements(Int64.self) { Float($0) }
    case .u64: return elements(UInt64.self) { Float($0) }
    case .f64: return elements(UInt64.self) { Float(Double(bitPattern: $0)) }
    case .f8e5m2, .f8e4m3: throw noConversion(to: "floats")
    }
  }

  /// The elements as `Double`, in row-major order; exact but for integers beyond 2^53. Throws as `floats` does.
  public func doubles() throws(TensorFileError) -> [Double] {
    try checkByteCount()
    switch elementType {
    case .bool, .u8, .i8, .i16, .u16, .f16, .bf16, .f32, .f8e5m2, .f8e4m3: return try floats().map(Double.init)
    case .f64: return elements(UInt64.self) { Double(bitPattern: $0) }
    case .i64: return elements(Int64.self) { Double($0) }
    case .u64: return elements(UInt64.self) { Double($0) }
    case .i32: return elements(Int32.self) { Double($0) }
    case .u32: return elements(UInt32.self) { Double($0) }
    }
  }

  /// The place of the first element that `doubles` would round: an integer beyond 2^53 that is no double; nil where there is none.
  public var firstInexactDouble: Int? {
    switch elementType {
    case .i64: elements(Int64.self) { Double(exactly: $0) != nil }.firstIndex(of: false)
    case .u64: elements(UInt64.self) { Double(exactly: $0) != nil }.firstIndex(of: false)
    case .bool, .u8, .i8, .f8e5m2, .f8e4m3, .i16, .u16, .f16, .bf16, .i32, .u32, .f32, .f64: nil
    }
  }

  /// The elements of an integer or Boolean tensor, exactly, in row-major order.
  ///
  /// Throws for the float types, for a U64 element above `Int64.max`, and when the bytes do not match the shape.
  public func integers() throws(TensorFileError) -> [Int64] {
    try checkByteCount()
    switch elementType {
    case .bool: return bytes.map { $0 == 0 ? 0 : 1 }
    case .u8: return bytes.map { Int64($0) }
    case .i8: return bytes.map { Int64(Int8(bitPattern: $0)) }
    case .i16: return elements(Int16.self) { Int64($0) }
    case .u16: return elements(UInt16.self) { Int64($0) }
    case .i32: return elements(Int32.self) { Int64($0) }
    case .u32: return elements(UInt32.self) { Int64($0) }
    case .i64: return elements(Int64.self) { $0 }
    case .u64: return try exact(elements(UInt64.self) { Int64(exactly: $0) })
    case .f8e5m2, .f8e4m3, .f16, .bf16, .f32, .f64: throw noConversion(to: "integers")
    }
  }

  private func checkByteCount() throws(TensorFileError) {
    guard bytes.count == expectedByteCount else {
      throw .corrupt("tensor \"\(name)\" holds \(bytes.count) bytes, which does not match \(elementType.rawValue) \(shape)", path: "")
    }
  }

  private func exact(_ values: [Int64?]) throws(TensorFileError) -> [Int64] {
    let exact = values.compactMap { $0 }
    guard exact.count == values.count else { throw noConversion(to: "integers of 64 bits with sign") }
    return exact
  }

  private func noConversion(to target: String) -> TensorFileError {
    TensorFileError(
      kind: .unsupported, path: "", message: "tensor \"\(name)\" of type \(elementType.rawValue) cannot be converted to \(target)")
  }

  private func elements<T: FixedWidthInteger, Result>(_ type: T.Type, _ convert: (T) -> Result) -> [Result] {
    bytes.withUnsafeBytes { raw in
      (0..<raw.count / MemoryLayout<T>.size).map { index in
        convert(T(littleEndian: raw.loadUnaligned(fromByteOffset: index * MemoryLayout<T>.size, as: T.self)))
      }
    }
  }
}
