import DrnIR
import DrnKernels
import DrnPlan

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A copy of a block between two memories, by extents and strides; a stride of 0 repeats an element.
private struct CopyContext: BitwiseCopyable {
  let rank: Int
  let extents: UnsafeMutablePointer<Int>
  let sourceStrides: UnsafeMutablePointer<Int>
  let destinationStrides: UnsafeMutablePointer<Int>
  let source: UnsafePointer<Float>
  let destination: UnsafeMutablePointer<Float>
  /// Entries of the first axis that one task copies.
  let block: Int
}

private let runCopy: StepTask = { pointer, index in
  guard let copy = pointer?.assumingMemoryBound(to: CopyContext.self).pointee else { return }
  let first = index * copy.block
  for outer in first..<min(first + copy.block, copy.extents[0]) {
    copySubarray(copy, 1, copy.source + outer * copy.sourceStrides[0], copy.destination + outer * copy.destinationStrides[0])
  }
}

/// Copies along the axes from `axis` on; recursion is as deep as the tensor has axes.
private func copySubarray(_ copy: CopyContext, _ axis: Int, _ source: UnsafePointer<Float>, _ destination: UnsafeMutablePointer<Float>) {
  guard axis < copy.rank else {
    destination.pointee = source.pointee
    return
  }
  let (from, to) = (copy.sourceStrides[axis], copy.destinationStrides[axis])
  if axis == copy.rank - 1, from == 1, to == 1 {
    destination.update(from: source, count: copy.extents[axis])
    return
  }
  for index in 0..<copy.extents[axis] { copySubarray(copy, axis + 1, source + index * from, destination + index * to) }
}

/// A copy of elements in row-major order between two pitched matrices of different shapes.
private struct ReshapeContext: BitwiseCopyable {
  let source: UnsafePointer<Float>
  let sourceColumns: Int
  let sourcePitch: Int
  let destination: UnsafeMutablePointer<Float>
  let columns: Int
  let pitch: Int
  let count: Int
  let block: Int
}

private let runReshape: StepTask = { pointer, index in
  guard let copy = pointer?.assumingMemoryBound(to: ReshapeContext.self).pointee else { return }
  var element = index * copy.block
  let end = min(element + copy.block, copy.count)
  while element < end {
    let (fromRow, fromColumn) = element.quotientAndRemainder(dividingBy: copy.sourceColumns)
    let (toRow, toColumn) = element.quotientAndRemainder(dividingBy: copy.columns)
    let run = min(copy.sourceColumns - fromColumn, copy.columns - toColumn, end - element)
    (copy.destination + (toRow * copy.pitch + toColumn)).update(from: copy.source + (fromRow * copy.sourcePitch + fromColumn), count: run)
    element += run
  }
}

private struct FillContext: BitwiseCopyable {
  let destination: UnsafeMutableRawPointer
  let bytes: Int
}

private let runZeroFill: StepTask = { pointer, _ in
  guard let fill = pointer?.assumingMemoryBound(to: FillContext.self).pointee else { return }
  memset(fill.destination, 0, fill.bytes)
}

private struct MoveContext: BitwiseCopyable {
  let source: UnsafeRawPointer
  let destination: UnsafeMutableRawPointer
  let bytes: Int
}

private let moveBlock = 1 << 18

private let runMove: StepTask = { pointer, index in
  guard let move = pointer?.assumingMemoryBound(to: MoveContext.self).pointee else { return }
  let start = index * moveBlock
  memcpy(move.destination + start, move.source + start, min(moveBlock, move.bytes - start))
}

extension KernelPreparation {
  /// Elements that one task copies, about.
  private static let copyBlock = 1 << 16

  mutating func appendMove(_ move: Move) {
    let context = MoveContext(source: arena.base + move.source, destination: arena.base + move.destination, bytes: move.bytes)
    append(runMove, context, count: blockCount(move.bytes, moveBlock))
  }

  mutating func appendZeroFill(_ tensor: Tensor) {
    append(runZeroFill, FillContext(destination: tensor.pointer, bytes: tensor.layout.bytes))
  }

  /// Appends a copy of a block of `extents` elements from and to the given offsets, in elements.
  mutating func appendCopy(
    extents: [Int], from source: UnsafePointer<Float>, strides sourceStrides: [Int], to destination: UnsafeMutablePointer<Float>,
    strides destinationStrides: [Int]
  ) {
    let extents = extents.isEmpty ? [1] : extents
    let inner = extents.dropFirst().reduce(1, *)
    guard inner > 0, let first = extents.first else { return }
    let block = max(1, Self.copyBlock / inner)
    let context = CopyContext(
      rank: extents.count, extents: memory.store(extents), sourceStrides: memory.store(sourceStrides.isEmpty ? [0] : sourceStrides),
      destinationStrides: memory.store(destinationStrides.isEmpty ? [0] : destinationStrides), source: source, destination: destination,
      block: block)
    append(runCopy, context, count: blockCount(first, block))
  }

  /// Appends a copy of all elements in row-major order; nothing where they already lie there.
  mutating func appendReshape(_ source: Tensor, to result: Tensor) {
    if source.pointer == result.pointer { return }
    let block = Self.copyBlock
    let context = ReshapeContext(
      source: source.floats, sourceColumns: source.layout.isTight ? source.layout.count : source.columns, sourcePitch: source.pitch,
      destination: result.floats, columns: result.layout.isTight ? result.layout.count : result.columns, pitch: result.pitch,
      count: result.layout.count, block: block)
    append(runReshape, context, count: blockCount(result.layout.count, block))
  }
}
