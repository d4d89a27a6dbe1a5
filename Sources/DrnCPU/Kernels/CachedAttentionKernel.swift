import CKernels
import DrnIR
import DrnKernels

/// Attention of further positions of a sequence, by heads of keys and values.
private struct CachedAttentionContext: BitwiseCopyable {
  /// The first head.
  let first: drn_cached_attention
  /// The caches as they were, where they are not those that are written.
  let oldKeys: drn_positions?
  let oldValues: drn_positions?
  let work: Place
  let workspaces: Workspaces.Handle

  func group(_ index: Int) -> drn_cached_attention {
    var own = first
    let (column, queryColumn) = (index * first.size, index * first.heads * first.size)
    (own.q, own.y) = (own.q.moved(0, queryColumn), own.y.moved(0, queryColumn))
    (own.k, own.v) = (own.k.moved(0, column), own.v.moved(0, column))
    (own.keys, own.values) = (own.keys.moved(column, 0), own.values.moved(0, column))
    return own
  }
}

private func copyRows(_ count: Int, _ columns: Int, from: drn_positions, to: drn_positions) {
  for row in 0..<count { (to.rows + row * to.pitch).update(from: from.rows + row * from.pitch, count: columns) }
}

private let runCachedAttention: StepTask = { pointer, index in
  guard let context = pointer?.assumingMemoryBound(to: CachedAttentionContext.self).pointee else { return }
  var group = context.group(index)
  let column = index * group.size
  if let old = context.oldKeys { copyRows(group.size, group.length, from: old.moved(column, 0), to: group.keys) }
  if let old = context.oldValues { copyRows(group.length, group.size, from: old.moved(0, column), to: group.values) }
  let piece = context.workspaces.acquire()
  drn_attend_cached(&group, context.work.take(piece))
  context.workspaces.release(piece)
}

extension KernelPreparation {
  /// Appends the step of attention by caches.
  mutating func prepareCached(_ shape: CachedAttentionShape, _ call: Call) throws(ExecutionError) {
    let (keys, values) = (try call.operand(3), try call.operand(4))
    let (newKeys, newValues) = (try call.result(1), try call.result(2))
    let first = drn_cached_attention(
      positions: UnsafePointer(try call.operand(5).labels), count: shape.count, length: shape.length, size: shape.size,
      heads: shape.heads / shape.groups,
      scale: Float(call.attributes.number("scale") ?? 1),
      rotation: shape.rotary > 0 ? UnsafePointer(memory.rotation(length: shape.length, size: shape.size, base: shape.rotary)) : nil,
      q: drn_positions(try call.operand(0)), k: drn_positions(try call.operand(1)), v: drn_positions(try call.operand(2)),
      y: drn_positions(try call.result(0)), keys: drn_positions(newKeys), values: drn_positions(newValues))
    append(
      runCachedAttention,
      CachedAttentionContext(
        first: first,
        oldKeys: keys.pointer == newKeys.pointer ? nil : drn_positions(keys),
        oldValues: values.pointer == newValues.pointer ? nil : drn_positions(values),
        work: call.place(stepWorkSpace(call.operation, function, threads: workspaces.count).first), workspaces: workspaces.handle),
      count: shape.groups)
  }
}
