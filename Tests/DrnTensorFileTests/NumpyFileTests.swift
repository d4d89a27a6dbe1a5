import DrnTensorFile
import DrnTestSupport
import Testing

@Suite("npy files")
struct NumpyFileTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func file(_ literal: String, data: Int, version: [UInt8] = [1, 0]) throws -> String {
    let length = version == [1, 0] ? littleEndian(UInt16(literal.utf8.count)) : littleEndian(UInt32(literal.utf8.count))
    let start = [0x93] + Array("NUMPY".utf8) + version + length
    return try folder.write("x.npy", start + Array(literal.utf8) + [UInt8](repeating: 0, count: data))
  }

  private func kind(_ path: String) -> TensorFileError.Kind? {
    do throws(TensorFileError) {
      _ = try NumpyFile.read(path: path)
      return nil
    } catch { return error.kind }
  }

  @Test(
    "what is read is what was written, for each element type",
    arguments: [StoredElement.f16, .f32, .f64, .u8, .u16, .u32, .u64, .i8, .i16, .i32, .i64, .bool])
  func roundTrip(type: StoredElement) throws {
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
      ("{'descr': '<c8', 'fortran_order': False, 'shape': (3,), }", "complex"),
      ("{'descr': '|O', 'fortran_order': False, 'shape': (3,), }", "Python objects"),
      ("{'descr': '<U5', 'fortran_order': False, 'shape': (3,), }", "'<U5'"),
      ("{'descr': '<f16', 'fortran_order': False, 'shape': (3,), }", "'<f16'"),
    ])
  func unsupported(literal: String, reason: String) throws {
    let path = try file(literal, data: 24)
    let error = #expect(throws: TensorFileError.self) { try NumpyFile.read(path: path) }
    #expect(error?.kind == .unsupported)
    #expect(error?.message.contains(reason) == true)
  }

  /// A file of version 3.0 with these bytes after its header.
  private func array(_ description: String, _ shape: String, fortran: Bool = false, _ bytes: [UInt8]) throws -> TensorEntry {
    let literal = "{'descr': '\(description)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }"
    let path = try file(literal, data: 0, version: [3, 0])
    return try NumpyFile.read(path: folder.write("y.npy", contents(path) + bytes))
  }

  @Test("every type of numbers is read in either order of bytes")
  func byteOrders() throws {
    func both<T: FixedWidthInteger>(_ name: String, _ values: [T]) throws {
      let shape = "(\(values.count),)"
      #expect(try array("<" + name, shape, values.flatMap(littleEndian)).integers() == values.map { Int64($0) })
      #expect(try array(">" + name, shape, values.flatMap(bigEndian)).integers() == values.map { Int64($0) })
    }
    try both("i1", [Int8.min, -1, 0, 127])
    try both("u1", [UInt8.min, 1, 255])
    try both("i2", [Int16.min, -2, 258, 32767])
    try both("u2", [UInt16.min, 258, 65535])
    try both("i4", [Int32.min, -2, 16_909_060])
    try both("u4", [UInt32.max, 16_909_060])
    try both("i8", [Int64.min, -2, 72_623_859_790_382_856])
    try both("u8", [UInt64(1) << 62, 3])
    #expect(try array(">f2", "(2,)", [0x3C, 0x00, 0xC1, 0x00]).floats() == [1, -2.5])
    #expect(try array(">f4", "(2,)", bigEndian(Float(1.5).bitPattern) + bigEndian(Float(-3).bitPattern)).floats() == [1.5, -3])
    #expect(try array(">f8", "(1,)", bigEndian(Double(0.1).bitPattern)).doubles() == [0.1])
    #expect(throws: TensorFileError.self) { try array("<u8", "(1,)", littleEndian(UInt64.max)).integers() }
    #expect(try array("<i8", "(2,)", littleEndian(Int64(1) << 53) + littleEndian((Int64(1) << 53) + 1)).firstInexactDouble == 1)
  }

  @Test("an array in Fortran order is read as the same array in C order, whatever its shape")
  func fortranOrder() throws {
    for shape in [[2, 3], [3, 1, 2], [2, 3, 4], [1, 1], [2, 2, 2, 3], [0, 3]] {
      let count = shape.reduce(1, *)
      // Element number n in the file is the one whose first index varies fastest.
      var stored = [UInt16](repeating: 0, count: count)
      for place in 0..<count {
        var (rest, index) = (place, [Int]())
        for size in shape.reversed() {
          index.insert(rest % size, at: 0)
          rest /= size
        }
        let fortran = zip(shape, index).reversed().reduce(0) { $0 * $1.0 + $1.1 }
        stored[fortran] = UInt16(place)
      }
      let text = "(" + shape.map(String.init).joined(separator: ", ") + ")"
      for (order, bytes) in [("<", stored.flatMap(littleEndian)), (">", stored.flatMap(bigEndian))] {
        let entry = try array(order + "u2", text, fortran: true, bytes)
        #expect(try entry.integers() == (0..<count).map { Int64($0) } && entry.shape == shape)
      }
    }
  }

  @Test("a header that announces more than there is ends before memory is taken", arguments: [[2, 0], [3, 0]] as [[UInt8]])
  func hostileHeaders(version: [UInt8]) throws {
    let start = [0x93] + Array("NUMPY".utf8) + version
    #expect(try kind(folder.write("x", start + littleEndian(UInt32.max) + [UInt8](repeating: 0x20, count: 100))) == .truncated)
    let long = try folder.write("x", start + littleEndian(UInt32(1 << 20)) + [UInt8](repeating: 0x20, count: 1 << 20))
    if case .corrupt = kind(long) {} else { Issue.record("a header of 1 MiB") }
    for shape in ["(1152921504606846975, 2)", "(4611686018427387904,)", "(3037000500, 3037000500, 2)"] {
      let path = try file("{'descr': '>f8', 'fortran_order': True, 'shape': \(shape), }", data: 64, version: version)
      #expect(throws: TensorFileError.self) { try NumpyFile.read(path: path) }
    }
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
    for count in 0..<good.count { #expect(try kind(folder.write("cut", Array(good.prefix(count)))) == .truncated) }
    if case .corrupt = try kind(folder.write("text", "hello, world")) {} else { Issue.record("text was not recognised as such") }
    #expect(try kind(file("{}", data: 0, version: [4, 0])) == .unsupported)
    #expect(kind(folder.path + "/absent.npy") == .missing)
    #expect(throws: TensorFileError.self) {
      try NumpyFile.write(TensorEntry(name: "x", elementType: .bf16, shape: [1], bytes: [0, 0]), path: folder.path + "/x.npy")
    }
  }
}
