import DrnNumbers
import Testing

@Suite("Durations for people") struct ReadableTimeTests {
  @Test(
    "two units at most, and no number above what its unit counts to",
    arguments: [
      (0.00042, "0.42 ms"), (0, "0.00 ms"), (31.62, "31.6 s"), (99.96, "1 min 40 s"), (724, "12 min 04 s"), (3599.7, "1 h 00 min"),
      (7500, "2 h 05 min"), (360_000, "100 h 00 min"), (.infinity, "unknown"), (.nan, "unknown"), (-1, "unknown"),
    ])
  func text(seconds: Double, text: String) { #expect(readableTime(seconds: seconds) == text) }
}
