import Foundation

/// The angles t base^(-2 i / size) by which pair i of the columns of a head turns at position t.
struct RotaryTable: Hashable {
  let length: Int
  let size: Int
  let base: Double

  /// Of every angle, positions by pairs.
  func map(_ function: (Double) -> Double) -> [Float] {
    (0..<length).flatMap { position in
      (0..<size / 2).map { Float(function(Double(position) * pow(base, -2 * Double($0) / Double(size)))) }
    }
  }
}

extension HLOBuilder {
  /// Cosines and sines (length x size / 2), written once.
  mutating func cosinesAndSines(_ table: RotaryTable) -> (cosines: HLOValue, sines: HLOValue) {
    if let known = tables[table] { return known }
    let shape = [table.length, table.size / 2]
    let made = (constant(table.map { cos($0) }, shape), constant(table.map { sin($0) }, shape))
    tables[table] = made
    return made
  }

  /// Columns i and i + size / 2 on the last axis turned together, or turned back; cosines and sines have the shape of half of x.
  mutating func turned(_ x: HLOValue, _ cosines: HLOValue, _ sines: HLOValue, back: Bool = false) -> HLOValue {
    let axis = x.shape.count - 1
    let half = x.shape[axis] / 2
    let sizes = Array(x.shape.dropLast()) + [half]
    var starts = x.shape.map { _ in 0 }
    let low = slice(x, starts, sizes)
    starts[axis] = half
    let high = slice(x, starts, sizes)
    let signed = back ? map("negate", sines) : sines
    let first = subtract(multiply(low, cosines), multiply(high, signed))
    return concatenate([first, add(multiply(high, cosines), multiply(low, signed))], axis: axis)
  }
}
