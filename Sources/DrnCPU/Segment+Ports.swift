import DrnIR
import DrnPlan

/// Reading and writing arguments and results by name; tensors pass in row-major order without the gaps of the pitch.
extension Segment {
  /// Writes all elements of an `f32` argument.
  public func write(_ port: String, _ values: [Float]) throws(ExecutionError) {
    let slot = try argument(port, .f32, count: values.count)
    values.withUnsafeBufferPointer { copyIn($0, slot) }
  }

  /// Writes all elements of an `f32` argument.
  public func write(_ port: String, floats values: UnsafeBufferPointer<Float>) throws(ExecutionError) {
    copyIn(values, try argument(port, .f32, count: values.count))
  }

  /// Writes an `i32` argument, such as labels.
  public func writeLabels(_ port: String, _ labels: [Int32]) throws(ExecutionError) {
    let slot = try argument(port, .i32, count: labels.count)
    labels.withUnsafeBufferPointer { copyIn($0, slot) }
  }

  /// Writes an `f32` scalar argument.
  public func setScalar(_ port: String, _ value: Float) throws(ExecutionError) { try write(port, [value]) }

  /// Writes a `u64` scalar argument.
  public func setKey(_ port: String, _ key: UInt64) throws(ExecutionError) {
    let slot = try argument(port, .u64, count: 1)
    withUnsafePointer(to: key) { copyIn(UnsafeBufferPointer(start: $0, count: 1), slot) }
  }

  /// All elements of an `f32` result, or of an argument that no function returns.
  public func read(_ port: String) throws(ExecutionError) -> [Float] {
    guard let slot = plan.slots.first(where: { $0.name == port && $0.isResult }) ?? plan.slots.first(where: { $0.name == port }) else {
      throw .unknownPort(port)
    }
    guard slot.layout.element == .f32 else {
      throw .portMismatch(port: port, expected: slot.layout.element.rawValue, given: ElementType.f32.rawValue)
    }
    let layout = slot.layout
    let source = (arena.base + slot.offset).assumingMemoryBound(to: Float.self)
    return [Float](unsafeUninitializedCapacity: layout.count) { buffer, count in
      if let base = buffer.baseAddress {
        for row in 0..<layout.rows { (base + row * layout.columns).initialize(from: source + row * layout.pitch, count: layout.columns) }
      }
      count = layout.count
    }
  }

  /// Lets `body` fill an `f32` argument where it lies: the first element, and the floats from the start of one row of its last axis to the
  /// next. Only the rows and columns of the argument's type may be written.
  public func withBatch<Outcome>(
    _ port: String, _ body: (UnsafeMutablePointer<Float>, _ pitch: Int) -> Outcome
  ) throws(ExecutionError) -> Outcome {
    let slot = try argument(port, .f32, count: nil)
    return body((arena.base + slot.offset).assumingMemoryBound(to: Float.self), slot.layout.pitch)
  }

  /// As `withBatch`, for an `i32` vector.
  public func withLabels<Outcome>(_ port: String, _ body: (UnsafeMutablePointer<Int32>) -> Outcome) throws(ExecutionError) -> Outcome {
    let slot = try argument(port, .i32, count: nil)
    return body((arena.base + slot.offset).assumingMemoryBound(to: Int32.self))
  }

  private func argument(_ port: String, _ element: ElementType, count: Int?) throws(ExecutionError) -> Slot {
    guard let slot = plan.slots.first(where: { $0.name == port && $0.isArgument }) ?? plan.slots.first(where: { $0.name == port }) else {
      throw .unknownPort(port)
    }
    let given = count ?? slot.layout.count
    guard slot.layout.element == element, slot.layout.count == given else {
      throw .portMismatch(
        port: port, expected: "\(slot.layout.count) elements \(slot.layout.element.rawValue)",
        given: "\(given) elements \(element.rawValue)")
    }
    return slot
  }

  private func copyIn<Element: BitwiseCopyable>(_ values: UnsafeBufferPointer<Element>, _ slot: Slot) {
    guard let source = values.baseAddress else { return }
    let destination = (arena.base + slot.offset).assumingMemoryBound(to: Element.self)
    let layout = slot.layout
    for row in 0..<layout.rows {
      (destination + row * layout.pitch).update(from: source + row * layout.columns, count: layout.columns)
    }
  }
}
