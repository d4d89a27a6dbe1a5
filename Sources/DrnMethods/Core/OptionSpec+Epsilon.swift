/// A divisor's addend: the smallest is the smallest normal number of single precision, 2^-126. Below it a processor may take it for 0, and a
/// difference of 0 over a deviation of 0 is not a number.
extension OptionSpec {
  static func epsilon(default value: Double, _ summary: String) -> OptionSpec {
    OptionSpec("epsilon", .number(Double(Float.leastNormalMagnitude)...1), default: .decimal(value), summary)
  }
}
