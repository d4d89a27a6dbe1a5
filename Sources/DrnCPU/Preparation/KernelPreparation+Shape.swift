import DrnIR
import DrnKernels

/// Ops that move elements and compute nothing.
extension KernelPreparation {
  /// Appends the steps of an op that moves elements.
  mutating func prepare(_ op: MoveOp, _ call: Call) throws(ExecutionError) {
    switch op {
    case .broadcast: try prepareBroadcast(call)
    case .transpose: try prepareTranspose(call)
    case .slice: try prepareSlice(call)
    case .pad: try preparePad(call)
    case .concatenate: try prepareConcatenate(call)
    case .diagonal: try prepareDiagonal(call)
    case .channelsLast: try prepareChannelsLast(call)
    case .channelsFirst: try prepareChannelsFirst(call)
    }
  }

  mutating func prepareReshape(_ call: Call) throws(ExecutionError) {
    appendReshape(try call.operand(0), to: try call.result(0))
  }

  mutating func prepareBroadcast(_ call: Call) throws(ExecutionError) {
    let (source, result) = (try call.operand(0), try call.result(0))
    let axes = call.attributes.integers("axes") ?? []
    let rank = result.extents.count
    if axes.isEmpty { return try appendSpread(source, .scalar, to: result) }
    if axes == [rank - 1] { return try appendSpread(source, .row, to: result) }
    if rank == 2, axes == [0] { return try appendSpread(source, .column, to: result) }
    var strides = Array(repeating: 0, count: rank)
    for (axis, stride) in zip(axes, source.strides) where strides.indices.contains(axis) { strides[axis] = stride }
    appendCopy(extents: result.extents, from: source.floats, strides: strides, to: result.floats, strides: result.strides)
  }

  /// Labels pass as floats here: they have the same size, and a copy keeps the bits.
  mutating func prepareSlice(_ call: Call) throws(ExecutionError) {
    let (source, result) = (try call.operand(0), try call.result(0))
    let start = try offset(call, in: source)
    appendCopy(extents: result.extents, from: source.floats + start, strides: source.strides, to: result.floats, strides: result.strides)
  }

  mutating func preparePad(_ call: Call) throws(ExecutionError) {
    let (source, result) = (try call.operand(0), try call.result(0))
    let start = try offset(call, in: result)
    appendZeroFill(result)
    appendCopy(extents: source.extents, from: source.floats, strides: source.strides, to: result.floats + start, strides: result.strides)
  }

  mutating func prepareConcatenate(_ call: Call) throws(ExecutionError) {
    let result = try call.result(0)
    let axis = call.attributes.integer("axis") ?? 0
    guard result.strides.indices.contains(axis) else { throw call.unsupported("its axis is out of range") }
    var start = 0
    for operand in call.operands {
      appendCopy(
        extents: operand.extents, from: operand.floats, strides: operand.strides, to: result.floats + start * result.strides[axis],
        strides: result.strides)
      start += operand.extents[axis]
    }
  }

  mutating func prepareDiagonal(_ call: Call) throws(ExecutionError) {
    let (source, result) = (try call.operand(0), try call.result(0))
    appendZeroFill(result)
    appendCopy(extents: source.extents, from: source.floats, strides: [1], to: result.floats, strides: [result.pitch + 1])
  }

  /// The element at the attribute `starts`.
  private func offset(_ call: Call, in tensor: Tensor) throws(ExecutionError) -> Int {
    let starts = (call.attributes.dimensions("starts") ?? []).compactMap(\.value)
    guard starts.count == tensor.strides.count else { throw call.unsupported("attribute starts does not fit") }
    return zip(starts, tensor.strides).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
