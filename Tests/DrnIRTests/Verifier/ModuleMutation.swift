import DrnIR
import DrnTestSupport
import Testing

/// One way to break a module.
struct ModuleMutation: Sendable, CustomTestStringConvertible {
  /// What is done, in words.
  let name: String
  /// The rules of which one has to report it.
  let rules: Set<String>
  /// Whether some places make no difference, as an operation without a use that is dropped; nothing else may pass the verifier.
  let mayBeHarmless: Bool
  /// Changes the module at a random place; false where it has none.
  let apply: @Sendable (inout Module, inout SplitMix64) -> Bool

  var testDescription: String { name }

  init(
    _ name: String, _ rules: Set<String>, mayBeHarmless: Bool = false,
    _ apply: @escaping @Sendable (inout Module, inout SplitMix64) -> Bool
  ) {
    self.name = name
    self.rules = rules
    self.mayBeHarmless = mayBeHarmless
    self.apply = apply
  }

  /// Changes a random function for which `change` finds something to change.
  init(
    _ name: String, _ rule: String, function change: @escaping @Sendable (inout Function, Module, inout SplitMix64) -> Bool
  ) {
    self.init(name, [rule]) { module, random in
      let first = random.below(module.functions.count)
      for offset in module.functions.indices {
        let index = (first + offset) % module.functions.count
        if change(&module.functions[index], module, &random) { return true }
      }
      return false
    }
  }

  /// Changes a random operation of those that `fits` takes.
  init(
    _ name: String, _ rules: Set<String>, mayBeHarmless: Bool = false,
    where fits: @escaping @Sendable (Operation, Function) -> Bool = { _, _ in true },
    operation change: @escaping @Sendable (inout Function, Int, inout SplitMix64) -> Void
  ) {
    self.init(name, rules, mayBeHarmless: mayBeHarmless) { module, random in
      let places = module.functions.indices.flatMap { index in
        let function = module.functions[index]
        return function.operations.indices.filter { fits(function.operations[$0], function) }.map { (index, $0) }
      }
      guard let (index, operation) = random.pick(places) else { return false }
      change(&module.functions[index], operation, &random)
      return true
    }
  }

  /// Changes a random function that an operation of `map`, or one with an epilogue or a prologue, names.
  init(_ name: String, body change: @escaping @Sendable (inout Function, inout SplitMix64) -> Void) {
    self.init(name, ["bodies"]) { module, random in
      let bodies = Set(module.functions.flatMap(\.operations).compactMap(\.body))
      guard let index = random.pick(module.functions.indices.filter { bodies.contains(module.functions[$0].name) }) else { return false }
      change(&module.functions[index], &random)
      return true
    }
  }
}

extension Operation {
  /// The scalar function that it applies to elements.
  var body: String? { attributes.function(opcode == .map ? "body" : opcode.fusedFunctionPlace?.attribute ?? "") }
  /// The function that it names.
  fileprivate var callee: (attribute: String, name: String)? {
    attributes.entries.lazy.compactMap { if case .function(let name) = $0.value { ($0.name, name) } else { nil } }.first
  }
}

extension Function {
  /// The results that replace an argument, by their places; none in functions that may change forms.
  fileprivate var replacements: [Int] {
    if ["transition", "event", "initialize"].contains(where: name.hasPrefix) { return [] }
    return results.indices.filter { argument(results[$0].name).map { $0.role != .plain } ?? false }
  }
  /// The values that are defined before an operation.
  fileprivate func values(before operation: Int) -> [Value] {
    arguments.map(\.value) + operations[..<operation].flatMap(\.results)
  }
}

extension ModuleMutation {
  static let all = names + ranks + tables + definitions + forms + bodies + types + ports

