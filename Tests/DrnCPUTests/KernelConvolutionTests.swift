import CKernels
import DrnTestSupport
import Testing

/// A convolution of one image, one product at a time.
private struct NaiveConvolution {
  let (height, width, channels, outputs, kernel, stride, padding): (Int, Int, Int, Int, Int, Int, Int)
  let (image, weights, upstream): ([Float], [Float], [Float])

  var outHeight: Int { (height + 2 * padding - kernel) / stride + 1 }
  var outWidth: Int { (width + 2 * padding - kernel) / stride + 1 }

  init(_ sizes: (Int, Int, Int, Int, Int, Int, Int)) {
    (height, width, channels, outputs, kernel, stride, padding) = sizes
    var generator = SplitMix64(seed: UInt64(channels * 100 + outputs))
    image = (0..<height * width * channels).map { _ in generator.float() }
    weights = (0..<kernel * kernel * channels * outputs).map { _ in generator.float() }
    upstream = (0..<(height + 2 * padding) * (width + 2 * padding) * outputs).map { _ in generator.float() }
  }

  /// Every product: indices into image, weights and result.
  func forEachProduct(_ body: (Int, Int, Int) -> Void) {
    for row in 0..<outHeight {
      for column in 0..<outWidth {
        for tap in 0..<kernel * kernel {
          let (y, x) = (row * stride + tap / kernel - padding, column * stride + tap % kernel - padding)
          guard (0..<height).contains(y), (0..<width).contains(x) else { continue }
          for channel in 0..<channels {
            for output in 0..<outputs {
              body(
                (y * width + x) * channels + channel, (tap * channels + channel) * outputs + output,
                (row * outWidth + column) * outputs + output)
            }
          }
        }
      }
    }
  }

  func result() -> [Double] {
    var y = [Double](repeating: 0, count: outHeight * outWidth * outputs)
    forEachProduct { y[$2] += Double(image[$0]) * Double(weights[$1]) }
    return y
  }

  func weightGradient() -> [Double] {
    var dw = [Double](repeating: 0, count: weights.count)
    forEachProduct { dw[$1] += Double(image[$0]) * Double(upstream[$2]) }
    return dw
  }

  func imageGradient() -> [Double] {
    var dx = [Double](repeating: 0, count: image.count)
    forEachProduct { dx[$0] += Double(weights[$1]) * Double(upstream[$2]) }
    return dx
  }
}

@Suite("Kernels: convolution")
struct KernelConvolutionTests {
  /// Height, width, channels, outputs, window, stride, padding.
  private static let sizes = [
    (5, 6, 3, 16, 3, 1, 1), (7, 9, 18, 21, 3, 1, 1), (4, 18, 16, 40, 3, 1, 1), (6, 5, 33, 4, 5, 1, 2), (9, 7, 17, 3, 3, 2, 1),
    (8, 20, 4, 33, 3, 2, 0), (3, 3, 16, 13, 3, 1, 1), (2, 17, 9, 1, 1, 1, 0),
  ]

  private enum Method { case direct, thin, winograd, wide }

  private func roundedUp(_ count: Int, to unit: Int) -> Int { (count + unit - 1) / unit * unit }
  private func rounded(_ count: Int) -> Int { roundedUp(count, to: 16) }

  /// The shape for a method, and the padded image of `x` with so many rows and columns of zeros before it.
  private func padded(
    _ x: [Float], _ extents: (height: Int, width: Int, channels: Int), result: (height: Int, width: Int, outputs: Int), kernel: Int,
    stride: Int, padding: Int, _ method: Method
  ) -> (shape: drn_convolution, image: [Float]) {
    let pitch = method == .direct ? extents.channels : rounded(extents.channels)
    let tile = method == .winograd || method == .wide ? 4 : 1
    let height = (roundedUp(result.height, to: tile) - 1) * stride + kernel
    let width = (roundedUp(result.width, to: tile) - 1) * stride + kernel
    var image = [Float](repeating: .nan, count: height * width * pitch)
    drn_pad_image(x, extents.height, extents.width, extents.channels, extents.channels, padding, padding, height, width, pitch, &image)
    let shape = drn_convolution(
      padded_width: width, pixel_pitch: pitch, channels: extents.channels, out_height: result.height, out_width: result.width,
      outputs: result.outputs, out_pitch: result.outputs, kernel_height: kernel, kernel_width: kernel, stride_y: stride, stride_x: stride,
      dilation_y: 1, dilation_x: 1)
    return (shape, image)
  }

