import DrnReport
import DrnTestSupport
import Testing

@Suite("Run folders that are no good") struct HostileRunTests {
  private func fault(_ log: String) -> ReportFault? {
    do {
      _ = try RunRecord(RunFiles(name: "x", log: Array(log.utf8)))
      return nil
    } catch { return error }
  }

  @Test("a log without a record is refused with its reason") func refused() {
    #expect(fault("")?.message.contains("without a line") == true)
    for log in [
      "\n\n", "hello\nworld\n", "[1, 2]\n", "{\"kind\": 3}\n", "{\"a\": 1}", "\u{0}\u{1}\u{2}", String(repeating: "[", count: 100_000),
    ] {
      #expect(fault(log)?.message.contains("no line is a record") == true, "\(log.prefix(20))")
    }
  }

  @Test("a line that is cut off, and lines that are none, are left out and said") func cut() throws {
    let log = SampleRun().log
    let cut = "nonsense\n" + log.dropLast(40)
    var files = RunFiles(name: "x", log: Array(cut.utf8)).with(SampleRun().files)
    files.summary = Array("[]".utf8)
    let page = Report([ReportedRun(run: try RunRecord(files))], version: "1").html
    #expect(page.contains("The last line of log.jsonl is cut off and was left out."))
    #expect(page.contains("1 line of log.jsonl that is no record"))
    #expect(page.contains("summary.json is no object of JSON"))
    #expect(DrnReportTests.fault(inMarkup: page) == nil)
  }

  @Test("the log alone gives a page") func alone() throws {
    let page = Report([ReportedRun(run: try RunRecord(RunFiles(name: "x", log: Array(SampleRun().log.utf8))))], version: "1").html
    #expect(page.contains("Validation loss falls") && page.contains("no config.txt") && page.contains("no source.drn"))
    #expect(DrnReportTests.fault(inMarkup: page) == nil)
  }

  @Test("losses that are no finite numbers are said and drawn as gaps") func nonFinite() throws {
    var sample = SampleRun()
    sample.losses = [4: "null, \"train_loss_is\": \"nan\", \"validation_loss_is\": \"nan\"", 6: "1e300", 7: "-1e308"]
    let page = try sample.page
    #expect(page.contains("is no finite number from 5 epochs on"))
    #expect(page.contains("<title>not a finite number</title>"))
    #expect(!page.contains("d=\"Mnan") && !page.contains(" nan") && !page.contains("inf "))
    sample.losses = [:]
    for epoch in 0..<12 { sample.losses[epoch] = "null, \"train_loss_is\": \"inf\"" }
    #expect(DrnReportTests.fault(inMarkup: try sample.page) == nil)
  }

  @Test("names are text wherever they stand") func names() throws {
    let name = "<script>alert('1')</script> & \"q\" ]]> \u{7}"
    var sample = SampleRun()
    sample.weights = [name.replacing("\u{7}", with: "") + ".weight", "b"]
    sample.classes = [name.replacing("\u{7}", with: "\\u0007"), "<b>", "\"'"]
    sample.confusion = "[[5, 4, 1], [0, 9, 1], [0, 0, 10]]"
    var files = RunFiles(name: name, log: sample.files.log).with(sample.files)
    files.source = Array("let \(name) = <img src=x onerror=alert(1)>\n// \(name)\n\"\(name)".utf8)
    files.configuration = Array("network \(name) -> [4]\ntrain \(name) on \(name)\n  \(name): \(name)\n".utf8) + [0xFF, 0xFE, 0, 10]
    let run = ReportedRun(run: try RunRecord(files))
    let page = Report([run, run], version: name).html
    #expect(!page.contains("<script") && !page.contains("<img") && !page.contains("\u{7}"))
    #expect(page.contains("&lt;script&gt;"))
    #expect(DrnReportTests.fault(inMarkup: page) == nil)
  }

  @Test("a thousand weights are drawn in rows of neighbours") func thousandWeights() throws {
    var sample = SampleRun(epochs: 4)
    sample.weights = (0..<1000).map { "layer\($0).weight" }
    let page = try sample.page
    #expect(page.contains("Each row is the mean of 16 neighbouring weights."))
    #expect(page.contains("24 of 1000 changes are drawn") && page.utf8.count < 2_000_000)
    #expect(DrnReportTests.fault(inMarkup: page) == nil)
  }

