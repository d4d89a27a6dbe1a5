import DrnIR
import DrnPlan

/// An argument or result of the functions of a segment, found once by its name. It keeps the segment alive.
///
/// Tensors pass in row-major order without the gaps of the pitch.
public struct SegmentPort {
  private let segment: Segment
  private let slot: Slot

  init(_ segment: Segment, _ slot: Slot) {
    self.segment = segment
    self.slot = slot
  }

  /// The name of the argument or result.
  public var name: String { slot.name }
  /// Elements, those of the pitch not counted.
  public var count: Int { slot.layout.count }
  private var layout: Layout { slot.layout }
  private var pointer: UnsafeMutableRawPointer { segment.arena.base + slot.offset }

  /// Writes all elements of an `f32` port.
  public func write(_ values: [Float]) throws(ExecutionError) {
    try require(.f32, count: values.count)
    values.withUnsafeBufferPointer(copyIn)
  }

  /// Writes all elements of an `i32` port, such as labels.
  public func write(labels: [Int32]) throws(ExecutionError) {
    try require(.i32, count: labels.count)
    labels.withUnsafeBufferPointer(copyIn)
  }

  /// Writes an `f32` scalar.
  public func set(_ value: Float) throws(ExecutionError) {
    try require(.f32, count: 1)
    pointer.assumingMemoryBound(to: Float.self).pointee = value
  }

  /// Writes a `u64` scalar, such as a random key.
  public func set(key: UInt64) throws(ExecutionError) {
    try require(.u64, count: 1)
    pointer.assumingMemoryBound(to: UInt64.self).pointee = key
  }

  /// Writes one value to all elements of an `f32` port.
  public func fill(_ value: Float) throws(ExecutionError) {
    try require(.f32, count: count)
    for row in 0..<layout.rows { floats(row).update(repeating: value, count: layout.columns) }
  }

  /// Writes the elements of a port of another segment, or of another of this one, with as many.
  public func copy(from other: SegmentPort) throws(ExecutionError) {
    try require(.f32, count: other.count)
    try other.require(.f32, count: count)
    // Extents are grouped into rows alike, but for ports that have only their number of elements in common.
    guard other.layout.columns == layout.columns else { return try write(try other.read()) }
    for row in 0..<layout.rows { floats(row).update(from: other.floats(row), count: layout.columns) }
  }

  /// All elements of an `f32` port, or of a `bf16` one in single precision.
  public func read() throws(ExecutionError) -> [Float] {
    if layout.element == .bf16 { return halves() }
    try require(.f32, count: count)
    return [Float](unsafeUninitializedCapacity: count) { buffer, written in
      if let base = buffer.baseAddress {
        for row in 0..<layout.rows { (base + row * layout.columns).initialize(from: floats(row), count: layout.columns) }
      }
      written = count
    }
  }

  private func halves() -> [Float] {
    let bits = pointer.assumingMemoryBound(to: UInt16.self)
    return (0..<count).map { index in
      let (row, column) = index.quotientAndRemainder(dividingBy: layout.columns)
      return Float(bitPattern: UInt32(bits[row * layout.pitch + column]) << 16)
    }
  }

  /// The bytes of all elements together, whatever they are.
  public var byteCount: Int { layout.count * elementSize }

  /// All elements as they lie in memory.
  public func bytes() -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, written in
      if let base = UnsafeMutableRawPointer(buffer.baseAddress) {
        for row in 0..<layout.rows { (base + row * rowBytes).copyMemory(from: pointer + row * pitchBytes, byteCount: rowBytes) }
      }
      written = byteCount
    }
  }

  /// Writes all elements by their bytes.
  public func write(bytes: [UInt8]) throws(ExecutionError) {
    guard bytes.count == byteCount else {
      throw .portMismatch(port: slot.name, expected: "\(byteCount) bytes", given: "\(bytes.count) bytes")
    }
    bytes.withUnsafeBytes { source in
      guard let base = source.baseAddress else { return }
      for row in 0..<layout.rows { (pointer + row * pitchBytes).copyMemory(from: base + row * rowBytes, byteCount: rowBytes) }
    }
  }

  private var elementSize: Int { layout.element.bytes }
  private var rowBytes: Int { layout.columns * elementSize }
  private var pitchBytes: Int { layout.pitch * elementSize }

  /// The first element of an `f32` port that is not finite, in row-major order; `nil` where all are.
  public func firstNotFinite() throws(ExecutionError) -> Float? {
    try require(.f32, count: count)
    for row in 0..<layout.rows {
      let values = UnsafeBufferPointer(start: floats(row), count: layout.columns)
      // x - x is 0 for finite x and NaN for others, and NaN stays in a sum.
      guard values.reduce(0, { $0 + ($1 - $1) }) != 0 else { continue }
      return values.first { !$0.isFinite }
    }
    return nil
  }

  /// Lets `body` fill an `f32` port where it lies: the first element, and the floats from the start of one row of its last axis to the
  /// next. Only the rows and columns of the port's type may be written.
  public func withRows<Outcome>(
    _ body: (UnsafeMutablePointer<Float>, _ pitch: Int) -> Outcome
  ) throws(ExecutionError) -> Outcome {
    try require(.f32, count: count)
    return body(floats(0), layout.pitch)
  }

  /// As `withRows`, for an `i32` vector.
  public func withLabels<Outcome>(_ body: (UnsafeMutablePointer<Int32>) -> Outcome) throws(ExecutionError) -> Outcome {
    try require(.i32, count: count)
    return body(pointer.assumingMemoryBound(to: Int32.self))
  }

  private func floats(_ row: Int) -> UnsafeMutablePointer<Float> { pointer.assumingMemoryBound(to: Float.self) + row * layout.pitch }

  private func require(_ element: ElementType, count: Int) throws(ExecutionError) {
    guard layout.element == element, layout.count == count else {
      throw .portMismatch(
        port: slot.name, expected: "\(layout.count) elements \(layout.element.rawValue)", given: "\(count) elements \(element.rawValue)")
    }
  }

  private func copyIn<Element: BitwiseCopyable>(_ values: UnsafeBufferPointer<Element>) {
    guard let source = values.baseAddress else { return }
    let destination = pointer.assumingMemoryBound(to: Element.self)
    for row in 0..<layout.rows {
      (destination + row * layout.pitch).update(from: source + row * layout.columns, count: layout.columns)
    }
  }
}

extension Segment {
  /// An argument; or, where no function takes one of that name, a result.
  public func argument(_ name: String) throws(ExecutionError) -> SegmentPort { try port(name) { $0.isArgument } }

  /// A result; or an argument that no function returns.
  public func result(_ name: String) throws(ExecutionError) -> SegmentPort { try port(name) { $0.isResult } }

  private func port(_ name: String, isPreferred: (Slot) -> Bool) throws(ExecutionError) -> SegmentPort {
    let slots = plan.slots.filter { $0.name == name }
    guard let slot = slots.first(where: isPreferred) ?? slots.first else { throw .unknownPort(name) }
    return SegmentPort(self, slot)
  }
}
