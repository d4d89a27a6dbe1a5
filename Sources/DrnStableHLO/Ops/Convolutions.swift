import DrnIR

/// Convolutions of channels-last images; weights keep drnc's matrix, of which the operation sees another shape.
extension HLOBuilder {
  mutating func translate(_ op: ConvolveOp, _ given: OperationTranslation) throws(TranslationError) -> HLOValue {
    let groups = given.attributes.integer("groups") ?? 1
    let (first, second) = (given.operands[0], given.operands[1])
    switch op {
    case .forward:
      let move = try WindowMove(given, image: first.shape)
      let (kernel, padding) = (move.geometry.kernel, move.geometry.padding)
      let weight = reshape(second, [kernel.height, kernel.width, move.image[3] / groups, second.shape[1]])
      return convolution(
        first, weight, "[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]",
        HLOWindow(
          stride: move.geometry.stride, rows: (padding.top, padding.bottom), columns: (padding.left, padding.right),
          kernelDilation: move.geometry.dilation), featureGroups: groups, given.shape)
    case .inputGradient: return inputGradient(first, second, groups, try WindowMove(given, image: given.shape))
    case .weightGradient: return weightGradient(first, second, groups, try WindowMove(given, image: first.shape), given.shape)
    }
  }

  /// A convolution of the gradient, spread out by the stride, with the kernel turned about; each group's channels are its outputs.
  private mutating func inputGradient(_ dy: HLOValue, _ weight: HLOValue, _ groups: Int, _ move: WindowMove) -> HLOValue {
    let (kernel, stride, dilation) = (move.geometry.kernel, move.geometry.stride, move.geometry.dilation)
    let (channels, outputs) = (move.image[3], weight.shape[1])
    var turned = reshape(weight, [kernel.height, kernel.width, channels / groups, outputs])
    if groups > 1 {
      // A group reads its own outputs and gives its own channels, so that channels stand with their group where the operation has outputs.
      let apart = reshape(turned, [kernel.height, kernel.width, channels / groups, groups, outputs / groups])
      turned = reshape(transpose(apart, [0, 1, 3, 2, 4]), [kernel.height, kernel.width, channels, outputs / groups])
    }
    let reversed = emit("stablehlo.reverse \(turned.name), dims = [0, 1] : \(turned.type.text)", turned.type)
    func padding(_ kernel: Int, _ dilation: Int, _ stride: Int, _ before: Int, _ windows: Int, _ extent: Int) -> (Int, Int) {
      let low = (kernel - 1) * dilation - before
      return (low, extent - ((windows - 1) * stride + 1) - low + (kernel - 1) * dilation)
    }
    return convolution(
      dy, reversed, "[b, 0, 1, f]x[0, 1, o, i]->[b, 0, 1, f]",
      HLOWindow(
        stride: Extent2(1),
        rows: padding(kernel.height, dilation.height, stride.height, move.geometry.padding.top, move.windows.height, move.image[1]),
        columns: padding(kernel.width, dilation.width, stride.width, move.geometry.padding.left, move.windows.width, move.image[2]),
        imageDilation: stride, kernelDilation: dilation), featureGroups: groups, move.image)
  }

  /// A convolution of the image with the gradient, examples being what is summed over.
  private mutating func weightGradient(
    _ x: HLOValue, _ dy: HLOValue, _ groups: Int, _ move: WindowMove, _ shape: [Int]
  ) -> HLOValue {
    let (kernel, stride, dilation) = (move.geometry.kernel, move.geometry.stride, move.geometry.dilation)
    func padding(_ kernel: Int, _ dilation: Int, _ stride: Int, _ before: Int, _ windows: Int, _ extent: Int) -> (Int, Int) {
      (before, (kernel - 1) * dilation + (windows - 1) * stride + 1 - extent - before)
    }
    let weight = convolution(
      x, dy, "[f, 0, 1, b]x[i, 0, 1, o]->[0, 1, b, f]",
      HLOWindow(
        stride: dilation,
        rows: padding(kernel.height, dilation.height, stride.height, move.geometry.padding.top, move.windows.height, move.image[1]),
        columns: padding(kernel.width, dilation.width, stride.width, move.geometry.padding.left, move.windows.width, move.image[2]),
        kernelDilation: stride), batchGroups: groups, [kernel.height, kernel.width, move.image[3] / groups, dy.shape[3]])
    return reshape(weight, shape)
  }

  private mutating func convolution(
    _ image: HLOValue, _ kernel: HLOValue, _ axes: String, _ window: HLOWindow, featureGroups: Int = 1, batchGroups: Int = 1,
    _ shape: [Int]
  ) -> HLOValue {
    let type = HLOType(.f32, shape)
    return emit(
      "stablehlo.convolution(\(image.name), \(kernel.name)) dim_numbers = \(axes), window = {\(window.text)} "
        + "{batch_group_count = \(batchGroups) : i64, feature_group_count = \(featureGroups) : i64, precision_config = "
        + "[#stablehlo<precision \(Self.precision)>, #stablehlo<precision \(Self.precision)>]} : "
        + "(\(image.type.text), \(kernel.type.text)) -> \(type.text)", type)
  }
}

/// How the kernel of a convolution of StableHLO moves.
private struct HLOWindow {
  let stride: Extent2
  /// Zeros before and after the rows, and the columns; negative ones take away.
  let rows: (Int, Int)
  let columns: (Int, Int)
  /// Elements from one of the image to the next, and of the kernel.
  var imageDilation = Extent2(1)
  var kernelDilation = Extent2(1)

  var text: String {
    "stride = [\(stride.height), \(stride.width)], pad = [[\(rows.0), \(rows.1)], [\(columns.0), \(columns.1)]], "
      + "lhs_dilate = [\(imageDilation.height), \(imageDilation.width)], rhs_dilate = [\(kernelDilation.height), \(kernelDilation.width)]"
  }
}
