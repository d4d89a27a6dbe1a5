import DrnData
import Testing

@Suite("Metrics")
struct MetricsTests {
  @Test("figures follow from counts worked out by hand")
  func classification() {
    var metrics = ClassificationMetrics(classes: 3)
    metrics.add(logits: [3, 1, 2, 0, 5, 1], labels: [0, 1])
    metrics.add(logits: [9, 1, 2, 1, 2, 3, 1, 1, 0], labels: [2, 1, 1])
    // Predictions 0, 1, 0, 2, 0 for the classes 0, 1, 2, 1, 1.
    #expect(metrics.hits == [1, 1, 0] && metrics.predictions == [3, 1, 1])
    #expect(metrics.count == 5 && metrics.accuracy == 0.4)
    // The class is among the two largest logits in all five rows.
    #expect(metrics.accuracy(top: 2) == 1)
    let scores = metrics.scores
    #expect(scores.map(\.support) == [1, 3, 1])
    #expect(scores.map(\.precision) == [1.0 / 3, 1, 0] && scores.map(\.recall) == [1, 1.0 / 3, 0])
    #expect(scores.map(\.f1) == [0.5, 0.5, 0])
    // Sums of three quotients, each rounded once.
    #expect(abs(metrics.macroAverage.f1 - 1.0 / 3) < 1e-15 && abs(metrics.macroAverage.precision - 4.0 / 9) < 1e-15)
  }

  @Test("top-k agrees with sorting, ties included")
  func top() {
    let stream = RandomStream(seed: 1, purpose: "test", name: "logits")
    let logits = (0..<400).map { Float(stream.integer(below: 4, at: $0)) }
    let labels = (0..<40).map { Int32($0 % 10) }
    for top in [1, 3, 10] {
      var metrics = ClassificationMetrics(classes: 10)
      metrics.add(logits: logits, labels: labels)
      let hits = (0..<40).count { row in
        let order = (0..<10).sorted { (-logits[row * 10 + $0], $0) < (-logits[row * 10 + $1], $1) }
        return order.prefix(top).contains(Int(labels[row]))
      }
      #expect(metrics.accuracy(top: top) == Double(hits) / 40)
      if top == 1 { #expect(metrics.accuracy == metrics.accuracy(top: top)) }
    }
  }

  @Test("classes may be as many as the tokens of a text; the counts come back as they were")
  func many() {
    let classes = 50_257
    var metrics = ClassificationMetrics(classes: classes)
    var logits = [Float](repeating: 0, count: 2 * classes)
    (logits[50_000], logits[classes + 7]) = (1, 1)
    metrics.add(logits: logits, labels: [50_000, 50_256])
    #expect(metrics.accuracy == 0.5 && metrics.skipped == 0 && metrics.count == 2)
    #expect(metrics.hits[50_000] == 1 && metrics.predictions[7] == 1 && metrics.support[50_256] == 1 && metrics.places[50_256] == 1)
    #expect(
      ClassificationMetrics(
        hits: metrics.hits, predictions: metrics.predictions, support: metrics.support, places: metrics.places, skipped: 0) == metrics)
    #expect(ClassificationMetrics(hits: [0], predictions: [0], support: [0, 0], places: [0], skipped: 0) == nil)
    #expect(ClassificationMetrics(hits: [-1], predictions: [0], support: [0], places: [0], skipped: 0) == nil)
  }

  @Test("NaN, foreign labels and short rows count against the prediction or are passed over, never trap")
  func strange() {
    var metrics = ClassificationMetrics(classes: 2)
    metrics.add(logits: [.nan, .nan, .nan, 1], labels: [0, 1, 1])
    #expect(metrics.hits == [0, 0] && metrics.predictions == [0, 0] && metrics.places == [0, 0])
    #expect(metrics.support == [1, 1] && metrics.skipped == 1)
    metrics.add(logits: [0, 0, 0, 0], labels: [-1, 2])
    #expect(metrics.skipped == 3)
    #expect(ClassificationMetrics(classes: 0).accuracy == 0)
  }

  @Test("a row with NaN is of no class, for accuracy, recall, precision and top-k")
  func nanIsNoClass() {
    var metrics = ClassificationMetrics(classes: 2)
    metrics.add(logits: [.nan, .nan, 2, 1, .nan, 1, 1, .nan], labels: [0, 0, 1, 0])
    #expect(metrics.count == 4 && metrics.accuracy == 0.25 && metrics.accuracy(top: 2) == 0.25)
    #expect(metrics.scores.map(\.recall) == [1.0 / 3, 0] && metrics.scores.map(\.precision) == [1, 0])
    #expect(metrics.scores.map(\.support) == [3, 1])
    #expect(ClassificationMetrics.prediction([1, .infinity, .infinity] as [Float]) == 1)
    #expect(ClassificationMetrics.prediction([1, .nan] as [Float]) == nil && ClassificationMetrics.prediction([] as [Float]) == nil)
  }

  @Test("regression errors follow the definitions")
  func regression() {
    var metrics = RegressionMetrics()
    metrics.add(predictions: [1, 2], targets: [1, 4])
    metrics.add(predictions: [3], targets: [4])
    // Errors 0, -2, -1; targets with mean 3 and spread 6.
    #expect(metrics.count == 3)
    #expect(abs(metrics.meanSquaredError - 5.0 / 3) < 1e-12 && metrics.meanAbsoluteError == 1)
    #expect(abs((metrics.r2 ?? 0) - (1 - 5.0 / 6)) < 1e-12)
    var constant = RegressionMetrics()
    constant.add(predictions: [1], targets: [1, 2])
    #expect(constant.r2 == nil && RegressionMetrics().meanSquaredError == 0)
  }
}