  private func methods(kernel: Int, stride: Int) -> [Method] {
    kernel == 3 && stride == 1 ? [.direct, .thin, .winograd, .wide] : [.direct, .thin]
  }

  private func work(_ shape: drn_convolution) -> [Float] {
    [Float](repeating: .nan, count: max(drn_winograd_work(shape.channels, shape.outputs), drn_winograd_wide_work()))
  }

  private func tiles(_ shape: drn_convolution) -> Int {
    roundedUp(shape.out_height, to: 4) / 4 * (roundedUp(shape.out_width, to: 4) / 4)
  }

  /// Room for transformed tiles of so many channels.
  private func transformed(_ channels: Int, _ tiles: Int) -> [Float] {
    [Float](repeating: .nan, count: 36 * drn_winograd_wide_step(channels, tiles))
  }

  /// The convolution by blocks of outputs and of some tiles, so that several tasks make it.
  private func convolveWide(
    _ shape: inout drn_convolution, _ image: [Float], _ weights: [Float], pitch: Int, isReversed: Bool, _ y: inout [Float],
    _ work: inout [Float]
  ) {
    let (count, outputs) = (tiles(shape), shape.outputs)
    var v = transformed(shape.channels, count)
    drn_winograd_inputs(&shape, 1, image, 0, 0, count, &v)
    for tile in stride(from: 0, to: count, by: 3) {
      for output in stride(from: 0, to: outputs, by: 32) {
        drn_winograd_wide_convolve(
          &shape, 1, v, count, tile, min(tile + 3, count), weights, pitch, isReversed ? 1 : 0, output, min(32, outputs - output), &y, &work)
      }
    }
  }

  /// 5e-5: windows of at most 800 products below 1, of which Winograd's sums of four elements lose two more bits.
  @Test("every method gives the convolution", arguments: InstructionSet.allCases)
  func forward(isa: InstructionSet) {
    for sizes in Self.sizes {
      let naive = NaiveConvolution(sizes)
      let taps = naive.kernel * naive.kernel
      for method in methods(kernel: naive.kernel, stride: naive.stride) {
        let result = (naive.outHeight, naive.outWidth, naive.outputs)
        var (shape, image) = padded(
          naive.image, (naive.height, naive.width, naive.channels), result: result, kernel: naive.kernel, stride: naive.stride,
          padding: naive.padding, method)
        var packed = [Float](repeating: .nan, count: max(taps, 36) * rounded(naive.channels) * rounded(naive.outputs))
        var y = [Float](repeating: .nan, count: naive.outHeight * naive.outWidth * naive.outputs)
        var work = work(shape)
        isa.run {
          switch method {
          case .direct:
            drn_pack_weights(naive.weights, naive.outputs, taps, naive.channels, naive.outputs, &packed)
            drn_convolve(&shape, image, packed, &y, 0, naive.outHeight)
          case .thin:
            drn_pack_thin_weights(naive.weights, naive.outputs, taps, naive.channels, naive.outputs, &packed)
            drn_convolve_thin(&shape, image, packed, &y, 0, naive.outHeight)
          case .winograd:
            drn_winograd_weights(naive.weights, naive.outputs, naive.channels, naive.outputs, 0, &packed, 0, naive.channels)
            drn_winograd_convolve(&shape, 1, image, 0, packed, drn_ahead(), 0, &y, &work)
          case .wide: convolveWide(&shape, image, naive.weights, pitch: naive.outputs, isReversed: false, &y, &work)
          }
        }
        #expect(largestError(y, naive.result()) < 5e-5, "\(method) \(sizes)")
      }
    }
  }

