import DrnIR

/// A window and how it moves over images of some extents, channels last.
struct WindowMove {
  let geometry: ConvolutionGeometry
  /// B, H, W and C.
  let image: [Int]
  /// How many windows stand below and beside each other.
  let windows: (height: Int, width: Int)

  init(_ given: OperationTranslation, image: [Int]) throws(TranslationError) {
    guard let geometry = ConvolutionGeometry(given.attributes), image.count == 4,
      let windows = geometry.output(height: image[1], width: image[2])
    else { throw given.error("has no windows") }
    (self.geometry, self.image, self.windows) = (geometry, image, windows)
  }

  /// A value for each window.
  var result: [Int] { [image[0], windows.height, windows.width, image[3]] }
  /// The taps of the window, row by row.
  var taps: [(row: Int, column: Int)] {
    (0..<geometry.kernel.height).flatMap { row in (0..<geometry.kernel.width).map { (row, $0) } }
  }
  /// Whether there is one window, which is the image.
  var isWhole: Bool { geometry.kernel == Extent2(height: image[1], width: image[2]) && geometry.padding == .none }

  /// How many taps of each window lie in the image, by rows and by columns.
  var tapsInside: (rows: [Int], columns: [Int]) {
    func inside(_ windows: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ padding: Int, _ extent: Int) -> [Int] {
      (0..<windows).map { window in (0..<kernel).count { (0..<extent).contains(window * stride + $0 * dilation - padding) } }
    }
    let (k, s, d, p) = (geometry.kernel, geometry.stride, geometry.dilation, geometry.padding)
    return (
      inside(windows.height, k.height, s.height, d.height, p.top, image[1]),
      inside(windows.width, k.width, s.width, d.width, p.left, image[2])
    )
  }
}

extension HLOBuilder {
  mutating func translate(_ op: WindowOp, _ given: OperationTranslation) throws(TranslationError) -> HLOValue {
    let x = given.operands[0]
    let includesPadding = given.attributes.boolean("include_padding") ?? false
    switch op {
    case .patches:
      let move = try WindowMove(given, image: x.shape)
      let padded = padded(x, move, 0)
      let parts = move.taps.map { reshape(tap($0, of: padded, move), move.result.dropLast() + [1, move.image[3]]) }
      return reshape(concatenate(parts, axis: 3), given.shape)
    case .patchesGradient:
      let move = try WindowMove(given, image: given.shape)
      let (result, taps) = (move.result, move.taps)
      let all = reshape(x, result.dropLast() + [taps.count, result[3]])
      return sumOfTaps(move) { builder, index in
        builder.reshape(builder.slice(all, [0, 0, 0, index, 0], result.dropLast() + [1, result[3]]), result)
      }
    case .maxPool: return windowReduction(x, try WindowMove(given, image: x.shape), .maximum)
    case .maxPoolGradient: return maxPoolGradient(x, given.operands[1], try WindowMove(given, image: x.shape))
    case .averagePool:
      let move = try WindowMove(given, image: x.shape)
      if move.isWhole { return scale(reshape(reduce(x, [1, 2]), move.result), 1 / Double(move.taps.count)) }
      return divide(windowReduction(x, move, .add), divisors(move, includesPadding))
    case .averagePoolGradient:
      let move = try WindowMove(given, image: given.shape)
      let shares = divide(x, divisors(move, includesPadding))
      if move.isWhole { return broadcast(reshape(shares, [move.image[0], move.image[3]]), move.image, [0, 3]) }
      return sumOfTaps(move) { _, _ in shares }
    }
  }

  private mutating func padded(_ x: HLOValue, _ move: WindowMove, _ value: Double) -> HLOValue {
    let padding = move.geometry.padding
    return pad(x, low: [0, padding.top, padding.left, 0], high: [0, padding.bottom, padding.right, 0], value: value)
  }

  /// The elements of a padded image that a tap meets, one for each window.
  private mutating func tap(_ tap: (row: Int, column: Int), of padded: HLOValue, _ move: WindowMove) -> HLOValue {
    let (stride, dilation) = (move.geometry.stride, move.geometry.dilation)
    return slice(
      padded, [0, tap.row * dilation.height, tap.column * dilation.width, 0], move.result, strides: [1, stride.height, stride.width, 1])
  }

  /// The image in which each pixel is the sum of what the taps that meet it have there.
  private mutating func sumOfTaps(_ move: WindowMove, _ values: (inout HLOBuilder, Int) -> HLOValue) -> HLOValue {
    let (stride, dilation, padding) = (move.geometry.stride, move.geometry.dilation, move.geometry.padding)
    var total: HLOValue?
    for (index, tap) in move.taps.enumerated() {
      let value = values(&self, index)
      let (top, left) = (tap.row * dilation.height - padding.top, tap.column * dilation.width - padding.left)
      let bottom = move.image[1] - top - (move.windows.height - 1) * stride.height - 1
      let right = move.image[2] - left - (move.windows.width - 1) * stride.width - 1
      let own = pad(
        value, low: [0, top, left, 0], high: [0, bottom, right, 0], interior: [0, stride.height - 1, stride.width - 1, 0])
      total = total.map { add($0, own) } ?? own
    }
    return total ?? constant(0, move.image)
  }

  /// The gradient of a window goes to the first of its largest elements, or to its last NaN.
  private mutating func maxPoolGradient(_ x: HLOValue, _ dy: HLOValue, _ move: WindowMove) -> HLOValue {
    let padded = padded(x, move, -.infinity)
    var best = tap((0, 0), of: padded, move)
    var place = constant(0, move.result, .i32)
    for (index, position) in move.taps.enumerated().dropFirst() {
      let candidate = tap(position, of: padded, move)
      let isTaken = map("or", compare("GT", candidate, best), compare("NE", candidate, candidate))
      best = select(isTaken, candidate, best)
      place = select(isTaken, constant(Double(index), [], .i32), place)
    }
    return sumOfTaps(move) { builder, index in
      builder.select(builder.compare("EQ", place, Double(index)), dy, builder.constant(0))
    }
  }

  /// What each window is divided by.
  private mutating func divisors(_ move: WindowMove, _ includesPadding: Bool) -> HLOValue {
    let inside = move.tapsInside
    let counts = inside.rows.flatMap { row in inside.columns.map { Float(row * $0) } }
    if includesPadding || counts.allSatisfy({ Int($0) == move.taps.count }) { return constant(Double(move.taps.count)) }
    return broadcast(constant(counts, [move.windows.height, move.windows.width]), move.result, [1, 2])
  }

  private mutating func windowReduction(_ x: HLOValue, _ move: WindowMove, _ how: Reduction) -> HLOValue {
    let (k, s, d, p) = (move.geometry.kernel, move.geometry.stride, move.geometry.dilation, move.geometry.padding)
    let scalar = HLOType(.f32, [])
    let start = constant(how.neutral)
    return emit(
      "reduce_window", [x, start],
      "base_dilations = array<i64: 1, 1, 1, 1>, padding = dense<[[0, 0], [\(p.top), \(p.bottom)], [\(p.left), \(p.right)], [0, 0]]> : "
        + "tensor<4x2xi64>, window_dilations = array<i64: 1, \(d.height), \(d.width), 1>, window_dimensions = "
        + "array<i64: 1, \(k.height), \(k.width), 1>, window_strides = array<i64: 1, \(s.height), \(s.width), 1>",
      body: Self.scalarBody(how.rawValue, scalar), of: scalar, HLOType(.f32, move.result))
  }
}
