import Foundation

/// What a source file declares for other modules, as far as lines, indentation and the formatter's layout tell.
struct Declarations {
  /// A declaration that is public, by its own modifier or as a requirement of a public protocol.
  struct Declaration {
    let file: String
    let line: Int
    /// The names of the types around it and of the type that it declares itself, joined by points.
    let type: String
    /// The base name, for functions with labels: `sum(of:)`, `init(_:)`; for several names of one statement, the first.
    let name: String
    /// Whether the line above it, but for attributes, is a doc comment.
    let isDocumented: Bool
    /// A requirement, written in the body of a protocol.
    let isRequirement: Bool
    /// An initializer whose body does nothing but to assign its parameters to properties of the same names.
    let assignsParameters: Bool
    /// A name for a case of an enum inside a case of another: `static let add = binary(.add)`.
    let namesCase: Bool
  }

  private(set) var declarations: [Declaration] = []
  /// The types that each type and each protocol names after its colon, there or in an extension; by the qualified name of the type.
  private(set) var inherited: [String: Set<String>] = [:]

  private struct Scope {
    let indentation: Int
    let name: String
    let isType: Bool
    let isPublicProtocol: Bool
  }

  /// Reads one more file.
  mutating func read(_ text: String, file: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var scopes: [Scope] = []
    var isInString = false
    for (index, line) in lines.enumerated() {
      let wasInString = isInString
      if line.components(separatedBy: "\"\"\"").count % 2 == 0 { isInString.toggle() }
      let words = line.drop { $0 == " " }
      guard !wasInString, !words.isEmpty, !words.hasPrefix("//") else { continue }
      let indentation = line.count - words.count
      while let last = scopes.last, indentation <= last.indentation { scopes.removeLast() }
      guard let match = words.firstMatch(of: Self.declaration) else { continue }
      let keyword = match.keyword
      let head = Self.head(lines, from: index)
      let isInProtocol = scopes.last.map { $0.isPublicProtocol && indentation == $0.indentation + 2 } ?? false
      let outer = scopes.filter(\.isType).map(\.name)
      let own = match.name.map(String.init) ?? ""
      let isType = ["struct", "enum", "class", "actor", "protocol", "extension"].contains(keyword)
      let qualified = (outer + (isType ? [own] : [])).joined(separator: ".")
      let isPublic = match.modifiers.split(separator: " ").contains { $0 == "public" || $0 == "open" }
      if isType { inherited[qualified, default: []].formUnion(Self.inheritance(head.text)) }
      if (isPublic && keyword != "extension") || isInProtocol {
        let name =
          isType || ["let", "var", "typealias", "associatedtype"].contains(keyword) ? own : Self.signature(head.text, own, keyword)
        declarations.append(
          Declaration(
            file: file, line: index + 1, type: qualified, name: name, isDocumented: Self.isDocumented(lines, index),
            isRequirement: isInProtocol,
            assignsParameters: keyword == "init" && Self.assignsParameters(lines, head: head, indentation: indentation),
            namesCase: head.text.wholeMatch(of: /public static let \w+ = \w+\(\.\w+\)/) != nil))
      }
      if head.text.hasSuffix("{") {
        scopes.append(
          Scope(indentation: indentation, name: own, isType: isType, isPublicProtocol: keyword == "protocol" && isPublic))
      }
    }
  }

