import CKernels
import Testing

@Suite("Kernels: processor")
struct KernelProcessorTests {
  @Test("a thread can ask for any instruction set and gets it or a lesser one", arguments: InstructionSet.allCases)
  func instructionSets(isa: InstructionSet) {
    let before = drn_isa_in_use()
    isa.run { #expect(drn_isa_in_use().rawValue <= isa.rawValue) }
    #expect(drn_isa_in_use() == before)
    InstructionSet.baseline.run { #expect(drn_isa_in_use() == DRN_ISA_BASELINE) }
  }

  @Test("the description names what it should, fits any buffer and gives its length")
  func description() {
    let length = drn_cpu_description(nil, 0)
    var buffer = [CChar](repeating: 1, count: length + 1)
    #expect(drn_cpu_description(&buffer, buffer.count) == length)
    let text = String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    #expect(buffer[length] == 0 && text.contains("oneDNN") && text.contains("OpenBLAS") && text.contains("threads"))
    var short = [CChar](repeating: 1, count: 4)
    #expect(drn_cpu_description(&short, 3) == length)
    #expect(short[2] == 0 && short[3] == 1)
  }

  @Test("the peak is a rate some processor could have")
  func peak() {
    let rate = drn_peak_flops_probe(1)
    // Unoptimized builds are slow; no core makes a PFLOP/s.
    #expect(rate > 1e6 && rate < 1e15)
  }
}
