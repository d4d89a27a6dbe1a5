import Dispatch
import Foundation
import Synchronization

/// Reads a table in portions, as a network takes it that learned from another: by the names of columns, classes and levels it learned.
///
/// Columns that were not learned are passed over, so that a table of new examples may have others and lack the label.
public final class TableStream {
  private let layout: CSVLayout
  private let options: CSVOptions
  private let levels: TableLevels
  private var lines: LineReader
  private var first: CSVRow?

  /// Opens a table and finds the columns of `description` in it, and with `withTargets` those that were learned; `options` are those of the
  /// table that was learned from.
  public init(path: String, _ description: TableDescription, _ options: CSVOptions, withTargets: Bool) throws(DataError) {
    var asked = options
    asked.categories = []
    asked.leftOut = []
    asked.columns = nil
    asked.targets = []
    asked.task = .regression
    asked.shape = nil
    asked.isLearned = true
    // Where the columns are, and whether they have names.
    var probe = try LineReader(path: path)
    let (found, _) = try CSVLayout.read(&probe, asked)
    let columns = try Self.columns(description, found, withTargets: withTargets)
    asked.columns = columns.features.map { .index($0) }
    asked.categories = zip(columns.features, description.features).compactMap { $1.levels == nil ? nil : .index($0) }
    asked.targets = columns.targets.map { .index($0) }
    asked.task = withTargets ? options.task : .regression
    asked.shape = options.shape
    // A row without a prediction would shift all that follow it.
    if !withTargets, options.missing == .drop { asked.missing = .error }
    var levels = TableLevels(classes: description.classes)
    for (column, feature) in zip(columns.features, description.features) { levels.categories[column] = feature.levels }
    var opened = try LineReader(path: path)
    let (layout, first) = try CSVLayout.read(&opened, asked)
    (self.layout, self.first, self.options, self.levels) = (layout, first, asked, levels)
    lines = opened
  }

  /// The next examples, at most `count` of them; nil at the end of the table. Without targets an example has none.
  public func next(atMost count: Int) throws(DataError) -> DataSet? {
    var rows: [Row] = []
    if let first, !layout.leavesOut(first) { rows.append(Row(bytes: first.bytes, line: lines.lineNumber)) }
    let isBegun = first != nil
    first = nil
    // Rows that are left out do not count, and only who splits them knows.
    guard options.missing != .drop else { return try nextKept(count, rows, isBegun) }
    rows.reserveCapacity(min(count, 1 << 16))
    while rows.count < count, let line = try lines.nextFilled() { rows.append(Row(bytes: line, line: lines.lineNumber)) }
    guard !rows.isEmpty else { return isBegun ? try load(rows) : nil }
    return try loadInParallel(rows)
  }

  /// A line of the table and its number.
  private struct Row {
    let bytes: [UInt8]
    let line: Int
  }

  private func nextKept(_ count: Int, _ rows: [Row], _ isBegun: Bool) throws(DataError) -> DataSet? {
    var loader = TableLoader(layout, options, levels)
    for row in rows { try loader.add(row.bytes, line: row.line) }
    var isAtEnd = !isBegun
    while loader.count < count, let line = try lines.nextFilled() {
      isAtEnd = false
      try loader.add(line, line: lines.lineNumber)
    }
    return isAtEnd ? nil : try loader.finishPortion()
  }

  private func load(_ rows: [Row]) throws(DataError) -> DataSet {
    var loader = TableLoader(layout, options, levels)
    for row in rows { try loader.add(row.bytes, line: row.line) }
    return try loader.finishPortion()
  }

