import DrnCPU
import DrnIR
import DrnReference
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

/// What PyTorch computed for attention, as `Tests/Oracle/attention.py` writes it.
private struct AttentionFixture {
  let tensors: [String: TensorEntry]

  init(path: String) throws {
    tensors = Dictionary(uniqueKeysWithValues: try TensorFile.read(path: path).tensors.map { ($0.name, $0) })
  }

  var names: [String] { Set(tensors.keys.compactMap { $0.split(separator: "/").first.map(String.init) }).sorted() }

  /// The values of a tensor of a case; `nil` where the case has none.
  func values(_ name: String, _ key: String) -> [Double]? { tensors["\(name)/\(key)"].map(decoded) }

  private func decoded(_ entry: TensorEntry) -> [Double] {
    entry.bytes.withUnsafeBytes { raw in
      stride(from: 0, to: raw.count, by: 4).map { position in
        let bits = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: position, as: UInt32.self))
        return entry.elementType == .f32 ? Double(Float(bitPattern: bits)) : Double(Int32(bitPattern: bits))
      }
    }
  }

  /// Attention and its gradients in one function `f`, whose arguments and results are called as in the fixture.
  func module(_ name: String) throws -> Module {
    let extents = try #require(values(name, "extents")).map { Int($0) }
    let (batch, length, heads, groups, size) = (extents[0], extents[1], extents[2], extents[3], extents[4])
    let settings = AttentionSettings(
      length: length, heads: heads, groups: groups, isCausal: extents[5] == 1, scale: 1 / Double(size).squareRoot(),
      rotary: Double(extents[6]))
    var b = Builder(function: "f", in: Module(name: name))
    func argument(_ name: String, _ heads: Int) -> Value {
      b.argument(name, role: .batch, .f32([Dimension(batch * length), Dimension(heads * size)]))
    }
    var operands = [argument("q", heads), argument("k", groups), argument("v", groups)]
    let (inputs, dy) = (operands, argument("dy", heads))
    if values(name, "lengths") != nil { operands.append(b.argument("lengths", role: .batch, TensorType(.i32, [Dimension(batch)]))) }
    let results = try b.emit(.attention, operands, settings.attributes)
    let gradients = try pullBack(of: [results[0]], cotangents: [dy], wrt: inputs, in: &b, from: 0)
    for (name, value) in zip(["y", "lse", "dq", "dk", "dv"], results + gradients) { b.result(name, role: .output, value) }
    var module = Module(name: name)
    module.set(b.function)
    return module
  }
}

@Suite("Attention against PyTorch")
struct OracleAttentionTests {
  private static let path = TorchPython.committed.appendingPathComponent("attention.safetensors").path

  /// Of the largest element, at least 0.1, as gradients of one position are 0: PyTorch computed in double precision and rounded once.
  private func expectClose(_ found: [Double], _ expected: [Double], _ bound: Double, _ what: String) {
    #expect(found.count == expected.count, "\(what)")
    let largest = expected.reduce(0.1) { max($0, abs($1)) }
    let error = zip(found, expected).reduce(0) { max($0, abs($1.0 - $1.1).isNaN ? .infinity : abs($1.0 - $1.1)) }
    #expect(error <= bound * largest, "\(what): \(error) of \(largest)")
  }

  @Test("results and gradients are PyTorch's: masks, shared keys, rotary embeddings, padding, one position and a thousand")
  func agrees() throws {
    let fixture = try AttentionFixture(path: Self.path)
    #expect(fixture.names.count == 10)
    for name in fixture.names {
      let module = try fixture.module(name)
      let function = try #require(module.function("f"))
      let segment = try Segment(module: module, functions: ["f"], threads: 2)
      var arguments: [String: ReferenceTensor] = [:]
      for port in function.arguments {
        let values = try #require(fixture.values(name, port.name))
        arguments[port.name] = ReferenceTensor(shape: function.type(of: port.value).extents ?? [], values: values)
        if port.name == "lengths" {
          try segment.writeLabels(port.name, values.map { Int32($0) })
        } else {
          try segment.write(port.name, values.map { Float($0) })
        }
      }
      try segment.run("f")
      for port in function.results {
        let expected = try #require(fixture.values(name, port.name))
        expectClose(try segment.read(port.name).map(Double.init), expected, 1e-5, "\(name), \(port.name)")
      }
      let results = try evaluate(function: function, module: module, arguments: arguments)
      for (key, tensor) in results {
        expectClose(tensor.values, try #require(fixture.values(name, key)), 1e-6, "reference of \(name), \(key)")
      }
    }
  }
}
