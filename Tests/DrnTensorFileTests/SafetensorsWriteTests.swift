import DrnTestSupport
import Foundation
import Testing

@testable import DrnSystem
@testable import DrnTensorFile

@Suite("Safetensors files are written whole and reproducibly")
struct SafetensorsWriteTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private var sample: TensorFile {
    TensorFile(
      tensors: [
        TensorEntry(name: "b", shape: [2, 2], floats: [1, -2, .infinity, 0.5]),
        TensorEntry(name: "a \"quoted\" \\ é\t", shape: [], doubles: [2.5]),
        TensorEntry(name: "c", shape: [0, 4], floats: []),
      ], metadata: [("z", "last"), ("a", "line\nbreak \u{1} 😀")])
  }

  @Test("what is read is what was written, sorted by name and key")
  func roundTrip() throws {
    let path = folder.path + "/x.safetensors"
    try sample.write(path: path)
    let read = try TensorFile.read(path: path)
    #expect(read.tensors == sample.tensors.sorted { $0.name < $1.name })
    #expect(read.metadata.map(\.0) == ["a", "z"])
    #expect(read.metadataValue("a") == "line\nbreak \u{1} 😀")
    #expect(try read.tensor(named: "b")?.floats() == [1, -2, .infinity, 0.5])
  }

  @Test("the bytes depend on the contents alone, and the layout is the documented one")
  func bytes() throws {
    let first = folder.path + "/1", second = folder.path + "/2"
    try sample.write(path: first)
    try TensorFile(tensors: sample.tensors.reversed(), metadata: sample.metadata.reversed()).write(path: second)
    #expect(try contents(first) == contents(second))
    try TensorFile(tensors: [TensorEntry(name: "w", shape: [1], floats: [1])]).write(path: first)
    try TensorFile(tensors: [TensorEntry(name: "abc", shape: [1], floats: [1])]).write(path: second)
    // A header of 56 bytes needs no padding.
    #expect(try contents(second).prefix(9) == littleEndian(UInt64(56)) + [UInt8(ascii: "{")])
    let header = #"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"# + "  "
    #expect(try contents(first) == littleEndian(UInt64(56)) + Array(header.utf8) + [0, 0, 0x80, 0x3F])
  }

  @Test("a name used twice, the reserved name and a wrong size are refused, and nothing is left behind")
  func refused() throws {
    let tensor = TensorEntry(name: "w", shape: [1], floats: [1])
    var long = tensor
    long.bytes.append(0)
    var reserved = tensor
    reserved.name = "__metadata__"
    for file in [TensorFile(tensors: [tensor, tensor]), TensorFile(tensors: [long]), TensorFile(tensors: [reserved])] {
      #expect(throws: TensorFileError.self) { try file.write(path: folder.path + "/x") }
    }
    #expect(throws: TensorFileError.self) { try TensorFile(metadata: [("k", "1"), ("k", "2")]).write(path: folder.path + "/x") }
    #expect(try folder.names() == [])
  }

  @Test("a failed write leaves the old file and no temporary one")
  func failedWrite() throws {
    // A rename onto a folder fails after everything has been written.
    try FileManager.default.createDirectory(atPath: folder.path + "/taken/inside", withIntermediateDirectories: true)
    let error = #expect(throws: TensorFileError.self) { try sample.write(path: folder.path + "/taken") }
    #expect(error?.kind == .unwritable)
    #expect(try folder.names() == ["taken"])
    let absent = #expect(throws: TensorFileError.self) { try sample.write(path: folder.path + "/absent/x") }
    #expect(absent?.kind == .unwritable)
  }

  @Test("a full device is reported as one", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "/dev/full is absent"))
  func fullDevice() throws {
    let descriptor = open("/dev/full", O_WRONLY)
    defer { close(descriptor) }
    let code = Files.append([[1, 2, 3]], to: descriptor)
    #expect(TensorFileError.writing("x", code: code).kind == .diskFull)
  }

  @Test("writing replaces a file in one step and leaves only it")
  func replaces() throws {
    let path = try folder.write("x", "old")
    try sample.write(path: path)
    #expect(try TensorFile.read(path: path).tensors.count == 3)
    #expect(try folder.names() == ["x"])
  }

  @Test("stored numbers of each type convert to floats and integers")
  func conversions() throws {
    func entry(_ type: StoredElement, _ bytes: [UInt8]) -> TensorEntry {
      TensorEntry(name: "x", elementType: type, shape: [bytes.count / type.byteCount], bytes: bytes)
    }
    #expect(try entry(.bool, [0, 1, 2]).floats() == [0, 1, 1])
    #expect(try entry(.i8, [0xFF]).floats() == [-1])
    #expect(try entry(.u16, [0xFF, 0xFF]).integers() == [65535])
    #expect(try entry(.i16, [0xFF, 0xFF]).integers() == [-1])
    // 1.5 in IEEE half precision, and in the upper half of its single-precision pattern.
    #expect(try entry(.f16, [0x00, 0x3E]).floats() == [1.5])
    #expect(try entry(.bf16, [0xC0, 0x3F]).floats() == [1.5])
    #expect(try entry(.u64, littleEndian(UInt64(1) << 40)).integers() == [1 << 40])
    #expect(throws: TensorFileError.self) { try entry(.u64, littleEndian(UInt64.max)).integers() }
    #expect(throws: TensorFileError.self) { try entry(.f32, [0, 0, 0, 0]).integers() }
    #expect(throws: TensorFileError.self) { try entry(.f8e4m3, [0]).floats() }
    #expect(throws: TensorFileError.self) { try TensorEntry(name: "x", elementType: .f32, shape: [2], bytes: [0]).floats() }
  }
}
