import DrnIR
import DrnMethods
import DrnNumbers
import DrnSource
import Testing

@Suite("Shares of counts are exact")
struct ExactShareTests {
  private let span = Span(file: FileID(0), start: 0, end: 0)

  private func linear(_ first: OptionValue, _ last: OptionValue) -> OptionValue {
    let arguments = [first, last].map { OptionCall.Argument(name: nil, nameSpan: nil, value: LocatedOption($0, span)) }
    return .call(OptionCall(name: "linear", nameSpan: span, arguments: arguments, span: span))
  }

  @Test("a rank of p % is floor(p n / 100), alone and at both ends of a linear map, for every p and many n")
  func ranks() throws {
    for percent in 0...100 {
      let share = OptionValue.percent(Double(percent) / 100)
      let plain = try #require(RankRule(.proportion(share, of: "outputs")))
      let map = try #require(RankRule(.proportion(linear(share, share), of: "outputs")))
      for count in 1...300 {
        let shape = WeightShape(inputs: 1000, outputs: count)
        let expected = percent * count / 100
        #expect(plain.resolve(shape, current: nil) == expected)
        for position in 0..<4 { #expect(map.resolve(shape, current: nil, position: position, count: 4) == expected) }
      }
    }
  }

  @Test("a linear map meets whole numbers between its ends: from 10 % to 40 % over 4 layers, 10, 20, 30 and 40 of 100")
  func between() throws {
    let shape = WeightShape(inputs: 200, outputs: 100)
    let rules = [linear(.percent(0.1), .percent(0.4)), linear(.decimal(0.1), .rational(numerator: 2, denominator: 5))]
    for rule in try rules.map({ try #require(RankRule(.proportion($0, of: "outputs"))) }) {
      #expect((0..<4).map { rule.resolve(shape, current: nil, position: $0, count: 4) } == [10, 20, 30, 40])
    }
    let thirds = try #require(RankRule(.proportion(linear(.rational(numerator: 1, denominator: 3), .integer(1)), of: "outputs")))
    #expect((0..<3).map { thirds.resolve(WeightShape(inputs: 9, outputs: 9), current: nil, position: $0, count: 3) } == [3, 6, 9])
  }

  @Test("trim drops at most, keeps at least and takes in exactly its shares")
  func trim() {
    func event(_ options: [String: OptionValue]) -> Trim {
      Trim(options: Options(defaultsOf: Trim.spec).replacing(options.merging(["state": .word("reset")]) { _, new in new }))
    }
    let values = [Float](repeating: 1, count: 1) + [Float](repeating: 0.01, count: 99)
    let shape = WeightShape(inputs: 100, outputs: 100)
    for percent in 1...99 {
      let share = OptionValue.percent(Double(percent) / 100)
      let dropped = event(["below": .decimal(0.5), "drop_at_most": share]).decide(singularValues: values, rank: 100, shape: shape)
      #expect(dropped == max(1, 100 - percent))
      let kept = event(["below": .decimal(0.5), "drop_at_most": .integer(1), "at_least": share])
      #expect(kept.decide(singularValues: values, rank: 100, shape: shape) == percent)
    }
  }

  @Test("pruning keeps ceil(share * count)")
  func pruning() {
    let values = (1...100).map { Float($0) }
    for percent in 1...100 {
      #expect(pruneToLargest(values, keep: Rational(nearest: Double(percent) / 100)).count { $0 != 0 } == percent)
    }
    #expect(pruneToLargest(Array(values.prefix(9)), keep: Rational(1, 3) ?? 0).count { $0 != 0 } == 3)
  }
}
