import DrnSystem

/// What a folder of WAV files holds, by names and headers.
public struct RecordingSurvey: Sendable {
  /// The pattern of the names; its field `label` is the part of which there are at least two values and each occurs at least twice.
  public let pattern: String
  /// The labels, by how many files have them.
  public let labels: [String: Int]
  /// Samples a second of the first file; all others must have it.
  public let rate: Int
  /// Samples of each file, ascending.
  public let samples: [Int]

  private static let separators = ["_", "-", "."]

  /// Reads the header of every file. Throws where no part of the names can be a class.
  public init(path: String) throws(DataError) {
    let names: [String]
    do { names = try Files.names(in: path).filter { !$0.hasPrefix(".") && $0.hasSuffix(".wav") } } catch {
      throw DataFile.failure(path, code: error.code)
    }
    guard let found = Self.separators.lazy.compactMap({ Self.pattern(names, separator: $0) }).first else {
      throw DataError(
        kind: .options, path: path, message: "the names of the recordings do not say their classes",
        help: "name them alike, as `yes_anna_1.wav`: parts joined by `_`, one of which is the class")
    }
    (pattern, labels) = found
    var rate: Int?
    var samples: [Int] = []
    for name in names {
      let file = try PlainFile(path: Path.join(path, name))
      let header = try WaveHeader(file)
      rate = rate ?? header.rate
      samples.append(header.count)
    }
    self.rate = rate ?? 1
    self.samples = samples.sorted()
  }

  /// The first part of the names that can be a class, where all names have as many parts.
  private static func pattern(_ names: [String], separator: String) -> (String, [String: Int])? {
    let parts = names.map { String($0.dropLast(4)).components(by: separator) }
    guard let count = parts.first?.count, count > 1, parts.allSatisfy({ $0.count == count && !$0.contains("") }) else { return nil }
    for place in 0..<count {
      let counts = parts.reduce(into: [String: Int]()) { $0[$1[place], default: 0] += 1 }
      guard counts.count > 1, counts.values.allSatisfy({ $0 > 1 }) else { continue }
      let fields = (0..<count).map { $0 == place ? "{\(RecordingReader.labelField)}" : "{part\($0 + 1)}" }
      return (fields.joined(separator: separator) + ".wav", counts)
    }
    return nil
  }
}

extension String {
  /// The parts between single characters, empty ones too.
  fileprivate func components(by separator: String) -> [String] {
    split(separator: separator, omittingEmptySubsequences: false).map(String.init)
  }
}
