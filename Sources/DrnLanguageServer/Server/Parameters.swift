import DrnJSON

/// Reading the parameters of a message; what is missing or of the wrong kind is an error of the client.
extension JSON {
  func required(_ name: String) throws(ResponseError) -> JSON {
    guard let value = self[name] else { throw ResponseError(.invalidParams, "`\(name)` is missing") }
    return value
  }

  func requiredText(_ name: String) throws(ResponseError) -> String {
    guard let text = try required(name).text else { throw ResponseError(.invalidParams, "`\(name)` is no text") }
    return text
  }

  /// A number of lines or characters: a whole number of at least 0.
  private func requiredCount(_ name: String) throws(ResponseError) -> Int {
    guard let number = try required(name).whole, number >= 0 else {
      throw ResponseError(.invalidParams, "`\(name)` is no whole number of at least 0")
    }
    return number
  }

  /// `textDocument.uri`.
  func documentURI() throws(ResponseError) -> String { try required("textDocument").requiredText("uri") }

  func requiredPosition(_ name: String = "position") throws(ResponseError) -> Position {
    let value = try required(name)
    return Position(line: try value.requiredCount("line"), character: try value.requiredCount("character"))
  }

  func requiredRange(_ name: String = "range") throws(ResponseError) -> PositionRange {
    let value = try required(name)
    return PositionRange(start: try value.requiredPosition("start"), end: try value.requiredPosition("end"))
  }
}
