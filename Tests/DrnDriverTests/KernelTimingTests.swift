import DrnDriver
import DrnTestSupport
import Foundation
import Testing

@Suite("drnc benchmark --kernels") struct KernelTimingTests {
  private func run(json: Bool, kernels: Bool) throws -> [String] {
    let transcript = Transcript()
    let request = BenchmarkRequest(path: Models.path("tiny"), phase: 0, steps: 5, threads: 1, timesKernels: kernels, printsJSON: json)
    #expect(transcript.driver().benchmark(request) == .success && transcript.error.isEmpty)
    return transcript.output.split(separator: "\n").map(String.init)
  }

  @Test("one line of JSON for the step and for each kind of kernel, whose times add up")
  func json() throws {
    let records = try run(json: true, kernels: true).map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    #expect(records.count > 4)
    let kernels = records.dropFirst(2)
    func sum(_ field: String) -> Double { kernels.reduce(0) { $0 + ($1[field] as? Double ?? .nan) } }
    // Numbers are printed with seven digits.
    #expect(abs(sum("share") - 1) < 1e-5)
    for field in ["measured", "predicted"] {
      let whole = try #require(records[1][field] as? Double)
      #expect(whole > 0 && abs(sum(field) / whole - 1) < 1e-4)
    }
    let parts = ["predicted_starts", "predicted_arithmetic", "predicted_traffic"].reduce(0) { $0 + sum($1) }
    #expect(abs(parts / sum("predicted") - 1) < 1e-4)
    #expect(kernels.contains { ($0["name"] as? String)?.hasPrefix("matmul, ") == true })
  }

  @Test("a table, the slowest first; only when asked for")
  func table() throws {
    let plain = try run(json: false, kernels: false)
    #expect(plain.count == 3)
    let lines = try run(json: false, kernels: true).dropFirst(4)
    let shares = lines.dropLast(2).compactMap { $0.split(separator: " ").first.flatMap { Double($0) } }
    #expect(shares.count == lines.count - 2 && shares == shares.sorted(by: >))
  }
}
