import DrnReport
import Testing

@Suite("Event files of TensorBoard") struct EventFileTests {
  /// Takes a file apart by the lengths of its records.
  private func records(_ bytes: [UInt8]) -> [[UInt8]]? {
    var (records, place): ([[UInt8]], Int) = ([], 0)
    while place < bytes.count {
      guard place + 12 <= bytes.count else { return nil }
      let length = bytes[place..<place + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
      guard place + 16 + length <= bytes.count else { return nil }
      records.append(Array(bytes[place + 12..<place + 12 + length]))
      place += 16 + length
    }
    return records
  }

  @Test("the first record is the one that every file of TensorBoard begins with") func version() {
    // Written by tensorboard.summary.writer.record_writer for Event(wall_time: 0, file_version: "brain.Event:2").
    let expected: [UInt8] = [24, 0, 0, 0, 0, 0, 0, 0, 163, 127, 75, 34]
    #expect(Array(EventFile().bytes.prefix(12)) == expected)
  }

  @Test("a scalar is a record of its own, in the wire format") func scalar() throws {
    var file = EventFile()
    file.add(step: 300, time: 1, [("loss", 0.5)])
    file.add(step: 301, time: 2, [])
    let found = try #require(records(file.bytes))
    #expect(found.count == 2)
    let event: [UInt8] =
      [9, 0, 0, 0, 0, 0, 0, 240, 63, 16, 172, 2, 42, 13, 10, 11, 10, 4] + Array("loss".utf8) + [21, 0, 0, 0, 63]
    #expect(found[1] == event)
  }

  @Test("a run gives its losses, rates, ranks and measurements, in order of steps") func run() throws {
    let found = try #require(records(try SampleRun().run.events.bytes))
    let text = found.map { String(decoding: $0, as: UTF8.self) }
    for tag in [
      "loss/train", "loss/validation", "accuracy/validation", "rate", "cost/arena_bytes", "rank/fc1.weight", "effective_rank/fc1.weight",
      "truncation_error/head.weight", "time/milliseconds_per_step",
    ] {
      #expect(text.contains { $0.contains(tag) }, "\(tag)")
    }
    #expect(found.count > 12 + 36)
  }
}
