import DrnSystem
import Foundation
import Testing

@Suite("Memory of the machine") struct MachineMemoryTests {
  @Test("what is available is part of what a process may have, which is part of the machine's memory")
  func order() {
    #expect(MachineMemory.available > 0)
    #expect(MachineMemory.available <= MachineMemory.limit)
    #expect(UInt64(MachineMemory.limit) <= ProcessInfo.processInfo.physicalMemory)
  }
}