  private static let names = [
    ModuleMutation("a function twice", ["unique-functions"]) { module, random in
      guard let function = random.pick(module.functions) else { return false }
      module.functions.append(function)
      return true
    },
    ModuleMutation("two functions of one name", ["unique-functions"]) { module, random in
      guard module.functions.count > 1 else { return false }
      let index = random.below(module.functions.count - 1)
      module.functions[index].name = module.functions[index + 1].name
      return true
    },
    ModuleMutation("a call of a function that is nowhere", ["calls"], where: { operation, _ in operation.callee != nil }) {
      function, index, _ in
      guard let callee = function.operations[index].callee else { return }
      function.operations[index].attributes[callee.attribute] = .function("nowhere")
    },
    ModuleMutation("a function that calls itself", ["calls"], where: { operation, _ in operation.callee != nil }) { function, index, _ in
      guard let callee = function.operations[index].callee else { return }
      function.operations[index].attributes[callee.attribute] = .function(function.name)
    },
    ModuleMutation("a called function left out", ["calls"]) { module, random in
      let called = module.functions.flatMap(\.operations).compactMap { $0.callee?.name }
      guard let name = random.pick(called) else { return false }
      module.functions.removeAll { $0.name == name }
      return true
    },
  ]

  private static let ranks = [
    ModuleMutation("a rank that may be 0", ["symbols"]) { module, random in
      guard !module.symbols.isEmpty else { return false }
      let index = random.below(module.symbols.count)
      let symbol = module.symbols[index]
      module.symbols[index] = SymbolInfo(name: symbol.name, bounds: 0...symbol.bounds.upperBound, definition: symbol.definition)
      return true
    },
    ModuleMutation("a rank computed from itself", ["symbols"]) { module, random in
      guard !module.symbols.isEmpty else { return false }
      let index = random.below(module.symbols.count)
      let definition = SymbolDefinition(value: Dimension(Symbol(index)) + 1, limit: 8)
      module.symbols[index] = SymbolInfo(name: "again", bounds: 1...8, definition: definition)
      return true
    },
    ModuleMutation("a rank of at most 0", ["symbols"]) { module, random in
      guard !module.symbols.isEmpty else { return false }
      let index = random.below(module.symbols.count)
      module.symbols[index] = SymbolInfo(name: "none", bounds: 1...8, definition: SymbolDefinition(value: 2, limit: 0))
      return true
    },
    ModuleMutation("a rank without its declaration", ["symbols"]) { module, _ in
      let last = Symbol(module.symbols.count - 1)
      let types = module.functions.flatMap(\.values).flatMap(\.type.shape)
      guard types.contains(where: { $0.terms.contains { $0.symbol == last } }) else { return false }
      module.symbols.removeLast()
      return true
    },
    ModuleMutation("an undeclared rank in a type", "symbols") { function, module, random in
      guard let index = random.pick(function.values.indices.filter { function.values[$0].type.rank > 0 }) else { return false }
      let type = function.values[index].type
      function.values[index].type = TensorType(type.element, [Dimension(Symbol(module.symbols.count))] + type.shape.dropFirst())
      return true
    },
    ModuleMutation("an undeclared rank in an attribute", "symbols") { function, module, random in
      let places = function.operations.indices.flatMap { index in
        function.operations[index].attributes.entries.compactMap { entry in
          if case .dimensions(let dimensions) = entry.value { (index, entry.name, dimensions) } else { nil }
        }
      }
      guard let (index, name, dimensions) = random.pick(places) else { return false }
      function.operations[index].attributes[name] = .dimensions(dimensions + [Dimension(Symbol(module.symbols.count + 3))])
      return true
    },
  ]

  private static let tables = [
    ModuleMutation("an operand that the table has not", ["values-in-range"], where: { operation, _ in !operation.operands.isEmpty }) {
      function, index, random in
      let place = random.below(function.operations[index].operands.count)
      function.operations[index].operands[place] = Value(function.values.count + random.below(3))
    },
    ModuleMutation("a result that the table has not", ["values-in-range"], where: { operation, _ in !operation.results.isEmpty }) {
      function, index, random in
      let place = random.below(function.operations[index].results.count)
      function.operations[index].results[place] = random.below(2) == 0 ? Value(-1) : Value(.max)
    },
    ModuleMutation("an argument that the table has not", "values-in-range") { function, _, random in
      guard !function.arguments.isEmpty else { return false }
      function.arguments[random.below(function.arguments.count)].value = Value(function.values.count)
      return true
    },
    ModuleMutation("a result of a function that the table has not", "values-in-range") { function, _, random in
      guard !function.results.isEmpty else { return false }
      function.results[random.below(function.results.count)].value = Value(-7)
      return true
    },
  ]

