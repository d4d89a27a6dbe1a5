import DrnIR
import DrnReference
import Testing

/// An image and the window that moves over it.
public struct WindowSample: Sendable, CustomTestStringConvertible {
  /// Its extents, channels last.
  public let image: [Int]
  /// The window.
  public let geometry: ConvolutionGeometry
  /// Groups of channels.
  public var groups = 1
  /// Channels of the result of a convolution.
  public var outputs = 2

  /// Strides 1 and 2, odd and even sizes, one-sided padding, dilation, groups and depthwise.
  public static let all = [
    WindowSample(image: [2, 4, 5, 2], geometry: ConvolutionGeometry(kernel: Extent2(3), padding: Padding2(1))),
    WindowSample(image: [1, 5, 4, 2], geometry: ConvolutionGeometry(kernel: Extent2(3), stride: Extent2(2), padding: Padding2(1))),
    WindowSample(
      image: [1, 4, 6, 3],
      geometry: ConvolutionGeometry(
        kernel: Extent2(3), stride: Extent2(2), padding: Padding2(top: 0, bottom: 1, left: 0, right: 1))),
    WindowSample(
      image: [2, 5, 3, 1],
      geometry: ConvolutionGeometry(
        kernel: Extent2(height: 2, width: 1), stride: Extent2(height: 1, width: 2), padding: Padding2(top: 1, bottom: 0, left: 0, right: 0))
    ),
    WindowSample(image: [1, 6, 5, 2], geometry: ConvolutionGeometry(kernel: Extent2(2), dilation: Extent2(height: 3, width: 2))),
    WindowSample(
      image: [1, 4, 4, 4], geometry: ConvolutionGeometry(kernel: Extent2(3), padding: Padding2(1)), groups: 2, outputs: 6),
    WindowSample(
      image: [1, 5, 5, 3], geometry: ConvolutionGeometry(kernel: Extent2(3), stride: Extent2(2), padding: Padding2(1)), groups: 3,
      outputs: 3),
    WindowSample(image: [2, 3, 3, 3], geometry: ConvolutionGeometry(kernel: Extent2(1), stride: Extent2(2)), outputs: 4),
  ]

  /// The shape of the result of a convolution.
  public var result: [Int] { windows + [outputs] }
  /// The shape of the result of a pool.
  public var pooled: [Int] { windows + [image[3]] }
  /// The shape of the matrix of patches.
  public var patches: [Int] { [windows.reduce(1, *), geometry.kernel.height * geometry.kernel.width * image[3]] }
  /// The shape of the weight of a convolution.
  public var weight: [Int] { [geometry.kernel.height * geometry.kernel.width * image[3] / groups, outputs] }

  private var windows: [Int] {
    let output = geometry.output(height: image[1], width: image[2]) ?? (0, 0)
    return [image[0], output.height, output.width]
  }

  public var testDescription: String { "\(image) by \(geometry.kernel), stride \(geometry.stride), groups \(groups)" }
}

extension OpSample {
  static func imageSamples(of opcode: Opcode, _ random: inout SplitMix64) -> [OpSample] {
    if opcode == .channelsLast || opcode == .channelsFirst { return [OpSample("2 x 3 x 4 x 5", [random.tensor([2, 3, 4, 5])])] }
    let samples = WindowSample.all.compactMap { windowSample(of: opcode, $0, &random) }
    return samples.isEmpty ? examples(of: opcode, &random) : samples
  }

  /// `nil` for pools with groups, which are none, and for ops without samples of their own here.
  private static func windowSample(of opcode: Opcode, _ window: WindowSample, _ random: inout SplitMix64) -> OpSample? {
    guard let shapes = operandShapes(opcode, window) else { return nil }
    var sample = OpSample(window.testDescription, shapes.map { random.tensor($0) }, window.geometry.attributes)
    let attributes = Set(opcode.spec.attributes.map(\.name))
    if attributes.contains("groups") { sample.attributes["groups"] = .integer(window.groups) }
    if attributes.contains("include_padding") { sample.attributes["include_padding"] = .boolean(window.image[0] == 1) }
    if attributes.contains("shape") { sample.attributes["shape"] = .dimensions(window.image.map { Dimension($0) }) }
    return sample
  }

  private static func operandShapes(_ opcode: Opcode, _ window: WindowSample) -> [[Int]]? {
    if opcode == .patches { return [window.image] }
    if opcode == .patchesGradient { return [window.patches] }
    if opcode == .convolution { return [window.image, window.weight] }
    if opcode == .convolutionInputGradient { return [window.result, window.weight] }
    if opcode == .convolutionWeightGradient { return [window.image, window.result] }
    if window.groups > 1 { return nil }
    if opcode == .maxPool || opcode == .averagePool { return [window.image] }
    if opcode == .maxPoolGradient { return [window.image, window.pooled] }
    return opcode == .averagePoolGradient ? [window.pooled] : nil
  }
}
