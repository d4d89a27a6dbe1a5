/// A height and a width.
public struct Extent2: Hashable, Sendable {
  /// Rows.
  public let height: Int
  /// Columns.
  public let width: Int
  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }
  /// The same extent on both axes.
  public init(_ extent: Int) { self.init(height: extent, width: extent) }
}

/// Rows and columns of zeros around an image.
public struct Padding2: Hashable, Sendable {
  /// Rows above.
  public let top: Int
  /// Rows below.
  public let bottom: Int
  /// Columns to the left.
  public let left: Int
  /// Columns to the right.
  public let right: Int
  public init(top: Int, bottom: Int, left: Int, right: Int) {
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
  }
  /// The same number on all four sides.
  public init(_ count: Int) { self.init(top: count, bottom: count, left: count, right: count) }
  /// No row and no column.
  public static let none = Padding2(0)
}

/// How a window of taps moves over an image: shared by convolutions, patches and pools.
///
/// Tap (i, j) of the window at (y, x) lies at row `y * stride + i * dilation - padding.top`, and correspondingly for the column.
public struct ConvolutionGeometry: Hashable, Sendable {
  /// Taps of the window; at least 1 each.
  public let kernel: Extent2
  /// Elements between neighbouring windows; at least 1 each.
  public let stride: Extent2
  /// Elements between neighbouring taps; at least 1 each.
  public let dilation: Extent2
  /// Not negative.
  public let padding: Padding2

  public init(
    kernel: Extent2, stride: Extent2 = Extent2(1), dilation: Extent2 = Extent2(1), padding: Padding2 = .none
  ) {
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
    self.padding = padding
  }

  /// How many windows fit an image; `nil` where none does, where a part of the geometry is out of its range, or past `Int.max`.
  public func output(height: Int, width: Int) -> (height: Int, width: Int)? {
    guard let rows = vertical.windows(over: height), let columns = horizontal.windows(over: width) else { return nil }
    return (rows, columns)
  }

  /// The number of taps; `nil` past `Int.max`.
  public var taps: Int? {
    let (product, overflow) = kernel.height.multipliedReportingOverflow(by: kernel.width)
    return overflow ? nil : product
  }

  /// Whether patches are the image itself, one row for each pixel.
  public var isPointwise: Bool { kernel == Extent2(1) && stride == Extent2(1) && padding == .none }

  /// The geometry of the rows.
  public var vertical: WindowAxis {
    WindowAxis(
      kernel: kernel.height, stride: stride.height, dilation: dilation.height, paddingBefore: padding.top, paddingAfter: padding.bottom)
  }
  /// The geometry of the columns.
  public var horizontal: WindowAxis {
    WindowAxis(
      kernel: kernel.width, stride: stride.width, dilation: dilation.width, paddingBefore: padding.left, paddingAfter: padding.right)
  }
}

extension ConvolutionGeometry {
  /// The geometry as attributes of an operation: `kernel`, `stride`, `dilation` and `padding`.
  public var attributes: Attributes {
    [
      "kernel": .integers([kernel.height, kernel.width]), "stride": .integers([stride.height, stride.width]),
      "dilation": .integers([dilation.height, dilation.width]),
      "padding": .integers([padding.top, padding.bottom, padding.left, padding.right]),
    ]
  }

  /// The geometry that an operation's attributes give; `nil` where one is missing or has another number of entries.
  public init?(_ attributes: Attributes) {
    guard let kernel = Extent2(attributes.integers("kernel")), let stride = Extent2(attributes.integers("stride")),
      let dilation = Extent2(attributes.integers("dilation")), let padding = attributes.integers("padding"), padding.count == 4
    else { return nil }
    self.init(
      kernel: kernel, stride: stride, dilation: dilation,
      padding: Padding2(top: padding[0], bottom: padding[1], left: padding[2], right: padding[3]))
  }
}

extension Extent2 {
  fileprivate init?(_ entries: [Int]?) {
    guard let entries, entries.count == 2 else { return nil }
    self.init(height: entries[0], width: entries[1])
  }
}
