import CKernels
import DrnIR
import DrnKernels
import DrnPlan

/// Where a convolution gets its padded images from: copies of the images, or what its prologue gives for their elements.
struct ImagePadding: BitwiseCopyable {
  let plan: ConvolutionPlan
  let x: UnsafePointer<Float>
  /// A map over rows of pixels, whose output is set for each image.
  let prologue: MapKernel?
  let padded: Place
  /// An image without gaps between its pixels, where the padded one has them.
  let unpadded: Place

  /// Writes the padded image of that number, in the gap-free `pixels` first where a prologue's padded image has gaps.
  private func pad(_ image: Int, into padded: UnsafeMutablePointer<Float>, by pixels: UnsafeMutablePointer<Float>) {
    let sizes = plan.sizes
    guard let prologue else { return copy(x + image * sizes.imageFloats, into: padded) }
    if plan.pixelPitch != sizes.channels {
      apply(prologue, image, to: pixels, width: sizes.width, rows: 0..<sizes.height, columns: 0..<sizes.width)
      return copy(pixels, into: padded)
    }
    drn_pad_border(
      sizes.height, sizes.width, sizes.top, sizes.left, plan.paddedHeight, plan.paddedWidth, plan.pixelPitch, padded)
    let rows = max(0, -sizes.top)..<max(0, -sizes.top, min(sizes.height, plan.paddedHeight - sizes.top))
    let columns = max(0, -sizes.left)..<max(0, -sizes.left, min(sizes.width, plan.paddedWidth - sizes.left))
    let first = padded + (sizes.top * plan.paddedWidth + sizes.left) * sizes.channels
    apply(prologue, image, to: first, width: plan.paddedWidth, rows: rows, columns: columns)
  }

  /// The padded images of those numbers one behind the other, in the piece of a task.
  func pad(_ images: Range<Int>, in piece: Int) -> UnsafeMutablePointer<Float> {
    let (first, pixels) = (padded.take(piece), unpadded.take(piece))
    for image in images { pad(image, into: first + (image - images.lowerBound) * plan.paddedFloats, by: pixels) }
    return first
  }

  /// The images that are taken together from that number on; none behind the last.
  func range(from first: Int) -> Range<Int> { first..<max(first, min(first + plan.images, plan.sizes.batch)) }

  /// Images, to be fetched while others are worked on.
  func ahead(_ images: Range<Int>) -> drn_ahead {
    drn_ahead(from: x + images.lowerBound * plan.sizes.imageFloats, floats: images.count * plan.sizes.imageFloats)
  }

  /// Maps these pixels of an image to an image of rows of `width` pixels, whose pixel (0, 0) is at `result`.
  private func apply(
    _ prologue: MapKernel, _ image: Int, to result: UnsafeMutablePointer<Float>, width: Int, rows: Range<Int>, columns: Range<Int>
  ) {
    let (sizes, pitch) = (plan.sizes, width * plan.sizes.channels)
    let before = image * sizes.height
    // The map sees all images as one matrix, with a row for each row of pixels.
    var output = drn_map_output(pointer: result - before * pitch, pitch: pitch, is_half: 0)
    drn_map_run(
      prologue.program, prologue.inputs, &output, before + rows.lowerBound, before + rows.upperBound, columns.lowerBound * sizes.channels,
      columns.upperBound * sizes.channels)
  }

  private func copy(_ image: UnsafePointer<Float>, into padded: UnsafeMutablePointer<Float>) {
    let sizes = plan.sizes
    drn_pad_image(
      image, sizes.height, sizes.width, sizes.channels, sizes.channels, sizes.top, sizes.left, plan.paddedHeight, plan.paddedWidth,
      plan.pixelPitch, padded)
  }
}

extension KernelPreparation {
  /// What pads the images of a convolution or of its gradient by the weight.
  mutating func padding(_ call: Call, _ plan: ConvolutionPlan, _ space: ImagesSpace) throws(ExecutionError) -> ImagePadding {
    let x = try call.operand(0)
    let (padded, unpadded) = (call.place(space.padded), call.place(space.unpadded))
    guard let name = call.attributes.function("prologue") else {
      return ImagePadding(plan: plan, x: x.floats, prologue: nil, padded: padded, unpadded: unpadded)
    }
    guard let body = module.function(name) else { throw call.unsupported("its prologue is missing") }
    let extras = Array(call.operands.dropFirst(2))
    let operands = [(x, OperandKind.full)] + zip(extras, try kinds(call, count: extras.count))
    let kernel = try mapKernel(body, operands, [x])
    let width = plan.sizes.width * plan.sizes.channels
    repeatRows(of: kernel, operands, width: width, space: call.place(space.rows))
    return ImagePadding(plan: plan, x: x.floats, prologue: kernel, padded: padded, unpadded: unpadded)
  }
}
