import DrnDiagnostics
import DrnProgram
import DrnSema
import Testing

@Suite("Recordings are checked") struct RecordingCheckTests {
  private static let source = "audio(\"recordings\", name: \"{label}_{take}.wav\", test: \"take < 5\", rate: 8000)"

  private func check(
    source: String = source, input: String = "tensor[96, 40]", prepare: String? = "log_mel(window: 200, hop: 80, bands: 40)",
    data: String = "", headers: any DataHeaders = NoDataHeaders()
  ) -> Checked {
    Checked(
      """
      data digits {
        source: \(source)
        mel: \(input)
        label: class(10)
        examples: 2700
        \(prepare.map { "prepare: \($0)" } ?? "")
        \(data)
      }
      network small(mel: \(input)) -> tensor[10] { return mel |> flatten |> head: linear(10) }
      train small on digits { length: 2 epochs  batch: 32  loss: cross_entropy  optimizer: adam  rate: 0.001 }
      """, headers: headers)
  }

  @Test("a program of recordings is right, and its preparations stand in the configuration as they are written") func right() throws {
    let one = check()
    #expect(one.codes == [])
    let list = "[log_mel(window: 200, hop: 80, bands: 40), standardize(per: channel)]"
    let both = check(prepare: list, data: "augment: [spec_augment(frequency: 8, time: 10, masks: 2), time_shift(8)]")
    #expect(both.codes == [])
    let program = try #require(both.program)
    #expect(resolvedConfiguration(program).contains("  prepare: \(list)\n"))
    #expect(program.data.frames != nil && program.data.request.frames == program.data.frames)
    #expect(check(prepare: "[log_mel(window: 200, hop: 80, bands: 40)]").codes == [])
    #expect(check(source: "synthetic(2700)", prepare: "[standardize(per: all)]").codes == [])
  }

  @Test("what recordings and preparations cannot be is an error with a sentence") func wrong() {
    let without = check(prepare: nil)
    #expect(without.codes == ["DRN0401"] && without.text(.dataShape).contains("gives recordings"))
    #expect(check(prepare: "standardize(per: channel)").codes == ["DRN0401"])
    let foreign = check(source: "fashion_mnist", input: "tensor[1, 28, 28]")
    #expect(foreign.codes == ["DRN0208"] && foreign.text(.optionRange).contains("`fashion_mnist` gives none"))
    for input in ["tensor[96, 41]", "tensor[40]", "tensor[1, 96, 40]"] {
      let other = check(input: input)
      #expect(other.codes == ["DRN0401"] && other.text(.dataShape).contains("frames of 40 values"))
    }
    func ranges(_ prepare: String) -> String {
      let checked = check(prepare: prepare)
      #expect(checked.codes == ["DRN0208"], "\(prepare): \(checked.codes)")
      return checked.text(.optionRange)
    }
    #expect(ranges("log_mel(window: 200, hop: 201, bands: 40)").contains("leave samples out"))
    #expect(ranges("log_mel(window: 60, hop: 30, bands: 40)").contains("transform of 64 points"))
    #expect(ranges("[standardize(per: all), log_mel(window: 200, hop: 80, bands: 40)]").contains("before it has left none"))
    #expect(ranges("[log_mel(window: 200, hop: 80, bands: 40), log_mel(window: 200, hop: 80, bands: 40)]").contains("has left none"))
    #expect(
      ranges("[log_mel(window: 200, hop: 80, bands: 40), standardize(per: all), standardize(per: all)]").contains("has prepared"))
  }

  @Test(
    "the options of a source of recordings agree",
    arguments: [
      ("name: \"{take}.wav\"", "DRN0208", "no field `{label}`"), ("name: \"{label.wav\"", "DRN0208", "without a `}`"),
      ("name: \"{label}{take}.wav\"", "DRN0208", "nothing between"),
      ("name: \"{label}_{take}.wav\", test: \"size < 5\"", "DRN0208", "no field of the names"),
      ("name: \"{label}_{take}.wav\", test: \"take\"", "DRN0208", "compares nothing"),
      ("name: \"{label}_{take}.wav\", test: \"take < few\"", "DRN0208", "no number"),
      ("name: \"{label}_{take}.wav\", test: \"take < 5\", test_share: 20%", "DRN0205", "`test` and `test_share`"),
    ])
  func sources(_ options: String, _ code: String, _ part: String) {
    let checked = check(source: "audio(\"recordings\", \(options), rate: 8000)")
    #expect(checked.codes == [code])
    #expect(checked.result.diagnostics.first?.message.contains(part) == true, "\(checked.result.diagnostics)")
  }

  @Test("augmentations are held against what they change") func augmentations() {
    func shapes(_ augment: String) -> String {
      let checked = check(data: "augment: \(augment)")
      #expect(checked.codes == ["DRN0415"], "\(augment): \(checked.codes)")
      return checked.text(.augmentationShape)
    }
    #expect(shapes("flip_horizontal").contains("changes images"))
    #expect(shapes("time_shift(96)").contains("a sequence of 96 x 40"))
    #expect(shapes("spec_augment(frequency: 40, time: 10)").contains("nothing"))
    #expect(shapes("spec_augment(frequency: 8, time: 96)").contains("nothing"))
    #expect(check(data: "augment: spec_augment(frequency: 39, time: 95)").codes == [])
    let image = check(source: "fashion_mnist", input: "tensor[1, 28, 28]", prepare: nil, data: "augment: time_shift(2)")
    #expect(image.text(.augmentationShape).contains("changes sequences"))
  }
}
