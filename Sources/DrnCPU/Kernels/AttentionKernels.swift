import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// Attention of every head of every sequence, or its gradient.
private struct AttentionContext: BitwiseCopyable {
  /// The first head of the first sequence, with all positions; the gradient also by queries, keys and values.
  let first: drn_attention
  let gradients: drn_attention_gradients
  let batch: Int
  let heads: Int
  let groups: Int
  let logarithmPitch: Int
  let lengths: UnsafePointer<Int32>?
  /// Positions of one task, and the tasks of a sequence's head.
  let chunk: Int
  let chunks: Int
  let work: Place
  let workspaces: Workspaces.Handle

  /// One head of one sequence, with the keys and values that go with it.
  func head(_ head: Int, of sequence: Int) -> drn_attention {
    var own = first
    let (row, column) = (sequence * first.padded_length, head * first.size)
    let keyColumn = head / (heads / groups) * first.size
    own.q = own.q.moved(row, column)
    own.y = own.y.moved(row, column)
    own.k = own.k.moved(row, keyColumn)
    own.v = own.v.moved(row, keyColumn)
    own.logarithms += (sequence * heads + head) * logarithmPitch
    if let lengths { own.length = max(0, min(own.padded_length, Int(lengths[sequence]))) }
    return own
  }

  /// The gradients of the heads from `head` on, which go with its keys and values.
  func gradients(_ head: Int, of sequence: Int, heads count: Int, parts: drn_attention_parts...) -> drn_attention_gradients {
    var own = gradients
    let (row, column) = (sequence * first.padded_length, head * first.size)
    let keyColumn = head / (heads / groups) * first.size
    own.dy = own.dy.moved(row, column)
    own.dq = own.dq.moved(row, column)
    own.dk = own.dk.moved(row, keyColumn)
    own.dv = own.dv.moved(row, keyColumn)
    (own.heads, own.logarithm_pitch) = (count, logarithmPitch)
    own.parts = parts.reduce(0) { $0 | Int32($1.rawValue) }
    return own
  }

  func positions(_ part: Int) -> Range<Int> { part * chunk..<min((part + 1) * chunk, first.padded_length) }
}

extension drn_positions {
  init(_ tensor: Tensor) { self.init(rows: tensor.floats, pitch: tensor.pitch) }
  func moved(_ row: Int, _ column: Int) -> drn_positions { drn_positions(rows: rows + row * pitch + column, pitch: pitch) }
}

private let runAttention: StepTask = { pointer, index in
  guard let context = pointer?.assumingMemoryBound(to: AttentionContext.self).pointee else { return }
  // The later chunks of a causal attention take longest and begin first.
  let (rest, part) = (index / context.chunks, context.chunks - 1 - index % context.chunks)
  var head = context.head(rest % context.heads, of: rest / context.heads)
  let queries = context.positions(part)
  let piece = context.workspaces.acquire()
  drn_attend(&head, queries.lowerBound, queries.upperBound, context.work.take(piece))
  context.workspaces.release(piece)
}

/// All gradients of the heads that share keys and values; where a sequence has several tasks, those by some of its keys and values.
private let runAttentionGradient: StepTask = { pointer, index in
  guard let context = pointer?.assumingMemoryBound(to: AttentionContext.self).pointee else { return }
  let (rest, part) = (index / context.chunks, index % context.chunks)
  let (sequence, shared) = (rest / context.groups, context.heads / context.groups)
  let first = rest % context.groups * shared
  var group = context.head(first, of: sequence)
  var gradients =
    context.chunks == 1
    ? context.gradients(first, of: sequence, heads: shared, parts: DRN_BY_QUERIES, DRN_BY_KEYS)
    : context.gradients(first, of: sequence, heads: shared, parts: DRN_BY_KEYS)
  let keys = context.positions(part)
  let piece = context.workspaces.acquire()
  drn_attend_gradient(
    &group, &gradients, 0, context.first.padded_length, keys.lowerBound, keys.upperBound, context.work.take(piece))
  context.workspaces.release(piece)
}

/// The gradients by some of the queries of one head.
private let runAttentionGradientByQueries: StepTask = { pointer, index in
  guard let context = pointer?.assumingMemoryBound(to: AttentionContext.self).pointee else { return }
  let (rest, part) = (index / context.chunks, context.chunks - 1 - index % context.chunks)
  let (sequence, number) = (rest / context.heads, rest % context.heads)
  var head = context.head(number, of: sequence)
  var gradients = context.gradients(number, of: sequence, heads: 1, parts: DRN_BY_QUERIES)
  let queries = context.positions(part)
  let piece = context.workspaces.acquire()
  drn_attend_gradient(
    &head, &gradients, queries.lowerBound, queries.upperBound, 0, context.first.padded_length, context.work.take(piece))
  context.workspaces.release(piece)
}

extension KernelPreparation {
  /// Appends the steps of attention, of its gradient, or of attention by caches.
  mutating func prepare(_ op: AttendOp, _ call: Call) throws(ExecutionError) {
    if let shape = CachedAttentionShape(call.operation, function) { return try prepareCached(shape, call) }
    guard let plan = AttentionPlan(call.operation, function) else { throw call.unsupported("its extents are not known") }
    let shape = plan.shape
    guard shape.batch > 0 else { return }
    let context = try context(op, call, plan)
    guard op == .gradient else { return append(runAttention, context, count: shape.batch * shape.heads * plan.chunks) }
    append(runAttentionGradient, context, count: shape.batch * shape.groups * plan.chunks)
    if plan.steps > 1 { append(runAttentionGradientByQueries, context, count: shape.batch * shape.heads * plan.chunks) }
  }

  private func context(_ op: AttendOp, _ call: Call, _ plan: AttentionPlan) throws(ExecutionError) -> AttentionContext {
    let shape = plan.shape
    let (queries, isForward) = (op.queries, op == .forward)
    let logarithms = try isForward ? call.result(1) : call.operand(5)
    let lengths = try op.lengths.flatMap { place throws(ExecutionError) in call.operands.count > place ? try call.operand(place) : nil }
    let first = drn_attention(
      length: shape.length, padded_length: shape.length, size: shape.size, causal: shape.isCausal ? 1 : 0,
      scale: Float(call.attributes.number("scale") ?? 1),
      rotation: shape.rotary > 0 ? UnsafePointer(memory.rotation(length: shape.length, size: shape.size, base: shape.rotary)) : nil,
      q: drn_positions(try call.operand(queries)), k: drn_positions(try call.operand(queries + 1)),
      v: drn_positions(try call.operand(queries + 2)), y: drn_positions(try isForward ? call.result(0) : call.operand(4)),
      logarithms: logarithms.floats)
    var gradients = drn_attention_gradients()
    if !isForward {
      gradients.dy = drn_positions(try call.operand(0))
      gradients.dq = drn_positions(try call.result(0))
      gradients.dk = drn_positions(try call.result(1))
      gradients.dv = drn_positions(try call.result(2))
    }
    return AttentionContext(
      first: first, gradients: gradients, batch: shape.batch, heads: shape.heads, groups: shape.groups, logarithmPitch: logarithms.pitch,
      lengths: lengths.map { UnsafePointer($0.labels) }, chunk: plan.chunk, chunks: plan.chunks,
      work: call.place(stepWorkSpace(call.operation, function, threads: workspaces.count).first), workspaces: workspaces.handle)
  }
}
