import DrnExport
import DrnMethods
import DrnProgram
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

/// Every layer and every form, in ONNX and PyTorch.
private let cases: [ExportCase] = {
  let image = "tensor[3, 9, 7]"
  let head = "|> flatten |> head: linear(4)"
  func images(_ name: String, _ body: String, weights: String = "", options: [String] = []) -> ExportCase {
    ExportCase(name, "x |> \(body) \(head)", input: image, weights: weights, options: options)
  }
  let sequence = "tensor[5, 6]"
  func sequences(_ name: String, _ body: String, weights: String = "") -> ExportCase {
    ExportCase(name, "x |> \(body) |> mean_over_time |> head: linear(4)", input: sequence, weights: weights)
  }
  let mlp = "x |> fc1: linear(8) |> relu |> fc2: linear(8, bias: false) |> tanh |> head: linear(4)"
  func reductions(_ name: String, _ shape: String) -> ExportCase {
    ExportCase(
      name,
      program: """
        data clusters {
          source: synthetic(examples: 96)
          x: \(shape)
          label: class(4)
        }
        network net(x: \(shape)) -> tensor[4] {
          let centred = x - mean(x, over: features)
          let scaled = centred / sqrt(mean(square(centred), over: features) + 0.01)
          return scaled * sum(x, over: positions) + mean(x, over: positions) |> flatten |> head: linear(4)
        }
        train net on clusters { length: 3 steps  batch: 16  seed: 3  loss: cross_entropy  optimizer: sgd  rate: 0.05 }

        """)
  }
  func forms(_ name: String, _ call: String, options: [String] = []) -> ExportCase {
    ExportCase(name, mlp, weights: "weights fc1, fc2 { from epoch 0: \(call) }", options: options)
  }
  func attends(_ name: String, keys: Int, options: String) -> ExportCase {
    ExportCase(
      name,
      program: """
        data clusters {
          source: synthetic(examples: 96)
          x: tensor[5, 6]
          label: class(4)
        }
        network net(x: tensor[5, 6]) -> tensor[4] {
          let q = x |> query: linear(8, bias: false)
          let k = x |> key: linear(\(keys))
          let v = x |> value: linear(\(keys))
          return attend(q, k, v, heads: 2\(options)) |> norm: rms_norm |> select(last) |> head: linear(4)
        }
        train net on clusters { length: 3 steps  batch: 16  seed: 3  loss: cross_entropy  optimizer: sgd  rate: 0.05
          weights query { from epoch 0: factored(rank: 3) } }

        """)
  }
  return [
    // Forms of matrices.
    ExportCase("dense", mlp), forms("factored", "factored(rank: 3)"), forms("three_factor", "three_factor(rank: 3)"),
    forms("core", "core(rank: 3)"), forms("adapter", "adapter(rank: 2)"), forms("power", "power(exponent: 2)"),
    forms("sparse", "sparse(density: 50%)"), forms("sparse_factored", "sparse(density: 50%, of: factored(rank: 3))"),
    forms("kronecker", "kronecker"), forms("merged", "factored(rank: 3)", options: ["--merge"]),
    // Elementwise layers.
    ExportCase(
      "elementwise",
      "x |> fc: linear(8) |> gelu |> leaky_relu(slope: 0.2) |> silu |> sigmoid |> exp |> sqrt |> square |> abs |> shift(1) |> log |> reciprocal |> negate |> scale(0.5) |> signed_power(2.5) |> dropout(0.2) |> norm: layer_norm |> both: glu |> softmax |> log_softmax |> head: linear(4)"
    ),
    ExportCase(
      "arithmetic",
      program: """
        data clusters {
          source: synthetic(examples: 96)
          x: tensor[6]
          label: class(4)
        }
        network net(x: tensor[6]) -> tensor[4] {
          let a = x |> one: linear(5)
          let b = x |> two: linear(5) |> sigmoid
          let c = maximum(a * b, a - b) + minimum(a, b) / (b + 1)
          return concat(c, a) |> head: linear(4)
        }
        train net on clusters { length: 3 steps  batch: 16  seed: 3  loss: cross_entropy  optimizer: sgd  rate: 0.05 }

        """),
    ExportCase("names", "x |> type: linear(6) |> half: linear(6) |> norm: batch_norm |> lambda: linear(4)"),
    // Images.
    images("conv", "conv: conv2d(4, kernel: 3) |> norm: batch_norm |> relu |> down: conv2d(6, kernel: [3, 2], stride: 2, padding: same)"),
    images(
      "conv_options",
      "one: conv2d(6, kernel: 3, dilation: 2, groups: 3, padding: symmetric) |> two: conv2d(4, kernel: 2, padding: 1, bias: false)"),
    images("conv_factored", "conv: conv2d(6, kernel: 3, stride: 2)", weights: "weights conv { from epoch 0: factored(rank: 3) }"),
    images("conv_three", "conv: conv2d(6, kernel: 3)", weights: "weights conv { from epoch 0: three_factor(rank: 3) }"),
    images("conv_tucker", "conv: conv2d(6, kernel: 3, stride: 2)", weights: "weights conv { from epoch 0: tucker(rank: 3) }"),
    images("conv_tucker_two", "conv: conv2d(6, kernel: 3)", weights: "weights conv { from epoch 0: tucker(rank: 4, input_rank: 2) }"),
    images("conv_cp", "conv: conv2d(6, kernel: [3, 2], stride: [2, 1])", weights: "weights conv { from epoch 0: cp(rank: 3) }"),
    images("conv_adapter", "conv: conv2d(6, kernel: 3)", weights: "weights conv { from epoch 0: adapter(rank: 2) }"),
    images("conv_merged", "conv: conv2d(6, kernel: 3)", weights: "weights conv { from epoch 0: tucker(rank: 3) }", options: ["--merge"]),
    images("pixel_norms", "conv: conv2d(5, kernel: 3) |> norm: layer_norm |> relu |> root: rms_norm(epsilon: 0.01)"),
    images("pools", "max_pool(2) |> average_pool(3, stride: 1, padding: 1)"),
    images("padded_pools", "max_pool(3, stride: 2, padding: same) |> average_pool(2, stride: 1, padding: same, include_padding: false)"),
    images("average_padded", "average_pool(2, stride: 2, padding: same)"),
    images("shortcut", "subsample(2) |> pad_channels(5, at: both) |> conv: conv2d(4, kernel: 1) |> relu"),
    ExportCase(
      "global",
      "concat(x |> a: conv2d(4, kernel: 3) |> global_max_pool, x |> b: conv2d(4, kernel: 3) |> global_average_pool) |> head: linear(4)",
      input: image),
    ExportCase("one_channel", "x |> conv: conv2d(3, kernel: 3) |> flatten |> head: linear(4)", input: "tensor[1, 5, 5]"),
    // Sequences.
    sequences("positions", "place: positions |> norm: layer_norm |> up: linear(8) |> gelu |> bn: batch_norm"),
    sequences("conv1d", "conv: conv1d(8, kernel: 3, stride: 2) |> relu |> wide: conv1d(8, kernel: 2, groups: 2, padding: same)"),
    sequences("conv1d_factored", "conv: conv1d(8, kernel: 3)", weights: "weights conv { from epoch 0: tucker(rank: 3) }"),
    sequences("lstm", "memory: lstm(7)"), sequences("gru", "memory: gru(7)"),
    sequences("lstm_factored", "memory: lstm(7)", weights: "weights memory { from epoch 0: factored(rank: 3) }"),
    sequences("gru_factored", "memory: gru(7)", weights: "weights memory { from epoch 0: factored(rank: 3) }"),
    sequences("tied", "own: linear(7) |> tanh |> back: tied(own, bias: true) |> again: tied(own, transpose: false)"),
    sequences("tied_factored", "own: linear(7) |> tanh |> back: tied(own)", weights: "weights own { from epoch 0: factored(rank: 3) }"),
    reductions("reductions", sequence), reductions("image_reductions", image),
    ExportCase(
      "patches", "x |> conv: conv2d(4, kernel: 3) |> to_sequence |> up: linear(8) |> mean_over_time |> head: linear(4)", input: image),
    ExportCase("first", "x |> up: linear(8) |> select(first) |> head: linear(4)", input: sequence),
    attends("attend", keys: 8, options: ", causal: true"), attends("attend_rotary", keys: 8, options: ", rotary: true"),
    attends("attend_shared", keys: 4, options: ", causal: true, rotary: true, base: 100"),
  ]
}()

