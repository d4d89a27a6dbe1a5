import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// Some images of a convolution of many channels, or of its gradient by the weight: transform each, then multiply by blocks of outputs.
private struct WideContext: BitwiseCopyable {
  let wide: WideConvolution
  let plan: ConvolutionPlan
  let shape: UnsafePointer<drn_convolution>
  let images: ImagePadding
  /// The first image of this round, and how many there are.
  let first: Int
  let count: Int
  /// The transformed images of a round, and behind them what is transformed of the gradients of their results.
  let transformed: UnsafeMutablePointer<Float>
  /// The gradients of the results; the result itself of a convolution.
  let y: UnsafeMutablePointer<Float>
  /// The weights, or their gradient.
  let weights: UnsafeMutablePointer<Float>
  let weightPitch: Int
  let isReversed: Bool
  let work: Place
  let workspaces: Workspaces.Handle

  var tiles: Int { count * wide.sizes.tiles }
  /// The first result of the round.
  var results: UnsafeMutablePointer<Float> { y + first * wide.sizes.resultFloats }

  /// Transforms an image, whose number counts from the first of the round.
  func transform(_ image: Int) {
    let piece = workspaces.acquire()
    let padded = images.pad(first + image..<first + image + 1, in: piece)
    if wide.isTransformed {
      drn_winograd_inputs(shape, 1, padded, 0, image * wide.sizes.tiles, tiles, transformed)
    } else {
      drn_block_pixels(
        padded, wide.paddedPixels, plan.pixelPitch, wide.sizes.channels, image * wide.paddedPixels, count * wide.paddedPixels, transformed)
    }
    workspaces.release(piece)
  }
}

private let runInputs: StepTask = { pointer, image in
  pointer?.assumingMemoryBound(to: WideContext.self).pointee.transform(image)
}

private let runInputsAndUpstream: StepTask = { pointer, image in
  guard let context = pointer?.assumingMemoryBound(to: WideContext.self).pointee else { return }
  context.transform(image)
  let sizes = context.wide.sizes
  guard context.wide.isTransformed else {
    let pixels = sizes.outHeight * sizes.outWidth
    return drn_block_pixels(
      context.results + image * sizes.resultFloats, pixels, sizes.outputs, sizes.outputs, image * pixels, context.count * pixels,
      context.transformed + context.wide.imagesFloats)
  }
  drn_winograd_upstream(
    context.shape, 1, context.results + image * sizes.resultFloats, image * sizes.tiles, context.tiles,
    context.transformed + context.wide.imagesFloats)
}

private let runWideProducts: StepTask = { pointer, index in
  guard let context = pointer?.assumingMemoryBound(to: WideContext.self).pointee else { return }
  let blocks = context.wide.tileBlocks(of: context.count)
  let (output, tile) = (index / blocks * WideConvolution.outputsOfTask, index % blocks * WideConvolution.tilesOfTask)
  let piece = context.workspaces.acquire()
  drn_winograd_wide_convolve(
    context.shape, context.count, context.transformed, context.tiles, tile, min(tile + WideConvolution.tilesOfTask, context.tiles),
    context.weights, context.weightPitch, context.isReversed ? 1 : 0, output,
    min(WideConvolution.outputsOfTask, context.wide.sizes.outputs - output), context.results, context.work.take(piece))
  context.workspaces.release(piece)
}

private let runWideSums: StepTask = { pointer, index in
  guard let context = pointer?.assumingMemoryBound(to: WideContext.self).pointee else { return }
  let (sizes, blocks) = (context.wide.sizes, context.wide.channelBlocks)
  let (output, channel) = (index / blocks * WideConvolution.outputsOfTask, index % blocks * WideConvolution.channelsOfTask)
  guard context.wide.isTransformed else {
    return drn_convolution_weight_gradient_blocks(
      context.shape, context.count, context.transformed, context.wide.paddedPixels, context.transformed + context.wide.imagesFloats,
      context.first > 0 ? 1 : 0, channel, min(channel + WideConvolution.channelsOfTask, sizes.channels), output,
      min(WideConvolution.outputsOfTask, sizes.outputs - output), context.weights, context.weightPitch)
  }
  let piece = context.workspaces.acquire()
  drn_winograd_wide_weight_gradient(
    context.shape, context.transformed, context.transformed + context.wide.imagesFloats, context.tiles,
    context.first > 0 ? 1 : 0, channel, min(channel + WideConvolution.channelsOfTask, sizes.channels), output,
    min(WideConvolution.outputsOfTask, sizes.outputs - output), context.weights, context.weightPitch, context.work.take(piece))
  context.workspaces.release(piece)
}

extension KernelPreparation {
  mutating func appendWideConvolution(
    _ call: Call, _ plan: ConvolutionPlan, _ wide: WideConvolution, isReversed: Bool
  ) throws(ExecutionError) {
    let (weights, y) = (try call.operand(1), try call.result(0))
    let space = plan.workSpace(threads: workspaces.count, prologue: PrologueSpace(call.operation))
    let (images, shape) = (try padding(call, plan, space.images), memory.store(plan.shape))
    for round in 0..<wide.rounds {
      let context = WideContext(
        wide: wide, plan: plan, shape: shape, images: images, first: wide.images(of: round).lowerBound,
        count: wide.images(of: round).count,
        transformed: call.place(space.packed).floats, y: y.floats, weights: weights.floats, weightPitch: weights.pitch,
        isReversed: isReversed, work: call.place(space.images.transforms), workspaces: workspaces.handle)
      append(runInputs, context, count: context.count)
      append(runWideProducts, context, count: wide.outputBlocks * wide.tileBlocks(of: context.count))
    }
  }

  mutating func appendWideGradient(_ call: Call, _ plan: WeightGradientPlan, _ wide: WideConvolution) throws(ExecutionError) {
    let (dy, dw) = (try call.operand(1), try call.result(0))
    let space = plan.workSpace(threads: workspaces.count, prologue: PrologueSpace(call.operation))
    let (images, shape) = (try padding(call, plan.convolution, space.images), memory.store(plan.convolution.shape))
    for round in 0..<wide.rounds {
      let context = WideContext(
        wide: wide, plan: plan.convolution, shape: shape, images: images, first: wide.images(of: round).lowerBound,
        count: wide.images(of: round).count,
        transformed: call.place(space.sums).floats, y: dy.floats, weights: dw.floats, weightPitch: dw.pitch, isReversed: false,
        work: call.place(space.images.transforms), workspaces: workspaces.handle)
      append(runInputsAndUpstream, context, count: context.count)
      append(runWideSums, context, count: wide.outputBlocks * wide.channelBlocks)
    }
  }
}
