import DrnTestSupport
import Foundation
import Testing

/// `Tests/skeleton`, which writes what a new diagnostic, layer or update consists of.
@Suite struct SkeletonTests {
  @Test("nothing that a skeleton leaves to be said is left unsaid")
  func said() throws {
    let files = ["swift", "drn", "md"].flatMap { suffix in ["Sources", "Tests", "docs"].flatMap { Repository.files($0, extension: suffix) }
    }
    for path in files where !path.hasPrefix("Tests/TidyTests/") {
      for (index, line) in try Repository.text(path).split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        guard let place = line.range(of: "TODO: ") else { continue }
        Issue.record("\(path):\(index + 1) is yet to be said: \(line[place.upperBound...])")
      }
    }
  }

  private static let python: String? = ["/usr/bin/python3", "/usr/local/bin/python3"].first(where: FileManager.default.isExecutableFile)

  @Test(
    "every skeleton fits the files that it is written into", .enabled(if: python != nil),
    arguments: [
      (["diagnostic", "Calls", "made_up"], 4), (["diagnostic", "Timelines", "made_up"], 4),
      (["diagnostic", "DataFiles", "made_up"], 4), (["diagnostic", "FormLints", "made_up"], 5),
      (["update", "made_up"], 4), (["layer", "made_up"], 4),
    ])
  func fits(arguments: [String], files: Int) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(Self.python))
    process.arguments = [Repository.root.appendingPathComponent("Tests/skeleton").path, "--dry-run"] + arguments
    let (output, errors) = (Pipe(), Pipe())
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    let listed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).split(separator: "\n")
    let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(said)")
    #expect(listed.count == files, "\(listed)")
  }
}
