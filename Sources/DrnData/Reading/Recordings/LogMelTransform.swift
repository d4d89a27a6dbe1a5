import Foundation

/// The tables of `LogMelFrames`, and what they make of samples. In double precision, and rounded at the end.
struct LogMelTransform: Sendable {
  private let settings: LogMelFrames
  private let window: [Double]
  private let filters: [(first: Int, weights: [Double])]
  /// exp(-2 pi i k / points) for the first half of k.
  private let twiddles: [(real: Double, imaginary: Double)]
  /// Where each value goes before the first butterflies.
  private let reversed: [Int]
  /// What a frame without a sound is made of.
  static let silence = Float(log(LogMelFrames.floor))

  init(_ settings: LogMelFrames) {
    self.settings = settings
    window = (0..<settings.window).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(settings.window)) }
    filters = settings.filters()
    let points = settings.points
    twiddles = (0..<points / 2).map { (cos(2 * .pi * Double($0) / Double(points)), -sin(2 * .pi * Double($0) / Double(points))) }
    let bits = points.trailingZeroBitCount
    reversed = (0..<points).map { index in (0..<bits).reduce(0) { $0 << 1 | (index >> $1) & 1 } }
  }

  /// Writes `frames` frames of `bands` values; behind the end of the samples there is silence, and what is behind the last frame is left out.
  func apply(_ samples: [Double], frames: Int, into destination: UnsafeMutablePointer<Float>) {
    var real = [Double](repeating: 0, count: settings.points)
    var imaginary = real
    for frame in 0..<frames {
      let values = destination + frame * settings.bands
      let (start, overflow) = frame.multipliedReportingOverflow(by: settings.hop)
      guard !overflow, start < samples.count else {
        values.update(repeating: Self.silence, count: settings.bands)
        continue
      }
      let heard = min(settings.window, samples.count - start)
      for index in real.indices {
        let place = reversed[index]
        real[index] = place < heard ? samples[start + place] * window[place] : 0
        imaginary[index] = 0
      }
      transform(&real, &imaginary)
      for (band, filter) in filters.enumerated() {
        var energy = 0.0
        for (index, weight) in filter.weights.enumerated() {
          let bin = filter.first + index
          energy += weight * (real[bin] * real[bin] + imaginary[bin] * imaginary[bin])
        }
        values[band] = Float(log(LogMelFrames.floor + energy))
      }
    }
  }

  /// The discrete Fourier transform of values in bit-reversed order (Cooley and Tukey, 1965, radix 2).
  private func transform(_ real: inout [Double], _ imaginary: inout [Double]) {
    let points = real.count
    real.withUnsafeMutableBufferPointer { real in
      imaginary.withUnsafeMutableBufferPointer { imaginary in
        twiddles.withUnsafeBufferPointer { twiddles in
          var half = 1
          while half < points {
            let step = points / (2 * half)
            for start in stride(from: 0, to: points, by: 2 * half) {
              for index in 0..<half {
                let (upper, lower, turn) = (start + index, start + index + half, twiddles[index * step])
                let turned = (
                  real[lower] * turn.real - imaginary[lower] * turn.imaginary, real[lower] * turn.imaginary + imaginary[lower] * turn.real
                )
                (real[lower], imaginary[lower]) = (real[upper] - turned.0, imaginary[upper] - turned.1)
                (real[upper], imaginary[upper]) = (real[upper] + turned.0, imaginary[upper] + turned.1)
              }
            }
            half *= 2
          }
        }
      }
    }
  }
}
