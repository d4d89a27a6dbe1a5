import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@Suite("Safetensors files are read strictly")
struct SafetensorsReadTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func write(_ header: String, data: Int, length: UInt64? = nil) throws -> String {
    let start = littleEndian(length ?? UInt64(header.utf8.count)) + Array(header.utf8)
    return try folder.write("x.safetensors", start + [UInt8](repeating: 7, count: data))
  }

  private func failure(_ header: String, data: Int, length: UInt64? = nil) throws -> TensorFileError? {
    let path = try write(header, data: data, length: length)
    do throws(TensorFileError) {
      _ = try TensorFile.read(path: path)
      #expect(throws: Never.self) { try TensorIndex(path: path, wanted: []) }
      return nil
    } catch {
      #expect(error.path == path)
      // The index reads the header alone, and as strictly.
      #expect(throws: error) { try TensorIndex(path: path, wanted: []) }
      return error
    }
  }

  @Test(
    "each departure from the format is refused with its reason",
    arguments: [
      (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}"#, 4, "gap"),
      (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, 2, "gap"),
      (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#, 3, "overlaps"),
      (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#, 3, "1 bytes follow"),
      (#"{}"#, 1, "1 bytes follow"),
      (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, "needs 8 bytes and has 4"),
      (#"{"a":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}}"#, 2, "not a begin and an end"),
      (#"{"__metadata__":{"step":3}}"#, 0, "not a string"),
      (#"{"__metadata__":["step"]}"#, 0, "not an object"),
      (#"{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}"#, 4, "unknown dtype \"F31\""),
      (#"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}"#, 4, "too large to exist"),
      (#"{"a":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,4]}}"#, 4, "too large to exist"),
      (#"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}"#, 1, "non-negative"),
      (#"{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}"#, 1, "non-negative"),
      (#"{"a":{"dtype":"U8","shape":[99999999999999999999],"data_offsets":[0,1]}}"#, 1, "non-negative"),
      (#"{"a":{"dtype":"U8","data_offsets":[0,1]}}"#, 1, "shape"),
      (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#, 2, "twice"),
      (#"{"a":{"dtype":"U8","dtype":"I8","shape":[1],"data_offsets":[0,1]}}"#, 1, "twice"),
      (#"{"__metadata__":{"k":"1","k":"2"}}"#, 0, "twice"),
      (#"{"__metadata__":{},"__metadata__":{}}"#, 0, "twice"),
      (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}"#, 1, "not JSON"),
      (#"{} x"#, 0, "not JSON"),
      (#"{"a":"\ud800"}"#, 0, "surrogate"),
      (#"{"a":"\ud83d \ude00"}"#, 0, "surrogate"),
      (#"{"a":"\q"}"#, 0, "escape"),
      (#"[]"#, 0, "not a JSON object"),
    ])
  func refused(header: String, data: Int, reason: String) throws {
    let error = try #require(try failure(header, data: data))
    #expect(error.message.contains(reason), "\(error)")
    #expect(error.kind == .corrupt(reason: error.message))
  }

  @Test("a body that is too short is truncation, not corruption")
  func shortBody() throws {
    let error = try failure(#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, data: 7)
    #expect(error?.kind == .truncated)
  }

  @Test("a header longer than the file or than the format allows is refused before memory is taken")
  func hugeHeader() throws {
    #expect(try failure("{}", data: 0, length: 50_000_000)?.kind == .truncated)
    let error = try #require(try failure("{}", data: 0, length: .max))
    #expect(error.message.contains("the format allows 100000000"))
  }

  @Test("a name that is not UTF-8, and deep nesting, are refused")
  func textFaults() throws {
    let bytes: [UInt8] = Array("{\"".utf8) + [0xFF] + Array("\":1}".utf8)
    let path = try folder.write("bad.safetensors", littleEndian(UInt64(bytes.count)) + bytes)
    #expect(throws: TensorFileError.self) { try TensorFile.read(path: path) }
    let nested = String(repeating: "[", count: 100_000)
    #expect(try failure("{\"a\":" + nested, data: 0)?.message.contains("nested") == true)
  }

  @Test("files shorter than their fixed part are truncated; absent files are missing; folders and pipes are unreadable")
  func notAFile() throws {
    func kind(_ path: String) -> TensorFileError.Kind? {
      do throws(TensorFileError) {
        _ = try TensorFile.read(path: path)
        return nil
      } catch { return error.kind }
    }
    #expect(try kind(folder.write("short", [1, 0, 0])) == .truncated)
    #expect(try kind(folder.write("empty", [])) == .truncated)
    #expect(kind(folder.path + "/absent") == .missing)
    #expect(kind(folder.path) == .unreadable)
    mkfifo(folder.path + "/pipe", 0o600)
    #expect(kind(folder.path + "/pipe") == .unreadable)
  }

  @Test("near misses are accepted: leading space, unpadded header, scalar, zero-size tensor, no tensors, unordered names")
  func accepted() throws {
    func names(_ header: String, data: Int) throws -> [String] {
      try TensorFile.read(path: write(header, data: data)).tensors.map(\.name)
    }
    #expect(try names(#" {"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, data: 1) == ["a"])
    #expect(try names(#"{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}"#, data: 4) == ["a"])
    #expect(try names(#"{"a":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]}}"#, data: 0) == ["a"])
    #expect(try names(#"{}"#, data: 0) == [])
    let two = #"{"b":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}"#
    #expect(try names(two, data: 2) == ["a", "b"])
  }

  @Test("no cut and no changed byte of a good file traps, and every cut is refused")
  func mutations() throws {
    let path = folder.path + "/good.safetensors"
    let file = TensorFile(
      tensors: [TensorEntry(name: "w", shape: [2, 1], floats: [1, 2]), TensorEntry(name: "é\n", shape: [1], integers: [3])],
      metadata: [("step", "1")])
    try file.write(path: path)
    let good = try contents(path)
    for count in 0..<good.count {
      let cut = try folder.write("cut", Array(good.prefix(count)))
      #expect(throws: TensorFileError.self) { try TensorFile.read(path: cut) }
    }
    for index in good.indices {
      for flip in [0x01, 0x80, 0xFF] as [UInt8] {
        var bytes = good
        bytes[index] ^= flip
        _ = try? TensorFile.read(path: folder.write("changed", bytes))
      }
    }
  }
}
