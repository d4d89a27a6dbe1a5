/// The shape of a batch of images, channels last: `[batch, height, width, channels]`. Batch and channels may depend on ranks.
struct ImageExtents {
  let batch: Dimension
  let height: Int
  let width: Int
  let channels: Dimension

  /// Throws unless the shape has four axes and numbers on the inner two.
  init(_ shape: [Dimension], _ name: String) throws(IRError) {
    guard shape.count == 4, let height = shape[1].value, let width = shape[2].value else {
      throw IRError("\(name) is \(shape.message) where batch, height, width and channels are needed, height and width as numbers")
    }
    (batch, self.height, self.width, channels) = (shape[0], height, width, shape[3])
  }

  var dimensions: [Dimension] { [batch, Dimension(height), Dimension(width), channels] }

  /// The shape of the windows over the image, one value for each.
  func windows(_ geometry: ConvolutionGeometry, channels: Dimension) throws(IRError) -> [Dimension] {
    guard let output = geometry.output(height: height, width: width) else {
      throw IRError("no window of \(geometry.attributes.message) fits the image \(dimensions.message)")
    }
    return [batch, Dimension(output.height), Dimension(output.width), channels]
  }

  /// The shape of the matrix of patches: a row for each window, a column for each tap and channel.
  func patches(_ geometry: ConvolutionGeometry) throws(IRError) -> [Dimension] {
    let windows = try windows(geometry, channels: channels)
    guard let rows = windows[0].scaled(by: windows[1].constant)?.scaled(by: windows[2].constant) else {
      throw IRError("the image \(dimensions.message) has too many windows")
    }
    return [rows, try weightRows(geometry, groups: 1)]
  }

  /// The rows of the weight of a convolution: taps times the channels of a group.
  func weightRows(_ geometry: ConvolutionGeometry, groups: Int) throws(IRError) -> Dimension {
    guard let inputs = channels.quotient(by: groups) else {
      throw IRError("\(channels.message) channels are not known to fall into \(groups) equal groups")
    }
    guard let taps = geometry.taps, let rows = inputs.scaled(by: taps) else {
      throw IRError("a kernel of \(geometry.attributes.message) over \(channels.message) channels is too large")
    }
    return rows
  }
}

extension Attributes {
  /// The attributes in a message: `kernel [3, 3], stride [1, 1]`.
  fileprivate var message: String {
    entries.compactMap { entry in if case .integers(let values) = entry.value { "\(entry.name) \(values)" } else { nil } }
      .joined(separator: ", ")
  }
}

extension Dimension {
  /// The extent times a number that is not negative; `nil` past `Int.max`.
  public func scaled(by factor: Int) -> Dimension? {
    for part in [constant] + terms.map(\.coefficient) where part.multipliedReportingOverflow(by: factor).overflow { return nil }
    return self * factor
  }

  /// The extent divided by a positive number; `nil` where a part of it is no multiple.
  public func quotient(by divisor: Int) -> Dimension? {
    guard divisor > 0, ([constant] + terms.map(\.coefficient)).allSatisfy({ $0 % divisor == 0 }) else { return nil }
    return Dimension(
      constant: constant / divisor, terms: terms.map { Term(symbol: $0.symbol, coefficient: $0.coefficient / divisor) })
  }
}

extension InferenceRequest {
  /// The window of the attributes.
  func geometry() throws(IRError) -> ConvolutionGeometry {
    guard let geometry = ConvolutionGeometry(attributes) else {
      throw IRError("attributes kernel, stride and dilation need two entries and padding needs four")
    }
    return geometry
  }

  /// The shape of an image operand.
  func image(_ index: Int) throws(IRError) -> ImageExtents { try ImageExtents(try shape(index), "operand \(index)") }

  /// The image that the attribute `shape` gives.
  func imageAttribute() throws(IRError) -> ImageExtents { try ImageExtents(try dimensions("shape"), "attribute shape") }
}

extension Attributes {
  /// These attributes with a shape.
  func withShape(_ shape: [Dimension]) -> Attributes {
    var attributes = self
    attributes["shape"] = .dimensions(shape)
    return attributes
  }
  /// These attributes without the shape.
  var withoutShape: Attributes {
    var attributes = self
    attributes["shape"] = nil
    return attributes
  }
}

extension OpSpec {
  static let geometryAttributes = [
    AttributeSpec("kernel", .integers([]), "Rows and columns of the window."),
    AttributeSpec("stride", .integers([]), "Rows and columns from one window to the next."),
    AttributeSpec("dilation", .integers([]), "Rows and columns from one tap of a window to the next."),
    AttributeSpec("padding", .integers([]), "Rows above and below the image, columns to its left and right."),
  ]
  static let imageShapeAttribute = AttributeSpec("shape", .dimensions([]), "The shape of the image, [B, H, W, C].")
}
