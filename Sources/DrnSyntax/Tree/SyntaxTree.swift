import DrnDiagnostics
import DrnSource

/// The result of parsing one file: always a tree, whatever the bytes, with what was wrong beside it.
///
/// `tokens` is lossless: concatenating leading trivia and text of every token gives back the file.
public struct SyntaxTree: Sendable {
  public let file: FileID
  public let tokens: [Token]
  public let items: [Item]
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
  public let text: String
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
  public let path: String
  public let pathSpan: Span
  public let span: Span
  public init(path: String, pathSpan: Span, span: Span) {
    self.path = path
    self.pathSpan = pathSpan
    self.span = span
  }
}

/// `data name { entries }`.
public struct DataItem: Sendable {
  public let name: Name
  public let entries: [Entry]
  public let span: Span
  public init(name: Name, entries: [Entry], span: Span) {
    self.name = name
    self.entries = entries
    self.span = span
  }
}

/// `name: type = default` in the header of a block or network.
public struct Parameter: Sendable {
  public let name: Name
  /// `tensor`, `tensor[3, 32, 32]`, `int`, `float`, `bool`: an ordinary expression, read by the checker.
  public let type: Expression
  public let defaultValue: Expression?
  public init(name: Name, type: Expression, defaultValue: Expression?) {
    self.name = name
    self.type = type
    self.defaultValue = defaultValue
  }
}

/// `block name(parameters) { statements }`.
public struct BlockItem: Sendable {
  public let name: Name
  public let parameters: [Parameter]
  public let body: [Statement]
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
  public let name: Name
  public let parameters: [Parameter]
  public let result: Expression?
  public let body: [Statement]
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
  public let network: Name
  public let data: Name
  public let entries: [Entry]
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

  public var span: Span {
    switch self {
    case .binding(_, _, let span), .result(_, let span): span
    }
  }
}
