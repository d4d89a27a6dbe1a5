import Foundation

/// The cosines and sines of t base^(-2 i / size), for each position t and pair i of columns.
func rotaryAngles(length: Int, size: Int, base: Double) -> (cosines: [Float], sines: [Float]) {
  let angles = (0..<length).flatMap { position in
    (0..<size / 2).map { Double(position) * pow(base, -2 * Double($0) / Double(size)) }
  }
  return (angles.map { Float(cos($0)) }, angles.map { Float(sin($0)) })
}
