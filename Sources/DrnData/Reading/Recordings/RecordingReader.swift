import Dispatch
import DrnNumbers
import DrnSystem

/// Reads a folder of WAV files as frames of log-mel energies; the names of the files say what each is.
public struct RecordingReader: Sendable {
  /// The folder; files in it that do not end in `.wav` are passed over, and so are names that begin with a dot.
  public let path: String
  /// The names that all files have, with a field `label`.
  public let pattern: NamePattern
  /// Which recordings are the test; nil for a drawn share.
  public let test: FieldCondition?
  /// The share of the recordings of each class held back for the test where there is no condition.
  public let testShare: Rational
  /// The seed of that split.
  public let seed: UInt64
  /// How a recording becomes frames.
  public let frames: LogMelFrames
  /// Frames of an example: a shorter recording is followed by silence, and what a longer one has beyond is left out.
  public let length: Int
  /// Whether examples know how many frames the recording reaches into.
  public let keepsLengths: Bool

  public init(
    path: String, pattern: NamePattern, test: FieldCondition?, testShare: Rational, seed: UInt64, frames: LogMelFrames, length: Int,
    keepsLengths: Bool = false
  ) {
    self.path = path
    self.pattern = pattern
    self.test = test
    self.testShare = testShare
    self.seed = seed
    self.frames = frames
    self.length = max(length, 1)
    self.keepsLengths = keepsLengths
  }

  /// The field of the names that gives the class.
  public static let labelField = "label"

  /// All recordings as frames.
  public struct Content: Equatable, Sendable {
    public let train: DataSet
    /// nil where none are held back.
    public let test: DataSet?
    /// The labels that occur, in the order in which classes are numbered.
    public let classes: [String]
  }

  /// The files of one part, in the order of their names, and the class of each.
  private struct Part {
    let files: [String]
    let labels: [Int32]
  }

  /// Count, shape and classes of the training examples. The header of every file is read, and no sample.
  public func header() throws(DataError) -> DataHeader {
    let (train, test, classes) = try parts()
    try inPortions(train.files + (test?.files ?? [])) { file, _ throws(DataError) in
      let file = try PlainFile(path: file)
      _ = try wave(file)
    }
    return DataHeader(examples: train.files.count, shape: [length, frames.bands], classes: classes.count, hasExactClasses: true)
  }

  /// Everything, on all processors; where several files cannot be read, the first in order is reported.
  public func load() throws(DataError) -> Content {
    let (train, test, classes) = try parts()
    let count = train.files.count + (test?.files.count ?? 0)
    guard let bytes = checkedProduct([count, length, frames.bands, MemoryLayout<Float>.size]), let needed = frames.samples(frames: length)
    else {
      throw DataError(kind: .tooLarge, path: path, message: "\(count) examples of \(length) x \(frames.bands) values do not fit in memory")
    }
    try checkMemory(bytes, path: path)
    let transform = LogMelTransform(frames)
    return Content(
      train: try read(train, transform, needed), test: try test.map { test throws(DataError) in try read(test, transform, needed) },
      classes: classes)
  }

  /// The recordings of some files, with a label for each.
  public func load(_ files: [String], labels: [Int32]) throws(DataError) -> DataSet {
    guard let bytes = checkedProduct([files.count, length, frames.bands, MemoryLayout<Float>.size]),
      let needed = frames.samples(frames: length)
    else {
      throw DataError(
        kind: .tooLarge, path: path, message: "\(files.count) examples of \(length) x \(frames.bands) values do not fit in memory")
    }
    try checkMemory(bytes, path: path)
    return try read(Part(files: files, labels: labels), LogMelTransform(frames), needed)
  }

  /// The recordings of the folder, in the order of their names, and the class of each by its name; every label has to be one of `classes`.
  public func labelled(classes: [String]) throws(DataError) -> (files: [String], labels: [Int32]) {
    let names = try recordings()
    var labels: [Int32] = []
    for name in names {
      guard let label = pattern.match(name)?[Self.labelField], let number = classes.firstIndex(of: label) else {
        throw DataError(
          kind: .labelOutOfRange, path: Path.join(path, name), message: "is not named after a class that was learned",
          help: "its name has to fit the pattern of the recordings that were learned, with one of their labels")
      }
      labels.append(Int32(truncatingIfNeeded: number))
    }
    return (names.map { Path.join(path, $0) }, labels)
  }

  /// The class of each training example, by its name.
  public func readLabels() throws(DataError) -> [Int32] { try parts().train.labels }

