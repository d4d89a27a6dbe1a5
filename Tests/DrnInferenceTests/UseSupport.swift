import DrnData
import DrnProgram
import DrnTestSupport
import DrnTrain
import Foundation

@testable import DrnInference

/// A network trained in one folder and read in another, after everything in the first has gone.
struct Used {
  let summary: RunSummary
  let folder: TemporaryFolder
  /// The copy of the run folder.
  var run: String { folder("copy") }

  /// Trains `text`, in which `@` stands for a folder of data that `prepare` fills; `keep` are the names of files there that are kept for use.
  init(_ text: String, keep: [String] = [], _ prepare: (TemporaryFolder) throws -> Void = { _ in }) throws {
    let (copy, data) = (try TemporaryFolder(), try TemporaryFolder())
    try prepare(data)
    let source = text.replacingOccurrences(of: "@", with: data.path)
    let program = try checkedProgram(source)
    let trainer = try Trainer(
      program: program, source: RunSource(text: Array(source.utf8), configuration: "", version: "test"),
      options: TrainOptions(threads: 1, output: data("run")), observer: nil)
    summary = try trainer.run()
    try FileManager.default.copyItem(atPath: data("run"), toPath: copy("copy"))
    for name in keep { try FileManager.default.copyItem(atPath: data(name), toPath: copy(name)) }
    try FileManager.default.removeItem(atPath: data.path)
    folder = copy
  }

  func model() throws -> TrainedModel { try TrainedModel(folder: run) }

  /// The predictions of some files, as rows of probabilities or values.
  func predict(_ paths: [String]) throws -> [[Float]] {
    let model = try model()
    let pass = try ForwardPass(model, threads: 1)
    var rows: [[Float]] = []
    for path in paths {
      try model.predict(try ExamplePortions(of: path, for: model), by: pass) { found in
        for row in 0..<found.count { rows.append(Array(found.values[(row * found.width)..<((row + 1) * found.width)])) }
      }
    }
    return rows
  }

  /// The most probable class of every example of some files.
  func classes(_ paths: [String]) throws -> [Int] { try predict(paths).map { ClassificationMetrics.prediction($0) ?? -1 } }

  func evaluate(_ path: String, labels: String? = nil) throws -> ModelEvaluation {
    let model = try model()
    return try model.evaluate(try ExamplePortions(learnedOf: path, labels: labels, for: model), threads: 1)
  }
}

/// The share of places at which two lists have the same.
func agreement(_ left: [Int], _ right: [Int]) -> Double {
  left.count == right.count && !left.isEmpty ? Double(zip(left, right).count { $0 == $1 }) / Double(left.count) : -1
}

/// What a body throws, if it is an error of training.
func trainError(_ body: () throws -> Void) -> TrainError? {
  do { try body() } catch { return error as? TrainError }
  return nil
}

/// Files of data, made here.
enum MadeFiles {
  /// The bytes of an IDX file of unsigned bytes.
  static func idx(_ sizes: [Int], _ bytes: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(sizes.count)] + sizes.flatMap { bigEndian(UInt32($0)) } + bytes
  }

  /// A recording of one channel and 16 bits.
  static func wave(_ samples: [Int16], rate: UInt32 = 8000) -> [UInt8] {
    let data = samples.flatMap { littleEndian($0) }
    let format =
      littleEndian(UInt16(1)) + littleEndian(UInt16(1)) + littleEndian(rate) + littleEndian(rate * 2)
      + littleEndian(UInt16(2)) + littleEndian(UInt16(16))
    let chunks = Array("WAVEfmt ".utf8) + littleEndian(UInt32(16)) + format + Array("data".utf8) + littleEndian(UInt32(data.count)) + data
    return Array("RIFF".utf8) + littleEndian(UInt32(chunks.count)) + chunks
  }

  /// A PNG of 8 bits a channel, channels first, in one stored block (W3C, "Portable Network Graphics", second edition).
  static func png(_ planes: [UInt8], channels: Int, height: Int, width: Int) -> [UInt8] {
    var raw: [UInt8] = []
    for y in 0..<height {
      raw.append(0)
      for x in 0..<width { for channel in 0..<channels { raw.append(planes[(channel * height + y) * width + x]) } }
    }
    var (low, high) = (1 as UInt32, 0 as UInt32)
    for byte in raw {
      low = (low + UInt32(byte)) % 65521
      high = (high + low) % 65521
    }
    let count = UInt16(raw.count)
    let stored = [0x78, 0x01, 1] + littleEndian(count) + littleEndian(~count) + raw + bigEndian(high << 16 | low)
    func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
      let named = Array(name.utf8) + body
      return bigEndian(UInt32(body.count)) + named + bigEndian(checksum(named))
    }
    let header = bigEndian(UInt32(width)) + bigEndian(UInt32(height)) + [8, channels == 1 ? 0 : 2, 0, 0, 0]
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", header) + chunk("IDAT", stored) + chunk("IEND", [])
  }

  /// The bytes of a `.npy` file.
  static func npy(_ type: String, _ shape: [Int], _ data: [UInt8]) -> [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
    while (10 + text.utf8.count + 1) % 64 != 0 { text += " " }
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + littleEndian(UInt16(text.utf8.count + 1)) + Array(text.utf8) + [0x0A] + data
  }

  static func npy(_ shape: [Int], _ values: [Float]) -> [UInt8] { npy("<f4", shape, values.flatMap { littleEndian($0.bitPattern) }) }
}
