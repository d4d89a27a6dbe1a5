import DrnReport
import DrnTestSupport
import Testing

@Suite("The drawing of a network") struct NetworkGraphTests {
  private func configuration(_ layers: String, weights: String = "") -> Configuration {
    Configuration(
      text: Array(
        "network net [8] -> [8]\n\(layers)train net on d\n  steps per epoch: 10\n\(weights)  phase 0 from epoch 0 to epoch 2: x\n  phase 1 from epoch 2 to epoch 4: x\n"
          .utf8))
  }

  private func block(_ index: Int, after before: String, width: Int = 8) -> String {
    """
      blocks.\(index).fc: linear(outputs: \(width), bias: false) of \(before) -> [8]; weight 8 x \(width)
      blocks.\(index).relu: relu of blocks.\(index).fc -> [8]
      blocks.\(index).add: add of \(before), blocks.\(index).relu -> [8]

    """
  }

  private func weight(_ index: Int, _ rank: Int) -> String {
    "  weight blocks.\(index).fc.weight 8 x 8: from epoch 0: factored(rank: \(rank)) = factored \(rank); from epoch 2: dense by svd\n"
  }

  /// The boxes and arrows of the text of Graphviz.
  private func counts(_ dot: String) -> (boxes: Int, arrows: Int) {
    (dot.split(separator: "\n").count { $0.contains("[label=\"") && !$0.contains("subgraph") }, dot.ranges(of: " -> ").count)
  }

  @Test("equal blocks that follow each other are drawn once, with the range of their ranks") func folding() throws {
    let layers = block(0, after: "input") + block(1, after: "blocks.0.add") + block(2, after: "blocks.1.add") + "  output: blocks.2.add\n"
    let graph = try NetworkGraph(configuration(layers, weights: weight(0, 2) + weight(1, 3) + weight(2, 4)), phase: 0)
    #expect(graph.dot.contains("blocks.0 .. blocks.2 (\u{00D7} 3)") && graph.dot.contains("factored 2..4"))
    // Input, three layers of the block, output; the block's own three arrows, two into it, one out.
    #expect(counts(graph.dot).boxes == 5)
    #expect(counts(graph.dot).arrows == 6 - 1 + 0)
    #expect(graph.svg.contains("blocks.0 .. blocks.2  \u{00D7} 3"))
  }

  @Test("a block of another width, or one that takes from farther away, stands by itself") func unequal() throws {
    let wider = block(0, after: "input") + block(1, after: "blocks.0.add", width: 9) + "  output: blocks.1.add\n"
    #expect(counts(try NetworkGraph(configuration(wider), phase: 0).dot).boxes == 8)
    let farther = block(0, after: "input") + block(1, after: "blocks.0.add") + block(2, after: "blocks.0.add") + "  output: blocks.2.add\n"
    let graph = try NetworkGraph(configuration(farther), phase: 0)
    #expect(counts(graph.dot).boxes == 8 && graph.dot.contains("(\u{00D7} 2)"))
  }

  @Test("the phase decides form and rank, what a run had comes before it") func phases() throws {
    let settings = configuration(block(0, after: "input") + "  output: blocks.0.add\n", weights: weight(0, 2))
    #expect(try NetworkGraph(settings, phase: 0).dot.contains("8 \u{00D7} 8 factored 2"))
    #expect(try NetworkGraph(settings, phase: 1).dot.contains("8 \u{00D7} 8 dense"))
    #expect(try NetworkGraph(settings, phase: 0, ranks: ["blocks.0.fc.weight": 1]).dot.contains("8 \u{00D7} 8 factored 1"))
    #expect(throws: ReportFault.self) { try NetworkGraph(settings, phase: 2) }
  }

  /// The boxes of the drawing: left, top, right, bottom.
  private func boxes(_ svg: String) -> [(Double, Double, Double, Double)] {
    svg.matches(of: /<rect class="(?:box|low)" x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="([\d.]+)"/).compactMap { match in
      guard let x = Double(match.1), let y = Double(match.2), let width = Double(match.3), let height = Double(match.4) else { return nil }
      return (x, y, x + width, y + height)
    }
  }

  @Test("no box lies over another, and arrows go down", arguments: 0..<20) func layout(_ seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    var layers = ""
    var names = ["input"]
    for index in 0..<25 {
      let inputs = (0..<1 + random.below(3)).map { _ in names[random.below(names.count)] }
      layers += "  n\(index): layer(option: \(index)) of \(inputs.joined(separator: ", ")) -> [8]\n"
      names.append("n\(index)")
    }
    let svg = try NetworkGraph(configuration(layers + "  output: n24\n"), phase: 0).svg
    #expect(fault(inMarkup: svg) == nil)
    let found = boxes(svg)
    #expect(found.count == 27)
    for (place, a) in found.enumerated() {
      #expect(a.0 >= 0 && a.1 >= 0)
      for b in found[(place + 1)...] { #expect(a.2 <= b.0 || b.2 <= a.0 || a.3 <= b.1 || b.3 <= a.1, "\(a) \(b)") }
    }
    for match in svg.matches(of: /<path class="edge" d="M[-\d.]+ ([\d.]+)[^"]*?([\d.]+)"/) {
      #expect(Double(match.1) ?? 0 < Double(match.2) ?? 0)
    }
  }

  @Test("names are text in both languages") func names() throws {
    let layers = "  a\"b\\<script>: linear(x: \"q\") of input -> [8]\n  output: a\"b\\<script>\n"
    let graph = try NetworkGraph(configuration(layers), phase: 0)
    #expect(graph.dot.contains("a\\\"b\\\\<script>"))
    #expect(!graph.svg.contains("<script") && fault(inMarkup: graph.svg) == nil)
  }

  @Test("a chain of two thousand layers with an arrow over all of it is laid out") func long() throws {
    var layers = "  n0: relu of input -> [8]\n"
    for index in 1..<2000 { layers += "  n\(index): add of n\(index - 1), n0 -> [8]\n" }
    #expect(boxes(try NetworkGraph(configuration(layers + "  output: n1999\n"), phase: 0).svg).count == 2002)
  }
}
