import DrnNumbers

/// The division of examples into those trained on and those held back for validation.
public enum Split {
  /// Examples that give to the validation split in proportion to their number, and the name that keys their draw.
  private struct Group {
    var name: String
    var members: [Int]
  }

  /// Holds back about `validationFraction` of the examples (rounded to nearest; clamped to 0...1).
  ///
  /// With `labels`, one for each example, every class gives in proportion (largest remainder) and keeps at least one example for
  /// training; without them, or when their number differs from `count`, examples are drawn regardless of class. Both lists are
  /// ascending and depend on the labels, the count, the seed and the purpose of the draw alone.
  public static func make(
    labels: [Int32]?, count: Int, validationFraction: Rational, seed: UInt64, purpose: String = "split"
  ) -> (train: [Int], validation: [Int]) {
    make(labels: labels, count: count, validationCount: part(validationFraction, of: count), seed: seed, purpose: purpose)
  }

  /// Holds back `validationCount` examples (clamped to 0...count), fewer where each class must keep one for training.
  public static func make(
    labels: [Int32]?, count: Int, validationCount: Int, seed: UInt64, purpose: String = "split"
  ) -> (train: [Int], validation: [Int]) {
    let count = max(count, 0)
    let classes = labels.flatMap { $0.count == count ? Self.classes($0) : nil }
    let groups = classes ?? [Group(name: "all", members: Array(0..<count))]
    let sizes = groups.map(\.members.count)
    let limits = sizes.map { classes == nil ? $0 : $0 - 1 }
    let shares = apportion(min(max(validationCount, 0), count), sizes: sizes, limits: limits)
    var isValidation = [Bool](repeating: false, count: count)
    for (group, share) in zip(groups, shares) {
      let order = RandomStream(seed: seed, purpose: purpose, name: group.name).permutation(count: group.members.count)
      for position in order.prefix(share) { isValidation[group.members[position]] = true }
    }
    return ((0..<count).filter { !isValidation[$0] }, (0..<count).filter { isValidation[$0] })
  }

  /// Holds back the last examples, about `validationFraction` of them, of data that has an order, such as a text.
  public static func tail(count: Int, validationFraction: Rational) -> (train: [Int], validation: [Int]) {
    let kept = max(count, 0) - part(validationFraction, of: count)
    return (Array(0..<kept), Array(kept..<max(count, 0)))
  }

  /// A share of a number of examples, rounded to the nearest; the share is clamped to 0...1.
  public static func part(_ share: Rational, of count: Int) -> Int {
    min(max(share, 0), 1).of(max(count, 0), .toNearestOrAwayFromZero)
  }

  /// How many of `count` examples are left to train on after `make` and `sample`, without drawing any. `classes` is the number of classes that
  /// occur among their labels, each of which keeps an example; `nil` where examples are drawn regardless of class.
  public static func trainedCount(of count: Int, classes: Int?, validationFraction: Rational, share: Rational) -> Int {
    let count = max(count, 0)
    let least = min(max(classes ?? 0, 0), count)
    let left = count - min(part(validationFraction, of: count), count - least)
    return share < 1 ? min(left, max(part(share, of: left), least, 1)) : left
  }

  /// The examples of `indices` that a run with `examples_used:` trains on: a share of them, stratified by class, at least one of each.
  ///
  /// The draws of a class do not depend on the share, so that a smaller share is a part of a larger one but for rounding.
  public static func sample(_ indices: [Int], labels: [Int32]?, share: Rational, seed: UInt64) -> [Int] {
    guard share < 1 else { return indices }
    let known = labels.map { labels in indices.map { labels.indices.contains($0) ? labels[$0] : -1 } }
    let count = max(1, part(share, of: indices.count))
    let left = make(labels: known, count: indices.count, validationCount: indices.count - count, seed: seed, purpose: "examples used")
    return left.train.map { indices[$0] }
  }

  /// How many examples of each class are left to train on after `make`, of so many there are of each.
  public static func trainedCounts(of sizes: [Int], validationFraction: Rational) -> [Int] {
    let present = sizes.indices.filter { sizes[$0] > 0 }
    let counts = present.map { sizes[$0] }
    let held = apportion(part(validationFraction, of: counts.reduce(0, +)), sizes: counts, limits: counts.map { $0 - 1 })
    var left = sizes
    for (index, share) in zip(present, held) { left[index] -= share }
    return left
  }

  /// The examples of `indices` that are trained on where each class keeps some number of them: `keep` gives the numbers for those there are
  /// of the classes 0 to `classes - 1`.
  ///
  /// A class is drawn in one order whatever the numbers, so that a smaller one is a part of a larger one. Labels that name no class are left out.
  public static func sample(_ indices: [Int], labels: [Int32], classes: Int, seed: UInt64, keep: ([Int]) -> [Int]) -> [Int] {
    var members = [[Int]](repeating: [], count: max(0, classes))
    for index in indices where labels.indices.contains(index) && members.indices.contains(Int(labels[index])) {
      members[Int(labels[index])].append(index)
    }
    let kept = zip(members, keep(members.map(\.count))).enumerated().map { label, chosen in
      let order = RandomStream(seed: seed, purpose: "examples used", name: String(label)).permutation(count: chosen.0.count)
      return order.suffix(max(0, chosen.1)).map { chosen.0[$0] }
    }
    return kept.flatMap { $0 }.sorted()
  }

  /// The examples of each class, by ascending label; nil when a label is negative and so names no class.
  private static func classes(_ labels: [Int32]) -> [Group]? {
    var members: [Int32: [Int]] = [:]
    for index in labels.indices {
      guard labels[index] >= 0 else { return nil }
      members[labels[index], default: []].append(index)
    }
    return members.keys.sorted().map { Group(name: String($0), members: members[$0] ?? []) }
  }

  /// Divides `total` in proportion to `sizes` by largest remainder, each share at most its limit; ties go to the earlier group.
  ///
  /// What a limit cuts off goes to the groups that still have room, in the same order.
  static func apportion(_ total: Int, sizes: [Int], limits: [Int]) -> [Int] {
    let whole = sizes.reduce(0, +)
    guard whole > 0 else { return sizes.map { _ in 0 } }
    let divisions = sizes.map { whole.dividingFullWidth(total.multipliedFullWidth(by: min($0, whole))) }
    var shares = zip(divisions, limits).map { min($0.quotient, $1) }
    let order = sizes.indices.sorted { (-divisions[$0].remainder, $0) < (-divisions[$1].remainder, $1) }
    var left = total - shares.reduce(0, +)
    while left > 0 {
      let before = left
      for group in order where left > 0 && shares[group] < limits[group] {
        shares[group] += 1
        left -= 1
      }
      if left == before { break }
    }
    return shares
  }
}
