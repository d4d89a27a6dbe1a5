import DrnSystem
import Testing

@Suite("Paths") struct PathTests {
  static let parts: [(path: String, folder: String, name: String)] = [
    ("", "", ""), ("x", "", "x"), ("é", "", "é"), ("/", "/", ""), ("///", "/", ""), ("/x", "/", "x"), ("x/", "", "x"), ("x//", "", "x"),
    ("a/b", "a", "b"), ("a//b", "a", "b"), ("a/b/", "a", "b"), ("/a/b", "/a", "b"), ("./x", ".", "x"), ("..", "", ".."),
    // A slash joined with the character after it is a slash all the same.
    ("a/\u{301}", "a", "\u{301}"), ("a\nb/c", "a\nb", "c"),
  ]

  @Test("a path is a folder and a name, of one character too", arguments: parts.indices)
  func split(_ index: Int) {
    let part = Self.parts[index]
    #expect(Path.folder(of: part.path) == part.folder && Path.name(of: part.path) == part.name, "\(part.path)")
  }

  @Test("a name is put into a folder unless it is absolute")
  func join() {
    #expect(Path.join("a", "b") == "a/b" && Path.join("a/", "b") == "a/b" && Path.join("/", "b") == "/b")
    #expect(Path.join("", "b") == "b" && Path.join(".", "b") == "b" && Path.join("a", "/b") == "/b")
    #expect(Path.isAbsolute("/\u{301}") && !Path.isAbsolute(""))
  }

  @Test("an extension is what follows the last dot after something")
  func extensions() {
    let expected = ["a.png": "png", "a.b.gz": "gz", "d.d/a": "", ".png": "", "a.": "", "": "", "x": ""]
    for (path, suffix) in expected { #expect(Path.fileExtension(of: path) == suffix, "\(path)") }
  }
}
