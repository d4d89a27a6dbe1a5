import DrnSource
import DrnSyntax

/// Writes syntax trees.
struct SyntaxTreeText {
  let bytes: [UInt8]

  /// One node a line: role, kind, the bytes it covers, and the text of a leaf.
  func outline(_ node: SyntaxNode) -> String {
    var text = ""
    appendOutline(node, indentation: 0, to: &text)
    return text
  }

  private func appendOutline(_ node: SyntaxNode, indentation: Int, to text: inout String) {
    text += String(repeating: " ", count: indentation) + (node.role.map { "\($0.rawValue): " } ?? "")
    text += "\(node.kind.rawValue) \(node.span.start)..\(node.span.end)"
    if node.children.isEmpty, node.kind != .file {
      text += " " + String(decoding: bytes[node.span.start..<node.span.end], as: UTF8.self)
    }
    text += "\n"
    for child in node.children { appendOutline(child, indentation: indentation + 2, to: &text) }
  }

  /// One object a node; keys always come in the same order, and the key of an absent role or of no children is left out.
  static func appendJSON(_ node: SyntaxNode, to text: inout String) {
    text += "{"
    if let role = node.role { text += "\"role\":\"\(role.rawValue)\"," }
    text += "\"kind\":\"\(node.kind.rawValue)\",\"start\":\(node.span.start),\"end\":\(node.span.end)"
    if !node.children.isEmpty {
      var separator = ",\"children\":["
      for child in node.children {
        text += separator
        appendJSON(child, to: &text)
        separator = ","
      }
      text += "]"
    }
    text += "}"
  }
}
