import DrnTestSupport
import Foundation
import Testing

@Suite struct StyleTests {
  @Test("no source file is longer than 400 lines, no test file longer than 600")
  func filesStayShort() throws {
    for (folder, limit) in [("Sources", 400), ("Tests", 600)] {
      for path in Repository.files(folder, extension: "swift") {
        let count = try Repository.text(path).split(separator: "\n", omittingEmptySubsequences: false).count
        #expect(count <= limit, "\(path) has \(count) lines")
      }
    }
  }

  @Test("sources contain nothing that traps on purpose")
  func nothingTraps() throws {
    let traps = ["try!", " as! ", "fatalError(", "preconditionFailure(", "precondition(", "TODO", "FIXME"]
    for path in Repository.files("Sources", extension: "swift") {
      let text = try Repository.text(path)
      for trap in traps { #expect(!text.contains(trap), "\(path) contains \(trap)") }
    }
  }

  @Test("paths and files are touched through DrnSystem alone: Foundation traps on some of their names")
  func filesHaveOneLayer() throws {
    let others = [
      "FileManager", "FileHandle", "NSString", "fileURLWithPath", "contentsOfFile", "contentsOf: URL", "LastPathComponent", "opendir(",
    ]
    for path in Repository.files("Sources", extension: "swift") where Repository.module(of: path) != "DrnSystem" {
      let text = try Repository.text(path)
      for other in others { #expect(!text.contains(other), "\(path) contains \(other)") }
    }
  }

  @Test("no tracked text names a path of one machine")
  func noMachinePaths() throws {
    let folders = ["Sources", "Tests", "docs", "models", "benchmarks", "grammar"]
    let marks = ["/" + "work/", "/" + "root/", "/opt/" + "swift"]
    for folder in folders {
      for suffix in ["swift", "md", "drn", "py", "c", "h", "inc"] {
        for path in Repository.files(folder, extension: suffix) {
          let text = try Repository.text(path)
          for mark in marks { #expect(!text.contains(mark), "\(path) contains \(mark)") }
        }
      }
    }
  }
}
