import DrnJSON
import DrnSema
import DrnSource

/// A server of the Language Server Protocol 3.17 as a value: messages go in one by one, messages come out.
///
/// Nothing happens on its own: a changed text is checked when a request needs it or when `settle()` is called, which the process does when
/// no message is waiting.
public struct LanguageServer {
  enum Stage { case created, running, shutDown }

  var stage = Stage.created
  var client = ClientCapabilities()
  let surroundings: Surroundings
  let headers: RememberedHeaders
  var documents: [String: TextDocument] = [:]
  var analyses: [String: Analysis] = [:]
  /// What the last check of each open document left for the next.
  var memories: [String: DocumentMemory] = [:]
  /// Documents whose diagnostics are out of date.
  var unsettled: Set<String> = []
  /// The diagnostics the client shows, by document.
  var published: [String: JSON] = [:]
  /// Messages of the server that belong to no request.
  var outbox: [JSON] = []
  /// Set by `exit`: 0 after `shutdown`, else 1.
  public private(set) var exitCode: Int32?

  /// A server that has not been initialized yet.
  public init(_ surroundings: Surroundings) {
    self.surroundings = surroundings
    headers = RememberedHeaders(surroundings.headers)
  }

  /// The text of an open document as the server has it.
  public func text(of uri: String) -> [UInt8]? { documents[uri]?.bytes }

  /// Takes one message; gives what is to be sent for it. `isCancelled` says whether a later message takes a request back.
  public mutating func receive(_ body: [UInt8], isCancelled: (RequestID) -> Bool = { _ in false }) -> [JSON] {
    var answers: [JSON] = []
    switch Message.read(body) {
    case .failure(let failure): answers.append(failure.reply)
    case .success(.response): break
    case .success(.notification(let method, let parameters)): notify(method, parameters)
    case .success(.request(let id, let method, let parameters)):
      answers.append(isCancelled(id) ? Reply.failure(id, ResponseError(.requestCancelled, "cancelled")) : answer(id, method, parameters))
    }
    defer { outbox = [] }
    return outbox + answers
  }

  /// The answer to bytes that are no message.
  public func refuse(_ fault: String) -> JSON { Reply.failure(nil, ResponseError(.parseError, fault)) }

  private mutating func answer(_ id: RequestID, _ method: String, _ parameters: JSON) -> JSON {
    do throws(ResponseError) {
      return Reply.success(id, try result(method, parameters))
    } catch {
      return Reply.failure(id, error)
    }
  }

  private mutating func result(_ method: String, _ parameters: JSON) throws(ResponseError) -> JSON {
    switch (stage, method) {
    case (.created, "initialize"): return initialize(parameters)
    case (.created, _): throw ResponseError(.serverNotInitialized, "`initialize` comes first")
    case (.running, "initialize"): throw ResponseError(.invalidRequest, "`initialize` comes only once")
    case (.running, "shutdown"):
      stage = .shutDown
      return .null
    case (.shutDown, _): throw ResponseError(.invalidRequest, "the server is shut down")
    case (.running, _): break
    }
    guard let handler = Self.requests[method] else { throw ResponseError(.methodNotFound, "there is no method `\(method)`") }
    return try handler(&self, parameters)
  }

  /// A faulty notification has no answer: it changes nothing, and the log says why.
  private mutating func notify(_ method: String, _ parameters: JSON) {
    if method == "exit" {
      exitCode = stage == .shutDown ? 0 : 1
      return
    }
    guard stage == .running, let handler = Self.notifications[method] else { return }
    do throws(ResponseError) {
      try handler(&self, parameters)
    } catch {
      outbox.append(Reply.notification("window/logMessage", ["type": 2, "message": .string("\(method): \(error.message)")]))
    }
  }
}
