import DrnTestSupport
import Foundation
import Testing

/// The C target, read as text.
@Suite struct KernelSourceTests {
  private static let headers = "Sources/CKernels/include"
  /// Functions for tests alone.
  private static let testing = "Sources/CKernels/include/drn/testing.h"

  /// The names that a header or a list of `KERNEL` declares.
  private func declared(in path: String) throws -> [String] {
    let code = try Repository.text(path).split(separator: "\n").filter { !$0.hasPrefix("//") && !$0.hasPrefix("#") }.joined(separator: "\n")
    let functions = code.matches(of: /\b(drn_\w+)\(/).map { String($0.1) }
    return functions + code.matches(of: /KERNEL\(\s*\w+, (\w+),/).map { "drn_" + $0.1 }
  }

  /// Every name that is used: in Swift wherever it stands outside comments, in C where arguments follow it inside a function, not at the start
  /// of a line, where declarations are.
  private func used(in folder: String) throws -> Set<String> {
    var names: Set<String> = []
    for path in Repository.files(folder, extension: "swift") {
      for line in try Repository.text(path).split(separator: "\n") where line.firstMatch(of: /^\s*\/\//) == nil {
        names.formUnion(line.matches(of: /\bdrn_\w+/).map { String($0.0) })
      }
    }
    let code = Repository.files(folder, extension: "c") + Repository.files(folder, extension: "h")
    for path in code where !path.hasPrefix(Self.headers) {
      for line in try Repository.text(path).split(separator: "\n") where line.hasPrefix(" ") {
        names.formUnion(line.matches(of: /\b(drn_\w+)\(/).map { String($0.1) })
      }
    }
    return names
  }

  @Test("every public C function has a caller in Sources, and those for tests have one in Tests")
  func functionsHaveCallers() throws {
    let (sources, tests) = (try used(in: "Sources"), try used(in: "Tests"))
    let paths = Repository.files(Self.headers, extension: "h") + Repository.files(Self.headers, extension: "inc")
    var count = 0
    for path in paths {
      for name in try declared(in: path) {
        count += 1
        #expect((path == Self.testing ? tests : sources).contains(name), "\(path) declares \(name), which nothing uses")
      }
    }
    #expect(count > 50)
  }

  @Test("no file of C is longer than 300 lines")
  func filesStayShort() throws {
    for suffix in ["c", "h", "inc"] {
      for path in Repository.files("Sources", extension: suffix) {
        let count = try Repository.text(path).split(separator: "\n", omittingEmptySubsequences: false).count
        #expect(count <= 300, "\(path) has \(count) lines")
      }
    }
  }

  @Test("every file of kernels/ says that it is compiled once per instruction set, and the table includes it")
  func kernelsSayHowTheyAreCompiled() throws {
    let paths = Repository.files("Sources/CKernels/kernels", extension: "h")
    let texts = try paths.map(Repository.text)
    for (path, text) in zip(paths, texts) {
      #expect(text.lowercased().contains("compiled once per instruction set"), "\(path)")
      let name = path.split(separator: "/").last ?? ""
      #expect(name == "table.h" || texts.contains { $0.contains("#include \"\(name)\"") }, "nothing includes \(path)")
    }
  }
}
