import DrnIR

/// Any text is refused or read; what was read is verified, printed, and read back as the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzIR(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
  guard let module = try? readModule(text) else { return 0 }
  _ = verify(module)
  let printed = print(module)
  let again = try? readModule(printed)
  precondition(again.map { print($0) } == printed, "what is printed is read as something else")
  return 0
}
