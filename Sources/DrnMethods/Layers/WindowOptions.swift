import DrnIR

/// How the zeros around an image are stated.
enum PaddingRule: Hashable {
  /// The result has the input's size divided by the stride, rounded up; an odd number of zeros has one more at the end (Keras).
  case same
  /// dilation (kernel - 1) / 2 on both sides (PyTorch's usual choice), where that is a whole number.
  case symmetric
  case explicit(Extent2)

  static let words = ["same", "symmetric", "valid"]
}

/// The options of a layer that moves a window over an image.
struct WindowOptions {
  let kernel: Extent2
  let stride: Extent2
  let dilation: Extent2
  let padding: PaddingRule

  /// Larger windows than any network uses; sizes stay far from overflow.
  static let extents = 1...1024

  static func kernel(_ summary: String) -> OptionSpec { OptionSpec("kernel", .extents(extents), required: true, summary) }
  static func stride(default value: OptionValue?, _ summary: String) -> OptionSpec {
    OptionSpec("stride", .extents(extents), default: value, summary)
  }
  static func padding(default word: String) -> OptionSpec {
    OptionSpec(
      "padding", .extents(0...1024, words: PaddingRule.words), default: .word(word),
      "same: the input's size divided by the stride, rounded up, the odd zero at the end (Keras); symmetric: dilation (kernel - 1) / 2 on "
        + "both sides (PyTorch); valid: none; or a number of zeros on each side.")
  }

  /// `stride` defaults to `kernel` where it is not given.
  init(_ options: Options) {
    let kernel = options.extent("kernel") ?? .one
    self.kernel = kernel
    stride = options.extent("stride") ?? kernel
    dilation = options.extent("dilation") ?? .one
    switch options.word("padding") {
    case "same": padding = .same
    case "symmetric": padding = .symmetric
    case _: padding = .explicit(options.extent("padding") ?? Extent2(height: 0, width: 0))
    }
  }

  /// Those of a window over a row of pixels: `kernel`, `stride` and `dilation` are single numbers.
  init(ofRow options: Options) {
    func row(_ name: String) -> Extent2 { Extent2(height: 1, width: options.integer(name) ?? 1) }
    (kernel, stride, dilation) = (row("kernel"), row("stride"), row("dilation"))
    switch options.word("padding") {
    case "same": padding = .same
    case "symmetric": padding = .symmetric
    case _: padding = .explicit(Extent2(height: 0, width: options.extent("padding")?.width ?? 0))
    }
  }

  /// Throws where as many zeros on one side as on the other cannot keep the places of the result centred.
  func requireWholePadding() throws(LayerError) {
    guard padding == .symmetric else { return }
    for (reach, what) in [(dilation.height * (kernel.height - 1), "height"), (dilation.width * (kernel.width - 1), "width")]
    where reach % 2 != 0 {
      throw LayerError(
        "has \(reach) zeros for both sides of its \(what), an odd number, and `symmetric` shares them equally",
        help: "use an odd kernel, `padding: same`, or a number of zeros")
    }
  }

  /// The geometry over an image of that size.
  func geometry(height: Int, width: Int) -> ConvolutionGeometry {
    let rows = sides(height, kernel.height, stride.height, dilation.height, \.height)
    let columns = sides(width, kernel.width, stride.width, dilation.width, \.width)
    return ConvolutionGeometry(
      kernel: kernel, stride: stride, dilation: dilation,
      padding: Padding2(top: rows.before, bottom: rows.after, left: columns.before, right: columns.after))
  }
  func geometry(_ image: ImageShape) -> ConvolutionGeometry { geometry(height: image.height, width: image.width) }

  private func sides(
    _ extent: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ side: (Extent2) -> Int
  ) -> (before: Int, after: Int) {
    let reach = dilation * (kernel - 1)
    switch padding {
    case .explicit(let zeros): return (side(zeros), side(zeros))
    case .symmetric: return (reach / 2, reach / 2)
    case .same:
      let last = (extent - 1) / stride * stride
      let total = max(0, last + reach + 1 - extent)
      return (total / 2, total - total / 2)
    }
  }
}

extension Options {
  /// The window of a layer with these options over an image of that shape; `nil` where the shape is not of an image.
  package func window(over shape: [Int]) -> ConvolutionGeometry? { ImageShape(shape).map { WindowOptions(self).geometry($0) } }

  /// A height and a width; one number stands for both.
  package func extent(_ name: String) -> Extent2? {
    switch self[name] {
    case .integer(let size): return Extent2(size)
    case .list(let items):
      let sizes = items.compactMap { item -> Int? in if case .integer(let size) = item.value { size } else { nil } }
      return sizes.count == 2 ? Extent2(height: sizes[0], width: sizes[1]) : nil
    case .rational, .decimal, .percent, .boolean, .text, .word, .moment, .duration, .proportion, .call, .pattern, nil: return nil
    }
  }
}
