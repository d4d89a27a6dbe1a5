extension JSON {
  /// The value as UTF-8 without white space. A number that is not finite is written as `null`.
  public var bytes: [UInt8] {
    var output: [UInt8] = []
    write(to: &output)
    return output
  }

  private func write(to output: inout [UInt8]) {
    switch self {
    case .null: output += "null".utf8
    case .boolean(let value): output += (value ? "true" : "false").utf8
    case .integer(let value): Self.write(value, to: &output)
    case .number(let value): output += (value.isFinite ? String(value) : "null").utf8
    case .string(let value): JSONText.append(value, to: &output)
    case .array(let items):
      output.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        item.write(to: &output)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let members):
      output.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        if index > 0 { output.append(UInt8(ascii: ",")) }
        JSONText.append(member.name, to: &output)
        output.append(UInt8(ascii: ":"))
        member.value.write(to: &output)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  /// Small numbers make up most of the semantic tokens.
  private static func write(_ value: Int, to output: inout [UInt8]) {
    if value >= 0, value < 10 { output.append(UInt8(ascii: "0") + UInt8(value)) } else { output += String(value).utf8 }
  }
}
