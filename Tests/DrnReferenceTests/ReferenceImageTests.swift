import DrnIR
import DrnReference
import DrnTestSupport
import Testing

@Suite("The reference interpreter: images")
struct ReferenceImageTests {
  private func image(_ shape: [Int], _ value: (_ y: Int, _ x: Int, _ channel: Int) -> Double) -> ReferenceTensor {
    var values: [Double] = []
    for _ in 0..<shape[0] {
      for y in 0..<shape[1] { for x in 0..<shape[2] { for channel in 0..<shape[3] { values.append(value(y, x, channel)) } } }
    }
    return ReferenceTensor(shape: shape, values: values)
  }

  @Test("Patches list kernel rows, kernel columns and channels, with zeros in the padding")
  func patches() throws {
    let x = image([1, 2, 2, 2]) { y, x, channel in Double(100 * y + 10 * x + channel + 1) }
    let geometry = ConvolutionGeometry(kernel: Extent2(2), padding: Padding2(top: 0, bottom: 1, left: 1, right: 0))
    let rows = try evaluateOp(.patches, OpSample("", [x], geometry.attributes))[0]
    let expected: [[Double]] = [
      [0, 0, 1, 2, 0, 0, 101, 102], [1, 2, 11, 12, 101, 102, 111, 112], [0, 0, 101, 102, 0, 0, 0, 0], [101, 102, 111, 112, 0, 0, 0, 0],
    ]
    #expect(rows == matrix(expected))
  }

  @Test("A kernel is not mirrored: one tap moves the image")
  func orientation() throws {
    let x = image([1, 3, 3, 1]) { y, x, _ in Double(3 * y + x + 1) }
    // The tap at row 0, column 2 of a centred 3 x 3 kernel reads the pixel above and to the right.
    let weight = ReferenceTensor(shape: [9, 1], values: [0, 0, 1, 0, 0, 0, 0, 0, 0])
    var sample = OpSample("", [x, weight], ConvolutionGeometry(kernel: Extent2(3), padding: Padding2(1)).attributes)
    sample.attributes["groups"] = .integer(1)
    #expect(try evaluateOp(.convolution, sample)[0].values == [0, 0, 0, 2, 3, 0, 5, 6, 0])
  }

  @Test("A convolution is the product of patches and weight", arguments: WindowSample.all.filter { $0.groups == 1 })
  func product(window: WindowSample) throws {
    var random = SplitMix64(seed: 5)
    let (x, weight) = (random.tensor(window.image), random.tensor(window.weight))
    let rows = try evaluateOp(.patches, OpSample("", [x], window.geometry.attributes))[0]
    let flags: Attributes = ["transpose_left": .boolean(false), "transpose_right": .boolean(false)]
    let expected = try evaluateOp(.matmul, OpSample("", [rows, weight], flags))[0]
    var sample = OpSample("", [x, weight], window.geometry.attributes)
    sample.attributes["groups"] = .integer(1)
    let found = try evaluateOp(.convolution, sample)[0]
    #expect(found.shape == window.result)
    expectEqual(found.values, expected.values)
  }

  @Test("With groups each output sums its own channels", arguments: WindowSample.all)
  func groups(window: WindowSample) throws {
    var random = SplitMix64(seed: 6)
    let (x, weight) = (random.tensor(window.image), random.tensor(window.weight))
    var sample = OpSample("", [x, weight], window.geometry.attributes)
    sample.attributes["groups"] = .integer(window.groups)
    let found = try evaluateOp(.convolution, sample)[0]
    expectEqual(found.values, naive(window, x.values, weight.values))
  }

