import DrnSystem
import DrnTestSupport
import Foundation
import Testing

@Suite("Child processes") struct ChildProcessTests {
  private func ending(_ process: ChildProcess) -> ChildProcess.Ending? {
    for _ in 0..<1000 {
      if let ending = process.poll() { return ending }
      usleep(10_000)
    }
    return nil
  }

  private func shell(_ line: String, _ folder: TemporaryFolder, _ environment: [String: String] = [:]) throws -> ChildProcess {
    try ChildProcess("/bin/sh", ["-c", line], environment: environment, messages: folder.path + "/messages")
  }

  @Test("status, signal, environment and messages of a process") func endings() throws {
    let folder = try TemporaryFolder()
    #expect(ending(try shell("echo \"$WORD\" >&2; echo dropped; exit 7", folder, ["WORD": "said"])) == .status(7))
    #expect(try folder.text("messages") == "said\n")
    #expect(ending(try shell("kill -9 $$", folder)) == .signal(9))
    #expect(try folder.text("messages").isEmpty)
  }

  @Test("one that waits for its input waits until it is stopped, or its starter is gone") func stops() throws {
    let folder = try TemporaryFolder()
    let process = try shell("cat", folder)
    usleep(100_000)
    #expect(process.poll() == nil)
    process.stop()
    #expect(ending(process) == .signal(SIGTERM))
    process.stop()
    var left: ChildProcess? = try shell("cat; echo ended >&2", folder)
    #expect(left?.poll() == nil)
    left = nil
    for _ in 0..<500 where try folder.text("messages").isEmpty { usleep(10_000) }
    #expect(try folder.text("messages") == "ended\n")
  }

  @Test("what is sent to one comes back by its pipe, and its end is seen on both sides") func pipes() throws {
    signal(SIGPIPE, SIG_IGN)
    let folder = try TemporaryFolder()
    let echo = try ChildProcess("/bin/cat", [], environment: [:], messages: folder("messages"), isPiped: true)
    // More than a pipe holds, read while it is written by what stands between.
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
    for _ in 0..<200 {
      #expect(echo.send([bytes, [7]]))
      #expect(echo.receive(1001) == bytes + [7])
    }
    #expect(echo.receive(0) == [])
    kill(echo.number, SIGKILL)
    #expect(echo.receive(1) == nil && echo.wait() == .signal(SIGKILL) && echo.wait() == .signal(SIGKILL))
    #expect(!echo.send([[1]]))
    let plain = try shell("echo said", folder)
    #expect(plain.receive(1) == nil && plain.wait() == .status(0))
  }

  @Test("what cannot be started is refused") func refused() throws {
    let folder = try TemporaryFolder()
    let messages = folder.path + "/messages"
    for (executable, argument, place) in [
      ("/none", "", messages), ("", "", messages), ("/bin/sh", "a\u{0}b", messages), ("/bin/sh", "", folder.path + "/no/messages"),
    ] {
      #expect(throws: SystemError.self) { try ChildProcess(executable, [argument], environment: [:], messages: place) }
    }
  }
}
