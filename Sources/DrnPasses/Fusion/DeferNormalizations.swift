import DrnIR

/// The module with batch normalizations left to the operations that read them: these normalize the elements of x as they load them, so that
/// the normalized images, as large as x, are not kept for the backward pass.
///
/// `DeferralPlan` says which. Runs after fusion.
public func deferNormalizations(_ module: Module) throws(IRError) -> Module {
  var bodies = FusedBodies(module)
  var changed: [Function] = []
  for function in module.functions {
    guard function.operations.contains(where: { $0.opcode == .batchNorm }) else { continue }
    var deferral = Deferral(function, bodies)
    changed.append(try deferral.run())
    bodies = deferral.bodies
  }
  var result = bodies.module
  for function in changed { result.set(function) }
  return result
}

private struct Deferral {
  private var rewriter: FunctionRewriter
  private let plan: DeferralPlan
  private(set) var bodies: FusedBodies
  /// By their result in the old function.
  private var elements: [Value: NormalizedElement] = [:]

  init(_ function: Function, _ bodies: FusedBodies) {
    rewriter = FunctionRewriter(function, in: bodies.module)
    plan = DeferralPlan(function, bodies.module)
    self.bodies = bodies
  }

  mutating func run() throws(IRError) -> Function {
    for (index, operation) in rewriter.source.operations.enumerated() {
      rewriter.builder.location = operation.location
      if let choice = plan.choices[index] {
        try leave(operation, isStored: choice == .stored)
      } else if let operands = plan.normalizedOperands(of: operation) {
        try read(operation, operands)
      } else {
        try rewriter.copy(operation)
      }
    }
    return try rewriter.finish()
  }

  /// Finds the factors, and for the readers of the forward pass the image where they need it.
  private mutating func leave(_ operation: Operation, isStored: Bool) throws(IRError) {
    let own = try rewriter.values(Array(operation.operands.prefix(3)))
    let epsilon = operation.attributes["epsilon"].map { ["epsilon": $0] as Attributes } ?? [:]
    let results = try rewriter.builder.emit(.batchNormFactors, own, epsilon)
    rewriter.replace(Array(operation.results.dropFirst()), by: Array(results.dropFirst(2)))
    let extras = Array(operation.operands.dropFirst(3))
    let element = try NormalizedElement(
      x: own[0], factors: Array(results.prefix(2)), epilogue: body(operation, "epilogue"), operands: try normalized(extras, operation),
      in: bodies.module)
    elements[operation.results[0]] = element
    guard isStored else { return }
    let operands = NormalizedOperand.element(element).operands
    let name = bodies.name(element.body)
    rewriter.extend(bodies.module)
    let kinds = operands.map(\.kind.rawValue)
    rewriter.replace(
      [operation.results[0]],
      by: try rewriter.builder.emit(.map, operands.map(\.value), ["body": .function(name), "kinds": .integers(kinds)]))
  }

  private func body(_ operation: Operation, _ attribute: String) -> Function? {
    operation.attributes.function(attribute).flatMap { bodies.module.function($0) }
  }

  /// The extra operands of an operation, with normalized images in place of those left to it.
  private func normalized(_ extras: [Value], _ operation: Operation) throws(IRError) -> [NormalizedOperand] {
    let kinds = (operation.attributes.integers("kinds") ?? []).compactMap(OperandKind.init(rawValue:))
    return try zip(extras, kinds).map { (extra, kind) throws(IRError) in
      if let element = elements[extra] { return .element(element) }
      return .value((try rewriter.value(extra), kind))
    }
  }

  /// The operation with a prologue that normalizes the operands in these places.
  private mutating func read(_ operation: Operation, _ places: [Int]) throws(IRError) {
    let own = operation.opcode.fusedFunctionPlace?.ownOperands ?? 0
    let all = try operation.operands.enumerated().map { (place, operand) throws(IRError) -> NormalizedOperand in
      if places.contains(place), let element = elements[operand] { return .element(element) }
      return .value((try rewriter.value(operand), .full))
    }
    // The prologue's arguments: the first operand, then the extra ones.
    let operands = [all[0]] + all[own...]
    let added = operands.flatMap { $0.operands.dropFirst() }
    var attributes = operation.attributes
    attributes["prologue"] = .function(bodies.name(try NormalizedElement.reader(body(operation, "prologue"), operands, in: bodies.module)))
    attributes["kinds"] = .integers((attributes.integers("kinds") ?? []) + added.map(\.kind.rawValue))
    rewriter.extend(bodies.module)
    rewriter.replace(
      operation.results, by: try rewriter.builder.emit(operation.opcode, all.map { $0.operands[0].value } + added.map(\.value), attributes))
  }
}