  /// Modifiers, keyword and name of a declaration at the start of a line.
  nonisolated(unsafe) private static let declaration =
    #/
    ^(?:@\w+(?:\([^)]*\))?\ )*
    (?<modifiers>(?:(?:public|open|package|internal|fileprivate|private|static|final|indirect|mutating|nonmutating|override|convenience
      |required|lazy|nonisolated|prefix|postfix|infix|weak|unowned)(?:\(\w+\))?\ )*)
    (?<keyword>struct|enum|class|actor|protocol|extension|func|let|var|init|subscript|typealias|associatedtype)\b[?]?
    \ ?(?<name>[\w.]+|[-+*\/<>=!&|^~%]+)?
    /#

  /// The lines of a declaration up to its body, joined, with the index of the last.
  private static func head(_ lines: [Substring], from index: Int) -> (text: String, last: Int) {
    var text = ""
    var depth = 0
    for line in index..<lines.count {
      let words = lines[line].trimmingCharacters(in: .whitespaces)
      text += (text.isEmpty ? "" : " ") + words
      depth += words.count { $0 == "(" || $0 == "[" } - words.count { $0 == ")" || $0 == "]" }
      if depth <= 0 { return (text, line) }
    }
    return (text, lines.count - 1)
  }

  /// The types after the colon of a type or an extension.
  private static func inheritance(_ head: String) -> [String] {
    guard let colon = head.firstIndex(of: ":") else { return [] }
    let list = head[head.index(after: colon)...].prefix { $0 != "{" }
    let unconstrained = list.components(separatedBy: " where ")[0]
    return unconstrained.split { $0 == "," || $0 == "&" }.map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// A function, initializer or subscript by its labels; operators have none.
  private static func signature(_ head: String, _ name: String, _ keyword: Substring) -> String {
    let base = keyword == "func" ? name : String(keyword)
    let isOperator = keyword == "func" && name.first?.isLetter == false && name.first != "_"
    return base + "(" + parameters(head).map { (isOperator ? "_" : $0.label) + ":" }.joined() + ")"
  }

  /// Labels and names of the parameters, those between the first pair of parentheses.
  private static func parameters(_ head: String) -> [(label: String, name: String)] {
    guard let start = head.firstIndex(of: "(") else { return [] }
    var parts = [""]
    var depth = 0
    var previous: Character = " "
    for character in head[start...] {
      if "([<{".contains(character) { depth += 1 }
      if ")]}".contains(character) || (character == ">" && previous != "-") { depth -= 1 }
      previous = character
      if depth == 0 { break }
      if depth == 1, character == "," { parts.append("") } else { parts[parts.count - 1].append(character) }
    }
    parts[0].removeFirst()
    return parts.compactMap { part in
      let names = part.prefix { $0 != ":" }.split(separator: " ")
      guard let first = names.first, let last = names.last else { return nil }
      return (String(first), String(last))
    }
  }

  private static func isDocumented(_ lines: [Substring], _ index: Int) -> Bool {
    for line in lines[..<index].reversed() {
      let words = line.trimmingCharacters(in: .whitespaces)
      if words.hasPrefix("///") { return true }
      guard words.wholeMatch(of: /@\w+(\(.*\))?/) != nil else { return false }
    }
    return false
  }

  /// Whether every statement of an initializer's body is `self.a = a` or `(self.a, self.b) = (a, b)` over its parameters.
  private static func assignsParameters(_ lines: [Substring], head: (text: String, last: Int), indentation: Int) -> Bool {
    let names = Set(parameters(head.text).map(\.name))
    var body: [String]
    if head.text.hasSuffix("{") {
      let end = String(repeating: " ", count: indentation) + "}"
      body = lines[(head.last + 1)...].prefix { !$0.hasPrefix(end) }.map { $0.trimmingCharacters(in: .whitespaces) }
    } else if head.text.hasSuffix("}"), let start = head.text.range(of: ") {") {
      body = head.text[start.upperBound...].dropLast().split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
    } else {
      return false
    }
    body.removeAll { $0.isEmpty || $0.hasPrefix("//") }
    return body.allSatisfy { statement in
      let sides = statement.filter { !"() ".contains($0) }.split(separator: "=").map { $0.split(separator: ",") }
      return sides.count == 2 && sides[0].map { $0.dropFirst($0.hasPrefix("self.") ? 5 : 0) } == sides[1]
        && sides[1].allSatisfy { names.contains(String($0)) }
    }
  }
}
