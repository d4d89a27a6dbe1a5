import DrnInference
import DrnProgram
import DrnTestSupport
import Testing

/// Networks of every kind of layer that can be continued.
private let networks: [(name: String, body: String, settings: String)] = [
  ("learned positions", "|> positions: positions |> blocks: { repeat(2) { gpt_layer(12, heads: 3) } } |> norm: layer_norm", ""),
  ("rotary positions", "|> blocks: { repeat(2) { llama_layer(12, heads: 2, hidden: 20) } } |> norm: rms_norm", ""),
  ("shared heads", "|> grouped: grouped", ""),
  (
    "factors", "|> positions: positions |> blocks: { repeat(2) { gpt_layer(12, heads: 3) } }",
    "weights ** { from epoch 0: factored(rank: 3) }"
  ),
  (
    "three factors and a power", "|> blocks: { repeat(1) { llama_layer(12, heads: 2, hidden: 20) } }",
    "weights blocks.** { from epoch 0: three_factor(rank: 2) }  weights head { from epoch 0: power(2) }"
  ),
  ("long short-term memory", "|> lstm: lstm(9)", ""),
  ("gated recurrent unit, twice", "|> one: gru(7) |> two: gru(5)", ""),
  ("norms, gates and arithmetic", "|> norm: batch_norm |> wide: linear(16) |> glu |> mixed: mixed |> dropout(0.3)", ""),
  ("a convolution of one tap", "|> conv: conv1d(8, kernel: 1) |> relu", ""),
]

private let blocks = """

  block grouped(x: tensor) {
    let q = x |> query: linear(16)
    let k = x |> key: linear(8)
    let v = x |> value: linear(8)
    return attend(q, k, v, heads: 4, causal: true, rotary: true, base: 50)
  }
  block mixed(x: tensor) { return concat(x * sigmoid(x) + 1, tanh(x) / 2) }
  """

extension DrawnNetwork {
  fileprivate init(_ index: Int, length: Int, seed: UInt64 = 1) throws {
    try self.init(length: length, networks[index].body, settings: networks[index].settings, blocks: blocks, seed: seed)
  }
}

@Suite("Continuation of a sequence")
struct ContinuationTests {
  /// Sums of some hundred products in single precision, in another order: 1e-5 of the largest logit, through two layers.
  private func expectSame(_ found: [Float], _ right: [Float], _ what: String) {
    let largest = right.reduce(1) { max($0, abs($1)) }
    #expect(found.count == right.count && zip(found, right).allSatisfy { abs($0 - $1) <= 2e-5 * largest }, "\(what): \(found), \(right)")
  }

  @Test("at every position the logits are those of the network over the whole sequence", arguments: networks.indices)
  func positions(_ index: Int) throws {
    for length in [1, 2, 5, 40] {
      let network = try DrawnNetwork(index, length: length)
      let whole = try DrawnNetwork.Whole(network)
      let tokens = DrawnNetwork.tokens(length)
      let expected = try whole.logits(tokens)
      let continuation = try network.continuation()
      for position in 0..<length {
        let logits = try position == 0 ? continuation.begin([tokens[0]]) : continuation.next(tokens[position])
        expectSame(logits, expected[position], "\(networks[index].name), position \(position) of \(length)")
      }
    }
  }

  @Test("so are those behind a prompt of any length, whatever came before", arguments: networks.indices)
  func prompts(_ index: Int) throws {
    let length = 70
    let network = try DrawnNetwork(index, length: length)
    let expected = try DrawnNetwork.Whole(network).logits(DrawnNetwork.tokens(length))
    let continuation = try network.continuation()
    for count in [1, 31, 32, 33, 63, 64, 65, 70] {
      let logits = try continuation.begin(Array(DrawnNetwork.tokens(length).prefix(count)))
      expectSame(logits, expected[count - 1], "\(networks[index].name), prompt of \(count)")
    }
  }

  private func likeliest(_ logits: [Float]) -> Int { logits.indices.max { (logits[$0], $1) < (logits[$1], $0) } ?? 0 }

  @Test("the likeliest tokens are those of a network that computes everything anew, over several windows", arguments: networks.indices)
  func greedy(_ index: Int) throws {
    for (length, prompt) in [(1, 3), (2, 1), (5, 2), (40, 33), (40, 50)] {
      let network = try DrawnNetwork(index, length: length, seed: 3)
      let whole = try DrawnNetwork.Whole(network)
      let continuation = try network.continuation()
      var text = DrawnNetwork.tokens(prompt)
      // Of a longer prompt the last T; then, where T are seen, the last T / 2 and at least one.
      var start = max(0, prompt - length)
      var logits = try continuation.begin(text)
      for _ in 0..<(2 * length + 3) {
        let token = likeliest(logits)
        let naive = try whole.logits(Array(text[start...]))[text.count - start - 1]
        expectSame(logits, naive, "\(networks[index].name), T = \(length), token \(text.count)")
        #expect(token == likeliest(naive))
        text.append(Int32(token))
        if text.count - start > length { start = text.count - max(1, length / 2) }
        logits = try continuation.next(Int32(token))
      }
    }
  }

  @Test("any number of threads gives the same bits", arguments: networks.indices)
  func threads(_ index: Int) throws {
    let network = try DrawnNetwork(index, length: 40)
    let both = try [1, 2].map { threads in
      let continuation = try network.continuation(threads: threads)
      let logits = [try continuation.begin(DrawnNetwork.tokens(37))] + (try DrawnNetwork.tokens(20).map { try continuation.next($0) })
      return logits.map { $0.map(\.bitPattern) }
    }
    #expect(both[0] == both[1])
  }

  @Test(
    "a layer that needs the whole sequence is refused by its name",
    arguments: [
      ("|> conv: conv1d(12, kernel: 3)", "`conv` sees positions that are still to come"),
      ("|> a: all", "`a.attend` sees positions that are still to come"),
    ])
  func refused(body: String, message: String) throws {
    let all = "\nblock all(x: tensor) { return attend(x, x, x, heads: 2) }"
    let network = try DrawnNetwork(length: 8, body, settings: "allow: [sees_the_answer]", blocks: all)
    do {
      _ = try network.continuation()
      Issue.record("\(body) is accepted")
    } catch let error as ContinuationError {
      #expect(error.kind == .network && error.message.hasPrefix(message) && error.span != nil, "\(error)")
    }
  }

  @Test("a network of another kind, and a sequence of nothing, are refused")
  func others() throws {
    let program = try checkedProgram(trainSource(plainSettings + " length: 1 epochs"))
    do {
      try SequenceContinuation.require(program)
      Issue.record("it is accepted")
    } catch { #expect(error.kind == .network && error.message.contains("next token")) }
    let continuation = try DrawnNetwork(0, length: 5).continuation()
    #expect(throws: ContinuationError.self) { try continuation.begin([]) }
  }

  @Test("outputs that are no numbers are an error")
  func diverged() throws {
    var network = try DrawnNetwork(0, length: 5)
    network.tensors["head.weight"]?[3] = .infinity
    let continuation = try network.continuation()
    do {
      _ = try continuation.begin([1])
      Issue.record("it goes on")
    } catch { #expect(error.kind == .outputs) }
  }
}
