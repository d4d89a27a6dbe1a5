import DrnTestSupport
import Foundation
import Testing

/// `train --live`: a page of the run while it goes on.
@Suite("drnc train --live", .serialized) struct ProcessLiveTests {
  private static let program = Repository.url("models/tiny.drn").path

  /// A request, and what comes back.
  private func ask(_ port: Int, _ line: String = "GET / HTTP/1.1", host: String? = nil) throws -> String {
    let text = "\(line)\\r\\nHost: \(host ?? "127.0.0.1:\(port)")\\r\\n\\r\\n"
    return try Tool.shell("exec 3<>/dev/tcp/127.0.0.1/\(port) && printf '\(text)' >&3 && timeout 10 cat <&3").output
  }

  /// A training that goes on until it is stopped, and its port.
  private func training(in folder: TemporaryFolder, _ more: [String] = []) throws -> (tool: RunningTool, port: Int) {
    let arguments = ["train", Self.program, "--set", "train.length=20000epochs", "--live", "--output", folder("run")]
    let tool = try Tool.start(arguments + more)
    var port = 0
    _ = tool.waits {
      port = tool.errorText.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)\//).flatMap { Int($0.1) } ?? 0
      return port > 0 && (try? folder.text("run/log.jsonl").contains("epoch")) == true
    }
    #expect(port > 0, "\(tool.errorText)")
    return (tool, port)
  }

  @Test("gives the page to this machine alone, and ends with the training") func serves() throws {
    let folder = try TemporaryFolder()
    let (tool, port) = try training(in: folder)
    let page = try ask(port)
    #expect(page.hasPrefix("HTTP/1.1 200 OK\r\n") && page.contains("<title>run - drnc</title>") && page.contains("running"))
    #expect(page.contains("Content-Security-Policy: default-src 'none'"))
    // A later page has a later epoch.
    let length = page.utf8.count
    #expect(tool.waits { (try? ask(port).utf8.count) ?? 0 > length })
    #expect(try ask(port, host: "localhost").hasPrefix("HTTP/1.1 200"))
    #expect(try ask(port, host: "evil.example").hasPrefix("HTTP/1.1 403"))
    #expect(try ask(port, host: "127.0.0.1.evil.example:\(port)").hasPrefix("HTTP/1.1 403"))
    #expect(try ask(port, "POST / HTTP/1.1").hasPrefix("HTTP/1.1 405"))
    #expect(try ask(port, "GET /../source.drn HTTP/1.1").hasPrefix("HTTP/1.1 404"))
    let head = try ask(port, "HEAD / HTTP/1.1")
    #expect(head.hasPrefix("HTTP/1.1 200") && head.hasSuffix("\r\n\r\n"))
    // Garbage, and a connection that says nothing, keep nobody from the page.
    _ = try Tool.shell("exec 3<>/dev/tcp/127.0.0.1/\(port); head -c 20000 /dev/urandom >&3; true")
    #expect(try ask(port).hasPrefix("HTTP/1.1 200"))
    if let table = try? String(contentsOfFile: "/proc/net/tcp", encoding: .utf8) {
      let listening = table.split(separator: "\n").filter { $0.contains(String(format: ":%04X 00000000:0000 0A", port)) }
      #expect(listening.count == 1 && listening[0].contains("0100007F:"), "\(listening)")
    }
    let second = try Tool.run(["train", Self.program, "--live-port", "\(port)", "--output", folder("other")])
    #expect(second.status == 64 && second.error.contains("DRN0831"))
    #expect(!folder.names().contains("other"))
    tool.send(SIGINT)
    #expect(try tool.finish().status == 130)
    #expect(try ask(port).isEmpty)
  }

  @Test("changes nothing of what is trained") func sameBytes() throws {
    let folder = try TemporaryFolder()
    #expect(try Tool.run(["train", Self.program, "--shorten", "1/2", "--live", "--output", folder("a")]).status == 0)
    #expect(try Tool.run(["train", Self.program, "--shorten", "1/2", "--quiet", "--output", folder("b")]).status == 0)
    for name in ["log.jsonl", "weights.safetensors"] { #expect(try folder.bytes("a/" + name) == folder.bytes("b/" + name)) }
  }

  @Test("a port that is none, and a page whose address nobody would know, are refused") func refused() throws {
    for arguments in [["--live-port", "0"], ["--live-port", "65536"], ["--live", "--quiet"]] {
      #expect(try Tool.run(["train", Self.program] + arguments).status == 64, "\(arguments)")
    }
  }
}
