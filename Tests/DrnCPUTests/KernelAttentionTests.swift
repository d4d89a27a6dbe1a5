import CKernels
import DrnIR
import DrnKernels
import DrnTestSupport
import Foundation
import Testing

/// One head of one sequence and what is to come of it, in double precision.
private struct Head {
  let length: Int
  let size: Int
  let seen: Int
  let isCausal: Bool
  var inputs: [PaddedMatrix]
  let scale = 0.3

  init(length: Int, size: Int, seen: Int? = nil, isCausal: Bool, seed: UInt64) {
    (self.length, self.size, self.seen, self.isCausal) = (length, size, seen ?? length, isCausal)
    inputs = (0..<4).map { PaddedMatrix(rows: length, columns: size, pad: 3, seed: seed &* 4 &+ $0) }
  }

  /// What is to come of some queries: rows of the result, logarithms and gradients by queries, keys and values. Gradients by keys and values
  /// are those from these queries alone.
  func expected(_ queries: [Int]) -> (y: [Double], logarithms: [Double], gradients: [[Double]]) {
    let rows = inputs.map { matrix in (0..<length).flatMap { row in (0..<size).map { Double(matrix[row, $0]) } } }
    var (y, logarithms) = (rows[0].map { _ in 0.0 }, Array(repeating: 0.0, count: length))
    var gradients = Array(repeating: y, count: 3)
    func product(_ x: [Double], _ row: Int, _ y: [Double], _ other: Int) -> Double {
      var sum = 0.0
      for column in 0..<size { sum += x[row * size + column] * y[other * size + column] }
      return sum
    }
    for query in queries where query < seen {
      let scores = (0..<(isCausal ? query + 1 : seen)).map { scale * product(rows[0], query, rows[1], $0) }
      let largest = scores.max() ?? 0
      logarithms[query] = log(scores.reduce(0) { $0 + exp($1 - largest) }) + largest
      let weights = scores.map { exp($0 - logarithms[query]) }
      let slopes = weights.indices.map { product(rows[3], query, rows[2], $0) }
      let mean = zip(weights, slopes).reduce(0) { $0 + $1.0 * $1.1 }
      for (key, weight) in weights.enumerated() {
        let slope = scale * weight * (slopes[key] - mean)
        for column in 0..<size {
          let (own, other) = (query * size + column, key * size + column)
          y[own] += weight * rows[2][other]
          gradients[0][own] += slope * rows[1][other]
          gradients[1][other] += slope * rows[0][own]
          gradients[2][other] += weight * rows[3][own]
        }
      }
    }
    return (y, logarithms, gradients)
  }
}

/// What the kernels gave for a head, each result between paddings that must stay.
private struct Outcome {
  var y: PaddedMatrix
  var logarithms: [Float]
  var gradients: [PaddedMatrix]
  var workIsKept = true

  /// Queries in blocks of `chunk`; gradients by queries and by keys apart where `isSplit`.
  init(_ head: Head, chunk: Int, isSplit: Bool) {
    func empty(_: Int) -> PaddedMatrix { PaddedMatrix(rows: head.length, columns: head.size, pad: 3) { _, _ in 9 } }
    y = empty(0)
    gradients = (0..<3).map(empty)
    logarithms = [Float](repeating: 9, count: head.length + 1)
    var head = head
    let floats = Int(drn_attention_work(head.length, head.size, 1))
    var work = [Float](repeating: .nan, count: floats + 1)
    func position(_ matrix: inout PaddedMatrix) -> drn_positions {
      let pitch = matrix.pitch
      return matrix.storage.withUnsafeMutableBufferPointer { drn_positions(rows: $0.baseAddress, pitch: pitch) }
    }
    var shape = logarithms.withUnsafeMutableBufferPointer { logarithms in
      drn_attention(
        length: head.seen, padded_length: head.length, size: head.size, causal: head.isCausal ? 1 : 0, scale: Float(head.scale),
        rotation: nil, q: position(&head.inputs[0]), k: position(&head.inputs[1]), v: position(&head.inputs[2]), y: position(&y),
        logarithms: logarithms.baseAddress)
    }
    for first in stride(from: 0, to: head.length, by: chunk) {
      work[Int(drn_attention_work(head.length, head.size, 0))] = 7
      drn_attend(&shape, first, min(first + chunk, head.length), &work)
      workIsKept = workIsKept && work[Int(drn_attention_work(head.length, head.size, 0))] == 7
    }
    var asked = drn_attention_gradients(
      dy: position(&head.inputs[3]), dq: position(&gradients[0]), dk: position(&gradients[1]), dv: position(&gradients[2]), heads: 1,
      logarithm_pitch: 0, parts: Int32((DRN_BY_QUERIES.rawValue | DRN_BY_KEYS.rawValue)))
    work[floats] = 7
    if !isSplit { drn_attend_gradient(&shape, &asked, 0, head.length, 0, head.length, &work) }
    for first in stride(from: 0, to: isSplit ? head.length : 0, by: chunk) {
      let end = min(first + chunk, head.length)
      asked.parts = Int32(DRN_BY_KEYS.rawValue)
      drn_attend_gradient(&shape, &asked, 0, head.length, first, end, &work)
      asked.parts = Int32(DRN_BY_QUERIES.rawValue)
      drn_attend_gradient(&shape, &asked, first, end, 0, head.length, &work)
    }
    workIsKept = workIsKept && work[floats] == 7
  }
}

