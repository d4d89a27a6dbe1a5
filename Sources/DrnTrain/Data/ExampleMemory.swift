import DrnProgram

/// What has been seen of each example trained on, in the order of the split, and which of them still are.
struct ExampleMemory: Equatable {
  /// Of each example how often it was right and then wrong.
  private(set) var forgettings: [Int32]
  /// Whether it was right when it was last trained on, and whether it ever was.
  private(set) var wasRight: [Bool]
  private(set) var everRight: [Bool]
  /// Which examples are still trained on, and the sieves that took others out, the latest last: the epoch each holds from, and its examples.
  private(set) var sieved: [(epoch: Int, kept: [Int32])] = []
  /// The place of an example of the data set.
  private let places: [Int: Int]

  /// `indices` are the examples of the split.
  init(_ indices: [Int]) {
    forgettings = Array(repeating: 0, count: indices.count)
    wasRight = Array(repeating: false, count: indices.count)
    everRight = wasRight
    places = Dictionary(uniqueKeysWithValues: indices.enumerated().map { ($0.element, $0.offset) })
  }

  static func == (left: ExampleMemory, right: ExampleMemory) -> Bool {
    left.forgettings == right.forgettings && left.wasRight == right.wasRight && left.everRight == right.everRight
      && left.sieved.map(\.epoch) == right.sieved.map(\.epoch) && left.sieved.map(\.kept) == right.sieved.map(\.kept)
  }

  /// Takes in whether the examples of a step were right.
  mutating func see(_ examples: [Int], areRight: [Bool]) {
    for (example, isRight) in zip(examples, areRight) {
      guard let place = places[example] else { continue }
      if wasRight[place], !isRight { forgettings[place] += 1 }
      wasRight[place] = isRight
      everRight[place] = everRight[place] || isRight
    }
  }

  /// The places that are still trained on.
  var kept: [Int32] { sieved.last?.kept ?? (0..<Int32(forgettings.count)).map { $0 } }

  /// Takes out the least forgotten from an epoch on and begins to count anew; returns how many left, and how many of these were never forgotten.
  mutating func sieve(_ sieve: Sieve, from epoch: Int) -> (removed: Int, neverForgotten: Int) {
    func rank(_ place: Int32) -> Int32 { everRight[Int(place)] ? forgettings[Int(place)] : .max }
    let order = kept.sorted { rank($0) == rank($1) ? $0 < $1 : rank($0) < rank($1) }
    let leaving = Set(order.prefix(sieve.removed(of: order.count)))
    let neverForgotten = leaving.filter { rank($0) == 0 }.count
    sieved.append((epoch, kept.filter { !leaving.contains($0) }))
    forgettings = forgettings.map { _ in 0 }
    wasRight = wasRight.map { _ in false }
    everRight = wasRight
    return (leaving.count, neverForgotten)
  }

  // MARK: Stored

  /// As tensors of a checkpoint, by name.
  var tensors: [String: [Float]] {
    var tensors: [String: [Float]] = ["forgettings": forgettings.map { Float($0) }]
    tensors["right"] = zip(wasRight, everRight).map { ($0 ? 1 : 0) + ($1 ? 2 : 0) }
    for (number, piece) in sieved.enumerated() {
      // An epoch and whether each example is in.
      let isIn = Set(piece.kept)
      tensors["sieve\(number)"] = [Float(piece.epoch)] + (0..<Int32(forgettings.count)).map { isIn.contains($0) ? 1 : 0 }
    }
    return tensors
  }

  /// Reads them back; `false` where they are of another split.
  mutating func restore(_ tensors: [String: [Float]]) -> Bool {
    guard let counts = tensors["forgettings"], let flags = tensors["right"], counts.count == forgettings.count, flags.count == counts.count,
      counts.allSatisfy({ $0 >= 0 && $0 < 1e9 }), flags.allSatisfy({ (0...3).contains($0) })
    else { return false }
    forgettings = counts.map { Int32($0) }
    wasRight = flags.map { Int($0) % 2 == 1 }
    everRight = flags.map { $0 >= 2 }
    sieved = []
    while let piece = tensors["sieve\(sieved.count)"] {
      guard piece.count == counts.count + 1, piece[0] >= 0, piece[0] < 1e9 else { return false }
      sieved.append((Int(piece[0]), piece.dropFirst().enumerated().filter { $0.element > 0 }.map { Int32($0.offset) }))
    }
    return true
  }
}
