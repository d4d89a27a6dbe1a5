import DrnNumbers
import DrnSystem

/// Reads a folder of text files, one for each class, whose lines are the examples: characters as tokens, filled up with token 0.
///
/// The files are those whose names end in `.txt`, in the order of their names; empty lines are left out. Characters are numbered from 1 in the
/// order of their code points.
public struct LinesReader: Sendable {
  /// The folder.
  public let path: String
  /// Tokens of an example; a longer line is an error.
  public let length: Int
  /// The share of the lines of each class held back for the test.
  public let testShare: Rational
  /// The seed of that split.
  public let seed: UInt64
  /// Whether examples know how many characters they have.
  public let keepsLengths: Bool

  public init(path: String, length: Int, testShare: Rational, seed: UInt64, keepsLengths: Bool = false) {
    self.path = path
    self.length = length
    self.testShare = testShare
    self.seed = seed
    self.keepsLengths = keepsLengths
  }

  /// All lines as tokens.
  public struct Content: Equatable, Sendable {
    public let train: DataSet
    /// nil where none are held back.
    public let test: DataSet?
    /// The names of the files, without their ending.
    public let classes: [String]
    /// What each token stands for; nothing for 0.
    public let vocabulary: CharacterVocabulary
  }

  /// Everything.
  public func load() throws(DataError) -> Content {
    let (lines, labels, classes, vocabulary) = try read()
    let split = Split.make(labels: labels, count: labels.count, validationFraction: testShare, seed: seed, purpose: "test split")
    func part(_ indices: [Int]) throws(DataError) -> DataSet {
      let set = try DataSet(tokens: indices.flatMap { lines[$0] }, length: length, labels: indices.map { labels[$0] })
      // Token 0 stands behind a line alone.
      return keepsLengths ? try set.with(lengths: indices.map { Int32(lines[$0].prefix { $0 > 0 }.count) }) : set
    }
    return Content(
      train: try part(split.train), test: split.validation.isEmpty ? nil : try part(split.validation), classes: classes,
      vocabulary: vocabulary)
  }

  /// Lines, classes and tokens; reads the files.
  public func header() throws(DataError) -> DataHeader {
    let content = try load()
    return DataHeader(
      examples: content.train.count, shape: [length], classes: content.classes.count, hasExactClasses: true,
      vocabulary: content.vocabulary.names.count)
  }

  private func read() throws(DataError) -> (lines: [[Int32]], labels: [Int32], classes: [String], vocabulary: CharacterVocabulary) {
    let ending = ".txt"
    let names: [String]
    do { names = try Files.names(in: path).filter { $0.hasSuffix(ending) }.sorted() } catch {
      throw DataFile.failure(path, code: error.code)
    }
    guard names.count > 1 else {
      throw DataError(
        kind: .empty, path: path,
        message: "holds \(names.count) \(names.count == 1 ? "file" : "files") `*.txt`; each is a class, and two are needed")
    }
    var characters: [ArraySlice<Unicode.Scalar>] = []
    var labels: [Int32] = []
    for (label, name) in names.enumerated() {
      let lines = try Self.lines(Path.join(path, name), length: length)
      characters += lines
      labels += [Int32](repeating: Int32(truncatingIfNeeded: label), count: lines.count)
    }
    let (total, overflow) = labels.count.multipliedReportingOverflow(by: 8 &* length)
    try checkMemory(overflow ? .max : total, path: path)
    let vocabulary = CharacterVocabulary(of: characters.joined(), from: 1)
    let lines = characters.map { line in line.map { vocabulary[$0] ?? 0 } + [Int32](repeating: 0, count: length - line.count) }
    return (lines, labels, names.map { String($0.dropLast(ending.count)) }, vocabulary)
  }

  /// The lines of one file as examples, by a vocabulary that was learned, each with one label; what is not in it is a located error.
  public static func load(_ path: String, length: Int, vocabulary: [String], label: Int32 = 0, keepsLengths: Bool = false) throws(DataError)
    -> DataSet
  {
    let lines = try lines(path, length: length)
    let (total, overflow) = lines.count.multipliedReportingOverflow(by: 4 &* length)
    try checkMemory(overflow ? .max : total, path: path)
    let known = vocabulary.enumerated().compactMap { number, text in
      text.unicodeScalars.first.map { ($0, Int32(truncatingIfNeeded: number)) }
    }
    let numbers = Dictionary(known) { first, _ in first }
    var tokens: [Int32] = []
    tokens.reserveCapacity(lines.count * length)
    for line in lines {
      for scalar in line {
        guard let number = numbers[scalar] else {
          throw .unknownCharacter(String(Character(scalar)), path: path, line: try Self.line(of: scalar, in: path))
        }
        tokens.append(number)
      }
      tokens += [Int32](repeating: 0, count: length - line.count)
    }
    let set = try DataSet(tokens: tokens, length: length, labels: [Int32](repeating: label, count: lines.count))
    return keepsLengths ? try set.with(lengths: lines.map { Int32(truncatingIfNeeded: $0.count) }) : set
  }

  /// The number of the first line with a character.
  private static func line(of scalar: Unicode.Scalar, in path: String) throws(DataError) -> Int {
    let text = String(decoding: try DataFile.readAll(path), as: UTF8.self)
    return 1 + text.unicodeScalars.prefix { $0 != scalar }.count { $0 == "\n" }
  }

  /// The lines of a file that are not empty, each of at most `length` characters.
  private static func lines(_ path: String, length: Int) throws(DataError) -> [ArraySlice<Unicode.Scalar>] {
    let text = try CharacterVocabulary.characters(of: try DataFile.readAll(path), path: path)
    var lines: [ArraySlice<Unicode.Scalar>] = []
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let characters = line.last == "\r" ? line.dropLast() : line
      guard !characters.isEmpty else { continue }
      guard characters.count <= length else {
        throw DataError(
          kind: .sizeMismatch, path: path, message: "has \(characters.count) characters, and an example has \(length)",
          help: "declare `tokens[\(characters.count)]` or more", line: number + 1)
      }
      lines.append(characters)
    }
    guard !lines.isEmpty else { throw DataError(kind: .empty, path: path, message: "has no line") }
    return lines
  }
}
