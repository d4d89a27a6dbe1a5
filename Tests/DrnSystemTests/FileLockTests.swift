import DrnSystem
import DrnTestSupport
import Foundation
import Testing

@Suite("Locks of files") struct FileLockTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test("a second lock of a file is refused with the number of the process, and had after the first is released")
  func exclusive() throws {
    let path = folder("lock")
    let first = try FileLock(path, isNew: true)
    #expect(FileLock.isHeld(path).isHeld && FileLock.isHeld(path).process == Int(ProcessInfo.processInfo.processIdentifier))
    do throws(FileLock.Failure) {
      _ = try FileLock(path, isNew: false)
      Issue.record("two locks of one file")
    } catch {
      guard case .held(let process) = error else { throw error }
      #expect(process == Int(ProcessInfo.processInfo.processIdentifier))
    }
    first.release()
    #expect(!FileLock.isHeld(path).isHeld)
    _ = try FileLock(path, isNew: false)
  }

  @Test("a released lock is free at once, also while processes are being started from other threads")
  func startingProcesses() throws {
    let path = folder("lock")
    let starting = Thread {
      while !Thread.current.isCancelled {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/true")
        if (try? process.run()) != nil { process.waitUntilExit() }
      }
    }
    starting.start()
    defer { starting.cancel() }
    for _ in 0..<500 { try FileLock(path, isNew: false).release() }
  }
}
