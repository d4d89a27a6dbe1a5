import DrnCPU
import DrnCompiler
import DrnIR
import DrnLowering
import DrnMethods
import DrnPasses
import DrnProgram
import DrnTrain

/// The values of a function that depend on weights alone, as far as operations on examples read them: what a graph has as tensors.
struct KnownPart {
  /// By value of the function.
  private(set) var tensors: [Value: KnownTensor] = [:]
  /// Values without a part of an example in them, numbers among them.
  private(set) var values: Set<Value> = []

  /// `isOfBatch` tells extents that grow with the number of examples; `plans` are the weights of the network.
  init(
    _ function: Function, in module: Module, _ weights: [DeployedTensor], _ plans: [WeightPlan], isOfBatch: (Int) -> Bool
  ) throws(ExportError) {
    let byName = Dictionary(weights.map { ($0.name, $0) }) { first, _ in first }
    for port in function.arguments {
      guard let weight = byName[port.name] else { continue }
      values.insert(port.value)
      tensors[port.value] = KnownTensor(
        name: port.name, identity: port.name, shape: weight.tensor.shape, values: weight.values, layout: weight.layout)
    }
    var made: [Operation] = []
    for operation in function.operations where operation.operands.allSatisfy(values.contains) {
      let shapes = operation.results.compactMap { function.type(of: $0).extents }
      guard !shapes.joined().contains(where: isOfBatch) else { continue }
      values.formUnion(operation.results)
      made.append(operation)
    }
    let read = Set(function.operations.filter { !$0.results.allSatisfy(values.contains) }.flatMap(\.operands)).union(
      function.results.map(\.value))
    let wanted = made.flatMap(\.results).filter(read.contains)
    let products = Self.products(made, of: function, byName, plans)
    for (value, tensor) in try Self.compute(wanted, by: made, of: function, in: module, byName) {
      // What is the whole of a weight has its name and its layout.
      let whole = products[value].map { plan in
        KnownTensor(
          name: plan.name, identity: tensor.identity, shape: tensor.shape, values: tensor.values, layout: StoredLayout(dense: plan))
      }
      tensors[value] = whole ?? tensor
    }
  }

  /// The products of the two factors of a weight, which are that weight.
  private static func products(
    _ operations: [Operation], of function: Function, _ weights: [String: DeployedTensor], _ plans: [WeightPlan]
  ) -> [Value: WeightPlan] {
    var owners: [Value: Int] = [:]
    for port in function.arguments { if let weight = weights[port.name]?.tensor.info.weight { owners[port.value] = weight } }
    var products: [Value: WeightPlan] = [:]
    for operation in operations where operation.opcode == .matmul && operation.operands.count == 2 {
      let isTransposed = ["transpose_left", "transpose_right"].contains { operation.attributes.boolean($0) ?? false }
      let (left, right) = (owners[operation.operands[0]], owners[operation.operands[1]])
      guard let left, left == right, plans.indices.contains(left), !isTransposed, let result = operation.results.first,
        function.type(of: result).extents == [plans[left].shape.inputs, plans[left].shape.outputs]
      else { continue }
      products[result] = plans[left]
    }
    return products
  }

  private static func compute(
    _ wanted: [Value], by operations: [Operation], of function: Function, in module: Module, _ weights: [String: DeployedTensor]
  ) throws(ExportError) -> [Value: KnownTensor] {
    guard !wanted.isEmpty else { return [:] }
    let name = "known"
    do {
      var builder = Builder(function: name, in: Module(name: name))
      var copies: [Value: Value] = [:]
      for port in function.arguments where weights[port.name] != nil {
        copies[port.value] = builder.argument(port.name, role: .frozen, function.type(of: port.value))
      }
      for operation in operations {
        let results = try builder.emit(operation.opcode, operation.operands.compactMap { copies[$0] }, operation.attributes)
        for (old, new) in zip(operation.results, results) { copies[old] = new }
      }
      for value in wanted {
        guard let copy = copies[value] else { throw IRError("a value is used before it is computed") }
        builder.result("known\(value.index)", role: .output, copy)
      }
      var known = Module(name: name)
      known.set(builder.function)
      let segment = try Segment(module: try optimize(known, roots: [name]), functions: [name], threads: 1)
      for port in builder.function.arguments {
        // An argument that nothing reads may have no place.
        if let weight = weights[port.name] { try segment.argument(port.name).write(weight.values) }
      }
      try segment.run(name)
      var tensors: [Value: KnownTensor] = [:]
      for value in wanted {
        let values = try segment.result("known\(value.index)").read()
        let hint = function.values[Int(value.index)].name
        tensors[value] = KnownTensor(
          name: hint ?? "weights", identity: "value \(value.index)", shape: function.type(of: value).extents ?? [], values: values,
          layout: nil)
      }
      return tensors
    } catch { throw ExportError(.defect, "\(error)") }
  }
}
