import DrnData
import DrnNumbers
import DrnTestSupport
import Foundation
import Testing

@Suite("Folders of images") struct ImageFolderTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func write(_ name: String, _ bytes: [UInt8]) throws {
    let path = folder.path + "/" + name
    try FileManager.default.createDirectory(atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  private func grey(_ value: UInt8, width: Int = 2, height: Int = 3) -> [UInt8] {
    PictureFiles.png([UInt8](repeating: value, count: width * height), width: width, height: height, channels: 1)
  }

  private func error(_ reader: ImageFolderReader? = nil, header: Bool = false) -> DataError? {
    let reader = reader ?? ImageFolderReader(path: folder.path, testShare: 0)
    do throws(DataError) {
      if header { _ = try reader.header() } else { _ = try reader.load() }
      return nil
    } catch { return error }
  }

  @Test("a folder for validation is read where it is named, and refused where it is there and is not")
  func validation() throws {
    for (part, value) in [("train", 1), ("val", 2), ("test", 3)] as [(String, UInt8)] {
      for name in ["a", "b"] { try write("\(part)/\(name)/x.png", grey(value)) }
    }
    let data = try ImageFolderReader(path: folder.path, validation: "val").load()
    #expect(data.train.count == 2 && data.validation?.count == 2 && data.test?.count == 2)
    #expect(data.validation?.labels == [0, 1])
    #expect(data.validation != data.train && data.validation != data.test)
    for header in [false, true] {
      let unread = error(ImageFolderReader(path: folder.path), header: header)
      #expect(unread?.kind == .options && unread?.help?.contains("validation: \"val\"") == true, "\(String(describing: unread))")
      #expect(error(ImageFolderReader(path: folder.path, validation: "dev"), header: header)?.kind == .missingFile)
    }
    try write("val/c/x.png", grey(9))
    #expect(error(ImageFolderReader(path: folder.path, validation: "val"))?.message.contains("`val` has the class `c`") == true)
    #expect(error(ImageFolderReader(path: folder.path + "/train", validation: "val"))?.kind == .options)
  }

  @Test("classes are the folders by name, examples the files by name, values the stored bytes channels first")
  func load() throws {
    let planes = (0..<18).map { UInt8($0 * 13) }
    try write("b/2.png", PictureFiles.png(planes, width: 2, height: 3, channels: 3))
    try write("b/10.PNG", PictureFiles.png(planes.reversed(), width: 2, height: 3, channels: 3))
    try write("Z/x.png", PictureFiles.png([UInt8](repeating: 255, count: 18), width: 2, height: 3, channels: 3))
    try write("a/.hidden", [1])
    try write("a/x.jpg", PictureFiles.png([UInt8](repeating: 1, count: 18), width: 2, height: 3, channels: 3))
    try write("README.txt", [65])
    let reader = ImageFolderReader(path: folder.path, testShare: 0)
    #expect(try reader.header() == DataHeader(examples: 4, shape: [3, 3, 2], classes: 3, hasExactClasses: true))
    let data = try reader.load()
    #expect(data.test == nil && data.train.labels == [0, 1, 2, 2] && data.train.shape == [3, 3, 2])
    guard case .bytes(let bytes, let scale) = data.train.storage else { return #expect(Bool(false)) }
    #expect(scale == Float(1) / 255)
    #expect(bytes == [UInt8](repeating: 255, count: 18) + [UInt8](repeating: 1, count: 18) + planes.reversed() + planes)
  }

  @Test("folders train and test are the two parts") func parts() throws {
    for (name, value) in [("train/a/1.png", 1), ("train/b/1.png", 2), ("test/a/1.png", 3), ("test/b/9.png", 4), ("test/b/1.png", 5)] {
      try write(name, grey(UInt8(value)))
    }
    let data = try ImageFolderReader(path: folder.path).load()
    #expect(data.train.labels == [0, 1] && data.test?.labels == [0, 1, 1])
    #expect(data.test?.features[6] == 5 * (Float(1) / 255))
    #expect(error(ImageFolderReader(path: folder.path, testShare: 0.1))?.kind == .options)
    try write("test/c/1.png", grey(6))
    let stranger = error(ImageFolderReader(path: folder.path))
    #expect(stranger?.kind == .sizeMismatch && stranger?.message.contains("`c`") == true)
  }

  @Test("without them a share of each class is held back, by the seed, and the header counts what is left") func split() throws {
    for index in 0..<20 { try write("\(index % 2)/\(index).png", grey(UInt8(index))) }
    let reader = ImageFolderReader(path: folder.path, testShare: 0.3, seed: 4)
    let data = try reader.load()
    #expect(try reader.header().examples == 14)
    #expect(data.train.labels.filter { $0 == 0 }.count == 7 && data.test?.labels.filter { $0 == 0 }.count == 3)
    let all = Set(data.train.features + (data.test?.features ?? []))
    #expect(all.count == 20)
    #expect(try ImageFolderReader(path: folder.path, testShare: 0.3, seed: 5).load().train != data.train)
    #expect(try ImageFolderReader(path: folder.path).header().examples == 16)
  }

  @Test("a grey baseline JPEG decodes to its mean", arguments: [64, 100, 127, -64, -127]) func baseline(_ mean: Int) throws {
    try write("a/1.jpeg", PictureFiles.jpeg(mean: mean))
    let data = try ImageFolderReader(path: folder.path, testShare: 0).load().train
    #expect(data.shape == [1, 8, 8])
    guard case .bytes(let bytes, _) = data.storage else { return #expect(Bool(false)) }
    #expect(bytes == [UInt8](repeating: UInt8(128 + mean), count: 64))
  }

  /// Written by Pillow 13 at quality 60, progressive, 10 x 6, chroma halved; the pixels are those Pillow decodes.
  private static let progressive = """
    /9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAA0JCgsKCA0LCgsODg0PEyAVExISEyccHhcgLikxMC4pLSwzOko+MzZGNywtQFdBRkxOUlNSMj5aYVpQYEpRUk//\
    2wBDAQ4ODhMREyYVFSZPNS01T09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT09PT0//wgARCAAGAAoDASIAAhEBAxEB/8QA\
    FgABAQEAAAAAAAAAAAAAAAAAAAID/8QAFQEBAQAAAAAAAAAAAAAAAAAAAwT/2gAMAwEAAhADEAAAAawKH//EABUQAQEAAAAAAAAAAAAAAAAAAAIQ/9oACAEB\
    AAEFAlP/xAAXEQEAAwAAAAAAAAAAAAAAAAACAAQS/9oACAEDAQE/AaYOJ//EABgRAAIDAAAAAAAAAAAAAAAAAAADAhEx/9oACAECAQE/AVphWH//xAAUEAEA\
    AAAAAAAAAAAAAAAAAAAQ/9oACAEBAAY/Aj//xAAUEAEAAAAAAAAAAAAAAAAAAAAQ/9oACAEBAAE/IR//2gAMAwEAAgADAAAAEAP/xAAVEQEBAAAAAAAAAAAA\
    AAAAAAAAQf/aAAgBAwEBPxCA/8QAFREBAQAAAAAAAAAAAAAAAAAAAEH/2gAIAQIBAT8QjH//xAAXEAEAAwAAAAAAAAAAAAAAAAAAATFB/9oACAEBAAE/ENJt\
    /9k=
    """
  private static let firstRows: [[UInt8]] = [
    [30, 33, 41, 56, 76, 95, 111, 127, 137, 145], [234, 226, 212, 198, 182, 166, 147, 131, 117, 111],
    [21, 21, 20, 24, 32, 38, 41, 46, 48, 50],
  ]

  @Test("a progressive colour JPEG decodes as another program decodes it") func progressive() throws {
    try write("a/1.jpg", [UInt8](try #require(Data(base64Encoded: Self.progressive))))
    let data = try ImageFolderReader(path: folder.path, testShare: 0).load().train
    guard case .bytes(let bytes, _) = data.storage else { return #expect(Bool(false)) }
    #expect(data.shape == [3, 6, 10])
    for channel in 0..<3 {
      // Libraries may round the colour transform and the chroma's interpolation differently by one.
      for (found, expected) in zip(bytes[channel * 60..<channel * 60 + 10], Self.firstRows[channel]) {
        #expect(abs(Int(found) - Int(expected)) <= 1, "channel \(channel)")
      }
    }
  }

  @Test("images of another size or of other channels are refused by name, the first in order") func mixed() throws {
    for index in 0..<200 { try write("a/\(1000 + index).png", grey(9)) }
    try write("a/1150.png", grey(9, width: 3))
    try write("a/1170.png", grey(9, width: 4))
    let found = try #require(error())
    #expect(found.kind == .mixedSizes && found.path.hasSuffix("a/1150.png"))
    #expect(found.message == "has 3 x 3 pixels in grey, not 2 x 3 pixels in grey")
    #expect(error(header: true) == nil)
    try write("b/1.png", PictureFiles.png([UInt8](repeating: 1, count: 18), width: 2, height: 3, channels: 3))
    let other = try #require(error(header: true))
    #expect(other.kind == .mixedSizes && other.path.hasSuffix("b/1.png"))
  }

  @Test("a declared shape decides, whatever the first image has") func declared() throws {
    try write("a/1.png", grey(9))
    try write("b/1.png", grey(9))
    #expect(error(ImageFolderReader(path: folder.path, shape: [1, 3, 2], testShare: 0)) == nil)
    #expect(error(ImageFolderReader(path: folder.path, shape: [3, 3, 2], testShare: 0))?.kind == .mixedSizes)
    #expect(error(ImageFolderReader(path: folder.path, shape: [6], testShare: 0))?.kind == .options)
  }

  @Test("every cut of a PNG and a JPEG is refused", arguments: ["png", "jpg"]) func cut(_ suffix: String) throws {
    let whole = suffix == "png" ? grey(77) : [UInt8](try #require(Data(base64Encoded: Self.progressive)))
    let step = suffix == "png" ? 1 : 7
    for count in stride(from: 0, to: whole.count - 1, by: step) {
      try write("a/1." + suffix, Array(whole[..<count]))
      let kind = error()?.kind
      #expect(kind == .corrupt || kind == .wrongMagic, "\(count) of \(whole.count) bytes: \(String(describing: kind))")
    }
  }

  @Test("a flipped byte of a PNG's contents is refused by its checksum") func flipped() throws {
    let whole = grey(77)
    for position in 16..<whole.count - 12 {
      var damaged = whole
      damaged[position] ^= 0x10
      try write("a/1.png", damaged)
      // The length of a chunk, its name and its checksum included; a name in lower case makes a chunk that may be skipped.
      #expect(error() != nil, "byte \(position)")
    }
  }

  @Test("bytes at random end in an error or an image, never in a trap") func noise() throws {
    var generator = SystemRandomNumberGenerator()
    let seeds = [grey(77), PictureFiles.jpeg(mean: 100), [UInt8](try #require(Data(base64Encoded: Self.progressive)))]
    for round in 0..<300 {
      var bytes = seeds[round % 3]
      for _ in 0..<1 + round % 5 {
        bytes[Int.random(in: 2..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
      }
      try write("a/1.png", bytes)
      _ = error(ImageFolderReader(path: folder.path, shape: [1, 8, 8], testShare: 0))
      _ = error(header: true)
    }
  }

  @Test("a channel of transparency that is opaque everywhere is left out", arguments: [nil, 0, 3, 5])
  func opaque(place: Int?) throws {
    let planes = (0..<18).map { UInt8($0) }
    var alpha = [UInt8](repeating: 255, count: 6)
    if let place { alpha[place] = 254 }
    try write("a/1.png", PictureFiles.png(planes + alpha, width: 2, height: 3, channels: 4))
    try write("b/1.png", PictureFiles.png(planes, width: 2, height: 3, channels: 3))
    guard place == nil else {
      #expect(error()?.kind == .unsupported && error()?.path.hasSuffix("a/1.png") == true)
      return
    }
    let data = try ImageFolderReader(path: folder.path, testShare: 0).load().train
    #expect(data.shape == [3, 3, 2] && data.count == 2 && data.features.prefix(18) == data.features.suffix(18))
    let bytes: [UInt8] = data.features.prefix(18).map { UInt8(($0 * 255).rounded()) }
    #expect(bytes == planes)
  }

  @Test("pictures of kinds that are not read, empty folders, other files and missing ones are told apart") func faults() throws {
    #expect(error(ImageFolderReader(path: folder.path + "/absent"))?.kind == .missingFile)
    #expect(error()?.kind == .empty)
    try FileManager.default.createDirectory(atPath: folder.path + "/a", withIntermediateDirectories: true)
    #expect(error()?.kind == .empty && error(header: true)?.kind == .empty)
    try write("a/1.png", PictureFiles.png([UInt8](repeating: 1, count: 24), width: 2, height: 3, channels: 4))
    #expect(error()?.kind == .unsupported && error()?.message.contains("transparent") == true)
    try write("a/1.png", Array("GIF89a".utf8))
    #expect(error()?.kind == .wrongMagic)
    try write("a/1.png", grey(1))
    #expect(error() == nil)
    try write("a/notes.txt", [65])
    #expect(error()?.kind == .unsupported && error()?.path.hasSuffix("notes.txt") == true)
  }
}
