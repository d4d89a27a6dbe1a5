import DrnSource

/// One node of the syntax tree in uniform shape, for tools that walk a tree without knowing its types.
///
/// Kinds and roles are those of the tree-sitter grammar, whose tree of a right program has the same nodes at the same places.
public struct SyntaxNode: Sendable {
  /// What a node is.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case file
    case importFile = "import"
    case data, block, network, train
    case parameter, argument
    case setting, from, every, at, lasting, clause
    case selector, pattern
    case binding, result
    case stage, group, repetition
    case conditionalStage = "conditional_stage"
    case integer, decimal, percent, string, boolean, name
    case moment, duration, list, record, call, index, member, unary, binary, conditional, pipeline, parenthesized
    case `operator`
    /// Stands where something was expected; a syntax error has been reported there.
    case missing
  }

  /// What a node is to its parent.
  public enum Role: String, Sendable, Hashable, CaseIterable {
    case item, path, name, parameter, type, entry, statement, value, time, transition
    case network, data, result
    case argument, selector, exception
    case label, callee, stage, count, condition, then, otherwise
    case element, field, base, index, input, operand, left, right
    case defaultValue = "default"
    case `operator`
  }

  /// What the node is.
  public let kind: Kind
  /// `nil` for the file.
  public let role: Role?
  /// Its text, without white space and comments around it; of the file every byte.
  public let span: Span
  /// In the order of the text.
  public let children: [SyntaxNode]

  init(_ kind: Kind, _ role: Role?, _ span: Span, _ children: [SyntaxNode?] = []) {
    self.kind = kind
    self.role = role
    self.span = span
    self.children = children.compactMap { $0 }
  }

  init(_ name: Name, _ role: Role) { self.init(.name, role, name.span) }
}

extension SyntaxTree {
  /// The tree in uniform shape; the root covers the file from its first to its last byte.
  public var root: SyntaxNode {
    let end = tokens.last?.span.end ?? 0
    return SyntaxNode(.file, nil, Span(file: file, start: 0, end: end), items.map(SyntaxNode.init))
  }
}
