import DrnNumbers
import DrnTestSupport
import Testing

@testable import DrnData

@Suite("WAV files") struct WaveFileTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func read(_ bytes: [UInt8], atMost most: Int = 100) throws -> (header: WaveHeader, samples: [Double]) {
    let file = try PlainFile(path: try folder.write("a_1.wav", bytes))
    let header = try WaveHeader(file)
    return (header, try file.samples(header, atMost: most))
  }

  private func reader() throws -> RecordingReader {
    RecordingReader(
      path: folder.path, pattern: try NamePattern("{label}_{take}.wav"), test: nil, testShare: 0, seed: 1,
      frames: LogMelFrames(rate: 8000, window: 4, hop: 2, bands: 1), length: 2)
  }

  @Test("samples of every kind become numbers from -1 to 1") func encodings() throws {
    let halves = [0, 0.5, -1]
    #expect(try read(WaveBytes().bytes).samples == halves)
    #expect(try read(WaveBytes.with { ($0.bits, $0.samples) = (8, [128, 192, 0]) }).samples == halves)
    let three: [UInt8] = [0, 0, 0, 0, 0, 0x40, 0, 0, 0x80]
    #expect(try read(WaveBytes.with { ($0.bits, $0.samples) = (24, three) }).samples == halves)
    let four = littleEndian(Int32(0)) + littleEndian(Int32(1) << 30) + littleEndian(Int32.min)
    #expect(try read(WaveBytes.with { ($0.bits, $0.samples) = (32, four) }).samples == halves)
    let floats = [Float(0), 0.5, -1, 2.5].flatMap { littleEndian($0.bitPattern) }
    #expect(try read(WaveBytes.with { ($0.tag, $0.bits, $0.samples) = (3, 32, floats) }).samples == halves + [2.5])
    // The last bit of each counts.
    #expect(try read(WaveBytes.with { ($0.bits, $0.samples) = (24, [1, 0, 0]) }).samples == [0x1p-23])
    #expect(try read(WaveBytes.with { $0.samples = [0xFF, 0xFF] }).samples == [-0x1p-15])
  }

  @Test("an extended format is read as the one it names") func extensible() throws {
    let integers = WaveBytes.with { ($0.tag, $0.more) = (0xFFFE, WaveBytes.extended(1, valid: 12)) }
    #expect(try read(integers).samples == [0, 0.5, -1])
    let floats = WaveBytes.with {
      ($0.tag, $0.bits, $0.more) = (0xFFFE, 32, WaveBytes.extended(3, valid: 32))
      $0.samples = littleEndian(Float(0.25).bitPattern)
    }
    #expect(try read(floats).samples == [0.25])
  }

  @Test("chunks stand in any order, of any names, and odd ones are filled up") func chunks() throws {
    let file = WaveBytes.with {
      ($0.bits, $0.samples) = (8, [128, 192, 0])
      $0.order = [("LIST", [1, 2, 3]), ("data", []), ("odd ", [9]), ("fmt ", []), ("end ", [7, 7, 7])]
    }
    #expect(try read(file).samples == [0, 0.5, -1])
    // The last byte may be left out, and what follows the end that the file announces is none of its own.
    #expect(try read(WaveBytes.with { ($0.bits, $0.samples, $0.fillsEnd) = (8, [128, 192, 0], false) }).samples == [0, 0.5, -1])
    #expect(try read(WaveBytes().bytes + Array("TAG".utf8)).samples == [0, 0.5, -1])
    #expect(try read(WaveBytes().bytes, atMost: 2).samples == [0, 0.5])
  }

  /// A file that cannot be used, what kind of failure that is, and a part of the sentence.
  struct Broken: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let bytes: [UInt8]
    let kind: DataError.Kind
    let part: String
    init(_ name: String, _ kind: DataError.Kind, _ part: String, _ bytes: [UInt8]) {
      (testDescription, self.bytes, self.kind, self.part) = (name, bytes, kind, part)
    }
    init(_ name: String, _ kind: DataError.Kind, _ part: String, _ change: (inout WaveBytes) -> Void) {
      self.init(name, kind, part, WaveBytes.with(change))
    }
  }

  static let broken: [Broken] = [
    Broken("empty", .truncated, "is empty", []),
    Broken("three letters", .truncated, "too short", Array("RIF".utf8)),
    Broken("another three letters", .wrongMagic, "does not start with `RIFF`", Array("abc".utf8)),
    Broken("a text", .wrongMagic, "does not start with `RIFF`", Array("this is no recording at all".utf8)),
    Broken("eleven bytes", .truncated, "11 bytes long", Array(WaveBytes().bytes.prefix(11))),
    Broken("no chunk", .corrupt, "no chunk `fmt `", Array("RIFF".utf8) + littleEndian(UInt32(4)) + Array("WAVE".utf8)),
    Broken("most significant byte first", .unsupported, "RIFX") { $0.riff = "RIFX" },
    Broken("over 4 GB", .unsupported, "RF64") { $0.riff = "RF64" },
    Broken("a film", .wrongMagic, "`AVI `") { $0.form = "AVI " },
    Broken("cut in the samples", .truncated, "announces 50 bytes, and has 46", Array(WaveBytes().bytes.dropLast(4))),
    Broken("cut in the format", .truncated, "announces 50 bytes, and has 30", Array(WaveBytes().bytes.prefix(30))),
    Broken("cut, as the file says", .truncated, "announces 6 bytes, and 2 are left") { $0.announcedFile = 38 },
    Broken("4 GB of file announced", .truncated, "announces 4294967303 bytes") { $0.announcedFile = .max },
    Broken("4 GB of samples announced", .truncated, "announces 4294967295 bytes, and 6 are left") { $0.announcedSamples = .max },
    Broken("4 GB of format announced", .truncated, "`fmt ` at byte 12 announces 4294967295 bytes") { $0.announcedFormat = .max },
    Broken("no size of the file", .corrupt, "no chunk `fmt `") { $0.announcedFile = 4 },
    Broken("a chunk cut in its name", .truncated, "in the first bytes of a chunk, at byte 36") { $0.announcedFile = 32 },
    Broken("no format", .corrupt, "no chunk `fmt `") { $0.order = [("data", [])] },
    Broken("no samples", .corrupt, "no chunk `data`") { $0.order = [("fmt ", [])] },
    Broken("two formats", .corrupt, "second chunk `fmt `, at byte 36") { $0.order = [("fmt ", []), ("fmt ", []), ("data", [])] },
    Broken("two of samples", .corrupt, "second chunk `data`, at byte 50") { $0.order = [("fmt ", []), ("data", []), ("data", [])] },
    Broken("thousands of chunks", .corrupt, "more than 4096 chunks") {
      $0.order += (0..<4100).map { _ in (name: "junk", content: []) }
    },
    Broken("samples of no length", .empty, "no sample") { $0.samples = [] },
    Broken("half a sample", .corrupt, "5 bytes of samples") { $0.samples = [0, 0, 0, 0, 0] },
    Broken("a short format", .corrupt, "has 14 bytes, and needs 16", shortFormat),
    Broken("a short extended format", .corrupt, "needs 40") { ($0.tag, $0.more) = (0xFFFE, [0, 0]) },
    Broken("an unknown extended format", .unsupported, "without a number") {
      ($0.tag, $0.more) = (0xFFFE, WaveBytes.extended(1, valid: 16, rest: [UInt8](repeating: 7, count: 14)))
    },
    Broken("an extended format of compressed samples", .unsupported, "mu-law") {
      ($0.tag, $0.more) = (0xFFFE, WaveBytes.extended(7, valid: 16))
    },
    Broken("more bits in use than there are", .corrupt, "24 of 16 bits") { ($0.tag, $0.more) = (0xFFFE, WaveBytes.extended(1, valid: 24)) },
    Broken("stereo", .unsupported, "has 2 channels") { $0.channels = 2 },
    Broken("no channel", .corrupt, "no channel") { ($0.channels, $0.frame) = (0, 2) },
    Broken("no rate", .corrupt, "sampling rate of 0") { $0.rate = 0 },
    Broken("another rate", .unsupported, "16000 samples a second, not 8000") { $0.rate = 16_000 },
    Broken("12 bits", .unsupported, "12 bits") { ($0.bits, $0.frame) = (12, 2) },
    Broken("no bits", .unsupported, "0 bits") { ($0.bits, $0.frame) = (0, 2) },
    Broken("64 bits in floating point", .unsupported, "64 bits, in floating point") { ($0.tag, $0.bits) = (3, 64) },
    Broken("A-law", .unsupported, "A-law") { ($0.tag, $0.bits) = (6, 8) },
    Broken("ADPCM", .unsupported, "ADPCM") { ($0.tag, $0.bits) = (2, 4) },
    Broken("MP3", .unsupported, "MP3") { $0.tag = 0x55 },
    Broken("an unknown format", .unsupported, "format 4660") { $0.tag = 0x1234 },
    Broken("frames of three bytes", .corrupt, "16 bits takes 3 bytes") { $0.frame = 3 },
    Broken("frames of no byte", .corrupt, "16 bits takes 0 bytes") { $0.frame = 0 },
  ]

  /// A file whose format leaves the bits out, as the oldest do.
  private static let shortFormat: [UInt8] = {
    let good = WaveBytes().bytes
    return Array(good[..<4]) + littleEndian(UInt32(40)) + Array(good[8..<16]) + littleEndian(UInt32(14)) + Array(good[20..<34])
      + Array(good[36...])
  }()

  @Test("a broken file is an error that names it, found by its header alone", arguments: broken) func failures(_ file: Broken) throws {
    _ = try folder.write("a_1.wav", WaveBytes().bytes)
    let path = try folder.write("b_2.wav", file.bytes)
    for loads in [false, true] {
      let error = #expect(throws: DataError.self) { _ = loads ? try reader().load().train.count : try reader().header().examples }
      #expect(error?.kind == file.kind && error?.path == path, "\(error?.description ?? "")")
      #expect(error?.message.contains(file.part) == true, "\(error?.description ?? "")")
    }
  }

  @Test("samples that are no numbers are found when they are read") func notANumber() throws {
    let values: [Float] = [1, .nan, .infinity]
    let path = try folder.write(
      "a_1.wav", WaveBytes.with { ($0.tag, $0.bits, $0.samples) = (3, 32, values.flatMap { littleEndian($0.bitPattern) }) })
    #expect(try reader().header().examples == 1)
    let error = #expect(throws: DataError.self) { _ = try reader().load() }
    #expect(error?.path == path && error?.message == "its sample 1, counted from 0, is not a finite number")
  }

  @Test("any change of one byte, and any end, gives numbers or an error") func mutations() throws {
    let good = WaveBytes.with { ($0.tag, $0.more) = (0xFFFE, WaveBytes.extended(1, valid: 16)) }
    var read = 0
    for index in good.indices {
      for flip in [0x01, 0x10, 0x80, 0xFF] as [UInt8] {
        var changed = good
        changed[index] ^= flip
        _ = try folder.write("a_1.wav", changed)
        if let data = try? reader().load() {
          #expect(data.train.count == 1 && data.train.features.allSatisfy(\.isFinite))
        } else {
          read += 1
        }
      }
      _ = try folder.write("a_1.wav", Array(good.prefix(index)))
      #expect(throws: DataError.self) { _ = try reader().load() }
    }
    #expect(read > 50)
  }
}
