import DrnIR
import DrnReference
import DrnTestSupport
import Testing

/// The results of one op on given operands, by the reference interpreter.
func evaluateOp(_ opcode: Opcode, _ sample: OpSample) throws -> [ReferenceTensor] {
  let module = try sampleModule()
  var builder = Builder(function: "f", in: module)
  let operands = sample.types.enumerated().map { builder.argument("x\($0)", role: .plain, $1) }
  let results = try builder.emit(opcode, operands, sample.attributes)
  for (index, result) in results.enumerated() { builder.result("y\(index)", role: .plain, result) }
  let arguments = Dictionary(uniqueKeysWithValues: sample.operands.enumerated().map { ("x\($0)", $1) })
  let found = try evaluate(function: builder.function, module: module, arguments: arguments)
  return try results.indices.map { try #require(found["y\($0)"]) }
}

/// A matrix from its rows.
func matrix(_ rows: [[Double]]) -> ReferenceTensor {
  ReferenceTensor(shape: [rows.count, rows.first?.count ?? 0], values: rows.flatMap { $0 })
}

/// Expects values within a tolerance that leaves a few roundings in double precision.
func expectEqual(_ found: [Double], _ expected: [Double], tolerance: Double = 1e-12, _ label: String = "") {
  #expect(found.count == expected.count, "\(label)")
  for (index, (left, right)) in zip(found, expected).enumerated() {
    #expect((left - right).magnitude <= tolerance, "\(label)[\(index)]: \(left), expected \(right)")
  }
}