/// A text that a network of tokens is trained on.
private let letters = String(repeating: "abcdefabcadefbcfdeabdcfe", count: 40)

private func tokens(_ name: String, _ weights: String, head: String = "linear(6)") -> ExportCase {
  ExportCase(
    name,
    program: """
      data letters {
        source: text("letters.txt")
        text: tokens[6]
        label: next_token(6)
      }
      network net(text: tokens[6]) -> tensor[6, 6] { return text |> embed: embedding(6, 5) |> place: positions |> head: \(head) }
      train net on letters { length: 3 steps  batch: 8  seed: 3  loss: cross_entropy  optimizer: sgd  rate: 0.05 \(weights) }

      """)
}

private let allCases =
  cases + [
    tokens("tokens", ""), tokens("tokens_factored", "weights embed { from epoch 0: factored(rank: 2) }"),
    tokens("tokens_tied", "", head: "tied(embed)"),
    tokens("tokens_tied_factored", "weights embed { from epoch 0: factored(rank: 2) }", head: "tied(embed)"),
  ]

/// By name and format what Python finds, and by name why a case has no files; made once for all tests.
private let differences = Result { () throws -> [String: String] in
  let folder = try TemporaryFolder()
  var faults: [String: String] = [:]
  for item in allCases {
    do {
      let run = try ExportedRun(item.source, files: ["letters.txt": letters])
      for (format, suffix) in [("onnx", "onnx"), ("pytorch", "py")] {
        let outcome = try run.export(["--to", format, "-o", folder("\(item.name).\(suffix)"), "--no-preparation"] + item.options)
        if outcome.status != 0 { throw TestFailure(description: outcome.error) }
      }
      try run.examples(isMerged: item.options.contains("--merge")).write(path: folder("\(item.name).examples.safetensors"))
    } catch { for format in ["onnx", "py"] { faults["\(item.name) \(format)"] = "\(error)" } }
  }
  return try ExportPython.differences(in: folder.path).merging(faults) { _, fault in fault }
}

@Suite("exports agree with drnc") struct ExportAgreementTests {
  @Test(
    "onnx.checker accepts every export, and onnxruntime and PyTorch give drnc's outputs at three numbers of examples",
    .enabled(if: ExportPython.found != nil, Comment(rawValue: ExportPython.absence)), arguments: allCases)
  func agrees(_ item: ExportCase) throws {
    let found = try differences.get()
    for format in ["onnx", "py"] {
      let text = try #require(found["\(item.name) \(format)"])
      #expect(Double(text).map { $0 <= 1e-5 } ?? false, "\(format): \(text)")
    }
  }

  @Test("every layer and every form is in one of the cases")
  func layersAreCovered() throws {
    let programs = try allCases.map { try checkedProgram($0.source) }
    let layers = Set(programs.flatMap { $0.network.nodes.map { type(of: $0.layer).spec.name } })
    #expect(Set(Layers.all.map { $0.spec.name }).subtracting(layers) == [])
    let forms = Set(programs.flatMap { $0.weights.flatMap { $0.spans.map(\.form.word) } })
    #expect(Set(Parameterizations.all.map { $0.spec.name }).subtracting(forms) == [])
  }
}
