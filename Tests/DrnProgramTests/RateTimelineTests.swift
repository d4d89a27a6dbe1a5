import DrnMethods
import DrnProgram
import Foundation
import Testing

@Suite("Rates over time") struct RateTimelineTests {
  private func cosine(_ rate: Double, warmup: Int? = nil) -> any Rate {
    var given: [String: OptionValue] = ["rate": .decimal(rate), "floor": .integer(0)]
    if let warmup { given["warmup"] = .duration(Duration(.step, warmup)) }
    return CosineRate(options: Options(given))
  }

  private func value(_ timeline: RateTimeline, _ step: Int) -> Double { timeline.value(at: step, stepsPerEpoch: 10, totalSteps: 80) }

  @Test("each schedule runs over its own span, its warm-up too")
  func spans() {
    let timeline = RateTimeline([
      .init(start: .start, rate: cosine(0.2)), .init(start: Moment(.epoch, 4), rate: cosine(0.1, warmup: 20)),
      .init(start: Moment(.step, 70), rate: ConstantRate(0.3)),
    ])
    #expect(abs(value(timeline, 0) - 0.2) < 1e-12 && abs(value(timeline, 20) - 0.1) < 1e-12)
    // The last step of the first span is one of forty before the end of the half cosine.
    #expect(abs(value(timeline, 39) - 0.1 * (1 + cos(Double.pi * 39 / 40))) < 1e-12)
    #expect(abs(value(timeline, 40) - 0.1 / 20) < 1e-12 && abs(value(timeline, 59) - 0.1) < 1e-12)
    #expect(abs(value(timeline, 65) - 0.05) < 1e-12)
    #expect(value(timeline, 70) == 0.3 && value(timeline, 79) == 0.3)
  }

  @Test("one schedule is the schedule itself, to the bit")
  func one() {
    for rate in [cosine(0.2, warmup: 7), cosine(0.3), ConstantRate(0.1)] {
      for step in 0..<80 {
        #expect(value(RateTimeline(rate), step) == rate.value(at: step, time: RateTime(stepsPerEpoch: 10, end: 80)))
      }
    }
  }

  @Test("moments of `step` are those of the run")
  func absolute() {
    let step = StepRate(
      options: Options(["rate": .decimal(0.1), "factor": .decimal(0.5), "at": .moment(Moment(.epoch, 6))]))
    let timeline = RateTimeline([.init(start: .start, rate: cosine(0.2)), .init(start: Moment(.epoch, 4), rate: step)])
    #expect(value(timeline, 59) == 0.1 && value(timeline, 60) == 0.05)
  }
}
