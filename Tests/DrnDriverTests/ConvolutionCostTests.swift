import DrnDriver
import DrnTestSupport
import Foundation
import Testing

/// Counts that the code of arXiv 2508.08625 implies, from `drnc check --cost` on the models.
@Suite("Costs of the published networks") struct ConvolutionCostTests {
  private func report(_ model: String) -> String {
    let transcript = Transcript()
    #expect(transcript.driver().check(CheckRequest(program: ProgramRequest(path: Models.path(model)), cost: true)) == .success)
    return transcript.output
  }

  /// The columns after the first word of every line that begins so.
  private func rows(_ text: String, _ start: String) -> [[String]] {
    text.split(separator: "\n").filter { $0.hasPrefix(start) }.map { line in
      line.dropFirst(start.count).split(separator: " ").map(String.init)
    }
  }

  /// What one network costs dense and in its three phases: multiply-adds of a forward pass by the definition of the forms.
  struct Published: Sendable {
    let model: String
    let trainable: (dense: Int, low: Int)
    let forward: (dense: Int, low: Int, adapter: Int)
    let adapterTraining: String
    let wholeTraining: String
    let averageTrainable: String
  }

  /// The integers follow from the shapes: sums of k k c o h w for dense weights, (k k c r + r o) h w for factors of rank r = o / 2.
  private static let resnet = Published(
    model: "resnet20_published", trainable: (272_762, 155_170), forward: (41_075_328, 23_290_496, 63_840_896), adapterTraining: "1.22",
    wholeTraining: "0.886", averageTrainable: "0.756")
  private static let wide = Published(
    model: "wrn28_10_published_as_configured", trainable: (36_539_124, 20_590_236), forward: (5_243_386_368, 2_949_536_256, 8_140_429_824),
    adapterTraining: "1.22", wholeTraining: "0.858", averageTrainable: "0.760")

  @Test("parameters, multiply-adds and ratios are those of the reference", arguments: [resnet, wide])
  func counts(_ published: Published) throws {
    let text = report(published.model)
    let phases = rows(text, "phase ").filter { $0.count > 6 }
    #expect(phases.map { $0[6] } == [published.trainable.low, published.trainable.dense, published.trainable.low].map(String.init))
    #expect(rows(text, "dense network").first?[1] == "\(published.trainable.dense)")
    let nominal = rows(text, "phase ").filter { $0.count == 5 }
    let forward = published.forward
    #expect(nominal.map { $0[1] } == [forward.low, forward.dense, forward.adapter].map(String.init), "\(text)")
    #expect(rows(text, "dense network").last?[0] == "\(forward.dense)")
    #expect(nominal.map { String($0[2].prefix(5)) }[1] == "1.000")
    #expect(nominal[2][4].hasPrefix(published.adapterTraining))
    #expect(text.contains("over the run: training MAC \(published.wholeTraining) of dense"))
    #expect(text.contains("average trainable parameters: \(published.averageTrainable)"))
    #expect(text.contains("deployed: \(published.trainable.dense) parameters, 1.000 of dense"))
    // In millions, as the reference's table rounds them.
    let millions = nominal.map { (Double($0[1]) ?? 0) / 1e6 }
    let rounded = published.model.hasPrefix("wrn") ? millions.map { $0.rounded() } : millions.map { ($0 * 10).rounded() / 10 }
    #expect(rounded == (published.model.hasPrefix("wrn") ? [2950, 5243, 8140] : [23.3, 41.1, 63.8]))
  }

  @Test("the truncated variant deploys what it trains")
  func deployed() {
    #expect(report("resnet20_svd").contains("deployed: 155170 parameters, 0.569 of dense"))
    #expect(report("resnet20_low_rank").contains("average trainable parameters: 0.569"))
  }

  @Test("a check without prices does not depend on the size of the weights")
  func isQuick() {
    let clock = ContinuousClock()
    func time(_ model: String) -> Duration {
      let transcript = Transcript()
      return clock.measure {
        #expect(
          transcript.driver().check(CheckRequest(program: ProgramRequest(path: Models.path(model)), schedule: true)) == .success)
      }
    }
    let small = time("resnet20_published")
    // 134 times the parameters in 1.3 times the layers; four times leaves room for noise.
    #expect(time("wrn28_10_published_as_configured") < small * 4 + .milliseconds(100))
  }

  @Test("the smaller last batch of `last_batch: keep` is priced as such")
  func lastBatch() throws {
    let folder = try TemporaryFolder()
    func seconds(_ examples: Int) throws -> Double {
      let text = """
        data digits { source: idx("absent")  image: tensor[1, 28, 28]  label: class(10)  examples: \(examples)  last_batch: keep }
        network mlp(image: tensor[1, 28, 28]) -> tensor[10] { return image |> flatten |> fc: linear(2048) |> relu |> head: linear(10) }
        train mlp on digits { length: 10 epochs  batch: 512  loss: cross_entropy  optimizer: sgd  rate: 0.1 }
        """
      let path = folder.path + "/\(examples).drn"
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      let transcript = Transcript()
      #expect(transcript.driver().check(CheckRequest(program: ProgramRequest(path: path), cost: true)) == .success)
      let line = try #require(transcript.output.split(separator: "\n").first { $0.contains("predicted:") })
      return Double(line.split(separator: " ").map(String.init)[1]) ?? 0
    }
    let (whole, tiny) = (try seconds(40_960), try seconds(40_961))
    // One example more makes one more step in an epoch of 80; priced as a whole one it would add 1.25 %.
    #expect(tiny < whole * 1.006 + 0.11)
  }
}
