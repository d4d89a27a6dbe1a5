/// A program for some data, in parts that are still to be put together.
struct ProgramSketch {
  /// What was found in the data and what was made of it, a sentence each.
  var findings: [String] = []
  /// The settings of `data`, a line each.
  var data: [String] = []
  /// Blocks that the network uses.
  var blocks = ""
  /// The network's name.
  var name = "classifier"
  /// From `(` to the last line before the closing brace.
  var network = ""
  /// Training examples without validation and test.
  var examples = 0
  var loss = "cross_entropy"
  var optimizer = "adam"
  var rate = "cosine(0.002)"
  /// Further settings of `train`, a line each.
  var settings: [String] = []
  /// The weights whose form changes, as selectors, and the rank of their factors.
  var weights = ""
  var rank = 16
  /// What `svd` is told beside the bound on its error.
  var recalibration = ""
  /// Passes over the data and examples of a step; by the number of examples unless given.
  var passes: Int?
  var batch: Int?

  /// The program in the canonical layout. With `fixedRank` the factors have that rank from the first step on.
  func text(fixedRank: String?) -> String {
    let epochs = passes ?? Self.passes(examples)
    let cut = max(1, epochs / 4)
    let settings = ([] + self.settings + (fixedRank == nil ? ["state: carry"] : [])).map { "  \($0)\n" }.joined()
    return """
      \(findings.map(Self.comment).joined(separator: "//\n"))
      data examples {
      \(data.map { "  \($0)\n" }.joined())}

      \(blocks)network \(name)\(network)
      }

      train \(name) on examples {
        length: \(epochs) epochs
        batch: \(min(batch ?? Self.batch(examples), max(2, examples / 4)))
        seed: 1
        loss: \(loss)
        optimizer: \(optimizer)
        rate: \(rate)
      \(settings)
      \(clause(fixedRank, cut))

        every \(cut) epochs: report(effective_rank, stable_rank)
      }

      """
  }

  private func clause(_ fixedRank: String?, _ cut: Int) -> String {
    guard let fixedRank else {
      return """
          // Dense at first. From epoch \(cut) on, while the rate is still high, two factors of rank \(rank) take the place of each of these weights: its
          // best approximation (SVD), which is then trained on. The run ends where that would lose more than the error says.
          weights \(weights) {
            from epoch 0: dense
            from epoch \(cut): factored(rank: \(rank)) by svd(error: 95%\(recalibration))
          }
        """
    }
    return """
        // Two factors in place of each of these weights throughout: fewer numbers to train, and at no time a dense weight.
        weights \(weights) {
          from epoch 0: factored(rank: \(Int(fixedRank) == nil ? "\(fixedRank) of short_side" : fixedRank))
        }
      """
  }

  /// Fewer passes over more examples, so that a first run takes minutes at most.
  private static func passes(_ examples: Int) -> Int { examples < 500 ? 40 : examples < 5000 ? 30 : examples < 50_000 ? 20 : 10 }

  private static func batch(_ examples: Int) -> Int { examples < 500 ? 16 : examples < 5000 ? 32 : examples < 50_000 ? 64 : 128 }

  /// As lines that begin with `//`, broken at words. A name from the data may hold anything, but no comment goes on in a next line.
  private static func comment(_ given: String) -> String {
    let text = String(String.UnicodeScalarView(given.unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
    var lines = [""]
    for word in text.split(separator: " ") {
      if lines[lines.count - 1].count + word.count > 110 { lines.append("") }
      lines[lines.count - 1] += " " + word
    }
    return lines.map { "//\($0)\n" }.joined()
  }
}
