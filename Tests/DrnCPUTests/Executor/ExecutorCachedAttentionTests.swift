import DrnCPU
import DrnIR
import DrnPlan
import DrnReference
import DrnTestSupport
import Testing

/// Attention by caches, whose caches are arguments that the results replace.
private struct CachedSample: CustomStringConvertible {
  var count: Int
  var size: Int
  var settings: AttentionSettings
  var positions: [Double]
  /// Whether the caches lie where they lay.
  var isInPlace = true

  /// Drawn odd, some with positions for which there is no room.
  init(seed: Int) {
    var numbers = SplitMix64(seed: UInt64(seed))
    let groups = 1 + numbers.below(3)
    let length = [1, 2, 7, 16, 31, 33, 63, 70, 129, 200][numbers.below(10)]
    count = 1 + numbers.below(5)
    size = [1, 2, 5, 8, 17, 33, 40, 64, 72][numbers.below(9)]
    settings = AttentionSettings(
      length: length, heads: groups * (1 + numbers.below(3)), groups: groups, scale: 0.4,
      rotary: size % 2 == 0 && seed % 3 != 0 ? 100 : 0)
    let first = numbers.below(length)
    positions = (0..<count).map { Double(first + $0) }
    if seed % 5 == 0 { positions[0] = [-1, Double(Int32.min), Double(Int32.max), Double(length)][numbers.below(4)] }
    isInPlace = seed % 4 != 1
  }

  var description: String { "\(count) rows at \(positions), size \(size), \(settings)" }

  func module() throws -> Module {
    var b = Builder(function: "f", in: Module(name: "cached"))
    let columns = settings.groups * size
    func matrix(_ name: String, _ rows: Int, _ columns: Int, _ role: Role = .batch) -> Value {
      b.argument(name, role: role, .f32([Dimension(rows), Dimension(columns)]))
    }
    let (q, k, v) = (matrix("q", count, settings.heads * size), matrix("k", count, columns), matrix("v", count, columns))
    let caches = (matrix("keys", columns, settings.length, .state), matrix("values", settings.length, columns, .state))
    let positions = b.argument("positions", role: .batch, TensorType(.i32, [Dimension(count)]))
    let result = try b.cachedAttention(q, k, v, caches: caches, positions: positions, settings)
    b.result("y", role: .output, result.result)
    b.result(isInPlace ? "keys" : "new_keys", role: .state, result.keys)
    b.result(isInPlace ? "values" : "new_values", role: .state, result.values)
    var module = Module(name: "cached")
    module.set(b.function)
    return module
  }

  func arguments(_ module: Module) -> Arguments {
    var arguments = module.sampleArguments("f", seed: 1)
    arguments["positions"]?.values = positions
    return arguments
  }
}

@Suite("Executor: attention by caches")
struct ExecutorCachedAttentionTests {
  private func run(_ module: Module, _ arguments: Arguments, threads: Int) throws -> Segment {
    let segment = try Segment(module: module, functions: ["f"], threads: threads, isGuarded: true)
    #expect(checkPlan(segment.plan, module) == [])
    try segment.write(arguments)
    try segment.run("f")
    return segment
  }