@Suite("Kernels: attention")
struct KernelAttentionTests {
  /// A sum of some hundred products of numbers below 1, each rounded at 6e-8.
  private static let tolerance = 1e-5

  private func expectAgreement(_ head: Head, _ outcome: Outcome, queries: [Int]? = nil, _ what: String) {
    let gaps = [outcome.y] + outcome.gradients
    #expect(gaps.allSatisfy(\.paddingIsUntouched) && outcome.logarithms[head.length] == 9 && outcome.workIsKept, "\(what)")
    let chosen = queries ?? Array(0..<head.length)
    let expected = head.expected(chosen)
    for query in chosen {
      let error = abs(Double(outcome.logarithms[query]) - expected.logarithms[query])
      #expect(error <= Self.tolerance * max(1, abs(expected.logarithms[query])), "\(what), query \(query)")
    }
    expectClose(outcome.y, expected.y, chosen, "\(what), y")
    expectClose(outcome.gradients[0], expected.gradients[0], chosen, "\(what), dq")
    guard queries == nil else { return }
    expectClose(outcome.gradients[1], expected.gradients[1], chosen, "\(what), dk")
    expectClose(outcome.gradients[2], expected.gradients[2], chosen, "\(what), dv")
  }

  private func expectClose(_ found: PaddedMatrix, _ expected: [Double], _ rows: [Int], _ what: String) {
    let largest = expected.reduce(1) { max($0, abs($1)) }
    for row in rows {
      for column in 0..<found.columns {
        let right = expected[row * found.columns + column]
        guard !(abs(Double(found[row, column]) - right) <= Self.tolerance * largest) else { continue }
        Issue.record("\(what)[\(row), \(column)]: \(found[row, column]), expected \(right)")
        return
      }
    }
  }

  @Test("results, logarithms and gradients at odd lengths and sizes, whole and in parts", arguments: InstructionSet.allCases)
  func agrees(isa: InstructionSet) {
    var seed: UInt64 = 1
    for (length, size) in [(1, 1), (1, 16), (2, 5), (7, 17), (17, 33), (31, 3), (32, 64), (33, 16), (65, 32), (100, 5), (150, 20)] {
      for isCausal in [false, true] {
        for (chunk, isSplit) in [(320, false), (32, true), (96, true)] {
          seed += 1
          let seen = seed % 3 == 0 ? Int(seed) * 7 % (length + 1) : length
          let head = Head(length: length, size: size, seen: seen, isCausal: isCausal, seed: seed)
          let outcome = isa.run { Outcome(head, chunk: chunk, isSplit: isSplit) }
          expectAgreement(head, outcome, "\(length) x \(size), \(seen) seen, causal \(isCausal), chunks of \(chunk)")
        }
      }
    }
  }