  /// The definition, over a padded copy of the image and with channels outermost.
  private func naive(_ window: WindowSample, _ x: [Double], _ weight: [Double]) -> [Double] {
    let (geometry, image, result) = (window.geometry, window.image, window.result)
    let (perGroup, outputs) = (image[3] / window.groups, window.outputs)
    func pixel(_ b: Int, _ y: Int, _ x0: Int, _ c: Int) -> Double {
      y < 0 || x0 < 0 || y >= image[1] || x0 >= image[2] ? 0 : x[((b * image[1] + y) * image[2] + x0) * image[3] + c]
    }
    var values = Array(repeating: 0.0, count: result.reduce(1, *))
    for o in 0..<outputs {
      for c in 0..<image[3] where c / perGroup == o * window.groups / outputs {
        for i in 0..<geometry.kernel.height {
          for j in 0..<geometry.kernel.width {
            let w = weight[((i * geometry.kernel.width + j) * perGroup + c % perGroup) * outputs + o]
            for b in 0..<result[0] {
              for y in 0..<result[1] {
                for x0 in 0..<result[2] {
                  let (row, column) = (
                    y * geometry.stride.height + i * geometry.dilation.height - geometry.padding.top,
                    x0 * geometry.stride.width + j * geometry.dilation.width - geometry.padding.left
                  )
                  values[((b * result[1] + y) * result[2] + x0) * outputs + o] += w * pixel(b, row, column, c)
                }
              }
            }
          }
        }
      }
    }
    return values
  }

  @Test("The first of equal maxima gets the gradient; padding never wins over negative pixels")
  func maximum() throws {
    let x = ReferenceTensor(shape: [1, 2, 3, 1], values: [-1, -5, -1, -2, -1, -1])
    let geometry = ConvolutionGeometry(kernel: Extent2(2), padding: Padding2(top: 0, bottom: 0, left: 1, right: 0))
    #expect(try evaluateOp(.maxPool, OpSample("", [x], geometry.attributes))[0].values == [-1, -1, -1])
    let dy = ReferenceTensor(shape: [1, 1, 3, 1], values: [1, 10, 100])
    let gradient = try evaluateOp(.maxPoolGradient, OpSample("", [x, dy], geometry.attributes))[0]
    #expect(gradient.values == [11, 0, 100, 0, 0, 0])
  }

  @Test("The mean divides by all taps or by those inside the image")
  func average() throws {
    let x = ReferenceTensor(shape: [1, 2, 2, 1], values: [1, 2, 3, 4])
    let geometry = ConvolutionGeometry(kernel: Extent2(2), stride: Extent2(2), padding: Padding2(1))
    for (includesPadding, expected) in [(true, [0.25, 0.5, 0.75, 1]), (false, [1, 2, 3, 4])] {
      var sample = OpSample("", [x], geometry.attributes)
      sample.attributes["include_padding"] = .boolean(includesPadding)
      #expect(try evaluateOp(.averagePool, sample)[0].values == expected)
    }
  }

  @Test("Orders of channels undo each other")
  func channelOrders() throws {
    let x = image([2, 3, 4, 5]) { y, x, channel in Double(100 * y + 10 * x + channel) }
    let first = try evaluateOp(.channelsFirst, OpSample("", [x]))[0]
    #expect(first.shape == [2, 5, 3, 4])
    // Channel 2, row 1, column 3 of the first image.
    #expect(first.values[(2 * 3 + 1) * 4 + 3] == 132)
    #expect(try evaluateOp(.channelsLast, OpSample("", [first]))[0] == x)
  }

  @Test("Batch normalization of images is that of the matrix of their pixels")
  func batchNorm() throws {
    var random = SplitMix64(seed: 8)
    let (x, scale, offset) = (random.tensor([2, 3, 2, 4]), random.tensor([4]), random.tensor([4]))
    let flat = ReferenceTensor(shape: [12, 4], values: x.values)
    let attributes: Attributes = ["epsilon": .number(1e-5)]
    let image = try evaluateOp(.batchNorm, OpSample("", [x, scale, offset], attributes))
    let matrix = try evaluateOp(.batchNorm, OpSample("", [flat, scale, offset], attributes))
    #expect(image[0].shape == [2, 3, 2, 4])
    #expect(image.map(\.values) == matrix.map(\.values))
  }
}
