import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// The gradient of a strided convolution by its image: dp = dy W^T for some rows of windows, added to the pixels they come from.
private struct ScatteredGradientContext: BitwiseCopyable {
  let plan: ScatteredGradientPlan
  let windows: UnsafePointer<drn_windows>
  let dy: UnsafePointer<Float>
  let weights: UnsafePointer<Float>
  let weightPitch: Int
  let products: Place
  let workspaces: Workspaces.Handle
  let dx: UnsafeMutablePointer<Float>
}

private let runScatteredGradient: StepTask = { pointer, index in
  guard let context = pointer?.assumingMemoryBound(to: ScatteredGradientContext.self).pointee else { return }
  let sizes = context.plan.sizes
  let piece = context.workspaces.acquire()
  let product = context.products.take(piece)
  let image = index * context.plan.images
  let images = min(context.plan.images, sizes.batch - image)
  let dx = context.dx + image * sizes.imageFloats
  dx.update(repeating: 0, count: images * sizes.imageFloats)
  for first in stride(from: 0, to: sizes.outHeight, by: context.plan.rows) {
    for group in 0..<sizes.groups { scatter(context, image, images, first, group, product, dx) }
  }
  context.workspaces.release(piece)
}

private func scatter(
  _ context: ScatteredGradientContext, _ image: Int, _ images: Int, _ first: Int, _ group: Int, _ product: UnsafeMutablePointer<Float>,
  _ dx: UnsafeMutablePointer<Float>
) {
  let sizes = context.plan.sizes
  let (last, columns) = (min(first + context.plan.rows, sizes.outHeight), sizes.taps * sizes.channelsOfGroup)
  let dy = context.dy + (image * sizes.resultFloats + first * sizes.outWidth * sizes.outputs + group * sizes.outputsOfGroup)
  _ = drn_gemm(
    CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "T")), images * (last - first) * sizes.outWidth, columns, sizes.outputsOfGroup, 1, dy,
    max(sizes.outputs, 1), context.weights + group * sizes.outputsOfGroup, max(context.weightPitch, 1), 0, product, max(columns, 1))
  let step = (last - first) * sizes.outWidth * columns
  for place in 0..<images {
    drn_add_patches(
      context.windows, product + place * step, columns, dx + place * sizes.imageFloats + group * sizes.channelsOfGroup, first, last)
  }
}

extension ConvolutionSizes {
  /// The windows over one image, for so many of its channels.
  func windows(channels taken: Int) -> drn_windows {
    drn_windows(
      height: height, width: width, pixel_pitch: channels, channels: taken, out_width: outWidth, kernel_height: kernelHeight,
      kernel_width: kernelWidth, stride_y: strideY, stride_x: strideX, dilation_y: dilationY, dilation_x: dilationX, top: top, left: left)
  }
}

/// The gradient of a strided convolution of every channel by itself, by its image.
private struct DepthwiseGradientContext: BitwiseCopyable {
  let sizes: ConvolutionSizes
  let windows: UnsafePointer<drn_windows>
  let dy: UnsafePointer<Float>
  let weights: UnsafePointer<Float>
  let weightPitch: Int
  let dx: UnsafeMutablePointer<Float>
}

private let runDepthwiseGradient: StepTask = { pointer, image in
  guard let context = pointer?.assumingMemoryBound(to: DepthwiseGradientContext.self).pointee else { return }
  let sizes = context.sizes
  drn_depthwise_input_gradient(
    context.windows, sizes.outHeight, context.dy + image * sizes.resultFloats, context.weights, context.weightPitch,
    context.dx + image * sizes.imageFloats, 0, sizes.height)
}

extension KernelPreparation {
  mutating func appendDepthwiseGradient(_ call: Call, _ sizes: ConvolutionSizes) throws(ExecutionError) {
    let (weights, dx) = (try call.operand(1), try call.result(0))
    let context = DepthwiseGradientContext(
      sizes: sizes, windows: memory.store(sizes.windows(channels: sizes.channels)), dy: try call.operand(0).floats,
      weights: weights.floats, weightPitch: weights.pitch, dx: dx.floats)
    let pixels = sizes.height * sizes.width
    append(runDepthwiseGradient, context, writing: dx, rows: sizes.batch * pixels, block: max(pixels, 1))
  }

  mutating func appendScatteredGradient(_ call: Call, _ plan: ScatteredGradientPlan) throws(ExecutionError) {
    let weights = try call.operand(1)
    let context = ScatteredGradientContext(
      plan: plan, windows: memory.store(plan.sizes.windows(channels: plan.sizes.channelsOfGroup)), dy: try call.operand(0).floats,
      weights: weights.floats, weightPitch: weights.pitch,
      products: call.place(plan.workSpace(threads: workspaces.count).products), workspaces: workspaces.handle, dx: try call.result(0).floats
    )
    let pixels = plan.sizes.height * plan.sizes.width
    append(
      runScatteredGradient, context, writing: try call.result(0), rows: plan.sizes.batch * pixels,
      block: max(plan.images * pixels, 1))
  }
}
