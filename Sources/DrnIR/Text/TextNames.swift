/// Spelling of names and strings in the text form.
enum TextNames {
  static func startsName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
    default: false
    }
  }
  static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
  /// Names of values and functions may hold the dots and slashes of weight and slot names, as `fc1.weight/momentum`.
  static func continuesName(_ byte: UInt8) -> Bool {
    startsName(byte) || isDigit(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/")
  }

  /// The name itself where the reader takes it bare, else quoted.
  static func bareOrQuoted(_ name: String) -> String {
    guard let first = name.utf8.first, startsName(first), name.utf8.allSatisfy(continuesName) else { return quoted(name) }
    return name
  }

  /// The string between quotes; control characters are escaped so that a line stays a line.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      default:
        if scalar.value < 0x20 || scalar.value == 0x7F || scalar == "\u{2028}" || scalar == "\u{2029}" {
          result += "\\u{\(String(scalar.value, radix: 16))}"
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}

/// The printed name of every value of one function: `%hint`, `%hint#1` for the next value of that hint, `%4` for one without.
///
/// Numbers count values in the order of their definitions, so the text does not depend on how the value table is laid out.
struct ValueNames {
  private var names: [Value: String] = [:]

  init(_ function: Function) {
    let defined = function.arguments.map(\.value) + function.operations.flatMap(\.results)
    var uses: [String: Int] = [:]
    for (number, value) in defined.enumerated() where names[value] == nil {
      guard let hint = function.values.indices.contains(Int(value.index)) ? function.values[Int(value.index)].name : nil else {
        names[value] = "%\(number)"
        continue
      }
      let use = uses[hint, default: 0]
      uses[hint] = use + 1
      names[value] = "%" + TextNames.bareOrQuoted(hint) + (use == 0 ? "" : "#\(use)")
    }
  }

  /// `%?7` for a value that nothing defines; the reader refuses it.
  subscript(value: Value) -> String { names[value] ?? "%?\(value.index)" }
}