  private func read(_ part: Part, _ transform: LogMelTransform, _ samples: Int) throws(DataError) -> DataSet {
    let size = length * frames.bands
    var failure: DataError?
    var lengths = [Int32](repeating: 1, count: part.files.count)
    let values = [Float](unsafeUninitializedCapacity: part.files.count * size) { buffer, filled in
      guard let base = buffer.baseAddress else { return }
      base.initialize(repeating: 0, count: buffer.count)
      nonisolated(unsafe) let rows = base
      lengths.withUnsafeMutableBufferPointer { lengths in
        nonisolated(unsafe) let lengths = lengths
        do throws(DataError) {
          try inPortions(part.files) { path, index throws(DataError) in
            let file = try PlainFile(path: path)
            let recording = try file.samples(try wave(file), atMost: samples)
            transform.apply(recording, frames: length, into: rows + index * size)
            lengths[index] = Int32(clamping: min(frames.count(samples: recording.count), length))
          }
          filled = part.files.count * size
        } catch { failure = error }
      }
    }
    if let failure { throw failure }
    let set = try DataSet(
      shape: [length, frames.bands], count: part.files.count, storage: .floats(values), target: .labels(part.labels))
    return keepsLengths ? try set.with(lengths: lengths) : set
  }

  /// The header of a file of the rate that all have.
  private func wave(_ file: borrowing PlainFile) throws(DataError) -> WaveHeader {
    let header = try WaveHeader(file)
    guard header.rate == frames.rate else {
      throw DataError(
        kind: .unsupported, path: file.path, message: "has \(header.rate) samples a second, not \(frames.rate)",
        help: "bring all recordings to one rate, and state it as `rate`")
    }
    return header
  }

  /// Does something with every file, on all processors; of several failures the first in order is thrown.
  private func inPortions(_ files: [String], _ body: @Sendable (String, Int) throws(DataError) -> Void) throws(DataError) {
    let failures = FirstFailure()
    // Small portions, since recordings differ in length.
    let portion = 64
    DispatchQueue.concurrentPerform(iterations: (files.count + portion - 1) / portion) { number in
      for index in number * portion..<min((number + 1) * portion, files.count) where !failures.comesBefore(index) {
        do throws(DataError) { try body(files[index], index) } catch {
          var error = error
          // A name in a folder that leads nowhere is not data that is on another machine.
          if error.kind == .missingFile { error.kind = .unreadable }
          failures.record(error, at: index)
        }
      }
    }
    if let error = failures.first { throw error }
  }

  private func parts() throws(DataError) -> (train: Part, test: Part?, classes: [String]) {
    let names = try recordings()
    var labels: [String] = []
    var tested: [Bool] = []
    for name in names {
      guard let fields = pattern.match(name), let label = fields[Self.labelField] else {
        throw DataError(
          kind: .unsupported, path: Path.join(path, name), message: "does not fit the pattern of the names",
          help: "rename it, move it elsewhere, or write another pattern as `name`")
      }
      labels.append(label)
      guard let test else { continue }
      guard let holds = test.holds(for: fields) else {
        throw DataError(
          kind: .unsupported, path: Path.join(path, name),
          message: "has \"\(shown(fields[test.field] ?? ""))\" as its field `\(test.field)`, and `\(test.text)` needs a number")
      }
      tested.append(holds)
    }
    let classes = numberingOrder(Set(labels))
    let numbers = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, Int32(truncatingIfNeeded: $0)) })
    let numbered = labels.map { numbers[$0] ?? 0 }
    func part(_ indices: [Int]) -> Part {
      Part(files: indices.map { Path.join(path, names[$0]) }, labels: indices.map { numbered[$0] })
    }
    guard test != nil else {
      let split = Split.make(labels: numbered, count: names.count, validationFraction: testShare, seed: seed, purpose: "test split")
      return (part(split.train), split.validation.isEmpty ? nil : part(split.validation), classes)
    }
    let (train, held) = (part(names.indices.filter { !tested[$0] }), part(names.indices.filter { tested[$0] }))
    try check(train, held, classes)
    return (train, held, classes)
  }

  /// A condition has to leave something of every class to train on, and to test.
  private func check(_ train: Part, _ held: Part, _ classes: [String]) throws(DataError) {
    let condition = test?.text ?? ""
    guard !held.files.isEmpty else {
      throw DataError(kind: .options, path: path, message: "there is no recording with \(condition), so that none is left for the test")
    }
    let trained = Set(train.labels)
    guard let stranger = classes.indices.first(where: { !trained.contains(Int32(truncatingIfNeeded: $0)) }) else { return }
    throw DataError(
      kind: .labelOutOfRange, path: path,
      message: "every recording with the label `\(shown(classes[stranger]))` has \(condition), so that none is left to train on")
  }

  /// The names of the recordings, in the order of their bytes.
  private func recordings() throws(DataError) -> [String] {
    let names: [String]
    do { names = try Files.names(in: path) } catch {
      if error.isMissing { throw DataError(kind: .missingFile, path: path, message: "there is no such folder") }
      throw DataError(kind: .unreadable, path: path, message: "cannot be read: \(error.reason)")
    }
    let recordings = names.filter { !$0.hasPrefix(".") && Path.fileExtension(of: $0).lowercased() == "wav" }
    guard !recordings.isEmpty else { throw DataError(kind: .empty, path: path, message: "holds no file that ends in `.wav`") }
    return recordings
  }
}