  @Test("long sequences")
  func long() {
    for (length, isCausal) in [(1000, true), (1000, false), (4096, true)] {
      let head = Head(length: length, size: 5, isCausal: isCausal, seed: UInt64(length))
      let queries = [0, 1, 37, 512, length / 2 + 1, length - 1]
      expectAgreement(head, Outcome(head, chunk: length + 31, isSplit: false), queries: queries, "\(length), causal \(isCausal)")
    }
  }

  @Test("parts give the bits of the whole", arguments: InstructionSet.allCases)
  func partsAgree(isa: InstructionSet) {
    for isCausal in [false, true] {
      let head = Head(length: 200, size: 24, isCausal: isCausal, seed: 9)
      let (whole, parts) = isa.run { (Outcome(head, chunk: 320, isSplit: false), Outcome(head, chunk: 64, isSplit: true)) }
      #expect(whole.y.storage == parts.y.storage && whole.logarithms == parts.logarithms)
      for (left, right) in zip(whole.gradients, parts.gradients) { #expect(left.storage == right.storage) }
    }
  }

  @Test("NaN and infinities reach what sees them and nothing else", arguments: InstructionSet.allCases)
  func specialValues(isa: InstructionSet) {
    for (length, size) in [(5, 3), (37, 17), (70, 32)] {
      for (place, special) in [(0, Float.nan), (1, .nan), (2, .nan), (3, .nan), (1, .infinity), (2, -.infinity)] {
        let position = length - 3
        let clean = Head(length: length, size: size, isCausal: true, seed: 5)
        var spoilt = clean
        spoilt.inputs[place][position, 1] = special
        let (before, after) = isa.run {
          (Outcome(clean, chunk: 320, isSplit: false), Outcome(spoilt, chunk: 320, isSplit: false))
        }
        let isSame = { (left: PaddedMatrix, right: PaddedMatrix, row: Int) in
          (0..<size).allSatisfy { left[row, $0] == right[row, $0] }
        }
        // Earlier queries neither see the position nor hand anything to it.
        #expect((0..<position).allSatisfy { isSame(before.y, after.y, $0) && isSame(before.gradients[0], after.gradients[0], $0) })
        if place == 0 || place == 3 {
          #expect(
            (position + 1..<length).allSatisfy { isSame(before.y, after.y, $0) && isSame(before.gradients[1], after.gradients[1], $0) })
          #expect((0...position).allSatisfy { row in after.gradients[2][row, 1].isNaN })
        }
        if place < 2, special.isNaN { #expect(after.y[position, 0].isNaN && after.logarithms[position].isNaN) }
        if place == 2 { #expect(after.y[position, 1] == special || special.isNaN && after.y[position, 1].isNaN) }
      }
    }
  }

  private func cachedRoom(_ length: Int, _ size: Int) -> Int? {
    var b = Builder(function: "f", in: Module(name: "room"))
    _ = try? Opcode.cachedAttention.example(.sequence(batch: 1, length: length, heads: 2, groups: 1, size: size), in: &b)
    return b.function.operations.first.flatMap { CachedAttentionShape($0, b.function)?.workFloats }
  }

  @Test("the plan leaves the kernels the room that they lay out")
  func room() throws {
    for length in [1, 15, 16, 17, 100, 128, 1000, 4096] {
      for size in [1, 5, 16, 33, 64, 100, 128] {
        #expect(cachedRoom(length, size) == drn_cached_attention_work(length, size), "cached, \(length) x \(size)")
        for op in [AttendOp.forward, .gradient] {
          var b = Builder(function: "f", in: Module(name: "room"))
          _ = try Opcode.attend(op).example(.sequence(batch: 1, length: length, heads: 2, groups: 1, size: size), in: &b)
          let plan = try #require(AttentionPlan(b.function.operations[0], b.function))
          #expect(plan.workFloats == Int(drn_attention_work(length, size, op == .gradient ? 1 : 0)), "\(length) x \(size)")
          // Chunks begin at blocks of queries, and cover all positions.
          #expect(plan.chunk % AttentionPlan.block == 0 || plan.chunks == 1)
          #expect(plan.chunk * plan.chunks >= length && plan.chunk * (plan.chunks - 1) < length)
        }
      }
    }
  }
}