  @Test("what the reference gives at random odd shapes, in guarded memory, and the same bits for any number of threads", arguments: 0..<60)
  func agrees(seed: Int) throws {
    let sample = CachedSample(seed: seed)
    let module = try sample.module()
    let arguments = sample.arguments(module)
    let segments = try [1, 2, 5].map { try run(module, arguments, threads: $0) }
    let reference = try evaluate(function: try #require(module.function("f")), module: module, arguments: arguments)
    for (name, expected) in reference {
      expectClose(try segments[0].read(name), expected, tolerance: 1e-5, magnitude: 1, "\(sample), \(name)")
      let bits = try segments.map { try $0.read(name).map(\.bitPattern) }
      #expect(bits[0] == bits[1] && bits[0] == bits[2], "\(sample), \(name)")
    }
  }

  @Test("caches that are replaced stay where they are; others are copied")
  func inPlace() throws {
    for seed in [0, 1] {
      let sample = CachedSample(seed: seed)
      let module = try sample.module()
      let plan = try Segment.plan(module, functions: ["f"], threads: 1)
      #expect(plan.functions[0].moves.isEmpty, "\(sample)")
      #expect(plan.slots.count { $0.name.hasSuffix("keys") } == (sample.isInPlace ? 1 : 2))
    }
  }

  @Test("positions one by one, and several at once, give the rows of attention over the whole sequence", arguments: [1, 3, 16, 33])
  func rows(_ count: Int) throws {
    for (groups, rotary) in [(4, 0.0), (2, 10_000), (1, 100)] {
      let (length, heads, size) = (33, 4, 6)
      let settings = AttentionSettings(length: length, heads: heads, groups: groups, isCausal: true, scale: 0.4, rotary: rotary)
      var b = Builder(function: "f", in: Module(name: "whole"))
      func matrix(_ name: String, _ heads: Int) -> Value {
        b.argument(name, role: .batch, .f32([Dimension(length), Dimension(heads * size)]))
      }
      let (q, k, v) = (matrix("q", heads), matrix("k", groups), matrix("v", groups))
      b.result("y", role: .output, try b.attention(q, k, v, settings))
      var module = Module(name: "whole")
      module.set(b.function)
      let whole = module.sampleArguments("f", seed: 3)
      let expected = try run(module, whole, threads: 1).read("y")

      var sample = CachedSample(seed: 2)
      (sample.count, sample.size, sample.settings, sample.isInPlace) = (count, size, settings, true)
      let segment = try Segment(module: try sample.module(), functions: ["f"], threads: 2, isGuarded: true)
      for first in stride(from: 0, to: length, by: count) {
        // The last ones may have no room.
        try segment.writeLabels("positions", (first..<first + count).map { Int32($0) })
        for (name, columns) in [("q", heads * size), ("k", groups * size), ("v", groups * size)] {
          let values = try #require(whole[name]?.values).dropFirst(first * columns).prefix(count * columns).map { Float($0) }
          try segment.write(name, values + [Float](repeating: .nan, count: count * columns - values.count))
        }
        try segment.run("f")
        let width = heads * size
        let rows = try segment.read("y").prefix((min(first + count, length) - first) * width)
        for (found, right) in zip(rows, expected.dropFirst(first * width)) { #expect(abs(found - right) < 1e-5) }
      }
    }
  }

  @Test("NaN and infinities spread as in the reference, and what is not seen takes no part", arguments: 0..<24)
  func specialValues(seed: Int) throws {
    let sample = CachedSample(seed: seed)
    let module = try sample.module()
    var arguments = sample.arguments(module)
    var numbers = SplitMix64(seed: UInt64(seed))
    for name in ["q", "k", "v", "keys", "values"].dropFirst(seed % 5) {
      let count = arguments[name]?.values.count ?? 0
      arguments[name]?.values[numbers.below(count)] = [.nan, .infinity, -.infinity][numbers.below(3)]
    }
    let segment = try run(module, arguments, threads: 2)
    let reference = try evaluate(function: try #require(module.function("f")), module: module, arguments: arguments)
    for (name, expected) in reference {
      for (index, (found, right)) in zip(try segment.read(name), expected.values).enumerated() {
        let isRight = right.isNaN ? found.isNaN : Double(found) == right || abs(Double(found) - right) <= 1e-4 * max(1, abs(right))
        #expect(isRight, "\(sample), \(name)[\(index)]: \(found), the reference \(right)")
      }
    }
  }

  @Test("operands that do not fit are refused")
  func refused() throws {
    func error(_ change: (inout CachedSample) -> Void) -> String? {
      var sample = CachedSample(seed: 2)
      change(&sample)
      do { _ = try sample.module() } catch { return "\(error)" }
      return nil
    }
    #expect(error { _ in } == nil)
    #expect(error { ($0.size, $0.settings.rotary) = (3, 100) }?.contains("pairs of columns") == true)
    #expect(error { ($0.settings.heads, $0.settings.groups) = (3, 2) }?.contains("multiple of groups") == true)
    #expect(error { $0.settings.scale = .nan }?.contains("scale") == true)
    #expect(error { $0.settings.length = 0 }?.contains("at least 1") == true)
  }
}
