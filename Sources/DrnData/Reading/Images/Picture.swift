import CImages
import Foundation

/// A PNG or JPEG file in memory.
struct Picture {
  /// Channels (1 for grey, 3 for colour), height and width, as the shape of an example has them.
  typealias Shape = [Int]

  let path: String
  private let bytes: [UInt8]

  /// The largest file read as one picture.
  private static let largestFile = 1 << 30

  /// Reads the whole file.
  init(path: String) throws(DataError) {
    let file = try PlainFile(path: path)
    guard file.size <= Self.largestFile else {
      throw DataError(kind: .tooLarge, path: path, message: "is \(file.size) bytes long, too much for one image")
    }
    bytes = try file.readAll()
    self.path = path
  }

  /// The shape, from the header alone.
  func shape() throws(DataError) -> Shape {
    var size = CImagesSize()
    let outcome = withMessage { cimages_header($0, $1, &size, $2) }
    guard outcome.status == CIMAGES_OK else { throw failure(outcome) }
    return Self.shape(size)
  }

  /// Writes the decoded values, channels first. A picture of another shape throws `mixedSizes`, with its own in the message.
  func decode(_ shape: Shape, into planes: UnsafeMutablePointer<UInt8>) throws(DataError) {
    guard shape.count == 3, let width = Int32(exactly: shape[2]), let height = Int32(exactly: shape[1]),
      let channels = Int32(exactly: shape[0])
    else { throw DataError(kind: .options, path: path, message: "is an image, and \(shape) is not the shape of one") }
    var found = CImagesSize()
    let expected = CImagesSize(width: width, height: height, channels: channels)
    let outcome = withMessage { cimages_decode($0, $1, expected, planes, &found, $2) }
    switch outcome.status {
    case CIMAGES_OK: return
    case CIMAGES_OTHER_SIZE: throw .otherSize(path, found: Self.shape(found), expected: shape)
    case _: throw failure(outcome)
    }
  }

  private static func shape(_ size: CImagesSize) -> Shape { [Int(size.channels), Int(size.height), Int(size.width)] }

  private func withMessage(
    _ body: (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<CChar>?) -> CImagesStatus
  ) -> (status: CImagesStatus, message: String) {
    var message = [CChar](repeating: 0, count: Int(CIMAGES_MESSAGE_LENGTH))
    let status = bytes.withUnsafeBufferPointer { bytes in
      message.withUnsafeMutableBufferPointer { body(bytes.baseAddress, bytes.count, $0.baseAddress) }
    }
    return (status, String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
  }

  private func failure(_ outcome: (status: CImagesStatus, message: String)) -> DataError {
    switch outcome.status {
    case CIMAGES_UNSUPPORTED:
      DataError(kind: .unsupported, path: path, message: outcome.message, help: "convert it to grey or RGB of 8 bits a channel")
    case CIMAGES_UNKNOWN: DataError(kind: .wrongMagic, path: path, message: outcome.message)
    case _:
      DataError(kind: .corrupt, path: path, message: "is cut short or damaged: \(outcome.message)", help: "copy it again, or remove it")
    }
  }
}

extension DataError {
  /// An image of another size than the others, or than declared.
  static func otherSize(_ path: String, found: [Int], expected: [Int]) -> DataError {
    func text(_ shape: [Int]) -> String { "\(shape[2]) x \(shape[1]) pixels in \(shape[0] == 1 ? "grey" : "colour")" }
    return DataError(
      kind: .mixedSizes, path: path, message: "has \(text(found)), not \(text(expected))",
      help: "bring all images to one size, and all to grey or all to colour")
  }
}
