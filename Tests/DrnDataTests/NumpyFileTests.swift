import DrnTensorFile
import Testing

@Suite("npy files")
struct NumpyFileTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func file(_ literal: String, data: Int, version: [UInt8] = [1, 0]) throws -> String {
    let length = version == [1, 0] ? littleEndian(UInt16(literal.utf8.count)) : littleEndian(UInt32(literal.utf8.count))
    let start = [0x93] + Array("NUMPY".utf8) + version + length
    return try folder.file("x.npy", start + Array(literal.utf8) + [UInt8](repeating: 0, count: data))
  }

  private func kind(_ path: String) -> TensorFileError.Kind? {
    do throws(TensorFileError) {
      _ = try NumpyFile.read(path: path)
      return nil
    } catch { return error.kind }
  }

  @Test("what is read is what was written, for each element type", arguments: [ElementType.f32, .f64, .u8, .i32, .i64, .bool])
  func roundTrip(type: ElementType) throws {
    let bytes = (0..<6 * type.byteCount).map { UInt8($0 % 2) }
    for shape in [[6], [2, 3], [1, 2, 3]] {
      let path = folder.path + "/table.npy"
      try NumpyFile.write(TensorEntry(name: "any", elementType: type, shape: shape, bytes: bytes), path: path)
      #expect(try NumpyFile.read(path: path) == TensorEntry(name: "table", elementType: type, shape: shape, bytes: bytes))
      // Data starts at a multiple of 64 and is all that follows.
      #expect(try (contents(path).count - bytes.count) % 64 == 0)
    }
  }

  @Test("the header is the one numpy.save writes")
  func literalBytes() throws {
    let path = folder.path + "/x.npy"
    try NumpyFile.write(TensorEntry(name: "x", shape: [2], floats: [0, 1]), path: path)
    let text = String(decoding: try contents(path)[10..<128], as: UTF8.self)
    #expect(text.hasPrefix("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }  "))
    #expect(text.hasSuffix(" \n"))
  }

  @Test("version 2 and compact spelling are read; scalars have no sizes")
  func spellings() throws {
    let second = try file("{\"descr\":\"<f4\",\"fortran_order\":False,\"shape\":(3,)}", data: 12, version: [2, 0])
    #expect(try NumpyFile.header(path: second).shape == [3])
    #expect(try NumpyFile.header(path: file("{'descr': '|u1', 'fortran_order': False, 'shape': ()}", data: 1)).shape == [])
    #expect(try NumpyFile.header(path: file("{'descr': '|u1', 'fortran_order': True, 'shape': (4,)}", data: 4)).shape == [4])
  }

  @Test(
    "well-formed kinds that are not read are named",
    arguments: [
      ("{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }", "Fortran order"),
      ("{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), }", "big-endian"),
      ("{'descr': '<c8', 'fortran_order': False, 'shape': (3,), }", "'<c8'"),
    ])
  func unsupported(literal: String, reason: String) throws {
    let path = try file(literal, data: 24)
    let error = #expect(throws: TensorFileError.self) { try NumpyFile.read(path: path) }
    #expect(error?.kind == .unsupported)
    #expect(error?.message.contains(reason) == true)
  }

  @Test(
    "headers that are not the documented literal are corrupt",
    arguments: [
      "", "{", "{}", "{'descr': '<f4'}", "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } x",
      "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2,), }",
      "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }",
      "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }", "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296), }",
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'x': 'y'}",
    ])
  func corrupt(literal: String) throws {
    let error = #expect(throws: TensorFileError.self) { try NumpyFile.read(path: try file(literal, data: 8)) }
    if case .corrupt = error?.kind { return }
    Issue.record("\(String(describing: error))")
  }

  @Test("short files are truncated, other files corrupt, unknown versions unsupported")
  func lengths() throws {
    let good = try contents(file("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", data: 8))
    for count in 0..<good.count { #expect(try kind(folder.file("cut", Array(good.prefix(count)))) == .truncated) }
    if case .corrupt = try kind(folder.file("text", "hello, world")) {} else { Issue.record("text was not recognised as such") }
    #expect(try kind(file("{}", data: 0, version: [3, 0])) == .unsupported)
    #expect(kind(folder.path + "/absent.npy") == .missing)
    #expect(throws: TensorFileError.self) {
      try NumpyFile.write(TensorEntry(name: "x", elementType: .f16, shape: [1], bytes: [0, 0]), path: folder.path + "/x.npy")
    }
  }
}
