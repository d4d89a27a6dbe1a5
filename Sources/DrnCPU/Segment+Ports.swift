/// Reading and writing arguments and results by name, for what is done once.
extension Segment {
  /// Writes all elements of an `f32` argument.
  public func write(_ port: String, _ values: [Float]) throws(ExecutionError) { try argument(port).write(values) }

  /// Writes an `i32` argument, such as labels.
  public func writeLabels(_ port: String, _ labels: [Int32]) throws(ExecutionError) { try argument(port).write(labels: labels) }

  /// Writes an `f32` scalar argument.
  public func setScalar(_ port: String, _ value: Float) throws(ExecutionError) { try argument(port).set(value) }

  /// Writes a `u64` scalar argument.
  public func setKey(_ port: String, _ key: UInt64) throws(ExecutionError) { try argument(port).set(key: key) }

  /// All elements of an `f32` result, or of an argument that no function returns.
  public func read(_ port: String) throws(ExecutionError) -> [Float] { try result(port).read() }
}
