import DrnData
import DrnDiagnostics
import DrnNumbers
import DrnProgram
import DrnTrain
import Foundation

/// Shows a running training on standard error: a bar on a terminal, plain lines elsewhere.
final class ProgressPrinter: TrainingObserver {
  private let console: Console
  private let isQuiet: Bool
  private let printsJSON: Bool
  private var description: RunDescription?
  private var lastShown = Date.distantPast
  private var isBarShown = false

  init(console: Console, isQuiet: Bool, printsJSON: Bool) {
    self.console = console
    self.isQuiet = isQuiet
    self.printsJSON = printsJSON
  }

  func started(_ description: RunDescription) {
    self.description = description
    line(
      "training \(description.network): \(description.parameters) parameters, \(description.trainExamples) examples, "
        + "\(description.validationExamples) for validation, \(description.testExamples) for the test, \(description.stepsPerEpoch) steps per epoch, \(description.threads) threads; "
        + "run folder \(description.folder)")
    guard let resumed = description.resumed else { return }
    for note in resumed.notes { line(note) }
    guard let path = resumed.path else { return line("the run had written no checkpoint yet: it begins again") }
    let (epoch, step) = resumed.step.quotientAndRemainder(dividingBy: max(1, description.stepsPerEpoch))
    if resumed.step == 0 { return line("going on from the start, from \(path)") }
    let place = step == 0 ? "after epoch \(epoch - 1) (step \(resumed.step))" : "in epoch \(epoch) (step \(resumed.step))"
    line("going on \(place), from \(path)")
  }

  func stepped(_ progress: StepProgress) {
    guard !isQuiet, console.isErrorTerminal, console.format == .terminal || console.format == .plain,
      Date().timeIntervalSince(lastShown) > 0.1
    else { return }
    lastShown = Date()
    isBarShown = true
    console.error("\r\u{1B}[K" + bar(progress))
  }

  private func bar(_ progress: StepProgress) -> String {
    let share = Double(progress.step) / Double(max(1, progress.totalSteps))
    let width = 24
    let filled = Int(share * Double(width))
    let marks = console.render.unicode ? ("█", "░") : ("#", "-")
    let remaining = share > 0 ? progress.secondsElapsed * (1 - share) / share : 0
    var text = String(repeating: marks.0, count: filled) + String(repeating: marks.1, count: width - filled)
    text += String(format: " epoch %d phase %d loss %.4f", progress.epoch, progress.phase, progress.loss)
    if let accuracy = progress.accuracy { text += String(format: " accuracy %.2f %%", accuracy * 100) }
    text += String(format: " rate %.4g, ", progress.rate) + readableTime(seconds: remaining) + " left"
    return String(text.prefix(max(20, console.render.width - 1)))
  }

  func logged(_ record: LogRecord) {
    if printsJSON { console.output(record.json + "\n") }
    line(record.readable)
  }

  func finished(_ summary: RunSummary) {
    if printsJSON { console.output(summary.json) }
    if let test = summary.test { line(Self.result("test", test, topK: summary.topK)) }
    line(
      String(
        format: "%d steps in %@ (%.3f ms a step); trainable parameters on average %.0f, %.3f of dense; deployed %d",
        summary.steps, readableTime(seconds: summary.seconds), summary.seconds * 1e3 / Double(max(1, summary.steps)),
        summary.averageTrainable, summary.averageTrainable / Double(max(1, summary.denseTrainable)), summary.deployedParameters))
    line("ended after \(summary.steps) steps: \(summary.ending)")
    let (predicted, measured) = (readableTime(seconds: summary.predictedSeconds), readableTime(seconds: summary.stepSeconds))
    line("steps predicted to take \(predicted), measured \(measured)")
    line("weights: \(summary.folder)/\(RunFolder.weights), of \(summary.saved.text)")
    if summary.hasDeployedFile { line("as deployed: \(summary.folder)/\(RunFolder.deployed)") }
  }

  private static func result(_ name: String, _ score: Score, topK: [Int]) -> String {
    guard let metrics = score.classification else { return String(format: "%@: loss %.5f", name, score.loss) }
    let top = topK.map { String(format: ", top-%d %.2f %%", $0, metrics.accuracy(top: $0) * 100) }.joined()
    return String(format: "%@: loss %.4f, accuracy %.2f %%", name, score.loss, metrics.accuracy * 100) + top
  }

  /// Removes the bar, so that what follows starts on a clean line.
  func clear() {
    if isBarShown { console.error("\r\u{1B}[K") }
    isBarShown = false
  }

  private func line(_ text: String) {
    guard !isQuiet else { return }
    clear()
    console.remark(text + "\n")
  }
}