  @Test("every method gives the gradient by the image at stride 1", arguments: InstructionSet.allCases)
  func imageGradient(isa: InstructionSet) {
    for sizes in Self.sizes where sizes.5 == 1 {
      let naive = NaiveConvolution(sizes)
      let taps = naive.kernel * naive.kernel
      for method in methods(kernel: naive.kernel, stride: 1) {
        var (shape, upstream) = padded(
          naive.upstream, (naive.outHeight, naive.outWidth, naive.outputs), result: (naive.height, naive.width, naive.channels),
          kernel: naive.kernel, stride: 1, padding: naive.kernel - 1 - naive.padding, method)
        var packed = [Float](repeating: .nan, count: max(taps, 36) * rounded(naive.channels) * rounded(naive.outputs))
        var dx = [Float](repeating: .nan, count: naive.image.count)
        var work = work(shape)
        isa.run {
          switch method {
          case .direct:
            drn_pack_reversed_weights(naive.weights, naive.outputs, taps, naive.channels, naive.outputs, &packed)
            drn_convolve(&shape, upstream, packed, &dx, 0, naive.height)
          case .thin:
            drn_pack_reversed_thin_weights(naive.weights, naive.outputs, taps, naive.channels, naive.outputs, &packed)
            drn_convolve_thin(&shape, upstream, packed, &dx, 0, naive.height)
          case .winograd:
            drn_winograd_weights(naive.weights, naive.outputs, naive.channels, naive.outputs, 1, &packed, 0, naive.outputs)
            drn_winograd_convolve(&shape, 1, upstream, 0, packed, drn_ahead(), 0, &dx, &work)
          case .wide: convolveWide(&shape, upstream, naive.weights, pitch: naive.outputs, isReversed: true, &dx, &work)
          }
        }
        #expect(largestError(dx, naive.imageGradient()) < 5e-5, "\(method) \(sizes)")
      }
    }
  }

  @Test("every method gives the gradient by the weights", arguments: InstructionSet.allCases)
  func weightGradient(isa: InstructionSet) {
    for sizes in Self.sizes {
      let naive = NaiveConvolution(sizes)
      let (taps, channels, outputs) = (naive.kernel * naive.kernel, naive.channels, naive.outputs)
      for method in methods(kernel: naive.kernel, stride: naive.stride) {
        var (shape, image) = padded(
          naive.image, (naive.height, naive.width, channels), result: (naive.outHeight, naive.outWidth, outputs), kernel: naive.kernel,
          stride: naive.stride, padding: naive.padding, method)
        var sums = [Float](repeating: 0, count: max(taps, 36) * rounded(channels) * rounded(outputs))
        var dw = [Float](repeating: .nan, count: taps * channels * outputs)
        var work = work(shape)
        isa.run {
          switch method {
          case .direct: drn_convolution_weight_gradient(&shape, image, naive.upstream, &sums)
          case .thin: drn_convolution_weight_gradient_thin(&shape, image, naive.upstream, &sums)
          case .winograd:
            drn_winograd_weight_gradient(&shape, 1, image, 0, naive.upstream, drn_ahead(), drn_ahead(), &sums, &work)
            drn_winograd_finish_gradient(sums, 1, channels, outputs, &dw, outputs, 0, channels)
          case .wide:
            let count = tiles(shape)
            var (v, d) = (transformed(channels, count), transformed(outputs, count))
            drn_winograd_inputs(&shape, 1, image, 0, 0, count, &v)
            drn_winograd_upstream(&shape, 1, naive.upstream, 0, count, &d)
            // Once as the sum, once more added to its negative: twice the sum minus itself.
            for channel in stride(from: 0, to: channels, by: 16) {
              for output in stride(from: 0, to: outputs, by: 32) {
                drn_winograd_wide_weight_gradient(
                  &shape, v, d, count, 0, channel, min(channel + 16, channels), output, min(32, outputs - output), &dw, outputs, &work)
              }
            }
            let first = dw
            for index in dw.indices { dw[index] *= -2 }
            for channel in stride(from: 0, to: channels, by: 16) {
              drn_winograd_wide_weight_gradient(
                &shape, v, d, count, 1, channel, min(channel + 16, channels), 0, min(64, outputs), &dw, outputs, &work)
            }
            #expect(dw.map { -$0 } == first, "added to what is there")
            dw = first
          }
        }
        for tap in 0..<taps where method != .winograd && method != .wide {
          for channel in 0..<channels {
            for output in 0..<outputs {
              let place =
                method == .direct
                ? (tap * channels + channel) * rounded(outputs) + output : (tap * outputs + output) * rounded(channels) + channel
              dw[(tap * channels + channel) * outputs + output] = sums[place]
            }
          }
        }
        #expect(largestError(dw, naive.weightGradient()) < 2e-5, "\(method) \(sizes)")
      }
    }
  }

