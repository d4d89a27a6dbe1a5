import DrnJSON
import DrnLanguageServer

/// Any stream of bytes is cut into messages that the server answers; what it answers are frames that can be read.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFrames(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var input = FrameReader()
  var server = LanguageServer(Surroundings())
  // In two parts, so that a frame can be cut anywhere.
  let bytes = UnsafeBufferPointer(start: start, count: count)
  for part in [bytes.prefix(count / 2), bytes.dropFirst(count / 2)] {
    input.append(part)
    while let piece = input.next(), server.exitCode == nil {
      switch piece {
      case .fault(let message): check([server.refuse(message)])
      case .body(let body): check(server.receive(body) { _ in false })
      }
    }
    check(server.settle())
  }
  return 0
}

private func check(_ messages: [JSON]) {
  for message in messages {
    var output = FrameReader()
    output.append(frame(message))
    guard case .body? = output.next() else { preconditionFailure("the server wrote no frame") }
  }
}
