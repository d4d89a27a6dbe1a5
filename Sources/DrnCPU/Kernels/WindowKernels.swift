import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// Patches, pools and their gradients: one task for each image.
private struct WindowContext: BitwiseCopyable {
  enum Work {
    case patches, addPatches, maximum, maximumGradient
    case mean(includesPadding: Bool)
    case meanGradient(includesPadding: Bool)
  }
  let work: Work
  let windows: UnsafePointer<drn_windows>
  let outHeight: Int
  /// The image, and what has one entry for each window; of each one is read and the other written.
  let image: UnsafeMutablePointer<Float>
  let imageFloats: Int
  let result: UnsafeMutablePointer<Float>
  let resultFloats: Int
  let pitch: Int
  /// The gradient by the image, of a maximum.
  let gradient: UnsafeMutablePointer<Float>
}

private let runWindows: StepTask = { pointer, index in
  guard let context = pointer?.assumingMemoryBound(to: WindowContext.self).pointee else { return }
  let (windows, height) = (context.windows, context.outHeight)
  let image = context.image + index * context.imageFloats
  let result = context.result + index * context.resultFloats
  switch context.work {
  case .patches: drn_patches(windows, image, result, context.pitch, 0, height)
  case .addPatches:
    image.update(repeating: 0, count: context.imageFloats)
    drn_add_patches(windows, result, context.pitch, image, 0, height)
  case .maximum: drn_max_pool(windows, image, result, 0, height)
  case .maximumGradient: drn_max_pool_gradient(windows, image, result, context.gradient + index * context.imageFloats, height)
  case .mean(let includesPadding): drn_average_pool(windows, includesPadding ? 1 : 0, image, result, 0, height)
  case .meanGradient(let includesPadding): drn_average_pool_gradient(windows, includesPadding ? 1 : 0, result, image, height)
  }
}

extension KernelPreparation {
  /// Appends the steps of an op over windows of images.
  mutating func prepare(_ op: WindowOp, _ call: Call) throws(ExecutionError) {
    let (operand, result) = (try call.operand(0), try call.result(0))
    switch op {
    case .patches: try appendWindows(call, .patches, image: operand, result: result)
    case .patchesGradient: try appendWindows(call, .addPatches, image: result, result: operand)
    case .maxPool: try appendWindows(call, .maximum, image: operand, result: result)
    case .maxPoolGradient: try appendWindows(call, .maximumGradient, image: operand, result: try call.operand(1))
    case .averagePool: try appendWindows(call, .mean(includesPadding: includesPadding(call)), image: operand, result: result)
    case .averagePoolGradient:
      try appendWindows(call, .meanGradient(includesPadding: includesPadding(call)), image: result, result: operand)
    }
  }

  private func includesPadding(_ call: Call) -> Bool { call.attributes.boolean("include_padding") ?? false }

  private mutating func appendWindows(_ call: Call, _ work: WindowContext.Work, image: Tensor, result: Tensor) throws(ExecutionError) {
    let shape = image.extents
    guard shape.count == 4, let geometry = ConvolutionGeometry(call.attributes),
      let output = geometry.output(height: shape[1], width: shape[2]),
      let sizes = ConvolutionSizes(image: shape, result: [shape[0], output.height, output.width, shape[3]], call.attributes)
    else { throw call.unsupported("its shapes do not fit its attributes") }
    let context = WindowContext(
      work: work, windows: memory.store(sizes.windows(channels: sizes.channels)), outHeight: output.height, image: image.floats,
      imageFloats: sizes.imageFloats, result: result.floats, resultFloats: output.height * output.width * result.pitch, pitch: result.pitch,
      gradient: try call.result(0).floats)
    append(runWindows, context, count: sizes.batch)
  }
}
