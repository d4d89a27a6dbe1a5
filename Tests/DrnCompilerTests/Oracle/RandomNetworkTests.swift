import DrnTestSupport
import Foundation
import Testing

/// The networks to compare: how many and which first, as the environment says, in parts that run side by side.
private enum Drawn {
  static let count = number("DRNC_RANDOM_NETWORKS") ?? 60
  static let first = number("DRNC_FIRST_NETWORK") ?? 0
  static let parts = stride(from: first, to: first + count, by: 15).map { $0..<min($0 + 15, first + count) }

  private static func number(_ name: String) -> Int? { ProcessInfo.processInfo.environment[name].flatMap { Int($0) } }
}

@Suite("Random networks against PyTorch", .enabled(if: TorchPython.found != nil, Comment(rawValue: TorchPython.absence)))
struct RandomNetworkTests {
  @Test(
    "a step leaves what PyTorch's step in double precision leaves, and the same bytes on one, two and three threads",
    arguments: Drawn.parts)
  func agree(numbers: Range<Int>) throws {
    var largest: [RandomNetwork.Kind: (share: Double, tensor: String)] = [:]
    try forEachFixture(numbers) { fixture in
      for deviation in try compare(try RandomNetwork(fixture)) where deviation.share > largest[deviation.kind]?.share ?? 0 {
        largest[deviation.kind] = (deviation.share, "\(fixture.name) \(deviation.tensor)")
      }
    }
    let shares = largest.map { "\($0), \(String(format: "%.2f", $1.share)) in \($1.tensor)" }.sorted()
    print("networks \(numbers): largest shares of the bounds: \(shares.joined(separator: "; "))")
  }

  @Test("a learning rate a thousandth too large is noticed")
  func wrongRateIsNoticed() throws {
    try forEachFixture(0..<5) { fixture in
      let network = try RandomNetwork(fixture, rateFactor: 1.001)
      let wide = try network.deviations(try network.tensors(threads: 1)).filter { !($0.difference <= $0.allowed) }
      #expect(!wide.isEmpty && wide.allSatisfy { $0.kind == .changes }, "\(fixture.name): \(wide)")
    }
  }

  /// Writes the fixtures of those networks, and hands over one after the other.
  private func forEachFixture(_ numbers: Range<Int>, _ body: (OracleFixture) throws -> Void) throws {
    let folder = try TemporaryFolder()
    try TorchPython.run("random_networks.py", ["--first", "\(numbers.lowerBound)", "--count", "\(numbers.count)", folder.path])
    for number in numbers {
      let fixture = try OracleFixture(path: folder("network-\(number).safetensors"))
      do { try body(fixture) } catch { Issue.record("\(fixture.name): \(error)\n\(fixture.program)") }
    }
  }

  private func compare(_ network: RandomNetwork) throws -> [RandomNetwork.Deviation] {
    let (name, program) = (network.fixture.name, network.fixture.program)
    let found = try network.tensors(threads: 1)
    for threads in 2...3 {
      let different = network.differences(found, try network.tensors(threads: threads))
      #expect(different.isEmpty, "\(name): \(different.prefix(6)) differ between 1 and \(threads) threads\n\(program)")
    }
    let deviations = try network.deviations(found)
    let wide = deviations.filter { !($0.difference <= $0.allowed) }
    #expect(wide.isEmpty, "\(name): \(wide.count) of \(deviations.count) tensors deviate: \(wide.prefix(6))\n\(program)")
    return deviations
  }
}
