import Foundation
import Testing

@testable import DrnData

/// Log-mel energies restated in double precision from their definition: a sum for each frequency, a triangle at each.
private func naive(_ samples: [Double], _ settings: LogMelFrames, frames: Int) -> [Double] {
  func mel(_ frequency: Double) -> Double { 2595 * log10(1 + frequency / 700) }
  func frequency(_ mel: Double) -> Double { 700 * (pow(10, mel / 2595) - 1) }
  let (points, top) = (settings.points, mel(Double(settings.rate) / 2))
  let corners = (0...settings.bands + 1).map { frequency(top * Double($0) / Double(settings.bands + 1)) }
  var result: [Double] = []
  for frame in 0..<frames {
    let heard = (0..<settings.window).map { place -> Double in
      let index = frame * settings.hop + place
      let hann = 0.5 * (1 - cos(2 * .pi * Double(place) / Double(settings.window)))
      return index < samples.count ? samples[index] * hann : 0
    }
    let powers = (0...points / 2).map { bin -> Double in
      let turns = heard.indices.map { 2 * .pi * Double(bin * $0 % points) / Double(points) }
      let (real, imaginary) = (zip(heard, turns).reduce(0) { $0 + $1.0 * cos($1.1) }, zip(heard, turns).reduce(0) { $0 + $1.0 * sin($1.1) })
      return real * real + imaginary * imaginary
    }
    for band in 0..<settings.bands {
      let energy = powers.indices.reduce(0.0) { sum, bin in
        let place = Double(bin) * Double(settings.rate) / Double(points)
        let rise = (place - corners[band]) / (corners[band + 1] - corners[band])
        let fall = (corners[band + 2] - place) / (corners[band + 2] - corners[band + 1])
        return sum + max(0, min(rise, fall)) * powers[bin]
      }
      result.append(log(1e-6 + energy))
    }
  }
  return result
}

@Suite("Log-mel energies") struct LogMelTests {
  private func frames(_ samples: [Double], _ settings: LogMelFrames, _ count: Int) -> [Float] {
    [Float](unsafeUninitializedCapacity: count * settings.bands) { buffer, filled in
      if let base = buffer.baseAddress { LogMelTransform(settings).apply(samples, frames: count, into: base) }
      filled = count * settings.bands
    }
  }

  /// Two tones and noise, with a loud and a silent part.
  private func sound(_ count: Int) -> [Double] {
    let noise = RandomStream(seed: 5, purpose: "test", name: "sound").normals(count: count)
    return (0..<count).map { index in
      let time = Double(index) / 8000
      let tones = 0.4 * sin(2 * .pi * 440 * time) + 0.2 * sin(2 * .pi * 1730 * time)
      return index < count / 3 ? tones : index < count / 2 ? 0 : 0.01 * Double(noise[index])
    }
  }

  @Test(
    "are those of the definition, in double precision",
    arguments: [
      LogMelFrames(rate: 8000, window: 200, hop: 80, bands: 40), LogMelFrames(rate: 8000, window: 256, hop: 128, bands: 23),
      LogMelFrames(rate: 16_000, window: 400, hop: 160, bands: 64), LogMelFrames(rate: 44_100, window: 3, hop: 3, bands: 1),
      LogMelFrames(rate: 8000, window: 2, hop: 1, bands: 1),
    ])
  func oracle(_ settings: LogMelFrames) {
    let samples = sound(1500)
    let expected = naive(samples, settings, frames: 20)
    for (index, value) in frames(samples, settings, 20).enumerated() {
      #expect(abs(Double(value) - expected[index]) < 1e-4 * max(1, abs(expected[index])), "value \(index)")
    }
  }

  /// By numpy 2.4: `log(1e-6 + abs(fft.rfft(frame * hann, 256))**2 @ weights)`.
  private static let numpy: [(frame: Int, band: Int, value: Double)] = [
    (0, 0, -9.953565977900102), (0, 8, 3.1065062549036107), (0, 22, -11.16853544934054), (3, 9, 5.683226033378223),
    (6, 22, -5.704586573412795), (6, 39, -11.684284799317327), (11, 8, 3.7611368692269376), (12, 8, 0.087716814141174),
    (13, 0, -13.815510557964274),
  ]

  @Test("are those that numpy gives for a recording of 16 bits") func againstNumpy() {
    let samples = (0..<1000).map { index -> Double in
      let time = Double(index) / 8000
      let value = 12_000 * sin(2 * .pi * 440 * time) + (index < 500 ? 6000 * sin(2 * .pi * 1730 * time) : 0)
      return value.rounded(.toNearestOrEven) / 32_768
    }
    let values = frames(samples, LogMelFrames(rate: 8000, window: 200, hop: 80, bands: 40), 14)
    for (frame, band, value) in Self.numpy { #expect(abs(Double(values[frame * 40 + band]) - value) < 1e-4 * max(1, abs(value))) }
  }

  @Test("behind the end of a recording is silence, and what is behind the last frame counts for nothing") func ends() {
    let settings = LogMelFrames(rate: 8000, window: 200, hop: 80, bands: 40)
    let samples = sound(1000)
    let values = frames(samples, settings, 20)
    #expect(values[13 * 40..<20 * 40].allSatisfy { $0 == Float(log(1e-6)) })
    #expect(values == frames(samples + [Double](repeating: 0, count: 9000), settings, 20))
    #expect(settings.samples(frames: 4) == 440)
    let loud = sound(3000)
    #expect(frames(loud, settings, 4) == frames(Array(loud.prefix(440)), settings, 4))
    #expect(frames(loud, settings, 4) != frames(Array(loud.prefix(430)), settings, 4))
    #expect(frames([], settings, 2) == [Float](repeating: Float(log(1e-6)), count: 80))
  }

  @Test("a band between two frequencies is told, and sizes too large to count") func bounds() {
    #expect(LogMelFrames(rate: 8000, window: 200, hop: 80, bands: 40).emptyBand == nil)
    #expect(LogMelFrames(rate: 8000, window: 200, hop: 80, bands: 100).emptyBand != nil)
    #expect(LogMelFrames(rate: 1, window: 2, hop: 1, bands: 1024).emptyBand != nil)
    #expect(LogMelFrames(rate: 8000, window: 200, hop: 65_536, bands: 40).samples(frames: Int.max) == nil)
    #expect([2, 3, 200, 256, 257].map { LogMelFrames(rate: 8000, window: $0, hop: 1, bands: 1).points } == [2, 4, 256, 256, 512])
  }
}
