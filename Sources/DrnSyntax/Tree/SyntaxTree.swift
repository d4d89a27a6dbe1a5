import DrnDiagnostics
import DrnSource

/// The result of parsing one file: always a tree, whatever the bytes, with what was wrong beside it.
///
/// `tokens` is lossless: concatenating leading trivia and text of every token gives back the file.
public struct SyntaxTree: Sendable {
  /// The file that spans refer to.
  public let file: FileID
  /// Every token in order, the last of them the end of the file.
  public let tokens: [Token]
  /// The declarations in order.
  public let items: [Item]
  /// Errors of the syntax in the order in which they were found; the tree beside them is as complete as they allow.
  public let diagnostics: [Diagnostic]

  public init(file: FileID, tokens: [Token], items: [Item], diagnostics: [Diagnostic]) {
    self.file = file
    self.tokens = tokens
    self.items = items
    self.diagnostics = diagnostics
  }
}

/// An identifier where it is written.
public struct Name: Sendable, Hashable {
  /// The identifier as written.
  public let text: String
  /// Where it is written.
  public let span: Span
  public init(_ text: String, _ span: Span) {
    self.text = text
    self.span = span
  }
}

/// A declaration at the top of a file.
public enum Item: Sendable {
  case importFile(ImportItem)
  case data(DataItem)
  case block(BlockItem)
  case network(NetworkItem)
  case train(TrainItem)

  /// The whole declaration.
  public var span: Span {
    switch self {
    case .importFile(let item): item.span
    case .data(let item): item.span
    case .block(let item): item.span
    case .network(let item): item.span
    case .train(let item): item.span
    }
  }
}

/// `import "common.drn"`: makes the declarations of another file visible; the path is relative to the importing file.
public struct ImportItem: Sendable {
  /// What is between the quotes, its escapes resolved; empty where the path is missing.
  public let path: String
  /// The path with its quotes.
  public let pathSpan: Span
  /// From `import` to the path.
  public let span: Span
  public init(path: String, pathSpan: Span, span: Span) {
    self.path = path
    self.pathSpan = pathSpan
    self.span = span
  }
}

/// `data name { entries }`.
public struct DataItem: Sendable {
  /// The word after `data`.
  public let name: Name
  /// The lines between the braces.
  public let entries: [Entry]
  /// From `data` to the closing brace.
  public let span: Span
  public init(name: Name, entries: [Entry], span: Span) {
    self.name = name
    self.entries = entries
    self.span = span
  }
}

/// `name: type = default` in the header of a block or network.
public struct Parameter: Sendable {
  /// The word before the colon.
  public let name: Name
  /// `tensor`, `tensor[3, 32, 32]`, `int`, `float`, `bool`: an ordinary expression, read by the checker.
  public let type: Expression
  /// What stands after `=`; `nil` where a call must give the argument.
  public let defaultValue: Expression?
  public init(name: Name, type: Expression, defaultValue: Expression?) {
    self.name = name
    self.type = type
    self.defaultValue = defaultValue
  }
}

/// `block name(parameters) { statements }`.
public struct BlockItem: Sendable {
  /// The word after `block`.
  public let name: Name
  /// What a call may give, in order.
  public let parameters: [Parameter]
  /// The statements between the braces.
  public let body: [Statement]
  /// From `block` to the closing brace.
  public let span: Span
  public init(name: Name, parameters: [Parameter], body: [Statement], span: Span) {
    self.name = name
    self.parameters = parameters
    self.body = body
    self.span = span
  }
}

/// `network name(parameters) -> type { statements }`.
public struct NetworkItem: Sendable {
  /// The word after `network`.
  public let name: Name
  /// What the network takes, in order.
  public let parameters: [Parameter]
  /// What stands after the arrow; `nil` where that was not found.
  public let result: Expression?
  /// The statements between the braces.
  public let body: [Statement]
  /// From `network` to the closing brace.
  public let span: Span
  public init(name: Name, parameters: [Parameter], result: Expression?, body: [Statement], span: Span) {
    self.name = name
    self.parameters = parameters
    self.result = result
    self.body = body
    self.span = span
  }
}

/// `train network on data { entries }`.
public struct TrainItem: Sendable {
  /// The word after `train`: the network.
  public let network: Name
  /// The word after `on`: the data.
  public let data: Name
  /// The lines between the braces.
  public let entries: [Entry]
  /// From `train` to the closing brace.
  public let span: Span
  public init(network: Name, data: Name, entries: [Entry], span: Span) {
    self.network = network
    self.data = data
    self.entries = entries
    self.span = span
  }
}

/// A statement of a block or network.
public enum Statement: Sendable {
  case binding(name: Name, value: Expression, span: Span)
  case result(value: Expression, span: Span)

  /// From the first token of the statement to its last.
  public var span: Span {
    switch self {
    case .binding(_, _, let span), .result(_, let span): span
    }
  }
}
