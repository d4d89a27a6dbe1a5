import DrnTestSupport
import Foundation
import Testing

@Suite("fmt as a process", .serialized) struct ProcessFormatTests {
  private static let loose = "data d{source:synthetic(examples:64)point:tensor[4]   label:class(2)}\n"

  @Test("formats in place once; a second time changes nothing, not even the time of the file")
  func inPlace() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", Self.loose)
    #expect(try Tool.run(["fmt", "a.drn"], folder: folder.path).status == 0)
    let once = try folder.text("a.drn")
    #expect(once != Self.loose)
    let before = try FileManager.default.attributesOfItem(atPath: folder.path + "/a.drn")[.modificationDate] as? Date
    #expect(try Tool.run(["fmt", "a.drn"], folder: folder.path).status == 0)
    let after = try FileManager.default.attributesOfItem(atPath: folder.path + "/a.drn")[.modificationDate] as? Date
    #expect(try folder.text("a.drn") == once && before == after)
    #expect(folder.names() == ["a.drn"])
  }

  @Test("standard input gives the same bytes, and they are stable")
  func standardInput() throws {
    let once = try Tool.run(["fmt", "-"], input: Self.loose).output
    #expect(try Tool.run(["fmt", "-"], input: once).output == once && once != Self.loose)
  }

  @Test("--check names the files that differ, changes none, and exits 1")
  func check() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", Self.loose)
    try folder.write("b.drn", try Tool.run(["fmt", "-"], input: Self.loose).output)
    let outcome = try Tool.run(["fmt", "--check", "a.drn", "b.drn"], folder: folder.path)
    #expect(outcome.status == 1 && outcome.output == "a.drn\n")
    #expect(try folder.text("a.drn") == Self.loose)
    #expect(try Tool.run(["fmt", "--check", "b.drn"], folder: folder.path).status == 0)
  }

  @Test("a file with a syntax error is reported and left alone")
  func syntaxError() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", "data d { source: }")
    let outcome = try Tool.run(["fmt", "a.drn"], folder: folder.path)
    #expect(outcome.status == 1 && outcome.error.contains("a.drn:1:"))
    #expect(try folder.text("a.drn") == "data d { source: }")
  }

  @Test("a symbolic link stays a link, and permissions stay as they are")
  func links() throws {
    let folder = try TemporaryFolder()
    try folder.write("a.drn", Self.loose)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: folder.path + "/a.drn")
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/b.drn", withDestinationPath: "a.drn")
    #expect(try Tool.run(["fmt", "b.drn"], folder: folder.path).status == 0)
    #expect(try folder.text("a.drn") != Self.loose)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder.path + "/b.drn") == "a.drn")
    let permissions = try FileManager.default.attributesOfItem(atPath: folder.path + "/a.drn")[.posixPermissions] as? Int
    #expect(permissions == 0o640)
  }
}
