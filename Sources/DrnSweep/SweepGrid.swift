import DrnData

/// The settings of a sweep: all combinations of the values of its axes, or some of them drawn at random.
public struct SweepGrid: Sendable {
  /// More runs are refused: nobody waits for them, and each has a folder.
  public static let mostRuns = 10_000

  /// In the order given; no key twice.
  public let axes: [SweepAxis]
  /// In the order of the grid, the last axis changing fastest.
  public let settings: [SweepSetting]

  /// All combinations, or `count` different ones of them, by the seed; every choice of so many is equally likely.
  public init(_ axes: [SweepAxis], drawing count: Int? = nil, seed: UInt64 = 0) throws(SweepFault) {
    if let twice = axes.indices.first(where: { place in axes[..<place].contains { $0.key == axes[place].key } }) {
      throw SweepFault("`--set \(axes[twice].key)` is given twice", help: "give its values in one, with commas between them")
    }
    var size = 1
    for axis in axes {
      let (product, overflow) = size.multipliedReportingOverflow(by: axis.values.count)
      guard !overflow else { throw SweepFault("the grid has more settings than can be counted") }
      size = product
    }
    if let count, count > size {
      throw SweepFault(
        "--random \(count) asks for more settings than the grid has, which is \(size)", help: "leave it out to run all of them")
    }
    guard count ?? size <= Self.mostRuns else {
      throw SweepFault("the grid has \(size) settings, and a sweep at most \(Self.mostRuns) runs", help: "draw some of them with --random")
    }
    let places = count.map { Self.draw($0, below: size, seed: seed) } ?? Array(0..<size)
    self.axes = axes
    settings = places.map { Self.setting(axes, $0) }
  }

  /// Different numbers in their order, by Floyd's method (Bentley and Floyd, "A sample of brilliance", CACM 30(9), 1987): the grid may be
  /// larger than memory.
  private static func draw(_ count: Int, below size: Int, seed: UInt64) -> [Int] {
    let stream = RandomStream(seed: seed, purpose: "sweep", name: "settings")
    var drawn = Set<Int>()
    for last in size - count..<size {
      let number = Int(stream.integer(below: UInt64(last) + 1, at: UInt64(last)))
      drawn.insert(drawn.contains(number) ? last : number)
    }
    return drawn.sorted()
  }

  private static func setting(_ axes: [SweepAxis], _ place: Int) -> SweepSetting {
    var rest = place
    let values = axes.reversed().map { axis -> SweepSetting.Value in
      defer { rest /= axis.values.count }
      return SweepSetting.Value(key: axis.key, text: axis.values[rest % axis.values.count])
    }
    return SweepSetting(values: values.reversed())
  }
}

/// One value of every axis: what its runs have in common.
public struct SweepSetting: Hashable, Sendable {
  /// What one axis is set to.
  public struct Value: Hashable, Sendable {
    /// What is set.
    public let key: String
    /// The value as it was written.
    public let text: String
  }
  /// In the order of the axes.
  public let values: [Value]

  /// As `--set` takes them.
  public var overrides: [String] { values.map { "\($0.key)=\($0.text)" } }
  /// For people.
  public var text: String { values.isEmpty ? "as written" : overrides.joined(separator: ", ") }

  private static let longestName = 100

  /// The folder of its run with a seed, by what is set alone: a grid that grows finds the runs there are. What a name cannot hold is left out,
  /// and a number made of all of it put in its place.
  public func folder(seed: UInt64) -> String {
    let whole = (overrides + ["seed=\(seed)"]).joined(separator: ",")
    let plain = String(whole.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._=+-,".contains($0)) ? $0 : "_" })
    guard plain != whole || plain.utf8.count > Self.longestName else { return plain }
    let hash = whole.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    return plain.prefix(Self.longestName) + "-" + String(hash, radix: 16)
  }
}
