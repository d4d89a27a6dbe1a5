import DrnTensorFile
import Foundation

/// What PyTorch computed for one program, as `Tests/Oracle/make_fixtures.py` writes it.
struct OracleFixture {
  /// Why a fixture cannot be used.
  struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  /// One tensor for each step, one after another.
  struct Rows {
    /// The shape of one row.
    let shape: [Int]
    let count: Int
    private let entry: TensorEntry

    init(_ entry: TensorEntry) throws {
      guard let count = entry.shape.first, count > 0, entry.bytes.count % count == 0 else { throw Failure("\(entry.name) has no rows") }
      self.count = count
      shape = Array(entry.shape.dropFirst())
      self.entry = entry
    }

    /// Whether the elements are whole numbers: tokens or classes.
    var areWhole: Bool { entry.elementType == .i32 }

    subscript(row: Int) -> [Double] { get throws { try doubles(self.row(row)) } }
    func floats(_ row: Int) throws -> [Float] { try singles(self.row(row)) }

    /// Rows are decoded when they are asked for: those of a large network are many.
    private func row(_ row: Int) throws -> TensorEntry {
      guard (0..<count).contains(row) else { throw Failure("\(entry.name) has \(count) rows") }
      let width = entry.bytes.count / count
      let bytes = Array(entry.bytes[(row * width)..<((row + 1) * width)])
      return TensorEntry(name: entry.name, elementType: entry.elementType, shape: shape, bytes: bytes)
    }
  }

  let name: String
  /// The program as source text.
  let program: String
  /// The same with `sgd(momentum: 0.5)` and neither decay nor clipping: from an empty buffer, the buffer after a step is the gradient.
  let gradientProgram: String
  let steps: Int
  /// The steps that PyTorch also took in double precision, in the order of the rows of `double/...`.
  let doubleSteps: [Int]
  /// The numbers of steps after which `channels_last/...` has a row.
  let checkpoints: [Int]
  private let rows: [String: Rows]

  init(path: String) throws {
    let file = try TensorFile.read(path: path)
    guard let program = file.metadataValue("program"), let gradientProgram = file.metadataValue("gradient_program") else {
      throw Failure("\(path) holds no program")
    }
    name = (path as NSString).lastPathComponent.replacingOccurrences(of: ".safetensors", with: "")
    self.program = program
    self.gradientProgram = gradientProgram
    var rows: [String: Rows] = [:]
    for entry in file.tensors { rows[entry.name] = try Rows(entry) }
    self.rows = rows
    guard let rates = rows["rate"] else { throw Failure("\(path) holds no steps") }
    steps = rates.count
    doubleSteps = try file.tensor(named: "double/steps").map { try doubles($0).map { Int($0) } } ?? []
    checkpoints = try file.tensor(named: "checkpoints").map { try doubles($0).map { Int($0) } } ?? []
  }

  subscript(name: String) -> Rows {
    get throws {
      guard let found = rows[name] else { throw Failure("the fixture \(self.name) holds no \(name)") }
      return found
    }
  }
  func has(_ name: String) -> Bool { rows[name] != nil }

  /// What follows `prefix` in the names of its tensors, sorted.
  func names(below prefix: String) -> [String] {
    rows.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }.sorted()
  }
  var hasClasses: Bool { (try? self["labels"].areWhole) == true }

  /// The random key of a step, kept 16 bits at a time from the lowest.
  func key(_ step: Int) throws -> UInt64 {
    guard let parts = rows["key"] else { return 0 }
    return try parts[step].reversed().reduce(0) { $0 << 16 | UInt64($1) }
  }
}

/// The elements of a tensor, exactly.
private func doubles(_ entry: TensorEntry) throws -> [Double] {
  guard entry.elementType == .f64 else { return try singles(entry).map { Double($0) } }
  return entry.bytes.withUnsafeBytes { raw in
    stride(from: 0, to: raw.count, by: 8).map {
      Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: $0, as: UInt64.self)))
    }
  }
}

/// The elements of a tensor in single precision; `f32` without a look at each.
private func singles(_ entry: TensorEntry) throws -> [Float] {
  guard entry.elementType == .f32 else { return try entry.floats() }
  return [Float](unsafeUninitializedCapacity: entry.bytes.count / 4) { buffer, count in
    count = entry.bytes.count / 4
    UnsafeMutableRawBufferPointer(buffer).copyBytes(from: entry.bytes.prefix(4 * count))
  }
}