  /// As `load`, on all processors. Where one of them finds a fault all rows are looked at once more, in order.
  private func loadInParallel(_ rows: [Row]) throws(DataError) -> DataSet {
    let (layout, options, levels) = (layout, options, levels)
    let parts = min(max(1, ProcessInfo.processInfo.activeProcessorCount), max(1, rows.count / 256))
    guard parts > 1 else { return try load(rows) }
    let found = Mutex([DataSet?](repeating: nil, count: parts))
    DispatchQueue.concurrentPerform(iterations: parts) { part in
      var loader = TableLoader(layout, options, levels)
      do throws(DataError) {
        for row in rows[(rows.count * part / parts)..<(rows.count * (part + 1) / parts)] { try loader.add(row.bytes, line: row.line) }
        let set = try loader.finish()
        found.withLock { $0[part] = set }
      } catch { return }
    }
    let sets = found.withLock { $0 }
    guard var all = sets[0], !sets.contains(nil) else { return try load(rows) }
    for set in sets.dropFirst() { if let set { all = try all.appending(set) } }
    return all
  }

  /// The columns of the features and of what was learned.
  private static func columns(
    _ description: TableDescription, _ layout: CSVLayout, withTargets: Bool
  ) throws(DataError) -> (features: [Int], targets: [Int]) {
    let features = description.features.map(\.name)
    let targets = withTargets ? description.targets : []
    let numbers = (features + targets).compactMap { Int($0) }
    let isNumbered =
      numbers.count == features.count + targets.count && !(layout.names.map { names in features.allSatisfy(names.contains) } ?? false)
    guard isNumbered else {
      guard let names = layout.names else {
        throw DataError(
          kind: .options, path: layout.path, message: "has no row of names, and the columns that were learned have names",
          help: "begin the table with the names of its columns, as \(Self.listed(features, ","))", line: 1)
      }
      func place(_ name: String) throws(DataError) -> Int {
        guard let place = names.firstIndex(of: name) else {
          throw DataError(
            kind: .options, path: layout.path, message: "has no column \"\(shown(name))\"",
            help: "the network takes the columns \(Self.listed(features + targets, ", "))", line: 1,
            missing: .init(name: name, known: names))
        }
        guard names.lastIndex(of: name) == place else {
          throw DataError(kind: .options, path: layout.path, message: "has more than one column \"\(shown(name))\"", line: 1)
        }
        return place
      }
      var places: [Int] = []
      for name in features + targets { places.append(try place(name)) }
      return (Array(places.prefix(features.count)), Array(places.dropFirst(features.count)))
    }
    let own = Array(numbers.prefix(features.count))
    // A table of the features alone has them in the order in which they were learned.
    if targets.isEmpty, layout.width == features.count { return (own.indices.sorted { own[$0] < own[$1] }.ranks, []) }
    if description.targets.isEmpty, layout.width != features.count {
      throw DataError(
        kind: .sizeMismatch, path: layout.path, message: "has \(layout.width) columns, and the network takes \(features.count) values",
        line: 1)
    }
    guard let last = numbers.max(), last < layout.width else {
      throw DataError(
        kind: .sizeMismatch, path: layout.path,
        message: "has \(layout.width) columns, and the network takes column \(numbers.max() ?? 0), counted from 0", line: 1)
    }
    return (own, Array(numbers.dropFirst(features.count)))
  }

  private static func listed(_ names: [String], _ separator: String) -> String {
    names.prefix(12).map(shown).joined(separator: separator) + (names.count > 12 ? separator + "..." : "")
  }
}

extension [Int] {
  /// Of a permutation the place of each number.
  fileprivate var ranks: [Int] {
    var places = self
    for (place, number) in enumerated() { places[number] = place }
    return places
  }
}

extension TableLoader {
  /// As `finish`, of a portion that may hold no example: rows of it may have been left out.
  fileprivate func finishPortion() throws(DataError) -> DataSet {
    guard faults.isEmpty, count == 0 else { return try finish() }
    let target: DataSet.Target = options.task == .classification ? .labels([]) : .values([], width: layout.targets.count)
    return try DataSet(shape: layout.shape(levels, declared: options.shape), count: 0, storage: .floats([]), target: target)
  }
}