  private static let definitions = [
    ModuleMutation("an operation twice", ["defined-once"], where: { operation, _ in !operation.results.isEmpty }) { function, index, _ in
      function.operations.insert(function.operations[index], at: index + 1)
    },
    ModuleMutation(
      "a result over an argument", ["defined-once"],
      where: { operation, function in !operation.results.isEmpty && !function.arguments.isEmpty }
    ) { function, index, random in
      function.operations[index].results[0] = function.arguments[random.below(function.arguments.count)].value
    },
    ModuleMutation("two arguments of one value", "defined-once") { function, _, random in
      guard function.arguments.count > 1 else { return false }
      let index = random.below(function.arguments.count - 1)
      function.arguments[index + 1].value = function.arguments[index].value
      return true
    },
    ModuleMutation("an operation left out", ["defined-before-use"], mayBeHarmless: true) { function, index, _ in
      function.operations.remove(at: index)
    },
    ModuleMutation("an operation somewhere else", ["defined-before-use"], mayBeHarmless: true) { function, index, random in
      let operation = function.operations.remove(at: index)
      function.operations.insert(operation, at: random.below(function.operations.count + 1))
    },
    ModuleMutation(
      "an operation that reads its result", ["defined-before-use"],
      where: { operation, _ in !operation.operands.isEmpty && !operation.results.isEmpty }
    ) { function, index, random in
      let result = function.operations[index].results[0]
      function.operations[index].operands[random.below(function.operations[index].operands.count)] = result
    },
    ModuleMutation("a result of a function that nothing defines", "defined-before-use") { function, _, random in
      guard !function.results.isEmpty else { return false }
      let index = random.below(function.results.count)
      function.results[index].value = function.makeValue(function.type(of: function.results[index].value))
      return true
    },
  ]

  private static let forms = [
    ModuleMutation(
      "operands too many", ["arity"],
      where: { operation, function in
        !operation.opcode.spec.arity.allows(64) && !(function.arguments.isEmpty && operation.operands.isEmpty)
      }
    ) { function, index, _ in
      let extra = function.operations[index].operands.last ?? function.arguments[0].value
      repeat { function.operations[index].operands.append(extra) } while function.operations[index].hasOperandsAllowed
    },
    ModuleMutation("operands too few", ["arity"], where: { operation, _ in !operation.opcode.spec.arity.allows(0) }) { function, index, _ in
      repeat { function.operations[index].operands.removeLast() } while function.operations[index].hasOperandsAllowed
    },
    ModuleMutation("an attribute missing", ["attributes"], where: { operation, _ in operation.required.count > 0 }) {
      function, index, random in
      if let name = random.pick(function.operations[index].required) { function.operations[index].attributes[name] = nil }
    },
    ModuleMutation("an attribute of another kind", ["attributes"], where: { operation, _ in !operation.attributes.isEmpty }) {
      function, index, random in
      guard let entry = random.pick(function.operations[index].attributes.entries) else { return }
      let others: [AttributeValue] = [.integer(1), .number(1), .boolean(true), .string("a"), .integers([1]), .booleans([true])]
      function.operations[index].attributes[entry.name] = random.pick(others.filter { $0.kindName != entry.value.kindName })
    },
    ModuleMutation("an attribute that the op has not", ["attributes"]) { function, index, _ in
      function.operations[index].attributes["speed"] = .number(1)
    },
    ModuleMutation("a negative extent", "extents") { function, _, random in
      let concrete = function.values.indices.filter { function.values[$0].type.extents?.isEmpty == false }
      guard let index = random.pick(concrete) else { return false }
      let type = function.values[index].type
      function.values[index].type = TensorType(type.element, [-1] + type.shape.dropFirst())
      return true
    },
    ModuleMutation("more elements than can be counted", "extents") { function, _, random in
      guard !function.values.isEmpty else { return false }
      function.values[random.below(function.values.count)].type = .f32([Dimension(.max), 3])
      return true
    },
  ]

