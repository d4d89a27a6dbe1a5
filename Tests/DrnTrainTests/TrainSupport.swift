import DrnMethods
import DrnProgram
import DrnTensorFile
import DrnTestSupport
import Foundation
import Testing

@testable import DrnTrain

/// Keeps everything a run says.
final class RunRecorder: TrainingObserver {
  var description: RunDescription?
  var steps: [StepProgress] = []
  var records: [LogRecord] = []
  func started(_ description: RunDescription) { self.description = description }
  func stepped(_ progress: StepProgress) { steps.append(progress) }
  func logged(_ record: LogRecord) { records.append(record) }
  func records(_ kind: String) -> [LogRecord] { records.filter { $0.kind == kind } }
}

extension LogRecord {
  func integer(_ name: String) -> Int? { if case .integer(let value) = self[name] { value } else { nil } }
  func number(_ name: String) -> Double? { if case .number(let value) = self[name] { value } else { nil } }
  func text(_ name: String) -> String? { if case .text(let value) = self[name] { value } else { nil } }
}

/// A trainer with its recorder; the recorder is kept alive here, since a trainer holds it weakly.
struct TrainSession {
  let trainer: Trainer
  let recorder = RunRecorder()

  init(_ text: String, output: String, stopAfter: Duration? = nil, threads: Int = 1) throws {
    trainer = try Trainer(
      program: try checkedProgram(text), source: RunSource(text: Array(text.utf8), configuration: "", version: "test"),
      options: TrainOptions(threads: threads, output: output, stopAfter: stopAfter), observer: recorder)
  }

  @discardableResult
  func run() throws -> RunSummary { try trainer.run() }
}

/// A run from text to summary.
@discardableResult
func train(_ text: String, output: String, stopAfter: Duration? = nil, threads: Int = 1) throws -> (
  session: TrainSession, summary: RunSummary
) {
  let session = try TrainSession(text, output: output, stopAfter: stopAfter, threads: threads)
  return (session, try session.run())
}

/// Runs a program to its end or to a stop, or goes on with what was stopped in that folder; its epochs leave checkpoints.
@discardableResult
func runInFolder(
  _ text: String, _ output: String, stopAfter: Duration? = nil, checkpoints: CheckpointInterval = .epochs(1), resumes: Bool = false,
  version: String = "test", observer: RunRecorder? = nil
) throws -> Trainer {
  let program = try checkedProgram(text)
  let trainer = try Trainer(
    program: program, source: RunSource(text: Array(text.utf8), configuration: resolvedConfiguration(program), version: version),
    options: TrainOptions(
      threads: 1, output: resumes ? nil : output, stopAfter: stopAfter, checkpointEvery: checkpoints,
      resume: resumes ? .folder(output) : nil), observer: observer)
  _ = try trainer.run()
  return trainer
}

/// Runs a program whole, and again stopped and resumed; both leave the same files. Returns both trainers at their end.
@discardableResult
func expectSameBytes(of text: String, stoppedAfter stop: Duration, in folder: TemporaryFolder) throws -> [Trainer] {
  let whole = try runInFolder(text, folder("whole"))
  try runInFolder(text, folder("part"), stopAfter: stop)
  let resumed = try runInFolder(text, folder("part"), resumes: true)
  for file in ["weights.safetensors", "summary.json", "log.jsonl"] {
    #expect(try folder.bytes("whole/" + file) == folder.bytes("part/" + file), "\(file)")
  }
  return [whole, resumed]
}

/// Two files of weights hold the same tensors, whatever they say of where they come from.
func expectSameTensors(_ one: String, _ other: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
  func tensors(_ path: String) throws -> [String: ([Int], [UInt32])] {
    let file = try TensorFile.read(path: path)
    return try Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, ($0.shape, try $0.floats().map(\.bitPattern))) })
  }
  let (left, right) = (try tensors(one), try tensors(other))
  #expect(left.keys.sorted() == right.keys.sorted(), sourceLocation: sourceLocation)
  for (name, tensor) in left { #expect(right[name].map { $0 == tensor } ?? false, "\(name)", sourceLocation: sourceLocation) }
}

/// The error that `body` throws, if it is one of training.
func trainError(_ body: () throws -> Void) -> TrainError? {
  do { try body() } catch { return error as? TrainError }
  return nil
}

/// The largest difference of two arrays' entries; infinite where their lengths differ.
func distance(_ left: [Float]?, _ right: [Float]?) -> Double {
  guard let left, let right, left.count == right.count else { return .infinity }
  return zip(left, right).reduce(0) { max($0, abs(Double($1.0) - Double($1.1))) }
}

extension ModelState {
  /// The values of every tensor, as they are now.
  var tensors: [String: [Float]] { (try? stored().tensors) ?? [:] }
}
