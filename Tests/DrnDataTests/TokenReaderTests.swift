import DrnNumbers
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@testable import DrnData

@Suite("Files of tokens") struct TokenReaderTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private static let tokens: [UInt16] = [5, 0, 65_535, 7, 7, 1, 2, 3, 4, 300]
  private static let numbers = tokens.map { Int32($0) }

  private func reader(_ path: String, _ element: TokenReader.Element? = nil, length: Int = 3, bound: Int = 65_536) -> TokenReader {
    TokenReader(path: path, element: element, length: length, testShare: 0.4, bound: bound)
  }

  /// The same tokens in every kind of file.
  private func files() throws -> [(path: String, element: TokenReader.Element?)] {
    let wide = Self.tokens.map { UInt32($0) }
    func array(_ name: String, _ type: StoredElement, _ bytes: [UInt8]) throws -> String {
      let path = folder(name)
      try NumpyFile.write(TensorEntry(name: "x", elementType: type, shape: [10], bytes: bytes), path: path)
      return path
    }
    let (narrowBytes, wideBytes) = (Self.tokens.flatMap { littleEndian($0) }, wide.flatMap { littleEndian($0) })
    let swapped = try contents(try array("c.npy", .u32, wide.flatMap { littleEndian($0.byteSwapped) }))
    let header = Array("'<u4'".utf8)
    let place = try #require(swapped.indices.first { swapped[$0...].starts(with: header) })
    return [
      (try folder.write("a.bin", narrowBytes), .uint16), (try folder.write("b.bin", wideBytes), .uint32),
      (try array("a.npy", .u16, narrowBytes), nil), (try array("b.npy", .u32, wideBytes), nil),
      (try folder.write("c.npy", swapped[..<place] + Array("'>u4'".utf8) + swapped[(place + 5)...]), nil),
    ]
  }

  @Test("of every kind give the same examples, labels and parts as a text in memory, and the same fingerprint") func kinds() throws {
    let text = try DataSet(text: Array(Self.numbers.prefix(6)), length: 3)
    var fingerprints: Set<UInt64> = []
    for (path, element) in try files() {
      let content = try reader(path, element).load()
      let (train, test) = (content.train, try #require(content.test))
      #expect(train.count == text.count && train.shape == [3] && train.labelsPerExample == 3 && train.classes == 65_536)
      let indices = [0, 2, 1, 3, -1]
      #expect(train.tokens(of: indices) == text.tokens(of: indices) && train.labels(of: indices) == text.labels(of: indices))
      #expect(train.wholeExamples == text.wholeExamples && train.tokens == nil && train.largestToken == 65_535)
      #expect(test.count == 1 && test.tokens(of: [0]) == [2, 3, 4] && test.labels(of: [0]) == [3, 4, 300])
      let header = DataHeader(examples: 1, shape: [3])
      #expect(try reader(path, element).header() == header && content.train.wholeExamples.count == 1)
      var hash = Fingerprint()
      hash.absorb(train)
      fingerprints.insert(hash.value)
      #expect(try reader(path, element).load() == content)
    }
    #expect(fingerprints.count == 1)
  }

  @Test("the fingerprint is of every token, in little memory") func fingerprint() throws {
    // More than one portion of the reader.
    var bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 7) }
    func value() throws -> UInt64 {
      var hash = Fingerprint()
      hash.absorb(try reader(try folder.write("a.bin", bytes), .uint16).load().train)
      return hash.value
    }
    let first = try value()
    for place in [0, 131_071, 131_072, 178_000] {
      bytes[place] ^= 1
      #expect(try value() != first, "\(place)")
      bytes[place] ^= 1
    }
    // What is held back is another part.
    bytes[299_999] ^= 1
    #expect(try value() == first)
  }

  @Test("a token out of range is told with its place, in both parts", arguments: [2, 9]) func range(place: Int) throws {
    for (path, element) in try files() {
      var reader = reader(path, element, bound: place == 2 ? 65_535 : 300)
      if place == 9 {
        // Only the last is too large.
        let bytes = Self.tokens.map { $0 == 65_535 ? 6 : $0 }.flatMap { littleEndian($0) }
        reader = self.reader(try folder.write("d.bin", bytes), .uint16, bound: 300)
      }
      let error = #expect(throws: DataError.self) { _ = try reader.load() }
      #expect(error?.kind == .labelOutOfRange && error?.path == reader.path)
      let byte = try TokenFileProbe.byte(of: place, reader)
      #expect(
        error?.message
          == "its token \(place), counted from 0, is \(place == 2 ? 65_535 : 300), at byte \(byte); tokens go from 0 to \(reader.bound - 1)"
      )
      // Headers are all that is looked at before.
      #expect(try reader.header().examples == 1)
    }
  }

  private enum TokenFileProbe {
    static func byte(of token: Int, _ reader: TokenReader) throws -> Int {
      let size = try contents(reader.path).count
      return size - (10 - token) * (reader.path.contains("/a.") || reader.path.contains("/d.") ? 2 : 4)
    }
  }

  @Test("a file that changes or shrinks while it is in use is an error, and no end of the process") func changed() throws {
    let path = try folder.write("a.bin", Self.numbers.flatMap { littleEndian(UInt16($0 % 100)) })
    let data = try reader(path, .uint16).load().train
    #expect(data.tokens(of: [0]) == [5, 0, 35])
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.write(contentsOf: Data([0xFF, 0xFF]))
    var tokens = [Int32](repeating: 0, count: 3)
    let larger = #expect(throws: DataError.self) { try data.copyTokens([0], into: &tokens) }
    #expect(larger?.message.contains("its token 0, at byte 0, has become 65535") == true)
    try file.truncate(atOffset: 6)
    let shorter = #expect(throws: DataError.self) { try data.copyLabels([1], into: &tokens) }
    #expect(shorter?.kind == .truncated && shorter?.path == path)
  }

  @Test("tokens of a vocabulary have its names, and the vocabulary has to be there") func vocabulary() throws {
    let path = try folder.write("a.bin", Self.tokens.flatMap { littleEndian($0) })
    var reader = TokenReader(path: path, element: .uint16, length: 3, testShare: 0, bound: 65_536, tokenizer: folder("t.json"))
    let absent = #expect(throws: DataError.self) { _ = try reader.header() }
    #expect(absent?.kind == .unreadable && absent?.path == folder("t.json"))
    _ = try folder.write("t.json", "{\"model\":{\"vocab\":{\"a\":0,\"b\":1,\"ab\":2},\"merges\":[\"a b\"]}}")
    #expect(try reader.header().vocabulary == 3)
    #expect(try reader.load().vocabulary?.names == ["a", "b", "ab"])
    reader = TokenReader(path: folder("none"), element: .uint16, length: 3, testShare: 0, bound: 4, tokenizer: folder("t.json"))
    let missing = #expect(throws: DataError.self) { _ = try reader.header() }
    #expect(missing?.kind == .missingFile)
  }
}
