import DrnData
import Testing

@Suite struct CalibrationTests {
  @Test("the error of calibration is the distance of confidence and accuracy, each bin by its predictions")
  func expectedError() {
    var metrics = CalibrationMetrics(bins: 2)
    for isRight in [true, false, false, false] { metrics.add(confidence: 0.5, isRight: isRight) }
    for isRight in [true, true] { metrics.add(confidence: 0.75, isRight: isRight) }
    // Half lies in the lower bin: its accuracy is 1/4 and its confidence 1/2; the upper one has 1 and 3/4.
    #expect(metrics.bins.map(\.count) == [4, 2] && metrics.bins.map(\.correct) == [1, 2])
    #expect(abs(metrics.expectedError - (4.0 / 6 * 0.25 + 2.0 / 6 * 0.25)) < 1e-12 && abs(metrics.largestError - 0.25) < 1e-12)
  }

  @Test("edges belong to a bin, what is no probability to none, and nothing has no error")
  func edges() {
    var metrics = CalibrationMetrics()
    #expect(metrics.count == 0 && metrics.expectedError == 0 && metrics.largestError == 0)
    for confidence in [0, 1, 1.0 / 15, -0.1, 1.1, .nan, .infinity] { metrics.add(confidence: confidence, isRight: true) }
    #expect(metrics.count == 3 && metrics.bins[0].count == 2 && metrics.bins[14].count == 1)
  }
}