  private static let bodies = [
    ModuleMutation("a body with another argument", body: { body, _ in body.addArgument("more", role: .plain, type: .scalar) }),
    ModuleMutation("a body of rows", body: { body, random in body.values[random.below(body.values.count)].type = .f32([2]) }),
    ModuleMutation(
      "a body of whole numbers", body: { body, random in body.values[random.below(body.values.count)].type = TensorType(.i32, []) }),
    ModuleMutation("a body without a result", body: { body, _ in body.results = [] }),
    ModuleMutation(
      "a body that sums",
      body: { body, _ in
        let value = body.arguments.first?.value ?? body.makeValue(.scalar)
        body.operations.append(
          Operation(.sum, operands: [value], results: [body.makeValue(.scalar)], attributes: ["axes": .integers([])]))
      }),
    ModuleMutation("a kind too many", ["bodies"], where: { operation, _ in operation.body != nil }) { function, index, _ in
      let kinds = function.operations[index].attributes.integers("kinds") ?? []
      function.operations[index].attributes["kinds"] = .integers(kinds + [1])
    },
    ModuleMutation(
      "a kind that there is not", ["bodies"], where: { operation, _ in operation.attributes.integers("kinds")?.isEmpty == false }
    ) { function, index, random in
      var kinds = function.operations[index].attributes.integers("kinds") ?? []
      kinds[random.below(kinds.count)] = random.below(2) == 0 ? 4 : -1
      function.operations[index].attributes["kinds"] = .integers(kinds)
    },
  ]

  private static let types = [
    ModuleMutation("another shape of a result", ["inferred-types"], where: { operation, _ in !operation.results.isEmpty }) {
      function, index, random in
      let results = function.operations[index].results
      let value = Int(results[random.below(results.count)].index)
      let type = function.values[value].type
      function.values[value].type = TensorType(type.element, type.shape + [2])
    },
    ModuleMutation("another element of a result", ["inferred-types"], where: { operation, _ in !operation.results.isEmpty }) {
      function, index, random in
      let results = function.operations[index].results
      let value = Int(results[random.below(results.count)].index)
      let type = function.values[value].type
      function.values[value].type = TensorType(type.element == .f32 ? .i32 : .f32, type.shape)
    },
    ModuleMutation("a result too many", ["inferred-types"]) { function, index, _ in
      let result = function.makeValue(.scalar)
      function.operations[index].results.append(result)
    },
    ModuleMutation("a result too few", ["inferred-types"], where: { operation, _ in !operation.results.isEmpty }) { function, index, _ in
      function.operations[index].results.removeLast()
    },
    // Of two types, the operands of a binary op are a tensor and a scalar, and those of a concatenation parts; in any order they are a program.
    ModuleMutation(
      "operands of different types exchanged", ["inferred-types"], mayBeHarmless: true,
      where: { operation, function in
        if case .binary = operation.opcode { return false }
        return operation.opcode != .concatenate && Set(operation.operands.map { function.type(of: $0) }).count > 1
      }
    ) { function, index, random in
      let operands = function.operations[index].operands
      let first = random.below(operands.count)
      let others = operands.indices.filter { function.type(of: operands[$0]) != function.type(of: operands[first]) }
      if let second = random.pick(others) { function.operations[index].operands.swapAt(first, second) }
    },
    ModuleMutation("an operand of another element", ["inferred-types"], where: { operation, _ in !operation.operands.isEmpty }) {
      function, index, random in
      let place = random.below(function.operations[index].operands.count)
      let type = function.type(of: function.operations[index].operands[place])
      let other = TensorType(type.element == .f32 ? .i32 : .f32, type.shape)
      let value = function.addArgument("other", role: .plain, type: other)
      function.operations[index].operands[place] = value
    },
    ModuleMutation("a number that is none", ["inferred-types"], where: { operation, _ in operation.boundedNumber != nil }) {
      function, index, _ in
      if let name = function.operations[index].boundedNumber { function.operations[index].attributes[name] = .number(.nan) }
    },
    ModuleMutation("a window without an extent", ["inferred-types"], where: { operation, _ in operation.attributes["kernel"] != nil }) {
      function, index, random in
      function.operations[index].attributes[random.pick(["kernel", "stride", "dilation"]) ?? "kernel"] = .integers([0, 1])
    },
    ModuleMutation("an axis or operand that there is not", ["inferred-types"], where: { operation, _ in operation.indexAttribute != nil }) {
      function, index, _ in
      guard let name = function.operations[index].indexAttribute else { return }
      function.operations[index].attributes[name] = name == "axis" ? .integer(9) : .integers([9])
    },
  ]

