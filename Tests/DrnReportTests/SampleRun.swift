import DrnReport
import DrnTestSupport

/// Files of a run that was never trained.
struct SampleRun {
  var epochs = 12
  var weights = ["fc1.weight", "fc2.weight", "head.weight"]
  var classes: [String]?
  var confusion: String?
  /// What stands in place of the loss of an epoch.
  var losses: [Int: String] = [:]
  var seed: UInt64 = 1

  private static let stepsPerEpoch = 10

  /// Two phases: low rank, then dense, with a change of form, an event and a measurement of every weight.
  var log: String {
    var random = SplitMix64(seed: seed)
    var lines: [String] = []
    let change = epochs / 2 + 1
    for epoch in 0..<epochs {
      let step = (epoch + 1) * Self.stepsPerEpoch
      if epoch == change {
        for weight in weights {
          lines.append(
            "{\"kind\": \"transition\", \"step\": \(epoch * Self.stepsPerEpoch), \"epoch\": \(epoch), \"phase\": 1, \"weight\": \(quoted(weight)), \"from\": \"factored\", \"from_rank\": 8, \"to\": \"dense\", \"to_rank\": null, \"truncation_error\": 0.125, \"validation_loss_before\": 0.5, \"validation_loss_after\": 0.75, \"singular_values\": [4, 2, 1, 0.5], \"singular_values_after\": [4, 2, 1]}"
          )
        }
      }
      let loss = losses[epoch] ?? "\(1 / Double(epoch + 1) + random.number(0...1) * 0.01)"
      lines.append(
        "{\"kind\": \"epoch\", \"epoch\": \(epoch), \"step\": \(step), \"phase\": \(epoch < change ? 0 : 1), \"rate\": 0.1, \"train_loss\": \(loss), \"train_accuracy\": 0.5, \"validation_loss\": \(loss), \"validation_accuracy\": 0.75, \"trainable_parameters\": \(epoch < change ? 5000 : 9000), \"arena_bytes\": 65536, \"multiply_adds\": 4000}"
      )
      for weight in weights {
        lines.append(
          "{\"kind\": \"report\", \"step\": \(step), \"weight\": \(quoted(weight)), \"rank\": \(epoch < change ? "8" : "null"), \"effective_rank\": \(random.number(0...1) * 20), \"stable_rank\": 3}"
        )
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// As JSON.
  func quoted(_ text: String) -> String {
    "\"" + text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] }.map(String.init).joined() + "\""
  }

  var configuration: String {
    """
    data points
      source: synthetic(examples: 64)
    network mlp [32] -> [4]
      fc1: linear(outputs: 64, bias: true) of input -> [64]; weight 32 x 64, bias 64
      relu: relu of fc1 -> [64]
      fc2: linear(outputs: 64, bias: true) of relu -> [64]; weight 64 x 64, bias 64
      add: add of relu, fc2 -> [64]
      head: linear(outputs: 4, bias: true) of add -> [4]; weight 64 x 4, bias 4
      output: head
    train mlp on points
      length: \(epochs) epochs
      seed: \(seed)
      steps per epoch: \(Self.stepsPerEpoch)

    """
      + weights.map {
        "  weight \($0) 32 x 64: from epoch 0: factored(rank: 8) = factored 8; from epoch \(epochs / 2 + 1): dense by svd(state: carry)\n"
      }
      .joined() + "  phase 0 from epoch 0 to epoch \(epochs / 2 + 1): loss cross_entropy; optimizer sgd; trains everything\n"
      + "  phase 1 from epoch \(epochs / 2 + 1) to epoch \(epochs): loss cross_entropy; optimizer sgd; trains everything\n"
  }

  var summary: String {
    "{\"kind\": \"summary\", \"interrupted\": \"no\", \"saved\": \"epoch 7, by <accuracy>\", \"saved_step\": 80, \"final_trainable_parameters\": 9000, \"dense_trainable_parameters\": 10000, \"validation_accuracy\": 0.75, \"test_accuracy\": 0.7, \"test_loss\": 0.5, \"test_class_recall\": [0.5, 0.9, 1], \"test_class_precision\": [0.6, 0.8, null]\(confusion.map { ", \"test_confusion\": \($0)" } ?? "")}\n"
  }

  var timing: String {
    "epoch,seconds,steps,milliseconds_per_step,predicted_milliseconds_per_step\n"
      + (0..<epochs).map { "\($0),0.5,10,50,40\n" }.joined()
  }

  var files: RunFiles {
    var files = RunFiles(name: "sample", log: Array(log.utf8))
    files.configuration = Array(configuration.utf8)
    files.summary = Array(summary.utf8)
    files.timing = Array(timing.utf8)
    files.model = Array("{\"output\": {\"classes\": [\((classes ?? ["a", "b", "c"]).map(quoted).joined(separator: ", "))]}}".utf8)
    files.source = Array("// a comment with <b>\ntrain mlp on points { length: 12 epochs }\n".utf8)
    return files
  }

  var run: RunRecord { get throws { try RunRecord(files) } }
  var page: String { get throws { Report([ReportedRun(run: try run)], version: "1").html } }
}

/// What is amiss with the tags of a page, or `nil`: each is closed where it has to be, and attributes are quoted.
func fault(inMarkup page: String) -> String? {
  var open: [Substring] = []
  var rest = page[...]
  while let start = rest.firstIndex(of: "<") {
    guard let end = rest[start...].firstIndex(of: ">") else { return "a tag has no end: \(rest[start...].prefix(60))" }
    let tag = rest[rest.index(after: start)..<end]
    rest = rest[rest.index(after: end)...]
    if tag.hasPrefix("!DOCTYPE") { continue }
    let name = tag.drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }
    if name.isEmpty { return "<\(tag)> is no tag" }
    if tag.count(where: { $0 == "\"" }) % 2 != 0 { return "<\(tag)> has an attribute without end" }
    if tag.hasPrefix("/") {
      guard open.popLast() == name else { return "</\(name)> closes nothing" }
    } else if !tag.hasSuffix("/"), !["meta", "br"].contains(name) {
      open.append(name)
    }
    if name == "style", let close = rest.firstRange(of: "</style>") { rest = rest[close.lowerBound...] }
  }
  return open.isEmpty ? nil : "<\(open[open.count - 1])> is not closed"
}
