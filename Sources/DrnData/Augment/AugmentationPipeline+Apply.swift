extension AugmentationPipeline {
  /// Changes the prepared image at `image` (channels, height, width; `elements` values) as epoch and example say. `scratch` has room for
  /// one image and holds nothing of use afterwards.
  public func apply(
    to image: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>, epoch: Int, example: Int
  ) {
    for (index, step) in steps.enumerated() {
      let words = words(index, epoch: epoch, example: example)
      switch step {
      case .padCrop(let padding):
        let choices = 2 * padding + 1
        let down = Self.scaled(words.0, below: choices) - padding
        let right = Self.scaled(words.1, below: choices) - padding
        shift(image, down: down, right: right, scratch: scratch)
      case .flipHorizontal:
        if words.0 >> 31 == 1 { flip(image) }
      case .cutout(let size):
        cut(image, size: size, row: Self.scaled(words.0, below: height), column: Self.scaled(words.1, below: width))
      }
    }
  }

  /// The value at (y, x) becomes that at (y + down, x + right), or 0 where that is outside.
  private func shift(_ image: UnsafeMutablePointer<Float>, down: Int, right: Int, scratch: UnsafeMutablePointer<Float>) {
    guard down != 0 || right != 0 else { return }
    scratch.update(from: image, count: elements)
    let columns = max(0, -right)..<max(max(0, -right), min(width, width - right))
    for channel in 0..<channels {
      for y in 0..<height {
        let target = image + (channel * height + y) * width
        guard (0..<height).contains(y + down), !columns.isEmpty else {
          target.update(repeating: 0, count: width)
          continue
        }
        let source = scratch + (channel * height + y + down) * width + columns.lowerBound + right
        target.update(repeating: 0, count: columns.lowerBound)
        (target + columns.lowerBound).update(from: source, count: columns.count)
        (target + columns.upperBound).update(repeating: 0, count: width - columns.upperBound)
      }
    }
  }

  private func flip(_ image: UnsafeMutablePointer<Float>) {
    for row in 0..<channels * height {
      let values = image + row * width
      for x in 0..<width / 2 {
        let value = values[x]
        values[x] = values[width - 1 - x]
        values[width - 1 - x] = value
      }
    }
  }

  /// Zeros rows `row - size / 2 ..< row - size / 2 + size`, and columns likewise.
  private func cut(_ image: UnsafeMutablePointer<Float>, size: Int, row: Int, column: Int) {
    let rows = clipped(row, size, height)
    let columns = clipped(column, size, width)
    for channel in 0..<channels {
      for y in rows { (image + (channel * height + y) * width + columns.lowerBound).update(repeating: 0, count: columns.count) }
    }
  }

  private func clipped(_ centre: Int, _ size: Int, _ extent: Int) -> Range<Int> {
    let start = centre - size / 2
    return max(0, start)..<max(0, min(extent, start + size))
  }
}
