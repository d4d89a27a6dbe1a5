import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// A convolution of some images at a time: pack the weights, then pad and convolve them.
private struct ConvolutionContext: BitwiseCopyable {
  let plan: ConvolutionPlan
  let shape: UnsafePointer<drn_convolution>
  let images: ImagePadding
  let weights: UnsafePointer<Float>
  let weightPitch: Int
  /// Weights of the gradient by the image: the window turned around, channels and outputs exchanged.
  let isReversed: Bool
  let packed: UnsafeMutablePointer<Float>
  let transforms: Place
  let workspaces: Workspaces.Handle
  let y: UnsafeMutablePointer<Float>
  let threads: Int

  /// Whether the result goes past the caches; not a gradient by the image, which is read next and then found there.
  var streams: Bool { !isReversed && plan.sizes.batch * plan.sizes.resultFloats >= streamedFloats }

  /// The weights of a group, whose outputs lie side by side in the matrix.
  func weights(of group: Int) -> UnsafePointer<Float> {
    weights + group * (isReversed ? plan.sizes.channelsOfGroup : plan.sizes.outputsOfGroup)
  }
}

/// Floats of a result from which on writing it past the caches is faster, as measured: twice the L2 cache of two cores.
private let streamedFloats = 1 << 20

/// Rows of transformed weights of one task.
private let winogradRows = 8

private let runPacking: StepTask = { pointer, group in
  guard let context = pointer?.assumingMemoryBound(to: ConvolutionContext.self).pointee else { return }
  let sizes = context.plan.sizes
  let weights = context.weights(of: group)
  let packed = context.packed + group * context.plan.packedFloatsOfGroup
  let pack =
    context.plan.method == .direct
    ? (context.isReversed ? drn_pack_reversed_weights : drn_pack_weights)
    : (context.isReversed ? drn_pack_reversed_thin_weights : drn_pack_thin_weights)
  let (channels, outputs) = (sizes.channelsOfGroup, sizes.outputsOfGroup)
  pack(weights, context.weightPitch, sizes.taps, context.isReversed ? outputs : channels, context.isReversed ? channels : outputs, packed)
}

private let runTransform: StepTask = { pointer, index in
  guard let context = pointer?.assumingMemoryBound(to: ConvolutionContext.self).pointee else { return }
  let (sizes, first) = (context.plan.sizes, index * winogradRows)
  let last = min(first + winogradRows, sizes.channels)
  drn_winograd_weights(
    context.weights, context.weightPitch, context.isReversed ? sizes.outputs : sizes.channels,
    context.isReversed ? sizes.channels : sizes.outputs, context.isReversed ? 1 : 0, context.packed, first, last)
}

private let runConvolution: StepTask = { pointer, index in
  guard let context = pointer?.assumingMemoryBound(to: ConvolutionContext.self).pointee else { return }
  let (plan, sizes) = (context.plan, context.plan.sizes)
  let images = context.images.range(from: index * plan.images)
  let piece = context.workspaces.acquire()
  let padded = context.images.pad(images, in: piece)
  let y = context.y + images.lowerBound * sizes.resultFloats
  switch plan.method {
  case .direct:
    for group in 0..<sizes.groups {
      let packed = context.packed + group * plan.packedFloatsOfGroup
      let output = y + group * sizes.outputsOfGroup
      drn_convolve(context.shape, padded + group * sizes.channelsOfGroup, packed, output, 0, sizes.outHeight)
    }
  case .thin: drn_convolve_thin(context.shape, padded, context.packed, y, 0, sizes.outHeight)
  case .depthwise:
    let first = context.isReversed ? context.weights + (sizes.taps - 1) * context.weightPitch : context.weights
    let step = context.isReversed ? -context.weightPitch : context.weightPitch
    drn_convolve_depthwise(context.shape, padded, first, step, y, 0, sizes.outHeight)
  case .winograd:
    // The threads take tasks in turns.
    let next = context.images.ahead(context.images.range(from: (index + context.threads) * plan.images))
    drn_winograd_convolve(
      context.shape, images.count, padded, plan.paddedFloats, context.packed, next, context.streams ? 1 : 0, y,
      context.transforms.take(piece))
  case .wide, .blocks: break
  }
  context.workspaces.release(piece)
}

extension ConvolutionPlan {
  /// The sizes of one group as the kernels take them; of all groups where the kernel takes them together.
  var shape: drn_convolution {
    let isWhole = method == .depthwise
    return drn_convolution(
      padded_width: paddedWidth, pixel_pitch: pixelPitch, channels: isWhole ? sizes.channels : sizes.channelsOfGroup,
      out_height: sizes.outHeight, out_width: sizes.outWidth, outputs: isWhole ? sizes.outputs : sizes.outputsOfGroup,
      out_pitch: sizes.outputs, kernel_height: sizes.kernelHeight,
      kernel_width: sizes.kernelWidth, stride_y: sizes.strideY, stride_x: sizes.strideX, dilation_y: sizes.dilationY,
      dilation_x: sizes.dilationX)
  }
}

extension KernelPreparation {
  /// Appends the steps of a convolution or of a gradient of one.
  mutating func prepare(_ op: ConvolveOp, _ call: Call) throws(ExecutionError) {
    switch op {
    case .forward: try prepareConvolution(call)
    case .inputGradient: try prepareConvolutionInputGradient(call)
    case .weightGradient: try prepareConvolutionWeightGradient(call)
    }
  }

  mutating func prepareConvolution(_ call: Call) throws(ExecutionError) {
    try appendConvolution(call, ConvolutionPlan(try sizes(call)), isReversed: false)
  }

  mutating func prepareConvolutionInputGradient(_ call: Call) throws(ExecutionError) {
    let sizes = try sizes(call)
    switch InputGradientMethod(sizes) {
    case .convolution(let plan): try appendConvolution(call, plan, isReversed: true)
    case .depthwise: try appendDepthwiseGradient(call, sizes)
    case .scattered(let plan): try appendScatteredGradient(call, plan)
    }
  }

  private mutating func appendConvolution(_ call: Call, _ plan: ConvolutionPlan, isReversed: Bool) throws(ExecutionError) {
    if let wide = plan.wide { return try appendWideConvolution(call, plan, wide, isReversed: isReversed) }
    let (weights, y) = (try call.operand(1), try call.result(0))
    let space = plan.workSpace(threads: workspaces.count, prologue: PrologueSpace(call.operation))
    let images = try padding(call, plan, space.images)
    let context = ConvolutionContext(
      plan: plan, shape: memory.store(plan.shape), images: images, weights: weights.floats, weightPitch: weights.pitch,
      isReversed: isReversed, packed: call.place(space.packed).floats, transforms: call.place(space.images.transforms),
      workspaces: workspaces.handle, y: y.floats, threads: workspaces.count)
    switch plan.method {
    case .winograd: append(runTransform, context, count: blockCount(plan.sizes.channels, winogradRows))
    case .direct, .thin: append(runPacking, context, count: plan.sizes.groups)
    case .depthwise, .wide, .blocks: break
    }
    let pixels = plan.sizes.outHeight * plan.sizes.outWidth
    append(runConvolution, context, writing: y, rows: plan.sizes.batch * pixels, block: max(plan.images * pixels, 1))
  }

  /// The sizes of a convolution or of one of its gradients.
  func sizes(_ call: Call) throws(ExecutionError) -> ConvolutionSizes {
    guard let sizes = ConvolutionSizes(call.operation, function) else { throw call.unsupported("its shapes do not fit its attributes") }
    return sizes
  }
}
