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
    private let values: [Double]
    let count: Int

    init(_ entry: TensorEntry) throws {
      guard let count = entry.shape.first, count > 0 else { throw Failure("\(entry.name) has no rows") }
      self.count = count
      shape = Array(entry.shape.dropFirst())
      values = try doubles(entry)
    }

    subscript(row: Int) -> [Double] {
      let width = values.count / count
      return Array(values[(row * width)..<((row + 1) * width)])
    }
    func floats(_ row: Int) -> [Float] { self[row].map { Float($0) } }
  }

  let name: String
  /// The program as source text.
  let program: String
  /// The same with `sgd(momentum: 0.5)` and neither decay nor clipping: from an empty buffer, the buffer after a step is the gradient.
  let gradientProgram: String
  let steps: Int
  /// The steps that PyTorch also took in double precision, in the order of the rows of `double/...`.
  let doubleSteps: [Int]
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
    guard let rates = rows["rate"], let steps = file.tensor(named: "double/steps") else { throw Failure("\(path) holds no steps") }
    self.steps = rates.count
    doubleSteps = try doubles(steps).map { Int($0) }
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
  var hasClasses: Bool { (try? self["labels"].shape.count) == 1 }
}

/// The elements of a tensor, exactly.
private func doubles(_ entry: TensorEntry) throws -> [Double] {
  guard entry.elementType == .f64 else { return try entry.floats().map { Double($0) } }
  return entry.bytes.withUnsafeBytes { raw in
    stride(from: 0, to: raw.count, by: 8).map {
      Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: $0, as: UInt64.self)))
    }
  }
}
