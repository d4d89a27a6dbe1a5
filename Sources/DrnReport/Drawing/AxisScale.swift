import Foundation

/// From values to places along an axis.
struct AxisScale {
  let low: Double
  let high: Double
  let isLogarithmic: Bool
  let from: Double
  let to: Double

  /// Over the finite values; with `isLogarithmic` over those above 0. `padded` leaves room at both ends.
  init(_ values: [Double], from: Double, to: Double, isLogarithmic: Bool = false, includesZero: Bool = false, isPadded: Bool = true) {
    let known = values.filter { $0.isFinite && (!isLogarithmic || $0 > 1e-300) && abs($0) < 1e300 }
    var (low, high) = (known.min() ?? (isLogarithmic ? 0.1 : 0), known.max() ?? 1)
    if includesZero, !isLogarithmic { (low, high) = (min(low, 0), max(high, 0)) }
    if low == high {
      (low, high) = isLogarithmic ? (low / 2, high * 2) : (low - max(abs(low) * 0.1, 0.5e-9), high + max(abs(high) * 0.1, 0.5e-9))
    }
    if isPadded, !isLogarithmic {
      let room = (high - low) * 0.05
      (low, high) = (includesZero && low == 0 ? 0 : low - room, high + room)
    } else if isPadded {
      let room = Foundation.pow(high / low, 0.05)
      if room.isFinite { (low, high) = (low / room, high * room) }
    }
    (self.low, self.high, self.from, self.to, self.isLogarithmic) = (low, high, from, to, isLogarithmic)
  }

  /// The place of a value; `nil` for one that has none.
  func place(_ value: Double) -> Double? {
    guard value.isFinite, !isLogarithmic || value > 0 else { return nil }
    let share = isLogarithmic ? log(value / low) / log(high / low) : (value - low) / (high - low)
    guard share.isFinite else { return nil }
    return from + min(max(share, -0.02), 1.02) * (to - from)
  }

  /// Round values within the scale, about `count` of them.
  func ticks(_ count: Int) -> [Double] {
    if isLogarithmic {
      let (first, last) = (Int(log10(low).rounded(.up)), Int(log10(high).rounded(.down)))
      if last - first >= 1 {
        let stride = max(1, (last - first + count - 1) / count)
        return Swift.stride(from: first, through: last, by: stride).map { pow(10, Double($0)) }
      }
      return [1, 2, 5].flatMap { digit in (first - 1...first + 1).map { digit * pow(10, Double($0)) } }.filter { $0 >= low && $0 <= high }
        .sorted()
    }
    let rough = (high - low) / Double(max(1, count))
    guard rough > 0, rough.isFinite else { return [] }
    let power = pow(10, log10(rough).rounded(.down))
    let step = ([1, 2, 5].first { $0 * power >= rough * 0.999 } ?? 10) * power
    guard step > 0 else { return [] }
    var (ticks, index): ([Double], Double) = ([], (low / step).rounded(.up))
    while index * step <= high + step * 1e-9, ticks.count < 30 {
      ticks.append(abs(index) < 0.5 ? 0 : index * step)
      index += 1
    }
    return ticks
  }

  /// The room that the numbers of a vertical axis and its title take.
  func margin(isShare: Bool = false, _ written: ((Double) -> String)? = nil) -> Double {
    let ticks = ticks(5)
    let longest = (written.map { ticks.map($0) } ?? texts(ticks, isShare: isShare)).map(\.count).max() ?? 1
    return max(38, Double(longest) * Frame.letter + 26)
  }

  /// Ticks as text, all with the same number of decimals.
  func texts(_ ticks: [Double], isShare: Bool = false) -> [String] {
    if isLogarithmic { return ticks.map { isShare ? NumberText.short($0 * 100) + " %" : NumberText.short($0) } }
    let step = ticks.count > 1 ? (ticks[1] - ticks[0]) * (isShare ? 100 : 1) : 1
    let decimals = step > 0 && step < 1 ? min(8, Int((-log10(step) + 0.01).rounded(.up))) : 0
    return ticks.map { tick in
      let value = isShare ? tick * 100 : tick
      let text = abs(value) >= 1e5 ? NumberText.compact(value) : String(format: "%.\(decimals)f", value)
      return isShare ? text + " %" : text
    }
  }
}

/// Fewer points for the same picture.
enum Thinning {
  /// Of each run of neighbouring points the first, the last, the least and the greatest, and every one that is no finite number; at most about
  /// `most` in all.
  static func thinned(_ points: [(x: Double, y: Double)], most: Int) -> [(x: Double, y: Double)] {
    guard points.count > most, most >= 4 else { return points }
    let buckets = most / 4
    var kept: [(x: Double, y: Double)] = []
    for bucket in 0..<buckets {
      let range = bucket * points.count / buckets..<(bucket + 1) * points.count / buckets
      guard !range.isEmpty else { continue }
      var places: Set<Int> = [range.lowerBound, range.upperBound - 1]
      let finite = range.filter { points[$0].y.isFinite }
      if let least = finite.min(by: { points[$0].y < points[$1].y }) { places.insert(least) }
      if let greatest = finite.max(by: { points[$0].y < points[$1].y }) { places.insert(greatest) }
      if let broken = range.first(where: { !points[$0].y.isFinite }) { places.insert(broken) }
      kept += places.sorted().map { points[$0] }
    }
    return kept
  }
}