  /// Odd sizes, so that some tiles have rows or columns missing; 24 outputs are not whole blocks, one float further is not aligned.
  @Test("writing past the caches and fetching ahead change no bit of a result", arguments: InstructionSet.allCases)
  func streamed(isa: InstructionSet) {
    for (outputs, offset) in [(16, 0), (32, 0), (24, 0), (16, 1)] {
      let naive = NaiveConvolution((7, 9, 16, outputs, 3, 1, 1))
      var (shape, image) = padded(
        naive.image, (naive.height, naive.width, 16), result: (naive.outHeight, naive.outWidth, outputs), kernel: 3, stride: 1, padding: 1,
        .winograd)
      var packed = [Float](repeating: .nan, count: 36 * 16 * rounded(outputs))
      var work = work(shape)
      let count = naive.outHeight * naive.outWidth * outputs
      let y = UnsafeMutableRawPointer.allocate(byteCount: (count + 1) * 4, alignment: 64).bindMemory(to: Float.self, capacity: count + 1)
      defer { y.deallocate() }
      func result(streams: Int32) -> [UInt32] {
        y.update(repeating: .nan, count: count + 1)
        let ahead = streams == 0 ? 0 : image.count
        image.withUnsafeBufferPointer { pixels in
          isa.run {
            drn_winograd_convolve(
              &shape, 1, pixels.baseAddress, 0, packed, drn_ahead(from: pixels.baseAddress, floats: ahead), streams,
              y + offset, &work)
          }
        }
        return (0..<count).map { y[offset + $0].bitPattern }
      }
      isa.run { drn_winograd_weights(naive.weights, outputs, 16, outputs, 0, &packed, 0, 16) }
      let cached = result(streams: 0)
      #expect(result(streams: 1) == cached, "\(outputs) outputs, \(offset) floats further")
      #expect(largestError(cached.map(Float.init(bitPattern:)), naive.result()) < 5e-5)
    }
  }

  /// Images of 3 x 5 pixels, so that tiles of several are multiplied together and none is whole; more than 16 tiles in all.
  @Test("images taken together give the bits of each by itself", arguments: InstructionSet.allCases)
  func together(isa: InstructionSet) {
    let (images, outputs) = (11, 24)
    let naive = NaiveConvolution((3, 5, 17, outputs, 3, 1, 1))
    var generator = SplitMix64(seed: 5)
    var shape = drn_convolution()
    var padded: [Float] = []
    for _ in 0..<images {
      let pixels = naive.image.map { _ in generator.float() }
      let image = self.padded(
        pixels, (3, 5, 17), result: (3, 5, outputs), kernel: 3, stride: 1, padding: 1, .winograd)
      (shape, padded) = (image.shape, padded + image.image + [.nan, .nan])
    }
    let step = padded.count / images
    var work = work(shape)
    var packed = [Float](repeating: .nan, count: 36 * 17 * rounded(outputs))
    let upstream = (0..<images * 15 * outputs).map { _ in generator.float() }
    let sumCount = 36 * 32 * rounded(outputs)
    var (all, single) = ([Float](repeating: .nan, count: upstream.count), [Float](repeating: .nan, count: upstream.count))
    var (allSums, singleSums) = ([Float](repeating: 0, count: sumCount), [Float](repeating: 0, count: sumCount))
    isa.run {
      drn_winograd_weights(naive.weights, outputs, 17, outputs, 0, &packed, 0, 17)
      drn_winograd_convolve(&shape, images, padded, step, packed, drn_ahead(), 0, &all, &work)
      drn_winograd_weight_gradient(&shape, images, padded, step, upstream, drn_ahead(), drn_ahead(), &allSums, &work)
      for image in 0..<images {
        let (pixels, place) = (Array(padded[(image * step)...]), image * 15 * outputs)
        single.withUnsafeMutableBufferPointer { y in
          guard let base = y.baseAddress else { return }
          drn_winograd_convolve(&shape, 1, pixels, 0, packed, drn_ahead(), 0, base + place, &work)
        }
        drn_winograd_weight_gradient(
          &shape, 1, pixels, 0, Array(upstream[place...]), drn_ahead(), drn_ahead(), &singleSums, &work)
      }
    }
    #expect(all.map(\.bitPattern) == single.map(\.bitPattern))
    #expect(allSums.map(\.bitPattern) == singleSums.map(\.bitPattern))
  }
}
