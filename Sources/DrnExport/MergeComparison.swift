import DrnMethods
import DrnProgram
import DrnTrain
import Foundation

/// The outputs of merged weights beside those of the factors they are made of.
public struct MergeComparison: Sendable {
  /// The largest difference of an output, relative to the largest output.
  public let difference: Double
  /// Examples that were tried.
  public let examples: Int
  /// Whether they are of the validation split; else they are drawn.
  public let isOfValidation: Bool

  /// The most that is let pass.
  public static let bound = 1e-4
  private static let mostExamples = 256
  private static let batch = 32

  /// Throws where the difference is above the bound.
  public init(_ merged: ExportedNetwork, beside factored: ExportedNetwork, threads: Int) throws(ExportError) {
    let program = merged.program
    let found = RunWeights.validationExamples(of: program, atMost: Self.mostExamples)
    let (examples, count) = found ?? (Self.drawn(program, Self.mostExamples), Self.mostExamples)
    let elements = program.network.inputShape.reduce(1, *)
    var (largest, difference) = (0.0, 0.0)
    var start = 0
    while start < count {
      let size = min(Self.batch, count - start)
      let part = examples.part(start * elements..<(start + size) * elements)
      let (left, right) = (
        try merged.outputs(of: part, count: size, threads: threads), try factored.outputs(of: part, count: size, threads: threads)
      )
      for (left, right) in zip(left, right) {
        largest = max(largest, abs(Double(right)))
        // A difference that is no number is larger than any bound.
        let distance = abs(Double(left) - Double(right))
        difference = distance.isNaN ? .infinity : max(difference, distance)
      }
      start += size
    }
    self.difference = largest > 0 ? difference / largest : difference
    (self.examples, isOfValidation) = (count, found != nil)
    guard self.difference <= Self.bound else {
      throw ExportError(
        .differs, "merged weights change an output by \(text) of the largest one, which is above \(Self.bound)",
        help: "leave out --merge to write the factors")
    }
  }

  /// The difference with two digits.
  public var text: String { String(format: "%.1e", difference) }

  /// Uniform numbers of variance 1, or tokens, always the same.
  private static func drawn(_ program: CheckedProgram, _ count: Int) -> ForwardExamples {
    var state: UInt64 = 0x9e37_79b9_7f4a_7c15
    func next() -> Double {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Double(state >> 11) / 0x1p53
    }
    let elements = program.network.inputShape.reduce(count, *)
    guard program.network.inputElement == .token else {
      return .numbers((0..<elements).map { _ in Float((next() * 2 - 1) * 3.0.squareRoot()) })
    }
    let vocabulary = program.network.nodes.lazy.compactMap { ($0.layer as? any TokenLayer)?.vocabulary }.first ?? 1
    return .tokens((0..<elements).map { _ in Int32(min(vocabulary - 1, Int(next() * Double(vocabulary)))) })
  }
}

extension ForwardExamples {
  fileprivate func part(_ range: Range<Int>) -> ForwardExamples {
    switch self {
    case .numbers(let values): .numbers(Array(values[range]))
    case .tokens(let tokens): .tokens(Array(tokens[range]))
    }
  }
}
