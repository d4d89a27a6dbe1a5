import DrnIR
import DrnTestSupport
import Foundation
import Testing

@Suite("Fuzz corpus of the IR") struct IRFuzzCorpusTests {
  @Test("is refused, or read and printed as the same")
  func replay() throws {
    let folder = Repository.url("Tests/Fuzz/corpus/ir")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil).sorted { $0.path < $1.path }
    #expect(files.count > 3)
    var read = 0
    for file in files {
      let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
      guard let module = try? readModule(text) else { continue }
      read += 1
      _ = verify(module)
      #expect(DrnIR.print(try readModule(DrnIR.print(module))) == DrnIR.print(module), "\(file.lastPathComponent)")
    }
    #expect(read > 0)
  }
}
