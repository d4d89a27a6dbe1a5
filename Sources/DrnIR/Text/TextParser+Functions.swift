/// A function as written: values are names still.
struct FunctionText {
  struct Port {
    let value: TextToken
    /// `nil` for results, whose types are those of their definitions.
    let type: TensorType?
    let role: Role
    let name: String
    let position: TextPosition
  }
  struct Line {
    let results: [(value: TextToken, position: TextPosition)]
    let opcode: Opcode
    let operands: [(value: TextToken, position: TextPosition)]
    let attributes: Attributes
    let types: [TensorType]
    let position: TextPosition
  }
  let name: String
  let arguments: [Port]
  let results: [Port]
  let lines: [Line]
}

extension TextParser {
  /// `func @name(arguments) -> (results) { lines }`, after its first word.
  mutating func function() throws(IRTextError) -> FunctionText {
    let name = try functionName()
    try expect("(")
    let arguments = try list(until: ")") { parser throws(IRTextError) in try parser.port(typed: true) }
    try expect("->")
    try expect("(")
    let results = try list(until: ")") { parser throws(IRTextError) in try parser.port(typed: false) }
    try expect("{")
    var lines: [FunctionText.Line] = []
    while try !take("}") { lines.append(try line()) }
    return FunctionText(name: name, arguments: arguments, results: results, lines: lines)
  }

  private mutating func port(typed: Bool) throws(IRTextError) -> FunctionText.Port {
    let (value, start) = try valueName()
    var type: TensorType?
    if typed {
      try expect(":")
      type = try self.type()
    }
    try expect("{")
    let rolePosition = position
    guard let role = Role(rawValue: try word("a role")) else {
      throw error("the roles are \(Role.allCases.map(\.rawValue).joined(separator: ", "))", at: rolePosition)
    }
    let name = try string("the name of the argument or result")
    try expect("}")
    return FunctionText.Port(value: value, type: type, role: role, name: name, position: start)
  }

  private mutating func valueName() throws(IRTextError) -> (value: TextToken, position: TextPosition) {
    let found = (token, position)
    guard isAtValue else { throw error("a value is expected here, not \(token.description)") }
    try advance()
    return found
  }

  private var isAtValue: Bool {
    switch token {
    case .value, .numberedValue: true
    case .word, .function, .integer, .number, .string, .mark, .end: false
    }
  }

  private mutating func line() throws(IRTextError) -> FunctionText.Line {
    var results: [(value: TextToken, position: TextPosition)] = []
    if isAtValue {
      repeat { results.append(try valueName()) } while try take(",")
      try expect("=")
    }
    let start = position
    let mnemonic = try word("an operation")
    guard let opcode = Opcode(mnemonic: mnemonic) else { throw error("'\(mnemonic)' is no operation", at: start) }
    var operands: [(value: TextToken, position: TextPosition)] = []
    if isAtValue { repeat { operands.append(try valueName()) } while try take(",") }
    let attributes = try take("{") ? try attributes() : [:]
    var types: [TensorType] = []
    if !results.isEmpty {
      try expect(":")
      repeat { types.append(try type()) } while try take(",")
    }
    guard types.count == results.count else { throw error("there are \(results.count) results but \(types.count) types", at: start) }
    return FunctionText.Line(
      results: results, opcode: opcode, operands: operands, attributes: attributes, types: types, position: start)
  }
}
