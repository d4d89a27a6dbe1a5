import Foundation

/// The part of JSON Schema (draft 2020-12) that the schema of diagnostics uses: a second opinion, which knows nothing of the renderer.
struct JSONSchema {
  private let root: [String: Any]

  init(contentsOf url: URL) throws {
    root = try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any] ?? [:]
  }

  /// What in a JSON text does not fit, by path.
  func faults(in text: String) throws -> [String] {
    faults(of: try JSONSerialization.jsonObject(with: Data(text.utf8)), root, at: "")
  }

  private func faults(of value: Any, _ schema: [String: Any], at path: String) -> [String] {
    if let reference = schema["$ref"] as? String, let name = reference.split(separator: "/").last,
      let definition = (root["$defs"] as? [String: Any])?[String(name)] as? [String: Any]
    {
      return faults(of: value, definition, at: path)
    }
    if let constant = schema["const"] as? Int { return value as? Int == constant ? [] : ["\(path) is not \(constant)"] }
    if let words = schema["enum"] as? [String] {
      return (value as? String).map(words.contains) == true ? [] : ["\(path) is none of \(words)"]
    }
    switch schema["type"] as? String {
    case "object": return objectFaults(value, schema, path)
    case "array":
      guard let items = value as? [Any] else { return ["\(path) is no array"] }
      let element = schema["items"] as? [String: Any] ?? [:]
      return items.enumerated().flatMap { faults(of: $0.element, element, at: "\(path)/\($0.offset)") }
    case "string":
      guard let text = value as? String else { return ["\(path) is no text"] }
      guard let pattern = schema["pattern"] as? String else { return [] }
      return text.range(of: pattern, options: .regularExpression) == nil ? ["\(path) does not match \(pattern)"] : []
    case "integer":
      guard let number = value as? Int else { return ["\(path) is no integer"] }
      return number >= (schema["minimum"] as? Int ?? Int.min) ? [] : ["\(path) is too small"]
    case let type: return ["\(path): the schema has the type \(type ?? "nothing")"]
    }
  }

  private func objectFaults(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
    guard let object = value as? [String: Any] else { return ["\(path) is no object"] }
    let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
    let missing = (schema["required"] as? [String] ?? []).filter { object[$0] == nil }.map { "\(path)/\($0) is missing" }
    let inner = object.keys.sorted().flatMap { key -> [String] in
      guard let property = properties[key] else { return ["\(path)/\(key) is unknown"] }
      return faults(of: object[key] as Any, property, at: "\(path)/\(key)")
    }
    return missing + inner
  }
}
