import DrnReport
import DrnTestSupport
import Testing

@Suite("The page of a run") struct ReportPageTests {
  @Test("says what the log, the settings, the summary and the times say") func contents() throws {
    let page = try SampleRun().page
    #expect(fault(inMarkup: page) == nil)
    for part in [
      "Validation loss falls from", "Validation accuracy goes from 75.00\u{202F}% to 75.00\u{202F}%", "2 phases; the rate stays at 0.1",
      "Ranks rise from 25\u{202F}% to 100\u{202F}% of full, on average", "Effective ranks",
      "The largest truncation loses 12.50\u{202F}% of fc1.weight",
      "fc1 from factored 8 to dense after 7 epochs: 12.50\u{202F}% lost", "A step takes up to 50 ms", "predicted",
      "Arena: 64\u{202F}KiB throughout", "Trainable parameters: from 5\u{202F}k to 9\u{202F}k", "Multiply-adds of a training step",
      "Hardest class of the test: a, of which 50.00\u{202F}% are found", "70.00\u{202F}%", "<span class=\"k\">train</span>",
      "Every setting, resolved",
    ] { #expect(page.contains(part), "\(part)") }
    #expect(!page.contains("confused"))
  }

  @Test("has a label and a table for every chart, and takes nothing from elsewhere") func accessible() throws {
    let page = try SampleRun().page
    let charts = page.ranges(of: "<svg ").count
    #expect(charts > 10)
    #expect(page.ranges(of: "role=\"img\" aria-label=\"").count == charts)
    #expect(page.ranges(of: "<summary>Numbers</summary>").count == charts)
    for outside in ["http", "src=", "href=", "url(", "@import", "<script", "<link"] { #expect(!page.contains(outside), "\(outside)") }
    #expect(page.contains("prefers-color-scheme:dark") && page.contains("@media print"))
  }

  @Test("shows who is taken for whom once the summary holds it") func confusion() throws {
    var sample = SampleRun()
    sample.confusion = "[[5, 4, 1], [0, 9, 1], [0, 0, 10]]"
    let page = try sample.page
    #expect(page.contains("Most often confused on the test: a taken for b, 4 times"))
    #expect(fault(inMarkup: page) == nil)
    sample.confusion = "[[5, 4], [0, 9, 1]]"
    #expect(try !sample.page.contains("confused"), "a matrix that is none")
  }

  @Test("several runs lie over each other, with what differs in their settings") func several() throws {
    let (first, second) = (SampleRun(), SampleRun(epochs: 8, seed: 2))
    var files = second.files
    files = RunFiles(name: "other", log: files.log).with(files)
    let runs = [try first.run, try RunRecord(files)].map { ReportedRun(run: $0) }
    let page = Report(runs, version: "1").html
    #expect(fault(inMarkup: page) == nil)
    #expect(page.contains("<h1>2 runs</h1>") && page.contains("Differences between the programs"))
    #expect(page.contains("<td>train.seed</td><td>1</td><td>2</td>"))
    #expect(!page.contains("<td>data.source</td>"), "what is the same is no difference")
    let same = Report([runs[0], runs[0]], version: "1").html
    #expect(same.contains("The resolved settings are the same."))
  }

  @Test(
    "lines are named by what tells the runs apart",
    arguments: [
      (["p0.1-rate3-seed1", "p0.2-rate3-seed1", "p0.1-rate3-seed2"], ["p0.1-seed1", "p0.2-seed1", "p0.1-seed2"]),
      (["runs/dense-1", "runs/low-rank-1"], ["dense", "low-rank"]), (["a", "a-b"], ["a", "a-b"]), (["x", "x"], ["x", "x"]),
    ]) func labels(_ names: [String], _ labels: [String]) throws
  {
    let files = SampleRun().files
    let runs = try names.map { ReportedRun(run: try RunRecord(RunFiles(name: $0, log: files.log).with(files))) }
    let page = Report(runs, version: "1").html
    for label in labels { #expect(page.contains(">\(label)</text>"), "\(label)") }
  }

  @Test("150 epochs of 23 weights make a page below 2 MB within a second of a release build") func size() throws {
    var sample = SampleRun(epochs: 150)
    sample.weights = (0..<23).map { "stage\($0 / 8).\($0 % 8).conv.weight" }
    let files = sample.files
    let clock = ContinuousClock()
    var page = ""
    // The tests are built without optimization.
    let time = try clock.measure { page = Report([ReportedRun(run: try RunRecord(files))], version: "1").html }
    #expect(page.utf8.count < 2_000_000, "\(page.utf8.count) bytes")
    #expect(time < .seconds(20), "\(time)")
    #expect(page.contains("stage2.6.conv"))
    #expect(fault(inMarkup: page) == nil)
  }

  @Test("series are thinned to their least and greatest values") func thinning() throws {
    var sample = SampleRun(epochs: 5000)
    sample.weights = []
    sample.losses = [2345: "99.5"]
    let page = try sample.page
    #expect(page.utf8.count < 400_000)
    #expect(page.contains("Of neighbouring points the least and the greatest are drawn."))
    #expect(page.contains("300 of 5000 rows"))
    // The peak sets the scale, so that its tick is there.
    #expect(page.contains(">100<") || page.contains(">80<"))
  }

  @Test("the same files give the same page") func repeatable() throws { #expect(try SampleRun().page == SampleRun().page) }
}

extension RunFiles {
  /// The other files of a run.
  func with(_ other: RunFiles) -> RunFiles {
    var files = self
    (files.timing, files.summary, files.model) = (other.timing, other.summary, other.model)
    (files.configuration, files.source) = (other.configuration, other.source)
    return files
  }
}
