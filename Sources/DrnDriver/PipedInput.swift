import DrnInference
import DrnSystem
import DrnTrain
import Foundation

/// The examples of a pipe, kept in a file while they are read: of a table the first row is read twice.
final class PipedInput {
  /// How it is called in a message.
  static let name = "standard input"
  /// The file that holds them.
  let path: String

  /// Takes everything to the end of standard input, or of the pipe at `input`.
  init(_ input: String, for model: TrainedModel) throws(TrainError) {
    guard model.takesLines else {
      throw TrainError(.inputUnfit, "a pipe is read as a table or a text, and the network takes neither", help: "give the file itself")
    }
    path = Path.join(NSTemporaryDirectory(), "drnc-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString)")
    let bytes: [UInt8]?
    do throws(SystemError) {
      let most = MachineMemory.limit
      bytes = input == "-" ? try Files.read(STDIN_FILENO, atMost: most) : try Files.read(input, atMost: most)
      if let bytes { try Files.create(path, bytes) }
    } catch { throw TrainError(.inputUnfit, "cannot read `\(input)`: \(error.reason)") }
    guard bytes != nil else { throw TrainError(.inputUnfit, "`\(input)` is larger than the memory of this machine") }
  }

  deinit { try? Files.remove(path) }

  /// Whether an input is a pipe: `-`, or a file that is none on a disk.
  static func isPipe(_ input: String) -> Bool { input == "-" || Files.kind(input) == .other }

  /// An error about the file, as one about the pipe.
  func naming(_ error: TrainError) -> TrainError {
    func named(_ text: String) -> String { text.replacingOccurrences(of: path, with: Self.name) }
    return TrainError(error.kind, named(error.message), help: error.help.map(named), span: error.span, notes: error.notes.map(named))
  }
}
