import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// A piece of a random stream, or its use as a mask; elements count in row-major order without the gaps of the pitch.
private struct RandomContext: BitwiseCopyable {
  let key: UnsafePointer<UInt64>
  let streamHash: UInt64
  let parameter: Float
  let source: UnsafePointer<Float>?
  let sourcePitch: Int
  let result: UnsafeMutablePointer<Float>
  let pitch: Int
  let rows: Int
  let columns: Int
  let block: Int

  /// Calls `body` for every row of a task with the range of its elements and the key words.
  func forEachRow(_ index: Int, _ body: (_ row: Int, _ begin: Int, _ end: Int, _ low: UInt32, _ high: UInt32) -> Void) {
    let mixed = key.pointee ^ streamHash
    let (low, high) = (UInt32(truncatingIfNeeded: mixed), UInt32(truncatingIfNeeded: mixed >> 32))
    for row in index * block..<min((index + 1) * block, rows) { body(row, row * columns, (row + 1) * columns, low, high) }
  }
}

private let runDropout: StepTask = { pointer, index in
  guard let task = pointer?.assumingMemoryBound(to: RandomContext.self).pointee, let source = task.source else { return }
  task.forEachRow(index) { row, begin, end, low, high in
    // The kernel indexes both arrays by the element's number in the stream.
    let (x, y) = (source + row * (task.sourcePitch - task.columns), task.result + row * (task.pitch - task.columns))
    drn_dropout(x, y, begin, end, task.parameter, low, high)
  }
}

private let runUniform: StepTask = { pointer, index in
  guard let task = pointer?.assumingMemoryBound(to: RandomContext.self).pointee else { return }
  task.forEachRow(index) { row, begin, end, low, high in
    drn_random_uniform(task.result + row * (task.pitch - task.columns), begin, end, -task.parameter, task.parameter, low, high)
  }
}

private let runNormal: StepTask = { pointer, index in
  guard let task = pointer?.assumingMemoryBound(to: RandomContext.self).pointee else { return }
  task.forEachRow(index) { row, begin, end, low, high in
    drn_random_normal(task.result + row * (task.pitch - task.columns), begin, end, 0, task.parameter, low, high)
  }
}

/// FNV-1a with 64 bits (Fowler, Noll and Vo) of the UTF-8 bytes of a stream's name.
private func streamHash(_ name: String) -> UInt64 {
  name.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}

extension KernelPreparation {
  /// Appends the steps of an op that draws random numbers.
  mutating func prepare(_ op: RandomOp, _ call: Call) throws(ExecutionError) {
    switch op {
    case .dropout: try prepareDropout(call)
    case .normal: try prepareRandom(call, runNormal, extent: "deviation")
    case .uniform: try prepareRandom(call, runUniform, extent: "limit")
    }
  }

  private mutating func prepareDropout(_ call: Call) throws(ExecutionError) {
    let rate = call.attributes.number("rate") ?? 0
    try appendRandom(call, runDropout, key: try call.operand(1), source: try call.operand(0), parameter: rate)
  }

  /// `random_normal` by its deviation, `random_uniform` by its limit.
  private mutating func prepareRandom(_ call: Call, _ task: StepTask, extent: String) throws(ExecutionError) {
    try appendRandom(call, task, key: try call.operand(0), source: nil, parameter: call.attributes.number(extent) ?? 0)
  }

  private mutating func appendRandom(
    _ call: Call, _ task: StepTask, key: Tensor, source: Tensor?, parameter: Double
  ) throws(ExecutionError) {
    let result = try call.result(0)
    let block = max(1, 8192 / max(result.columns, 1))
    let context = RandomContext(
      key: key.key, streamHash: streamHash(call.attributes.string("stream") ?? ""), parameter: Float(parameter),
      source: source.map { UnsafePointer($0.floats) }, sourcePitch: source?.pitch ?? 0, result: result.floats, pitch: result.pitch,
      rows: result.rows, columns: result.columns, block: block)
    append(task, context, count: blockCount(result.rows, block))
  }
}
