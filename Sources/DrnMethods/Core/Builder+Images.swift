import DrnIR

/// Images [B, H, W, C] as matrices and back, and products along one axis of a kernel.
extension Builder {
  /// The height and width of an image, known at compile time.
  func extents(of image: Value) throws(IRError) -> (batch: Dimension, height: Int, width: Int, channels: Dimension) {
    let shape = type(of: image).shape
    guard shape.count == 4, let height = shape[1].value, let width = shape[2].value else {
      throw IRError("an image [B, H, W, C] is needed, not \(shape.map { $0.value.map(String.init) ?? "?" })")
    }
    return (shape[0], height, width, shape[3])
  }

  /// An image as the matrix of its places, B H W x C.
  mutating func places(of image: Value) throws(IRError) -> Value {
    let (batch, height, width, channels) = try extents(of: image)
    return try reshape(image, to: [batch * height * width, channels])
  }

  /// A matrix of places as an image of that batch, height and width.
  mutating func image(_ places: Value, batch: Dimension, height: Int, width: Int) throws(IRError) -> Value {
    guard let channels = type(of: places).shape.last else { throw IRError("a scalar is no image") }
    return try reshape(places, to: [batch, Dimension(height), Dimension(width), channels])
  }

  /// A convolution by a matrix of patches x outputs, as an image.
  mutating func convolved(_ image: Value, _ geometry: ConvolutionGeometry, by matrix: Value) throws(IRError) -> Value {
    let (batch, height, width, _) = try extents(of: image)
    guard let result = geometry.output(height: height, width: width) else { throw IRError("the kernel does not fit the image") }
    let places = try matmul(try patches(image, geometry), matrix)
    return try self.image(places, batch: batch, height: result.height, width: result.width)
  }

  /// For a matrix whose rows are `places` blocks of a rows each, every block multiplied from the left by `factor` (c x a): `places` blocks
  /// of c rows each.
  mutating func multiplyBlocks(_ matrix: Value, places: Int, by factor: Value) throws(IRError) -> Value {
    let (columns, sizes) = (type(of: matrix).shape[1], type(of: factor).shape)
    guard places > 1 else { return try matmul(factor, matrix) }
    let blocks = try reshape(matrix, to: [1, Dimension(places), sizes[1], columns])
    let rows = try reshape(try channelsLast(blocks), to: [sizes[1], columns * places])
    return try foldBlocks(try matmul(factor, rows), places: places, columns: columns)
  }

  /// The unfolding by the row within a block: a x columns times places.
  mutating func unfoldBlocks(_ matrix: Value, places: Int, rows: Dimension) throws(IRError) -> Value {
    let columns = type(of: matrix).shape[1]
    guard places > 1 else { return matrix }
    let blocks = try reshape(matrix, to: [1, Dimension(places), rows, columns])
    return try reshape(try channelsLast(blocks), to: [rows, columns * places])
  }

  /// The matrix whose unfolding by the row within a block is the operand: blocks of its rows, with that many columns.
  mutating func foldBlocks(_ unfolded: Value, places: Int, columns: Dimension) throws(IRError) -> Value {
    guard places > 1 else { return unfolded }
    let rows = type(of: unfolded).shape[0]
    let blocks = try reshape(unfolded, to: [1, rows, columns, Dimension(places)])
    return try reshape(try channelsFirst(blocks), to: [rows * places, columns])
  }

  /// A matrix of `places` equal blocks of rows, every block put into the corner of a larger one of zeros; `shape` is the whole result's.
  mutating func padBlocks(_ matrix: Value, places: Int, to shape: [Dimension]) throws(IRError) -> Value {
    guard places > 1 else { return try pad(matrix, starts: [0, 0], shape: shape) }
    let old = type(of: matrix).shape
    guard let from = old[0].quotient(by: places), let to = shape[0].quotient(by: places) else {
      throw IRError("\(places) equal blocks of \(old[0]) rows in \(shape[0])")
    }
    let blocks = try reshape(matrix, to: [Dimension(places), from, old[1]])
    let padded = try pad(blocks, starts: [0, 0, 0], shape: [Dimension(places), to, shape[1]])
    return try reshape(padded, to: shape)
  }
}