  @Test("100,000 lines are read, and the page stays small") func manyLines() throws {
    let lines = (0..<100_000).map {
      "{\"kind\":\"rank_event\",\"step\":\($0),\"event\":\"trim\",\"weight\":\"w\($0 % 50)\",\"from_rank\":\(100 + $0 % 7),\"to_rank\":\(100 + ($0 + 1) % 7),\"truncation_error\":0.01}\n"
    }
    let run = try RunRecord(RunFiles(name: "x", log: Array(lines.joined().utf8)))
    #expect(run.rankEvents.count == 100_000)
    let page = Report([ReportedRun(run: run)], version: "1").html
    #expect(page.utf8.count < 2_000_000)
    #expect(DrnReportTests.fault(inMarkup: page) == nil)
  }

  @Test("numbers past every range give a page") func extremes() throws {
    let far = "9223372036854775807"
    let log = """
      {"kind": "epoch", "epoch": \(far), "step": \(far), "train_loss": 1}
      {"kind": "epoch", "epoch": -1, "step": 0, "phase": -5, "train_loss": 1e308, "rate": -1e308}
      {"kind": "epoch", "epoch": 3, "step": 1099511627775, "phase": \(far), "train_loss": -1e308, "arena_bytes": -4, "trainable_parameters": 9007199254740991}
      {"kind": "transition", "step": 5, "weight": "w", "from_rank": \(far), "to_rank": -3, "truncation_error": 1e308, "singular_values": [1e308, -1, 0, 1e-320]}
      {"kind": "report", "step": 5, "weight": "w", "effective_rank": -1e308}
      {"kind": "summary"}

      """
    var files = RunFiles(name: "x", log: Array(log.utf8))
    files.timing = Array("epoch,seconds\n3,1e308,1099511627775,1\n3,nan,1\n\(far),1,1,1,1e308\n-1,0,0,0,0\n".utf8)
    files.configuration = Array(
      "train a on b\n  steps per epoch: \(far)\n  weight w 9223372036854775807 x 1: from epoch \(far): core(rank: 3) = core 1..\n  phase 0 from epoch 4611686018427387904 to step 3: x\n  phase 0 from step 9 to step 3: x\n"
        .utf8)
    files.summary = Array(
      "{\"saved_step\": 1e300, \"final_trainable_parameters\": 1e308, \"test_class_recall\": [1e308, null, \"a\"], \"test_confusion\": [[1e308]]}"
        .utf8)
    let run = try RunRecord(files)
    #expect(DrnReportTests.fault(inMarkup: Report([ReportedRun(run: run)], version: "1").html) == nil)
    #expect(RunTable([run], order: .loss).text(width: 80, isUnicode: true).contains("x"))
    #expect(run.events.bytes.count > 100)
    _ = try? NetworkGraph(run.configuration, phase: 0, ranks: run.ranks(inPhase: 0))
  }

  @Test("bytes that were changed anywhere give a page or a fault") func mutations() throws {
    var random = SplitMix64(seed: 7)
    var pages = 0
    let good = SampleRun(epochs: 4).files
    func changed(_ bytes: [UInt8]?) -> [UInt8] {
      var bytes = bytes ?? []
      for _ in 0..<4 where !bytes.isEmpty {
        let place = random.below(bytes.count)
        switch random.below(4) {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + random.below(40)))
        case 2: bytes.insert(contentsOf: Array("-9e99\"<{[,:".utf8), at: place)
        case _: bytes = Array(bytes.prefix(place))
        }
      }
      return bytes
    }
    for _ in 0..<300 {
      var files = RunFiles(name: "x", log: changed(good.log))
      (files.timing, files.summary, files.model) = (changed(good.timing), changed(good.summary), changed(good.model))
      (files.configuration, files.source) = (changed(good.configuration), changed(good.source))
      guard let run = try? RunRecord(files) else { continue }
      pages += 1
      let fault = DrnReportTests.fault(inMarkup: Report([ReportedRun(run: run)], version: "1").html)
      #expect(fault == nil)
      _ = RunTable([run], order: .time).text(width: 60, isUnicode: false)
      _ = run.events
      if let graph = try? NetworkGraph(run.configuration, phase: 0) {
        #expect(DrnReportTests.fault(inMarkup: graph.svg) == nil)
        #expect(graph.dot.hasSuffix("}\n"))
      }
    }
    #expect(pages > 100)
  }
}
