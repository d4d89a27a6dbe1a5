import DrnSystem
import DrnTestSupport
import Foundation
import Testing

@Suite("Files") struct FilesTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func error(_ body: () throws -> Void) -> SystemError? {
    do { try body() } catch { return error as? SystemError }
    return nil
  }

  @Test("a zero byte names no file, though the name before it does")
  func zeroByte() throws {
    try Files.create(folder("a"), [1])
    let odd = folder("a\0b")
    #expect(Files.kind(odd) == nil && !Files.isTaken(odd))
    #expect(error { _ = try Files.read(odd, atMost: 10) }?.isMissing == true)
    #expect(error { try Files.replace(odd, with: [[2]]) }?.isMissing == true)
    #expect(error { try Files.createFolder(odd) }?.isMissing == true)
    #expect(try Files.read(folder("a"), atMost: 10) == [1])
  }

  @Test("what is read has a bound, and a pipe without a writer is at its end")
  func bounds() throws {
    try Files.create(folder("a"), [1, 2, 3])
    #expect(try Files.read(folder("a"), atMost: 3) == [1, 2, 3] && Files.read(folder("a"), atMost: 2) == nil)
    #expect(try Files.read("/dev/zero", atMost: 1 << 20) == nil)
    #expect(mkfifo(folder("pipe"), 0o600) == 0)
    #expect(try Files.read(folder("pipe"), atMost: 10) == [])
    #expect(try Files.openRegular(folder("pipe")) == nil)
  }

  @Test("a name is taken by a link that leads nowhere, and a circle of links is an error")
  func links() throws {
    symlink("absent", folder("gone"))
    symlink("loop", folder("loop"))
    #expect(Files.isTaken(folder("gone")) && !Files.exists(folder("gone")) && Files.isLink(folder("gone")))
    #expect(error { _ = try Files.read(folder("loop"), atMost: 1) }?.code == ELOOP)
    #expect(error { try Files.create(folder("gone"), []) }?.isExisting == true)
  }

  @Test("folders are made with those they lie in, at any depth, and not through a file")
  func folders() throws {
    try Files.createFolders(folder("a/b/c"))
    try Files.createFolders(folder("a/b/c/"))
    #expect(Files.kind(folder("a/b/c")) == .folder)
    #expect(error { try Files.createFolder(folder("a")) }?.isExisting == true)
    try Files.create(folder("file"), [])
    #expect(error { try Files.createFolders(folder("file/x")) }?.code == ENOTDIR)
    #expect(error { try Files.createFolders("") } != nil)
    #expect(error { try Files.createFolders(folder.path + String(repeating: "/x", count: 3000)) }?.code == ENAMETOOLONG)
    #expect(try Files.names(in: folder.path) == ["a", "file"])
  }

  @Test("a folder is made with its files as a whole; one that holds anything stays as it is, and nothing is left beside it")
  func wholeFolder() throws {
    try Files.createFolder(folder("out/"), holding: [("a", [[1], [2]]), ("b", [[]])])
    #expect(try folder.names("out") == ["a", "b"] && Files.read(folder("out/a"), atMost: 9) == [1, 2])
    #expect(error { try Files.createFolder(folder("out"), holding: [("c", [[3]])]) }?.isExisting == true)
    try Files.createFolder(folder("empty"))
    try Files.createFolder(folder("empty"), holding: [("c", [[3]])])
    #expect(try Files.read(folder("empty/c"), atMost: 9) == [3])
    try Files.create(folder("file"), [7])
    #expect(error { try Files.createFolder(folder("file"), holding: [("c", [[3]])]) }?.isExisting == true)
    #expect(error { try Files.createFolder(folder("new"), holding: [("good", [[3]]), ("no/such/folder", [[3]])]) }?.isMissing == true)
    #expect(folder.names() == ["empty", "file", "out"])
  }

  @Test("a file is replaced whole, with the permissions asked for, and nothing is left beside it")
  func replaces() throws {
    try Files.create(folder("a"), [1])
    try Files.replace(folder("a"), with: [[2], [3]], permissions: 0o600)
    #expect(try Files.read(folder("a"), atMost: 10) == [2, 3] && Files.permissions(folder("a")) == 0o600)
    #expect(try Files.names(in: folder.path) == ["a"])
    #expect(error { try Files.replace(folder.path, with: [[1]]) } != nil)
  }
}