  private static let ports = [
    ModuleMutation("two arguments of one name", "ports") { function, _, random in
      guard function.arguments.count > 1 else { return false }
      let index = random.below(function.arguments.count - 1)
      function.arguments[index + 1].name = function.arguments[index].name
      return true
    },
    ModuleMutation("two results of one name", "ports") { function, _, random in
      guard let result = random.pick(function.results) else { return false }
      function.results.append(result)
      return true
    },
    ModuleMutation("a replacement of another type", "donation") { function, _, random in
      let places = function.replacements.flatMap { index in
        function.values(before: function.operations.count)
          .filter { function.type(of: $0) != function.type(of: function.results[index].value) }.map { (index, $0) }
      }
      guard let (index, value) = random.pick(places) else { return false }
      function.results[index].value = value
      return true
    },
    ModuleMutation("a replacement of another role", "donation") { function, _, random in
      guard let index = random.pick(function.replacements) else { return false }
      let role = function.results[index].role
      function.results[index].role = random.pick(Role.allCases.filter { $0 != role }) ?? role
      return true
    },
    ModuleMutation("an argument of another role", ["donation", "frozen"], mayBeHarmless: true) { module, random in
      let places = module.functions.indices.flatMap { index in module.functions[index].arguments.indices.map { (index, $0) } }
      guard let (function, index) = random.pick(places) else { return false }
      let role = module.functions[function].arguments[index].role
      module.functions[function].arguments[index].role = random.pick(Role.allCases.filter { $0 != role }) ?? role
      return true
    },
    ModuleMutation("a weight that is updated, frozen", "frozen") { function, _, random in
      guard let index = random.pick(function.replacements) else { return false }
      let name = function.results[index].name
      for argument in function.arguments.indices where function.arguments[argument].name == name {
        function.arguments[argument].role = .frozen
      }
      return true
    },
    ModuleMutation("a frozen weight updated", "frozen") { function, _, random in
      guard !["transition", "event", "initialize"].contains(where: function.name.hasPrefix),
        let argument = random.pick(function.arguments.filter { $0.role == .frozen })
      else { return false }
      function.results.append(argument)
      return true
    },
  ]
}

extension Operation {
  fileprivate var hasOperandsAllowed: Bool { opcode.spec.arity.allows(operands.count) }
  /// The attributes that it may not be without.
  fileprivate var required: [String] { opcode.spec.attributes.filter(\.required).map(\.name) }
  /// An attribute that names axes or operands.
  fileprivate var indexAttribute: String? { ["axes", "axis", "wrt"].first { attributes[$0] != nil } }
  /// A number that the op holds against a range; the number of a constant may be any.
  fileprivate var boundedNumber: String? {
    if opcode == .constant { return nil }
    return attributes.entries.first { if case .number = $0.value { true } else { false } }?.name
  }
}
