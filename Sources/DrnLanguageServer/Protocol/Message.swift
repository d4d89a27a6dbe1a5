import DrnJSON

/// The name of a request: a number or a text.
public enum RequestID: Hashable, Sendable {
  case number(Int)
  case text(String)

  init?(_ value: JSON) {
    switch value {
    case .integer(let number): self = .number(number)
    case .string(let text): self = .text(text)
    case .null, .boolean, .number, .array, .object: return nil
    }
  }

  var json: JSON {
    switch self {
    case .number(let value): .integer(value)
    case .text(let value): .string(value)
    }
  }
}

/// An error as JSON-RPC and the Language Server Protocol number them.
public struct ResponseError: Error, Hashable, Sendable {
  /// Numbers of JSON-RPC 2.0 and of the Language Server Protocol 3.17.
  public enum Code: Int, Sendable {
    case parseError = -32700
    case invalidRequest = -32600
    case methodNotFound = -32601
    case invalidParams = -32602
    case internalError = -32603
    case serverNotInitialized = -32002
    case requestFailed = -32803
    case requestCancelled = -32800
  }
  /// What kind of error it is.
  public let code: Code
  /// One sentence for whoever reads the client's log.
  public let message: String
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

/// One message of the client.
enum Message {
  case request(RequestID, method: String, parameters: JSON)
  case notification(method: String, parameters: JSON)
  /// An answer to a request of the server.
  case response

  /// Reads a message; the error goes with the request's name where one can be read.
  static func read(_ body: [UInt8]) -> Result<Message, FailedMessage> {
    let json: JSON
    do { json = try JSON(reading: body) } catch {
      return .failure(FailedMessage(id: nil, error: ResponseError(.parseError, "not JSON: \(error.message), at byte \(error.offset)")))
    }
    guard json.isObject else { return .failure(invalid(nil, "a message is one object")) }
    let id = json["id"].flatMap(RequestID.init)
    guard json["jsonrpc"]?.text == "2.0" else { return .failure(invalid(id, "`jsonrpc` is not \"2.0\"")) }
    guard let method = json["method"] else {
      let isAnswer = json["id"] != nil && (json["result"] != nil || json["error"] != nil)
      return isAnswer ? .success(.response) : .failure(invalid(id, "neither a request nor an answer"))
    }
    guard let name = method.text else { return .failure(invalid(id, "`method` is no text")) }
    let parameters = json["params"] ?? .null
    guard json["id"] != nil else { return .success(.notification(method: name, parameters: parameters)) }
    guard let id else { return .failure(invalid(nil, "`id` is neither a number nor a text")) }
    return .success(.request(id, method: name, parameters: parameters))
  }

  private static func invalid(_ id: RequestID?, _ message: String) -> FailedMessage {
    FailedMessage(id: id, error: ResponseError(.invalidRequest, message))
  }
}

/// A message that could not be understood.
struct FailedMessage: Error {
  let id: RequestID?
  let error: ResponseError
  var reply: JSON { Reply.failure(id, error) }
}

/// Messages of the server.
enum Reply {
  static func success(_ id: RequestID, _ result: JSON) -> JSON { ["jsonrpc": "2.0", "id": id.json, "result": result] }

  static func failure(_ id: RequestID?, _ error: ResponseError) -> JSON {
    [
      "jsonrpc": "2.0", "id": id?.json ?? .null,
      "error": ["code": .integer(error.code.rawValue), "message": .string(error.message)],
    ]
  }

  static func notification(_ method: String, _ parameters: JSON) -> JSON {
    ["jsonrpc": "2.0", "method": .string(method), "params": parameters]
  }
}

/// The request a message takes back, if it does.
func cancelledRequest(_ body: [UInt8]) -> RequestID? {
  // Most messages are no cancellations, and long ones never are.
  guard body.count < 400, body.contains("$/cancelRequest".utf8), let json = try? JSON(reading: body) else { return nil }
  guard json["method"]?.text == "$/cancelRequest" else { return nil }
  return json[["params", "id"]].flatMap(RequestID.init)
}
