import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// The gradient of a convolution by its weight: every task sums a block of images, then the blocks are added in order.
private struct WeightGradientContext: BitwiseCopyable {
  let plan: WeightGradientPlan
  let shape: UnsafePointer<drn_convolution>
  let images: ImagePadding
  let dy: UnsafePointer<Float>
  /// The sums of each block.
  let sums: UnsafeMutablePointer<Float>
  let transforms: Place
  let workspaces: Workspaces.Handle
  let dw: UnsafeMutablePointer<Float>
  let pitch: Int
}

private let runWeightGradient: StepTask = { pointer, index in
  guard let context = pointer?.assumingMemoryBound(to: WeightGradientContext.self).pointee else { return }
  let (plan, sizes) = (context.plan, context.plan.sizes)
  let sums = context.sums + index * plan.sumFloats
  sums.update(repeating: 0, count: plan.sumFloats)
  let piece = context.workspaces.acquire()
  let transforms = context.transforms.take(piece)
  let (first, last) = (index * sizes.batch / plan.blocks, (index + 1) * sizes.batch / plan.blocks)
  for start in stride(from: first, to: last, by: plan.convolution.images) {
    let images = start..<min(start + plan.convolution.images, last)
    addGradient(context, context.images.pad(images, in: piece), images, sums, transforms)
  }
  context.workspaces.release(piece)
}

private func addGradient(
  _ context: WeightGradientContext, _ padded: UnsafePointer<Float>, _ images: Range<Int>, _ sums: UnsafeMutablePointer<Float>,
  _ transforms: UnsafeMutablePointer<Float>
) {
  let (plan, sizes) = (context.plan, context.plan.sizes)
  let dy = context.dy + images.lowerBound * sizes.resultFloats
  switch plan.convolution.method {
  case .direct:
    for group in 0..<sizes.groups {
      drn_convolution_weight_gradient(
        context.shape, padded + group * sizes.channelsOfGroup, dy + group * sizes.outputsOfGroup, sums + group * plan.sumFloatsOfGroup)
    }
  case .thin: drn_convolution_weight_gradient_thin(context.shape, padded, dy, sums)
  case .depthwise: drn_convolution_weight_gradient_depthwise(context.shape, padded, dy, sums)
  case .winograd:
    let next = context.images.range(from: images.upperBound)
    let upstream = drn_ahead(from: dy + images.count * sizes.resultFloats, floats: next.count * sizes.resultFloats)
    drn_winograd_weight_gradient(
      context.shape, images.count, padded, plan.convolution.paddedFloats, dy, context.images.ahead(next), upstream, sums,
      transforms)
  case .wide, .blocks: break
  }
}

/// Channels of one task that adds the blocks.
private let addedChannels = 4

private let addBlocks: StepTask = { pointer, index in
  guard let context = pointer?.assumingMemoryBound(to: WeightGradientContext.self).pointee else { return }
  let (plan, sizes) = (context.plan, context.plan.sizes)
  let first = index * addedChannels
  let last = min(first + addedChannels, sizes.channelsOfGroup)
  if plan.convolution.method == .winograd {
    return drn_winograd_finish_gradient(context.sums, plan.blocks, sizes.channels, sizes.outputs, context.dw, context.pitch, first, last)
  }
  for tap in 0..<sizes.taps { for channel in first..<last { addRow(context, tap, channel) } }
}

/// One row of the weight: that of a tap and a channel of every group.
private func addRow(_ context: WeightGradientContext, _ tap: Int, _ channel: Int) {
  let (plan, sizes) = (context.plan, context.plan.sizes)
  if plan.convolution.method == .depthwise { return addDepthwiseRow(context, tap) }
  let isThin = plan.convolution.method == .thin
  let (outputs, width) = (sizes.outputsOfGroup, roundedToBlock(sizes.outputsOfGroup))
  let channelWidth = roundedToBlock(sizes.channels)
  let step = isThin ? channelWidth : 1
  let start = isThin ? tap * outputs * channelWidth + channel : (tap * sizes.channelsOfGroup + channel) * width
  let row = context.dw + (tap * sizes.channelsOfGroup + channel) * context.pitch
  let (groupFloats, blockFloats) = (plan.sumFloatsOfGroup, plan.sumFloats)
  for group in 0..<sizes.groups {
    for output in 0..<outputs {
      let source = context.sums + (group * groupFloats + start + output * step)
      var total: Float = 0
      for block in 0..<plan.blocks { total += source[block * blockFloats] }
      row[group * outputs + output] = total
    }
  }
}

private func addDepthwiseRow(_ context: WeightGradientContext, _ tap: Int) {
  let plan = context.plan
  let blockFloats = plan.sumFloats
  let width = blockFloats / plan.sizes.taps
  for channel in 0..<plan.sizes.channels {
    var total: Float = 0
    for block in 0..<plan.blocks { total += context.sums[block * blockFloats + tap * width + channel] }
    context.dw[tap * context.pitch + channel] = total
  }
}

extension KernelPreparation {
  mutating func prepareConvolutionWeightGradient(_ call: Call) throws(ExecutionError) {
    let plan = WeightGradientPlan(try sizes(call))
    if let wide = plan.convolution.wide { return try appendWideGradient(call, plan, wide) }
    let result = try call.result(0)
    let space = plan.workSpace(threads: workspaces.count, prologue: PrologueSpace(call.operation))
    let images = try padding(call, plan.convolution, space.images)
    let context = WeightGradientContext(
      plan: plan, shape: memory.store(plan.convolution.shape), images: images, dy: try call.operand(1).floats,
      sums: call.place(space.sums).floats, transforms: call.place(space.images.transforms), workspaces: workspaces.handle,
      dw: result.floats, pitch: result.pitch)
    append(runWeightGradient, context, count: plan.blocks)
    append(addBlocks, context, count: blockCount(plan.sizes.channelsOfGroup, addedChannels))
  }
}
