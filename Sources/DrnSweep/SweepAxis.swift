/// What one `--set key=v1,v2` of a sweep varies.
public struct SweepAxis: Hashable, Sendable {
  /// What is set, as `train.rate`.
  public let key: String
  /// Its values as they were written, each once.
  public let values: [String]

  /// Reads `key=v1,v2,...`. A comma within brackets or quotes belongs to the value.
  public init(_ text: String) throws(SweepFault) {
    guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
      throw SweepFault("--set takes name=value,value, not `\(text)`", help: "for example --set train.rate=0.1,0.01")
    }
    let key = String(text[..<sign])
    guard key != "train.seed" else {
      throw SweepFault("the seeds of a sweep are not a setting of it", help: "give them with --seeds, as --seeds 3 or --seeds 1,5,9")
    }
    let values = Self.parts(text[text.index(after: sign)...])
    guard values.count == 1 || !values.contains("") else {
      throw SweepFault("a value of `--set \(key)` is empty", help: "write a value between any two commas, and none after the last value")
    }
    if let twice = values.indices.first(where: { values[..<$0].contains(values[$0]) }) {
      throw SweepFault("`--set \(key)` has the value `\(values[twice])` twice")
    }
    (self.key, self.values) = (key, values)
  }

  /// What stands between the commas, without spaces around it. What no bracket closes is one value, which the checker then reports.
  static func parts(_ text: Substring) -> [String] {
    var parts = [""]
    var (depth, isQuoted, isEscaped) = (0, false, false)
    for character in text {
      if isQuoted {
        if isEscaped { isEscaped = false } else if character == "\\" { isEscaped = true } else if character == "\"" { isQuoted = false }
      } else {
        switch character {
        case "\"": isQuoted = true
        case "(", "[", "{": depth += 1
        case ")", "]", "}": depth = max(0, depth - 1)
        case "," where depth == 0:
          parts.append("")
          continue
        case _: break
        }
      }
      parts[parts.count - 1].append(character)
    }
    return parts.map { part in
      String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
  }
}
