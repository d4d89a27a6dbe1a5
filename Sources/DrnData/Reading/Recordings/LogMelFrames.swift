import Foundation

/// How a recording becomes frames: the logarithm of the energies of mel bands, in stretches of `window` samples that begin every `hop`.
///
/// The spectrum is that of the stretch under a Hann window, 0.5 - 0.5 cos(2 pi n / window), filled up with zeros to a power of two. The filters
/// are triangles over frequency, of height 1, whose corners are equally far apart in mel, 2595 log10(1 + f / 700), from 0 to half the rate. A
/// value is log(1e-6 + sum of weight * |X|^2). Source of scale and filters: Young et al., "The HTK Book".
public struct LogMelFrames: Hashable, Sendable {
  /// Samples a second.
  public let rate: Int
  /// Samples of a frame.
  public let window: Int
  /// Samples from the start of a frame to that of the next.
  public let hop: Int
  /// Values of a frame.
  public let bands: Int

  /// Sizes below 1 are taken as 1, and a window below 2 as 2.
  public init(rate: Int, window: Int, hop: Int, bands: Int) {
    self.rate = max(rate, 1)
    self.window = max(window, 2)
    self.hop = max(hop, 1)
    self.bands = max(bands, 1)
  }

  /// What is added to an energy, so that silence has a logarithm.
  public static let floor = 1e-6

  /// The points of the transform: the next power of two from `window` on.
  public var points: Int {
    var points = 2
    while points < window { points *= 2 }
    return points
  }

  /// The samples that `frames` frames reach over; nil where they are too many to count.
  func samples(frames: Int) -> Int? {
    checkedProduct([max(frames - 1, 0), hop]).flatMap { start in
      let (end, overflow) = start.addingReportingOverflow(window)
      return overflow ? nil : end
    }
  }

  /// The frames that so many samples reach into, at least one: every sample is in one of them.
  func count(samples: Int) -> Int { max(1, 1 + max(0, samples - window + hop - 1) / hop) }

  /// The weights of each band, from its first frequency of the transform on.
  func filters() -> [(first: Int, weights: [Double])] {
    let (width, top) = (Double(rate) / Double(points), 2595 * log10(1 + Double(rate) / 2 / 700))
    let corners = (0...bands + 1).map { 700 * (pow(10, top * Double($0) / Double(bands + 1) / 2595) - 1) }
    return (0..<bands).map { band in
      let (low, middle, high) = (corners[band], corners[band + 1], corners[band + 2])
      let first = min(Int(low / width) + 1, points / 2)
      let weights = (first...points / 2).lazy.map { bin in
        let frequency = Double(bin) * width
        return min((frequency - low) / (middle - low), (high - frequency) / (high - middle))
      }.prefix { $0 > 0 }
      return (first, Array(weights))
    }
  }

  /// A band, counted from 0, that lies between two frequencies of the transform, so that it would be silent whatever is said.
  public var emptyBand: Int? { filters().firstIndex { $0.weights.isEmpty } }
}
